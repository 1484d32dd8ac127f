"""Amounts by source: divided and moved, never made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.custody.accounting.made_up import NORTH, SOUTH
from stannary.core.custody.accounting.sources import (
    Source,
    SourceKind,
    portion,
    take,
    together,
    total_mg,
    without,
)
from stannary.core.kernel import InvariantError

SCRAP = Source(NORTH.produced_on, "yard", "", SourceKind.RECYCLED)


def test_amounts_add_up_in_all_and_by_kind() -> None:
    amounts = {NORTH: 3, SCRAP: 4}

    assert (total_mg(amounts), total_mg(amounts, SourceKind.MINED)) == (7, 3)


def test_together_and_without_are_opposites() -> None:
    assert together([{NORTH: 3}, {NORTH: 4, SOUTH: 1}]) == {NORTH: 7, SOUTH: 1}
    assert without({NORTH: 7, SOUTH: 1}, {NORTH: 7}) == {SOUTH: 1}


@pytest.mark.parametrize(("taken", "fits"), [(6, True), (7, True), (8, False)])
def test_no_more_is_taken_than_is_there(taken: int, fits: bool) -> None:
    if fits:
        assert total_mg(without({NORTH: 7}, {NORTH: taken})) == 7 - taken
    else:
        with pytest.raises(InvariantError, match="8 mg taken of 7 mg"):
            without({NORTH: 7}, {NORTH: taken})


@pytest.mark.parametrize(("part", "given_mg"), [(0, 0), (1, 0), (2, 1), (3, 2), (4, 3)])
def test_a_part_carries_its_share_rounded_down(part: int, given_mg: int) -> None:
    assert total_mg(portion({NORTH: 3}, part, 4)) == given_mg


@pytest.mark.parametrize(("part", "whole"), [(-1, 4), (5, 4), (0, 0)])
def test_what_is_no_part_is_a_bug(part: int, whole: int) -> None:
    with pytest.raises(InvariantError, match="no part"):
        portion({NORTH: 1}, part, whole)


def test_what_is_mined_is_rounded_down_and_scrap_takes_what_is_left_of_a_milligram() -> None:
    assert portion({NORTH: 1, SCRAP: 1}, 1, 2) == {SCRAP: 1}
    assert portion({NORTH: 1, SOUTH: 1}, 1, 2) == {NORTH: 1}


def test_what_was_produced_first_is_taken_first() -> None:
    assert take({SOUTH: 5, NORTH: 3}, 4) == {NORTH: 3, SOUTH: 1}
    assert take({SOUTH: 5, NORTH: 3}, 4, "urn:south") == {SOUTH: 4}
    assert take({SOUTH: 5}, 9) == {SOUTH: 5}


FEW_OR_MANY = st.integers(0, 5) | st.integers(0, 10**6)


@given(FEW_OR_MANY, FEW_OR_MANY, FEW_OR_MANY, FEW_OR_MANY, st.data())
def test_parts_of_what_is_there_are_never_more_than_it(
    north: int, south: int, scrap: int, rest: int, data: st.DataObject
) -> None:
    amounts = {key: mg for key, mg in ((NORTH, north), (SOUTH, south), (SCRAP, scrap)) if mg}
    whole = north + south + scrap + rest
    if not whole:
        return
    part = data.draw(st.integers(0, whole))

    given_part = portion(amounts, part, whole)

    assert total_mg(given_part) <= part
    assert total_mg(given_part, SourceKind.MINED) * whole <= (north + south) * part
    left = without(amounts, given_part)
    assert total_mg(left) <= whole - part
    assert together([given_part, left]) == amounts
    if not rest:
        assert total_mg(given_part) == part
