"""Notes by API, and what the notebook takes along."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stannary.core.cycle import Role
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import rate
from stannary.web.notebook.models import Note
from stannary.web.parties.models import Person
from web.notebook.conftest import Cast

pytestmark = pytest.mark.django_db
BODY = {
    "id": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    "requirement": "1.1.1.1",
    "text": "The gate was locked.",
    "place": "geo:64.14660,-21.94260;u=12",
    "noted_at": "2026-03-02T09:30:00Z",
    "clock_ahead_s": -3,
}
SignIn = Callable[[Person], Client]


def send(
    client: Client, audit: Assessment, key: str = "k", **different: Any
) -> tuple[int, dict[str, Any]]:
    answer = client.post(
        f"/api/v1/assessments/{audit.pk}/notes",
        json.dumps({**BODY, **different}),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )
    return answer.status_code, answer.json()


def test_a_note_is_added_once_read_and_listed(
    audit: Assessment, auditor: Person, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    status, made = send(client, audit)
    send(client, audit)
    send(client, audit, key="another")
    send(client, audit, key="more", id=str(uuid.uuid4()), requirement="", place="")
    every = f"/api/v1/assessments/{audit.pk}/notes"

    assert status == 201
    assert made["noted_at"] == "2026-03-02T09:30:00+00:00"
    assert made["author"] == "auditor"
    assert client.get(f"{every}/{BODY['id']}").json() == made
    first = client.get(f"{every}?limit=1").json()
    second = client.get(f"{every}?limit=1&cursor={first['next']}").json()
    assert first["items"] == [made]
    assert second["items"][0]["requirement"] == ""
    assert second["next"] is None
    assert client.get(f"{every}/{uuid.uuid4()}").status_code == 404


def test_a_time_without_its_offset_is_read_as_utc(
    audit: Assessment, auditor: Person, sign_in: SignIn
) -> None:
    status, made = send(sign_in(auditor), audit, noted_at="2026-03-02T09:30:00")

    assert (status, made["noted_at"]) == (201, "2026-03-02T09:30:00+00:00")


@pytest.mark.parametrize(
    "different",
    [
        {"place": "at the gate"},
        {"noted_at": "yesterday"},
        {"id": "1"},
        {"clock_ahead_s": 2**31},
    ],
)
def test_a_note_of_another_form_is_refused(
    audit: Assessment, auditor: Person, sign_in: SignIn, different: dict[str, Any]
) -> None:
    status, body = send(sign_in(auditor), audit, **different)

    assert (status, body["findings"][0]["at"].rpartition(".")[2]) == (422, next(iter(different)))
    assert Note.objects.count() == 0


def test_notes_are_not_there_for_the_site(audit: Assessment, cast: Cast, sign_in: SignIn) -> None:
    for role in (Role.SITE_USER, Role.SECRETARIAT, Role.OBSERVER, None):
        client = sign_in(cast[role])
        assert send(client, audit)[0] == 404
        assert client.get(f"/api/v1/assessments/{audit.pk}/notes").status_code == 404
        for address in ("", "now/", "checklist/"):
            assert client.get(f"/notebook/{audit.pk}/{address}").status_code == 404


def test_the_notebook_takes_along_what_there_is(
    audit: Assessment, auditor: Person, sign_in: SignIn
) -> None:
    client = sign_in(auditor)
    send(client, audit)
    saved = rate(
        actor=auditor, assessment_id=audit.pk, requirement_id="1.1.1.1", rating="fully", seen=None
    )

    now = client.get(f"/notebook/{audit.pk}/now/")
    said = now.json()
    english = client.get(f"/notebook/{audit.pk}/checklist/").json()
    french = client.get(f"/fr/notebook/{audit.pk}/checklist/").json()

    assert now["Cache-Control"].startswith("max-age=0")
    assert "no-store" in now["Cache-Control"]
    assert said["site"] == "Example Pit"
    assert said["person"] == {"id": auditor.pk, "name": "auditor"}
    assert said["may"] == {"rate": True, "note": True, "photograph": True}
    assert said["newest"]["1.1.1.1"]["id"] == saved.pk
    assert [one["text"] for one in said["notes"]] == ["The gate was locked."]
    assert said["checklist"] == english["digest"] != french["digest"]
    assert len(english["requirements"]) == len(french["requirements"]) == 115
    assert english["requirements"][0]["interview"] is not None


def test_who_is_signed_out_is_told_so_by_a_program_s_answer(audit: Assessment) -> None:
    client = Client()

    for address in ("now/", "checklist/"):
        answer = client.get(f"/notebook/{audit.pk}/{address}")
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
    assert client.get(f"/notebook/{audit.pk}/").status_code == 302
