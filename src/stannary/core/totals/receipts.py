"""What a holder gets: its lots, its parts, their ways to the root, and the entry that states the total.

Rules: TOTAL-001 to TOTAL-008.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stannary.core.kernel import Finding, RefusalError
from stannary.core.totals import rules
from stannary.core.totals.sealing import PARTS, LotOfMine, Part, Sealed, holding, part_node
from stannary.core.totals.stated import Total, check_total, total_of_entry
from stannary.core.totals.tree import Node, bounds, climb


@dataclass(frozen=True, slots=True)
class Receipt:
    """What shows a holder that its content is in a total.

    Attributes:
        holder: Its name as recorded.
        lots: What it answers for, lot by lot, in the order in which they were sealed.
        parts: Of its content.
        entry: The bytes that were entered in the log.
    """

    holder: str
    lots: tuple[LotOfMine, ...]
    parts: tuple[Part, ...]
    entry: bytes

    @property
    def sum_mg(self) -> int:
        """What the holder has, as its lots say."""
        return sum(lot.sum_mg for lot in self.lots)


def make_receipt(sealed: Sealed, holder: str, lots: Sequence[LotOfMine], entry: bytes) -> Receipt:
    """Give a holder's receipt of a tree."""
    return Receipt(holder, tuple(lots), sealed.parts_of(holder), entry)


def check_receipt(receipt: Receipt) -> tuple[Finding, ...]:
    """Tell what is wrong with a receipt by itself: everything that can be told without the log.

    What is out of bounds cannot be hashed, and what is not a total has no root: then only that is told.
    """
    total = total_of_entry(receipt.entry)
    if total is None:
        return (Finding(rules.ENTRY_IS_A_TOTAL, {"entry": ascii(receipt.entry[:60])}),)
    findings = _out_of_bounds(receipt) + check_total(total)
    if findings:
        return findings
    return (*_whole(receipt, total), *_rooted(receipt, total))


def _out_of_bounds(receipt: Receipt) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for lot in receipt.lots:
        found += bounds(lot.sum_mg, f"lot {lot.lot[:80]}")
    for part in receipt.parts:
        found += bounds(part.sum_mg, f"part {part.number}")
        for step, node in enumerate(part.path, start=1):
            found += bounds(node.sum_mg, f"part {part.number}, step {step}")
    return tuple(found)


def _whole(receipt: Receipt, total: Total) -> tuple[Finding, ...]:
    """Tell whether all parts are there, and come to the lots."""
    problems: list[dict[str, str]] = []
    numbers = sorted(part.number for part in receipt.parts)
    if numbers != list(range(1, PARTS + 1)):
        problems.append({"parts": ", ".join(map(str, numbers))[:80] or "none"})
    places = [part.index for part in receipt.parts]
    if len(set(places)) != len(places):
        problems.append({"places": "one of several parts"})
    parts_mg = sum(part.sum_mg for part in receipt.parts)
    if parts_mg != receipt.sum_mg:
        problems.append({"parts_mg": str(parts_mg), "lots_mg": str(receipt.sum_mg)})
    if len({lot.lot for lot in receipt.lots}) != len(receipt.lots):
        problems.append({"lots": "one of them twice"})
    found = [Finding(rules.RECEIPT_IS_WHOLE, facts) for facts in problems]
    wrong = [part for part in receipt.parts if not _fits(part, total)]
    for part in wrong:
        facts = {
            "where": f"part {part.number}",
            "steps": str(len(part.path)),
            "index": str(part.index)[:40],
            "leaves": str(total.leaves),
        }
        found.append(Finding(rules.ENTRY_IS_A_TOTAL, facts))
    return tuple(found)


def _fits(part: Part, total: Total) -> bool:
    return len(part.path) == total.depth and 0 <= part.index < total.leaves


def _rooted(receipt: Receipt, total: Total) -> tuple[Finding, ...]:
    """Tell whether all parts lead to one root, to that of the log, and to its total."""
    of = holding(receipt.holder, receipt.lots)
    roots: list[tuple[Part, Node]] = []
    for part in receipt.parts:
        try:
            leaf = part_node(total.mine, total.day, of, part)
            roots.append((part, climb(leaf, part.index, part.path, f"part {part.number}")))
        except RefusalError as refusal:
            return refusal.findings
    lead = {root for _part, root in roots}
    if len(lead) > 1:
        return tuple(
            Finding(
                rules.PATH_LEADS_TO_ONE_ROOT,
                {
                    "where": f"part {part.number}",
                    "root": root.hash.hex(),
                    "sum_mg": str(root.sum_mg),
                },
            )
            for part, root in roots
            if root != Node(total.root, total.total_mg)
        )
    found = []
    for root in lead:
        facts = {"root": root.hash.hex(), "public": total.root.hex()}
        if root.hash != total.root:
            found.append(Finding(rules.ROOT_IS_THE_PUBLIC_ONE, facts))
        elif root.sum_mg != total.total_mg:
            sums = {"sum_mg": str(root.sum_mg), "total_mg": str(total.total_mg)}
            found.append(Finding(rules.SUMS_COME_TO_THE_TOTAL, sums))
    return tuple(found)
