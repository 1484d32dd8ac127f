"""The books over all movements: what booking some of them would come to, under all five models.

They go on from the state that is kept beside the movements: an event is booked with what it touches
alone. A correction, or what came late, changes what was before: then what it can reach is replayed,
from the first movement that decides it on. Where nothing fits (another certificate, factor or pack), all
movements are replayed, and the state is made anew.

What a certificate does not cover is booked all the same and counts towards no claim: that is a
mark. Everything else that does not hold refuses the booking, unless it stood in the books before.

Rules: CUSTODY-001 to CUSTODY-016, CUSTODY-070 to CUSTODY-093.
"""

import datetime
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from stannary.core.custody import (
    Books,
    Continued,
    ConversionFactor,
    Credit,
    CustodyCertificate,
    Event,
    Key,
    Kind,
    Part,
    Replay,
    Restated,
    Row,
    Watch,
    books_from,
    events_of,
    fits,
    go_on,
    key_of,
    known_on,
    restate,
)
from stannary.core.custody.accounting.books import credits_on
from stannary.core.kernel import Finding
from stannary.web.custody.models import Book, BookState
from stannary.web.custody.state import queries as state
from stannary.web.custody.state import slices, texts
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.entities.factors import queries as conversions

MARKS = frozenset({"CUSTODY-072", "CUSTODY-073", "CUSTODY-074", "CUSTODY-085"})
"""Rules that stand against saying something, not against booking it."""

CREDIT_ACTS = frozenset({Kind.BOOK, Kind.TRANSFER, Kind.RETIRE})
"""Acts that do nothing at all unless a certificate covers them: such a one is refused."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Anew:
    """Everything replayed.

    Attributes:
        before: What was booked, in file order.
        books: By the method that counts for each entity.
        average: The same by the other method, for comparison; None where no account is kept.
    """

    before: tuple[Row, ...]
    books: Books
    average: Books | None


@dataclass(frozen=True, slots=True)
class Changed:
    """What changes of what was before, and all that decides it.

    Attributes:
        keys: Of lots, accounts and credits that can be otherwise.
        was: What decides it comes to without the movements, from the first of it on.
        now: The same with them.
        found: What was found without them.
        finds: What is found with them.
    """

    keys: frozenset[Key]
    was: Continued
    now: Continued
    found: tuple[Finding, ...]
    finds: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The books with further movements.

    Attributes:
        head: Of the book as it was.
        day: As of which accounts and credits are told.
        credit: What the movements come to by the method that counts: after what they touch, or
            with all that was booked.
        average: The same by the other method; None where both methods come to the same.
        refused: What stands against booking; none means that it may be booked.
        marks: What is booked all the same and counts towards no claim, is below what is asked, or
            stood in the books before.
        held: What was kept before of what the movements touch; None if everything was replayed.
        anew: Everything; None if a part was enough.
        changed: What was replayed because it was otherwise before; None if nothing of what was kept
            changes, or everything was replayed.
    """

    head: Book
    day: datetime.date
    credit: Continued
    average: Continued | None
    refused: tuple[Finding, ...]
    marks: tuple[Finding, ...]
    held: state.Kept | None = None
    anew: Anew | None = None
    changed: Changed | None = None

    @property
    def replay(self) -> Replay:
        """Lots afterwards: those that the movements touch, at least."""
        return self.credit.replay

    @property
    def credits(self) -> tuple[Credit, ...]:
        """Credits afterwards: those that the movements touch, at least."""
        return tuple(credits_on(self.credit.part, self.day))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the register knows beside movements, and as of which day books are told with it."""

    day: datetime.date
    certificates: Sequence[CustodyCertificate]
    factors: Sequence[ConversionFactor]

    def after(
        self,
        part: Part,
        events: Sequence[Event],
        *,
        other: bool = False,
        watch: Watch | None = None,
    ) -> Continued:
        """Go on with events from what was kept; with `other`, by the method that does not count."""
        return go_on(
            part,
            events,
            day=self.day,
            rules_on=packs.rules_on,
            pack_on=packs.pack_on,
            certificates=self.certificates,
            factors=self.factors,
            other=other,
            watch=watch,
        )

    def anew(
        self, rows: Sequence[Row], *, other: bool = False, watch: Watch | None = None
    ) -> tuple[Continued, Restated]:
        """Keep rows from nothing, as their corrections restate them."""
        restated = restate(known_on(events_of(rows), self.day))
        return self.after(Part(), restated.events, other=other, watch=watch), restated

    def books(
        self, rows: Sequence[Row], *, other: bool = False, watch: Watch | None = None
    ) -> tuple[Continued, Books]:
        """Keep the books of rows from nothing."""
        kept, restated = self.anew(rows, other=other, watch=watch)
        return kept, books_from(kept, self.day, restated)


def day_of(rows: Iterable[Row], today: datetime.date) -> datetime.date:
    """Give the day as of which books are told: today, or the day of the newest movement."""
    return max([today, *(row.at.date() for row in rows)])


@dataclass(frozen=True, slots=True)
class Prepared:
    """What booking movements would come to, worked out before anybody has to wait for it.

    Attributes:
        kept: The books with them.
        today: As of which that was.
        under: The rules and certificates behind it, as a digest.
        states: Rows of the state that it comes to, by kind and key; None: not made yet.
    """

    kept: Kept
    today: datetime.date
    under: str
    states: Mapping[tuple[str, str], BookState] | None = None


def prepared(
    rows: Sequence[Row], today: datetime.date, watch: Watch | None = None
) -> Prepared | None:
    """Work out what booking movements would come to; this locks nothing.

    Returns:
        None where some movement corrects another: what days alone change is stored before it.

    Raises:
        RefusalError: CUSTODY-029 if rows of one event disagree.
    """
    if any(row.kind is Kind.CORRECT for row in rows):
        return None
    under = state.under(today)
    return Prepared(tried(rows, today, watch), today, under)


def still(before: Prepared | None, rows: Sequence[Row], today: datetime.date) -> Kept | None:
    """Give what was worked out before, if nothing happened since to what movements touch; else None.

    Called by whoever holds the book: its head names every movement and the sum of all that is kept.

    Args:
        before: What `prepared` made of the movements; None: nothing.
        rows: The movements.
        today: As of which they are booked.
    """
    if before is None or before.today != today or before.under != state.under(today):
        return None
    head = state.head()
    if _same(head, before.kept.head) and state.newest() == head.last_movement:
        return before.kept
    return _beside(before.kept, head, rows, today)


def _same(one: Book, other: Book) -> bool:
    fields = [field.attname for field in Book._meta.concrete_fields]  # noqa: SLF001 - documented
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _beside(kept: Kept, head: Book, rows: Sequence[Row], today: datetime.date) -> Kept | None:
    """Give the same after movements that others booked, if they touched nothing that these touch."""
    then, held, day = kept.head, kept.held, kept.day
    if held is None or kept.changed is not None or not state.goes_on(head, day):
        return None
    if (head.kept_on, head.newest_on) != (then.kept_on, then.newest_on):
        return None
    if day != day_of(rows, max(today, head.newest_on or today)):
        return None
    try:
        now = state.needed(head, events_of(rows), day)
    except state.StateError:
        return None
    digests = [{key: row.sha256 for key, row in one.rows.items()} for one in (held, now)]
    return replace(kept, head=head, held=now) if digests[0] == digests[1] else None


def tried(rows: Sequence[Row], today: datetime.date, watch: Watch | None = None) -> Kept:
    """Keep the books with further movements, and tell what stands against these.

    Args:
        rows: What would be booked, in file order.
        today: As of which accounts and credits are told, if nothing happened later.
        watch: Is told how far it is; None: nobody.

    Raises:
        RefusalError: CUSTODY-029 if rows of one event disagree.
    """
    head = state.head()
    events = events_of(rows)
    day = day_of(rows, max(today, head.newest_on or today))
    if state.goes_on(head, day):
        try:
            return _after(head, rows, events, day, watch)
        except state.StateError as error:
            _log.error("The state of the books is made anew: %s does not fit its digest", error)
    return _anew(head, rows, today, watch=watch)


def judged(rows: Sequence[Row], today: datetime.date, watch: Watch | None = None) -> Kept:
    """Tell what stands against booking movements, as `tried` does; this may not be stored."""
    if not any(row.kind is Kind.CORRECT for row in rows):
        return tried(rows, today, watch)
    head = state.head()
    return _restated(head, rows, day_of(rows, max(today, head.newest_on or today)))


def _after(
    head: Book,
    rows: Sequence[Row],
    events: Sequence[Event],
    day: datetime.date,
    watch: Watch | None,
) -> Kept:
    """Keep the books after what was kept; what was before is replayed as far as it can be otherwise.

    Raises:
        StateError: If a row of the state does not fit its digest.
    """
    corrects = any(row.kind is Kind.CORRECT for row in rows)
    held = None if corrects else state.needed(head, events, day)
    if held is not None and fits(held.credit, events):
        return _continued(head, held, rows, events, day, watch=watch)
    if day != head.kept_on:  # days alone end what nobody named
        return _anew(head, rows, day, watch=watch)
    kept = _restated(head, rows, day)
    if kept.changed is None or kept.refused:
        return kept
    return replace(kept, held=state.held(kept.changed.keys))


def _restated(head: Book, rows: Sequence[Row], day: datetime.date) -> Kept:
    """Keep what movements that change what was before can reach, from the first that decides it on."""
    reader = slices.Reader()
    found = slices.reaching(slices.of_changes(events_of(rows), reader), reader)
    if found.whole:
        return _anew(head, rows, day, found.rows)
    names = {row.entity for row in (*found.rows, *rows)}
    known = _Known(day, entities.certificates_of(names), conversions.in_core())
    whole = (*found.rows, *rows)
    was, restated = known.anew(found.rows)
    before = (*restated.findings, *was.all_findings)
    now, restated = known.anew(whole)
    after = (*restated.findings, *now.all_findings)
    refused = _new(_parted(after, whole)[0], before)
    marks = _new(after, refused)
    over = not refused and bool(now.part.accounts)
    average = _alone(known.anew(whole, other=True)[0], found.keys) if over else None
    changed = Changed(found.keys, was, now, before, after)
    return Kept(head, day, _alone(now, found.keys), average, refused, marks, changed=changed)


def _alone(kept: Continued, keys: Set[Key]) -> Continued:
    """Give what is kept of some lots, accounts and credits alone."""
    part = kept.part
    accounts = {key: one for key, one in part.accounts.items() if key_of(key) in keys}
    return replace(
        kept,
        part=Part(
            {name: one for name, one in part.lots.items() if ("lot", name) in keys},
            accounts,
            {name: one for name, one in part.credits.items() if ("credit", name) in keys},
            {key: at for key, at in part.touched.items() if key in keys},
        ),
        told={key: one for key, one in kept.told.items() if key in accounts},
        retired=tuple(one for one in kept.retired if ("credit", one.credit) in keys),
    )


def _continued(
    head: Book,
    held: state.Kept,
    rows: Sequence[Row],
    events: Sequence[Event],
    day: datetime.date,
    *,
    watch: Watch | None,
) -> Kept:
    names = {row.entity for row in rows}
    # days alone end periods of anybody, and whoever governs says how the next one is kept
    names |= {key.entity for part in (held.credit, held.average) for key in part.accounts}
    certificates = entities.certificates_of(names) if names else ()
    known = _Known(day, certificates, conversions.in_core() if rows else ())
    after = known.after(held.credit, events, watch=watch)
    new = list(after.findings)
    ended = known.after(held.credit, ()) if day != head.kept_on else None
    for key, told in after.told.items():
        before = [texts.finding_key(one) for one in ended.told[key].ends] if (
            ended is not None and key in ended.told
        ) else held.ends.get(key, [])  # fmt: skip
        new += [*told.acts, *(one for one in told.ends if texts.finding_key(one) not in before)]
    refused, marks = _parted(new, rows)
    same = held.one_method and not after.part.accounts
    average = None if refused or same else known.after(held.average, events, other=True)
    return Kept(head, day, after, average, refused, marks, held=held)


def _parted(
    found: Iterable[Finding], rows: Iterable[Row]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Part findings into those that refuse a booking, and marks."""
    acts = {row.event for row in rows if row.kind in CREDIT_ACTS}
    found = tuple(found)
    refused = tuple(one for one in found if one.code not in MARKS or one.facts.get("event") in acts)
    return refused, _new(found, refused)


def replayed(head: Book, rows: Sequence[Row], on: datetime.date | None) -> Kept:
    """Keep the books of all movements again.

    Args:
        head: Of the book.
        rows: All movements, in file order.
        on: As of which; None: the day of the last of them.
    """
    return _anew(head, (), on or datetime.date.min, rows)


def _anew(
    head: Book,
    rows: Sequence[Row],
    today: datetime.date,
    booked: Sequence[Row] | None = None,
    watch: Watch | None = None,
) -> Kept:
    before = state.all_rows() if booked is None else tuple(booked)
    whole = (*before, *rows)
    day = day_of(whole, today)
    known = _Known(day, entities.in_core(), conversions.in_core())
    credit, books = known.books(whole, watch=watch)
    refused, _ = _parted(books.findings, whole)
    if refused and before:
        refused = _new(refused, known.books(before)[1].findings)
    marks = _new(books.findings, refused)
    has_accounts = bool(books.statements) and not refused
    average, as_average = known.books(whole, other=True) if has_accounts else (None, None)
    return Kept(
        head, day, credit, average, refused, marks, anew=Anew(before, books, as_average)
    )  # fmt: skip


def _new(now: Iterable[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give the findings that were not there before: time alone lets a period end in a deficit."""
    known = Counter((one.code, tuple(sorted(one.facts.items()))) for one in before)
    found = []
    for one in now:
        key = (one.code, tuple(sorted(one.facts.items())))
        if known[key]:
            known[key] -= 1
        else:
            found.append(one)
    return tuple(found)


def as_corrected(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Give movements of material as their corrections restate them; without any, as they are."""
    if not any(row.kind is Kind.CORRECT for row in rows):
        return tuple(rows)
    events = restate(events_of(rows)).events
    return tuple(row for event in events if not event.kind.is_credit for row in event.rows)
