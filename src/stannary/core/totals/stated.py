"""A total as it stands in the public log: what anybody sees of a tree.

Rules: TOTAL-001, TOTAL-002, TOTAL-003, TOTAL-008.
"""

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from stannary.core.kernel import Finding
from stannary.core.totals import rules
from stannary.core.totals.tree import FORM, HASH_BYTES, bounds

LEAVES_MIN = 64
"""Fewer would tell how many holders there are: what is missing is filled up with nothing."""

LEAVES_MAX = 2**20

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,29}")
_HEX = re.compile(rf"[0-9a-f]{{{2 * HASH_BYTES}}}")


@dataclass(frozen=True, slots=True)
class Total:
    """What a mine's material comes to on a day; all in milligrams of the contained element.

    Attributes:
        mine: Permanent id of the site.
        day: On which it was entered: as the books stood then.
        root: 32 bytes.
        leaves: How many, a power of two from 64 to 2^20.
        total_mg: The sum at the root.
        held_mg: Of it, in somebody's hands.
        under_way_mg: Of it, sent and not yet received.
        produced_mg: What the mine ever produced; what lacks to it was lost, taken by processes or rounded.
    """

    mine: str
    day: datetime.date
    root: bytes
    leaves: int
    total_mg: int
    held_mg: int
    under_way_mg: int
    produced_mg: int

    @property
    def depth(self) -> int:
        """Steps from a leaf to the root."""
        return self.leaves.bit_length() - 1

    @property
    def gone_mg(self) -> int:
        """What was produced and is not in the total."""
        return self.produced_mg - self.total_mg


def entry_of_total(total: Total) -> bytes:
    """Write the entry of a total for the log, in canonical JSON."""
    entry = {
        "day": total.day.isoformat(),
        "held_mg": str(total.held_mg),
        "leaves": str(total.leaves),
        "mine": total.mine,
        "produced_mg": str(total.produced_mg),
        "root": total.root.hex(),
        "total_mg": str(total.total_mg),
        "type": FORM,
        "under_way_mg": str(total.under_way_mg),
    }
    # for an object of texts with keys in order this is RFC 8785
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def total_of_entry(entry: bytes) -> Total | None:
    """Read an entry that states a total; None for every other entry."""
    try:
        said = json.loads(entry)
        found = _read(said) if isinstance(said, dict) and said.get("type") == FORM else None
        same = found is not None and entry_of_total(found) == entry
    except (ValueError, KeyError, RecursionError):
        return None
    return found if same else None


def _read(said: Mapping[str, str]) -> Total | None:
    names = ("leaves", "total_mg", "held_mg", "under_way_mg", "produced_mg")
    texts = all(isinstance(value, str) for value in said.values())
    if not texts or not _HEX.fullmatch(said["root"]):
        return None
    if not all(_WHOLE.fullmatch(said[one]) for one in names):
        return None
    return Total(
        said["mine"],
        datetime.date.fromisoformat(said["day"]),
        bytes.fromhex(said["root"]),
        *(int(said[one]) for one in names),
    )


def check_total(total: Total) -> tuple[Finding, ...]:
    """Tell what is wrong with a total by itself, whoever states it: all findings."""
    findings: list[Finding] = []
    for name in ("total_mg", "held_mg", "under_way_mg", "produced_mg"):
        findings += bounds(getattr(total, name), name)
    whole = LEAVES_MIN <= total.leaves <= LEAVES_MAX and not total.leaves & (total.leaves - 1)
    if not whole:
        facts = {"leaves": str(total.leaves), "needed": f"a power of two from {LEAVES_MIN}"}
        findings.append(Finding(rules.ENTRY_IS_A_TOTAL, facts))
    parts_mg = total.held_mg + total.under_way_mg
    if parts_mg != total.total_mg or total.total_mg > total.produced_mg:
        facts = {
            "total_mg": str(total.total_mg),
            "held_mg": str(total.held_mg),
            "under_way_mg": str(total.under_way_mg),
            "produced_mg": str(total.produced_mg),
        }
        findings.append(Finding(rules.TOTAL_IS_WITHIN_PRODUCTION, facts))
    return tuple(findings)
