"""A file that somebody owns becomes an edition that can be checked, written and scored."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from refusals import refused_by
from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.kernel import Mark
from stannary.core.scores import score
from stannary.core.standards import Edition, Imported, Rating
from stannary.formats import pack_writer
from stannary.formats.pack_writer import without_places
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.requirement_tables import ALL_COLUMNS, requirements_csv, requirements_xlsx
from stannary.formats.standard_import import OWNED, Wanted, import_standard

DAY = datetime.date(2026, 11, 22)
HEADER = "id,title,demand,critical,principle_title,chapter_title\n"
ROWS = "1.1.1.1,A,Do A.,true,First,One\n1.2.1.1,B,Do B.,false,,Two\n"


@pytest.fixture(scope="module")
def open_mining() -> Edition:
    return load_pack(find_pack("stannary/open-mining/0.1"))


@pytest.fixture(scope="module")
def outline() -> Edition:
    return load_pack(find_pack("irma/mining/1.0"))


def imported(content: str | bytes, name: str = "a.csv", **wanted: Any) -> Imported:
    parts: dict[str, Any] = {"edition": "my/own/1.0", "title": "My own", "today": DAY}
    content = content.encode() if isinstance(content, str) else content
    return import_standard(content, name, Wanted(**(parts | wanted)))


def test_a_table_alone_gives_an_edition_whose_points_nobody_said(tmp_path: Path) -> None:
    done = imported(HEADER + ROWS, name="some/where/a.csv")
    edition = done.edition

    assert done.findings == ()
    assert (edition.id, edition.title, edition.short_title) == ("my/own/1.0", "My own", "My own")
    assert (edition.licence, edition.language, edition.in_force_from) == (OWNED, "en", DAY)
    assert (edition.levels, edition.points_on(DAY)) == ((), {})
    assert edition.requirements[0].source == "imported from a.csv"
    pack_writer.write_pack(edition, tmp_path / "pack")
    assert without_places(load_pack(tmp_path / "pack")) == without_places(edition)


def test_what_is_wanted_wins_over_what_is_usual() -> None:
    edition = imported(
        HEADER + ROWS, short_title="Own", licence="bought", language="fr", source="page 1",
        mark=Mark.SECONDARY, in_force_from=datetime.date(2020, 1, 1),
    ).edition  # fmt: skip

    assert (edition.short_title, edition.licence, edition.language) == ("Own", "bought", "fr")
    assert edition.in_force_from == datetime.date(2020, 1, 1)
    assert (edition.requirements[0].source, edition.requirements[0].mark) == (
        "page 1", Mark.SECONDARY,
    )  # fmt: skip


def test_an_outline_gives_scale_levels_constants_and_titles(outline: Edition) -> None:
    done = imported(
        "id,title,demand,critical\n1.1.1.1,A,Do A.,true\n", outline=outline, complete=False
    )
    edition = done.edition

    assert done.findings == ()
    assert (edition.levels, edition.ratings) == (outline.levels, outline.ratings)
    assert edition.parameters == outline.parameters
    assert [c.title for c in edition.chapters] == [c.title for c in outline.chapters]
    assert edition.in_force_from == outline.in_force_from
    assert (edition.texts, edition.requirements_complete) == ("full", False)
    assert "irma/mining/1.0" in edition.summary
    french = edition.translations["fr"]
    assert (french.title, french.requirement_titles) == ("", {})
    assert french.principles == outline.translations["fr"].principles


def test_chapters_of_the_outline_that_the_file_leaves_out_are_found(outline: Edition) -> None:
    findings = imported(
        "id,title,demand,critical\n1.1.1.1,A,Do A.,true\n", outline=outline
    ).findings

    assert {finding.code for finding in findings} == {"STANDARD-010"}
    assert len(findings) == len(outline.chapters) - 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_exported_standard_is_imported_whole_and_scores_the_same(
    form: str, open_mining: Edition, tmp_path: Path
) -> None:
    content = (
        requirements_csv(open_mining, ALL_COLUMNS).encode()
        if form == "csv"
        else requirements_xlsx(open_mining, ALL_COLUMNS)
    )
    done = imported(content, outline=open_mining)

    assert done.findings == ()
    pack_writer.write_pack(done.edition, tmp_path / "pack")
    edition = load_pack(tmp_path / "pack")
    bare = without_places(open_mining)
    assert without_places(edition).requirements == bare.requirements
    assert without_places(edition).chapters == bare.chapters
    verdicts = [
        Verdict(r.id, Rating.SUBSTANTIALLY, rationale="made up") for r in edition.requirements
    ]
    levels = [score(rating_sheet(e, verdicts), as_of=DAY).level for e in (edition, open_mining)]
    assert levels[0] == levels[1]
    assert levels[0].code == "OPEN-75"


def test_findings_about_cells_and_about_requirements_come_in_one_order() -> None:
    findings = imported(
        HEADER + "1.1.1.1,A,#REF!,true,First,One\nx,B,Do B.,no,,\n1.2.1.1,C,,true,,Two,more\n"
    ).findings

    assert [(f.code, f.at.line if f.at else None) for f in findings] == [
        ("IMPORT-005", 2), ("IMPORT-007", 3), ("STANDARD-004", 3), ("IMPORT-004", 4),
        ("STANDARD-006", 4),
    ]  # fmt: skip


def test_a_table_without_requirements_is_found() -> None:
    assert [finding.code for finding in imported(HEADER).findings] == ["STANDARD-010"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"edition": ""},
        {"edition": "my/own"},
        {"edition": "my/own/1.0/x"},
        {"edition": "My/own/1.0"},
        {"edition": "my/../1.0"},
        {"title": ""},
        {"title": " "},
        {"title": "two\nlines"},
        {"short_title": "\x1b[31m"},
        {"licence": " "},
        {"source": "a\x00"},
        {"language": "English"},
        {"edition": "stannary/open-mining/0.1"},
    ],
)
def test_an_import_says_which_edition_it_makes(wanted: dict[str, str]) -> None:
    assert refused_by(lambda: imported(HEADER + ROWS, **wanted)) == "IMPORT-010"


@pytest.mark.untraced
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_two_thousand_requirements_are_read_in_two_seconds(form: str) -> None:
    rows = [
        f"1.{n // 100 + 1}.{n % 100 // 20 + 1}.{n % 20 + 1},T {n},{'Do something. ' * 20},false,P,C"
        for n in range(2_000)
    ]
    done = imported(HEADER + "\n".join(rows))
    assert (done.findings, len(done.edition.requirements)) == ((), 2_000)
    content = (
        requirements_csv(done.edition, ALL_COLUMNS).encode()
        if form == "csv"
        else requirements_xlsx(done.edition, ALL_COLUMNS)
    )

    best = min(_seconds(content) for _ in range(3))

    assert best < 2, f"{best:.2f} s"


def _seconds(content: bytes) -> float:
    begin = datetime.datetime.now(datetime.UTC)
    assert imported(content).findings == ()
    return (datetime.datetime.now(datetime.UTC) - begin).total_seconds()
