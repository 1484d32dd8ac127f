"""Certificates of entities: who records them, what they may say, how they stand on a day."""

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
from stannary.web.entities import heard, operations, queries
from stannary.web.entities.models import Certificate, CertificateStep, EntityRecord
from stannary.web.entities.operations import AgreementSaid, CertificateSaid
from stannary.web.parties.models import Organisation, Person, Role, Site

from .conftest import SAID

pytestmark = pytest.mark.django_db
DAY = datetime.date
TOLL = AgreementSaid("A Toll Miller", "a-mill", DAY(2026, 1, 1), DAY(2027, 1, 1), "Contract 7")


def refused(do: Callable[[], object]) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        do()
    return [finding.code for finding in refusal.value.findings]


def test_only_the_secretariat_records_and_nobody_for_themselves(
    secretary: Person, bookkeeper: Person, refiner: Organisation, certificate: Certificate
) -> None:
    suspend = {"number": "COC-A", "status": "suspended", "on": DAY(2026, 6, 1), "reason": "Why."}
    acts: tuple[Callable[[Person], object], ...] = (
        lambda by: operations.record_entity(actor=by, organisation="a-refiner", kind="trader"),
        lambda by: operations.issue_certificate(actor=by, said=replace(SAID, number="COC-B")),
        lambda by: operations.record_agreement(actor=by, number="COC-A", said=TOLL),
        lambda by: operations.change_status(actor=by, **suspend),  # type: ignore[arg-type] # of several kinds
    )
    for act in acts:
        assert refused(lambda act=act: act(bookkeeper)) == ["PARTY-001"]  # type: ignore[misc] # bound now
    Role.objects.create(person=secretary, organisation=refiner, kind="clerk")
    for act in acts:
        assert refused(lambda act=act: act(secretary)) == ["ENTITY-005"]  # type: ignore[misc] # bound now
    Role.objects.filter(organisation=refiner).delete()
    for act in acts:
        act(secretary)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (SAID, []),
        (replace(SAID, number=""), []),
        (replace(SAID, sites=()), ["ENTITY-002"]),
        (replace(SAID, sites=("a-refinery", "elsewhere")), ["ENTITY-002"]),
        (replace(SAID, materials=()), ["ENTITY-002"]),
        (replace(SAID, materials=(" ",)), ["ENTITY-002"]),
        (replace(SAID, materials=("x" * 200,)), []),
        (replace(SAID, materials=("x" * 201,)), ["ENTITY-002"]),
        (replace(SAID, models=("magic",)), ["ENTITY-002"]),
        (replace(SAID, kind="smelter"), ["ENTITY-003"]),
        (replace(SAID, pack="stannary/open-custody/0.1"), ["ENTITY-003"]),
        (replace(SAID, issuer="nobody"), ["ENTITY-003"]),
        (replace(SAID, issuer="a-refiner"), ["ENTITY-003"]),
        (replace(SAID, number="a b"), ["ENTITY-003"]),
        (replace(SAID, valid_until=DAY(2026, 1, 2)), []),
        (replace(SAID, valid_until=DAY(2026, 1, 1)), ["CUSTODY-075"]),
        (replace(SAID, valid_until=DAY(2029, 1, 2)), ["CUSTODY-076"]),
    ],
)
def test_a_certificate_names_what_is_known_and_lasts_as_long_as_the_pack_allows(
    secretary: Person, refiner: Organisation, said: CertificateSaid, codes: list[str]
) -> None:
    if codes:
        assert refused(lambda: operations.issue_certificate(actor=secretary, said=said)) == codes
        assert not Certificate.objects.exists()
    else:
        made = operations.issue_certificate(actor=secretary, said=said)
        assert made.number == (said.number or "COC-2026-0001")


def test_a_number_is_given_once(secretary: Person, certificate: Certificate) -> None:
    again = replace(SAID, number="coc-a")
    assert refused(lambda: operations.issue_certificate(actor=secretary, said=again)) == [
        "ENTITY-003"
    ]
    taken = replace(SAID, number="COC-2026-0001")
    operations.issue_certificate(actor=secretary, said=taken)
    made = operations.issue_certificate(actor=secretary, said=replace(SAID, number=""))
    assert made.number == "COC-2026-0002"


def test_a_mine_of_a_made_up_entity_is_made_up(secretary: Person, refiner: Organisation) -> None:
    for slug, illustrative in (("made-up-mine", True), ("real-mine", False)):
        Site.objects.create(slug=slug, name=slug, country="NO", illustrative=illustrative)
    real = replace(SAID, sites=("real-mine",))
    assert refused(lambda: operations.issue_certificate(actor=secretary, said=real)) == [
        "ENTITY-002"
    ]
    operations.issue_certificate(actor=secretary, said=replace(SAID, sites=("made-up-mine",)))


@pytest.mark.parametrize(
    ("organisation", "kind"),
    [("a-refiner", "refiner"), ("a-refiner", "castle"), ("nobody", "mine"),
     ("example-scheme", "mine")],
)  # fmt: skip
def test_what_an_entity_does_is_known_and_recorded_once(
    secretary: Person, refiner: Organisation, organisation: str, kind: str
) -> None:
    def act() -> object:
        return operations.record_entity(actor=secretary, organisation=organisation, kind=kind)

    assert refused(act) == ["ENTITY-001"]
    assert EntityRecord.objects.count() == 1


def test_a_certificate_stands_as_its_steps_say_on_each_day(
    secretary: Person, certificate: Certificate
) -> None:
    def change(status: str, on: datetime.date, reason: str = "Books were not kept.") -> object:
        return operations.change_status(
            actor=secretary, number="COC-A", status=status, on=on, reason=reason
        )

    june, july = DAY(2026, 6, 1), DAY(2026, 7, 1)
    assert refused(lambda: change("suspended", june, " ")) == ["ENTITY-004"]
    assert refused(lambda: change("in_force", june)) == ["CUSTODY-075"]
    assert refused(lambda: change("castle", june)) == ["CUSTODY-075"]
    assert refused(lambda: change("suspended", DAY(2025, 12, 31))) == ["CUSTODY-075"]
    change("suspended", june)
    assert refused(lambda: change("in_force", june)) == ["CUSTODY-075"]  # the same day
    change("in_force", july)
    change("withdrawn", DAY(2027, 1, 1))
    assert refused(lambda: change("in_force", DAY(2027, 2, 1))) == ["CUSTODY-075"]

    days = (DAY(2025, 12, 31), DAY(2026, 1, 1), june, july, DAY(2026, 12, 31), DAY(2027, 1, 1))
    row = queries.certificate("COC-A")
    assert [str(queries.held_on(row, day).status) for day in days] == [
        "not_yet", "in_force", "suspended", "in_force", "in_force", "withdrawn",
    ]  # fmt: skip
    assert [queries.entity("a-refiner", day).covered for day in (june, july)] == [False, True]


def test_an_agreement_is_whole(secretary: Person, certificate: Certificate) -> None:
    def agree(said: AgreementSaid) -> object:
        return operations.record_agreement(actor=secretary, number="COC-A", said=said)

    assert refused(lambda: agree(replace(TOLL, contractor=" ", reference=""))) == [
        "ENTITY-006", "ENTITY-006",
    ]  # fmt: skip
    assert refused(lambda: agree(replace(TOLL, valid_until=TOLL.valid_from))) == ["ENTITY-006"]
    agree(replace(TOLL, valid_until=DAY(2026, 1, 2)))
    (made,) = queries.in_core()[0].scope.agreements
    assert (made.site, made.valid_until) == ("a-mill", DAY(2026, 1, 2))


def test_whoever_listens_is_told_of_every_change(
    secretary: Person, refiner: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(heard, "_listeners", [])
    listener = lambda: told.append(1)  # noqa: E731 - named to be given twice
    heard.when_changed(listener)
    heard.when_changed(listener)
    operations.issue_certificate(actor=secretary, said=SAID)
    operations.record_agreement(actor=secretary, number="COC-A", said=TOLL)
    operations.change_status(
        actor=secretary, number="COC-A", status="withdrawn", on=DAY(2026, 6, 1), reason="Why."
    )
    assert len(told) == 3


def test_the_database_changes_no_fact(secretary: Person, certificate: Certificate) -> None:
    rows = (EntityRecord.objects.all(), Certificate.objects.all())
    for found in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(kind="trader")
    operations.record_agreement(actor=secretary, number="COC-A", said=TOLL)
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.agreements.update(site="elsewhere")
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateStep.objects.create(
            certificate=certificate, on=DAY(2026, 6, 1), status="suspended", reason="",
            by=secretary, at=certificate.issued_at,
        )  # fmt: skip


def test_what_is_not_there_is_not_there(secretary: Person, refiner: Organisation) -> None:
    assert refused(lambda: queries.certificate("COC-Z")) == ["PARTY-001"]
    assert refused(lambda: queries.organisation("example-scheme")) == ["PARTY-001"]
    assert refused(
        lambda: operations.record_agreement(actor=secretary, number="COC-Z", said=TOLL)
    ) == ["PARTY-001"]


def test_entities_are_found_by_name_kind_and_status(
    secretary: Person, certificate: Certificate
) -> None:
    day = DAY(2026, 2, 1)

    def found(**asked: str) -> list[str]:
        return [one.organisation.slug for one in queries.entities(day, asked)]

    Organisation.objects.create(slug="b", name="B Trader", kind="trader", illustrative=True)
    operations.record_entity(actor=secretary, organisation="b", kind="trader")
    assert found() == ["a-refiner", "b"]
    assert found(q="refin") == ["a-refiner"]
    assert found(kind="trader") == ["b"]
    assert found(status="none") == ["b"]
    assert found(status="in_force") == ["a-refiner"]
    assert queries.entity_slugs() == {"A Refiner": "a-refiner", "B Trader": "b"}


def test_many_entities_are_read_with_as_many_queries_as_one(
    secretary: Person, certificate: Certificate
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.entities(DAY(2026, 2, 1))
    for number in range(5):
        slug = f"more-{number}"
        Organisation.objects.create(slug=slug, name=slug, kind="trader", illustrative=True)
        operations.record_entity(actor=secretary, organisation=slug, kind="trader")
    with CaptureQueriesContext(connection) as many:
        assert len(queries.entities(DAY(2026, 2, 1))) == 6
    assert len(few) == len(many) == 6


def test_everybody_reads_entities_and_their_certificates(
    client: Client, secretary: Person, certificate: Certificate
) -> None:
    operations.change_status(
        actor=secretary, number="COC-A", status="suspended", on=DAY(2026, 6, 1), reason="No books."
    )
    operations.record_agreement(actor=secretary, number="COC-A", said=TOLL)
    before = client.get("/entities/?day=2026-02-01").content.decode()
    after = client.get("/entities/?day=2026-06-01&status=suspended").content.decode()
    assert "in force" in before
    assert "suspended</strong>" in after
    page = client.get("/entities/a-refiner/?day=2026-06-01").content.decode()
    assert all(text in page for text in ("COC-A", "No books.", "A Toll Miller", "illustrative"))
    assert "No entity fits" in client.get("/entities/?q=nobody").content.decode()
    assert client.get("/entities/?day=never").status_code == 200
    download = b"".join(client.get("/data/certificates.csv")).decode()
    assert "COC-A" in download
    assert "No books." in download


def test_programs_read_as_of_a_day(client: Client, certificate: Certificate) -> None:
    one = client.get("/api/v1/entities/a-refiner?day=2025-12-31").json()
    assert (one["status"], one["certificates"][0]["number"]) == ("not_yet", "COC-A")
    listed = client.get("/api/v1/entities?status=in_force&kind=refiner&day=2026-02-01").json()
    assert [item["id"] for item in listed["items"]] == ["a-refiner"]
    assert client.get("/api/v1/certificates/COC-A?day=2029-01-01").json()["status"] == "expired"
    assert client.get("/api/v1/entities?status=odd").status_code == 422


def post(browser: Client, address: str, body: object, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post(address, json.dumps(body), content_type="application/json", headers=headers)


def test_programs_of_the_secretariat_record_once_for_each_key(
    secretary: Person, refiner: Organisation, sign_in: Callable[[Person], Client]
) -> None:
    browser = sign_in(secretary)
    body = {
        "kind": "refiner", "sites": ["a-refinery"], "materials": ["lithium carbonate"],
        "models": ["segregated"], "valid_from": "2026-01-01", "valid_until": "2027-01-01",
        "issuer": "example-scheme",
    }  # fmt: skip
    answers = [post(browser, "/api/v1/entities/a-refiner/certificates", body, "k") for _ in "ab"]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].headers["Location"] == "/api/v1/certificates/COC-2026-0001"
    assert Certificate.objects.count() == 1
    at = "/api/v1/certificates/COC-2026-0001"
    agreed = post(browser, f"{at}/agreements", {
        "contractor": "T", "site": "a-mill", "valid_from": "2026-01-01", "reference": "7",
        "valid_until": "2027-01-01",
    })  # fmt: skip
    assert agreed.json()["agreements"][0]["site"] == "a-mill"
    change = {"status": "suspended", "on": "2026-06-01", "reason": "No books."}
    assert post(browser, f"{at}/changes", change).json()["changes"][0]["reason"] == "No books."
    assert post(browser, f"{at}/changes", change).status_code == 422


def test_the_secretariat_records_on_pages(
    secretary: Person, refiner: Organisation, sign_in: Callable[[Person], Client]
) -> None:
    browser = sign_in(secretary)
    Organisation.objects.create(slug="b", name="B Trader", kind="trader", illustrative=True)
    recorded = browser.post(
        "/certificates/", {"act": "record", "organisation": "b", "kind": "trader"}
    )
    assert recorded.headers["Location"] == "/entities/b/"
    again = browser.post("/certificates/", {"act": "record", "organisation": "b", "kind": "trader"})
    assert again.status_code == 422
    assert "ENTITY-001" in again.content.decode()
    said = {
        "act": "issue", "kind": "refiner", "sites": "a-refinery", "models": "segregated",
        "materials": "lithium carbonate\n\n lithium hydroxide ", "valid_from": "2026-01-01",
        "valid_until": "2027-01-01", "issuer": "example-scheme", "number": "COC-P",
    }  # fmt: skip
    assert browser.post("/certificates/to/a-refiner/", {**said, "kind": "x"}).status_code == 422
    assert browser.post("/certificates/to/a-refiner/", said).status_code == 302
    assert queries.in_core()[0].scope.materials == {"lithium carbonate", "lithium hydroxide"}
    at = "/certificates/COC-P/"
    form = browser.get(at).content.decode()
    assert '<option value="a-refinery">A Refinery</option>' in form
    assert '<option value="B Trader"></option>' in form
    assert '<option value="A Refiner"></option>' not in form  # it is the holder
    assert browser.get(at).status_code == 200
    change = {
        "act": "change", "change-status": "withdrawn", "change-on": "2026-02-01",
        "change-reason": "No books.",
    }  # fmt: skip
    assert browser.post(at, {"act": "nothing"}).status_code == 422
    assert browser.post(at, change).headers["Location"] == at
    assert "It has ended" in browser.get(at).content.decode()
    assert browser.get("/certificates/none/").status_code == 404
    assert "Change this certificate" in browser.get("/entities/a-refiner/").content.decode()
