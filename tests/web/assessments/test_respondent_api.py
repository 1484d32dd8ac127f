"""Programs do what the pages of respondents do, each write once, and a link is read once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from stannary.core.cycle import Role, State
from stannary.web.assessments.models import Assessment, Assignment, RatingRecord, Turn
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import KeptAnswer, Organisation, Person
from web.cycle.conftest import put_in

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
Cast = dict[Role | None, Person]
BY_LINK = "/api/v1/answer"
MINE = "/api/v1/assessments/to-answer"
ASKED = {"parts": ["1.1.1.1", "1.1.1.2"], "name": "Ingrid Shift", "email": "ingrid@example.org"}
FIRST = {"requirement": "1.1.1.1", "rating": "fully", "rationale": "File 7."}
SECOND = {"requirement": "1.1.1.2", "rating": "pending", "rationale": "Not mine."}


@pytest.fixture
def own(engagement: Engagement) -> Assessment:
    """Give the self-assessment of the engagement."""
    return Assessment.objects.get(engagement=engagement, kind=Assessment.Kind.SELF)


@pytest.fixture
def here(own: Assessment) -> str:
    """Give the address of who answers what; who failed in another test is forgotten."""
    cache.clear()
    return f"/api/v1/assessments/{own.pk}/respondents"


@pytest.fixture
def desk(site_user: Person, sign_in: SignIn) -> Client:
    """Give the site user's program."""
    return sign_in(site_user)


def post(browser: Client, address: str, body: object, key: str = "", **headers: str) -> Any:
    if key:
        headers["Idempotency-Key"] = key
    return browser.post(address, json.dumps(body), content_type="application/json", headers=headers)


def bearer(answer: Any) -> dict[str, str]:
    """Give the header that holds the secret part of the link of an answer."""
    return {"Authorization": f"Bearer {answer.json()['link'].split('/')[-2]}"}


def test_a_link_is_given_once_and_kept_under_no_key(
    desk: Client, here: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = post(desk, here, {**ASKED, "language": "fr"}, "k-1")
        again = post(desk, here, {**ASKED, "language": "fr"}, "k-1")

    assert first.status_code == again.status_code == 201
    link = first.json()["link"]
    assert link.startswith("http://127.0.0.1:8000/fr/answer/")
    assert again.json() == {**first.json(), "link": None}
    assert Assignment.objects.count() == 1
    (told,) = mail.outbox
    assert link in told.body
    token = link.split("/")[-2]
    assert token not in KeptAnswer.objects.get().body
    assert desk.get(first["Location"]).json()["link"] is None
    listed = desk.get(here).json()
    assert [one["respondent"] for one in listed["items"]] == ["Ingrid Shift"]
    assert listed["items"][0]["left"] == ["1.1.1.1", "1.1.1.2"]
    assert Client().get(f"/fr/answer/{token}/").status_code == 200


def test_somebody_with_a_link_answers_and_hands_in_by_a_program(desk: Client, here: str) -> None:
    right = bearer(post(desk, here, ASKED))
    program = Client(enforce_csrf_checks=True)  # no cookie is the right, so none is checked

    sheet = program.get(BY_LINK, headers=right).json()
    assert [one["requirement"] for one in sheet["answers"]] == ["1.1.1.1", "1.1.1.2"]
    assert {one["rating"] for one in sheet["answers"]} == {""}
    nameless = post(program, f"{BY_LINK}/answers", {"answers": [FIRST]}, **right)
    assert nameless.json()["code"] == "RATING-035"
    said = {"answers": [FIRST], "name": "Ingrid"}
    saved = post(program, f"{BY_LINK}/answers", said, **right).json()
    assert (saved["answered"], saved["left"]) == (1, ["1.1.1.2"])
    assert saved["answers"][0]["said_by"] == "Ingrid"
    post(program, f"{BY_LINK}/answers", said, **right)
    assert RatingRecord.objects.count() == 1  # twice the same is one answer
    early = program.post(f"{BY_LINK}/hand-in", headers=right)
    assert early.json()["code"] == "RATING-033"
    post(program, f"{BY_LINK}/answers", {"answers": [SECOND], "name": "Ingrid"}, **right)
    done = program.post(f"{BY_LINK}/hand-in", headers=right)
    assert done.json()["stands"] == "handed_in"

    for late in (
        program.get(BY_LINK, headers=right),
        post(program, f"{BY_LINK}/answers", said, **right),
        program.post(f"{BY_LINK}/hand-in", headers=right),
    ):
        assert (late.status_code, late.json()["code"]) == (422, "RATING-032")
    assert program.cookies == {}


def test_an_answer_names_the_one_that_was_seen(desk: Client, here: str, own: Assessment) -> None:
    right = bearer(post(desk, here, ASKED))
    post(Client(), f"{BY_LINK}/answers", {"answers": [FIRST], "name": "Ingrid"}, **right)
    there = RatingRecord.objects.get()
    other = {**FIRST, "rating": "partially"}

    late = post(Client(), f"{BY_LINK}/answers", {"answers": [other], "name": "I"}, **right)
    assert (late.status_code, late.json()["code"]) == (409, "RATING-020")
    seen = {**other, "seen": there.pk}
    right_one = post(Client(), f"{BY_LINK}/answers", {"answers": [seen], "name": "I"}, **right)
    assert right_one.json()["answers"][0]["rating"] == "partially"
    outside = {"answers": [{**FIRST, "requirement": "1.2.1.1"}], "name": "I"}
    assert post(Client(), f"{BY_LINK}/answers", outside, **right).status_code == 404


def test_links_are_not_guessed_by_programs_either(desk: Client, here: str) -> None:
    right = bearer(post(desk, here, ASKED))

    assert Client().get(BY_LINK).status_code == 401
    assert Client().get(BY_LINK, headers={"Authorization": "Basic eDp5"}).status_code == 401
    guess = {"Authorization": "Bearer guess"}
    statuses = [Client().get(BY_LINK, headers=guess).status_code for _ in range(11)]
    assert statuses == [404] * 10 + [429]
    stopped = Client().get(BY_LINK, headers=right)
    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) > 0
    assert Client(REMOTE_ADDR="192.0.2.7").get(BY_LINK, headers=right).status_code == 200


def test_answers_are_returned_linked_anew_and_withdrawn_by_a_program(
    desk: Client, here: str
) -> None:
    begun = post(desk, here, {**ASKED, "parts": ["1.1.1.1"]})
    right, acts = bearer(begun), f"{begun['Location']}/acts"
    comment = {"requirement": "1.1.1.1", "comment": "Name the file's date."}
    back = {"kind": "return", "comments": [comment]}
    assert post(desk, acts, back).json()["code"] == "RATING-034"
    post(Client(), f"{BY_LINK}/answers", {"answers": [FIRST], "name": "Ingrid"}, **right)
    Client().post(f"{BY_LINK}/hand-in", headers=right)

    second = post(desk, acts, back, "k-2")
    assert second.status_code == 201
    assert second["Location"] == begun["Location"]
    assert second.json()["to_change"] == ["1.1.1.1"]
    assert post(desk, acts, back, "k-2").json()["turn"] == 2
    sheet = Client().get(BY_LINK, headers=bearer(second)).json()
    assert sheet["answers"][0]["comment"] == "Name the file's date."
    third = post(desk, acts, {"kind": "link"})
    assert Client().get(BY_LINK, headers=bearer(second)).json()["code"] == "RATING-032"
    gone = post(desk, acts, {"kind": "withdraw"}).json()
    assert (gone["stands"], gone["link"]) == ("revoked", None)
    assert [one["end"] for one in gone["turns"]] == ["handed_in", "replaced", "revoked"]
    assert Client().get(BY_LINK, headers=bearer(third)).status_code == 422
    assert post(desk, acts, {"kind": "withdraw"}).json()["code"] == "RATING-032"


def test_a_respondent_with_an_account_answers_by_a_program(
    desk: Client, here: str, cast: Cast, sign_in: SignIn
) -> None:
    begun = post(desk, here, {"parts": ["1.1.1.1"], "username": "respondent"}).json()
    theirs = sign_in(cast[Role.RESPONDENT])
    assert begun["link"] is None

    (one,) = theirs.get(MINE).json()["items"]
    path = f"{MINE}/{one['id']}"
    assert (one["id"], one["stands"]) == (begun["id"], "")
    for browser in (desk, sign_in(cast[Role.LEAD_AUDITOR]), sign_in(cast[None])):
        assert browser.get(path).status_code == 404
        assert post(browser, f"{path}/answers", {"answers": [FIRST]}).status_code == 404
        assert browser.post(f"{path}/hand-in").status_code == 404
    saved = post(theirs, f"{path}/answers", {"answers": [FIRST]}, "k-3")
    again = post(theirs, f"{path}/answers", {"answers": [FIRST]}, "k-3")
    assert saved["Location"] == path
    assert saved.json() == again.json()
    other = {**FIRST, "rating": "partially"}
    assert post(theirs, f"{path}/answers", {"answers": [other]}).status_code == 409
    assert theirs.post(f"{path}/hand-in").json()["stands"] == "handed_in"
    assert theirs.get(path).json()["code"] == "RATING-032"
    assert theirs.get(MINE).json()["items"][0]["stands"] == "handed_in"


def test_only_the_sites_people_see_and_change_by_programs_who_answers_what(
    desk: Client, here: str, cast: Cast, sign_in: SignIn, site_user: Person
) -> None:
    one = post(desk, here, ASKED)["Location"]
    sends = ((here, {**ASKED, "name": "Olaf"}), (f"{one}/acts", {"kind": "withdraw"}))

    for role, person in cast.items():
        if role is not Role.SITE_USER:
            browser = sign_in(person)
            assert {browser.get(here).status_code, browser.get(one).status_code} == {404}, role
            assert {post(browser, *sent).status_code for sent in sends} == {404}, role
    assert {post(Client(), *sent).status_code for sent in sends} == {401}
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(site_user)
    assert {post(careful, *sent).status_code for sent in sends} == {403}
    assert Turn.objects.filter(end="").count() == 1


def test_when_the_site_may_not_give_away_a_program_is_told_why(
    desk: Client, here: str, engagement: Engagement, site_user: Person, firm: Organisation
) -> None:
    right = bearer(post(desk, here, ASKED))
    put_in(engagement, State.STAGE_2, by=site_user)

    late = post(desk, here, {**ASKED, "name": "Olaf"})
    assert (late.status_code, late.json()["code"]) == (422, "ENGAGEMENT-001")
    assert Client().get(BY_LINK, headers=right).json()["findings"][0]["facts"]["turn"] == "closed"
    assert desk.get(here).json()["items"][0]["stands"] == "closed"
