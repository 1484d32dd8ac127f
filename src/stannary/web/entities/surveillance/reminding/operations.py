"""Who holds a certificate and who issued it are reminded of surveillance: each once a step."""

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from stannary.core.custody import Due
from stannary.web.entities import queries
from stannary.web.entities.models import Certificate, SurveillanceReminder
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.project import mail

STEPS = (7, 30)
"""So many days before it is due at most, the shortest first."""
OVERDUE = 0
"""The step of who is told that it is overdue."""


def remind(*, now: datetime.datetime) -> int:
    """Write the reminders that hold today and were not written before; say how many."""
    today = timezone.localdate(now)
    rows = queries.with_visits().filter(valid_from__lte=today, valid_until__gt=today)
    return sum(_remind_of(row, today, now) for row in rows)


def _remind_of(row: Certificate, today: datetime.date, now: datetime.datetime) -> int:
    then = queries.held_on(row, today).surveillance
    if then is None or then.on is None or then.due not in (Due.DUE, Due.OVERDUE):
        return 0
    left = (then.on - today).days
    days = OVERDUE if left < 0 else next(step for step in STEPS if left <= step)
    return sum(_write(row, then.on, days, person, now) for person in _people(row))


def _people(row: Certificate) -> list[Person]:
    firm = row.issuer.kind == Organisation.Kind.FIRM
    watching = Role.Kind.AUDITOR if firm else Role.Kind.SECRETARIAT
    roles = Role.objects.filter(
        Q(kind=Role.Kind.CLERK, organisation=row.holder) | Q(kind=watching, organisation=row.issuer)
    )
    people = Person.objects.filter(is_active=True, roles__in=roles).exclude(email="")
    return list(people.distinct().order_by("pk"))


@transaction.atomic
def _write(
    row: Certificate, due_on: datetime.date, days: int, person: Person, now: datetime.datetime
) -> bool:
    made, is_new = SurveillanceReminder.objects.get_or_create(
        certificate=row, due_on=due_on, days=days, person=person, defaults={"made_at": now}
    )
    if is_new:
        mail.keep(_letter(row, due_on, days, person), name=f"surveillance-{made.pk}")
    return is_new


def _letter(row: Certificate, due_on: datetime.date, days: int, person: Person) -> EmailMessage:
    with translation.override(person.language or "en"):
        shown = {
            "name": person.get_full_name() or person.username,
            "number": row.number,
            "holder": row.holder.name,
            "due_on": due_on,
            "overdue": days == OVERDUE,
            "address": settings.ORIGIN + reverse("surveillance:list"),
        }
        subject = render_to_string("entities/email/surveillance_subject.txt", shown).strip()
        body = render_to_string("entities/email/surveillance_message.txt", shown).strip() + "\n"
        return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])
