"""Shares of origin, exact: of what a lot is made, and what carries a site's material.

Rules: TRACE-001, TRACE-002. All outputs of an event share one composition: that of its inputs,
weighted by the content taken from each.
"""

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody import (
    DEFAULT_RULES,
    CustodyRules,
    Event,
    Kind,
    Model,
    Row,
    weakest,
)
from stannary.core.kernel import largest_remainder, refuse, share_12_text
from stannary.core.provenance import rules as codes
from stannary.core.provenance.ancestry import Ancestry, Chain, ancestry_of, chain_of
from stannary.core.provenance.passing import passing


@dataclass(frozen=True, slots=True)
class Part:
    """A mined lot that a lot is made of.

    Attributes:
        lot: The mined lot.
        at: When it was produced.
        share: Of the traced lot's content, above 0, at most 1.
    """

    lot: str
    at: datetime.datetime
    share: Fraction


@dataclass(frozen=True, slots=True)
class Origin:
    """What a lot has from one site under one attestation.

    Attributes:
        site: The mine.
        attestation: Identifier that the mined lots name; "" for none.
        lot: The mined lot if it is one, None if there are several.
        at: When it was produced; the earliest when there are several.
        share: Of the lot's content, above 0, at most 1.
        content_mg: That share in whole milligrams; with all others it adds up to the content.
        parts: The mined lots, earliest first, with the share of each; needed where what counts
            is whether the attestation was in force on the day of each production.
    """

    site: str
    attestation: str
    lot: str | None
    at: datetime.datetime
    share: Fraction
    content_mg: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """Of what a lot is made.

    Attributes:
        model: The weakest named where the lot and its ancestors were made; None if none is.
        origins: Largest share first, then by site and attestation.
        recycled_share: 0 to 1.
        unknown_share: 0 to 1. Shares of origins and these two add up to exactly 1.
        lots: Number of lots in the ancestry, the lot itself included.
        events: Number of events that made them.
        depth: Largest number of steps from lot to lot down to an origin; 0 for a mined lot.
        recycled_mg: The recycled share in whole milligrams.
        unknown_mg: The share of unknown origin in whole milligrams.
    """

    lot: str
    content_mg: int
    mass_mg: int
    model: Model | None
    origins: tuple[Origin, ...]
    recycled_share: Fraction
    unknown_share: Fraction
    lots: int
    events: int
    depth: int
    recycled_mg: int = 0
    unknown_mg: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """A lot that carries a site's material.

    Attributes:
        lot: Its id.
        entity: Who made it.
        at: When it was made.
        share: The site's share of the lot's content, above 0, at most 1.
        content_mg: That share in whole milligrams, rounded down.
    """

    lot: str
    entity: str
    at: datetime.datetime
    share: Fraction
    content_mg: int


def trace(events: Sequence[Event], lot_id: str, *, rules: CustodyRules = DEFAULT_RULES) -> Trace:
    """Tell of what a lot is made, exactly.

    Args:
        events: All events known; the order given decides only between events of one time.
        lot_id: The lot.
        rules: The constants of a custody pack, for the check of transformations.

    Raises:
        RefusalError: TRACE-001 if no event makes the lot. CUSTODY-001 to CUSTODY-011 (or
            CUSTODY-017 for a correction) if lots or masses have a defect anywhere in `events`:
            a lot that is sold twice makes every trace a lie. Who held a lot does not matter.
    """
    return trace_in(chain_of(events, rules), lot_id)


def trace_in(chain: Chain, lot_id: str) -> Trace:
    """Trace a lot in a chain that is checked already; see `trace`."""
    back = ancestry_of(chain, lot_id)
    shares = _shares_of_sources(chain, back, lot_id)
    grouped: dict[tuple[str, str], list[Part]] = {}
    rest = {Kind.RECYCLE: Fraction(0), Kind.PURCHASE: Fraction(0)}
    for source, share in shares.items():
        row = chain.rows[source]
        if row.kind is Kind.PRODUCE:
            key = (row.site, row.attestation)
            grouped.setdefault(key, []).append(Part(row.lot, row.at, share))
        else:
            rest[row.kind] += share
    sums = {key: sum((part.share for part in parts), Fraction(0)) for key, parts in grouped.items()}
    keys = sorted(grouped, key=lambda key: (*_largest_first(sums[key]), *key))
    made = chain.rows[lot_id]
    weights = [*(sums[key] for key in keys), rest[Kind.RECYCLE], rest[Kind.PURCHASE]]
    contents = largest_remainder(made.content_mg, weights)
    return Trace(
        lot=lot_id,
        content_mg=made.content_mg,
        mass_mg=made.mass_mg,
        model=_model(chain, back),
        origins=tuple(
            _origin(key, grouped[key], sums[key], content)
            for key, content in zip(keys, contents, strict=False)
        ),
        recycled_share=rest[Kind.RECYCLE],
        unknown_share=rest[Kind.PURCHASE],
        lots=len(back.lots),
        events=len(back.events),
        depth=_depth(chain, back),
        recycled_mg=contents[-2],
        unknown_mg=contents[-1],
    )


def _origin(
    key: tuple[str, str], parts: Sequence[Part], share: Fraction, content_mg: int
) -> Origin:
    ordered = tuple(sorted(parts, key=lambda part: (part.at, part.lot)))
    return Origin(
        site=key[0],
        attestation=key[1],
        lot=ordered[0].lot if len(ordered) == 1 else None,
        at=ordered[0].at,
        share=share,
        content_mg=content_mg,
        parts=ordered,
    )


def _largest_first(share: Fraction) -> tuple[int, Fraction]:
    """Sort key: a coarse whole number, which mostly decides, before the exact comparison.

    Exact shares may have thousands of digits; comparing all of them would take longer than
    the trace.
    """
    return -(share.numerator << 64) // share.denominator, -share


def _shares_of_sources(chain: Chain, back: Ancestry, lot_id: str) -> dict[str, Fraction]:
    """Send the lot's content back, event by event, until only sources hold it.

    Going back, each event is met once with one number, so the work grows with the rows of the
    ancestry and not with rows times origins.
    """
    found = passing(chain, back, lot_id)
    if found is None:
        return shares_in_fractions(chain, back, lot_id)
    parts = {lot: n for lot, n in found.through.items() if chain.rows[lot].kind.is_source}
    common = math.gcd(*parts.values())  # taken out once, and not from each fraction
    return {lot: Fraction(n // common, found.one // common) for lot, n in parts.items()}


def shares_in_fractions(chain: Chain, back: Ancestry, lot_id: str) -> dict[str, Fraction]:
    """Do the same with fractions that are reduced at every step: for very long chains."""
    share: dict[str, Fraction] = {lot_id: Fraction(1)}
    sources: dict[str, Fraction] = {}
    for index in reversed(back.events):
        event = chain.events[index]
        made = {row.lot: share.pop(row.lot) for row in event.outputs if row.lot in share}
        if event.kind.is_source:
            sources |= made
            continue
        through = sum(made.values(), Fraction(0))
        total = sum(row.content_mg for row in event.inputs)
        for row in event.inputs:
            part = through * Fraction(row.content_mg, total)
            share[row.lot] = share[row.lot] + part if row.lot in share else part
    return sources


def _model(chain: Chain, back: Ancestry) -> Model | None:
    return weakest(
        row.model
        for index in back.events
        for row in (*chain.events[index].inputs, *chain.events[index].outputs)
        if row.lot in back.lots
    )


def _depth(chain: Chain, back: Ancestry) -> int:
    depth: dict[int, int] = {}
    for index in back.events:
        depths = [depth[chain.maker[row.lot]] for row in chain.events[index].inputs]
        depth[index] = max(depths) + 1 if depths else 0
    return depth[back.events[-1]]


def carried(
    events: Sequence[Event], site: str, *, rules: CustodyRules = DEFAULT_RULES
) -> tuple[Carried, ...]:
    """List the lots that carry a site's material, in the order in which they were made.

    The mined lots come first; a lot that has been used up since is listed too.

    Raises:
        RefusalError: TRACE-002 if the site produced nothing; CUSTODY codes as for `trace`.
    """
    return carried_in(chain_of(events, rules), site)


def carried_in(chain: Chain, site: str) -> tuple[Carried, ...]:
    """Follow a site's material in a chain that is checked already; see `carried`."""
    found = carried_where(chain, lambda row: row.site == site)
    if not found:
        refuse(codes.SITE_IS_IN_THE_FILE, site=site[:200])
    return found


def carried_where(chain: Chain, counts: Callable[[Row], bool]) -> tuple[Carried, ...]:
    """List the lots that carry material whose row of production counts; none if none does."""
    found: list[Carried] = []
    share: dict[str, Fraction] = {}
    for event in chain.events:
        through = _mixed(event, share)
        for row in event.outputs:
            one = Fraction(1) if event.kind is Kind.PRODUCE and counts(row) else through
            if one:
                share[row.lot] = one
                found.append(Carried(row.lot, row.entity, row.at, one, _whole(one, row)))
    return tuple(found)


def _whole(share: Fraction, row: Row) -> int:
    return share.numerator * row.content_mg // share.denominator


def _mixed(event: Event, share: Mapping[str, Fraction]) -> Fraction:
    rows = [row for row in event.inputs if row.lot in share]
    if not rows:
        return Fraction(0)
    total = sum(row.content_mg for row in event.inputs)
    return sum((share[row.lot] * Fraction(row.content_mg, total) for row in rows), Fraction(0))


def trace_as_dict(one: Trace, *, levels: Mapping[str, str] | None = None) -> dict[str, object]:
    """Give a trace in the shape that outsiders rely on (CONTRACTS, section 3).

    Args:
        one: The trace.
        levels: Attestation identifier to the level to print beside it; None, or an identifier
            that is missing, prints null.
    """
    known = levels or {}
    return {
        "lot": one.lot,
        "content_mg": str(one.content_mg),
        "model": None if one.model is None else str(one.model),
        "origins": [
            {
                "site": origin.site,
                "attestation": origin.attestation,
                "level": known.get(origin.attestation),
                "share": share_12_text(origin.share),
                "content_mg": str(origin.content_mg),
            }
            for origin in one.origins
        ],
        "recycled_share": share_12_text(one.recycled_share),
        "unknown_share": share_12_text(one.unknown_share),
        "lots": one.lots,
        "events": one.events,
        "depth": one.depth,
    }
