"""Achievements: given with a result, changed only by acts that are recorded, never themselves."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from stannary.core.attestations import Status
from stannary.core.kernel import RefusalError
from stannary.web.assessments.demo_ratings import SOUTH, ratings
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import Change, open_assessment, rate_all
from stannary.web.attestations import queries
from stannary.web.attestations.models import Achievement, StatusChange
from stannary.web.attestations.operations import change_status, give
from stannary.web.parties.models import Person
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import publish
from stannary.web.standards import queries as standards

pytestmark = pytest.mark.django_db

ID = "urn:stannary:achievement:example-pit"
DAY = datetime.date


def codes(refusal: pytest.ExceptionInfo[RefusalError]) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


def change(
    secretary: Person, status: Status, on: datetime.date, reason: str = "As decided."
) -> StatusChange:
    return change_status(actor=secretary, achievement_id=ID, status=status, on=on, reason=reason)


def test_a_published_level_becomes_the_site_s_achievement(published: PublishedResult) -> None:
    found = queries.achievements([ID, "urn:elsewhere"])

    assert list(found) == [ID]
    assert (found[ID].site, found[ID].level) == ("example-pit", "OPEN-75")
    assert found[ID].result_id == published.result_id.urn
    assert (found[ID].valid_from, found[ID].valid_until) == (DAY(2026, 1, 5), DAY(2029, 1, 5))


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (DAY(2026, 1, 4), Status.NOT_YET),
        (DAY(2026, 1, 5), Status.IN_FORCE),
        (DAY(2029, 1, 4), Status.IN_FORCE),
        (DAY(2029, 1, 5), Status.EXPIRED),
    ],
)
def test_an_achievement_is_in_force_from_its_release_until_the_next_audit_is_due(
    day: datetime.date, status: Status, published: PublishedResult
) -> None:
    assert queries.achievements([ID])[ID].status_on(day) is status


def test_many_achievements_take_two_queries(
    published: PublishedResult, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture without a type
        queries.achievements([ID] * 50)


def test_status_changes_are_added_and_seen_from_their_day_on(
    published: PublishedResult, secretary: Person
) -> None:
    change(secretary, Status.SUSPENDED, DAY(2026, 3, 1), "A dam was raised without notice.")
    change(secretary, Status.IN_FORCE, DAY(2026, 5, 1))
    change(secretary, Status.WITHDRAWN, DAY(2026, 9, 1))

    held = queries.achievements([ID])[ID]

    days = (DAY(2026, 2, 28), DAY(2026, 3, 1), DAY(2026, 5, 1), DAY(2026, 9, 1), DAY(2030, 1, 1))
    assert [held.level_on(day) for day in days] == ["OPEN-75", None, "OPEN-75", None, None]
    assert held.status_changes[0].reason == "A dam was raised without notice."
    assert Achievement.objects.count() == 1


def test_a_change_that_does_not_follow_the_status_is_refused(
    published: PublishedResult, secretary: Person
) -> None:
    for status, on, code in (
        (Status.IN_FORCE, DAY(2026, 3, 1), "ATTESTATION-006"),
        (Status.SUSPENDED, DAY(2026, 1, 4), "ATTESTATION-005"),
        (Status.SUSPENDED, DAY(2029, 1, 5), "ATTESTATION-005"),
    ):
        with pytest.raises(RefusalError) as refusal:
            change(secretary, status, on)
        assert code in codes(refusal)

    assert not StatusChange.objects.exists()


@pytest.mark.parametrize("who", ["auditor", "rival", "clerk", "outsider"])
def test_only_a_scheme_s_secretariat_changes_a_status(
    who: str, published: PublishedResult, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(RefusalError) as refusal:
        change(request.getfixturevalue(who), Status.SUSPENDED, DAY(2026, 3, 1))

    assert codes(refusal) == ["PARTY-001"]


def test_an_achievement_that_is_not_there_is_not_changed(secretary: Person) -> None:
    with pytest.raises(RefusalError) as refusal:
        change(secretary, Status.SUSPENDED, DAY(2026, 3, 1))

    assert codes(refusal) == ["PARTY-001"]


def test_the_next_result_of_a_site_is_an_achievement_of_its_own(
    published: PublishedResult, rated: Assessment, auditor: Person
) -> None:
    again = open_assessment(
        actor=auditor,
        site=rated.site,
        edition_id=rated.edition_id,
        firm=rated.firm,  # type: ignore[arg-type]  # an audit has a firm
    )
    said = ratings(standards.edition(rated.edition_id), SOUTH, host="pit")
    rate_all(
        actor=auditor,
        assessment_id=again.pk,
        changes=[Change(*one, seen=None) for one in said],
        at=datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC),
    )

    publish(actor=auditor, assessment_id=again.pk, published_on=DAY(2026, 6, 1))

    found = queries.achievements([ID, f"{ID}:2026-06-01"])
    assert {name: one.level for name, one in found.items()} == {
        ID: "OPEN-75",
        f"{ID}:2026-06-01": "OPEN-50",
    }


def test_a_result_without_a_level_gives_no_achievement(
    assessment: Assessment, auditor: Person
) -> None:
    rate_all(
        actor=auditor,
        assessment_id=assessment.pk,
        changes=[Change("1.1.1.1", "fully", "", "", None)],
        at=datetime.datetime(2026, 1, 4, tzinfo=datetime.UTC),
    )
    row = publish(actor=auditor, assessment_id=assessment.pk, published_on=DAY(2026, 1, 5))

    with pytest.raises(RefusalError) as refusal:
        give(row)

    assert codes(refusal) == ["ATTESTATION-001"]


def test_the_database_refuses_to_change_an_achievement_or_a_change(
    published: PublishedResult, secretary: Person
) -> None:
    made = change(secretary, Status.SUSPENDED, DAY(2026, 3, 1))
    rows = (
        (Achievement.objects.filter(achievement_id=ID), {"level": "OPEN-100"}),
        (StatusChange.objects.filter(pk=made.pk), {"reason": "Nothing happened."}),
    )
    for found, values in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**values)
        if connection.vendor == "postgresql":
            with pytest.raises(IntegrityError), transaction.atomic():
                found.delete()


def test_the_database_refuses_an_end_before_the_beginning(published: PublishedResult) -> None:
    for until in (DAY(2026, 1, 5), DAY(2026, 1, 4)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Achievement.objects.create(
                achievement_id="urn:x",
                site=published.site,
                standard=published.standard,
                level="OPEN-50",
                valid_from=DAY(2026, 1, 5),
                valid_until=until,
            )


def test_the_database_refuses_two_changes_on_one_day(
    published: PublishedResult, secretary: Person
) -> None:
    made = change(secretary, Status.SUSPENDED, DAY(2026, 3, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(
            achievement=made.achievement, on=made.on, status="withdrawn", at=made.at
        )
