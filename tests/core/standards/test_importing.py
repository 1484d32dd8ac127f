from dataclasses import replace
from typing import Any

import pytest

from core.standards.made_up import CUSTODY, EDITION
from stannary.core.kernel import Finding, Mark, Place
from stannary.core.standards import (
    Chapter,
    Edition,
    Imported,
    Line,
    Principle,
    Section,
    check_columns,
    import_lines,
    rules,
)
from stannary.core.standards.importing import EXPORTED, FURTHER, NEEDED, TEXT_MAX, TITLE_MAX

FRAME = replace(EDITION, requirements=(), translations={})
EMPTY = replace(FRAME, principles=(), chapters=())
CELLS = {
    "id": "1.1.1.1",
    "title": "Short",
    "demand": "Something is so.",
    "critical": "false",
}


def line(number: int = 2, **cells: str) -> Line:
    """Give a row of a workbook whose first columns are in the order of `EXPORTED`."""
    names = {
        column: f"{letter}{number}" for letter, column in zip("ABCDEFGH", EXPORTED, strict=True)
    }
    return Line(CELLS | cells, Place("a.xlsx", number), names)


REST = (line(8, id="1.2.1.1"), line(9, id="2.1.1.1"))
"""What the frame's other chapters need."""


def imported(*lines: Line, frame: Edition = FRAME, **further: Any) -> Imported:
    parts: dict[str, Any] = {"source": "the official text", "mark": Mark.SEEN}
    return import_lines(frame, lines, **(parts | further))


def only_finding(*lines: Line, frame: Edition = FRAME) -> Finding:
    findings = imported(*lines, frame=frame).findings
    assert len(findings) == 1, [finding.message for finding in findings]
    return findings[0]


def test_lines_become_requirements_in_the_order_of_their_chapters() -> None:
    done = imported(line(2, id="2.1.1.1"), line(3, id="1.2.1.1"), line(4), line(5, id="1.1.1.2"))

    assert done.findings == ()
    assert [entry.id for entry in done.edition.requirements] == [
        "1.1.1.1", "1.1.1.2", "1.2.1.1", "2.1.1.1",
    ]  # fmt: skip
    assert done.edition.levels == FRAME.levels


def test_a_line_says_everything_of_a_requirement() -> None:
    every = {
        "principle": "1", "chapter": "1.1", "section": "1.1.1", "critical": "TRUE",
        "applies": "where there is water", "why": "It matters.", "evidence": "Records.",
        "interview": "Who keeps them?", "tags": "sdg:6.3, gistm:2;ungp:17",
        "source": "page 7", "mark": "own",
    }  # fmt: skip
    (first, *_) = imported(line(2, **every), *REST).edition.requirements

    assert (first.chapter, first.critical, first.applies) == ("1.1", True, "where there is water")
    assert (first.why, first.evidence, first.interview) == (
        "It matters.", "Records.", "Who keeps them?",
    )  # fmt: skip
    assert first.tags == ("sdg:6.3", "gistm:2", "ungp:17")
    assert (first.source, first.mark, first.at) == ("page 7", Mark.OWN, Place("a.xlsx", 2, "A2"))


def test_a_line_that_does_not_say_its_source_has_that_of_the_file() -> None:
    (first, *_) = imported(line(), *REST).edition.requirements

    assert (first.source, first.mark) == ("the official text", Mark.SEEN)


@pytest.mark.parametrize(
    ("cells", "code", "at", "facts"),
    [
        ({"critical": "yes"}, "IMPORT-007", "G2", {"column": "critical", "value": "yes"}),
        ({"critical": ""}, "IMPORT-007", "G2", {"column": "critical", "value": "(empty)"}),
        ({"principle": "2"}, "IMPORT-008", "B2", {"value": "2", "expected": "1"}),
        ({"chapter": "1.2"}, "IMPORT-008", "C2", {"value": "1.2", "expected": "1.1"}),
        ({"section": "1.1.2"}, "IMPORT-008", "D2", {"value": "1.1.2", "expected": "1.1.1"}),
        ({"title": ""}, "IMPORT-006", "E2", {"column": "title", "value": "(empty)"}),
        ({"demand": ""}, "STANDARD-006", "F2", {"requirement": "1.1.1.1"}),
        ({"demand": "a\x00b"}, "IMPORT-006", "F2", {"character": "U+0000"}),
        ({"tags": "sdg:99.9"}, "STANDARD-018", "tags", {"tag": "sdg:99.9"}),
        ({"mark": "sure"}, "KERNEL-003", "mark", {"mark": "sure"}),
    ],
)
def test_a_wrong_cell_is_named_with_its_rule(
    cells: dict[str, str], code: str, at: str, facts: dict[str, str]
) -> None:
    finding = only_finding(line(2, **cells), *REST)

    assert (finding.code, finding.at) == (code, Place("a.xlsx", 2, at))
    assert facts.items() <= finding.facts.items()


def test_a_finding_is_one_line_that_can_be_acted_on() -> None:
    assert only_finding(line(critical="yes"), *REST).message == (
        "a.xlsx, line 2, column G2: IMPORT-007: The column critical says true or false in every "
        "row. Here: column=critical, value=yes. Write true for a critical requirement and false "
        "for any other, in English."
    )


@pytest.mark.parametrize("name", ["", "1.1.1", "1.1.1.1.1", "1.1.1.x", "1.1.1.0", "01.1.1.1"])
def test_an_id_that_cannot_be_read_is_one_finding_and_no_more(name: str) -> None:
    finding = only_finding(line(id=name, principle="9"), *REST)

    assert (finding.code, finding.at) == ("STANDARD-004", Place("a.xlsx", 2, "A2"))
    assert finding.facts == {"column": "id", "requirement": name or "(empty)"}


def test_an_id_that_stands_twice_is_found_where_it_stands_again() -> None:
    finding = only_finding(line(2), line(3), *REST)

    assert (finding.code, finding.at) == ("STANDARD-003", Place("a.xlsx", 3, "A3"))


def test_a_chapter_without_requirements_is_a_finding_unless_the_edition_says_so() -> None:
    finding = only_finding(line(), line(3, id="1.2.1.1"))
    incomplete = replace(FRAME, requirements_complete=False)

    assert (finding.code, finding.facts["chapter"]) == ("STANDARD-010", "2.1")
    assert imported(line(), line(3, id="1.2.1.1"), frame=incomplete).findings == ()


@pytest.mark.parametrize(
    ("column", "length", "is_found"),
    [
        ("title", TITLE_MAX, False),
        ("title", TITLE_MAX + 1, True),
        ("chapter_title", TITLE_MAX + 1, True),
        ("demand", TEXT_MAX, False),
        ("demand", TEXT_MAX + 1, True),
        ("why", TEXT_MAX + 1, True),
    ],
)
def test_texts_are_bounded(column: str, length: int, *, is_found: bool) -> None:
    findings = imported(line(2, **{column: "x" * length}), *REST).findings

    assert [(f.code, f.facts["characters"]) for f in findings] == (
        [("IMPORT-006", str(length))] if is_found else []
    )


def test_line_breaks_and_signs_of_any_language_are_texts() -> None:
    assert imported(line(demand="Première ligne.\n\t第二行\u2028\u00ad."), *REST).findings == ()


def test_all_findings_come_at_once_in_the_order_of_the_file() -> None:
    findings = imported(
        line(2, critical="no", title=""), line(3, id="x"), *REST, line(10, id="1.2.1.1")
    ).findings

    assert [(f.code, f.at.line if f.at else None) for f in findings] == [
        ("IMPORT-006", 2), ("IMPORT-007", 2), ("STANDARD-004", 3), ("STANDARD-003", 10),
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["id", "title", "demand", "critical", "mark", "principle_title"])
def test_a_cell_that_could_not_be_read_is_not_found_wrong_again(column: str) -> None:
    cells = {name: text for name, text in CELLS.items() if name != column}
    whole = {"principle_title": "First", "chapter_title": "Chapter"} | cells
    whole.pop(column, None)
    one = Line(whole, Place("a.xlsx", 2), {}, frozenset({column}))

    assert imported(one, frame=EMPTY).findings == ()


# headings


def test_headings_come_from_the_lines_where_the_frame_has_none() -> None:
    done = imported(
        line(2, principle_title="First", chapter_title="A", section_title="Heading"),
        line(3, id="1.1.2.1", chapter_title="A", section_title="Next"),
        line(4, id="1.10.1.1", chapter_title="C"),
        line(5, id="1.9.1.1", principle_title="First", chapter_title="B"),
        frame=EMPTY,
    )

    assert done.findings == ()
    at = Place("a.xlsx", 2, "A2")
    assert done.edition.principles == (Principle("1", "First", "the official text", Mark.SEEN, at),)
    assert done.edition.chapters[0] == Chapter(
        "1.1", "1", "A", "the official text", Mark.SEEN,
        (Section("1.1.1", "Heading"), Section("1.1.2", "Next")), at,
    )  # fmt: skip
    assert [chapter.id for chapter in done.edition.chapters] == ["1.1", "1.9", "1.10"]


def test_a_title_may_stand_in_any_line_of_its_heading() -> None:
    done = imported(
        line(2, principle_title="First"), line(3, id="1.1.1.2", chapter_title="A"), frame=EMPTY
    )

    assert done.findings == ()
    assert done.edition.chapters[0].title == "A"


def test_a_title_in_the_lines_wins_over_that_of_the_frame() -> None:
    done = imported(
        line(2, principle_title="Other", chapter_title="Mine", section_title="Ours"), *REST
    ).edition

    assert (done.principles[0].title, done.principles[0].source) == ("Other", "the official text")
    assert (done.chapters[0].title, done.chapters[0].mark) == ("Mine", Mark.SEEN)
    assert done.chapters[0].sections == (Section("1.1.1", "Ours"),)
    assert done.chapters[1] == FRAME.chapters[1]


def test_the_same_title_as_in_the_frame_leaves_its_source() -> None:
    same = line(2, principle_title="First", chapter_title="Chapter 1.1")

    assert imported(same, *REST).edition.principles == FRAME.principles
    assert imported(same, *REST).edition.chapters == FRAME.chapters


def test_a_heading_without_a_title_is_found_once() -> None:
    findings = imported(line(2), line(3, id="1.1.1.2"), frame=EMPTY).findings

    assert [(f.code, f.at, dict(f.facts)) for f in findings] == [
        ("IMPORT-009", Place("a.xlsx", 2, f"{level}_title"), {"column": f"{level}_title", level: name})
        for level, name in (("principle", "1"), ("chapter", "1.1"))
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["principle", "chapter", "section"])
def test_a_heading_with_two_titles_is_found_where_the_second_stands(level: str) -> None:
    column = f"{level}_title"
    finding = only_finding(line(2, **{column: "A"}), line(3, id="1.1.1.2", **{column: "B"}), *REST)

    assert (finding.code, finding.at) == ("IMPORT-009", Place("a.xlsx", 3, column))
    assert (finding.facts["title"], finding.facts["before"]) == ("B", "A")


def test_a_chapter_of_the_frame_whose_id_is_no_number_is_still_a_finding() -> None:
    strange = replace(FRAME.chapters[1], id="1.x")
    frame = replace(FRAME, chapters=(*FRAME.chapters, strange), requirements_complete=False)

    assert only_finding(line(), *REST, frame=frame).code == "STANDARD-004"


def test_a_custody_edition_has_no_lines() -> None:
    frame = replace(CUSTODY, requirements=())

    assert imported(frame=frame) == Imported(frame, ())


# columns

ROW = Place("a.csv", 1)


def columns_found(*names: str) -> list[tuple[dict[str, str], Place | None]]:
    places = [Place("a.csv", 1, name) for name in names]
    found = check_columns(names, places, ROW)
    assert {finding.rule for finding in found} <= {rules.IMPORT_COLUMNS_ARE_KNOWN}
    return [(dict(finding.facts), finding.at) for finding in found]


def test_the_needed_columns_suffice_and_all_are_known() -> None:
    assert columns_found(*NEEDED) == []
    assert columns_found(*FURTHER, *reversed(EXPORTED)) == []


@pytest.mark.parametrize("name", NEEDED)
def test_each_needed_column_that_is_missing_is_named(name: str) -> None:
    assert columns_found(*(column for column in NEEDED if column != name)) == [
        ({"missing": name}, ROW)
    ]


def test_unknown_and_repeated_columns_are_named_where_they_stand() -> None:
    assert columns_found(*NEEDED, "Demand", "", "id") == [
        ({"unknown": "Demand"}, Place("a.csv", 1, "Demand")),
        ({"unknown": "(empty)"}, Place("a.csv", 1, "")),
        ({"repeated": "id"}, Place("a.csv", 1, "id")),
    ]


def test_a_table_without_columns_misses_each() -> None:
    assert len(columns_found()) == len(NEEDED)


def test_a_finding_without_a_place_stands_before_all_lines() -> None:
    frame = replace(FRAME, ratings=())
    findings = imported(line(critical="no"), *REST, frame=frame).findings

    assert [finding.code for finding in findings] == ["STANDARD-007", "IMPORT-007"]
