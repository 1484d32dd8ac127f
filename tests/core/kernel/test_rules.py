import pytest

from stannary.core.kernel import (
    Finding,
    InvariantError,
    Place,
    RefusalError,
    Rule,
    gettext_noop,
    refuse,
)

RULE = Rule("EXAMPLE-001", "Water flows down.", "made up for a test", "Turn the map round.")


def test_a_finding_speaks_in_one_line_of_place_code_demand_facts_and_remedy() -> None:
    finding = Finding(RULE, {"from_m": "3", "to_m": "4"}, Place("map.csv", 2, "to_m"))

    assert finding.code == "EXAMPLE-001"
    assert finding.message == (
        "map.csv, line 2, column to_m: EXAMPLE-001: Water flows down. Here: from_m=3, to_m=4. Turn the map round."
    )


def test_a_finding_without_facts_and_place_leaves_them_out() -> None:
    assert Finding(RULE).message == "EXAMPLE-001: Water flows down. Turn the map round."


def test_a_finding_has_the_shape_that_outsiders_rely_on() -> None:
    assert Finding(RULE, {"to_m": "4"}, Place("map.csv", 2)).as_dict() == {
        "code": "EXAMPLE-001",
        "demand": "Water flows down.",
        "facts": {"to_m": "4"},
        "remedy": "Turn the map round.",
        "at": {"file": "map.csv", "line": 2, "column": None},
    }
    assert Finding(RULE).as_dict()["at"] is None


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("-"), "-"),
        (Place("a.csv", 1), "a.csv, line 1"),
        (Place("a.csv", None, "lot"), "a.csv, column lot"),
    ],
)
def test_a_place_names_as_much_as_is_known(place: Place, text: str) -> None:
    assert str(place) == text


def test_a_refusal_carries_every_finding_and_shows_the_first() -> None:
    other = Finding(RULE, {"to_m": "9"})
    refusal = RefusalError(Finding(RULE, {"to_m": "4"}), other)

    assert refusal.rule is RULE
    assert refusal.findings[1] is other
    assert str(refusal) == refusal.findings[0].message


def test_a_refusal_without_a_finding_is_a_bug_of_ours() -> None:
    with pytest.raises(InvariantError):
        RefusalError()


def test_refusing_stops_with_one_finding() -> None:
    with pytest.raises(RefusalError) as refusal:
        refuse(RULE, at=Place("map.csv"), to_m="4")
    assert refusal.value.findings == (Finding(RULE, {"to_m": "4"}, Place("map.csv")),)


def test_marking_a_text_for_translation_leaves_it_as_it_is() -> None:
    assert gettext_noop("Water flows down.") == "Water flows down."
