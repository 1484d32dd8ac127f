"""Publishing: what is refused, and what a published result holds."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from core.scores.letters import DAY, LETTERS
from core.scores.score_vectors import edition
from stannary.core.assessments import RatingSheet, Verdict, rating_sheet
from stannary.core.kernel import RefusalError
from stannary.core.publications import (
    PublishedResult,
    check_unchanged,
    publish,
    result_as_dict,
)
from stannary.core.publications.results import same_json
from stannary.core.publications.statements import NAME_MAX
from stannary.core.scores import score
from stannary.core.standards import Rating

QUARTERS = edition("quarters")
PACK = "0123456789abcdef" * 4


def sheet(
    letters: str, *, why: str = "Two of three sites do.", pack: str = "quarters"
) -> RatingSheet:
    under = edition(pack)
    ratings = [LETTERS[letter] for letter in letters.replace(" ", "")]
    return rating_sheet(
        under,
        [
            Verdict(x.id, rating, why, ("https://example.org/a",), "An assessor")
            for x, rating in zip(under.requirements, ratings, strict=True)
        ],
    )


def published(letters: str = "fffs ffff ffff f-p", **changes: Any) -> PublishedResult:
    those = changes.pop("sheet", None) or sheet(letters)
    as_of = changes.pop("as_of", DAY)
    whole: dict[str, Any] = {
        "result_id": "tarn-hill-2026",
        "site_id": "tarn-hill",
        "site_name": "Tarn Hill",
        "illustrative": True,
        "sheet": those,
        "score": score(those, as_of=as_of),
        "firm": "Fell Assurance",
        "lead_auditor": "Ada Fell",
        "published_on": DAY,
        "pack_sha256": PACK,
    }
    return publish(**(whole | changes))


def refusals(letters: str = "fffs ffff ffff f-p", **changes: Any) -> Sequence[str]:
    with pytest.raises(RefusalError) as refusal:
        published(letters, **changes)
    return [finding.code for finding in refusal.value.findings]


def test_a_result_holds_every_requirement_with_its_verdict_and_the_score() -> None:
    result = published()

    assert [verdict.requirement for verdict in result.verdicts] == [
        requirement.id for requirement in QUARTERS.requirements
    ]
    fourth = result.verdicts[3]
    assert (fourth.title, fourth.rating) == ("Requirement 1.1.1.4", Rating.SUBSTANTIALLY)
    assert (fourth.reason, fourth.evidence) == (
        "Two of three sites do.",
        ("https://example.org/a",),
    )
    assert (result.verdicts[0].critical, fourth.critical) == (True, False)
    assert (result.level_state, result.level, result.floor) == ("determined", "Q-75", None)
    assert result.derivation[-1].code == "SCORE-012"
    assert result.derivation[-1].facts["points"] == "0.5"
    assert (
        result.derivation[-1].text == "For Q 100, points missing in principle 4, Principle 4: 0.5."
    )


def test_a_requirement_that_nobody_spoke_of_is_published_as_pending() -> None:
    those = rating_sheet(QUARTERS, [Verdict("1.1.1.1", Rating.FULLY)])

    result = published(sheet=those)

    assert {verdict.rating for verdict in result.verdicts[1:]} == {Rating.PENDING}
    assert (result.verdicts[1].reason, result.verdicts[1].evidence) == ("", ())
    assert (result.level_state, result.level, result.floor) == ("pending", None, "Q-T")


def test_a_result_that_can_have_no_level_may_be_published() -> None:
    result = published(sheet=sheet("ffff", pack="outline"))

    assert (result.level_state, result.level, result.floor) == ("none", None, None)


@pytest.mark.parametrize("letter", ["s", "p", "n"])
@pytest.mark.parametrize("why", ["", " \n"])
def test_whatever_is_less_than_fully_met_carries_a_reason(letter: str, why: str) -> None:
    those = sheet(f"fff{letter} ffff ffff fff", why=why)

    with pytest.raises(RefusalError) as refusal:
        published(sheet=those)

    (finding,) = refusal.value.findings
    assert finding.message == (
        "PUBLICATION-001: Every rated requirement that is not fully met carries a reason. Here: "
        f"requirement=1.1.1.4, rating={LETTERS[letter]}. Write why the requirement is rated so."
    )


def test_what_is_fully_met_or_pending_needs_no_reason() -> None:
    assert published(sheet=sheet("ffff f?ff ffff fff", why="")).level_state == "pending"


@pytest.mark.parametrize("name", ["firm", "lead_auditor"])
def test_firm_and_lead_auditor_are_named(name: str) -> None:
    assert refusals(**{name: " "}) == ["PUBLICATION-002"]
    assert refusals(firm="", lead_auditor="") == ["PUBLICATION-002", "PUBLICATION-002"]


@pytest.mark.parametrize("name", ["result_id", "site_id", "site_name", "firm", "lead_auditor"])
def test_names_have_one_to_two_hundred_characters_on_one_line(name: str) -> None:
    assert published(**{name: "N"})
    assert NAME_MAX == 200
    assert published(**{name: "N" * NAME_MAX})
    assert refusals(**{name: "N" * (NAME_MAX + 1)}) == ["PUBLICATION-008"]
    assert refusals(**{name: "two\nlines"}) == ["PUBLICATION-008"]
    assert refusals(**{name: "bell\x07"}) == ["PUBLICATION-008"]


def test_an_id_is_not_empty() -> None:
    assert refusals(result_id="") == ["PUBLICATION-008"]


def test_something_is_rated() -> None:
    assert refusals("???? ???? ???? ???") == ["PUBLICATION-004"]
    assert refusals("---- ---- ---- ---") == ["PUBLICATION-004"]
    assert refusals("???? ??-? ???? ???") == ["PUBLICATION-004"]
    assert published("???? ???? ???? ??n")


def test_a_score_of_other_ratings_is_refused() -> None:
    other = score(sheet("ffff ffff ffff fff"), as_of=DAY)

    assert refusals(score=other) == ["PUBLICATION-005"]


@pytest.mark.parametrize("pack", ["", "0" * 63, "0" * 65, "G" * 64, "A" * 64, PACK + "\n"])
def test_the_hash_of_the_pack_has_its_form(pack: str) -> None:
    assert refusals(pack_sha256=pack) == ["PUBLICATION-006"]


def test_a_result_is_published_on_or_after_the_day_of_its_score() -> None:
    one = datetime.timedelta(days=1)

    assert published(published_on=DAY)
    assert published(published_on=DAY + one)
    assert refusals(published_on=DAY - one) == ["PUBLICATION-007"]


def test_every_fault_is_told_at_once_in_the_order_of_the_rules() -> None:
    those = sheet("???? ???? ???? ?-?")

    assert refusals(sheet=those, firm="", site_name="", published_on=datetime.date(2026, 5, 1)) == [
        "PUBLICATION-002",
        "PUBLICATION-004",
        "PUBLICATION-007",
        "PUBLICATION-008",
    ]


def test_what_is_published_is_never_changed() -> None:
    result = published()
    earlier = result_as_dict(result)

    assert check_unchanged(earlier, result_as_dict(result)) == ()
    (finding,) = check_unchanged(earlier, result_as_dict(replace(result, firm="Other")))
    assert finding.message == (
        "PUBLICATION-003: A published result is never changed: its id stands for one content. "
        "Here: result=tarn-hill-2026, changed=firm. Publish the correction as another result, "
        "under its own id."
    )
    without = {key: value for key, value in earlier.items() if key != "score"}
    (missing,) = check_unchanged(earlier, {**without, "site": {**result_as_dict(result)}})[:1]
    assert missing.facts["changed"] == "score"


def test_another_id_is_another_result() -> None:
    result = published()

    assert (
        check_unchanged(result_as_dict(result), result_as_dict(published(result_id="another")))
        == ()
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": [1, "x", None]}, {"a": [1, "x", None]}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": 1, "b": 1}, False),
        ([1], [1, 2], False),
        ([1, 2], [2, 1], False),
        (1, True, False),
        (1, 1.0, False),
        ("1", 1, False),
        ({}, [], False),
    ],
)
def test_json_values_are_compared_with_their_kind(
    one: object, other: object, *, same: bool
) -> None:
    assert same_json(one, other) is same


def test_a_result_whose_score_has_no_level_has_none() -> None:
    odd = replace(published(), score={"level": "Q-100"})

    assert (odd.level_state, odd.level, odd.floor) == ("None", None, None)
