"""Remedies: which fit which facts, out of a table of data."""

import pytest

from stannary.core.restatements import Fact, Remedy, RemedyRule, Touched, remedies_for


@pytest.mark.parametrize(
    ("touched", "facts", "remedies"),
    [
        (Touched.LOT, set(), ["tell_holders"]),
        (Touched.LOT, {Fact.MISSING}, ["deliver_missing", "tell_holders"]),
        (Touched.SALE, set(), []),
        (Touched.SALE, {Fact.MISSING}, ["deliver_missing", "restate_sale"]),
        (Touched.CREDITS, {Fact.UNUSED}, ["take_back_credits"]),
        (Touched.CREDITS, {Fact.PASSED_ON}, ["buy_credits"]),
        (Touched.CREDITS, {Fact.PASSED_ON, Fact.UNUSED}, ["take_back_credits", "buy_credits"]),
        (Touched.CLAIM, {Fact.LEVEL_IS_GONE}, ["withdraw_claim"]),
        (Touched.CLAIM, {Fact.PARTLY_SUPPORTED}, ["lower_claim", "withdraw_claim"]),
        (Touched.CLAIM, {Fact.MODEL_IS_WRONG}, ["downgrade_model", "withdraw_claim"]),
        (
            Touched.CLAIM,
            {Fact.MISSING},
            ["deliver_missing", "buy_credits", "withdraw_claim"],
        ),
        (Touched.ACCOUNT, {Fact.MISSING}, ["deliver_missing", "buy_credits"]),
    ],
)
def test_remedies_follow_from_facts(
    touched: Touched, facts: set[Fact], remedies: list[str]
) -> None:
    assert [str(one) for one in remedies_for(touched, facts)] == remedies


def test_another_table_gives_other_remedies() -> None:
    table = [RemedyRule(Remedy.WITHDRAW_CLAIM, Touched.SALE)]

    assert remedies_for(Touched.SALE, {Fact.MISSING}, table) == (Remedy.WITHDRAW_CLAIM,)
    assert remedies_for(Touched.LOT, {Fact.MISSING}, table) == ()
