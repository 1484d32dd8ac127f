"""Shares of origin: exact, adding up to one, the same in both directions."""

import datetime
import time
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import START, random_chain
from core.custody.replays import make, mine, move, use
from core.provenance.oracles import naive_depth, naive_shares
from refusals import refused_by
from stannary.core.custody import CustodyRules, Event, Kind, Model, Row, Side, events_of
from stannary.core.kernel import RefusalError
from stannary.core.provenance import (
    Origin,
    Part,
    Trace,
    ancestry,
    carried,
    chain_of,
    trace,
    trace_as_dict,
    trace_in,
)

BLEND, SPLIT, TRANSFORM = Kind.BLEND, Kind.SPLIT, Kind.TRANSFORM
NORTH, SOUTH = "example-north-mine", "example-south-mine"
CB = Model.CONTROLLED_BLENDING

NORTH_1 = mine("E1", "N1", 4000, content_mg=300, site=NORTH, attestation="urn:n")
SOUTH_2 = mine("E2", "S1", 4000, content_mg=400, site=SOUTH, attestation="urn:s")
BOUGHT_3 = make("E3", Kind.PURCHASE, "U1", 1000, content_mg=100)
MIXED = [
    NORTH_1,
    SOUTH_2,
    BOUGHT_3,
    use("E4", TRANSFORM, "N1", 4000, content_mg=300),
    use("E4", TRANSFORM, "S1", 4000, content_mg=400),
    use("E4", TRANSFORM, "U1", 1000, content_mg=100),
    make("E4", TRANSFORM, "X", 600, content_mg=500, model=CB),
    make("E4", TRANSFORM, "Y", 300, content_mg=200),
]


def test_outputs_have_the_composition_of_the_inputs_weighted_by_content_not_by_mass() -> None:
    events = events_of(MIXED)

    assert trace(events, "X") == Trace(
        lot="X",
        content_mg=500,
        mass_mg=600,
        model=CB,
        origins=(
            Origin(
                SOUTH,
                "urn:s",
                "S1",
                SOUTH_2.at,
                Fraction(1, 2),
                250,
                (Part("S1", SOUTH_2.at, Fraction(1, 2)),),
            ),
            Origin(
                NORTH,
                "urn:n",
                "N1",
                NORTH_1.at,
                Fraction(3, 8),
                188,
                (Part("N1", NORTH_1.at, Fraction(3, 8)),),
            ),
        ),
        recycled_share=Fraction(0),
        unknown_share=Fraction(1, 8),
        lots=4,
        events=4,
        depth=1,
        recycled_mg=0,
        unknown_mg=62,
    )
    assert [one.share for one in trace(events, "Y").origins] == [Fraction(1, 2), Fraction(3, 8)]


def test_the_shape_for_outsiders_is_that_of_the_contract() -> None:
    one = trace(events_of(MIXED), "X")

    assert trace_as_dict(one, levels={"urn:n": "OPEN-75"}) == {
        "lot": "X",
        "content_mg": "500",
        "model": "controlled_blending",
        "origins": [
            {
                "site": SOUTH,
                "attestation": "urn:s",
                "level": None,
                "share": "0.500000000000",
                "content_mg": "250",
            },
            {
                "site": NORTH,
                "attestation": "urn:n",
                "level": "OPEN-75",
                "share": "0.375000000000",
                "content_mg": "188",
            },
        ],
        "recycled_share": "0.000000000000",
        "unknown_share": "0.125000000000",
        "lots": 4,
        "events": 4,
        "depth": 1,
    }
    shape = trace_as_dict(trace(events_of([NORTH_1]), "N1"))
    assert list(shape) == list(trace_as_dict(one))
    assert shape["model"] is None


def test_a_mined_lot_is_its_own_origin() -> None:
    one = trace(events_of(MIXED), "N1")

    assert (one.lots, one.events, one.depth, one.model) == (1, 1, 0, None)
    assert [(origin.site, origin.share, origin.content_mg) for origin in one.origins] == [
        (NORTH, Fraction(1), 300)
    ]


@pytest.mark.parametrize(
    ("kind", "recycled", "unknown"), [(Kind.RECYCLE, 1, 0), (Kind.PURCHASE, 0, 1)]
)
def test_recycled_and_bought_material_have_no_origin(
    kind: Kind, recycled: int, unknown: int
) -> None:
    one = trace(events_of([make("E1", kind, "L1", 10, attestation="urn:claimed")]), "L1")

    assert one.origins == ()
    assert (one.recycled_share, one.unknown_share) == (Fraction(recycled), Fraction(unknown))
    assert (one.recycled_mg, one.unknown_mg) == (10 * recycled, 10 * unknown)


def test_shipments_receipts_and_losses_are_no_steps() -> None:
    rows = [
        NORTH_1,
        move("E2", Kind.SHIP, "N1", 4000, content_mg=300, model=Model.BOOK_AND_CLAIM),
        move("E3", Kind.RECEIVE, "N1", 4000, content_mg=300),
        use("E4", Kind.LOSS, "N1", 1000, content_mg=100),
        use("E5", SPLIT, "N1", 3000, content_mg=200),
        make("E5", SPLIT, "A", 1000, content_mg=100),
        make("E5", SPLIT, "B", 2000, content_mg=100),
    ]

    one = trace(events_of(rows), "A")

    assert (one.lots, one.events, one.depth, one.model) == (2, 2, 1, None)


def test_depth_is_the_longest_way_to_an_origin() -> None:
    rows = [
        mine("E1", "A", 10),
        mine("E1", "B", 10),
        use("E2", SPLIT, "A", 10),
        make("E2", SPLIT, "A2", 10),
        use("E3", SPLIT, "A2", 10),
        make("E3", SPLIT, "A3", 10),
        use("E4", BLEND, "A3", 10),
        use("E4", BLEND, "B", 10),
        make("E4", BLEND, "X", 20),
    ]

    assert trace(events_of(rows), "X").depth == 3


def test_one_origin_is_one_site_under_one_attestation_with_the_earliest_day() -> None:
    early, late = START, START + datetime.timedelta(days=9)
    rows = [
        mine("E1", "A", 10, site=NORTH, attestation="urn:1", at=late),
        mine("E2", "B", 10, site=NORTH, attestation="urn:1", at=early),
        mine("E3", "C", 10, site=NORTH, attestation="urn:2", at=early),
        mine("E4", "D", 10, site=NORTH, attestation="", at=early),
        *(use("E99", BLEND, lot, 10) for lot in "ABCD"),
        make("E99", BLEND, "X", 40),
    ]

    origins = trace(events_of(rows), "X").origins

    assert [(one.attestation, one.lot, one.at, one.share) for one in origins] == [
        ("urn:1", None, early, Fraction(1, 2)),
        ("", "D", early, Fraction(1, 4)),
        ("urn:2", "C", early, Fraction(1, 4)),
    ]
    assert origins[0].parts == (
        Part("B", early, Fraction(1, 4)),
        Part("A", late, Fraction(1, 4)),
    )


def test_content_in_milligrams_adds_up_by_the_largest_remainder() -> None:
    rows = [
        mine("E1", "A", 1, site=NORTH),
        mine("E2", "B", 1, site=SOUTH),
        make("E3", Kind.PURCHASE, "C", 1),
        *(use("E9", BLEND, lot, 1) for lot in "ABC"),
        make("E9", BLEND, "X", 3, content_mg=3),
        use("E10", SPLIT, "X", 3),
        make("E10", SPLIT, "Y", 2),
        make("E10", SPLIT, "Z", 1),
    ]

    one = trace(events_of(rows), "Y")

    assert [origin.content_mg for origin in one.origins] == [1, 1]
    assert (one.recycled_mg, one.unknown_mg, one.content_mg) == (0, 0, 2)


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ({}, None),
        ({"A": Model.IDENTITY_PRESERVED}, Model.IDENTITY_PRESERVED),
        ({"A": Model.MASS_BALANCE, "X": Model.MASS_BALANCE}, Model.MASS_BALANCE),
        ({"A": Model.MASS_BALANCE}, Model.MASS_BALANCE),
        ({"A": Model.SEGREGATED, "X": CB}, CB),
        ({"A": Model.SEGREGATED, "used": CB}, CB),
        ({"sibling": Model.BOOK_AND_CLAIM}, None),
        ({"other": Model.BOOK_AND_CLAIM}, None),
    ],
)
def test_the_model_is_the_weakest_on_the_way(
    models: dict[str, Model], expected: Model | None
) -> None:
    rows = [
        mine("E1", "A", 10, model=models.get("A")),
        mine("E1", "other", 10, model=models.get("other")),
        use("E2", SPLIT, "A", 10, model=models.get("used")),
        make("E2", SPLIT, "X", 5, model=models.get("X")),
        make("E2", SPLIT, "sibling", 5, model=models.get("sibling")),
    ]

    assert trace(events_of(rows), "X").model is expected


def test_a_lot_that_no_event_made_is_refused_by_its_name() -> None:
    events = events_of(MIXED)

    with pytest.raises(RefusalError) as caught:
        trace(events, "Z")

    assert caught.value.findings[0].message == (
        "TRACE-001: A lot that is traced was made by one of the events given. Here: lot=Z. "
        "Check the spelling of the lot, or give the file that holds it."
    )
    assert refused_by(lambda: trace((), "X")) == "TRACE-001"


DEFECTS = {
    "CUSTODY-001": [mine("E8", "N1", 1)],
    "CUSTODY-002": [use("E8", SPLIT, "Y", 300, content_mg=200), make("E8", SPLIT, "Z", 299)],
    "CUSTODY-003": [use("E8", Kind.LOSS, "Q", 1)],
    "CUSTODY-004": [use("E0", Kind.LOSS, "N1", 1)],
    "CUSTODY-005": [use("E8", SPLIT, "Z", 1), make("E8", SPLIT, "Z", 1)],
    "CUSTODY-006": [use("E8", Kind.LOSS, "Y", 301, content_mg=1)],
    "CUSTODY-007": [use("E8", Kind.LOSS, "Y", 300, content_mg=201)],
    "CUSTODY-008": [
        use("E8", TRANSFORM, "Y", 300, content_mg=200),
        make("E8", TRANSFORM, "Z", 300, content_mg=201),
    ],
    "CUSTODY-009": [
        use("E8", TRANSFORM, "Y", 300, content_mg=200),
        make("E8", TRANSFORM, "Z", 301, content_mg=200),
    ],
    "CUSTODY-010": [make("E8", SPLIT, "Z", 1)],
    "CUSTODY-011": [move("E8", Kind.SHIP, "Y", 299, content_mg=200)],
    "CUSTODY-017": [make("E8", Kind.CORRECT, "Y", 1)],
}


@pytest.mark.parametrize("code", list(DEFECTS))
def test_a_defect_anywhere_stops_every_trace(code: str) -> None:
    events = events_of([*MIXED, *DEFECTS[code]])

    assert refused_by(lambda: trace(events, "X")) == code
    assert refused_by(lambda: carried(events, NORTH)) == code


def test_who_held_a_lot_and_credits_do_not_matter_to_a_trace() -> None:
    rows = [
        *MIXED,
        use("E8", Kind.LOSS, "Y", 1, entity="Somebody else"),
        make("E9", Kind.BOOK, "X", 500, account="A"),
        make("E10", Kind.PURCHASE, "P", 1, model=Model.IDENTITY_PRESERVED),
    ]

    assert trace(events_of(rows), "X") == trace(events_of(MIXED), "X")


def test_the_rules_of_a_pack_decide_what_a_transformation_may_weigh() -> None:
    events = events_of([*MIXED, *DEFECTS["CUSTODY-009"]])
    double = CustodyRules(transform_mass_factor_max=Fraction(2))

    assert trace(events, "Z", rules=double).origins[0].share == Fraction(1, 2)


def test_forward_lists_the_lots_that_carry_a_sites_material_with_its_share() -> None:
    rows = [
        *MIXED,
        mine("E5", "N2", 10, site=NORTH, attestation="urn:other"),
        use("E6", SPLIT, "Y", 300, content_mg=200),
        make("E6", SPLIT, "Z", 100, content_mg=99),
        make("E6", SPLIT, "W", 200, content_mg=101),
    ]

    found = carried(events_of(rows), NORTH)

    assert [(one.lot, one.share, one.content_mg) for one in found] == [
        ("N1", Fraction(1), 300),
        ("X", Fraction(3, 8), 187),
        ("Y", Fraction(3, 8), 75),
        ("N2", Fraction(1), 10),
        ("Z", Fraction(3, 8), 37),
        ("W", Fraction(3, 8), 37),
    ]
    assert (found[1].entity, found[1].at) == (MIXED[6].entity, MIXED[6].at)


def test_a_site_that_produced_nothing_is_refused() -> None:
    events = events_of(MIXED)

    assert refused_by(lambda: carried(events, "example-plant")) == "TRACE-002"
    assert refused_by(lambda: carried(events, "example-nowhere")) == "TRACE-002"


def shares_of(one: Trace) -> dict[tuple[str, str], Fraction]:
    found = {(origin.site, origin.attestation): origin.share for origin in one.origins}
    rest = {("recycled", ""): one.recycled_share, ("unknown", ""): one.unknown_share}
    return found | {key: share for key, share in rest.items() if share}


def made(rows: Iterable[Row]) -> list[str]:
    return [row.lot for row in rows if row.side is Side.OUT]


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=25)
def test_shares_of_every_lot_add_up_to_exactly_one_and_content_to_its_content(seed: int) -> None:
    rows = random_chain(seed)
    chain = chain_of(events_of(rows))

    for lot in made(rows):
        one = trace_in(chain, lot)
        assert sum(shares_of(one).values()) == 1
        contents = [origin.content_mg for origin in one.origins]
        assert sum(contents) + one.recycled_mg + one.unknown_mg == one.content_mg
        keys = [(-origin.share, origin.site, origin.attestation) for origin in one.origins]
        assert keys == sorted(keys)
        assert all(sum(p.share for p in o.parts) == o.share for o in one.origins)


@given(st.integers(0, 10**9))
@settings(deadline=None)
def test_a_naive_recursion_finds_the_same_shares_and_depth(seed: int) -> None:
    rows = random_chain(seed, events=40)
    chain = chain_of(events_of(rows))

    for lot in made(rows):
        one = trace_in(chain, lot)
        assert shares_of(one) == naive_shares(rows, lot)
        assert one.depth == naive_depth(rows, lot)


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=25)
def test_forward_and_backward_agree(seed: int) -> None:
    rows = random_chain(seed, events=60)
    events = events_of(rows)
    sites = {row.site for row in rows if row.kind is Kind.PRODUCE}
    chain = chain_of(events)
    backward: dict[str, dict[str, Fraction]] = {site: {} for site in sites}
    for lot in made(rows):
        for origin in trace_in(chain, lot).origins:
            found = backward[origin.site]
            found[lot] = found.get(lot, Fraction(0)) + origin.share

    for site in sites:
        assert {one.lot: one.share for one in carried(events, site)} == backward[site]


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=25)
def test_a_trace_over_its_ancestry_is_the_same_trace(seed: int) -> None:
    rows = random_chain(seed, events=60)
    events = events_of(rows)

    for lot in made(rows)[-10:]:
        one = trace(events, lot)
        alone = ancestry(events, lot)
        assert trace(alone, lot) == one
        assert len(alone) == one.events


def deep_chain(steps: int) -> tuple[tuple[Event, ...], str]:
    """Each step blends fresh ore into what there is and splits part of it off."""
    rows = []
    last, mass_mg, content_mg = "", 0, 0
    for step in range(steps):
        ore = 10**9 + 7919 * step
        at = START + datetime.timedelta(hours=step)
        event = f"E{step}"
        rows.append(
            replace(
                mine(f"M{event}", f"M{step}", ore, content_mg=ore // (20 + step % 13)),
                at=at,
                site=f"example-mine-{step % 4}",
            )
        )
        used = [(f"M{step}", ore, rows[-1].content_mg)]
        if last:
            used.append((last, mass_mg, content_mg))
        mass_mg, content_mg = sum(one[1] for one in used), sum(one[2] for one in used)
        rows += [
            use(f"B{event}", BLEND, lot, mass, content_mg=content, at=at)
            for lot, mass, content in used
        ]
        rows.append(make(f"B{event}", BLEND, f"B{step}", mass_mg, content_mg=content_mg, at=at))
        rows.append(use(f"S{event}", SPLIT, f"B{step}", mass_mg, content_mg=content_mg, at=at))
        mass_part, content_part = mass_mg * 3 // 7, content_mg * 4 // 9
        for lot, mass, content in (
            (f"Y{step}", mass_part, content_part),
            (f"Z{step}", mass_mg - mass_part, content_mg - content_part),
        ):
            rows.append(make(f"S{event}", SPLIT, lot, mass, content_mg=content, at=at))
        last, mass_mg, content_mg = f"Y{step}", mass_part, content_part
    return events_of(rows), last


@pytest.mark.untraced
def test_three_hundred_blends_with_a_thousand_ancestors_are_traced_in_time() -> None:
    events, last = deep_chain(334)

    seconds = []
    for _ in range(5):
        start = time.process_time()
        one = trace(events, last)
        seconds.append(time.process_time() - start)

    assert (one.lots, one.depth) == (1002, 668)
    assert sum(origin.share for origin in one.origins) == 1
    # 35 ms of processor time on an idle machine; the bound leaves room for a busy one.
    assert min(seconds) < 0.2


def test_a_chain_longer_than_the_interpreters_stack_is_traced() -> None:
    rows = [mine("E0", "L0", 10)]
    for step in range(1, 3000):
        rows += [
            use(f"E{step}", SPLIT, f"L{step - 1}", 10),
            make(f"E{step}", SPLIT, f"L{step}", 10),
        ]

    one = trace(events_of(rows), "L2999")

    assert (one.lots, one.depth) == (3000, 2999)
