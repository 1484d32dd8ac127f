"""Pages say where an engagement stands, what is next, and why something was not done."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from stannary.core.cycle import ActKind, ClockKind, ClockStanding, Role, State
from stannary.web.cycle import facts, forms, queries, route, words
from stannary.web.cycle.models import ActRecord, Engagement, Member
from stannary.web.parties.models import Organisation, Person, Site
from web.cycle.conftest import World, put_in

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]
SignIn = Callable[[Person], Client]


def text_of(answer: object) -> str:
    """Give a page without its tags, blanks as single ones."""
    html = answer.content.decode()  # type: ignore[attr-defined]  # a response of the test client
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_list_shows_what_waits_for_you_in_front(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])

    scheme = text_of(sign_in(cast[Role.SECRETARIAT]).get("/engagements/"))
    site_user = text_of(sign_in(cast[Role.SITE_USER]).get("/engagements/"))
    assert "1 waits for you" in scheme
    assert "Accept the application" in scheme
    assert "What is due in all of them" in scheme
    assert "waits for: secretariat" in site_user
    assert "Open an engagement" in site_user
    nothing = text_of(sign_in(cast[None]).get("/engagements/"))
    assert "You have no role in an engagement." in nothing
    respondent = text_of(sign_in(cast[Role.RESPONDENT]).get("/engagements/"))
    assert "Example Pit" not in respondent


def test_a_site_user_opens_an_engagement_on_a_page(
    site_user: Person, site: Site, open_mining: object, sign_in: SignIn
) -> None:
    browser = sign_in(site_user)
    assert "Example Pit" in text_of(browser.get("/engagements/new/"))
    sent = {"site": "example-pit", "edition": "stannary/open-mining/0.1", "title": "First"}

    answer = browser.post("/engagements/new/", sent, follow=True)
    assert "The engagement is open." in text_of(answer)
    assert "First" in text_of(answer)
    again = browser.post("/engagements/new/", sent)
    assert again.status_code == 422
    assert "ENGAGEMENT-013" in text_of(again)
    assert browser.post("/engagements/new/", {**sent, "site": "other"}).status_code == 404
    assert browser.post("/engagements/new/", {**sent, "edition": "a/b/c"}).status_code == 404


def test_an_act_is_done_on_the_page_and_shows_in_its_history(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])
    browser = sign_in(cast[Role.SECRETARIAT])
    address = f"/engagements/{engagement.pk}/"

    answer = browser.post(
        address + "act/",
        {"act": "return_application", "seen": "1", "reason": "Two units\r\nare missing."},
        follow=True,
    )
    shown = text_of(answer)
    assert "Application returned" in shown
    assert "are missing." in shown
    assert ActRecord.objects.get(number=2).reason == "Two units\nare missing."


def test_a_refused_act_shows_why_and_keeps_what_was_typed(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.STAGE_1_DONE, by=cast[Role.SITE_USER])
    browser = sign_in(cast[Role.LEAD_AUDITOR])
    sent = {"act": "announce_visit", "seen": engagement.acts.count(), "until": "2020-01-01"}

    answer = browser.post(f"/engagements/{engagement.pk}/act/", sent)
    assert answer.status_code == 422
    assert "ENGAGEMENT-008" in text_of(answer)
    assert 'value="2020-01-01"' in answer.content.decode()
    nonsense = browser.post(f"/engagements/{engagement.pk}/act/", {**sent, "until": "soon"})
    assert "ENGAGEMENT-008" in text_of(nonsense)


def test_a_conflict_shows_what_happened_and_asks_again(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.ACCEPTED, by=cast[Role.SITE_USER])
    browser = sign_in(cast[Role.SECRETARIAT])
    sent = {"act": "return_application", "seen": "1", "reason": "Incomplete."}

    answer = browser.post(f"/engagements/{engagement.pk}/act/", sent)
    assert answer.status_code == 409
    assert "ENGAGEMENT-020" in text_of(answer)
    assert "accept_application" in text_of(answer)
    nonsense = browser.post(f"/engagements/{engagement.pk}/act/", {**sent, "seen": "x"})
    assert nonsense.status_code == 409


def test_a_conflict_at_a_form_that_is_still_there_stands_at_the_form(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.ACCEPTED, by=cast[Role.SITE_USER])
    sent = {"act": "suspend", "seen": "1", "reason": "A strike."}

    answer = sign_in(cast[Role.SECRETARIAT]).post(f"/engagements/{engagement.pk}/act/", sent)
    assert answer.status_code == 409
    assert "A strike." in answer.content.decode()
    assert '<details class="other-acts" open>' in answer.content.decode()


def test_what_stands_in_the_way_of_an_act_is_said_before_it_is_tried(
    cast: Cast, engagement: Engagement, sign_in: SignIn, world: World
) -> None:
    world.unanswered = ("1.1.1.1", "1.1.1.2")

    shown = text_of(sign_in(cast[Role.SITE_USER]).get(f"/engagements/{engagement.pk}/"))
    assert "2 things stand in the way" in shown
    assert "ENGAGEMENT-005" in shown
    assert "ENGAGEMENT-006" in shown


def test_people_scope_and_relevance_are_changed_by_forms(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    browser = sign_in(cast[Role.SITE_USER])
    there = f"/engagements/{engagement.pk}/"
    seen = queries.scope_seen(())
    units = {"seen": seen, "name": ["Pit", " "], "kind": ["pit", "pit"], "note": ["", ""]}
    assert "The scope is saved." in text_of(browser.post(there + "scope/", units, follow=True))
    assert browser.post(there + "scope/", units).status_code == 409
    added = browser.post(
        there + "people/", {"person": "respondent", "role": "observer"}, follow=True
    )
    assert "The role is given." in text_of(added)
    wrong = browser.post(there + "people/", {"person": "respondent", "role": "king"})
    assert "ENGAGEMENT-022" in text_of(wrong)
    member = Member.objects.get(role="observer", person=cast[Role.RESPONDENT])
    ended = browser.post(f"{there}people/{member.pk}/end/", follow=True)
    assert "The role has ended." in text_of(ended)
    sent = {"chapter": "1.2", "reason": "No river."}
    assert "No river." in text_of(browser.post(there + "relevance/", sent, follow=True))
    missing = browser.post(there + "relevance/", {**sent, "chapter": "9.9"})
    assert "ENGAGEMENT-025" in text_of(missing)
    put_in(engagement, State.STAGE_1, by=cast[Role.SITE_USER])
    judging = {"chapter": "1.2", "judged": "accepted", "reason": "Dry."}
    judged = sign_in(cast[Role.LEAD_AUDITOR]).post(there + "relevance/judge/", judging, follow=True)
    assert "accepted: not relevant" in text_of(judged)


def test_a_proposal_is_taken_back_by_a_form(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    browser = sign_in(cast[Role.SITE_USER])
    there = f"/engagements/{engagement.pk}/relevance/"
    browser.post(there, {"chapter": "1.2", "reason": "No river."})

    browser.post(there, {"chapter": "1.2", "take_back": "1"})
    assert not engagement.proposals.exists()


@pytest.mark.parametrize("state", list(State))
def test_every_state_act_and_role_has_words_and_a_page(
    state: State, cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, state, by=cast[Role.SITE_USER])

    shown = text_of(sign_in(cast[Role.SECRETARIAT]).get(f"/engagements/{engagement.pk}/"))
    assert str(words.STATES[state]) in shown
    assert set(words.STATES) == set(State)
    assert set(words.ACTS) == set(ActKind)
    assert set(words.ROLES) == set(Role)
    assert set(words.CLOCKS) == set(ClockKind)
    assert set(words.STANDINGS) == set(ClockStanding)


def test_the_line_of_the_cycle_shows_what_is_done_next_ahead_late_and_extended(
    cast: Cast, engagement: Engagement, world: World, do: Callable[..., ActRecord]
) -> None:
    put_in(engagement, State.STAGE_1_DONE, by=cast[Role.SITE_USER])
    late = datetime.date(2027, 1, 6)

    def stops(on: datetime.date) -> dict[str, route.Stop]:
        held = queries.engagement(actor=cast[Role.SITE_USER], engagement_id=engagement.pk)
        return {one.label: one for one in route.stops(held.core, on)}

    found = stops(late)
    assert found["Application sent"].how == "done"
    assert found["Announce the site visit"].how == "now"
    assert found["Begin stage 2, the site visit"].how == "ahead"
    assert found["Begin stage 2, the site visit"].late
    assert "overdue by 1 day" in found["Begin stage 2, the site visit"].notes[0]
    assert "End the corrective period" not in found
    do(
        ActKind.EXTEND,
        cast[Role.SECRETARIAT],
        clock="stage_2",
        until=datetime.date(2027, 6, 1),
        reason="The road was closed.",
    )
    extended = stops(late)["Begin stage 2, the site visit"]
    assert (extended.late, len(extended.notes)) == (False, 2)
    assert "extended on" in extended.notes[1]
    do(ActKind.SUSPEND, cast[Role.SECRETARIAT], reason="A strike.")
    assert stops(late)["Suspended"].how == "ended"


def test_a_returned_application_is_not_done_any_more(
    cast: Cast, engagement: Engagement, do: Callable[..., ActRecord]
) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])
    do(ActKind.RETURN_APPLICATION, cast[Role.SECRETARIAT], reason="Incomplete.")

    held = queries.engagement(actor=cast[Role.SITE_USER], engagement_id=engagement.pk)
    first = route.stops(held.core, datetime.date(2026, 1, 6))[0]
    assert (first.how, first.label) == ("now", "Apply for an assessment")


def test_what_somebody_else_tells_is_told_until_it_ends() -> None:
    before = facts.providers()
    with facts.told_by(unanswered=lambda _: ("1",)):
        assert facts.providers().unanswered(Engagement()) == ("1",)
    assert facts.providers() == before
    untold = facts.Providers()
    assert untold.unanswered(Engagement()) is None
    assert untold.rated(Engagement()).unrated is None
    assert untold.reported(Engagement()).id == ""


def test_words_that_are_none_are_read_as_none() -> None:
    assert forms.day("") is None
    assert forms.count("-1") == -1
    assert forms.act_kind("dance") is None
    assert forms.role("king") is None


def test_a_page_is_read_in_french_with_dates_in_french(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    with translation.override("fr"):
        answer = sign_in(cast[Role.SITE_USER]).get(f"/fr/engagements/{engagement.pk}/")

    assert answer.status_code == 200
    assert "janvier" in text_of(answer)


def test_an_operator_without_sites_finds_an_explanation(
    site_user: Person, operator: Organisation, sign_in: SignIn
) -> None:
    shown = text_of(sign_in(site_user).get("/engagements/new/"))

    assert "No site says that your organisation operates it" in shown
