"""Ids of postings lie in the order of time and are UUIDs of version 7."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from stannary.core.custody.postings import NO_ID, posting_id


def test_an_id_is_a_uuid_of_version_7_with_its_time_in_front() -> None:
    made = uuid.UUID(bytes=posting_id(at_ms=1_770_000_000_123, entropy=(1 << 74) - 1))

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_770_000_000_123
    assert made.bytes != NO_ID


@given(
    st.tuples(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1)),
    st.tuples(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1)),
)
def test_ids_lie_in_the_order_of_time_then_of_entropy(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    one, other = (posting_id(at_ms=at_ms, entropy=entropy) for at_ms, entropy in (first, second))

    assert (one < other) == (first < second)
    assert (one == other) == (first == second)
