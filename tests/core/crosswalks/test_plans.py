"""A co-audit plan promises what a judgement says, and never more."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crosswalks.links import HALF, LEAD, OTHER, PATIENT, crosswalk, link
from core.crosswalks.test_crosswalk import crosswalks
from refusals import refused_by
from stannary.core.crosswalks import (
    Cover,
    Crosswalk,
    Link,
    NeedState,
    co_audit_plan,
    cover_of,
    joined,
)
from stannary.core.standards import Edition

NOTHING, ALL = Fraction(0), Fraction(1)
ALMOST = Fraction(999_999, 1_000_000)


def cover(requirement: str, *links: Link) -> Cover:
    return cover_of(crosswalk(*links), OTHER.requirement_by_id[requirement])


@pytest.mark.parametrize(
    ("coverage", "relation", "state"),
    [
        (Fraction(1, 10**9), "intersects", NeedState.REST),
        (ALMOST, "intersects", NeedState.REST),
        (Fraction(1), "superset", NeedState.COVERED),
        (Fraction(0), "none", NeedState.UNEXAMINED),
    ],
)
def test_only_a_coverage_of_exactly_one_covers(
    coverage: Fraction, relation: str, state: NeedState
) -> None:
    found = cover("5.1.1.1", link("1.1.1.1", "5.1.1.1", relation, coverage=coverage))

    assert (found.state, found.floor, found.at_best) == (state, coverage, coverage)


def test_parts_are_not_added_up_to_a_whole() -> None:
    found = cover(
        "5.1.1.1",
        link("1.1.1.1", "5.1.1.1", "subset"),
        link("1.1.1.2", "5.1.1.1", "subset"),
        link("1.2.1.1", "5.1.1.1", "subset", coverage=Fraction(1, 4)),
    )

    assert found.state is NeedState.REST
    assert (found.floor, found.at_best) == (HALF, ALL)
    assert [one.first for one in found.links] == ["1.1.1.1", "1.1.1.2", "1.2.1.1"]


def test_a_pair_judged_in_two_crosswalks_counts_once_at_best() -> None:
    quarter = Fraction(1, 4)
    found = cover(
        "5.1.1.1",
        link("1.1.1.1", "5.1.1.1", "subset", coverage=quarter),
        link("1.1.1.1", "5.1.1.1", "subset"),
        link("1.1.1.1", "5.1.1.1", "subset", coverage=quarter),
    )

    assert (found.floor, found.at_best) == (HALF, HALF)


@pytest.mark.parametrize("clause", ["5.1", "5.1.1"])
def test_a_chapter_covered_whole_covers_each_requirement_in_it(clause: str) -> None:
    found = cover("5.1.1.1", link("1.2.1.1", clause, "superset"))

    assert (found.state, found.floor, len(found.perhaps)) == (NeedState.COVERED, ALL, 0)
    assert cover("5.2.1.1", link("1.2.1.1", clause, "superset")).state is NeedState.UNEXAMINED


@pytest.mark.parametrize("clause", ["5.1", "5.1.1"])
def test_a_part_of_a_chapter_says_nothing_certain_of_a_requirement_in_it(clause: str) -> None:
    found = cover("5.1.1.1", link("1.2.1.1", clause, "subset", coverage=ALMOST))

    assert (found.state, found.floor, found.at_best) == (NeedState.PERHAPS, NOTHING, ALL)
    assert (len(found.links), len(found.perhaps)) == (0, 1)


def test_what_is_certain_wins_over_what_may_be() -> None:
    found = cover(
        "5.1.1.1",
        link("1.1.1.1", "5.1.1.1", "subset"),
        link("1.2", "5.1", "intersects", coverage=ALMOST),
    )

    assert (found.state, found.floor, found.at_best) == (NeedState.REST, HALF, ALL)


@pytest.mark.parametrize(("clause", "other"), [("5.1.1.1", "5.1"), ("5.1.1", "5.1")])
def test_what_was_examined_alone_is_in_no_part_that_a_chapter_has_covered(
    clause: str, other: str
) -> None:
    found = cover("5.1.1.1", link("", clause, "none"), link("1.2", other, "intersects"))

    assert (found.state, found.at_best, len(found.perhaps)) == (NeedState.ASK, NOTHING, 0)
    assert [one.second for one in found.nothing] == [clause]


def test_examined_against_all_and_examined_against_one_clause_are_different() -> None:
    assert cover("5.2.1.1", link("", "5.2.1.1", "none")).state is NeedState.ASK
    assert cover("5.2.1.1", link("", "5.2", "none")).state is NeedState.ASK
    pair = cover("5.2.1.1", link("1.1.1.1", "5.2.1.1", "none"))
    assert (pair.state, len(pair.nothing)) == (NeedState.UNEXAMINED, 1)
    assert cover("5.2.1.1").state is NeedState.UNEXAMINED


def plan_of(*links: Link) -> dict[str, str]:
    plan = co_audit_plan(LEAD, [OTHER], [crosswalk(*links)])
    return {need.requirement.id: str(need.cover.state) for need in plan.needs[OTHER.id]}


def test_a_plan_has_every_requirement_of_the_further_standard_in_its_order() -> None:
    assert plan_of(
        link("1.1.1.1", "5.1.1.1"), link("1.2", "5.1.2", "superset"), link("", "5.2", "none")
    ) == {"5.1.1.1": "covered", "5.1.1.2": "unexamined", "5.1.2.1": "covered", "5.2.1.1": "ask"}


def test_judgements_are_used_in_whichever_direction_they_were_made() -> None:
    backwards = crosswalk(
        link("5.1.1.1", "1.1.1.1", "subset"),
        link("5.1.1.2", "1.1.1.2", coverage_back=None),
        link("5.2.1.1", "", "none"),
        first=OTHER.id,
        second=LEAD.id,
    )
    third = crosswalk(link("1.1.1.1", "5.1.2.1"), second="example/third/1")
    plan = co_audit_plan(LEAD, [OTHER], [backwards, third])

    assert [str(need.cover.state) for need in plan.needs[OTHER.id]] == [
        "covered",
        "unexamined",
        "unexamined",
        "ask",
    ]
    assert len(joined(OTHER.id, LEAD.id, [backwards]).links) == 3


def test_what_is_left_to_ask_is_everything_not_covered_whole() -> None:
    judged = crosswalk(link("1.1.1.1", "5.1.1.1"), link("1.1.1.2", "5.1.1.2", "subset"))
    plan = co_audit_plan(LEAD, [OTHER], [judged])

    assert [need.requirement.id for need in plan.to_ask(OTHER.id)] == [
        "5.1.1.2",
        "5.1.2.1",
        "5.2.1.1",
    ]


def test_shared_counts_requirements_elsewhere_for_which_evidence_certainly_counts() -> None:
    third = replace(OTHER, standard="third")
    plan = co_audit_plan(
        LEAD,
        [OTHER, third],
        [
            crosswalk(
                link("1.1.1.1", "5.1.1.1"),
                link("1.1", "5.1.1.1", "intersects"),
                link("1.1", "5.2.1.1", "superset"),
                link("2.1.1.1", "5.1", "subset"),
                link("1.2.1.1", "", "none"),
            ),
            crosswalk(link("1.1.1.1", "5.1", "superset"), second=third.id),
        ],
    )

    assert plan.shared == {"1.1.1.1": 2 + 3, "1.1.1.2": 2}
    assert list(plan.shared) == ["1.1.1.1", "1.1.1.2"]


@pytest.mark.parametrize("others", [[], [LEAD], [OTHER, LEAD], [OTHER, OTHER]])
def test_a_plan_joins_different_editions(others: list[Edition]) -> None:
    assert refused_by(lambda: co_audit_plan(LEAD, others, [])) == "CROSSWALK-007"


def test_a_standard_that_nobody_compared_is_unexamined_throughout() -> None:
    plan = co_audit_plan(LEAD, [OTHER], [])

    assert plan.count(OTHER.id, NeedState.UNEXAMINED) == len(OTHER.requirements)
    assert plan.shared == {}


@PATIENT
@given(crosswalks(), st.booleans())
def test_the_counts_of_a_plan_add_up_to_the_requirements(judged: Crosswalk, back: bool) -> None:
    lead, other = (OTHER, LEAD) if back else (LEAD, OTHER)
    plan = co_audit_plan(lead, [other], [judged])
    counts = {state: plan.count(other.id, state) for state in NeedState}

    assert sum(counts.values()) == len(other.requirements)
    assert len(plan.to_ask(other.id)) == len(other.requirements) - counts[NeedState.COVERED]
    for need in plan.needs[other.id]:
        assert 0 <= need.cover.floor <= need.cover.at_best <= 1
        assert (need.cover.floor == 1) == (need.cover.state is NeedState.COVERED)
