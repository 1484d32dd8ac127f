"""What a suspension does is the same: found by the arrays, over a part of the book, over all of it."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.custody.chains import random_chain
from stannary.core.custody import Kind, Row
from stannary.web.attestations.models import Achievement, StatusChange
from stannary.web.claims import demo as claims_demo
from stannary.web.custody import demo as custody_demo
from stannary.web.custody import records
from stannary.web.custody.models import Movement
from stannary.web.custody.state import queries as state
from stannary.web.custody.tracing import kept
from stannary.web.entities import operations as entities
from stannary.web.parties.models import Person
from stannary.web.register import effect_page, suspended

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
NORTH = "urn:stannary:achievement:example-north-mine"
NEAR = Fraction(1, 10**12)


@pytest.fixture
def arrays(settings: Any, tmp_path: Path) -> Any:
    """Let pages ask the arrays; give the settings."""
    settings.PROVENANCE_ENGINE = "arrays"
    settings.PROVENANCE_FOLDER = tmp_path
    return settings


def suspend(*days: int) -> None:
    """Suspend the level of a mine from the first day of January on, and give it back on the second."""
    row = Achievement.objects.get(achievement_id=NORTH)
    at = datetime.datetime(2026, 1, 6, tzinfo=datetime.UTC)
    for day, status in zip(days, ("suspended", "in_force"), strict=False):
        StatusChange.objects.create(
            achievement=row, on=datetime.date(2026, 1, day), status=status, reason="A flood.", at=at
        )


def both(
    settings: Any, kind: str = "achievement", name: str = NORTH
) -> tuple[suspended.Told, suspended.Told]:
    """Give what is told with the arrays, and what core tells over the whole book.

    Without the arrays it is told over a part of the book, and comes to the same as over the whole.
    """
    settings.PROVENANCE_ENGINE = "arrays"
    assert kept.follow()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(state, "all_rows", lambda: pytest.fail("the whole book was read"))
        _, by_arrays = suspended.told_of(kind, name)
        settings.PROVENANCE_ENGINE = "exact"
        _, by_part = suspended.told_of(kind, name)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(state, "outputs_wait", lambda _day: True)
        _, by_core = suspended.told_of(kind, name)
    assert by_part == by_core
    return by_arrays, by_core


def assert_alike(one: suspended.Told, other: suspended.Told) -> None:
    assert [_rounded(lot) for lot in one.lots] == [_rounded(lot) for lot in other.lots]
    for lot, wanted in zip(one.lots, other.lots, strict=True):
        assert abs(lot.before - wanted.before) < NEAR > abs(lot.after - wanted.after)
    assert (one.credits, one.claims, one.notices) == (other.credits, other.claims, other.notices)


def _rounded(lot: suspended.TouchedLot) -> suspended.TouchedLot:
    return replace(lot, before=Fraction(0), after=Fraction(0))


@pytest.mark.parametrize("days", [(6,), (10, 20)])
def test_lots_credits_claims_and_who_is_told_are_core_s(
    demonstration: None, clerk: Person, arrays: Any, days: tuple[int, ...]
) -> None:
    custody_demo.load_books()
    claims_demo.load(clerk=clerk)
    suspend(*days)
    by_arrays, by_core = both(arrays)
    assert_alike(by_arrays, by_core)
    if days == (6,):
        assert by_core.lots
        assert by_core.credits
        assert by_core.claims


@pytest.mark.parametrize(
    ("number", "since", "claims"),
    [
        ("EXAMPLE-COC-4", datetime.date(2026, 3, 16), 1),
        ("EXAMPLE-COC-1", datetime.date(2026, 2, 1), None),
    ],
)
def test_a_lost_certificate_is_compared_over_what_it_reaches(
    demonstration: None,
    clerk: Person,
    arrays: Any,
    number: str,
    since: datetime.date,
    claims: int | None,
) -> None:
    custody_demo.load_books()
    claims_demo.load(clerk=clerk)
    registrar = Person.objects.get(username="registrar")
    entities.change_status(
        actor=registrar, number=number, status="withdrawn", on=since, reason="No books."
    )
    by_arrays, by_core = both(arrays, "certificate", number)
    assert_alike(by_arrays, by_core)
    assert by_core.lots
    assert claims is None or len(by_core.claims) == claims


def of_the_demonstration(rows: Iterable[Row]) -> list[Row]:
    """Let two mines of a made-up chain be those whose levels are known."""
    names = {"example-mine-1": "example-north-mine", "example-mine-2": "example-south-mine"}
    return [
        replace(row, site=site, attestation=f"urn:stannary:achievement:{site}")
        if row.kind is Kind.PRODUCE and (site := names.get(row.site, ""))
        else row
        for row in rows
    ]


def test_it_is_so_in_a_made_up_book(
    demonstration: None, arrays: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Movement.objects.all().delete()
    rows = of_the_demonstration(random_chain(36, 70))
    Movement.objects.bulk_create([records.movement_of(row) for row in rows])
    suspend(10)
    by_arrays, by_core = both(arrays)
    assert_alike(by_arrays, by_core)
    assert any(0 < lot.after < lot.before for lot in by_core.lots)

    arrays.PROVENANCE_ENGINE = "arrays"
    address = f"/register/suspensions/achievement/{NORTH}/"
    with CaptureQueriesContext(connection) as seen:
        page = client.get(address).content.decode()
    assert by_core.lots[-1].lot in page
    monkeypatch.setattr(effect_page, "LOTS", 2)
    monkeypatch.setattr(effect_page, "NAMED", 1)
    with CaptureQueriesContext(connection) as again:
        short = client.get(address).content.decode()
    assert len(seen) == len(again)
    assert f"and {len(by_core.lots) - 2} more" in short


def test_a_corrected_move_is_told_by_core_alone(demonstration: None, arrays: Any) -> None:
    suspend(6)
    move = Movement.objects.filter(kind="receive")[0]
    fix = replace(records.row_of(move), event="fix", kind=Kind.CORRECT, account=move.event)
    Movement.objects.bulk_create([records.movement_of(fix)])
    assert_alike(*both(arrays))
    assert suspended._of_achievement(NORTH) is None
