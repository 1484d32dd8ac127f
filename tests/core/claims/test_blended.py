"""What a site blended in a period: each content once, and the share of it at a level."""

import datetime
from fractions import Fraction

import pytest

from core.claims.lots import ACHIEVEMENTS, DAY, EDITION, ROWS, row
from stannary.core.claims import Blended, blended_by
from stannary.core.custody import Kind, Model, Row, Side, Source, calendar_period, events_of
from stannary.core.provenance import trace

WORKS = ("Example Works", "works")
UNKNOWN_2 = row("U2", Kind.PURCHASE, "V", Side.OUT, 1000)
LATER = (
    row("C1", Kind.BLEND, "L", Side.IN, 600),
    row("C1", Kind.BLEND, "V", Side.IN, 1000),
    row("C1", Kind.BLEND, "M", Side.OUT, 1600),
)
HALVES = (
    row("H1", Kind.SPLIT, "L", Side.IN, 1000),
    row("H1", Kind.SPLIT, "L-1", Side.OUT, 400),
    row("H1", Kind.SPLIT, "L-2", Side.OUT, 600),
)


def moved(rows: tuple[Row, ...], hour: int, day: int = 1, **more: object) -> tuple[Row, ...]:
    """Give rows at another hour of a day in February 2026, and otherwise."""
    at = datetime.datetime(2026, 2, day, hour, tzinfo=datetime.UTC)
    fields = {name: getattr(rows[0], name) for name in ("site", "entity")} | more
    return tuple(
        Row(
            event=one.event,
            at=at,
            kind=one.kind,
            lot=one.lot,
            side=one.side,
            material=one.material,
            mass_mg=one.mass_mg,
            content_mg=one.content_mg,
            model=one.model,
            **fields,
        )
        for one in rows
    )


def blended(*rows: Row, entity: str = WORKS[0], site: str = WORKS[1], year: int = 2026) -> Blended:
    events = events_of(rows or ROWS)
    lots = [one.lot for event in events for one in event.outputs]
    traces = {lot: trace(events, lot) for lot in lots}
    period = calendar_period(DAY(year, 2, 1), 12)
    return blended_by(events, traces, entity=entity, site=site, period=period)


def left(found: Blended) -> dict[str, int]:
    return {one.made.lot: one.left_mg // 10**6 for one in found.batches}


@pytest.mark.parametrize(
    ("level", "share"),
    [("L-75", Fraction(3, 8)), ("L-50", Fraction(7, 8)), ("L-0", Fraction(7, 8))],
)
def test_sites_at_a_level_or_better_count_towards_it(level: str, share: Fraction) -> None:
    assert blended().share_at(ACHIEVEMENTS, EDITION, level) == share


def test_what_was_blended_again_counts_once() -> None:
    found = blended(*ROWS, *moved((UNKNOWN_2,), 12), *moved(LATER, 13))

    assert left(found) == {"L": 400, "M": 1600}
    # 375 kg of the better mine in 2,000 kg, whichever of them are in which batch
    assert found.share_at(ACHIEVEMENTS, EDITION, "L-75") == Fraction(375, 2000)


def test_the_parts_of_a_batch_that_was_split_count_instead_of_it() -> None:
    again = (
        row("I1", Kind.BLEND, "L-1", Side.IN, 400),
        row("I1", Kind.BLEND, "N-2", Side.OUT, 400),
    )
    found = blended(*ROWS, *moved(HALVES, 12), *moved(again, 13))

    assert left(found) == {"L-2": 600, "N-2": 400}
    assert found.share_at(ACHIEVEMENTS, EDITION, "L-75") == Fraction(3, 8)


def test_a_split_of_what_another_blended_is_no_blend() -> None:
    assert left(blended(*ROWS, *moved(HALVES, 12, entity="Another"))) == {"L": 1000}
    assert left(blended(*ROWS, *moved(HALVES, 12, entity="Another"), entity="Another")) == {}


@pytest.mark.parametrize(
    "other", [{"entity": "Another"}, {"site": "mill"}, {"year": 2025}, {"year": 2027}]
)
def test_another_entity_site_or_period_blended_nothing(other: dict[str, str | int]) -> None:
    found = blended(**other)  # type: ignore[arg-type]

    assert found.batches == ()
    assert found.share_at(ACHIEVEMENTS, EDITION, "L-0") is None


def test_a_batch_under_another_model_is_not_counted() -> None:
    mixed = moved(
        tuple(one for one in ROWS if one.event == "B1"), 11, entity=WORKS[0], site=WORKS[1]
    )
    weaker = [
        row(one.event, one.kind, one.lot, one.side, one.mass_mg // 10**6, model=Model.MASS_BALANCE)
        for one in mixed
    ]
    sources = [one for one in ROWS if one.event != "B1"]

    assert left(blended(*sources, *weaker)) == {}


@pytest.mark.parametrize(
    ("given_kg", "share"),
    [(374, Fraction(374, 1000)), (375, Fraction(3, 8)), (376, Fraction(3, 8))],
)
def test_the_books_bound_the_share_of_each_batch(given_kg: int, share: Fraction) -> None:
    given = {"L": {Source(DAY(2026, 2, 1), "north", "north-1"): given_kg * 10**6}}

    assert blended().share_at(ACHIEVEMENTS, EDITION, "L-75", given=given) == share


def test_a_batch_that_the_books_give_nothing_has_no_share() -> None:
    assert blended().share_at(ACHIEVEMENTS, EDITION, "L-75", given={}) == 0
