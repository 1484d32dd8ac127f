"""Pages of respondents: a link opens its own part alone, on any browser, and then no more."""

import logging
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from stannary.core.cycle import Role
from stannary.web.assessments.models import Assessment, Assignment, RatingRecord, Turn
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person
from stannary.web.project.logs import WithoutSecrets

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def own(engagement: Engagement) -> Assessment:
    """Give the self-assessment of the engagement."""
    return Assessment.objects.get(engagement=engagement, kind=Assessment.Kind.SELF)


@pytest.fixture(autouse=True)
def no_tries() -> None:
    """Forget who failed in another test."""
    cache.clear()


@pytest.fixture
def desk(own: Assessment, site_user: Person, sign_in: SignIn) -> tuple[Client, str]:
    """Give the site user's browser, and the address of the page of respondents."""
    return sign_in(site_user), f"/assessments/{own.pk}/respondents/"


def link(desk: tuple[Client, str], **sent: str | list[str]) -> str:
    """Ask somebody without an account, and give the link as the page shows it."""
    browser, address = desk
    body = {"chapter": "1.1", "name": "Ingrid Shift", "language": "en", **sent}
    page = browser.post(address, body).content.decode()
    (found,) = re.findall(r"<code>http://127.0.0.1:8000(/[^<]+)</code>", page)
    return str(found)


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_link_is_shown_once_and_mailed_in_its_language(desk: tuple[Client, str]) -> None:
    path = link(desk, email="ingrid@example.org", language="fr")
    browser, address = desk

    assert path.startswith("/fr/answer/")
    (sent,) = mail.outbox
    assert sent.to == ["ingrid@example.org"]
    assert path in sent.body
    assert "Ingrid Shift" in text(browser.get(address))
    assert path.split("/")[3] not in text(browser.get(address))


def test_a_link_that_is_handed_over_is_not_mailed(desk: tuple[Client, str]) -> None:
    link(desk)

    assert mail.outbox == []


def test_somebody_without_an_account_answers_and_hands_in(
    desk: tuple[Client, str], own: Assessment
) -> None:
    path = link(desk, chapter=[], single="1.1.1.1, 1.1.1.2")
    visitor = Client(enforce_csrf_checks=True)  # a page without referrer sends no origin

    page = visitor.get(path)
    assert page.status_code == 200
    assert f'href="{path}1.1.1.1/"' in text(page)
    one = {"rating-1.1.1.1": "fully", "rationale-1.1.1.1": "File 7.", "name": "Ingrid"}
    assert visitor.post(f"{path}1.1.1.1/", one)["Location"] == f"{path}1.1.1.2/"
    assert 'value="Ingrid"' in text(visitor.get(f"{path}1.1.1.2/"))
    assert visitor.post(path).status_code == 422  # one is left
    two = {"rating-1.1.1.2": "pending", "rationale-1.1.1.2": "Not mine.", "name": "Ingrid"}
    assert visitor.post(f"{path}1.1.1.2/", two)["Location"] == f"{path}?saved=1"
    assert "Saved." in text(visitor.get(f"{path}?saved=1"))
    assert visitor.post(path).status_code == 302

    assert visitor.get(path).status_code == 410
    assert visitor.post(f"{path}1.1.1.1/", one).status_code == 410
    said = RatingRecord.objects.filter(assessment=own).values_list("rating", "said_by")
    assert sorted(said) == [("fully", "Ingrid"), ("pending", "Ingrid")]
    assert visitor.cookies == {}


def test_a_link_is_kept_from_indexes_caches_and_other_sites(desk: tuple[Client, str]) -> None:
    path = link(desk)

    for address in (path, f"{path}1.1/", "/answer/no-such-link/"):
        answer = Client().get(address)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in text(answer)
        assert "<script" not in text(answer)


def test_a_link_opens_its_own_part_and_nothing_else(
    desk: tuple[Client, str], own: Assessment, site_user: Person
) -> None:
    path = link(desk)
    RatingRecord.objects.create(
        assessment=own,
        requirement_id="1.1.1.1",
        side="site",
        rating="partially",
        rationale="Half of it.",
        evidence="https://example.org/secret-permit",
        assessor=site_user,
        at=own.opened_at,
    )

    page = text(Client().get(f"{path}1.1/"))
    assert "Half of it." in page
    assert "secret-permit" not in page
    for part in ("1.2", "1.2.1.1", "9", "respondents"):
        assert Client().get(f"{path}{part}/").status_code == 404
    assert "1.2.1.1" not in text(Client().get(path))


def test_links_are_not_guessed(desk: tuple[Client, str]) -> None:
    path = link(desk)

    statuses = [Client().get(f"/answer/guess-{n}/").status_code for n in range(11)]
    assert statuses == [404] * 10 + [429]
    assert Client().get(path).status_code == 429  # and so does no right one, for a minute
    assert Client(REMOTE_ADDR="192.0.2.7").get(path).status_code == 200


def test_a_conflict_shows_both_answers_and_asks(
    desk: tuple[Client, str], own: Assessment, site_user: Person
) -> None:
    path = link(desk)
    theirs = RatingRecord.objects.create(
        assessment=own,
        requirement_id="1.1.1.1",
        side="site",
        rating="partially",
        rationale="Half of it.",
        assessor=site_user,
        at=own.opened_at,
    )
    mine = {"rating-1.1.1.1": "fully", "rationale-1.1.1.1": "All of it.", "name": "Ingrid"}

    answer = Client().post(f"{path}1.1.1.1/", {**mine, "seen-1.1.1.1": ""})

    assert answer.status_code == 409
    page = text(answer)
    assert "Half of it." in page
    assert "All of it." in page
    assert "Somebody else answered meanwhile" in page
    assert f'name="seen-1.1.1.1" value="{theirs.pk}"' in page
    again = Client().post(f"{path}1.1.1.1/", {**mine, "seen-1.1.1.1": str(theirs.pk)})
    assert again.status_code == 302
    assert RatingRecord.objects.latest("pk").rating == "fully"


def test_what_cannot_be_saved_stays_on_the_page(desk: tuple[Client, str]) -> None:
    path = link(desk)
    sent = {"rating-1.1.1.1": "not_relevant", "rationale-1.1.1.1": "", "name": ""}

    answer = Client().post(f"{path}1.1/", sent)
    assert answer.status_code == 422
    assert "RATING-035" in text(answer)
    answer = Client().post(f"{path}1.1/", {**sent, "name": "Ingrid"})
    assert answer.status_code == 422
    assert "RATING-004" in text(answer)
    right = {**sent, "name": "Ingrid", "rationale-1.1.1.1": "There is none."}
    assert Client().post(f"{path}1.1/", right)["Location"] == f"{path}?saved=1"
    record = RatingRecord.objects.get()
    same = {**right, "seen-1.1.1.1": str(record.pk)}
    assert Client().post(f"{path}1.1/", same).status_code == 302
    assert RatingRecord.objects.count() == 1  # nothing new is said


def test_a_respondent_with_an_account_answers_what_is_theirs(
    desk: tuple[Client, str],
    cast: dict[Role | None, Person],
    sign_in: SignIn,
    own: Assessment,
) -> None:
    browser, address = desk
    respondent = cast[Role.RESPONDENT]
    respondent.email = "respondent@example.org"
    respondent.save()
    sent = {"single": "1.1.1.1", "respondent": "respondent"}
    assert browser.post(address, sent).status_code == 302
    (told,) = mail.outbox
    row = Assignment.objects.get()
    theirs = sign_in(respondent)
    path = f"/assessments/to-answer/{row.pk}/"

    assert path in told.body
    assert path in text(theirs.get("/assessments/"))
    page = theirs.get(f"{path}1.1.1.1/")
    assert 'name="name"' not in text(page)
    said = {"rating-1.1.1.1": "fully", "rationale-1.1.1.1": "File 7."}
    assert theirs.post(f"{path}1.1.1.1/", said).status_code == 302
    conflict = {"rating-1.1.1.1": "partially", "seen-1.1.1.1": ""}
    assert theirs.post(f"{path}1.1.1.1/", conflict).status_code == 409
    assert theirs.post(path).status_code == 302
    assert "handed in" in text(theirs.get(path))
    assert theirs.get(f"/assessments/{own.pk}/").status_code == 404
    assert theirs.get(address).status_code == 404
    for role in (Role.LEAD_AUDITOR, Role.SITE_USER, Role.SECRETARIAT, None):
        assert sign_in(cast[role]).get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_answers_are_returned_and_a_link_is_made_anew_or_withdrawn(
    desk: tuple[Client, str],
) -> None:
    path = link(desk, chapter=[], single="1.1.1.1", email="ingrid@example.org")
    browser, address = desk
    one = f"{address}{Assignment.objects.get().pk}/"
    sent = {"rating-1.1.1.1": "fully", "rationale-1.1.1.1": "File 7.", "name": "Ingrid"}
    Client().post(f"{path}1.1.1.1/", sent)
    early = browser.post(one, {"act": "return", "reason": "Too early."})
    assert early.status_code == 422
    assert "RATING-034" in text(early)
    Client().post(path)
    assert "Return for a change" in text(browser.get(one))

    back = browser.post(one, {"act": "return", "comment-1.1.1.1": "Name the file's date."})
    (second,) = re.findall(r"<code>http://127.0.0.1:8000(/[^<]+)</code>", text(back))
    assert "Name the file&#x27;s date." in text(Client().get(second))
    assert "Name the file&#x27;s date." in text(Client().get(f"{second}1.1.1.1/"))
    assert len(mail.outbox) == 2
    anew = browser.post(one, {"act": "link"})
    (third,) = re.findall(r"<code>http://127.0.0.1:8000(/[^<]+)</code>", text(anew))
    assert Client().get(second).status_code == 410
    assert "newer link" in text(Client().get(second))
    assert browser.post(one, {"act": "revoke"}).status_code == 302
    assert "does not need these answers" in text(Client().get(third))
    assert "withdrawn" in text(browser.get(address))
    assert browser.post(one, {"act": "link"}).status_code == 422
    assert browser.post(f"{address}0/", {"act": "link"}).status_code == 404


def test_an_ended_link_says_so(desk: tuple[Client, str]) -> None:
    path = link(desk)
    Turn.objects.update(valid_until=Turn.objects.get().begun_at)

    answer = Client().get(path)
    assert answer.status_code == 410
    assert "This link worked until" in text(answer)
    browser, address = desk
    assert "the link has ended" in text(browser.get(address))


def test_what_cannot_be_asked_is_said_beside_the_form(desk: tuple[Client, str]) -> None:
    browser, address = desk

    answer = browser.post(address, {"chapter": "1.1", "name": "", "email": "kept@example.org"})

    assert answer.status_code == 422
    assert "RATING-030" in text(answer)
    assert "kept@example.org" in text(answer)
    assert 'value="1.1" checked' in text(answer)


def test_what_blocks_the_next_level_is_on_the_sites_page_at_every_moment(
    desk: tuple[Client, str], own: Assessment
) -> None:
    browser, address = desk
    overview = f"/assessments/{own.pk}/"
    sent = {"rating-1.1.1.1": "fully", "rationale-1.1.1.1": "File 7.", "seen-1.1.1.1": ""}

    assert 'id="lifts"' in text(browser.get(overview))
    assert f'href="{address}"' in text(browser.get(overview))
    assert f"{overview}#lifts" in text(browser.get(f"{overview}rate/"))
    assert browser.post(f"{overview}rate/", {"chapter": "1.1", **sent}).status_code == 302
    page = text(browser.get(overview))
    assert "The next level is" in page
    assert 'class="needs"' in page


def test_only_the_sites_people_send_what_changes_respondents(
    desk: tuple[Client, str], cast: dict[Role | None, Person], sign_in: SignIn, site_user: Person
) -> None:
    path = link(desk)
    _browser, address = desk
    one = f"{address}{Assignment.objects.get().pk}/"
    sends = ((address, {"chapter": "1.2", "name": "Olaf"}), (one, {"act": "revoke"}))

    for where, body in sends:
        for role, person in cast.items():
            if role is not Role.SITE_USER:
                assert sign_in(person).post(where, body).status_code == 404, (role, where)
        assert Client().post(where, body)["Location"].startswith("/sign-in/")
        careful = Client(enforce_csrf_checks=True)
        careful.force_login(site_user)
        assert careful.post(where, body).status_code == 403
    assert Assignment.objects.count() == 1
    assert Client().get(path).status_code == 200


def test_what_opens_a_page_is_not_logged(desk: tuple[Client, str]) -> None:
    record = logging.LogRecord("x", 30, "x.py", 1, "Gone: %s", ("/fr/answer/ab-cd/1.1/",), None)

    assert WithoutSecrets().filter(record)
    assert record.getMessage() == "Gone: /fr/answer/…/1.1/"
    other = logging.LogRecord("x", 30, "x.py", 1, "Gone: %s", ("/lots/",), None)
    assert WithoutSecrets().filter(other)
    assert other.getMessage() == "Gone: /lots/"
    assert "without_secrets" in str(settings.LOGGING["handlers"])
