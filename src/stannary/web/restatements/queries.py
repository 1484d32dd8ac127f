"""What a correction would touch, worked out from everything that is booked; nothing is stored.

Asked by clerks and by the secretariat. Lots, movements and claims are public; of transactions
everybody sees their own alone.

Rules: PARTY-001, RESTATEMENT-001 to RESTATEMENT-013.
"""

import datetime
from dataclasses import replace

from django.utils import timezone

from stannary.core.attestations import Status, StatusChange
from stannary.core.custody import Row, Side, events_of
from stannary.core.custody import restate as corrected
from stannary.core.kernel import refuse
from stannary.core.restatements import (
    Books,
    Change,
    ClaimMade,
    Effects,
    Field,
    Restatement,
    simulate,
    value_of,
    with_achievement,
    with_restatement,
)
from stannary.web.attestations import queries as attestations
from stannary.web.claims import queries as claims
from stannary.web.claims.records import claim_of
from stannary.web.custody import keeping
from stannary.web.custody import queries as custody
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Person, Role
from stannary.web.parties.queries import has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards
from stannary.web.transactions import queries as transactions

LISTED = 200
"""Of lots that the form lists."""


def must_ask(actor: Person) -> bool:
    """Let clerks and the secretariat pass, and tell whether somebody has transactions of their own.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    trades = bool(transactions.own(actor))
    if not trades and not has_role(actor, Role.Kind.SECRETARIAT):
        refuse(IS_THERE_FOR_YOU, asked_for="role")
    return trades


def rows_to_ask_about(books: Books, lot: str) -> list[Row]:
    """Give the rows that made lots, newest first, and that of one lot however old it is."""
    made = [row for event in books.events for row in event.outputs if not event.kind.is_credit]
    made.sort(key=lambda row: row.at, reverse=True)
    return [row for place, row in enumerate(made) if place < LISTED or row.lot == lot]


def books(actor: Person) -> Books:
    """Give everything that is booked, as far as somebody may see it.

    Raises:
        RefusalError: PARTY-001 for everybody but clerks and the secretariat.
    """
    trades = must_ask(actor)
    rows = custody.all_rows()
    packs = {pack.id: pack for pack in custody.packs_with_words()}
    own = transactions.offers(actor) if trades else ()
    day = max((row.at.date() for row in rows), default=datetime.date.min)
    return Books(
        events=corrected(events_of(rows)).events,
        transactions=tuple(transactions.deal_of(row).core for row in own),
        claims=tuple(
            ClaimMade(
                claim_of(row),
                standards.edition(row.standard),
                packs[row.custody_pack],
            )
            for row in claims.claims()
            if claims.withdrawn_on(row) is None
        ),
        achievements=attestations.achievements({row.attestation for row in rows}),
        rules=custody.custody_rules(day),
        keep=keeping.keeper(rows, entities.in_core(), keeping.day_of(rows, timezone.localdate())),
    )


def of_record(before: Books, row: Row, wanted: dict[Field, str], at: datetime.datetime) -> Effects:
    """Tell what other values of a row would touch; no values: the event never happened.

    Raises:
        RefusalError: RESTATEMENT-002 if nothing would change, and what rows must hold.
    """
    changes = tuple(Change(field, value_of(row, field), text) for field, text in wanted.items())
    record = Restatement(
        id="simulated",
        event=row.event,
        changes=changes,
        by="simulated",
        at=max(at, row.at),
        reason="simulated",
        side=Side.OUT if changes else None,
        lot=row.lot if changes else "",
    )
    return simulate(before, with_restatement(before, record))


def of_attestation(before: Books, attestation: str, status: Status, day: datetime.date) -> Effects:
    """Tell what a suspended or withdrawn attestation would touch.

    Raises:
        RefusalError: PARTY-001 if no lot names it or it is not known here; ATTESTATION codes if
            its status cannot change so on that day.
    """
    known = before.achievements.get(attestation)
    if known is None:
        refuse(IS_THERE_FOR_YOU, attestation=attestation[:80])
    change = StatusChange(day, status, "simulated")
    changes = (*known.status_changes, change)
    return simulate(before, with_achievement(before, replace(known, status_changes=changes)))
