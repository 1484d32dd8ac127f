"""The sum tree by itself: sums conserve, every leaf leads to the root, nothing out of bounds is hashed."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refusals import refused_by
from stannary.core.kernel import MASS_MAX_MG, InvariantError
from stannary.core.totals import Node, SumTree
from stannary.core.totals.tree import FORM, bounds, climb, leaf_node, packed, parent

SALT = bytes(32)


def leaves(sums: list[int]) -> list[Node]:
    return [leaf_node(SALT, one, str(place)) for place, one in enumerate(sums)]


@pytest.mark.parametrize(
    ("sum_mg", "expected"),
    [
        (-1, "TOTAL-001"),  # just under
        (0, None),  # exactly
        (1, None),
        (MASS_MAX_MG - 1, None),
        (MASS_MAX_MG, None),  # exactly
        (MASS_MAX_MG + 1, "TOTAL-002"),  # just over
    ],
)
def test_a_leaf_has_a_sum_within_bounds(sum_mg: int, expected: str | None) -> None:
    assert refused_by(lambda: leaf_node(SALT, sum_mg, "x")) == expected
    other = Node(bytes(32), 0)
    for pair in ((Node(bytes(32), sum_mg), other), (other, Node(bytes(32), sum_mg))):
        assert refused_by(lambda pair=pair: parent(*pair)) == expected  # type: ignore[misc]


@pytest.mark.parametrize(("second", "expected"), [(-1, None), (0, None), (1, "TOTAL-002")])
def test_two_sums_together_stay_within_bounds(second: int, expected: str | None) -> None:
    left, right = leaf_node(SALT, MASS_MAX_MG - 5, "a"), leaf_node(SALT, 5 + second, "b")

    assert refused_by(lambda: parent(left, right)) == expected


def test_a_sum_out_of_bounds_is_told_with_its_place() -> None:
    (finding,) = bounds(MASS_MAX_MG + 1, "part 3, step 2")

    assert finding.code == "TOTAL-002"
    assert finding.facts == {"where": "part 3, step 2", "sum_mg": "9000000000000000001"}


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 5).flatmap(
        lambda n: st.lists(st.integers(0, 10**15), min_size=2**n, max_size=2**n)
    )
)
def test_sums_conserve_and_every_leaf_leads_to_the_root(sums: list[int]) -> None:
    found = leaves(sums)
    tree = SumTree(found)

    assert tree.root.sum_mg == sum(sums)
    for index, leaf in enumerate(found):
        assert climb(leaf, index, tree.path(index)) == tree.root


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_change_on_the_way_leads_elsewhere(data: st.DataObject) -> None:
    found = leaves(data.draw(st.lists(st.integers(0, 10**9), min_size=8, max_size=8)))
    tree = SumTree(found)
    index, step = data.draw(st.integers(0, 7)), data.draw(st.integers(0, 2))
    path = list(tree.path(index))
    byte = data.draw(st.integers(0, 31))
    turned = bytearray(path[step].hash)
    turned[byte] ^= data.draw(st.integers(1, 255))
    more = data.draw(st.integers(1, 10**6))

    changes = (
        [*path[:step], replace(path[step], hash=bytes(turned)), *path[step + 1 :]],
        [*path[:step], replace(path[step], sum_mg=path[step].sum_mg + more), *path[step + 1 :]],
    )

    assert all(climb(found[index], index, one).hash != tree.root.hash for one in changes)
    moved = replace(found[index], sum_mg=found[index].sum_mg + more)
    assert climb(moved, index, path).hash != tree.root.hash
    assert climb(found[index], index ^ (1 << step), path).hash != tree.root.hash


def test_what_one_child_loses_the_other_cannot_win() -> None:
    """Both sums are hashed, not what they come to: else a register shows everybody another split."""
    left, right = leaves([10, 20])

    other = parent(replace(left, sum_mg=0), replace(right, sum_mg=30))

    assert other.sum_mg == parent(left, right).sum_mg
    assert other.hash != parent(left, right).hash


def test_a_node_is_no_leaf_and_texts_do_not_run_into_each_other() -> None:
    left, right = leaves([1, 2])
    node = parent(left, right)
    eight = [one.sum_mg.to_bytes(8, "big") for one in (left, right)]
    said = packed(f"{FORM} node", left.hash, eight[0], right.hash, eight[1])

    assert node.hash == hashlib.sha256(said).digest()
    assert leaf_node(SALT, 3, "ab", "c").hash != leaf_node(SALT, 3, "a", "bc").hash


@pytest.mark.parametrize("number", [0, 3, 6])
def test_a_tree_has_a_power_of_two_leaves(number: int) -> None:
    with pytest.raises(InvariantError):
        SumTree(leaves([1] * number))
