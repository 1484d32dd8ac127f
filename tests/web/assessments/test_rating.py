"""Rating together: records are facts, and nobody overwrites what they have not seen."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from stannary.core.kernel import RefusalError
from stannary.core.standards import Rating
from stannary.web.assessments import queries
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.operations import Change, close, open_assessment, rate, rate_all
from stannary.web.parties.models import Organisation, Person, Site

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 5)
FIRST = "1.1.1.1"
SECOND = "1.1.1.2"


def codes(refusal: pytest.ExceptionInfo[RefusalError]) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


def test_the_newest_record_counts_and_the_older_one_stays(
    auditor: Person, colleague: Person, assessment: Assessment
) -> None:
    one = rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id=FIRST,
        rating="partially",
        rationale="Half of it.",
        seen=None,
    )

    two = rate(
        actor=colleague,
        assessment_id=assessment.pk,
        requirement_id=FIRST,
        rating="fully",
        seen=one.pk,
    )

    newest = queries.newest_records([assessment])[assessment.pk]
    assert {name: record.id for name, record in newest.items()} == {FIRST: two.pk}
    assert newest[FIRST].assessor == "colleague"
    assert [(record.pk, record.rating) for record in RatingRecord.objects.all()] == [
        (one.pk, "partially"),
        (two.pk, "fully"),
    ]
    assert two.previous_id == one.pk


def test_who_has_not_seen_the_newest_rating_is_refused_and_shown_both(
    auditor: Person, colleague: Person, assessment: Assessment
) -> None:
    at = datetime.datetime(2026, 1, 2, 10, 30, tzinfo=datetime.UTC)
    rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id=FIRST,
        rating="fully",
        seen=None,
        at=at,
    )

    with pytest.raises(RefusalError) as refusal:
        rate(
            actor=colleague,
            assessment_id=assessment.pk,
            requirement_id=FIRST,
            rating="partially",
            seen=None,
        )

    assert str(refusal.value) == (
        "RATING-020: Whoever changes a rating has seen the newest one. Here: requirement=1.1.1.1, "
        "yours=partially, saved=fully, by=auditor, at=2026-01-02 10:30 UTC. Look at the rating "
        "that was saved meanwhile, then keep it or rate again."
    )
    assert RatingRecord.objects.count() == 1


def test_an_id_of_an_older_record_is_not_the_newest(
    auditor: Person, assessment: Assessment
) -> None:
    one = rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id=FIRST,
        rating="fully",
        seen=None,
    )
    rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id=FIRST,
        rating="not_met",
        seen=one.pk,
    )

    with pytest.raises(RefusalError) as refusal:
        rate(
            actor=auditor,
            assessment_id=assessment.pk,
            requirement_id=FIRST,
            rating="partially",
            seen=one.pk,
        )

    assert codes(refusal) == ["RATING-020"]


def test_sending_a_rating_again_after_a_lost_answer_adds_nothing(
    auditor: Person, assessment: Assessment
) -> None:
    change = Change(FIRST, "partially", "Half.\r\n", " https://a.example/1 \n\n", None)
    first = rate_all(actor=auditor, assessment_id=assessment.pk, changes=[change])

    again = rate_all(actor=auditor, assessment_id=assessment.pk, changes=[change])

    assert [record.pk for record in again] == [record.pk for record in first]
    assert RatingRecord.objects.count() == 1
    assert (first[0].rationale, first[0].evidence) == ("Half.", "https://a.example/1")


def test_not_relevant_needs_a_reason(auditor: Person, assessment: Assessment) -> None:
    with pytest.raises(RefusalError) as refusal:
        rate(
            actor=auditor,
            assessment_id=assessment.pk,
            requirement_id=FIRST,
            rating="not_relevant",
            rationale="  ",
            seen=None,
        )

    assert codes(refusal) == ["RATING-004"]
    record = rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id=FIRST,
        rating="not_relevant",
        rationale="Nobody lives there.",
        seen=None,
    )
    assert record.rating == Rating.NOT_RELEVANT


def test_all_changes_are_saved_or_none_and_every_finding_is_named(
    auditor: Person, assessment: Assessment
) -> None:
    changes = [
        Change(FIRST, "fully", "", "", None),
        Change(SECOND, "superb", "", "", None),
        Change("9.9.9.9", "fully", "", "", None),
        Change("1.1.1.3", "partially", "bell\a", "ftp://a.example/x", None),
    ]

    with pytest.raises(RefusalError) as refusal:
        rate_all(actor=auditor, assessment_id=assessment.pk, changes=changes)

    found = [(finding.code, finding.facts["requirement"]) for finding in refusal.value.findings]
    assert found == [
        ("RATING-003", SECOND),
        ("RATING-001", "9.9.9.9"),
        ("RATING-007", "1.1.1.3"),
        ("RATING-009", "1.1.1.3"),
    ]
    assert not RatingRecord.objects.exists()


def test_two_changes_of_one_requirement_are_refused(
    auditor: Person, assessment: Assessment
) -> None:
    changes = [Change(FIRST, "fully", "", "", None), Change(FIRST, "not_met", "", "", None)]

    with pytest.raises(RefusalError) as refusal:
        rate_all(actor=auditor, assessment_id=assessment.pk, changes=changes)

    assert codes(refusal) == ["RATING-002"]


def test_a_published_assessment_is_not_rated_any_more(
    auditor: Person, assessment: Assessment
) -> None:
    close(assessment)

    with pytest.raises(RefusalError) as refusal:
        rate(
            actor=auditor,
            assessment_id=assessment.pk,
            requirement_id=FIRST,
            rating="fully",
            seen=None,
        )

    assert codes(refusal) == ["RATING-021"]


@pytest.mark.parametrize("who", ["rival", "clerk", "outsider", "secretary"])
def test_for_everybody_else_the_assessment_is_not_there(
    who: str, assessment: Assessment, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)

    with pytest.raises(RefusalError) as refusal:
        rate(
            actor=person,
            assessment_id=assessment.pk,
            requirement_id=FIRST,
            rating="fully",
            seen=None,
        )
    with pytest.raises(RefusalError) as nowhere:
        rate(
            actor=person,
            assessment_id=999_999,
            requirement_id=FIRST,
            rating="fully",
            seen=None,
        )

    assert codes(refusal) == codes(nowhere) == ["PARTY-001"]
    assert refusal.value.rule is nowhere.value.rule


@pytest.mark.parametrize("assessment_id", [0, -1, 2**63, 10**30])
def test_ids_beyond_the_database_are_not_there(auditor: Person, assessment_id: int) -> None:
    with pytest.raises(RefusalError) as refusal:
        queries.assessment(actor=auditor, assessment_id=assessment_id)

    assert codes(refusal) == ["PARTY-001"]


def test_the_database_refuses_two_first_records_and_two_followers(
    auditor: Person, assessment: Assessment
) -> None:
    row = {
        "assessment": assessment,
        "requirement_id": FIRST,
        "rating": "fully",
        "assessor": auditor,
        "at": datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
    }
    first = RatingRecord.objects.create(**row)
    RatingRecord.objects.create(**row, previous=first)

    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.create(**row, previous=first)


@pytest.mark.parametrize(
    ("rating", "rationale"), [("superb", "why"), ("", "why"), ("not_relevant", "")]
)
def test_the_database_refuses_what_core_refuses(
    rating: str, rationale: str, auditor: Person, assessment: Assessment
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.create(
            assessment=assessment,
            requirement_id=FIRST,
            rating=rating,
            rationale=rationale,
            assessor=auditor,
            at=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
        )


def test_the_database_refuses_to_change_a_record(auditor: Person, assessment: Assessment) -> None:
    record = rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id=FIRST,
        rating="fully",
        seen=None,
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.filter(pk=record.pk).update(rating="not_met")
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            RatingRecord.objects.filter(pk=record.pk).delete()

    record.refresh_from_db()
    assert record.rating == "fully"


def test_only_an_auditor_of_the_firm_opens_its_assessments(
    rival: Person, firm: Organisation, maker: Organisation, clerk: Person, mine: Site
) -> None:
    for actor, organisation in ((rival, firm), (clerk, maker)):
        with pytest.raises(RefusalError) as refusal:
            open_assessment(
                actor=actor,
                site=mine,
                edition_id="stannary/open-mining/0.1",
                firm=organisation,
            )
        assert codes(refusal) == ["RATING-022"]


def test_a_made_up_firm_does_not_assess_a_real_site(auditor: Person, firm: Organisation) -> None:
    real = Site.objects.create(slug="somewhere", name="Somewhere", country="IS")

    with pytest.raises(RefusalError) as refusal:
        open_assessment(actor=auditor, site=real, edition_id="stannary/open-mining/0.1", firm=firm)

    assert codes(refusal) == ["RATING-023"]


def test_a_site_has_one_open_assessment_by_a_firm_under_an_edition(
    auditor: Person, assessment: Assessment
) -> None:
    with pytest.raises(RefusalError) as refusal:
        open_assessment(
            actor=auditor,
            site=assessment.site,
            edition_id=assessment.edition_id,
            firm=assessment.firm,  # type: ignore[arg-type]  # an audit has a firm
        )

    assert codes(refusal) == ["RATING-024"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(
            site=assessment.site,
            edition_id=assessment.edition_id,
            pack_sha256="0" * 64,
            firm=assessment.firm,
            lead_auditor=auditor,
            opened_at=assessment.opened_at,
        )


def test_the_level_moves_with_a_rating_and_the_movement_is_found_again(
    auditor: Person, rated: Assessment
) -> None:
    now = queries.standing(actor=auditor, assessment_id=rated.pk, as_of=DAY)
    assert now.score.level.code == "OPEN-75"
    critical = now.newest["3.1.1.1"]
    rate(
        actor=auditor,
        assessment_id=rated.pk,
        requirement_id="3.1.1.1",
        rating="partially",
        rationale="Two contractors.",
        seen=critical.id,
    )
    rate(
        actor=auditor,
        assessment_id=rated.pk,
        requirement_id="1.1.1.3",
        rating="substantially",
        rationale="Late.",
        seen=now.newest["1.1.1.3"].id,
    )

    after = queries.standing(actor=auditor, assessment_id=rated.pk, as_of=DAY)
    movement = queries.last_movement(after, queries.history(rated, limit=10))

    assert after.score.level.code == "OPEN-TRANSPARENCY"
    assert movement is not None
    assert (movement.requirement, movement.rating) == ("3.1.1.1", Rating.PARTIALLY)
    assert movement.before.code == "OPEN-75"
