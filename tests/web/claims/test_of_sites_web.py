"""What a site blended is claimed: on pages, by API, and judged again when its ground changes."""

import datetime
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from refusals import refused_by
from stannary.core.attestations import Status
from stannary.core.credentials import parse_token
from stannary.core.custody import BalancePeriod, Kind, Model, Row, Side
from stannary.core.verification import NOBODY, Outcome, Report, StepName, verify_file
from stannary.formats.claim_file import parse_checkable
from stannary.signing import Signatures
from stannary.web.attestations import operations as attestations
from stannary.web.attestations.models import Achievement
from stannary.web.claims import of_sites, operations, queries
from stannary.web.claims.models import Claim
from stannary.web.custody import operations as custody
from stannary.web.custody import queries as custody_queries
from stannary.web.entities import operations as entities
from stannary.web.entities.models import Certificate, Disclosure, EntityRecord
from stannary.web.parties.models import Facility, Organisation, Person, Role, Site
from stannary.web.standards import queries as standards

pytestmark = pytest.mark.django_db
START = datetime.datetime(2025, 2, 1, 8, tzinfo=datetime.UTC)
DAY = datetime.date
KG = 10**6
PLANT = "/api/v1/facilities/a-works"
ATTESTED = "urn:stannary:achievement:b-mine"
YEAR = BalancePeriod(DAY(2025, 1, 1), DAY(2026, 1, 1))
ORE = "lithium ore"
MADE_ON = DAY(2026, 11, 22)
MODEL = Model.CONTROLLED_BLENDING


def row(event: str, day: int, kind: Kind, lot: str, kg: int, **more: Any) -> Row:
    given: dict[str, Any] = {
        "event": event,
        "at": START + datetime.timedelta(days=day),
        "kind": kind,
        "site": "a-works",
        "entity": "A Works",
        "lot": lot,
        "side": Side.OUT,
        "material": ORE,
        "mass_mg": kg * KG,
        "content_mg": kg * KG,
        "model": MODEL,
    }
    return Row(**{**given, **more})


def blend(event: str, day: int, lot: str, **inputs: int) -> list[Row]:
    """Blend so many kilograms of lots into a lot."""
    taken = [row(event, day, Kind.BLEND, name, kg, side=Side.IN) for name, kg in inputs.items()]
    return [*taken, row(event, day, Kind.BLEND, lot, sum(inputs.values()))]


MINED = row("P", 0, Kind.PRODUCE, "N", 100, site="b-mine", attestation=ATTESTED)
BOUGHT = row("U", 0, Kind.PURCHASE, "U", 400)
BLENDED = [MINED, BOUGHT, *blend("B-1", 5, "X", N=30, U=70), *blend("B-2", 6, "Y", N=30, U=70)]


@pytest.fixture
def works(open_mining: Any, secretary: Person) -> Facility:
    """A works that also mines, with a certificate for both; 30 % of what it blended is attested."""
    those = Organisation.objects.create(
        slug="a-works-ltd", name="A Works", kind="processor", illustrative=True
    )
    clerk = Person.objects.create_user("clerk-of-works")
    Role.objects.create(person=clerk, organisation=those, kind="clerk")
    place = Facility.objects.create(
        slug="a-works",
        name="A Works Plant",
        kind="concentrator",
        country="PT",
        organisation=those,
        illustrative=True,
        said_by=clerk,
        said_at=START,
    )
    site = Site.objects.create(slug="b-mine", name="B Mine", country="PT", illustrative=True)
    Achievement.objects.create(
        achievement_id=ATTESTED,
        site=site,
        standard=open_mining.id,
        level="OPEN-75",
        valid_from=DAY(2025, 1, 1),
        valid_until=DAY(2090, 1, 1),
    )
    EntityRecord.objects.create(
        organisation=those, kind="concentrator", recorded_by=secretary, recorded_at=START
    )
    Certificate.objects.create(
        number="COC-1",
        holder=those,
        kind="concentrator",
        pack="stannary/open-custody/1.0",
        sites="a-works b-mine",
        materials=ORE,
        models_covered=str(MODEL),
        valid_from=DAY(2025, 1, 1),
        valid_until=DAY(2090, 1, 1),
        issuer=those,
        issued_by=secretary,
        issued_at=START,
    )
    custody.book_as_register(rows=BLENDED)
    return place


def claim(share: Fraction = Fraction(3, 10), **more: Any) -> Claim:
    given: dict[str, Any] = {
        "actor": Person.objects.get(username="clerk-of-works"),
        "facility": "a-works",
        "about": YEAR,
        "material": ORE,
        "wording": "SITE-SHARE-AT-LEVEL",
        "standard": "stannary/open-mining/0.1",
        "level": "OPEN-75",
        "share": share,
        "element": "lithium",
        "made_on": MADE_ON,
        "valid_until": DAY(2036, 3, 20),
    }
    return operations.make_site_claim(**{**given, **more})


def checked(row: Claim) -> Report:
    """Check the file of a claim as a stranger does."""
    pack = custody_queries.pack_named(row.custody_pack)
    edition = standards.edition(row.standard)
    return verify_file(
        parse_checkable(row.file.encode(), "x.claim.json"),
        trust=NOBODY,
        on=row.made_on,
        crypto=Signatures(),
        packs={pack.id: pack, edition.id: edition},
    )


def now(row: Claim) -> tuple[bool, str]:
    found = queries.claim(row.claim_id)
    return queries.is_affected(found), found.affected_codes or ""  # type: ignore[attr-defined]


@pytest.mark.either_database
def test_the_file_of_a_claim_on_a_site_is_measured_again_offline(
    works: Facility, client: Client
) -> None:
    made = claim()

    report = checked(made)
    assert report.failed == ()
    for name in (StepName.RECOMPUTED, StepName.CONSISTENT):
        assert report.step(name).outcome is Outcome.PASSED
    assert made.sentence_en.startswith("From 2025-01-01 to 2025-12-31, at least 30 % of the")
    assert made.sentence_fr.startswith("Du 2025-01-01 au 2025-12-31, au moins 30 %")
    # what the register tells anybody is what was signed
    signed = parse_token(parse_checkable(made.file.encode(), "x").token).payload
    subject: Any = signed["credentialSubject"]
    listed = client.get(f"{PLANT}/blends?on=2025-03-01").json()
    assert (subject["blends"], subject["blendsSha256"]) == ("2", listed["sha256"])
    assert [one["lot"] for one in listed["blends"]] == ["X", "Y"]
    assert (listed["state"], listed["number"], listed["valid_until"]) == ("listed", 2, "2026-01-01")


@pytest.mark.either_database
def test_only_the_clerks_of_a_facility_claim_and_only_what_was_measured(
    works: Facility, secretary: Person
) -> None:
    def code(**more: Any) -> str | None:
        return refused_by(lambda: claim(**more))

    assert code(actor=secretary) == "PARTY-001"
    assert code(facility="another") == "PARTY-001"
    assert code(custody_pack="stannary/another/1") == "PARTY-001"
    assert code(element="cobalt") == "CLAIM-040"
    assert code(element="lithium or so") == "CLAIM-040"
    assert code(share=Fraction(31, 100)) == "CLAIM-013"
    assert code(material="another ore") == "CLAIM-013"
    assert code(wording="BLEND-SHARE-AT-LEVEL") == "CLAIM-003"
    assert code(custody_pack="stannary/open-custody/0.1") == "CLAIM-003"
    assert code(about=BalancePeriod(DAY(2025, 1, 2), YEAR.valid_until)) == "CLAIM-015"
    assert Claim.objects.count() == 0
    assert code() is None


def later(*rows: Row) -> None:
    custody.book_as_register(rows=rows)


def suspend(by: Person, on: datetime.date) -> None:
    entities.change_status(
        actor=by, number="COC-1", status="suspended", on=on, reason="Made up.", at=START
    )


def test_what_is_blended_late_in_the_period_affects_a_claim_at_once(works: Facility) -> None:
    made = claim()

    later(*blend("B-3", 9, "Z", U=1))
    assert now(made) == (True, "CLAIM-013")
    later(*blend("B-4", 10, "ZZ", N=1))
    assert now(made) == (False, "")


def test_a_corrected_blend_affects_a_claim_at_once(works: Facility) -> None:
    made = claim()
    less = blend("B-2", 6, "Y", N=20, U=80)  # ten kilograms less of what is attested
    at = START + datetime.timedelta(days=20)

    later(*[replace(one, event="K", at=at, kind=Kind.CORRECT, account="B-2") for one in less])

    assert now(made) == (True, "CLAIM-013")


def test_a_lost_achievement_and_a_suspended_certificate_affect_a_claim(
    works: Facility, secretary: Person
) -> None:
    made = claim()

    suspend(secretary, timezone.localdate())
    assert now(made) == (True, "CLAIM-016")
    attestations.change_status(
        actor=secretary,
        achievement_id=ATTESTED,
        status=Status.WITHDRAWN,
        on=DAY(2025, 1, 2),
        reason="It never held.",
    )
    assert now(made) == (True, "CLAIM-013 CLAIM-016")


@pytest.mark.either_database
def test_a_clerk_claims_on_the_page_of_the_facility_and_takes_it_back(
    works: Facility, client: Client, secretary: Person
) -> None:
    address = "/claims/new-of-site/a-works/"
    body = {
        "period": "2025-01-01",
        "material": ORE,
        "wording": "SITE-SHARE-AT-LEVEL",
        "level": "stannary/open-mining/0.1|OPEN-75",
        "share": "30",
        "element": "lithium",
        "months": "12",
    }
    assert client.get(address).status_code == 302
    client.force_login(secretary)
    assert client.get(address).status_code == 404
    assert address not in client.get("/facilities/a-works/").content.decode()
    client.force_login(Person.objects.get(username="clerk-of-works"))
    assert address in client.get("/facilities/a-works/").content.decode()
    assert "30 %" in client.get(address).content.decode()
    refused = client.post(address, {**body, "share": "30.1"})
    assert (refused.status_code, "CLAIM-013" in refused.content.decode()) == (422, True)
    assert client.post(address, {**body, "element": "a b"}).status_code == 200

    assert client.post(address, body).status_code == 302

    made = Claim.objects.get()
    pages = (f"/claims/{made.claim_id}/", "/claims/", "/facilities/a-works/")
    for page in pages:
        assert "at least 30 %" in client.get(page).content.decode(), page
    page = client.get(pages[0]).content.decode()
    assert "2 batches of lithium ore" in page
    assert "70 %" in page  # of unknown origin
    assert "beside no lot" in client.get(f"{pages[0]}seal/").content.decode()
    assert "au moins 30 %" in client.get(f"/fr{pages[0]}").content.decode()
    assert "au moins 30 %" in client.get(f"/fr{pages[0]}seal.svg").content.decode()
    shown = client.get(f"/api/v1/claims/{made.claim_id}").json()
    assert (shown["lot"], shown["facility"], shown["period_until"]) == ("", "a-works", "2026-01-01")
    client.post(f"{pages[0]}withdraw/", {"reason": "Made up."})
    assert queries.state(queries.claim(made.claim_id), made.made_on) == "withdrawn"


@pytest.mark.either_database
def test_blends_are_listed_unless_they_are_too_many_or_their_owner_hides(
    works: Facility, client: Client, secretary: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state(query: str = "") -> str:
        return str(client.get(f"{PLANT}/blends{query}").json()["state"])

    assert state() == "listed"
    assert state("?on=2024-12-31") == "nothing"
    assert client.get(f"{PLANT}/blends?until=2025-03-01").status_code == 422
    assert client.get(f"{PLANT}/blends?on=2025-03-01&until=2025-03-01").status_code == 422
    Disclosure.objects.create(
        organisation=works.organisation, shown="hidden", by=secretary, at=timezone.now()
    )
    assert state() == "not_told"
    claim()
    assert state() == "listed"  # whoever claims agrees to that
    monkeypatch.setattr(of_sites, "ROWS_MAX", 1)
    assert refused_by(claim) == "CUSTODY-097"


@pytest.mark.either_database
def test_a_claim_by_api_ends_with_a_period_that_goes_on(works: Facility, client: Client) -> None:
    whole = BalancePeriod(DAY(2026, 1, 1), DAY(2027, 1, 1))
    assert of_sites.may_be_claimed(DAY(2026, 5, 1), DAY(2026, 5, 2)).valid_until == DAY(2026, 5, 2)
    assert of_sites.ends(whole, DAY(2026, 12, 31), 2) == DAY(2027, 1, 1)
    assert of_sites.ends(whole, DAY(2027, 1, 1), 2) == DAY(2027, 3, 1)
    client.force_login(Person.objects.get(username="clerk-of-works"))
    body = {
        "on": "2025-06-01",
        "material": ORE,
        "wording": "SITE-SHARE-AT-LEVEL",
        "standard": "stannary/open-mining/0.1",
        "level": "OPEN-75",
        "share": "3/10",
        "element": "lithium",
    }
    made = client.post(f"{PLANT}/claims", json.dumps(body), content_type="application/json")

    assert (made.status_code, made.json()["period_from"]) == (201, "2025-01-01")
    assert made["Location"].endswith(made.json()["id"].removeprefix("urn:uuid:"))


@pytest.mark.parametrize(
    "change",
    [{"lot": "X"}, {"facility": ""}, {"material": ""}, {"period_from": None}, {"period_until": None},
     {"period_until": YEAR.valid_from}],
)  # fmt: skip
def test_a_claim_is_of_a_lot_or_of_a_site_and_never_of_both(
    works: Facility, change: dict[str, Any]
) -> None:
    made = claim()

    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=made.pk).update(**change)
