"""The rules of traces: codes are permanent, texts are whole sentences."""

from stannary.core.kernel import Rule
from stannary.core.provenance import rules

ALL = [value for value in vars(rules).values() if isinstance(value, Rule)]


def test_codes_are_unique_and_in_order() -> None:
    assert [rule.code for rule in ALL] == [f"TRACE-{number:03d}" for number in range(1, 6)]


def test_every_text_is_a_sentence() -> None:
    for rule in ALL:
        assert rule.demand.endswith("."), rule.code
        assert rule.remedy.endswith("."), rule.code
        assert rule.source, rule.code
