"""From a batch that was checked to what is kept of it."""

import numpy as np

from stannary.core.custody import CustodyRules, Side
from stannary.engines.provenance.checks import Known, check
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.log import Accepted
from stannary.engines.provenance.movements import (
    KINDS,
    SIDE,
    Batch,
    Movements,
    batch_of,
    moment,
    movements_of,
)
from stannary.engines.provenance.names import Names, Texts, texts_of

_IN, _OUT = SIDE[Side.IN], SIDE[Side.OUT]
KEPT = np.array([not kind.is_move and not kind.is_credit for kind in KINDS])
"""Kinds of events that are kept. A move changes neither what a lot is made of nor what is left of it."""

_NEVER = -(2**63)


def taken(
    movements: Movements, graph: Graph, rules: CustodyRules, *, refused: frozenset[str]
) -> Accepted:
    """Check movements against a graph, and give what is kept of them; the graph stays as it is.

    Raises:
        RefusalError: With every defect of lots and masses whose code is in `refused`.
    """
    batch = batch_of(movements, fast=graph.fast)
    known = known_of(batch, graph)
    check(batch, known, rules, fast=graph.fast, refused=refused)
    return accepted(batch, known.number, graph)


def empty() -> Accepted:
    """Give a batch of nothing, to be written beside a mark alone."""
    rows, texts = movements_of([]), texts_of([])
    counts = np.zeros(0, np.uint32)
    return Accepted(
        lots=texts,
        events=texts,
        texts=texts,
        at=rows.at,
        kind=rows.kind,
        uses=counts,
        makes=counts,
        used=counts,
        used_mass=rows.mass,
        used_content=rows.content,
        used_model=rows.model,
        mass=rows.mass,
        content=rows.content,
        model=rows.model,
        site=counts,
        entity=counts,
        attestation=counts,
        offset=rows.offset,
    )


def known_of(batch: Batch, graph: Graph) -> Known:
    """Look up the lots of a batch in a graph."""
    number = graph.lots.find(batch.lots)
    old = np.flatnonzero(number >= 0)
    those = number[old]
    at, mass, content = (np.full(len(number), x, np.int64) for x in (_NEVER, 0, 0))
    at[old] = graph["at"][graph["maker"][those]]
    mass[old], content[old] = graph.mass_left.values[those], graph.content_left.values[those]

    def maker(lot: int) -> tuple[str, str]:
        event = int(graph["maker"][lot])
        when = moment(int(graph["at"][event]), int(graph["offset"][lot]))
        return graph.events.text(event), when.isoformat()

    return Known(number, at, mass, content, maker)


def accepted(batch: Batch, number: Numbers, graph: Graph) -> Accepted:
    """Give what is kept of a batch without defects.

    Args:
        batch: The batch.
        number: Of each of its lots, in the graph; -1 if it is new.
        graph: Where it is appended.
    """
    rows = batch.movements
    firsts = batch.row[batch.begins[:-1]]
    kept = KEPT[rows.kind[firsts]]
    events = np.flatnonzero(kept)
    side = rows.side[batch.row]
    ins = np.flatnonzero((side == _IN) & kept[batch.event])
    outs = np.flatnonzero((side == _OUT) & kept[batch.event])
    numbers = number.copy()
    numbers[batch.lot[outs]] = len(graph.lots) + np.arange(len(outs))
    used, made = batch.row[ins], batch.row[outs]
    sites, entities, attestations, new = _texts(batch, made, graph.texts)
    many = len(kept)
    return Accepted(
        lots=rows.lot.take(made),
        events=rows.event.take(firsts[events]),
        texts=new,
        at=rows.at[firsts[events]],
        kind=rows.kind[firsts[events]],
        uses=np.bincount(batch.event[ins], minlength=many)[events].astype(np.uint32),
        makes=np.bincount(batch.event[outs], minlength=many)[events].astype(np.uint32),
        used=numbers[batch.lot[ins]].astype(np.uint32),
        used_mass=rows.mass[used],
        used_content=rows.content[used],
        used_model=rows.model[used],
        mass=rows.mass[made],
        content=rows.content[made],
        model=rows.model[made],
        site=sites,
        entity=entities,
        attestation=attestations,
        offset=rows.offset[made],
    )


def _texts(batch: Batch, made: Numbers, known: Names) -> tuple[Numbers, Numbers, Numbers, Texts]:
    """Number sites, entities and attestations; those that are new follow those that are known."""
    rows = batch.movements
    fresh = Names(fast=known.fast)
    codes = [fresh.add(texts.take(made)) for texts in (rows.site, rows.entity, rows.attestation)]
    texts = fresh.texts if len(fresh) else rows.site.take(np.zeros(0, np.int64))
    numbers = known.find(texts)
    new = np.flatnonzero(numbers < 0)
    numbers[new] = len(known) + np.arange(len(new))
    of_rows = [numbers[code].astype(np.uint32) for code in codes]
    return of_rows[0], of_rows[1], of_rows[2], texts.take(new)
