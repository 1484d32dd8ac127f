"""Pages, files and API of lots."""

import datetime
import re
import shlex
import time
from dataclasses import replace
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.cli import main
from stannary.core.custody import Kind, Row, Side
from stannary.web.custody import flows, operations, queries, views
from stannary.web.parties.facilities import demo as facilities
from stannary.web.parties.models import Facility, Organisation, Person

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.django_db
def test_the_lot_shows_its_origins_with_level_share_and_what_is_unknown(
    demonstration: None, client: Client
) -> None:
    page = client.get("/lots/L-2041/").content.decode()

    shown = (
        "Example South Mine", "OPEN 75", "Unknown origin", "illustrative", "4 steps", "17 lots", "Controlled blending",
        "CLAIM-007", "up to 37.5 %", "5\N{NO-BREAK SPACE}310\N{NO-BREAK SPACE}kg",
        "50\N{NO-BREAK SPACE}%", "37.5\N{NO-BREAK SPACE}%", "12.5\N{NO-BREAK SPACE}%",
    )  # fmt: skip
    for text in shown:
        assert text in page
    assert "Make a claim" not in page


@pytest.mark.django_db
def test_the_lot_speaks_french(demonstration: None, client: Client) -> None:
    assert client.get("/fr/lots/L-2041/").status_code == 200
    assert client.get("/fr/lots/").status_code == 200


@pytest.mark.django_db
def test_the_trace_is_the_contract_s_with_the_level_of_the_day(
    demonstration: None, client: Client
) -> None:
    for address in ("/api/v1/lots/L-2041/trace", "/lots/L-2041/trace.json"):
        found = client.get(address).json()
        assert found["lot"] == "L-2041"
        assert found["content_mg"] == "1000000000"
        assert [(one["site"], one["level"], one["share"]) for one in found["origins"]] == [
            ("example-south-mine", "OPEN-50", "0.500000000000"),
            ("example-north-mine", "OPEN-75", "0.375000000000"),
        ]
        assert found["unknown_share"] == "0.125000000000"
        assert (found["lots"], found["events"], found["depth"]) == (17, 9, 4)
    made = found["origins"]
    address = "/api/v1/lots/L-2041/trace?as_of="
    assert client.get(f"{address}2026-12-31").json()["origins"] == made
    assert client.get(f"{address}2026-01-01").status_code == 404
    assert client.get(f"{address}soon").status_code == 422


@pytest.mark.django_db
def test_flows_into_the_lot_add_up_to_the_whole(demonstration: None) -> None:
    found = queries.traced("L-2041")

    drawing = flows.drawing_of(found.chain, "L-2041")

    origins = [node for node in drawing.nodes if node.column == 0]
    assert sum(node.share for node in origins) == 1
    into = [flow.share for flow in drawing.flows if flow.target == "lot L-2041"]
    assert sum(into) == 1
    middle = [node for node in drawing.nodes if node.kind == "step"]
    for node in middle:
        assert sum(f.share for f in drawing.flows if f.target == node.key) == node.share


@pytest.mark.django_db
def test_lots_are_listed_found_and_downloaded(demonstration: None, client: Client) -> None:
    assert "L-2041" in client.get("/lots/?q=2041").content.decode()
    assert "No lot fits" in client.get("/lots/?q=nothing-like-it").content.decode()
    assert client.get("/lots/?page=nonsense").status_code == 200
    assert client.get("/lots/unknown/").status_code == 404
    assert client.get("/lots/unknown/trace.json").status_code == 404
    lots = client.get("/data/lots.json").getvalue()
    assert b'"L-2041"' in lots
    movements = client.get("/data/movements.csv").getvalue()
    assert movements.startswith(b"event,at,kind")
    assert client.get("/data/movements.json").status_code == 404
    assert client.get("/lots/L-2041/movements.csv").content.startswith(b"event,at,kind")


@pytest.mark.django_db
def test_the_mine_s_page_lists_the_lots_that_carry_its_material(
    demonstration: None, client: Client
) -> None:
    page = client.get("/sites/example-north-mine/").content.decode()

    assert "/lots/L-2041/" in page


@pytest.mark.parametrize(
    "lot", ["L-2041", "--help", "-x", "a b/c", "it's; rm -rf $HOME", "`id`", "é<b>&?x=1#y", "a\\b"]
)
def test_the_command_beside_a_lot_asks_for_that_lot_and_does_nothing_else(lot: str) -> None:
    program, *words = shlex.split(views.check_command(lot), comments=True)
    asked = main.build_parser().parse_args(words)
    assert (program, words[0]) == ("stannary", "trace")
    assert (asked.lots, asked.movements) == ([lot], "movements.csv")


@pytest.mark.django_db
@pytest.mark.either_database
def test_a_lot_is_told_as_it_was_known_on_a_day(client: Client) -> None:
    made = Row(event="E1", at=START, kind=Kind.PURCHASE, site="plant", entity="Example", lot="A",
               side=Side.OUT, material="ore", mass_mg=10**6, content_mg=10**5)  # fmt: skip
    later = START + datetime.timedelta(days=40)
    restated = replace(made, event="E2", at=later, kind=Kind.CORRECT, account="E1", content_mg=3 * 10**5)  # fmt: skip
    operations.book_as_register(rows=[made, restated])

    before = client.get("/lots/A/?on=2026-02-09").content.decode()
    assert "as was known at the end of 9\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2026" in before
    assert "0.1\N{NO-BREAK SPACE}kg" in before
    assert "0.3\N{NO-BREAK SPACE}kg" not in before
    assert "What may be said" not in before.replace("What may be said of the lot", "")
    assert b",100000," in client.get("/lots/A/movements.csv?on=2026-02-09").content
    assert client.get("/lots/A/trace.json?on=2026-02-09").json()["content_mg"] == "100000"
    for address in (
        "/lots/A/",
        "/lots/A/?on=2026-02-10",
        "/lots/A/?on=no-day",
        "/lots/A/?on=2100-01-01",
    ):
        page = client.get(address).content.decode()
        assert "0.3\N{NO-BREAK SPACE}kg" in page
    assert client.get("/lots/A/?on=2025-12-31").status_code == 404


@pytest.mark.django_db
def test_every_flow_of_the_drawing_stands_in_a_table(demonstration: None, client: Client) -> None:
    page = client.get("/lots/L-2041/").content.decode()
    assert "The 10 flows of the drawing" in page
    assert re.search(r"Unknown origin</th><td[^>]*>Example Trading House, 6", page)


@pytest.mark.django_db
def test_hostile_names_are_shown_as_text(client: Client) -> None:
    name = "<script>alert(1)</script>"
    operations.book_as_register(
        rows=[
            Row(event="E1", at=START, kind=Kind.PRODUCE, site=name, entity=name, lot="L\"'<b>",
                side=Side.OUT, material=name, mass_mg=10, content_mg=10)
        ]
    )  # fmt: skip

    for address in ("/lots/", "/lots/L%22'%3Cb%3E/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def wide_chain(ancestors: int, name: str) -> list[Row]:
    """A lot that is blended out of many, in layers of ten."""

    def row(event: str, hour: int, kind: Kind, side: Side, lot: str, mass_mg: int) -> Row:
        return Row(event=event, at=START + datetime.timedelta(hours=hour), kind=kind, site=f"site-{lot}",
                   entity="Example", lot=lot, side=side, material="ore", mass_mg=mass_mg, content_mg=mass_mg)  # fmt: skip

    count = ancestors // 2
    rows = []
    for n in range(count):
        rows.append(row(f"{name}p{n}", 0, Kind.PRODUCE, Side.OUT, f"{name}p{n}", 1000))
        rows.append(row(f"{name}t{n}", 1, Kind.TRANSFORM, Side.IN, f"{name}p{n}", 1000))
        rows.append(row(f"{name}t{n}", 1, Kind.TRANSFORM, Side.OUT, f"{name}t{n}", 900))
    rows += [row(name, 2, Kind.BLEND, Side.IN, f"{name}t{n}", 900) for n in range(count)]
    rows.append(row(name, 2, Kind.BLEND, Side.OUT, name, 900 * count))
    return rows


@pytest.mark.django_db
@pytest.mark.untraced
def test_a_lot_with_a_thousand_ancestors_answers_in_200_ms_with_fixed_queries(
    client: Client,
) -> None:
    operations.book_as_register(rows=wide_chain(10, "small") + wide_chain(1000, "large"))
    small = CaptureQueriesContext(connection)
    with small:
        client.get("/lots/small/")
    times = []
    for _ in range(5):
        with CaptureQueriesContext(connection) as large:
            begin = time.process_time()  # of this process: others may use the machine, too
            answer = client.get("/lots/large/")
            times.append(time.process_time() - begin)

    assert answer.status_code == 200
    assert len(large) == len(small)
    assert len(large) <= 12
    assert min(times) < 0.2, times
    assert "1001 lots" in answer.content.decode()
    assert queries.traced("large").trace.origins[0].share == Fraction(1, 500)


@pytest.mark.django_db
def test_the_places_of_a_lot_lead_to_its_entities_facilities(
    demonstration: None, client: Client, secretary: Person
) -> None:
    facilities.load(by=secretary)
    page = client.get("/lots/L-2041/").content.decode()

    for slug, name in (
        ("example-port", "Example Port"),
        ("example-refinery", "Example Refinery"),
        ("example-cell-plant", "Example Cell Plant"),
    ):
        assert f'<a href="/facilities/{slug}/">{name}</a>' in page
    assert page.count("Where it lies") == 1
    there = client.get("/facilities/example-cell-plant/").content.decode()
    assert '<a href="/lots/L-2041/">L-2041</a>' in there
    assert "lies here" in there
    assert "with Example Cells" in client.get("/facilities/example-refinery/").content.decode()
    assert "used up" in client.get("/facilities/example-port/").content.decode()
    Facility.objects.update(organisation=Organisation.objects.get(slug="example-assurance"))
    strangers = client.get("/lots/L-2041/").content.decode()
    assert "/facilities/example-" not in strangers  # a like id of somebody else is another place
