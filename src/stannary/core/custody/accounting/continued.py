"""Books that are continued: what earlier events left, and the events that come after them.

What is kept of a lot, an account or a credit is all that later events need to know of it. An event
touches few of them; so it can be kept with these alone, however many there are, and comes to the
same as if everything had been replayed.

Rules: those of the replay and of what is kept over it.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stannary.core.custody.accounting.accounts import (
    Account,
    AccountKey,
    AccountState,
    Method,
    PeriodStatement,
    RulesOn,
)
from stannary.core.custody.accounting.blends import Blend
from stannary.core.custody.accounting.certificates import CustodyCertificate
from stannary.core.custody.accounting.conversions import ConversionFactor
from stannary.core.custody.accounting.credits import Credit, Credits, Retirement
from stannary.core.custody.accounting.flows import Flows, Proof, Tally, Term
from stannary.core.custody.accounting.governance import Governance, PackOn
from stannary.core.custody.accounting.keeping import Keeper
from stannary.core.custody.accounting.keys import Key, keys_of
from stannary.core.custody.accounting.sources import Amounts, SourceKind, total_mg
from stannary.core.custody.events import Event, in_order
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.replay import Replay, Seen, replay_on
from stannary.core.custody.rows import Kind
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import Finding

Watch = Callable[[int, int], None]
"""Is told how many movements were kept so far, and of how many."""


@dataclass(frozen=True, slots=True)
class LotState:
    """What is kept of a lot.

    Attributes:
        seen: The lot as the replay left it.
        carried: What may be said of what is left of it.
        given: All that it was given, less what became credits.
        weighed: What each entity lost of it by weighing, in milligrams of mass.
    """

    seen: Seen
    carried: Amounts = field(default_factory=dict)
    given: Amounts = field(default_factory=dict)
    weighed: Mapping[str, int] = field(default_factory=dict)

    @property
    def holder(self) -> str:
        """Who holds it; "" while it is under way."""
        return "" if self.seen.where.in_transit else self.seen.where.entity


@dataclass(frozen=True, slots=True)
class Part:
    """What is kept of some lots, accounts and credits; of all of them, it is the state of the books.

    Attributes:
        lots: By id.
        accounts: By what they are for, as their last act left them: no day has closed a period since.
        credits: By id; whether one has expired is as of the last event.
        touched: When the latest event was that touched a lot, an account or a credit.
    """

    lots: Mapping[str, LotState] = field(default_factory=dict)
    accounts: Mapping[AccountKey, AccountState] = field(default_factory=dict)
    credits: Mapping[str, Credit] = field(default_factory=dict)
    touched: Mapping[Key, datetime.datetime] = field(default_factory=dict)

    def with_(self, later: "Part") -> "Part":
        """Put what is kept later in its place."""
        return Part(
            {**self.lots, **later.lots},
            {**self.accounts, **later.accounts},
            {**self.credits, **later.credits},
            {**self.touched, **later.touched},
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What an account comes to on a day.

    Attributes:
        statements: Of the period of the last act before the events, and of those since.
        balance_mg: What is in it, by kind.
        lapsed_mg: What lapsed since it was opened, by kind.
        acts: Findings of the events.
        ends: Findings of periods that ended between the last act and the day.
    """

    statements: tuple[PeriodStatement, ...]
    balance_mg: Mapping[SourceKind, int]
    lapsed_mg: Mapping[SourceKind, int]
    acts: tuple[Finding, ...]
    ends: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Continued:
    """What events come to after others.

    Attributes:
        part: What is kept now of what was given, and of what is new.
        replay: Of the events, with these lots alone.
        told: What each account comes to on the day.
        flows: What the events did to what entities may say; none of what days did.
        findings: Of the replay, then of the events; not those of accounts.
        retired: Credits that the events used up.
        blends: Lots that they made under controlled blending.
        pilots: Lots and credits that they booked under a pilot.
        proof: That nowhere more may be said than came in, where nothing was before the events.
        sound: Whether lots have no defects that make books impossible; otherwise nothing is kept.
    """

    part: Part
    replay: Replay
    told: Mapping[AccountKey, Told]
    flows: Flows
    findings: tuple[Finding, ...]
    retired: tuple[Retirement, ...] = ()
    blends: tuple[Blend, ...] = ()
    pilots: tuple[str, ...] = ()
    proof: Proof | None = None
    sound: bool = True

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding: of the replay, of the events, and of each account in the order of keys."""
        accounts = (
            one for key in sorted(self.told) for one in self.told[key].acts + self.told[key].ends
        )
        return (*self.findings, *accounts)


def go_on(
    before: Part,
    events: Sequence[Event],
    *,
    day: datetime.date,
    rules_on: RulesOn,
    method: Method | None = None,
    certificates: Iterable[CustodyCertificate] | None = None,
    factors: Iterable[ConversionFactor] = (),
    element: str = "",
    pack_on: PackOn | None = None,
    other: bool = False,
    watch: Watch | None = None,
) -> Continued:
    """Keep the books of events that come after others, and tell accounts as of a day.

    Args:
        before: Of all that the events touch, and credits that expire by the last; see `fits`.
        events: Without corrections.
        day: On or after that of every event.
        rules_on: Of the pack that governs without a certificate, and decides on lots and masses.
        method: Of mass balance for all; None: as certificates say, or the first that a pack allows.
        certificates: Of those who book or have an account, at least; None: nobody's are looked at.
        factors: Approved conversion factors.
        element: The tracked element; "" where none is said.
        pack_on: Of the packs that certificates name; see `Governance`, as for `other`.
        other: Whether accounts are kept by the method that does not count.
        watch: Is told after each event; None: nobody.

    Raises:
        InvariantError: If a milligram is unaccounted for: a bug of ours.
    """
    events = in_order(events)
    replay, now = _replayed(before, events, rules_on(day))
    if any(finding.code in MEANINGLESS_CODES for finding in replay.findings):
        return Continued(before, replay, {}, Flows(), replay.findings, sound=False)
    keeper = Keeper(
        {name: one.lot for name, one in now.items()},
        Governance.of(certificates, rules_on=rules_on, pack_on=pack_on, method=method, other=other),
        tuple(factors),
        element,
    )
    _place(before, keeper)
    for event in _watched(events, watch):
        keeper.book(event)
    part = _part(before, events, now, keeper)
    acts = {key: tuple(account.findings) for key, account in keeper.accounts.items()}
    found, flows = tuple(keeper.findings), keeper.flows.copy()
    keeper.close(day)
    return Continued(
        part=part,
        replay=replay,
        told={key: _told(one, acts[key]) for key, one in keeper.accounts.items()},
        flows=flows,
        findings=(*replay.findings, *found),
        retired=tuple(keeper.credits.retired),
        blends=tuple(keeper.blends),
        pilots=tuple(keeper.pilots),
        proof=keeper.proof() if before == Part() else None,
    )


def _replayed(
    before: Part, events: Iterable[Event], rules: CustodyRules
) -> tuple[Replay, dict[str, Seen]]:
    moved = [event for event in events if not event.kind.is_credit]
    return replay_on({name: one.seen for name, one in before.lots.items()}, moved, rules=rules)


def _watched(events: Sequence[Event], watch: Watch | None) -> Iterable[Event]:
    """Give events one by one, and tell after each how many movements they were."""
    if watch is None:
        yield from events
        return
    sizes = [len(one.inputs) + len(one.outputs) + len(one.moves) for one in events]
    whole, done = sum(sizes), 0
    for event, size in zip(events, sizes, strict=True):
        yield event
        done += size
        watch(done, whole)


def _place(before: Part, keeper: Keeper) -> None:
    """Give a keeper what was kept before."""
    for account in before.accounts.values():
        keeper.go_on_with(account)
    keeper.credits = Credits(dict(before.credits))
    for name, one in before.lots.items():
        keeper.place(
            name,
            one.holder,
            one.seen.left_content_mg,
            one.carried,
            one.given,
            ceiling=one.seen.ceiling,
            weighed=one.weighed,
        )


def _part(before: Part, events: Iterable[Event], now: Mapping[str, Seen], keeper: Keeper) -> Part:
    touched = dict(before.touched)
    for event in events:
        for key in keys_of(event):
            touched[key] = max(touched.get(key, event.at), event.at)
    return Part(
        lots={
            name: LotState(
                one, keeper.carried[name], keeper.given[name], keeper.weighed.get(name, {})
            )
            for name, one in now.items()
        },
        accounts={key: account.state for key, account in keeper.accounts.items()},
        credits=dict(keeper.credits.by_id),
        touched=touched,
    )


def _told(account: Account, acts: tuple[Finding, ...]) -> Told:
    state = account.state
    return Told(
        statements=tuple(account.statements),
        balance_mg=_by_kind(account.balance),
        lapsed_mg=state.lapsed_mg,
        acts=acts,
        ends=tuple(account.findings)[len(acts) :],
    )


def _by_kind(amounts: Amounts) -> dict[SourceKind, int]:
    return {kind: mg for kind in SourceKind if (mg := total_mg(amounts, kind))}


def fits(before: Part, events: Iterable[Event]) -> bool:
    """Tell whether events come to the same after what is kept as in the order of time.

    They do if nothing that one of them touches was touched by a later event. A correction changes
    what was before; so it never fits. While an output waits for input, nothing that is late fits.

    Args:
        before: What is kept of all that the events touch, and of credits that expire by their days.
        events: In any order.
    """
    waits = any(one.waiting for one in before.accounts.values())
    latest = max(before.touched.values(), default=None) if waits else None
    for event in events:
        if event.kind is Kind.CORRECT or (latest is not None and event.at < latest):
            return False
        if any(before.touched.get(key, event.at) > event.at for key in keys_of(event)):
            return False
        for name, credit in before.credits.items():
            late = before.touched[("credit", name)] > event.at
            if late and credit.expires_on <= event.at.date():
                return False
    return True


def tally_of(
    part: Part, told: Mapping[AccountKey, Told], day: datetime.date, flows: Flows | None = None
) -> Tally:
    """Add up what a part contributes to the proof.

    Args:
        part: Some lots, accounts and credits.
        told: Its accounts as of the day.
        day: Credits that expire by it have expired.
        flows: Of events; None for none.
    """
    tally = Tally() if flows is None else Tally.of_events(flows)
    for lot in part.lots.values():
        for kind, mg in _by_kind(lot.carried).items():
            tally.hold(lot.holder, kind, "lots", mg)
    for key, account in told.items():
        for kind, mg in account.balance_mg.items():
            tally.hold(key.entity, kind, "accounts", mg)
        for kind, mg in account.lapsed_mg.items():
            tally.count(key.entity, kind, Term.LAPSED, mg)
    for credit in part.credits.values():
        kind, mg = credit.source.kind, credit.left_mg
        if credit.expired or credit.expires_on <= day:
            tally.count(credit.holder, kind, Term.EXPIRED, mg)
        else:
            tally.hold(credit.holder, kind, "credits", mg)
    return tally
