"""The page of stakeholder input and its API: recording, deciding, correcting, refusing."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from stannary.core.cycle import Role, State
from stannary.web.cycle.models import Engagement
from stannary.web.stakeholders.models import InputDecision, InputRecord
from web.cycle.conftest import put_in
from web.stakeholders.conftest import Cast, Stored

pytestmark = pytest.mark.django_db

HEARD = {
    "group": "workers",
    "channel": "interview",
    "people": "12",
    "topic": "Dust at the crusher.",
    "requirements": "1.1.1.1, 1.1.1.2",
    "said_from": "2026-01",
}


@pytest.fixture
def there(engagement: Engagement, cast: Cast) -> str:
    put_in(engagement, State.STAGE_2, by=cast[Role.SITE_USER])
    return f"/engagements/{engagement.pk}/input/"


@pytest.fixture
def team(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast[Role.AUDITOR])
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_auditor_records_corrects_and_decides(there: str, team: Client) -> None:
    assert team.post(there + "record/", HEARD).headers["Location"] == there
    corrected = {**HEARD, "replaces": "1", "topic": "Dust at the mill."}
    assert team.post(there + "record/", corrected).status_code == 302
    became = {"disposition": "verdict", "reason": "It was measured.", "seen": "0"}
    assert team.post(there + "2/decide/", became).status_code == 302

    page = text(team.get(there))
    assert "corrected by no. 2" in page
    assert "weighed in a verdict" in page
    assert "1 is published with the result" in page
    assert InputRecord.objects.get(number=2).requirements == ["1.1.1.1", "1.1.1.2"]
    lines = b"".join(team.get(there + "input.csv")).decode()
    first, second = csv.DictReader(io.StringIO(lines))
    assert (first["replaced_by"], second["disposition"]) == ("2", "verdict")


@pytest.mark.parametrize("people", ["many", "0", "-1", "12345678"])
def test_what_is_no_number_of_people_is_refused_with_what_was_typed(
    there: str, team: Client, people: str
) -> None:
    answer = team.post(there + "record/", {**HEARD, "people": people})

    assert answer.status_code == 422
    assert "STAKEHOLDER-005" in text(answer)
    assert "Dust at the crusher." in text(answer)


def test_a_decision_without_a_reason_is_refused_at_its_form(
    there: str, team: Client, stored: Stored
) -> None:
    stored()
    sent = {"disposition": "outside", "reason": "", "seen": "0"}

    refused = team.post(there + "1/decide/", sent)
    assert refused.status_code == 422
    assert "STAKEHOLDER-006" in text(refused)
    assert '<option value="outside" selected>' in text(refused)
    slow = team.post(there + "1/decide/", {**sent, "reason": "Why.", "seen": ""})
    assert slow.status_code == 409
    assert team.post(there + "1/decide/", {**sent, "disposition": "x"}).status_code == 404
    assert team.post(there + "9/decide/", {**sent, "reason": "Why."}).status_code == 404
    assert not InputDecision.objects.exists()


def test_a_program_records_and_decides_once_for_each_key(
    engagement: Engagement, there: str, team: Client
) -> None:
    api = f"/api/v1{there}".rstrip("/")
    body = {**HEARD, "people": 12, "requirements": ["1.1.1.1"]}

    def send(address: str, sent: object, key: str) -> Any:
        return team.post(
            address,
            json.dumps(sent),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    answers = [send(api, body, "k-1") for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].headers["Location"] == f"{api}/1"
    assert InputRecord.objects.count() == 1
    became = {"disposition": "finding", "reason": "A finding was raised.", "seen": 0}
    decided = send(f"{api}/1/decisions", became, "k-2")
    assert decided.status_code == 201
    assert (decided.json()["disposition"], decided.json()["decisions"]) == ("finding", 1)
    assert send(f"{api}/1/decisions", became, "k-3").status_code == 409
    listed = team.get(f"{api}?limit=1").json()
    assert [one["number"] for one in listed["items"]] == [1]
    assert listed["items"][0]["said_from"] == "2026-01"
    assert Client().get(api).status_code == 401


def test_a_site_reads_what_was_published(
    engagement: Engagement, cast: Cast, stored: Stored
) -> None:
    stored("verdict")
    stored(people=3, topic="Dust on the road.")
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])
    site = Client()
    site.force_login(cast[Role.SITE_USER])

    page = text(site.get(f"/engagements/{engagement.pk}/input/"))
    assert "weighed in a verdict" in page
    assert "not told" in page
    assert "Ada" not in page
    items = site.get(f"/api/v1/engagements/{engagement.pk}/input").json()["items"]
    assert [one["people"] for one in items] == [12, None]
    assert {one["recorded_by"] for one in items} == {None}


def test_where_nothing_was_said_nothing_is_shown(engagement: Engagement, cast: Cast) -> None:
    put_in(engagement, State.PUBLISHED, by=cast[Role.SITE_USER])
    for role, words in ((Role.SITE_USER, "Nothing was published"), (Role.REVIEWER, "Nothing was")):
        client = Client()
        client.force_login(cast[role])
        assert words in text(client.get(f"/engagements/{engagement.pk}/input/"))
