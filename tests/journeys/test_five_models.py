"""Five entities, five models: each books its own part, a claim in each model's words, a check.

Everything is made up. Five clerks sign in one after the other, each in a browser of their own, and
hand in what their entity did. Each product says what its model lets it say, one percent more is
refused, and what was signed holds on a machine without the register.
"""

import datetime
import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

import stannary
from journeys.register import PASSWORD, Register, wide
from stannary.web.entities import demo as certified
from stannary.web.entities import operations as entities
from stannary.web.entities.operations import CertificateSaid
from stannary.web.parties.facilities import demo as facilities_demo
from stannary.web.parties.facilities import operations as facilities
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.operations import ensure_organisation

FIVE = Path(stannary.__file__).parent / "data" / "demo" / "five_models.csv"
CAR = "SMALL-CAR-2026"
CELLS, CARS = "Cells", "Cars"
CHAIN = ("North Mining", "South Mining", "Refining", CELLS, CARS)
"""In the order of the material: whoever receives books after whoever shipped."""
WALK = (
    ("C-IP", "SHARE-AT-LEVEL", "100", "comes from sites"),
    ("C-SG", "SHARE-AT-LEVEL", "50", "comes from sites"),
    ("C-CB", "BLEND-SHARE-AT-LEVEL", "50", "is a blend"),
    ("C-MB", "BALANCE-SHARE-AT-LEVEL", "100", "this lot may hold none of it"),
    (CAR, "CREDIT-SHARE-AT-LEVEL", "50", "comes from elsewhere or from unknown mines"),
)


@pytest.fixture
def five(
    live_server: LiveServer, browser: Browser, settings: Settings, transactional_db: None
) -> Register:
    """Serve a register with the five entities, their certificates, and a clerk of each."""
    settings.ORIGIN = live_server.url
    settings.DEMONSTRATION = True
    cache.clear()
    for command in ("load_packs", "load_published", "demo"):
        call_command(command, stdout=io.StringIO())
    cars = ensure_organisation(name="Example Cars", kind="manufacturer", illustrative=True)
    by = Role.objects.filter(kind="secretariat")[0].person
    plant = replace(facilities_demo.FACILITIES[-1][2], name="Example Car Plant")
    slug = "example-car-plant"
    facilities.add_facility(actor=by, organisation=cars.slug, said=plant, slug=slug)
    entities.record_entity(actor=by, organisation=cars.slug, kind="brand")
    said = CertificateSaid(
        entity=cars.slug,
        kind="brand",
        sites=("example-car-plant",),
        materials=(certified.ORE, certified.CARBONATE),
        models=certified.ALL,
        valid_from=certified.BEGIN,
        valid_until=certified.END,
        issuer="example-scheme",
        number="EXAMPLE-COC-CARS",
    )
    entities.issue_certificate(actor=by, said=said)
    for name in CHAIN:
        clerk = Person.objects.create_user(clerk_of(name), password=PASSWORD)
        those = Organisation.objects.get(name=f"Example {name}")
        Role.objects.create(person=clerk, organisation=those, kind="clerk")
    return Register(url=live_server.url, browser=browser, expected=("status of 422",))


def clerk_of(name: str) -> str:
    return f"clerk-{slug_of(name)}"


def slug_of(name: str) -> str:
    return f"example-{name.lower().replace(' ', '-')}"


@pytest.mark.either_database
def test_five_models_from_five_clerks_to_claims_that_a_stranger_checks(
    five: Register, tmp_path: Path
) -> None:
    checks = []
    try:
        for name in CHAIN:
            page = five.visitor(1280)
            five.sign_in(page, clerk_of(name))
            book(page, tmp_path, name)
            for lot, words, percent, said in WALK:
                if name == (CARS if lot == CAR else CELLS):
                    look_at(page, lot, words)
                    claim(page, lot, words, percent, said)
                    checks.append(check(page, tmp_path, lot))
            five.sign_out(page)
    finally:
        five.close()
        said_of_all = [one.communicate()[0] for one in checks]

    assert five.complaints == []
    assert [one.returncode for one in checks] == [0] * len(WALK), said_of_all
    assert "FAIL" not in "".join(said_of_all)


def book(page: Page, folder: Path, name: str) -> None:
    """Hand in the part of an entity, read what it comes to, and confirm."""
    head, *lines = FIVE.read_text().replace(",CR-", ",FIVE-CR-").splitlines()
    at = "example-car-plant,Example Cars"
    bought, used = "lithium carbonate,60000000,10000000", "spodumene concentrate,5000000,5000000"
    lines.append(
        f"F-34,2026-04-30T08:00:00Z,purchase,{at},{CAR},out,{bought},book_and_claim,,,,made up"
    )
    lines.append(f"F-35,2026-05-02T08:00:00Z,retire,{at},FIVE-CR-2,in,{used},,,,2026,{CAR}")
    own = [line for line in lines if line.split(",")[4] == f"Example {name}"]
    file = folder / f"{slug_of(name)}.csv"
    file.write_text("\n".join([head, *own]) + "\n")
    page.goto(f"/stock/{slug_of(name)}/files/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name=re.compile(r"^Book \d+ movements")).click()
    expect(page.get_by_role("status")).to_be_visible()


def keys(page: Page, folder: Path) -> list[str]:
    """Take the issuer's document and the log's key along."""
    did, vkey = folder / "did.json", folder / "vkey"
    did.write_bytes(page.request.get("/.well-known/did.json").body())
    vkey.write_bytes(page.request.get("/log/vkey").body())
    return ["--trust", str(did), "--trust", str(vkey)]


def look_at(page: Page, lot: str, words: str) -> None:
    """Read the page of the lot; where books speak, nothing says that the material is inside."""
    page.goto(f"/lots/{lot}/")
    assert wide(page) <= 0
    if words.startswith(("BALANCE", "CREDIT")):
        expect(page.locator("main")).to_contain_text("the lot may hold none of it")
        sayable = page.locator("table.sayable")
        for row in sayable.locator("tbody tr").all():
            inside = (
                "comes from sites" in row.inner_text()
                or "are known and assessed" in row.inner_text()
            )
            assert not (inside and row.locator(".ok").count())


def claim(page: Page, lot: str, words: str, percent: str, said: str) -> None:
    """Say one percent more and be refused, then say what holds."""
    page.goto(f"/claims/new/{lot}/")
    ask_for(page, words, str(int(percent) + 1))
    alert = page.locator("[role=alert]").first
    expect(alert).to_contain_text("Nothing was signed")
    expect(alert).to_contain_text("CLAIM-005" if percent == "100" else "CLAIM-001")
    expect(alert).to_contain_text("Claim a share like" if percent == "100" else "Claim the share")
    ask_for(page, words, percent)
    expect(page.get_by_role("heading", level=1)).to_contain_text(said)


def ask_for(page: Page, words: str, percent: str) -> None:
    page.locator("#id_wording").select_option(words)
    page.locator("#id_level").select_option("stannary/open-mining/0.1|OPEN-75")
    page.locator("#id_share").fill(percent)
    page.locator("#id_element").fill("lithium")
    page.locator("main form button[type=submit]").first.click()


def check(page: Page, folder: Path, lot: str) -> subprocess.Popen[str]:
    """Check the claim file in a process that knows two small files and no server."""
    trust = keys(page, folder)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Claim file").click()
    file = folder / f"{lot}.claim.json"
    file.write_bytes(Path(waiting.value.path()).read_bytes())
    on = ["--on", datetime.datetime.now(datetime.UTC).date().isoformat()]
    command = [sys.executable, "-m", "stannary.cli.main", "verify", str(file), "--offline"]
    both = subprocess.STDOUT
    return subprocess.Popen([*command, *on, *trust], stdout=subprocess.PIPE, stderr=both, text=True)
