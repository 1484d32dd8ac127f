"""What every engine that traces answers, and the exact one, which judges the others.

Rules: TRACE-001, TRACE-002, TRACE-005.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from stannary.core.custody import DEFAULT_RULES, CustodyRules, Event, Kind, Row
from stannary.core.custody.rules import LOT_AND_MASS_CODES
from stannary.core.kernel import refuse
from stannary.core.provenance import rules as codes
from stannary.core.provenance.ancestry import Chain, chain_of
from stannary.core.provenance.shares import Carried, Trace, carried_where, trace_in


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where material enters a chain.

    Attributes:
        kind: produce, recycle or purchase.
        site: The mine; "" for recycled material and for that of unknown origin.
        attestation: Identifier that the mined lots name; "" for none.
    """

    kind: Kind
    site: str = ""
    attestation: str = ""


RECYCLED = Source(Kind.RECYCLE)
UNKNOWN = Source(Kind.PURCHASE)

Shares = Mapping[Source, Fraction]
"""Shares above 0 of what a lot is made of; they add up to 1."""


class Engine(Protocol):
    """Answers where material comes from and where it went.

    What a lot is made of never changes, so `as_of`, the last instant that counts, decides only
    which lots there are. Engines agree: shares within 1e-9, everything else exactly.
    """

    def trace(self, lot_id: str, *, as_of: datetime.datetime | None = None) -> Trace:
        """Tell of what a lot is made.

        Raises:
            RefusalError: TRACE-001 if there is no such lot.
        """

    def forward(self, site: str, *, as_of: datetime.datetime | None = None) -> tuple[Carried, ...]:
        """List the lots that carry a site's material, in the order in which they were made.

        Raises:
            RefusalError: TRACE-002 if the site produced nothing.
        """

    def effect(
        self,
        attestation: str,
        *,
        since: datetime.datetime | None = None,
        as_of: datetime.datetime | None = None,
    ) -> tuple[Carried, ...]:
        """List the lots that carry material under an attestation: what its suspension touches.

        Args:
            attestation: Its identifier.
            since: Only material produced then or later counts; None for all.
            as_of: The last instant that counts.

        Raises:
            RefusalError: TRACE-005 if no such material was produced.
        """

    def by_source(self) -> Mapping[str, Shares]:
        """Give what every lot is made of, in the order in which lots were made."""

    def by_class(self, class_of: Mapping[Source, str]) -> Mapping[str, Mapping[str, Fraction]]:
        """Give the share of every class, such as a level, for every lot.

        Args:
            class_of: Source to class; a source that it does not name is of the class "".
        """


class Exact:
    """The engine that counts in fractions: the judge of the others."""

    def __init__(self, events: Sequence[Event], *, rules: CustodyRules = DEFAULT_RULES) -> None:
        """Check events.

        Raises:
            RefusalError: With every defect of lots and masses.
        """
        self.chain = chain_of(events, rules, refused=LOT_AND_MASS_CODES)

    def trace(self, lot_id: str, *, as_of: datetime.datetime | None = None) -> Trace:
        """Tell of what a lot is made."""
        return trace_in(self._until(as_of), lot_id)

    def forward(self, site: str, *, as_of: datetime.datetime | None = None) -> tuple[Carried, ...]:
        """List the lots that carry a site's material."""
        found = carried_where(self._until(as_of), lambda row: row.site == site)
        if not found:
            refuse(codes.SITE_IS_IN_THE_FILE, site=site[:200])
        return found

    def effect(
        self,
        attestation: str,
        *,
        since: datetime.datetime | None = None,
        as_of: datetime.datetime | None = None,
    ) -> tuple[Carried, ...]:
        """List the lots that carry material under an attestation."""

        def counts(row: Row) -> bool:
            return row.attestation == attestation and (since is None or row.at >= since)

        found = carried_where(self._until(as_of), counts)
        if not found:
            refuse(codes.ATTESTATION_IS_IN_THE_FILE, attestation=attestation[:200])
        return found

    def by_source(self) -> Mapping[str, Shares]:
        """Give what every lot is made of."""
        found: dict[str, Shares] = {}
        for event in self.chain.events:
            mixed: dict[Source, Fraction] = {}
            total = sum(row.content_mg for row in event.inputs)
            for row in event.inputs:
                for source, share in found[row.lot].items():
                    part = share * Fraction(row.content_mg, total)
                    mixed[source] = mixed.get(source, Fraction(0)) + part
            for row in event.outputs:
                found[row.lot] = {source_of(row): Fraction(1)} if event.kind.is_source else mixed
        return found

    def by_class(self, class_of: Mapping[Source, str]) -> Mapping[str, Mapping[str, Fraction]]:
        """Give the share of every class for every lot."""
        return {lot: in_classes(shares, class_of) for lot, shares in self.by_source().items()}

    def _until(self, as_of: datetime.datetime | None) -> Chain:
        if as_of is None:
            return self.chain
        events = tuple(event for event in self.chain.events if event.at <= as_of)
        rows = {lot: row for lot, row in self.chain.rows.items() if row.at <= as_of}
        return Chain(events, rows, {lot: self.chain.maker[lot] for lot in rows})


def source_of(row: Row) -> Source:
    """Give the source of a lot that a source's row makes."""
    if row.kind is not Kind.PRODUCE:
        return Source(row.kind)
    return Source(row.kind, row.site, row.attestation)


def in_classes(shares: Shares, class_of: Mapping[Source, str]) -> dict[str, Fraction]:
    """Add shares up by class."""
    found: dict[str, Fraction] = {}
    for source, share in shares.items():
        name = class_of.get(source, "")
        found[name] = found.get(name, Fraction(0)) + share
    return found
