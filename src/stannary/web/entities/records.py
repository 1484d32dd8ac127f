"""Rows of certificates ⇄ core."""

from stannary.core import custody as core
from stannary.web.entities.models import Certificate, CertificateAgreement, CertificateStep


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


def certificate(row: Certificate, *more: CertificateStep) -> core.CustodyCertificate:
    """Give a certificate as core knows it; its agreements and changes are read with it.

    Args:
        row: Of a stored certificate, or of one that is not stored yet.
        more: Changes that are not stored yet.

    Raises:
        RefusalError: CUSTODY-075 for days or changes that cannot be so.
    """
    stored = row.pk is not None
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
        ),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        pilot=row.pilot,
        changes=tuple(map(step, steps)),
    )
