"""From what holders have to a tree that tells nobody what another one has.

Every holder's content is split into 16 parts at points that only the register's secret tells; each part
is a leaf with a secret salt, leaves of nothing fill the tree up to a power of two, and all stand in the
order of their hashes. So a sum beside a receipt's path is of parts of nobody knows whom, and not of a
neighbour. From the same holdings and the same secret the same tree comes again: nothing but the
holdings needs to be kept.

Rules: TOTAL-001, TOTAL-002.
"""

import datetime
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stannary.core.kernel import InvariantError
from stannary.core.totals.stated import LEAVES_MAX, LEAVES_MIN
from stannary.core.totals.tree import FORM, Node, SumTree, leaf_node, packed

PARTS = 16
HOLDERS_MAX = LEAVES_MAX // PARTS


@dataclass(frozen=True, slots=True)
class LotOfMine:
    """A lot that a holder answers for.

    Attributes:
        lot: Its id.
        sum_mg: What of it is the mine's, rounded down.
        under_way: Whether it was sent and is not yet received: then whoever sent it answers for it.
    """

    lot: str
    sum_mg: int
    under_way: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """What one holder has of a mine's material.

    Attributes:
        holder: Its name as recorded.
        sum_mg: Of all of its lots.
        lots_sha256: Of these lots, from `lots_digest`: 32 bytes.
    """

    holder: str
    sum_mg: int
    lots_sha256: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a holder's content, and its way to the root.

    Attributes:
        number: From 1 to 16.
        sum_mg: What it has of the holder's content.
        salt: 32 bytes.
        index: Its place among the leaves, from 0.
        path: The sibling of each node on the way, from the leaf's up.
    """

    number: int
    sum_mg: int
    salt: bytes
    index: int
    path: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class _Leaf:
    node: Node
    holder: str
    number: int
    salt: bytes


class Sealed:
    """A tree with what the register alone knows of it: which leaf is whose."""

    def __init__(self, leaves: Sequence[_Leaf]) -> None:
        """Build the tree of leaves in their order."""
        self.tree = SumTree(leaf.node for leaf in leaves)
        self._leaves = leaves
        self._places: dict[str, list[int]] = defaultdict(list)
        for index, leaf in enumerate(leaves):
            if leaf.number:
                self._places[leaf.holder].append(index)

    def parts_of(self, holder: str) -> tuple[Part, ...]:
        """Give a holder's parts in the order of their numbers; none of who has none."""
        found = []
        for index in self._places.get(holder, ()):
            leaf, path = self._leaves[index], self.tree.path(index)
            found.append(Part(leaf.number, leaf.node.sum_mg, leaf.salt, index, path))
        return tuple(sorted(found, key=lambda part: part.number))


def lots_digest(lots: Iterable[LotOfMine]) -> bytes:
    """Give the digest of some lots, in their order: what each leaf of their holder says of them."""
    said = (
        packed(one.lot, str(one.sum_mg), "under way" if one.under_way else "held") for one in lots
    )
    return hashlib.sha256(packed(f"{FORM} lots", *said)).digest()


def holding(holder: str, lots: Sequence[LotOfMine]) -> Holding:
    """Put the lots of a holder together."""
    return Holding(holder, sum(one.sum_mg for one in lots), lots_digest(lots))


def part_node(mine: str, day: datetime.date, of: Holding, part: Part) -> Node:
    """Make the leaf of a part: what the holder checks against its own books.

    Raises:
        RefusalError: TOTAL-001, TOTAL-002.
    """
    said = (mine, day.isoformat(), of.holder, of.lots_sha256, f"{part.number}/{PARTS}")
    return leaf_node(part.salt, part.sum_mg, *said)


def split(sum_mg: int, secret: bytes, *said: str) -> tuple[int, ...]:
    """Split a content into 16 parts, each 0 or more, that add up to it.

    Args:
        sum_mg: The content, 0 or more.
        secret: The register's.
        said: What the points depend on beside the secret.

    Example:
        >>> parts = split(1000, b"secret", "mine", "holder")
        >>> len(parts), sum(parts)
        (16, 1000)
    """
    points = sorted(
        int.from_bytes(_secret(secret, "split", *said, str(number)), "big") % (sum_mg + 1)
        for number in range(1, PARTS)
    )
    return tuple(after - before for before, after in pairwise((0, *points, sum_mg)))


def seal(mine: str, day: datetime.date, holdings: Iterable[Holding], secret: bytes) -> Sealed:
    """Build the tree of what holders have of a mine's material on a day.

    Args:
        mine: Permanent id of the site.
        day: The day.
        holdings: Each holder once, in any order.
        secret: 32 bytes or more that only the register knows.

    Raises:
        RefusalError: TOTAL-001, TOTAL-002 if a sum is out of bounds.
    """
    by_holder: Mapping[str, Holding] = {one.holder: one for one in holdings}
    if len(by_holder) > HOLDERS_MAX:
        raise InvariantError("more holders than a tree has leaves for")
    leaves: list[_Leaf] = []
    about = (mine, day.isoformat())
    for of in by_holder.values():
        leaf_node(b"", of.sum_mg)  # a sum out of bounds cannot be split either
        for number, part_mg in enumerate(split(of.sum_mg, secret, *about, of.holder), start=1):
            salt = _secret(secret, "salt", *about, of.holder, str(number))
            node = part_node(mine, day, of, Part(number, part_mg, salt, 0, ()))
            leaves.append(_Leaf(node, of.holder, number, salt))
    wanted = max(LEAVES_MIN, 1 << (len(leaves) - 1).bit_length() if leaves else 0)
    for number in range(len(leaves), wanted):
        salt = _secret(secret, "nothing", *about, str(number))
        leaves.append(_Leaf(leaf_node(salt, 0, *about), "", 0, salt))
    return Sealed(sorted(leaves, key=lambda leaf: leaf.node.hash))


def _secret(secret: bytes, *said: str) -> bytes:
    return hmac.new(secret, packed(FORM, *said), hashlib.sha256).digest()
