"""What an event touches."""

from core.custody.accounting.acts import G, booking, melt, metal, retiring
from core.custody.accounting.made_up import moves
from stannary.core.custody import Kind, Row, events_of, keys_of


def touched(*rows: Row) -> list[set[tuple[str, ...]]]:
    return [set(keys_of(event)) for event in events_of(rows)]


def test_lots_accounts_and_credits_have_keys_of_their_own() -> None:
    account = ("account", "Mine Co", "north", "metal")

    assert touched(*melt(metal("M1", 6 * G)), *booking(G), retiring(G)) == [
        {("lot", "L1")},
        {("lot", "L1"), ("lot", "M1"), account},
        {("lot", "L1"), ("credit", "C1")},
        {("credit", "C1")},
    ]


def test_only_what_mixes_or_changes_touches_an_account() -> None:
    row = moves("E8", "2026-07-01", Kind.SHIP, "M1", 6 * G, account="north")

    assert touched(row) == [{("lot", "M1")}]
