"""Offers: who offers what to whom, and what became of it; both parties read the same record.

The quantity is reserved from the offer on, up to the instant at which it ends. A transaction is
what its steps made it: none is ever changed, and whoever takes one has seen all before it.

Rules: TRANSACTION-001 to TRANSACTION-012.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from stannary.core.kernel import MASS_MAX_MG, Finding, RefusalError, refuse
from stannary.core.transactions import rules

REASON_MAX = 2000
_SHOWN = 200


class Goods(StrEnum):
    """What is offered."""

    LOT = "lot"
    CREDITS = "credits"


class State(StrEnum):
    """Where a transaction stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class StepKind(StrEnum):
    """What somebody does in a transaction."""

    OFFER = "offer"
    ACCEPT = "accept"
    ACCEPT_PART = "accept_part"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


DELIVERED = frozenset({State.ACCEPTED, State.PARTLY_ACCEPTED})
"""States in which something passed to the buyer."""

REGISTER = ""
"""The entity of a step that the register takes itself: recording that an offer expired."""

_TARGETS: Mapping[StepKind, State] = {
    StepKind.ACCEPT: State.ACCEPTED,
    StepKind.ACCEPT_PART: State.PARTLY_ACCEPTED,
    StepKind.REFUSE: State.REFUSED,
    StepKind.WITHDRAW: State.WITHDRAWN,
    StepKind.EXPIRE: State.EXPIRED,
}
_WITH_REASON = frozenset({StepKind.ACCEPT_PART, StepKind.REFUSE, StepKind.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered, by whom, to whom, and until when.

    Attributes:
        id: Of the transaction; permanent.
        seller: Entity that offers.
        buyer: Entity to which it is offered.
        goods: A lot, or credits.
        item: Id of the lot, or of the account that holds the credits.
        quantity: Milligrams of the lot's dry mass, or credits; 1 to 9·10^18.
        content_mg: Of the tracked element in that mass, 1 to `quantity`; None for credits.
        offered_at: When it was made.
        expires_at: First instant at which it is no longer open.

    Raises:
        RefusalError: When built: TRANSACTION-001, TRANSACTION-002, TRANSACTION-003.
    """

    id: str
    seller: str
    buyer: str
    goods: Goods
    item: str
    quantity: int
    content_mg: int | None
    offered_at: datetime.datetime
    expires_at: datetime.datetime

    def __post_init__(self) -> None:
        findings = tuple(_against_terms(self))
        if findings:
            raise RefusalError(*findings)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, recorded and never changed.

    Attributes:
        kind: What was done.
        by: Id of the person; "" for the register.
        entity: For whom; REGISTER for the register itself.
        at: When.
        seen: Number of steps that the person had seen.
        reason: Why.
        quantity: The part accepted, in the unit of the terms; with ACCEPT_PART alone.
    """

    kind: StepKind
    by: str
    entity: str
    at: datetime.datetime
    seen: int
    reason: str = ""
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """An offer as its steps made it.

    Attributes:
        terms: As offered.
        steps: Oldest first; the first is the offer.
        state: Where it stands by its steps; `state_on` tells it for an instant.
        accepted: What passed to the buyer, in the unit of the terms; 0 unless it is in DELIVERED.
    """

    terms: Terms
    steps: tuple[Step, ...]
    state: State = State.OFFERED
    accepted: int = 0

    @property
    def released(self) -> int:
        """What is no longer reserved and did not pass to the buyer; 0 while it is open."""
        return 0 if self.state is State.OFFERED else self.terms.quantity - self.accepted

    def state_on(self, at: datetime.datetime) -> State:
        """Give the state at an instant, of the steps taken so far.

        An open offer has expired from its end on, whether or not somebody recorded it.

        Args:
            at: Not before the last step.
        """
        over = self.state is State.OFFERED and at >= self.terms.expires_at
        return State.EXPIRED if over else self.state

    def reserved_on(self, at: datetime.datetime) -> int:
        """Give what is reserved at an instant: all that is offered while it is open."""
        return self.terms.quantity if self.state_on(at) is State.OFFERED else 0


def offer(terms: Terms, *, by: str, reason: str = "") -> Transaction:
    """Make an offer: its terms and its first step.

    That the quantity is available is asked of the account or the lot: `check_available`.

    Raises:
        RefusalError: TRANSACTION-010 if the reason, which may be left out, is too long.
    """
    if len(reason) > REASON_MAX:
        length = f"{len(reason)} characters"
        refuse(rules.STEP_SAYS_WHY, transaction=terms.id[:_SHOWN], step="offer", reason=length)
    first = Step(StepKind.OFFER, by, terms.seller, terms.offered_at, 0, reason)
    return Transaction(terms, (first,))


def take(transaction: Transaction, step: Step) -> Transaction:
    """Take one more step.

    Raises:
        RefusalError: TRANSACTION-004 to TRANSACTION-010, with every reason against it; what was
            not seen, or is over, is told alone. Nothing has changed.
    """
    against = tuple(_against(transaction, step))
    if against:
        raise RefusalError(*against)
    accepted = {
        StepKind.ACCEPT: transaction.terms.quantity,
        StepKind.ACCEPT_PART: step.quantity or 0,
    }
    return replace(
        transaction,
        steps=(*transaction.steps, step),
        state=_TARGETS[step.kind],
        accepted=accepted.get(step.kind, 0),
    )


def replay(terms: Terms, steps: Iterable[Step]) -> Transaction:
    """Rebuild a transaction from its terms and its steps, oldest first, the offer included.

    Raises:
        RefusalError: If a step could not have followed the one before.
    """
    first, *others = steps
    transaction = offer(terms, by=first.by, reason=first.reason)
    for step in others:
        transaction = take(transaction, step)
    return transaction


def next_steps(
    transaction: Transaction, *, entity: str, at: datetime.datetime
) -> tuple[StepKind, ...]:
    """Give the steps that an entity may take at an instant, in the order of their kinds."""
    if transaction.state is not State.OFFERED:
        return ()
    over = at >= transaction.terms.expires_at
    return tuple(
        kind
        for kind in _TARGETS
        if _may(transaction.terms, kind, entity) and (kind is StepKind.EXPIRE) is over
    )


def reserved(
    transactions: Iterable[Transaction], *, seller: str, item: str, at: datetime.datetime
) -> int:
    """Add up what open offers of a seller reserve of an item at an instant."""
    return sum(
        one.reserved_on(at)
        for one in transactions
        if one.terms.item == item and one.terms.seller == seller
    )


def check_available(
    quantity: int,
    *,
    held: int,
    transactions: Iterable[Transaction],
    entity: str,
    item: str,
    at: datetime.datetime,
) -> None:
    """Check that a quantity is held and not reserved, whatever is to be done with it.

    Args:
        quantity: What is to be offered, used, shipped or lost.
        held: What is left of the lot or stands on the account; below 0 in a deficit.
        transactions: All that name the item; others are not looked at.
        entity: Who holds it.
        item: Id of the lot or of the account.
        at: When it is to be done.

    Raises:
        RefusalError: TRANSACTION-011 if it is more than what is held less what is reserved.
    """
    kept = reserved(transactions, seller=entity, item=item, at=at)
    if quantity > held - kept:
        refuse(
            rules.RESERVED_IS_NOT_USED,
            item=item[:_SHOWN],
            wanted=str(quantity),
            held=str(held),
            reserved=str(kept),
        )


def check_end(terms: Terms, *, days_max: int) -> None:
    """Check that an offer does not keep a quantity from everybody for longer than the rules allow.

    Args:
        terms: As offered.
        days_max: How many times 24 hours it may stay open, itself included.

    Raises:
        RefusalError: TRANSACTION-012.
    """
    if terms.expires_at - terms.offered_at > datetime.timedelta(days=days_max):
        refuse(
            rules.OFFER_ENDS_IN_TIME,
            offered_at=terms.offered_at.isoformat(),
            expires_at=terms.expires_at.isoformat(),
            allowed=f"{days_max} days",
        )


def content_of_part(terms: Terms, quantity: int) -> int | None:
    """Give the content of a part of a lot: its share by mass, rounded down; None for credits.

    This is the only rounding in a transaction. What is rounded off stays with the seller, so
    that nothing is delivered that is not there.

    Example:
        >>> at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        >>> one = Terms("T1", "A", "B", Goods.LOT, "L1", 3, 2, at, at + datetime.timedelta(1))
        >>> content_of_part(one, 2)
        1
    """
    if terms.content_mg is None:
        return None
    return terms.content_mg * quantity // terms.quantity


def _against_terms(terms: Terms) -> Iterator[Finding]:
    if not terms.id or not terms.item or not terms.seller or not terms.buyer:
        blank = [name for name in ("id", "item", "seller", "buyer") if not getattr(terms, name)]
        yield Finding(rules.OFFER_NAMES_TWO_PARTIES, {"empty": ", ".join(blank)})
    elif terms.seller == terms.buyer:
        facts = {"seller": terms.seller[:_SHOWN], "buyer": terms.buyer[:_SHOWN]}
        yield Finding(rules.OFFER_NAMES_TWO_PARTIES, facts)
    fits = terms.content_mg is None
    if terms.goods is Goods.LOT:
        fits = terms.content_mg is not None and 1 <= terms.content_mg <= terms.quantity
    if not 1 <= terms.quantity <= MASS_MAX_MG or not fits:
        content = "none" if terms.content_mg is None else f"{terms.content_mg} mg"
        facts = {"goods": str(terms.goods), "quantity": str(terms.quantity), "content": content}
        yield Finding(rules.OFFER_HAS_A_QUANTITY, facts)
    naive = terms.offered_at.utcoffset() is None or terms.expires_at.utcoffset() is None
    if naive or terms.expires_at <= terms.offered_at:
        facts = {
            "offered_at": terms.offered_at.isoformat(),
            "expires_at": terms.expires_at.isoformat(),
        }
        yield Finding(rules.OFFER_ENDS_LATER, facts)


def _against(transaction: Transaction, step: Step) -> Iterator[Finding]:
    terms, taken = transaction.terms, len(transaction.steps)
    facts = {"transaction": terms.id[:_SHOWN], "step": str(step.kind)}
    if step.seen != taken:
        seen = {**facts, "seen": str(step.seen), "taken": str(taken)}
        yield Finding(rules.STEP_KNOWS_THE_LAST, seen)
        return
    if transaction.state is not State.OFFERED or step.kind is StepKind.OFFER:
        yield Finding(rules.OFFER_IS_OPEN, {**facts, "state": str(transaction.state)})
        return
    if not _may(terms, step.kind, step.entity):
        yield Finding(rules.PARTY_TAKES_ITS_STEP, {**facts, "entity": step.entity[:_SHOWN]})
    last = transaction.steps[-1].at
    if step.at.utcoffset() is None or step.at < last:
        times = {**facts, "at": step.at.isoformat(), "last": last.isoformat()}
        yield Finding(rules.STEP_COMES_LATER, times)
    elif (step.kind is StepKind.EXPIRE) is not (step.at >= terms.expires_at):
        times = {**facts, "at": step.at.isoformat(), "expires_at": terms.expires_at.isoformat()}
        yield Finding(rules.STEP_FITS_THE_END, times)
    yield from _against_part(terms, step, facts)
    missing = step.kind in _WITH_REASON and not step.reason.strip()
    if missing or len(step.reason) > REASON_MAX:
        length = f"{len(step.reason)} characters"
        yield Finding(rules.STEP_SAYS_WHY, {**facts, "reason": length})


def _against_part(terms: Terms, step: Step, facts: Mapping[str, str]) -> Iterator[Finding]:
    part = step.quantity
    named = "none" if part is None else str(part)
    said = {**facts, "part": named, "offered": str(terms.quantity)}
    if step.kind is not StepKind.ACCEPT_PART:
        if part is not None:
            yield Finding(rules.PART_LEAVES_A_REST, said)
        return
    if part is None or not 0 < part < terms.quantity:
        yield Finding(rules.PART_LEAVES_A_REST, said)
        return
    # The rest's content is rounded up, so it is never empty; the part's is rounded down.
    if content_of_part(terms, part) == 0:
        yield Finding(rules.PART_LEAVES_A_REST, {**said, "content_of_part": "0 mg"})


def _may(terms: Terms, kind: StepKind, entity: str) -> bool:
    if kind is StepKind.EXPIRE:
        return entity in (terms.seller, terms.buyer, REGISTER)
    return entity == (terms.seller if kind is StepKind.WITHDRAW else terms.buyer)
