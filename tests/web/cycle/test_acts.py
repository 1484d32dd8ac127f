"""Acts are recorded as facts, checked by core on what is known, and never changed."""

import datetime
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from stannary.core.cycle import ActKind, Role, State
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.web.cycle import operations, queries
from stannary.web.cycle.models import ActRecord, Engagement, Member
from stannary.web.parties.models import Organisation, Person, Site
from web.cycle.conftest import AT, START, VISIT, World, put_in

pytestmark = pytest.mark.django_db
Do = Callable[..., ActRecord]
Cast = dict[Role | None, Person]


def codes(act: Callable[[], Any]) -> list[str]:
    """Give the codes with which something is refused; nothing may have changed then."""
    before = ActRecord.objects.count(), Member.objects.count()
    with pytest.raises(RefusalError) as refusal, transaction.atomic():
        act()
    assert (ActRecord.objects.count(), Member.objects.count()) == before
    return [one.code for one in refusal.value.findings]


def test_an_engagement_goes_its_whole_way_by_acts(
    cast: Cast, engagement: Engagement, world: World, do: Do
) -> None:
    site, lead, scheme = cast[Role.SITE_USER], cast[Role.LEAD_AUDITOR], cast[Role.SECRETARIAT]
    operations.set_scope(
        actor=site, engagement_id=engagement.pk, units=[operations.Unit("North pit")]
    )
    do(ActKind.APPLY, site)
    do(ActKind.ACCEPT_APPLICATION, scheme)
    do(ActKind.SIGN_AGREEMENT, scheme)
    do(ActKind.NAME_FIRM, site, firm="example-assurance")
    do(ActKind.PROPOSE_TEAM, lead)
    do(ActKind.ACCEPT_TEAM, scheme)
    do(ActKind.ANNOUNCE, lead)
    do(ActKind.BEGIN_STAGE_1, lead, datetime.date(2026, 2, 1))
    do(ActKind.FINISH_STAGE_1, lead, datetime.date(2026, 2, 1))
    do(ActKind.ANNOUNCE_VISIT, lead, datetime.date(2026, 2, 1), until=datetime.date(2026, 3, 3))
    do(ActKind.BEGIN_STAGE_2, lead, datetime.date(2026, 3, 3))
    do(ActKind.FINISH_STAGE_2, lead, datetime.date(2026, 3, 6))
    do(ActKind.SUBMIT_DRAFT, lead, datetime.date(2026, 4, 6))
    objection = do(
        ActKind.OBJECT, site, datetime.date(2026, 4, 7), refers_to="1.1.1.1", reason="We have it."
    )
    do(
        ActKind.RULE_ON_OBJECTION,
        cast[Role.REVIEWER],
        datetime.date(2026, 4, 9),
        refers_to=str(objection.number),
        reason="It was not shown.",
    )
    do(ActKind.CLOSE_REVIEW, scheme, datetime.date(2026, 4, 10))
    do(ActKind.PUBLISH_NOW, site, datetime.date(2026, 4, 10))
    record = do(ActKind.PUBLISH, scheme, datetime.date(2026, 4, 12))

    engagement.refresh_from_db()
    assert (engagement.state, engagement.on_route) == (State.PUBLISHED, False)
    assert engagement.firm is not None
    assert engagement.firm.slug == "example-assurance"
    told = json.loads(record.facts)
    assert told["report"] == "r-1"
    assert told["assignment"]["edition"] == engagement.edition_id
    assert [one["role"] for one in told["assignment"]["team"]] == [
        "auditor",
        "lead_auditor",
        "reviewer",
    ]
    assert operations.rebuild() == ()


def test_what_nobody_tells_refuses_and_independence_tells_what_it_has_recorded(
    cast: Cast, engagement: Engagement, do: Do
) -> None:
    assert codes(lambda: do(ActKind.APPLY, cast[Role.SITE_USER])) == [
        "ENGAGEMENT-005",
        "ENGAGEMENT-006",
    ]
    put_in(engagement, State.AGREED, by=cast[Role.SITE_USER])

    naming = codes(lambda: do(ActKind.NAME_FIRM, cast[Role.SITE_USER], firm="example-assurance"))
    assert naming == ["INDEPENDENCE-001"]


def test_a_firm_that_is_not_there_is_not_named(
    cast: Cast, engagement: Engagement, world: World, do: Do
) -> None:
    put_in(engagement, State.AGREED, by=cast[Role.SITE_USER])

    assert codes(lambda: do(ActKind.NAME_FIRM, cast[Role.SITE_USER], firm="nobody")) == [
        "ENGAGEMENT-015"
    ]
    Organisation.objects.create(slug="real", name="Real", kind="firm")
    assert codes(lambda: do(ActKind.NAME_FIRM, cast[Role.SITE_USER], firm="real")) == [
        "ENGAGEMENT-023"
    ]


def test_a_draft_and_a_publication_need_what_is_known_of_ratings_and_report(
    cast: Cast, engagement: Engagement, world: World, do: Do
) -> None:
    put_in(engagement, State.STAGE_2_DONE, by=cast[Role.SITE_USER])
    world.unrated = ("1.1.1.1",)
    assert codes(lambda: do(ActKind.SUBMIT_DRAFT, cast[Role.LEAD_AUDITOR])) == ["ENGAGEMENT-011"]
    world.unrated = ()
    do(ActKind.SUBMIT_DRAFT, cast[Role.LEAD_AUDITOR])
    do(ActKind.CLOSE_REVIEW, cast[Role.SECRETARIAT])
    do(ActKind.PUBLISH_NOW, cast[Role.SITE_USER])
    world.report = ""
    assert codes(lambda: do(ActKind.PUBLISH, cast[Role.SECRETARIAT])) == ["ENGAGEMENT-012"]
    world.report, world.level_pending = "r-1", True

    assert do(ActKind.PUBLISH, cast[Role.SECRETARIAT]).level_pending is True
    engagement.refresh_from_db()
    assert engagement.state == State.LEVEL_PENDING


def test_an_objection_names_a_requirement_of_the_edition(
    cast: Cast, engagement: Engagement, do: Do
) -> None:
    put_in(engagement, State.DRAFT, by=cast[Role.SITE_USER])
    said = {"refers_to": "9.9.9.9", "reason": "No."}

    assert codes(lambda: do(ActKind.OBJECT, cast[Role.SITE_USER], **said)) == ["ENGAGEMENT-025"]


def test_a_reason_has_at_most_ten_thousand_characters(
    cast: Cast, engagement: Engagement, do: Do
) -> None:
    scheme = cast[Role.SECRETARIAT]
    too_long = {"reason": "x" * 10_001}

    assert codes(lambda: do(ActKind.SUSPEND, scheme, **too_long)) == ["ENGAGEMENT-024"]
    assert do(ActKind.SUSPEND, scheme, reason=" " + "x" * 10_000).reason == "x" * 10_000


def test_who_did_not_see_the_newest_act_learns_what_happened(
    cast: Cast, engagement: Engagement, world: World, do: Do
) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])
    do(ActKind.ACCEPT_APPLICATION, cast[Role.SECRETARIAT])

    with pytest.raises(RefusalError) as refusal:
        operations.act(
            actor=cast[Role.SECRETARIAT],
            engagement_id=engagement.pk,
            kind=ActKind.RETURN_APPLICATION,
            expected_number=1,
            said=operations.Said(reason="Incomplete."),
        )

    assert refusal.value.rule.code == "ENGAGEMENT-020"
    assert refusal.value.findings[0].facts == {
        "seen": "1",
        "there": "2",
        "act": "accept_application",
        "by": "secretary",
        "at": "2026-01-05 09:00 UTC",
        "state": "accepted",
    }


def test_a_suspended_engagement_stays_where_it_was_on_its_way(
    cast: Cast, engagement: Engagement, do: Do, site: Site, operator: Organisation
) -> None:
    put_in(engagement, State.STAGE_1, by=cast[Role.SITE_USER])
    do(ActKind.SUSPEND, cast[Role.SECRETARIAT], reason="Strike.")
    engagement.refresh_from_db()
    assert (engagement.state, engagement.on_route) == ("suspended", True)
    do(ActKind.REINSTATE, cast[Role.SECRETARIAT], reason="It is over.")
    engagement.refresh_from_db()
    assert engagement.state == State.STAGE_1


def test_what_is_suspended_after_publication_is_not_on_its_way(
    cast: Cast, engagement: Engagement, do: Do
) -> None:
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])
    do(ActKind.SUSPEND, cast[Role.SECRETARIAT], reason="Collapse.")

    engagement.refresh_from_db()
    assert (engagement.state, engagement.on_route) == ("suspended", False)


def test_the_database_itself_does_not_change_an_act(cast: Cast, engagement: Engagement) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])
    with pytest.raises(IntegrityError), transaction.atomic():
        ActRecord.objects.update(reason="Something else.")
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            ActRecord.objects.all().delete()


def test_the_database_itself_keeps_one_engagement_on_its_way(engagement: Engagement) -> None:
    engagement.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        engagement.save(force_insert=True)


def test_a_kept_state_that_is_wrong_is_found_and_computed_anew(
    cast: Cast, engagement: Engagement
) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])
    Engagement.objects.update(state="published", on_route=False)

    assert operations.rebuild() == (str(engagement.pk),)
    engagement.refresh_from_db()
    assert (engagement.state, engagement.on_route) == ("applied", True)
    assert operations.rebuild() == ()


def opening(actor: Person, site: Site, edition: Edition, operator: Organisation) -> Engagement:
    return operations.open_engagement(
        actor=actor, site=site, edition_id=edition.id, operator=operator
    )


def test_a_site_has_one_engagement_on_its_way_and_the_next_one_follows_it(
    cast: Cast,
    engagement: Engagement,
    world: World,
    do: Do,
    site: Site,
    operator: Organisation,
    open_mining: Edition,
) -> None:
    site_user, scheme = cast[Role.SITE_USER], cast[Role.SECRETARIAT]
    again = [site_user, site, open_mining, operator]
    assert codes(lambda: opening(*again)) == ["ENGAGEMENT-013"]  # type: ignore[arg-type]  # a list of four kinds
    put_in(engagement, State.PUBLISHED, by=site_user)
    assert codes(lambda: do(ActKind.REPLACE, scheme)) == ["ENGAGEMENT-012"]

    after = opening(site_user, site, open_mining, operator)
    assert after.previous == engagement
    assert codes(lambda: do(ActKind.REPLACE, scheme)) == ["ENGAGEMENT-012"]
    put_in(after, State.PUBLISHED, by=site_user)
    do(ActKind.REPLACE, scheme)
    engagement.refresh_from_db()
    assert engagement.state == State.REASSESSED


def test_an_engagement_is_opened_by_the_operator_of_its_site(
    site_user: Person,
    auditor: Person,
    secretary: Person,
    site: Site,
    operator: Organisation,
    firm: Organisation,
    open_mining: Edition,
) -> None:
    other = Organisation.objects.create(
        slug="other", name="Other", kind="operator", illustrative=True
    )
    assert codes(lambda: opening(auditor, site, open_mining, operator)) == ["PARTY-001"]
    assert codes(lambda: opening(site_user, site, open_mining, other)) == ["PARTY-001"]
    assert codes(lambda: opening(secretary, site, open_mining, other)) == ["ENGAGEMENT-023"]
    assert codes(lambda: opening(secretary, site, open_mining, firm)) == ["PARTY-001"]
    opened = opening(secretary, site, open_mining, operator)
    assert not opened.members.exists()


def test_an_outline_leads_no_engagement(
    site_user: Person, site: Site, operator: Organisation, shipped: None
) -> None:
    def under_an_outline() -> Engagement:
        return operations.open_engagement(
            actor=site_user, site=site, edition_id="irma/mining/1.0", operator=operator
        )

    assert codes(under_an_outline) == ["ENGAGEMENT-023"]


def test_lists_know_what_an_engagement_waits_for() -> None:
    assert queries.waits_for(State.APPLIED) == (Role.SECRETARIAT,)
    assert queries.waits_for(State.DRAFT) == (Role.REVIEWER, Role.SECRETARIAT)
    assert queries.waits_for(State.EXPIRED) == ()
    assert (AT.date(), VISIT > START) == (START, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.untraced
def test_of_two_people_who_act_at_once_one_wins_and_the_other_sees_it(
    cast: Cast, engagement: Engagement
) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])
    start = threading.Barrier(2)
    results: list[str] = []

    def do_one(kind: ActKind) -> None:
        try:
            start.wait(10)
            operations.act(
                actor=cast[Role.SECRETARIAT],
                engagement_id=engagement.pk,
                kind=kind,
                expected_number=1,
                said=operations.Said(reason="Because."),
            )
            results.append("done")
        except RefusalError as refusal:
            facts = refusal.findings[0].facts
            results.append(f"{refusal.rule.code} {facts['there']} {facts['by']}")
        finally:
            connection.close()

    kinds = (ActKind.ACCEPT_APPLICATION, ActKind.RETURN_APPLICATION)
    threads = [threading.Thread(target=do_one, args=(kind,)) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(results) == ["ENGAGEMENT-020 2 secretary", "done"]
    assert ActRecord.objects.count() == 2
