"""The pages of an assessment: who sees them, what they say, what a form without scripts saves."""

import datetime
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stannary.core.standards import Edition
from stannary.web.assessments import queries
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.operations import close, rate
from stannary.web.parties.models import Person

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
Response = Any  # what a test client gives has more than its type says
PARTS = ("", "rate/")


def text(response: Response) -> str:
    return str(response.content.decode())


def bare(response: Response, assessment_id: int) -> str:
    """Give a page without what differs by nature: the address asked for, the form's token."""
    page = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", text(response))
    return page.replace(f"/{assessment_id}/", "/")


def row(page: str, requirement: str) -> str:
    """Give the HTML of one row of the matrix."""
    start = page.index(f'id="r-{requirement}"')
    return page[start : page.index("</article>", start)]


def newest(assessment: Assessment) -> dict[str, str]:
    found = queries.newest_records([assessment])[assessment.pk]
    return {name: str(record.rating) for name, record in found.items()}


def form(page: str, chapter: str) -> dict[str, str]:
    """Read the form of a chapter as a browser would send it."""
    start = page.index(f'id="c-{chapter}"')
    part = page[start : page.index("</form>", start)]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', part)
    radios = re.findall(r'name="(rating-[^"]+)" value="([^"]+)" checked', part)
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', part)
    return dict([*hidden, *radios, *areas])


def post_json(client: Client, assessment: Assessment, requirement: str, **body: object) -> Response:
    return client.post(
        f"/assessments/{assessment.pk}/rate/{requirement}/",
        json.dumps(body),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("who", ["rival", "clerk", "outsider", "secretary"])
def test_for_others_an_assessment_looks_like_one_that_is_not_there(
    who: str,
    part: str,
    assessment: Assessment,
    sign_in: SignIn,
    request: pytest.FixtureRequest,
) -> None:
    client = sign_in(request.getfixturevalue(who))

    theirs = client.get(f"/assessments/{assessment.pk}/{part}")
    nowhere = client.get(f"/assessments/999999/{part}")

    assert theirs.status_code == nowhere.status_code == 404
    assert bare(theirs, assessment.pk) == bare(nowhere, 999999)


@pytest.mark.parametrize("part", ["", "1/", "1/rate/"])
def test_a_visitor_is_asked_to_sign_in_whatever_is_there(
    part: str, db: None, client: Client
) -> None:
    response = client.get(f"/assessments/{part}")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("who", ["rival", "clerk", "outsider", "secretary"])
def test_others_save_nothing_by_form_or_script(
    who: str, assessment: Assessment, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))

    by_form = client.post(
        f"/assessments/{assessment.pk}/rate/", {"rating-1.1.1.1": "fully", "seen-1.1.1.1": ""}
    )
    by_script = post_json(client, assessment, "1.1.1.1", rating="fully", seen=None)

    assert (by_form.status_code, by_script.status_code) == (404, 404)
    assert by_script.json() == {"type": "about:blank", "title": "Not found", "status": 404}
    assert not RatingRecord.objects.exists()


def test_everybody_has_a_page_of_their_work(
    auditor: Person, outsider: Person, rated: Assessment, sign_in: SignIn
) -> None:
    mine = text(sign_in(auditor).get("/assessments/"))
    theirs = text(sign_in(outsider).get("/assessments/"))

    assert "Example Pit" in mine
    assert "OPEN 75" in mine
    assert "115 of 115" in mine
    assert "Example Pit" not in theirs
    assert "There is no assessment that you may rate." in theirs


def test_the_overview_says_why_and_what_lifts_the_level(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    page = text(sign_in(auditor).get(f"/assessments/{rated.pk}/"))

    assert "The lowest principle decides, not the mean." in page
    assert '<a class="rule" href="/rules/SCORE-007/">SCORE-007</a>' in page
    assert "The next level is <strong>Open 100</strong>." in page
    assert "<strong>4.75</strong> more points in principle 1" in page
    assert f'<a href="/assessments/{rated.pk}/rate/?at=1.4.1.1#r-1.4.1.1">1.4.1.1</a>' in page
    assert f'<a href="/assessments/{rated.pk}/rate/?chapter=2.4">2.4 Resettlement</a>' in page


def test_the_overview_speaks_french_with_decimal_commas(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    page = text(sign_in(auditor).get(f"/fr/assessments/{rated.pk}/"))

    assert "Planifier des bénéfices durables" in page
    assert "76,2\N{NO-BREAK SPACE}%" in page
    assert "76.2" not in page


def test_the_chapters_together_have_every_requirement_with_six_choices(
    auditor: Person, rated: Assessment, open_mining: Edition, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    pages = {
        one.id: text(client.get(f"/assessments/{rated.pk}/rate/?chapter={one.id}"))
        for one in open_mining.chapters
    }

    for one in open_mining.requirements:
        assert row(pages[one.chapter], one.id).count('type="radio"') == 6
    assert sum(page.count("<article ") for page in pages.values()) == 115
    found = row(pages["1.1"], "1.1.1.1")
    assert "Breaches of law are corrected in time" in found
    assert '<span class="critical">critical</span>' in found
    assert 'value="fully" checked' in found
    assert "https://pit.example/evidence/1.1.1.1" in found
    assert "critical" not in row(pages["1.1"], "1.1.1.2")


def test_a_page_shows_one_chapter_and_leads_to_the_ones_beside_it(
    auditor: Person, rated: Assessment, open_mining: Edition, sign_in: SignIn
) -> None:
    client = sign_in(auditor)

    page = text(client.get(f"/assessments/{rated.pk}/rate/?chapter=2.4"))
    first = text(client.get(f"/assessments/{rated.pk}/rate/?chapter=1.1"))

    assert page.count('<article class="req"') == 5
    assert '<a rel="prev" href="?chapter=2.3">' in page
    assert '<a rel="next" href="?chapter=2.5">' in page
    assert 'rel="prev"' not in first
    for one in open_mining.chapters:
        assert f'<a href="?chapter={one.id}"' in page
    assert page.count('aria-current="page"') == 1


def test_without_a_chapter_the_page_opens_where_something_is_left(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    address = f"/assessments/{rated.pk}/rate/"
    assert 'id="c-1.1"' in text(client.get(address))
    for requirement in ("2.4.1.1", "3.1.1.1"):
        rate(
            actor=auditor,
            assessment_id=rated.pk,
            requirement_id=requirement,
            rating="pending",
            seen=queries.newest_records([rated])[rated.pk][requirement].id,
        )

    page = text(client.get(address))

    assert 'id="c-2.4"' in page
    assert 'href="?at=3.1.1.1#r-3.1.1.1">Next not rated: 3.1.1.1</a>' in page
    assert 'id="c-2.4"' in text(client.get(f"{address}?chapter=9.9"))
    assert 'id="c-2.4"' in text(client.get(f"{address}?at=9.9.9.9"))
    assert 'id="c-3.1"' in text(client.get(f"{address}?at=3.1.1.1"))
    assert "Next not rated: 2.4.1.1" in text(client.get(f"{address}?chapter=4.6"))


def tally(page: str, chapter: str) -> str:
    """Give what the index of chapters says of one."""
    found = re.search(rf'<span class="tally" data-tally="{chapter}">(.*?)</span></a>', page)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


def test_the_index_says_how_far_each_chapter_is_and_what_is_critical(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    address = f"/assessments/{rated.pk}/rate/?chapter=4.6"
    assert tally(text(client.get(address)), "1.1") == "5 of 5 rated 90.0\N{NO-BREAK SPACE}%"

    for requirement, rating in (("1.1.1.1", "partially"), ("1.1.1.2", "pending")):
        held = queries.newest_records([rated])[rated.pk][requirement]
        answer = post_json(client, rated, requirement, rating=rating, rationale="So.", seen=held.id)

    said = "4 of 5 rated 81.2\N{NO-BREAK SPACE}% 1 open critical: 1 unmet"
    assert tally(text(client.get(address)), "1.1") == said
    assert answer.json()["tally"]["chapter"] == "1.1"
    assert re.sub(r"<[^>]+>", "", answer.json()["tally"]["html"]) == said

    held = queries.newest_records([rated])[rated.pk]["1.1.1.1"]
    post_json(client, rated, "1.1.1.1", rating="pending", seen=held.id)
    assert "critical: 1 open" in tally(text(client.get(address)), "1.1")


def found_in(page: str) -> list[str]:
    """Give the ids of the requirements that a list shows."""
    return re.findall(r'<th scope="row"><a href="\?at=([0-9.]+)#r-\1">', page)


def test_the_whole_standard_can_be_filtered_as_a_list(
    auditor: Person, rated: Assessment, open_mining: Edition, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    address = f"/assessments/{rated.pk}/rate/"
    every = [one.id for one in open_mining.requirements]
    critical = [one.id for one in open_mining.requirements if one.critical]
    plain = next(x.id for x in open_mining.requirements_by_chapter["2.4"] if not x.critical)
    held = queries.newest_records([rated])[rated.pk]
    for requirement in ("1.1.1.1", plain):
        post_json(client, rated, requirement, rating="pending", seen=held[requirement].id)

    first, second = (text(client.get(f"{address}?find=&page={n}")) for n in (1, 2))

    assert found_in(first) + found_in(second) == every
    assert len(found_in(first)) == 100
    assert '<a rel="next" href="?find=&amp;page=2">' in first
    assert found_in(text(client.get(f"{address}?critical=1"))) == critical
    assert found_in(text(client.get(f"{address}?pending=1"))) == ["1.1.1.1", plain]
    assert found_in(text(client.get(f"{address}?pending=1&critical=1"))) == ["1.1.1.1"]
    water = found_in(text(client.get(f"{address}?find=WATER++quality")))
    assert 0 < len(water) < 20
    assert found_in(text(client.get(f"{address}?find=2.4.1"))) == [
        one for one in every if one.startswith("2.4.1.")
    ]
    nothing = text(client.get(f"{address}?find=%3Cb%3E"))
    assert "No requirement is like this." in nothing
    assert 'value="&lt;b&gt;"' in nothing


@pytest.mark.parametrize(
    ("find", "leads_to"),
    [
        ("2.4.1.2", "?at=2.4.1.2#r-2.4.1.2"),
        (" 2.4.1.2 ", "?at=2.4.1.2#r-2.4.1.2"),
        ("2.4", "?chapter=2.4"),
    ],
)
def test_a_number_leads_straight_to_its_row_or_chapter(
    find: str, leads_to: str, auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    address = f"/assessments/{assessment.pk}/rate/"

    response = client.get(address, {"find": find})

    assert response.headers["Location"] == f"{address}{leads_to}"
    assert 'id="c-2.4"' in text(client.get(response.headers["Location"]))


def test_what_was_typed_stays_text(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    hostile = "</textarea><script>alert(1)</script>\"'&amp;"
    rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id="1.1.1.1",
        rating="partially",
        rationale=hostile,
        evidence='https://a.example/"onmouseover="alert(1)',
        seen=None,
    )

    page = text(sign_in(auditor).get(f"/assessments/{assessment.pk}/rate/"))

    assert "<script>alert" not in page
    assert '"onmouseover="' not in page
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;amp;" in page


def test_a_form_saves_what_was_changed_and_nothing_else(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id="1.1.1.1",
        rating="fully",
        seen=None,
    )
    sent = form(text(client.get(f"/assessments/{assessment.pk}/rate/")), "1.1")
    sent |= {"rating-1.1.1.2": "partially", "rationale-1.1.1.2": "Half of\r\nit."}

    response = client.post(f"/assessments/{assessment.pk}/rate/", sent)
    page = text(client.get(response.headers["Location"]))

    assert response.status_code == 302
    assert response.headers["Location"] == f"/assessments/{assessment.pk}/rate/?chapter=1.1"
    assert newest(assessment) == {"1.1.1.1": "fully", "1.1.1.2": "partially"}
    assert RatingRecord.objects.count() == 2
    assert RatingRecord.objects.latest("id").rationale == "Half of\nit."
    assert "1 rating saved." in page


def test_a_form_with_a_finding_saves_nothing_and_keeps_what_was_typed(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    sent = form(text(client.get(f"/assessments/{assessment.pk}/rate/")), "1.1")
    sent |= {
        "rating-1.1.1.1": "not_relevant",
        "rating-1.1.1.2": "partially",
        "rationale-1.1.1.2": "Half of it.",
    }

    response = client.post(f"/assessments/{assessment.pk}/rate/", sent)

    page = text(response)
    assert response.status_code == 422
    assert not RatingRecord.objects.exists()
    assert "Nothing was saved, because of 1 row." in page
    assert "has a rationale that says why" in row(page, "1.1.1.1")
    assert 'value="not_relevant" checked' in row(page, "1.1.1.1")
    assert 'value="partially" checked' in row(page, "1.1.1.2")
    assert "Half of it." in row(page, "1.1.1.2")


def test_a_form_that_meets_a_newer_rating_shows_both_and_overwrites_neither(
    auditor: Person, colleague: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    sent = form(text(client.get(f"/assessments/{assessment.pk}/rate/")), "1.1")
    for requirement in ("1.1.1.1", "1.1.1.2"):
        rate(
            actor=colleague,
            assessment_id=assessment.pk,
            requirement_id=requirement,
            rating="not_met",
            rationale="Nothing was shown.",
            seen=None,
        )
    sent |= {"rating-1.1.1.1": "fully"}

    response = client.post(f"/assessments/{assessment.pk}/rate/", sent)

    page = text(response)
    assert response.status_code == 409
    assert "colleague saved “not met” meanwhile (Nothing was shown.)" in row(page, "1.1.1.1")
    assert 'value="fully" checked' in row(page, "1.1.1.1")
    assert 'value="not_met" checked' in row(page, "1.1.1.2")
    assert newest(assessment) == {"1.1.1.1": "not_met", "1.1.1.2": "not_met"}
    # having seen it, the same person may insist, and the other row stays the colleague's
    again = client.post(f"/assessments/{assessment.pk}/rate/", form(page, "1.1"))
    assert again.status_code == 302
    assert newest(assessment) == {"1.1.1.1": "fully", "1.1.1.2": "not_met"}


def test_a_row_that_was_not_touched_is_no_conflict_when_somebody_else_rated_it(
    auditor: Person, colleague: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    record = rate(
        actor=auditor,
        assessment_id=assessment.pk,
        requirement_id="1.1.1.1",
        rating="fully",
        seen=None,
    )
    sent = form(text(client.get(f"/assessments/{assessment.pk}/rate/")), "1.1")
    rate(
        actor=colleague,
        assessment_id=assessment.pk,
        requirement_id="1.1.1.1",
        rating="not_met",
        rationale="Nothing was shown.",
        seen=record.pk,
    )

    response = client.post(
        f"/assessments/{assessment.pk}/rate/", {**sent, "rating-1.1.1.2": "fully"}
    )

    assert response.status_code == 302
    assert newest(assessment) == {"1.1.1.1": "not_met", "1.1.1.2": "fully"}


def test_a_form_full_of_nonsense_is_refused_row_by_row(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    sent = {"rating-1.1.1.1": "<b>", "seen-1.1.1.1": "9" * 40, "rating-7.7": "x", "chapter": "//e"}

    response = sign_in(auditor).post(f"/assessments/{assessment.pk}/rate/", sent)

    assert response.status_code == 409
    assert not RatingRecord.objects.exists()


def test_a_published_assessment_leads_from_the_matrix_to_its_overview(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    close(assessment)
    client = sign_in(auditor)

    shown = client.get(f"/assessments/{assessment.pk}/rate/")
    sent = client.post(
        f"/assessments/{assessment.pk}/rate/", {"rating-1.1.1.1": "fully", "seen-1.1.1.1": ""}
    )

    assert shown.headers["Location"] == f"/assessments/{assessment.pk}/"
    assert sent.status_code == 422
    assert "RATING-021" in text(sent)


def test_the_script_gets_the_score_and_the_foot_that_says_what_moved_it(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    held = queries.newest_records([rated])[rated.pk]["3.1.1.1"]

    response = post_json(
        sign_in(auditor),
        rated,
        "3.1.1.1",
        rating="partially",
        rationale="Two contractors.",
        evidence="https://pit.example/a\nhttps://pit.example/b",
        seen=held.id,
    )

    answer = response.json()
    assert response.status_code == 200
    assert answer["moved"] is True
    assert answer["score"]["level"]["code"] == "OPEN-TRANSPARENCY"
    assert answer["record"]["evidence"] == ["https://pit.example/a", "https://pit.example/b"]
    foot = re.sub(r"<[^>]+>", "", answer["foot"])
    assert (
        "was OPEN 75 before 3.1.1.1 partially: a critical requirement is below “substantially”"
        in foot
    )
    assert answer["said"] == "3.1.1.1 partially saved. Level OPEN Transparency, was OPEN 75."
    assert answer["summary"] == 'Two contractors. <span class="tag">2 links</span>'


def test_a_fall_below_a_threshold_names_the_principle(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    held = queries.newest_records([rated])[rated.pk]
    for requirement in ("2.5.1.1", "1.1.1.3"):
        response = post_json(
            client,
            rated,
            requirement,
            rating="partially",
            rationale="Half.",
            seen=held[requirement].id,
        )

    foot = re.sub(r"<[^>]+>", "", response.json()["foot"])
    assert response.json()["moved"] is False
    assert "was OPEN 75 before 2.5.1.1 partially: principle 2 is below 75 %" in foot


def test_the_script_is_shown_both_ratings_in_a_conflict(
    auditor: Person, colleague: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    record = rate(
        actor=colleague,
        assessment_id=assessment.pk,
        requirement_id="1.1.1.1",
        rating="fully",
        seen=None,
        at=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
    )

    response = post_json(sign_in(auditor), assessment, "1.1.1.1", rating="not_met", seen=None)

    answer = response.json()
    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"
    assert answer["code"] == "RATING-020"
    assert answer["findings"][0]["facts"]["yours"] == "not_met"
    assert answer["newest"] == {
        "id": record.pk,
        "requirement": "1.1.1.1",
        "rating": "fully",
        "rationale": "",
        "evidence": [],
        "assessor": "colleague",
        "at": "2026-01-02T00:00:00+00:00",
        "carried_from": None,
    }
    assert "colleague saved “fully” meanwhile" in answer["message"]


def test_the_script_gets_findings_with_their_remedy(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    response = post_json(sign_in(auditor), assessment, "1.1.1.1", rating="not_relevant", seen=None)

    assert response.status_code == 422
    assert [finding["code"] for finding in response.json()["findings"]] == ["RATING-004"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"rating": 1}',
        '{"rating": "fully", "seen": "1"}',
        '{"rating": "fully", "seen": true}',
        '{"rating": "\\ud800"}',
        "[" * 5000,
    ],
)
def test_a_body_of_another_form_is_refused(
    body: str, auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    response = sign_in(auditor).post(
        f"/assessments/{assessment.pk}/rate/1.1.1.1/", body, content_type="application/json"
    )

    assert response.status_code == 400
    assert not RatingRecord.objects.exists()


def test_a_visitor_s_script_is_told_to_sign_in(assessment: Assessment, client: Client) -> None:
    response = post_json(client, assessment, "1.1.1.1", rating="fully", seen=None)

    assert response.status_code == 401


def test_a_save_without_its_token_is_refused(auditor: Person, assessment: Assessment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(auditor)

    response = post_json(client, assessment, "1.1.1.1", rating="fully", seen=None)

    assert response.status_code == 403
    assert not RatingRecord.objects.exists()
