"""JSON values with their kind: a depth that is bounded, and counts that are whole."""

from collections.abc import Callable
from typing import Any

import pytest

from core.publications.test_shape import broken
from stannary.core.kernel import RefusalError
from stannary.core.publications import result_from_dict
from stannary.core.publications.json_values import as_count


def test_a_bottomless_score_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(2000):
        deep = {"a": deep}

    with pytest.raises(RefusalError) as refusal:
        result_from_dict(broken("score/level", deep))

    assert refusal.value.findings[0].facts["problem"] == "nested too deep"


@pytest.mark.parametrize("wrap", [lambda inner: {"a": inner}, lambda inner: [inner]])
def test_a_score_nests_at_most_ten_levels(wrap: Callable[[object], object]) -> None:
    deep: object = "text"
    for _ in range(10):
        deep = wrap(deep)

    result_from_dict(broken("score/level", deep))
    with pytest.raises(RefusalError):
        result_from_dict(broken("score/level", wrap(deep)))


def test_a_count_is_a_whole_number_from_nought() -> None:
    assert [as_count(count, "people") for count in (0, 1)] == [0, 1]
    for odd in (-1, True, "1", 1.0, None):
        with pytest.raises(RefusalError):
            as_count(odd, "people")
