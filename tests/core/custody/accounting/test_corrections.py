"""A correction restates an event; both records stay, and a day knows only what came before its end."""

from dataclasses import replace

import pytest

from core.custody.accounting.made_up import day, makes, mined, takes
from stannary.core.custody import ANNULLED, Kind, Row, Side, annuls, events_of, known_on, restate

MADE = mined("E1", "2026-01-05", "L1", 1000)
SPLIT = (
    takes("E2", "2026-02-01", Kind.SPLIT, "L1", 1000),
    makes("E2", "2026-02-01", Kind.SPLIT, "L2", 400, account="A", period="P"),
    makes("E2", "2026-02-01", Kind.SPLIT, "L3", 600),
)


def corrected(row: Row, event: str, on: str = "2026-03-01", **fields: object) -> Row:
    at = row.at.replace(month=int(on[5:7]), day=int(on[8:10]))
    given = {"account": row.event, "period": "", **fields}
    return replace(row, event=event, at=at, kind=Kind.CORRECT, **given)  # type: ignore[arg-type]  # fields by name


def test_the_rows_of_a_correction_stand_where_the_event_stood() -> None:
    rows = [
        corrected(SPLIT[0], "K1"),
        corrected(SPLIT[1], "K1", mass_mg=300, content_mg=300),
        corrected(SPLIT[2], "K1", mass_mg=700, content_mg=700),
    ]
    done = restate(events_of([MADE, *SPLIT, *rows]))

    assert done.findings == ()
    assert [event.id for event in done.events] == ["E1", "E2"]
    now = done.events[1]
    assert (now.kind, now.at) == (Kind.SPLIT, SPLIT[0].at)
    assert [(row.lot, row.mass_mg, row.event) for row in now.outputs] == [
        ("L2", 300, "E2"),
        ("L3", 700, "E2"),
    ]
    assert (now.outputs[0].account, now.outputs[0].period) == ("A", "P")
    assert dict(done.corrections) == {"E2": ("K1",)}


def test_the_last_correction_counts_and_all_are_remembered() -> None:
    first = corrected(MADE, "K1", mass_mg=900, content_mg=900)
    second = corrected(MADE, "K2", "2026-04-01", mass_mg=800, content_mg=800)
    done = restate(events_of([second, MADE, first]))

    assert done.events[0].outputs[0].mass_mg == 800
    assert dict(done.corrections) == {"E1": ("K1", "K2")}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (corrected(MADE, "K1", account=""), "it names no event, or several"),
        (corrected(MADE, "K1", account="E7"), "it names no event, or several"),
        (corrected(MADE, "K1", "2026-01-04"), "it comes first"),
        (corrected(MADE, "K1", side=Side.IN), "other sides"),
        (corrected(MADE, "K1", lot="L9"), "other lots made"),
        (corrected(MADE, "K1", entity="Somebody else"), "another entity"),
    ],
)
def test_a_correction_that_restates_nothing_is_told_and_changes_nothing(
    row: Row, problem: str
) -> None:
    done = restate(events_of([MADE, row]))

    assert [finding.code for finding in done.findings] == ["CUSTODY-093"]
    assert done.findings[0].facts["problem"] == problem
    assert done.events == events_of([MADE])
    assert dict(done.corrections) == {}


def test_a_correction_of_two_events_is_two_corrections() -> None:
    two = [corrected(MADE, "K1"), replace(corrected(MADE, "K1"), lot="L2", account="E2")]

    assert restate(events_of([MADE, *two])).findings[0].facts["restates"] == "E1"


@pytest.mark.parametrize(
    ("on", "known"),
    [("2026-01-31", ["E1"]), ("2026-02-01", ["E1", "E2"]), ("2026-02-02", ["E1", "E2"])],
)
def test_a_day_knows_what_happened_until_its_end(on: str, known: list[str]) -> None:
    assert [event.id for event in known_on(events_of([MADE, *SPLIT]), day(on))] == known


def test_a_correction_takes_an_event_back_if_all_of_its_rows_say_so() -> None:
    gone = [corrected(row, "K1", period=ANNULLED) for row in SPLIT]

    done = restate(events_of([MADE, *SPLIT, *gone]))

    assert [event.id for event in done.events] == ["E1"]
    assert dict(done.corrections) == {"E2": ("K1",)}
    assert done.findings == ()
    assert annuls(events_of(gone)[0])
    (told,) = restate(events_of([MADE, *SPLIT, *gone[:2], corrected(SPLIT[2], "K1")])).findings
    assert told.facts["problem"] == "some rows are annulled"


def test_what_was_taken_back_is_not_restated_any_more() -> None:
    gone = corrected(MADE, "K1", period=ANNULLED)
    again = corrected(MADE, "K2", "2026-04-01", mass_mg=800, content_mg=800)

    done = restate(events_of([MADE, gone, again]))

    assert done.events == ()
    assert [one.code for one in done.findings] == ["CUSTODY-093"]
