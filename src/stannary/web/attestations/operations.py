"""What may be done to achievements: give one for a result, change the status of one.

Rules: ATTESTATION-001 to ATTESTATION-006.
"""

import datetime
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from stannary.core import attestations
from stannary.core.attestations import Status
from stannary.core.kernel import refuse
from stannary.web.attestations import models, queries, records
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.records import result_of
from stannary.web.standards import queries as standards


def on_result_published(*, row: PublishedResult, **_signal: object) -> None:
    """Give the site its achievement when a result with a level is published."""
    if row.level:
        give(row)


@transaction.atomic
def give(row: PublishedResult) -> models.Achievement:
    """Record the level that a published result states. This will add an achievement.

    The first achievement of a site is named after the site, a later one after its day as well.

    Raises:
        RefusalError: ATTESTATION-001 if the level is not determined, and what else core refuses.
    """
    name = queries.achievement_id(row.site.slug)
    if models.Achievement.objects.filter(achievement_id=name).exists():
        name = f"{name}:{row.published_on.isoformat()}"
    given = attestations.achievement_from_result(
        result_of(row), standards.edition(row.standard), achievement_id=name
    )
    return models.Achievement.objects.create(
        achievement_id=given.id,
        site=row.site,
        standard=given.standard,
        level=given.level,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        result=row,
    )


@transaction.atomic
def change_status(
    *,
    actor: Person,
    achievement_id: str,
    status: Status,
    on: datetime.date,
    reason: str,
    at: datetime.datetime | None = None,
) -> models.StatusChange:
    """Suspend, withdraw or restore an achievement from a day on. This will add a change.

    Args:
        actor: Of the secretariat of a scheme.
        achievement_id: As lots name it.
        status: SUSPENDED, WITHDRAWN, or IN_FORCE after a suspension.
        on: First day on which it holds.
        reason: Why, in words.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if there is no such achievement or the actor may not change it,
            ATTESTATION-005 or ATTESTATION-006 if the change does not follow the ones before.
    """
    rows = models.Achievement.objects.select_for_update().filter(achievement_id=achievement_id)
    row = rows.first()
    may = Role.objects.filter(
        person=actor,
        kind=Role.Kind.SECRETARIAT,
        organisation__kind=Organisation.Kind.SCHEME,
    )
    if row is None or not may.exists():
        refuse(IS_THERE_FOR_YOU, achievement=achievement_id[:200])
    held = records.achievement(row)
    change = attestations.StatusChange(on, status, reason)
    replace(held, status_changes=(*held.status_changes, change))  # core judges when it is built
    return models.StatusChange.objects.create(
        achievement=row, on=on, status=str(status), reason=reason, at=at or timezone.now()
    )
