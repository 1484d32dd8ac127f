"""The illustrative mines: made by the operations that real ones use, and the same each time."""

import datetime

import pytest

from stannary.core.standards import Edition
from stannary.web.assessments import demo as assessment_demo
from stannary.web.assessments import queries as assessment_queries
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.operations import rate
from stannary.web.attestations.queries import achievement_id, achievements
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.publications.demo import load
from stannary.web.publications.models import PublishedResult

pytestmark = pytest.mark.django_db


def test_the_two_mines_have_achievements_in_force_in_january_2026(
    auditor: Person, open_mining: Edition
) -> None:
    load(auditor=auditor)

    slugs = ("example-north-mine", "example-south-mine")
    found = achievements(achievement_id(slug) for slug in slugs)
    day = datetime.date(2026, 1, 20)
    assert [found[achievement_id(slug)].level_on(day) for slug in slugs] == ["OPEN-75", "OPEN-50"]


def test_loading_again_changes_nothing(auditor: Person, open_mining: Edition) -> None:
    first = load(auditor=auditor)
    records = RatingRecord.objects.count()

    second = load(auditor=auditor)

    assert [row.pk for row in first] == [row.pk for row in second]
    assert RatingRecord.objects.count() == records
    assert PublishedResult.objects.count() == 2
    assert Assessment.objects.count() == 3


def test_everything_is_marked_as_made_up(auditor: Person, open_mining: Edition) -> None:
    load(auditor=auditor)

    assert not Site.objects.filter(illustrative=False).exists()
    assert not Assessment.objects.filter(illustrative=False).exists()
    assert not PublishedResult.objects.filter(illustrative=False).exists()
    assert Organisation.objects.get(name=assessment_demo.FIRM).illustrative


@pytest.mark.parametrize(
    ("rating", "level"),
    [
        ("fully", "OPEN-75"),
        ("substantially", "OPEN-75"),
        ("partially", "OPEN-50"),
        ("not_met", "OPEN-50"),
    ],
)
def test_the_third_mine_is_one_click_away_from_its_level(
    rating: str, level: str, auditor: Person, open_mining: Edition
) -> None:
    ridge = assessment_demo.load(auditor=auditor)[2]
    day = datetime.date(2026, 11, 22)
    before = assessment_queries.standing(actor=auditor, assessment_id=ridge.pk, as_of=day)

    rate(
        actor=auditor,
        assessment_id=ridge.pk,
        requirement_id="2.6.2.1",
        rating=rating,
        rationale="As seen.",
        seen=None,
    )

    after = assessment_queries.standing(actor=auditor, assessment_id=ridge.pk, as_of=day)
    outcome = before.score.level
    assert (outcome.state, outcome.floor, outcome.ceiling) == ("pending", "OPEN-50", "OPEN-75")
    assert (after.score.level.state, after.score.level.code) == ("determined", level)
    assert after.pending == 2
