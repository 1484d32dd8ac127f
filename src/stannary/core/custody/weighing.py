"""Differences of weighing: what a second scale shows less or more than the first.

The contract has no kind of its own for them: less is a `loss`, more a `purchase` of unknown origin, and
the period of the row begins with the word WEIGHING. The lot that was weighed may be named after it,
which says for a `purchase`, whose lot is a new one, where the difference was found.

Rules: CUSTODY-099, CUSTODY-100.
"""

from collections.abc import Iterator
from enum import StrEnum

from stannary.core.custody import rules
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.rows import Kind, Row
from stannary.core.kernel import Finding, share_text

WEIGHING = "weighing"
"""What the period of a row says first if the row is a difference of weighing."""
WEIGHING_LOSS = "weighing_loss_max_share"


class Weighed(StrEnum):
    """What a second scale showed."""

    LESS = "weighed_less"
    MORE = "weighed_more"


_SHOWN = {Kind.LOSS: Weighed.LESS, Kind.PURCHASE: Weighed.MORE}


def weighed_as(row: Row) -> Weighed | None:
    """Tell whether a row is a difference of weighing, and which; None for every other row."""
    return _SHOWN.get(row.kind) if _says_so(row) else None


def weighed_lot(row: Row) -> str:
    """Give the lot that was weighed: that of a loss, or the one that a purchase names.

    Example:
        >>> fields = dict(event="E", at="2026-01-05T08:00:00Z", kind="purchase", site="S", entity="A")
        >>> fields |= dict(lot="L-7w", side="out", material="tin", mass_mg="700", period="weighing L-7")
        >>> from stannary.core.custody.rows import parse_row
        >>> weighed_lot(parse_row(fields))
        'L-7'
    """
    named = row.period.partition(" ")[2].strip()
    return named if named and row.kind is Kind.PURCHASE else row.lot


def check_gain(row: Row) -> Iterator[Finding]:
    """Find what a second scale showed more where it is said to be mined or recycled input."""
    if row.kind.is_source and _says_so(row) and row.kind is not Kind.PURCHASE:
        facts = {"event": row.event, "lot": row.lot, "kind": str(row.kind)}
        yield Finding(rules.WEIGHING_GAIN_COUNTS_NOTHING, facts, row.place_of("period"))


def check_loss(
    row: Row, *, weighed_mg: int, lot_mass_mg: int, allowed: CustodyRules
) -> Iterator[Finding]:
    """Find more than a pack tolerates of what an entity lost of a lot by weighing.

    A pack that does not name the share tolerates every difference.

    Args:
        row: The newest loss.
        weighed_mg: All that the entity lost of the lot by weighing, this row included.
        lot_mass_mg: Of the lot, as it was made.
        allowed: The constants of the pack.

    Raises:
        RefusalError: CUSTODY-070 if the pack names the share and does not know it.
    """
    if WEIGHING_LOSS not in allowed.constants:
        return
    share = allowed.share(WEIGHING_LOSS)
    if weighed_mg > share * lot_mass_mg:
        facts = {
            "event": row.event,
            "entity": row.entity,
            "lot": row.lot,
            "weighed_less": f"{weighed_mg} mg",
            "mass": f"{lot_mass_mg} mg",
            "share": share_text(share),
        }
        yield Finding(rules.WEIGHING_LOSS_IS_TOLERATED, facts, row.place_of("mass_mg"))


def _says_so(row: Row) -> bool:
    return row.period.partition(" ")[0].casefold() == WEIGHING
