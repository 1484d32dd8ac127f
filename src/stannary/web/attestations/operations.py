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
from stannary.web.attestations import models, queries, records, signals
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.records import result_of
from stannary.web.standards import queries as standards


def on_result_published(*, row: PublishedResult, **_signal: object) -> None:
    """Let a site's achievement follow from what is published.

    An audit gives the level that it determines. A settlement or a surveillance gives one only
    where the result before it left it open: whether a surveillance moves a level is not known
    (rulebook 4.2), and it rates only what was pending. A correction that changes nothing about the
    level leaves the achievement as it is; else it withdraws it, and gives the right one.
    """
    before = row.earlier
    if row.kind == PublishedResult.Kind.CORRECTION:
        _correct(row)
    elif row.level and (row.kind == PublishedResult.Kind.AUDIT or not before or not before.level):
        give(row)


def _correct(row: PublishedResult) -> None:
    """Withdraw the achievement that rested on what was corrected, and give the right one."""
    before = row.corrects
    if before is None or before.level == row.level:
        return
    held = _resting_on(before)
    if held is not None:
        status = records.achievement(held).status_on(row.published_on)
        if status not in (Status.IN_FORCE, Status.SUSPENDED):
            return  # it has ended, or was withdrawn for a reason that the correction does not lift
        about = result_of(row).about
        reason = about.notice.reason if about is not None and about.notice is not None else ""
        _change(held, Status.WITHDRAWN, row.published_on, reason, timezone.now())
    if row.level:
        give(row)


def _resting_on(row: PublishedResult | None) -> models.Achievement | None:
    """Find the achievement that a result, or one before it of which it says no more, has given."""
    while row is not None:
        held = models.Achievement.objects.filter(result=row).first()
        if held is not None or row.kind == PublishedResult.Kind.AUDIT:
            return held
        row = row.earlier
    return None


@transaction.atomic
def give(row: PublishedResult) -> models.Achievement:
    """Record the level that a published result states. This will add an achievement.

    The first achievement of a site is named after the site, a later one after its day as well,
    and a second one of a day after its result.

    Raises:
        RefusalError: ATTESTATION-001 if the level is not determined, and what else core refuses.
    """
    first = queries.achievement_id(row.site.slug)
    names = (first, f"{first}:{row.published_on.isoformat()}", f"{first}:{row.result_id}")
    taken = set(
        models.Achievement.objects.filter(achievement_id__in=names).values_list(
            "achievement_id", flat=True
        )
    )
    given = attestations.achievement_from_result(
        result_of(row),
        standards.edition(row.standard),
        achievement_id=next((name for name in names if name not in taken), names[-1]),
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
    return _change(row, status, on, reason, at or timezone.now())


def _change(
    row: models.Achievement, status: Status, on: datetime.date, reason: str, at: datetime.datetime
) -> models.StatusChange:
    held = records.achievement(row)
    change = attestations.StatusChange(on, status, reason)
    replace(held, status_changes=(*held.status_changes, change))  # core judges when it is built
    made = models.StatusChange.objects.create(
        achievement=row, on=on, status=str(status), reason=reason, at=at
    )
    signals.status_changed.send(sender=None, achievement_id=row.achievement_id)
    return made
