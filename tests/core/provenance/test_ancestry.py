"""The ancestry of a lot: what it is made of, and nothing else."""

from core.custody.replays import make, mine, move, use
from refusals import refused_by
from stannary.core.custody import Kind, events_of
from stannary.core.custody.rules import LOT_AND_MASS_CODES
from stannary.core.provenance import ancestry, ancestry_of, chain_of

ROWS = [
    mine("E1", "A", 10),
    mine("E1", "A2", 10),
    mine("E2", "B", 10),
    move("E3", Kind.SHIP, "A", 10),
    move("E4", Kind.RECEIVE, "A", 10),
    use("E5", Kind.LOSS, "B", 5),
    use("E6", Kind.BLEND, "A", 10),
    use("E6", Kind.BLEND, "B", 5),
    make("E6", Kind.BLEND, "X", 15),
    use("E7", Kind.SPLIT, "X", 15),
    make("E7", Kind.SPLIT, "Y", 10),
    make("E7", Kind.SPLIT, "Z", 5),
    use("E8", Kind.SPLIT, "A2", 10),
    make("E8", Kind.SPLIT, "A3", 10),
    make("E9", Kind.BOOK, "A", 10),
]
EVENTS = events_of(ROWS)


def test_the_ancestry_holds_the_events_that_made_the_lot_and_its_ancestors_in_order() -> None:
    assert [event.id for event in ancestry(EVENTS, "Y")] == ["E1", "E2", "E6", "E7"]
    assert [event.id for event in ancestry(EVENTS, "B")] == ["E2"]


def test_the_ancestry_holds_the_lots_and_not_their_siblings() -> None:
    chain = chain_of(EVENTS)

    assert ancestry_of(chain, "Y").lots == {"Y", "X", "A", "B"}
    assert ancestry_of(chain, "A3").lots == {"A3", "A2"}


def test_a_chain_holds_only_what_makes_lots() -> None:
    chain = chain_of(EVENTS[::-1])

    assert [event.id for event in chain.events] == ["E1", "E2", "E6", "E7", "E8"]
    assert chain.rows["X"].mass_mg == 15
    assert chain.maker["X"] == 2


def test_a_lot_that_nobody_made_has_no_ancestry() -> None:
    assert refused_by(lambda: ancestry(EVENTS, "Q")) == "TRACE-001"


def test_two_outputs_of_one_event_that_meet_again_are_counted_once() -> None:
    rows = [
        *ROWS,
        use("E10", Kind.BLEND, "Y", 10),
        use("E10", Kind.BLEND, "Z", 5),
        make("E10", Kind.BLEND, "W", 15),
    ]

    assert [one.id for one in ancestry(events_of(rows), "W")] == ["E1", "E2", "E6", "E7", "E10"]


def test_a_lot_with_more_content_than_mass_left_is_traced_unless_that_is_asked_for() -> None:
    events = events_of(
        [mine("E1", "L1", 10, content_mg=5), use("E2", Kind.LOSS, "L1", 8, content_mg=1)]
    )

    assert [event.id for event in ancestry(events, "L1")] == ["E1"]
    assert refused_by(lambda: chain_of(events, refused=LOT_AND_MASS_CODES)) == "CUSTODY-019"
