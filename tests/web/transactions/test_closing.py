"""Periods of accounts: prepared by one, closed by another, opened again for one correction."""

import datetime
import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from refusals import refused_by
from stannary.core.custody import BalancePeriod, Kind, Row, Source
from stannary.core.custody.accounting.accounts import AccountKey, Method, PeriodStatement
from stannary.core.kernel import RefusalError
from stannary.core.transactions import Capacity, PeriodStepKind
from stannary.web.custody.operations import book_as_register
from stannary.web.custody.trial import try_rows
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.transactions import forms
from stannary.web.transactions import queries as transactions
from stannary.web.transactions.models import ClosingStep
from stannary.web.transactions.periods import queries
from stannary.web.transactions.periods.operations import prepare, take_step
from web.transactions.conftest import KG, NOW, ONE, Market, mined

PAGE = "/transactions/periods/example-seller/"
API = "/api/v1/transactions/periods/example-seller"
FIRST, LAST = datetime.date(2026, 5, 1), datetime.date(2026, 5, 31)
BEGIN, END = forms.begin_of(FIRST), forms.end_of(LAST)
CLOSE, REOPEN, RETURN = PeriodStepKind.CLOSE, PeriodStepKind.REOPEN, PeriodStepKind.RETURN


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def cora(market: Market) -> Person:
    """A second clerk of the seller."""
    person = Person.objects.create_user("cora")
    Role.objects.create(person=person, organisation=market.seller, kind="clerk")
    return person


def take(actor: Person, kind: PeriodStepKind, **other: Any) -> Any:
    return take_step(actor=actor, slug="example-seller", last=LAST, kind=kind, **other)


def closed(market: Market, cora: Person) -> None:
    prepare(actor=market.ann, slug="example-seller", begin=BEGIN, end=END)
    take(cora, CLOSE)


def correction(event: str, at: datetime.datetime, mass_mg: int = KG // 2) -> Row:
    """Say anew what the lot weighed, at some time."""
    return replace(mined(mass_mg=mass_mg), event=event, at=at, kind=Kind.CORRECT, account="E-L-1")


def closing() -> dict[str, int]:
    seller = Organisation.objects.get(slug="example-seller")
    return transactions.drawn(seller, begin=BEGIN, end=END).closing


def test_one_prepares_another_closes_and_nothing_is_booked_into_it(
    market: Market, cora: Person
) -> None:
    row = prepare(actor=market.ann, slug="example-seller", begin=BEGIN, end=END)
    assert refused_by(lambda: take(market.ann, CLOSE)) == "TRANSACTION-042"
    assert queries.possible(market.ann, row) == (RETURN,)
    assert queries.possible(cora, row) == (CLOSE, RETURN)

    take(cora, CLOSE)

    late = mined("L-9")  # on 2 May
    assert refused_by(lambda: book_as_register(rows=[late])) == "TRANSACTION-046"
    found = try_rows(actor=market.ann, rows=[late]).findings
    assert [one.code for one in found] == ["TRANSACTION-046"]
    for at, code in ((END, None), (END - ONE, "TRANSACTION-046"), (BEGIN - ONE, None)):
        fresh = replace(mined(f"L-{at:%m%d}"), at=at)
        assert refused_by(partial(book_as_register, rows=[fresh])) == code
    others = replace(mined("L-B", entity="Example Buyer"), at=END - ONE)
    assert refused_by(lambda: book_as_register(rows=[others])) is None


def test_a_late_correction_counts_from_its_own_day_or_opens_the_period_again(
    market: Market, cora: Person
) -> None:
    closed(market, cora)
    book_as_register(rows=[correction("K-1", NOW)])
    assert closing() == {"tin concentrate": KG}  # as it was closed

    inside = correction("K-2", END - ONE, KG // 4)
    assert refused_by(lambda: book_as_register(rows=[inside])) == "TRANSACTION-046"
    said = {"reason": "The scale was out of order.", "correction": "K-2"}
    assert refused_by(lambda: take(cora, REOPEN)) == "TRANSACTION-047"
    take(cora, REOPEN, **said)
    assert refused_by(lambda: book_as_register(rows=[mined("L-9")])) == "TRANSACTION-046"
    book_as_register(rows=[inside])
    take(market.ann, PeriodStepKind.PREPARE)
    take(cora, CLOSE)

    assert closing() == {"tin concentrate": KG // 4}
    steps = ClosingStep.objects.filter(kind="close").order_by("number")
    assert [json.loads(one.balances) for one in steps] == [
        {"tin concentrate": KG},
        {"tin concentrate": KG // 4},
    ]


def test_periods_follow_one_another_and_are_closed_as_prepared(
    market: Market, cora: Person
) -> None:
    before: dict[str, Any] = {"actor": market.ann, "slug": "example-seller", "begin": BEGIN}
    soon = timezone.now() + ONE
    assert refused_by(lambda: prepare(**before, end=soon)) == "TRANSACTION-041"
    assert refused_by(lambda: prepare(**before, end=BEGIN)) == "TRANSACTION-020"
    prepare(**before, end=END)
    book_as_register(rows=[mined("L-9")])
    assert refused_by(lambda: take(cora, CLOSE)) == "TRANSACTION-043"
    page = browser(cora).get(f"{PAGE}2026-05-31/").content.decode()
    assert "Something was booked since it was prepared" in page
    assert refused_by(lambda: take(cora, RETURN)) == "TRANSACTION-047"
    take(cora, RETURN, reason="Something came in.")

    june = {**before, "begin": END, "end": END + 30 * ONE}
    assert refused_by(lambda: prepare(**june)) == "TRANSACTION-044"
    gap = {**june, "begin": END + ONE}
    assert refused_by(lambda: prepare(**gap)) == "TRANSACTION-044"
    prepare(**before, end=END)
    take(cora, CLOSE)
    prepare(**june)
    take_step(actor=cora, slug="example-seller", last=LAST + 30 * ONE, kind=CLOSE)
    said = {"reason": "made up", "correction": "K-2"}
    assert refused_by(lambda: take(cora, REOPEN, **said)) == "TRANSACTION-044"


def test_a_period_is_prepared_and_closed_with_pages(market: Market, cora: Person) -> None:
    ann = browser(market.ann)
    shown = ann.get(PAGE, {"begin": "2026-05-01", "end": "2026-05-31"}).content.decode()
    assert "tin concentrate" in shown
    done = ann.post(PAGE, {"begin": "2026-05-01", "end": "2026-05-31"})
    address = done["Location"]
    assert "who prepared it does not" in ann.get(address).content.decode()
    refused = ann.post(f"{address}step/", {"step": "close"})
    assert (refused.status_code, "TRANSACTION-042" in refused.content.decode()) == (422, True)

    answer = browser(cora).post(f"{address}step/", {"step": "close"})

    assert answer.status_code == 302
    page = browser(cora).get(address).content.decode()
    assert "Open it again for a correction" in page
    assert "cora" in page
    assert "cora" in ann.get(PAGE).content.decode()
    said = ann.get(f"{API}/2026-05-31").json()
    assert (said["state"], said["version"], said["steps"][1]["by"]) == ("closed", 1, "cora")
    assert said["balances"] == [{"account": "tin concentrate", "balance_mg": str(KG)}]
    assert ann.get(API).json() == [said]
    again = ann.post(PAGE, {"end": "2026-05-31"})
    assert (again.status_code, "TRANSACTION-" in again.content.decode()) == (422, True)
    for wrong in ("2026-06-30", "soon"):
        assert ann.get(f"{PAGE}{wrong}/").status_code == 404
    assert ann.post(f"{address}step/", {"step": "steal"}).status_code == 404
    for path in (PAGE, address, API, f"{API}/2026-05-31"):
        assert browser(market.eve).get(path).status_code == 404


@pytest.mark.either_database
def test_programs_prepare_and_close(market: Market, cora: Person) -> None:
    def post(who: Person, path: str, body: dict[str, str]) -> Any:
        return browser(who).post(path, json.dumps(body), content_type="application/json")

    made = post(market.ann, API, {"begin": "2026-05-01", "end": "2026-05-31"})
    assert made.status_code == 201
    assert browser(cora).get(made["Location"]).json() == made.json()

    done = post(cora, f"{made['Location']}/steps", {"kind": "close"})

    assert (done.status_code, done.json()["state"]) == (201, "closed")
    refused = post(market.eve, f"{made['Location']}/steps", {"kind": "reopen"})
    assert refused.status_code == 404


@pytest.mark.either_database
def test_who_only_looks_takes_no_step(market: Market) -> None:
    scheme = Organisation.objects.create(slug="scheme", name="Scheme", kind="scheme")
    Role.objects.create(person=market.eve, organisation=scheme, kind="secretariat")

    row = prepare(actor=market.ann, slug="example-seller", begin=BEGIN, end=END)

    assert browser(market.eve).get(f"{PAGE}2026-05-31/").status_code == 200
    assert queries.possible(market.eve, row) == ()
    assert queries.capacity(market.ann, market.seller) is Capacity.ENTITY
    with pytest.raises(RefusalError) as caught:
        take(market.eve, CLOSE)
    assert caught.value.rule.code == "PARTY-001"


def test_what_was_booked_later_was_not_known_before(market: Market) -> None:
    book_as_register(rows=[mined("L-9")])  # on 2 May, booked now
    seller = market.seller

    def lines(known_at: datetime.datetime | None) -> int:
        drawn = transactions.drawn(seller, begin=BEGIN, end=END, known_at=known_at)
        return len(drawn.lines)

    assert lines(None) == 2
    assert lines(timezone.now() - ONE) == 0
    page = browser(market.ann).get(
        "/transactions/statement/example-seller/",
        {"begin": "2026-05-01", "end": "2026-05-31", "known": "2026-05-31"},
    )
    assert "Nothing was ever booked" in page.content.decode()


SOURCE = Source(FIRST, "example-mine", "urn:example:1")


@pytest.mark.parametrize(
    ("opening", "given", "closing", "deficit", "end", "expected"),
    [
        (0, 30, 70, 0, datetime.date(2027, 1, 1), (0, 70, 70)),
        (40, 30, 70, 0, datetime.date(2027, 1, 1), (10, 60, 70)),
        (40, 50, 70, 0, datetime.date(2027, 1, 1), (0, 70, 70)),
        (90, 10, 70, 0, datetime.date(2027, 1, 1), (70, 0, 70)),
        (0, 30, 0, 5, datetime.date(2027, 1, 1), (0, 0, -5)),
        (0, 30, 0, 5, datetime.date(2027, 1, 2), (0, 0, 0)),
    ],
)
def test_what_lapses_and_what_is_carried_over_is_told_before_closing(
    opening: int,
    given: int,
    closing: int,
    deficit: int,
    end: datetime.date,
    expected: tuple[int, int, int],
) -> None:
    statement = PeriodStatement(
        key=AccountKey("Example Seller", "yard", "tin"),
        method=Method.CREDIT,
        period=BalancePeriod(datetime.date(2026, 1, 1), end),
        opening={SOURCE: opening},
        entered={},
        given={SOURCE: given},
        lapsed={},
        closing={SOURCE: closing},
        deficit_mg=deficit,
        content_in_mg=0,
        closed=False,
        lapsing_mg=max(0, opening - given),
    )

    found = queries.carries(statement, datetime.date(2026, 12, 31))

    assert (found.lapses_mg, found.carried_mg, found.balance_mg) == expected
    assert found.name == "yard / tin"
