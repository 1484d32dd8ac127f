"""A published result as a workbook: everything public, every text a text, fast, the same bytes."""

import io
import time
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from core.publications.test_results import QUARTERS, published, sheet
from formats.whole_results import about, left_out, whole_result
from stannary.core.publications import PublishedResult
from stannary.core.publications.about import Kind, PublishedInput
from stannary.formats.canonical import sha256_hex
from stannary.formats.report_xlsx import SHEETS, result_xlsx
from stannary.formats.results import result_bytes

MANY = 2_000
SECONDS = 2


def opened(result: PublishedResult) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(result_xlsx(result, QUARTERS)))


def rows(result: PublishedResult, name: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in opened(result)[name].iter_rows(values_only=True)]


def test_there_are_seven_sheets() -> None:
    assert tuple(opened(published()).sheetnames) == SHEETS
    assert tuple(opened(whole_result()).sheetnames) == SHEETS


def test_the_first_sheet_says_whose_result_it_is() -> None:
    result = whole_result(
        about=about(
            not_relevant_chapters=left_out(QUARTERS.chapters[0].id, QUARTERS.chapters[0].title)
        )
    )
    facts = dict(rows(result, "result"))

    assert facts["type"] == "stannary/published-result/2"
    assert facts["sha256"] == sha256_hex(result_bytes(result))
    assert (facts["site.name"], facts["site.illustrative"]) == ("Tarn Hill", "yes")
    assert (facts["level, state"], facts["level"]) == ("determined", "Q-75")
    assert facts["team, reviewer"] == "Cy Hill"
    assert facts["dates, stage_2"] == "2025-10-01 – 2025-10-09"
    assert (facts["scope, pit"], facts["scope, material"]) == ("North pit", "copper")
    assert facts["not_relevant_chapters, 1.1"].endswith(": There is no water here.")
    assert "kind" not in dict(rows(published(), "result"))


def test_every_requirement_stands_with_its_rating_the_site_s_and_the_ruling() -> None:
    result = whole_result()
    head, *found = rows(result, "ratings")
    fourth = dict(zip(head, found[3], strict=True))

    assert [row[0] for row in found] == [verdict.requirement for verdict in result.verdicts]
    assert fourth == {
        "requirement": "1.1.1.4",
        "title": "Requirement 1.1.1.4",
        "chapter": f"1.1 {QUARTERS.chapters[0].title}",
        "critical": "no",
        "rating": "substantially",
        "reason": "Two of three sites do.",
        "evidence": "https://example.org/a",
        "site_rating": "fully",
        "site_reason": None,
        "ruled_by": "reviewer",
        "ruling_reason": "The logs of May count.",
    }


def test_scores_have_exact_shares_and_whole_numbers() -> None:
    head, first, *others = rows(published("fffs ffff ffff ---"), "scores")
    those = dict(zip(head, first, strict=True))
    last = next(row for row in others if row[0] == "principle" and row[1] == "4")

    assert (those["of"], those["id"], those["percent"]) == ("principle", "1", "93.75 %")
    assert (those["share"], those["rated"]) == ("0.9375", 4)
    assert last[head.index("percent")] is None
    assert {row[0] for row in others} == {"principle", "chapter"}


def test_the_derivation_the_actions_the_input_and_the_versions_have_their_sheets() -> None:
    result = whole_result()

    assert rows(result, "derivation")[-1][1] == "SCORE-012"
    actions = rows(result, "corrective actions")
    assert [row[0] for row in actions] == ["id", "C1", "C2"]
    assert actions[1][6:] == ("2026-06-01", "planned", None, None)
    said = rows(result, "stakeholder input")
    assert said[1][:4] == ("S1", "workers", "interview", 12)
    assert said[2][3] is None
    versions = rows(result, "versions")
    assert [row[0] for row in versions] == ["version", "this", "earlier"]
    assert versions[1][4:] == ("correction", "A name was wrong.", "firm, 1.1.1.4")
    assert rows(published(), "versions")[1][4:] == (None, None, None)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_that_somebody_wrote_is_ever_a_formula(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    said = PublishedInput("S1", "workers", "comment", None, evil, (), evil)
    result = whole_result(about=about(stakeholder_input=(said,)))
    odd = replace(result.verdicts[0], reason=evil, evidence=(evil,), title=evil)
    book = opened(replace(result, verdicts=(odd, *result.verdicts[1:]), site_name=evil, firm=evil))
    cells = [cell for name in SHEETS for row in book[name].iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.data_type == "s" for cell in cells if isinstance(cell.value, str))
    found = [cell for cell in cells if cell.value == evil]
    assert len(found) == 7
    assert all(cell.quotePrefix for cell in found)


def test_a_requirement_that_the_edition_does_not_know_is_shown_all_the_same() -> None:
    result = published()
    odd = replace(result.verdicts[0], requirement="9.9.9.9")

    found = rows(replace(result, verdicts=(odd,)), "ratings")
    assert found[1][:3] == ("9.9.9.9", "Requirement 1.1.1.1", None)


def test_the_same_result_gives_the_same_bytes() -> None:
    assert result_xlsx(whole_result(), QUARTERS) == result_xlsx(whole_result(), QUARTERS)
    assert result_xlsx(published(), QUARTERS) != result_xlsx(published(firm="Other"), QUARTERS)


@pytest.mark.untraced
def test_two_thousand_requirements_take_less_than_two_seconds() -> None:
    whole = published(sheet=sheet("fffs ffff ffff f-p", why="Seen in the files. " * 60))
    verdicts = [whole.verdicts[n % len(whole.verdicts)] for n in range(MANY)]
    result = replace(whole, verdicts=tuple(verdicts))

    begin = time.perf_counter()
    content = result_xlsx(result, QUARTERS)
    spent = time.perf_counter() - begin

    assert spent < SECONDS
    assert openpyxl.load_workbook(io.BytesIO(content))["ratings"].max_row == MANY + 1


def test_a_first_audit_has_no_earlier_version() -> None:
    result = whole_result(about=about(kind=Kind.AUDIT, notice=None, earlier=None))

    assert [row[0] for row in rows(result, "versions")] == ["version", "this"]
