"""Who holds a lot: making, shipping, receiving, and using what is not there."""

import pytest

from core.custody.replays import codes, facts, make, mine, move, use
from stannary.core.custody import Kind, Row, replay

MINER, TRADER, REFINER = "Example Mining", "Example Trading", "Example Refining"
SHIP, RECEIVE, LOSS = Kind.SHIP, Kind.RECEIVE, Kind.LOSS
MADE = mine("E1", "L1", 10, entity=MINER)
SHIPPED = move("E2", SHIP, "L1", 10, entity=MINER, site="example-mine-1")
RECEIVED = move("E3", RECEIVE, "L1", 10, entity=TRADER, site="example-port")


def lost_by(entity: str) -> Row:
    return use("E9", LOSS, "L1", 1, entity=entity)


def test_a_lot_is_held_by_who_made_it_until_it_is_shipped() -> None:
    assert codes(MADE, lost_by(MINER)) == []
    assert codes(MADE, lost_by(TRADER)) == ["CUSTODY-012"]


def test_a_lot_that_is_shipped_is_held_by_nobody_but_listed() -> None:
    result = replay([MADE, SHIPPED])

    (one,) = result.in_transit
    assert (one.lot, one.shipped_by, one.from_site) == ("L1", MINER, "example-mine-1")
    assert (one.mass_mg, one.content_mg, one.since) == (10, 10, SHIPPED.at)
    assert (result.holdings, result.totals, result.findings) == ((), (), ())
    assert codes(MADE, SHIPPED, lost_by(MINER)) == ["CUSTODY-012"]
    assert codes(MADE, SHIPPED, lost_by(TRADER)) == ["CUSTODY-012"]


def test_a_lot_that_is_received_is_held_by_the_receiver_at_its_site() -> None:
    result = replay([MADE, SHIPPED, RECEIVED])

    (one,) = result.holdings
    assert (one.entity, one.site, one.lot) == (TRADER, "example-port", "L1")
    assert result.in_transit == ()
    assert codes(MADE, SHIPPED, RECEIVED, lost_by(TRADER)) == []
    assert codes(MADE, SHIPPED, RECEIVED, lost_by(MINER)) == ["CUSTODY-012"]


def test_who_ships_holds() -> None:
    rows = [MADE, move("E2", SHIP, "L1", 10, entity=TRADER)]

    assert facts(*rows) == [{"lot": "L1", "event": "E2", "entity": TRADER, "held_by": MINER}]


def test_what_is_in_transit_is_not_shipped_again() -> None:
    rows = [MADE, SHIPPED, move("E3", SHIP, "L1", 10, entity=MINER)]

    assert codes(*rows) == ["CUSTODY-012"]
    assert facts(*rows)[0]["held_by"] == f"in transit from {MINER}"


def test_what_was_not_shipped_is_not_received() -> None:
    assert codes(MADE, RECEIVED) == ["CUSTODY-013"]
    assert facts(MADE, RECEIVED) == [
        {"lot": "L1", "event": "E3", "entity": TRADER, "held_by": MINER}
    ]


def test_one_shipment_is_received_once() -> None:
    again = move("E4", RECEIVE, "L1", 10, entity=REFINER)

    assert codes(MADE, SHIPPED, RECEIVED, again) == ["CUSTODY-013"]


def test_a_missing_shipment_is_told_once_and_not_at_every_later_use() -> None:
    assert codes(MADE, RECEIVED, lost_by(TRADER)) == ["CUSTODY-013"]


@pytest.mark.parametrize("kind", [Kind.SPLIT, Kind.BLEND, Kind.TRANSFORM])
def test_who_changes_a_lot_holds_it(kind: Kind) -> None:
    def changed_by(entity: str) -> list[str]:
        return codes(
            MADE,
            use("E2", kind, "L1", 10, entity=entity),
            make("E2", kind, "L2", 10, entity=entity),
        )

    assert changed_by(MINER) == []
    assert changed_by(TRADER) == ["CUSTODY-012"]


def test_where_a_lot_is_does_not_matter_before_it_is_made() -> None:
    early = use("E0", LOSS, "L1", 1, entity=TRADER)

    assert codes(early, MADE) == ["CUSTODY-004"]


def test_a_credit_neither_holds_nor_moves() -> None:
    credit = move("E2", Kind.TRANSFER, "L1", 10, entity=TRADER)

    assert codes(MADE, credit) == ["CUSTODY-017"]
    assert replay([MADE, credit]).holdings[0].entity == MINER


def test_a_lot_that_is_made_twice_stays_with_its_first_maker() -> None:
    rows = [MADE, mine("E2", "L1", 10, entity=TRADER)]

    assert codes(*rows) == ["CUSTODY-001"]
    assert replay(rows).holdings[0].entity == MINER


def test_a_shipment_of_several_entities_is_several_shipments() -> None:
    rows = [
        MADE,
        mine("E2", "L2", 10, entity=TRADER),
        move("E3", SHIP, "L1", 10, entity=MINER),
        move("E3", SHIP, "L2", 10, entity=TRADER),
    ]

    assert codes(*rows) == []
    assert [one.shipped_by for one in replay(rows).in_transit] == [MINER, TRADER]
