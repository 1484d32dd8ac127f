"""Every write of the API: by whom, once for each key, refused with the place and the rule."""

import datetime
import io
import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from stannary.core.standards import Edition
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.claims.models import Claim
from stannary.web.custody import api as custody_api
from stannary.web.custody.models import Lot, Movement
from stannary.web.parties.models import KeptAnswer, Organisation, Person, Role, Site
from stannary.web.parties.operations import forget_answers
from stannary.web.publications.models import PublishedResult
from stannary.web.transparency_log.models import LogEntry

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
OPEN_MINING = "stannary/open-mining/0.1"
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
ROW = {
    "event": "E-N",
    "at": "2026-03-21T08:00:00Z",
    "kind": "purchase",
    "site": "plant",
    "entity": "Example Cells",
    "lot": "L-N",
    "side": "out",
    "material": "lithium carbonate",
    "mass_mg": "1000",
    "content_mg": "188",
}
CSV = ",".join(ROW) + "\n" + ",".join(ROW.values()) + "\n"


@dataclass(frozen=True)
class Write:
    """A write of the API, how it is called, and by whom."""

    address: str
    body: Any
    who: str
    wrong: str
    other: Any
    status: int = 201

    def made(self) -> int:
        """Count what it makes."""
        model = {
            "/api/v1/assessments": Assessment,
            "/api/v1/results": PublishedResult,
            "/api/v1/movements": Movement,
            "/api/v1/claims": Claim,
        }.get(self.address, RatingRecord)
        return int(model._default_manager.count())


@pytest.fixture
def opening(mine: Site, open_mining: Edition, auditor: Person) -> Write:
    body = {"site": mine.slug, "edition": OPEN_MINING, "firm": "example-assurance"}
    return Write("/api/v1/assessments", body, "auditor", "clerk", {**body, "firm": None})


@pytest.fixture
def rating(assessment: Assessment) -> Write:
    body = {"requirement": "1.1.1.1", "rating": "fully"}
    address = f"/api/v1/assessments/{assessment.pk}/ratings"
    return Write(address, body, "auditor", "rival", {**body, "rating": "partially"}, 200)


@pytest.fixture
def publishing(rated: Assessment) -> Write:
    body = {"assessment": rated.pk, "confirm": True}
    other = {**body, "published_on": "2026-01-05"}
    return Write("/api/v1/results", body, "auditor", "rival", other)


@pytest.fixture
def booking(maker: Organisation) -> Write:
    other = [{**ROW, "note": "another"}]
    return Write("/api/v1/movements", [ROW], "clerk", "auditor", other)


@pytest.fixture
def claiming(demonstration: None) -> Write:
    body = {
        "lot": "L-2041",
        "wording": "SHARE-AT-LEVEL",
        "standard": OPEN_MINING,
        "level": "OPEN-75",
        "share": "3/8",
        "element": "lithium",
    }
    return Write("/api/v1/claims", body, "clerk", "auditor", {**body, "months": 6})


@pytest.fixture(params=["opening", "rating", "publishing", "booking", "claiming"])
def write(request: pytest.FixtureRequest) -> Write:
    found: Write = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def person(request: pytest.FixtureRequest) -> Callable[[str], Client]:
    """Sign somebody in by the name of their fixture."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(request.getfixturevalue(name))
        return client

    return browser


def post(client: Client, address: str, body: Any, key: str | None = None) -> HttpResponse:
    headers = {} if key is None else {"Idempotency-Key": key}
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/csv" if isinstance(body, str) else "application/json"
    answer: HttpResponse = client.post(address, text, content_type=kind, headers=headers)  # type: ignore[assignment]
    return answer


def said(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


def rows() -> dict[str, int]:
    models = [model for model in apps.get_models() if model.__name__ != "Session"]
    return {model._meta.label: model._default_manager.count() for model in models}


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


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"site": "nowhere"}, 404, None),
        ({"site": "a\x00b"}, 422, "API-005"),
        ({"edition": "stannary/none/0.1"}, 404, None),
        ({"firm": "other"}, 404, None),
        ({"firm": 7}, 422, "API-005"),
    ],
)
def test_an_opening_names_what_is_there(
    change: dict[str, object],
    status: int,
    code: str | None,
    opening: Write,
    person: Callable[[str], Client],
) -> None:
    answer = post(person("auditor"), opening.address, {**opening.body, **change})

    assert answer.status_code == status
    assert said(answer).get("code") == code
    if code:
        assert said(answer)["findings"][0]["at"] == f"body.body.{next(iter(change))}"
    assert not Assessment.objects.exists()


def test_who_audits_for_several_firms_names_one(
    opening: Write, auditor: Person, sign_in: SignIn
) -> None:
    other = Organisation.objects.create(slug="b", name="B", kind="firm", illustrative=True)
    Role.objects.create(person=auditor, organisation=other, kind="auditor")

    answer = post(sign_in(auditor), opening.address, opening.other)

    assert said(answer)["code"] == "RATING-022"
    assert said(answer)["findings"][0]["facts"]["firms"] == "b, example-assurance"
    assert post(sign_in(auditor), opening.address, opening.body).status_code == 201


def test_a_second_opening_and_one_of_another_kind_are_refused(
    opening: Write, person: Callable[[str], Client]
) -> None:
    Site.objects.create(slug="real", name="Real", country="IS")
    client = person("auditor")
    assert post(client, opening.address, opening.body).status_code == 201

    assert said(post(client, opening.address, opening.body))["code"] == "RATING-024"
    real = post(client, opening.address, {**opening.body, "site": "real"})
    assert said(real)["code"] == "RATING-023"


def test_a_conflict_under_a_key_brings_the_newest_rating(
    rating: Write, person: Callable[[str], Client]
) -> None:
    post(person("colleague"), rating.address, rating.body)

    answer = post(person("auditor"), rating.address, rating.other, KEY)

    assert answer.status_code == 409
    assert said(answer)["code"] == "RATING-020"
    assert said(answer)["newest"]["rating"] == "fully"
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("rationale", ["a\x00b", "a\ud800b"])
def test_a_rationale_that_no_database_can_hold_is_refused(
    rationale: str, rating: Write, person: Callable[[str], Client]
) -> None:
    answer = post(person("auditor"), rating.address, {**rating.body, "rationale": rationale})

    assert answer.status_code == 422
    assert said(answer)["findings"][0]["at"] == "body.body.rationale"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"confirm": False}, "PUBLICATION-022"),
        ({"published_on": "2999-01-01"}, "PUBLICATION-020"),
        ({"published_on": "2026-01-03"}, "PUBLICATION-021"),
        ({"published_on": "yesterday"}, "API-005"),
    ],
)
def test_publishing_is_meant_and_on_a_day_that_can_be(
    change: dict[str, object], code: str, publishing: Write, person: Callable[[str], Client]
) -> None:
    answer = post(person("auditor"), publishing.address, {**publishing.body, **change})

    assert answer.status_code == 422
    assert said(answer)["code"] == code
    assert not LogEntry.objects.exists()


def test_what_misses_a_reason_is_not_published_and_every_requirement_is_named(
    assessment: Assessment, person: Callable[[str], Client]
) -> None:
    client = person("auditor")
    address = f"/api/v1/assessments/{assessment.pk}/ratings"
    for requirement in ("1.1.1.1", "1.1.1.2"):
        post(client, address, {"requirement": requirement, "rating": "not_met"})

    answer = post(client, "/api/v1/results", {"assessment": assessment.pk, "confirm": True})

    assert said(answer)["code"] == "PUBLICATION-001"
    named = [finding["facts"].get("requirement") for finding in said(answer)["findings"]]
    assert named == ["1.1.1.1", "1.1.1.2"]


def test_what_is_published_is_never_published_again(
    publishing: Write, person: Callable[[str], Client]
) -> None:
    post(person("auditor"), publishing.address, publishing.body)

    answer = post(person("auditor"), publishing.address, publishing.body)

    assert said(answer)["code"] == "RATING-021"


def test_movements_are_booked_from_csv_as_from_json(
    booking: Write, person: Callable[[str], Client]
) -> None:
    answer = post(person("clerk"), booking.address, CSV, KEY)

    assert said(answer) == {"booked": 1, "movements": 1, "events": ["E-N"], "lots": ["L-N"]}
    assert Lot.objects.get().holder == "Example Cells"
    event = person("outsider").get(answer["Location"]).json()
    assert [{name: row[name] for name in ROW} for row in event] == [
        {**ROW, "at": "2026-03-21T08:00:00+00:00"}
    ]


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        ([ROW, {**ROW, "mass_mg": "1.5"}], "KERNEL-001", 2, "mass_mg"),
        ([{**ROW, "lot": " "}], "CUSTODY-023", 1, "lot"),
        ([{**ROW, "note": "a\x00b"}], "CUSTODY-024", 1, "note"),
        ([{**ROW, "at": "2026-03-21"}], "CUSTODY-026", 1, "at"),
        ([{**ROW, "kind": "steal"}], "CUSTODY-025", 1, "kind"),
        ([], "CUSTODY-030", None, None),
        (CSV + CSV.splitlines()[1].replace("1000", "0"), "KERNEL-001", 3, "mass_mg"),
        ("event,at\n", "CUSTODY-022", 1, None),
        ("\xe9", "CUSTODY-022", 1, None),
        ("\n", "CUSTODY-022", 1, None),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_column(
    body: Any,
    code: str,
    line: int | None,
    column: str | None,
    booking: Write,
    person: Callable[[str], Client],
) -> None:
    answer = post(person("clerk"), booking.address, body)

    assert answer.status_code == 422
    finding = said(answer)["findings"][0]
    assert finding["code"] == said(answer)["code"] == code
    assert finding["at"] == {"file": "body", "line": line, "column": column}
    assert not Movement.objects.exists()


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"event": "E-N"}, "body"),
        ([ROW, {**ROW, "mass_mg": 1000}], "body.1.mass_mg"),
        ([{**ROW, "atestation": "x"}], "body.0.atestation"),
        ([{name: ROW[name] for name in ROW if name != "lot"}], "body.0.lot"),
        ([{**ROW, "note": "a\ud800b"}], "body"),
    ],
)
def test_json_of_another_form_is_refused_with_the_place(
    body: Any, at: str, booking: Write, person: Callable[[str], Client]
) -> None:
    answer = post(person("clerk"), booking.address, body)

    assert answer.status_code == 422
    assert said(answer)["code"] == "API-005"
    assert said(answer)["findings"][0]["at"] == at


@pytest.mark.parametrize("text", ["", "[", "\x00", "[" * 100_000])
def test_what_is_no_json_is_refused(
    text: str, booking: Write, person: Callable[[str], Client]
) -> None:
    answer = person("clerk").post(booking.address, text, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json()["code"] == "API-005"


def test_movements_that_would_not_hold_are_not_booked(
    booking: Write, person: Callable[[str], Client]
) -> None:
    post(person("clerk"), booking.address, booking.body)
    row = {**ROW, "event": "E-M", "kind": "loss", "side": "in", "mass_mg": "1001"}

    answer = post(person("clerk"), booking.address, [row])

    assert said(answer)["code"] == "CUSTODY-006"
    assert said(post(person("clerk"), booking.address, booking.body))["code"] == "CUSTODY-040"
    assert Movement.objects.count() == 1


@pytest.mark.parametrize(("count", "status"), [(2, 201), (3, 201), (4, 413)])
@pytest.mark.parametrize("is_csv", [True, False])
def test_so_many_rows_are_booked_at_once_and_no_more(
    count: int,
    status: int,
    is_csv: bool,
    booking: Write,
    person: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(custody_api, "ROWS_MAX", 3)
    those = [{**ROW, "lot": f"L-{number}"} for number in range(count)]
    text = "\n".join([",".join(ROW), *(",".join(row.values()) for row in those)])

    answer = post(person("clerk"), booking.address, text if is_csv else those)

    assert answer.status_code == status
    assert status == 201 or said(answer)["code"] == "API-004"
    assert Movement.objects.count() == (count if status == 201 else 0)


@pytest.mark.parametrize("kind", ["application/json", "text/csv"])
def test_a_body_that_is_too_long_is_a_problem_and_not_read(
    kind: str, booking: Write, person: Callable[[str], Client], settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    for address in (booking.address, "/api/v1/claims", "/api/v1/assessments"):
        answer = person("clerk").post(address, "[" + " " * 100, content_type=kind)

        assert answer.status_code == 413
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "API-004"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"share": "0.375001"}, 422, "CLAIM-001"),
        ({"share": "0.375"}, 201, None),
        ({"share": "0.374999"}, 201, None),
        ({"share": "0"}, 422, "CLAIM-005"),
        ({"share": "3/0"}, 422, "CLAIM-005"),
        ({"share": "37.5 %"}, 422, "CLAIM-005"),
        ({"share": 0.375}, 422, "API-005"),
        ({"element": "cobalt"}, 422, "CLAIM-040"),
        ({"element": "lithium and all else"}, 422, "CLAIM-040"),
        ({"element": "Lithium"}, 201, None),
        ({"wording": "THE-BEST"}, 422, "CLAIM-003"),
        ({"level": "OPEN-1000"}, 422, "CLAIM-002"),
        ({"standard": "stannary/none/0.1"}, 404, None),
        ({"lot": "L-9999"}, 404, None),
        ({"lot": "a\x00b"}, 422, "API-005"),
        ({"months": 0}, 422, "API-005"),
        ({"months": 36}, 201, None),
        ({"months": 37}, 422, "API-005"),
    ],
)
def test_a_claim_that_may_not_be_made_is_refused_with_its_rule(
    change: dict[str, object],
    status: int,
    code: str | None,
    claiming: Write,
    person: Callable[[str], Client],
) -> None:
    answer = post(person("clerk"), claiming.address, {**claiming.body, **change})

    assert answer.status_code == status, answer.content
    if status == 201:
        assert said(answer)["made_on"] == timezone.localdate().isoformat()
        assert Claim.objects.get().claim_id == uuid.UUID(said(answer)["id"])
        return
    assert said(answer).get("code") == code
    assert not Claim.objects.exists()


def test_every_field_of_every_write_has_an_example_and_every_write_takes_a_key() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    silent, writes = [], 0
    no_address = ("/ratings", "/hand-in")
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

    assert writes == 23
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
