"""Process and element: what rows may name of them, and what lots are made with."""

import pytest

from core.custody.accounting.made_up import makes, mined, moves, takes
from stannary.core.custody import Kind, Row, replay
from stannary.core.custody.rows import Side

ORE = mined("E1", "2026-01-05", "L1", 100, element="lithium")
TIN = mined("E1", "2026-01-05", "L2", 100, element="tin")
UNSAID = mined("E1", "2026-01-05", "L3", 100)
DAY = "2026-02-01"


def melted(lot: str = "L1", **fields: object) -> Row:
    return takes("E2", DAY, Kind.TRANSFORM, lot, 50, **fields)


def metal(lot: str = "M1", mass_mg: int = 50, **fields: object) -> Row:
    return makes("E2", DAY, Kind.TRANSFORM, lot, mass_mg, **fields)


def codes(*rows: Row) -> list[str]:
    return [one.code for one in replay(rows).findings]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([melted(), metal()], []),
        ([melted(), metal(process="roast")], []),
        ([melted(), metal(process="roast", mass_mg=20), metal("M2", 30)], []),
        (
            [
                melted(),
                metal(process="roast", mass_mg=20),
                metal("M2", 30, process="electrolysis"),
            ],
            ["CUSTODY-037"],
        ),
        ([melted(process="roast"), metal()], ["CUSTODY-037"]),
        ([melted(process="roast"), metal(process="roast")], ["CUSTODY-037"]),
        ([moves("E2", DAY, Kind.SHIP, "L1", 100, process="roast")], ["CUSTODY-037"]),
        ([mined("E2", DAY, "L9", 100, process="roast")], ["CUSTODY-037"]),
    ],
)
def test_a_process_stands_on_what_comes_out_and_is_one_for_an_event(
    rows: list[Row], expected: list[str]
) -> None:
    assert codes(ORE, *rows) == expected


@pytest.mark.parametrize(("kind", "expected"), [(Kind.BLEND, []), (Kind.SPLIT, ["CUSTODY-037"])])
def test_blends_have_a_process_and_splits_have_none(kind: Kind, expected: list[str]) -> None:
    into = takes("E2", DAY, kind, "L1", 50)

    assert codes(ORE, into, makes("E2", DAY, kind, "M1", 50, process="mixing")) == expected


def test_a_process_in_the_wrong_place_says_where_it_stands() -> None:
    (finding,) = replay([ORE, melted(process="roast"), metal()]).findings

    assert dict(finding.facts) == {
        "event": "E2",
        "kind": "transform",
        "side": "in",
        "process": "roast",
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([melted(element="lithium"), metal(element="lithium")], []),
        ([melted("L3"), metal(element="lithium")], []),
        ([melted(), metal(element="tin")], ["CUSTODY-038"]),
        ([melted("L3"), metal(element="tin", mass_mg=20), metal("M2", 30, element="zinc")],
         ["CUSTODY-038"]),
        ([melted(), melted("L2"), metal()], ["CUSTODY-038"]),
        ([melted(), melted("L3"), metal()], []),
    ],
)  # fmt: skip
def test_what_turns_lots_into_others_is_about_one_element(
    rows: list[Row], expected: list[str]
) -> None:
    assert codes(ORE, TIN, UNSAID, *rows) == expected


def test_two_elements_in_one_event_are_both_told() -> None:
    finding = replay([ORE, TIN, melted(), melted("L2"), metal()]).findings[0]

    assert dict(finding.facts) == {"event": "E2", "element": "lithium", "also": "tin"}


def test_lots_of_two_elements_are_mined_and_shipped_together() -> None:
    shipped = [
        moves("E3", DAY, Kind.SHIP, "L1", 100, element="lithium"),
        moves("E3", DAY, Kind.SHIP, "L2", 100),
    ]

    assert codes(ORE, TIN, *shipped) == []


@pytest.mark.parametrize(
    ("lot", "element", "expected"),
    [
        ("L1", "", []),
        ("L1", "lithium", []),
        ("L1", "Lithium", ["CUSTODY-039"]),
        ("L1", "tin", ["CUSTODY-039"]),
        ("L3", "", []),
        ("L3", "lithium", ["CUSTODY-039"]),
    ],
)
@pytest.mark.parametrize("kind", [Kind.LOSS, Kind.SHIP])
def test_a_use_names_the_element_of_its_lot_or_none(
    kind: Kind, lot: str, element: str, expected: list[str]
) -> None:
    act = takes if kind is Kind.LOSS else moves

    assert codes(ORE, UNSAID, act("E2", DAY, kind, lot, 100, element=element)) == expected


def test_another_element_than_that_of_the_lot_says_both() -> None:
    (finding,) = replay([UNSAID, takes("E2", DAY, Kind.LOSS, "L3", 1, element="tin")]).findings

    assert dict(finding.facts) == {
        "event": "E2",
        "lot": "L3",
        "element": "tin",
        "made_with": "none",
    }


@pytest.mark.parametrize(
    ("lot", "named", "expected"),
    [("L1", "", ["CUSTODY-039"]), ("L1", "lithium", []), ("L3", "", []), ("L3", "lithium", [])],
)
def test_what_names_an_account_names_the_element_of_the_lots_it_uses(
    lot: str, named: str, expected: list[str]
) -> None:
    rows = [melted(lot, account="north"), metal(element=named)]

    assert codes(ORE, UNSAID, *rows) == expected


def test_what_is_made_has_the_element_of_its_event_or_of_what_it_was_made_of() -> None:
    again = [
        takes("E4", "2026-03-01", Kind.BLEND, "M1", 20),
        makes("E4", "2026-03-01", Kind.BLEND, "M3", 20),
    ]
    rows = [melted(), metal(mass_mg=20), metal("M2", 30), *again]
    said = [melted("L3"), metal("N1", 20, element="zinc"), metal("N2", 30)]

    made = replay([ORE, *rows]).lots
    named = replay([UNSAID, *said]).lots

    assert {name: one.element for name, one in made.items()} == dict.fromkeys(made, "lithium")
    assert {name: one.element for name, one in named.items()} == {
        "L3": "",
        "N1": "zinc",
        "N2": "zinc",
    }


def test_a_mine_that_digs_two_elements_gives_each_lot_its_own() -> None:
    made = replay([ORE, TIN, UNSAID]).lots

    assert [one.element for one in made.values()] == ["lithium", "tin", ""]


def test_a_lot_that_is_made_twice_keeps_what_it_was_made_with() -> None:
    again = [melted(), metal("L3")]

    assert replay([UNSAID, ORE, *again]).lots["L3"].element == ""


def test_a_lot_that_nobody_made_has_no_element_to_differ_from() -> None:
    rows = [
        takes("E2", DAY, Kind.BLEND, "none", 5, element="tin"),
        makes("E2", DAY, Kind.BLEND, "B", 5),
    ]

    assert codes(*rows) == ["CUSTODY-003"]
    assert rows[0].side is Side.IN
