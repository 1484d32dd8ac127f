"""Made-up offers, lines and periods: entities are called after letters, lots after numbers."""

import datetime
from typing import Any

from stannary.core.transactions import (
    Capacity,
    Goods,
    Line,
    Period,
    PeriodStep,
    PeriodStepKind,
    Step,
    StepKind,
    Terms,
    Transaction,
    take,
)

START = datetime.datetime(2026, 1, 1, 6, 0, tzinfo=datetime.UTC)
ONE = datetime.timedelta(days=1)
BIT = datetime.timedelta(microseconds=1)
END = START + 10 * ONE
SELLER, BUYER, OTHER = "Illustrative A", "Illustrative B", "Illustrative C"
NAIVE = datetime.datetime(2026, 1, 5, 6, 0)  # noqa: DTZ001 - what has no offset is refused


def terms(**other: Any) -> Terms:
    """An offer of a lot of 1000 mg with 600 mg of content."""
    whole: dict[str, Any] = {
        "id": "T1",
        "seller": SELLER,
        "buyer": BUYER,
        "goods": Goods.LOT,
        "item": "L1",
        "quantity": 1000,
        "content_mg": 600,
        "offered_at": START,
        "expires_at": END,
    }
    return Terms(**(whole | other))


def credits_offered(quantity: int = 100, **other: Any) -> Terms:
    """An offer of credits."""
    return terms(
        **({"goods": Goods.CREDITS, "item": "K1", "content_mg": None, "quantity": quantity} | other)
    )


def step(kind: StepKind, **other: Any) -> Step:
    """A step by whom it is for, a day after the offer, having seen the offer."""
    sides = {StepKind.WITHDRAW: SELLER, StepKind.OFFER: SELLER, StepKind.EXPIRE: ""}
    whole: dict[str, Any] = {
        "kind": kind,
        "by": "somebody",
        "entity": sides.get(kind, BUYER),
        "at": END if kind is StepKind.EXPIRE else START + ONE,
        "seen": 1,
        "reason": "made up",
        "quantity": 400 if kind is StepKind.ACCEPT_PART else None,
    }
    return Step(**(whole | other))


def took(transaction: Transaction, kind: StepKind, **other: Any) -> Transaction:
    """The transaction after one more step."""
    return take(transaction, step(kind, **other))


def line(name: str, quantity: int, day: int = 0, **other: Any) -> Line:
    """A line on a day after the start, recorded as it happened."""
    at = START + day * ONE
    whole: dict[str, Any] = {
        "id": name,
        "entity": SELLER,
        "account": "tin",
        "at": at,
        "known_at": other.get("at", at),
        "quantity": quantity,
    }
    return Line(**(whole | other))


PERIOD = Period(SELLER, START, END)


def period_step(kind: PeriodStepKind, by: str = "preparer", **other: Any) -> PeriodStep:
    """A step at the end of the period, for the entity, with a balance of 70."""
    whole: dict[str, Any] = {
        "kind": kind,
        "by": by,
        "capacity": Capacity.ENTITY,
        "at": END,
        "balances": {"tin": 70},
        "reason": "made up",
        "correction": "C1" if kind is PeriodStepKind.REOPEN else "",
    }
    return PeriodStep(**(whole | other))
