"""Digests down to the part that was changed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stannary.core.credentials import Digest, Json, differing_parts, digest_of, lines_of
from stannary.core.credentials.evidence import PARTS_MAX, digest_as_json, digest_from_json
from stannary.core.credentials.fields import Fields
from stannary.core.credentials.rules import SUBJECT_IS_KNOWN
from stannary.core.kernel import RefusalError

LINES = st.lists(st.binary(max_size=3), max_size=12)


def test_lines_are_numbered_as_an_editor_does() -> None:
    assert lines_of("a\nb\n") == (b"a", b"b", b"")


@given(LINES, st.data())
def test_the_line_that_was_changed_is_named(lines: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines)))
    lines.insert(place, b"as it was")
    changed = [*lines]
    changed[place] = b"as it is now"

    signed, found = digest_of(b"\n".join(lines), lines), digest_of(b"\n".join(changed), changed)

    assert differing_parts(signed, found) == (place + 1,)
    assert signed.sha256 == hashlib.sha256(b"\n".join(lines)).hexdigest()


def parts(*names: str) -> Digest:
    return Digest("", names)


@pytest.mark.parametrize(
    ("signed", "found", "places"),
    [
        (parts("a", "b"), parts("a", "b"), ()),
        (parts("a", "b", "c"), parts("x", "b", "y"), (1, 3)),
        (parts("a", "b"), parts("a"), (2,)),
        (parts("a"), parts("a", "b", "c"), (2,)),
        (parts("a", "b"), parts("b"), (1,)),
        (parts(), parts("a"), ()),
        (parts("a"), parts(), ()),
    ],
)
def test_added_and_missing_parts_are_named_once(
    signed: Digest, found: Digest, places: tuple[int, ...]
) -> None:
    assert differing_parts(signed, found) == places


@pytest.mark.parametrize(
    ("count", "kept"), [(PARTS_MAX - 1, PARTS_MAX - 1), (PARTS_MAX, PARTS_MAX), (PARTS_MAX + 1, 0)]
)
def test_up_to_2_000_parts_have_digests(count: int, kept: int) -> None:
    assert len(digest_of(b"", [b""] * count).parts) == kept


@given(LINES)
def test_a_digest_comes_back_as_it_was(lines: list[bytes]) -> None:
    digest = digest_of(b"x", lines)

    assert digest_from_json(Fields(digest_as_json("X", digest), SUBJECT_IS_KNOWN)) == digest


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"sha256": "0" * 63},
        {"sha256": "A" * 64},
        {"sha256": "0" * 64, "partDigests": "0" * 16},
        {"sha256": "0" * 64, "partDigests": ["0" * 15]},
        {"sha256": "0" * 64, "partDigests": ["0" * 16] * (PARTS_MAX + 1)},
        {"sha256": "0" * 64, "partDigests": [5]},
    ],
)
def test_another_form_is_no_digest(content: dict[str, Json]) -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-015"):
        digest_from_json(Fields(content, SUBJECT_IS_KNOWN))
