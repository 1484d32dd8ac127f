"""One mapping from a refusal to RFC 9457, and what every answer carries."""

import json

import pytest
from django.test import Client, RequestFactory

from stannary.core.kernel import Finding, Place, RefusalError
from stannary.core.kernel.rules import MASS_IS_WHOLE_MILLIGRAMS
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.problems import problem_shape, refusal_response


def _refusal() -> RefusalError:
    return RefusalError(
        Finding(MASS_IS_WHOLE_MILLIGRAMS, {"value": "0 mg"}, Place("m.csv", 7, "mass_mg"))
    )


def test_a_refusal_becomes_a_problem_with_code_facts_remedy_source_and_place() -> None:
    shape = problem_shape(_refusal(), instance="/api/v1/lots")

    assert shape["status"] == 422
    assert shape["code"] == "KERNEL-001"
    assert shape["type"] == "/rules/KERNEL-001/"
    assert shape["instance"] == "/api/v1/lots"
    finding = shape["findings"][0]  # type: ignore[index]
    assert finding["facts"] == {"value": "0 mg"}
    assert finding["at"] == {"file": "m.csv", "line": 7, "column": "mass_mg"}
    assert finding["remedy"].startswith("Write the mass")
    assert finding["source"] == "Stannary contracts, section 2"


def test_not_yours_and_not_there_look_alike() -> None:
    refusal = RefusalError(Finding(IS_THERE_FOR_YOU, {"assessment": "17"}))
    request = RequestFactory().get("/api/v1/assessments/17")

    answer = refusal_response(request, refusal)

    assert answer.status_code == 404
    assert json.loads(answer.content) == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
    }


def test_a_program_gets_problem_json_and_a_person_gets_a_page(rf: RequestFactory) -> None:
    program = refusal_response(rf.get("/x", headers={"accept": "application/json"}), _refusal())

    assert program["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/fr/", "/about/", "/design/", "/rules/", "/open-data/", "/verify/"]
)
def test_every_page_is_locked_down(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    page = answer.content.decode()
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page


@pytest.mark.django_db
def test_an_unknown_address_under_the_api_answers_as_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/nothing-here")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_rule_has_a_page_and_an_unknown_one_has_none(client: Client) -> None:
    assert "KERNEL-001" in client.get("/rules/KERNEL-001/").content.decode()
    assert client.get("/rules/KERNEL-999/").status_code == 404


@pytest.mark.django_db
def test_cookies_cannot_be_read_by_scripts_or_sent_by_other_sites(client: Client) -> None:
    answer = client.get("/sign-in/")

    cookie = answer.cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
