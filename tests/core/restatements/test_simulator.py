"""The simulator: what a correction touches, with numbers before and after; who is told; what helps."""

import datetime
from dataclasses import replace
from fractions import Fraction

import pytest

from core.claims.lots import ACHIEVEMENTS, NORTH, achievement, row
from core.restatements.made_up import (
    BOOKS,
    CREDITS,
    HOUR,
    KG,
    MAKER,
    NOON,
    TRADER,
    WORKS,
    accepted,
    effects_of,
    lots,
    record,
    rows_of,
    sale,
    told,
    weighs,
)
from refusals import refused_by
from stannary.core.attestations import Status, StatusChange
from stannary.core.custody import Kind, Side
from stannary.core.restatements import (
    Change,
    Effects,
    Field,
    Remedy,
    RemedyRule,
    Touched,
    simulate,
    with_achievement,
    without_certificate,
)

THREE_EIGHTHS = Fraction(3, 8)


def test_the_same_books_have_no_effects() -> None:
    assert simulate(BOOKS, BOOKS) == Effects((), (), (), (), (), (), ())


def test_a_lighter_input_runs_through_everything_made_of_it() -> None:
    found = effects_of(weighs("N1", "N", 375, 275))

    assert lots(found) == {
        "N": (Fraction(1), 100 * KG),
        "L": (Fraction(9, 10), 0),
        "A": (Fraction(9, 10), 60 * KG),
        "B": (Fraction(9, 10), 40 * KG),
    }
    (balance,) = found.balances
    assert (balance.entity, balance.content_before_mg, balance.content_after_mg) == (
        WORKS,
        500 * KG,
        400 * KG,
    )
    assert balance.mass_after_mg == 400 * KG


def test_a_lot_in_deficit_is_told_with_its_numbers() -> None:
    found = effects_of(weighs("N1", "N", 375, 275))

    north = found.lots[0]
    assert (north.holder, north.in_transit) == (WORKS, False)
    assert (north.before.left.content_mg, north.after.left.content_mg) == (0, -100 * KG)
    assert north.remedies == (Remedy.DELIVER_MISSING, Remedy.TELL_HOLDERS)
    assert [one.code for one in found.findings] == [
        *["RESTATEMENT-010"] * 3,
        "RESTATEMENT-011",
        *["RESTATEMENT-013"] * 1,
        "CUSTODY-006",
        "CUSTODY-007",
    ]
    assert found.findings[0].facts == {
        "lot": "N",
        "holder": WORKS,
        "left_before": "0 mg",
        "left_after": "-100000000 mg",
        "covered": "1",
        "missing": "100000000 mg",
    }


def test_claims_are_checked_again_with_what_is_covered() -> None:
    on_a, on_b = effects_of(weighs("N1", "N", 375, 275)).claims

    assert (on_a.supported_before, on_a.supported_after) == (THREE_EIGHTHS, Fraction(275, 1000))
    assert (on_a.holds, on_b.holds) == (False, True)
    assert [one.code for one in on_a.findings] == ["CLAIM-001", "CLAIM-004"]
    assert on_a.remedies == (
        Remedy.DELIVER_MISSING,
        Remedy.BUY_CREDITS,
        Remedy.LOWER_CLAIM,
        Remedy.WITHDRAW_CLAIM,
    )
    assert on_b.remedies == ()


@pytest.mark.parametrize(("after_kg", "holds"), [(251, True), (250, True), (249, False)])
def test_a_claim_holds_up_to_what_is_supported(after_kg: int, holds: bool) -> None:
    found = effects_of(weighs("N1", "N", 375, after_kg))

    assert found.claims[1].holds is holds


def test_a_sale_lacks_its_part() -> None:
    (found,) = effects_of(weighs("N1", "N", 375, 275)).sales

    assert (found.transaction.terms.id, found.missing_mg) == ("sale of A", 60 * KG)
    assert found.remedies == (Remedy.DELIVER_MISSING, Remedy.RESTATE_SALE)


def test_an_open_offer_is_told_and_one_that_ended_is_not() -> None:
    books = replace(BOOKS, transactions=(sale("B", 400 * KG), sale("C", 1)))

    found = effects_of(weighs("N1", "N", 375, 275), books)

    assert [(one.transaction.terms.item, one.missing_mg) for one in found.sales] == [("B", 40 * KG)]


def test_what_is_missing_is_rounded_up() -> None:
    lot = record(
        "N1",
        "N",
        Change(Field.CONTENT, str(375 * KG), str(375 * KG - 1)),
        Change(Field.MASS, str(375 * KG), str(375 * KG - 1)),
    )

    found = effects_of(lot)

    assert lots(found)["A"] == (1 - Fraction(1, 1000 * KG), 1)
    assert found.sales[0].missing_mg == 1


def test_a_heavier_input_is_told_and_uncovers_nothing() -> None:
    found = effects_of(weighs("N1", "N", 375, 475))

    assert lots(found) == {"N": (Fraction(1), 0)}
    assert found.lots[0].remedies == (Remedy.TELL_HOLDERS,)
    assert found.findings == ()
    assert found.balances[0].mass_after_mg == 600 * KG


def test_what_is_left_may_fall_without_a_deficit() -> None:
    books = rows_of(NORTH)

    found = effects_of(weighs("N1", "N", 375, 300), books)

    assert lots(found) == {"N": (Fraction(1), 0)}
    assert found.findings == ()


def test_a_lot_that_was_sold_whole_cannot_weigh_less_than_was_sold() -> None:
    moved = (
        row("X2", Kind.SHIP, "N", Side.MOVE, 375),
        row("X3", Kind.RECEIVE, "N", Side.MOVE, 375, at=NOON + HOUR, entity=TRADER),
    )
    books = replace(rows_of(NORTH, *moved), transactions=(accepted(sale("N", 375 * KG)),))

    found = effects_of(weighs("N1", "N", 375, 300), books)

    assert found.sales[0].missing_mg == 75 * KG
    assert "CUSTODY-011" in [one.code for one in found.findings]
    assert found.balances[0].entity == TRADER


def test_mass_alone_may_be_missing() -> None:
    rows = (
        replace(NORTH, content_mg=1),
        replace(row("X1", Kind.SPLIT, "N", Side.IN, 375), content_mg=1),
        replace(row("X1", Kind.SPLIT, "M", Side.OUT, 375), content_mg=1),
    )
    change = Change(Field.MASS, str(375 * KG), str(300 * KG))

    found = effects_of(record("N1", "N", change), rows_of(*rows))

    assert lots(found) == {"N": (Fraction(1), 0), "M": (Fraction(4, 5), 1)}
    assert found.lots[0].remedies == (Remedy.DELIVER_MISSING, Remedy.TELL_HOLDERS)


def test_an_output_beyond_its_inputs_is_not_covered() -> None:
    found = effects_of(weighs("X1", "A", 600, 700))

    assert lots(found)["B"] == (Fraction(10, 11), -(-400 * KG // 11))
    assert {"CUSTODY-002", "CUSTODY-011"} <= {one.code for one in found.findings}


def test_an_input_that_was_larger_takes_from_its_lot() -> None:
    found = effects_of(weighs("B1", "S", 500, 600, Side.IN))

    assert lots(found)["S"] == (Fraction(1), 100 * KG)
    # 375 + 500 + 125 are there of the 1100 that went in, so 1/11 of L is not covered.
    assert lots(found)["L"][0] == Fraction(10, 11)


def test_an_input_of_less_content_that_leaves_more_than_mass_is_told() -> None:
    change = Change(Field.CONTENT, str(500 * KG), str(499 * KG))

    found = effects_of(record("B1", "S", change, side=Side.IN))

    (rest,) = (one for one in found.findings if one.code == "CUSTODY-019")
    assert rest.facts == {
        "lot": "S",
        "event": "B1",
        "mass_left": "0 mg",
        "content_left": f"{KG} mg",
    }


def test_what_never_happened_leaves_nothing_of_what_was_made_of_it() -> None:
    found = effects_of(record("S1", ""))

    assert lots(found)["S"] == (Fraction(0), 500 * KG)
    assert lots(found)["L"][0] == Fraction(1, 2)
    assert "CUSTODY-003" in [one.code for one in found.findings]


def test_a_split_that_never_happened_gives_back_what_it_used() -> None:
    found = effects_of(record("X1", ""))

    states = {one.lot: one.after for one in found.lots}
    assert states["L"].left.content_mg == 1000 * KG
    assert (states["A"].covered, states["A"].left.made_mass_mg) == (Fraction(0), 0)


def test_recycled_and_unknown_shares_fall_short_too() -> None:
    recycled = row("R1", Kind.RECYCLE, "U", Side.OUT, 125)
    for source in (recycled, replace(recycled, kind=Kind.PURCHASE)):
        rows = [
            source,
            row("X1", Kind.SPLIT, "U", Side.IN, 125),
            row("X1", Kind.SPLIT, "V", Side.OUT, 125),
        ]
        found = effects_of(weighs("R1", "U", 125, 100), rows_of(*rows))
        assert lots(found)["V"] == (Fraction(4, 5), 25 * KG)


def test_an_attestation_that_was_wrong_takes_the_level_and_not_the_material() -> None:
    change = Change(Field.ATTESTATION, "north-1", "")

    found = effects_of(record("N1", "N", change))

    assert lots(found) == dict.fromkeys("NLAB", (Fraction(1), 0))
    assert (found.balances, found.findings[0].code) == ((), "RESTATEMENT-013")
    assert found.claims[0].supported_after == 0
    assert found.claims[0].remedies == (Remedy.WITHDRAW_CLAIM,)


def test_a_model_that_was_wrong_makes_the_words_wrong() -> None:
    change = Change(Field.MODEL, "controlled_blending", "mass_balance")

    found = effects_of(record("B1", "L", change))

    assert [one.lot for one in found.lots] == ["L", "A", "B"]
    assert [one.code for one in found.claims[0].findings] == ["CLAIM-003"]
    assert found.claims[0].remedies == (Remedy.DOWNGRADE_MODEL, Remedy.WITHDRAW_CLAIM)
    assert "CUSTODY-016" in [one.code for one in found.findings]


def test_a_date_before_the_attestation_began_takes_the_level() -> None:
    change = Change(Field.AT, "2026-02-01T08:00:00+00:00", "2025-12-31T08:00:00+00:00")

    found = effects_of(record("N1", "N", change))

    assert [one.holds for one in found.claims] == [False, False]


def test_a_date_after_its_use_is_told_by_the_replay() -> None:
    change = Change(Field.AT, "2026-02-01T08:00:00+00:00", "2026-02-01T13:00:00+00:00")

    found = effects_of(record("N1", "N", change))

    assert [one.code for one in found.findings] == ["CUSTODY-004"]


def test_credits_of_a_withdrawn_level_are_taken_back_or_replaced() -> None:
    gone = StatusChange(datetime.date(2026, 2, 1), Status.WITHDRAWN, "made up")
    after = with_achievement(BOOKS, replace(ACHIEVEMENTS["north-1"], status_changes=(gone,)))

    (found,) = simulate(BOOKS, after).credits

    assert (found.backed_before_mg, found.backed_after_mg) == (100 * KG, 0)
    assert (found.missing_mg, found.unused_mg, found.passed_on_mg) == (100 * KG, 30 * KG, 70 * KG)
    assert found.remedies == (Remedy.TAKE_BACK_CREDITS, Remedy.BUY_CREDITS)
    assert told(simulate(BOOKS, after))[MAKER, "beneficiary"] == ("K1", "claim on A", "claim on B")


@pytest.mark.parametrize(
    ("after_kg", "missing_kg", "unused_kg"), [(101, 0, 0), (99, 1, 1), (70, 30, 30), (69, 31, 30)]
)
def test_credits_stay_within_what_backs_them(
    after_kg: int, missing_kg: int, unused_kg: int
) -> None:
    (found,) = effects_of(weighs("N2", "C", 100, after_kg)).credits

    assert (found.missing_mg, found.unused_mg) == (missing_kg * KG, unused_kg * KG)
    assert found.passed_on_mg == (missing_kg - unused_kg) * KG


def test_credits_of_one_lot_share_what_backs_them() -> None:
    half = replace(CREDITS, quantity_mg=50 * KG, held={"north": 50 * KG}, retired={})
    books = replace(BOOKS, credits=(half, replace(half, id="K2")))

    first, second = effects_of(weighs("N2", "C", 100, 70), books).credits

    assert (first.missing_mg, second.missing_mg) == (0, 30 * KG)


def test_another_level_is_another_level() -> None:
    lower = achievement("north-1", "north", "L-50")

    found = simulate(BOOKS, with_achievement(BOOKS, lower))

    assert [one.holds for one in found.claims] == [False, False]
    assert found.credits == ()


def test_an_attestation_of_another_site_counts_for_nothing() -> None:
    other = achievement("north-1", "south", "L-75")

    found = simulate(BOOKS, with_achievement(BOOKS, other))

    assert found.credits[0].backed_after_mg == 0


def test_a_lot_under_way_is_told_with_its_sender() -> None:
    books = rows_of(NORTH, row("X2", Kind.SHIP, "N", Side.MOVE, 375))

    (found,) = effects_of(weighs("N1", "N", 375, 300), books).lots

    assert (found.holder, found.in_transit) == (WORKS, True)


def test_books_that_are_not_sound_are_not_simulated() -> None:
    books = rows_of(NORTH, row("X1", Kind.SPLIT, "N", Side.IN, 375))

    assert refused_by(lambda: simulate(books, books)) == "CUSTODY-010"


def test_another_table_of_remedies_can_be_given() -> None:
    after = without_certificate(BOOKS, TRADER, since=NOON)
    table = [RemedyRule(Remedy.BUY_CREDITS, Touched.LOT)]

    found = simulate(BOOKS, after, table=table)

    assert found.lots[0].remedies == (Remedy.BUY_CREDITS,)
