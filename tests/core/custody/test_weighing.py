"""Differences of weighing: a loss within what a pack tolerates, a gain that counts towards nothing."""

import pytest

from core.custody.accounting.made_up import (
    IP,
    MINER,
    TRADER,
    always,
    books,
    carried,
    codes,
    day,
    makes,
    mined,
    moves,
    takes,
)
from stannary.core.custody import (
    Continued,
    Kind,
    Part,
    Row,
    Weighed,
    events_of,
    go_on,
    weighed_as,
    weighed_lot,
)

G = 1_000
LOT = mined("E1", "2026-01-05", "L1", 200 * G)
TOLERATED = {"weighing_loss_max_share": "0.005"}


def less(mass_mg: int, event: str = "W1", **fields: object) -> Row:
    given = {"on": "2026-01-09", "period": "weighing", **fields}
    return takes(event, str(given.pop("on")), Kind.LOSS, "L1", mass_mg, **given)


def more(kind: Kind, period: str = "weighing L1") -> Row:
    said = {"material": "ore", "attestation": "urn:north", "period": period}
    return makes("W2", "2026-01-09", kind, "L1w", 2 * G, **said)


@pytest.mark.parametrize(
    ("share", "lost", "found"),
    [
        ("0.005", G - 1, []),
        ("0.005", G, []),
        ("0.005", G + 1, ["CUSTODY-099"]),
        ("0", 1, ["CUSTODY-099"]),
        (None, 1, ["CUSTODY-070"]),
    ],
)
def test_a_loss_of_weighing_is_at_most_what_the_pack_tolerates(
    share: str | None, lost: int, found: list[str]
) -> None:
    kept = books(LOT, less(lost), constants={"weighing_loss_max_share": share})

    assert codes(kept) == found
    assert carried(kept, "L1") == 200 * G - lost
    assert [(one.mass_mg, one.weighing) for one in kept.replay.losses] == [(lost, True)]


def test_what_is_beyond_it_says_by_how_much() -> None:
    (found,) = books(LOT, less(G + 1), constants=TOLERATED).findings

    assert found.facts == {
        "event": "W1",
        "entity": MINER,
        "lot": "L1",
        "weighed_less": "1001 mg",
        "mass": "200000 mg",
        "share": "0.005",
    }


def test_every_other_loss_is_not_bounded_nor_is_one_under_a_pack_that_names_no_share() -> None:
    plain = books(LOT, less(50 * G, period=""), constants=TOLERATED)

    assert (codes(plain), [one.weighing for one in plain.replay.losses]) == ([], [False])
    assert codes(books(LOT, less(50 * G))) == []


@pytest.mark.parametrize(("second", "found"), [(600, []), (601, ["CUSTODY-099"])])
def test_losses_of_one_lot_are_added_up_and_a_correction_counts_for_what_it_restates(
    second: int, found: list[str]
) -> None:
    small = (less(300), less(second, "W3", on="2026-01-10"))
    again = takes("K1", "2026-01-11", Kind.CORRECT, "L1", 400, account="W1")

    kept = books(LOT, *small, again, constants=TOLERATED)
    assert codes(kept) == found
    assert [one.weighing for one in kept.replay.losses] == [True, True]


@pytest.mark.parametrize(("theirs", "found"), [(G, []), (G + 1, ["CUSTODY-099"])])
def test_each_entity_that_weighs_a_lot_has_its_own(theirs: int, found: list[str]) -> None:
    left = 199 * G
    kept = books(
        LOT,
        less(G),
        moves("S", "2026-02-01", Kind.SHIP, "L1", left),
        moves("R", "2026-02-02", Kind.RECEIVE, "L1", left, entity=TRADER, site="port"),
        less(theirs, "W3", on="2026-02-03", entity=TRADER, site="port"),
        constants=TOLERATED,
    )

    assert codes(kept) == found


def test_what_was_weighed_before_is_known_when_books_are_continued() -> None:
    def keep_on(part: Part, *rows: Row) -> Continued:
        return go_on(part, events_of(rows), day=day("2026-03-01"), rules_on=always(**TOLERATED))

    first = keep_on(Part(), LOT, less(G))
    second = keep_on(first.part, less(1, "W3", on="2026-01-10"))

    assert first.part.lots["L1"].weighed == {MINER: G}
    assert ([one.code for one in first.findings], [one.code for one in second.findings]) == (
        [],
        ["CUSTODY-099"],
    )


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Kind.PURCHASE, []),
        (Kind.PRODUCE, ["CUSTODY-100"]),
        (Kind.RECYCLE, ["CUSTODY-100"]),
    ],
)
def test_what_is_weighed_more_is_never_input_that_counts(kind: Kind, found: list[str]) -> None:
    kept = books(LOT, more(kind), constants=TOLERATED)

    assert codes(kept) == found
    assert carried(kept, "L1w") == 0
    assert kept.proof is not None
    assert kept.proof.entered_mg == 200 * G
    assert carried(books(LOT, more(Kind.PRODUCE, "2026")), "L1w") == 2 * G


def test_what_is_weighed_more_cannot_pass_as_material_of_one_mine() -> None:
    mixed = [
        takes("B", "2026-01-10", Kind.BLEND, "L1", 200 * G),
        takes("B", "2026-01-10", Kind.BLEND, "L1w", 2 * G),
        makes("B", "2026-01-10", Kind.BLEND, "L2", 202 * G, material="ore", model=IP),
    ]

    assert codes(books(LOT, more(Kind.PURCHASE), *mixed)) == ["CUSTODY-014"]


@pytest.mark.parametrize(
    ("row", "named", "lot"),
    [
        (less(1), Weighed.LESS, "L1"),
        (less(1, period="Weighing on the quay"), Weighed.LESS, "L1"),
        (less(1, period="weighings"), None, "L1"),
        (less(1, period=""), None, "L1"),
        (more(Kind.PURCHASE), Weighed.MORE, "L1"),
        (more(Kind.PURCHASE, "weighing"), Weighed.MORE, "L1w"),
        (more(Kind.PRODUCE), None, "L1w"),
    ],
)
def test_a_difference_of_weighing_has_a_name_of_its_own(
    row: Row, named: Weighed | None, lot: str
) -> None:
    assert (weighed_as(row), weighed_lot(row)) == (named, lot)
