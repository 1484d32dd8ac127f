"""The score of one's own assessment, and rating, for programs."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.parties.models import Person

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


def test_an_auditor_of_the_firm_reads_the_score(
    auditor: Person, rated: Assessment, sign_in: SignIn
) -> None:
    answer = sign_in(auditor).get(f"/api/v1/assessments/{rated.pk}/score").json()

    assert answer["site"] == "example-pit"
    assert answer["state"] == "open"
    assert answer["score"]["level"] == {"code": "OPEN-75", "state": "determined", "floor": None}
    assert [one["id"] for one in answer["score"]["principles"]] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("who", ["rival", "clerk", "outsider", "secretary"])
def test_for_others_there_is_no_score_and_nothing_to_rate(
    who: str, assessment: Assessment, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))

    read = client.get(f"/api/v1/assessments/{assessment.pk}/score")
    written = client.post(
        f"/api/v1/assessments/{assessment.pk}/ratings",
        {"requirement": "1.1.1.1", "rating": "fully"},
        content_type="application/json",
    )

    assert read.status_code == written.status_code == 404
    assert read.headers["Content-Type"] == "application/problem+json"
    assert not RatingRecord.objects.exists()


def test_a_visitor_reads_and_rates_nothing(assessment: Assessment, client: Client) -> None:
    body = {"requirement": "1.1.1.1", "rating": "fully"}

    read = client.get(f"/api/v1/assessments/{assessment.pk}/score")
    written = client.post(
        f"/api/v1/assessments/{assessment.pk}/ratings", body, content_type="application/json"
    )

    assert read.status_code == written.status_code == 401
    assert read.headers["Content-Type"] == "application/problem+json"
    assert read.json() == {"type": "about:blank", "title": "Sign in first.", "status": 401}
    assert not RatingRecord.objects.exists()


def test_rating_answers_with_the_record_and_the_score(
    auditor: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    body = {
        "requirement": "1.1.1.1",
        "rating": "partially",
        "rationale": "Half.",
        "evidence": ["https://a.example/1"],
    }

    answer = (
        sign_in(auditor)
        .post(f"/api/v1/assessments/{assessment.pk}/ratings", body, content_type="application/json")
        .json()
    )

    record = RatingRecord.objects.get()
    assert answer["record"]["id"] == record.pk
    assert answer["record"]["evidence"] == ["https://a.example/1"]
    assert answer["score"]["principles"][0]["points"] == "0.5"


def test_a_conflict_is_a_problem_with_the_newest_rating(
    auditor: Person, colleague: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    address = f"/api/v1/assessments/{assessment.pk}/ratings"
    body = {"requirement": "1.1.1.1", "rating": "fully"}
    sign_in(colleague).post(address, body, content_type="application/json")

    response = sign_in(auditor).post(
        address, {**body, "rating": "not_met"}, content_type="application/json"
    )

    assert response.status_code == 409
    assert response.json()["code"] == "RATING-020"
    assert response.json()["newest"]["rating"] == "fully"
    assert RatingRecord.objects.count() == 1


def test_rating_needs_the_token_of_the_session(auditor: Person, assessment: Assessment) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(auditor)

    response = client.post(
        f"/api/v1/assessments/{assessment.pk}/ratings",
        json.dumps({"requirement": "1.1.1.1", "rating": "fully"}),
        content_type="application/json",
    )

    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not RatingRecord.objects.exists()
