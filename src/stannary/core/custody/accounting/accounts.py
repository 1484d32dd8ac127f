"""Accounts of mass balance: what came in may be said of what goes out, once and while it is there.

Credit method: input earns what is assigned whole to chosen outputs; what is not used is carried over
as the pack says, then lapses. Rolling average: every output carries the share that the account has
at that moment, and at the end of a period none may have carried more than the share of the period;
a pack may give it an averaging period of its own, shorter or longer than the balance period.

Rules: CUSTODY-070, CUSTODY-071, CUSTODY-080, CUSTODY-081, CUSTODY-083, CUSTODY-098.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.periods import BalancePeriod, period_of
from stannary.core.custody.accounting.sources import (
    NOTHING,
    Amounts,
    Source,
    SourceKind,
    portion,
    take,
    together,
    total_mg,
    without,
)
from stannary.core.custody.parameters import CustodyRules
from stannary.core.kernel import Finding, Place, RefusalError, share_text

RulesOn = Callable[[datetime.date], CustodyRules]
"""The constants of a pack by day."""


class Method(StrEnum):
    """The two methods of ISO 22095-2 for mass balance."""

    CREDIT = "credit"
    ROLLING_AVERAGE = "rolling_average"


MethodOn = Callable[[datetime.date], Method]
"""The method of a period that opens on a day."""


class AccountKey(NamedTuple):
    """What an account is for.

    Attributes:
        entity: Who keeps it.
        boundary: A site, or a name of its own for a group of sites.
        material: What comes out of it.
        element: The tracked element; "" where movements do not say which.
    """

    entity: str
    boundary: str
    material: str
    element: str = ""

    @property
    def place(self) -> str:
        """Boundary and material, and the element if it is named, for people.

        Example:
            >>> AccountKey("A", "plant", "metal").place, AccountKey("A", "plant", "metal", "tin").place
            ('plant / metal', 'plant / metal / tin')
        """
        return " / ".join(part for part in self[1:] if part)


@dataclass(frozen=True, slots=True)
class Deposit:
    """Input that entered an account, after conversion.

    Attributes:
        amounts: By source.
        content_mg: All of it, with what has no source.
    """

    event: str
    at: datetime.datetime
    lot: str
    amounts: Amounts
    content_mg: int
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """An output to which an account gives something.

    Attributes:
        content_mg: Of the output: all of it is assigned under the credit method.
        attestation: Only from this one; "" for any.
    """

    event: str
    at: datetime.datetime
    lot: str
    content_mg: int
    attestation: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What an output got.

    Attributes:
        amounts: None while it waits for input that the pack lets come later.
    """

    draw: Draw
    amounts: Amounts | None


@dataclass(frozen=True, slots=True)
class PeriodStatement:
    """One account in one balance period; opening and all that came in is all that went and closing.

    Attributes:
        opening: What was carried over into it.
        entered: What came in.
        given: What outputs got.
        lapsed: What ended at its end without being used.
        closing: What is left at its end, or now.
        deficit_mg: What outputs still wait for; 0 or more.
        content_in_mg: All input, with what has no source.
        closed: Whether the period is over.
        lapsing_mg: Of closing, what ends with the period if it is not used, as known now; 0 if the
            period is over, None if the pack does not say.
    """

    key: AccountKey
    method: Method
    period: BalancePeriod
    opening: Amounts
    entered: Amounts
    given: Amounts
    lapsed: Amounts
    closing: Amounts
    deficit_mg: int
    content_in_mg: int
    closed: bool
    lapsing_mg: int | None = 0


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account between two acts: all that later ones need to know of it.

    Attributes:
        period: In which the last act was; None before the first.
        buckets: What is in it, by the period in which it came in.
        opening: What was carried over into the period.
        entered: What came in during the period.
        given: What outputs got during the period.
        content_in_mg: All input of the period, with what has no source.
        content_left_mg: Of that, what no output took under rolling average.
        waiting: Outputs that wait for input.
        shares: Under rolling average, each output of the period with what it carries; who asks for
            no findings (CUSTODY-083) may leave them out.
        lapsed_mg: What lapsed up to now, by kind.
    """

    key: AccountKey
    method: Method
    period: BalancePeriod | None
    buckets: tuple[tuple[BalancePeriod, Amounts], ...]
    opening: Amounts
    entered: Amounts
    given: Amounts
    content_in_mg: int
    content_left_mg: int
    waiting: tuple[Draw, ...]
    shares: tuple[tuple[Draw, int], ...]
    lapsed_mg: Mapping[SourceKind, int]


@dataclass(slots=True)
class Account:
    """An account while it is kept: deposits and draws in the order of time, then `close`.

    Attributes:
        method: Of the period; another one begins with the next period at the earliest.
        rules_on: The constants by day of the pack that governs the entity then; those of a period's
            first day hold for it.
        method_on: Gives the method of a period that opens on a day; None: it never changes.
        since: Gives the day since which the same governs as on a day: the first period of an account
            begins no earlier.
        findings: What did not hold; an act with a finding changed nothing.
        late: Outputs that got what they waited for.
    """

    key: AccountKey
    method: Method
    rules_on: RulesOn
    statements: list[PeriodStatement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    late: list[Given] = field(default_factory=list)
    method_on: MethodOn | None = None
    since: Callable[[datetime.date], datetime.date] = lambda _: datetime.date.min
    _period: BalancePeriod | None = None
    _buckets: list[tuple[BalancePeriod, Amounts]] = field(default_factory=list)
    _opening: Amounts = field(default_factory=dict)
    _entered: dict[Source, int] = field(default_factory=dict)
    _given: dict[Source, int] = field(default_factory=dict)
    _waiting: list[Draw] = field(default_factory=list)
    _shares: list[tuple[Draw, int]] = field(default_factory=list)
    _content_in_mg: int = 0
    _content_left_mg: int = 0
    _lapsed_mg: dict[SourceKind, int] = field(default_factory=dict)

    @classmethod
    def continued(
        cls,
        state: AccountState,
        rules_on: RulesOn,
        *,
        method_on: MethodOn | None = None,
        since: Callable[[datetime.date], datetime.date] = lambda _: datetime.date.min,
    ) -> "Account":
        """Go on with an account; its statements and findings are those from now on."""
        return cls(
            state.key,
            state.method,
            rules_on,
            method_on=method_on,
            since=since,
            _period=state.period,
            _buckets=list(state.buckets),
            _opening=state.opening,
            _entered=dict(state.entered),
            _given=dict(state.given),
            _waiting=list(state.waiting),
            _shares=list(state.shares),
            _content_in_mg=state.content_in_mg,
            _content_left_mg=state.content_left_mg,
            _lapsed_mg=dict(state.lapsed_mg),
        )

    @property
    def state(self) -> AccountState:
        """All that later acts need to know of it."""
        return AccountState(
            key=self.key,
            method=self.method,
            period=self._period,
            buckets=tuple(self._buckets),
            opening=self._opening,
            entered=dict(self._entered),
            given=dict(self._given),
            content_in_mg=self._content_in_mg,
            content_left_mg=self._content_left_mg,
            waiting=tuple(self._waiting),
            shares=tuple(self._shares),
            lapsed_mg=dict(self._lapsed_mg),
        )

    @property
    def balance(self) -> dict[Source, int]:
        """What is in the account now."""
        return together(amounts for _, amounts in self._buckets)

    @property
    def deficit_mg(self) -> int:
        """What outputs still wait for."""
        return sum(draw.content_mg for draw in self._waiting)

    def deposit(self, deposit: Deposit) -> None:
        """Let input enter, and give it first to outputs that wait for it.

        Raises:
            RefusalError: CUSTODY-070 or CUSTODY-071 if the pack does not say how periods run.
        """
        period = self._open(deposit.at.date())
        _add(self._entered, deposit.amounts)
        self._content_in_mg += deposit.content_mg
        self._content_left_mg += deposit.content_mg
        if self._buckets and self._buckets[-1][0] == period:
            self._buckets[-1] = (period, together((self._buckets[-1][1], deposit.amounts)))
        else:
            self._buckets.append((period, deposit.amounts))
        for draw in tuple(self._waiting):
            if self._available(draw) >= draw.content_mg:
                self._waiting.remove(draw)
                given = self._assign(draw)
                self.late.append(given)

    def draw(self, draw: Draw) -> Given:
        """Give an output what the method says; what is not there is a finding and gives nothing.

        Raises:
            RefusalError: CUSTODY-070 or CUSTODY-071 if the pack does not say how periods run, or
                whether later input may cover an output.
        """
        period = self._open(draw.at.date())
        if self.method is Method.ROLLING_AVERAGE:
            return self._average(draw, period)
        if self._available(draw) >= draw.content_mg:
            return self._assign(draw)
        allowed = self.rules_on(period.valid_from)
        word = allowed.word("overdraft_tolerance", ("none", "within_period"))
        most = allowed.milligrams_or_none("overdraft_max_kg")
        if word == "none":
            self.findings.append(self._missing(draw, self._available(draw)))
        elif most is not None and self.deficit_mg + draw.content_mg > most:
            self.findings.append(self._too_far(draw, most))
        else:
            self._waiting.append(draw)
            return Given(draw, None)
        return Given(draw, NOTHING)

    def forget(self, lot: str) -> None:
        """Let an output wait no longer, because it was used: its deficit is told now."""
        for draw in tuple(self._waiting):
            if draw.lot == lot and self._period is not None:
                self._waiting.remove(draw)
                self.findings.append(self._uncovered(draw, self._period))

    def close(self, day: datetime.date) -> tuple[PeriodStatement, ...]:
        """Bring the account to a day and give its statements; the last is that of the day's period.

        An account in which nothing was booked has none. A period of which the pack does not know
        how it ends stays open, with a finding. Call it once, at the end.
        """
        if self._period is not None:
            try:
                self._open(day)
            except RefusalError as refusal:
                self.findings += refusal.findings
            self.statements.append(self._statement(self._period, NOTHING, closed=False))
        return tuple(self.statements)

    def _open(self, day: datetime.date) -> BalancePeriod:
        """Step to the period of a day; whatever ends on the way is closed.

        Days are those of different zones, so that one may lie just before the period: it stays open.
        """
        if self._period is None:
            self._period = self._period_of(day, self.method, begin=self.since(day))
        day = max(day, self._period.valid_from)
        while not self._period.holds(day):
            following = self._period.valid_until
            method = self._method_on(following)
            period = self._period_of(following, method, begin=following)
            self._end(self._period, method)
            self._period, self.method = period, method
        return self._period

    def _period_of(
        self, day: datetime.date, method: Method, *, begin: datetime.date
    ) -> BalancePeriod:
        """Give the period of a day as the calendar has it, but not from before another one governed."""
        averaged = method is Method.ROLLING_AVERAGE
        period = period_of(day, self.rules_on(day), averaged=averaged)
        return BalancePeriod(max(begin, period.valid_from), period.valid_until)

    def _end(self, period: BalancePeriod, following: Method) -> None:
        """Close a period: tell deficits, let lapse what is not carried over.

        Nothing is carried over from one method to another: an average of what came in before says
        nothing of what comes out later, and a credit would be averaged with what it never was.
        """
        lapsing = self._buckets
        if self.method is Method.ROLLING_AVERAGE:
            self.findings.extend(self._beyond(period))
        elif carries_over(self.method, following, self.rules_on(period.valid_from)):
            lapsing = [one for one in self._buckets if one[0] < period]
        for draw in self._waiting:
            self.findings.append(self._uncovered(draw, period))
        self._buckets = [one for one in self._buckets if one not in lapsing]
        lapsed = together(amounts for _, amounts in lapsing)
        for source, mg in lapsed.items():
            self._lapsed_mg[source.kind] = self._lapsed_mg.get(source.kind, 0) + mg
        self.statements.append(self._statement(period, lapsed, closed=True))
        self._opening, self._entered, self._given = self.balance, {}, {}
        self._waiting, self._shares = [], []
        self._content_in_mg = self._content_left_mg = 0

    def _available(self, draw: Draw) -> int:
        return total_mg(take(self._mined(), draw.content_mg, draw.attestation))

    def _mined(self) -> dict[Source, int]:
        """What may be assigned: recycled material is accounted for apart and named by itself."""
        return {source: mg for source, mg in self.balance.items() if source.attestation}

    def _assign(self, draw: Draw) -> Given:
        """Take an output's content out of the oldest buckets first."""
        wanted, found = draw.content_mg, []
        for number, (period, amounts) in enumerate(self._buckets):
            mined = {source: mg for source, mg in amounts.items() if source.attestation}
            taken = take(mined, wanted, draw.attestation)
            self._buckets[number] = (period, without(amounts, taken))
            wanted -= total_mg(taken)
            found.append(taken)
        given = together(found)
        _add(self._given, given)
        return Given(draw, given)

    def _average(self, draw: Draw, period: BalancePeriod) -> Given:
        if draw.content_mg > self._content_left_mg:
            self.findings.append(self._missing(draw, self._content_left_mg))
            return Given(draw, NOTHING)
        taken = portion(self.balance, draw.content_mg, self._content_left_mg)
        self._content_left_mg -= draw.content_mg
        self._buckets = [(period, without(self.balance, taken))]
        _add(self._given, taken)
        self._shares.append((draw, _assured(taken)))
        return Given(draw, taken)

    def _beyond(self, period: BalancePeriod) -> Iterator[Finding]:
        """CUSTODY-083 for outputs that carried more than the share of the whole period."""
        content, assured = self._content_in_mg, _assured(self._entered)
        for draw, carried in self._shares:
            if carried * content > assured * draw.content_mg:
                facts = {
                    "account": self.name,
                    "period": str(period),
                    "lot": draw.lot,
                    "share": share_text(Fraction(carried, draw.content_mg)),
                    "share_of_period": share_text(Fraction(assured, content)),
                }
                yield Finding(rules.OUTPUTS_CARRY_ONE_SHARE, facts, draw.place)

    @property
    def name(self) -> str:
        """Entity, boundary and material, for messages."""
        return " / ".join(part for part in self.key if part)

    def _missing(self, draw: Draw, there: int) -> Finding:
        facts = {
            "account": self.name,
            "event": draw.event,
            "lot": draw.lot,
            "wanted": f"{draw.content_mg} mg",
            "there": f"{there} mg",
            "missing": f"{draw.content_mg - there} mg",
        }
        return Finding(rules.ACCOUNT_IS_NOT_OVERDRAWN, facts, draw.place)

    def _too_far(self, draw: Draw, most: Fraction) -> Finding:
        facts = {
            "account": self.name,
            "event": draw.event,
            "lot": draw.lot,
            "waits": f"{self.deficit_mg} mg",
            "wanted": f"{draw.content_mg} mg",
            "allowed": f"{most} mg",
        }
        return Finding(rules.OVERDRAFT_STAYS_IN_BOUNDS, facts, draw.place)

    def _uncovered(self, draw: Draw, period: BalancePeriod) -> Finding:
        facts = {
            "account": self.name,
            "event": draw.event,
            "lot": draw.lot,
            "deficit": f"{draw.content_mg} mg",
            "period": str(period),
        }
        return Finding(rules.DEFICIT_IS_COVERED, facts, draw.place)

    def _statement(
        self, period: BalancePeriod, lapsed: Amounts, *, closed: bool
    ) -> PeriodStatement:
        return PeriodStatement(
            key=self.key,
            method=self.method,
            period=period,
            opening=self._opening,
            entered=dict(self._entered),
            given=dict(self._given),
            lapsed=lapsed,
            closing=self.balance,
            deficit_mg=self.deficit_mg,
            content_in_mg=self._content_in_mg,
            closed=closed,
            lapsing_mg=0 if closed else self._lapsing(period),
        )

    def _lapsing(self, period: BalancePeriod) -> int | None:
        """Tell how much ends with a period if it is not used: all, or what was carried over into it."""
        try:
            following = self._method_on(period.valid_until)
            goes_on = carries_over(self.method, following, self.rules_on(period.valid_from))
        except RefusalError:
            return None
        if not goes_on:
            return total_mg(self.balance)
        return max(0, total_mg(self._opening) - total_mg(self._given))

    def _method_on(self, day: datetime.date) -> Method:
        return self.method if self.method_on is None else self.method_on(day)


def carries_over(method: Method, following: Method, allowed: CustodyRules) -> bool:
    """Tell whether what came into an account in a period may be used in the next one.

    Args:
        method: Of the period.
        following: Of the next one.
        allowed: The constants by which the period is kept.

    Raises:
        RefusalError: CUSTODY-070 if the pack does not say what is carried over. CUSTODY-071 if it
            names another way.
    """
    if method is Method.ROLLING_AVERAGE:
        return False
    once = allowed.word("balance_carry_over", ("once", "never")) == "once"
    return once and following is method


def _add(to: dict[Source, int], amounts: Amounts) -> None:
    for source, mg in amounts.items():
        to[source] = to.get(source, 0) + mg


def _assured(amounts: Amounts) -> int:
    return sum(mg for source, mg in amounts.items() if source.attestation)
