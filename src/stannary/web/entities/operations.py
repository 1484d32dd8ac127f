"""What may be recorded of entities: each act adds facts and changes none.

Rules: PARTY-001, ENTITY-001 to ENTITY-007, ENTITY-010, CUSTODY-070, CUSTODY-071, CUSTODY-075,
CUSTODY-076, CUSTODY-102, CUSTODY-103.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from stannary.core.custody import Method, check_method, check_one_scheme
from stannary.core.custody.accounting.certificates import (
    agreement_needs_its_end,
    covers_listed_sites,
    too_long,
)
from stannary.core.custody.accounting.rules import CERTIFICATE_IS_SOUND
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.web.entities import heard, packs, queries, records, rules
from stannary.web.entities.models import (
    Certificate,
    CertificateAgreement,
    CertificateGroup,
    CertificateStep,
    Disclosure,
    EntityRecord,
    PilotEnd,
)
from stannary.web.parties.models import Facility, Organisation, Person, Site
from stannary.web.parties.rules import IS_THERE_FOR_YOU

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,79}")
MATERIAL_MAX = 200


@dataclass(frozen=True, slots=True)
class CertificateSaid:
    """What is said of a certificate when it is issued.

    Attributes:
        entity: Short name of the holder.
        kind: What it does in the chain, for which it holds the certificate.
        sites: Ids of mines, or of facilities of the entity.
        materials: In the words of movements.
        models: Chain of custody models.
        valid_from: First day in force.
        valid_until: First day no longer in force.
        issuer: Short name of who issued it.
        number: Public and permanent; "" for the next of this register.
        pilot: Whether the entity is being brought in.
        pack: Id of the custody pack.
        mass_balance_method: One that the pack allows; "" for the first of them.
        groups: Of sites that keep accounts together: name and sites of each.
    """

    entity: str
    kind: str
    sites: tuple[str, ...]
    materials: tuple[str, ...]
    models: tuple[str, ...]
    valid_from: datetime.date
    valid_until: datetime.date
    issuer: str
    number: str = ""
    pilot: bool = False
    pack: str = packs.PACK
    mass_balance_method: str = ""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementSaid:
    """What is said of an agreement with a contractor; see `core.custody.Agreement`."""

    contractor: str
    site: str
    valid_from: datetime.date
    valid_until: datetime.date | None
    reference: str


def _not_for_themselves(actor: Person, entity: Organisation) -> None:
    if queries.acts_for(actor, entity):
        refuse(rules.NOBODY_JUDGES_THEMSELVES, entity=entity.name)


@transaction.atomic
def record_entity(
    *, actor: Person, organisation: str, kind: str, at: datetime.datetime | None = None
) -> EntityRecord:
    """Record what an organisation does in the chain. This will make an entity of it.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat. ENTITY-001 for an organisation
            or a kind that is not known, or recorded already. ENTITY-005.
    """
    queries.must_be_secretariat(actor)
    row = Organisation.objects.select_for_update().filter(slug=organisation).first()
    if row is None or row.kind in (Organisation.Kind.FIRM, Organisation.Kind.SCHEME):
        refuse(rules.ENTITY_SAYS_WHAT_IT_DOES, organisation=organisation[:80] or "-")
    _not_for_themselves(actor, row)
    again = EntityRecord.objects.filter(organisation=row, kind=kind).exists()
    if kind not in EntityRecord.Kind.values or again:
        refuse(rules.ENTITY_SAYS_WHAT_IT_DOES, organisation=row.slug, kind=kind[:40] or "-")
    return EntityRecord.objects.create(
        organisation=row, kind=kind, recorded_by=actor, recorded_at=at or timezone.now()
    )


@transaction.atomic
def issue_certificate(
    *, actor: Person, said: CertificateSaid, at: datetime.datetime | None = None
) -> Certificate:
    """Issue a chain of custody certificate to an entity. This will look at all it booked anew.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such entity.
            ENTITY-002 and ENTITY-003 with everything that is wrong; ENTITY-005; CUSTODY-075 and
            CUSTODY-102; CUSTODY-076 if it lasts longer than the pack allows; CUSTODY-070 and
            CUSTODY-071 if the pack does not say that a certificate of several sites lists them, or
            does not know how long certificates last; CUSTODY-107 for another method than the pack
            allows; CUSTODY-108 if the entity has a certificate under another pack or method then.
    """
    queries.must_be_secretariat(actor)
    holder = queries.organisation(said.entity)
    Organisation.objects.select_for_update().get(pk=holder.pk)
    _not_for_themselves(actor, holder)
    issuer = Organisation.objects.filter(slug=said.issuer).first()
    wrong = [*_wrong_scope(holder, said), *_wrong(holder, issuer, said)]
    if wrong or issuer is None:
        raise RefusalError(*wrong)
    row = Certificate(
        number=said.number or _next_number(said.valid_from.year),
        holder=holder,
        kind=said.kind,
        pack=said.pack,
        mass_balance_method=said.mass_balance_method,
        sites=" ".join(sorted(set(said.sites))),
        materials="\n".join(sorted({one.strip() for one in said.materials})),
        models_covered=" ".join(one for one in queries.MODELS if one in said.models),
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        pilot=said.pilot,
        issuer=issuer,
        issued_by=actor,
        issued_at=at or timezone.now(),
    )
    groups = [
        CertificateGroup(certificate=row, name=name.strip(), sites=" ".join(sorted(set(sites))))
        for name, sites in said.groups
    ]
    certificate = records.certificate(row, groups=groups)
    allowed = packs.rules_on(row.valid_from, row.pack)
    findings = [
        *too_long(certificate, allowed),
        *check_method(certificate, allowed),
        *check_one_scheme(certificate, queries.certificates_of([holder.name]), packs.pack_on),
    ]
    if findings:
        raise RefusalError(*findings)
    covers_listed_sites(certificate, allowed)
    row.save(force_insert=True)
    CertificateGroup.objects.bulk_create(groups)
    heard.tell()
    return row


@transaction.atomic
def record_agreement(
    *, actor: Person, number: str, said: AgreementSaid, at: datetime.datetime | None = None
) -> CertificateAgreement:
    """Record that a contractor works for the holder of a certificate at a site of its own.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such certificate.
            ENTITY-005. ENTITY-006 with everything that is wrong.
    """
    row = queries.certificate_to_change(actor, number)
    _not_for_themselves(actor, row.holder)
    texts = {"contractor": said.contractor, "site": said.site, "reference": said.reference}
    wrong = [
        Finding(rules.AGREEMENT_IS_WHOLE, {name: "-"})
        for name, text in texts.items()
        if not text.strip()
    ]
    allowed = packs.rules_on(said.valid_from, row.pack)
    if said.valid_until is None and agreement_needs_its_end(allowed):
        wrong.append(Finding(rules.AGREEMENT_IS_WHOLE, {"valid_until": "-"}))
    if said.valid_until is not None and said.valid_until <= said.valid_from:
        days = {"valid_from": said.valid_from.isoformat(), "valid_until": f"{said.valid_until}"}
        wrong.append(Finding(rules.AGREEMENT_IS_WHOLE, days))
    if wrong:
        raise RefusalError(*wrong)
    made = CertificateAgreement.objects.create(
        certificate=row,
        **{name: text.strip() for name, text in texts.items()},
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        by=actor,
        at=at or timezone.now(),
    )
    heard.tell()
    return made


@transaction.atomic
def change_status(
    *,
    actor: Person,
    number: str,
    status: str,
    on: datetime.date,
    reason: str,
    at: datetime.datetime | None = None,
) -> CertificateStep:
    """Suspend, reinstate or withdraw a certificate from a day on. This will look at its bookings anew.

    Args:
        actor: Of a secretariat.
        number: Of the certificate.
        status: "suspended", "in_force" (after a suspension) or "withdrawn".
        on: First day on which it holds; later than every change before.
        reason: In words that anybody may read.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such certificate.
            ENTITY-004, ENTITY-005. CUSTODY-075 for a status that may not follow, or a day that
            lies outside of the certificate or not after the last change.
    """
    row = queries.certificate_to_change(actor, number)
    _not_for_themselves(actor, row.holder)
    if not reason.strip():
        refuse(rules.REASONS_ARE_GIVEN, certificate=number, reason="-")
    if status not in CertificateStep.Status.values:
        refuse(CERTIFICATE_IS_SOUND, certificate=number, status=status[:40] or "-")
    step = CertificateStep(
        certificate=row, on=on, status=status, reason=reason.strip(), by=actor,
        at=at or timezone.now(),
    )  # fmt: skip
    records.certificate(row, step)  # refuses what may not follow
    step.save(force_insert=True)
    heard.tell()
    return step


@transaction.atomic
def end_pilot(
    *,
    actor: Person,
    number: str,
    on: datetime.date,
    reason: str,
    at: datetime.datetime | None = None,
) -> PilotEnd:
    """Make a full certificate of a pilot from a day on. This will look at its bookings anew.

    What was booked under the pilot stays marked and counts towards nothing.

    Args:
        actor: Of a secretariat.
        number: Of the certificate.
        on: First day on which it is a pilot no longer; not before the day of recording.
        reason: In words that anybody may read.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such certificate.
            ENTITY-005. ENTITY-010 without a reason, for a day that is over, or a second time.
            CUSTODY-103 if it is no pilot, or does not last on that day.
    """
    row = queries.certificate_to_change(actor, number)
    _not_for_themselves(actor, row.holder)
    moment = at or timezone.now()
    again = PilotEnd.objects.filter(certificate=row).first()
    if again is not None or not reason.strip() or on < timezone.localdate(moment):
        facts = {"ended": str(again.on)} if again else {"on": str(on), "reason": reason[:40] or "-"}
        raise RefusalError(Finding(rules.PILOT_ENDS_ONCE, {"certificate": number, **facts}))
    records.certificate(row, full_from=on)  # refuses what is no pilot, or lasts no longer
    made = PilotEnd(certificate=row, on=on, reason=reason.strip(), by=actor, at=moment)
    made.save(force_insert=True)
    heard.tell()
    return made


@transaction.atomic
def disclose(
    *,
    actor: Person,
    entity: str,
    shown: str,
    quantities: bool,
    at: datetime.datetime | None = None,
) -> Disclosure:
    """Say how far pages may tell what an entity holds, from now on.

    Args:
        actor: A clerk of the entity.
        entity: Its short name.
        shown: "name", "country" or "hidden".
        quantities: Whether its quantities are told; never without its name.
        at: When it is said; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of it. ENTITY-007 for another word, or
            quantities without a name.
    """
    those = queries.organisation(entity)
    if not queries.acts_for(actor, those):
        refuse(IS_THERE_FOR_YOU, asked_for="entity")
    if shown not in Disclosure.Shown.values or (quantities and shown != Disclosure.Shown.NAME):
        refuse(rules.DISCLOSURE_IS_PLAIN, shown=shown[:40] or "-", quantities=str(quantities))
    return Disclosure.objects.create(
        organisation=those, shown=shown, quantities=quantities, by=actor, at=at or timezone.now()
    )


def _next_number(year: int) -> str:
    start = f"COC-{year}-"
    taken = Certificate.objects.filter(number__startswith=start).count()
    while Certificate.objects.filter(number=f"{start}{taken + 1:04}").exists():
        taken += 1
    return f"{start}{taken + 1:04}"


def _wrong_scope(holder: Organisation, said: CertificateSaid) -> Iterator[Finding]:
    rule = rules.SCOPE_IS_KNOWN
    listed = {"site": said.sites, "material": said.materials, "model": said.models}
    for name, values in listed.items():
        if not values:
            yield Finding(rule, {name: "-"})
    mines = Site.objects.filter(slug__in=said.sites, illustrative=holder.illustrative)
    places = Facility.objects.filter(slug__in=said.sites, organisation=holder)
    known = {*mines.values_list("slug", flat=True), *places.values_list("slug", flat=True)}
    for slug in said.sites:
        if slug not in known:
            yield Finding(rule, {"site": slug[:80] or "-"})
    for text in said.materials:
        if not text.strip() or len(text) > MATERIAL_MAX or "\n" in text.strip():
            yield Finding(rule, {"material": text.strip()[:60] or "-"})
    for model in said.models:
        if model not in queries.MODELS:
            yield Finding(rule, {"model": model[:40] or "-"})


def _wrong(
    holder: Organisation, issuer: Organisation | None, said: CertificateSaid
) -> Iterator[Finding]:
    rule = rules.CERTIFICATE_IS_OF_AN_ENTITY
    if not EntityRecord.objects.filter(organisation=holder, kind=said.kind).exists():
        yield Finding(rule, {"entity": holder.slug, "kind": said.kind[:40] or "-"})
    if said.pack not in packs.PACKS:
        yield Finding(rule, {"pack": said.pack[:80] or "-"})
    if said.mass_balance_method not in ("", *Method):
        yield Finding(rule, {"method": said.mass_balance_method[:40]})
    if issuer is None or issuer.pk == holder.pk:
        yield Finding(rule, {"issuer": said.issuer[:80] or "-"})
    taken = Certificate.objects.filter(number__iexact=said.number).exists()
    if said.number and (taken or not _NUMBER.fullmatch(said.number)):
        yield Finding(rule, {"number": said.number[:80]})
