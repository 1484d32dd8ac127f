"""The notebook in the field, in a real browser: no network, a killed browser, two who answer."""

import base64
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, BrowserType, Locator, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from stannary.web.assessments import queries
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.operations import rate
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.notebook.models import Note
from stannary.web.parties.models import Person

# The browser is driven by a loop in this thread, and Django asks whether that is meant.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.untraced,
    pytest.mark.either_database,
]
PASSPHRASE = "a lamp, a rope and a canary"
PHRASE = "The ventilation door hung open"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
ONE, TWO = "1.1.1.1", "1.1.1.2"
Opened = Callable[[str], BrowserContext]


@pytest.fixture
def address(live_server: LiveServer, settings: Settings, audit: Assessment) -> str:
    settings.ORIGIN = live_server.url
    return f"{live_server.url}/notebook/{audit.pk}/"


@pytest.fixture
def opened(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, object],
    live_server: LiveServer,
    auditor: Person,
    tmp_path: Path,
) -> Iterator[Opened]:
    """Open a browser with a profile of its own on the disk, with the auditor signed in."""
    running: list[BrowserContext] = []

    def start(profile: str) -> BrowserContext:
        context = browser_type.launch_persistent_context(
            str(tmp_path / profile),
            **browser_type_launch_args,  # type: ignore[arg-type]  # the plugin's own
            viewport={"width": 360, "height": 720},
            has_touch=True,
            reduced_motion="reduce",
        )
        client = Client()
        client.force_login(auditor)
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        running.append(context)
        return context

    yield start
    for context in running:
        with suppress(PlaywrightError):  # one of them was killed
            context.close()


def kill(profile: Path) -> None:
    """End the browser with this profile as a power cut would: no page is asked, nothing is closed."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in line and b"--type=" not in b" ".join(line):
            os.kill(int(process.name), signal.SIGKILL)


def held(file: Path) -> bytes:
    """Give what a file holds: nothing, if what outlived the browser for a moment put it away."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def begin(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Passphrase, at least 12").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.locator("#site")).to_have_text("Example Pit")
    expect(page.locator("#facts")).to_contain_text("opens without a network")


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Open", exact=True).click()


def card(page: Page, requirement: str) -> Locator:
    return page.locator(f'[data-requirement="{requirement}"]')


def say(page: Page, requirement: str, rating: str, reason: str) -> None:
    one = card(page, requirement)
    one.get_by_label("Reason").fill(reason)
    one.get_by_role("radio", name=rating, exact=True).check()
    expect(one.locator(".kept")).to_have_text(re.compile("^(Saved on this device|Sent)"))


def unsent(page: Page, n: int) -> None:
    expect(page.locator("#unsent")).to_have_text(f"{n} not sent" if n else "All is sent")


def raw(page: Page) -> str:
    """Give everything that lies in the browser's stores as one text, bytes as letters."""
    return str(
        page.evaluate(
            """async () => {
              const said = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const asked of await cache.keys()) said.push(asked.url, await (await cache.match(asked)).text());
              }
              const db = await new Promise((done) => {
                const asked = indexedDB.open("stannary-notebook");
                asked.onsuccess = () => done(asked.result);
              });
              const letters = (value) => value instanceof Uint8Array ? String.fromCharCode(...value.subarray(0, 100000)) : value;
              for (const store of db.objectStoreNames) {
                const rows = await new Promise((done) => {
                  const asked = db.transaction(store).objectStore(store).getAll();
                  asked.onsuccess = () => done(asked.result);
                });
                said.push(store, JSON.stringify(rows, (_name, value) => letters(value)));
              }
              db.close();
              return said.join("\\n");
            }"""
        )
    )


def test_written_below_ground_killed_opened_again_and_sent(
    address: str, opened: Opened, audit: Assessment, tmp_path: Path
) -> None:
    context = opened("phone")
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 64.1466, "longitude": -21.9426, "accuracy": 8.2})
    page = context.new_page()
    begin(page, address)
    unsent(page, 0)
    context.set_offline(True)
    page.reload()  # from the service worker
    expect(page.get_by_role("heading", name="The notebook is locked")).to_be_visible()
    unlock(page, "not the passphrase")
    expect(page.locator("#lock .error")).to_contain_text("not the passphrase")
    unlock(page)
    expect(page.locator("#net")).to_have_text("No network")

    say(page, ONE, "partially", PHRASE)
    one = card(page, ONE)
    one.get_by_text("Add a note or photo").click()
    one.locator("input[type=file]").set_input_files(
        {"name": "door.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    one.get_by_label("Note").fill("Door 4, seen from the shaft")
    one.get_by_label("with the place").check()
    expect(one.locator(".where")).to_have_text("within 9 m")
    one.get_by_role("button", name="Keep").click()
    unsent(page, 2)
    one.get_by_text("Add a note or photo").click()
    one.get_by_label("Note").fill("Typed and not kept")
    stored = raw(page)
    assert "entry:" in stored  # the names of records may be read, and
    for secret in (PHRASE, "Door 4", "Example Pit", "partially\\", PASSPHRASE):
        assert secret not in stored
    card(page, TWO).get_by_label("Reason").fill("Typed just before the power went")
    expect(card(page, TWO).locator(".kept")).to_have_text(re.compile("^Saved on this device"))
    kill(tmp_path / "phone")
    files = {one: held(one) for one in (tmp_path / "phone").rglob("*") if one.is_file()}
    assert len([one for one in files.values() if one]) > 20
    for form in (PHRASE.encode(), PHRASE.encode("utf-16-le")):
        assert not [one.name for one, data in files.items() if form in data]

    page = opened("phone").new_page()
    page.context.set_offline(True)
    page.goto(address)
    unsent(page, 3)  # told before it is opened
    unlock(page)
    expect(card(page, ONE).get_by_label("Reason")).to_have_value(PHRASE)
    expect(card(page, TWO).get_by_label("Reason")).to_have_value("Typed just before the power went")
    expect(card(page, ONE).get_by_label("Note")).to_have_value("Typed and not kept")
    page.context.set_offline(False)
    unsent(page, 0)  # sent as soon as there is a network

    said = queries.newest_records([audit])[audit.pk][ONE]
    assert (str(said.rating), said.rationale) == ("partially", PHRASE)
    photo = EvidenceVersion.objects.get()
    note = Note.objects.get()
    assert (photo.visibility, photo.requirements) == ("auditor_only", [ONE])
    assert (note.evidence, note.text) == (photo.item, "Door 4, seen from the shaft")
    assert (note.place, note.clock_ahead_s) == ("geo:64.14660,-21.94260;u=9", 0)


def test_two_who_answer_the_same_are_asked_and_a_lost_answer_is_no_second_one(
    address: str, opened: Opened, audit: Assessment, colleague: Person
) -> None:
    page = opened("laptop").new_page()
    begin(page, address)
    page.context.set_offline(True)
    say(page, ONE, "fully", "I saw it.")
    rate(
        actor=colleague,
        assessment_id=audit.pk,
        requirement_id=ONE,
        rating="not_met",
        rationale="Nothing was there.",
        seen=None,
    )
    page.context.set_offline(False)
    one = card(page, ONE)
    expect(one.locator(".trouble")).to_contain_text("colleague rated this “not met”")
    expect(one.locator(".trouble")).to_contain_text("Nothing was there.")
    expect(one.locator(".trouble")).to_contain_text("I saw it.")
    unsent(page, 1)
    assert RatingRecord.objects.count() == 1
    one.get_by_role("button", name="Send mine instead").click()
    unsent(page, 0)
    assert [x.rating for x in RatingRecord.objects.order_by("id")] == ["not_met", "fully"]

    one.get_by_text("Add a note or photo").click()
    one.get_by_label("with the place").click()  # nobody allowed it
    expect(one.locator(".where")).to_contain_text("was refused")
    page.evaluate(FULL)
    card(page, TWO).get_by_label("Reason").fill("There is no room for this")
    expect(card(page, TWO).locator(".trouble")).to_contain_text("no room left")
    expect(card(page, TWO).locator(".kept")).to_have_text("")
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    unsent(page, 0)

    # a reason is missing: refused, with its rule, and the text stays
    say(page, TWO, "not relevant", "")
    expect(card(page, TWO).locator(".trouble")).to_contain_text("RATING-004")
    unsent(page, 1)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/**", lose)
    say(page, TWO, "partially", "Half of it.")
    one.get_by_label("Note").fill("Said by the foreman")
    one.get_by_role("button", name="Keep").click()
    expect(page.locator("#net")).to_have_text("No network")
    unsent(page, 2)
    page.unroute("**/api/v1/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    unsent(page, 0)
    assert RatingRecord.objects.filter(requirement_id=TWO).count() == 1
    assert Note.objects.count() == 1


def test_a_second_copy_opens_elsewhere_with_a_clock_that_is_wrong_and_in_two_tabs(
    address: str, opened: Opened, audit: Assessment, tmp_path: Path, colleague: Person
) -> None:
    page = opened("old").new_page()
    begin(page, address)
    page.context.set_offline(True)
    say(page, ONE, "substantially", PHRASE)
    page.get_by_text("Second copy, storage, lock").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save a second copy").click()
    copy = tmp_path / "copy.json"
    saving.value.save_as(copy)
    assert json.loads(copy.read_text())["lock"]["rounds"] >= 600_000
    assert PHRASE not in copy.read_text()

    context = opened("new")
    page = context.new_page()
    page.clock.install(time="2026-01-01T00:00:00Z")
    page.goto(address)
    page.get_by_text("Bring one back").click()
    page.get_by_label("File of the second copy").set_input_files(copy)
    unlock(page)
    expect(page.locator("#tells")).to_contain_text("The clock of this device is")
    unsent(page, 0)
    said = queries.newest_records([audit])[audit.pk][ONE]
    assert (str(said.rating), said.rationale) == ("substantially", PHRASE)
    assert said.at.year >= 2026
    assert said.at > audit.opened_at

    other = context.new_page()
    other.goto(address)
    unlock(other)
    context.set_offline(True)
    expect(card(other, TWO)).to_be_visible()
    say(page, TWO, "fully", "Said in one tab")
    expect(card(other, TWO).get_by_label("Reason")).to_have_value("Said in one tab")
    unsent(other, 1)

    # somebody else signs in: nothing of the first is sent as theirs
    client = Client()
    client.force_login(colleague)
    value = client.cookies["sessionid"].value
    context.add_cookies(
        [{"name": "sessionid", "value": value, "url": address.partition("/notebook")[0]}]
    )
    context.set_offline(False)
    expect(other.locator("#tells")).to_contain_text("another account than colleague")
    unsent(other, 1)
    context.clear_cookies()
    other.get_by_role("button", name="Send now").click()
    expect(other.get_by_role("link", name="Sign in")).to_be_visible()
    unsent(other, 1)
    assert not RatingRecord.objects.filter(requirement_id=TWO).exists()


def test_clock_and_queue_judge_at_their_limits_and_a_browser_that_lacks_something_is_told(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/notebook/")
    expect(page.locator("#shelf .none")).to_be_visible()
    found = page.evaluate((Path(__file__).parent / "judged.js").read_text())

    assert found["ahead"] == [-120, 0, 122]
    assert found["unknown"] == [None, None]
    assert found["wrong"] == [False, False, True, True, False]
    assert found["day"] == ["2026-11-22", "2026-11-21", "2026-11-22"]
    assert found["waits"] == ["a", None, "a", None]
    assert found["goesOn"] == [8, None, "a"]
    assert found["conflict"] == ["b", "conflict", 9, "a"]
    assert found["back"] == {"put": [], "drop": ["b"]}
    assert found["again"] == [["unsent", 0]]
    assert found["means"] == [
        "done",
        "later",
        "later",
        "signedOut",
        "signedOut",
        "notThere",
        "refused",
        "refused",
    ]
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(f"{live_server.url}/fr/notebook/")
    expect(page.locator("#missing")).to_contain_text("une connexion sûre (https)")
    expect(page.locator("#missing").get_by_role("link")).to_have_attribute(
        "href", "/fr/assessments/"
    )
