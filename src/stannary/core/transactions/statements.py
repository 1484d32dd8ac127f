"""Statements of account: opening, every line, closing; and how two of them are reconciled.

A line says what one account gained or lost. A balance may be below nothing: that is a deficit,
and it is shown as one.

Rules: TRANSACTION-020 to TRANSACTION-027.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stannary.core.kernel import Finding, RefusalError, Rule
from stannary.core.transactions import rules

_SHOWN = 200
_NONE = datetime.timedelta(0)
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of one account, never changed.

    Attributes:
        id: Of the line; permanent.
        entity: Whose account it is.
        account: What is counted on it: a material, a class of credits; one unit an account.
        at: From when it counts: what is booked is available from here on and never earlier.
        known_at: When it was recorded; `at` for what was recorded as it happened.
        quantity: What the account gained, or lost if below 0; whole units; not 0.
        transaction: Id of the transaction; "" for what has no other side.
        counterparty: The other entity; "" for none.
        restates: Id of the line that this one corrects, as a new record; "" for none.
        note: For people.
        weighing: Whether it is a difference of weighing: what a second scale showed less or more.
        weighs: Of such a difference the transaction by which the lot came; "" for none.
    """

    id: str
    entity: str
    account: str
    at: datetime.datetime
    known_at: datetime.datetime
    quantity: int
    transaction: str = ""
    counterparty: str = ""
    restates: str = ""
    note: str = ""
    weighing: bool = False
    weighs: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a statement, with the balance of its account after it."""

    line: Line
    balance: int


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """One account over a period: `opening`, plus what came in, less what went out, is `closing`.

    Attributes:
        account: What is counted.
        opening: Balance before the first line of the period.
        entries: In the order of time; empty if nothing moved.
        closing: Balance after the last one; below 0 in a deficit.
        came_in: Sum of the lines above 0.
        went_out: Sum of the lines below 0, as a number of 0 or more.
        weighed_more: What of `came_in` are differences of weighing.
        weighed_less: What of `went_out` are.
    """

    account: str
    opening: int
    entries: tuple[Entry, ...]
    closing: int
    came_in: int
    went_out: int
    weighed_more: int = 0
    weighed_less: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """All accounts of one entity over one period, however many transactions there were.

    Attributes:
        entity: Whose.
        begin: First instant of the period.
        end: First instant after it.
        known_at: The statement says what was recorded up to and including this instant.
        accounts: In the order of their names; those that never had a line do not appear.
    """

    entity: str
    begin: datetime.datetime
    end: datetime.datetime
    known_at: datetime.datetime
    accounts: tuple[AccountStatement, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line of the period, account by account."""
        return tuple(entry.line for one in self.accounts for entry in one.entries)

    @property
    def closing(self) -> dict[str, int]:
        """The closing balance of every account; below 0 in a deficit."""
        return {one.account: one.closing for one in self.accounts}


@dataclass(frozen=True, slots=True)
class Match:
    """What both parties booked alike."""

    ours: Line
    theirs: Line


@dataclass(frozen=True, slots=True)
class Difference:
    """What both parties booked, and not alike.

    Attributes:
        ours: Our line, with what corrects it.
        theirs: That of the other party.
        findings: TRANSACTION-025, TRANSACTION-026, or both.
    """

    ours: Line
    theirs: Line
    findings: tuple[Finding, ...]

    @property
    def quantity(self) -> int:
        """What both lines leave over: 0 if one lost what the other gained."""
        return self.ours.quantity + self.theirs.quantity

    @property
    def later(self) -> datetime.timedelta:
        """How much later we booked it; below 0: they did."""
        return self.ours.at - self.theirs.at


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What two statements say of each other.

    Attributes:
        matched: In the order of our statement.
        only_ours: Booked by us alone, in the order of our statement.
        only_theirs: Booked by them alone, in the order of theirs.
        differing: Booked by both, in another quantity or at another time.
        findings: What is booked by one alone (TRANSACTION-023, -024), in another quantity
            (TRANSACTION-025) or at another time (TRANSACTION-026); none: the two agree.
        weighed: Transaction and account to what both recorded as differences of weighing of what
            came by it, below 0 for what is less; it is no part of what is held against each other.
    """

    matched: tuple[Match, ...]
    only_ours: tuple[Line, ...]
    only_theirs: tuple[Line, ...]
    differing: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    weighed: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def weighed_of(self, line: Line) -> int:
        """Give what was recorded as differences of weighing of what came by a line's transaction."""
        return self.weighed.get((line.transaction, line.account), 0)


def statement(
    lines: Iterable[Line],
    *,
    entity: str,
    begin: datetime.datetime,
    end: datetime.datetime,
    known_at: datetime.datetime,
) -> Statement:
    """Draw up the statement of an entity over a period.

    The same lines and the same `known_at` always give the same statement, whatever is recorded
    afterwards.

    Args:
        lines: Of any entity; in the order of recording, which decides between lines of one time.
        entity: Whose statement it is.
        begin: First instant of the period.
        end: First instant after it.
        known_at: Lines recorded after this instant are left out.

    Raises:
        RefusalError: TRANSACTION-020 if the period is none. TRANSACTION-021 with one finding for
            each line that is booked a second time, TRANSACTION-027 for each that corrects one that
            is not there.
    """
    instants = (begin, end, known_at)
    if not entity or any(one.utcoffset() is None for one in instants) or begin >= end:
        facts = {"entity": entity[:_SHOWN] or "none", "begin": begin.isoformat()}
        raise RefusalError(Finding(rules.STATEMENT_HAS_A_PERIOD, {**facts, "end": end.isoformat()}))
    known = [one for one in lines if one.entity == entity and one.known_at <= known_at]
    unsound = (*booked_twice(known), *corrects_nothing(known))
    if unsound:
        raise RefusalError(*unsound)
    accounts: dict[str, list[Line]] = {}
    for one in sorted(known, key=lambda line: line.at):
        if one.at < end:
            accounts.setdefault(one.account, []).append(one)
    drawn = tuple(_account(name, accounts[name], begin) for name in sorted(accounts))
    return Statement(entity, begin, end, known_at, drawn)


def booked_twice(lines: Iterable[Line]) -> Iterator[Finding]:
    """Find lines whose id, or whose transaction on the same account, is there already.

    A line that restates another one belongs to it and is not a second booking.
    """
    ids: dict[str, Line] = {}
    moved: dict[tuple[str, str, str], Line] = {}
    for one in lines:
        key = (one.entity, one.account, one.transaction)
        earlier = ids.setdefault(one.id, one)
        if earlier is one and one.transaction and not one.restates:
            earlier = moved.setdefault(key, one)
        if earlier is not one:
            facts = {"line": one.id[:_SHOWN], "booked_as": earlier.id[:_SHOWN]}
            if one.transaction:
                facts["transaction"] = one.transaction[:_SHOWN]
            yield Finding(rules.BOOKED_ONCE, facts)


def corrects_nothing(lines: Iterable[Line]) -> Iterator[Finding]:
    """Find lines that restate one which is not there before them, on the same account.

    Args:
        lines: In the order of recording.
    """
    booked: set[tuple[str, str, str]] = set()
    for one in lines:
        if one.restates and (one.entity, one.account, one.restates) not in booked:
            facts = {"line": one.id[:_SHOWN], "restates": one.restates[:_SHOWN]}
            yield Finding(rules.RESTATED_LINE_IS_THERE, facts)
        booked.add((one.entity, one.account, one.id))


def running(lines: Sequence[Line]) -> tuple[Entry, ...]:
    """Give the lines of one account in the order of time, with the balance after each.

    Args:
        lines: Of one account, in the order of recording, which decides between lines of one time.
    """
    balance = 0
    entries = []
    for one in sorted(lines, key=lambda line: line.at):
        balance += one.quantity
        entries.append(Entry(one, balance))
    return tuple(entries)


def available_on(lines: Sequence[Line], at: datetime.datetime) -> int:
    """Give what may leave an account at an instant without a deficit then or later.

    That is the lowest balance from this instant on: what comes in later covers nothing that
    leaves now, and what has left later is gone. Below 0: there is a deficit.

    Args:
        lines: Of one account.
        at: When something is to leave it.
    """
    entries = running(lines)
    before = sum(entry.line.quantity for entry in entries if entry.line.at <= at)
    return min([before, *(entry.balance for entry in entries if entry.line.at > at)])


def reconcile(
    ours: Statement, theirs: Statement, *, of_a_day: Collection[str] = ()
) -> Reconciliation:
    """Hold two statements against each other, transaction by transaction.

    Lines of one transaction are added up with those that restate them, so that a line and its
    correction are told as what they come to.

    Args:
        ours: Of one party.
        theirs: Of the other, over the same period.
        of_a_day: Ids of their lines that say a day and no instant: any instant of the 24 hours
            from theirs on agrees with such a line.

    Raises:
        RefusalError: TRANSACTION-022 if they are of one entity, or of different periods.
    """
    if ours.entity == theirs.entity or (ours.begin, ours.end) != (theirs.begin, theirs.end):
        facts = {
            "ours": f"{ours.entity[:_SHOWN]} {ours.begin.isoformat()} {ours.end.isoformat()}",
            "theirs": f"{theirs.entity[:_SHOWN]} {theirs.begin.isoformat()} {theirs.end.isoformat()}",
        }
        raise RefusalError(Finding(rules.STATEMENTS_ARE_OF_EACH_OTHER, facts))
    mine = _by_transaction(ours, theirs.entity)
    other = _by_transaction(theirs, ours.entity)
    matched: list[Match] = []
    alone: list[Line] = []
    differing: list[Difference] = []
    findings: list[Finding] = []
    for key, line in mine.items():
        answer = other.get(key)
        if answer is None:
            alone.append(line)
            findings.append(_alone(rules.THEY_BOOKED_IT_TOO, line))
            continue
        against = tuple(_differences(line, answer, whole_day=answer.id in of_a_day))
        findings.extend(against)
        if against:
            differing.append(Difference(line, answer, against))
        else:
            matched.append(Match(line, answer))
    unknown = tuple(line for key, line in other.items() if key not in mine)
    findings.extend(_alone(rules.WE_BOOKED_IT_TOO, line) for line in unknown)
    return Reconciliation(
        tuple(matched),
        tuple(alone),
        unknown,
        tuple(differing),
        tuple(findings),
        _weighed((*ours.lines, *theirs.lines), {line.transaction for line in mine.values()}),
    )


def _weighed(lines: Iterable[Line], transactions: Collection[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.weighing and line.weighs and line.weighs in transactions:
            key = (line.weighs, line.account)
            found[key] = found.get(key, 0) + line.quantity
    return found


def _account(name: str, lines: Sequence[Line], begin: datetime.datetime) -> AccountStatement:
    entries = running(lines)
    opening = sum(entry.line.quantity for entry in entries if entry.line.at < begin)
    inside = tuple(entry for entry in entries if entry.line.at >= begin)
    weighed = [entry.line.quantity for entry in inside if entry.line.weighing]
    return AccountStatement(
        account=name,
        opening=opening,
        entries=inside,
        closing=entries[-1].balance,
        came_in=sum(max(0, entry.line.quantity) for entry in inside),
        went_out=-sum(min(0, entry.line.quantity) for entry in inside),
        weighed_more=sum(max(0, one) for one in weighed),
        weighed_less=-sum(min(0, one) for one in weighed),
    )


def _by_transaction(of: Statement, counterparty: str) -> dict[tuple[str, str], Line]:
    found: dict[tuple[str, str], Line] = {}
    for line in of.lines:
        if line.counterparty == counterparty:
            key = (line.transaction or f"line {line.id}", line.account)
            before = found.get(key)
            found[key] = line if before is None else _together(before, line)
    return found


def _together(first: Line, second: Line) -> Line:
    """Give what a line and its correction come to: their sum, at the time of the first."""
    return Line(
        id=first.id,
        entity=first.entity,
        account=first.account,
        at=first.at,
        known_at=second.known_at,
        quantity=first.quantity + second.quantity,
        transaction=first.transaction,
        counterparty=first.counterparty,
        restates=second.restates,
        note=first.note,
    )


def _alone(rule: Rule, line: Line) -> Finding:
    facts: Mapping[str, str] = {
        "entity": line.entity[:_SHOWN],
        "counterparty": line.counterparty[:_SHOWN],
        "account": line.account[:_SHOWN],
        "line": line.id[:_SHOWN],
        "transaction": line.transaction[:_SHOWN] or "none",
        "quantity": str(line.quantity),
        "at": line.at.isoformat(),
    }
    return Finding(rule, facts)


def _differences(ours: Line, theirs: Line, *, whole_day: bool) -> Iterator[Finding]:
    facts = {
        "transaction": ours.transaction[:_SHOWN],
        "account": ours.account[:_SHOWN],
        "our_line": ours.id[:_SHOWN],
        "their_line": theirs.id[:_SHOWN],
    }
    if ours.quantity + theirs.quantity:
        both = {**facts, "ours": str(ours.quantity), "theirs": str(theirs.quantity)}
        yield Finding(rules.QUANTITIES_AGREE, both)
    apart = ours.at - theirs.at
    if not (_NONE <= apart < _DAY if whole_day else apart == _NONE):
        both = {**facts, "ours": ours.at.isoformat(), "theirs": theirs.at.isoformat()}
        yield Finding(rules.DATES_AGREE, both)
