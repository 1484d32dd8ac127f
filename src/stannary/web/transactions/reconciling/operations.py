"""Writes of reconciliations: another party's statement is taken in.

Rules: TRANSACTION-020, TRANSACTION-021, TRANSACTION-028, TRANSACTION-029, PARTY-001.
"""

import datetime

from django.db import transaction

from stannary.formats.canonical import sha256_hex
from stannary.web.parties.models import Person
from stannary.web.transactions import queries
from stannary.web.transactions.models import CounterStatement
from stannary.web.transactions.reconciling import queries as reconciling


@transaction.atomic
def hand_in(
    *,
    actor: Person,
    slug: str,
    counterparty: str,
    begin: datetime.datetime,
    end: datetime.datetime,
    name: str,
    content: bytes,
    at: datetime.datetime,
) -> CounterStatement:
    """Take in what another party says of its account with us. This will book nothing.

    Args:
        actor: A clerk of the organisation.
        slug: The organisation.
        counterparty: Short name of the other party, of the same kind of record.
        begin: First instant of the period.
        end: First instant after it.
        name: What its sender calls the file.
        content: The file.
        at: When it is handed in.

    Returns:
        The statement; the same file for the same party and period is kept once.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of it, or there is no such party.
            TRANSACTION-020 for the period, TRANSACTION-021, 028 and 029 for the file.
    """
    those = queries.own_one(actor, slug)
    row = CounterStatement(
        holder=those,
        counterparty=reconciling.other_party(those, counterparty),
        begin=begin,
        end=end,
        name=name[:200] or "-",
        sha256=sha256_hex(content),
        content=content,
        handed_in_by=actor,
        handed_in_at=at,
    )
    reconciling.their_statement(row, reconciling.read(row).lines)
    same = {key: getattr(row, key) for key in ("holder", "counterparty", "begin", "end", "sha256")}
    there = CounterStatement.objects.filter(**same).first()
    if there is not None:
        return there
    row.save(force_insert=True)
    return row
