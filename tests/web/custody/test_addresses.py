"""Addresses of lots: any id a lot can have has its pages; everybody sees the same, nobody writes."""

import datetime
from urllib.parse import quote

import pytest
from django.test import Client

from core.custody.chains import random_chain
from stannary.core.custody import Kind, Row, Side, parse_row, replay
from stannary.web.custody import operations
from stannary.web.custody.models import Lot
from stannary.web.parties.models import Person

AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
IDS = ["L-1", "https://id.example/01/095/10/ABC", "a b&c=d?e#f", "/", "x/trace.json", "új 鋰 %2F"]


def mined(lot: str, event: str = "E1") -> Row:
    return Row(event=event, at=AT, kind=Kind.PRODUCE, site="example-pit", entity="Example Cells", lot=lot,
               side=Side.OUT, material="ore & more", mass_mg=10, content_mg=10)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("lot", IDS)
def test_any_id_of_a_lot_has_its_pages_files_and_api(client: Client, lot: str) -> None:
    operations.book_as_register(rows=[mined(lot)])
    at = quote(lot, safe="")

    assert client.get("/lots/").status_code == 200
    page = client.get(f"/lots/{at}/")
    assert page.status_code == 200
    assert client.get(f"/fr/lots/{at}/").status_code == 200
    assert client.get(f"/lots/{at}/trace.json").json()["lot"] == lot
    assert client.get(f"/lots/{at}/movements.csv").status_code == 200
    assert client.get(f"/api/v1/lots/{at}").json()["lot"] == lot
    assert client.get(f"/api/v1/lots/{at}/trace").json()["lot"] == lot


@pytest.mark.django_db
def test_links_to_further_pages_keep_every_filter(client: Client) -> None:
    operations.book_as_register(rows=[mined(f"L{n}", f"E{n}") for n in range(101)])

    page = client.get("/lots/", {"material": "ore & more", "q": "ore"}).content.decode()

    assert "?page=2&amp;q=ore&amp;material=ore+%26+more" in page
    following = client.get("/lots/?page=2&q=ore&material=ore+%26+more").content.decode()
    assert following.count("/lots/L") == 1


@pytest.mark.django_db
def test_a_lot_keeps_its_key_when_it_is_booked_again(client: Client) -> None:
    operations.book_as_register(rows=[mined("A"), mined("B", "E2")])
    keys = dict(Lot.objects.values_list("lot_id", "pk"))
    first = client.get("/api/v1/lots", {"limit": 1}).json()

    later = AT + datetime.timedelta(days=1)
    loss = Row(event="E3", at=later, kind=Kind.LOSS, site="example-pit", entity="Example Cells", lot="A",
               side=Side.IN, material="ore & more", mass_mg=4, content_mg=4)  # fmt: skip
    operations.book_as_register(rows=[loss])

    assert dict(Lot.objects.values_list("lot_id", "pk")) == keys
    assert Lot.objects.get(lot_id="A").left_mass_mg == 6
    rest = client.get("/api/v1/lots", {"cursor": first["next"]}).json()
    assert [one["lot"] for one in first["items"] + rest["items"]] == ["A", "B"]


@pytest.mark.django_db
def test_every_milligram_reaches_the_api(client: Client) -> None:
    rows = random_chain(11, events=100)
    operations.book_as_register(rows=rows)
    lots = replay(rows).lots

    for lot in list(lots)[::9]:
        found = client.get(f"/api/v1/lots/{lot}/trace").json()
        parts = sum(int(origin["content_mg"]) for origin in found["origins"])
        given = [parse_row(fields) for fields in client.get(f"/api/v1/lots/{lot}/movements").json()]
        assert int(found["content_mg"]) == lots[lot].content_mg
        assert parts <= lots[lot].content_mg
        assert {(one.event, one.lot, one.side, one.mass_mg, one.content_mg, one.at.isoformat()) for one in given} <= {
            (one.event, one.lot, one.side, one.mass_mg, one.content_mg, one.at.isoformat()) for one in rows
        }  # fmt: skip


PUBLIC = [
    "/lots/", "/lots/L-2041/", "/lots/L-2041/trace.json", "/lots/L-2041/movements.csv", "/api/v1/lots",
    "/api/v1/lots/L-2041", "/api/v1/lots/L-2041/trace", "/api/v1/lots/L-2041/movements", "/data/lots.csv",
    "/data/lots.json", "/data/movements.csv", "/claims/", "/log/", "/log/checkpoint", "/log/vkey",
    "/.well-known/did.json", "/verify/", "/data/claims.csv", "/api/v1/claims",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_everybody_reads_everything_public_and_nobody_writes_it(
    address: str, demonstration: None, outsider: Person, client: Client
) -> None:
    assert client.get(address).status_code == 200
    client.force_login(outsider)
    assert client.get(address).status_code == 200
    before = list(Lot.objects.values_list("pk", "left_mass_mg"))
    for write in (client.put, client.patch, client.delete):
        assert write(address).status_code in (200, 403, 405)
    assert list(Lot.objects.values_list("pk", "left_mass_mg")) == before


@pytest.mark.django_db
def test_the_form_for_a_claim_is_there_for_the_holder_s_clerk_alone(
    demonstration: None, clerk: Person, auditor: Person, outsider: Person
) -> None:
    address = "/claims/new/L-2041/"
    assert Client().get(address)["Location"].startswith("/sign-in/")
    for person, status in ((auditor, 404), (outsider, 404), (clerk, 200)):
        browser = Client()
        browser.force_login(person)
        assert browser.get(address).status_code == status
        assert browser.get("/claims/new/N-104/").status_code == 404
        assert browser.get("/claims/new/nothing/").status_code == 404
