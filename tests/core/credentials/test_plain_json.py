"""JSON that two readers cannot read in two ways."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stannary.core.credentials import rules
from stannary.core.credentials.plain_json import DEPTH_MAX, parse_json
from stannary.core.kernel import Place, RefusalError

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_what_json_can_hold_without_fractions_is_read(value: object) -> None:
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1, "a": 1}', "the key 'a' twice"),
        ('[{"b": 1, "a": 1, "b": 2}]', "the key 'b' twice"),
        ("1.5", "the fraction 1.5"),
        ("1e3", "the fraction 1e3"),
        ("NaN", "the number NaN"),
        ("[-Infinity]", "the number -Infinity"),
        ('"\\ud800"', "half a surrogate pair"),
        ('{"\\udfff": 1}', "half a surrogate pair"),
        ("[" * 65 + "]" * 65, "more than 64 levels"),
        ("[" * 9999 + "]" * 9999, "more than 64 levels"),
        ("9" * 5000, "a number that is too long"),
    ],
)
def test_the_rest_is_refused(text: str, problem: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_json(text, at=Place("a.json"))
    assert refusal.value.rule is rules.JSON_IS_PLAIN  # CREDENTIAL-002
    assert refusal.value.findings[0].facts == {"problem": problem}


def test_what_is_no_json_is_refused_with_line_and_column() -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_json('{"a": 1,\n "b" 2}', at=Place("a.json"))
    assert refusal.value.findings[0].message == (
        "a.json, line 2, column 6: CREDENTIAL-002: JSON is UTF-8 without repeated keys, fractions,"
        " broken characters or more than 64 levels. Here: problem=Expecting ':' delimiter."
        " Ask whoever gave you the file for an unchanged copy."
    )
    with pytest.raises(RefusalError, match="CREDENTIAL-002"):
        parse_json("")


def test_64_levels_are_read() -> None:
    text = "[" * DEPTH_MAX + "]" * DEPTH_MAX

    assert json.dumps(parse_json(text)) == text


def test_whole_pairs_of_surrogates_are_one_sign() -> None:
    assert parse_json('"\\ud83d\\udc8e"') == "💎"


def test_a_foreign_credential_may_hold_fractions_which_stay_text() -> None:
    assert parse_json("[0.10, 1e3]", fractions_as_text=True) == ["0.10", "1e3"]
