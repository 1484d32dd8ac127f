"""Coverage: however a chain is restated, shares add up to one and nothing is covered twice."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from core.custody.chains import random_chain
from core.restatements.made_up import BOOKS
from stannary.core.custody import Event, Kind, events_of
from stannary.core.provenance import chain_of, trace_in
from stannary.core.restatements import Books, simulate
from stannary.core.restatements.coverage import coverage_of, covered_trace, left_of


def restated(events: tuple[Event, ...], pick: random.Random) -> tuple[Event, ...]:
    """Change the content of some sources, up and down."""

    def change(event: Event) -> Event:
        if not event.kind.is_source or pick.random() < 0.5:
            return event
        rows = tuple(replace(row, content_mg=pick.randint(1, row.mass_mg)) for row in event.outputs)
        return replace(event, outputs=rows)

    return tuple(change(event) for event in events)


@pytest.mark.parametrize("seed", range(12))
def test_shares_of_a_restated_chain_add_up(seed: int) -> None:
    events = events_of(random_chain(seed, 60))
    chain = chain_of(events)
    after = restated(events, random.Random(seed))  # noqa: S311 - test data, not a secret
    coverage = coverage_of(chain, after)

    for lot in chain.rows:
        trace, missing = covered_trace(coverage, lot)
        shares = sum((one.share for one in trace.origins), Fraction(0))
        assert shares + trace.recycled_share + trace.unknown_share + missing == 1
        assert 0 <= missing < 1


@pytest.mark.parametrize("seed", range(6))
def test_what_is_not_touched_is_as_it_was(seed: int) -> None:
    events = events_of(random_chain(seed, 80))
    first = next(one for one in events if one.kind is Kind.PRODUCE and one.outputs[0].mass_mg > 9)
    row = replace(first.outputs[0], content_mg=1)
    after = tuple(replace(one, outputs=(row,)) if one is first else one for one in events)
    chain = chain_of(events)
    was, now = coverage_of(chain, events), coverage_of(chain, after)

    told = {one.lot for one in simulate(Books(events), Books(after)).lots}

    for lot in chain.rows:
        same = covered_trace(was, lot) == covered_trace(now, lot) and was.left[lot] == now.left[lot]
        assert same is (lot not in told)


@pytest.mark.parametrize("seed", range(6))
def test_without_a_restatement_everything_is_covered(seed: int) -> None:
    events = events_of(random_chain(seed, 60))
    chain = chain_of(events)

    coverage = coverage_of(chain, events)

    for lot in chain.rows:
        assert covered_trace(coverage, lot) == (trace_in(chain, lot), Fraction(0))


@pytest.mark.parametrize("seed", range(6))
def test_covered_content_of_a_site_never_exceeds_what_its_records_say(seed: int) -> None:
    events = events_of(random_chain(seed, 60))
    chain = chain_of(events)
    after = restated(events, random.Random(seed))  # noqa: S311 - test data, not a secret
    coverage = coverage_of(chain, after)
    uses = {row.lot for event in after if event.kind is not Kind.LOSS for row in event.inputs}
    ends = [lot for lot in chain.rows if lot not in uses]

    covered: dict[str, Fraction] = {}
    for lot in ends:
        trace, _ = covered_trace(coverage, lot)
        made = coverage.left[lot].made_content_mg
        for origin in trace.origins:
            covered[origin.site] = covered.get(origin.site, Fraction(0)) + origin.share * made

    for site, content in covered.items():
        recorded = sum(
            row.content_mg
            for event in after
            if event.kind is Kind.PRODUCE
            for row in event.outputs
            if row.site == site
        )
        assert content <= recorded


def test_credits_in_the_books_make_and_use_no_lot() -> None:
    chain = chain_of(BOOKS.events)
    booked = replace(BOOKS.events[0], id="K", kind=Kind.BOOK)

    assert left_of(chain, [*BOOKS.events, booked]) == left_of(chain, BOOKS.events)
