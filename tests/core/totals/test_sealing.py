"""From holdings to a tree: split, salted, filled up, shuffled, and the same again from the same secret."""

from contextlib import nullcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.totals.trees import DAY, LOTS, MINE, SECRET
from refusals import refused_by
from stannary.core.kernel import MASS_MAX_MG, InvariantError
from stannary.core.totals import Holding, LotOfMine, holding, lots_digest, seal, sealing
from stannary.core.totals.sealing import PARTS, part_node, split

HOLDINGS = [holding(name, lots) for name, lots in LOTS.items()]


def numbered(count: int, each_mg: int = 10) -> list[Holding]:
    return [Holding(f"holder {n}", each_mg, bytes(32)) for n in range(count)]


@settings(deadline=None, max_examples=100)
@given(st.integers(0, MASS_MAX_MG), st.binary(min_size=1, max_size=40))
def test_parts_are_never_negative_and_add_up(sum_mg: int, secret: bytes) -> None:
    parts = split(sum_mg, secret, "mine", "holder")

    assert len(parts) == PARTS
    assert sum(parts) == sum_mg
    assert min(parts) >= 0


def test_where_it_is_split_only_the_secret_tells() -> None:
    one = split(10**9, SECRET, "mine", "holder")

    assert one == split(10**9, SECRET, "mine", "holder")
    assert one != split(10**9, SECRET[::-1], "mine", "holder")
    assert one != split(10**9, SECRET, "mine", "other holder")
    assert len(set(one)) == PARTS


def test_the_same_holdings_in_any_order_come_to_the_same_tree() -> None:
    again = seal(MINE, DAY, HOLDINGS[::-1], SECRET)

    assert again.tree.levels == seal(MINE, DAY, HOLDINGS, SECRET).tree.levels
    assert again.tree.root != seal(MINE, DAY, HOLDINGS, SECRET[::-1]).tree.root
    assert again.tree.root.sum_mg == sum(one.sum_mg for one in HOLDINGS)


@pytest.mark.parametrize(
    ("holders", "leaves"), [(0, 64), (1, 64), (3, 64), (4, 64), (5, 128), (8, 128), (9, 256)]
)
def test_leaves_of_nothing_fill_the_tree_up(holders: int, leaves: int) -> None:
    sealed = seal(MINE, DAY, numbered(holders), SECRET)

    assert len(sealed.tree.levels[0]) == leaves
    assert sealed.tree.root.sum_mg == holders * 10


def test_leaves_stand_in_the_order_of_their_hashes_and_not_by_holder() -> None:
    sealed = seal(MINE, DAY, HOLDINGS, SECRET)
    hashes = [leaf.hash for leaf in sealed.tree.levels[0]]
    places = [part.index for part in sealed.parts_of("Example Cells")]

    assert hashes == sorted(hashes)
    assert len(set(hashes)) == 64
    assert places != sorted(places)


def test_each_part_is_the_leaf_at_its_place() -> None:
    sealed = seal(MINE, DAY, HOLDINGS, SECRET)
    of = HOLDINGS[1]
    parts = sealed.parts_of(of.holder)

    assert [part.number for part in parts] == list(range(1, PARTS + 1))
    for part in parts:
        assert sealed.tree.levels[0][part.index] == part_node(MINE, DAY, of, part)
    assert sealed.parts_of("nobody") == sealed.parts_of("") == ()


def test_a_digest_tells_lots_from_what_else_might_read_alike() -> None:
    digests = {
        lots_digest([LotOfMine(*said)])
        for said in (("L", 11, False), ("L", 11, True), ("L1", 1, False), ("L", 12, False))
    }

    assert len(digests) == 4


@pytest.mark.parametrize(
    ("sum_mg", "expected"),
    [
        (-1, "TOTAL-001"),
        (0, None),
        (MASS_MAX_MG, None),
        (MASS_MAX_MG + 1, "TOTAL-002"),
    ],
)
def test_a_holding_out_of_bounds_is_not_sealed(sum_mg: int, expected: str | None) -> None:
    assert refused_by(lambda: seal(MINE, DAY, [Holding("x", sum_mg, b"")], SECRET)) == expected


def test_holdings_that_come_to_more_than_a_mass_can_be_are_not_sealed() -> None:
    two = numbered(2, MASS_MAX_MG)

    assert refused_by(lambda: seal(MINE, DAY, two, SECRET)) == "TOTAL-002"


@pytest.mark.parametrize(("holders", "stops"), [(2, False), (3, False), (4, True)])
def test_more_holders_than_leaves_is_a_mistake_of_ours(
    holders: int, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "HOLDERS_MAX", 3)
    with pytest.raises(InvariantError) if stops else nullcontext():
        seal(MINE, DAY, numbered(holders), SECRET)
