"""Each write of the API for itself: refused with the place and the rule."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stannary.web.assessments.models import Assessment
from stannary.web.claims.models import Claim
from stannary.web.custody import api as custody_api
from stannary.web.custody.models import Lot, Movement
from stannary.web.parties.models import KeptAnswer, Organisation, Person, Role, Site
from stannary.web.transparency_log.models import LogEntry
from web.project.writing import CSV, KEY, ROW, SignIn, Write, post, said

pytestmark = pytest.mark.django_db


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
    told = said(answer)
    assert code in {told.get("code"), *(one["code"] for one in told.get("findings", ()))}
    assert not Claim.objects.exists()
