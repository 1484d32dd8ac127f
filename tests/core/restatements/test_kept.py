"""What two states of the kept books say otherwise of credits, what was used up, and accounts."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from core.claims.lots import PACK
from stannary.core.custody import (
    BalancePeriod,
    Books,
    Credit,
    CustodyRules,
    PeriodStatement,
    Retirement,
    Source,
    keep_books,
)
from stannary.core.custody.accounting.accounts import AccountKey, Method
from stannary.core.kernel import Finding
from stannary.core.restatements import KeptEffects, Notice, Remedy, compare_kept, rules

KG = 10**6
DAY = datetime.date(2026, 3, 1)
SOURCE = Source(DAY, "example-mine", "urn:example:1")
EMPTY = keep_books((), rules_on=lambda day: CustodyRules.from_edition(PACK, day), as_of=DAY)


def credit(name: str = "C-1", made: int = 6, left: int = 6, holder: str = "North") -> Credit:
    return Credit(
        id=name,
        holder=holder,
        source=SOURCE,
        material="ore",
        unit_mg=KG,
        booked_on=DAY,
        expires_on=DAY.replace(year=2028),
        quantity_mg=made * KG,
        left_mg=left * KG,
    )


def used(kilograms: int = 2, event: str = "R-1") -> Retirement:
    return Retirement(event, DAY, "C-1", "North", SOURCE, kilograms * KG, "Product 7")


def account(closing: int, deficit: int = 0) -> PeriodStatement:
    return PeriodStatement(
        key=AccountKey("Works", "yard", "tin"),
        method=Method.CREDIT,
        period=BalancePeriod(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1)),
        opening={},
        entered={},
        given={},
        lapsed={},
        closing={SOURCE: closing},
        deficit_mg=deficit,
        content_in_mg=0,
        closed=False,
    )


def books(**other: Any) -> Books:
    return replace(EMPTY, **other)


def compared(before: dict[str, Any], after: dict[str, Any]) -> KeptEffects:
    return compare_kept(books(**before), books(**after))


def test_the_same_books_keep_the_same() -> None:
    same = {"credits": (credit(),), "retired": (used(),), "statements": (account(5),)}

    assert compared(same, same) == KeptEffects((), (), (), (), ())


@pytest.mark.parametrize(
    ("left", "after", "missing", "passed_on", "remedies"),
    [
        (6, 5, 1, 0, (Remedy.TAKE_BACK_CREDITS,)),
        (2, 4, 2, 0, (Remedy.TAKE_BACK_CREDITS,)),
        (2, 3, 3, 1, (Remedy.TAKE_BACK_CREDITS, Remedy.BUY_CREDITS)),
        (0, 5, 1, 1, (Remedy.BUY_CREDITS,)),
        (6, 7, 0, 0, ()),
    ],
)
def test_of_a_credit_it_is_told_what_is_missing_and_what_of_it_is_gone(
    left: int, after: int, missing: int, passed_on: int, remedies: tuple[Remedy, ...]
) -> None:
    found = compared({"credits": (credit(left=left),)}, {"credits": (credit(made=after, left=0),)})

    (one,) = found.credits
    assert (one.missing_mg, one.passed_on_mg) == (missing * KG, passed_on * KG)
    assert one.remedies == remedies
    assert [each.code for each in found.findings] == ["RESTATEMENT-012"] * bool(missing)
    assert found.notices == (Notice("North", "credit_holder", ("C-1",)),)


def test_a_credit_that_would_not_be_there_is_told_with_who_held_it() -> None:
    (gone,) = compared({"credits": (credit(),)}, {}).credits
    (new,) = compared({}, {"credits": (credit(holder="South"),)}).credits

    assert (gone.holder, gone.after_mg, gone.missing_mg) == ("North", 0, 6 * KG)
    assert (new.holder, new.before_mg, new.missing_mg) == ("South", 0, 0)


@pytest.mark.parametrize(("after", "codes"), [(1, ["RESTATEMENT-012"]), (2, []), (3, [])])
def test_what_was_used_up_for_somebody_is_told_to_them(after: int, codes: list[str]) -> None:
    found = compared({"retired": (used(),)}, {"retired": (used(after),)})

    assert [one.code for one in found.findings] == codes
    assert [(one.before_mg, one.after_mg) for one in found.uses] == (
        [] if after == 2 else [(2 * KG, after * KG)]
    )
    roles = {(one.entity, one.role) for one in found.notices}
    assert roles == (
        set() if after == 2 else {("North", "credit_holder"), ("Product 7", "beneficiary")}
    )


def test_a_use_that_would_not_have_been_is_nothing() -> None:
    assert compared({"retired": (used(),)}, {}).uses[0].after_mg == 0
    assert compared({}, {"retired": (used(),)}).uses[0].before_mg == 0


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        (account(5), account(0), []),
        (account(5), account(0, 1), ["RESTATEMENT-014"]),
        (account(0, 1), account(0, 1), []),
        (account(0, 1), account(0, 2), ["RESTATEMENT-014"]),
        (account(0, 2), account(0, 1), []),
    ],
)
def test_a_deficit_that_is_new_or_larger_is_told(
    before: PeriodStatement, after: PeriodStatement, codes: list[str]
) -> None:
    found = compared({"statements": (before,)}, {"statements": (after,)})

    assert [one.code for one in found.findings] == codes
    assert len(found.accounts) == (before != after)
    if before != after:
        (one,) = found.accounts
        assert (one.entity, one.account) == ("Works", "yard / tin")
        assert (Remedy.DELIVER_MISSING in one.remedies) is (one.after_mg < one.before_mg)
        assert found.notices == (Notice("Works", "account_keeper", ("yard / tin",)),)


def test_an_account_that_is_only_in_one_state_is_told() -> None:
    (gone,) = compared({"statements": (account(5),)}, {}).accounts
    (new,) = compared({}, {"statements": (account(5),)}).accounts

    assert (gone.before_mg, gone.after_mg) == (5, 0)
    assert (new.before_mg, new.after_mg) == (0, 5)


def test_findings_that_were_there_before_are_not_told_again() -> None:
    known = Finding(rules.SALE_IS_COVERED, {"sale": "1"})
    new = Finding(rules.SALE_IS_COVERED, {"sale": "2"})

    assert compared({"findings": (known,)}, {"findings": (known, new)}).findings == (new,)
