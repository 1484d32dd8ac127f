"""What each act does to what may be said as credits."""

import pytest

from core.custody.accounting.acts import (
    WHOLE,
    G,
    booking,
    retiring,
    terms,
)
from core.custody.accounting.made_up import (
    BRAND,
    MB,
    MINER,
    NORTH,
    TRADER,
    books,
    carried,
    codes,
    makes,
    mined,
    moves,
    takes,
)
from stannary.core.custody import (
    Kind,
    Row,
    Term,
)


@pytest.mark.parametrize(
    ("quantity", "found"), [(9 * G, []), (10 * G, []), (11 * G, ["CUSTODY-087"])]
)
def test_credits_rest_on_what_a_mined_lot_still_carries(quantity: int, found: list[str]) -> None:
    kept = books(WHOLE, *booking(quantity))

    assert codes(kept) == found
    assert carried(kept, "L1") == 10 * G - (0 if found else quantity)
    assert [one.quantity_mg for one in kept.credits] == ([] if found else [quantity])


def test_the_same_tonnes_are_not_said_of_the_material_again() -> None:
    kept = books(
        WHOLE,
        *booking(4 * G),
        takes("E6", "2026-04-01", Kind.SPLIT, "L1", 10 * G),
        makes("E6", "2026-04-01", Kind.SPLIT, "L2", 5 * G, model=MB),
        makes("E6", "2026-04-01", Kind.SPLIT, "L3", 5 * G, model=MB),
    )

    assert codes(kept) == []
    assert (carried(kept, "L2"), carried(kept, "L3")) == (3 * G, 3 * G)
    assert kept.credits[0].source == NORTH


@pytest.mark.parametrize(
    "rows",
    [
        [mined("E1", "2026-01-05", "L1", 10 * G, attestation=""), *booking()],
        [makes("E1", "2026-01-05", Kind.PURCHASE, "L1", 10 * G), *booking()],
        booking(),
        [WHOLE, *booking(attestation="urn:other")],
        [WHOLE, moves("E2", "2026-02-01", Kind.SHIP, "L1", 10 * G), *booking()],
        [
            WHOLE,
            takes("E5", "2026-03-01", Kind.BOOK, "L1", G, entity=TRADER),
            makes("E5", "2026-03-01", Kind.BOOK, "C1", G, entity=TRADER),
        ],
    ],
)
def test_credits_are_booked_by_the_producer_from_attested_material_it_holds(
    rows: list[Row],
) -> None:
    kept = books(*rows)

    assert codes(kept) == ["CUSTODY-087"]
    assert kept.credits == ()


def test_credits_are_passed_on_and_used_up_for_somebody_once() -> None:
    kept = books(
        WHOLE,
        *booking(attestation="urn:north", account=MINER),
        takes("E6", "2026-04-01", Kind.TRANSFER, "C1", 3 * G, material="credit"),
        makes("E6", "2026-04-01", Kind.TRANSFER, "C2", 2 * G, account=BRAND),
        makes("E6", "2026-04-01", Kind.TRANSFER, "C3", G, account=TRADER),
        retiring(2 * G, entity=BRAND, credit="C2"),
        retiring(2 * G, "E8", entity=BRAND, credit="C2"),
        retiring(G, "E9", entity=TRADER),
    )

    assert codes(kept) == ["CUSTODY-090", "CUSTODY-089"]
    assert [(one.id, one.holder, one.left_mg) for one in kept.credits] == [
        ("C1", MINER, G),
        ("C2", BRAND, 0),
        ("C3", TRADER, G),
    ]
    (done,) = kept.retired
    assert (done.event, done.beneficiary, done.period) == ("E7", "Example Phones", "2026")
    assert terms(kept) == {"produced": 10 * G, "credits_passed_on": 3 * G}
    assert terms(kept, BRAND) == {"credits_received": 2 * G, "retired": 2 * G}


@pytest.mark.parametrize(
    "wrong",
    [
        booking()[:1],
        [booking()[0], makes("E5", "2026-03-01", Kind.BOOK, "C1", 3 * G)],
        booking(model=MB),
        booking(account=TRADER),
        [*booking(), moves("E5", "2026-03-01", Kind.BOOK, "L1", G)],
        [
            takes("E6", "2026-04-01", Kind.TRANSFER, "C1", G),
            makes("E6", "2026-04-01", Kind.TRANSFER, "C2", G),
        ],
        [retiring(G), makes("E7", "2026-05-01", Kind.RETIRE, "C2", G, material="credit")],
        [makes("E7", "2026-05-01", Kind.RETIRE, "C2", G)],
    ],
)
def test_an_act_on_credits_that_has_another_form_changes_nothing(wrong: list[Row]) -> None:
    kept = books(WHOLE, *wrong)

    assert codes(kept) == ["CUSTODY-086"]
    assert (kept.credits, kept.retired, carried(kept, "L1")) == ((), (), 10 * G)


def test_a_booking_of_which_one_part_is_wrong_makes_no_part() -> None:
    kept = books(
        WHOLE,
        takes("E5", "2026-03-01", Kind.BOOK, "L1", 3 * G),
        makes("E5", "2026-03-01", Kind.BOOK, "C1", G),
        makes("E5", "2026-03-01", Kind.BOOK, "C1", 2 * G),
    )

    assert (codes(kept), kept.credits, carried(kept, "L1")) == (["CUSTODY-090"], (), 10 * G)


def test_no_more_is_passed_on_than_is_there() -> None:
    kept = books(
        WHOLE,
        *booking(4 * G),
        takes("E6", "2026-04-01", Kind.TRANSFER, "C1", 5 * G),
        makes("E6", "2026-04-01", Kind.TRANSFER, "C2", 5 * G, account=BRAND),
    )

    assert (codes(kept), [one.id for one in kept.credits]) == (["CUSTODY-090"], ["C1"])


@pytest.mark.parametrize("constant", ["credit_unit", "credit_life_months"])
def test_credits_need_a_unit_and_a_life(constant: str) -> None:
    kept = books(WHOLE, *booking(), constants={constant: None})

    assert (codes(kept), kept.credits) == (["CUSTODY-070"], ())
    assert kept.findings[0].facts["constant"] == constant


@pytest.mark.parametrize(
    ("as_of", "left", "expired"),
    [("2028-02-29", 4 * G, 0), ("2028-03-01", 0, 4 * G), ("2028-03-02", 0, 4 * G)],
)
def test_credits_expire_on_their_day(as_of: str, left: int, expired: int) -> None:
    kept = books(WHOLE, *booking(), as_of=as_of)

    assert kept.credits[0].available_mg == left
    assert terms(kept).get(Term.EXPIRED, 0) == expired


def test_what_was_used_up_does_not_expire_too() -> None:
    kept = books(WHOLE, *booking(), retiring(4 * G), as_of="2029-01-01")

    assert terms(kept) == {"produced": 10 * G, "retired": 4 * G}
