"""The rating page of an engagement's audit asks the database as often for many as for few."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.cycle import Role, State
from stannary.core.standards import Edition
from stannary.web.assessments.models import Assessment
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Organisation, Person
from web.cycle.conftest import AT, put_in

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]


@pytest.mark.parametrize("part", ["rate/?chapter=1.1", "side-by-side/?differ=1"])
def test_pages_of_an_audit_make_at_most_thirteen_queries_for_five_hundred_and_two_thousand(
    part: str,
    engagement: Engagement,
    cast: dict[Role | None, Person],
    secretary: Person,
    firm: Organisation,
    edition_with: Callable[[int], Edition],
) -> None:
    put_in(engagement, State.STAGE_2, by=secretary)
    browser = Client()
    browser.force_login(cast[Role.AUDITOR])
    audit = Assessment.objects.create(
        engagement=engagement,
        site=engagement.site,
        edition_id=engagement.edition_id,
        pack_sha256="0" * 64,
        firm=firm,
        lead_auditor=cast[Role.LEAD_AUDITOR],
        opened_at=AT,
    )
    counts = set()
    for size in (500, 2000):
        edition = edition_with(size)
        Assessment.objects.filter(engagement=engagement).update(edition_id=edition.id)
        browser.get(f"/assessments/{audit.pk}/{part}")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/assessments/{audit.pk}/{part}").status_code == 200
        counts.add(len(captured))

    assert len(counts) == 1
    assert max(counts) <= 13
