"""The books behind one lot: alone they say the same of it as the books of everybody."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from core.custody.accounting.made_up import (
    BC,
    BRAND,
    MB,
    always,
    certificate,
    day,
    makes,
    mined,
    moves,
    takes,
)
from core.custody.accounting.test_any_order import Chain
from stannary.core.custody import (
    Amounts,
    BooksBehind,
    Kind,
    Model,
    Row,
    books_behind,
    events_of,
    keep_behind,
    keep_books,
    said_of,
)
from stannary.core.custody.accounting import behind as module
from stannary.core.kernel import RefusalError

LATER = datetime.date(2026, 12, 1)


def behind(*rows: Row, lot: str, on: datetime.date = LATER, waits: bool = False) -> BooksBehind:
    return books_behind(
        events_of(rows),
        {lot},
        day=on,
        rules_on=always(overdraft_tolerance="within_period" if waits else "none"),
    )


def events(found: BooksBehind) -> list[str]:
    return list(dict.fromkeys(row.event for row in found.rows))


def said(*rows: Row, lot: str, model: Model | None = None) -> Amounts:
    """What the books behind the lot say of it; what those of everybody say, too."""
    alone = keep_behind(behind(*rows, lot=lot), day=LATER, rules_on=always())
    of_all = keep_books(events_of(rows), rules_on=always(), as_of=LATER)
    assert said_of(alone, lot, model) == said_of(of_all, lot, model)
    return said_of(alone, lot, model)


def over_an_account(event: str, on: str, lot: str, made: str, mg: int, **out: object) -> list[Row]:
    given = {"account": "north", "model": MB}
    return [
        takes(event, on, Kind.TRANSFORM, lot, mg, account="north"),
        makes(event, on, Kind.TRANSFORM, made, mg, **{**given, **out}),
    ]


PRODUCED = [mined(f"P{n}", f"2026-01-0{n}", f"M{n}", 9000, model=MB) for n in range(1, 6)]
CREDITS = [
    takes("B", "2026-02-01", Kind.BOOK, "M5", 6000),
    makes("B", "2026-02-01", Kind.BOOK, "C", 6000, model=BC),
    takes("T", "2026-02-02", Kind.TRANSFER, "C", 4000),
    makes("T", "2026-02-02", Kind.TRANSFER, "D", 4000, account=BRAND, model=BC),
]
PRODUCT = mined("P-X", "2026-03-01", "X", 8000, attestation="", model=BC)


def used_up(event: str, mg: int, lot: str, credit: str = "D", on: str = "2026-03-02") -> Row:
    return takes(event, on, Kind.RETIRE, credit, mg, entity=BRAND, note=lot)


def test_of_an_account_everything_counts_until_it_gave_the_lot_something() -> None:
    rows = [
        *PRODUCED,
        *over_an_account("A1", "2026-02-01", "M1", "K1", 9000),
        *over_an_account("A2", "2026-02-02", "M2", "K2", 9000),
        *over_an_account("A3", "2026-02-03", "M3", "K3", 9000),
        moves("S", "2026-02-04", Kind.SHIP, "K1", 9000, material="metal"),
    ]

    assert events(behind(*rows, lot="K2")) == ["P1", "P2", "A1", "A2"]
    assert events(behind(*rows, lot="K1")) == ["P1", "A1", "S"]
    assert sum(said(*rows, lot="K2", model=MB).values()) == 9000


def test_other_accounts_and_materials_are_left_out() -> None:
    rows = [
        *PRODUCED,
        *over_an_account("A1", "2026-02-01", "M1", "K1", 9000, material="slag"),
        *over_an_account("A2", "2026-02-02", "M2", "K2", 9000),
    ]

    assert events(behind(*rows, lot="K2")) == ["P2", "A2"]


def test_of_what_it_was_made_of_only_the_time_before_counts() -> None:
    rows = [
        *PRODUCED,
        takes("B", "2026-02-01", Kind.BOOK, "M1", 3000),
        makes("B", "2026-02-01", Kind.BOOK, "C", 3000, model=BC),
        takes("V", "2026-02-02", Kind.SPLIT, "M1", 4000),
        makes("V", "2026-02-02", Kind.SPLIT, "V1", 4000, material="ore"),
        takes("W", "2026-02-03", Kind.SPLIT, "M1", 5000),
        makes("W", "2026-02-03", Kind.SPLIT, "W1", 5000, material="ore"),
    ]

    assert events(behind(*rows, lot="V1")) == ["P1", "B", "V"]
    assert sum(said(*rows, lot="V1").values()) == 4000 * 6000 // 9000


def test_what_is_left_of_a_lot_speaks_for_all_of_it() -> None:
    rows = [
        *PRODUCED,
        takes("B", "2026-02-01", Kind.BOOK, "M1", 3000),
        makes("B", "2026-02-01", Kind.BOOK, "C", 3000, model=BC),
        takes("L", "2026-02-02", Kind.LOSS, "M1", 4000),
    ]

    # of what is left, a part has its milligrams rounded up: scaled to the whole it would be 6001
    assert sum(said(*rows, lot="M1").values()) == 6000
    shipped = moves("S", "2026-02-03", Kind.SHIP, "M1", 5000)
    assert sum(said(*rows, shipped, lot="M1").values()) == 6000
    gone = takes("L2", "2026-02-03", Kind.LOSS, "M1", 5000)
    assert said(*rows, gone, lot="M1") == {}
    # one milligram is left, and carries one: that does not make the whole of 9 g attested
    almost = takes("L2", "2026-02-03", Kind.LOSS, "M1", 4999)
    assert sum(said(*rows, almost, lot="M1").values()) <= 6000


def test_what_became_credits_after_a_part_was_used_is_said_of_neither() -> None:
    rows = [
        *PRODUCED,
        takes("L", "2026-02-01", Kind.LOSS, "M1", 4500),
        takes("B", "2026-02-02", Kind.BOOK, "M1", 3000),
        makes("B", "2026-02-02", Kind.BOOK, "C", 3000, model=BC),
    ]

    # what is left, 4.5 g, carries 1.5 g: a third, and of all of it no more
    assert sum(said(*rows, lot="M1").values()) == 3000


def test_credits_used_up_for_a_lot_come_with_all_that_became_of_them_before() -> None:
    rows = [*PRODUCED, *CREDITS, PRODUCT, used_up("R1", 1000, "Y"), used_up("R2", 2000, "X")]
    later = used_up("R3", 1000, "Z", on="2026-03-03")

    assert events(behind(*rows, later, lot="X")) == ["P5", "B", "T", "P-X", "R1", "R2"]
    assert sum(said(*rows, later, lot="X", model=BC).values()) == 2000


@pytest.mark.parametrize(("note", "counts"), [("X", 1000), ("X, Y", 0), ("x", 0), ("XX", 0)])
def test_credits_stand_for_the_one_lot_that_their_retirement_names(note: str, counts: int) -> None:
    rows = [*PRODUCED, *CREDITS, PRODUCT, replace(PRODUCT, event="P-Y", lot="Y")]
    rows.append(used_up("R", 1000, note))

    for_x, for_y = said(*rows, lot="X", model=BC), said(*rows, lot="Y", model=BC)

    assert sum(for_x.values()) == counts
    assert for_y == {}


@pytest.mark.parametrize(("second", "counts"), [(2999, 2000), (3000, 3000), (3001, 0)])
def test_credits_are_used_up_for_several_lots_only_once(second: int, counts: int) -> None:
    """Of 4 g, one lot had 1 g; another gets what is left, in whole grams."""
    rows = [*PRODUCED, *CREDITS, PRODUCT, replace(PRODUCT, event="P-Y", lot="Y")]
    rows += [used_up("R1", 1000, "X"), used_up("R2", second // 1000 * 1000, "Y")]
    if second > 3000:
        rows[-1] = used_up("R2", 4000, "Y")

    assert sum(said(*rows, lot="X", model=BC).values()) == 1000
    assert sum(said(*rows, lot="Y", model=BC).values()) == counts


def test_a_lot_never_says_what_became_credits() -> None:
    said_before = said(*PRODUCED, lot="M5")
    said_after = said(*PRODUCED, *CREDITS, lot="M5")

    assert sum(said_before.values()) == 9000
    assert sum(said_after.values()) == 3000


def test_corrections_come_along_and_count_from_their_own_day() -> None:
    wrong = [takes("E", "2026-02-01", Kind.SPLIT, "M1", 3000)]
    wrong += [makes("E", "2026-02-01", Kind.SPLIT, "V", 3000, material="ore")]
    right = [takes("K", "2026-02-09", Kind.CORRECT, "M2", 3000, account="E")]
    right += [makes("K", "2026-02-09", Kind.CORRECT, "V", 3000, material="ore", account="E")]
    rows = [*PRODUCED, *wrong, *right]

    assert events(behind(*rows, lot="V")) == ["P2", "E", "K"]
    assert events(behind(*rows, lot="V", on=day("2026-02-08"))) == ["P1", "E"]


def test_where_outputs_may_wait_what_becomes_of_them_counts() -> None:
    bought = mined("U", "2026-01-20", "U1", 9000, attestation="", model=MB)
    early = over_an_account("A1", "2026-02-01", "U1", "K1", 9000)
    rows = [
        *PRODUCED,
        bought,
        *early,
        takes("L", "2026-02-02", Kind.LOSS, "K1", 1, material="metal"),
        *over_an_account("A2", "2026-02-03", "M1", "K2", 9000),
        *over_an_account("A3", "2026-02-04", "M2", "K3", 9000),
    ]

    assert events(behind(*rows, lot="K2")) == ["P1", "U", "A1", "A2"]
    assert events(behind(*rows, lot="K2", waits=True)) == ["P1", "P2", "U", "A1", "L", "A2", "A3"]


def test_certificates_of_the_entities_named_come_along() -> None:
    held, other = certificate("Mine Co"), certificate("Trade Co")

    found = books_behind(
        events_of(PRODUCED), {"M1"}, day=LATER, rules_on=always(), certificates=[other, held]
    )

    assert found.certificates == (held,)
    assert behind(*PRODUCED, lot="M1").certificates is None


def test_of_a_lot_that_is_not_there_nothing_decides() -> None:
    assert behind(*PRODUCED, lot="none").rows == ()
    half = takes("E", "2026-02-01", Kind.BLEND, "M1", 3000, account="north")
    assert events(behind(*PRODUCED, half, lot="M1")) == ["P1", "E"]


def test_the_books_behind_several_lots_hold_what_decides_each_of_them() -> None:
    def of(*lots: str) -> list[str]:
        found = books_behind(
            events_of([*PRODUCED, *CREDITS]), set(lots), day=LATER, rules_on=always()
        )
        return events(found)

    assert set(of("M1", "M5")) == {*of("M1"), *of("M5")}
    assert of() == []


@pytest.mark.parametrize(("at_most", "code"), [(6, None), (5, None), (4, "CUSTODY-097")])
def test_books_that_nobody_could_keep_are_refused(
    monkeypatch: pytest.MonkeyPatch, at_most: int, code: str | None
) -> None:
    monkeypatch.setattr(module, "ROWS_MAX", at_most)
    rows = [*PRODUCED, *CREDITS, takes("L", "2026-03-01", Kind.LOSS, "M1", 1)]
    rows += over_an_account("A", "2026-03-02", "M1", "K", 8999)
    if code is None:
        assert len(behind(*rows[:-2], lot="M5").rows) <= at_most
        assert len(behind(*rows, lot="K").rows) == 4
        return
    with pytest.raises(RefusalError) as refused:
        behind(
            *rows,
            mined("P9", "2026-03-03", "K9", 1),
            *over_an_account("A9", "2026-03-04", "M2", "K2", 1),
            lot="K2",
        )
    assert refused.value.findings[0].facts == {"rows": "7", "at_most": "4"}
    assert refused.value.rule.code == code


class Behind(Chain):
    """Whatever was booked in whatever order: of every lot the books behind it say the same."""

    def teardown(self) -> None:
        """Compare for every lot what it may say."""
        days = {*self.seen, self.kept.day}
        for on in sorted(days)[-2:]:
            of_all = self.books(on)
            for lot in of_all.replay.lots:
                found = books_behind(
                    self.events,
                    {lot},
                    day=on,
                    rules_on=self.rules_on,
                    method=None,
                    certificates=self.certificates,
                    factors=self.factors,
                )
                alone = keep_behind(found, day=on, rules_on=self.rules_on, pack_on=self.pack_on)
                for model in (None, BC):
                    assert said_of(alone, lot, model) == said_of(of_all, lot, model), (on, lot)


@pytest.mark.untraced
def test_the_books_behind_a_lot_say_of_it_what_the_books_of_everybody_say() -> None:
    run_state_machine_as_test(
        Behind, settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )
