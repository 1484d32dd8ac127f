"""What form 2 says beside the verdicts: its shape, and what is refused."""

import datetime
import json
from dataclasses import replace
from typing import Any

import pytest

from core.publications.test_results import PACK, QUARTERS, published, refusals, sheet
from core.publications.test_shape import replaced
from core.scores.letters import DAY
from stannary.core.kernel import RefusalError
from stannary.core.publications import (
    About,
    ChapterLeftOut,
    Earlier,
    Kind,
    Notice,
    PublishedAction,
    PublishedInput,
    Ruling,
    Scope,
    ScopeUnit,
    SiteWord,
    StepDates,
    Teammate,
    check_result,
    result_as_dict,
    result_from_dict,
)
from stannary.core.publications.statements import TEXT_MAX
from stannary.core.standards import Rating

ONE_DAY = datetime.timedelta(days=1)
CHAPTER = QUARTERS.chapters[-1]
EARLIER = Earlier("tarn-hill-2025", "ab" * 32)
ACTION = PublishedAction(
    id="F-1",
    requirement="1.1.1.4",
    grade="minor",
    finding="One of three sites has no log.",
    cause="Nobody was named.",
    plan="Name somebody.",
    due=DAY + ONE_DAY,
    state="planned",
    closed_on=None,
    verified_by="",
)
INPUT = PublishedInput("S-1", "workers", "interview", 12, "Noise.", ("1.1.1.1",), "Seen on site.")
FULL = About(
    kind=Kind.SURVEILLANCE,
    engagement="5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01",
    scope=Scope((ScopeUnit("North pit", "pit"),), ("copper", "gold")),
    team=(Teammate("lead_auditor", "Ada Fell"), Teammate("reviewer", "Rob Vale")),
    dates=(StepDates("stage_1", DAY - 2 * ONE_DAY, DAY - ONE_DAY), StepDates("draft", DAY, DAY)),
    not_relevant_chapters=(ChapterLeftOut(CHAPTER.id, CHAPTER.title, "Nobody lives there."),),
    stakeholder_input=(INPUT, replace(INPUT, id="S-2", people=None)),
    corrective_actions=(
        ACTION,
        replace(ACTION, id="F-2", due=None, state="closed", closed_on=DAY, verified_by="auditor"),
    ),
    earlier=EARLIER,
)
CORRECTION = replace(FULL, kind=Kind.CORRECTION, notice=Notice("A typing error.", ("1.1.1.1",)))
WORDS: dict[str, Any] = {
    "site": {"1.1.1.1": SiteWord(Rating.PARTIALLY, "")},
    "rulings": {"1.1.1.1": Ruling("reviewer", "The register was shown.")},
}


def shape(about: About = FULL) -> dict[str, Any]:
    return result_as_dict(published(about=about, **WORDS))


def refused(about: About) -> list[str]:
    return [str(code) for code in refusals(about=about, **WORDS)]


def test_form_2_says_what_was_assessed_by_whom_and_when() -> None:
    whole = shape()

    assert list(whole) == [
        "type",
        "id",
        "kind",
        "site",
        "engagement",
        "standard",
        "pack_sha256",
        "as_of",
        "published_on",
        "firm",
        "lead_auditor",
        "team",
        "scope",
        "dates",
        "not_relevant_chapters",
        "verdicts",
        "score",
        "derivation",
        "stakeholder_input",
        "corrective_actions",
        "earlier",
        "notice",
    ]
    assert (whole["type"], whole["kind"]) == ("stannary/published-result/2", "surveillance")
    assert whole["scope"] == {
        "units": [{"name": "North pit", "kind": "pit"}],
        "materials": ["copper", "gold"],
    }
    assert whole["team"][0] == {"role": "lead_auditor", "name": "Ada Fell"}
    assert whole["dates"][0] == {"step": "stage_1", "from": "2026-05-30", "to": "2026-05-31"}
    assert whole["not_relevant_chapters"][0]["title"] == CHAPTER.title
    assert whole["verdicts"][0]["site"] == {"rating": "partially", "reason": ""}
    assert whole["verdicts"][0]["ruling"] == {"by": "reviewer", "reason": "The register was shown."}
    assert (whole["verdicts"][1]["site"], whole["verdicts"][1]["ruling"]) == (None, None)
    assert whole["stakeholder_input"][0] == {
        "id": "S-1",
        "group": "workers",
        "channel": "interview",
        "people": 12,
        "topic": "Noise.",
        "requirements": ["1.1.1.1"],
        "disposition": "Seen on site.",
    }
    assert whole["stakeholder_input"][1]["people"] is None
    assert whole["corrective_actions"][0] == {
        "id": "F-1",
        "requirement": "1.1.1.4",
        "grade": "minor",
        "finding": "One of three sites has no log.",
        "cause": "Nobody was named.",
        "plan": "Name somebody.",
        "due": "2026-06-02",
        "state": "planned",
        "closed_on": None,
        "verified_by": "",
    }
    assert whole["earlier"] == {"id": "tarn-hill-2025", "sha256": "ab" * 32}
    assert whole["notice"] is None
    assert shape(CORRECTION)["notice"] == {"reason": "A typing error.", "changed": ["1.1.1.1"]}


@pytest.mark.parametrize("about", [FULL, CORRECTION, About(Kind.AUDIT)])
def test_a_result_of_form_2_comes_back_the_same_and_holds(about: About) -> None:
    result = published(about=about, **WORDS)
    content = json.loads(json.dumps(result_as_dict(result)))

    assert result_from_dict(content) == result
    assert check_result(content, QUARTERS, pack_sha256=PACK) == ()


def test_a_result_without_it_keeps_form_1() -> None:
    assert published().about is None
    assert published().type == "stannary/published-result/1"
    assert published(about=FULL).type == "stannary/published-result/2"


@pytest.mark.parametrize(
    ("path", "value", "key", "problem"),
    [
        ("kind", "rumour", "kind", "not a kind of result"),
        ("kind", ..., "kind", "missing"),
        ("type", "stannary/published-result/1", "kind", "unknown"),
        ("scope", [], "scope", "not an object"),
        ("scope/units/0/area", "1 ha", "scope.units[0].area", "unknown"),
        ("scope/materials/0", 29, "scope.materials[0]", "not a text"),
        ("team", {}, "team", "not a list"),
        ("dates/0/to", "2026-6-1", "dates[0].to", "not a day written YYYY-MM-DD"),
        ("verdicts/0/site/rating", "mostly", "verdicts[0].site.rating", "not a rating"),
        ("verdicts/0/ruling", "yes", "verdicts[0].ruling", "not an object"),
        ("verdicts/0/site", ..., "verdicts[0].site", "missing"),
        (
            "stakeholder_input/0/people",
            True,
            "stakeholder_input[0].people",
            "not a whole number",
        ),
        ("stakeholder_input/0/people", -1, "stakeholder_input[0].people", "not a whole number"),
        ("stakeholder_input/0/people", "12", "stakeholder_input[0].people", "not a whole number"),
        (
            "corrective_actions/0/due",
            "",
            "corrective_actions[0].due",
            "not a day written YYYY-MM-DD",
        ),
        ("earlier", "tarn-hill-2025", "earlier", "not an object"),
        ("notice", {}, "notice.reason", "missing"),
    ],
)
def test_another_shape_is_refused_and_says_where(
    path: str, value: object, key: str, problem: str
) -> None:
    with pytest.raises(RefusalError) as refusal:
        result_from_dict(replaced(shape(), path, value))

    finding = refusal.value.findings[0]
    assert finding.code == "PUBLICATION-006"
    assert finding.facts == {"key": key, "problem": problem}


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


def test_form_2_alone_may_stand_without_anything_more() -> None:
    assert published(about=About(Kind.AUDIT), sheet=sheet("ffff ffff ffff fff"))
