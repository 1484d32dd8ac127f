"""Facilities: what may be said of them, by whom, and how everybody reads it."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stannary.core.kernel import RefusalError
from stannary.web.parties.facilities import operations, queries
from stannary.web.parties.facilities.gln import is_gln
from stannary.web.parties.facilities.operations import FacilitySaid
from stannary.web.parties.models import Facility, Organisation, Person, Role, Site

pytestmark = pytest.mark.django_db
GLN = "9521321000018"
NORTH, EAST = Decimal(66), Decimal(1)
REFINERY = FacilitySaid("A Refinery", "refinery", "NO", materials=("lithium",), gln=GLN)
PLACED = replace(REFINERY, latitude=NORTH, longitude=EAST, radius_km=25)
API = "/api/v1/facilities"


@pytest.fixture
def refiner(db: None) -> Organisation:
    """Give a made-up organisation that refines."""
    return Organisation.objects.create(
        slug="a-refiner", name="A Refiner", kind="processor", illustrative=True
    )


@pytest.fixture
def real(db: None) -> Organisation:
    """Give an organisation that is not made up."""
    return Organisation.objects.create(slug="real", name="Real", kind="trader")


def somebody(name: str, kind: str, organisation: Organisation) -> Person:
    person = Person.objects.create_user(name)
    Role.objects.create(person=person, organisation=organisation, kind=kind)
    return person


@pytest.fixture
def clerk(refiner: Organisation) -> Person:
    return somebody("clerk", "clerk", refiner)


@pytest.fixture
def secretary(db: None) -> Person:
    scheme = Organisation.objects.create(slug="a-scheme", name="A Scheme", kind="scheme")
    return somebody("secretary", "secretariat", scheme)


@pytest.fixture
def refinery(clerk: Person) -> Facility:
    return operations.add_facility(actor=clerk, organisation="a-refiner", said=REFINERY)


def refused(do: Callable[[], object]) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        do()
    return [finding.code for finding in refusal.value.findings]


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(browser: Client, address: str, body: object, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post(address, json.dumps(body), content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (GLN, True),
        ("9521321000017", False),
        ("9521321000019", False),
        ("952132100001", False),
        ("95213210000180", False),
        ("952132100001x", False),
        ("٩٥٢١٣٢١٠٠٠٠١٨", False),
        ("0000000000000", True),
    ],
)
def test_a_gln_has_thirteen_digits_of_which_the_last_is_right(text: str, is_one: bool) -> None:
    assert is_gln(text) is is_one


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (REFINERY, []),
        (replace(REFINERY, name=" "), ["PARTY-032", "PARTY-032"]),  # no id comes of it either
        (replace(REFINERY, kind="castle"), ["PARTY-032"]),
        (replace(REFINERY, country="XX"), ["PARTY-032"]),
        (replace(REFINERY, materials=("unobtainium",)), ["PARTY-032"]),
        (replace(REFINERY, gln="9521321000019"), ["PARTY-033"]),
        (replace(REFINERY, closed_on="2026-13"), ["KERNEL-002"]),
        (replace(REFINERY, closed_on="2026-12"), []),
        (PLACED, []),
        (replace(PLACED, latitude=Decimal(90)), []),
        (replace(PLACED, latitude=Decimal("90.00001")), ["PARTY-034"]),
        (replace(PLACED, longitude=Decimal(-180)), []),
        (replace(PLACED, longitude=Decimal("-180.00001")), ["PARTY-034"]),
        (replace(PLACED, radius_km=1), []),
        (replace(PLACED, radius_km=0), ["PARTY-034"]),
        (replace(PLACED, radius_km=None), ["PARTY-034"]),
        (replace(PLACED, latitude=None), ["PARTY-034"]),
    ],
)
def test_what_is_said_of_a_facility_is_known_and_whole(
    said: FacilitySaid, codes: list[str], clerk: Person
) -> None:
    def add() -> Facility:
        return operations.add_facility(actor=clerk, organisation="a-refiner", said=said)

    if codes:
        assert refused(add) == codes
        assert not Facility.objects.exists()
    else:
        assert add().illustrative


def test_id_name_and_gln_are_one_facilitys(
    refinery: Facility, clerk: Person, secretary: Person
) -> None:
    Site.objects.create(slug="a-mine", name="A Mine", country="IS")
    other = replace(REFINERY, name="Another", gln="")

    def add(said: FacilitySaid, slug: str = "") -> Callable[[], object]:
        return lambda: operations.add_facility(
            actor=clerk, organisation="a-refiner", said=said, slug=slug
        )

    assert refinery.slug == "a-refinery"
    assert refused(add(replace(other, name="a REFINERY"), "x")) == ["PARTY-032"]
    assert refused(add(other, "a-refinery")) == ["PARTY-032"]
    assert refused(add(other, "a-mine")) == ["PARTY-032"]
    assert refused(add(other, "Not an id")) == ["PARTY-032"]
    assert refused(add(other, "x" * 81)) == ["PARTY-032"]
    assert refused(add(replace(other, gln=GLN))) == ["PARTY-033"]
    assert add(other, "x" * 80)()


def test_a_real_facility_says_where_it_was_read(real: Organisation, secretary: Person) -> None:
    said = replace(REFINERY, gln="")

    def add(said: FacilitySaid) -> Facility:
        return operations.add_facility(actor=secretary, organisation="real", said=said)

    assert refused(lambda: add(said)) == ["PARTY-002", "PARTY-002"]
    assert refused(lambda: add(replace(said, source="A report."))) == ["PARTY-002"]
    assert refused(lambda: add(replace(said, source="A report.", mark="X"))) == ["PARTY-002"]
    assert not add(replace(said, source="A report.", mark="S")).illustrative
    page = Client().get("/facilities/a-refinery/").content.decode()
    assert "A report." in page
    assert "seen in a primary source" in page
    assert "illustrative" not in page


def test_clerks_and_site_users_speak_for_their_own_and_the_secretariat_for_all(
    refinery: Facility, real: Organisation, secretary: Person, clerk: Person
) -> None:
    rival = somebody("rival", "clerk", real)
    auditor = somebody("auditor", "auditor", refinery.organisation)
    said = replace(REFINERY, name="Another", gln="")

    for person in (rival, auditor):
        assert refused(
            lambda person=person: operations.add_facility(  # type: ignore[misc]
                actor=person, organisation="a-refiner", said=said
            )
        ) == ["PARTY-001"]
        assert refused(
            lambda person=person: operations.change_facility(  # type: ignore[misc]
                actor=person, slug="a-refinery", said=said, seen=1
            )
        ) == ["PARTY-001"]
    assert [one.slug for one in queries.speaks_for(secretary)] == ["a-refiner", "real"]
    assert queries.speaks_for(auditor) == ()
    changed = operations.change_facility(actor=secretary, slug="a-refinery", said=said, seen=1)
    assert (changed.name, changed.slug, changed.version) == ("Another", "a-refinery", 2)
    assert refused(
        lambda: operations.change_facility(actor=clerk, slug="a-refinery", said=said, seen=1)
    ) == ["PARTY-035"]
    wrong = replace(said, kind="castle")
    assert refused(
        lambda: operations.change_facility(actor=clerk, slug="a-refinery", said=wrong, seen=2)
    ) == ["PARTY-032"]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "castle"},
        {"latitude": Decimal(1)},
        {"latitude": Decimal(91), "longitude": Decimal(0), "place_radius_km": 1},
        {"latitude": Decimal(1), "longitude": Decimal(0), "place_radius_km": 0},
        {"illustrative": False},
        {"slug": "b"},
        {"slug": "b", "name": "Other"},
    ],
)
def test_the_database_refuses_what_the_rules_refuse(
    change: dict[str, Any], refinery: Facility
) -> None:
    columns = {
        "slug": "b",
        "name": "B",
        "organisation": refinery.organisation,
        "kind": "refinery",
        "country": "NO",
        "illustrative": True,
        "said_by": refinery.said_by,
        "said_at": timezone.now(),
    }
    if "slug" in change:  # the name once, then the number
        columns |= {"name": "A REFINERY"} if len(change) == 1 else {"gln": GLN}

    with pytest.raises(IntegrityError), transaction.atomic():
        Facility.objects.create(**{**columns, **change})


def test_a_clerk_records_and_changes_a_facility_on_pages(clerk: Person) -> None:
    browser = browser_of(clerk)
    sent = {"organisation": "a-refiner", "name": "A <Plant>", "kind": "factory", "country": "NO"}

    made = browser.post("/facilities/new/", {**sent, "materials": ["lithium"]})
    assert made["Location"] == "/facilities/a-plant/"
    page = browser.get("/facilities/a-plant/").content.decode()
    assert "A &lt;Plant&gt;" in page
    assert "/facilities/a-plant/change/" in page
    assert "No lot is recorded here" in page
    form = browser.get("/facilities/a-plant/change/").content.decode()
    assert 'name="seen" value="1"' in form
    assert 'name="slug"' not in form
    change = {**sent, "name": "Plant", "seen": "1", "closed_on": "2026-05"}
    place = {"latitude": "66", "longitude": "1", "radius_km": "25", "gln": GLN}
    assert browser.post("/facilities/a-plant/change/", {**change, **place}).status_code == 302
    late = browser.post("/facilities/a-plant/change/", change)
    assert late.status_code == 409
    assert "PARTY-035" in late.content.decode()
    shown = Client().get("/facilities/a-plant/").content.decode()
    assert "It was closed: May 2026." in shown
    assert "Approximate: within 25 km of 66° N, 1° E." in shown
    assert GLN in shown
    assert "/change/" not in shown
    wrong = browser.post("/facilities/new/", {**sent, "name": "PLANT", "slug": "b"})
    assert wrong.status_code == 422
    assert "PARTY-032" in wrong.content.decode()
    assert browser.post("/facilities/new/", {**sent, "organisation": "x"}).status_code == 422
    assert browser.get("/facilities/none/").status_code == 404


def test_the_list_finds_by_word_kind_country_material_and_organisation(
    refinery: Facility, clerk: Person, real: Organisation, secretary: Person
) -> None:
    store = FacilitySaid("Store", "warehouse", "IS", source="A report.", mark="S")
    operations.add_facility(actor=secretary, organisation="real", said=store)

    for query, names in (
        ("", ["A Refinery", "Store"]),
        ("?q=refin", ["A Refinery"]),
        ("?q=real", ["Store"]),
        (f"?q={GLN}", ["A Refinery"]),
        ("?kind=warehouse", ["Store"]),
        ("?country=NO", ["A Refinery"]),
        ("?material=lithium", ["A Refinery"]),
        ("?material=lith", []),
        ("?organisation=real", ["Store"]),
    ):
        found = [one["name"] for one in Client().get(API + query).json()["items"]]
        assert found == names, query
        page = Client().get(f"/facilities/{query}").content.decode()
        assert all(name in page for name in names), query
    assert "No facility fits" in Client().get("/facilities/?q=nowhere").content.decode()
    assert "/facilities/new/" in browser_of(clerk).get("/facilities/").content.decode()
    assert "/facilities/new/" not in Client().get("/facilities/").content.decode()


def test_programs_record_and_change_facilities_once_for_a_key(
    clerk: Person, real: Organisation
) -> None:
    browser = browser_of(clerk)
    place = {"latitude": "66.0", "longitude": "1.0", "radius_km": 25}
    said = {"name": "Plant", "kind": "factory", "country": "NO", "materials": ["lithium"]}
    body = {**said, "organisation": "a-refiner", "id": "plant-1", "gln": GLN, "place": place}

    first = post(browser, API, body, "k-1")
    assert first.status_code == 201
    assert first["Location"] == f"{API}/plant-1"
    assert post(browser, API, body, "k-1").json() == first.json()
    assert post(browser, API, body).json()["code"] == "PARTY-032"
    assert Client().get(f"{API}/plant-1").json() == first.json()
    assert first.json()["place"]["latitude"] == "66"
    changed = post(browser, f"{API}/plant-1/changes", {**said, "seen": 1})
    assert (changed.status_code, changed.json()["version"]) == (201, 2)
    assert (changed.json()["place"], changed.json()["gln"]) == (None, None)
    assert post(browser, f"{API}/plant-1/changes", {**said, "seen": 1}).status_code == 409
    rival = browser_of(somebody("rival", "clerk", real))
    assert post(rival, f"{API}/plant-1/changes", {**said, "seen": 2}).status_code == 404
    assert post(rival, API, {**body, "id": "other"}).status_code == 404
    assert Client().get(f"{API}/none").status_code == 404


def test_facilities_are_downloaded_with_what_a_place_does_not_say(
    refinery: Facility, clerk: Person
) -> None:
    operations.change_facility(actor=clerk, slug="a-refinery", said=PLACED, seen=1)
    operations.add_facility(
        actor=clerk, organisation="a-refiner", said=replace(REFINERY, name="=Plant", gln="")
    )

    def body(form: str) -> str:
        answer = Client().get(f"/data/facilities.{form}")
        return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    lines = body("csv").splitlines()
    assert lines[0].startswith("facility,name,organisation,organisation_name,kind,country")
    assert "'=Plant" in lines[1]
    assert ",66,1,25,Approximate:" in lines[2]
    assert len(json.loads(body("json"))["facilities"]) == 2
    (feature,) = json.loads(body("geojson"))["features"]
    assert feature["geometry"]["coordinates"] == [1.0, 66.0]
    assert Client().get("/data/facilities.xml").status_code == 404


def test_a_thousand_facilities_take_as_many_queries_as_ten(
    refinery: Facility, clerk: Person
) -> None:
    def make(numbers: range) -> None:
        Facility.objects.bulk_create(
            Facility(
                slug=f"f-{number}",
                name=f"Facility {number}",
                organisation=refinery.organisation,
                kind="port",
                country="NO",
                illustrative=True,
                said_by=clerk,
                said_at=timezone.now(),
            )
            for number in numbers
        )

    def asked(address: str) -> int:
        Client().get(address)
        with CaptureQueriesContext(connection) as captured:
            answer = Client().get(address)
            if answer.streaming:
                assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        return len(captured)

    addresses = ("/facilities/", f"{API}?limit=1000", "/data/facilities.csv")
    make(range(10))
    few = [asked(address) for address in addresses]
    make(range(10, 1000))

    assert [asked(address) for address in addresses] == few
    assert max(few) <= 2
