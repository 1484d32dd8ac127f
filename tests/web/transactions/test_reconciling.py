"""Reconciliation: with who books here, and with a statement that was handed in."""

import csv
import datetime
import io
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from refusals import refused_by
from stannary.core.custody import Kind, Row, Side
from stannary.core.transactions import StepKind
from stannary.web.custody.operations import book_as_register
from stannary.web.parties.models import Person
from stannary.web.transactions.models import CounterStatement
from stannary.web.transactions.operations import take_step
from web.transactions.conftest import NOW, ONE, Market, mined

PAGE = "/transactions/reconciliation/example-seller/"
API = "/api/v1/transactions/reconciliations/example-seller"
BEGIN, END = "2026-05-01", "2027-12-31"
ASKED = {"counterparty": "example-buyer", "begin": BEGIN, "end": END}


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def moved(kind: Kind, entity: str, at: datetime.datetime) -> Row:
    return Row(
        event=f"M-{kind}",
        at=at,
        kind=kind,
        site="example-yard",
        entity=entity,
        lot="L-2",
        side=Side.MOVE,
        material="tin concentrate",
        mass_mg=2000,
        content_mg=2000 // 3,
    )


def trades(market: Market) -> str:
    """Deliver 0.4 kg by an offer, and 2 g that arrive a day and two hours later; give the offer."""
    deal = market.offers(400_000)
    take_step(actor=market.ben, offer_id=deal.row.pk, kind=StepKind.ACCEPT, seen=1)
    later = NOW + ONE + datetime.timedelta(hours=2)
    arrived = moved(Kind.RECEIVE, "Example Buyer", later)
    book_as_register(rows=[mined("L-2", 2000), moved(Kind.SHIP, "Example Seller", NOW), arrived])
    return str(deal.row.pk)


def sent(client: Client, text: str, **other: str) -> Any:
    file = SimpleUploadedFile("march.csv", text.encode())
    return client.post(
        PAGE, {"with": "example-buyer", "begin": BEGIN, "end": END, "file": file} | other
    )


def test_what_two_booked_here_is_held_against_each_other_from_either_side(market: Market) -> None:
    deal = trades(market)

    said = browser(market.ann).get(API, ASKED).json()

    assert [(one["transaction"], one["quantity_mg"]) for one in said["agreed"]] == [
        (deal, "-400000")
    ]
    (found,) = said["differing"]
    assert (found["transaction"], found["difference_mg"]) == ("L-2 #1", "0")
    assert found["codes"] == ["TRANSACTION-026"]
    page = browser(market.ann).get(PAGE, {"with": "example-buyer", "begin": BEGIN, "end": END})
    text = page.content.decode()
    assert "they booked it 1 d 2 h later" in text
    assert f"/transactions/{deal}/" in text
    mirrored = browser(market.ben).get(
        "/api/v1/transactions/reconciliations/example-buyer",
        {**ASKED, "counterparty": "example-seller"},
    )
    assert [one["quantity_mg"] for one in mirrored.json()["agreed"]] == ["400000"]
    nobody = browser(market.ann).get(API, {**ASKED, "counterparty": "example-eve"}).json()
    assert (nobody["agrees"], nobody["agreed"]) == (True, [])


def test_a_statement_that_was_sent_is_held_against_ours_and_seen_by_us_alone(
    market: Market,
) -> None:
    deal = trades(market)
    client = browser(market.ann)
    blank = client.get(f"{PAGE}template.csv", {"with": "example-buyer", "begin": BEGIN, "end": END})
    assert {deal, "L-2 #1"} == {
        line.split(",")[0] for line in blank.content.decode().splitlines()[1:]
    }
    text = (
        "transaction,account,at,quantity_kg,counterparty\n"
        f"{deal},tin concentrate,2026-06-01,0.399999,\n"
        "INV-7,tin concentrate,2026-06-01,1,Example Seller\n"
        "INV-8,tin concentrate,2026-06-01,1,Somebody else\n"
    )

    done = sent(client, text)

    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for part in ("do not agree", "INV-7", "-0.000001 kg", "L-2 #1", "Only on our side"):
        assert part in page
    assert "INV-8" not in page
    assert "1 row of the file is not a line with you" in page
    row = CounterStatement.objects.get()
    said = client.get(f"{API}/{row.pk}").json()
    assert [one["transaction"] for one in said["only_ours"]] == ["L-2 #1"]
    assert [one["difference_mg"] for one in said["differing"]] == ["-1"]
    assert sent(client, text)["Location"] == done["Location"]
    assert browser(market.ben).get(done["Location"]).status_code == 404
    assert browser(market.ben).get(f"{API}/{row.pk}").status_code == 404
    assert row.name in client.get(PAGE).content.decode()


@pytest.mark.either_database
def test_what_cannot_be_held_against_ours_is_told(market: Market) -> None:
    client = browser(market.ann)
    head = "transaction,account,at,quantity_kg\n"

    assert "TRANSACTION-028" in sent(client, "a,b\n").content.decode()
    faulty = sent(client, f"{head}T1,tin,soon,1\n")
    assert (faulty.status_code, "line 2, column at" in faulty.content.decode()) == (422, True)
    line = "T1,tin,2026-06-01,1\n"
    assert "TRANSACTION-021" in sent(client, head + line + line).content.decode()
    assert "TRANSACTION-020" in sent(client, head + line, end="2026-04-30").content.decode()
    assert client.post(PAGE, {"with": "example-buyer"}).status_code == 422
    assert sent(client, head + line, **{"with": "example-seller"}).status_code == 404
    assert sent(browser(market.eve), head + line).status_code == 404
    assert client.get(PAGE, {"with": "nobody"}).status_code == 404
    wrong = client.get(PAGE, {"with": "example-buyer", "begin": END, "end": BEGIN})
    assert (wrong.status_code, "TRANSACTION-020" in wrong.content.decode()) == (422, True)
    assert not CounterStatement.objects.exists()


@pytest.mark.either_database
def test_a_program_hands_a_statement_in_once(market: Market) -> None:
    client = browser(market.ann)
    body = "transaction,account,at,quantity_mg\nT1,tin,2026-06-01T00:00:00Z,5\n"

    def post() -> Any:
        file = SimpleUploadedFile("a.csv", body.encode())
        headers = {"Idempotency-Key": "one"}
        return client.post(API, {**ASKED, "file": file}, headers=headers)

    first, second = post(), post()

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert client.get(first["Location"]).json() == first.json()
    assert [one["quantity_mg"] for one in first.json()["only_theirs"]] == ["5"]


def weighed(deal: str) -> list[Row]:
    """Of the 0.4 kg that were delivered, the buyer's scale shows 0.399 kg; of the 2 g 2.1 g."""
    part = Row(
        event="W-1",
        at=timezone.now(),
        kind=Kind.LOSS,
        site="example-yard",
        entity="Example Buyer",
        lot=f"L-1-{deal[:8]}",
        side=Side.IN,
        material="tin concentrate",
        mass_mg=1000,
        content_mg=1,
        period="weighing",
    )
    gain = replace(part, event="W-2", kind=Kind.PURCHASE, lot="L-2w", side=Side.OUT, mass_mg=100)
    return [part, replace(gain, period="weighing L-2")]


def test_what_scales_differ_by_has_a_column_in_statements_and_in_reconciliations(
    market: Market,
) -> None:
    deal = trades(market)
    beyond = [replace(one, mass_mg=2001) for one in weighed(deal)[:1]]
    assert refused_by(lambda: book_as_register(rows=beyond)) == "CUSTODY-099"
    book_as_register(rows=weighed(deal))
    ben, days = browser(market.ben), {"begin": BEGIN, "end": END}

    (account,) = ben.get("/api/v1/transactions/statements/example-buyer", days).json()["accounts"]
    assert (account["weighed_more_mg"], account["weighed_less_mg"]) == ("100", "1000")
    assert [
        (one["what"], one["weighing_mg"]) for one in account["lines"] if one["weighing_mg"]
    ] == [
        (f"weighed_less L-1-{deal[:8]}", "-1000"),
        ("weighed_more L-2w", "100"),
    ]
    page = ben.get("/transactions/statement/example-buyer/", days).content.decode()
    for part in ("Of that by weighing", f"weighed less L-1-{deal[:8]}", "weighed more L-2w"):
        assert part in page
    file = ben.get("/transactions/statement/example-buyer/statement.csv", days)
    heads, *rows = csv.reader(io.StringIO(b"".join(file).decode("utf-8-sig")))
    assert {row[heads.index("weighing_mg")].lstrip("'") for row in rows} == {"", "-1000", "100"}

    ann = browser(market.ann)
    held = ann.get(API, ASKED).json()
    assert [one["weighing_mg"] for one in held["agreed"]] == ["-1000"]
    assert [one["weighing_mg"] for one in held["differing"]] == ["100"]
    text = ann.get(PAGE, {"with": "example-buyer", **days}).content.decode()
    assert text.count("By weighing") == 4
    done = sent(ann, b"".join(ben.get(file.request["PATH_INFO"], days)).decode())
    shown = ann.get(done["Location"]).content.decode()
    assert "rows of the file are not lines with you" in shown
    assert "W-1" not in shown
    assert "L-2w" not in shown
