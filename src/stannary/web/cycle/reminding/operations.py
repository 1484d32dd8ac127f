"""Who is reminded of what, and what became of it: made once, sent once, tried again, shown.

`core.cycle.reminders` says which reminders hold on a day. A row for each person is what keeps two
workers from sending one twice; the mail has a file of the row's name, so that a second try writes
over the first as long as it waits.
"""

import datetime
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stannary.core.cycle import ENDED, Role, State
from stannary.core.cycle.reminders import Reminder, reminders
from stannary.web.cycle import overview
from stannary.web.cycle.models import Engagement, Member, SentReminder
from stannary.web.cycle.reminding import letters
from stannary.web.parties.models import Person
from stannary.web.parties.models import Role as PartyRole
from stannary.web.project import mail
from stannary.web.standards import queries as standards

AGAIN = datetime.timedelta(minutes=30)
"""After how long a reminder whose job failed, or was lost, is put into the queue again."""


def remind(*, now: datetime.datetime) -> tuple[int, ...]:
    """Make the reminders that hold now and were not made before, and give what is to be sent.

    Calling it again on the same day makes nothing; two who call it at once make each once.

    Args:
        now: The moment; its day counts.

    Returns:
        Ids of reminders to queue: new ones, and those whose job got nowhere.
    """
    day = timezone.localdate(now)
    rows = list(Engagement.objects.exclude(state__in=list(ENDED)))
    editions = {one.id: one for one in standards.editions()}
    acts = overview.moves(rows)
    given = _people(rows)
    made: list[int] = []
    for row in rows:
        edition = editions.get(row.edition_id)
        if edition is not None:
            for one in reminders(edition, State(row.state), acts[row.pk], on=day):
                made.extend(_make(row, one, _to(given[row.pk], one), now))
    return (*made, *_stranded(now))


def _people(rows: Iterable[Engagement]) -> dict[UUID, list[tuple[str, Person]]]:
    """Give everybody with a role in engagements who can get mail, the secretariat in each."""
    scheme = Person.objects.filter(is_active=True, roles__kind=PartyRole.Kind.SECRETARIAT)
    office = [(str(Role.SECRETARIAT), one) for one in scheme.exclude(email="").distinct()]
    found = {row.pk: list(office) for row in rows}
    members = Member.objects.filter(ended_at__isnull=True, person__is_active=True)
    for one in members.exclude(person__email="").select_related("person"):
        if one.engagement_id in found:
            found[one.engagement_id].append((one.role, one.person))
    return found


def _to(given: Iterable[tuple[str, Person]], reminder: Reminder) -> Iterator[Person]:
    """Give each person once who has a role that is reminded."""
    yield from {person for role, person in given if Role(role) in reminder.roles}


@transaction.atomic
def _make(
    row: Engagement, reminder: Reminder, people: Iterable[Person], now: datetime.datetime
) -> list[int]:
    there = set(
        SentReminder.objects.filter(engagement=row, step=reminder.key).values_list(
            "person_id", flat=True
        )
    )
    made = []
    for person in sorted(people, key=lambda one: one.pk):
        if person.pk in there:
            continue
        one, is_new = SentReminder.objects.get_or_create(
            engagement=row,
            step=reminder.key,
            person=person,
            defaults={
                "clock": reminder.clock.kind,
                "due": reminder.clock.due,
                "made_at": now,
                "queued_at": now,
            },
        )
        if is_new:
            made.append(one.pk)
    return made


@transaction.atomic
def _stranded(now: datetime.datetime) -> list[int]:
    """Give reminders whose job failed or was lost, once more."""
    rows = SentReminder.objects.select_for_update().filter(
        state=SentReminder.State.QUEUED, queued_at__lte=now - AGAIN
    )
    found = []
    for one in rows:
        one.queued_at, one.tries = now, one.tries + 1
        one.save(update_fields=["queued_at", "tries"])
        found.append(one.pk)
    return found


@transaction.atomic
def write(*, reminder_id: int) -> bool:
    """Write the mail of a reminder to the folder from which mail is sent, once.

    Returns:
        Whether there was anything to write: a second job for the same reminder finds nothing.
    """
    rows = SentReminder.objects.select_for_update(of=("self",))
    row = rows.select_related("person", "engagement").get(pk=reminder_id)
    if row.state != SentReminder.State.QUEUED:
        return False
    mail.keep(letters.letter(row), name=letters.file_name(row))
    row.state = SentReminder.State.WAITING
    row.save(update_fields=["state"])
    return True


@transaction.atomic
def settle(*, now: datetime.datetime) -> int:
    """Note what became of the mails that waited; say how many are settled."""
    waiting = SentReminder.State.WAITING
    settled = 0
    for row in SentReminder.objects.select_for_update().filter(state=waiting):
        stands = mail.stands(letters.file_name(row))
        if stands != waiting:
            row.state, row.settled_at = stands, now
            row.save(update_fields=["state", "settled_at"])
            settled += 1
    return settled
