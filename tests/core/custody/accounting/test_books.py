"""The books of a file: corrected, as of a day, closed and proved."""

from dataclasses import replace

import pytest

from core.custody.accounting.acts import WHOLE, G, booking, melt, metal, retiring
from core.custody.accounting.made_up import (
    MB,
    MINER,
    always,
    at,
    books,
    carried,
    codes,
    day,
    makes,
    mined,
    moves,
    takes,
)
from core.custody.chains import random_chain
from stannary.core.custody import Kind, Row, events_of, keep_books, replay

CORRECTED = replace(
    WHOLE,
    event="K1",
    kind=Kind.CORRECT,
    at=at("2026-06-01"),
    account="E1",
    mass_mg=6 * G,
    content_mg=6 * G,
)


def test_nothing_gives_empty_books() -> None:
    kept = keep_books((), rules_on=always())

    assert (kept.findings, kept.carried, kept.statements) == ((), {}, ())
    assert kept.proof is not None
    assert kept.proof.lines == ("all: sayable 0 kg <= produced 0 kg",)


def test_lots_are_those_of_the_replay() -> None:
    rows = random_chain(3)
    kept = keep_books(events_of(rows), rules_on=always())

    assert kept.replay.holdings == replay(rows).holdings


@pytest.mark.parametrize(
    ("as_of", "mass"), [("2026-05-31", 10 * G), ("2026-06-01", 6 * G), ("2026-06-02", 6 * G)]
)
def test_a_correction_counts_from_its_own_day_on(as_of: str, mass: int) -> None:
    kept = books(WHOLE, CORRECTED, as_of=as_of)

    assert (codes(kept), carried(kept, "L1")) == ([], mass)
    assert kept.replay.holdings[0].mass_mg == mass
    assert dict(kept.corrections) == ({"E1": ("K1",)} if mass == 6 * G else {})


def test_a_correction_shows_what_was_already_used_up_and_no_longer_there() -> None:
    rows = [WHOLE, *booking(10 * G), retiring(8 * G)]
    before, after = books(*rows), books(*rows, CORRECTED)

    assert codes(before) == []
    assert codes(after) == ["CUSTODY-087", "CUSTODY-089"]
    assert (after.credits, after.retired) == ((), ())


def test_what_a_day_knew_does_not_change_with_what_comes_later() -> None:
    rows: list[Row] = [*melt(metal("M1", 6 * G)), *booking(G, on="2026-01-20")]
    later = [
        moves("E8", "2026-07-01", Kind.SHIP, "M1", 6 * G, material="metal"),
        CORRECTED,
    ]
    before = books(*rows, as_of="2026-05-01")

    assert books(*rows, *later, as_of="2026-05-01") == before


def test_defects_of_lots_leave_nothing_to_be_said() -> None:
    kept = books(WHOLE, takes("E2", "2026-02-01", Kind.LOSS, "L1", 11 * G))

    assert codes(kept) == ["CUSTODY-006", "CUSTODY-007"]
    assert (kept.proof, kept.carried, kept.statements) == (None, {}, ())


def test_the_day_is_that_of_the_last_event_or_the_one_asked_for() -> None:
    assert books(WHOLE).day == day("2026-01-05")
    assert books(WHOLE, as_of="2026-12-31").day == day("2026-12-31")


def test_accounts_of_one_file_stand_in_order_with_all_their_periods() -> None:
    rows = [
        *melt(metal("M1", 6 * G), account="north"),
        mined("E3", "2026-01-06", "L3", G, model=MB),
        takes("E4", "2026-02-02", Kind.BLEND, "L3", G, account="group", material="ore"),
        makes("E4", "2026-02-02", Kind.BLEND, "M3", G, material="ore"),
    ]
    kept = books(*rows, as_of="2027-05-01")

    assert [
        (one.key.boundary, one.period.valid_from.year, one.closed) for one in kept.statements
    ] == [
        ("group", 2026, True),
        ("group", 2027, False),
        ("north", 2026, True),
        ("north", 2027, False),
    ]
    assert {one.key.entity for one in kept.statements} == {MINER}
