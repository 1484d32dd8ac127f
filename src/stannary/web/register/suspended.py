"""What a suspension does, as its page tells it: found by the arrays, and judged by core where it counts.

For an achievement the arrays find the lots and what of them counts; credits and claims on them are
compared by core, over what they are made of alone. For a certificate, and where the arrays are not
used, core compares what can differ, over what decides that.

Rules: those of core.restatements; PARTY-001.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from django.utils import timezone

from stannary.core.attestations import Achievement
from stannary.core.custody import Books as KeptBooks
from stannary.core.custody import Kind, Row
from stannary.core.restatements import (
    Books,
    ClaimEffect,
    ClaimMade,
    CreditsEffect,
    Effects,
    IssuedCredits,
    Keeping,
    Notice,
    simulate,
)
from stannary.web.attestations import queries as attestations
from stannary.web.claims import of_sites
from stannary.web.custody import queries as custody
from stannary.web.custody import tracing
from stannary.web.custody.books import queries as credit_books
from stannary.web.custody.state import slices
from stannary.web.custody.tracing import Produced, Reached
from stannary.web.register import effects
from stannary.web.register.effects import Suspension


@dataclass(frozen=True, slots=True)
class TouchedLot:
    """A lot that a suspension touches.

    Attributes:
        lot: Its id.
        holder: Who holds it, or sent it.
        in_transit: Whether it is under way.
        before: Share of its content that counted for a level, 0 to 1.
        after: The same now.
        covered: Share of its content that is still proved.
        missing_mg: Of what is left of it, no longer covered; rounded up.
    """

    lot: str
    holder: str
    in_transit: bool
    before: Fraction
    after: Fraction
    covered: Fraction = Fraction(1)
    missing_mg: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a suspension does, each part in the order of the books."""

    lots: tuple[TouchedLot, ...]
    credits: tuple[CreditsEffect, ...]
    claims: tuple[ClaimEffect, ...]
    notices: tuple[Notice, ...]


def told_of(kind: str, name: str, since: str = "") -> tuple[Suspension, Told]:
    """Tell what a suspension of a certificate or an achievement does.

    Args:
        kind: "certificate" or "achievement".
        name: Number or identifier.
        since: First day of a certificate's suspension; "": of the newest.

    Raises:
        RefusalError: PARTY-001 if there is none of this kind, name and day.
    """
    one = effects.suspension(kind, name, since)
    found = _of_achievement(name) if kind == "achievement" else None
    return one, found or _by_core(kind, name, since)


def _by_core(kind: str, name: str, since: str) -> Told:
    return _told(effects.effect_of(kind, name, since)[1])


def _told(found: Effects) -> Told:
    lots = (
        TouchedLot(
            each.lot,
            each.holder,
            each.in_transit,
            sum(each.before.levels.values(), Fraction(0)),
            sum(each.after.levels.values(), Fraction(0)),
            each.after.covered,
            each.missing_mg,
        )
        for each in found.lots
    )
    return Told(tuple(lots), found.credits, found.claims, found.notices)


def _of_achievement(name: str) -> Told | None:
    now = attestations.achievements([name])[name]
    as_was = replace(now, status_changes=())
    judged = _Judge(as_was, now)
    found = tracing.reached(judged)
    moves = None if found is None else custody.move_rows(one.lot for one in found)
    if found is None or moves is None:
        return None
    touched = frozenset(one.lot for one in found)
    on_lots = _resting_on(touched, name)
    descent = tracing.descent((), on_lots.lots)
    if descent is None:
        return None
    rows = custody.rows_of_events(descent.events)
    books = replace(_books(rows, on_lots), keep=_kept_for(on_lots))
    small = simulate(
        replace(books, achievements={**judged.known, name: as_was}),
        replace(books, achievements={**judged.known, name: now}),
    )
    lots = _lots(found, sorted(moves, key=lambda row: row.at))
    return Told(lots, small.credits, small.claims, _with_lots(small.notices, found, moves, lots))


class _Judge:
    """Says what counted before a change of one achievement, and what does now."""

    def __init__(self, was: Achievement, now: Achievement) -> None:
        self.was, self.now = was, now
        self.known: dict[str, Achievement] = {}

    def __call__(self, produced: Sequence[Produced]) -> tuple[list[bool], list[bool]]:
        named = {one.attestation for one in produced}
        self.known = {**attestations.achievements(named - {""}), self.now.id: self.now}
        after = [self._counts(self.known.get(one.attestation), one) for one in produced]
        before = [
            self._counts(self.was, one) if one.attestation == self.was.id else counts
            for one, counts in zip(produced, after, strict=True)
        ]
        return before, after

    @staticmethod
    def _counts(held: Achievement | None, one: Produced) -> bool:
        return held is not None and held.site == one.site and held.level_on(one.on) is not None


@dataclass(frozen=True, slots=True)
class _Resting:
    """Credits and claims that can be touched, and the lots that they are on."""

    credits: tuple[IssuedCredits, ...]
    claims: tuple[ClaimMade, ...]
    of_claims: frozenset[str]

    @property
    def lots(self) -> set[str]:
        return {one.lot for one in self.credits} | self.of_claims


def _resting_on(touched: frozenset[str], attestation: str) -> _Resting:
    """Give what rests on lots, and claims for which the books name an attestation."""
    lots = touched | custody.lots_given_by(attestation)
    sites = of_sites.resting_on(lots)
    said = effects.claims_made(lots, sites)
    behind = frozenset(effects.lots_behind(said, sites))
    return _Resting(tuple(credit_books.issued(touched)), said, behind)


def _books(rows: Iterable[Row], resting: _Resting) -> Books:
    those = tuple(rows)
    day = max((row.at.date() for row in those), default=datetime.date.min)
    on_sites = any(one.claim.blending for one in resting.claims)
    return Books(
        events=custody.material_events(those),
        credits=resting.credits,
        claims=resting.claims,
        rules=custody.custody_rules(day),
        certificates=effects.certificates_of(those) if on_sites else (),
        covered_on=timezone.localdate(),
    )


def _kept_for(resting: _Resting) -> Keeping:
    """Give what keeps accounts over all that decides what the books say of claims, once."""

    @cache
    def kept() -> KeptBooks:
        part = slices.behind(slices.keys_behind(resting.of_claims), slices.Reader())
        return effects.keeper(effects.certificates_of(part.rows))(part.events)

    return lambda _events: kept()


def _lots(found: Iterable[Reached], moves: Iterable[Row]) -> tuple[TouchedLot, ...]:
    """Say who holds each lot: whoever made it, or received or sent it last."""
    last = {row.lot: row for row in moves}
    lots = []
    for one in found:
        move = last.get(one.lot)
        holder = one.maker if move is None else move.entity
        in_transit = move is not None and move.kind is Kind.SHIP
        lots.append(TouchedLot(one.lot, holder, in_transit, one.before, one.after))
    return tuple(lots)


def _with_lots(
    notices: Iterable[Notice],
    found: Iterable[Reached],
    moves: Iterable[Row],
    lots: Iterable[TouchedLot],
) -> tuple[Notice, ...]:
    """Add whoever made, carried or holds a lot to those who are told of credits and claims."""
    about: dict[tuple[str, str], set[str]] = {
        (one.entity, one.role): set(one.about)
        for one in notices
        if one.role not in ("maker", "carrier", "holder")
    }
    told = [
        *((one.maker, "maker", one.lot) for one in found),
        *((row.entity, "carrier", row.lot) for row in moves),
        *((one.holder, "holder", one.lot) for one in lots),
    ]
    for entity, role, lot in told:
        about.setdefault((entity, role), set()).add(lot)
    return tuple(sorted(Notice(*key, tuple(sorted(names))) for key, names in about.items()))
