"""Accounts, postings, and whether a posting may happen: the only code that decides it.

Rules: CUSTODY-050 to CUSTODY-061.

A sequencer calls `decide` a hundred thousand times a second, so a verdict is a number, a posting
a tuple, and an account an object that is changed in place. Nothing here reads a clock: `advance`
is told the time.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from stannary.core.custody.postings import rules
from stannary.core.custody.postings.ids import NO_ID
from stannary.core.kernel import Finding, RefusalError, Rule, refuse

POST: Final = 1
RESERVE: Final = 2
SETTLE: Final = 3
VOID: Final = 4
KIND_NAMES: Final = {POST: "post", RESERVE: "reserve", SETTLE: "settle", VOID: "void"}

MOST: Final = 9 * 10**18
"""The largest amount and the largest balance."""

ACCEPTED: Final = 0
OUT_OF_RANGE: Final = 50
UNKNOWN_ACCOUNT: Final = 51
SAME_ACCOUNT: Final = 52
NOT_COVERED: Final = 53
BEYOND_BALANCE: Final = 54
ID_TAKEN: Final = 55
NOT_RESERVED: Final = 56
ALREADY_ENDED: Final = 57
EXPIRED: Final = 58
BEYOND_RESERVATION: Final = 59
MALFORMED: Final = 60

_RULES: Final = {
    OUT_OF_RANGE: rules.AMOUNT_IN_RANGE,
    UNKNOWN_ACCOUNT: rules.ACCOUNT_IS_OPEN,
    SAME_ACCOUNT: rules.ACCOUNTS_DIFFER,
    NOT_COVERED: rules.AVAILABLE_COVERS,
    BEYOND_BALANCE: rules.BALANCE_IN_RANGE,
    ID_TAKEN: rules.ID_IS_ONE_POSTING,
    NOT_RESERVED: rules.RESERVATION_IS_KNOWN,
    ALREADY_ENDED: rules.RESERVATION_ENDS_ONCE,
    EXPIRED: rules.RESERVATION_IS_IN_FORCE,
    BEYOND_RESERVATION: rules.SETTLED_WITHIN_RESERVATION,
    MALFORMED: rules.POSTING_IS_WELL_FORMED,
}


def rule_of(verdict: int) -> Rule | None:
    """Give the rule that a verdict names, or None if it accepts.

    Example:
        >>> rule_of(ACCEPTED), rule_of(NOT_COVERED).code
        (None, 'CUSTODY-053')
    """
    return _RULES[verdict] if verdict else None


class Posting(NamedTuple):
    """An amount that moves, or is to move, from one account to another.

    Attributes:
        id: 16 bytes, in the order of time: `posting_id`.
        kind: POST, RESERVE, SETTLE or VOID.
        source: Key of the account that gives.
        target: Key of the account that takes.
        amount: Milligrams or credits, 1 to 9·10^18; 0 in a VOID, which releases all.
        reservation: Id of the accepted RESERVE that a SETTLE or VOID ends; else `NO_ID`.
        expires_at_ms: The instant from which a RESERVE cannot be settled any more; 0 for never.
    """

    id: bytes
    kind: int
    source: Hashable
    target: Hashable
    amount: int
    reservation: bytes = NO_ID
    expires_at_ms: int = 0


@dataclass(slots=True)
class Account:
    """What an account has.

    Attributes:
        balance: Below 0 only for a source.
        reserved: Part of the balance that is promised; never below 0.
        least: What `balance - reserved` never goes below: 0, or -9·10^18 for a source.
    """

    balance: int = 0
    reserved: int = 0
    least: int = 0

    @property
    def available(self) -> int:
        """What may still be posted or reserved; of a source, what it has issued, below 0."""
        return self.balance - self.reserved

    @property
    def is_source(self) -> bool:
        """Whether it may go below nothing: it issues what others have."""
        return self.least < 0


@dataclass(slots=True)
class Reservation:
    """What was reserved, as long as it may be asked for.

    Attributes:
        expires_at_ms: The first instant at which it cannot be settled; 0 for never.
        ended: Whether it was settled or released.
    """

    source: Hashable
    target: Hashable
    amount: int
    expires_at_ms: int
    ended: bool = False


@dataclass(slots=True)
class Ledger:
    """All accounts, and what must be remembered to decide the next posting.

    Attributes:
        at_ms: The latest instant that the ledger was told; it never goes back.
        postings: Id to what was asked under it first.
        refusals: Id to the verdict, for those of `postings` that were refused.
        reservations: Id to what was reserved.
    """

    at_ms: int = 0
    accounts: dict[Hashable, Account] = field(default_factory=dict)
    postings: dict[bytes, Posting] = field(default_factory=dict)
    refusals: dict[bytes, int] = field(default_factory=dict)
    reservations: dict[bytes, Reservation] = field(default_factory=dict)

    def open(self, key: Hashable, *, source: bool = False) -> Account:
        """Open an account with nothing in it; asked again, give the one that is there.

        Raises:
            RefusalError: CUSTODY-061 if it is there and is a source where this is none, or the
                other way round.
        """
        there = self.accounts.get(key)
        if there is None:
            there = self.accounts[key] = Account(least=-MOST if source else 0)
        elif there.is_source is not source:
            refuse(
                rules.ACCOUNT_OPENS_ONCE, account=str(key)[:80], source="no" if source else "yes"
            )
        return there

    def advance(self, at_ms: int) -> None:
        """Tell the time. An earlier instant than the latest changes nothing.

        So a clock that is set back never brings an expired reservation to life.
        """
        self.at_ms = max(self.at_ms, at_ms)

    def total(self) -> int:
        """Add up all balances: 0, because a posting gives one account what it takes from another."""
        return sum(account.balance for account in self.accounts.values())

    def due(self) -> Iterator[tuple[bytes, Reservation]]:
        """Give every reservation that has expired and was not released yet."""
        for identity, one in self.reservations.items():
            if not one.ended and 0 < one.expires_at_ms <= self.at_ms:
                yield identity, one


def decide(ledger: Ledger, posting: Posting) -> int:
    """Decide a posting in the state that all earlier ones left, and book it if it may happen.

    The same id with the same content gets its first verdict again; a refusal stays a refusal
    even if it would be accepted today.

    Args:
        ledger: Changed in place, if the verdict is new.
        posting: A `Posting`, or a tuple of its seven fields.

    Returns:
        ACCEPTED, or the number of the first rule that does not hold: well-formed, amount, two
        accounts, open accounts, then what its kind demands.

    Example:
        >>> from stannary.core.custody.postings.ids import posting_id
        >>> ledger = Ledger()
        >>> mine, smelter = ledger.open("mine", source=True), ledger.open("smelter")
        >>> decide(ledger, Posting(posting_id(at_ms=1, entropy=1), POST, "mine", "smelter", 500))
        0
        >>> decide(ledger, Posting(posting_id(at_ms=2, entropy=2), POST, "smelter", "mine", 501))
        53
        >>> smelter.balance, ledger.total()
        (500, 0)
    """
    return decide_all(ledger, (posting,))[0]


def decide_all(ledger: Ledger, postings: Iterable[Posting]) -> list[int]:
    """Decide postings one after another, each in the state that those before it left.

    Returns:
        The verdict of each, as `decide` gives it. What is new stands at the end of
        `ledger.postings`, in the order in which it was decided.

    Example:
        >>> from stannary.core.custody.postings.ids import posting_id
        >>> ledger = Ledger()
        >>> mine, smelter = ledger.open("mine", source=True), ledger.open("smelter")
        >>> one = Posting(posting_id(at_ms=1, entropy=1), POST, "mine", "smelter", 500)
        >>> back = Posting(posting_id(at_ms=2, entropy=2), POST, "smelter", "mine", 501)
        >>> decide_all(ledger, [one, back, one])
        [0, 53, 0]
    """
    known, refusals, accounts = ledger.postings, ledger.refusals, ledger.accounts
    verdicts: list[int] = []
    for posting in postings:
        identity = posting[0]
        if identity in known:
            same = known[identity] == posting
            verdict = refusals.get(identity, ACCEPTED) if same else ID_TAKEN
        else:
            verdict = form_of(posting)
            giver, taker = accounts.get(posting[2]), accounts.get(posting[3])
            if not verdict and giver is not None and taker is not None:
                verdict = _ACTS[posting[1]](ledger, posting, giver, taker)
            elif not verdict:
                verdict = UNKNOWN_ACCOUNT
            known[identity] = posting
            if verdict:
                refusals[identity] = verdict
        verdicts.append(verdict)
    return verdicts


def book(ledger: Ledger, posting: Posting) -> None:
    """Decide a posting, and stop if it is refused.

    Raises:
        RefusalError: The rule that does not hold, CUSTODY-050 to CUSTODY-060, with its facts.
    """
    rule = rule_of(decide(ledger, posting))
    if rule is not None:
        raise RefusalError(Finding(rule, facts_of(ledger, posting)))


def facts_of(ledger: Ledger, posting: Posting) -> dict[str, str]:
    """Say of a posting what a person needs to see why it was refused."""
    identity, kind, source, target, amount, reservation, _ = posting
    facts = {"posting": identity.hex(), "kind": KIND_NAMES.get(kind, str(kind))}
    facts |= {"from": str(source)[:80], "to": str(target)[:80], "amount": str(amount)}
    if reservation != NO_ID:
        facts["reservation"] = reservation.hex()
    giver = ledger.accounts.get(source)
    if giver is not None and not giver.is_source:
        facts["available"] = str(giver.available)
    return facts


def form_of(posting: Posting) -> int:
    """Judge what a posting says by itself, without any account.

    Returns:
        ACCEPTED, or the number of CUSTODY-060, CUSTODY-050 or CUSTODY-052.
    """
    identity, kind, source, target, amount, reservation, expires_at_ms = posting
    if kind not in _ACTS or len(identity) != 16 or identity == NO_ID or expires_at_ms < 0:
        return MALFORMED
    if (reservation != NO_ID) is (kind < SETTLE) or (expires_at_ms and kind != RESERVE):
        return MALFORMED
    if amount if kind == VOID else not 1 <= amount <= MOST:
        return OUT_OF_RANGE
    return SAME_ACCOUNT if source == target else ACCEPTED


def _post(_: Ledger, posting: Posting, giver: Account, taker: Account) -> int:
    amount = posting[4]
    if giver.balance - giver.reserved - amount < giver.least:
        return BEYOND_BALANCE if giver.least else NOT_COVERED
    if taker.balance + amount > MOST:
        return BEYOND_BALANCE
    giver.balance -= amount
    taker.balance += amount
    return ACCEPTED


def _reserve(ledger: Ledger, posting: Posting, giver: Account, _: Account) -> int:
    identity, _kind, source, target, amount, _reservation, expires_at_ms = posting
    if 0 < expires_at_ms <= ledger.at_ms:
        return EXPIRED
    if giver.balance - giver.reserved - amount < giver.least:
        return BEYOND_BALANCE if giver.least else NOT_COVERED
    giver.reserved += amount
    ledger.reservations[identity] = Reservation(source, target, amount, expires_at_ms)
    return ACCEPTED


def _settle(ledger: Ledger, posting: Posting, giver: Account, taker: Account) -> int:
    _identity, _kind, source, target, amount, named, _ = posting
    held = ledger.reservations.get(named)
    if held is None or held.source != source or held.target != target:
        return NOT_RESERVED
    if held.ended:
        return ALREADY_ENDED
    if 0 < held.expires_at_ms <= ledger.at_ms:
        return EXPIRED
    if amount > held.amount:
        return BEYOND_RESERVATION
    if taker.balance + amount > MOST:
        return BEYOND_BALANCE
    held.ended = True
    giver.reserved -= held.amount
    giver.balance -= amount
    taker.balance += amount
    return ACCEPTED


def _void(ledger: Ledger, posting: Posting, giver: Account, _: Account) -> int:
    _identity, _kind, source, target, _amount, named, _expires = posting
    held = ledger.reservations.get(named)
    if held is None or held.source != source or held.target != target:
        return NOT_RESERVED
    if held.ended:
        return ALREADY_ENDED
    held.ended = True
    giver.reserved -= held.amount
    return ACCEPTED


_Act = Callable[[Ledger, Posting, Account, Account], int]
_ACTS: Final[dict[int, _Act]] = {POST: _post, RESERVE: _reserve, SETTLE: _settle, VOID: _void}
