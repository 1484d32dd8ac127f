"""The register: what is public of all, what suspensions do, where material went, a clerk's desk."""

import datetime
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.custody import Kind, Model, Row, Side
from stannary.core.kernel import RefusalError
from stannary.web.attestations.models import Achievement, StatusChange
from stannary.web.claims import demo as claims_demo
from stannary.web.claims.operations import make_claim
from stannary.web.custody import demo as custody_demo
from stannary.web.custody import operations as custody
from stannary.web.custody.books import queries as books
from stannary.web.custody.books.views import proof_rows
from stannary.web.custody.models import Lot
from stannary.web.entities import operations as entities
from stannary.web.entities import queries as entity_queries
from stannary.web.entities.models import Disclosure
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.register import charts, effects, queries

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 6, 1)
NORTH = "urn:stannary:achievement:example-north-mine"


@pytest.fixture
def registrar(demonstration: None) -> Person:
    """Give somebody of the secretariat, with the demonstration's chain and certificates."""
    return Person.objects.get(username="registrar")


def refused(do: Callable[[], object]) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        do()
    return [finding.code for finding in refusal.value.findings]


def clerk_of(slug: str) -> Person:
    person = Person.objects.create_user(f"of-{slug}")
    those = Organisation.objects.get(slug=slug)
    Role.objects.create(person=person, organisation=those, kind="clerk")
    return person


def test_the_register_stands_on_one_page(registrar: Person, clerk: Person, client: Client) -> None:
    custody_demo.load_books()
    claims_demo.load(clerk=clerk)
    page = client.get("/register/").content.decode()
    for text in ("EXAMPLE-COC-4", "Illustrative pack line", "L-2041", "books of July", "<svg"):
        assert text in page
    french = client.get("/fr/register/").content.decode()
    assert "lot L-2041" in french
    found = client.get("/api/v1/register").json()
    assert found["claims_in_force"] == 1
    assert found["proof"]["holds"]
    assert [one["id"] for one in found["suspensions"]] == ["EXAMPLE-COC-2"]
    assert "EXAMPLE-COC-2" in b"".join(client.get("/data/suspensions.csv")).decode()


@pytest.mark.either_database
def test_the_chart_and_the_totals_of_a_mine_add_up_from_their_files(
    registrar: Person, client: Client
) -> None:
    custody_demo.load_books()
    assert "/data/credits-by-mine.csv" in client.get("/register/").content.decode()
    (bar,) = json.loads(b"".join(client.get("/data/credits-by-mine.json")))["credits-by-mine"]
    assert bar["used_mg"] + bar["in_force_mg"] + bar["expired_mg"] == 60 * 10**6
    site = Site.objects.get(slug="example-north-mine")
    found = queries.material_of(site)
    assert found is not None
    address = "/register/mines/example-north-mine/"
    assert "--forward --movements" in client.get(address).content.decode()
    lots = json.loads(b"".join(client.get(f"{address}lots.json")))["lots"]
    for where, total in (("held", found.held_mg), ("under way", found.under_way_mg)):
        those = [one for one in lots if one["where"] == where]
        assert 0 <= total - sum(one["of_mine_mg"] for one in those) < max(1, len(those))
        assert all(
            abs(Fraction(one["share"]) * one["left_content_mg"] - one["of_mine_mg"]) <= 1
            for one in those
        )
    assert client.get("/register/mines/nowhere/lots.csv").status_code == 404


def test_an_empty_register_says_so(client: Client) -> None:
    page = client.get("/register/").content.decode()
    assert "No claim is in force" in page
    assert "Nothing is booked yet" in page
    assert client.get("/api/v1/register").json()["proof"] is None


@pytest.mark.parametrize(
    ("since", "touched"), [(datetime.date(2026, 3, 17), 0), (datetime.date(2026, 3, 16), 1)]
)
def test_a_suspension_touches_what_was_booked_from_its_day_on(
    registrar: Person, clerk: Person, since: datetime.date, touched: int, client: Client
) -> None:
    claims_demo.load(clerk=clerk)
    if touched:
        entities.change_status(
            actor=registrar,
            number="EXAMPLE-COC-4",
            status="withdrawn",
            on=since,
            reason="No books.",
        )
        _one, found = effects.effect_of("certificate", "EXAMPLE-COC-4")
        assert "L-2041" in {one.lot for one in found.lots}
        assert [one.holds for one in found.claims] == [False]
        page = client.get("/register/suspensions/certificate/EXAMPLE-COC-4/").content.decode()
        assert "Example Cells" in page
        assert "not shown" in page
        assert "made it" in page
        for on, lot, claim in ((15, 0, 0), (16, 1, 0), (20, 1, 1)):
            page = client.get(
                f"/register/suspensions/certificate/EXAMPLE-COC-4/?on=2026-03-{on}"
            ).content.decode()
            assert ("had not begun" in page) == (not lot)
            assert page.count('<th scope="row"><a href="/lots/L-2041/">') == lot
            assert page.count(">L-2041</a>, Example Cells: supported") == claim
    else:
        one, found = effects.effect_of("certificate", "EXAMPLE-COC-2")
        assert (one.since, found.lots) == (datetime.date(2026, 9, 1), ())


def test_a_suspended_level_takes_its_share_out_of_lots(registrar: Person, client: Client) -> None:
    row = Achievement.objects.get(achievement_id=NORTH)
    at = datetime.datetime(2026, 1, 6, tzinfo=datetime.UTC)
    for on, status in ((10, "suspended"), (20, "in_force")):
        StatusChange.objects.create(
            achievement=row, on=datetime.date(2026, 1, on), status=status, reason="A flood.", at=at
        )
    one, found = effects.effect_of("achievement", NORTH)
    assert (one.until, one.whose) == (datetime.date(2026, 1, 20), "Example North Mine")
    assert "L-2041" in {each.lot for each in found.lots}
    page = client.get(f"/register/suspensions/achievement/{NORTH}/")
    assert "A flood." in page.content.decode()


def test_credits_lose_what_backs_them(registrar: Person, client: Client) -> None:
    custody_demo.load_books()
    row = Achievement.objects.get(achievement_id=NORTH)
    StatusChange.objects.create(
        achievement=row,
        on=datetime.date(2026, 4, 1),
        status="withdrawn",
        reason="A flood.",
        at=datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC),
    )
    _one, found = effects.effect_of("achievement", NORTH)
    (credit,) = found.credits
    assert (credit.credits.id, credit.missing_mg) == ("CR-1", 60 * 10**6)
    assert credit.credits.held == {"Example North Mining": 35 * 10**6, "Example Cells": 15 * 10**6}
    address = f"/register/suspensions/achievement/{NORTH}/"
    page = client.get(address).content.decode()
    assert '<a href="/credits/CR-1/">CR-1</a>' in page
    assert "Example Cells holds 15\N{NO-BREAK SPACE}kg" in page
    assert "10\N{NO-BREAK SPACE}kg used up for Illustrative pack line" in page
    file = b"".join(client.get(f"{address}effect.json"))
    told = [(one["kind"], one["who"]) for one in json.loads(file)["effect"]]
    assert told.count(("credit", "Example Cells")) == 1
    assert ("lot", "Example Refining") in told
    assert client.get(f"{address}effect.xlsx").status_code == 404
    assert "CR-1</a>" not in client.get(f"{address}?on=2026-03-31").content.decode()


def test_a_suspended_certificate_reaches_claims_that_rest_on_an_account(
    registrar: Person, clerk: Person
) -> None:
    custody_demo.load_books()
    lot = next(one for one in Lot.objects.filter(model=Model.MASS_BALANCE) if one.holder)
    clerk_there = clerk_of(Organisation.objects.get(name=lot.holder).slug)
    made = make_claim(
        actor=clerk_there,
        lot_id=lot.lot_id,
        wording="BALANCE-SHARE-AT-LEVEL",
        standard="stannary/open-mining/0.1",
        level="OPEN-50",
        share=Fraction(1, 10),
        element="lithium",
        made_on=datetime.date(2026, 11, 22),
        valid_until=datetime.date(2027, 12, 1),
    )
    entities.change_status(
        actor=registrar,
        number="EXAMPLE-COC-4",
        status="withdrawn",
        on=datetime.date(2026, 1, 2),
        reason="No books.",
    )
    _one, found = effects.effect_of("certificate", "EXAMPLE-COC-4")
    (one,) = found.claims
    assert one.made.claim.id == made.claim_id.urn
    assert one.supported_before >= Fraction(1, 10) > one.supported_after
    assert not one.holds


def test_what_was_not_suspended_has_no_effect() -> None:
    assert refused(lambda: effects.effect_of("certificate", "COC-Z")) == ["PARTY-001"]


def test_a_resumed_certificate_ends_its_suspension(registrar: Person) -> None:
    entities.change_status(
        actor=registrar,
        number="EXAMPLE-COC-2",
        status="in_force",
        on=datetime.date(2026, 10, 1),
        reason="They came.",
    )
    (one,) = effects.suspensions()
    assert (one.since, one.until) == (datetime.date(2026, 9, 1), datetime.date(2026, 10, 1))


# Where a mine's material went


def material() -> queries.Material:
    found = queries.material_of(Site.objects.get(slug="example-north-mine"))
    assert found is not None
    return found


def say(slug: str, shown: str, *, quantities: bool = False) -> None:
    person = Person.objects.filter(username=f"of-{slug}").first() or clerk_of(slug)
    entities.disclose(actor=person, entity=slug, shown=shown, quantities=quantities)


def test_what_was_produced_is_held_under_way_or_gone(registrar: Person, client: Client) -> None:
    found = material()
    parts = found.held_mg + found.under_way_mg + found.gone_mg
    assert found.produced_mg == parts == 560 * 10**6
    assert found.under_way_mg == 70 * 10**6
    assert all(one.content_mg is None for one in found.went)
    page = client.get("/register/mines/example-north-mine/").content.decode()
    assert "Example Cells" in page
    assert "Portugal" in page
    link = client.get("/sites/example-north-mine/").content.decode()
    assert "/register/mines/example-north-mine/" in link


def test_each_holder_decides_what_is_shown(registrar: Person, client: Client) -> None:
    say("example-cells", "country")
    say("example-trading-house", "hidden")
    say("example-refining", "name", quantities=True)
    first, second, last = material().went
    assert (first.holder, first.content_mg is None) == ("Example Refining", False)
    assert (second.holder, second.country, second.lots) == ("", "DK", None)
    assert (last.holder, last.country, last.materials) == ("", "", "")
    page = client.get("/register/mines/example-north-mine/").content.decode()
    assert "Example Cells" not in page
    assert "Denmark" in page
    assert all("Example Cells" not in str(one) for one in proof_rows(None))


def test_one_silent_holder_is_not_given_away_by_the_sum(registrar: Person) -> None:
    say("example-trading-house", "name", quantities=True)
    say("example-refining", "name", quantities=True)
    assert [one.content_mg for one in material().went] == [None, None, None]
    say("example-cells", "name", quantities=True)
    shown = [one.content_mg for one in material().went]
    assert None not in shown
    assert abs(sum(mg or 0 for mg in shown) - material().held_mg) < len(shown)


def test_a_mine_without_material_says_so(registrar: Person, client: Client) -> None:
    Site.objects.create(slug="empty", name="Empty", country="IS", illustrative=True)
    assert "No material of this mine" in client.get("/register/mines/empty/").content.decode()


@pytest.mark.parametrize(
    ("shown", "quantities", "codes"),
    [
        ("name", True, []),
        ("name", False, []),
        ("country", False, []),
        ("country", True, ["ENTITY-007"]),
        ("hidden", True, ["ENTITY-007"]),
        ("castle", False, ["ENTITY-007"]),
    ],
)
def test_quantities_are_told_only_with_the_name(
    registrar: Person, shown: str, quantities: bool, codes: list[str]
) -> None:
    person = clerk_of("example-cells")

    def act() -> object:
        return entities.disclose(
            actor=person, entity="example-cells", shown=shown, quantities=quantities
        )

    if codes:
        assert refused(act) == codes
    else:
        act()
        assert entity_queries.shown_by_name()["Example Cells"].quantities is quantities


def test_only_clerks_of_an_entity_say_what_is_shown(registrar: Person) -> None:
    other = clerk_of("example-refining")

    def hide(by: Person) -> object:
        return entities.disclose(actor=by, entity="example-cells", shown="hidden", quantities=False)

    assert refused(lambda: hide(registrar)) == ["PARTY-001"]
    assert refused(lambda: hide(other)) == ["PARTY-001"]
    assert not Disclosure.objects.exists()


def proof_of(client: Client) -> dict[str, dict[str, Any]]:
    found = client.get("/api/v1/register").json()["proof"]
    return {one["entity"]: one for one in found["entities"]}


@pytest.mark.either_database
def test_the_proof_tells_quantities_of_those_who_allow_it_and_a_sum_of_the_others(
    registrar: Person, client: Client
) -> None:
    whole = {one["entity"]: one for one in books.proof()[0]["entities"]}  # type: ignore[index]
    say("example-cells", "hidden")
    say("example-refining", "name", quantities=True)
    page = client.get("/credits/").content.decode()
    assert "Example Cells" not in page
    assert "not shown one by one, together" in page
    told = proof_of(client)
    assert "Example Cells" not in told
    assert told["Example Refining"] == whole["Example Refining"]
    assert (
        told["Example Trading House"]["terms"] is told["Example Trading House"]["lots_mg"] is None
    )
    assert told["Example Trading House"]["holds"]
    others = [one for name, one in whole.items() if name != "Example Refining"]
    assert int(told[""]["lots_mg"]) == sum(int(one["lots_mg"]) for one in others)
    assert int(told[""]["terms"]["received"]) == sum(
        int(one["terms"]["received"]) for one in others
    )


@pytest.mark.either_database
def test_one_silent_entity_is_not_given_away_by_the_proof(
    registrar: Person, client: Client
) -> None:
    for those in Organisation.objects.filter(name__in=list(proof_of(client))):
        if those.slug != "example-cells":
            say(those.slug, "name", quantities=True)
    told = proof_of(client)
    assert {name for name, one in told.items() if one["terms"] is not None} == {""}


@pytest.mark.either_database
def test_a_sum_of_one_silent_holder_is_not_shown(registrar: Person, client: Client) -> None:
    Lot.objects.exclude(holder__in=("", "Example Cells")).update(left_content_mg=0)
    address = "/register/mines/example-north-mine/"
    assert material().alone
    page = client.get(address).content.decode()
    assert "keeps its quantity to itself" in page
    assert "<dt>Held</dt>" not in page
    say("example-cells", "name", quantities=True)
    assert "<dt>Held</dt>" in client.get(address).content.decode()


@pytest.mark.either_database
def test_who_hides_its_name_has_no_stock_for_others(
    registrar: Person, client: Client, sign_in: Callable[[Person], Client]
) -> None:
    addresses = (
        "/stock/example-cells/",
        "/stock/example-cells/lots.csv",
        "/stock/example-cells/movements.json",
        "/api/v1/stock/example-cells/lots",
        "/api/v1/stock/example-cells/movements",
    )
    plant = "/facilities/example-cell-plant/"
    assert "L-2041" in client.get(plant).content.decode()
    say("example-cells", "country")
    seen = client.get(plant).content.decode()
    assert "does not let pages add up" in seen
    assert "L-2041" not in seen
    own, rival = (
        sign_in(Person.objects.get(username="of-example-cells")),
        clerk_of("example-refining"),
    )
    for browser, status in ((client, 404), (sign_in(rival), 404), (own, 200)):
        assert {browser.get(one).status_code for one in addresses} == {status}
    assert sign_in(registrar).get(addresses[0]).status_code == 200
    assert "/stock/example-cells/" not in client.get("/stock/").content.decode()
    assert "/stock/example-refining/" in client.get("/stock/").content.decode()


# The desk


def test_a_clerk_sees_stock_claims_and_what_ends(
    registrar: Person, clerk: Person, sign_in: Callable[[Person], Client]
) -> None:
    custody_demo.load_books()
    refining = sign_in(clerk_of("example-refining"))
    page = refining.get("/workspace/example-refining/").content.decode()
    for text in ("C-601", "Mass balance", "Certificates cover", "No offer is open"):
        assert text in page
    own = sign_in(clerk).get("/workspace/example-cells/").content.decode()
    for text in ("L-2041", "37.5", "CR-2", "Controlled blending"):
        assert text in own
    for code, mass in (("OPEN 75", "375"), ("OPEN 50", "500"), ("no level", "125")):
        assert re.search(rf"{code}</span> {mass}\N{{NO-BREAK SPACE}}kg", own)


def test_a_desk_shows_thousands_of_lots_a_page_at_a_time_and_what_is_wrong_with_its_remedy(
    registrar: Person, clerk: Person, sign_in: Callable[[Person], Client]
) -> None:
    custody.book_as_register(rows=[lot(n) for n in range(30)])
    client = sign_in(clerk)
    client.post("/stock/example-cells/files/", {"file": io.BytesIO(b"event,at\nE,x\n")})
    entities.change_status(
        actor=registrar, number="EXAMPLE-COC-5", status="withdrawn", on=DAY, reason="No books."
    )
    late = [replace(lot(n), at=lot(n).at + datetime.timedelta(days=60)) for n in (31, 32)]
    custody.book_as_register(rows=late)

    first = client.get("/workspace/example-cells/").content.decode()
    assert first.count("/lots/more-") == 24  # and L-2041
    assert "lots 1 to 25 of 33" in first
    assert "kg" in first.split("Controlled blending: ")[1][:40]
    second = client.get("/workspace/example-cells/?page=2").content.decode()
    assert second.count("/lots/more-") == 8
    assert first.split("Controlled blending: ")[1][:40] in second
    assert first.count("CUSTODY-073</a>") == 1
    assert first.count("event: more-3") == 2
    assert "What to do: " in first
    assert re.search(r"\d problems?, (each )?with its remedy", first)


@pytest.mark.parametrize(
    ("today", "told"), [(datetime.date(2026, 9, 2), 0), (datetime.date(2026, 9, 3), 1)]
)
def test_the_end_of_a_period_is_told_ahead(
    registrar: Person, today: datetime.date, told: int
) -> None:
    custody_demo.load_books()
    custody.keep_again(today=datetime.date(2026, 6, 1))
    those = Organisation.objects.get(slug="example-refining")
    now = datetime.datetime.combine(today, datetime.time(), tzinfo=datetime.UTC)
    endings = queries.desk(those, now, today).endings
    assert len(endings) == told
    assert [one.days for one in endings] == [120] * told


def test_a_desk_is_for_its_own_clerks(
    registrar: Person, clerk: Person, sign_in: Callable[[Person], Client]
) -> None:
    assert Client().get("/workspace/example-cells/").status_code == 302
    assert sign_in(registrar).get("/workspace/example-cells/").status_code == 404
    assert sign_in(clerk).get("/workspace/example-refining/").status_code == 404
    assert sign_in(clerk).get("/workspace/nobody/").status_code == 404
    said = sign_in(clerk).post("/workspace/example-cells/", {"shown": "country"})
    assert said.headers["Location"] == "/workspace/example-cells/"
    wrong = sign_in(clerk).post("/workspace/example-cells/", {"shown": "x"})
    assert wrong.status_code == 422
    page = sign_in(clerk).get("/workspace/example-cells/").content.decode()
    assert "only the country" in page


def lot(number: int) -> Row:
    at = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
    given: dict[str, Any] = {"model": Model.CONTROLLED_BLENDING}
    return Row(
        event=f"more-{number}", at=at, kind=Kind.PURCHASE, site="example-cell-plant",
        entity="Example Cells", lot=f"more-{number}", side=Side.OUT, material="lithium carbonate",
        mass_mg=10**6, content_mg=10**5, **given,
    )  # fmt: skip


def test_the_pages_take_as_many_queries_for_many(
    registrar: Person, clerk: Person, sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(clerk)
    addresses = (
        "/register/",
        "/register/mines/example-north-mine/",
        "/stock/example-cells/",
        "/workspace/example-cells/",
    )

    def count() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        return found

    few = count()
    custody.book_as_register(rows=[lot(n) for n in range(30)])
    entities.change_status(
        actor=registrar, number="EXAMPLE-COC-3", status="suspended", on=DAY, reason="No books."
    )
    assert count() == few


def test_a_chart_starts_at_zero_and_names_are_escaped() -> None:
    drawn = charts.stacked([charts.Bar("<b>", (1, 1, 0)), charts.Bar("c", (0, 0, 1))], title="T")
    assert "&lt;b&gt;" in drawn
    assert f'width="{(charts.WIDTH - charts.LABEL) // 2}"' in drawn
    assert charts.stacked([charts.Bar("c", (0, 0, 0))], title="T") == ""
