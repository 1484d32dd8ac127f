"""With scripts switched off everything can be read, checked, and even rated."""

import re

import pytest
from playwright.sync_api import Page, expect

from journeys.register import Register
from stannary.web.claims.models import Claim

PHONE = 360


@pytest.mark.either_database
def test_all_is_readable_and_ratable_without_scripts(register: Register) -> None:
    register.expected = ("status of 422",)
    page = register.visitor(PHONE, scripts=False)

    from_the_map_to_a_mine(page)
    through_a_standard(page)
    from_a_result_to_its_check(page)
    from_a_lot_to_its_claim(page)
    paste_a_credential(page)
    register.sign_in(page, "auditor")
    rate_a_chapter_by_form(page)

    assert register.complaints == []


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def from_the_map_to_a_mine(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("mine")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Mines").click()
    heading(page, "Mines")
    expect(page.locator("table.sites")).to_contain_text("Unki")
    drawn = page.locator("#map > svg:visible")
    drawn.get_by_role("link", name=re.compile(r"^11 sites: Amandelbult")).click()
    expect(page.locator("#map")).to_contain_text("Show the whole world")
    drawn.get_by_role("link", name=re.compile("^Balama: IRMA 50")).click()
    heading(page, "Balama")
    page.goto("/sites/?country=ZW")
    page.locator("table.sites").get_by_role("link", name="Unki").click()
    heading(page, "Unki")
    expect(page.locator("table.cycle")).to_be_visible()
    expect(page.locator("ol.timeline")).to_be_visible()


def through_a_standard(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Standards").click()
    page.get_by_role("main").get_by_role("link", name="Open Mining").first.click()
    heading(page, "Open Mining")
    page.locator(".tree summary").first.click()
    page.get_by_label("Find a requirement by number or word").fill("1.1.1.1")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Breaches of law are corrected in time").click()
    heading(page, "Breaches of law are corrected in time")
    expect(page.locator(".demand")).to_be_visible()


def from_a_result_to_its_check(page: Page) -> None:
    page.goto("/results/")
    page.get_by_role("link", name="Example North Mine").first.click()
    heading(page, "Example North Mine")
    expect(page.locator("#why + ol")).to_contain_text("The lowest principle decides")
    page.get_by_label("Critical").select_option("yes")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text(re.compile("^1[0-5] of 115 requirements"))).to_be_visible()


def from_a_lot_to_its_claim(page: Page) -> None:
    page.goto("/lots/")
    page.get_by_role("link", name="L-2041", exact=True).click()
    heading(page, "L-2041")
    expect(page.get_by_role("region", name="Origins")).to_contain_text("Example North Mine")
    expect(page.locator("svg.sankey:visible")).to_be_visible()
    page.get_by_role("link", name="At least 37.5 %").click()
    heading(page, "At least 37.5 %")
    expect(page.locator("svg.qr")).to_be_visible()
    page.get_by_role("link", name="Check this claim").click()
    expect(page.locator(".verdict[role=status]")).to_contain_text("It holds")


def paste_a_credential(page: Page) -> None:
    token = Claim.objects.get().file.partition("data:application/vc+jwt,")[2].partition('"')[0]
    page.goto("/verify/")
    page.get_by_label("Or paste its text").fill(token)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".verdict[role=status]")).to_contain_text(
        "It holds, as far as it could be checked"
    )
    page.get_by_label("Or paste its text").fill("{ this is no claim }")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not a file that can be checked")


def rate_a_chapter_by_form(page: Page) -> None:
    page.get_by_role("link", name="Rate Example Ridge", exact=True).click()
    row = page.locator('[data-requirement="1.4.2.3"]')
    save = page.get_by_role("button", name="Save chapter 1.4")
    row.get_by_role("radio", name="not relevant").check()
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved, because of 1 row")
    expect(row.get_by_role("radio", name="not relevant")).to_be_checked()
    row.get_by_role("radio", name="fully").check()
    save.click()
    expect(page.get_by_role("status")).to_contain_text("1 rating saved.")
    expect(row.get_by_role("radio", name="fully")).to_be_checked()
    expect(page.locator("#foot")).to_contain_text("2 not rated")
    page.get_by_role("link", name="Next not rated: 2.6.2.1").click()
    expect(page.locator('[data-requirement="2.6.2.1"]')).to_be_in_viewport()
    page.get_by_role("checkbox", name="not rated").check()
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("table.found")).to_contain_text("2 of 115 requirements")
    page.get_by_role("link", name=re.compile("^4.6.2.3")).click()
    expect(page.get_by_role("button", name="Save chapter 4.6")).to_be_visible()
