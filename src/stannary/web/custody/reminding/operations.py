"""Who books is reminded of the end of a balance period while something is in the account: once a step."""

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from stannary.web.custody.models import AccountPeriod, PeriodReminder
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.project import mail

STEPS = (7, 30)
"""So many days before the end at most, the shortest first."""


def remind(*, now: datetime.datetime) -> int:
    """Write the reminders that hold today and were not written before; say how many."""
    today = timezone.localdate(now)
    ending = AccountPeriod.objects.filter(
        counts=True,
        closed=False,
        closing_mg__gt=0,
        valid_until__gt=today,
        valid_until__lte=today + datetime.timedelta(days=max(STEPS)),
    )
    written = 0
    for row in ending:
        days = next(step for step in STEPS if (row.valid_until - today).days <= step)
        for person in _clerks(row.entity):
            written += _write(row, days, person, now)
    return written


def _clerks(entity: str) -> list[Person]:
    roles = Role.objects.filter(kind=Role.Kind.CLERK, organisation__name=entity)
    people = Person.objects.filter(is_active=True, roles__in=roles).exclude(email="")
    return list(people.distinct().order_by("pk"))


@transaction.atomic
def _write(row: AccountPeriod, days: int, person: Person, now: datetime.datetime) -> bool:
    made, is_new = PeriodReminder.objects.get_or_create(
        entity=row.entity,
        boundary=row.boundary,
        material=row.material,
        element=row.element,
        valid_until=row.valid_until,
        days=days,
        person=person,
        defaults={"made_at": now},
    )
    if is_new:
        mail.keep(_letter(row, person), name=f"period-{made.pk}")
    return is_new


def _letter(row: AccountPeriod, person: Person) -> EmailMessage:
    slug = Organisation.objects.filter(name=row.entity).values_list("slug", flat=True).first()
    with translation.override(person.language or "en"):
        shown = {
            "name": person.get_full_name() or person.username,
            "end": row.valid_until,
            "address": settings.ORIGIN + reverse("accounts:accounts", args=[slug]),
        }
        subject = render_to_string("custody/email/period_subject.txt", shown).strip()
        body = render_to_string("custody/email/period_message.txt", shown).strip() + "\n"
        return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])
