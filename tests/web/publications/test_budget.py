"""The page of a result with five hundred requirements answers fast, with as many queries as one of fifty."""

import datetime
import time
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core import publications
from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.scores import score
from stannary.core.standards import Edition, Rating
from stannary.formats.canonical import sha256_hex
from stannary.formats.results import result_bytes
from stannary.web.assessments.models import Assessment
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.publications.models import PublishedResult

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]

DAY = datetime.date(2026, 1, 5)
PAGE_MS = 200


@pytest.fixture
def result_with(
    edition_with: Callable[[int], Edition], mine: Site, firm: Organisation, auditor: Person
) -> Callable[[int], PublishedResult]:
    """Store a result with so many requirements, as publishing would."""

    def make(size: int) -> PublishedResult:
        edition = edition_with(size)
        reason = "Seen in the files of the last three years and confirmed in interviews. " * 3
        sheet = rating_sheet(
            edition,
            [
                Verdict(one.id, Rating.SUBSTANTIALLY, reason, (f"https://a.example/{one.id}",))
                for one in edition.requirements
            ],
        )
        result_id = uuid.uuid4()
        content = result_bytes(
            publications.publish(
                result_id=result_id.urn,
                site_id=mine.slug,
                site_name=mine.name,
                illustrative=True,
                sheet=sheet,
                score=score(sheet, as_of=DAY),
                firm=firm.name,
                lead_auditor="auditor",
                published_on=DAY,
                pack_sha256="0" * 64,
            )
        )
        assessment = Assessment.objects.create(
            site=mine,
            edition_id=edition.id,
            pack_sha256="0" * 64,
            firm=firm,
            lead_auditor=auditor,
            opened_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            state=Assessment.State.PUBLISHED,
            illustrative=True,
        )
        return PublishedResult.objects.create(
            result_id=result_id,
            assessment=assessment,
            site=mine,
            standard=edition.id,
            published_on=DAY,
            level="OPEN-75",
            level_state="determined",
            illustrative=True,
            content=content.decode(),
            sha256=sha256_hex(content),
            log_index=size,
        )

    return make


def test_five_hundred_requirements_cost_no_more_queries_and_less_than_200_ms(
    result_with: Callable[[int], PublishedResult], client: Client
) -> None:
    counts = []
    spent = []
    for size in (50, 500):
        address = f"/results/{result_with(size).result_id}/"
        assert client.get(address).content.count(b'<tr id="r-') == size
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
        for _ in range(4):
            start = time.process_time()
            client.get(address)
            spent.append((time.process_time() - start) * 1000)

    assert counts[0] == counts[1] <= 2
    assert min(spent[4:]) < PAGE_MS
