"""Events: which rows belong together, and in which order they are replayed."""

import datetime
from dataclasses import replace

import pytest

from core.custody.chains import START, row
from refusals import refused_by
from stannary.core.custody import Kind, Row, Side, events_of
from stannary.core.kernel import Place, RefusalError

DAY = datetime.timedelta(days=1)


def produce(event: str, lot: str, **fields: object) -> Row:
    return row(event, Kind.PRODUCE, Side.OUT, lot, 10, **fields)


def test_rows_of_the_same_event_are_one_event_wherever_they_stand() -> None:
    first = row("E1", Kind.BLEND, Side.IN, "L1", 10)
    other = produce("E2", "L9")
    second = row("E1", Kind.BLEND, Side.OUT, "L3", 20)
    third = row("E1", Kind.BLEND, Side.IN, "L2", 10, site="example-store")

    one, two = events_of([first, other, second, third])

    assert (one.id, one.kind, one.site, one.entity) == ("E1", *one_of(first))
    assert (one.inputs, one.outputs, one.moves) == ((first, third), (second,), ())
    assert one.rows == (first, third, second)
    assert two.outputs == (other,)


def one_of(first: Row) -> tuple[Kind, str, str]:
    return first.kind, first.site, first.entity


def test_events_are_ordered_by_time_whatever_the_offset_then_by_the_file() -> None:
    late = datetime.timezone(datetime.timedelta(hours=9))
    rows = [
        produce("third", "L1", at=START + DAY),
        produce("first", "L2", at=START),
        produce("second", "L3", at=START.astimezone(late)),
        produce("fourth", "L4", at=(START + DAY).astimezone(late)),
    ]

    assert [event.id for event in events_of(rows)] == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize(
    "at",
    [
        datetime.datetime.min.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=23))),
        datetime.datetime.max.replace(tzinfo=datetime.timezone(-datetime.timedelta(hours=23))),
    ],
)
def test_the_ends_of_the_calendar_can_be_ordered(at: datetime.datetime) -> None:
    rows = [produce("E1", "L1", at=at), produce("E2", "L2", at=START), produce("E1", "L3", at=at)]

    assert len(events_of(rows)) == 2


PLACE = Place("moves.csv", 9)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", START + datetime.timedelta(microseconds=1)),
        ("kind", Kind.PURCHASE),
        ("entity", "Illustrative entity 2"),
    ],
)
def test_a_row_that_disagrees_with_its_event_is_refused_with_its_place(
    field: str, value: object
) -> None:
    first = produce("E1", "L1", at=START)
    second = replace(first, lot="L2", place=PLACE, **{field: value})  # type: ignore[arg-type]  # field by name

    with pytest.raises(RefusalError) as caught:
        events_of([first, second])

    (finding,) = caught.value.findings
    assert (finding.code, finding.at) == ("CUSTODY-029", Place("moves.csv", 9, field))
    assert list(finding.facts) == ["event", "field", "first_row", "this_row"]


def test_every_disagreement_is_told_with_both_sides() -> None:
    rows = [
        produce("E1", "L1", at=START),
        produce("E1", "L2", at=START, entity="Other"),
        row("E1", Kind.LOSS, Side.IN, "L3", 10, at=START + DAY),
    ]

    with pytest.raises(RefusalError) as caught:
        events_of(rows)

    assert [finding.facts for finding in caught.value.findings] == [
        {
            "event": "E1",
            "field": "entity",
            "first_row": "Illustrative entity 1",
            "this_row": "Other",
        },
        {
            "event": "E1",
            "field": "at",
            "first_row": "2026-01-01T06:00:00+00:00",
            "this_row": "2026-01-02T06:00:00+00:00",
        },
        {"event": "E1", "field": "kind", "first_row": "produce", "this_row": "loss"},
    ]


@pytest.mark.parametrize("kind", [Kind.SHIP, Kind.RECEIVE])
def test_a_shipment_and_a_receipt_may_name_several_entities(kind: Kind) -> None:
    one = row("E1", kind, Side.MOVE, "L1", 10)
    two = row("E1", kind, Side.MOVE, "L2", 10, entity="Other", site="other-site")

    assert refused_by(lambda: events_of([one, two])) is None


def test_the_same_instant_in_another_offset_agrees() -> None:
    east = datetime.timezone(datetime.timedelta(hours=5, minutes=45))
    rows = [produce("E1", "L1", at=START), produce("E1", "L2", at=START.astimezone(east))]

    assert refused_by(lambda: events_of(rows)) is None


def test_no_rows_are_no_events() -> None:
    assert events_of([]) == ()
