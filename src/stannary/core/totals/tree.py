r"""A Merkle sum tree: a hash tree whose nodes carry sums, so that its root fixes a total.

A node's hash covers the hash *and the sum* of both of its children. A tree that hashes only what they
come to together lets whoever builds it show another split to everybody, and prove less than there is.

Source: G. Maxwell's summation tree, with the repair of K. Hu, Z. Zhang and K. Guo, "Breaking the
Binding: Attacks on the Merkle Approach to Prove Liabilities and its Applications", 2018 (IACR ePrint
2018/1139).

Rules: TOTAL-001, TOTAL-002.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stannary.core.kernel import MASS_MAX_MG, Finding, InvariantError, RefusalError
from stannary.core.totals import rules

FORM = "stannary/mine-total/1"
"""Stands in front of everything that is hashed: nothing else has such a hash."""

HASH_BYTES = 32
_SUM_BYTES = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A node, or a leaf.

    Attributes:
        hash: 32 bytes.
        sum_mg: Of all leaves below it.
    """

    hash: bytes
    sum_mg: int


def bounds(sum_mg: int, where: str) -> tuple[Finding, ...]:
    """Tell what is wrong with a sum by itself.

    Example:
        >>> [one.code for one in bounds(-1, "part 1")], bounds(0, "part 1")
        (['TOTAL-001'], ())
    """
    facts = {"where": where, "sum_mg": str(sum_mg)[:40]}
    if sum_mg < 0:
        return (Finding(rules.SUM_IS_NOT_NEGATIVE, facts),)
    return (Finding(rules.SUM_IS_BOUNDED, facts),) if sum_mg > MASS_MAX_MG else ()


def packed(*fields: str | bytes) -> bytes:
    r"""Write texts and bytes one after the other, each with its length, so that none runs into the next.

    Example:
        >>> packed("ab", b"c")
        b'\x00\x00\x00\x02ab\x00\x00\x00\x01c'
    """
    plain = (one.encode("utf-8") if isinstance(one, str) else one for one in fields)
    return b"".join(len(one).to_bytes(4, "big") + one for one in plain)


def leaf_node(salt: bytes, sum_mg: int, *said: str | bytes) -> Node:
    """Make a leaf.

    Args:
        salt: 32 secret bytes: without them nobody can tell by guessing what it stands for.
        sum_mg: Its share of the total.
        said: What it stands for: mine, day, holder and the like.

    Raises:
        RefusalError: TOTAL-001, TOTAL-002.
    """
    text = packed(f"{FORM} leaf", salt, _eight(sum_mg, "leaf"), *said)
    return Node(hashlib.sha256(text).digest(), sum_mg)


def parent(left: Node, right: Node, where: str = "node") -> Node:
    """Join two nodes.

    Args:
        left: The one with the lower index.
        right: The other.
        where: For messages.

    Raises:
        RefusalError: TOTAL-001, TOTAL-002 if a sum, or both together, is out of bounds.
    """
    halves = (left.hash, _eight(left.sum_mg, where), right.hash, _eight(right.sum_mg, where))
    sum_mg = left.sum_mg + right.sum_mg
    _eight(sum_mg, where)
    return Node(hashlib.sha256(packed(f"{FORM} node", *halves)).digest(), sum_mg)


def _eight(sum_mg: int, where: str) -> bytes:
    wrong = bounds(sum_mg, where)
    if wrong:
        raise RefusalError(*wrong)
    return sum_mg.to_bytes(_SUM_BYTES, "big")


def climb(leaf: Node, index: int, path: Sequence[Node], where: str = "path") -> Node:
    """Give the root to which a path leads.

    Args:
        leaf: Where it begins.
        index: Its place among the leaves, from 0.
        path: The sibling of each node on the way, from the leaf's up.
        where: For messages.

    Raises:
        RefusalError: TOTAL-001, TOTAL-002 with the step, from 1.
    """
    node = leaf
    for step, sibling in enumerate(path, start=1):
        place = f"{where}, step {step}"
        pair = (sibling, node) if index & 1 else (node, sibling)
        node = parent(*pair, where=place)
        index >>= 1
    return node


class SumTree:
    """A whole tree; the number of its leaves is a power of two."""

    def __init__(self, leaves: Iterable[Node]) -> None:
        """Build it.

        Raises:
            RefusalError: TOTAL-001, TOTAL-002.
        """
        levels = [tuple(leaves)]
        if not levels[0] or len(levels[0]) & (len(levels[0]) - 1):
            raise InvariantError("the number of leaves of a sum tree is a power of two")
        while len(levels[-1]) > 1:
            below = levels[-1]
            pairs = zip(below[::2], below[1::2], strict=True)
            levels.append(tuple(parent(left, right) for left, right in pairs))
        self.levels = tuple(levels)

    @property
    def root(self) -> Node:
        """The root, with the total."""
        return self.levels[-1][0]

    def path(self, index: int) -> tuple[Node, ...]:
        """Give the siblings of a leaf and of every node above it but the root."""
        return tuple(level[(index >> height) ^ 1] for height, level in enumerate(self.levels[:-1]))
