"""The replay: closing balances, totals, losses, and every milligram kept."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import random_chain
from core.custody.replays import START, codes, make, mine, move, use
from refusals import refused_by
from stannary.core.custody import (
    CustodyRules,
    Holding,
    Kind,
    Loss,
    Model,
    ProcessLoss,
    Replay,
    Row,
    Side,
    Total,
    events_of,
    replay,
    replay_events,
)
from stannary.core.custody.replay import check_conservation
from stannary.core.kernel import InvariantError

A, B = "Example A", "Example B"

CHAIN = [
    mine("E1", "L1", 1000, content_mg=100, entity=A, model=Model.IDENTITY_PRESERVED),
    mine("E1", "L2", 500, content_mg=50, entity=A),
    use("E2", Kind.LOSS, "L1", 100, content_mg=10, entity=A, note="spilt"),
    use("E3", Kind.TRANSFORM, "L1", 400, content_mg=40, entity=A),
    make("E3", Kind.TRANSFORM, "L3", 50, content_mg=39, entity=A, material="metal"),
    move("E4", Kind.SHIP, "L3", 50, content_mg=39, entity=A),
    move("E5", Kind.RECEIVE, "L3", 50, content_mg=39, entity=B, site="example-works"),
    move("E6", Kind.SHIP, "L2", 500, content_mg=50, entity=A, site="example-mine-1"),
]


def test_closing_balances_are_what_is_left_by_entity_site_and_lot() -> None:
    ore = "illustrative material"

    result = replay(CHAIN)

    assert result.findings == ()
    assert result.holdings == (
        Holding(A, "example-mine-1", "L1", ore, 500, 50, Model.IDENTITY_PRESERVED),
        Holding(B, "example-works", "L3", "metal", 50, 39, None),
    )
    assert result.totals == (Total(A, ore, 500, 50), Total(B, "metal", 50, 39))
    assert [(one.lot, one.mass_mg, one.content_mg) for one in result.in_transit] == [
        ("L2", 500, 50)
    ]


def test_losses_and_process_losses_are_listed() -> None:
    result = replay(CHAIN)
    lost = CHAIN[2]

    assert result.losses == (
        Loss("E2", lost.at, A, lost.site, "L1", lost.material, 100, 10, "spilt"),
    )
    assert result.process_losses == (ProcessLoss("E3", CHAIN[3].at, A, CHAIN[3].site, 350, 1),)


def test_a_process_may_bind_mass_and_then_its_loss_is_below_nothing() -> None:
    rows = [
        mine("E1", "L1", 100, content_mg=50),
        use("E2", Kind.TRANSFORM, "L1", 100, content_mg=50),
        make("E2", Kind.TRANSFORM, "L2", 120, content_mg=50),
    ]

    result = replay(rows, rules=CustodyRules(transform_mass_factor_max=Fraction(6, 5)))

    assert result.findings == ()
    assert [(one.mass_mg, one.content_mg) for one in result.process_losses] == [(-20, 0)]


def test_a_transformation_that_keeps_everything_has_no_process_loss() -> None:
    rows = [
        mine("E1", "L1", 100),
        use("E2", Kind.TRANSFORM, "L1", 100),
        make("E2", Kind.TRANSFORM, "L2", 100),
    ]

    assert replay(rows).process_losses == ()


@pytest.mark.parametrize(
    ("used", "left", "told"),
    [
        ((10, 5), [], []),
        ((10, 4), [(0, 1)], ["CUSTODY-019"]),
        ((9, 5), [(1, 0)], []),
        ((9, 4), [(1, 1)], []),
    ],
)
def test_a_lot_is_listed_as_long_as_mass_or_content_is_left(
    used: tuple[int, int], left: list[tuple[int, int]], told: list[str]
) -> None:
    rows = [
        mine("E1", "L1", 10, content_mg=5),
        use("E2", Kind.LOSS, "L1", used[0], content_mg=used[1]),
    ]

    result = replay(rows)

    assert [(one.mass_mg, one.content_mg) for one in result.holdings] == left
    assert [one.code for one in result.findings] == told


def test_totals_add_up_lots_of_one_material_at_all_sites_of_an_entity() -> None:
    rows = [
        mine("E1", "L1", 10, entity=B),
        mine("E2", "L2", 20, entity=A, site="example-mine-2"),
        mine("E3", "L3", 30, entity=A, material="other"),
        mine("E4", "L4", 40, entity=A),
    ]

    assert [(one.entity, one.material, one.mass_mg) for one in replay(rows).totals] == [
        (A, "illustrative material", 60),
        (A, "other", 30),
        (B, "illustrative material", 10),
    ]


def test_findings_come_in_the_order_of_replay_whatever_pass_found_them() -> None:
    rows = [
        mine("E1", "L1", 10, entity=A),
        use("E2", Kind.LOSS, "L1", 1, entity=B),
        use("E3", Kind.LOSS, "L1", 99, entity=B),
        make("E4", Kind.PURCHASE, "L4", 10, model=Model.SEGREGATED),
        mine("E5", "L1", 10),
        use("E6", Kind.LOSS, "L9", 1),
    ]

    assert codes(*rows) == [
        "CUSTODY-012",
        "CUSTODY-006",
        "CUSTODY-007",
        "CUSTODY-012",
        "CUSTODY-015",
        "CUSTODY-001",
        "CUSTODY-003",
    ]


def test_rows_in_any_order_replay_the_same_when_their_times_differ() -> None:
    shuffled = [CHAIN[number] for number in (7, 2, 0, 4, 6, 1, 3, 5)]

    assert replay(shuffled).holdings == replay(CHAIN).holdings
    assert replay(shuffled).findings == ()


def test_rows_that_disagree_stop_the_replay() -> None:
    wrong = replace(CHAIN[1], at=START)

    assert refused_by(lambda: replay([CHAIN[0], wrong])) == "CUSTODY-029"


def test_lots_are_told_as_they_were_made() -> None:
    lots = replay(CHAIN).lots

    assert list(lots) == ["L1", "L2", "L3"]
    made = lots["L3"]
    assert (made.event_id, made.at, made.kind) == ("E3", CHAIN[4].at, Kind.TRANSFORM)
    assert (made.entity, made.mass_mg, made.content_mg) == (A, 50, 39)
    assert (lots["L1"].attestation, lots["L1"].model) == ("urn:example:1", CHAIN[0].model)


def test_nothing_is_nothing() -> None:
    assert replay([]) == Replay((), {}, (), (), (), (), (), ())


@pytest.mark.parametrize(("mass_mg", "content_mg"), [(499, 50), (501, 50), (500, 49), (500, 51)])
def test_a_milligram_that_is_missing_or_too_much_is_a_bug_of_ours(
    mass_mg: int, content_mg: int
) -> None:
    sound = replay(CHAIN)
    first = replace(sound.holdings[0], mass_mg=mass_mg, content_mg=content_mg)

    with pytest.raises(InvariantError, match="entered"):
        check_conservation(replace(sound, holdings=(first, *sound.holdings[1:])))


def entered(rows: list[Row]) -> tuple[int, int]:
    sources = [row for row in rows if row.kind.is_source]
    return sum(row.mass_mg for row in sources), sum(row.content_mg for row in sources)


def found_again(result: Replay) -> tuple[int, int]:
    parts: list[Holding | Loss | ProcessLoss] = [
        *result.holdings,
        *result.losses,
        *result.process_losses,
    ]
    moving = result.in_transit
    return (
        sum(one.mass_mg for one in parts) + sum(one.mass_mg for one in moving),
        sum(one.content_mg for one in parts) + sum(one.content_mg for one in moving),
    )


@given(st.integers(0, 10**9))
@settings(deadline=None)
def test_a_hundred_random_events_keep_every_milligram(seed: int) -> None:
    rows = random_chain(seed)

    result = replay(rows)

    assert result.findings == ()
    assert len(result.events) == 100
    assert found_again(result) == entered(rows)
    assert all(one.content_mg >= 0 for one in result.process_losses)


@given(st.integers(0, 10**9), st.data())
@settings(deadline=None)
def test_a_milligram_more_or_less_anywhere_in_a_chain_is_a_finding(
    seed: int, data: st.DataObject
) -> None:
    rows = random_chain(seed, events=30)
    changeable = [n for n, row in enumerate(rows) if row.kind in (Kind.SPLIT, Kind.BLEND)]
    if not changeable:
        return
    number = data.draw(st.sampled_from(changeable))
    rows[number] = replace(rows[number], mass_mg=rows[number].mass_mg + 1)

    assert "CUSTODY-002" in codes(*rows)


@given(st.integers(0, 10**9), st.data())
@settings(deadline=None)
def test_a_row_that_is_left_out_never_passes_unseen(seed: int, data: st.DataObject) -> None:
    rows = random_chain(seed, events=30)
    used = {row.lot for row in rows if row.side is not Side.OUT}
    made = [n for n, row in enumerate(rows) if row.side is Side.OUT and row.lot in used]
    if not made:
        return
    del rows[data.draw(st.sampled_from(made))]

    assert codes(*rows)


def test_events_given_in_another_order_replay_the_same() -> None:
    events = events_of(CHAIN)

    assert replay_events(events[::-1]) == replay_events(events)
