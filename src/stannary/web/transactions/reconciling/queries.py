"""Reads of reconciliations: each party sees its own side, and what the other gave it, alone.

Rules: PARTY-001, TRANSACTION-020 to TRANSACTION-029.
"""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from stannary.core.kernel import refuse
from stannary.core.transactions import Line, Reconciliation, Statement, reconcile, statement
from stannary.formats.statements import StatementRead, read_statement
from stannary.web.parties.models import Organisation
from stannary.web.parties.queries import Visitor
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.transactions import queries
from stannary.web.transactions.models import CounterStatement


@dataclass(frozen=True, slots=True)
class Held:
    """Two statements, held against each other.

    Attributes:
        holder: Whose side it is.
        other: The other party.
        begin: First instant.
        end: First instant after the period.
        found: What they say of each other.
        passed_over: Rows of a file that are no line with the holder.
    """

    holder: Organisation
    other: Organisation
    begin: datetime.datetime
    end: datetime.datetime
    found: Reconciliation
    passed_over: int = 0


def parties(those: Organisation) -> list[Organisation]:
    """Give the organisations with which an organisation has lines, by name."""
    names = {line.counterparty for line in queries.lines_of(those)} - {""}
    return list(Organisation.objects.filter(name__in=names).order_by("name"))


def other_party(those: Organisation, slug: str) -> Organisation:
    """Give another organisation of the same kind of record.

    Raises:
        RefusalError: PARTY-001 if there is none of this short name.
    """
    found = Organisation.objects.filter(slug=slug, illustrative=those.illustrative)
    one = found.exclude(pk=those.pk).first()
    if one is None:
        refuse(IS_THERE_FOR_YOU, organisation=slug[:80])
    return one


def by_register(
    actor: Visitor, slug: str, other: str, *, begin: datetime.datetime, end: datetime.datetime
) -> Held:
    """Hold what an organisation booked with another against what that one booked with it.

    Of the other party only lines with the reader are looked at; both wrote them into this register.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of it, or there is no such party.
            TRANSACTION-020 for a period that is none.
    """
    those = queries.own_one(actor, slug)
    them = other_party(those, other)
    ours = queries.drawn(those, begin=begin, end=end)
    theirs = queries.drawn(them, begin=begin, end=end)
    return Held(those, them, begin, end, reconcile(ours, theirs))


def handed_in(actor: Visitor, slug: str) -> QuerySet[CounterStatement]:
    """Give the statements that an organisation was given, newest first; without their content.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of it.
    """
    found = CounterStatement.objects.filter(holder=queries.own_one(actor, slug))
    return found.select_related("counterparty", "handed_in_by").defer("content")


def one(actor: Visitor, slug: str, statement_id: UUID) -> CounterStatement:
    """Give one of them.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is no clerk of the organisation.
    """
    found = CounterStatement.objects.filter(holder=queries.own_one(actor, slug), pk=statement_id)
    row = found.select_related("holder", "counterparty", "handed_in_by").first()
    if row is None:
        refuse(IS_THERE_FOR_YOU, statement=str(statement_id))
    return row


def against_file(row: CounterStatement) -> Held:
    """Hold our statement, as it is known now, against one that was handed in."""
    said = read(row)
    theirs = their_statement(row, said.lines)
    ours = queries.drawn(row.holder, begin=row.begin, end=row.end)
    found = reconcile(ours, theirs, of_a_day=said.of_a_day)
    return Held(row.holder, row.counterparty, row.begin, row.end, found, said.passed_over)


def read(row: CounterStatement) -> StatementRead:
    """Read the file that was handed in.

    Raises:
        RefusalError: TRANSACTION-028, TRANSACTION-029.
    """
    return read_statement(
        bytes(row.content),
        row.name,
        entity=row.counterparty.name,
        reader=row.holder.name,
        zone=timezone.get_default_timezone(),
    )


def their_statement(row: CounterStatement, lines: tuple[Line, ...]) -> Statement:
    """Draw up the statement of the other party from its lines.

    Raises:
        RefusalError: TRANSACTION-020 for a period that is none, TRANSACTION-021 for a line that
            is booked twice.
    """
    last = max([row.end, *(line.known_at for line in lines)])
    name = row.counterparty.name
    return statement(lines, entity=name, begin=row.begin, end=row.end, known_at=last)


def lines_between(
    those: Organisation, other: Organisation, begin: datetime.datetime, end: datetime.datetime
) -> list[Line]:
    """Give our lines with another party in a period, for the table that it fills in."""
    drawn = queries.drawn(those, begin=begin, end=end)
    return [line for line in drawn.lines if line.counterparty == other.name]
