"""Books of a register whose entities keep them under several packs and by several methods."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stannary.core.custody import Kind, Model, Row, Side
from stannary.core.kernel import RefusalError
from stannary.web.custody import operations, queries
from stannary.web.custody.books import queries as books
from stannary.web.custody.models import AccountPeriod, CreditHeld
from stannary.web.custody.reminding import operations as reminding
from stannary.web.custody.state import checks
from stannary.web.custody.state import queries as state
from stannary.web.entities import operations as entities
from stannary.web.entities import packs
from stannary.web.entities.operations import CertificateSaid
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.transactions import queries as transactions
from stannary.web.transactions.periods import queries as periods

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 3, 1)
KG = 10**6
DAY = datetime.date
NAMES = {"a-miner": "A Miner", "b-miner": "B Miner"}


def row(event: str, day: int, kind: str, side: str, lot: str, kg: int, **more: Any) -> Row:
    given: dict[str, Any] = {
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


def into_account(who: str, day: int = 0, name: str = "") -> list[Row]:
    """10 kg with a level and 10 kg without one enter an account of their maker."""
    lots = [(f"{who}-M{name}", "urn:a-level"), (f"{who}-U{name}", "")]
    given = {"entity": who}
    found = [
        row(f"P-{lot}", day, "produce", "out", lot, 10, attestation=level, **given)
        for lot, level in lots
    ]
    event = f"T-{who}{name}"
    found += [
        row(
            event,
            day + 1,
            "blend",
            "in",
            lot,
            10,
            account="a-mine",
            model=Model.MASS_BALANCE,
            **given,
        )
        for lot, _ in lots
    ]
    return [*found, row(event, day + 1, "blend", "out", f"{who}-T{name}", 20, **given)]


def drawn(who: str, kg: int, day: int = 2, name: str = "") -> list[Row]:
    """A purchase is given something out of the account."""
    given = {"entity": who}
    lot = f"{who}-B{name}"
    out = {**given, "account": "a-mine", "model": Model.MASS_BALANCE}
    return [
        row(f"Q-{lot}", day, "purchase", "out", lot, kg, **given),
        row(f"D-{lot}", day, "blend", "in", lot, kg, **given),
        row(f"D-{lot}", day, "blend", "out", f"{lot}-out", kg, **out),
    ]


def credited(who: str) -> list[Row]:
    lot = row(
        f"P-{who}-C", 0, "produce", "out", f"{who}-C", 5, entity=who, attestation="urn:a-level"
    )
    given: dict[str, Any] = {"entity": who, "model": Model.BOOK_AND_CLAIM}
    return [
        lot,
        row(f"B-{who}", 1, "book", "in", lot.lot, 5, **given),
        row(f"B-{who}", 1, "book", "out", f"{who}-credit", 5, **given),
    ]


def book(*rows: Row, today: datetime.date = TODAY) -> None:
    operations.book_as_register(rows=rows, today=today)


def certify(by: Person, slug: str, number: str, begin: DAY, end: DAY, **more: Any) -> None:
    said = CertificateSaid(
        entity=slug,
        kind="mine",
        sites=("a-mine",),
        materials=("ore",),
        models=tuple(map(str, Model)),
        valid_from=begin,
        valid_until=end,
        issuer="example-scheme",
        number=number,
        **more,
    )
    entities.issue_certificate(actor=by, said=said)


@pytest.fixture
def miners(secretary: Person) -> None:
    """A Miner keeps its books under the register's pack, B Miner under another."""
    Site.objects.create(slug="a-mine", name="A Mine", country="IS", illustrative=True)
    for slug, name in NAMES.items():
        Organisation.objects.create(slug=slug, name=name, kind="operator", illustrative=True)
        entities.record_entity(actor=secretary, organisation=slug, kind="mine")
    certify(secretary, "a-miner", "COC-A", DAY(2026, 1, 1), DAY(2028, 1, 1))
    more = {"pack": packs.ILLUSTRATIVE}
    certify(secretary, "b-miner", "COC-B", DAY(2026, 1, 1), DAY(2028, 1, 1), **more)


def kept(who: str) -> list[tuple[str, bool, str, int, int]]:
    """Give periods: method, whether it counts, last month and day, left, and what of it lapses, in kg."""
    found = AccountPeriod.objects.filter(entity=who).order_by("-counts", "valid_from")
    return [
        (one.method, one.counts, f"{one.valid_until:%m-%d}", one.closing_mg // KG, one.lapses_next_mg // KG)
        for one in found
    ]  # fmt: skip


def test_each_keeps_its_account_by_its_own_pack_and_the_other_method_is_to_compare(
    miners: None,
) -> None:
    for who in NAMES.values():
        book(*into_account(who))
        book(*drawn(who, 10))

    assert kept("A Miner") == [
        ("credit", True, "01-01", 0, 0),
        ("rolling_average", False, "01-01", 5, 5),
    ]
    assert kept("B Miner") == [
        ("rolling_average", True, "04-01", 5, 5),
        ("credit", False, "07-01", 0, 0),
    ]
    carried = [sum(queries.carried_by(f"{who}-B-out").values()) // KG for who in NAMES.values()]
    assert carried == [10, 5]
    assert [str(one.method) for one in books.accounts_on("B Miner", TODAY)] == ["rolling_average"]
    assert state.goes_on(state.head(), TODAY)
    check = checks.check(now=START)
    assert check is not None
    assert check.differences == 0, check.found


def test_what_another_books_later_ends_the_periods_of_whoever_does_not_under_its_own_pack(
    miners: None,
) -> None:
    """Days alone close B's quarter while A books: the next one opens as B's certificate says."""
    book(*into_account("B Miner"))
    book(*into_account("A Miner", day=100), today=DAY(2026, 5, 1))

    assert kept("B Miner")[:2] == [
        ("rolling_average", True, "04-01", 0, 0),
        ("rolling_average", True, "07-01", 0, 0),
    ]
    check = checks.check(now=START)
    assert check is not None
    assert check.differences == 0, check.found


def test_a_new_certificate_changes_the_method_with_the_next_period(
    miners: None, secretary: Person
) -> None:
    book(*into_account("B Miner"))
    entities.change_status(
        actor=secretary, number="COC-B", status="withdrawn", on=DAY(2026, 2, 1), reason="Moves."
    )
    certify(secretary, "b-miner", "COC-B2", DAY(2026, 2, 1), DAY(2028, 1, 1))

    assert [one for one in kept("B Miner") if one[1]] == [
        ("rolling_average", True, "04-01", 0, 0),
        ("credit", True, "01-01", 0, 0),
    ]


@pytest.mark.either_database
def test_numbers_are_those_of_whoever_books_offers_or_closes(miners: None) -> None:
    for who in NAMES.values():
        book(*credited(who))

    ends = dict(CreditHeld.objects.values_list("holder", "expires_on"))
    assert ends == {"A Miner": DAY(2028, 1, 6), "B Miner": DAY(2027, 1, 6)}
    assert [transactions.days_open(who, START) for who in NAMES.values()] == [366, 92]
    both = list(Organisation.objects.filter(slug__in=NAMES))
    assert transactions.longest_open(both, START) == 366
    packs_ = [periods.governing(one, START).pack for one in sorted(both, key=str)]
    assert packs_ == [packs.PACK, packs.ILLUSTRATIVE]


@pytest.mark.either_database
def test_an_account_for_a_group_is_refused_where_the_pack_binds_it_to_one_site(
    miners: None,
) -> None:
    def as_group(who: str) -> list[Row]:
        return [
            Row(**{**{name: getattr(one, name) for name in one.__slots__}, "account": one.account and "group"})
            for one in into_account(who)
        ]  # fmt: skip

    book(*as_group("A Miner"))
    with pytest.raises(RefusalError, match="CUSTODY-082"):
        book(*as_group("B Miner"))


def test_pages_mail_and_programs_say_under_what_an_account_is_kept(
    miners: None, sign_in: Callable[[Person], Client]
) -> None:
    book(*into_account("B Miner"))
    clerk = Person.objects.create_user("b-clerk", email="b@example.org")
    Role.objects.create(
        person=clerk, organisation=Organisation.objects.get(slug="b-miner"), kind="clerk"
    )
    browser = sign_in(clerk)

    page = browser.get("/entities/b-miner/accounts/").content.decode()

    assert "Kept under Example Custody Rules 1.0 (illustrative)." in page
    assert "Accounts that open now: Rolling average." in page
    assert "Certificate COC-B says so." in page
    assert page.index("Rolling average, which counts") < page.index("Credit method, to compare")
    told = browser.get("/api/v1/entities/b-miner/accounts").json()["items"]
    assert {(one["method"], one["counts"]) for one in told} == {
        ("rolling_average", True),
        ("credit", False),
    }
    assert reminding.remind(now=datetime.datetime(2026, 3, 20, tzinfo=datetime.UTC)) == 1
