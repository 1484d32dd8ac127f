"""What is refused of what form 2 says beside the verdicts."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.publications.test_about import (
    ACTION,
    CHAPTER,
    CORRECTION,
    EARLIER,
    FULL,
    INPUT,
    ONE_DAY,
    WORDS,
)
from core.publications.test_results import QUARTERS, published, refusals
from core.scores.letters import DAY
from stannary.core.kernel import RefusalError
from stannary.core.publications import (
    About,
    ChapterLeftOut,
    Earlier,
    Kind,
    Notice,
    Ruling,
    Scope,
    ScopeUnit,
    SiteWord,
    StepDates,
    Teammate,
    check_result,
    result_as_dict,
)
from stannary.core.publications.statements import TEXT_MAX
from stannary.core.standards import Rating


def refused(about: About) -> list[str]:
    return [str(code) for code in refusals(about=about, **WORDS)]


@pytest.mark.parametrize(
    ("notice", "missing"),
    [(None, "notice"), (Notice(" ", ("firm",)), "reason"), (Notice("Why.", ()), "changed")],
)
def test_a_correction_says_why_and_what(notice: Notice | None, missing: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        published(about=replace(CORRECTION, notice=notice))

    (finding,) = refusal.value.findings
    assert finding.message == (
        "PUBLICATION-011: A correction says why it was published and what changed; no other result "
        f"does. Here: kind=correction, missing={missing}. Write the reason, and publish only where "
        "something changes."
    )
    assert published(about=replace(CORRECTION, notice=Notice("Why.", ("firm",))))
    assert refused(replace(FULL, notice=Notice("Why.", ("firm",)))) == ["PUBLICATION-011"]


@pytest.mark.parametrize("kind", list(Kind))
def test_only_an_audit_has_no_result_before_it(kind: Kind) -> None:
    notice = CORRECTION.notice if kind is Kind.CORRECTION else None
    those = replace(FULL, kind=kind, notice=notice)

    assert published(about=those)
    if kind is Kind.AUDIT:
        assert published(about=replace(those, earlier=None))
    else:
        assert refused(replace(those, earlier=None)) == ["PUBLICATION-012"]


@pytest.mark.parametrize("sha256", ["", "ab" * 31, "ab" * 32 + "a", "AB" * 32])
def test_the_result_before_is_named_by_its_hash(sha256: str) -> None:
    assert refused(replace(FULL, earlier=Earlier("x", sha256))) == ["PUBLICATION-006"]


@pytest.mark.parametrize(
    "first", [Teammate("auditor", "Ada Fell"), Teammate("lead_auditor", "Eve Moss")]
)
def test_the_team_begins_with_the_lead_auditor_who_is_named(first: Teammate) -> None:
    assert published(about=replace(FULL, team=()))
    assert refused(replace(FULL, team=(first, *FULL.team))) == ["PUBLICATION-013"]


def test_a_step_ends_after_it_began_and_before_publication() -> None:
    def steps(began_on: datetime.date, ended_on: datetime.date) -> About:
        return replace(FULL, dates=(StepDates("stage_2", began_on, ended_on),))

    assert published(about=steps(DAY, DAY))
    assert refused(steps(DAY, DAY - ONE_DAY)) == ["PUBLICATION-014"]
    assert refused(steps(DAY, DAY + ONE_DAY)) == ["PUBLICATION-014"]


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        (
            {"not_relevant_chapters": (ChapterLeftOut("9.9", "Nine", "Why."),)},
            {"chapter": "9.9", "wrong": "chapter"},
        ),
        (
            {"not_relevant_chapters": (ChapterLeftOut(CHAPTER.id, "Another", "Why."),)},
            {"chapter": CHAPTER.id, "wrong": "title"},
        ),
        (
            {"not_relevant_chapters": (ChapterLeftOut(CHAPTER.id, CHAPTER.title, " "),)},
            {"chapter": CHAPTER.id, "wrong": "reason"},
        ),
        (
            {"stakeholder_input": (replace(INPUT, requirements=("1.1.1.1", "9")),)},
            {"in": "stakeholder_input", "id": "S-1", "requirement": "9"},
        ),
        (
            {"corrective_actions": (replace(ACTION, requirement=""),)},
            {"in": "corrective_actions", "id": "F-1", "requirement": "(empty)"},
        ),
    ],
)
def test_it_speaks_of_what_the_edition_has(change: dict[str, Any], facts: dict[str, str]) -> None:
    odd = replace(FULL, **change)

    with pytest.raises(RefusalError) as refusal:
        published(about=odd)

    (finding,) = refusal.value.findings
    assert (finding.code, finding.facts) == ("PUBLICATION-015", facts)
    content = result_as_dict(replace(published(about=FULL), about=odd))
    assert finding in check_result(content, QUARTERS)


@pytest.mark.parametrize("ruling", [Ruling("reviewer", " "), Ruling("", "Why.")])
def test_a_ruling_says_who_and_why(ruling: Ruling) -> None:
    assert refusals(about=FULL, rulings={"1.1.1.1": ruling}) == ["PUBLICATION-016"]


def test_a_text_has_at_most_ten_thousand_characters() -> None:
    def said(text: str) -> About:
        return replace(FULL, stakeholder_input=(replace(INPUT, topic=text),))

    assert published(about=said("x" * TEXT_MAX))
    assert refused(said("x" * (TEXT_MAX + 1))) == ["PUBLICATION-017"]
    assert refused(said("bell\a")) == ["PUBLICATION-017"]
    assert refusals(about=FULL, site={"1.1.1.1": SiteWord(Rating.FULLY, "bell\a")}) == [
        "PUBLICATION-017"
    ]
    assert refusals(about=replace(CORRECTION, notice=Notice("bell\a", ("firm",)))) == [
        "PUBLICATION-017"
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"engagement": "two\nlines"},
        {"scope": Scope((ScopeUnit("", "pit"),))},
        {"scope": Scope((), ("",))},
        {"team": (*FULL.team, Teammate("auditor", ""))},
        {"dates": (StepDates("", DAY, DAY),)},
        {"stakeholder_input": (replace(INPUT, group=""),)},
        {"corrective_actions": (replace(ACTION, state=""),)},
        {"corrective_actions": (replace(ACTION, verified_by="two\nlines"),)},
        {"earlier": replace(EARLIER, id="")},
        {"kind": Kind.CORRECTION, "notice": Notice("Why.", ("",))},
    ],
)
def test_its_names_stand_on_one_line(change: dict[str, Any]) -> None:
    assert refused(replace(FULL, **change)) == ["PUBLICATION-008"]
