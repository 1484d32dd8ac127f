"""What pages of other apps show of evidence."""

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from stannary.core.cycle import Role
from stannary.web.assessments.shown_evidence import SHOWN
from stannary.web.cycle.models import Engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.parties.models import Person
from web.evidence.conftest import Cast, Handing

pytestmark = pytest.mark.django_db

COUNT = Template("{% load evidence_tags %}{% engagement_evidence row %}")


def shown(person: Person, row: Engagement) -> str:
    request = RequestFactory().get("/")
    request.user = person
    return COUNT.render(Context({"request": request, "row": row})).strip()


def test_an_engagement_counts_its_evidence_for_who_reads_it(
    water: EvidenceVersion, engagement: Engagement, cast: Cast
) -> None:
    count = shown(cast[Role.SITE_USER], engagement)

    assert "1 item" in count
    assert "Hand in evidence" in count


def test_who_reads_no_evidence_is_shown_none(
    water: EvidenceVersion, engagement: Engagement, cast: Cast
) -> None:
    assert shown(cast[Role.SECRETARIAT], engagement) == ""


def test_the_rating_page_names_at_each_requirement_the_evidence_that_one_reads(
    water: EvidenceVersion, handed: Handing, engagement: Engagement, cast: Cast
) -> None:
    for number in range(SHOWN + 1):
        handed(title=f"Permit {number}", visibility="auditor_only", requirements=("1.1.1.2",))
    own = engagement.assessments.get(kind="self")
    page = f"/assessments/{own.pk}/rate/?chapter=1.1"

    first, second = rows(page, cast[Role.SITE_USER])

    assert f'/evidence/{water.item}/">Water report</a>' in first
    assert "Permit" not in first
    assert second.count(">Permit ") == SHOWN
    assert "and 1 more" in second
    assert '/evidence/new/?requirement=1.1.1.2"' in second
    nobody = Client()
    nobody.force_login(cast[None])
    assert nobody.get(page).status_code == 404


def rows(page: str, person: Person) -> list[str]:
    """Give the rows of the first two requirements, as somebody sees them."""
    browser = Client()
    browser.force_login(person)
    text = browser.get(page).content.decode()
    return text.split('<article class="req')[1:3]
