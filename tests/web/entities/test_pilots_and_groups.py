"""Pilots that end, groups of sites, and what the pack says of several sites and of contractors."""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from stannary.core.kernel import RefusalError
from stannary.web.entities import operations, packs, queries
from stannary.web.entities.models import Certificate, CertificateGroup, PilotEnd
from stannary.web.entities.operations import AgreementSaid
from stannary.web.parties.models import Facility, Organisation, Person, Role

from .conftest import SAID

pytestmark = pytest.mark.django_db
DAY = datetime.date
AT = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)
WORKS = ("works", ("a-refinery", "a-store"))
BOTH = replace(SAID, sites=("a-refinery", "a-store"), groups=(WORKS,))


@pytest.fixture
def store(refiner: Organisation) -> Facility:
    """Give the entity a second facility."""
    first = Facility.objects.get(slug="a-refinery")
    first.pk, first.slug, first.name = None, "a-store", "A Store"
    first.save(force_insert=True)
    return first


@pytest.fixture
def pilot(secretary: Person, refiner: Organisation) -> Certificate:
    return operations.issue_certificate(actor=secretary, said=replace(SAID, pilot=True))


def codes(do: Callable[[], object]) -> list[str]:
    try:
        do()
    except RefusalError as refusal:
        return [finding.code for finding in refusal.findings]
    return []


def full(by: Person, **other: Any) -> PilotEnd:
    said = {"number": "COC-A", "on": DAY(2026, 6, 1), "reason": "A year of books.", "at": AT}
    return operations.end_pilot(actor=by, **{**said, **other})


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"on": DAY(2026, 5, 31)}, ["ENTITY-010"]),
        ({"on": DAY(2026, 6, 1)}, []),
        ({"on": DAY(2026, 6, 2)}, []),
        ({"on": DAY(2028, 12, 31)}, []),
        ({"on": DAY(2029, 1, 1)}, ["CUSTODY-103"]),
        ({"reason": " "}, ["ENTITY-010"]),
        ({"number": "COC-Z"}, ["PARTY-001"]),
    ],
)
def test_a_pilot_ends_from_its_day_of_recording_on(
    secretary: Person, pilot: Certificate, other: dict[str, Any], expected: list[str]
) -> None:
    assert codes(lambda: full(secretary, **other)) == expected
    assert PilotEnd.objects.exists() is (not expected)


def test_a_pilot_ends_once_and_only_a_pilot_does(
    secretary: Person, bookkeeper: Person, pilot: Certificate
) -> None:
    assert codes(lambda: full(bookkeeper)) == ["PARTY-001"]
    Role.objects.create(person=secretary, organisation=pilot.holder, kind="clerk")
    assert codes(lambda: full(secretary)) == ["ENTITY-005"]
    Role.objects.filter(organisation=pilot.holder, person=secretary).delete()
    made = full(secretary)
    assert codes(lambda: full(secretary)) == ["ENTITY-010"]
    operations.issue_certificate(actor=secretary, said=replace(SAID, number="COC-B"))
    assert codes(lambda: full(secretary, number="COC-B")) == ["CUSTODY-103"]
    row = queries.certificate("COC-A")
    held = [queries.held_on(row, day).pilot for day in (DAY(2026, 5, 31), DAY(2026, 6, 1))]
    assert held == [True, False]
    with pytest.raises(IntegrityError), transaction.atomic():
        PilotEnd.objects.filter(pk=made.pk).update(on=DAY(2026, 1, 1))


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((WORKS,), []),
        ((("works", ("a-refinery",)), ("shore", ("a-store",))), []),
        ((("works", ("a-refinery", "elsewhere")),), ["CUSTODY-102"]),
        ((("works", ()),), ["CUSTODY-102"]),
        (((" ", ("a-store",)),), ["CUSTODY-102"]),
        ((("a-store", ("a-store",)),), ["CUSTODY-102"]),
        ((WORKS, WORKS), ["CUSTODY-102", "CUSTODY-102"]),
    ],
)
def test_a_group_lists_sites_of_its_certificate(
    secretary: Person, store: Facility, groups: Any, expected: list[str]
) -> None:
    said = replace(BOTH, groups=groups)
    assert codes(lambda: operations.issue_certificate(actor=secretary, said=said)) == expected
    assert CertificateGroup.objects.exists() is (not expected)


@pytest.mark.parametrize(("word", "expected"), [("listed_sites", []), ("sampled", ["CUSTODY-071"])])
def test_several_sites_are_certified_as_the_pack_says(
    secretary: Person,
    store: Facility,
    monkeypatch: pytest.MonkeyPatch,
    word: str,
    expected: list[str],
) -> None:
    says(monkeypatch, "multi_site_scope", word)
    assert codes(lambda: operations.issue_certificate(actor=secretary, said=BOTH)) == expected
    one = replace(SAID, number="COC-B")
    assert codes(lambda: operations.issue_certificate(actor=secretary, said=one)) == []


@pytest.mark.parametrize(
    ("word", "until", "expected"),
    [
        ("listed_with_days", None, ["ENTITY-006"]),
        ("listed_with_days", DAY(2027, 1, 1), []),
        ("listed", None, []),
        ("sampled", DAY(2027, 1, 1), []),
        ("sampled", None, ["CUSTODY-071"]),
    ],
)
def test_an_agreement_names_its_last_day_where_the_pack_says_so(
    secretary: Person,
    certificate: Certificate,
    monkeypatch: pytest.MonkeyPatch,
    word: str,
    until: datetime.date | None,
    expected: list[str],
) -> None:
    says(monkeypatch, "outsourcing_agreements", word)
    said = AgreementSaid("T", "a-mill", DAY(2026, 1, 1), until, "7")
    act = lambda: operations.record_agreement(actor=secretary, number="COC-A", said=said)  # noqa: E731
    assert codes(act) == expected


def says(monkeypatch: pytest.MonkeyPatch, name: str, word: str) -> None:
    """Let the pack say another word from now on."""
    asked = packs.rules_on

    def rules_on(day: datetime.date, pack: str = packs.PACK) -> Any:
        found = asked(day, pack)
        one = replace(found.constants[name], value=word)
        return replace(found, constants={**found.constants, name: one})

    monkeypatch.setattr(packs, "rules_on", rules_on)


def test_pages_and_programs_tell_groups_and_the_end_of_a_pilot(
    secretary: Person, store: Facility, sign_in: Callable[[Person], Client]
) -> None:
    browser = sign_in(secretary)
    said = {
        "act": "issue", "kind": "refiner", "sites": ["a-refinery", "a-store"], "pilot": "on",
        "models": "mass_balance", "materials": "lithium carbonate", "valid_from": "2097-01-01",
        "valid_until": "2099-01-01", "issuer": "example-scheme", "number": "COC-P",
        "groups": "works: a-refinery, a-store\n\n",
    }  # fmt: skip
    form = browser.get("/certificates/to/a-refiner/").content.decode()
    assert "A Store (a-store)" in form  # groups name sites by their ids
    assert browser.post("/certificates/to/a-refiner/", said).status_code == 302
    group = CertificateGroup.objects.get()
    assert (group.name, group.sites) == ("works", "a-refinery a-store")
    at = "/certificates/COC-P/"
    assert "End the pilot" in browser.get(at).content.decode()
    end = {"act": "full", "full-on": "2098-06-01", "full-reason": "A year of books."}
    assert browser.post(at, {**end, "full-on": "2026-01-01"}).status_code == 422
    assert browser.post(at, end).status_code == 302
    assert "End the pilot" not in browser.get(at).content.decode()
    page = browser.get("/entities/a-refiner/?day=2097-12-01").content.decode()
    assert all(text in page for text in ("works", "A Refinery, A Store", "A year of books."))
    shape = browser.get("/api/v1/certificates/COC-P").json()
    assert shape["full_from"] == "2098-06-01"
    assert shape["groups"] == [{"name": "works", "sites": ["a-refinery", "a-store"]}]
    body = {
        "kind": "refiner", "sites": ["a-refinery", "a-store"], "materials": ["lithium carbonate"],
        "models": ["mass_balance"], "valid_from": "2097-01-01", "valid_until": "2099-01-01",
        "issuer": "example-scheme", "pilot": True, "number": "COC-Q",
        "groups": [{"name": "works", "sites": ["a-store"]}],
    }  # fmt: skip
    issued = sent(browser, "/api/v1/entities/a-refiner/certificates", body)
    assert issued.json()["groups"] == body["groups"]
    ended = sent(
        browser, "/api/v1/certificates/COC-Q/pilot-end", {"on": "2098-06-01", "reason": "Year."}
    )
    assert (ended.status_code, ended.json()["full_from"]) == (201, "2098-06-01")
    assert "works: a-store" in b"".join(browser.get("/data/certificates.csv")).decode()


def sent(browser: Client, address: str, body: object) -> Any:
    return browser.post(address, json.dumps(body), content_type="application/json")
