"""Surveillance of certificates: who records it, who is told, and what is told when it is overdue."""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from stannary.core.custody import Due
from stannary.core.kernel import RefusalError, add_months
from stannary.web.entities import operations, packs, queries
from stannary.web.entities.models import Certificate, SurveillanceReminder, SurveillanceVisit
from stannary.web.entities.surveillance import queries as surveillance
from stannary.web.entities.surveillance import tasks
from stannary.web.entities.surveillance.operations import record_visit
from stannary.web.entities.surveillance.reminding import operations as reminding
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.project import mail

from .conftest import SAID

pytestmark = pytest.mark.django_db
DAY = datetime.date
DUE_ON = DAY(2027, 1, 1)
JUNE = DAY(2026, 6, 1)


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


@pytest.fixture
def firm(db: None) -> Organisation:
    return Organisation.objects.create(slug="a-firm", name="A Firm", kind="firm", illustrative=True)


@pytest.fixture
def auditor(firm: Organisation) -> Person:
    person = Person.objects.create_user("watcher", email="watcher@example.org")
    Role.objects.create(person=person, organisation=firm, kind="auditor")
    return person


@pytest.fixture
def audited(secretary: Person, refiner: Organisation, firm: Organisation) -> Certificate:
    said = replace(SAID, issuer="a-firm")
    return operations.issue_certificate(actor=secretary, said=said)


def visit(by: Person, **other: Any) -> SurveillanceVisit:
    said = {"number": "COC-A", "outcome": "conforms", "note": "Books agree.", **other}
    return record_visit(actor=by, **{"on": JUNE, "at": noon(JUNE), **said})


def codes(do: Callable[[], object]) -> list[str]:
    try:
        do()
    except RefusalError as refusal:
        return [finding.code for finding in refusal.findings]
    return []


def stands(on: datetime.date) -> tuple[Due, datetime.date | None]:
    found = queries.held_on(queries.certificate("COC-A"), on).surveillance
    assert found is not None
    return found.due, found.on


def test_auditors_of_the_issuer_and_the_secretariat_record_it_and_nobody_for_themselves(
    secretary: Person, bookkeeper: Person, auditor: Person, audited: Certificate
) -> None:
    other = Organisation.objects.create(slug="b-firm", name="B Firm", kind="firm")
    rival = Person.objects.create_user("rival")
    Role.objects.create(person=rival, organisation=other, kind="auditor")
    for person in (bookkeeper, rival):
        assert codes(lambda person=person: visit(person)) == ["PARTY-001"]  # type: ignore[misc] # bound now
    assert codes(lambda: visit(auditor, number="COC-Z")) == ["PARTY-001"]
    Role.objects.create(person=auditor, organisation=audited.holder, kind="clerk")
    assert codes(lambda: visit(auditor)) == ["ENTITY-005"]
    Role.objects.filter(person=auditor, kind="clerk").delete()
    assert visit(auditor).office.slug == "a-firm"
    assert visit(secretary, on=DAY(2026, 5, 1)).office.kind == "scheme"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"on": DAY(2026, 6, 2)}, ["CUSTODY-104"]),
        ({"on": DAY(2026, 1, 1)}, []),
        ({"on": DAY(2025, 12, 31)}, ["CUSTODY-104"]),
        ({"outcome": "fine"}, ["ENTITY-011"]),
        ({"note": " "}, ["ENTITY-011"]),
    ],
)
def test_it_says_what_was_found_on_a_day_of_its_certificate(
    auditor: Person, audited: Certificate, other: dict[str, Any], expected: list[str]
) -> None:
    assert codes(lambda: visit(auditor, **other)) == expected
    assert SurveillanceVisit.objects.exists() is (not expected)


def test_the_next_is_counted_from_the_last_and_nothing_is_suspended_by_itself(
    auditor: Person, audited: Certificate
) -> None:
    assert stands(DUE_ON) == (Due.DUE, DUE_ON)
    assert stands(DAY(2027, 1, 2)) == (Due.OVERDUE, DUE_ON)
    made = visit(auditor)
    assert codes(lambda: visit(auditor)) == ["CUSTODY-104"]  # that day is recorded
    assert stands(DAY(2027, 1, 2)) == (Due.AHEAD, DAY(2027, 6, 1))
    held = queries.held_on(queries.certificate("COC-A"), DAY(2028, 1, 1))
    assert (str(held.status), held.surveillance and held.surveillance.due) == (
        "in_force",
        Due.OVERDUE,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveillanceVisit.objects.filter(pk=made.pk).update(outcome="with_findings")


@pytest.mark.either_database
def test_where_the_pack_does_not_say_how_often_nothing_is_told(
    audited: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = packs.rules_on

    def rules_on(day: datetime.date, pack: str = packs.PACK) -> Any:
        found = asked(day, pack)
        kept = dict(found.constants)
        kept["surveillance_interval_months"] = replace(
            kept["surveillance_interval_months"], value=None
        )
        kept["surveillance_site_sample"] = replace(kept["surveillance_site_sample"], value="few")
        return replace(found, constants=kept)

    monkeypatch.setattr(packs, "rules_on", rules_on)
    held = queries.held_on(queries.certificate("COC-A"), DAY(2028, 1, 1))
    assert held.surveillance is None
    assert surveillance.sites_asked(held, DAY(2028, 1, 1)) is None


@pytest.mark.either_database
def test_each_step_reminds_holder_and_issuer_once(
    auditor: Person, bookkeeper: Person, audited: Certificate, settings: Settings, tmp_path: Path
) -> None:
    settings.MAIL_FOLDER = tmp_path
    bookkeeper.email, bookkeeper.language = "books@example.org", "fr"
    bookkeeper.save()

    def remind(days_before: int) -> int:
        return reminding.remind(now=noon(DUE_ON - datetime.timedelta(days=days_before)))

    assert [remind(days) for days in (31, 30, 29, 8, 7, 0, -1, -2)] == [0, 2, 0, 0, 2, 0, 2, 0]
    told = SurveillanceReminder.objects.filter(person=auditor)
    assert list(told.values_list("days", flat=True)) == [30, 7, 0]
    texts = [path.read_text() for path in sorted(mail.folder().glob("surveillance-*.eml"))]
    ours = [text for text in texts if "watcher@" in text]
    assert ["is overdue" in text for text in ours] == [False, False, True]
    assert all("/surveillance/" in text for text in texts)
    visit(auditor)
    assert remind(-3) == 0


@pytest.mark.either_database
def test_a_day_is_looked_at_once(audited: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    seen: list[object] = []

    def remind(*, now: datetime.datetime) -> int:
        seen.append(now)
        return 0

    monkeypatch.setattr(reminding, "remind", remind)
    tasks.remind.call()
    tasks.remind.call()
    assert len(seen) == 1
    cache.clear()


def test_pages_tell_what_is_due_to_whom_it_concerns(
    secretary: Person,
    bookkeeper: Person,
    auditor: Person,
    sign_in: Callable[[Person], Client],
) -> None:
    nobody = Person.objects.create_user("nobody")
    today = timezone.localdate()
    begin, older = today - datetime.timedelta(days=100), add_months(today, -24)
    for said in (
        replace(SAID, issuer="a-firm", valid_from=begin, valid_until=add_months(begin, 36)),
        replace(SAID, number="COC-OLD", valid_from=older, valid_until=add_months(older, 36)),
    ):
        operations.issue_certificate(actor=secretary, said=said)
    seen = {
        person.username: [one.held.row.number for one in surveillance.watched(person, today)]
        for person in (bookkeeper, auditor, nobody)
    }
    assert seen == {"bookkeeper": ["COC-OLD", "COC-A"], "watcher": ["COC-A"], "nobody": []}
    browser = sign_in(auditor)
    assert "COC-A" in browser.get("/surveillance/").content.decode()
    assert browser.get("/surveillance/COC-OLD/").status_code == 404
    at, done = "/surveillance/COC-A/", today - datetime.timedelta(days=9)
    assert "By its pack it visits 1 site." in browser.get(at).content.decode()
    typed = {"on": f"{done}", "outcome": "with_findings", "note": "A scale is not calibrated."}
    assert browser.post(at, {**typed, "on": f"{older}"}).status_code == 422
    assert browser.post(at, {**typed, "outcome": "x"}).status_code == 422
    assert browser.post(at, typed).headers["Location"] == at
    assert "A scale is not calibrated." in browser.get(at).content.decode()
    late = add_months(done, 13)
    page = browser.get(f"/entities/a-refiner/?day={late}").content.decode()
    assert "A scale is not calibrated." in page
    assert "Nothing is suspended by that." in page
    body = {"on": f"{begin}", "outcome": "conforms", "note": "Books agree."}
    answer = browser.post(
        "/api/v1/certificates/COC-A/surveillance", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 201
    told = answer.json()["surveillance"]
    assert told["due_on"] == f"{add_months(done, 12)}"
    assert [one["by"] for one in told["done"]] == ["a-firm", "a-firm"]
    browser = sign_in(secretary)
    assert "1 overdue" in browser.get("/certificates/").content.decode()
    assert "surveillance overdue since" in browser.get("/register/").content.decode()
