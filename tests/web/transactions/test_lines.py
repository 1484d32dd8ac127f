"""Movements as lines of an entity's accounts: masses, credits, and what a correction takes back."""

import datetime
from dataclasses import replace

from stannary.core.custody import Kind, Row, Side
from stannary.web.transactions.records import lines_of

AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
NOON = datetime.datetime(2026, 4, 1, 12, tzinfo=datetime.UTC)


def row(event: str, kind: Kind, side: Side, lot: str, mass_mg: int, **more: str) -> Row:
    return Row(
        event=event,
        at=AT,
        kind=kind,
        site="example-site",
        entity=more.pop("entity", "Example Mining"),
        lot=lot,
        side=side,
        material="ore",
        mass_mg=mass_mg,
        content_mg=mass_mg // 10 or 1,
        account=more.pop("account", ""),
        period=more.pop("period", ""),
    )


def told(*rows: Row, entity: str = "Example Mining") -> list[tuple[str, int, str]]:
    lines = lines_of(rows, {}, entity=entity)
    assert len({line.id for line in lines}) == len(lines)
    assert {line.entity for line in lines} <= {entity}
    return [(line.account, line.quantity, line.note) for line in lines]


MINED = row("E1", Kind.PRODUCE, Side.OUT, "L1", 1000)
BOOKED = (row("E2", Kind.BOOK, Side.IN, "L1", 500), row("E2", Kind.BOOK, Side.OUT, "CR-1", 500))
PASSED = (
    row("E3", Kind.TRANSFER, Side.IN, "CR-1", 500),
    row("E3", Kind.TRANSFER, Side.OUT, "CR-2", 300, account="Example Cars"),
    row("E3", Kind.TRANSFER, Side.OUT, "CR-3", 200, account="Example Mining"),
)
USED_UP = row("E4", Kind.RETIRE, Side.IN, "CR-2", 100, entity="Example Cars")


def test_credits_are_an_account_of_their_own_and_move_no_mass() -> None:
    assert told(MINED, *BOOKED, *PASSED) == [
        ("ore", 1000, "produce L1"),
        ("credits", 50, "book CR-1"),
        ("credits", -50, "transfer CR-1"),
        ("credits", 20, "transfer CR-3"),
    ]


def test_who_receives_credits_has_them_from_the_events_of_others() -> None:
    assert told(*PASSED, USED_UP, entity="Example Cars") == [
        ("credits", 30, "transfer CR-2"),
        ("credits", -10, "retire CR-2"),
    ]


def test_a_correction_takes_back_what_was_said_and_says_it_anew() -> None:
    lost = row("E5", Kind.LOSS, Side.IN, "L1", 100)
    first = row("K1", Kind.CORRECT, Side.OUT, "L1", 900, account="E1")
    second = row("K2", Kind.CORRECT, Side.OUT, "L1", 950, account="E1")
    of_loss = row("K3", Kind.CORRECT, Side.IN, "L1", 40, account="E5")
    said = told(MINED, lost, first, second, of_loss)
    assert said == [
        ("ore", 1000, "produce L1"),
        ("ore", -100, "loss L1"),
        ("ore", -1000, "correct L1"),
        ("ore", 900, "correct L1"),
        ("ore", -900, "correct L1"),
        ("ore", 950, "correct L1"),
        ("ore", 100, "correct L1"),
        ("ore", -40, "correct L1"),
    ]
    assert sum(quantity for _, quantity, _ in said) == 950 - 40


def test_of_two_corrections_the_last_in_time_counts_whichever_was_booked_first() -> None:
    early, late = AT + datetime.timedelta(days=1), AT + datetime.timedelta(days=2)
    second = replace(row("K2", Kind.CORRECT, Side.OUT, "L1", 500, account="E1"), at=late)
    first = replace(row("K1", Kind.CORRECT, Side.OUT, "L1", 250, account="E1"), at=early)

    lines = lines_of([MINED, second, first], {}, entity="Example Mining")

    def balance(at: datetime.datetime) -> int:
        return sum(line.quantity for line in lines if line.at <= at)

    assert [balance(at) for at in (AT, early, late)] == [1000, 250, 500]
    assert len({line.restates for line in lines[1:]}) == 1


def test_a_line_knows_its_transaction_its_other_party_and_when_it_was_booked() -> None:
    sold = row("E6", Kind.SHIP, Side.MOVE, "L1", 1000)
    wrong = row("K4", Kind.CORRECT, Side.MOVE, "L1", 900, account="E6")
    others = {("E6", "L1"): ("T1", "Example Cars")}

    lines = lines_of([MINED, sold, wrong], others, entity="Example Mining", recorded={"K4": NOON})

    assert [(one.transaction, one.counterparty, one.restates) for one in lines] == [
        ("", "", ""),
        ("T1", "Example Cars", ""),
        ("T1", "Example Cars", "E6 1"),
        ("T1", "Example Cars", "E6 1"),
    ]
    assert [one.known_at for one in lines] == [AT, AT, NOON, NOON]


def test_a_difference_of_weighing_has_its_own_name_and_knows_by_what_its_lot_came() -> None:
    came = row("E1", Kind.RECEIVE, Side.MOVE, "L1", 1000)
    again = replace(row("E2", Kind.RECEIVE, Side.MOVE, "L1", 900), at=AT + datetime.timedelta(9))
    less = row("E3", Kind.LOSS, Side.IN, "L1", 8, period="weighing")
    more = row("E4", Kind.PURCHASE, Side.OUT, "L1w", 7, period="weighing L1")
    other = row("E5", Kind.PURCHASE, Side.OUT, "L2", 3, period="weighing")
    wrong = row("K1", Kind.CORRECT, Side.IN, "L1", 6, account="E3")
    others = {("E1", "L1"): ("T1", "Example Cars"), ("E2", "L1"): ("T2", "Example Cars")}

    lines = lines_of([came, again, less, more, other, wrong], others, entity="Example Mining")

    assert [(one.note, one.quantity, one.weighing, one.weighs) for one in lines[2:]] == [
        ("weighed_less L1", -8, True, "T1"),
        ("weighed_more L1w", 7, True, "T1"),
        ("weighed_more L2", 3, True, ""),
        ("correct L1", 8, True, "T1"),
        ("correct L1", -6, True, "T1"),
    ]
