"""A score as of another day takes the ratings of that day too; a level is worked out in full."""

import datetime

import pytest
from django.test import Client

from stannary.core.assessments.verdicts import Side
from stannary.core.standards import Edition
from stannary.web.assessments import queries
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import Author, Change, add_all
from stannary.web.parties.models import Person
from stannary.web.publications.operations import publish

pytestmark = pytest.mark.django_db
ONE = "1.1.1.1"
NIGHT = datetime.datetime(2026, 2, 1, 23, 30, tzinfo=datetime.UTC)
DAYS = [datetime.date(2026, 1, 31), datetime.date(2026, 2, 1), datetime.date(2026, 2, 2)]


@pytest.fixture
def later(rated: Assessment, auditor: Person, open_mining: Edition) -> Assessment:
    """Say of a critical requirement late on 1 February that it is not met."""
    seen = rated.ratings.get(requirement_id=ONE).pk
    change = Change(ONE, "not_met", "Nothing was shown.", "", seen)
    add_all(rated, open_mining, Author(Side.AUDITOR, auditor), [change], NIGHT)
    return rated


def test_as_of_a_day_what_was_known_at_its_end_counts(later: Assessment, auditor: Person) -> None:
    found = [
        queries.standing(actor=auditor, assessment_id=later.pk, as_of=day, known_on=day)
        for day in DAYS
    ]

    assert [str(one.newest[ONE].rating) for one in found] == ["fully", "not_met", "not_met"]
    assert [one.score.level.code for one in found] == [
        "OPEN-75",
        "OPEN-TRANSPARENCY",
        "OPEN-TRANSPARENCY",
    ]


def test_before_it_was_opened_nothing_was_known(later: Assessment, auditor: Person) -> None:
    days = (datetime.date(2025, 12, 31), datetime.date(2026, 1, 1), datetime.date(2026, 1, 4))
    found = [
        queries.standing(actor=auditor, assessment_id=later.pk, as_of=day, known_on=day).rated
        for day in days
    ]

    assert found[:2] == [0, 0]
    assert found[2] == later.ratings.filter(previous=None).count()


def test_what_was_carried_over_was_not_known_before_its_assessment_was_opened(
    later: Assessment, auditor: Person
) -> None:
    Assessment.objects.filter(pk=later.pk).update(
        opened_at=datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC)
    )

    days = (datetime.date(2026, 2, 28), datetime.date(2026, 3, 1))
    found = [queries.sided_records([later], known_on=day)[later.pk] for day in days]

    assert (len(found[0]), len(found[1])) == (0, later.ratings.filter(previous=None).count())


def test_the_page_says_that_the_ratings_are_of_that_day(
    later: Assessment, auditor: Person, client: Client
) -> None:
    client.force_login(auditor)

    then = client.get(f"/assessments/{later.pk}/?as_of=2026-01-31").content.decode()
    now = client.get(f"/assessments/{later.pk}/").content.decode()

    assert "the ratings known at the end of that day" in then
    assert "OPEN 75" in then
    assert "Nothing was shown" not in then
    assert "the ratings known at the end of that day" not in now


def test_a_level_is_worked_out_from_every_requirement(
    later: Assessment, auditor: Person, outsider: Person, client: Client, open_mining: Edition
) -> None:
    client.force_login(auditor)
    address = f"/assessments/{later.pk}/derivation/"

    found = client.get(f"{address}?as_of=2026-01-31").content.decode()

    assert found.count('<tr><th scope="row"><span class="num">') == len(open_mining.requirements)
    assert "Sum of chapter 1.1" in found
    assert "in no count" in found
    assert "the ratings known at the end of that day" in found
    assert "not met" in client.get(address).content.decode()
    client.force_login(outsider)
    assert client.get(address).status_code == 404


def test_a_published_level_is_worked_out_for_everybody(
    auditor: Person, later: Assessment, client: Client, open_mining: Edition
) -> None:
    row = publish(actor=auditor, assessment_id=later.pk, published_on=datetime.date(2026, 2, 3))

    found = client.get(f"/results/{row.result_id}/derivation/").content.decode()

    assert found.count('<tr><th scope="row"><span class="num">') == len(open_mining.requirements)
    assert "Points and thresholds are those of" in found
