"""What is wrong is refused as core refuses it: code, facts, file and line; and nothing is appended."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import random_chain
from core.custody.replays import make, mine, use
from stannary.core.custody import CustodyRules, Kind, Row, Side, events_of
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import Place, RefusalError
from stannary.core.provenance import Exact
from stannary.engines.provenance import SIDE, Arrays, Movements, movements_of

BLEND, SPLIT, TRANSFORM = Kind.BLEND, Kind.SPLIT, Kind.TRANSFORM


def told(act: Callable[[], object]) -> list[dict[str, object]]:
    try:
        act()
    except RefusalError as refusal:
        return [finding.as_dict() for finding in refusal.findings]
    return []


def placed(rows: list[Row]) -> list[Row]:
    return [replace(row, place=Place("moves.csv", n)) for n, row in enumerate(rows, start=2)]


def damaged(random: Random, rows: list[Row]) -> list[Row]:
    """Break a chain in some places, in ways that a file can be broken."""
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(rows))
        row, other = rows[place], random.choice(rows)
        days = datetime.timedelta(days=random.choice((-20, 20)))
        near = row.content_mg - 1, row.content_mg + 1, 1
        content = max(1, min(row.mass_mg, random.choice(near)))
        match random.randrange(8):
            case 0:
                rows[place] = replace(row, mass_mg=min(9 * 10**18, row.mass_mg + 1))
            case 1:
                rows[place] = replace(row, content_mg=content)
            case 2:
                rows[place] = replace(row, lot=other.lot)
            case 3:
                rows[place] = replace(row, lot="nobody's")
            case 4:
                rows = [replace(x, at=x.at + days) if x.event == row.event else x for x in rows]
            case 5:
                rows[place] = replace(row, entity="somebody else", at=row.at + days)
            case 6:
                del rows[place]
            case 7:
                rows[place] = replace(row, mass_mg=9 * 10**18, content_mg=9 * 10**18)
        if not rows:
            break
    changes = [n for n, row in enumerate(rows) if row.kind.is_change and row.side is Side.IN]
    makes = [row for row in rows if row.kind.is_change and row.side is Side.OUT]
    if changes and makes and random.random() < 0.3:
        place = random.choice(changes)
        rows[place] = replace(rows[place], lot=random.choice(makes).lot)
    return placed(rows)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), fast=st.sampled_from([True, True, True, False]))
def test_random_bad_files_are_refused_as_by_core(seed: int, fast: bool) -> None:
    random = Random(seed)  # noqa: S311 - chosen by hypothesis, nothing secret
    rows = damaged(random, random_chain(seed, 30))
    arrays = Arrays(fast=fast)

    found = told(lambda: arrays.append(rows))

    assert found == told(lambda: Exact(events_of(rows)))
    assert bool(found) == (len(arrays) == 0) or not rows


def chain(*rows: Row) -> list[Row]:
    return placed([mine("E1", "A", 100, content_mg=50), mine("E2", "B", 100, content_mg=50), *rows])


def into(lot: str, mass: int, content: int, *, event: str = "E3", kind: Kind = BLEND) -> list[Row]:
    return [
        use(event, kind, lot, mass, content_mg=content),
        make(event, kind, f"X-{event}", mass, content_mg=content),
    ]


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        (chain(mine("E3", "A", 1)), "CUSTODY-001", 4),
        (chain(*into("A", 99, 50), *into("A", 1, 1, event="E4")), "CUSTODY-007", 6),
        (chain(*into("A", 100, 50)), None, 0),
        (chain(*into("A", 101, 50)), "CUSTODY-006", 4),
        (chain(*into("A", 100, 51)), "CUSTODY-007", 4),
        (chain(*into("A", 60, 20), *into("A", 41, 20, event="E4")), "CUSTODY-006", 6),
        (chain(*into("A", 60, 20), *into("A", 40, 30, event="E4")), None, 0),
        (chain(*into("A", 60, 11)), None, 0),
        (chain(*into("A", 60, 10)), None, 0),
        (chain(*into("A", 60, 9)), "CUSTODY-019", 4),
        (chain(*into("A", 20, 10), *into("A", 80, 39, event="E4")), "CUSTODY-019", 6),
        (chain(*into("Z", 1, 1)), "CUSTODY-003", 4),
        (chain(*into("A", 1, 1, event="E0")), "CUSTODY-004", 4),
        (
            chain(
                use("E3", BLEND, "Y", 10),
                make("E3", BLEND, "X", 10),
                use("E4", BLEND, "X", 10),
                make("E4", BLEND, "Y", 10),
            ),
            "CUSTODY-005",
            4,
        ),
        (chain(use("E3", BLEND, "X", 10), make("E3", BLEND, "X", 10)), "CUSTODY-005", 4),
        (chain(use("E3", SPLIT, "A", 10), make("E3", SPLIT, "X", 9)), "CUSTODY-002", 5),
        (chain(use("E3", SPLIT, "A", 10, content_mg=5)), "CUSTODY-010", 4),
        (chain(make("E3", SPLIT, "X", 10, content_mg=5)), "CUSTODY-010", 4),
        (
            chain(
                use("E3", TRANSFORM, "A", 10, content_mg=5),
                make("E3", TRANSFORM, "X", 10, content_mg=6),
            ),
            "CUSTODY-008",
            5,
        ),
    ],
)
def test_each_defect_is_refused_with_its_line(
    rows: list[Row], code: str | None, line: int, fast: bool
) -> None:
    arrays = Arrays(fast=fast)
    found = told(lambda: arrays.append(rows))

    assert found == told(lambda: Exact(events_of(rows)))
    if code is None:
        assert found == []
        return
    at: Any = found[0]["at"]
    assert (found[0]["code"], at["file"], at["line"]) == (code, "moves.csv", line)
    assert (len(arrays), arrays.graph.nodes, len(arrays.graph.events)) == (0, 0, 0)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("factor", [Fraction(1), Fraction(3, 2), Fraction(10**20 + 1, 10**20)])
@pytest.mark.parametrize("mass", [2, 10, 3 * 10**18])
def test_a_transformation_gains_mass_up_to_the_factor_and_no_milligram_more(
    fast: bool, factor: Fraction, mass: int
) -> None:
    most = mass * factor.numerator // factor.denominator
    rules = CustodyRules(transform_mass_factor_max=factor)
    for out, code in ((most - 1, None), (most, None), (most + 1, "CUSTODY-009")):
        rows = [
            mine("E1", "A", mass, content_mg=1),
            use("E2", TRANSFORM, "A", mass, content_mg=1),
            make("E2", TRANSFORM, "X", out, content_mg=1),
        ]
        found = told(lambda: Arrays(rules=rules, fast=fast).append(rows))  # noqa: B023 - called at once

        assert found == told(lambda: Exact(events_of(rows), rules=rules))  # noqa: B023
        assert [one["code"] for one in found] == ([code] if code else [])


def test_sums_longer_than_64_bits_are_compared_exactly() -> None:
    heavy = 9 * 10**18
    lots = [mine(f"E{n}", f"M{n}", heavy, content_mg=heavy - n) for n in range(5)]
    uses = [use("E9", BLEND, f"M{n}", heavy, content_mg=heavy - n) for n in range(5)]
    outs = [make("E9", BLEND, f"X{n}", heavy, content_mg=heavy - 2) for n in range(5)]

    assert Arrays().append([*lots, *uses, *outs]) == 10
    outs[0] = replace(outs[0], mass_mg=heavy - 1)
    rows = placed([*lots, *uses, *outs])
    assert told(lambda: Arrays().append(rows)) == told(lambda: Exact(events_of(rows)))


def columns(**other: Any) -> Movements:
    """Three rows of columns that come from no rows, as a reader of large files gives them."""
    movements = movements_of(
        [mine("E1", "A", 10), use("E2", BLEND, "A", 10), make("E2", BLEND, "X", 10)]
    )
    return replace(movements, rows=(), file="large.parquet", **other)


@pytest.mark.parametrize(
    ("name", "values", "code", "column"),
    [
        ("mass", [10, 10, 0], "KERNEL-001", "mass_mg"),
        ("mass", [10, -1, 10], "KERNEL-001", "mass_mg"),
        ("mass", [10, 10, 9 * 10**18 + 1], "KERNEL-001", "mass_mg"),
        ("content", [10, 10, 0], "CUSTODY-027", "content_mg"),
        ("content", [10, 11, 10], "CUSTODY-027", "content_mg"),
        ("side", [SIDE[Side.IN], SIDE[Side.IN], SIDE[Side.OUT]], "CUSTODY-028", "side"),
    ],
)
def test_columns_that_no_row_can_have_are_refused_with_file_and_line(
    name: str, values: list[int], code: str, column: str
) -> None:
    wrong = columns(**{name: np.array(values, np.int64)})
    found = told(lambda: Arrays().append(wrong))

    assert found[0]["code"] == code
    line = next(n for n, (a, b) in enumerate(zip(values, [10, 10, 10], strict=True), 1) if a != b)
    assert found[0]["at"] == {"file": "large.parquet", "line": line, "column": column}
    assert Arrays().append(columns()) == 2


def test_a_mass_of_ten_to_the_nineteen_is_refused_in_columns_of_any_type() -> None:
    wrong = columns(mass=np.array([10, 10, 10**19], np.uint64))

    found = told(lambda: Arrays().append(wrong))

    assert [one["code"] for one in found] == ["KERNEL-001"]
    assert found[0]["facts"] == {"value": "10000000000000000000 mg"}


def test_at_most_a_hundred_impossible_rows_are_told() -> None:
    many = movements_of([mine(f"E{n}", f"L{n}", 1) for n in range(150)])

    found = told(lambda: Arrays().append(replace(many, mass=np.zeros(150, np.int64))))

    assert len(found) == 100


def test_an_event_is_appended_once_and_a_lot_made_once_over_all_batches() -> None:
    arrays = Arrays()
    arrays.append([mine("E1", "A", 10)])

    assert told(lambda: arrays.append(placed([mine("E1", "B", 10)])))[0]["code"] == "ENGINE-005"
    twice = told(lambda: arrays.append(placed([mine("E2", "A", 10)])))
    assert (twice[0]["code"], twice[0]["facts"]) == (
        "CUSTODY-001",
        {"lot": "A", "event": "E2", "made_by": "E1"},
    )
    beyond = told(lambda: arrays.append(placed(into("A", 11, 10))))
    assert [one["code"] for one in beyond] == ["CUSTODY-006"]
    assert (len(arrays), list(arrays.graph.mass_left.values)) == (1, [10])


@pytest.mark.parametrize("fast", [True, False])
def test_what_is_left_is_counted_over_all_batches_and_no_defect_if_nobody_looks_at_it(
    fast: bool,
) -> None:
    first, second = chain(*into("A", 20, 10)), placed(into("A", 80, 39, event="E4"))
    strict, lenient = Arrays(fast=fast), Arrays(fast=fast, refused=MEANINGLESS_CODES)
    for arrays in (strict, lenient):
        arrays.append(first)

    (found,) = told(lambda: strict.append(second))
    assert (found["code"], found["facts"]) == (
        "CUSTODY-019",
        {"lot": "A", "event": "E4", "mass_left": "0 mg", "content_left": "1 mg"},
    )
    assert lenient.append(second) == 1
    assert list(lenient.graph.content_left.values) == [1, 50, 10, 39]
    beyond = told(lambda: lenient.append(placed(into("A", 1, 1, event="E5"))))
    assert [one["code"] for one in beyond] == ["CUSTODY-006"]
