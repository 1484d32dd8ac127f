"""What a judgement must say, and how it reads from the other side."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crosswalks.links import HALF, LEAD, OTHER, PATIENT, crosswalk, link
from stannary.core.crosswalks import (
    Crosswalk,
    Link,
    Relation,
    around,
    check_crosswalk,
    clause_ids,
    requirements_under,
)

ONE, NOTHING = Fraction(1), Fraction(0)
ALMOST, BARELY = Fraction(999_999, 1_000_000), Fraction(1, 1_000_000)


def codes(*links: Link) -> list[str]:
    return [finding.code for finding in check_crosswalk(crosswalk(*links), LEAD, OTHER)]


def test_a_sound_crosswalk_has_no_findings() -> None:
    assert (
        codes(
            link("1.1.1.1", "5.1.1.1"),
            link("1.1", "5.1.2", "subset"),
            link("1.2.1.1", "5.1.1.2", "superset"),
            link("1.2.1.1", "5.1.2.1", "intersects", coverage_back=None),
            link("1.1.1.1", "5.1.1.2", "none"),
            link("2.1", "", "none"),
            link("", "5.2.1.1", "none"),
        )
        == []
    )


# CROSSWALK-001


@pytest.mark.parametrize(
    ("first", "second", "facts"),
    [
        ("1.1.1.9", "5.1.1.1", {"clause": "1.1.1.9", "edition": LEAD.id}),
        ("1.1.1.1", "1.1.1.1", {"clause": "1.1.1.1", "edition": OTHER.id}),
        ("1", "5.1.1.1", {"clause": "1", "edition": LEAD.id}),
    ],
)
def test_a_clause_that_the_edition_lacks_is_named(
    first: str, second: str, facts: dict[str, str]
) -> None:
    (finding,) = check_crosswalk(crosswalk(link(first, second)), LEAD, OTHER)

    assert (finding.code, finding.facts) == ("CROSSWALK-001", facts)


def test_a_crosswalk_is_checked_against_the_editions_that_it_names() -> None:
    wrong = check_crosswalk(crosswalk(first="example/else/1"), LEAD, OTHER)
    same = check_crosswalk(crosswalk(second=LEAD.id), LEAD, LEAD)

    assert [(f.code, f.facts) for f in wrong] == [
        ("CROSSWALK-001", {"edition": "example/else/1", "is": LEAD.id})
    ]
    assert [(f.code, f.facts) for f in same] == [
        ("CROSSWALK-001", {"first": LEAD.id, "second": LEAD.id})
    ]


# CROSSWALK-002


def test_a_pair_is_judged_once() -> None:
    twice = (link("1.1.1.1", "5.1.1.1"), link("1.1.1.1", "5.1.1.1", "intersects"))
    nothing_twice = (link("", "5.2", "none"), link("", "5.2", "none"))

    assert codes(*twice) == ["CROSSWALK-002"]
    assert codes(*nothing_twice) == ["CROSSWALK-002"]
    assert codes(link("1.1.1.1", "5.1.1.1"), link("1.1.1.1", "5.1.1.2")) == []


# CROSSWALK-003


@pytest.mark.parametrize(
    ("relation", "coverage", "back", "fits"),
    [
        ("equal", ONE, ONE, True),
        ("equal", ALMOST, ONE, False),
        ("equal", ONE, ALMOST, False),
        ("superset", ONE, HALF, True),
        ("superset", ALMOST, HALF, False),
        ("superset", ONE, ONE, False),
        ("superset", ONE, NOTHING, False),
        ("subset", HALF, ONE, True),
        ("subset", ONE, ONE, False),
        ("subset", ALMOST, ONE, True),
        ("subset", BARELY, ONE, True),
        ("subset", NOTHING, ONE, False),
        ("subset", HALF, ALMOST, False),
        ("intersects", BARELY, ALMOST, True),
        ("intersects", NOTHING, HALF, False),
        ("intersects", ONE, HALF, False),
        ("intersects", HALF, ONE, False),
        ("intersects", HALF, Fraction(-1, 2), False),
        ("none", NOTHING, NOTHING, True),
        ("none", BARELY, NOTHING, False),
        ("none", NOTHING, BARELY, False),
    ],
)
def test_a_coverage_fits_its_relation(
    relation: str, coverage: Fraction, back: Fraction, *, fits: bool
) -> None:
    found = codes(link("1.1.1.1", "5.1.1.1", relation, coverage=coverage, coverage_back=back))

    assert found == ([] if fits else ["CROSSWALK-003"])


def test_a_coverage_that_does_not_fit_says_which_in_a_message() -> None:
    judged = crosswalk(link("1.1.1.1", "5.1.1.1", "equal", coverage=HALF, coverage_back=None))
    (finding,) = check_crosswalk(judged, LEAD, OTHER)

    assert finding.message == (
        "CROSSWALK-003: Equal and superset cover the other whole (1), subset and intersects a part of it "
        "(between 0 and 1), none nothing (0). Here: first=1.1.1.1, second=5.1.1.1, relation=equal, "
        "coverage=0.5. Correct the coverage, or choose the relation that it shows."
    )


# CROSSWALK-004


def test_none_holds_in_both_directions() -> None:
    assert codes(link("1.1.1.1", "5.1.1.1", "none", coverage_back=None)) == ["CROSSWALK-004"]


# CROSSWALK-005


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_judgement_has_a_reason_and_a_reviewer(blank: str) -> None:
    assert codes(link("1.1.1.1", "5.1.1.1", reason=blank)) == ["CROSSWALK-005"]
    assert codes(link("1.1.1.1", "5.1.1.1", reviewer=blank)) == ["CROSSWALK-005"]


# CROSSWALK-006


@pytest.mark.parametrize(
    "links",
    [
        (link("", "5.1.1.1"),),
        (link("1.1.1.1", "", "intersects"),),
        (link("", "", "none"),),
        (link("", "5.1.1.1", "none"), link("1.2", "5.1.1.1", "intersects")),
        (link("1.1.1.1", "", "none"), link("1.1.1.1", "5.2", "subset")),
        (link("", "5.1", "none"), link("1.2", "5.1.1.1", "intersects")),
        (link("1.1", "", "none"), link("1.1.1.1", "5.2", "intersects")),
        (link("", "5.1.1.1", "none"), link("1.2", "5.1", "superset")),
        (link("1.1.1.1", "", "none"), link("1.1", "5.2", "subset")),
        (link("1.1", "5.1", "none"), link("1.1.1.2", "5.1.2.1", "intersects")),
    ],
)
def test_what_was_found_empty_has_no_link(links: tuple[Link, ...]) -> None:
    assert codes(*links) == ["CROSSWALK-006"]


@pytest.mark.parametrize(
    "links",
    [
        (link("", "5.1.1.1", "none"), link("1.2", "5.1", "intersects")),
        (link("1.1.1.1", "", "none"), link("1.1", "5.2", "intersects")),
        (link("1.1.1.1", "", "none"), link("1.1", "5.2", "superset", coverage_back=None)),
        (link("1.1.1.1", "", "none"), link("1.1.1.2", "5.2", "subset")),
        (link("1.1", "5.1", "none"), link("1.1.1.2", "5.2", "intersects")),
        (link("1.1.1.1", "5.1.1.1", "none"), link("1.1", "5.1", "intersects")),
        (link("", "5.1", "none"), link("1.1.1.1", "5.1.1.1", "none")),
    ],
)
def test_what_was_found_empty_says_nothing_of_what_is_beside_it(links: tuple[Link, ...]) -> None:
    assert codes(*links) == []


# clauses


def test_a_clause_stands_for_the_requirements_in_it() -> None:
    under = requirements_under(replace(LEAD, requirements=LEAD.requirements[:3]))

    assert under["1.1"] == under["1.1.1"] == ("1.1.1.1", "1.1.1.2")
    assert under["1.1.1.2"] == ("1.1.1.2",)
    assert under["2.1"] == ()
    assert clause_ids(OTHER) == {
        "5.1", "5.1.1", "5.1.2", "5.2", "5.2.1", "5.1.1.1", "5.1.1.2", "5.1.2.1", "5.2.1.1",
    }  # fmt: skip


def test_around_a_clause_are_its_section_and_chapter() -> None:
    assert around("1.2.3.4") == ("1.2.3.4", "1.2.3", "1.2")
    assert around("1.2") == ("1.2",)


# the other side


def ids(chapter: int) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(1, 3), st.integers(1, 3)).map(
        lambda two: f"{chapter}.{two[0]}.1.{two[1]}"
    )


def inner() -> st.SearchStrategy[Fraction]:
    return st.fractions(BARELY, ALMOST, max_denominator=10**6)


@st.composite
def judgements(draw: st.DrawFn) -> Link:
    relation = draw(st.sampled_from(Relation))
    fitting = link(draw(ids(1)), draw(ids(5)), relation)
    if relation in (Relation.SUBSET, Relation.INTERSECTS):
        fitting = replace(fitting, coverage=draw(inner()))
    if relation in (Relation.SUPERSET, Relation.INTERSECTS):
        fitting = replace(fitting, coverage_back=draw(inner()))
    forward_only = relation is not Relation.NONE and draw(st.booleans())
    return replace(fitting, coverage_back=None) if forward_only else fitting


def crosswalks() -> st.SearchStrategy[Crosswalk]:
    return st.lists(judgements(), max_size=20, unique_by=lambda one: (one.first, one.second)).map(
        lambda links: crosswalk(*links)
    )


@PATIENT
@given(crosswalks())
def test_turning_twice_keeps_what_holds_both_ways(judged: Crosswalk) -> None:
    both = tuple(one for one in judged.links if one.direction == "both")

    assert judged.turned().turned() == replace(judged, links=both)
    assert (judged.turned().first, judged.turned().second) == (judged.second, judged.first)
    assert all(one.turned() is None for one in judged.links if one.direction == "forward")


@PATIENT
@given(judgements())
def test_a_judgement_that_fits_fits_from_the_other_side(judged: Link) -> None:
    turned = judged.turned()
    rules = [f.code for f in check_crosswalk(crosswalk(judged), LEAD, OTHER)]
    assert "CROSSWALK-003" not in rules
    assert "CROSSWALK-004" not in rules
    if turned is not None:
        assert "CROSSWALK-003" not in codes(turned)
        assert turned.finds_nothing == judged.finds_nothing


def test_the_part_of_one_is_the_whole_of_the_other() -> None:
    turned = link("1.1.1.1", "5.1.1.1", "subset").turned()

    assert turned == link("5.1.1.1", "1.1.1.1", "superset")
