"""What pages of other apps show of evidence."""

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from stannary.core.cycle import Role
from stannary.web.cycle.models import Engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.parties.models import Person
from web.conftest import signed_in
from web.evidence.conftest import Cast

pytestmark = pytest.mark.django_db

BOTH = Template(
    "{% load evidence_tags %}{% engagement_evidence row %}|"
    '{% requirement_evidence row.pk "1.1.1.1" %}|{% requirement_evidence row.pk "1.1.1.2" %}'
)


def shown(person: Person, row: Engagement) -> list[str]:
    request = RequestFactory().get("/")
    request.user = person
    return BOTH.render(Context({"request": request, "row": row})).split("|")


def test_an_engagement_and_its_requirements_show_their_evidence_to_who_reads_it(
    water: EvidenceVersion, engagement: Engagement, cast: Cast
) -> None:
    count, first, second = shown(cast[Role.SITE_USER], engagement)

    assert "1 item" in count
    assert "Hand in evidence" in count
    assert "Water report" in first
    assert "Water report" not in second
    assert "?requirement=1.1.1.2" in second


def test_who_reads_no_evidence_is_shown_none(
    water: EvidenceVersion, engagement: Engagement, cast: Cast
) -> None:
    assert [part.strip() for part in shown(cast[Role.SECRETARIAT], engagement)] == ["", "", ""]
    page: Client = signed_in(cast[Role.SECRETARIAT])
    text = page.get(f"/engagements/{engagement.pk}/").content.decode()
    assert "/evidence/" not in text
