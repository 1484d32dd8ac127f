"""What of a lot is still covered when a record behind it is restated.

A lot that was used beyond what it has is short. All uses share the shortage by their content,
since nobody can tell whose grains are missing; so does everything made of them. Nothing is set to
nothing: what is not covered is a share of its own.

Rules: none of its own; the findings are those of `effects`.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from stannary.core.custody import Event, Kind
from stannary.core.provenance import Chain, Trace, links_in, trace_in

ALL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Left:
    """What the books say of a lot's own mass.

    Attributes:
        made_mass_mg: 0 if the event that made it never happened.
        made_content_mg: The same for its content.
        used_mass_mg: By all events together, losses included.
        used_content_mg: The same for its content.
    """

    made_mass_mg: int
    made_content_mg: int
    used_mass_mg: int
    used_content_mg: int

    @property
    def mass_mg(self) -> int:
        """What is left; below 0: so much is missing."""
        return self.made_mass_mg - self.used_mass_mg

    @property
    def content_mg(self) -> int:
        """What is left of the content; below 0: so much is missing."""
        return self.made_content_mg - self.used_content_mg


@dataclass(frozen=True, slots=True)
class Coverage:
    """A chain as it was first recorded, with what the restated books say of it.

    Attributes:
        chain: In the order of the first records, each row as it is known now.
        left: Lot id to what the restated books say of it.
        shares: Lot id to the share of each use that is covered, 0 to 1; 1 if it is not there.
        event_shares: Index of an event in the chain to the share of its outputs that its inputs
            cover; 1 if it is not there.
        unproved: Lot id to the instant from which nothing proves what it is, for example because
            whoever held it had no certificate any more.
    """

    chain: Chain
    left: Mapping[str, Left]
    shares: Mapping[str, Fraction]
    event_shares: Mapping[int, Fraction]
    unproved: Mapping[str, datetime.datetime]


def left_of(chain: Chain, events: Iterable[Event]) -> dict[str, Left]:
    """Add up what was made and used of every lot of a chain, below nothing if need be.

    Args:
        chain: Says which lots there are.
        events: As they are known now; a lot that none of them makes has a mass of 0.
    """
    sums = {lot: [0, 0, 0, 0] for lot in chain.rows}
    for event in events:
        if event.kind.is_credit:
            continue
        for row in event.outputs:
            sums[row.lot][0] += row.mass_mg
            sums[row.lot][1] += row.content_mg
        for row in event.inputs:
            sums[row.lot][2] += row.mass_mg
            sums[row.lot][3] += row.content_mg
    return {lot: Left(*numbers) for lot, numbers in sums.items()}


def coverage_of(
    chain: Chain,
    events: Iterable[Event],
    unproved: Mapping[str, datetime.datetime] | None = None,
) -> Coverage:
    """Lay restated events over a chain that was sound before.

    Args:
        chain: Of the events as first recorded.
        events: As they are known now: each of the chain, or without those that never happened.
        unproved: Lots of which nothing is proved from an instant on.
    """
    known = {event.id: event for event in events}
    kept = tuple(known.get(event.id, event) for event in chain.events)
    left = left_of(chain, known.values())
    shares = {}
    for lot, one in left.items():
        if one.content_mg < 0:
            shares[lot] = Fraction(one.made_content_mg, one.used_content_mg)
        if one.mass_mg < 0:
            by_mass = Fraction(one.made_mass_mg, one.used_mass_mg)
            shares[lot] = min(by_mass, shares.get(lot, ALL))
    event_shares: dict[int, Fraction] = {}
    for index, event in enumerate(kept):
        went_in = sum(row.content_mg for row in event.inputs)
        came_out = sum(row.content_mg for row in event.outputs)
        if event.id not in known:
            event_shares[index] = Fraction(0)
        elif not event.kind.is_source and came_out > went_in:
            event_shares[index] = Fraction(went_in, came_out)
    return Coverage(
        chain=Chain(
            events=kept,
            rows={row.lot: row for event in kept for row in event.outputs},
            maker=chain.maker,
        ),
        left=left,
        shares=shares,
        event_shares=event_shares,
        unproved=dict(unproved or {}),
    )


def covered_trace(coverage: Coverage, lot: str) -> tuple[Trace, Fraction]:
    """Trace a lot through restated books.

    Returns:
        The trace, in which every share is what is still covered of it, and the share that is
        not: together with the origins, the recycled and the unknown share it is 1.
    """
    whole = trace_in(coverage.chain, lot)
    arriving = _arriving(coverage, lot)
    origins = []
    for origin in whole.origins:
        parts = tuple(replace(part, share=arriving[part.lot]) for part in origin.parts)
        share = sum((part.share for part in parts), Fraction(0))
        if share == origin.share:
            origins.append(origin)
        elif share:
            kept = tuple(part for part in parts if part.share)
            content_mg = _down(share, whole.content_mg)
            origins.append(replace(origin, share=share, content_mg=content_mg, parts=kept))
    kinds = {source: coverage.chain.rows[source].kind for source in arriving}
    rest = {
        kind: sum((arriving[one] for one in kinds if kinds[one] is kind), Fraction(0))
        for kind in (Kind.RECYCLE, Kind.PURCHASE)
    }
    covered = replace(
        whole,
        origins=tuple(origins),
        recycled_share=rest[Kind.RECYCLE],
        unknown_share=rest[Kind.PURCHASE],
        recycled_mg=whole.recycled_mg
        if rest[Kind.RECYCLE] == whole.recycled_share
        else _down(rest[Kind.RECYCLE], whole.content_mg),
        unknown_mg=whole.unknown_mg
        if rest[Kind.PURCHASE] == whole.unknown_share
        else _down(rest[Kind.PURCHASE], whole.content_mg),
    )
    return covered, 1 - sum(arriving.values(), Fraction(0))


def _down(share: Fraction, content_mg: int) -> int:
    """Round a share of a content down to the milligram."""
    return share.numerator * content_mg // share.denominator


def _arriving(coverage: Coverage, lot: str) -> dict[str, Fraction]:
    """Give what arrives of a lot's content at each lot that entered the chain, if covered."""
    maker = coverage.chain.maker
    begin = Fraction(0) if lot in coverage.unproved else ALL
    begin *= coverage.event_shares.get(maker[lot], ALL)
    # Shares as the links have them, without regard to what is covered, lead the way.
    plain, arriving = {lot: ALL}, {lot: begin}
    for link in reversed(links_in(coverage.chain, lot)):
        covered = coverage.shares.get(link.from_lot, ALL)
        unproved_from = coverage.unproved.get(link.from_lot)
        used_at = coverage.chain.rows[link.to_lot].at
        if unproved_from is not None and used_at >= unproved_from:
            covered = Fraction(0)
        covered *= coverage.event_shares.get(maker[link.from_lot], ALL)
        part = arriving[link.to_lot] * link.share / plain[link.to_lot] * covered
        plain[link.from_lot] = plain.get(link.from_lot, Fraction(0)) + link.share
        arriving[link.from_lot] = arriving.get(link.from_lot, Fraction(0)) + part
    rows = coverage.chain.rows
    return {one: share for one, share in arriving.items() if rows[one].kind.is_source}
