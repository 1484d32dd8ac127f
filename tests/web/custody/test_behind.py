"""The events behind a lot, read step by step: the same books as behind it among all events."""

import datetime
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stannary.core.custody import Model, books_behind, events_of
from stannary.web.custody import queries
from stannary.web.custody.books.behind import events_behind
from stannary.web.custody.models import CreditUse
from stannary.web.custody.uses import for_lots
from stannary.web.entities import packs
from web.custody.test_books import balanced, book, booked, holders, mined, passed_on, row, used_up  # noqa: F401
from web.custody.test_state import BULK, CORRECTED

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("holders"),
]
DAY = datetime.date(2026, 12, 1)


@pytest.fixture
def chain() -> None:
    """Lots in an account, out of it, split, mixed; credits used up for one; a correction."""
    book(BULK, [mined("other", 7)])
    book(balanced(60, 50), booked(), balanced(30, 30, event="G", lot="Z"))
    parts = [row("S", 5, "split", "out", name, 25, material="metal") for name in ("X3", "X4")]
    book([row("S", 5, "split", "in", "X", 50, material="metal"), *parts])
    mix = [
        row("MX", 6, "blend", "in", name, kg, material="metal")
        for name, kg in (("X3", 25), ("Z", 5))
    ]
    book(
        [*mix, row("MX", 6, "blend", "out", "mix", 30, material="metal", model=Model.MASS_BALANCE)]
    )
    book(passed_on(), used_up(note="other"))
    book(replace(CORRECTED, attestation="urn:a-level"))


@pytest.mark.either_database
@pytest.mark.parametrize("lot", ["M", "X", "X4", "Z", "mix", "other"])
def test_books_behind_a_lot_are_those_among_all_events(chain: None, lot: str) -> None:
    every = events_of(queries.all_rows())
    some = events_behind(lot)

    alone, among_all = (
        books_behind(events, {lot}, day=DAY, rules_on=packs.rules_on) for events in (some, every)
    )
    assert alone == among_all
    assert alone.rows


def test_uses_are_found_by_an_index_and_a_long_beneficiary_fits_into_it(chain: None) -> None:
    kept = CreditUse.objects.get()
    long = "".join(chr(0x20000 + number * 7 % 40_000) for number in range(2000))
    kept.pk, kept.event, kept.beneficiary = None, "E-long", long
    kept.save(force_insert=True)

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = for_lots(["other", "Z"]).order_by().explain()

    assert "credit_use_by_beneficiary" in plan
    assert [one.event for one in for_lots(["other", "Z", long[:200]])] == ["R"]
    assert [one.event for one in for_lots([long])] == []  # no id of a lot is so long


@pytest.mark.either_database
def test_what_else_is_booked_costs_nothing(chain: None) -> None:
    with CaptureQueriesContext(connection) as before:
        few = events_behind("mix")
    book([mined(f"N-{number}", 1) for number in range(200)])
    with CaptureQueriesContext(connection) as after:
        assert events_behind("mix") == few
    assert len(after) == len(before)
