"""Mail to respondents: that something is to be answered, where, and until when.

A mail names the site, and how many requirements: what they are about, and what the site thinks of
an answer, is read behind the link alone.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stannary.web.assessments.models import Turn
from stannary.web.assessments.respondents.queries import requirements_of
from stannary.web.standards import queries as standards


def address_of(turn: Turn, token: str) -> str:
    """Give the address at which a turn is answered, in the language of the page it is made for."""
    if token:
        return settings.ORIGIN + reverse("answer", args=[token])
    return settings.ORIGIN + reverse("assessments:to_answer", args=[turn.assignment_id])


def send(turn: Turn, token: str) -> bool:
    """Mail a respondent that it is their turn. This will say whether there is an address."""
    row = turn.assignment
    person = row.respondent
    address = person.email if person else row.email
    if not address:
        return False
    edition = standards.edition(row.assessment.edition_id)
    parts = row.parts.values_list("part", flat=True)
    with translation.override((person and person.language) or row.language):
        shown = {
            "name": (person.get_full_name() or person.username) if person else row.name,
            "site": row.assessment.site.name,
            "operator": row.assessment.by,
            "count": len(requirements_of(edition, parts)),
            "address": address_of(turn, token),
            "until": turn.valid_until,
            "again": turn.number > 1,
        }
        subject = render_to_string("assessments/email/to_answer_subject.txt", shown).strip()
        body = render_to_string("assessments/email/to_answer_message.txt", shown).strip() + "\n"
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send()
    return True
