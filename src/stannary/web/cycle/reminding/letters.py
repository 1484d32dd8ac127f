"""The mail of a reminder: what is due, by when, where. It names no site and nobody."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from stannary.core.cycle import ClockKind
from stannary.web.cycle import words
from stannary.web.cycle.models import SentReminder


def file_name(row: SentReminder) -> str:
    """Give the name of the file in which the mail waits."""
    return f"reminder-{row.pk}"


def letter(row: SentReminder) -> EmailMessage:
    """Write the mail in the language of the person."""
    person = row.person
    with translation.override(person.language or "en"):
        shown = {
            "name": person.get_full_name() or person.username,
            "what": words.CLOCKS[ClockKind(row.clock)],
            "due": row.due,
            "late": row.due is not None and row.due < timezone.localdate(row.made_at),
            "address": settings.ORIGIN
            + reverse("engagements:engagement", args=[row.engagement_id]),
        }
        subject = render_to_string("cycle/email/reminder_subject.txt", shown).strip()
        body = render_to_string("cycle/email/reminder_message.txt", shown).strip() + "\n"
        return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])
