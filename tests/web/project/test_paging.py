"""Cursors: API-001."""

import pytest

from stannary.core.kernel import RefusalError
from stannary.web.project.paging import decode, encode


def test_a_cursor_reads_back() -> None:
    assert [decode(encode(key)) for key in (0, 1, 99, 10**17)] == [0, 1, 99, 10**17]


@pytest.mark.parametrize("cursor", ["", "!!!!", "LTE", "YWJj", "a", "é", encode(10**18)])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(RefusalError) as refused:
        decode(cursor)

    assert refused.value.rule.code == "API-001"
