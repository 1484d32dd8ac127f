"""The derivation: every step names its rule, and a layman can follow the sentences."""

import datetime
import re
from dataclasses import replace

import pytest

from core.scores.letters import level, scored, with_levels
from core.scores.score_vectors import edition
from stannary.core.assessments import rating_sheet
from stannary.core.kernel import InvariantError
from stannary.core.scores import derivation, rules, score, step_text
from stannary.core.standards import Edition

QUARTERS = edition("quarters")


def told(letters: str, under: Edition = QUARTERS) -> list[str]:
    return [f"{x.code} {step_text(x)}" for x in derivation(scored(letters, under), under)]


def test_a_determined_level_is_told_from_the_shares_to_what_is_next() -> None:
    assert told("fffs ffff ffff f-p") == [
        (
            "SCORE-006 Principle 1, Principle 1: points 3.75 of 4, that is 93.7 %. Rated: 4, not "
            "relevant and in no count: 0, pending: 0."
        ),
        (
            "SCORE-006 Principle 2, Principle 2: points 4 of 4, that is 100.0 %. Rated: 4, not "
            "relevant and in no count: 0, pending: 0."
        ),
        (
            "SCORE-006 Principle 3, Principle 3: points 4 of 4, that is 100.0 %. Rated: 4, not "
            "relevant and in no count: 0, pending: 0."
        ),
        (
            "SCORE-006 Principle 4, Principle 4: points 1.5 of 2, that is 75.0 %. Rated: 2, not "
            "relevant and in no count: 1, pending: 0."
        ),
        "SCORE-007 The lowest is principle 4, Principle 4, with 75.0 %. The lowest principle decides, not the mean.",
        "SCORE-005 Q T asks for no minimum: to be assessed and published is enough.",
        (
            "SCORE-008 Q 50 asks for 50 % in each principle. All have it. The lowest is principle 4 "
            "with 75.0 %, points to spare: 0.5."
        ),
        (
            "SCORE-009 Q 50 asks that every relevant critical requirement is rated “Substantially "
            "meets” or better. All are; relevant critical requirements: 3."
        ),
        "SCORE-008 Q 75 asks for 75 % in each principle. All have it. The lowest is principle 4 with 75.0 %, points to spare: 0.",
        (
            "SCORE-009 Q 75 asks that every relevant critical requirement is rated “Substantially "
            "meets” or better. All are; relevant critical requirements: 3."
        ),
        "SCORE-008 Q 100 asks for 100 % in each principle. Principle 1 has 93.7 %, points missing: 0.25.",
        "SCORE-008 Q 100 asks for 100 % in each principle. Principle 4 has 75.0 %, points missing: 0.5.",
        (
            "SCORE-009 Q 100 asks that every relevant critical requirement is rated “Fully meets” or "
            "better. All are; relevant critical requirements: 3."
        ),
        "SCORE-010 Q 100 asks that every relevant requirement is rated “Fully meets” or better. Rated lower: 2 of 14.",
        "SCORE-005 The level is Q 75: the highest one all of whose tests are passed.",
        "SCORE-012 For Q 100, points missing in principle 1, Principle 1: 0.25.",
        "SCORE-012 For Q 100, points missing in principle 4, Principle 4: 0.5.",
    ]


def test_a_pending_level_is_told_with_what_may_become_of_it() -> None:
    steps = told("ffff f?ff ffff ???")

    assert steps[3:5] == [
        "SCORE-006 Principle 4, Principle 4: no points yet. Rated: 0, not relevant and in no count: 0, pending: 3.",
        (
            "SCORE-007 Of what is rated so far, the lowest share is 100.0 %, in principle 1, 2, 3. "
            "The lowest principle decides, not the mean."
        ),
    ]
    assert steps[6:8] == [
        (
            "SCORE-008 Q 50 asks for 50 % in each principle. Principle 4 may end anywhere from 0.0 % "
            "to 100.0 %, depending on what is pending."
        ),
        (
            "SCORE-009 Q 50 asks that every relevant critical requirement is rated “Substantially "
            "meets” or better. All are; relevant critical requirements: 3."
        ),
    ]
    assert steps[-4:] == [
        (
            "SCORE-010 Q 100 asks that every relevant requirement is rated “Fully meets” or better. "
            "All that are rated are; pending: 4."
        ),
        "SCORE-011 Requirements not rated yet: 4. If none of them is met, the level is Q T; if all are fully met, it is Q 100.",
        "SCORE-011 The level is pending; Q T is certain.",
        "SCORE-012 For Q 50, points missing in principle 4, Principle 4: 1.5.",
    ]


def test_a_pending_critical_requirement_is_told() -> None:
    steps = told("?fff ffff ffff fff")

    assert (
        "SCORE-009 Q 50 asks that every relevant critical requirement is rated “Substantially "
        "meets” or better. All that are rated are; pending: 1." in steps
    )
    assert (
        steps[-1]
        == "SCORE-012 For Q 50, critical requirements to be rated, or rated better: 1.1.1.1."
    )


def test_pending_ratings_that_change_nothing_are_told() -> None:
    steps = told("nnnn n?nn nnnn nnn")

    assert (
        "SCORE-011 Requirements not rated yet: 1. Whatever becomes of them, the level is the same."
        in steps
    )
    assert (
        "SCORE-008 Q 50 asks for 50 % in each principle. Principle 2 can have 25.0 % at most, points missing: 1."
        in steps
    )
    assert (
        "SCORE-009 Q 50 asks that every relevant critical requirement is rated “Substantially "
        "meets” or better. These are not: 1.1.1.1, 2.1.1.1, 3.2.1.1." in steps
    )


def test_a_threshold_that_holds_whatever_becomes_of_the_pending_is_told_so() -> None:
    assert (
        "SCORE-008 Q 75 asks for 75 % in each principle. All have it, even if nothing pending is "
        "met. The lowest is then principle 2 with 75.0 %, points to spare: 0."
        in told("ffff f?ff ffff fff")
    )


def test_everything_fully_met_is_told() -> None:
    steps = told("ffff ffff ffff fff")

    assert (
        "SCORE-007 The lowest are principles 1, 2, 3, 4, each with 100.0 %. The lowest principle decides, not the mean."
        in steps
    )
    assert (
        "SCORE-010 Q 100 asks that every relevant requirement is rated “Fully meets” or better. All are."
        in steps
    )
    assert (
        steps[-1] == "SCORE-005 The level is Q 100: the highest one all of whose tests are passed."
    )


def test_an_empty_principle_is_told() -> None:
    steps = told("---- ffff ffff fff")

    assert (
        steps[0]
        == "SCORE-004 Principle 1, Principle 1: nothing in it is relevant, so it is left out of the comparison."
    )
    assert not any("2, nothing" in step for step in steps)


def test_a_principle_without_requirements_is_told() -> None:
    without = replace(
        QUARTERS, requirements=tuple(x for x in QUARTERS.requirements if x.principle != "4")
    )

    assert (
        told("ffff ffff ffff", without)[3]
        == "SCORE-004 Principle 4, Principle 4: there is no requirement in it, so it is left out of the comparison."
    )


@pytest.mark.parametrize(
    ("pack", "letters", "last"),
    [
        (
            "outline",
            "ffff",
            "SCORE-001 There is no level: vectors/outline/1 is an outline or names no levels, so it cannot give one.",
        ),
        (
            "dated",
            "ff",
            (
                "SCORE-002 There is no level: on 2026-06-01 the edition does not say points of "
                "partially, min_principle_share of D-50."
            ),
        ),
        ("lenient", "----", "SCORE-003 There is no level: no requirement is relevant."),
    ],
)
def test_why_there_can_be_no_level_is_told(pack: str, letters: str, last: str) -> None:
    steps = told(letters, edition(pack))

    assert steps[-1] == last
    assert not any(step.startswith(("SCORE-008", "SCORE-012")) for step in steps)


def test_a_site_below_the_lowest_level_is_told_what_it_lacks() -> None:
    assert told("nn?", edition("ladder"))[-4:] == [
        (
            "SCORE-008 B 50 asks for 50 % in each principle. Principle 2 may end anywhere from 20.0 "
            "% to 100.0 %, depending on what is pending."
        ),
        "SCORE-005 There is no level: not all tests of the lowest one, B-25, are passed.",
        "SCORE-012 For B 25, points missing in principle 1, Principle 1: 0.4.",
        "SCORE-012 For B 25, points missing in principle 2, Principle 2: 1.",
    ]


def test_a_level_that_is_pending_without_any_floor_is_told() -> None:
    steps = told("???", edition("ladder"))

    assert (
        "SCORE-011 Requirements not rated yet: 3. If none of them is met, no level is reached; if all are fully met, it is B 50."
        in steps
    )
    assert "SCORE-011 The level is pending, and not even the lowest level is certain yet." in steps
    assert not any(step.startswith("SCORE-007") for step in steps)


def test_an_empty_principle_is_not_a_reason_for_no_level() -> None:
    steps = told("--n", edition("ladder"))

    assert [step for step in steps if "There is no level" in step] == [
        "SCORE-005 There is no level: not all tests of the lowest one, B-25, are passed."
    ]


def test_levels_that_make_no_tests_are_told_without_a_lowest_principle() -> None:
    under = with_levels(level("A"))

    assert told("ffff ffff ffff fff", under)[4:] == [
        "SCORE-005 A asks for no minimum: to be assessed and published is enough.",
        "SCORE-005 The level is A: the highest one all of whose tests are passed.",
    ]


def test_a_share_just_short_of_a_threshold_never_reads_as_the_threshold() -> None:
    steps = told("ppp", edition("hairline"))

    assert (
        "SCORE-008 H 75 asks for 75 % in each principle. Principle 1 has 74.9 %, points missing: 0."
        in steps
    )


def test_facts_are_all_that_a_sentence_needs_and_texts() -> None:
    for letters in ("fffs ffff ffff f-p", "?ff? ffff ---- fff", "nnnn nnnn nnnn nnn"):
        for step in derivation(scored(letters), QUARTERS):
            wanted = set(re.findall(r"%\((\w+)\)s", step.sentence))
            assert wanted <= set(step.facts)
            assert all(isinstance(fact, str) for fact in step.facts.values())
            assert step.code in {x.code for x in vars(rules).values() if hasattr(x, "demand")}


def test_a_score_cannot_be_explained_with_another_edition() -> None:
    outcome = score(rating_sheet(QUARTERS, []), as_of=datetime.date(2026, 6, 1))

    with pytest.raises(InvariantError):
        derivation(outcome, edition("thirds"))
