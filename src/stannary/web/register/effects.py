"""What a suspension does to lots, credits and claims, and who holds them: told by core, on demand.

Rules: those of core.restatements; PARTY-001.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import timezone

from stannary.core.custody import CustodyCertificate, Row, keep_books
from stannary.core.kernel import refuse
from stannary.core.restatements import (
    Books,
    ClaimMade,
    Effects,
    Keeping,
    simulate,
    with_achievement,
    without_certificate,
)
from stannary.web.attestations import queries as attestations
from stannary.web.claims import of_sites
from stannary.web.claims import queries as claims
from stannary.web.claims.records import claim_of
from stannary.web.custody import queries as custody
from stannary.web.custody.books import queries as credit_books
from stannary.web.custody.models import Movement
from stannary.web.custody.state import slices
from stannary.web.custody.state.slices import Slice
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.entities.factors import queries as conversions
from stannary.web.entities.models import Certificate, CertificateStep
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time in which a certificate or an achievement gives nothing.

    Attributes:
        kind: "certificate" or "achievement".
        id: Number or identifier.
        whose: Name of the entity, or id of the site.
        slug: For the address of its page.
        status: "suspended" or "withdrawn".
        since: First day.
        until: First day on which it counts again; None: not known.
        ends: First day of what came after it, resumed or withdrawn; None: nothing did.
        reason: In words.
        illustrative: Whether it is made up.
    """

    kind: str
    id: str
    whose: str
    slug: str
    status: str
    since: datetime.date
    until: datetime.date | None
    reason: str
    illustrative: bool
    ends: datetime.date | None = None

    @property
    def page(self) -> str:
        """Give the address of its page: each suspension of a certificate has its own."""
        if self.kind == "certificate":
            return reverse("register:effect_since", args=[self.kind, self.id, f"{self.since}"])
        return reverse("register:effect", args=[self.kind, self.id])


def suspensions() -> list[Suspension]:
    """Give every suspension and withdrawal, the newest first, with a fixed number of queries."""
    found = [*map(_of_certificate, _ending_steps()), *_of_achievements()]
    return sorted(found, key=lambda one: (one.since, one.id), reverse=True)


def _ending_steps() -> list[tuple[CertificateStep, CertificateStep | None]]:
    rows: dict[int, list[CertificateStep]] = defaultdict(list)
    steps = CertificateStep.objects.select_related("certificate__holder").order_by("on", "pk")
    for step in steps:
        rows[step.certificate_id].append(step)
    return [
        (step, next_one)
        for those in rows.values()
        for step, next_one in zip(those, [*those[1:], None], strict=True)
        if step.status != CertificateStep.Status.IN_FORCE
    ]


def _of_certificate(pair: tuple[CertificateStep, CertificateStep | None]) -> Suspension:
    step, following = pair
    holder = step.certificate.holder
    resumed = following is not None and following.status == CertificateStep.Status.IN_FORCE
    return Suspension(
        kind="certificate",
        id=step.certificate.number,
        whose=holder.name,
        slug=holder.slug,
        status=step.status,
        since=step.on,
        until=following.on if following is not None and resumed else None,
        reason=step.reason,
        illustrative=holder.illustrative,
        ends=None if following is None else following.on,
    )


def _of_achievements() -> list[Suspension]:
    found = []
    for row, one in attestations.changed():
        changes = one.status_changes
        for change, following in zip(changes, (*changes[1:], None), strict=True):
            if str(change.status) == "in_force":
                continue
            resumed = following is not None and str(following.status) == "in_force"
            found.append(
                Suspension(
                    kind="achievement",
                    id=one.id,
                    whose=row.site.name,
                    slug=row.site.slug,
                    status=str(change.status),
                    since=change.on,
                    until=following.on if following is not None and resumed else None,
                    reason=change.reason,
                    illustrative=row.site.illustrative,
                )
            )
    return found


def suspension(kind: str, name: str, since: str = "") -> Suspension:
    """Give a suspension of a certificate, or the newest of a certificate or an achievement.

    Args:
        kind: "certificate" or "achievement".
        name: Number or identifier.
        since: First day of a certificate's suspension; "": of the newest.

    Raises:
        RefusalError: PARTY-001 if there is none of this kind, name and day.
    """
    found = (one for one in suspensions() if (one.kind, one.id) == (kind, name))
    if since:
        found = (one for one in found if kind == "certificate" and f"{one.since}" == since)
    one = next(found, None)
    if one is None:
        refuse(IS_THERE_FOR_YOU, asked_for="suspension")
    return one


def effect_of(kind: str, name: str, since: str = "") -> tuple[Suspension, Effects]:
    """Tell what a suspension does; see `suspension` for what is asked and refused."""
    one = suspension(kind, name, since)
    if kind == "achievement":
        now = attestations.achievements([name])[name]
        before = _of_material(name)
        before = replace(before, achievements={**before.achievements, name: now})
        as_was = with_achievement(before, replace(now, status_changes=()))
        return one, simulate(as_was, before)
    where, reader = window(one), slices.Reader()
    begin = slices.of_entity(where.holder, where.since, reader)
    part = slices.reaching(begin, reader)
    sites = of_sites.resting_on(part.lots, where.holder)
    said = claims_made(part.lots | part.named, sites)
    part = slices.reaching(begin, reader, also=lots_behind(said, sites))
    return one, simulate(*without(one, _books(part, part.lots, said), keeper))


def _of_material(attestation: str) -> Books:
    """Give the books of what carries an attested mine's material, and of claims that name it."""
    named = Movement.objects.filter(attestation=attestation, side="out")
    lots, reader = set(named.values_list("lot", flat=True)), slices.Reader()
    part = slices.made_of(lots, reader)
    given = custody.lots_given_by(attestation)
    sites = of_sites.resting_on(part.lots | given)
    said = claims_made(part.lots | given, sites)
    whole = slices.made_of(lots, reader, also=lots_behind(said, sites))
    books = _books(whole, part.lots, said)
    held = certificates_of(whole.rows)
    return replace(books, keep=keeper(held), certificates=held)


@dataclass(frozen=True, slots=True)
class Window:
    """Where and when a certificate gives nothing: from an instant up to another one; None: for good."""

    holder: str
    sites: tuple[str, ...]
    since: datetime.datetime
    until: datetime.datetime | None

    def has(self, at: datetime.datetime) -> bool:
        """Tell whether an instant lies in it."""
        return self.since <= at and (self.until is None or at < self.until)


def window(one: Suspension) -> Window:
    """Give where and when a suspended certificate gives nothing, with two queries."""
    row = Certificate.objects.select_related("holder").get(number=one.id)
    until = None if one.ends is None else _midnight(one.ends)
    return Window(row.holder.name, tuple(_sites(row)), _midnight(one.since), until)


def without(
    one: Suspension, books: Books, keep: Callable[[Sequence[CustodyCertificate]], Keeping]
) -> tuple[Books, Books]:
    """Give the books as if a certificate had not been suspended, and as they are.

    Args:
        one: Its suspension.
        books: What is recorded.
        keep: Makes what keeps accounts with some certificates.
    """
    where = window(one)
    certificates = certificates_of(row for event in books.events for row in event.rows)
    books = replace(books, covered_on=max(timezone.localdate(), one.since))
    after = without_certificate(
        replace(books, keep=keep(certificates), certificates=certificates),
        where.holder,
        since=where.since,
        until=where.until,
        sites=where.sites,
    )
    unchanged = never_suspended(certificates, one)
    return replace(books, keep=keep(unchanged), certificates=tuple(unchanged)), after


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)


def _sites(row: Certificate) -> Iterable[str]:
    return [*row.sites.split(), *row.agreements.values_list("site", flat=True)]


def _books(part: Slice, lots: Iterable[str], said: tuple[ClaimMade, ...]) -> Books:
    """Give what is recorded of a part of the book, as the simulator compares it."""
    named = {row.attestation for row in part.rows if row.attestation}
    return Books(
        events=part.events,
        credits=tuple(credit_books.issued(lots)),
        claims=said,
        achievements=dict(attestations.achievements(named)),
        rules=custody.custody_rules(part.newest_on),
        covered_on=timezone.localdate(),
    )


def certificates_of(rows: Iterable[Row]) -> tuple[CustodyCertificate, ...]:
    """Give the certificates of all entities that movements name."""
    names = {row.entity for row in rows}
    return entities.certificates_of(names)


def keeper(certificates: Iterable[CustodyCertificate]) -> Keeping:
    """Give what keeps accounts and credits as of today, with the certificates of some state."""
    those, on = tuple(certificates), slices.day_of_books()
    factors = conversions.in_core()
    return lambda events: keep_books(
        events,
        rules_on=packs.rules_on,
        pack_on=packs.pack_on,
        as_of=on,
        certificates=those,
        factors=factors,
    )


def never_suspended(
    certificates: Iterable[CustodyCertificate], one: Suspension
) -> list[CustodyCertificate]:
    """Give certificates as if one suspension, and its end, had not been; others stay."""
    left_out = {one.since, one.until}
    return [
        replace(each, changes=tuple(made for made in each.changes if made.on not in left_out))
        if each.id == one.id
        else each
        for each in certificates
    ]


def claims_made(lots: Iterable[str], sites: of_sites.Resting) -> tuple[ClaimMade, ...]:
    """Give the claims on lots that nobody took back, with one query, and those on sites."""
    wordings = {pack.id: pack for pack in custody.packs_with_words()}
    on_lots = claims.claims().filter(facility="", lot__in=custody.among(lots))
    rows = (*on_lots.filter(withdrawal__isnull=True), *sites.claims)
    editions = {name: standards.edition_or_none(name) for name in {row.standard for row in rows}}
    found = []
    for row in rows:
        edition = editions[row.standard]
        pack = wordings.get(row.custody_pack)
        if edition is not None and pack is not None:
            found.append(ClaimMade(claim=claim_of(row), standard=edition, custody_pack=pack))
    return tuple(found)


def lots_behind(said: Iterable[ClaimMade], sites: of_sites.Resting) -> set[str]:
    """Give the lots of claims, and the batches on which claims on sites rest."""
    return {one.claim.lot for one in said if one.claim.blending is None} | sites.lots
