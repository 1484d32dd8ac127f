"""Lots and masses: nothing appears, nothing vanishes, not by a milligram."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.custody.replays import START, codes, facts, make, mine, move, use
from stannary.core.custody import CustodyRules, Kind, events_of, lot_defects, replay
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import Place

SPLIT, BLEND, TRANSFORM, LOSS = Kind.SPLIT, Kind.BLEND, Kind.TRANSFORM, Kind.LOSS
WHOLE = mine("E1", "L1", 1000, content_mg=100)


@pytest.mark.parametrize(
    ("mass_mg", "content_mg", "expected"),
    [
        (749, 75, ["CUSTODY-002"]),
        (750, 75, []),
        (751, 75, ["CUSTODY-002"]),
        (750, 74, ["CUSTODY-002"]),
        (750, 76, ["CUSTODY-002"]),
        (751, 74, ["CUSTODY-002", "CUSTODY-002"]),
    ],
)
@pytest.mark.parametrize("kind", [SPLIT, BLEND])
def test_a_split_and_a_blend_put_out_exactly_what_went_in(
    kind: Kind, mass_mg: int, content_mg: int, expected: list[str]
) -> None:
    rows = [
        WHOLE,
        use("E2", kind, "L1", 1000, content_mg=100),
        make("E2", kind, "L2", 250, content_mg=25),
        make("E2", kind, "L3", mass_mg, content_mg=content_mg),
    ]

    assert codes(*rows) == expected


def test_a_split_that_does_not_add_up_says_both_sums_its_place_and_the_remedy() -> None:
    rows = [
        WHOLE,
        use("E2", SPLIT, "L1", 1000, content_mg=100),
        make("E2", SPLIT, "L2", 999, content_mg=100, place=Place("moves.csv", 4)),
    ]

    (finding,) = replay(rows).findings

    assert finding.message == (
        "moves.csv, line 4: CUSTODY-002: What a split or a blend puts out has exactly the mass "
        "and the content of what went in. Here: event=E2, mass_in=1000 mg, mass_out=999 mg. "
        "Correct a part, or first record the difference as a loss."
    )


@pytest.mark.parametrize(("content_mg", "expected"), [(99, []), (100, []), (101, ["CUSTODY-008"])])
def test_the_content_only_falls_in_a_transformation(content_mg: int, expected: list[str]) -> None:
    rows = [
        WHOLE,
        use("E2", TRANSFORM, "L1", 1000, content_mg=100),
        make("E2", TRANSFORM, "L2", 900, content_mg=content_mg),
    ]

    assert codes(*rows) == expected


@pytest.mark.parametrize(
    ("factor", "mass_mg", "expected"),
    [
        (Fraction(1), 999, []),
        (Fraction(1), 1000, []),
        (Fraction(1), 1001, ["CUSTODY-009"]),
        (Fraction(4, 3), 1333, []),
        (Fraction(4, 3), 1334, ["CUSTODY-009"]),
        (Fraction(3, 2), 1500, []),
        (Fraction(3, 2), 1501, ["CUSTODY-009"]),
        (Fraction(1, 2), 500, []),
        (Fraction(1, 2), 501, ["CUSTODY-009"]),
    ],
)
def test_the_mass_of_a_transformation_stays_within_the_factor_of_the_rules(
    factor: Fraction, mass_mg: int, expected: list[str]
) -> None:
    rows = [
        WHOLE,
        use("E2", TRANSFORM, "L1", 1000, content_mg=100),
        make("E2", TRANSFORM, "L2", mass_mg, content_mg=100),
    ]

    assert codes(*rows, rules=CustodyRules(transform_mass_factor_max=factor)) == expected


def test_a_transformation_that_makes_mass_and_content_says_both() -> None:
    rows = [
        WHOLE,
        use("E2", TRANSFORM, "L1", 1000, content_mg=100),
        make("E2", TRANSFORM, "L2", 1001, content_mg=101),
    ]

    assert facts(*rows) == [
        {"event": "E2", "content_in": "100 mg", "content_out": "101 mg"},
        {"event": "E2", "mass_in": "1000 mg", "mass_out": "1001 mg", "factor": "1"},
    ]


@pytest.mark.parametrize("kind", [SPLIT, BLEND, TRANSFORM])
def test_an_event_that_changes_lots_has_both_sides(kind: Kind) -> None:
    only_in = [WHOLE, use("E2", kind, "L1", 1000, content_mg=100)]
    only_out = [make("E2", kind, "L2", 1000)]

    assert codes(*only_in) == ["CUSTODY-010"]
    assert facts(*only_in) == [{"event": "E2", "kind": kind.value, "missing_side": "out"}]
    assert facts(*only_out) == [{"event": "E2", "kind": kind.value, "missing_side": "in"}]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ((599, 59), []),
        ((600, 60), []),
        ((601, 60), ["CUSTODY-006"]),
        ((600, 61), ["CUSTODY-007"]),
        ((601, 61), ["CUSTODY-006", "CUSTODY-007"]),
    ],
)
def test_all_uses_of_a_lot_stay_within_its_mass_and_content(
    second: tuple[int, int], expected: list[str]
) -> None:
    mass_mg, content_mg = second
    rows = [
        WHOLE,
        use("E2", LOSS, "L1", 400, content_mg=40),
        use("E3", LOSS, "L1", mass_mg, content_mg=content_mg),
    ]

    assert codes(*rows) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ((540, 1), []),
        ((541, 1), []),  # all that is no content
        ((542, 1), ["CUSTODY-019"]),
        ((599, 59), []),
        ((599, 58), ["CUSTODY-019"]),
        ((600, 60), []),
        ((600, 59), ["CUSTODY-019"]),  # no mass is left, but content
        ((601, 1), ["CUSTODY-006"]),  # told once
        ((541, 61), ["CUSTODY-007"]),
    ],
)
def test_what_is_left_of_a_lot_has_no_more_content_than_mass(
    second: tuple[int, int], expected: list[str]
) -> None:
    mass_mg, content_mg = second
    rows = [
        WHOLE,
        use("E2", LOSS, "L1", 400, content_mg=40),
        use("E3", LOSS, "L1", mass_mg, content_mg=content_mg),
    ]

    assert codes(*rows) == expected
    assert codes(rows[0], rows[2], replace(rows[1], event="E4", at=rows[2].at)) == expected


def test_a_rest_that_cannot_be_says_what_would_be_left_and_is_told_once() -> None:
    rows = [
        mine("E1", "L1", 10, content_mg=5),
        use("E2", LOSS, "L1", 8, content_mg=1, place=Place("moves.csv", 3)),
        use("E3", LOSS, "L1", 1, content_mg=1),
    ]

    (finding,) = replay(rows).findings

    assert finding.message == (
        "moves.csv, line 3, column content_mg: CUSTODY-019: What a use leaves of a lot has no more "
        "content than mass. Here: lot=L1, event=E2, mass_left=2 mg, content_left=4 mg. Use less mass "
        "or more content: all of the mass only with all of the content."
    )
    assert [(one.mass_mg, one.content_mg) for one in replay(rows).holdings] == [(1, 3)]
    rows[2] = use("E3", LOSS, "L1", 2, content_mg=1)
    assert codes(*rows) == ["CUSTODY-019", "CUSTODY-019"]


MASSES = st.integers(1, 60).flatmap(lambda mg: st.tuples(st.just(mg), st.integers(1, mg)))


@given(lot=MASSES, uses=st.lists(MASSES, max_size=4))
def test_uses_without_a_finding_leave_what_a_row_can_say_and_others_do_not(
    lot: tuple[int, int], uses: list[tuple[int, int]]
) -> None:
    rows = [mine("E1", "L", lot[0], content_mg=lot[1])]
    rows += [use(f"E{n}", LOSS, "L", m, content_mg=c) for n, (m, c) in enumerate(uses, 2)]
    mass, content = (lot[n] - sum(one[n] for one in uses) for n in (0, 1))

    assert (codes(*rows) == []) == (mass >= content >= 0)


def test_a_use_beyond_what_is_left_says_what_was_left_and_leaves_nothing() -> None:
    rows = [
        WHOLE,
        use("E2", LOSS, "L1", 400, content_mg=40),
        use("E3", LOSS, "L1", 601, content_mg=61),
        use("E4", LOSS, "L1", 1),
    ]

    assert facts(*rows) == [
        {"lot": "L1", "event": "E3", "left": "600 mg", "used": "601 mg"},
        {"lot": "L1", "event": "E3", "left": "60 mg", "used": "61 mg"},
        {"lot": "L1", "event": "E4", "left": "0 mg", "used": "1 mg"},
        {"lot": "L1", "event": "E4", "left": "0 mg", "used": "1 mg"},
    ]
    assert replay(rows).holdings == ()


def test_a_lot_that_stands_twice_in_one_event_is_used_twice() -> None:
    rows = [
        WHOLE,
        use("E2", BLEND, "L1", 400, content_mg=40),
        use("E2", BLEND, "L1", 600, content_mg=60),
        make("E2", BLEND, "L2", 1000, content_mg=100),
    ]

    assert codes(*rows) == []


@pytest.mark.parametrize("event", ["E1", "E2"])
def test_a_lot_is_made_once_in_the_same_event_or_in_two(event: str) -> None:
    rows = [WHOLE, replace(mine(event, "L1", 5), place=Place("moves.csv", 3))]

    (finding,) = replay(rows).findings

    assert (finding.code, finding.at) == ("CUSTODY-001", Place("moves.csv", 3, "lot"))
    assert finding.facts == {"lot": "L1", "event": event, "made_by": "E1"}
    assert replay(rows).lots["L1"].mass_mg == 1000


def test_a_lot_that_no_event_made_is_told_for_uses_and_moves() -> None:
    rows = [
        use("E1", LOSS, "L8", 1),
        move("E2", Kind.SHIP, "L9", 1),
    ]

    assert codes(*rows) == ["CUSTODY-003", "CUSTODY-003"]
    assert facts(*rows) == [{"lot": "L8", "event": "E1"}, {"lot": "L9", "event": "E2"}]


def test_a_lot_that_only_a_credit_names_was_not_made() -> None:
    assert codes(make("E1", Kind.BOOK, "L1", 1), use("E2", LOSS, "L1", 1)) == [
        "CUSTODY-017",
        "CUSTODY-003",
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2026-01-02", "2026-01-01", ["CUSTODY-004"]),
        ("2026-01-01", "2026-01-01", []),
        ("2026-01-01", "2026-01-02", []),
    ],
)
def test_a_lot_is_made_before_it_is_used_and_the_file_decides_at_the_same_time(
    first: str, second: str, expected: list[str]
) -> None:
    made = replace(WHOLE, at=START.fromisoformat(first + "T00:00Z"))
    used = replace(use("E2", LOSS, "L1", 1), at=START.fromisoformat(second + "T00:00Z"))

    assert codes(made, used) == expected


def test_the_file_decides_between_events_of_the_same_time() -> None:
    made = replace(WHOLE, at=START)
    used = replace(use("E2", LOSS, "L1", 1), at=START, place=Place("moves.csv", 2))

    (finding,) = replay([used, made]).findings

    assert (finding.code, finding.at) == ("CUSTODY-004", Place("moves.csv", 2, "at"))
    assert finding.facts == {
        "lot": "L1",
        "event": "E2",
        "at": "2026-01-01T06:00:00+00:00",
        "made_by": "E1",
        "made_at": "2026-01-01T06:00:00+00:00",
    }


def test_a_lot_is_made_before_it_is_moved() -> None:
    assert codes(move("E1", Kind.SHIP, "L1", 10), mine("E2", "L1", 10)) == ["CUSTODY-004"]


def test_a_circle_is_told_once_and_not_as_uses_that_come_too_early() -> None:
    rows = [
        use("E1", BLEND, "C", 10),
        make("E1", BLEND, "A", 10),
        use("E2", BLEND, "A", 10),
        make("E2", BLEND, "B", 10),
        use("E3", BLEND, "B", 10),
        make("E3", BLEND, "C", 10),
    ]

    assert codes(*rows) == ["CUSTODY-005"]
    assert facts(*rows) == [{"events": "E1, E2, E3"}]


def test_an_event_that_uses_its_own_output_is_a_circle() -> None:
    rows = [use("E1", SPLIT, "A", 10), make("E1", SPLIT, "A", 10)]

    assert codes(*rows) == ["CUSTODY-005"]


def test_a_use_that_comes_too_early_is_told_beside_a_circle() -> None:
    rows = [
        use("E1", BLEND, "B", 10),
        make("E1", BLEND, "A", 10),
        use("E2", BLEND, "A", 10),
        make("E2", BLEND, "B", 10),
        use("E3", LOSS, "L4", 10),
        mine("E4", "L4", 10),
    ]

    assert codes(*rows) == ["CUSTODY-005", "CUSTODY-004"]


def test_two_circles_that_feed_one_another_in_the_wrong_order_are_two_circles() -> None:
    rows = [
        use("E1", BLEND, "A", 10),
        use("E1", BLEND, "Z", 10),
        make("E1", BLEND, "A", 20),
        mine("E0", "M", 10),
        use("E2", SPLIT, "Y", 10),
        use("E2", SPLIT, "M", 10),
        make("E2", SPLIT, "Y", 10),
        make("E2", SPLIT, "Z", 10),
    ]

    assert codes(*rows) == ["CUSTODY-005", "CUSTODY-004", "CUSTODY-005"]


def test_a_long_circle_names_eight_events_and_a_dot_for_the_rest() -> None:
    rows = []
    for number in range(9):
        event = f"E{number}"
        rows += [
            use(event, BLEND, f"L{(number - 1) % 9}", 10),
            make(event, BLEND, f"L{number}", 10),
        ]

    assert facts(*rows) == [{"events": "E0, E1, E2, E3, E4, E5, E6, E7, …"}]


@pytest.mark.parametrize(
    ("mass_mg", "content_mg", "fields"),
    [
        (999, 100, ["mass_mg"]),
        (1000, 100, []),
        (1001, 100, ["mass_mg"]),
        (1000, 99, ["content_mg"]),
        (1000, 101, ["content_mg"]),
        (999, 99, ["mass_mg", "content_mg"]),
    ],
)
@pytest.mark.parametrize("kind", [Kind.SHIP, Kind.RECEIVE])
def test_a_lot_is_moved_whole(kind: Kind, mass_mg: int, content_mg: int, fields: list[str]) -> None:
    moved = {Kind.SHIP: (mass_mg, content_mg), Kind.RECEIVE: (1000, 100)}
    if kind is Kind.RECEIVE:
        moved = {Kind.SHIP: (1000, 100), Kind.RECEIVE: (mass_mg, content_mg)}
    rows = [WHOLE]
    for event, one in (("E2", Kind.SHIP), ("E3", Kind.RECEIVE)):
        rows.append(move(event, one, "L1", moved[one][0], content_mg=moved[one][1]))

    findings = replay(rows).findings

    assert [finding.code for finding in findings] == ["CUSTODY-011"] * len(fields)
    assert [finding.facts["field"] for finding in findings] == fields


@pytest.mark.parametrize(("mass_mg", "expected"), [(999, []), (1000, ["CUSTODY-011"])])
def test_after_a_loss_what_is_left_is_moved(mass_mg: int, expected: list[str]) -> None:
    rows = [
        WHOLE,
        use("E2", LOSS, "L1", 1, content_mg=1),
        move("E3", Kind.SHIP, "L1", mass_mg, content_mg=99),
    ]

    assert codes(*rows) == expected


def test_a_move_says_what_is_left_and_what_was_moved() -> None:
    rows = [WHOLE, move("E2", Kind.SHIP, "L1", 999, content_mg=100)]

    assert facts(*rows) == [
        {"lot": "L1", "event": "E2", "field": "mass_mg", "left": "1000 mg", "moved": "999 mg"}
    ]


@pytest.mark.parametrize("kind", [Kind.BOOK, Kind.TRANSFER, Kind.RETIRE, Kind.CORRECT])
def test_credits_and_corrections_are_told_to_be_not_replayed(kind: Kind) -> None:
    rows = [WHOLE, make("E2", kind, "L1", 5, account="A", period="2026")]

    assert codes(*rows) == ["CUSTODY-017"]
    assert facts(*rows) == [{"event": "E2", "kind": kind.value}]
    assert [one.lot for one in replay(rows).holdings] == ["L1"]


def test_a_trace_is_stopped_by_defects_of_lots_and_by_corrections_and_by_nothing_else() -> None:
    rows = [
        WHOLE,
        make("E2", Kind.BOOK, "X", 5),
        use("E3", LOSS, "L1", 10, content_mg=1, entity="Somebody else"),
        make("E4", Kind.CORRECT, "X", 5),
        use("E5", LOSS, "L1", 991, content_mg=1),
    ]

    found = lot_defects(events_of(rows))

    assert [finding.code for finding in found] == ["CUSTODY-017", "CUSTODY-006"]
    assert codes(*rows) == ["CUSTODY-017", "CUSTODY-012", "CUSTODY-017", "CUSTODY-006"]


def test_a_rest_that_cannot_be_stops_a_trace_only_where_that_is_asked() -> None:
    events = events_of([WHOLE, use("E2", LOSS, "L1", 950, content_mg=1)])

    assert [finding.code for finding in lot_defects(events)] == ["CUSTODY-019"]
    assert lot_defects(events, looked_at=MEANINGLESS_CODES) == ()
