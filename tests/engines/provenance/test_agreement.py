"""The engine of arrays says what the exact one says, within 1e-9, with numba and without."""

import datetime
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import START, random_chain
from core.custody.replays import make, mine, use
from engines.provenance.agreement import assert_agree, assert_carried, both
from refusals import refused_by
from stannary.core.custody import Kind, Row, events_of
from stannary.core.kernel import RefusalError
from stannary.core.provenance import RECYCLED, Exact, Source
from stannary.engines.provenance import Arrays, plain
from stannary.engines.provenance.rows import Shares

BLEND, SPLIT = Kind.BLEND, Kind.SPLIT


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32), events=st.integers(1, 80), segment=st.sampled_from([3, 20, 10**6])
)
def test_engines_agree_on_random_chains(seed: int, events: int, segment: int) -> None:
    rows = random_chain(seed, events)

    assert_agree(*both(rows, segment=segment), rows)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), segment=st.sampled_from([3, 20, 10**6]))
def test_engines_agree_without_numba(seed: int, segment: int) -> None:
    rows = random_chain(seed, 50)

    assert_agree(*both(rows, fast=False, segment=segment), rows)


@pytest.mark.parametrize("fast", [True, False])
def test_movements_may_come_in_any_number_of_batches(fast: bool) -> None:
    rows = random_chain(5, 120)
    arrays = Arrays(fast=fast, segment=7)
    random = Random(5)  # noqa: S311 - a fixed sample
    batch: list[Row] = []
    for _, event in groupby(rows, key=lambda row: row.event):
        batch += event
        if random.random() < 0.2:
            arrays.append(batch)
            batch = []
    arrays.append(batch)

    assert len(arrays.graph["segments"]) > 2
    assert_agree(Exact(events_of(rows)), arrays, rows)
    assert arrays.append([]) == 0


@pytest.mark.parametrize("fast", [True, False])
def test_parallel_uses_are_kept(fast: bool) -> None:
    rows = [
        mine("E1", "A", 100, site="a", attestation=""),
        mine("E2", "B", 100, site="b", attestation=""),
        use("E3", BLEND, "A", 10),
        use("E3", BLEND, "B", 20),
        use("E3", BLEND, "A", 30),
        make("E3", BLEND, "C", 60),
    ]

    judge, arrays = both(rows, fast=fast)

    assert_agree(judge, arrays, rows)
    assert [round(x.share * 3, 9) for x in arrays.trace("C").origins] == [2, 1]
    assert list(arrays.graph["weight"]) == [10 / 60, 20 / 60, 30 / 60]


def test_parallel_uses_are_added_up_when_a_segment_is_closed() -> None:
    rows = [
        mine("E1", "A", 100, site="a", attestation=""),
        mine("E2", "B", 100, site="b", attestation=""),
        use("E3", SPLIT, "A", 50),
        make("E3", SPLIT, "A2", 50),
        use("E4", BLEND, "A", 10),
        use("E4", BLEND, "B", 20),
        use("E4", BLEND, "A2", 30),
        make("E4", BLEND, "C", 60),
    ]

    judge, arrays = both(rows, segment=3)

    assert (arrays.graph.closed, arrays.graph.nodes) == (3, 3)
    assert list(arrays.graph["source"]) == [0, 1]
    assert list(arrays.graph["weight"]) == [10 / 60 + 30 / 60, 20 / 60]
    assert_agree(judge, arrays, rows)


def test_an_event_with_many_inputs_and_outputs_takes_an_edge_for_each_input() -> None:
    rows = [
        *(mine(f"E{n}", f"M{n}", 10) for n in range(1, 31)),
        *(use("E40", BLEND, f"M{n}", 10) for n in range(1, 31)),
        *(make("E40", BLEND, f"X{n}", 6) for n in range(50)),
        use("E41", SPLIT, "X7", 6),
        *(make("E41", SPLIT, f"Y{n}", 2) for n in range(3)),
    ]

    judge, arrays = both(rows)

    assert (len(arrays.graph["source"]), arrays.graph.nodes, len(arrays)) == (30, 31, 83)
    assert_agree(judge, arrays, rows)


def test_a_lot_of_ten_thousand_inputs_and_pools_of_forty_periods() -> None:
    many = 10_000
    wide = [
        *(mine(f"E{n}", f"M{n}", n + 1, site=f"mine-{n % 7}") for n in range(many)),
        *(use(f"E{many}", BLEND, f"M{n}", n + 1) for n in range(many)),
        make(f"E{many}", BLEND, "X", many * (many + 1) // 2),
    ]
    judge, arrays = both(wide)
    for one, other in zip(judge.trace("X").origins, arrays.trace("X").origins, strict=True):
        assert abs(one.share - other.share) < Fraction(1, 10**12)

    pool = [mine("E0", "P0", 10**12, site="first", attestation="")]
    for period in range(1, 41):
        event = f"E{period}0"
        pool += [
            mine(f"F{period}", f"N{period}", 10**9, site=f"mine-{period}", attestation=""),
            use(event, BLEND, f"P{period - 1}", 10**12 - (period - 1) * 10**9),
            use(event, BLEND, f"N{period}", 10**9),
            make(event, BLEND, f"P{period}", 10**12 - period * 10**9),
            make(event, BLEND, f"Q{period}", 2 * 10**9),
        ]
    at = {row.event: START + datetime.timedelta(minutes=n) for n, row in enumerate(pool)}
    pool = [replace(row, at=at[row.event]) for row in pool]
    assert_agree(*both(pool), pool)


def test_what_a_lot_is_made_of_is_the_same_as_of_any_later_day() -> None:
    rows = random_chain(11, 100)
    judge, arrays = both(rows, segment=20)
    days = sorted({row.at for row in rows})
    sites = sorted({row.site for row in rows if row.kind is Kind.PRODUCE})
    attestations = sorted({row.attestation for row in rows if row.attestation})

    for day in days[:: len(days) // 7]:
        for site in sites:
            if refused_by(lambda: judge.forward(site, as_of=day)):  # noqa: B023 - called at once
                assert refused_by(lambda: arrays.forward(site, as_of=day)) == "TRACE-002"  # noqa: B023
            else:
                assert_carried(judge.forward(site, as_of=day), arrays.forward(site, as_of=day))
        for attestation in attestations:
            if refused_by(lambda: judge.effect(attestation, since=day)):  # noqa: B023
                assert refused_by(lambda: arrays.effect(attestation, since=day)) == "TRACE-005"  # noqa: B023
            else:
                wanted = judge.effect(attestation, since=day)
                assert_carried(wanted, arrays.effect(attestation, since=day))
    lot = next(row for row in rows if row.kind is Kind.BLEND and row.side == "out")
    before = lot.at - datetime.timedelta(microseconds=1)
    assert arrays.trace(lot.lot, as_of=lot.at) == arrays.trace(lot.lot)
    assert refused_by(lambda: arrays.trace(lot.lot, as_of=before)) == "TRACE-001"
    assert refused_by(lambda: arrays.trace("nothing")) == "TRACE-001"
    assert refused_by(lambda: arrays.forward("nowhere")) == "TRACE-002"
    assert refused_by(lambda: arrays.effect("nobody")) == "TRACE-005"


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("width", [1, 3, 8, 9, 20])
def test_the_whole_graph_by_class_needs_no_other_pass_than_the_sum_of_sources(
    fast: bool, width: int
) -> None:
    rows = random_chain(2, 80)
    judge, arrays = both(rows, fast=fast, segment=30)
    sources = [arrays.source(n) for n in range(len(arrays.graph["origin_site"]))]
    class_of = {source: n % width for n, source in enumerate(sources) if n != 1}

    table = arrays.ask.by_class(arrays.classes(class_of, width), width)

    assert table.table.shape[1] == width
    wanted = judge.by_class({source: str(n) for source, n in class_of.items()})
    for lot, shares in wanted.items():
        row = table.of(arrays.graph["node_of"][arrays.number(lot)])
        for n in range(width):
            assert abs(row[n] - float(shares.get(str(n), 0))) < 1e-9
    named = arrays.by_class({source: str(n) for source, n in class_of.items()})
    assert all(set(named[lot]) == set(shares) for lot, shares in wanted.items())


@pytest.mark.parametrize("packed", [True, False])
def test_shares_of_more_origins_than_a_line_has_bits_are_the_same_packed_and_listed(
    packed: bool,
) -> None:
    many = 600
    arrays = Arrays(segment=many + 20)
    sites = [f"mine-{n * 7 % many}" for n in range(many)]
    rows = [mine(f"E{n}", f"M{n}", 10**9, site=site) for n, site in enumerate(sites)]
    arrays.append(rows)
    for period in range(many, many + 60):
        event = f"E{period}"
        some = [] if period == many else [use(event, BLEND, f"P{period - 1}", 10**6)]
        some += [use(event, BLEND, f"M{n}", 10**6) for n in range(period % 7, many, 1 + period % 7)]
        arrays.append([*some, make(event, BLEND, f"P{period}", 10**6 * len(some))])
        if period == many + 10:  # what is appended after an answer is in the next
            arrays.ask.by_origin(packed=packed)

    shares = arrays.ask.by_origin(packed=packed)

    assert_shares(arrays, shares)
    again = arrays.ask.by_origin(room=shares, packed=packed)
    assert again.shares.ctypes.data == shares.shares.ctypes.data
    assert again.many == shares.many
    assert_shares(arrays, again)


@pytest.mark.parametrize("many", [1, 54, 55, 390, 391])
def test_shares_are_right_for_every_number_of_inputs_and_for_full_words_and_lines(
    many: int,
) -> None:
    arrays = Arrays(segment=many + 15)
    rows = [mine(f"E{n}", f"M{n}", 10**15, site=f"mine-{n}") for n in range(many)]
    lots = [f"M{n}" for n in range(many)]
    random = np.random.default_rng(many)
    for number in range(20):
        event, some = f"E{many + number}", random.permutation(len(lots))[: 2 + number % 9].tolist()
        parts = [10**14 // 4**number * (1 + n % 3) for n in some]  # so that all uses have enough
        rows += [use(event, BLEND, lots[n], part) for n, part in zip(some, parts, strict=True)]
        rows.append(make(event, BLEND, f"P{number}", sum(parts)))
        if number % 5:  # the others go into nothing
            lots.append(f"P{number}")
    event = f"E{many + 20}"
    rows += [use(event, BLEND, f"M{n}", 10**6) for n in range(many)]
    rows.append(make(event, BLEND, "all", 10**6 * many))
    arrays.append(rows)

    assert_shares(arrays, arrays.ask.by_origin())


def assert_shares(arrays: Arrays, shares: Shares) -> None:
    """Compare shares of every lot with what is behind it, and add them up."""
    assert abs(shares.sums() - 1).max(initial=0) < 1e-12
    for lot in range(len(arrays)):
        back = arrays.ask.back(lot).share
        origins, amounts = shares.of(int(arrays.graph["node_of"][lot]))
        assert origins.tolist() == back.nonzero()[0].tolist()
        assert abs(amounts - back[origins]).max() < 1e-12


def test_the_whole_graph_is_asked_again_after_more_was_appended() -> None:
    rows = random_chain(8, 120)
    arrays = Arrays(segment=11)
    for _, event in groupby(rows, key=lambda row: row.event):
        arrays.append(list(event))
        classes = np.arange(len(arrays.graph["origin_site"])) % 3
        nodes = np.arange(arrays.graph.nodes)
        seen = arrays.ask.by_class(classes, 3).of(nodes)
        wanted = plain.by_class(*arrays.graph.kernel(), classes, 3)
        assert abs(seen - wanted).max(initial=0) < 1e-12


def test_a_changed_level_is_another_projection_of_the_same_arrays() -> None:
    rows = [
        mine("E1", "A", 30, site="a", attestation="urn:a"),
        make("E2", Kind.RECYCLE, "R", 10),
        use("E3", BLEND, "A", 30),
        use("E3", BLEND, "R", 10),
        make("E3", BLEND, "X", 40),
    ]
    _, arrays = both(rows)
    before = arrays.graph["weight"].copy()
    source = Source(Kind.PRODUCE, "a", "urn:a")

    assert arrays.by_class({source: "low"})["X"] == {"low": Fraction(3, 4), "": Fraction(1, 4)}
    assert arrays.by_class({source: "high", RECYCLED: "high"})["X"] == {"high": 1}
    assert (arrays.graph["weight"] == before).all()


def test_sources_are_followed_one_by_one_or_in_one_pass_with_the_same_result() -> None:
    rows = random_chain(21, 400)
    _, arrays = both(rows, segment=40)
    graph, ask = arrays.graph, arrays.ask
    sources = [int(x) for x in (graph["node"][:-1, 1] > 0).nonzero()[0]]

    for place in sources:
        one = graph["node_of"][:1].copy()
        one[0] = place
        carried = ask.forward(one)
        for lot in range(len(arrays)):
            node = int(graph["node_of"][lot])
            back = ask.back(lot, sources=True)
            given = dict(zip(back.sources.tolist(), back.amounts.tolist(), strict=True))
            assert abs(carried[node] - given.get(place, 0)) < 1e-12
        if place > 60:
            break
    assert ask.index_bytes > 0


def test_a_lot_may_be_used_in_a_batch_that_comes_years_later_but_happened_after_it() -> None:
    arrays = Arrays()
    arrays.append([mine("E5", "A", 10)])
    late = [use("E6", BLEND, "A", 4), make("E6", BLEND, "B", 4)]
    early = [use("E4", BLEND, "A", 4), make("E4", BLEND, "C", 4)]

    with pytest.raises(RefusalError) as caught:
        arrays.append(early)
    assert caught.value.findings[0].facts == {
        "lot": "A",
        "event": "E4",
        "at": "2026-01-05T06:00:00+00:00",
        "made_by": "E5",
        "made_at": "2026-01-06T06:00:00+00:00",
    }
    assert caught.value.rule.code == "CUSTODY-004"
    arrays.append(late)
    assert arrays.trace("B").lots == 2
