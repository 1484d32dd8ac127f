"""Entities and their chain of custody certificates: what may be booked under one, and on which day.

Rules: CUSTODY-070 to CUSTODY-076, CUSTODY-101 to CUSTODY-103.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.accounts import Method
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.rows import Model, Row
from stannary.core.kernel import Finding, RefusalError, add_months

MULTI_SITE = "multi_site_scope"
OUTSOURCING = "outsourcing_agreements"
TRADERS = "trader_treatment"


class EntityKind(StrEnum):
    """What an entity does in the chain."""

    MINE = "mine"
    CONCENTRATOR = "concentrator"
    SMELTER = "smelter"
    REFINER = "refiner"
    TRADER = "trader"
    MANUFACTURER = "manufacturer"
    BRAND = "brand"


class CertificateStatus(StrEnum):
    """What a certificate is worth on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_MAY_FOLLOW: Mapping[CertificateStatus, tuple[CertificateStatus, ...]] = {
    CertificateStatus.IN_FORCE: (CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN),
    CertificateStatus.SUSPENDED: (CertificateStatus.IN_FORCE, CertificateStatus.WITHDRAWN),
    CertificateStatus.WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True)
class CertificateChange:
    """An act that changes the status of a certificate.

    Attributes:
        on: First day on which the status holds.
        status: `SUSPENDED`, `WITHDRAWN`, or `IN_FORCE` again after a suspension.
        reason: Why, in words.
    """

    on: datetime.date
    status: CertificateStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Work that a contractor does at a site of its own for the holder of a certificate.

    Attributes:
        contractor: Name of the contractor.
        site: Its site.
        valid_from: First day.
        valid_until: First day no longer; None: no end is known.
        reference: Where the agreement is kept.
    """

    contractor: str
    site: str
    valid_from: datetime.date
    valid_until: datetime.date | None
    reference: str

    def in_force_on(self, day: datetime.date) -> bool:
        """Tell whether the agreement holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """Sites that keep accounts of mass balance together, under one name.

    Attributes:
        name: As movements name the account.
        sites: Some of those that the certificate lists.
    """

    name: str
    sites: frozenset[str]


@dataclass(frozen=True, slots=True)
class CertificateScope:
    """What a certificate covers; what is not listed is not covered.

    Attributes:
        sites: The entity's own, each by name; several for a certificate of several sites.
        materials: In the words of movements.
        models: Under which it may book.
        agreements: Contractors' sites, with their days.
        groups: Of sites that share accounts; none: the certificate does not say which sites an
            account stands for, and nobody asks.
    """

    sites: frozenset[str]
    materials: frozenset[str]
    models: frozenset[Model]
    agreements: tuple[Agreement, ...] = ()
    groups: tuple[SiteGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class CustodyCertificate:
    """A chain of custody certificate of an entity; never of a mine's practices.

    Attributes:
        id: Permanent.
        entity: Name of the holder, as movements name it.
        kind: What the holder does.
        pack: Id of the custody pack.
        valid_from: First day in force.
        valid_until: First day no longer in force.
        pilot: Whether the holder is being brought in: its bookings are marked, and nothing that
            it makes counts towards a claim.
        changes: Of status, in the order in which they took effect.
        full_from: First day on which a pilot is one no longer; None: it stays one.
        mass_balance_method: By which accounts are kept; None: the first that the pack allows.

    Raises:
        RefusalError: CUSTODY-075, CUSTODY-102 and CUSTODY-103 when built.
    """

    id: str
    entity: str
    kind: EntityKind
    pack: str
    scope: CertificateScope
    valid_from: datetime.date
    valid_until: datetime.date
    pilot: bool = False
    changes: tuple[CertificateChange, ...] = ()
    full_from: datetime.date | None = None
    mass_balance_method: Method | None = None

    def __post_init__(self) -> None:
        findings = tuple(_unsound(self))
        if findings:
            raise RefusalError(*findings)

    @property
    def ends_on(self) -> datetime.date:
        """First day on which it is gone for good: withdrawn, or at its end."""
        withdrawn = [
            change.on for change in self.changes if change.status is CertificateStatus.WITHDRAWN
        ]
        return min([self.valid_until, *withdrawn])

    def status_on(self, day: datetime.date) -> CertificateStatus:
        """Give the status on a day: a withdrawal holds from its day on, also past the end.

        Example:
            >>> day = datetime.date
            >>> scope = CertificateScope(frozenset({"plant"}), frozenset({"ore"}), frozenset(Model))
            >>> held = CustodyCertificate("C1", "Example Refining", EntityKind.REFINER, "p",
            ...                           scope, day(2026, 1, 1), day(2029, 1, 1))
            >>> [str(held.status_on(on)) for on in (day(2025, 12, 31), day(2026, 1, 1), day(2029, 1, 1))]
            ['not_yet', 'in_force', 'expired']
        """
        if day < self.valid_from:
            return CertificateStatus.NOT_YET
        past = [change.status for change in self.changes if change.on <= day]
        status = past[-1] if past else CertificateStatus.IN_FORCE
        if status is not CertificateStatus.WITHDRAWN and day >= self.valid_until:
            return CertificateStatus.EXPIRED
        return status

    def pilot_on(self, day: datetime.date) -> bool:
        """Tell whether what it covers on a day is covered by a pilot."""
        return self.pilot and (self.full_from is None or day < self.full_from)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a certificate lets one row be.

    Attributes:
        findings: Why the row is not covered; none if it is.
        pilot: Whether it is covered by a pilot: marked, and counting towards no claim.
    """

    findings: tuple[Finding, ...] = ()
    pilot: bool = False

    @property
    def counts(self) -> bool:
        """Whether what the row makes may count towards a claim."""
        return not self.findings and not self.pilot


def standing_of(
    row: Row,
    model: Model,
    certificates: Iterable[CustodyCertificate],
    *,
    pack: str | None = None,
    allowed: CustodyRules | None = None,
) -> Standing:
    """Tell what an entity may book under a model at the time and place of a row.

    One certificate has to cover the row alone: two that cover half of it each do not. A certificate
    that is no pilot goes before one that is.

    Args:
        row: Its entity, site, material and day count.
        model: The model under which it is booked.
        certificates: Of any entities.
        pack: Only certificates under this pack count; None: all.
        allowed: What a pack says of contractors and of traders, asked where one of them books; a
            word that this program does not have covers nothing. None: nobody asks.

    Returns:
        With the findings of the certificate that is nearest to covering it, if none does.
    """
    day = row.at.date()
    own = [
        one
        for one in certificates
        if one.entity == row.entity and (pack is None or one.pack == pack)
    ]
    if not own:
        facts = {**_about(row), "certificates": "none"}
        return Standing((Finding(rules.BOOKING_IS_IN_SCOPE, facts, row.place_of("entity")),))
    seen = [(tuple(_uncovered(row, model, one, day, allowed)), one.pilot_on(day)) for one in own]
    findings, pilot = min(seen, key=lambda pair: (len(pair[0]), pair[1]))
    return Standing(findings, pilot and not findings)


def too_long(certificate: CustodyCertificate, allowed: CustodyRules) -> tuple[Finding, ...]:
    """Check that a certificate lasts no longer than the pack allows (CUSTODY-076).

    Raises:
        RefusalError: CUSTODY-070 if the pack does not know how long that is.
    """
    months = allowed.whole("certificate_validity_months")
    latest = add_months(certificate.valid_from, months)
    if certificate.valid_until <= latest:
        return ()
    facts = {
        "certificate": certificate.id[:200],
        "valid_until": certificate.valid_until.isoformat(),
        "latest": latest.isoformat(),
        "months": str(months),
    }
    return (Finding(rules.CERTIFICATE_IS_NO_LONGER_THAN_ALLOWED, facts),)


def covers_listed_sites(certificate: CustodyCertificate, allowed: CustodyRules) -> None:
    """Ask the pack what a certificate of several sites covers; for one site nobody asks.

    Raises:
        RefusalError: CUSTODY-070 if the pack does not know it, CUSTODY-071 if it says something
            else than that the certificate lists its sites.
    """
    if len(certificate.scope.sites) > 1:
        allowed.word(MULTI_SITE, ("listed_sites",))


def agreement_needs_its_end(allowed: CustodyRules) -> bool:
    """Ask the pack whether an agreement with a contractor names its last day, too.

    Raises:
        RefusalError: CUSTODY-070 or CUSTODY-071, see `CustodyRules.word`.
    """
    return allowed.word(OUTSOURCING, ("listed_with_days", "listed")) == "listed_with_days"


def beyond_group(
    row: Row, certificates: Iterable[CustodyCertificate], *, pack: str | None = None
) -> tuple[Finding, ...]:
    """Check that an account stands for the site of a row, or for a listed group of sites with it.

    Where no certificate of the entity that lasts on that day names a group, nobody asks.

    Args:
        row: Names an account.
        certificates: Of any entities.
        pack: Only certificates under this pack count; None: all.
    """
    day = row.at.date()
    groups = [
        group
        for one in certificates
        if one.entity == row.entity and (pack is None or one.pack == pack)
        if one.valid_from <= day < one.valid_until
        for group in one.scope.groups
    ]
    listed = any(group.name == row.account and row.site in group.sites for group in groups)
    if not groups or listed or row.account == row.site:
        return ()
    facts = {**_about(row), "account": row.account, "site": row.site}
    facts["groups"] = ", ".join(sorted(one.name for one in groups if row.site in one.sites)) or "-"
    return (Finding(rules.ACCOUNT_IS_OF_A_LISTED_GROUP, facts, row.place_of("account")),)


def _uncovered(
    row: Row,
    model: Model,
    one: CustodyCertificate,
    day: datetime.date,
    allowed: CustodyRules | None,
) -> Iterator[Finding]:
    about = {**_about(row), "certificate": one.id[:200]}
    status = one.status_on(day)
    if status is not CertificateStatus.IN_FORCE:
        facts = {**about, "on": day.isoformat(), "status": str(status)}
        yield Finding(rules.CERTIFICATE_IS_IN_FORCE, facts, row.place_of("at"))
    if row.site not in one.scope.sites:
        agreements = [made for made in one.scope.agreements if made.site == row.site]
        if not agreements:
            facts = {**about, "site": row.site}
            yield Finding(rules.BOOKING_IS_IN_SCOPE, facts, row.place_of("site"))
        elif not any(made.in_force_on(day) for made in agreements):
            facts = {**about, "site": row.site, "contractor": agreements[-1].contractor[:200]}
            facts["on"] = day.isoformat()
            yield Finding(rules.CONTRACTOR_HAS_AN_AGREEMENT, facts, row.place_of("site"))
        else:
            yield from _not_understood(row, allowed, OUTSOURCING, "listed_with_days", "listed")
    if one.kind is EntityKind.TRADER:
        yield from _not_understood(row, allowed, TRADERS, "like_others")
    if row.material not in one.scope.materials:
        facts = {**about, "material": row.material}
        yield Finding(rules.BOOKING_IS_IN_SCOPE, facts, row.place_of("material"))
    if model not in one.scope.models:
        facts = {**about, "model": str(model)}
        yield Finding(rules.BOOKING_IS_IN_SCOPE, facts, row.place_of("model"))


def _not_understood(
    row: Row, allowed: CustodyRules | None, name: str, *words: str
) -> Iterator[Finding]:
    """Tell if a pack does not know a constant, or names another word than those given."""
    try:
        if allowed is not None:
            allowed.word(name, words)
    except RefusalError as refusal:
        for found in refusal.findings:
            yield Finding(found.rule, {"event": row.event, **found.facts}, row.place_of("entity"))


def _about(row: Row) -> dict[str, str]:
    return {"event": row.event, "entity": row.entity}


def _unsound(certificate: CustodyCertificate) -> Iterator[Finding]:
    about = {"certificate": certificate.id[:200]}
    begin, end = certificate.valid_from, certificate.valid_until
    if end <= begin:
        facts = {**about, "valid_from": begin.isoformat(), "valid_until": end.isoformat()}
        yield Finding(rules.CERTIFICATE_IS_SOUND, facts)
    yield from _unsound_pilot(certificate)
    yield from _unsound_groups(certificate)
    status = CertificateStatus.IN_FORCE
    for change in certificate.changes:
        facts = {**about, "on": change.on.isoformat()}
        if not begin <= change.on < end:
            yield Finding(rules.CERTIFICATE_IS_SOUND, facts)
        if change.status not in _MAY_FOLLOW[status]:
            facts |= {"from": str(status), "to": str(change.status)}
            yield Finding(rules.CERTIFICATE_IS_SOUND, facts)
            return
        status = change.status
    for earlier, later in pairwise(certificate.changes):
        if later.on <= earlier.on:
            facts = {**about, "on": later.on.isoformat(), "after": earlier.on.isoformat()}
            yield Finding(rules.CERTIFICATE_IS_SOUND, facts)


def _unsound_pilot(certificate: CustodyCertificate) -> Iterator[Finding]:
    day = certificate.full_from
    within = day is None or certificate.valid_from <= day < certificate.valid_until
    if day is not None and not (certificate.pilot and within):
        facts = {"certificate": certificate.id[:200], "on": day.isoformat()}
        yield Finding(
            rules.PILOT_ENDS_IN_ITS_TIME, {**facts, "pilot": str(certificate.pilot).lower()}
        )


def _unsound_groups(certificate: CustodyCertificate) -> Iterator[Finding]:
    scope = certificate.scope
    names = [group.name for group in scope.groups]
    for group in scope.groups:
        about = {"certificate": certificate.id[:200], "group": group.name[:200] or "-"}
        if not group.name.strip() or group.name in scope.sites or names.count(group.name) > 1:
            yield Finding(rules.GROUP_LISTS_SITES_OF_ITS_CERTIFICATE, about)
        for site in sorted(group.sites - scope.sites) if group.sites else ["-"]:
            facts = {**about, "site": site[:200]}
            yield Finding(rules.GROUP_LISTS_SITES_OF_ITS_CERTIFICATE, facts)
