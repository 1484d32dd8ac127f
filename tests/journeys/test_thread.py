"""The whole thread, walked by people: a mine's page, a rating, a lot, a claim, a check.

With STANNARY_SCREENSHOTS=1 the pictures of the README are made on the way.
"""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.register import PICTURES, Register, wide
from stannary.cli.main import main

DESK, PHONE = 1280, 360
LAST = "4.6.2.3"


@pytest.mark.parametrize("width", [DESK, pytest.param(PHONE, marks=pytest.mark.either_database)])
def test_from_a_published_audit_to_a_claim_that_a_stranger_checks(
    register: Register, width: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # a conflict is answered with 409, a claim that says too much with 422
    register.expected = ("status of 409", "status of 422")
    page = register.visitor(width)

    find_a_mine(page)
    register.sign_in(page, "auditor")
    rate(page, register.visitor(width), register)
    publish(page)
    register.sign_out(page)
    follow_the_lot(page)
    register.sign_in(page, "clerk")
    file = claim(page, tmp_path)
    register.sign_out(page)
    check(page, file)
    check_on_ones_own_machine(page, file, capsys)

    assert register.complaints == []


def find_a_mine(page: Page) -> None:
    """Search, filter, open, and read where the mine stands in its cycle."""
    page.goto("/")
    menu(page, "Mines")
    page.get_by_label("Name, operator, country, material").fill("salar")
    page.get_by_label("Level", exact=True).select_option("IRMA-50")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#list")).to_contain_text("1 site of 28")
    page.get_by_role("main").get_by_role("link", name="Salar Plant, Salar de Atacama").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Salar Plant, Salar de Atacama")
    timeline = page.locator("ol.timeline")
    expect(timeline.locator("li.window")).to_contain_text("20 June 2024 – 20 December 2024")
    expect(timeline.locator("li.window")).to_contain_text("computed")
    expect(timeline.locator("li.due")).to_contain_text("20 June 2026")
    row = page.locator("table.cycle tr").filter(has_text="Initial audit report published, IRMA 50")
    expect(row).to_contain_text("20 June 2023")
    expect(row.get_by_role("link", name="globenewswire.com")).to_be_visible()
    expect(page.get_by_text("They are not statements of the scheme")).to_be_visible()
    shoot(page, "site")


def rate(page: Page, other: Page, register: Register) -> None:
    """Rate what is left, see the level move and why, and meet a colleague on the same row."""
    page.get_by_role("link", name="Rate Example Ridge", exact=True).click()
    foot = page.locator("#foot")
    expect(foot).to_contain_text("3 not rated")
    expect(foot).to_contain_text("pending")
    for name in ("1.4.2.3", "2.6.2.1"):
        show(page, name)
        say(page, name, "fully")
    expect(foot).to_contain_text("1 not rated")
    expect(page.locator('.jump [data-tally="1.4"] .tag')).to_have_count(0)

    show(page, LAST)
    register.sign_in(other, "colleague")
    other.get_by_role("link", name="Rate Example Ridge", exact=True).click()
    expect(requirement(other, LAST)).to_be_visible()
    say(other, LAST, "not met", why="The report for last year was never published.")
    expect(other.locator("#foot")).to_contain_text("all rated")

    row = requirement(page, LAST)
    choose(row, "substantially")
    expect(row).to_contain_text("colleague saved “not met” meanwhile")
    expect(row.get_by_role("button", name="Take theirs")).to_be_visible()
    reason(row, "Published this spring, after the visit, and read by us.")
    row.get_by_role("button", name="Save mine instead").click()
    expect(row).to_contain_text("Saved")

    expect(foot).to_contain_text("OPEN 75")
    critical = "1.1.1.1"
    show(page, critical)
    say(page, critical, "partially", why="Two breaches of the year before were left as they were.")
    expect(foot).to_contain_text(f"was OPEN 75 before {critical} partially")
    expect(foot).to_contain_text("a critical requirement is below “substantially”")
    assert "OPEN 75" not in foot.locator(".level").inner_text()
    shoot(page, "rate")
    say(page, critical, "substantially", why="Both breaches were corrected, one of them late.")
    expect(foot.locator(".level")).to_contain_text("OPEN 75")


def publish(page: Page) -> None:
    """Publish with intent, and take the result along as JSON, CSV and PDF."""
    page.locator("#foot").get_by_role("link", name="Why").click()
    page.get_by_role("link", name="Preview and publish").click()
    expect(page.get_by_text("it can never be changed or taken back")).to_be_visible()
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Publish for good").click()

    expect(page.get_by_role("status")).to_contain_text("Everybody can read and check it now")
    expect(page.get_by_role("heading", level=1)).to_have_text("Example Ridge")
    expect(page.locator("dl.facts")).to_contain_text("OPEN 75")
    result = json.loads(download(page, page.get_by_role("link", name="JSON, the bytes")))
    assert result["site"]["id"] == "example-ridge"
    assert result["score"]["level"]["code"] == "OPEN-75"
    said = {one["requirement"]: one["rating"] for one in result["verdicts"]}
    assert said[LAST] == "substantially"
    table = download(page, page.get_by_role("link", name="CSV, the ratings")).decode()
    assert f"{LAST},substantially" in table
    report = page.request.get(address(page.get_by_role("link", name="Report as PDF")))
    assert report.ok
    assert report.body().startswith(b"%PDF")


def follow_the_lot(page: Page) -> None:
    """Go from a product back to its mines; the shares stand in a table."""
    menu(page, "Materials")
    page.get_by_role("link", name="L-2041", exact=True).click()
    origins = page.get_by_role("region", name="Origins")
    for origin, share in (
        ("Example South Mine", "50"),
        ("Example North Mine", "37.5"),
        ("Unknown origin", "12.5"),
        ("Together", "100"),
    ):
        row = origins.locator("tr").filter(has_text=origin)
        expect(row).to_contain_text(re.compile(rf"(?<![\d.]){share}(\.0+)?\s%"))


def claim(page: Page, folder: Path) -> Path:
    """Say too much and be refused, say what holds, and take the claim file along."""
    menu(page, "Your work")
    page.get_by_role("link", name="Example Cells", exact=True).click()
    page.get_by_role("link", name="L-2041", exact=True).first.click()
    page.get_by_role("link", name="Make a claim").click()
    ask_for(page, "37.6")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This may not be said. Nothing was signed.")
    expect(alert).to_contain_text("CLAIM-001")
    expect(page.get_by_label("Share of the content, in percent")).to_have_value("37.6")
    ask_for(page, "37.5")

    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "At least 37.5 % of its contained lithium"
    )
    expect(page.locator("dl.facts")).to_contain_text("exactly 3/8")
    file = folder / "lot.claim.json"
    file.write_bytes(download(page, page.get_by_role("link", name="Claim file")))
    return file


def ask_for(page: Page, percent: str) -> None:
    page.get_by_label("Words", exact=True).select_option("BLEND-SHARE-AT-LEVEL")
    page.get_by_label("Level", exact=True).select_option("stannary/open-mining/0.1|OPEN-75")
    page.get_by_label("Share of the content, in percent").fill(percent)
    page.get_by_role("button", name="Sign and publish the claim").click()


def check(page: Page, file: Path) -> None:
    """Hand in the file as a stranger, whole and with one digit changed."""
    hand_in(page, file)
    verdict = page.locator(".verdict[role=status]")
    expect(verdict).to_contain_text("It holds.")
    expect(verdict).to_contain_text("At least 37.5 % of its contained lithium")
    steps = page.locator("ol.checks > li")
    expect(steps).to_have_class(["pass"] * 8)
    expect(steps.nth(3)).to_contain_text("Not withdrawn by its issuer")
    shoot(page, "verify")

    hand_in(page, one_digit_changed(file))
    expect(verdict).to_contain_text("It does not hold.")
    expect(verdict).to_contain_text("Do not rely on these words")
    expect(page.locator("ol.checks > li.fail").last).to_contain_text("Where: movements, line 2")


def check_on_ones_own_machine(page: Page, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Do the same with the command line, trusting two small files fetched before."""
    did, vkey = file.with_name("did.json"), file.with_name("vkey")
    did.write_bytes(page.request.get("/.well-known/did.json").body())
    vkey.write_bytes(page.request.get("/log/vkey").body())
    trust = ["--trust", str(did), "--trust", str(vkey), "--offline"]

    assert main(["verify", str(file), *trust]) == 0
    assert "holds" in capsys.readouterr().out
    assert main(["verify", str(one_digit_changed(file)), *trust]) == 1
    assert "movements, line 2" in capsys.readouterr().out


def one_digit_changed(file: Path) -> Path:
    """Write the file with a single digit of an enclosed movement changed."""
    text = file.read_text()
    assert "N-101,out,spodumene concentrate,5000000000,140000000" in text
    changed = text.replace(
        "N-101,out,spodumene concentrate,5000000000,140000000",
        "N-101,out,spodumene concentrate,5000000000,141000000",
        1,
    )
    assert sum(a != b for a, b in zip(text, changed, strict=True)) == 1
    forged = file.with_name("forged.claim.json")
    forged.write_text(changed)
    return forged


def hand_in(page: Page, file: Path) -> None:
    menu(page, "Check a claim")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Check", exact=True).click()


def menu(page: Page, name: str) -> None:
    """Follow a link of the main menu."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
    assert wide(page) <= 0


def requirement(page: Page, name: str) -> Locator:
    return page.locator(f'[data-requirement="{name}"]')


def show(page: Page, name: str) -> None:
    """Find a requirement by its number; its chapter opens at its row."""
    if not requirement(page, name).is_visible():
        page.get_by_label("Find a requirement by number or word").fill(name)
        page.get_by_role("button", name="Find", exact=True).click()
        expect(requirement(page, name)).to_be_in_viewport()


def choose(row: Locator, rating: str) -> None:
    row.get_by_role("radio", name=rating, exact=True).check()


def reason_of(row: Locator) -> Locator:
    return row.get_by_role("textbox", name="Reason")


def reason(row: Locator, text: str) -> None:
    """Write a reason, opening the fold where it is closed."""
    field = reason_of(row)
    if not field.is_visible():
        row.locator(".said > summary").click()
    field.fill(text)


def say(page: Page, name: str, rating: str, *, why: str = "") -> None:
    """Rate a requirement, with its reason first where it needs one."""
    row = requirement(page, name)
    if why:
        reason(row, why)
        reason_of(row).blur()
        expect(row).to_contain_text("Saved")
    choose(row, rating)
    expect(row).to_contain_text("Saved")
    expect(page.locator("#said")).to_contain_text(f"{name} {rating} saved")


def address(link: Locator) -> str:
    found = link.get_attribute("href")
    assert found
    return found


def download(page: Page, link: Locator) -> bytes:
    """Click a link to a file and give what it holds."""
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path()).read_bytes()


def shoot(page: Page, name: str) -> None:
    """Take a picture of what a desk shows; keep it for the README if that is asked for."""
    size = page.viewport_size
    page.evaluate("scrollTo(0, 0)")
    picture = page.screenshot(type="png")
    assert picture.startswith(b"\x89PNG")
    if size and size["width"] == DESK and os.environ.get("STANNARY_SCREENSHOTS") == "1":
        (PICTURES / f"{name}.png").write_bytes(picture)
