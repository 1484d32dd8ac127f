"""Whatever a file says, the check ends in a report or in a refusal, never in an error of ours."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.verification.checks import FILE, RESULT_FILE, check, loaded
from formats import claim_files as case
from formats.receipt_files import receipt_file
from stannary.core.credentials import Json
from stannary.core.kernel import RefusalError
from stannary.core.verification import NOBODY, Outcome, report_as_dict

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**60)
    | st.text(max_size=8)
    | st.sampled_from(
        ["1/0", "9999-12-31", "2026-02-30T00:00:00Z", "#", "did:web:x", "%(x)s", "{lot}"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def put_somewhere(content: Any, value: Json, data: st.DataObject) -> None:
    """Put a value at a random place of a JSON value, anywhere in its depth."""
    while True:
        keys = list(content) if isinstance(content, dict) else list(range(len(content)))
        key = data.draw(st.sampled_from(keys))
        inner = content[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            content[key] = value
            return
        content = inner


def ends_well(text: str, *, known: bool) -> None:
    try:
        report = check(text, trust=None if known else NOBODY)
    except RefusalError:
        return
    written = json.dumps(report_as_dict(report))
    assert len(report.steps) == 8
    assert all(step.reason for step in report.steps)
    assert all(step.findings for step in report.failed)
    assert written


@settings(max_examples=150, deadline=None)
@given(
    file=st.sampled_from([FILE, RESULT_FILE, receipt_file()]),
    value=JSON,
    known=st.booleans(),
    data=st.data(),
)
def test_a_strange_value_anywhere_ends_in_a_report(
    file: str, value: Json, known: bool, data: st.DataObject
) -> None:
    content = loaded(file)
    put_somewhere(content, value, data)

    ends_well(json.dumps(content), known=known)


@settings(max_examples=80, deadline=None)
@given(value=JSON, data=st.data())
def test_a_strange_value_that_the_issuer_signed_ends_in_a_report(
    value: Json, data: st.DataObject
) -> None:
    payload: Any = json.loads(json.dumps(case.draft().payload))
    put_somewhere(payload, value, data)
    token = case.signed(payload)
    content = {**loaded(FILE), "credential": {**loaded(FILE)["credential"]}}
    content["credential"]["id"] = f"data:application/vc+jwt,{token}"

    ends_well(json.dumps(content), known=True)
    ends_well(token, known=True)


@pytest.mark.parametrize("length", [10, 1000])
def test_a_long_chain_is_checked(length: int) -> None:
    """As many splits in a row: neither recursion nor fractions grow beyond measure."""
    made = case.draft(
        case.replaced(case.CLAIM, lot="T", share="1", uuid="1"), rows=case.long(length)
    )

    report = check(case.claim_file(made))

    assert report.holds
    assert [step.name for step in report.steps if step.outcome is Outcome.FAILED] == []
