"""Writes of periods: one person prepares, another one closes, a correction opens again.

Rules: TRANSACTION-007, TRANSACTION-020, TRANSACTION-040 to TRANSACTION-047, PARTY-001.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from stannary.core.kernel import refuse
from stannary.core.transactions import PeriodStep, PeriodStepKind
from stannary.core.transactions import step as take
from stannary.core.transactions.rules import CLOSED_IN_ORDER
from stannary.web.custody import operations as custody
from stannary.web.cycle.records import tidy
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.transactions.models import ClosingPeriod, ClosingStep
from stannary.web.transactions.periods import queries, records

_WITH_BALANCES = (PeriodStepKind.PREPARE, PeriodStepKind.CLOSE)


@transaction.atomic
def prepare(
    *,
    actor: Person,
    slug: str,
    begin: datetime.datetime,
    end: datetime.datetime,
    at: datetime.datetime | None = None,
) -> ClosingPeriod:
    """Prepare a period of an organisation's accounts to be closed by somebody else.

    Args:
        actor: A clerk of the organisation.
        slug: The organisation.
        begin: First instant; the end of the period before, where there is one.
        end: First instant after it.
        at: When it is prepared; None: now.

    Raises:
        RefusalError: PARTY-001 if it is not for the actor; TRANSACTION-020 if it ends before it
            begins; TRANSACTION-041 to 045 if it cannot be prepared.
    """
    custody.open_book()  # nobody books meanwhile
    those = queries.organisation(actor, slug)
    if queries.capacity(actor, those) is None:
        refuse(IS_THERE_FOR_YOU, asked_for="period")
    row = queries.rows(those).filter(begin=begin, end=end).first()
    if row is None:
        last = queries.next_begin(those)
        if last is not None and last != begin:
            refuse(CLOSED_IN_ORDER, begin=begin.isoformat(), before_ends=last.isoformat())
        queries.figures(those, begin, end)  # a period that is none is refused before it is kept
        row = ClosingPeriod(organisation=those, begin=begin, end=end)
        row.save(force_insert=True)
    return _take(actor, row, PeriodStepKind.PREPARE, at=at or timezone.now())


@transaction.atomic
def take_step(
    *,
    actor: Person,
    slug: str,
    last: datetime.date,
    kind: PeriodStepKind,
    reason: str = "",
    correction: str = "",
    at: datetime.datetime | None = None,
) -> ClosingPeriod:
    """Prepare again, return, close or open again a period.

    Args:
        actor: A clerk of the organisation, or somebody of the firm that certified it.
        slug: The organisation.
        last: Last day of the period.
        kind: Which step.
        reason: Why; RETURN and REOPEN need one.
        correction: Id of the event that corrects something; REOPEN needs one.
        at: When it is taken; None: now.

    Raises:
        RefusalError: PARTY-001 if it is not for the actor; TRANSACTION-040 to 047 for the step.
    """
    custody.open_book()
    row = queries.row(actor, slug, last)
    moment = at or timezone.now()
    return _take(actor, row, kind, reason=tidy(reason), correction=tidy(correction), at=moment)


def _take(
    actor: Person,
    row: ClosingPeriod,
    kind: PeriodStepKind,
    *,
    at: datetime.datetime,
    reason: str = "",
    correction: str = "",
) -> ClosingPeriod:
    acts_for = queries.capacity(actor, row.organisation)
    if acts_for is None:
        refuse(IS_THERE_FOR_YOU, asked_for="period")
    balances, deficit_max = {}, 0
    if kind in _WITH_BALANCES:
        deficit_max = queries.governing(row.organisation, row.end).closing_deficit_max_mg
        balances = queries.figures(row.organisation, row.begin, row.end).balances
    taken = PeriodStep(kind, str(actor.pk), acts_for, at, balances, reason, correction)
    before, after = queries.neighbours(row)
    take(
        records.period_of(row),
        taken,
        before=before,
        after=after,
        deficit_max=deficit_max,
    )
    ClosingStep(
        period=row,
        number=row.steps.count() + 1,
        kind=kind,
        by=actor,
        capacity=acts_for,
        at=at,
        balances=records.text_of(balances),
        reason=reason,
        correction=correction[:200],
    ).save(force_insert=True)
    return queries.rows(row.organisation).get(pk=row.pk)
