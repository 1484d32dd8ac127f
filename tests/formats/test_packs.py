import datetime
import os
from fractions import Fraction
from pathlib import Path

import pytest

from formats.pack_files import (
    CHAPTER,
    CUSTODY,
    FRENCH,
    STANDARD,
    TENTH,
    changed,
    line_of,
    only_finding,
    refused,
    write_pack,
)
from stannary.core.kernel import Mark, RefusalError
from stannary.core.standards import Rating, Section
from stannary.formats import pack_folders
from stannary.formats.packs import (
    SHIPPED,
    find_pack,
    find_shipped_pack,
    load_pack,
    run_cases,
    shipped_packs,
)
from stannary.formats.toml_tables import MAX_BYTES

SHIPPED_IDS = ["/".join(folder.parts[-3:]) for folder in shipped_packs()]


def test_a_pack_becomes_an_edition(tmp_path: Path) -> None:
    edition = load_pack(write_pack(tmp_path))

    assert edition.id == "example/made-up/1.0"
    assert edition.in_force_from == datetime.date(2026, 1, 1)
    assert [principle.title for principle in edition.principles] == ["First"]
    assert edition.chapters[0].sections == (Section("1.2.1", "Heading"),)
    first, second = edition.requirements_by_chapter["1.2"]
    assert (first.id, first.critical, first.applies) == ("1.2.1.1", True, "where there is water")
    assert (first.why, first.evidence, first.mark) == ("It matters.", "Records.", Mark.OWN)
    assert (second.critical, second.applies, second.why, second.evidence) == (False, "", "", "")
    assert edition.points_on(datetime.date(2026, 6, 1))[Rating.SUBSTANTIALLY] == Fraction(3, 4)


def test_chapters_stand_in_the_numeric_order_of_their_ids(tmp_path: Path) -> None:
    edition = load_pack(write_pack(tmp_path))

    assert [chapter.id for chapter in edition.chapters] == ["1.2", "1.10"]
    assert [entry.id for entry in edition.requirements] == ["1.2.1.1", "1.2.1.2", "1.10.1.1"]


def test_a_constant_has_one_value_or_dated_ones(tmp_path: Path) -> None:
    edition = load_pack(write_pack(tmp_path))
    share = edition.level_by_code["HALF"].min_principle_share
    assert share is not None

    assert share.fraction_on(datetime.date(2026, 12, 31)) == Fraction(1, 2)
    assert share.fraction_on(datetime.date(2027, 1, 1)) == Fraction(3, 5)
    assert share.values[1].as_of == datetime.date(2026, 11, 22)
    assert edition.level_by_code["SEEN"].min_principle_share is None
    months = edition.parameters["surveillance_from_months"]
    assert (months.unit, months.whole_on(datetime.date(2026, 6, 1))) == ("month", 12)


def test_a_value_left_out_and_marked_so_is_unknown(tmp_path: Path) -> None:
    days = load_pack(write_pack(tmp_path)).parameters["appeal_days"]

    assert days.values[0].value is None
    assert days.values[0].mark is Mark.UNKNOWN


def test_a_translation_holds_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    french = load_pack(write_pack(tmp_path)).translations["fr"]

    assert (french.title, french.summary) == ("Norme inventée 1.0", "")
    assert french.principles == {"1": "Premier"}
    assert french.chapters == {}
    assert french.requirement_demands == {"1.2.1.1": "Quelque chose est."}
    assert french.level_summaries == {"HALF": "La moitié des points."}
    assert french.rating_titles == {"fully": "Satisfait"}


def test_a_custody_pack_has_claims(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path, standard=CUSTODY, chapter=None, tenth=None, french=None, cases=None
    )
    (claim,) = load_pack(folder).claims

    assert claim.models == ("segregated",)
    assert claim.words["fr"] == "Au moins {share} du lot {lot}."
    assert claim.min_share.fraction_on(datetime.date(2026, 6, 1)) == 0


def test_everything_remembers_its_file_and_line(tmp_path: Path) -> None:
    edition = load_pack(write_pack(tmp_path))
    requirement = edition.requirement_by_id["1.2.1.2"]

    assert requirement.at is not None
    assert requirement.at.file == str(tmp_path / "chapters/1.2.toml")
    assert requirement.at.line == line_of(CHAPTER, 'id = "1.2.1.2"') - 1
    assert edition.level_by_code["HALF"].at is not None
    assert edition.level_by_code["HALF"].at.line == line_of(STANDARD, 'code = "HALF"') - 1


def test_every_finding_of_every_file_comes_at_once(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        standard=changed(STANDARD, 'licence = "CC0-1.0"', 'licence = ""\nowner = "me"'),
        chapter=changed(CHAPTER, "critical = true", "critical = 1"),
        tenth=changed(TENTH, "critical = false", ""),
        french=changed(FRENCH, 'title = "Premier"', 'name = "Premier"'),
    )

    assert [
        (finding.code, Path(str(finding.at).split(",")[0]).name) for finding in refused(folder)
    ] == [
        ("KERNEL-004", "1.2.toml"),
        ("STANDARD-002", "1.10.toml"),
        ("KERNEL-004", "standard.toml"),
        ("STANDARD-002", "standard.toml"),
        ("STANDARD-002", "fr.toml"),
    ]


def test_a_finding_says_where_what_and_how_to_mend_it(tmp_path: Path) -> None:
    line = line_of(STANDARD, 'title = "Seen"')
    folder = write_pack(
        tmp_path, standard=changed(STANDARD, 'title = "Seen"', 'title = "Seen"\nrank = 1')
    )

    assert only_finding(folder).message == (
        f"{folder}/standard.toml, line {line + 1}, column rank: STANDARD-002: A pack holds every key "
        "that its form needs, and no other. Here: unknown=rank. Add the missing key, or correct the "
        "spelling of the unknown one."
    )


# Files


def test_a_folder_without_a_standard_is_no_pack(tmp_path: Path) -> None:
    finding = only_finding(write_pack(tmp_path, standard=None))

    assert finding.code == "STANDARD-001"
    assert finding.facts["problem"] == "No such file or directory"


@pytest.mark.parametrize(
    ("content", "problem", "line"),
    [
        (b'id = "1.2"\ntitle = "\xe9"', "not UTF-8", 2),
        (b"\xff\xfe", "not UTF-8", 1),
        (b"id =", "Invalid value (at end of document)", None),
        (b'id = "1.2"\n= 1', "Invalid statement (at line 2, column 1)", 2),
        (b"a = " + b"[" * 5000, "nested too deeply", None),
        (b"a = " + b"1" * 5000, "Exceeds the limit (4300 digits)", None),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_the_line(
    tmp_path: Path, content: bytes, problem: str, line: int | None
) -> None:
    folder = write_pack(tmp_path)
    (folder / "chapters/1.2.toml").write_bytes(content)
    finding = refused(folder)[0]

    assert finding.code == "STANDARD-001"
    assert finding.facts["problem"].startswith(problem)
    assert finding.at is not None
    assert (Path(finding.at.file).name, finding.at.line) == ("1.2.toml", line)


@pytest.mark.parametrize(
    ("size", "refusals"), [(MAX_BYTES - 1, 0), (MAX_BYTES, 0), (MAX_BYTES + 1, 1)]
)
def test_a_file_has_at_most_two_mebibytes(tmp_path: Path, size: int, refusals: int) -> None:
    padding = "#" * (size - len(CHAPTER.encode()))
    folder = write_pack(tmp_path, chapter=CHAPTER + padding)

    if refusals:
        finding = only_finding(folder)
        assert (finding.code, finding.facts) == (
            "STANDARD-001",
            {"problem": "larger than 2097152 bytes"},
        )
    else:
        load_pack(folder)


@pytest.mark.parametrize(("allowed", "refusals"), [(6, 0), (5, 0), (4, 1)])
def test_a_pack_has_a_bounded_number_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int, refusals: int
) -> None:
    folder = write_pack(tmp_path)
    monkeypatch.setattr(pack_folders, "MAX_FILES", allowed)

    if refusals:
        finding = only_finding(folder)
        assert (finding.code, finding.facts) == ("STANDARD-001", {"files": "5", "at_most": "4"})
    else:
        load_pack(folder)


@pytest.mark.parametrize("name", ["chapter/1.3.toml", "1.3.toml", "standard/standard.toml"])
def test_a_file_that_would_be_overlooked_is_refused(tmp_path: Path, name: str) -> None:
    folder = write_pack(tmp_path)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(TENTH)
    finding = only_finding(folder)

    assert (finding.code, finding.facts) == ("STANDARD-001", {"problem": "not a part of a pack"})
    assert str(finding.at) == str(folder / name)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, chapter=None)
    (folder / "chapters/1.2.toml").mkdir()

    assert only_finding(folder).facts == {"problem": "not a file"}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, chapter=None)
    os.mkfifo(folder / "chapters/1.2.toml")

    assert only_finding(folder).facts == {"problem": "not a file"}


def test_a_byte_order_mark_is_refused_and_not_taken_for_a_key(tmp_path: Path) -> None:
    assert only_finding(write_pack(tmp_path, chapter="\ufeff" + CHAPTER)).code == "STANDARD-001"


def test_a_text_that_is_not_a_pack_at_all_is_refused_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "standard.toml").write_text("")

    findings = refused(tmp_path)
    assert {finding.code for finding in findings} == {"STANDARD-002"}
    assert [finding.facts["missing"] for finding in findings][:3] == [
        "kind",
        "publisher",
        "standard",
    ]


def test_a_translation_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    finding = only_finding(write_pack(tmp_path, french="[principle"))

    assert (finding.code, Path(str(finding.at)).name) == ("STANDARD-001", "fr.toml")


# Names


@pytest.mark.parametrize("name", SHIPPED_IDS)
def test_a_shipped_pack_is_found_by_its_name(name: str) -> None:
    assert find_pack(name) == find_shipped_pack(name) == SHIPPED / name


def test_a_folder_is_found_by_its_path(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "mine")

    assert find_pack(str(folder)) == folder


def test_a_shipped_name_wins_over_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(tmp_path / SHIPPED_IDS[0])
    monkeypatch.chdir(tmp_path)

    assert find_pack(SHIPPED_IDS[0]) == SHIPPED / SHIPPED_IDS[0]
    assert find_pack(f"./{SHIPPED_IDS[0]}") == Path(SHIPPED_IDS[0])


@pytest.mark.parametrize(
    "name",
    [
        "",
        "irma",
        "irma/mining",
        "irma/mining/9.9",
        "irma/mining/1.0/chapters",
        "IRMA/mining/1.0",
        "irma//1.0",
        "/irma/mining/1.0",
        "../standards/irma/mining/1.0",
        "irma/../1.0",
        "irma/mining/..",
        "irma/mining/1.0\n",
        "irma/mining/1.0\0",
        "no/such/folder",
        "x" * 300,
        "x/" * 3000,
    ],
)
def test_anything_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for find in (find_pack, find_shipped_pack):
        with pytest.raises(RefusalError) as refusal:
            find(name)
        assert refusal.value.rule.code == "STANDARD-013"


def test_a_name_from_a_stranger_never_leads_outside(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "a" / "b" / "c")
    climbing = os.path.relpath(folder, SHIPPED)

    assert find_pack(str(folder)) == folder
    for name in (str(folder), climbing):
        with pytest.raises(RefusalError):
            find_shipped_pack(name)


# Shipped packs


def test_packs_are_shipped() -> None:
    assert {"irma/mining/1.0", "stannary/open-custody/0.1", "stannary/open-mining/0.1"} <= set(
        SHIPPED_IDS
    )
    assert sorted(SHIPPED_IDS, key=lambda name: name.split("/")) == SHIPPED_IDS


@pytest.mark.parametrize("name", SHIPPED_IDS)
def test_every_shipped_pack_is_sound_bears_its_name_and_its_cases_hold(name: str) -> None:
    folder = find_pack(name)

    assert load_pack(folder).id == name
    assert run_cases(folder) == ()


@pytest.mark.parametrize("name", SHIPPED_IDS)
def test_every_shipped_pack_says_where_it_comes_from(name: str) -> None:
    assert len((find_pack(name) / "SOURCE.md").read_text(encoding="utf-8")) > 100


def test_a_message_about_a_shipped_file_names_it_from_the_publisher_on() -> None:
    edition = load_pack(find_pack("stannary/open-mining/0.1"))

    assert edition.at is not None
    assert edition.at.file == "stannary/open-mining/0.1/standard.toml"
