"""The books behind one lot: as many events as decide what may be said of it, and no others.

Kept alone they say the same of the lot as the books of everybody do. An event that was left out
cannot be seen from those that are there: who publishes them answers for it.

Rules: CUSTODY-097.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.accounts import Method, RulesOn
from stannary.core.custody.accounting.books import Books, keep_books
from stannary.core.custody.accounting.certificates import CustodyCertificate
from stannary.core.custody.accounting.conversions import ConversionFactor, whole_mg
from stannary.core.custody.accounting.corrections import known_on, restate
from stannary.core.custody.accounting.governance import PackOn
from stannary.core.custody.accounting.keys import Key, keys_of
from stannary.core.custody.accounting.sources import NOTHING, Amounts, together
from stannary.core.custody.elements import OVER_ACCOUNTS
from stannary.core.custody.events import Event, events_of, in_order
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.rows import Kind, Model, Row
from stannary.core.kernel import refuse

ROWS_MAX = 10_000
"""So many rows a reader keeps the books of; more are refused."""


@dataclass(frozen=True, slots=True)
class BooksBehind:
    """Everything from which a reader keeps the books of one lot again.

    Attributes:
        rows: As they were recorded, corrections included, in the order of replay.
        method: Of mass balance, for every account, under one pack; None: certificates decide, under
            the packs that they name.
        certificates: Of the entities that the rows name; None: nobody's are looked at.
        factors: Approved conversion factors.
        pack: Id of the pack that governs without a certificate; "": that of the claim.
    """

    rows: tuple[Row, ...]
    method: Method | None = Method.CREDIT
    certificates: tuple[CustodyCertificate, ...] | None = None
    factors: tuple[ConversionFactor, ...] = ()
    pack: str = ""

    @property
    def packs(self) -> frozenset[str]:
        """Ids of the packs that are needed besides that of the claim."""
        named = set[str]() if self.method else {one.pack for one in self.certificates or ()}
        return frozenset(named | {self.pack}) - {""}


def books_behind(
    events: Sequence[Event],
    lots: Set[str],
    *,
    day: datetime.date,
    rules_on: RulesOn,
    method: Method | None = Method.CREDIT,
    certificates: Iterable[CustodyCertificate] | None = None,
    factors: Iterable[ConversionFactor] = (),
    pack: str = "",
    outputs_wait: bool | None = None,
) -> BooksBehind:
    """Pick out what decides what may be said of some lots, as known at the end of a day.

    These are, for each lot, the events that touched it; those that touched what it was made of until then;
    those of an account until it gave the lot something; the credits used up for the lot, with all
    that became of them before; and the corrections of these.

    Args:
        events: All that are known.
        lots: Ids of the lots.
        day: As of which.
        rules_on: The constants by day of the pack that governs without a certificate.
        method: Of mass balance for all, under this pack alone; None: certificates decide.
        certificates: Of anybody; None: nobody's are looked at.
        factors: Approved conversion factors.
        pack: Id of the pack that governs without a certificate, if it is not that of the claim.
        outputs_wait: Whether later input may cover an output of anybody; None: as `rules_on` says.

    Raises:
        RefusalError: CUSTODY-097 if they are too many for a reader to keep.
    """
    known = in_order(known_on(events, day))
    restated = restate(known)
    waits = _outputs_wait(rules_on(day)) if outputs_wait is None else outputs_wait
    reach = _Reach(restated.events, outputs_wait=waits)
    reach.follow(lots)
    wanted = {restated.events[place].id for place in reach.found}
    wanted |= {one for event in tuple(wanted) for one in restated.corrections.get(event, ())}
    rows = tuple(row for event in known if event.id in wanted for row in event.rows)
    check_rows(len(rows))
    named = {row.entity for row in rows}
    return BooksBehind(
        rows=rows,
        method=method,
        certificates=None
        if certificates is None
        else tuple(
            sorted((one for one in certificates if one.entity in named), key=lambda one: one.id)
        ),
        factors=tuple(factors),
        pack=pack,
    )


def check_rows(count: int) -> None:
    """Refuse books that are too large for a reader.

    Raises:
        RefusalError: CUSTODY-097.
    """
    if count > ROWS_MAX:
        refuse(rules.BOOKS_BEHIND_ARE_BOUNDED, rows=str(count), at_most=str(ROWS_MAX))


def keep_behind(
    behind: BooksBehind,
    *,
    day: datetime.date,
    rules_on: RulesOn,
    pack_on: PackOn | None = None,
) -> Books:
    """Keep the books behind a lot again, as of a day.

    Args:
        behind: The books.
        day: As of which.
        rules_on: The constants of the claim's pack by day.
        pack_on: Those of `behind.packs`; None where there are none.

    Raises:
        RefusalError: CUSTODY-029 if rows of one event disagree.
    """
    usual = partial(pack_on, behind.pack) if pack_on is not None and behind.pack else rules_on
    return keep_books(
        events_of(behind.rows),
        rules_on=usual,
        as_of=day,
        method=behind.method,
        certificates=behind.certificates,
        factors=behind.factors,
        pack_on=None if behind.method else pack_on,
    )


def said_of(books: Books, lot: str, model: Model | None) -> Amounts:
    """Give what the books let be said of a whole lot, by source.

    Under book and claim it is what was used up for it: retirements whose beneficiary is this lot
    and nothing else, so that the same credits never stand for two. Under every other model what is
    left of the lot speaks for all of it, rounded down, and never for more than the lot was given.

    Args:
        books: As of some day.
        lot: Id of the lot.
        model: The weakest one among the lot and all that it was made of.
    """
    if model is Model.BOOK_AND_CLAIM:
        return together(
            {one.source: one.quantity_mg} for one in books.retired if one.beneficiary == lot
        )
    left = sum(one.content_mg for one in books.replay.holdings if one.lot == lot)
    left += sum(one.content_mg for one in books.replay.in_transit if one.lot == lot)
    carried, given = books.carried.get(lot, NOTHING), books.given.get(lot, NOTHING)
    if not left or not carried:
        return NOTHING
    whole = books.replay.lots[lot].content_mg
    found = {
        # a part that was used takes its milligrams rounded down, so what is left has them rounded up
        source: min(whole_mg(Fraction(mg * whole, left)), given[source])
        for source, mg in carried.items()
    }
    return {source: mg for source, mg in found.items() if mg}


def _outputs_wait(allowed: CustodyRules) -> bool:
    """Tell whether an output may be covered later, so that what becomes of it meanwhile counts."""
    constant = allowed.constants.get("overdraft_tolerance")
    return constant is not None and constant.value == "within_period"


@dataclass(slots=True)
class _Reach:
    """Which events decide: what is asked for is a lot, an account or a credit, until some event.

    Attributes:
        events: In the order of replay, restated.
        outputs_wait: Whether later input may cover an output.
        found: Places of the events that decide.
    """

    events: Sequence[Event]
    outputs_wait: bool
    found: set[int] = field(default_factory=set)
    _touching: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    _seen: dict[Key, int] = field(default_factory=dict)

    def follow(self, lots: Set[str]) -> None:
        """Find everything that decides what may be said of some lots."""
        for place, event in enumerate(self.events):
            for key in dict.fromkeys(keys_of(event)):
                self._touching[key].append(place)
        last = len(self.events) - 1
        asked: list[tuple[Key, int]] = [(("lot", lot), last) for lot in sorted(lots)]
        for place, event in enumerate(self.events):
            if event.kind is Kind.RETIRE and any(row.note.strip() in lots for row in event.rows):
                self.found.add(place)
                asked += [(key, place) for key in keys_of(event)]
        while asked:
            key, until = asked.pop()
            done = self._seen.get(key, -1)
            self._seen[key] = max(done, until)
            for place in self._touching[key]:
                if done < place <= until:
                    self.found.add(place)
                    asked += self._behind(key, self.events[place], place, until)

    def _behind(self, key: Key, event: Event, place: int, until: int) -> Iterator[tuple[Key, int]]:
        """Tell what an event rests on; what it makes counts only as far as it is asked for."""
        made = {("lot", row.lot) for row in event.outputs if not event.kind.is_credit}
        for one in keys_of(event):
            if one not in made:
                yield one, place
        if self.outputs_wait:
            # until its period ends an output gets what comes later, unless it was used before
            given = [row for row in event.outputs if row.account and event.kind in OVER_ACCOUNTS]
            waiting = {("lot", row.lot) for row in given}
            accounts = {one for one in keys_of(event) if one[0] == "account"}
            if key in waiting:
                yield from ((one, until) for one in accounts)
            if key in accounts:
                yield from ((one, until) for one in waiting)
