"""Accounts of mass balance, both methods: never more goes out than came in and is still there."""

import datetime
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.custody.accounting.made_up import NORTH, SOUTH, always, at, day, under
from refusals import refused_by
from stannary.core.custody import (
    Account,
    AccountKey,
    Deposit,
    Draw,
    Given,
    Method,
    PeriodStatement,
    RulesOn,
    Source,
    SourceKind,
    total_mg,
)
from stannary.core.kernel import Value

KEY = AccountKey("Plant Co", "plant", "metal", "lithium")
SCRAP = Source(NORTH.produced_on, "yard", "", SourceKind.RECYCLED)


def account(
    method: Method = Method.CREDIT, constants: Mapping[str, Value | None] | None = None
) -> Account:
    return Account(KEY, method, always(**(constants or {})))


def put(one: Account, on: str, amounts: Mapping[Source, int], content: int | None = None) -> None:
    whole = total_mg(amounts) if content is None else content
    one.deposit(Deposit(f"in {on}", at(on), "ore", amounts, whole))


def out(one: Account, on: str, content: int, lot: str = "M1", attestation: str = "") -> Given:
    return one.draw(Draw(f"out {on}", at(on), lot, content, attestation))


def got(given: Given) -> int:
    assert given.amounts is not None
    return total_mg(given.amounts)


def codes(one: Account) -> list[str]:
    return [finding.code for finding in one.findings]


@pytest.mark.parametrize(("wanted", "gets", "found"), [(99, 99, 0), (100, 100, 0), (101, 0, 1)])
def test_an_account_gives_what_is_in_it_and_no_more(wanted: int, gets: int, found: int) -> None:
    one = account()
    put(one, "2026-03-01", {NORTH: 100})

    assert got(out(one, "2026-03-02", wanted)) == gets
    assert codes(one) == ["CUSTODY-080"] * found
    assert total_mg(one.balance) == 100 - gets


def test_what_is_missing_is_told_and_not_floored_away() -> None:
    one = account()
    put(one, "2026-03-01", {NORTH: 100})
    out(one, "2026-03-02", 150)

    assert dict(one.findings[0].facts) == {
        "account": "Plant Co / plant / metal / lithium",
        "event": "out 2026-03-02",
        "lot": "M1",
        "wanted": "150 mg",
        "there": "100 mg",
        "missing": "50 mg",
    }


def test_later_input_never_covers_an_earlier_output() -> None:
    one = account()
    given = out(one, "2026-03-01", 100)
    put(one, "2026-03-02", {NORTH: 100})

    assert (got(given), codes(one), total_mg(one.balance)) == (0, ["CUSTODY-080"], 100)


def test_the_oldest_goes_first_and_an_output_may_name_its_attestation() -> None:
    one = account()
    put(one, "2026-03-01", {SOUTH: 50, NORTH: 50})

    assert out(one, "2026-03-02", 60, attestation="urn:north").amounts == {}
    assert out(one, "2026-03-02", 20, attestation="urn:south").amounts == {SOUTH: 20}
    assert out(one, "2026-03-03", 60).amounts == {NORTH: 50, SOUTH: 10}
    assert codes(one) == ["CUSTODY-080"]


def test_recycled_material_stays_apart_and_is_never_assigned() -> None:
    one = account()
    put(one, "2026-03-01", {NORTH: 10, SCRAP: 90})

    assert got(out(one, "2026-03-02", 11)) == 0
    assert out(one, "2026-03-02", 10).amounts == {NORTH: 10}
    assert one.balance == {SCRAP: 90}


def balances(statements: tuple[PeriodStatement, ...]) -> list[tuple[str, list[int]]]:
    return [
        (
            str(one.period.valid_from.year) + ("" if one.closed else " open"),
            [total_mg(x) for x in (one.opening, one.entered, one.given, one.lapsed, one.closing)],
        )
        for one in statements
    ]


def test_a_balance_is_carried_over_once_and_then_lapses() -> None:
    one = account()
    put(one, "2026-03-01", {NORTH: 100})
    out(one, "2026-03-02", 30)
    out(one, "2027-12-31", 20)

    assert balances(one.close(day("2028-06-01"))) == [
        ("2026", [0, 100, 30, 0, 70]),
        ("2027", [70, 0, 20, 50, 0]),
        ("2028 open", [0, 0, 0, 0, 0]),
    ]


@pytest.mark.parametrize(
    ("on", "gets"), [("2026-12-31", 100), ("2027-01-01", 0), ("2027-01-02", 0)]
)
def test_a_balance_that_is_not_carried_over_ends_with_its_period(on: str, gets: int) -> None:
    one = account(constants={"balance_carry_over": "never"})
    put(one, "2026-03-01", {NORTH: 100})

    assert got(out(one, on, 100)) == gets


@pytest.mark.parametrize(
    ("on", "gets"), [("2027-12-31", 100), ("2028-01-01", 0), ("2028-01-02", 0)]
)
def test_a_balance_that_is_carried_over_ends_a_period_later(on: str, gets: int) -> None:
    one = account()
    put(one, "2026-03-01", {NORTH: 100})

    assert got(out(one, on, 100)) == gets


def test_what_was_carried_over_is_used_before_what_came_later() -> None:
    one = account()
    put(one, "2026-03-01", {SOUTH: 100})
    put(one, "2027-03-01", {NORTH: 100})

    assert out(one, "2027-03-02", 120).amounts == {SOUTH: 100, NORTH: 20}
    assert balances(one.close(day("2028-01-01")))[1] == ("2027", [100, 100, 120, 0, 80])


def test_a_period_in_which_nothing_happened_has_its_statement() -> None:
    one = account()
    put(one, "2026-03-01", {NORTH: 1})

    assert [name for name, _ in balances(one.close(day("2029-01-01")))] == [
        "2026",
        "2027",
        "2028",
        "2029 open",
    ]
    assert account().close(day("2029-01-01")) == ()


def test_a_day_of_another_zone_just_before_the_period_books_into_it() -> None:
    one = account()
    put(one, "2027-01-01", {NORTH: 5})
    late = datetime.datetime(
        2026, 12, 31, 23, tzinfo=datetime.timezone(-datetime.timedelta(hours=5))
    )
    given = one.draw(Draw("E", late, "M1", 5))

    assert got(given) == 5
    assert len(one.close(day("2026-12-31"))) == 1


LATER = {"overdraft_tolerance": "within_period"}


@pytest.mark.parametrize(
    ("on", "content", "late"),
    [("2026-12-31", 59, 0), ("2026-12-31", 60, 1), ("2026-12-31", 61, 1), ("2027-01-01", 60, 0)],
)
def test_where_a_pack_allows_it_later_input_covers_within_the_period(
    on: str, content: int, late: int
) -> None:
    one = account(constants=LATER)
    put(one, "2026-03-01", {NORTH: 40})
    waiting = out(one, "2026-03-02", 100)
    assert (waiting.amounts, one.deficit_mg, codes(one)) == (None, 100, [])

    put(one, on, {SOUTH: content})

    assert len(one.late) == late
    assert one.deficit_mg == (0 if late or (on > "2026" and on[:4] == "2027") else 100)
    statements = one.close(day("2027-02-01"))
    assert codes(one) == [] if late else ["CUSTODY-081"]
    assert statements[0].deficit_mg == (0 if late else 100)
    assert statements[0].closed


@pytest.mark.parametrize(
    ("waits", "content", "codes_found"),
    [
        (0, 99, []),
        (0, 100, []),
        (0, 101, ["CUSTODY-098"]),
        (60, 39, []),
        (60, 40, []),
        (60, 41, ["CUSTODY-098"]),
    ],
)
def test_a_pack_may_say_how_much_may_wait_together(
    waits: int, content: int, codes_found: list[str]
) -> None:
    one = account(constants={**LATER, "overdraft_max_kg": "0.0001"})  # 100 mg
    if waits:
        out(one, "2026-03-01", waits, "M0")

    given = out(one, "2026-03-02", content)

    assert codes(one) == codes_found
    assert (given.amounts is None) == (not codes_found)
    assert one.deficit_mg == waits + (0 if codes_found else content)
    for finding in one.findings:
        assert finding.facts["allowed"] == "100 mg"


def test_a_bound_that_a_pack_names_and_does_not_know_is_not_assumed() -> None:
    one = account(constants={**LATER, "overdraft_max_kg": None})

    assert refused_by(lambda: out(one, "2026-03-01", 1)) == "CUSTODY-070"


@pytest.mark.parametrize(
    ("constants", "expected"),
    [
        ({}, 0),
        ({"closing_deficit_max_kg": 2}, 2_000_000),
        ({"closing_deficit_max_kg": "0.5"}, 500_000),
    ],
)
def test_without_a_word_of_the_pack_no_deficit_is_closed(
    constants: dict[str, Value | None], expected: int
) -> None:
    assert under(**constants).closing_deficit_max_mg == expected
    unknown = under(closing_deficit_max_kg=None)
    assert refused_by(lambda: unknown.closing_deficit_max_mg) == "CUSTODY-070"


def test_outputs_that_wait_are_served_in_their_order_as_far_as_it_goes() -> None:
    one = account(constants=LATER)
    for number, content in enumerate((60, 50, 30)):
        out(one, "2026-03-01", content, f"M{number}")
    put(one, "2026-03-02", {NORTH: 90})

    assert [given.draw.lot for given in one.late] == ["M0", "M2"]
    assert one.deficit_mg == 50


def test_an_output_that_was_used_waits_no_longer() -> None:
    one = account(constants=LATER)
    out(one, "2026-03-01", 60)
    one.forget("another")
    assert one.deficit_mg == 60
    one.forget("M1")
    put(one, "2026-03-02", {NORTH: 90})

    assert (codes(one), one.late, total_mg(one.balance)) == (["CUSTODY-081"], [], 90)
    assert dict(one.findings[0].facts)["deficit"] == "60 mg"


AVERAGE = Method.ROLLING_AVERAGE


def test_under_the_average_every_output_carries_the_share_of_the_account() -> None:
    one = account(AVERAGE)
    put(one, "2026-03-01", {NORTH: 60}, 100)

    assert [got(out(one, "2026-03-02", content)) for content in (50, 25, 25)] == [30, 15, 15]
    assert balances(one.close(day("2027-01-01")))[0] == ("2026", [0, 60, 60, 0, 0])
    assert codes(one) == []


@pytest.mark.parametrize(("content", "found"), [(99, 0), (100, 0), (101, 1)])
def test_under_the_average_no_more_content_comes_out_than_went_in(content: int, found: int) -> None:
    one = account(AVERAGE)
    put(one, "2026-03-01", {NORTH: 60}, 100)

    given = out(one, "2026-03-02", content)

    assert codes(one) == ["CUSTODY-080"] * found
    assert (got(given) == 0) == bool(found)


def test_what_the_average_did_not_use_lapses_with_the_period() -> None:
    one = account(AVERAGE)
    put(one, "2026-03-01", {NORTH: 60}, 100)

    assert balances(one.close(day("2027-03-01"))) == [
        ("2026", [0, 60, 0, 60, 0]),
        ("2027 open", [0, 0, 0, 0, 0]),
    ]


@pytest.mark.parametrize(("other", "found"), [(0, 0), (1, 1), (100, 1)])
def test_an_output_that_carried_more_than_the_share_of_its_period_is_told_at_its_end(
    other: int, found: int
) -> None:
    one = account(AVERAGE)
    put(one, "2026-03-01", {NORTH: 100}, 100)
    out(one, "2026-03-02", 50)
    if other:
        put(one, "2026-06-01", {}, other)
    assert codes(one) == []

    one.close(day("2027-01-01"))

    assert codes(one) == ["CUSTODY-083"] * found


def test_the_share_of_an_output_and_of_its_period_are_told() -> None:
    one = account(AVERAGE)
    put(one, "2026-03-01", {NORTH: 100}, 100)
    out(one, "2026-03-02", 50)
    put(one, "2026-06-01", {}, 100)
    out(one, "2026-06-02", 75)
    one.close(day("2027-01-01"))

    assert dict(one.findings[0].facts) == {
        "account": "Plant Co / plant / metal / lithium",
        "period": "2026-01-01/2027-01-01",
        "lot": "M1",
        "share": "1",
        "share_of_period": "0.5",
    }
    assert total_mg(one.statements[0].given) == 75


@pytest.mark.parametrize(
    ("constant", "act"),
    [
        ("balance_period_months", "put"),
        ("balance_opening_and_closing", "out"),
        ("overdraft_tolerance", "out"),
        ("balance_carry_over", "late"),
    ],
)
def test_a_constant_that_is_not_known_refuses_what_needs_it_and_nothing_before(
    constant: str, act: str
) -> None:
    one = account(constants={constant: None})
    acts: dict[str, Callable[[], object]] = {
        "put": lambda: put(one, "2026-03-01", {NORTH: 1}),
        "out": lambda: out(one, "2026-03-02", 1_000),
        "late": lambda: put(one, "2027-01-01", {NORTH: 1}),
    }
    if act == "late":
        acts["put"]()

    assert refused_by(acts[act]) == "CUSTODY-070"


def test_a_period_of_which_nobody_knows_how_it_ends_stays_open() -> None:
    one = account(constants={"balance_carry_over": None})
    put(one, "2026-03-01", {NORTH: 7})

    assert balances(one.close(day("2028-01-01"))) == [("2026 open", [0, 7, 0, 0, 7])]
    assert codes(one) == ["CUSTODY-070"]


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 400)),
        max_size=30,
    ),
    st.sampled_from(Method),
    st.sampled_from(["none", "within_period"]),
    st.sampled_from(["once", "never"]),
)
def test_an_account_neither_makes_nor_loses_a_milligram(
    acts: list[tuple[bool, int, int, int]], method: Method, overdraft: str, carry: str
) -> None:
    one = account(method, {"overdraft_tolerance": overdraft, "balance_carry_over": carry})
    on = datetime.date(2026, 1, 1)
    put_in = given_out = 0
    for is_input, content, assured, days in acts:
        on += datetime.timedelta(days=days)
        if is_input:
            amounts = {NORTH: min(assured, content)} if assured else {}
            put(one, on.isoformat(), amounts, content)
            put_in += total_mg(amounts)
            given_out += sum(got(late) for late in one.late)
            one.late.clear()
        else:
            given = out(one, on.isoformat(), content)
            given_out += total_mg(given.amounts or {})
        assert total_mg(one.balance) >= 0

    statements = one.close(on)

    lapsed = sum(total_mg(statement.lapsed) for statement in statements)
    assert put_in == given_out + lapsed + total_mg(one.balance)
    for statement in statements:
        came = total_mg(statement.opening) + total_mg(statement.entered)
        went = total_mg(statement.given) + total_mg(statement.lapsed)
        assert came == went + total_mg(statement.closing)


def test_rules_are_those_of_the_day() -> None:
    """Half years until the end of 2026, whole years from then on."""
    short, long = always(balance_period_months=6), always(balance_period_months=12)
    rules_on: RulesOn = lambda on: (short if on.year < 2027 else long)(on)  # noqa: E731
    one = Account(KEY, Method.CREDIT, rules_on)
    put(one, "2026-03-01", {NORTH: 1})

    assert [str(x.period) for x in one.close(day("2027-08-01"))] == [
        "2026-01-01/2026-07-01",
        "2026-07-01/2027-01-01",
        "2027-01-01/2028-01-01",
    ]


@pytest.mark.parametrize(
    ("method", "begin"), [(AVERAGE, "2026-04-01"), (Method.CREDIT, "2026-01-01")]
)
def test_a_rolling_average_may_have_a_period_of_its_own(method: Method, begin: str) -> None:
    one = account(method, {"rolling_average_months": 3})
    put(one, "2026-06-30", {NORTH: 40}, 100)
    put(one, "2026-07-01", {NORTH: 10}, 100)

    statements = one.close(day("2026-07-02"))

    assert str(statements[0].period.valid_from) == begin
    assert [total_mg(told.lapsed) for told in statements] == ([40, 0] if method is AVERAGE else [0])
    unknown = account(method, {"rolling_average_months": None})
    asked = refused_by(lambda: put(unknown, "2026-06-30", {NORTH: 1}))
    assert asked == ("CUSTODY-070" if method is AVERAGE else None)
