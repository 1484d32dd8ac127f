"""Accounts by element, factors by process, and credits: what naming them changes in the books."""

from fractions import Fraction

import pytest

from core.custody.accounting.acts import G, booking, melt, metal
from core.custody.accounting.made_up import always, books, carried, codes, day, mined, takes
from stannary.core.custody import ConversionFactor, Kind, Part, Row, events_of, go_on, keys_of
from stannary.core.custody.accounting.accounts import AccountKey

LITHIUM = {"element": "lithium"}


def named(rows: list[Row]) -> list[Row]:
    """The rows of a melt with its ore and all that goes in and out called lithium."""
    ore = mined("E1", "2026-01-05", "L1", 10 * G, model=rows[0].model, **LITHIUM)
    return [ore, *rows[1:]]


def factor(value: str, process: str, element: str = "lithium") -> ConversionFactor:
    return ConversionFactor(
        "ore", "metal", process, element, Fraction(value), "made up", "Example Assurance",
        day("2026-01-10"), day("2026-01-01"),
    )  # fmt: skip


def test_an_account_is_kept_for_the_element_that_its_movements_name() -> None:
    rows = named(melt(metal("M1", 6 * G, **LITHIUM)))

    kept = books(*rows)

    assert codes(kept) == []
    assert {one.key for one in kept.statements} == {
        AccountKey("Mine Co", "north", "metal", "lithium")
    }
    assert carried(kept, "M1") == 6 * G


def test_one_element_is_never_given_from_the_account_of_another() -> None:
    tin = [
        mined("E3", "2026-01-06", "T1", 10 * G, element="tin"),
        takes("E4", "2026-02-02", Kind.TRANSFORM, "T1", 10 * G, account="north", element="tin"),
        metal("T2", 10 * G, event="E4", on="2026-02-02", element="tin"),
    ]
    rows = named(melt(metal("M1", 6 * G, **LITHIUM)))
    more = [
        mined("E5", "2026-01-07", "T3", G, element="tin", attestation=""),
        takes("E6", "2026-02-03", Kind.TRANSFORM, "T3", G, account="north", element="tin"),
        metal("T4", G, event="E6", on="2026-02-03", element="tin"),
    ]

    kept = books(*rows, *tin, *more)

    assert codes(kept) == ["CUSTODY-080"]
    assert (carried(kept, "T2"), carried(kept, "T4")) == (10 * G, 0)


def test_accounts_of_two_elements_are_two_keys_and_go_on_as_two() -> None:
    events = events_of(named(melt(metal("M1", 6 * G, **LITHIUM))))
    key = ("account", "Mine Co", "north", "metal", "lithium")

    kept = go_on(Part(), events, day=day("2026-03-01"), rules_on=always())

    assert set(keys_of(events[-1])) == {("lot", "L1"), ("lot", "M1"), key}
    assert set(kept.part.touched) == {("lot", "L1"), ("lot", "M1"), key}


@pytest.mark.parametrize(
    ("process", "expected", "got"),
    [
        ("", ["CUSTODY-106", "CUSTODY-080"], 0),
        ("roast", [], 5 * G),
        ("electrolysis", ["CUSTODY-080"], 0),
        ("melting", ["CUSTODY-078", "CUSTODY-080"], 0),
    ],
)
def test_the_process_that_comes_out_names_decides_which_factor_converts(
    process: str, expected: list[str], got: int
) -> None:
    rows = named(melt(metal("M1", 5 * G, process=process, **LITHIUM)))

    kept = books(
        *rows,
        factors=[factor("0.5", "roast"), factor("0.4", "electrolysis")],
        constants={"conversion_factor_source": "approved"},
    )

    assert codes(kept) == expected
    assert carried(kept, "M1") == got


def test_the_element_that_an_event_names_decides_between_factors_too() -> None:
    rows = named(melt(metal("M1", 5 * G, **LITHIUM)))
    known = [factor("0.5", "roast"), factor("0.4", "roast", "tin")]

    kept = books(*rows, factors=known, constants={"conversion_factor_source": "approved"})

    assert codes(kept) == []
    assert carried(kept, "M1") == 5 * G


@pytest.mark.parametrize(
    ("element", "expected"), [("", []), ("lithium", []), ("tin", ["CUSTODY-039"])]
)
def test_credits_are_booked_off_a_lot_of_the_element_that_is_named(
    element: str, expected: list[str]
) -> None:
    ore = mined("E1", "2026-01-05", "L1", 10 * G, **LITHIUM)
    lot, credit = booking()
    lot = takes("E5", "2026-03-01", Kind.BOOK, "L1", 4 * G, element=element)

    kept = books(ore, lot, credit)

    assert codes(kept) == expected
    assert carried(kept, "L1") == (6 * G if not expected else 10 * G)
