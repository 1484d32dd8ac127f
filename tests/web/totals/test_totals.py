"""Totals of a mine's material: entered once a day, proved to each holder, told to nobody else."""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from refusals import refused_by
from stannary.core.custody import Kind, Row, Side
from stannary.core.totals import check_receipt, total_of_entry
from stannary.core.verification import StepName
from stannary.web.custody import demo as custody_demo
from stannary.web.custody import operations as custody
from stannary.web.custody.models import Lot
from stannary.web.entities import operations as entities
from stannary.web.entities.models import EntityRecord
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.totals import keys, operations, queries, tasks
from stannary.web.totals.models import MineShare, MineTotal, TotalKeptBack
from stannary.web.transparency_log import queries as log
from stannary.web.transparency_log.models import LogEntry
from stannary.web.verification.checking import check

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
DAY = NOW.date()
NORTH = "example-north-mine"
PAGE = f"/register/mines/{NORTH}/"
OWN = f"/workspace/example-cells/totals/{NORTH}/{DAY}.json"


@pytest.fixture
def chain(db: None) -> None:
    """Book the demonstration's movements, without standards and certificates."""
    for slug in (NORTH, "example-south-mine"):
        Site.objects.create(slug=slug, name=slug, country="IS", illustrative=True)
    custody_demo.load()
    register = Person.objects.create_user("register")
    for one in Organisation.objects.exclude(kind="firm"):
        EntityRecord.objects.create(
            organisation=one, kind="trader", recorded_by=register, recorded_at=NOW
        )


@pytest.fixture
def clerk(chain: None) -> Person:
    """Give a clerk of an entity that holds some of it."""
    return clerk_of("example-cells")


@pytest.fixture
def total(chain: None) -> MineTotal:
    """Enter the total of the demonstration's mine."""
    found = operations.enter(mine=NORTH, now=NOW)
    assert found is not None
    return found


def clerk_of(slug: str) -> Person:
    person = Person.objects.create_user(f"of-{slug}")
    Role.objects.create(
        person=person, organisation=Organisation.objects.get(slug=slug), kind="clerk"
    )
    return person


def produced(number: int) -> Row:
    """Give a lot that the mine produced later."""
    at = datetime.datetime(2026, 5, number, tzinfo=datetime.UTC)
    return Row(
        event=f"more-{number}", at=at, kind=Kind.PRODUCE, site=NORTH,
        entity="Example North Mining", lot=f"more-{number}", side=Side.OUT,
        material="spodumene concentrate", mass_mg=10**6, content_mg=10**5,
    )  # fmt: skip


def test_a_total_is_what_the_public_lots_of_the_mine_add_up_to(
    total: MineTotal, client: Client
) -> None:
    lots = json.loads(b"".join(client.get(f"{PAGE}lots.json")))["lots"]
    sums = {
        where: sum(one["of_mine_mg"] for one in lots if one["where"] == where)
        for where in ("held", "under way")
    }
    shares = MineShare.objects.filter(total=total)

    assert (total.held_mg, total.under_way_mg) == (sums["held"], sums["under way"])
    assert total.total_mg == sum(share.sum_mg for share in shares) == sum(sums.values())
    assert total.total_mg <= total.produced_mg == 560 * 10**6
    assert total.under_way_mg == 70 * 10**6
    assert (total.day, total.leaves) == (DAY, 64)


def test_what_was_entered_is_in_the_log_and_on_the_page(total: MineTotal, client: Client) -> None:
    entry = log.entry_at(total.log_index)
    assert entry is not None
    stated = total_of_entry(entry)
    page = client.get(PAGE).content.decode()
    told = client.get(f"/api/v1/totals/{NORTH}").json()

    assert stated is not None
    assert stated.root.hex() == total.root == told["root"]
    assert total.root in page
    assert f"/log/entry/{total.log_index}" in page
    assert told["entry"] == entry.decode()
    assert told["total_mg"] == str(total.total_mg)
    assert client.get(f"/api/v1/totals/{NORTH}?on={DAY}").json() == told
    for address in (f"{NORTH}?on=2026-11-20", "example-south-mine", "nowhere"):
        assert client.get(f"/api/v1/totals/{address}").status_code == 404


def test_every_holder_has_a_receipt_that_holds(total: MineTotal) -> None:
    shares = list(MineShare.objects.filter(total=total))

    assert {"Example Cells", "Example Refining", "Example Trading House"} <= {
        share.holder for share in shares
    }
    for share in shares:
        assert check_receipt(queries.receipt_of(share)) == ()


def test_a_receipt_is_checked_on_the_page_against_the_log_as_it_is_now(
    total: MineTotal, clerk: Person, sign_in: Callable[[Person], Client]
) -> None:
    answer = sign_in(clerk).get(OWN)
    text = answer.content
    report = check(text, name="x.receipt.json", on=DAY)
    page = Client().post("/verify/", {"text": text.decode()}).content.decode()
    other = text.replace(b'"held"', b'"under way"', 1)

    assert f'filename="{NORTH}-{DAY}.receipt.json"' in answer["Content-Disposition"]
    assert report.summary == "It holds."
    assert "states no other total" in report.step(StepName.NOT_REVOKED).reason
    assert "of Example Cells are in the total of example-north-mine" in page
    assert not check(other, name="x", on=DAY).holds
    assert check(text.replace(b"mine-total/1", b"mine-total/2"), name="x", on=DAY).failed


@pytest.mark.either_database
def test_a_receipt_is_for_clerks_of_the_holder_alone(
    total: MineTotal, clerk: Person, secretary: Person, sign_in: Callable[[Person], Client]
) -> None:
    rival = clerk_of("example-refining")
    pages = ("/workspace/example-cells/totals/", OWN)
    program = f"/api/v1/totals/{NORTH}/receipts/example-cells"

    for person, status in ((rival, 404), (secretary, 404), (clerk, 200)):
        browser = sign_in(person)
        assert {browser.get(one).status_code for one in (*pages, program)} == {status}
    assert {Client().get(one).status_code for one in pages} == {302}
    assert Client().get(program).status_code == 401
    told = sign_in(clerk).get(program).json()
    assert json.loads(told["receipt"])["holder"] == told["holder"] == "Example Cells"
    assert "Receipts of totals" in sign_in(clerk).get("/workspace/example-cells/").content.decode()


@pytest.mark.either_database
def test_what_is_not_there_is_not_found(
    total: MineTotal, clerk: Person, sign_in: Callable[[Person], Client]
) -> None:
    own = sign_in(clerk)
    for name in (f"{NORTH}/2026-11-22", f"{NORTH}/2026-02-30", f"{NORTH}/2026-11-20", f"no/{DAY}"):
        assert own.get(f"/workspace/example-cells/totals/{name}.json").status_code == 404
    nobody = Organisation.objects.get(slug="example-south-mining")
    Role.objects.create(person=clerk, organisation=nobody, kind="clerk")
    assert "No total was" in own.get("/workspace/example-south-mining/totals/").content.decode()
    assert refused_by(lambda: queries.share_of(nobody, NORTH)) == "PARTY-001"


@pytest.mark.parametrize(("days", "booked", "entered"), [(0, 1, 0), (1, 0, 0), (1, 1, 1)])
def test_a_total_is_entered_once_a_day_if_something_moved(
    total: MineTotal, days: int, booked: int, entered: int
) -> None:
    custody.book_as_register(rows=[produced(n + 1) for n in range(booked)])
    later = NOW + datetime.timedelta(days=days)
    before = LogEntry.objects.count()

    assert (NORTH in queries.due(later.date(), 9)) is bool(entered)
    again = operations.enter(mine=NORTH, now=later) if booked else None

    assert (again is not None) is bool(entered)
    assert LogEntry.objects.count() == before + entered
    if again is not None:
        assert again.total_mg == total.total_mg + 10**5
        assert check_receipt(queries.receipt_of(total.shares.all()[0])) == ()  # the old one, too


@pytest.mark.either_database
def test_the_worker_enters_some_at_a_time(chain: None) -> None:
    every = queries.due(DAY, 9)
    assert NORTH in every
    assert operations.enter_due(now=NOW, most=1) <= 1
    assert len(queries.due(DAY, 9)) == len(every) - 1
    tasks.enter_today.call()
    assert not set(queries.due(datetime.date(2100, 1, 1), 9)) & set(every)
    assert operations.enter_due(now=NOW) == 0


@pytest.mark.either_database
def test_a_total_that_would_tell_what_one_silent_holder_has_is_kept_back(
    chain: None, client: Client
) -> None:
    Lot.objects.exclude(holder__in=("", "Example Cells")).update(left_content_mg=0)

    assert operations.enter(mine=NORTH, now=NOW) is None
    assert TotalKeptBack.objects.get().mine == NORTH
    assert NORTH not in queries.due(DAY, 9)
    assert "A total that can be proved" not in client.get(PAGE).content.decode()
    entities.disclose(
        actor=clerk_of("example-cells"), entity="example-cells", shown="name", quantities=True
    )
    assert operations.enter(mine=NORTH, now=NOW) is None  # of this day it is decided
    assert operations.enter(mine=NORTH, now=NOW + datetime.timedelta(days=1)) is not None


@pytest.mark.either_database
def test_what_is_booked_meanwhile_waits_and_what_is_gone_is_a_total_of_nothing(
    chain: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_seen = iter((1, 2))
    monkeypatch.setattr(queries, "last_movement", lambda: next(keys_seen))
    assert operations.enter(mine=NORTH, now=NOW) is None
    monkeypatch.undo()
    assert not MineTotal.objects.exists()
    assert NORTH in queries.due(DAY, 9)
    Lot.objects.update(left_content_mg=0)
    nothing = operations.enter(mine=NORTH, now=NOW)
    assert nothing is not None
    assert (nothing.total_mg, nothing.shares.count()) == (0, 0)
    assert nothing.gone_mg == nothing.produced_mg == 560 * 10**6


@pytest.mark.parametrize(("more", "code"), [(-1, "TOTAL-008"), (0, None), (1, None)])
@pytest.mark.either_database
def test_books_that_do_not_come_to_a_total_enter_nothing(
    chain: None, monkeypatch: pytest.MonkeyPatch, more: int, code: str | None
) -> None:
    found = queries.material_of(NORTH)
    assert found is not None
    total_mg = sum(lot.sum_mg for lots in found.lots.values() for lot in lots)
    wrong = replace(found, produced_mg=total_mg + more)
    real = queries.material_of
    monkeypatch.setattr(queries, "material_of", lambda one: wrong if one == NORTH else real(one))
    before = LogEntry.objects.count()

    assert refused_by(lambda: operations.enter_due(now=NOW)) == code

    entered = set(MineTotal.objects.values_list("mine", flat=True))
    assert entered == {
        "example-south-mine",
        *([] if code else [NORTH]),
    }  # the other one all the same
    assert LogEntry.objects.count() - before == len(entered)


@pytest.mark.parametrize(
    ("held_mg", "under_way_mg", "produced_mg", "stands"),
    [(4, 6, 10, True), (4, 6, 9, False), (4, 5, 10, False), (11, -1, 10, False)],
)
def test_the_database_holds_what_core_asks(
    held_mg: int, under_way_mg: int, produced_mg: int, stands: bool
) -> None:
    row = MineTotal(
        mine="x", day=DAY, at=NOW, last_movement=1, root="00" * 32, leaves=64, total_mg=10,
        held_mg=held_mg, under_way_mg=under_way_mg, produced_mg=produced_mg, log_index=0,
    )  # fmt: skip
    if stands:
        row.save()
        row.pk, row.log_index = None, 1  # a second one of the day
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.either_database
def test_a_receipt_needs_the_secret_with_which_its_total_was_entered(
    total: MineTotal, clerk: Person, sign_in: Callable[[Person], Client], monkeypatch: Any
) -> None:
    monkeypatch.setattr(keys, "secret", lambda: bytes(32))

    assert refused_by(lambda: queries.receipt_of(total.shares.all()[0])) == "TOTAL-010"
    assert sign_in(clerk).get(OWN).status_code == 422


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    first = keys.secret()
    file = tmp_path / "keys" / keys.NAME

    keys._make(file)  # another maker that came too late

    assert len(first) == 32
    assert bytes.fromhex(file.read_text()) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == [keys.NAME]


@pytest.mark.either_database
def test_pages_take_as_many_queries_for_many(
    total: MineTotal, clerk: Person, sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(clerk)
    address = "/workspace/example-cells/totals/"

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few = count()
    share = MineShare.objects.get(total=total, holder="Example Cells")
    for number in range(1, 20):
        total.pk, total.mine, total.log_index = None, f"mine-{number}", 1000 + number
        total.save()
        share.pk, share.total = None, total
        share.save()
    assert count() == few
    assert Site.objects.count() < 20
