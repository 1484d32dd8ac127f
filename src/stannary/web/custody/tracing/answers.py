"""What pages ask the arrays; every answer is counted again from whole milligrams.

The arrays find what is behind a lot, or made of a mine's material, in a moment, and in double
precision. What is printed is counted once more, over what they found alone.
"""

import numpy as np

from stannary.core.provenance import Chain
from stannary.engines.provenance.chains import (
    ONE,
    carried_exactly,
    chain_of_events,
    events_behind,
)
from stannary.web.custody.tracing import Following, kept


def chain_behind(lot_id: str) -> Chain | None:
    """Give the chain that a lot is made of; None if the arrays do not tell all that is booked."""
    with kept.asked() as arrays:
        number = -1 if arrays is None else arrays.graph.lots.find_one(lot_id)
        if arrays is None or number < 0:
            return None
        return chain_of_events(arrays.graph, events_behind(arrays.graph, number))


def following(site: str) -> Following | None:
    """Follow a mine's material; None if the arrays do not tell all that is booked."""
    with kept.asked() as arrays:
        if arrays is None:
            return None
        graph = arrays.graph
        origins = np.flatnonzero(graph["origin_site"] == graph.texts.find_one(site))
        sources = graph["lot_of"][np.flatnonzero(np.isin(graph["node"][:-1, 1], origins + 1))]
        lots, _ = arrays.carriers(origins)
        parts = carried_exactly(graph, np.sort(lots), sources)
        names = {number: graph.lots.text(number) for number in parts}
        return Following(
            produced_mg=sum(graph["content"][sources].tolist()),
            lots=tuple((names[number], arrays.time(number)) for number in lots.tolist()),
            parts={names[number]: part for number, part in parts.items()},
            one=ONE,
        )
