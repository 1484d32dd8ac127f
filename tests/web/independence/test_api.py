"""Firms for programs and as files."""

# mypy: disable-error-code="attr-defined"
# Answers stream, which the stubs do not know.

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from stannary.core.standards import Edition
from stannary.web.independence import demo, operations
from stannary.web.independence.models import FirmApproval
from stannary.web.parties.models import Organisation, Person, Role, Site, Unit
from web.independence.conftest import DAY, ENGAGEMENT, STANDARD, Team

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def suspended(approval: FirmApproval, secretary: Person) -> FirmApproval:
    operations.suspend_firm(
        actor=secretary, approval_id=approval.pk, since=DAY, until=None, reason="=It went badly."
    )
    return approval


def test_a_firm_has_its_approvals_and_suspensions(suspended: FirmApproval) -> None:
    found = Client().get("/api/v1/firms/example-assurance").json()

    assert found["illustrative"] is True
    (approval,) = found["approvals"]
    assert approval["standard"] == STANDARD
    assert approval["countries"] == ["IE", "IS"]
    assert approval["suspensions"] == [
        {"since": "2026-06-01", "until": None, "reason": "=It went badly."}
    ]
    assert Client().get("/api/v1/firms/nobody").status_code == 404


@pytest.mark.parametrize(
    ("query", "there"),
    [({}, True), ({"country": "IS"}, True), ({"country": "CL"}, False), ({"limit": 1}, True)],
)
def test_the_list_gives_firms_with_an_approval_that_fits(
    query: dict[str, Any], there: bool, suspended: FirmApproval, operator: Organisation
) -> None:
    found = Client().get("/api/v1/firms", query).json()

    assert [one["id"] for one in found["items"]] == (["example-assurance"] if there else [])
    assert found["next"] is None


def test_the_files_name_their_source_and_cannot_harm_a_spreadsheet(
    suspended: FirmApproval, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: DAY)
    csv = Client().get("/data/firms.csv")
    body = csv.getvalue().decode()
    assert "suspended,2026-06-01,,'=It went badly.,Granted in this register on 2026-06-01" in body
    assert "publicdomain/zero" in csv.headers["Link"]
    found = json.loads(Client().get("/data/firms.json").getvalue())
    assert found["licence"] == "CC0-1.0"
    assert found["firms"][0]["state"] == "suspended"
    assert Client().get("/data/firms.xml").status_code == 404


def test_a_team_is_checked_for_the_secretariat(
    approval: FirmApproval,
    team: Team,
    site: Site,
    edition: Edition,
    secretary: Person,
    auditor: Person,
    operator: Organisation,
    firm: Organisation,
    sign_in: SignIn,
) -> None:
    asked = {"firm": firm.slug, "site": site.slug, "edition": edition.id, "on": "2026-06-01"}
    asked |= {"lead_auditor": "ana", "auditor": "ben", "reviewer": "chi"}
    asked |= {"engagement": str(ENGAGEMENT)}
    browser = sign_in(secretary)

    found = browser.get("/api/v1/independence/check", asked).json()
    assert found["allowed"] is False
    assert [one["code"] for one in found["blocking"]] == ["INDEPENDENCE-009"]
    assert found["blocking"][0]["remedy"].startswith("Choose another firm")
    assert found["not_checked"] == []
    operations.record_fees(
        actor=auditor,
        firm=firm,
        operator=operator,
        year_ended_on=datetime.date(2025, 12, 31),
        from_operator=0,
        in_all=1,
        currency="EUR",
    )
    assert browser.get("/api/v1/independence/check", asked).json()["allowed"] is True

    wrong = {**asked, "auditor": "nobody"}
    assert browser.get("/api/v1/independence/check", wrong).status_code == 404
    theirs = sign_in(auditor).get("/api/v1/independence/check", asked)
    assert theirs.status_code == 404
    assert Client().get("/api/v1/independence/check", asked).status_code == 401


def test_the_demonstration_has_one_firm_in_force_and_one_suspended() -> None:
    call_command("load_packs", verbosity=0)
    call_command("demo")
    before = Unit.objects.count()
    call_command("demo")

    assert FirmApproval.objects.count() == 2
    assert Unit.objects.count() == before >= 1
    page = Client().get("/firms/").content.decode()
    assert "in force" in page
    assert "suspended since" in page
    people = {one.username: one for one in Person.objects.all()}
    assert Role.objects.filter(person=people["verifier"]).exists()
    demo.load(people=people, today=DAY)
    assert FirmApproval.objects.count() == 2
