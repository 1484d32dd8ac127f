"""Crosswalks as TOML and CSV: what is read, what is refused and where, and that nothing is lost."""

import csv
import datetime
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.crosswalks.links import crosswalk, link
from core.crosswalks.test_crosswalk import crosswalks
from stannary.core.crosswalks import Crosswalk, Link, check_crosswalk
from stannary.core.kernel import Finding, Mark, RefusalError
from stannary.formats import crosswalks as form
from stannary.formats.crosswalks import (
    CSV_COLUMNS,
    NAME,
    load_crosswalk,
    shipped_crosswalks,
    write_crosswalk_csv,
    write_crosswalk_toml,
)
from stannary.formats.pack_transitions import load_transition
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.formats.toml_tables import MAX_BYTES

WHOLE = """\
first = "example/made-up/1.0"
second = "example/made-up-too/1.0"
title = "Made-up"
summary = "For tests."
language = "en"
licence = "CC0-1.0"
source = "made up for a test"
mark = "own"

[[link]]
first = "1.1.1.1"
second = "5.1.1.1"
relation = "subset"
direction = "both"
coverage = "1/3"
coverage_back = "1"
reason = "Read side by side."
reviewer = "Reader"
reviewed_on = 2026-11-22

[[link]]
second = "5.2"
relation = "none"
direction = "both"
coverage = "0"
coverage_back = "0"
reason = "Nothing of the kind."
reviewer = "Reader"
reviewed_on = 2026-11-22
"""
TABLE = f"""\
{",".join(CSV_COLUMNS)}
example/made-up/1.0,1.1.1.1,example/made-up-too/1.0,5.1.1.1,subset,both,1/3,1,Read side by side.,Reader,2026-11-22
example/made-up/1.0,,example/made-up-too/1.0,5.2,none,both,0,0,Nothing of the kind.,Reader,2026-11-22
"""


def bare(judged: Crosswalk) -> Crosswalk:
    """Leave out where in a file things stood."""
    links = tuple(replace(one, at=None) for one in judged.links)
    return replace(judged, links=links, at=None)


def read(tmp_path: Path, text: str | bytes, name: str = "some.toml") -> Crosswalk:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_crosswalk(path)


def refused(tmp_path: Path, text: str | bytes, name: str = "some.toml") -> tuple[Finding, ...]:
    with pytest.raises(RefusalError) as refusal:
        read(tmp_path, text, name)
    return refusal.value.findings


EXPECTED = crosswalk(
    link("1.1.1.1", "5.1.1.1", "subset", coverage=Fraction(1, 3)),
    link("", "5.2", "none", reason="Nothing of the kind."),
)


def test_a_toml_file_is_read_with_the_line_of_each_judgement(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)

    assert bare(found) == EXPECTED
    assert [one.at.line for one in found.links if one.at] == [10, 21]


def test_a_table_is_read_with_the_line_of_each_judgement(tmp_path: Path) -> None:
    found = read(tmp_path, TABLE, "some.csv")

    assert bare(found).links == EXPECTED.links
    assert (found.first, found.second, found.mark) == (
        "example/made-up/1.0",
        "example/made-up-too/1.0",
        Mark.UNKNOWN,
    )
    assert [one.at.line for one in found.links if one.at] == [2, 3]


def test_a_table_may_begin_with_a_byte_order_mark_and_hold_blank_rows(tmp_path: Path) -> None:
    text = TABLE.replace("\nexample", "\n,,,\nexample", 1)

    assert bare(read(tmp_path, "\ufeff" + text, "some.CSV")).links == EXPECTED.links


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        ('coverage_back = "1"\n', "", "CROSSWALK-004", 14, "direction"),
        ('direction = "both"\ncoverage = "1/3"', 'direction = "forward"\ncoverage = "1/3"', "CROSSWALK-004", 14, "direction"),
        ('direction = "both"\ncoverage = "1/3"', 'direction = "back"\ncoverage = "1/3"', "KERNEL-004", 14, "direction"),
        ('relation = "subset"', 'relation = "part"', "KERNEL-004", 13, "relation"),
        ('relation = "subset"', 'relation = ""', "KERNEL-004", 13, "relation"),
        ('relation = "subset"\n', "", "CROSSWALK-009", 10, "relation"),
        ('coverage = "1/3"', 'coverage = "a third"', "KERNEL-004", 15, "coverage"),
        ('coverage = "1/3"', 'coverage = "-0.5"', "KERNEL-004", 15, "coverage"),
        ('coverage = "1/3"', "coverage = 0.5", "KERNEL-004", 15, "coverage"),
        ('coverage_back = "1"\n', 'coverage_back = "all"\n', "KERNEL-004", 16, "coverage_back"),
        ("reviewed_on = 2026-11-22\n\n", 'reviewed_on = "2026-11-22"\n\n', "KERNEL-004", 19, "reviewed_on"),
        ('language = "en"', 'language = "English"', "KERNEL-004", 5, "language"),
        ('language = "en"', "language = 1", "KERNEL-004", 5, "language"),
        ('mark = "own"', 'mark = "sure"', "KERNEL-003", 8, "mark"),
        ('title = "Made-up"\n', "", "CROSSWALK-009", 1, "title"),
        ('title = "Made-up"', 'titel = "x"\ntitle = "Made-up"', "CROSSWALK-009", 3, "titel"),
        ('mark = "own"', 'mark = "own', "CROSSWALK-008", 8, None),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int, column: str | None
) -> None:
    assert WHOLE.count(old) >= 1
    (finding,) = refused(tmp_path, WHOLE.replace(old, new, 1))

    assert finding.at is not None
    assert (finding.code, finding.at.line, finding.at.column) == (code, line, column)


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        (",subset,both,1/3,1,", ",subset,both,1/3,,", "CROSSWALK-004", 2, "direction"),
        (",subset,both,1/3,1,", ",subset,forward,1/3,1,", "CROSSWALK-004", 2, "direction"),
        (",subset,", ",part,", "KERNEL-004", 2, "relation"),
        (",subset,", ",,", "CROSSWALK-009", 2, "relation"),
        (",1/3,", ",,", "CROSSWALK-009", 2, "coverage"),
        (",1/3,", ",third,", "KERNEL-004", 2, "coverage"),
        (",Reader,2026-11-22\nex", ",Reader,\nex", "CROSSWALK-005", 2, "reviewed_on"),
        (",Reader,2026-11-22\nex", ",Reader,2026-11\nex", "KERNEL-004", 2, "reviewed_on"),
        (",Reader,2026-11-22\nex", ",Reader,22.11.2026\nex", "KERNEL-002", 2, "reviewed_on"),
        (",Reader,2026-11-22\nex", ",Reader\nex", "CROSSWALK-009", 2, None),
        ("Nothing of", "Nothing\x07 of", "KERNEL-004", 3, "reason"),
        ("1.0,,example/made-up-too/1.0", "1.0,,example/third/1.0", "CROSSWALK-009", 3, None),
        ("first_standard,", "first_edition,", "CROSSWALK-009", 1, None),
        ("coverage_back,reason", "coverage,reason", "CROSSWALK-009", 1, None),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_table_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int, column: str | None
) -> None:
    assert TABLE.count(old) >= 1
    finding = refused(tmp_path, TABLE.replace(old, new, 1), "some.csv")[0]

    assert finding.at is not None
    assert (finding.code, finding.at.line, finding.at.column) == (code, line, column)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xff" + TABLE.encode(), 1),
        (TABLE.encode().replace(b"Nothing", b"\xff"), 3),
        (b"", None),
        (TABLE.encode().splitlines()[0], None),
        (TABLE.encode().replace(b"Nothing", b'"Nothing" "'), None),
        (b"a" * (MAX_BYTES + 1), None),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes, line: int | None
) -> None:
    (finding,) = refused(tmp_path, content, "some.csv")

    assert finding.at is not None
    assert (finding.code, finding.at.line) == ("CROSSWALK-008", line)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name in ("no.toml", "no.csv", "folder.csv"):
        with pytest.raises(RefusalError) as refusal:
            load_crosswalk(tmp_path / name)
        assert refusal.value.rule.code == "CROSSWALK-008"


def test_no_more_judgements_are_read_than_there_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "MAX_LINKS", 2)
    assert len(read(tmp_path, WHOLE).links) == 2
    monkeypatch.setattr(form, "MAX_LINKS", 1)
    (finding,) = refused(tmp_path, WHOLE)

    assert (finding.code, finding.facts) == ("CROSSWALK-008", {"judgements": "2"})


# writing


def worded(words: st.SearchStrategy[str]) -> st.SearchStrategy[Crosswalk]:
    def with_words(judged: Crosswalk, texts: list[str]) -> Crosswalk:
        links = tuple(
            replace(one, reason=texts[n % len(texts)].strip(), reviewer=texts[0].strip())
            for n, one in enumerate(judged.links)
        )
        return replace(judged, links=links)

    return st.builds(with_words, crosswalks(), st.lists(words, min_size=1, max_size=5))


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=30
) | st.sampled_from(["=1+1", "'=1", "+49", "-", "@x", "''-", "'a", 'a "b", c', "\\u0041"])
COMMON = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@COMMON
@given(worded(WORDS))
def test_toml_that_was_written_reads_back_the_same(tmp_path: Path, judged: Crosswalk) -> None:
    if judged.links:
        assert bare(read(tmp_path, write_crosswalk_toml(judged))) == judged


@COMMON
@given(worded(WORDS))
def test_csv_that_was_written_reads_back_the_same_judgements(
    tmp_path: Path, judged: Crosswalk
) -> None:
    if judged.links:
        found = read(tmp_path, write_crosswalk_csv(judged), "some.csv")
        assert bare(found).links == judged.links
        assert (found.first, found.second) == (judged.first, judged.second)


@COMMON
@given(worded(WORDS))
def test_no_cell_begins_like_a_formula(judged: Crosswalk) -> None:
    for row in csv.reader(io.StringIO(write_crosswalk_csv(judged), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


# what is shipped


@pytest.mark.parametrize("path", shipped_crosswalks(), ids=lambda path: path.stem)
def test_a_shipped_crosswalk_holds_and_is_written_as_it_would_be(path: Path) -> None:
    found = load_crosswalk(path)
    first, second = (load_pack(find_shipped_pack(name)) for name in (found.first, found.second))

    assert NAME.fullmatch(path.stem)
    assert check_crosswalk(found, first, second) == ()
    assert write_crosswalk_toml(found) == path.read_text(encoding="utf-8")
    assert all(one.reviewed_on <= datetime.date(2026, 11, 22) for one in found.links)


def test_the_shipped_example_judges_every_move_of_the_transition() -> None:
    (path,) = shipped_crosswalks()
    found = load_crosswalk(path)
    transition = form_moves()
    judged = {(one.first, one.second): one for one in found.links}

    assert path.stem == "open-mining-1.0--open-mining-0.1"
    for before, after, kind in transition:
        one: Link = judged[after, before]
        assert not one.finds_nothing
        same = kind in ("kept", "renumbered")
        assert not same or (one.coverage == 1 and one.coverage_back == 1)


def form_moves() -> list[tuple[str, str, str]]:

    transition = load_transition(find_shipped_pack("stannary/open-mining/1.0"))
    assert transition is not None
    return [
        (before, after, str(move.kind))
        for move in transition.moves
        for before in move.before
        for after in move.after
    ]
