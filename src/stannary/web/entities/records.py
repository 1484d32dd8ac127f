"""Rows of certificates ⇄ core."""

import datetime
from collections.abc import Sequence

from stannary.core import custody as core
from stannary.web.entities.models import (
    Certificate,
    CertificateAgreement,
    CertificateGroup,
    CertificateStep,
)


def agreement(row: CertificateAgreement) -> core.Agreement:
    """Give an agreement as core knows it."""
    return core.Agreement(
        contractor=row.contractor,
        site=row.site,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        reference=row.reference,
    )


def step(row: CertificateStep) -> core.CertificateChange:
    """Give a change of status as core knows it."""
    return core.CertificateChange(
        on=row.on, status=core.CertificateStatus(row.status), reason=row.reason
    )


def group(row: CertificateGroup) -> core.SiteGroup:
    """Give a group of sites as core knows it."""
    return core.SiteGroup(row.name, frozenset(row.sites.split()))


def certificate(
    row: Certificate,
    *more: CertificateStep,
    groups: Sequence[CertificateGroup] = (),
    full_from: datetime.date | None = None,
) -> core.CustodyCertificate:
    """Give a certificate as core knows it; its agreements, groups and changes are read with it.

    Args:
        row: Of a stored certificate, or of one that is not stored yet.
        more: Changes that are not stored yet.
        groups: Of one that is not stored yet.
        full_from: From which day on a pilot is one no longer, if that is not stored yet.

    Raises:
        RefusalError: CUSTODY-075, CUSTODY-102 or CUSTODY-103 for what cannot be so.
    """
    stored = row.pk is not None
    ended = getattr(row, "pilot_end", None) if stored else None
    steps = [*(row.steps.all() if stored else ()), *more]
    return core.CustodyCertificate(
        id=row.number,
        entity=row.holder.name,
        kind=core.EntityKind(row.kind),
        pack=row.pack,
        scope=core.CertificateScope(
            sites=frozenset(row.sites.split()),
            materials=frozenset(row.materials.splitlines()),
            models=frozenset(map(core.Model, row.models_covered.split())),
            agreements=tuple(map(agreement, row.agreements.all() if stored else ())),
            groups=tuple(map(group, row.groups.all() if stored else groups)),
        ),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        pilot=row.pilot,
        changes=tuple(map(step, steps)),
        full_from=full_from if ended is None else ended.on,
        mass_balance_method=core.Method(row.mass_balance_method)
        if row.mass_balance_method
        else None,
    )
