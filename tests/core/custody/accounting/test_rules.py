"""The rules of accounting: codes are permanent, texts are whole sentences."""

from stannary.core.custody.accounting import rules
from stannary.core.kernel import Rule

ALL = [value for value in vars(rules).values() if isinstance(value, Rule)]


def test_codes_are_unique_and_in_order() -> None:
    numbers = [int(rule.code.removeprefix("CUSTODY-")) for rule in ALL]

    assert numbers == [*range(72, 99), *range(101, 109)]


def test_every_text_is_a_sentence() -> None:
    for rule in ALL:
        assert rule.demand.endswith("."), rule.code
        assert rule.remedy.endswith("."), rule.code
        assert rule.source, rule.code
