"""Crosswalks, plans and reports as JSON values."""

import json
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.crosswalks.links import LEAD, OTHER, PATIENT, crosswalk, link
from core.crosswalks.test_crosswalk import crosswalks
from stannary.core.crosswalks import (
    COLUMNS,
    Crosswalk,
    co_audit_plan,
    coverage_text,
    crosswalk_as_dict,
    crosswalk_from_dict,
    gap_report,
    gap_report_as_dict,
    link_as_dict,
    plan_as_dict,
)
from stannary.core.standards import Rating

JUDGED = crosswalk(
    link("1.1.1.1", "5.1.1.1"),
    link("1.1.1.2", "5.1.1.2", "subset", coverage=Fraction(1, 3), coverage_back=None),
    link("1.2", "5.1", "intersects"),
    link("", "5.2", "none"),
    link("2.1", "", "none"),
)


@PATIENT
@given(crosswalks())
def test_a_crosswalk_comes_back_as_it_was(judged: Crosswalk) -> None:
    assert crosswalk_from_dict(json.loads(json.dumps(crosswalk_as_dict(judged)))) == judged


def test_an_empty_side_comes_back_empty() -> None:
    assert crosswalk_from_dict(crosswalk_as_dict(JUDGED)) == JUDGED


@PATIENT
@given(st.fractions(0, 1))
def test_a_coverage_is_written_without_loss(coverage: Fraction) -> None:
    assert Fraction(coverage_text(coverage)) == coverage


def test_a_judgement_has_the_columns_in_their_order() -> None:
    shape = link_as_dict(JUDGED.links[1])

    assert tuple(shape) == COLUMNS
    assert (shape["coverage"], shape["coverage_back"], shape["direction"]) == (
        "1/3",
        None,
        "forward",
    )
    assert link_as_dict(JUDGED.links[3])["first"] is None


def test_a_plan_tells_counts_and_what_is_left_to_ask() -> None:
    shape = plan_as_dict(co_audit_plan(LEAD, [OTHER], [JUDGED]))
    standards: Any = shape["standards"]

    assert (shape["lead"], shape["requirements"], shape["shared"]) == (
        LEAD.id,
        4,
        {"1.1.1.1": 1, "1.1.1.2": 1},
    )
    (other,) = standards
    assert other["counts"] == {
        "covered": 1, "rest": 1, "perhaps": 1, "ask": 1, "unexamined": 0,
    }  # fmt: skip
    assert [(one["id"], one["state"], one["floor"], one["at_best"]) for one in other["to_ask"]] == [
        ("5.1.1.2", "rest", "1/3", "1"),
        ("5.1.2.1", "perhaps", "0", "1"),
        ("5.2.1.1", "ask", "0", "0"),
    ]
    assert [one["second"] for one in other["to_ask"][0]["perhaps"]] == ["5.1"]
    assert json.loads(json.dumps(shape)) == shape


def test_a_gap_report_tells_counts_and_what_each_rests_on() -> None:
    ratings = {"1.1.1.1": Rating.FULLY, "1.2.1.1": Rating.NOT_MET}
    shape = gap_report_as_dict(gap_report(JUDGED, LEAD, OTHER, ratings))

    assert shape["counts"] == {
        "shown": 1, "partly": 0, "gap": 0, "not_rated": 1, "perhaps": 1, "ask": 1, "unexamined": 0,
    }  # fmt: skip
    first = shape["requirements"][0]  # type: ignore[index]
    assert first["by"] == [
        {"first": "1.1.1.1", "second": "5.1.1.1", "rating": "fully", "relation": "equal", "coverage": "1"},
        {"first": "1.2", "second": "5.1", "rating": "not_met", "relation": "intersects", "coverage": "0.5"},
    ]  # fmt: skip
