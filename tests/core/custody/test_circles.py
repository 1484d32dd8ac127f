"""Circles are found whatever their length, and a straight chain is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.replays import make, use
from stannary.core.custody import Kind, events_of
from stannary.core.custody.circles import circles


def found(edges: set[tuple[int, int]], events: int) -> tuple[tuple[int, ...], ...]:
    """Circles among events of which each makes one lot; an edge goes from maker to user."""
    rows = []
    for number in range(events):
        event = f"E{number}"
        rows.append(make(event, Kind.BLEND, f"L{number}", 10))
        rows += [use(event, Kind.BLEND, f"L{one}", 10) for one, other in edges if other == number]
    return circles(events_of(rows), {f"L{number}": number for number in range(events)})


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        (set(), ()),
        ({(0, 1), (1, 2), (0, 2)}, ()),
        ({(1, 1)}, ((1,),)),
        ({(0, 1), (1, 0)}, ((0, 1),)),
        ({(0, 1), (1, 2), (2, 0), (2, 3)}, ((0, 1, 2),)),
        ({(0, 1), (1, 0), (2, 3), (3, 2), (1, 2)}, ((0, 1), (2, 3))),
        ({(3, 2), (2, 1), (1, 3), (1, 0)}, ((1, 2, 3),)),
    ],
)
def test_the_circles_of_small_graphs(
    edges: set[tuple[int, int]], expected: tuple[tuple[int, ...], ...]
) -> None:
    assert found(edges, 4) == expected


def test_a_circle_of_five_thousand_events_needs_no_recursion() -> None:
    number = 5000
    edges = {(one, (one + 1) % number) for one in range(number)}
    rows = []
    for one, other in sorted(edges, key=lambda edge: edge[1]):
        rows.append(make(f"E{other}", Kind.BLEND, f"L{other}", 10))
        rows.append(use(f"E{other}", Kind.BLEND, f"L{one}", 10))
    events = events_of(rows)
    maker = {event.outputs[0].lot: index for index, event in enumerate(events)}

    (ring,) = circles(events, maker)

    assert ring == tuple(range(number))


def test_lots_that_nobody_made_and_credits_close_no_circle() -> None:
    rows = [
        use("E1", Kind.BLEND, "X", 10),
        make("E1", Kind.BLEND, "A", 10),
        use("E2", Kind.RETIRE, "A", 10),
    ]

    assert circles(events_of(rows), {"A": 0}) == ()


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
@settings(deadline=None)
def test_two_events_are_in_a_circle_if_each_can_be_reached_from_the_other(
    edges: set[tuple[int, int]],
) -> None:
    reach = {(one, other) for one, other in edges}
    for middle in range(7):
        for one in range(7):
            for other in range(7):
                if (one, middle) in reach and (middle, other) in reach:
                    reach.add((one, other))
    expected = {
        tuple(sorted({n for n in range(7) if (n, one) in reach and (one, n) in reach}))
        for one in range(7)
        if (one, one) in reach
    }

    assert found(edges, 7) == tuple(sorted(expected))
