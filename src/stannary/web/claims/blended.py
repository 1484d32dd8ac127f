"""What a facility blended in a period: the measured share of it from sites at each level.

Here batches and achievements meet. It is public, as lots are, where its organisation lets itself be
named.
"""

import datetime
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.claims import Blended, may_be_named
from stannary.core.custody import BalancePeriod
from stannary.core.custody.accounting.behind import ROWS_MAX
from stannary.core.standards import Edition
from stannary.web.attestations import queries as attestations
from stannary.web.claims import of_sites, queries
from stannary.web.custody import blending
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Facility
from stannary.web.standards import queries as standards

MOST = 200
"""So many batches are traced for a page."""


@dataclass(frozen=True, slots=True)
class Shares:
    """With the levels of one standard, highest first, each with the share at it or better."""

    standard: str
    title: str
    levels: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a facility blended in a period.

    Attributes:
        state: measured, nothing, too_many, or not_told where its organisation does not let itself
            be named.
        period: None: it never blended anything, or that is not told.
        batches: How many were measured.
        standards: One for each standard whose levels the origins name; none: no level is known.
        pack: Id of the pack under which its organisation keeps its books then.
    """

    state: str
    period: BalancePeriod | None = None
    batches: int = 0
    standards: tuple[Shares, ...] = ()
    pack: str = packs.PACK


def measured(place: Facility, day: datetime.date, *, exactly: bool = False) -> Measured:
    """Measure what a facility blended, with as many queries for many batches as for one.

    Args:
        place: The facility.
        day: In the balance period of this day.
        exactly: In no other one; else, if nothing was made then, in the newest one before.
    """
    if place.organisation.name in entities.names_not_shown():
        return Measured("not_told")
    last = day if exactly else blending.blended_last(place, day)
    if last is None:
        return Measured("nothing")
    period = blending.period_on(place, last)
    blended = of_sites.blended_at(place, period, MOST)
    if blended is None:
        return Measured("too_many", period)
    if not blended.batches:
        return Measured("nothing", period)
    pack = packs.edition(blending.rules_on(place, day).pack)
    shares = _shares(blended, day, pack)
    return Measured("measured", period, len(blended.batches), shares, pack.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """Every blend of a facility and a period.

    Attributes:
        state: listed, nothing, too_many, or not_told where its organisation does not let itself be
            named and claims nothing of it.
        period: None: it never blended anything, or that is not told.
        blended: None: not listed.
    """

    state: str
    period: BalancePeriod | None = None
    blended: Blended | None = None


def listed(place: Facility, today: datetime.date, asked: BalancePeriod | None) -> Listed:
    """List every blend of a facility in a period, so that it can be compared with claims.

    Whoever claims something of a site agrees to that.

    Args:
        place: The facility.
        today: In the newest balance period until this day, if none is asked for.
        asked: The period.
    """
    hidden = place.organisation.name in entities.names_not_shown()
    if hidden and not queries.claims_on_site(place).exists():
        return Listed("not_told")
    last = blending.blended_last(place, today) if asked is None else asked.valid_from
    if last is None:
        return Listed("nothing")
    period = asked or blending.period_on(place, last)
    found = of_sites.blended_at(place, period, ROWS_MAX)
    if found is None:
        return Listed("too_many", period)
    return Listed("listed" if found.made else "nothing", period, found)


def _shares(blended: Blended, day: datetime.date, pack: Edition) -> tuple[Shares, ...]:
    origins = [origin for one in blended.batches for origin in one.trace.origins]
    achievements = attestations.achievements({one.attestation for one in origins} - {""})
    given = blending.given_to(one.made.lot for one in blended.batches)
    found = []
    for name in sorted({one.standard for one in achievements.values()}):
        edition = standards.edition_or_none(name)
        if edition is None:
            continue
        named = [one.code for one in reversed(edition.levels) if may_be_named(one, pack, day)]
        shares = {
            code: blended.share_at(achievements, edition, code, given=given) for code in named
        }
        levels = tuple((code, share or Fraction(0)) for code, share in shares.items())
        found.append(Shares(name, edition.short_title or edition.title, levels))
    return tuple(found)
