"""The rules of custody: codes are permanent, texts are whole sentences."""

from stannary.core.custody import rules
from stannary.core.kernel import Rule

ALL = [value for value in vars(rules).values() if isinstance(value, Rule)]


def test_codes_are_unique_and_in_order() -> None:
    numbers = [int(rule.code.removeprefix("CUSTODY-")) for rule in ALL]

    assert numbers == [*range(1, 20), *range(21, 35), *range(37, 40), 70, 71, 99, 100]


def test_every_text_is_a_sentence() -> None:
    for rule in ALL:
        assert rule.demand.endswith("."), rule.code
        assert rule.remedy.endswith("."), rule.code
        assert rule.source, rule.code


def test_what_stops_a_trace_is_lots_and_masses() -> None:
    assert sorted(rules.MEANINGLESS_CODES) == [f"CUSTODY-{n:03d}" for n in range(1, 12)]


def test_what_stops_an_engine_is_also_what_leaves_an_impossible_rest() -> None:
    assert {"CUSTODY-019"} == rules.LOT_AND_MASS_CODES - rules.MEANINGLESS_CODES
