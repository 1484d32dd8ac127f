"""Nothing of an engagement is public before it is announced; then facts, and no drafts."""

import datetime

import pytest
from django.test import Client

from stannary.core.cycle import ActKind, Role, State
from stannary.web.cycle import demo, operations, public, words
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person, Site
from web.cycle.conftest import START, VISIT, put_in

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]
BEFORE = {
    State.SELF_ASSESSMENT,
    State.APPLIED,
    State.ACCEPTED,
    State.AGREED,
    State.CONTRACTED,
    State.TEAM_PROPOSED,
    State.TEAM_ACCEPTED,
}


@pytest.mark.parametrize("state", [one for one in State if one is not State.SUSPENDED])
def test_an_engagement_is_public_from_the_announcement_on(
    state: State, cast: Cast, engagement: Engagement, site: Site, client: Client
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])
    announced = engagement.acts.filter(kind=ActKind.ANNOUNCE).exists()

    assert announced is (state not in BEFORE | {State.WITHDRAWN})
    html = client.get(f"/sites/{site.slug}/").content.decode()
    assert ('id="engagements"' in html) is announced
    if announced:
        assert str(words.PUBLIC[state]) in html


def test_the_public_sees_facts_and_the_state_as_of_a_day(
    cast: Cast, engagement: Engagement, site: Site
) -> None:
    put_in(engagement, State.DRAFT, by=cast[Role.SITE_USER])
    operations.act(
        actor=cast[Role.SECRETARIAT],
        engagement_id=engagement.pk,
        kind=ActKind.WITHDRAW,
        expected_number=engagement.acts.count(),
        said=operations.Said(reason="Secret."),
        on=START + datetime.timedelta(days=9),
    )

    (now,) = public.announced(site, on=START + datetime.timedelta(days=9))
    assert (now.firm, now.announced_on, now.visit_on) == ("Example Assurance", START, VISIT)
    assert (now.state, now.ended_on) == (State.WITHDRAWN, START + datetime.timedelta(days=9))
    (before,) = public.announced(site, on=START)
    assert (before.state, before.published_on, before.ended_on) == (State.DRAFT, None, None)
    assert words.PUBLIC[before.state] == "Report in preparation"
    assert public.announced(site, on=START - datetime.timedelta(days=1)) == ()


def test_every_public_state_has_words_and_no_other() -> None:
    assert set(words.PUBLIC) == set(State) - BEFORE


def test_the_demonstration_is_led_by_the_same_acts_and_only_once(
    demonstration: None, auditor: Person, reviewer: Person, site_user: Person, secretary: Person
) -> None:
    people = {
        Role.SITE_USER: site_user,
        Role.LEAD_AUDITOR: auditor,
        Role.REVIEWER: reviewer,
        Role.SECRETARIAT: secretary,
    }

    published, running = demo.load(people=people, report="r-1")
    assert (published.state, running.state) == ("published", "stage_1")
    assert demo.load(people=people, report="r-1") == (published, running)
    assert operations.rebuild() == ()
