"""What a correction would touch, worked out from everything that is booked.

Asked by clerks and by the secretariat. Lots, movements and claims are public; of transactions
everybody sees their own alone.

Rules: PARTY-001, RESTATEMENT-001 to RESTATEMENT-013.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from stannary.core.attestations import Status, StatusChange
from stannary.core.custody import (
    ANNULLED,
    CertificateChange,
    CertificateStatus,
    CustodyCertificate,
    Event,
    Kind,
    Row,
    Side,
    events_of,
    keep_books,
)
from stannary.core.custody import Books as KeptBooks
from stannary.core.custody import restate as corrected
from stannary.core.kernel import Finding, refuse
from stannary.core.restatements import (
    Books,
    Change,
    ClaimMade,
    Effects,
    Field,
    Keeping,
    KeptEffects,
    Restatement,
    compare_kept,
    simulate,
    value_of,
    with_achievement,
    with_restatement,
    without_certificate,
)
from stannary.web.attestations import queries as attestations
from stannary.web.claims import queries as claims
from stannary.web.claims.records import claim_of
from stannary.web.custody import keeping
from stannary.web.custody import queries as custody
from stannary.web.custody.books import queries as credit_books
from stannary.web.custody.trial import try_rows
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Person, Role
from stannary.web.parties.queries import has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.restatements.models import BookedCorrection
from stannary.web.standards import queries as standards
from stannary.web.transactions import queries as transactions

_TRIED = "simulated"
LISTED = 200
"""Of records of each kind that the form lists."""
_BY_LOT = frozenset({*Kind}) - {Kind.RETIRE, Kind.LOSS, Kind.SHIP, Kind.RECEIVE, Kind.CORRECT}
"""Kinds whose records are called after the lot or the credit that they made."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is booked, as far as somebody may see it.

    Attributes:
        rows: As booked, in file order.
        books: Of the events as their corrections leave them, acts about credits included.
        certificates: Of all entities.
    """

    rows: tuple[Row, ...]
    books: Books
    certificates: tuple[CustodyCertificate, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a record should have been.

    Attributes:
        key: Which record: the lot or credit that it made, or "event:" with the id of its event.
        mass_mg: Right dry mass; None: as it is.
        content_mg: Right content, or quantity of a credit; None: as it is.
        annul: It never happened.
    """

    key: str
    mass_mg: int | None = None
    content_mg: int | None = None
    annul: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is said to be otherwise."""
        return self.annul or self.mass_mg is not None or self.content_mg is not None


@dataclass(frozen=True, slots=True)
class Told:
    """What is touched.

    Attributes:
        effects: Lots, balances, sales, credits by what backs them, claims.
        kept: Credits, what was used up and accounts; None: nobody can keep them, for lots would
            have defects.
        against: What stands against booking it now; empty where nothing is to be booked.
    """

    effects: Effects
    kept: KeptEffects | None
    against: tuple[Finding, ...] = ()


def must_ask(actor: Person) -> bool:
    """Let clerks and the secretariat pass, and tell whether somebody has transactions of their own.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    trades = bool(transactions.own(actor))
    if not trades and not has_role(actor, Role.Kind.SECRETARIAT):
        refuse(IS_THERE_FOR_YOU, asked_for="role")
    return trades


def key_of(row: Row) -> str:
    """Give how a record is called: after what it made, or after its event."""
    return row.lot if row.kind in _BY_LOT else f"event:{row.event}"


def rows_to_ask_about(known: Known, key: str) -> list[tuple[str, list[Row]]]:
    """Give the records that can be corrected, newest first: lots made, credits, other movements.

    Each kind has a number at most, and the one that was asked about however old it is.
    """
    groups: dict[str, list[Row]] = {"lots": [], "credits": [], "other": []}
    for event in known.books.events:
        if event.kind in _BY_LOT:
            group = "credits" if event.kind.is_credit else "lots"
            groups[group] += event.outputs
        else:
            groups["other"] += event.rows[:1]
    for rows in groups.values():
        rows.sort(key=lambda row: row.at, reverse=True)
    return [
        (name, [row for place, row in enumerate(rows) if place < LISTED or key_of(row) == key])
        for name, rows in groups.items()
    ]


def row_of(known: Known, key: str) -> Row:
    """Give a record as it stands now.

    Raises:
        RefusalError: PARTY-001 if there is none.
    """
    rows = (
        row
        for event in known.books.events
        for row in (event.outputs if event.kind in _BY_LOT else event.rows[:1])
        if key_of(row) == key
    )
    found = next(rows, None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, record=key[:80])
    return found


def row_to_correct(actor: Person, known: Known, key: str) -> Row:
    """Give a record to clerks of whoever recorded it.

    Raises:
        RefusalError: PARTY-001 for everybody else, and if there is none.
    """
    found = row_of(known, key)
    if found.entity not in {one.name for one in transactions.own(actor)}:
        refuse(IS_THERE_FOR_YOU, record=key[:80])
    return found


def known(actor: Person) -> Known:
    """Give everything that is booked, as far as somebody may see it.

    Raises:
        RefusalError: PARTY-001 for everybody but clerks and the secretariat.
    """
    trades = must_ask(actor)
    rows = custody.all_rows()
    wordings = {pack.id: pack for pack in custody.packs_with_words()}
    own = transactions.offers(actor) if trades else ()
    day = max((row.at.date() for row in rows), default=datetime.date.min)
    certificates = entities.in_core()
    books = Books(
        events=corrected(events_of(rows)).events,
        transactions=tuple(transactions.deal_of(row).core for row in own),
        credits=tuple(credit_books.issued()),
        claims=tuple(
            ClaimMade(claim_of(row), standards.edition(row.standard), wordings[row.custody_pack])
            for row in claims.claims()
            if claims.withdrawn_on(row) is None
        ),
        achievements=attestations.achievements({row.attestation for row in rows}),
        rules=custody.custody_rules(day),
        keep=_keeper(certificates, rows),
    )
    return Known(rows, books, certificates)


def _keeper(certificates: Iterable[CustodyCertificate], rows: Iterable[Row]) -> Keeping:
    """Give what keeps accounts and credits over events, each state once."""
    those, day = tuple(certificates), keeping.day_of(rows, timezone.localdate())
    kept: dict[int, tuple[Sequence[Event], KeptBooks]] = {}

    def keep(events: Sequence[Event]) -> KeptBooks:
        if id(events) not in kept:
            found = keep_books(events, rules_on=packs.rules_on, as_of=day, certificates=those)
            kept[id(events)] = (events, found)
        return kept[id(events)][1]

    return keep


def of_record(actor: Person, before: Known, wanted: Wanted, at: datetime.datetime) -> Told:
    """Tell what a correction would touch, and what stands against booking it.

    Raises:
        RefusalError: PARTY-001 if there is no such record. RESTATEMENT-002 if nothing would change,
            and what rows must hold.
    """
    row = row_of(before, wanted.key)
    moment, name = max(at, row.at), f"K-{uuid.uuid4()}"
    rows = correction_rows(before, row, wanted, event=name, at=moment, reason=_TRIED)
    check(before, row, wanted, event=name, by=_TRIED, at=moment, reason=_TRIED)
    events = corrected(events_of((*before.rows, *rows))).events
    told = _told(before.books, replace(before.books, events=events))
    return replace(told, against=try_rows(actor=actor, rows=rows).findings)


def _told(before: Books, after: Books) -> Told:
    effects = simulate(before, after)
    was, now = _kept(before), _kept(after)
    sound = was is not None and now is not None and now.proof is not None
    return Told(effects, compare_kept(was, now) if sound and was and now else None)


def _kept(those: Books) -> KeptBooks | None:
    return None if those.keep is None else those.keep(those.events)


def correction_rows(
    those: Known, row: Row, wanted: Wanted, *, event: str, at: datetime.datetime, reason: str
) -> tuple[Row, ...]:
    """Give the rows with which a correction is booked: all of its event, as they should have been.

    A credit is as much as what it was made of, so the other side follows. Whoever is named by the
    note of a retirement stays named.
    """
    (whole,) = (one for one in those.books.events if one.id == row.event)
    rows = [_as_wanted(one, row, wanted) for one in whole.rows]
    if whole.kind in (Kind.BOOK, Kind.TRANSFER) and not wanted.annul:
        made = sum(one.content_mg for one in rows if one.side is Side.OUT)
        rows = [
            replace(one, content_mg=made, mass_mg=max(one.mass_mg, made))
            if one.side is Side.IN
            else one
            for one in rows
        ]
    return tuple(
        replace(
            one,
            event=event,
            at=at,
            kind=Kind.CORRECT,
            account=row.event,
            period=ANNULLED if wanted.annul else "",
            note=one.note if whole.kind is Kind.RETIRE else reason,
            place=None,
        )
        for one in rows
    )


def _as_wanted(one: Row, row: Row, wanted: Wanted) -> Row:
    if wanted.annul or (one.side, one.lot) != (row.side, row.lot):
        return one
    mass = one.mass_mg if wanted.mass_mg is None else wanted.mass_mg
    content = one.content_mg if wanted.content_mg is None else wanted.content_mg
    if one.kind.is_credit:
        mass = max(mass, content)
    return replace(one, mass_mg=mass, content_mg=content)


def check(
    those: Known,
    row: Row,
    wanted: Wanted,
    *,
    event: str,
    by: str,
    at: datetime.datetime,
    reason: str,
) -> None:
    """Check what a correction says of the record that it restates.

    Raises:
        RefusalError: RESTATEMENT-001 to RESTATEMENT-004.
    """
    right = _as_wanted(row, row, wanted)
    asked = (
        (Field.MASS, wanted.mass_mg is not None or right.mass_mg != row.mass_mg),
        (Field.CONTENT, wanted.content_mg is not None),
    )
    changes = tuple(
        Change(field, value_of(row, field), value_of(right, field))
        for field, is_asked in asked
        if is_asked and not wanted.annul
    )
    record = Restatement(
        id=event,
        event=row.event,
        changes=changes,
        by=by,
        at=at,
        reason=reason,
        side=row.side if changes else None,
        lot=row.lot if changes else "",
    )
    with_restatement(those.books, record)


def of_attestation(before: Known, attestation: str, status: Status, day: datetime.date) -> Told:
    """Tell what a suspended or withdrawn attestation would touch.

    Raises:
        RefusalError: PARTY-001 if no lot names it or it is not known here; ATTESTATION codes if
            its status cannot change so on that day.
    """
    held = before.books.achievements.get(attestation)
    if held is None:
        refuse(IS_THERE_FOR_YOU, attestation=attestation[:80])
    change = StatusChange(day, status, "simulated")
    changed = replace(held, status_changes=(*held.status_changes, change))
    return _told(before.books, with_achievement(before.books, changed))


def of_certificate(
    before: Known, number: str, status: CertificateStatus, day: datetime.date
) -> Told:
    """Tell what a suspended or withdrawn chain of custody certificate would touch.

    Raises:
        RefusalError: PARTY-001 if there is none of this number; CUSTODY-075 if its status cannot
            change so on that day.
    """
    held = next((one for one in before.certificates if one.id == number), None)
    if held is None:
        refuse(IS_THERE_FOR_YOU, certificate=number[:80])
    changes = (*held.changes, CertificateChange(day, status, "simulated"))
    changed = replace(held, changes=changes)
    without = without_certificate(
        before.books,
        held.entity,
        since=datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC),
        sites=[*held.scope.sites, *(one.site for one in held.scope.agreements)],
    )
    others = [changed if one is held else one for one in before.certificates]
    return _told(before.books, replace(without, keep=_keeper(others, before.rows)))


def corrections_of(event: str) -> QuerySet[BookedCorrection]:
    """Give who corrected an event, why and when, newest first."""
    return BookedCorrection.objects.filter(restates=event).select_related("by")
