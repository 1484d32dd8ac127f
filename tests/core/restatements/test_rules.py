"""Codes are permanent: each stands for the same demand for ever, and none is left out."""

from stannary.core.kernel import Rule
from stannary.core.restatements import rules

CODES = (
    ("RESTATEMENT-001", rules.RESTATES_ONE_RECORD),
    ("RESTATEMENT-002", rules.KNOWS_WHAT_IT_RESTATES),
    ("RESTATEMENT-003", rules.SAYS_WHO_AND_WHY),
    ("RESTATEMENT-004", rules.COMES_AFTER_THE_RECORD),
    ("RESTATEMENT-010", rules.LOT_IS_COVERED),
    ("RESTATEMENT-011", rules.SALE_IS_COVERED),
    ("RESTATEMENT-012", rules.CREDITS_ARE_BACKED),
    ("RESTATEMENT-013", rules.CLAIM_STILL_HOLDS),
    ("RESTATEMENT-014", rules.ACCOUNT_STAYS_COVERED),
    ("RESTATEMENT-015", rules.CLOSED_PERIOD_IS_TOUCHED),
)


def test_every_code_stands_for_its_rule() -> None:
    declared = {one.code for one in vars(rules).values() if isinstance(one, Rule)}

    assert [rule.code for _, rule in CODES] == [code for code, _ in CODES]
    assert declared == {code for code, _ in CODES}
