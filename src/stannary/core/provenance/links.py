"""The flows between the lots of an ancestry, for a drawing.

Rules: TRACE-001.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody import DEFAULT_RULES, CustodyRules, Event, Row
from stannary.core.kernel import largest_remainder
from stannary.core.provenance.ancestry import Chain, ancestry_of, chain_of


@dataclass(frozen=True, slots=True)
class Link:
    """What one lot has from another.

    Attributes:
        from_lot: The lot that was used.
        to_lot: The lot that was made.
        content_mg: Content of `to_lot` that comes from `from_lot`, in whole milligrams; all
            links into a lot add up to its content.
        share: Share of the traced lot's content that took this way, 0 to 1; all links into a
            lot add up to what left it on its way to the traced lot.
    """

    from_lot: str
    to_lot: str
    content_mg: int
    share: Fraction


def links(
    events: Sequence[Event], lot_id: str, *, rules: CustodyRules = DEFAULT_RULES
) -> tuple[Link, ...]:
    """Give the flows between the lots of an ancestry, in the order in which they happened.

    Lots that the traced lot is not made of do not appear, nor does what a process lost.

    Raises:
        RefusalError: TRACE-001 if no event makes the lot; CUSTODY codes for defects.
    """
    return links_in(chain_of(events, rules), lot_id)


def links_in(chain: Chain, lot_id: str) -> tuple[Link, ...]:
    """Give the flows between lots in a chain that is checked already; see `links`."""
    back = ancestry_of(chain, lot_id)
    share: dict[str, Fraction] = {lot_id: Fraction(1)}
    found: list[tuple[Link, ...]] = []
    for index in reversed(back.events):
        event = chain.events[index]
        if event.kind.is_source:
            continue
        made = [
            link
            for row in event.outputs
            if row.lot in back.lots
            for link in _into(row, event.inputs, share[row.lot])
        ]
        for link in made:
            share[link.from_lot] = share.get(link.from_lot, Fraction(0)) + link.share
        found.append(tuple(made))
    return tuple(link for made in reversed(found) for link in made)


def _into(made: Row, inputs: Sequence[Row], share: Fraction) -> tuple[Link, ...]:
    taken: dict[str, int] = {}
    for row in inputs:
        taken[row.lot] = taken.get(row.lot, 0) + row.content_mg
    total = sum(taken.values())
    weights = [Fraction(content, total) for content in taken.values()]
    contents = largest_remainder(made.content_mg, weights)
    return tuple(
        Link(from_lot, made.lot, content, share * weight)
        for from_lot, content, weight in zip(taken, contents, weights, strict=True)
    )
