"""Pages and addresses for programs: what each party sees, and what a form or a body does."""

import csv
import datetime
import io
import json
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stannary.core.transactions import State, StepKind
from stannary.web.custody.models import Lot
from stannary.web.parties.models import Facility, Person
from stannary.web.transactions import forms
from stannary.web.transactions.models import Offer
from stannary.web.transactions.operations import take_step
from web.transactions.conftest import KG, ONE, Market

LIST = "/transactions/"
MAKE = "/transactions/offer/"
API = "/api/v1/transactions"


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def tomorrow() -> str:
    return (timezone.localdate() + ONE).isoformat()


def offer(market: Market, **other: str) -> Any:
    sent = {"lot": "L-1", "buyer": "example-buyer", "mass_kg": "0.4", "until": tomorrow()}
    return browser(market.ann).post(MAKE, sent | other)


def answer(market: Market, who: Person, step: str, **other: str) -> Any:
    row = Offer.objects.get()
    sent = {"step": step, "seen": "1", "reason": "because of <b>", **other}
    return browser(who).post(reverse("transactions:step", args=[row.pk]), sent)


def test_an_offer_is_made_with_a_form_and_read_by_both(market: Market) -> None:
    done = offer(market, reason="as agreed")

    row = Offer.objects.get()
    assert done.headers["Location"] == reverse("transactions:page", args=[row.pk])
    assert row.quantity_mg == 400_000
    midnight = datetime.datetime.combine(timezone.localdate() + 2 * ONE, datetime.time())
    assert row.expires_at == timezone.make_aware(midnight)
    for who, text in ((market.ann, "Withdraw the offer"), (market.ben, "Accept a part")):
        page = browser(who).get(done.headers["Location"]).content.decode()
        assert "as agreed" in page
        assert text in page
        assert row.lot in browser(who).get(LIST).content.decode()


def test_what_is_wrong_with_an_offer_is_told_and_what_was_typed_stays(market: Market) -> None:
    done = offer(market, mass_kg="1.000001", reason="as agreed")

    page = done.content.decode()
    assert done.status_code == 422
    assert "TRANSACTION-011" in page
    assert "as agreed" in page
    assert 'value="1.000001"' in page
    assert Offer.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"mass_kg": "much"}, "CUSTODY-035"),
        ({"until": "soon"}, "TRANSACTION-003"),
        ({"until": "2020-01-01"}, "TRANSACTION-003"),
        ({"until": "9999-12-31"}, "TRANSACTION-012"),
        ({"mass_kg": ""}, ""),
    ],
)
def test_a_form_is_read_with_care(market: Market, sent: dict[str, str], code: str) -> None:
    done = offer(market, **sent)

    assert done.status_code == (422 if code else 302)
    assert code in done.content.decode()


@pytest.mark.either_database
def test_the_form_says_until_when_an_offer_may_stay_open_and_refuses_more_at_the_field(
    market: Market,
) -> None:
    page = browser(market.ann).get(MAKE).content.decode()
    last = datetime.date.fromisoformat(page.partition('max="')[2][:10])

    late = offer(market, until=(last + datetime.timedelta(days=2)).isoformat())

    assert f"Until {last:%-d %B %Y} at the latest" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "aria-invalid" not in page
    assert late.status_code == 422
    assert 'aria-describedby="until-help until-error" aria-invalid="true"' in late.content.decode()
    assert offer(market, until=last.isoformat()).status_code == 302


@pytest.mark.parametrize("hour", [0, 12, 22])
def test_the_last_day_of_an_offer_ends_within_the_days_allowed(hour: int) -> None:
    now = datetime.datetime(2026, 3, 1, hour, tzinfo=datetime.UTC)
    last = forms.last_day(now, 10)

    assert last is not None
    assert forms.end_of(last) - now <= datetime.timedelta(days=10)
    assert forms.end_of(last + datetime.timedelta(days=1)) - now > datetime.timedelta(days=10)
    assert forms.last_day(now, None) is None


@pytest.mark.parametrize("sent", [{"lot": "L-9"}, {"buyer": "nobody"}, {"lot": "L\x00"}])
def test_what_is_not_there_cannot_be_offered(market: Market, sent: dict[str, str]) -> None:
    assert offer(market, **sent).status_code == 404


def test_a_form_shows_what_is_free(market: Market) -> None:
    market.offers(400_000)
    free = "0.6 kg free of 1 kg"

    page = browser(market.ann).get(f"{MAKE}?lot=L-1").content.decode()

    assert free in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Example Buyer" in page
    assert '<option value="example-seller"' not in page
    assert "holds no lot" in browser(market.eve).get(MAKE).content.decode()


def test_a_part_is_accepted_with_a_form(market: Market) -> None:
    market.offers()

    done = answer(market, market.ben, "accept_part", mass_kg="0.25", site="dock")

    assert done.status_code == 302
    page = browser(market.ann).get(done.headers["Location"]).content.decode()
    assert "Accepted in part" in page
    assert "because of &lt;b&gt;" in page
    assert "received at dock" in page
    assert "Nothing: this is done." in page
    assert Lot.objects.get(holder="Example Buyer").left_mass_mg == 250_000


def test_a_refused_step_is_shown_beside_its_form(market: Market) -> None:
    market.offers()

    done = answer(market, market.ben, "accept_part", mass_kg="1")

    assert done.status_code == 422
    assert "TRANSACTION-009" in done.content.decode()


def test_who_comes_second_sees_what_happened(market: Market) -> None:
    market.offers()
    answer(market, market.ann, "withdraw")

    done = answer(market, market.ben, "accept")

    assert done.status_code == 409
    assert "TRANSACTION-006" in done.content.decode()
    assert "Withdrawn" in done.content.decode()


@pytest.mark.parametrize("step", ["", "offer", "steal"])
def test_no_other_step_is_there(market: Market, step: str) -> None:
    market.offers()

    assert answer(market, market.ben, step).status_code == 404


def test_others_find_nothing(market: Market) -> None:
    deal = market.offers()
    stranger = browser(market.eve)

    assert stranger.get(reverse("transactions:page", args=[deal.row.pk])).status_code == 404
    assert answer(market, market.eve, "accept").status_code == 404
    assert stranger.get("/transactions/statement/example-seller/").status_code == 404
    assert stranger.get(f"{API}/{deal.row.pk}").status_code == 404
    assert "Nothing has been offered" in stranger.get(LIST).content.decode()
    assert Client().get(LIST).status_code == 302


def test_who_waits_is_told_so(market: Market) -> None:
    deal = market.offers(buyer="example-eve")
    page = browser(market.eve).get(reverse("transactions:page", args=[deal.row.pk]))
    assert "Refuse" in page.content.decode()
    take_step(
        actor=market.eve, offer_id=deal.row.pk, kind=StepKind.REFUSE, seen=1, reason="made up"
    )
    after = browser(market.eve).get(reverse("transactions:page", args=[deal.row.pk]))
    assert "Nothing: this is done." in after.content.decode()


def test_a_statement_shows_opening_lines_and_closing(market: Market) -> None:
    deal = market.offers(400_000)
    take_step(actor=market.ben, offer_id=deal.row.pk, kind=StepKind.ACCEPT, seen=1)
    address = "/transactions/statement/example-seller/"
    today = timezone.localdate().isoformat()

    page = browser(market.ann).get(f"{address}?begin={today}&end={today}").content.decode()

    shown = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "tin concentrate" in shown
    assert "shipped L-1-" in shown
    assert str(deal.row.pk) in shown
    assert (
        "Nothing was ever booked"
        in browser(market.eve).get("/transactions/statement/example-eve/").content.decode()
    )


def test_a_period_that_is_none_is_told(market: Market) -> None:
    address = "/transactions/statement/example-seller/?begin=2026-02-01&end=2026-01-01"

    done = browser(market.ann).get(address)

    assert done.status_code == 422
    assert "TRANSACTION-020" in done.content.decode()


@pytest.mark.either_database
def test_two_periods_stand_side_by_side_on_the_page_and_in_tables(market: Market) -> None:
    year = timezone.localdate().year
    days = {"begin": f"{year - 1}-01-01", "end": f"{year - 1}-12-31"}
    days |= {"begin2": f"{year}-01-01", "end2": f"{year}-12-31"}
    ann, address = browser(market.ann), "/transactions/statement/example-seller/"

    page = ann.get(address, days).content.decode()
    rows = list(
        csv.DictReader(io.StringIO(ann.get(f"{address}statement.csv", days).getvalue().decode()))
    )
    book = openpyxl.load_workbook(io.BytesIO(ann.get(f"{address}statement.xlsx", days).content))
    alone = {**days, "begin2": "", "end2": ""}
    one = ann.get(f"{address}statement.csv", alone).getvalue().decode()

    assert "Side by side" in page
    assert f'value="{year}-12-31"' in page
    periods = [f"{year - 1}-01-01/{year - 1}-12-31", f"{year}-01-01/{year}-12-31"]
    assert all(f'<td data-label="Period">{period}</td>' in page for period in periods)
    assert [row["balance_mg"] for row in rows if row["what"] == "closing"][-1] == str(KG)
    assert [row["period"] for row in rows if row["what"] == "opening"] in (periods, periods[1:])
    assert [cell.value for cell in book["statement"][1]][-1] == "period"
    assert book["statement"].max_row == len(rows) + 1
    assert "period" not in one.splitlines()[0]
    assert ann.get(address, {**days, "end2": ""}).context["asked"]["end2"] == days["end2"]
    assert "Side by side" not in ann.get(address, alone).content.decode()


def test_a_statement_is_handed_out_as_a_table(market: Market) -> None:
    query = "?begin=2026-01-01&end=2026-12-31"
    address = "/transactions/statement/example-seller/statement"
    client = browser(market.ann)

    stream: Any = client.get(f"{address}.csv{query}")
    text = b"".join(stream.streaming_content).decode()
    sheet: Any = client.get(f"{address}.xlsx{query}")
    cells = openpyxl.load_workbook(io.BytesIO(sheet.content)).active

    assert [line.split(",")[2] for line in text.splitlines()] == [
        "what",
        "opening",
        "purchase L-1",
        "closing",
    ]
    assert text.splitlines()[-1].endswith(",1000000,,")
    assert cells is not None
    assert cells.max_row == 4
    assert client.get(f"{address}.pdf").status_code == 404


def post(client: Client, address: str, body: dict[str, object]) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def test_programs_offer_and_answer(market: Market) -> None:
    body: dict[str, object] = {
        "lot": "L-1",
        "buyer": "example-buyer",
        "quantity_mg": "1000",
        "expires_at": (timezone.now() + ONE).isoformat(),
    }

    made = post(browser(market.ann), API, body)

    assert made.status_code == 201
    address = made.headers["Location"]
    said = made.json()
    assert (said["state"], said["reserved_mg"], said["possible"]) == (
        "offered",
        "1000",
        ["withdraw"],
    )
    assert said["content_mg"] == "333"
    seen = browser(market.ben).get(address).json()
    assert seen["possible"] == ["accept", "accept_part", "refuse"]
    assert {**seen, "possible": []} == {**said, "possible": []}
    part: dict[str, object] = {
        "kind": "accept_part",
        "seen": 1,
        "quantity_mg": "10",
        "reason": "made up",
    }
    done = post(browser(market.ben), f"{address}/steps", part)
    assert done.status_code == 201
    assert (done.json()["state"], done.json()["accepted_mg"]) == (str(State.PARTLY_ACCEPTED), "10")
    late = post(
        browser(market.ann), f"{address}/steps", {"kind": "withdraw", "seen": 1, "reason": "x"}
    )
    assert (late.status_code, late.json()["code"]) == (409, "TRANSACTION-006")


def test_programs_page_through_transactions(market: Market) -> None:
    made = [str(market.offers(1000).row.pk) for _ in range(3)]
    client = browser(market.ann)

    first = client.get(f"{API}?limit=2").json()
    second = client.get(f"{API}?limit=2&cursor={first['next']}").json()

    found = [one["id"] for one in first["items"] + second["items"]]
    assert found == made[::-1]
    assert second["next"] is None
    assert Client().get(API).status_code == 401


def test_programs_read_statements(market: Market) -> None:
    address = f"{API}/statements/example-seller?begin=2026-01-01&end=2026-12-31"

    (account,) = browser(market.ann).get(address).json()["accounts"]

    assert (account["opening_mg"], account["came_in_mg"], account["closing_mg"]) == (
        "0",
        str(KG),
        str(KG),
    )
    assert [one["what"] for one in account["lines"]] == ["purchase L-1"]
    assert browser(market.eve).get(address).status_code == 404


def test_a_list_has_pages(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stannary.web.transactions.views.ROWS", 1)
    for _ in range(3):
        market.offers(1000)

    page = browser(market.ann).get(f"{LIST}?page=2").content.decode()

    assert "?page=1" in page
    assert "?page=3" in page


@pytest.mark.either_database
def test_a_list_is_narrowed_by_party_material_and_state(market: Market) -> None:
    market.offers(1000)
    market.offers(1000, buyer="example-eve")
    client = browser(market.ann)
    row = Offer.objects.get(buyer=market.buyer)
    take_step(actor=market.ann, offer_id=row.pk, kind=StepKind.WITHDRAW, seen=1, reason="made up")

    def shown(**asked: str) -> int:
        return client.get(LIST, asked).content.decode().count('<tr><th scope="row">')

    assert [
        shown(),
        shown(party="example-eve"),
        shown(material="tin concentrate"),
        shown(material="zinc"),
        shown(state="open"),
        shown(state="over"),
        shown(party="example-eve", state="over"),
    ] == [2, 1, 2, 0, 1, 1, 0]


@pytest.mark.either_database
def test_who_receives_is_offered_their_own_places(market: Market) -> None:
    Facility.objects.create(
        slug="example-dock",
        name="Dock",
        kind="warehouse",
        organisation=market.buyer,
        country="DK",
        illustrative=True,
        said_by=market.ben,
        said_at=timezone.now(),
    )
    deal = market.offers()

    page = browser(market.ben).get(reverse("transactions:page", args=[deal.row.pk]))

    assert '<option value="example-dock">Dock</option>' in page.content.decode()
