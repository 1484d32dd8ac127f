"""Rules of postings: codes are permanent, texts are whole sentences, verdicts are their numbers."""

from stannary.core.custody.postings import ledger, rule_of, rules
from stannary.core.kernel import Rule

ALL = [value for value in vars(rules).values() if isinstance(value, Rule)]


def test_codes_are_in_order_and_in_the_range_of_postings() -> None:
    assert [rule.code for rule in ALL] == [f"CUSTODY-{n:03d}" for n in range(50, 62)]


def test_every_text_is_a_sentence() -> None:
    for rule in ALL:
        assert rule.demand.endswith("."), rule.code
        assert rule.remedy.endswith("."), rule.code
        assert rule.source, rule.code


def test_a_verdict_is_the_number_of_its_rule() -> None:
    for verdict in range(50, 61):
        rule = rule_of(verdict)
        assert rule is not None
        assert rule.code == f"CUSTODY-{verdict:03d}"
    assert rule_of(ledger.ACCEPTED) is None
