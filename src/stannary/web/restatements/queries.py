"""What a correction would touch, worked out from what it can reach and what decides that.

Asked by clerks and by the secretariat. Lots, movements and claims are public; of transactions
everybody sees their own alone.

Rules: PARTY-001, RESTATEMENT-001 to RESTATEMENT-013.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from stannary.core.attestations import Status, StatusChange
from stannary.core.custody import (
    ANNULLED,
    CertificateChange,
    CertificateStatus,
    CustodyCertificate,
    Event,
    Key,
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
    BalanceEffect,
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
from stannary.web.claims import of_sites
from stannary.web.claims import queries as claims
from stannary.web.claims.records import claim_of
from stannary.web.custody import queries as custody
from stannary.web.custody.books import queries as credit_books
from stannary.web.custody.models import Lot, Movement
from stannary.web.custody.state import slices
from stannary.web.custody.state.slices import Reader, Slice
from stannary.web.custody.trial import try_rows
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.entities.factors import queries as conversions
from stannary.web.entities.models import Certificate
from stannary.web.parties.models import Person, Role
from stannary.web.parties.queries import has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.restatements.models import BookedCorrection
from stannary.web.standards import queries as standards
from stannary.web.transactions import queries as transactions
from stannary.web.transactions.models import Offer

_TRIED = "simulated"
_OTHER = (Kind.RETIRE, Kind.LOSS, Kind.SHIP, Kind.RECEIVE)
_CREDITS = (Kind.BOOK, Kind.TRANSFER)
_BY_LOT = frozenset({*Kind}) - {*_OTHER, Kind.CORRECT}
"""Kinds whose records are called after the lot or the credit that they made."""
GROUPS: dict[str, Collection[Kind]] = {
    "lots": _BY_LOT - {*_CREDITS},
    "credits": _CREDITS,
    "other": _OTHER,
}
_UNDER_WAY = "in transit from "


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody may ask about: nothing of the book is read before it is asked for.

    Attributes:
        own: Transactions of theirs; others they do not see.
        day: As of which everything is told: today, or the day of the newest movement.
        reader: Reads events, each once.
    """

    own: QuerySet[Offer]
    day: datetime.date
    reader: Reader


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


def records_found(text: str, group: str) -> QuerySet[Movement]:
    """Give the records that can be corrected, newest first, each once.

    Args:
        text: Part of the id of a lot, a credit or an event, of an entity's name or of a material;
            "": all.
        group: One of `GROUPS`; any other: all of them.
    """
    annulled = Movement.objects.filter(kind=Kind.CORRECT, period=ANNULLED).values("account")
    before = Movement.objects.filter(event=OuterRef("event"), pk__lt=OuterRef("pk"))
    by_event = Q(kind__in=GROUPS["other"]) & ~Exists(before)
    records = Movement.objects.filter(Q(kind__in=_BY_LOT, side=Side.OUT) | by_event)
    if group in GROUPS:
        records = records.filter(kind__in=GROUPS[group])
    if text:
        fields = ("lot", "event", "entity", "material")
        records = records.filter(
            Q(*(Q((f"{one}__icontains", text)) for one in fields), _connector=Q.OR)
        )
    return records.exclude(event__in=annulled).order_by("-at", "pk")


def rows_now(known: Known, records: Iterable[Movement]) -> list[Row]:
    """Give records as they stand now, in the same order."""
    those = list(records)
    events = known.reader.events({one.event for one in those}).values()
    rows = {key_of(row): row for event in events for row in _asked_rows(event)}
    keys = (one.lot if one.kind in _BY_LOT else f"event:{one.event}" for one in those)
    return [rows[key] for key in keys if key in rows]


def _asked_rows(event: Event) -> tuple[Row, ...]:
    return event.outputs if event.kind in _BY_LOT else event.rows[:1]


def row_of(known: Known, key: str) -> Row:
    """Give a record as it stands now.

    Raises:
        RefusalError: PARTY-001 if there is none.
    """
    found = _row_of(known, key)
    if found is None:
        refuse(IS_THERE_FOR_YOU, record=key[:80])
    return found


def _row_of(known: Known, key: str) -> Row | None:
    event = key.removeprefix("event:")
    if event != key:
        found: Iterable[Event] = known.reader.events({event}).values()
    else:
        found = known.reader.in_order(known.reader.touching([("lot", key)]))
    rows = (row for one in found for row in _asked_rows(one) if key_of(row) == key)
    return next(rows, None)


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
    """Give what somebody may ask about.

    Raises:
        RefusalError: PARTY-001 for everybody but clerks and the secretariat.
    """
    own = transactions.offers(actor) if must_ask(actor) else Offer.objects.none()
    return Known(own, slices.day_of_books(), Reader())


def certificates_known() -> list[tuple[str, str]]:
    """Give every certificate by its number, with its holder."""
    found = Certificate.objects.order_by("number").values_list("number", "holder__name")
    return list(found)


def attestations_known() -> list[str]:
    """Give the attestations that lots name and that are known here, by id."""
    return sorted(attestations.achievements(custody.attestations_named()))


def _books(known: Known, part: Slice, sites: of_sites.Resting, also: Iterable[str] = ()) -> Books:
    """Give what is booked and said of a part of the book, as far as somebody may see it.

    Args:
        known: By whom.
        part: Of the book.
        sites: Claims on what was blended that can be touched.
        also: Lots of which more may be said or less, for whatever reason.
    """
    events = part.events
    lots = part.lots | part.named | set(also)
    wordings = {pack.id: pack for pack in custody.packs_with_words()}
    own = known.own.filter(lot__in=custody.among(part.lots))
    on_lots = claims.claims().filter(facility="", lot__in=custody.among(lots))
    said = [row for row in (*on_lots, *sites.claims) if claims.withdrawn_on(row) is None]
    editions = {name: standards.edition(name) for name in {row.standard for row in said}}
    held = _certificates(part)
    return Books(
        events=events,
        transactions=tuple(transactions.deal_of(row).core for row in own),
        credits=tuple(credit_books.issued(part.lots)),
        claims=tuple(
            ClaimMade(claim_of(row), editions[row.standard], wordings[row.custody_pack])
            for row in said
        ),
        achievements=attestations.achievements({row.attestation for row in part.rows}),
        rules=custody.custody_rules(part.newest_on),
        keep=_keeper(held, known.day),
        certificates=held,
        covered_on=timezone.localdate(),
    )


def _certificates(part: Slice) -> tuple[CustodyCertificate, ...]:
    """Give the certificates of the entities that a part of the book names."""
    names = {row.entity for row in part.rows}
    return entities.certificates_of(names)


def _keeper(certificates: Iterable[CustodyCertificate], day: datetime.date) -> Keeping:
    """Give what keeps accounts and credits over events, each state once."""
    those, factors = tuple(certificates), conversions.in_core()
    kept: dict[int, tuple[Sequence[Event], KeptBooks]] = {}

    def keep(events: Sequence[Event]) -> KeptBooks:
        if id(events) not in kept:
            found = keep_books(
                events,
                rules_on=packs.rules_on,
                pack_on=packs.pack_on,
                as_of=day,
                certificates=those,
                factors=factors,
            )
            kept[id(events)] = (events, found)
        return kept[id(events)][1]

    return keep


def _reaching(
    known: Known, begin: Mapping[Key, datetime.datetime], entity: str = ""
) -> tuple[Slice, of_sites.Resting]:
    """Cut out what can be otherwise, with what claims rest on that can be otherwise, too."""
    part = slices.reaching(begin, known.reader)
    said = claims.claims().filter(facility="", lot__in=custody.among(part.lots | part.named))
    sites = of_sites.resting_on(part.lots, entity)
    also = {*said.values_list("lot", flat=True), *sites.lots}
    return slices.reaching(begin, known.reader, also=also), sites


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
    part, sites = _reaching(before, slices.of_changes(events_of(rows), before.reader))
    books = _books(before, part, sites)
    events = corrected(events_of((*part.rows, *rows))).events
    told = _told(books, replace(books, events=events), before.reader)
    return replace(told, against=try_rows(actor=actor, rows=rows).findings)


def _told(before: Books, after: Books, reader: Reader) -> Told:
    effects = simulate(before, after)
    balances = tuple(_whole(one, reader) for one in effects.balances)
    effects = replace(effects, balances=balances)
    was, now = _kept(before), _kept(after)
    sound = was is not None and now is not None and now.proof is not None
    return Told(effects, compare_kept(was, now) if sound and was and now else None)


def _whole(one: BalanceEffect, reader: Reader) -> BalanceEffect:
    """Give all that an entity has of a material where a part of it was compared."""
    lots = Lot.objects.filter(material=one.material)
    sender = one.entity.removeprefix(_UNDER_WAY)
    if sender == one.entity:
        lots = lots.filter(holder=sender)
    else:
        moving = set(lots.filter(in_transit=True).values_list("lot_id", flat=True))
        moved = reader.in_order(reader.touching(("lot", name) for name in moving))
        by = {row.lot: row.entity for event in moved for row in event.moves}
        lots = lots.filter(lot_id__in=custody.among(x for x in moving if by[x] == sender))
    sums = lots.aggregate(mass=Sum("left_mass_mg"), content=Sum("left_content_mg"))
    mass, content = int(sums["mass"] or 0), int(sums["content"] or 0)
    return replace(
        one,
        mass_before_mg=mass,
        mass_after_mg=mass + one.mass_after_mg - one.mass_before_mg,
        content_before_mg=content,
        content_after_mg=content + one.content_after_mg - one.content_before_mg,
    )


def _kept(those: Books) -> KeptBooks | None:
    return None if those.keep is None else those.keep(those.events)


def correction_rows(
    those: Known, row: Row, wanted: Wanted, *, event: str, at: datetime.datetime, reason: str
) -> tuple[Row, ...]:
    """Give the rows with which a correction is booked: all of its event, as they should have been.

    A credit is as much as what it was made of, so the other side follows. Whoever is named by the
    note of a retirement stays named.
    """
    (whole,) = those.reader.events({row.event}).values()
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
    events = tuple(those.reader.events({row.event}).values())
    with_restatement(Books(events), record)


def of_attestation(before: Known, attestation: str, status: Status, day: datetime.date) -> Told:
    """Tell what a suspended or withdrawn attestation would touch.

    Raises:
        RefusalError: PARTY-001 if no lot names it or it is not known here; ATTESTATION codes if
            its status cannot change so on that day.
    """
    held = attestations.achievements([attestation]).get(attestation)
    named = Movement.objects.filter(attestation=attestation)
    if held is None or not named.exists():
        refuse(IS_THERE_FOR_YOU, attestation=attestation[:80])
    change = StatusChange(day, status, "simulated")
    changed = replace(held, status_changes=(*held.status_changes, change))
    lots = set(named.filter(side=str(Side.OUT)).values_list("lot", flat=True))
    part = slices.made_of(lots, before.reader)
    given = custody.lots_given_by(attestation)
    said = claims.claims().filter(facility="", lot__in=custody.among(part.lots | given))
    sites = of_sites.resting_on(part.lots | given)
    also = {*said.values_list("lot", flat=True), *sites.lots}
    books = _books(before, slices.made_of(lots, before.reader, also=also), sites, given)
    return _told(books, with_achievement(books, changed), before.reader)


def of_certificate(
    before: Known, number: str, status: CertificateStatus, day: datetime.date
) -> Told:
    """Tell what a suspended or withdrawn chain of custody certificate would touch.

    Raises:
        RefusalError: PARTY-001 if there is none of this number; CUSTODY-075 if its status cannot
            change so on that day.
    """
    held = next(iter(entities.in_core(entities.certificates().filter(number=number))), None)
    if held is None:
        refuse(IS_THERE_FOR_YOU, certificate=number[:80])
    changes = (*held.changes, CertificateChange(day, status, "simulated"))
    changed = replace(held, changes=changes)
    since = datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
    begin = slices.of_entity(held.entity, since, before.reader)
    part, sites = _reaching(before, begin, held.entity)
    books = _books(before, part, sites)
    books = replace(books, covered_on=max(day, timezone.localdate()))
    without = without_certificate(
        books,
        held.entity,
        since=since,
        sites=[*held.scope.sites, *(one.site for one in held.scope.agreements)],
    )
    others = tuple(changed if one.id == number else one for one in books.certificates)
    after = replace(without, keep=_keeper(others, before.day), certificates=others)
    return _told(books, after, before.reader)


def corrections_of(event: str) -> QuerySet[BookedCorrection]:
    """Give who corrected an event, why and when, newest first."""
    return BookedCorrection.objects.filter(restates=event).select_related("by")
