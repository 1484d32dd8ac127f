"""Restatements: which record they name, what they know of it, and what they make of it."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.claims.lots import NORTH, row
from core.restatements.made_up import BOOKS, HOUR, KG, NOON, ROWS, record, weighs
from refusals import refused_by
from stannary.core.custody import Kind, Model, Side, events_of
from stannary.core.restatements import Change, Field, Restatement, restate, rules, value_of

EVENTS = BOOKS.events
BIT = datetime.timedelta(microseconds=1)


def restated_row(record: Restatement) -> Any:
    events = {one.id: one for one in restate(EVENTS, record)}
    return events[record.event].outputs[0]


def test_a_restatement_changes_one_row_and_keeps_the_rest() -> None:
    after = restate(EVENTS, weighs("N1", "N", 375, 300))

    assert [one.id for one in after] == [one.id for one in EVENTS]
    assert after[0].outputs == (replace(NORTH, mass_mg=300 * KG, content_mg=300 * KG),)
    assert after[1:] == EVENTS[1:]
    assert events_of(ROWS) == EVENTS


@pytest.mark.parametrize(
    ("field", "before", "after", "value"),
    [
        (Field.CONTENT, str(375 * KG), "1", 1),
        (Field.MODEL, "controlled_blending", "mass_balance", Model.MASS_BALANCE),
        (Field.MODEL, "controlled_blending", "", None),
        (Field.ATTESTATION, "north-1", "", ""),
        (Field.AT, "2026-02-01T08:00:00+00:00", "2026-02-01T07:00:00+00:00", NOON - 5 * HOUR),
    ],
)
def test_every_field_can_be_restated(field: Field, before: str, after: str, value: object) -> None:
    found = restated_row(record("N1", "N", Change(field, before, after)))

    assert getattr(found, field.value) == value
    assert value_of(found, field) == after


def test_a_time_is_that_of_the_whole_event() -> None:
    change = Change(Field.AT, "2026-02-01T11:00:00+00:00", "2026-02-01T11:30:00+00:00")

    after = {one.id: one for one in restate(EVENTS, record("B1", "L", change))}["B1"]

    assert {one.at for one in after.rows} == {after.at} == {NOON - HOUR / 2}


def test_what_never_happened_is_gone() -> None:
    after = restate(EVENTS, record("X2", ""))

    assert [one.id for one in after] == [one.id for one in EVENTS if one.id != "X2"]


@pytest.mark.parametrize(
    ("event", "lot", "side"),
    [("N9", "N", Side.OUT), ("N1", "S", Side.OUT), ("N1", "N", Side.IN)],
)
def test_it_names_one_record(event: str, lot: str, side: Side) -> None:
    found = refused_by(lambda: restate(EVENTS, weighs(event, lot, 375, 300, side)))

    assert found == rules.RESTATES_ONE_RECORD.code


def test_what_never_was_cannot_have_not_happened() -> None:
    found = refused_by(lambda: restate(EVENTS, record("N9", "")))

    assert found == rules.RESTATES_ONE_RECORD.code


def test_a_lot_that_stands_in_two_rows_of_an_event_is_not_one_record() -> None:
    twice = [row("B1", Kind.BLEND, "N", Side.IN, 1) for _ in range(2)]
    events = events_of([NORTH, *twice, row("B1", Kind.BLEND, "L", Side.OUT, 2)])

    found = refused_by(lambda: restate(events, weighs("B1", "N", 1, 2, Side.IN)))

    assert found == rules.RESTATES_ONE_RECORD.code


@pytest.mark.parametrize(("before_kg", "after_kg"), [(374, 300), (376, 300), (375, 375)])
def test_it_knows_what_the_books_say_and_says_otherwise(before_kg: int, after_kg: int) -> None:
    found = refused_by(lambda: restate(EVENTS, weighs("N1", "N", before_kg, after_kg)))

    assert found == rules.KNOWS_WHAT_IT_RESTATES.code


def test_a_field_is_restated_once_a_record() -> None:
    change = Change(Field.ATTESTATION, "north-1", "")

    found = refused_by(lambda: restate(EVENTS, record("N1", "N", change, change)))

    assert found == rules.KNOWS_WHAT_IT_RESTATES.code


def test_a_second_restatement_builds_on_the_first() -> None:
    first = restate(EVENTS, weighs("N1", "N", 375, 300))

    assert refused_by(lambda: restate(first, weighs("N1", "N", 375, 200))) is not None
    assert restate(first, weighs("N1", "N", 300, 375)) == EVENTS


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({"id": ""}, True),
        ({"by": ""}, True),
        ({"reason": " "}, True),
        ({"reason": "x" * 2000}, False),
        ({"reason": "x" * 2001}, True),
    ],
)
def test_it_says_who_and_why(other: dict[str, Any], refused: bool) -> None:
    change = Change(Field.ATTESTATION, "north-1", "")

    found = refused_by(lambda: restate(EVENTS, record("N1", "N", change, **other)))

    assert found == (rules.SAYS_WHO_AND_WHY.code if refused else None)


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (NOON - 4 * HOUR - BIT, True),
        (NOON - 4 * HOUR, False),
        (datetime.datetime(2026, 2, 3, 8, 0), True),  # noqa: DTZ001 - what has no offset is refused
    ],
)
def test_it_is_recorded_after_what_it_restates(at: datetime.datetime, refused: bool) -> None:
    change = Change(Field.ATTESTATION, "north-1", "")

    found = refused_by(lambda: restate(EVENTS, record("N1", "N", change, at=at)))

    assert found == (rules.COMES_AFTER_THE_RECORD.code if refused else None)


@pytest.mark.parametrize(
    ("field", "before", "after", "code"),
    [
        (Field.MASS, str(375 * KG), "0", "KERNEL-001"),
        (Field.MASS, str(375 * KG), "1", "CUSTODY-027"),
        (Field.MODEL, "controlled_blending", "magic", "CUSTODY-025"),
        (Field.AT, "2026-02-01T08:00:00+00:00", "yesterday", "CUSTODY-026"),
    ],
)
def test_what_it_says_must_be_possible(field: Field, before: str, after: str, code: str) -> None:
    change = Change(field, before, after)

    assert refused_by(lambda: restate(EVENTS, record("N1", "N", change))) == code
