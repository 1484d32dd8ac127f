"""Cut into pieces, a graph answers as it does whole: tasks run one after the other here, without Spark."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.custody.chains import random_chain
from core.custody.replays import make, mine, use
from engines.provenance.agreement import assert_agree, assert_alike, assert_carried
from engines.spark.asked import AtOnce
from engines.spark.inline import Inline
from refusals import refused_by
from stannary.core.custody import Kind, Row, events_of
from stannary.core.kernel import InvariantError
from stannary.core.provenance import Exact
from stannary.engines.provenance import Arrays
from stannary.engines.spark import Spark
from stannary.engines.spark.parcels import FORM
from stannary.engines.spark.pieces import ByOrigin, work
from stannary.formats.movements import read_movements

LITHIUM = Path(__file__).resolve().parents[2] / "vectors/movements/lithium.csv"


def given(
    rows: Sequence[Row], shared: Path, *, segment: int = 10, tasks: int = 3, blocks: int = 1
) -> Spark:
    engine = Spark(Inline(tasks), shared, segment=segment, blocks=blocks)
    engine.append(rows)
    return engine


def assert_near(engine: Spark, rows: Sequence[Row], segment: int) -> None:
    """Compare the whole graph with that of arrays, number by number."""
    arrays = Arrays(segment=segment)
    arrays.append(rows)
    nodes, origins = np.arange(arrays.graph.nodes), arrays.graph.columns["origin_site"].count
    for width in (3, 11):
        classes = np.where(np.arange(origins) == 1, width, np.arange(origins) % width)
        wanted, seen = (x.ask.by_class(classes, width).of(nodes) for x in (arrays, engine))
        assert np.allclose(seen, wanted, rtol=0, atol=1e-14)
    all_of_them, seen_of_them = arrays.ask.by_origin(), engine.ask.by_origin()
    for node in nodes.tolist():
        ids, shares = all_of_them.of(node)
        seen_ids, seen_shares = seen_of_them.of(node)
        order = np.argsort(seen_ids)
        assert np.array_equal(seen_ids[order], ids)
        assert np.allclose(seen_shares[order], shares, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("seed", "segment", "tasks", "blocks"),
    [(1, 5, 3, 1), (3, 8, 2, 2), (5, 9, 40, 7), (6, 10**6, 4, 1)],
)
def test_pieces_say_what_the_exact_engine_says(
    tmp_path: Path, seed: int, segment: int, tasks: int, blocks: int
) -> None:
    rows = random_chain(seed, 60)

    engine = given(rows, tmp_path, segment=segment, tasks=tasks, blocks=blocks)

    assert_agree(Exact(events_of(rows)), AtOnce(engine, rows), rows)
    assert_near(engine, rows, segment)
    assert engine.ask.cut is not None
    assert (engine.ask.cut.waves > 1) == (segment < 100)
    assert [path.name for path in tmp_path.iterdir()] == ["pieces"]


def test_pieces_answer_for_the_demonstration_file(tmp_path: Path) -> None:
    rows = read_movements(LITHIUM)

    engine = given(rows, tmp_path, segment=4)

    assert_agree(Exact(events_of(rows)), AtOnce(engine, rows), rows)


def test_one_lot_and_one_site_are_asked_for_by_themselves_too(tmp_path: Path) -> None:
    rows = random_chain(2, 60)
    judge, engine = Exact(events_of(rows)), given(rows, tmp_path)
    lot, site = rows[-1].lot, next(row.site for row in rows if row.kind is Kind.PRODUCE)

    assert_alike(judge.trace(lot), engine.trace(lot))
    assert_carried(judge.forward(site), engine.forward(site))
    day = rows[len(rows) // 2].at
    assert_carried(judge.forward(site, as_of=day), engine.forward(site, as_of=day))
    assert refused_by(lambda: engine.traces(["nothing"])) == "TRACE-001"
    assert refused_by(lambda: engine.forwards(["nowhere"])) == "TRACE-002"
    assert refused_by(lambda: engine.effects(["nobody"])) == "TRACE-005"


def test_a_graph_is_cut_again_when_something_was_appended_and_only_then(tmp_path: Path) -> None:
    rows = random_chain(4, 60)
    events = [list(batch) for _, batch in groupby(rows, key=lambda row: row.event)]
    engine = given([row for batch in events[:40] for row in batch], tmp_path)
    before = engine.ask.ready()
    assert engine.ask.ready() is before

    engine.append([row for batch in events[40:] for row in batch])

    assert engine.ask.ready() is not before
    assert_agree(Exact(events_of(rows)), AtOnce(engine, rows), rows)


def test_a_stretch_of_time_is_cut_by_chains_into_pieces_of_about_one_size(tmp_path: Path) -> None:
    rows = [mine(f"E{n}", f"M{n}", 10, site=f"example-mine-{n}") for n in range(12)]
    for n in range(0, 12, 2):
        event = f"E{20 + n}"
        rows += [use(event, Kind.BLEND, f"M{n + x}", 10) for x in (0, 1)]
        rows.append(make(event, Kind.BLEND, f"B{n}", 20))

    engine = given(rows, tmp_path, segment=10**6, tasks=4)

    cut = engine.ask.ready()
    assert (cut.chains.tolist(), cut.firsts.tolist()) == ([6], [0, 4])
    assert sorted(np.bincount(cut.piece).tolist()) == [3, 3, 6, 6]
    node, source, _ = engine.graph.kernel()
    for here in range(engine.graph.nodes):
        assert {cut.piece[x] for x in source[node[here, 0] : node[here + 1, 0]]} <= {
            cut.piece[here]
        }


def test_nothing_is_made_of_nothing(tmp_path: Path) -> None:
    engine = given([], tmp_path)

    assert engine.by_source() == {}
    assert engine.traces([]) == ()
    assert engine.forwards([]) == engine.effects([]) == {}
    assert (engine.ask.backs([]), engine.ask.forwards([])) == ([], [])


def test_a_worker_of_another_release_does_nothing() -> None:
    with pytest.raises(InvariantError, match="another release"):
        next(work(ByOrigin(1), np.zeros(2), [], form=FORM + 1))
    with pytest.raises(InvariantError, match="0 pieces instead of one"):
        next(work(ByOrigin(1), np.zeros(2), [], form=FORM))


def test_what_is_lost_on_the_way_is_noticed(tmp_path: Path) -> None:
    engine = given(random_chain(3, 90), tmp_path)
    run = Inline.run
    lost: list[Path] = []

    def forgetful(self: Inline, *words: Any) -> None:
        run(self, *words)
        lost.extend(path for path in words[-1].glob("goes=[0-9]*/*") if path.unlink() is None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Inline, "run", forgetful)
        with pytest.raises(InvariantError, match="exactly once"):
            engine.ask.by_origin()
        with pytest.raises(InvariantError, match="does not add up"):
            engine.ask.backs(list(range(len(engine))))
    assert len(lost) >= 2
