"""A small graph, so that a loop that has become slow is seen at once. The real figures: make bench."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from stannary.core.custody import Kind
from stannary.engines.provenance import KIND, plain, texts_of
from stannary.engines.provenance.graph import Graph
from stannary.engines.provenance.log import Accepted
from stannary.engines.provenance.questions import Questions

pytestmark = pytest.mark.untraced

MINED, MIXED, INPUTS, SITES = 2_000, 10_000, 4, 300
LOTS = MINED + MIXED


@pytest.fixture(scope="module")
def ask() -> Questions:
    """Mined lots, then lots that are mixed of four of the last six hundred."""
    random = np.random.default_rng(1)
    source = np.arange(MINED, LOTS)[:, None] - random.integers(1, 600, (MIXED, INPUTS))
    source = np.maximum(source, random.integers(0, MINED, (MIXED, INPUTS)))
    parts = random.integers(1, 10**9, source.size)
    kind = np.full(LOTS, KIND[Kind.BLEND], np.uint8)
    kind[:MINED] = KIND[Kind.PRODUCE]
    site = random.integers(0, SITES, LOTS).astype(np.uint32)
    ones, none = np.ones(LOTS, np.uint32), np.full(LOTS, -1, np.int8)
    uses = np.where(np.arange(LOTS) < MINED, 0, INPUTS).astype(np.uint32)
    graph = Graph(fast=True, segment=4_000)
    graph.apply(
        Accepted(
            lots=texts_of([f"lot {n}" for n in range(LOTS)]),
            events=texts_of([f"event {n}" for n in range(LOTS)]),
            texts=texts_of([f"site {n}" for n in range(SITES)]),
            at=np.arange(LOTS),
            kind=kind,
            uses=uses,
            makes=ones,
            used=source.ravel().astype(np.uint32),
            used_mass=parts,
            used_content=parts,
            used_model=np.full(source.size, -1, np.int8),
            mass=np.full(LOTS, 10**15),
            content=np.full(LOTS, 10**15),
            model=none,
            site=site,
            entity=site,
            attestation=site,
            offset=np.zeros(LOTS, np.int16),
        )
    )
    return Questions(graph)


def best(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return min(found)


def test_one_lot_is_traced_many_times_as_fast_as_with_arrays_of_numpy(ask: Questions) -> None:
    lots = range(LOTS - 3, LOTS)
    nodes = [int(ask.graph["node_of"][lot]) for lot in lots]

    ask.back(LOTS - 1)
    ours = best(lambda: [ask.back(lot) for lot in lots])
    theirs = best(lambda: [plain.backward(*ask.graph.kernel(), node) for node in nodes], times=1)

    assert theirs > 10 * ours  # 200 and more were seen


def test_the_whole_graph_is_swept_faster_than_with_arrays_of_numpy(ask: Questions) -> None:
    classes = np.arange(len(ask.graph["origin_site"])) % 5
    room = ask.room_by_class(5)

    ours = best(lambda: ask.by_class(classes, 5, room=room))
    theirs = best(lambda: plain.by_class(*ask.graph.kernel(), classes, 5), times=1)

    seen = ask.by_class(classes, 5).of(np.arange(ask.graph.nodes))
    assert np.allclose(seen, plain.by_class(*ask.graph.kernel(), classes, 5), atol=1e-12)
    assert theirs > 4 * ours  # 40 and more were seen
    shares = ask.by_origin()
    again = ask.by_origin(room=shares)
    assert (again.shares == shares.shares).all()
    assert abs(again.sums() - 1).max() < 1e-9


def test_identifiers_are_found_faster_than_in_a_dictionary(ask: Questions) -> None:
    known = ask.graph.lots
    order = np.random.default_rng(2).integers(0, LOTS, 200_000)
    asked = known.texts.take(order)
    table = {known.text(n): n for n in range(LOTS)}
    texts = [asked.text(n) for n in range(len(order))]

    ours = best(lambda: known.find(asked))
    theirs = best(lambda: [table[text] for text in texts], times=1)

    assert (known.find(asked) == order).all()
    assert theirs > 1.2 * ours  # 3 and more were seen; 18 among the lots of a million uses


def test_a_use_takes_at_most_sixteen_bytes(ask: Questions) -> None:
    hot = sum(ask.graph[name].nbytes for name in ("node", "source", "weight", "node_of"))

    assert hot / (MIXED * INPUTS) <= 16
