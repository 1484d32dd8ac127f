"""Every write of the API: by whom, once for each key, the same for all of them."""

import datetime
import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.parties.models import KeptAnswer, Person
from stannary.web.parties.operations import forget_answers
from web.project.writing import CSV, KEY, ROW, SignIn, Write, post, rows, said

pytestmark = pytest.mark.django_db


def test_a_write_is_answered_with_what_was_made_and_its_address(
    write: Write, person: Callable[[str], Client]
) -> None:
    before = write.made()

    answer = post(person(write.who), write.address, write.body)

    assert answer.status_code == write.status, answer.content
    assert write.made() == before + 1
    assert not KeptAnswer.objects.exists()
    assert ("Location" in answer) == (write.status == 201)
    if "Location" in answer:
        found = person(write.who).get(answer["Location"])
        assert found.status_code == 200
        same = found.json()
        assert isinstance(same, list) or same["id"] == said(answer)["id"]


@pytest.mark.parametrize("who", ["outsider", "wrong", "rival", "secretary"])
def test_for_others_there_is_nothing_to_write_to(
    who: str, write: Write, person: Callable[[str], Client]
) -> None:
    client = person(write.wrong if who == "wrong" else who)
    if write.address == "/api/v1/assessments" and who == "rival":
        write = Write(write.address, {**write.body, "firm": "example-assurance"}, "", "", None)
    before = rows()

    answer = post(client, write.address, write.body, KEY)

    assert answer.status_code == 404
    assert said(answer) == {"type": "about:blank", "title": "Not found", "status": 404}
    assert rows() == before


def test_who_is_not_signed_in_or_has_no_token_writes_nothing(
    write: Write, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(write.who)
    before = rows()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(actor)

    for client, status in ((Client(), 401), (strict, 403)):
        answer = post(client, write.address, write.body, KEY)
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
    assert rows() == before


def test_the_same_request_with_the_same_key_is_done_once_and_answered_alike(
    write: Write, person: Callable[[str], Client]
) -> None:
    client = person(write.who)
    first = post(client, write.address, write.body, KEY)
    after = rows()

    second = post(client, write.address, write.body, f'"{KEY}"')

    assert first.status_code == second.status_code == write.status
    assert first.content == second.content
    assert first.get("Location") == second.get("Location")
    assert rows() == after


def test_a_key_that_was_used_for_another_request_is_refused(
    write: Write, person: Callable[[str], Client]
) -> None:
    client = person(write.who)
    post(client, write.address, write.body, KEY)
    after = rows()

    answer = post(client, write.address, write.other, KEY)

    assert answer.status_code == 422
    assert said(answer)["code"] == "API-003"
    assert rows() == after


def test_a_refusal_keeps_no_key_for_nothing_was_done(
    write: Write, person: Callable[[str], Client]
) -> None:
    client = person(write.who)
    body = [{**ROW, "mass_mg": "0"}] if isinstance(write.body, list) else {}
    before = rows()

    refused = post(client, write.address, body, KEY)

    assert refused.status_code == 422
    assert rows() == before
    assert post(client, write.address, write.body, KEY).status_code == write.status


def test_two_people_may_choose_the_same_key(
    auditor: Person, colleague: Person, assessment: Assessment, sign_in: SignIn
) -> None:
    address = f"/api/v1/assessments/{assessment.pk}/ratings"

    for who, requirement in ((auditor, "1.1.1.1"), (colleague, "1.1.1.2")):
        body = {"requirement": requirement, "rating": "fully"}
        assert post(sign_in(who), address, body, KEY).status_code == 200

    assert RatingRecord.objects.count() == 2


def test_a_key_stands_for_one_address_and_one_media_type(
    clerk: Person, sign_in: SignIn, claiming: Write
) -> None:
    client = sign_in(clerk)
    assert post(client, "/api/v1/movements", [ROW], KEY).status_code == 201

    for address, body in ((claiming.address, claiming.body), ("/api/v1/movements", CSV)):
        assert said(post(client, address, body, KEY))["code"] == "API-003"


@pytest.mark.parametrize(
    ("key", "is_key"),
    [
        ("a", True),
        ("a" * 100, True),
        ("a" * 101, False),
        ('"' + "a" * 100 + '"', True),
        ('"' + "a" * 101 + '"', False),
        ("", False),
        ('""', False),
        ('"a', False),
        ("a b", False),
        ("a,b", False),
        ("a\\b", False),
        ('"a";b=1', False),
        ("é", False),
        ("!#$%&'()*+-./:;<=>?@[]^_`{|}~", True),
    ],
)
def test_a_key_is_up_to_100_plain_signs(
    key: str, is_key: bool, rating: Write, person: Callable[[str], Client]
) -> None:
    answer = post(person("auditor"), rating.address, rating.body, key)

    assert answer.status_code == (200 if is_key else 422)
    assert is_key or said(answer)["code"] == "API-002"
    assert RatingRecord.objects.exists() == KeptAnswer.objects.exists() == is_key


def test_keys_are_forgotten_when_they_are_old(
    rating: Write, person: Callable[[str], Client]
) -> None:
    post(person("auditor"), rating.address, rating.body, KEY)
    at = KeptAnswer.objects.get().at

    assert forget_answers(before=at) == 0
    assert forget_answers(before=at + datetime.timedelta(microseconds=1)) == 1

    post(person("auditor"), rating.address, rating.body, KEY)
    said_so = io.StringIO()
    call_command("forget_answers", stdout=said_so)
    call_command("forget_answers", "--days", "0", stdout=said_so)
    assert said_so.getvalue() == "0 keys forgotten\n1 keys forgotten\n"


def in_parallel(act: Callable[[], object]) -> None:
    def alone() -> None:
        try:
            act()
        finally:
            connection.close()

    both = [threading.Thread(target=alone) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_with_one_key_one_is_done_and_both_are_answered(
    write: Write, person: Callable[[str], Client]
) -> None:
    before, answers = write.made(), []
    clients = [person(write.who), person(write.who)]
    start = threading.Barrier(2)

    def send() -> None:
        client = clients.pop()
        start.wait()
        answers.append(post(client, write.address, write.body, KEY))

    in_parallel(send)

    assert [answer.status_code for answer in answers] == [write.status] * 2
    assert answers[0].content == answers[1].content
    assert write.made() == before + 1
    assert KeptAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_open_the_same_assessment_at_once_open_one(
    opening: Write, person: Callable[[str], Client]
) -> None:
    answers: list[HttpResponse] = []
    clients = [person("auditor"), person("colleague")]
    start = threading.Barrier(2)

    def send() -> None:
        client = clients.pop()
        start.wait()
        answers.append(post(client, opening.address, opening.body))

    in_parallel(send)

    assert sorted(answer.status_code for answer in answers) == [201, 422]
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert said(refused)["code"] == "RATING-024"


def test_every_field_of_every_write_has_an_example_and_every_write_takes_a_key() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    silent, writes = [], 0
    no_address = ("/ratings", "/hand-in", "/booking", "/check", "/withdrawal")
    for path, methods in document["paths"].items():
        operation = methods.get("post")
        if operation is None or {"SessionAuth": []} not in operation.get("security", []):
            continue
        writes += 1
        names = [one["name"] for one in operation["parameters"]]
        assert names[-2:] == ["Idempotency-Key", "X-CSRFToken"], path
        assert ("201" in operation["responses"]) == (not path.endswith(no_address)), path
        for schema in reached(operation, schemas):
            for field, form in schema.get("properties", {}).items():
                held = form.get("items", form)
                is_nested = "$ref" in held or "allOf" in held or "anyOf" in held
                if form.get("format") == "binary":  # the file of a form; its part has no words
                    continue
                shown = is_nested or form.get("examples") or form.get("enum")
                if not shown or not form.get("description"):
                    silent.append(f"{path} {field}")

    assert writes == 43
    assert silent == []


def reached(part: Any, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """Give every schema with properties that a part of the document uses, problems left out."""
    if isinstance(part, list):
        return [one for inner in part for one in reached(inner, schemas)]
    if not isinstance(part, dict):
        return []
    name = str(part.get("$ref", "")).rpartition("/")[2]
    found = [part] if isinstance(part.get("properties"), dict) else []
    if name and name != "Problem":
        found += reached(schemas[name], schemas)
    return found + [one for inner in part.values() for one in reached(inner, schemas)]
