"""Conversion factors: who states and who approves them, how they stand on a day, how they end."""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.kernel import RefusalError
from stannary.web.entities import heard
from stannary.web.entities.factors import operations, queries
from stannary.web.entities.factors.operations import FactorSaid
from stannary.web.entities.models import ConversionFactor, FactorStep
from stannary.web.parties.models import Organisation, Person, Role

pytestmark = pytest.mark.django_db
DAY = datetime.date
NOON = datetime.datetime(2026, 2, 1, 12, tzinfo=datetime.UTC)
SAID = FactorSaid(
    material="spodumene concentrate",
    product="lithium carbonate",
    process="acid roast",
    element="lithium",
    factor="0.92",
    source="Made up: yearly mean.",
    valid_from=DAY(2026, 1, 1),
    valid_until=DAY(2027, 6, 1),
    entity="a-refiner",
)
OPEN = replace(SAID, valid_until=None)


def refused(do: Callable[[], object]) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        do()
    return [finding.code for finding in refusal.value.findings]


@pytest.fixture
def other(secretary: Person) -> Person:
    """Give another person of the secretariat."""
    person = Person.objects.create_user("other")
    Role.objects.create(
        person=person,
        organisation=Organisation.objects.get(slug="example-scheme"),
        kind="secretariat",
    )
    return person


@pytest.fixture
def stated(bookkeeper: Person) -> ConversionFactor:
    return operations.state(actor=bookkeeper, said=SAID)


def approve(by: Person, row: ConversionFactor) -> FactorStep:
    return operations.approve(actor=by, number=str(row.pk), at=NOON)


def withdraw(by: Person, row: ConversionFactor, on: DAY, reason: str = "Wrong.") -> FactorStep:
    return operations.withdraw(actor=by, number=str(row.pk), on=on, reason=reason, at=NOON)


def test_clerks_state_for_their_entity_and_the_secretariat_for_itself(
    secretary: Person, bookkeeper: Person, auditor: Person
) -> None:
    own = replace(SAID, entity="")
    assert operations.state(actor=bookkeeper, said=SAID).illustrative  # as the entity is
    assert not operations.state(actor=secretary, said=own).illustrative
    for by, said in (
        (secretary, SAID),
        (bookkeeper, own),
        (auditor, SAID),
        (bookkeeper, replace(SAID, entity="nobody")),
    ):
        assert refused(lambda by=by, said=said: operations.state(actor=by, said=said)) == [  # type: ignore[misc] # bound now
            "PARTY-001"
        ]


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"factor": "23/25"}, []),
        ({"factor": "1"}, []),
        ({"factor": "1.0001"}, ["CUSTODY-077"]),
        ({"factor": "0"}, ["CUSTODY-077"]),
        ({"factor": "-1"}, ["KERNEL-004"]),
        ({"factor": "1/0"}, ["KERNEL-004"]),
        ({"factor": "a lot"}, ["KERNEL-004"]),
        ({"source": " "}, ["CUSTODY-077"]),
        ({"process": "", "element": ""}, ["CUSTODY-077", "CUSTODY-077"]),
        ({"valid_until": None}, []),
        ({"valid_until": DAY(2026, 1, 2)}, []),
        ({"valid_until": DAY(2026, 1, 1)}, ["CUSTODY-077"]),
    ],
)
@pytest.mark.either_database
def test_what_cannot_be_a_factor_is_not_recorded(
    bookkeeper: Person, more: dict[str, Any], codes: list[str]
) -> None:
    said = replace(SAID, **more)
    if codes:
        assert refused(lambda: operations.state(actor=bookkeeper, said=said)) == codes
        assert not ConversionFactor.objects.exists()
    else:
        operations.state(actor=bookkeeper, said=said)


def test_another_person_of_the_secretariat_approves_and_only_once(
    secretary: Person, other: Person, bookkeeper: Person, refiner: Organisation
) -> None:
    theirs = operations.state(actor=bookkeeper, said=SAID)
    own = operations.state(actor=secretary, said=replace(SAID, entity=""))
    assert refused(lambda: approve(bookkeeper, theirs)) == ["PARTY-001"]
    assert refused(lambda: approve(secretary, own)) == ["ENTITY-008"]
    assert refused(lambda: operations.approve(actor=secretary, number="x")) == ["PARTY-001"]
    Role.objects.create(person=other, organisation=refiner, kind="clerk")
    assert refused(lambda: approve(other, theirs)) == ["ENTITY-005"]
    assert refused(lambda: withdraw(other, theirs, DAY(2026, 3, 1))) == ["ENTITY-005"]
    assert queries.in_core() == ()

    assert approve(other, own).on == DAY(2026, 2, 1)
    assert approve(secretary, theirs).office.slug == "example-scheme"
    assert refused(lambda: approve(other, own)) == ["ENTITY-008"]
    assert [one.approved_by for one in queries.in_core()] == ["Example Scheme"] * 2


def test_a_factor_is_withdrawn_once_with_a_reason_before_its_end(
    secretary: Person, stated: ConversionFactor
) -> None:
    approve(secretary, stated)
    late, last = DAY(2027, 6, 1), DAY(2027, 5, 31)
    assert refused(lambda: withdraw(secretary, stated, last, " ")) == ["ENTITY-009"]
    assert refused(lambda: withdraw(secretary, stated, late)) == ["ENTITY-009"]
    withdraw(secretary, stated, last)
    assert refused(lambda: withdraw(secretary, stated, DAY(2026, 5, 1))) == ["ENTITY-009"]
    assert [one.valid_until for one in queries.in_core()] == [last]


def test_what_was_withdrawn_before_it_began_is_no_factor_and_is_not_approved(
    secretary: Person, bookkeeper: Person, stated: ConversionFactor
) -> None:
    withdraw(secretary, stated, DAY(2026, 3, 1))
    assert refused(lambda: approve(secretary, stated)) == ["ENTITY-008"]
    again = operations.state(actor=bookkeeper, said=SAID)
    approve(secretary, again)
    withdraw(secretary, again, DAY(2026, 1, 1))
    assert queries.in_core() == ()


def test_a_factor_stands_otherwise_from_day_to_day(
    secretary: Person, bookkeeper: Person, stated: ConversionFactor
) -> None:
    def status(row: ConversionFactor, day: DAY) -> str:
        return queries.known_on(queries.factor(str(row.pk)), day).status

    assert status(stated, DAY(2026, 1, 31)) == "stated"
    approve(secretary, stated)
    months = [(DAY(2026, 1, 31), "not_yet"), (DAY(2026, 2, 1), "in_force")]
    review = queries.known_on(queries.factor(str(stated.pk)), DAY(2026, 2, 1)).review_on
    assert review is not None
    months += [(review - datetime.timedelta(1), "in_force"), (review, "review_due")]
    months += [(DAY(2027, 5, 31), "review_due"), (DAY(2027, 6, 1), "ended")]
    assert [status(stated, day) for day, _ in months] == [word for _, word in months]
    withdraw(secretary, stated, DAY(2026, 3, 1))
    assert status(stated, DAY(2026, 2, 28)) == "in_force"
    assert status(stated, DAY(2026, 3, 1)) == "withdrawn"


def test_factors_are_facts_and_only_decisions_are_heard(
    secretary: Person, bookkeeper: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(heard, "_listeners", [lambda: told.append(1)])
    row = operations.state(actor=bookkeeper, said=SAID)
    assert told == []
    approve(secretary, row)
    withdraw(secretary, row, DAY(2026, 3, 1))
    assert told == [1, 1]
    for table, more in ((ConversionFactor, {"factor": "1"}), (FactorStep, {"on": DAY(2020, 1, 1)})):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.update(**more)


def test_many_factors_are_read_with_as_many_queries_as_one(
    secretary: Person, bookkeeper: Person
) -> None:
    def asked() -> int:
        approve(secretary, operations.state(actor=bookkeeper, said=SAID))
        with CaptureQueriesContext(connection) as seen:
            queries.in_core()
            queries.factors_on(DAY(2026, 3, 1))
        return len(seen)

    assert asked() == asked() == 5


def test_everybody_reads_factors_and_people_state_and_decide(
    client: Client,
    sign_in: Callable[[Person], Client],
    secretary: Person,
    bookkeeper: Person,
    auditor: Person,
) -> None:
    assert (
        "No conversion factor has been stated"
        in client.get("/conversion-factors/").content.decode()
    )
    new, clerk, office = "/conversion-factors/new/", sign_in(bookkeeper), sign_in(secretary)
    assert clerk.get(new).status_code == office.get(new).status_code == 200
    assert sign_in(auditor).get(new).status_code == 404
    form = {name: value or "" for name, value in vars_of(OPEN).items()}
    assert clerk.post(new, {**form, "factor": "0,0"}).status_code == 422
    assert clerk.post(new, {**form, "source": ""}).status_code == 422
    assert clerk.post(new, {**form, "entity": ""}).status_code == 404
    made = clerk.post(new, {**form, "factor": "0,92"})
    row = ConversionFactor.objects.get()
    page = f"/conversion-factors/{row.pk}/"
    assert (made.status_code, made["Location"], row.factor) == (302, page, "23/25")
    assert "waits for approval" in client.get("/conversion-factors/").content.decode()
    assert "Approve the factor" not in clerk.get(page).content.decode()
    assert clerk.post(page, {"act": "approve"}).status_code == 404
    assert "Approve the factor" in office.get(page).content.decode()
    assert office.post(page, {"act": "approve"}).status_code == 302
    counted = "counted by the months of Open Custody 1.0; for entities under another custody pack"
    assert counted in client.get(page).content.decode()
    assert office.post(page, {"act": "approve"}).status_code == 422
    assert office.post(page, {"act": "withdraw"}).status_code == 422
    sent = {"act": "withdraw", "on": "2026-06-01", "reason": "Measured anew."}
    assert office.post(page, sent).status_code == 302
    text = client.get(page).content.decode()
    assert all(one in text for one in ("Made up: yearly mean.", "Example Scheme", "Measured anew."))
    for number in ("0", "x", "9" * 16):
        assert client.get(f"/conversion-factors/{number}/").status_code == 404


def test_programs_state_decide_and_read(
    client: Client, sign_in: Callable[[Person], Client], secretary: Person, bookkeeper: Person
) -> None:
    address, body = "/api/v1/conversion-factors", vars_of(OPEN)
    clerk, office = sign_in(bookkeeper), sign_in(secretary)

    def post(browser: Client, path: str, sent: dict[str, Any]) -> Any:
        headers = {"Idempotency-Key": path.replace("/", "-")}
        return browser.post(path, json.dumps(sent), "application/json", headers=headers)

    made = post(clerk, address, body)
    assert made.status_code == 201, made.content
    again = post(clerk, address, body)
    one = made["Location"]
    assert (made.status_code, again.content) == (201, made.content)
    assert ConversionFactor.objects.count() == 1
    assert post(clerk, f"{one}/approvals", {}).status_code == 404
    approved = post(office, f"{one}/approvals", {}).json()
    assert (approved["status"], approved["approved_by"]) == ("in_force", "example-scheme")
    ended = post(office, f"{one}/withdrawals", {"on": "2026-06-01", "reason": "Anew."}).json()
    assert (ended["status"], ended["reason"]) == ("withdrawn", "Anew.")
    listed = client.get(address, {"day": "2025-12-31"}).json()["items"]
    assert [(item["factor"], item["status"]) for item in listed] == [("23/25", "not_yet")]
    assert client.get(one).json()["withdrawn_on"] == "2026-06-01"


def vars_of(said: FactorSaid) -> dict[str, Any]:
    """Give what is said, as forms and programs send it."""
    found = {name: getattr(said, name) for name in FactorSaid.__slots__}
    days = ("valid_from", "valid_until")
    return {name: str(one) if one and name in days else one for name, one in found.items()}
