"""What a suspension does, as its page tells it: found by the arrays, and judged by core where it counts.

For an achievement the arrays find the lots; credits and claims on them are compared by core, over what
they are made of alone. Everything else, and all where the arrays are not used, is told by core over
the whole book.

Rules: those of core.restatements; PARTY-001.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.custody import Books as KeptBooks
from stannary.core.custody import Event
from stannary.core.restatements import Books, ClaimEffect, CreditsEffect, Notice, simulate
from stannary.web.attestations import queries as attestations
from stannary.web.custody import keeping, tracing
from stannary.web.custody import queries as custody
from stannary.web.custody.tracing import Produced, Reached
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
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


def told_of(kind: str, name: str) -> tuple[Suspension, Told]:
    """Tell what the newest suspension of a certificate or an achievement does.

    Raises:
        RefusalError: PARTY-001 if there is none of this kind and name.
    """
    one = effects.suspension(kind, name)
    found = _by_arrays(name) if kind == "achievement" else None
    return one, found or _by_core(kind, name)


def _by_core(kind: str, name: str) -> Told:
    _, found = effects.effect_of(kind, name)
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


def _by_arrays(name: str) -> Told | None:
    now = attestations.achievements([name])[name]
    as_was = replace(now, status_changes=())
    judged = _Judge(as_was, now)
    found = tracing.reached(judged)
    moves = None if found is None else custody.moves_of(one.lot for one in found)
    if found is None or moves is None:
        return None
    touched = frozenset(one.lot for one in found)
    books = _books_of(touched, judged.known)
    if books is None:
        return None
    small = simulate(
        replace(books, achievements={**judged.known, name: as_was}),
        replace(books, achievements={**judged.known, name: now}),
    )
    lots, notices = _lots(found, moves), small.notices
    return Told(lots, small.credits, small.claims, _with_lots(notices, found, moves, lots))


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


def _books_of(touched: frozenset[str], known: dict[str, Achievement]) -> Books | None:
    """Give the credits and claims that can be touched, and what their lots are made of.

    A claim under a pack that keeps books may rest on an account, whatever its lot is made of.
    """
    credits_ = tuple(one for one in effects.credits_booked() if one.lot in touched)
    rest_on_books = packs.PACK
    claims = tuple(
        one
        for one in effects.claims_made()
        if one.claim.lot in touched or one.custody_pack.id == rest_on_books
    )
    lots = {one.lot for one in credits_} | {one.claim.lot for one in claims}
    rows = custody.rows_behind(lots)
    if rows is None:
        return None
    day = max((row.at.date() for row in rows), default=datetime.date.min)
    return Books(
        events=custody.material_events(rows),
        credits=credits_,
        claims=claims,
        achievements=known,
        rules=custody.custody_rules(day),
        keep=_WholeBooks(),
    )


class _WholeBooks:
    """Keeps accounts over all that is booked, once, whatever part of it is compared."""

    def __init__(self) -> None:
        self.kept: KeptBooks | None = None

    def __call__(self, _events: Sequence[Event]) -> KeptBooks:
        if self.kept is None:
            rows = custody.all_rows()
            keep = effects.keeper(rows, entities.in_core())
            self.kept = keep(custody.material_events(keeping.as_corrected(rows)))
        return self.kept


def _lots(found: Iterable[Reached], moves: dict[str, list[custody.Move]]) -> tuple[TouchedLot, ...]:
    lots = []
    for one in found:
        holder, in_transit = one.maker, False
        for move in moves.get(one.lot, ()):
            holder, in_transit = move.entity, move.is_shipped
        lots.append(TouchedLot(one.lot, holder, in_transit, one.before, one.after))
    return tuple(lots)


def _with_lots(
    notices: Iterable[Notice],
    found: Iterable[Reached],
    moves: dict[str, list[custody.Move]],
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
        *((move.entity, "carrier", lot) for lot, those in moves.items() for move in those),
        *((one.holder, "holder", one.lot) for one in lots),
    ]
    for entity, role, lot in told:
        if entity:
            about.setdefault((entity, role), set()).add(lot)
    return tuple(sorted(Notice(*key, tuple(sorted(names))) for key, names in about.items()))
