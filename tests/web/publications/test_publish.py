"""Publishing: all of it or nothing, once, by the firm, never before it is complete."""

import datetime
import json
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from stannary.core.kernel import RefusalError
from stannary.core.publications import check_result
from stannary.core.standards import Edition
from stannary.formats.canonical import canonical_bytes, pack_sha256, sha256_hex
from stannary.formats.packs import find_shipped_pack
from stannary.web.assessments import queries as assessment_queries
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import rate
from stannary.web.attestations.models import Achievement
from stannary.web.parties.models import Person, Site
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import publish
from stannary.web.transparency_log.models import LogEntry

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 5)
SignIn = Callable[[Person], Client]


def codes(refusal: pytest.ExceptionInfo[RefusalError]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


def nothing_was_published(assessment: Assessment) -> bool:
    assessment.refresh_from_db()
    return (
        assessment.state == Assessment.State.OPEN
        and not PublishedResult.objects.exists()
        and not LogEntry.objects.exists()
        and not Achievement.objects.exists()
    )


def test_what_is_published_is_canonical_and_computes_again(
    published: PublishedResult, open_mining: Edition
) -> None:
    content = json.loads(published.content)

    assert published.content.encode() == canonical_bytes(content)
    assert published.sha256 == sha256_hex(published.content.encode())
    pack = pack_sha256(find_shipped_pack(open_mining.id))
    assert check_result(content, open_mining, pack_sha256=pack) == ()
    assert (content["published_on"], content["as_of"]) == ("2026-01-05", "2026-01-05")
    assert content["firm"] == "Example Assurance"
    assert content["lead_auditor"] == "auditor"
    assert content["site"] == {"id": "example-pit", "name": "Example Pit", "illustrative": True}
    assert (published.level, published.level_state) == ("OPEN-75", "determined")


def test_publishing_closes_the_assessment_and_shows_the_level_at_the_site(
    published: PublishedResult, rated: Assessment, auditor: Person
) -> None:
    rated.refresh_from_db()
    site = Site.objects.get(pk=rated.site_id)

    assert rated.state == Assessment.State.PUBLISHED
    assert (site.level, site.status, site.released_on) == ("OPEN-75", "published", "2026-01-05")
    with pytest.raises(RefusalError) as refusal:
        rate(
            actor=auditor,
            assessment_id=rated.pk,
            requirement_id="1.1.1.1",
            rating="not_met",
            rationale="Too late.",
            seen=None,
        )
    assert codes(refusal) == {"RATING-021"}


def test_a_result_is_published_once(
    published: PublishedResult, rated: Assessment, auditor: Person
) -> None:
    with pytest.raises(RefusalError) as refusal:
        publish(actor=auditor, assessment_id=rated.pk, published_on=DAY)

    assert codes(refusal) == {"RATING-021"}
    assert PublishedResult.objects.count() == 1


def test_every_missing_reason_is_named_and_nothing_happens(
    auditor: Person, rated: Assessment
) -> None:
    newest = assessment_queries.newest_records([rated])[rated.pk]
    at = datetime.datetime(2026, 1, 4, 17, tzinfo=datetime.UTC)
    for requirement, rating in (("1.1.1.1", "partially"), ("4.2.2.1", "substantially")):
        rate(
            actor=auditor,
            assessment_id=rated.pk,
            requirement_id=requirement,
            rating=rating,
            seen=newest[requirement].id,
            at=at,
        )

    with pytest.raises(RefusalError) as refusal:
        publish(actor=auditor, assessment_id=rated.pk, published_on=DAY)

    found = [(finding.code, finding.facts["requirement"]) for finding in refusal.value.findings]
    assert found == [("PUBLICATION-001", "1.1.1.1"), ("PUBLICATION-001", "4.2.2.1")]
    assert nothing_was_published(rated)


def test_an_assessment_without_ratings_is_not_published(
    auditor: Person, assessment: Assessment
) -> None:
    with pytest.raises(RefusalError) as refusal:
        publish(actor=auditor, assessment_id=assessment.pk, published_on=DAY)

    assert codes(refusal) == {"PUBLICATION-004"}


@pytest.mark.parametrize(
    ("days_from_the_last_rating", "refused"), [(-1, True), (0, False), (1, False)]
)
def test_a_result_is_never_published_before_its_newest_rating(
    days_from_the_last_rating: int, refused: bool, auditor: Person, rated: Assessment
) -> None:
    day = datetime.date(2026, 1, 4) + datetime.timedelta(days=days_from_the_last_rating)

    if refused:
        with pytest.raises(RefusalError) as refusal:
            publish(actor=auditor, assessment_id=rated.pk, published_on=day)
        assert str(refusal.value) == (
            "PUBLICATION-021: A result is published on or after the day of its newest rating. "
            "Here: published_on=2026-01-03, newest_rating=2026-01-04. Choose the day of the newest "
            "rating or a later one."
        )
    else:
        assert publish(actor=auditor, assessment_id=rated.pk, published_on=day).published_on == day


@pytest.mark.parametrize(("days_from_today", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_result_is_never_published_in_the_future(
    days_from_today: int, refused: bool, auditor: Person, rated: Assessment
) -> None:
    day = timezone.localdate() + datetime.timedelta(days=days_from_today)

    if refused:
        with pytest.raises(RefusalError) as refusal:
            publish(actor=auditor, assessment_id=rated.pk, published_on=day)
        assert codes(refusal) == {"PUBLICATION-020"}
        assert nothing_was_published(rated)
    else:
        assert publish(actor=auditor, assessment_id=rated.pk, published_on=day).published_on == day


@pytest.mark.parametrize("who", ["rival", "clerk", "outsider", "secretary"])
def test_nobody_else_publishes(who: str, rated: Assessment, request: pytest.FixtureRequest) -> None:
    with pytest.raises(RefusalError) as refusal:
        publish(actor=request.getfixturevalue(who), assessment_id=rated.pk, published_on=DAY)

    assert codes(refusal) == {"PARTY-001"}
    assert nothing_was_published(rated)


def test_if_the_achievement_is_refused_nothing_is_published(
    auditor: Person, rated: Assessment
) -> None:
    """Two achievements cannot have one id: the refusal undoes everything."""
    result_id = uuid.UUID(int=7)
    for name in ("", ":2026-01-05", f":{result_id}"):
        Achievement.objects.create(
            achievement_id=f"urn:stannary:achievement:example-pit{name}",
            site=rated.site,
            standard=rated.edition_id,
            level="OPEN-50",
            valid_from=DAY,
        )

    with pytest.raises(IntegrityError), transaction.atomic():
        publish(actor=auditor, assessment_id=rated.pk, published_on=DAY, result_id=result_id)

    rated.refresh_from_db()
    assert rated.state == Assessment.State.OPEN
    assert not PublishedResult.objects.exists()
    assert not LogEntry.objects.exists()


def test_a_pending_level_is_published_without_an_achievement(
    auditor: Person, rated: Assessment
) -> None:
    newest = assessment_queries.newest_records([rated])[rated.pk]
    rate(
        actor=auditor,
        assessment_id=rated.pk,
        requirement_id="3.1.1.1",
        rating="pending",
        seen=newest["3.1.1.1"].id,
        at=datetime.datetime(2026, 1, 4, 18, tzinfo=datetime.UTC),
    )

    row = publish(actor=auditor, assessment_id=rated.pk, published_on=DAY)

    assert (row.level, row.level_state) == ("", "pending")
    assert Site.objects.get(pk=rated.site_id).status == "level_pending"
    assert not Achievement.objects.exists()


def test_the_database_refuses_to_change_a_result(published: PublishedResult) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedResult.objects.filter(pk=published.pk).update(level="OPEN-100")
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            PublishedResult.objects.filter(pk=published.pk).delete()


def test_the_database_refuses_a_level_that_is_not_determined(published: PublishedResult) -> None:
    row = PublishedResult.objects.get(pk=published.pk)
    row.pk, row.result_id, row.level_state = None, uuid.uuid4(), "pending"
    row.sha256, row.log_index = "0" * 64, 99

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def preview(client: Client, assessment: Assessment) -> str:
    response = client.get(f"/results/publish/{assessment.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_preview_lists_what_is_missing_with_the_way_there(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    newest = assessment_queries.newest_records([rated])[rated.pk]
    rate(
        actor=auditor,
        assessment_id=rated.pk,
        requirement_id="1.1.1.1",
        rating="partially",
        seen=newest["1.1.1.1"].id,
    )

    page = preview(sign_in(auditor), rated)

    assert "1 thing is missing before this can be published." in page
    assert f'href="/assessments/{rated.pk}/rate/?at=1.1.1.1#r-1.1.1.1"' in page
    assert "Every rated requirement that is not fully met carries a reason." in page
    assert "Publish for good" not in page


def test_publishing_asks_for_confirmation(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    assert "Publish for good" in preview(client, rated)

    unread = client.post(f"/results/publish/{rated.pk}/", {})

    assert unread.status_code == 422
    assert "PUBLICATION-022" in unread.content.decode()
    assert nothing_was_published(rated)
    confirmed = client.post(f"/results/publish/{rated.pk}/", {"confirm": "yes"})
    row = PublishedResult.objects.get()
    assert confirmed.status_code == 302
    assert confirmed.headers["Location"] == f"/results/{row.result_id}/"
    assert row.published_on == timezone.localdate()
    later = client.get(f"/results/publish/{rated.pk}/")
    assert later.headers["Location"] == f"/results/{row.result_id}/"


def test_a_confirmation_while_something_is_missing_publishes_nothing(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    response = sign_in(auditor).post(f"/results/publish/{assessment.pk}/", {"confirm": "yes"})

    assert response.status_code == 422
    assert nothing_was_published(assessment)


@pytest.mark.parametrize("who", ["rival", "clerk", "outsider", "secretary"])
def test_for_others_there_is_nothing_to_publish(
    who: str, rated: Assessment, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))

    read = client.get(f"/results/publish/{rated.pk}/")
    sent = client.post(f"/results/publish/{rated.pk}/", {"confirm": "yes"})

    assert (read.status_code, sent.status_code) == (404, 404)
    assert nothing_was_published(rated)


def test_a_visitor_is_asked_to_sign_in_before_the_preview(
    rated: Assessment, client: Client
) -> None:
    response = client.get(f"/results/publish/{rated.pk}/")

    assert response.headers["Location"].startswith("/sign-in/?next=")
