"""What a claim on what a site blended rests on: batches, what the books give them, achievements.

Rules: CUSTODY-097.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils import timezone

from stannary.core.attestations import Achievement
from stannary.core.claims import (
    Blended,
    Blending,
    Claim,
    blended_by,
    check_site_claim,
    counting_of,
    may_be_named,
)
from stannary.core.custody import Amounts, BalancePeriod, CustodyCertificate, Row
from stannary.core.custody.accounting.behind import ROWS_MAX
from stannary.core.custody.accounting.rules import BOOKS_BEHIND_ARE_BOUNDED
from stannary.core.kernel import Finding, InvariantError, add_months, refuse
from stannary.core.publications import PublishedResult
from stannary.core.standards import Edition
from stannary.web.claims import queries
from stannary.web.claims import records as rows
from stannary.web.claims.models import Claim as ClaimRow
from stannary.web.custody import blending
from stannary.web.custody import queries as custody
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Facility
from stannary.web.standards import queries as standards

PERIODS = 3
"""So many periods a clerk is shown, the newest first."""


def blended_at(place: Facility, period: BalancePeriod, most: int) -> Blended | None:
    """Give what a facility blended under control in a period; None if more than `most` lots were made.

    As many queries for many batches as for one.
    """
    lots = blending.lots_made(place, period, most)
    if lots is None:
        return None
    events = blending.events_that_made(lots) if lots else ()
    there = {row.lot for event in events for row in event.outputs}.intersection(lots)
    return blended_by(
        events,
        custody.traces_of(sorted(there)),  # an event that was taken back made none
        entity=place.organisation.name,
        site=place.slug,
        period=period,
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """What a claim on what a site blended can rest on.

    Attributes:
        blended: Of all materials.
        given: What the books let be said of each batch, by lot.
        achievements: Those that the origins name and that are known here, by id.
        results: The published results on which these rest.
        certificates: Of whoever blended.
    """

    blended: Blended
    given: Mapping[str, Amounts]
    achievements: Mapping[str, Achievement]
    results: Sequence[PublishedResult]
    certificates: tuple[CustodyCertificate, ...]


def basis(place: Facility, period: BalancePeriod) -> Basis:
    """Give what a claim on a facility and a period can rest on, with a fixed number of queries.

    Raises:
        RefusalError: CUSTODY-097 if more lots were made there than whoever checks a claim replays.
    """
    blended = blended_at(place, period, ROWS_MAX)
    if blended is None:
        refuse(BOOKS_BEHIND_ARE_BOUNDED, rows=f"more than {ROWS_MAX}", at_most=str(ROWS_MAX))
    origins = [origin for one in blended.batches for origin in one.trace.origins]
    achievements, results = queries.achieved({one.attestation for one in origins})
    held = entities.certificates().filter(holder__name=place.organisation.name)
    return Basis(
        blended,
        blending.given_to(one.made.lot for one in blended.batches),
        achievements,
        results,
        entities.in_core(held),
    )


def findings(
    claim: Claim,
    found: Basis,
    *,
    edition: Edition,
    pack: Edition,
    covered_on: datetime.date | None = None,
) -> tuple[Finding, ...]:
    """Tell why a claim may not be made, by what is recorded now; see `check_site_claim`."""
    return check_site_claim(
        claim,
        blended=found.blended,
        given=found.given,
        achievements=found.achievements,
        edition=edition,
        custody_pack=pack,
        certificates=found.certificates,
        covered_on=covered_on,
    )


def share(claim: Claim, found: Basis, *, edition: Edition, pack: Edition) -> Fraction:
    """Give the measured share of the material of a claim at its level; 0 if nothing was blended."""
    measured = found.blended.of(about(claim).material).share_at(
        found.achievements,
        edition,
        claim.level,
        given=found.given,
        counting=counting_of(pack, claim.made_on),
    )
    return measured or Fraction(0)


def place_of(row: ClaimRow) -> Facility:
    """Give the facility of a claim as it was: of whoever made the claim. It is not stored."""
    return Facility(slug=row.facility, organisation=row.made_by)


def checked(row: ClaimRow) -> tuple[Fraction, tuple[Finding, ...]]:
    """Give the share that is measured now for a claim, and why it would be refused today."""
    claim = rows.claim_of(row)
    edition, pack = standards.edition(row.standard), custody.pack_named(row.custody_pack)
    found = basis(place_of(row), about(claim).period)
    against = findings(
        claim, found, edition=edition, pack=pack, covered_on=max(timezone.localdate(), row.made_on)
    )
    return share(claim, found, edition=edition, pack=pack), against


def about(claim: Claim) -> Blending:
    """Give what a claim is about that is not about a lot."""
    if claim.blending is None:
        raise InvariantError("a claim on a lot is about no site")
    return claim.blending


def may_be_claimed(
    day: datetime.date, until: datetime.date, place: Facility | None = None
) -> BalancePeriod:
    """Give what of the balance period of a day may be claimed on another: all, or until then."""
    whole = blending.period_on(place, day)
    return BalancePeriod(whole.valid_from, min(whole.valid_until, until))


def ends(
    period: BalancePeriod, made_on: datetime.date, months: int, place: Facility | None = None
) -> datetime.date:
    """Give the day on which a claim ends: after so many months, or with a period that goes on."""
    whole = blending.period_on(place, period.valid_from)
    end = add_months(made_on, months)
    return end if whole.valid_until <= made_on else min(end, whole.valid_until)


def periods(place: Facility, today: datetime.date) -> tuple[BalancePeriod, ...]:
    """Give the newest periods in which a facility made lots out of others, newest first."""
    found: list[BalancePeriod] = []
    until = today - datetime.timedelta(days=1)
    while len(found) < PERIODS and (last := blending.blended_last(place, until)):
        found.append(may_be_claimed(last, today, place))
        until = found[-1].valid_from - datetime.timedelta(days=1)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Most:
    """The most that may be claimed of a material and a period with a level."""

    period: BalancePeriod
    material: str
    standard: str
    level: str
    share: Fraction


def outcomes(
    place: Facility, those: Iterable[BalancePeriod], today: datetime.date
) -> tuple[Most, ...]:
    """Give the measured share of each period and material at each level that may be named."""
    pack = packs.edition(blending.rules_on(place, today).pack)
    found = []
    for period in those:
        known = basis(place, period)
        names = sorted({one.standard for one in known.achievements.values()})
        editions = [one for one in map(standards.edition_or_none, names) if one is not None]
        for material in materials(known.blended.made):
            measured = known.blended.of(material)
            for edition in editions:
                for level in reversed(edition.levels):
                    if not may_be_named(level, pack, today):
                        continue
                    part = measured.share_at(
                        known.achievements,
                        edition,
                        level.code,
                        given=known.given,
                        counting=counting_of(pack, today),
                    )
                    if part is not None:
                        found.append(Most(period, material, edition.id, level.code, part))
    return tuple(found)


def materials(made: Iterable[Row]) -> tuple[str, ...]:
    """Name the materials of batches, by name."""
    return tuple(sorted({row.material for row in made}))


def subject(claim: Claim) -> str:
    """Name what a claim is about: a lot, or the material and period of a site."""
    on = claim.blending
    return claim.lot if on is None else f"{on.facility}, {on.material}, {on.period}"


@dataclass(frozen=True, slots=True)
class Resting:
    """Claims on what sites blended, and the lots on which they rest."""

    claims: tuple[ClaimRow, ...]
    lots: frozenset[str]


def resting_on(lots: Collection[str], entity: str = "") -> Resting:
    """Give the claims on sites that made one of some lots, or of an entity, with three queries at most.

    Args:
        lots: That are not what they were.
        entity: Whose certificate is not what it was; "": nobody's.
    """
    those = list(queries.claims().filter(withdrawal__isnull=True).exclude(facility=""))
    places = blending.made_at(lots) if those else set()
    touched = tuple(
        row
        for row in those
        if row.made_by.name == entity or (row.made_by.name, row.facility) in places
    )
    where = {
        (one.facility, row.made_by.name, one.period)
        for row in touched
        for one in (about(rows.claim_of(row)),)
    }
    return Resting(touched, frozenset(blending.lots_made_in(where)))
