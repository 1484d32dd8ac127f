"""The books on the web: certificates mark, accounts and credits are kept, corrections restate."""

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.custody import Constant, CustodyRules, Kind, Model, Row, Side
from stannary.core.kernel import Mark, RefusalError
from stannary.core.transactions import PeriodStepKind
from stannary.web.custody import keeping, keeping_tasks, operations, queries, records, trial
from stannary.web.custody.books import queries as books
from stannary.web.custody.models import (
    AccountPeriod,
    Book,
    Carried,
    CreditHeld,
    CreditUse,
    Lot,
    Movement,
    Uncovered,
)
from stannary.web.entities import operations as entities
from stannary.web.entities import packs
from stannary.web.entities.operations import CertificateSaid
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.transactions import forms
from stannary.web.transactions.periods.operations import prepare, take_step

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 6, 1)
KG = 10**6
ALL = tuple(map(str, Model))


def row(event: str, day: int, kind: str, side: str, lot: str, kg: int, **more: Any) -> Row:
    given = {
        "event": event,
        "at": START + datetime.timedelta(days=day),
        "kind": Kind(kind),
        "site": "a-mine",
        "entity": "A Miner",
        "lot": lot,
        "side": Side(side),
        "material": "ore",
        "mass_mg": kg * KG,
        "content_mg": kg * KG,
    }
    return Row(**{**given, **more})


def mined(lot: str = "M", kg: int = 100, model: Model | None = Model.BOOK_AND_CLAIM) -> Row:
    more = {"attestation": "urn:a-level", "model": model}
    return row(f"P-{lot}", 0, "produce", "out", lot, kg, **more)


def booked(kg: int = 40, lot: str = "M", credit: str = "C-1", event: str = "B") -> list[Row]:
    more = {"model": Model.BOOK_AND_CLAIM}
    return [
        row(event, 1, "book", "in", lot, kg, **more),
        row(event, 1, "book", "out", credit, kg, **more),
    ]


def passed_on(
    kg: int = 10, event: str = "T", day: int = 2, at: datetime.datetime | None = None
) -> list[Row]:
    more: dict[str, Any] = {"model": Model.BOOK_AND_CLAIM}
    more |= {"at": at} if at else {}
    return [
        row(event, day, "transfer", "in", "C-1", kg, **more),
        row(event, day, "transfer", "out", f"C-{event}", kg, account="A Brand", **more),
    ]


def used_up(kg: int = 4, event: str = "R", note: str = "Product 7", **more: Any) -> Row:
    given = {"entity": "A Brand", "site": "an-office", "note": note, "period": "2026"}
    return row(event, 3, "retire", "in", "C-T", kg, model=Model.BOOK_AND_CLAIM, **{**given, **more})


def book(*rows: Row | Sequence[Row], today: datetime.date = TODAY) -> int:
    flat = [one for given in rows for one in ([given] if isinstance(given, Row) else given)]
    return operations.book_as_register(rows=flat, today=today)


def refused(do: Callable[[], object]) -> set[str]:
    with pytest.raises(RefusalError) as refusal:
        do()
    return {finding.code for finding in refusal.value.findings}


@pytest.fixture
def holders(secretary: Person) -> None:
    """Give certificates for everything to a miner and a brand."""
    Site.objects.create(slug="a-mine", name="A Mine", country="IS", illustrative=True)
    Site.objects.create(slug="an-office", name="An Office", country="IS", illustrative=True)
    for slug, name, kind, site in (
        ("a-miner", "A Miner", "mine", "a-mine"),
        ("a-brand", "A Brand", "brand", "an-office"),
    ):
        Organisation.objects.create(slug=slug, name=name, kind="trader", illustrative=True)
        entities.record_entity(actor=secretary, organisation=slug, kind=kind)
        certify(secretary, slug, kind, site)


def certify(by: Person, slug: str, kind: str, site: str, **more: Any) -> None:
    said = CertificateSaid(
        entity=slug,
        kind=kind,
        sites=(site,),
        materials=("ore", "metal"),
        models=ALL,
        valid_from=datetime.date(2026, 1, 1),
        valid_until=datetime.date(2028, 12, 31),
        issuer="example-scheme",
        number=f"COC-{slug}",
    )
    entities.issue_certificate(actor=by, said=replace(said, **more))


def test_credits_are_booked_passed_on_and_used_up_for_somebody(holders: None) -> None:
    book(mined(), booked(), passed_on(), used_up())

    left = dict(CreditHeld.objects.values_list("credit_id", "left_mg"))
    assert left == {"C-1": 30 * KG, "C-T": 6 * KG}
    passed = CreditHeld.objects.get(credit_id="C-T")
    assert (passed.holder, passed.booked_by, passed.parent) == ("A Brand", "A Miner", "C-1")
    use = CreditUse.objects.get()
    assert (use.beneficiary, use.quantity_mg, use.period) == ("Product 7", 4 * KG, "2026")
    assert sum(records.amounts_from(Carried.objects.get().amounts).values()) == 60 * KG
    proof = json.loads(Book.objects.get().proof)
    assert (proof["entered_mg"], proof["sayable_mg"]) == (str(100 * KG), str(100 * KG))
    assert Lot.objects.get().left_mass_mg == 100 * KG


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (booked(100), set()),
        (booked(101), {"CUSTODY-087"}),
        ([*booked(), *passed_on(40)], set()),
        ([*booked(), *passed_on(41)], {"CUSTODY-090"}),
        ([*booked(), *passed_on(), used_up(10)], set()),
        ([*booked(), *passed_on(), used_up(11)], {"CUSTODY-090"}),
        ([*booked(), *passed_on(), used_up(note="")], {"CUSTODY-092"}),
        ([*booked(), *passed_on(), used_up(content_mg=4 * KG - 1)], {"CUSTODY-088"}),
        ([*booked(), *passed_on(), used_up(entity="A Miner", site="a-mine")], {"CUSTODY-089"}),
        ([*booked(), *passed_on(), used_up(site="a-mine")], {"CUSTODY-072"}),
        (booked(credit="M"), {"CUSTODY-047"}),
    ],
)
def test_a_credit_act_that_does_not_hold_books_nothing(
    holders: None, rows: list[Row], codes: set[str]
) -> None:
    if codes:
        assert refused(lambda: book(mined(), rows)) == codes
        assert not Movement.objects.exists()
        assert not CreditHeld.objects.exists()
    else:
        assert book(mined(), rows) == 1 + len(rows)


@pytest.mark.parametrize(("day", "codes"), [(5, set()), (6, {"CUSTODY-091"})])
def test_a_credit_is_used_before_the_day_on_which_it_expires(
    holders: None, day: int, codes: set[str]
) -> None:
    book(mined(), booked())
    at = datetime.datetime(2028, 1, day, 8, tzinfo=datetime.UTC)
    late = passed_on(at=at)
    if codes:
        assert refused(lambda: book(late)) == codes
    else:
        assert book(late) == 5


def test_a_credit_and_a_lot_never_share_an_id(holders: None) -> None:
    book(mined(), booked())
    assert refused(lambda: book(mined("C-1"))) == {"CUSTODY-047"}
    stored = Movement.objects.get(lot="C-1")
    stored.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.save()


def test_what_a_certificate_does_not_cover_is_booked_and_counts_towards_nothing(
    holders: None, secretary: Person
) -> None:
    book(mined(model=Model.SEGREGATED), mined("N", model=None))
    assert queries.carried_by("M")
    assert not Uncovered.objects.exists()

    entities.change_status(
        actor=secretary,
        number="COC-a-miner",
        status="suspended",
        on=datetime.date(2026, 1, 5),
        reason="No books.",
    )
    assert queries.carried_by("M") == {}
    assert queries.carried_by("N")  # no model was named, so nobody asked
    mark = queries.marks_of(lots=["M"]).get()
    assert (mark.code, mark.entity, mark.event) == ("CUSTODY-073", "A Miner", "P-M")
    assert book(mined("O", model=Model.SEGREGATED)) == 3


@pytest.mark.parametrize(
    ("on", "covered"), [(datetime.date(2026, 1, 5), False), (datetime.date(2026, 1, 6), True)]
)
def test_the_certificate_on_the_day_of_the_movement_decides(
    holders: None, secretary: Person, on: datetime.date, covered: bool
) -> None:
    entities.change_status(
        actor=secretary, number="COC-a-miner", status="suspended", on=on, reason="No books."
    )
    book(mined(model=Model.SEGREGATED))
    assert bool(queries.carried_by("M")) is covered


def test_an_entity_without_certificate_books_and_may_say_nothing() -> None:
    book(mined(model=Model.SEGREGATED))
    assert queries.carried_by("M") == {}
    assert Uncovered.objects.get().code == "CUSTODY-072"


def balanced(kg_in: int, kg_out: int, event: str = "F", lot: str = "X") -> list[Row]:
    more = {"model": Model.MASS_BALANCE, "account": "A Plant"}
    rest = {"model": Model.MASS_BALANCE}
    found = [
        row(event, 1, "transform", "in", "M", kg_in, **more),
        row(event, 1, "transform", "out", lot, kg_out, material="metal", **more),
    ]
    if kg_in > kg_out:
        found.append(
            row(event, 1, "transform", "out", f"{lot}2", kg_in - kg_out, material="metal", **rest)
        )
    return found


def test_accounts_are_told_by_period_under_both_methods(holders: None) -> None:
    book(mined(model=Model.MASS_BALANCE), balanced(100, 40))

    credit, average = AccountPeriod.objects.order_by("method")
    assert (credit.method, average.method) == ("credit", "rolling_average")
    assert (credit.entered_mg, credit.given_mg, credit.closing_mg) == (100 * KG, 40 * KG, 60 * KG)
    assert (average.given_mg, average.content_in_mg) == (40 * KG, 100 * KG)
    assert not credit.closed
    assert sum(queries.carried_by("X").values()) == 40 * KG


@pytest.mark.either_database
def test_a_period_is_closed_with_the_deficit_that_the_pack_allows_and_no_more(
    holders: None, sign_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, shipped = member("own", "clerk", "a-miner"), packs.rules_on
    begin, end = (
        forms.begin_of(datetime.date(2026, 1, 1)),
        forms.end_of(datetime.date(2026, 12, 31)),
    )

    def allow(kg: int) -> None:
        @cache
        def rules_on(day: datetime.date, pack: str = packs.PACK) -> CustodyRules:
            said: dict[str, str | int] = {
                "overdraft_tolerance": "within_period",
                "overdraft_max_kg": 40,
                "closing_deficit_max_kg": kg,
            }
            more = {name: Constant(value, Mark.OWN, "illustrative") for name, value in said.items()}
            known = shipped(day, pack)
            return replace(known, constants={**known.constants, **more})

        monkeypatch.setattr(packs, "rules_on", rules_on)

    def prepared() -> None:
        prepare(actor=own, slug="a-miner", begin=begin, end=end, at=end)

    allow(0)
    bought = {"attestation": "", "model": Model.MASS_BALANCE}
    book(row("P", 0, "purchase", "out", "M", 100, **bought), balanced(100, 40))
    browser, address = sign_in(own), "/transactions/periods/a-miner/"
    for kg, refusal in ((0, True), (39, True), (40, False)):
        allow(kg)
        page = browser.get(address, {"begin": "2026-01-01", "end": "2026-12-31"}).content.decode()
        assert f"at most {kg}\N{NO-BREAK SPACE}kg on each" in page
        assert ("with it the period is not closed" in page) == refusal
        assert ("the rules let the period be closed with it" in page) != refusal
        if refusal:
            assert refused(prepared) == {"TRANSACTION-045"}
    prepared()
    allow(41)
    other = member("other", "clerk", "a-miner")
    take_step(
        actor=other,
        slug="a-miner",
        last=datetime.date(2026, 12, 31),
        kind=PeriodStepKind.CLOSE,
        at=end,
    )
    closed = browser.get("/api/v1/transactions/periods/a-miner/2026-12-31").json()
    assert (closed["state"], closed["balances"][0]["balance_mg"]) == ("closed", str(-40 * KG))


@pytest.mark.parametrize(
    ("today", "closed", "lapsing", "left"),
    [
        (datetime.date(2026, 12, 31), 0, 0, 60),
        (datetime.date(2027, 1, 1), 1, 60, 60),
        (datetime.date(2028, 1, 1), 2, 0, 0),
    ],
)
def test_time_alone_ends_periods_and_lets_balances_lapse(
    holders: None, today: datetime.date, closed: int, lapsing: int, left: int
) -> None:
    book(mined(model=Model.MASS_BALANCE), balanced(100, 40))

    assert operations.keep_again(today=today)

    periods = AccountPeriod.objects.filter(method="credit").order_by("valid_from")
    assert [one.closed for one in periods] == [True] * closed + [False]
    last = periods.last()
    assert last is not None
    assert (last.lapses_next_mg, last.closing_mg) == (lapsing * KG, left * KG)


def test_a_balance_is_not_overdrawn(holders: None) -> None:
    rows = balanced(50, 50)
    book(mined(model=Model.MASS_BALANCE), rows)
    more = {"model": Model.MASS_BALANCE, "account": "A Plant", "material": "metal"}
    over = [
        row("G", 2, "transform", "in", "M", 1, model=Model.MASS_BALANCE),
        row("G", 2, "transform", "out", "Y", 1, **more),
    ]
    assert refused(lambda: book(over)) == {"CUSTODY-080"}


def test_what_stood_in_the_books_before_refuses_no_later_booking(
    holders: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(mined())
    assert keeping._new([], []) == ()
    finding = trial.taken_ids(booked(credit="M"))[0]
    assert keeping._new([finding, finding], [finding]) == (finding,)


def test_a_correction_restates_what_was_booked(holders: None) -> None:
    book(mined(kg=100, model=Model.SEGREGATED))
    right = row(
        "K", 5, "correct", "out", "M", 90,
        account="P-M", attestation="urn:a-level", model=Model.SEGREGATED,
    )  # fmt: skip
    book(right)

    lot = Lot.objects.get()
    assert (lot.mass_mg, lot.left_mass_mg) == (90 * KG, 90 * KG)
    assert sum(queries.carried_by("M").values()) == 90 * KG
    (told,) = queries.ancestry_rows("M")
    assert (told.event, told.mass_mg) == ("P-M", 90 * KG)
    assert Movement.objects.filter(lot="M").count() == 2
    nothing = replace(right, event="K2", account="nothing")
    assert refused(lambda: book(nothing)) == {"CUSTODY-093"}


def test_what_becomes_a_credit_is_not_followed_as_material(holders: None) -> None:
    book(mined(), booked(), passed_on(), used_up())
    assert {one.event for one in queries.rows_from_site("a-mine")} == {"P-M"}
    assert queries.traced("M").trace.lot == "M"
    with pytest.raises(RefusalError):
        queries.ancestry_rows("C-1")
    assert queries.held_since(queries.rows_of_lot("M")) == START


def test_for_a_lot_under_book_and_claim_what_was_used_up_for_it_counts(holders: None) -> None:
    brought = row(
        "Q", 2, "purchase", "out", "Z", 5,
        entity="A Brand", site="an-office", model=Model.BOOK_AND_CLAIM,
    )  # fmt: skip
    book(mined(), booked(), passed_on(), brought, used_up(note="Z"))
    assert sum(queries.carried_by("Z").values()) == 4 * KG
    assert queries.carried_by("nothing") == {}


def test_a_part_carries_for_the_whole_what_is_left_of_it_carries(holders: None) -> None:
    loss = row("L", 2, "loss", "in", "M", 50)
    book(mined(model=Model.SEGREGATED), loss)
    assert sum(queries.carried_by("M").values()) == 100 * KG


def test_the_books_are_kept_anew_once_a_day(holders: None) -> None:
    assert not operations.keep_again(today=TODAY)
    keeping_tasks.keep_today.call()
    book(mined())
    assert Book.objects.get().kept_on == TODAY
    keeping_tasks.keep_today.call()
    kept_on = Book.objects.get().kept_on
    assert kept_on is not None
    assert kept_on > TODAY


def test_nothing_is_written_twice(holders: None) -> None:
    book(mined(), booked(), passed_on(), used_up())
    before = Carried.objects.get().pk, CreditUse.objects.get().pk
    assert operations.keep_again(today=TODAY)
    assert (Carried.objects.get().pk, CreditUse.objects.get().pk) == before


def test_booking_takes_as_many_queries_for_many_rows_as_for_few(holders: None) -> None:
    with CaptureQueriesContext(connection) as few:
        book(mined())
    with CaptureQueriesContext(connection) as many:
        book([mined(f"N-{number}") for number in range(100)])
    assert len(many) <= len(few)


def test_a_trial_says_what_would_count_towards_no_claim(clerk: Person) -> None:
    uncovered = replace(mined(model=Model.SEGREGATED), entity="Example Cells")
    tried = trial.try_rows(actor=clerk, rows=[uncovered])
    assert tried.findings == ()
    assert [one.code for one in tried.marks] == ["CUSTODY-072"]
    assert not Movement.objects.exists()


@pytest.fixture
def kept(holders: None) -> None:
    """Give books with credits and an account."""
    book(mined(), booked(), passed_on(), used_up(), mined("M2", model=Model.MASS_BALANCE))
    rows = balanced(100, 40)
    book([replace(one, lot="M2") if one.lot == "M" else one for one in rows])


def member(name: str, kind: str, organisation: str) -> Person:
    person = Person.objects.create_user(name)
    those = Organisation.objects.get(slug=organisation)
    Role.objects.create(person=person, organisation=those, kind=kind)
    return person


def test_everybody_reads_credits_their_use_and_the_proof(kept: None, client: Client) -> None:
    text = client.get("/credits/").content.decode()
    assert all(one in text for one in ("C-1", "part of C-1", "Product 7", "booked 40", "produced"))
    assert "C-T" not in client.get("/credits/?holder=A+Miner").content.decode().split("<h2>")[0]
    assert "No credit fits" in client.get("/credits/?state=expired").content.decode()
    download = b"".join(client.get("/data/credit-uses.csv")).decode()
    assert "Product 7" in download
    assert "C-T" in b"".join(client.get("/data/credits.json")).decode()


def test_programs_read_credits_and_their_sums(kept: None, client: Client) -> None:
    listed = client.get("/api/v1/credits?state=in_force&holder=A+Brand").json()
    assert [one["credit"] for one in listed["items"]] == ["C-T"]
    (use,) = client.get("/api/v1/credits/uses").json()["items"]
    assert use["beneficiary"] == "Product 7"
    sums = client.get("/api/v1/credits/totals").json()
    parts = [int(sums[name]) for name in ("used_mg", "expired_mg", "held_mg")]
    assert sum(parts) == int(sums["booked_mg"]) == 40 * KG


@pytest.mark.parametrize(
    ("today", "expired", "held"),
    [(datetime.date(2028, 1, 5), 0, 36), (datetime.date(2028, 1, 6), 36, 0)],
)
def test_what_expires_is_told_from_its_day_on(
    kept: None, today: datetime.date, expired: int, held: int
) -> None:
    found = books.totals(today)
    assert (found.expired_mg, found.held_mg) == (expired * KG, held * KG)
    assert found.booked_mg == found.used_mg + found.expired_mg + found.held_mg
    state = books.state_of(books.credit("C-1"), today)
    assert state == ("expired" if expired else "in_force")


def test_without_books_pages_say_so(client: Client) -> None:
    assert "No credit has been booked yet" in client.get("/credits/").content.decode()
    with pytest.raises(RefusalError):
        books.credit("C-1")


def test_accounts_are_for_the_entity_and_who_certified_it(
    kept: None, secretary: Person, auditor: Person, sign_in: Callable[[Person], Client]
) -> None:
    own, other = member("own", "clerk", "a-miner"), member("other", "clerk", "a-brand")
    seen = {
        name: sign_in(person).get("/entities/a-miner/accounts/").status_code
        for name, person in (("own", own), ("other", other), ("sec", secretary), ("aud", auditor))
    }
    assert seen == {"own": 200, "other": 404, "sec": 200, "aud": 404}
    certify(secretary, "a-miner", "mine", "a-mine", number="COC-2", issuer="example-assurance")
    page = sign_in(auditor).get("/entities/a-miner/accounts/").content.decode()
    assert all(one in page for one in ("A Plant", "Rolling average", "C-1", "Certificates cover"))
    (credit, _average) = sign_in(own).get("/api/v1/entities/a-miner/accounts").json()["items"]
    assert (credit["given_mg"], credit["method"]) == (str(40 * KG), "credit")
    empty = sign_in(other).get("/entities/a-brand/accounts/").content.decode()
    assert "No account of mass balance" in empty


def test_accounts_show_what_counts_towards_no_claim(
    holders: None, sign_in: Callable[[Person], Client]
) -> None:
    book(replace(mined(model=Model.SEGREGATED), site="elsewhere"))
    page = sign_in(member("own", "clerk", "a-miner")).get("/entities/a-miner/accounts/")
    assert "CUSTODY-072" in page.content.decode()


def test_the_page_of_credits_takes_as_many_queries_for_many(holders: None, client: Client) -> None:
    book(mined(), booked())
    with CaptureQueriesContext(connection) as few:
        client.get("/credits/")
    book([row for n in range(5) for row in booked(5, credit=f"D-{n}", event=f"D{n}")])
    with CaptureQueriesContext(connection) as many:
        client.get("/credits/")
    assert len(many) == len(few)
