"""Books as they would be known: with another attestation, or without a certificate for a time."""

import datetime
from dataclasses import replace
from fractions import Fraction

import pytest

from core.claims.lots import ACHIEVEMENTS, NORTH, row
from core.restatements.made_up import (
    BOOKS,
    HOUR,
    KG,
    NOON,
    TRADER,
    WORKS,
    lots,
    rows_of,
    told,
    weighs,
)
from stannary.core.attestations import Status, StatusChange
from stannary.core.custody import Kind, Side
from stannary.core.restatements import (
    Effects,
    restate,
    simulate,
    with_achievement,
    with_restatement,
    without_certificate,
)


def test_books_with_a_restatement_are_other_books() -> None:
    record = weighs("N1", "N", 375, 300)

    after = with_restatement(BOOKS, record)

    assert after == replace(BOOKS, events=restate(BOOKS.events, record))
    assert BOOKS.events != after.events


def test_a_level_withdrawn_from_a_day_on_leaves_what_was_produced_before() -> None:
    later = StatusChange(datetime.date(2026, 2, 2), Status.WITHDRAWN, "made up")
    on_the_day = replace(later, on=datetime.date(2026, 2, 1))
    held = ACHIEVEMENTS["north-1"]

    after = simulate(BOOKS, with_achievement(BOOKS, replace(held, status_changes=(later,))))
    at_once = simulate(BOOKS, with_achievement(BOOKS, replace(held, status_changes=(on_the_day,))))

    assert after == Effects((), (), (), (), (), (), ())
    assert [one.lot for one in at_once.lots] == ["N", "C", "L", "A", "B"]
    assert [one.holds for one in at_once.claims] == [False, False]
    assert (TRADER, "holder") in told(at_once)


def test_without_a_certificate_nothing_is_proved_from_then_on() -> None:
    after = without_certificate(BOOKS, TRADER, since=NOON + 2 * HOUR)

    found = simulate(BOOKS, after)

    assert lots(found) == {"A": (Fraction(0), 600 * KG)}
    assert [one.holds for one in found.claims] == [False]
    assert found.balances == ()


@pytest.mark.parametrize(
    ("since", "until", "sites", "touched"),
    [
        (2, None, None, ["A"]),
        (2, None, ["yard"], ["A"]),
        (2, None, ["elsewhere"], []),
        (3, None, None, []),
        (1, 2, None, []),
        (1, 3, None, ["A"]),
    ],
)
def test_a_certificate_is_lost_for_a_time_and_for_sites(
    since: int, until: int | None, sites: list[str] | None, touched: list[str]
) -> None:
    end = None if until is None else NOON + until * HOUR
    after = without_certificate(BOOKS, TRADER, since=NOON + since * HOUR, until=end, sites=sites)

    assert [one.lot for one in simulate(BOOKS, after).lots] == touched


def test_what_left_before_a_certificate_was_lost_stays_proved() -> None:
    rows = (
        NORTH,
        row("X1", Kind.SPLIT, "N", Side.IN, 175),
        row("X1", Kind.SPLIT, "M", Side.OUT, 175),
        row("X2", Kind.SHIP, "N", Side.MOVE, 200, at=NOON + HOUR),
        row("X3", Kind.RECEIVE, "N", Side.MOVE, 200, at=NOON + 2 * HOUR),
        row("X4", Kind.SPLIT, "N", Side.IN, 200, at=NOON + 3 * HOUR),
        row("X4", Kind.SPLIT, "O", Side.OUT, 200, at=NOON + 3 * HOUR),
    )
    books = rows_of(*rows)

    found = simulate(books, without_certificate(books, WORKS, since=NOON + 2 * HOUR))

    assert [one.lot for one in found.lots] == ["N", "O"]
