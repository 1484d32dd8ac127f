"""Whose word a rating is: site, auditors, final; who may say it when, and who may read it."""

import datetime
import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from stannary.core.assessments.verdicts import Side
from stannary.core.cycle import Action, Role, State, may
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.web.assessments import operations, queries
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.operations import Author, Change
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Organisation, Person
from web.cycle.conftest import AT, World, put_in

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]
ONE = "1.1.1.1"


@pytest.fixture
def own(engagement: Engagement) -> Assessment:
    """Give the self-assessment that opening the engagement made."""
    return engagement.assessments.get()


@pytest.fixture
def audit(engagement: Engagement, auditor: Person, firm: Organisation) -> Assessment:
    return Assessment.objects.create(
        engagement=engagement,
        site=engagement.site,
        edition_id=engagement.edition_id,
        pack_sha256="0" * 64,
        firm=firm,
        lead_auditor=auditor,
        opened_at=AT,
        illustrative=True,
    )


def say(
    those: Assessment,
    edition: Edition,
    side: Side,
    by: Person,
    rating: str,
    seen: int | None = None,
) -> RatingRecord:
    """Record what a side says."""
    change = Change(ONE, rating, f"as the {side} sees it", "", seen)
    return operations.add_all(those, edition, Author(side, by), [change], AT)[0]


def test_opening_an_engagement_opens_a_self_assessment_without_a_firm_led_by_the_site(
    own: Assessment, site_user: Person, engagement: Engagement
) -> None:
    assert (own.kind, own.firm, own.lead_auditor) == ("self", None, site_user)
    assert own.by == engagement.operator.name


@pytest.mark.untraced
@pytest.mark.either_database
@pytest.mark.parametrize("state", list(State))
def test_sides_are_read_and_rated_by_whom_the_table_says_in_every_state_and_by_nobody_else(
    state: State,
    engagement: Engagement,
    own: Assessment,
    audit: Assessment,
    cast: Cast,
    world: World,
    secretary: Person,
) -> None:
    put_in(engagement, state, by=secretary)
    cases = (
        (own, Action.READ_SELF_ASSESSMENT, (Action.RATE_SELF,)),
        (
            audit,
            Action.READ_AUDIT_RATINGS,
            (Action.RATE_AUDIT, Action.RATE_CORRECTION, Action.RATE_PENDING),
        ),
    )
    for role, person in cast.items():
        client = Client()
        client.force_login(person)
        roles = {role} if role else set()
        for those, read, rates in cases:
            reads = may(roles, read, state)
            writes = any(may(roles, one, state) for one in rates)
            base = f"/assessments/{those.pk}/"
            expected = 200 if reads else 404
            assert client.get(base).status_code == expected, (role, read)
            assert client.get(f"/api/v1/assessments/{those.pk}/score").status_code == expected
            beside = client.get(f"{base}side-by-side/")
            assert beside.status_code == (200 if reads and those == audit else 404)
            page = client.get(f"{base}rate/")
            assert page.status_code == (200 if writes else 302 if reads else 404)
            body = json.dumps({"rating": "partially", "rationale": "Seen.", "seen": None})
            with transaction.atomic():
                sent = client.post(f"{base}rate/{ONE}/", body, content_type="application/json")
                sides = set(those.ratings.values_list("side", flat=True))
                transaction.set_rollback(True)
            assert sent.status_code == (200 if writes else 422 if reads else 404), (role, state)
            if writes:
                final = any(
                    may(roles, one, state) for one in (Action.RATE_CORRECTION, Action.RATE_PENDING)
                )
                side = "site" if those == own else "final" if final else "auditor"
                assert sides == {side}


def test_a_final_verdict_counts_before_the_auditors_and_overwrites_nothing(
    audit: Assessment, open_mining: Edition, auditor: Person, reviewer: Person
) -> None:
    first = say(audit, open_mining, Side.AUDITOR, auditor, "partially")

    final = say(audit, open_mining, Side.FINAL, reviewer, "fully", seen=first.pk)

    assert final.previous is None
    assert queries.newest_records([audit])[audit.pk][ONE].id == final.pk
    first.refresh_from_db()
    assert first.rating == "partially"


def test_a_final_verdict_without_a_reason_is_refused(
    audit: Assessment, open_mining: Edition, reviewer: Person
) -> None:
    change = Change(ONE, "fully", "", "", None)

    with pytest.raises(RefusalError) as refused:
        operations.add_all(audit, open_mining, Author(Side.FINAL, reviewer), [change], AT)

    assert [one.code for one in refused.value.findings] == ["RATING-027"]


def test_who_did_not_see_the_verdict_that_counts_is_refused_and_shown_it(
    audit: Assessment, open_mining: Edition, auditor: Person, reviewer: Person
) -> None:
    first = say(audit, open_mining, Side.AUDITOR, auditor, "partially")
    say(audit, open_mining, Side.FINAL, reviewer, "fully", seen=first.pk)

    with pytest.raises(RefusalError) as refused:
        say(audit, open_mining, Side.FINAL, auditor, "not_met", seen=first.pk)

    assert refused.value.rule.code == "RATING-020"
    assert refused.value.findings[0].facts["saved"] == "fully"


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": "nobody"},
        {"side": "final", "rationale": ""},
        {"assessor": None},
        {"said_by": "Rae"},
        {"assessor": None, "said_by": "Rae"},
    ],
)
def test_the_database_keeps_sides_reasons_and_authors_by_itself(
    wrong: dict[str, object], audit: Assessment, auditor: Person
) -> None:
    right = {"side": "auditor", "rationale": "Seen.", "assessor": auditor, "said_by": ""}

    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.create(
            assessment=audit, requirement_id=ONE, rating="fully", at=AT, **{**right, **wrong}
        )


def test_each_side_has_one_chain_of_records(audit: Assessment, auditor: Person) -> None:
    for side in ("auditor", "final"):
        RatingRecord.objects.create(
            assessment=audit,
            requirement_id=ONE,
            side=side,
            rating="fully",
            rationale="Seen.",
            assessor=auditor,
            at=AT,
        )

    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.create(
            assessment=audit, requirement_id=ONE, rating="fully", assessor=auditor, at=AT
        )


@pytest.mark.parametrize("wrong", [{"kind": "self"}, {"firm": None}, {"kind": "other"}])
def test_the_database_keeps_a_firm_with_every_assessment_but_a_sites_own(
    wrong: dict[str, object], audit: Assessment
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=audit.pk).update(**wrong)


def test_a_record_is_still_never_changed_after_its_table_was_made_anew(
    audit: Assessment, open_mining: Edition, auditor: Person
) -> None:
    record = say(audit, open_mining, Side.AUDITOR, auditor, "partially")

    with pytest.raises(IntegrityError), transaction.atomic():
        RatingRecord.objects.filter(pk=record.pk).update(side="final")


def test_side_by_side_says_who_said_what_when_and_where_they_differ(
    engagement: Engagement,
    own: Assessment,
    audit: Assessment,
    open_mining: Edition,
    cast: Cast,
    secretary: Person,
) -> None:
    say(own, open_mining, Side.SITE, cast[Role.SITE_USER], "fully")
    there = say(audit, open_mining, Side.AUDITOR, cast[Role.LEAD_AUDITOR], "partially")
    put_in(engagement, State.DRAFT, by=secretary)
    client = Client()
    client.force_login(cast[Role.REVIEWER])

    page = client.get(f"/assessments/{audit.pk}/side-by-side/?differ=1").content.decode()

    assert "as the site sees it" in page
    assert "as the auditor sees it" in page
    assert "the site rates itself higher" in page
    assert "1.1.1.2" not in page
    say(audit, open_mining, Side.FINAL, cast[Role.REVIEWER], "fully", seen=there.pk)
    page = client.get(f"/assessments/{audit.pk}/side-by-side/?differ=1").content.decode()
    assert "They differ nowhere here." in page
    observer = Client()
    observer.force_login(cast[Role.OBSERVER])
    page = observer.get(f"/assessments/{audit.pk}/side-by-side/").content.decode()
    assert "as the site sees it" not in page
    assert "as the final sees it" in page


def test_the_rating_page_shows_the_sites_word_beside_the_auditors(
    engagement: Engagement,
    own: Assessment,
    audit: Assessment,
    open_mining: Edition,
    cast: Cast,
    secretary: Person,
) -> None:
    say(own, open_mining, Side.SITE, cast[Role.SITE_USER], "fully")
    put_in(engagement, State.STAGE_1, by=secretary)
    client = Client()
    client.force_login(cast[Role.AUDITOR])

    page = client.get(f"/assessments/{audit.pk}/rate/?chapter=1.1").content.decode()

    assert "as the site sees it" in page
    assert "site-user" in page
    assert timezone.localtime(AT).date() == datetime.date(2026, 1, 5)


@pytest.mark.parametrize("kind", [Assessment.Kind.SELF, Assessment.Kind.AUDIT])
def test_an_engagement_has_one_assessment_of_each_kind(
    audit: Assessment, auditor: Person, kind: Assessment.Kind
) -> None:
    engagement = audit.engagement
    assert engagement is not None

    with pytest.raises(RefusalError) as refused:
        operations.open_engaged(engagement, kind, auditor, AT)

    assert [one.code for one in refused.value.findings] == ["RATING-026"]
    assert Assessment.objects.filter(engagement=engagement, kind=kind).count() == 1
