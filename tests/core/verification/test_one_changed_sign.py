"""Whoever changes one sign of a claim file is found out, wherever it is.

Either the file cannot be read, or the report does not hold, or what was changed means nothing:
blanks of JSON, or another way to write the same sign.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.verification.checks import check, failing, loaded
from formats import claim_files as case
from stannary.core.kernel import RefusalError
from stannary.core.verification import NOBODY, Trust

CLAIM = case.claim_file()
SHORT = case.claim_file(case.draft(results=()))
"""Without published ratings, which are most of a file: so that the other parts are met often."""
RESULT = case.result_file()
SIGNS = st.sampled_from('0123456789abcdefAZ+/=_-.,:;{}[]"\\ntu \n\t\u00e9\u2014—é') | st.characters(
    codec="utf-8"
)


def same_content(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def found_out(text: str, original: str, trust: Trust | None) -> bool:
    try:
        report = check(text, trust=trust)
    except RefusalError:
        return True
    return not report.holds or same_content(text, original)


@settings(max_examples=150, deadline=None)
@given(
    file=st.sampled_from([SHORT, SHORT, CLAIM, RESULT]),
    place=st.integers(0, 10**9),
    sign=SIGNS,
    act=st.sampled_from(["change", "change", "insert", "delete", "double"]),
    trust=st.sampled_from([None, NOBODY]),
)
def test_one_changed_sign_is_found_out(
    file: str, place: int, sign: str, act: str, trust: Trust | None
) -> None:
    place %= len(file)
    changed = {
        "change": file[:place] + sign + file[place + 1 :],
        "insert": file[:place] + sign + file[place:],
        "delete": file[:place] + file[place + 1 :],
        "double": file[: place + 1] + file[place:],
    }[act]

    assert found_out(changed, file, trust), (act, place, sign, changed[place - 20 : place + 20])


@pytest.mark.untraced
def test_no_place_of_a_claim_file_can_be_changed_unseen() -> None:
    """Place after place, for a reader who knows nobody; this once found an unguarded name."""
    start = SHORT.index("vc+jwt,")
    token = range(start, SHORT.index('"', start))  # signed as a whole: every seventh sign will do
    unseen = [
        place
        for place, sign in enumerate(SHORT)
        if (place not in token or place % 7 == 0)
        and not found_out(SHORT[:place] + chr(ord(sign) ^ 1) + SHORT[place + 1 :], SHORT, NOBODY)
    ]

    assert unseen == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_changed_digit_of_the_movements_is_named_by_its_line(data: st.DataObject) -> None:
    file = loaded(SHORT)
    text = file["movements"]
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    place = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from("0123456789").filter(lambda sign: sign != text[place]))
    file["movements"] = text[:place] + other + text[place + 1 :]
    line = text.count("\n", 0, place) + 1

    report = check(json.dumps(file))

    assert failing(report)["consistent"] == f"movements, line {line}"


def test_blanks_between_parts_mean_nothing() -> None:
    assert check(json.dumps(loaded(CLAIM), indent=3)).holds
    assert check(json.dumps(loaded(CLAIM), ensure_ascii=True)).holds
    assert check(json.dumps(loaded(CLAIM), sort_keys=True)).holds


@pytest.mark.parametrize("name", sorted(json.loads(CLAIM)))
def test_every_part_taken_from_another_file_is_found_out(name: str) -> None:
    """A whole part of an honest file of the same issuer, put into this one."""
    other = case.claim_file(
        case.draft(
            case.replaced(case.CLAIM, lot="N-1", share="1", uuid="0"),
            achievements={"north-2026": case.achievements()["north-2026"]},
            results=case.results()[:1],
            issuer_document={**case.DOCUMENT, "alsoKnownAs": []},
        )
    )
    assert check(other).holds
    mixed = {**loaded(CLAIM), name: loaded(other)[name]}

    report = check(json.dumps(mixed))

    assert report.holds == (loaded(CLAIM)[name] == loaded(other)[name])
