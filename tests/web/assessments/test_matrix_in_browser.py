"""The rating matrix with scripts, in a real browser: saving as one goes, keys, and no network."""

import os

import pytest
from django.test import Client
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Dialog, Locator, Page, Route, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from stannary.web.assessments import queries
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import rate
from stannary.web.parties.models import Person

# The browser is driven by a loop in this thread, and Django asks whether that is meant.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.either_database,
    pytest.mark.untraced,
]


@pytest.fixture
def session(live_server: LiveServer, auditor: Person) -> SetCookieParam:
    """Give the cookie of the signed-in auditor."""
    client = Client()
    client.force_login(auditor)
    value = client.cookies["sessionid"].value
    return {"name": "sessionid", "value": value, "url": live_server.url}


@pytest.fixture
def matrix(
    live_server: LiveServer,
    settings: Settings,
    session: SetCookieParam,
    rated: Assessment,
    page: Page,
) -> Page:
    """Open the matrix of a rated site as its auditor."""
    settings.ORIGIN = live_server.url
    page.context.add_cookies([session])
    page.goto(f"{live_server.url}/assessments/{rated.pk}/rate/")
    return page


def row(page: Page, requirement: str) -> Locator:
    return page.locator(f'[data-requirement="{requirement}"]')


def open_row(page: Page, requirement: str) -> None:
    """Go to a requirement by its number."""
    page.get_by_role("searchbox").fill(requirement)
    page.get_by_role("button", name="Find").click()
    expect(row(page, requirement)).to_be_in_viewport()


def saved(assessment: Assessment, requirement: str) -> str:
    return str(queries.newest_records([assessment])[assessment.pk][requirement].rating)


def test_a_click_saves_and_the_foot_says_what_it_did(matrix: Page, rated: Assessment) -> None:
    open_row(matrix, "3.1.1.1")
    one = row(matrix, "3.1.1.1")
    one.get_by_text("partially", exact=True).click()

    expect(one.locator(".req-state")).to_have_text("Saved")
    expect(matrix.locator("#foot")).to_contain_text("was OPEN 75 before 3.1.1.1 partially")
    expect(matrix.locator("#said")).to_have_text(
        "3.1.1.1 partially saved. Level OPEN Transparency, was OPEN 75."
    )
    assert saved(rated, "3.1.1.1") == "partially"
    assert matrix.get_by_role("button", name="Save chapter").count() == 0


def test_what_was_chosen_before_the_script_arrived_is_saved_when_it_does(
    matrix: Page, rated: Assessment
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    matrix.route("**/assessments/rate*.js", hold)
    matrix.reload(wait_until="commit")
    one = row(matrix, "1.1.1.2")
    one.get_by_text("not met", exact=True).click()
    expect(one.locator(".req-state")).to_be_empty()

    for route in held:
        route.continue_()

    expect(one.locator(".req-state")).to_have_text("Saved")
    assert saved(rated, "1.1.1.2") == "not_met"


def test_keys_lead_from_row_to_row_and_rate(matrix: Page, rated: Assessment) -> None:
    row(matrix, "1.1.1.1").get_by_role("radio").first.focus()
    matrix.keyboard.press("j")
    expect(row(matrix, "1.1.1.2").locator(":focus")).to_have_count(1)
    matrix.keyboard.press("3")
    expect(row(matrix, "1.1.1.2").locator(".req-state")).to_have_text("Saved")
    matrix.keyboard.press("k")
    expect(row(matrix, "1.1.1.1").locator(":focus")).to_have_count(1)
    matrix.keyboard.press("ArrowRight")
    expect(row(matrix, "1.1.1.1").locator(".req-state")).to_have_text("Saved")
    matrix.keyboard.press("r")
    matrix.keyboard.type("j 1 n: letters are letters here")

    expect(row(matrix, "1.1.1.1").get_by_label("Reason")).to_have_value(
        "Met in every file sampled and confirmed in interviews; nothing was found to the contrary."
        "j 1 n: letters are letters here"
    )
    assert saved(rated, "1.1.1.2") == "partially"


def test_keys_can_be_switched_off_and_stay_off(matrix: Page, rated: Assessment) -> None:
    matrix.get_by_label("Keys").uncheck()
    matrix.reload()
    row(matrix, "1.1.1.2").get_by_role("radio").first.focus()

    matrix.keyboard.press("4")
    matrix.keyboard.press("j")

    expect(row(matrix, "1.1.1.2").locator(":focus")).to_have_count(1)
    assert saved(rated, "1.1.1.2") == "substantially"


def test_what_core_refuses_is_said_beside_the_row_until_the_reason_is_there(
    matrix: Page, rated: Assessment
) -> None:
    one = row(matrix, "1.1.1.3")
    one.get_by_text("not relevant", exact=True).click()

    expect(one.locator(".req-state")).to_contain_text("has a rationale that says why")
    expect(matrix.locator(".unsaved-count")).to_have_text("One rating is not saved yet.")
    assert saved(rated, "1.1.1.3") == "fully"
    one.get_by_label("Reason").fill("There is no other rule here.")
    one.get_by_label("Reason").blur()
    expect(one.locator(".req-state")).to_have_text("Saved")
    expect(matrix.locator(".unsaved-count")).to_be_hidden()
    assert saved(rated, "1.1.1.3") == "not_relevant"


def test_without_a_network_nothing_is_lost_and_it_is_tried_again(
    matrix: Page, rated: Assessment
) -> None:
    def cut(route: Route) -> None:
        route.abort("internetdisconnected")

    matrix.route("**/rate/1.1.1.2/", cut)  # a request on its way may slip past what comes next
    matrix.context.set_offline(offline=True)
    one = row(matrix, "1.1.1.2")
    one.get_by_text("partially", exact=True).click()
    expect(one.locator(".req-state")).to_contain_text("Not saved yet: no connection.")
    expect(matrix.locator(".unsaved-count")).to_have_text("One rating is not saved yet.")

    matrix.unroute("**/rate/1.1.1.2/", cut)
    matrix.context.set_offline(offline=False)

    expect(one.locator(".req-state")).to_have_text("Saved", timeout=10_000)
    assert saved(rated, "1.1.1.2") == "partially"


def test_what_was_not_saved_is_there_again_after_a_reload(matrix: Page, rated: Assessment) -> None:
    def broken(route: Route) -> None:
        route.abort()

    matrix.route("**/rate/1.1.1.2/", broken)
    row(matrix, "1.1.1.2").get_by_text("not met", exact=True).click()
    expect(row(matrix, "1.1.1.2").locator(".req-state")).to_contain_text("Not saved yet")
    matrix.on("dialog", lambda dialog: dialog.accept())
    matrix.unroute("**/rate/1.1.1.2/", broken)

    matrix.reload()

    expect(row(matrix, "1.1.1.2").locator(".req-state")).to_have_text("Saved")
    assert saved(rated, "1.1.1.2") == "not_met"


def test_a_conflict_shows_both_and_asks(matrix: Page, rated: Assessment, colleague: Person) -> None:
    for name in ("1.1.1.2", "1.1.1.3"):
        held = queries.newest_records([rated])[rated.pk][name]
        rate(
            actor=colleague,
            assessment_id=rated.pk,
            requirement_id=name,
            rating="not_met",
            rationale="Nothing was shown.",
            seen=held.id,
        )
    theirs, mine = row(matrix, "1.1.1.2"), row(matrix, "1.1.1.3")

    theirs.get_by_text("partially", exact=True).click()
    expect(theirs).to_contain_text("colleague saved “not met” meanwhile (Nothing was shown.)")
    theirs.get_by_role("button", name="Take theirs").click()
    mine.get_by_text("partially", exact=True).click()
    mine.get_by_role("button", name="Save mine instead").click()

    expect(theirs.get_by_role("radio", name="not met")).to_be_checked()
    expect(theirs.get_by_label("Reason")).to_have_value("Nothing was shown.")
    expect(mine.locator(".req-state")).to_have_text("Saved")
    assert (saved(rated, "1.1.1.2"), saved(rated, "1.1.1.3")) == ("not_met", "partially")


def test_who_was_signed_out_meanwhile_keeps_what_was_typed(
    matrix: Page, rated: Assessment, session: SetCookieParam
) -> None:
    matrix.context.clear_cookies(name="sessionid")
    one = row(matrix, "1.1.1.2")
    one.get_by_text("not met", exact=True).click()
    expect(one.locator(".req-state")).to_contain_text("you are signed out")
    matrix.on("dialog", lambda dialog: dialog.accept())
    matrix.context.add_cookies([session])

    matrix.reload()

    expect(one.locator(".req-state")).to_have_text("Saved")
    assert saved(rated, "1.1.1.2") == "not_met"


def test_the_foot_and_the_index_move_for_the_whole_standard_from_any_chapter(
    matrix: Page, rated: Assessment
) -> None:
    one = row(matrix, "1.1.1.1")
    one.get_by_text("not rated", exact=True).click()
    expect(one.locator(".req-state")).to_have_text("Saved")
    for place in ('.jump [data-tally="1.1"]', 'p[data-tally="1.1"]'):
        expect(matrix.locator(place)).to_contain_text("4 of 5")
        expect(matrix.locator(place)).to_contain_text("critical: 1 open")
    expect(matrix.locator("#foot")).to_contain_text("1 not rated")
    matrix.get_by_role("link", name="4.6", exact=False).first.click()
    matrix.wait_for_url("**/rate/?chapter=4.6*")
    expect(matrix.locator("#foot").get_by_role("link", name="1.1.1.1")).to_be_visible()

    matrix.locator("#foot").get_by_role("link", name="1.1.1.1").click()

    expect(row(matrix, "1.1.1.1")).to_be_in_viewport()
    before = matrix.evaluate("performance.timeOrigin")
    matrix.locator("#foot").get_by_role("link", name="1.1.1.1").click()
    expect(row(matrix, "1.1.1.1").locator(":focus")).to_have_count(1)
    assert matrix.evaluate("performance.timeOrigin") == before


def test_leaving_a_chapter_right_after_a_rating_loses_nothing_and_asks_nothing(
    matrix: Page, rated: Assessment
) -> None:
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    matrix.on("dialog", accept)

    def slow(route: Route) -> None:
        matrix.wait_for_timeout(400)
        route.continue_()

    matrix.route("**/rate/1.1.1.2/", slow)
    row(matrix, "1.1.1.2").get_by_text("not met", exact=True).click()
    matrix.locator(".steps-on [rel=next]").click()

    expect(matrix.locator("#c-1\\.2")).to_be_visible()
    expect(matrix.locator(".unsaved-count")).to_be_hidden()
    assert (asked, saved(rated, "1.1.1.2")) == ([], "not_met")


def test_what_could_not_be_saved_is_named_in_every_other_chapter_until_it_is(
    matrix: Page, rated: Assessment
) -> None:
    def broken(route: Route) -> None:
        route.abort()

    matrix.on("dialog", lambda dialog: dialog.accept())
    matrix.route("**/rate/1.1.1.2/", broken)
    row(matrix, "1.1.1.2").get_by_text("not met", exact=True).click()
    expect(row(matrix, "1.1.1.2").locator(".req-state")).to_contain_text("Not saved yet")
    matrix.locator(".steps-on [rel=next]").click()
    expect(matrix.locator(".unsaved-count")).to_contain_text("One rating is not saved yet.")
    other = matrix.locator(".req").first
    other.get_by_text("partially", exact=True).click()
    expect(other.locator(".req-state")).to_have_text("Saved")
    matrix.unroute("**/rate/1.1.1.2/", broken)

    matrix.locator(".unsaved-count").get_by_role("link", name="1.1.1.2").click()

    expect(row(matrix, "1.1.1.2").locator(".req-state")).to_have_text("Saved")
    expect(matrix.locator(".unsaved-count")).to_be_hidden()
    assert saved(rated, "1.1.1.2") == "not_met"


def test_keys_lead_on_to_the_next_chapter_and_to_what_is_not_rated_there(
    matrix: Page, rated: Assessment, auditor: Person
) -> None:
    rate(
        actor=auditor,
        assessment_id=rated.pk,
        requirement_id="2.4.1.1",
        rating="pending",
        seen=queries.newest_records([rated])[rated.pk]["2.4.1.1"].id,
    )
    matrix.locator(".jump").get_by_role("link", name="1.1", exact=False).first.click()
    expect(matrix.get_by_role("link", name="Next not rated: 2.4.1.1")).to_be_visible()
    matrix.locator(".req").last.get_by_role("radio").first.focus()
    matrix.keyboard.press("j")
    expect(matrix.locator(".steps-on [rel=next]")).to_be_focused()

    matrix.keyboard.press("n")

    expect(row(matrix, "2.4.1.1")).to_be_in_viewport()
    matrix.keyboard.press("n")
    expect(row(matrix, "2.4.1.1").locator(":focus")).to_have_count(1)
    matrix.reload()
    expect(row(matrix, "2.4.1.1")).to_be_visible()
