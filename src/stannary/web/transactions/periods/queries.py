"""Reads of periods: for people of the organisation, who audits its books, and the secretariat.

Rules: PARTY-001, TRANSACTION-046.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.utils import timezone

from stannary.core.custody import CustodyRules, Kind, PeriodStatement, Row, Side, total_mg
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.transactions import (
    Capacity,
    Line,
    Period,
    PeriodState,
    PeriodStepKind,
    Statement,
    check_booking,
)
from stannary.web.custody.books import queries as books
from stannary.web.entities import packs
from stannary.web.entities import queries as entities
from stannary.web.entities.models import Certificate
from stannary.web.parties.models import Organisation, Role
from stannary.web.parties.queries import Visitor, roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.transactions import queries as transactions
from stannary.web.transactions.models import ClosingPeriod
from stannary.web.transactions.periods import records

ONE = datetime.timedelta(days=1)
FINDINGS_MAX = 20


@dataclass(frozen=True, slots=True)
class Carries:
    """An account of mass balance at the end of a period, and what becomes of what is left.

    Attributes:
        statement: As of the last day, of the balance period in which it lies.
        left_mg: What is left.
        deficit_mg: What outputs still wait for.
        lapses_mg: Of what is left, what ends with the balance period if it is not used.
        carried_mg: Of what is left, what goes on into the next balance period.
        counts: Whether the balance period ends, too, so that a deficit stands for good.
    """

    statement: PeriodStatement
    left_mg: int
    deficit_mg: int
    lapses_mg: int
    carried_mg: int
    counts: bool

    @property
    def name(self) -> str:
        """Boundary and material, and the element if it is named."""
        return self.statement.key.place

    @property
    def balance_mg(self) -> int:
        """What is closed with; below 0 in a deficit that stands for good."""
        return self.left_mg - (self.deficit_mg if self.counts else 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a period would be closed with.

    Attributes:
        statement: Of all accounts over the period.
        accounts: Of mass balance, at its end.
        balances: Account to balance; below 0 in a deficit.
        deficit_max_mg: How far below nothing each may be, by the pack.
        pack: Id of the pack.
    """

    statement: Statement
    accounts: tuple[Carries, ...]
    balances: dict[str, int]
    deficit_max_mg: int = 0
    pack: str = packs.PACK


def organisation(actor: Visitor, slug: str) -> Organisation:
    """Give an organisation to those who may see its accounts.

    Raises:
        RefusalError: PARTY-001 for everybody else, and if there is none.
    """
    found = Organisation.objects.filter(slug=slug).first()
    if found is None or not books.may_see_accounts(actor, found):
        refuse(IS_THERE_FOR_YOU, asked_for="periods")
    return found


def capacity(actor: Visitor, those: Organisation) -> Capacity | None:
    """Tell for whom somebody acts about a period; None: they only look."""
    roles = roles_of(actor)
    if any(one.kind == Role.Kind.CLERK and one.organisation_id == those.pk for one in roles):
        return Capacity.ENTITY
    firms = {one.organisation_id for one in roles if one.kind == Role.Kind.AUDITOR}
    verifies = Certificate.objects.filter(holder=those, issuer__in=firms).exists()
    return Capacity.VERIFIER if verifies else None


def rows(those: Organisation) -> QuerySet[ClosingPeriod]:
    """Give the periods of an organisation with their steps, the newest first."""
    found = ClosingPeriod.objects.filter(organisation=those).order_by("-end")
    return found.select_related("organisation").prefetch_related("steps__by")


def row(actor: Visitor, slug: str, last: datetime.date) -> ClosingPeriod:
    """Give the period that ends with a day.

    Raises:
        RefusalError: PARTY-001 if there is none, or it is not for the actor.
    """
    those = organisation(actor, slug)
    found = next((one for one in rows(those) if last_day(one) == last), None)
    if found is None:
        refuse(IS_THERE_FOR_YOU, period=last.isoformat())
    return found


def last_day(one: ClosingPeriod) -> datetime.date:
    """Give the last day of a period."""
    return timezone.localtime(one.end).date() - ONE


def next_begin(those: Organisation) -> datetime.datetime | None:
    """Give where the next period begins; None: there is none yet, and it may begin anywhere."""
    last = rows(those).first()
    return None if last is None else last.end


def neighbours(one: ClosingPeriod) -> tuple[Period | None, Period | None]:
    """Give the period before one, however long before, and the one after it."""
    every = list(reversed(rows(one.organisation)))
    before = [each for each in every if each.end <= one.begin]
    after = [each for each in every if each.begin >= one.end]
    return (
        records.period_of(before[-1]) if before else None,
        records.period_of(after[0]) if after else None,
    )


def figures(those: Organisation, begin: datetime.datetime, end: datetime.datetime) -> Figures:
    """Work out with what a period would be closed, as it is known now.

    Raises:
        RefusalError: TRANSACTION-020 if it ends before it begins. CUSTODY-070 if the pack has a
            bound for deficits and does not know it.
    """
    drawn = transactions.drawn(those, begin=begin, end=end)
    last = timezone.localtime(end).date() - ONE
    accounts = tuple(carries(one, last) for one in books.accounts_on(those.name, last))
    balances = drawn.closing | {one.name: one.balance_mg for one in accounts}
    allowed = governing(those, end)
    return Figures(drawn, accounts, balances, allowed.closing_deficit_max_mg, allowed.pack)


def carries(one: PeriodStatement, last: datetime.date) -> Carries:
    """Tell what is left of an account at the end of a period, and what becomes of it.

    Args:
        one: Of the balance period in which the last day lies.
        last: Last day of the period.
    """
    left = total_mg(one.closing)
    lapses = min(left, one.lapsing_mg or 0)
    return Carries(
        statement=one,
        left_mg=left,
        deficit_mg=one.deficit_mg,
        lapses_mg=lapses,
        carried_mg=left - lapses,
        counts=one.period.valid_until <= last + ONE,
    )


def governing(those: Organisation, end: datetime.datetime) -> CustodyRules:
    """Give the constants by which an organisation keeps its books on the last day of a period."""
    last = timezone.localtime(end).date() - ONE
    return entities.governance([those.name]).rules(those.name, last)


def possible(actor: Visitor, one: ClosingPeriod) -> tuple[PeriodStepKind, ...]:
    """Give the steps that somebody may take about a period now, by its state and who they are."""
    acts_for = capacity(actor, one.organisation)
    if acts_for is None:
        return ()
    period = records.period_of(one)
    kinds = {
        PeriodState.OPEN: (PeriodStepKind.PREPARE,),
        PeriodState.REOPENED: (PeriodStepKind.PREPARE,),
        PeriodState.PREPARED: (PeriodStepKind.CLOSE, PeriodStepKind.RETURN),
        PeriodState.CLOSED: (PeriodStepKind.REOPEN,),
    }[period.state]
    prepared_by = period.steps[-1].by if period.steps else ""
    return tuple(
        kind
        for kind in kinds
        if not (kind is PeriodStepKind.PREPARE and acts_for is not Capacity.ENTITY)
        and not (kind is PeriodStepKind.CLOSE and prepared_by == str(actor.pk))
    )


def closed_to(those: Sequence[Row]) -> Iterator[Finding]:
    """Find rows that fall into a closed period of whoever books, or of who receives credits."""
    names = {name for one in those for name in _entities(one)}
    if not names:
        return
    begins = min(one.at for one in those)
    found = ClosingPeriod.objects.filter(organisation__name__in=names, end__gt=begins)
    found = found.filter(Q(steps__kind=PeriodStepKind.CLOSE)).distinct()
    every = found.select_related("organisation").prefetch_related("steps")
    periods = [records.period_of(one) for one in every]
    told: set[tuple[str, str]] = set()
    for one in those if periods else ():
        for name in _entities(one):
            if (one.event, name) in told or len(told) >= FINDINGS_MAX:
                continue
            try:
                check_booking(_as_line(one, name), periods)
            except RefusalError as refusal:
                told.add((one.event, name))
                for finding in refusal.findings:
                    facts = {**finding.facts, "entity": name[:80]}
                    yield replace(finding, facts=facts, at=one.place_of("at"))


def _entities(one: Row) -> set[str]:
    """Give whose accounts a row changes."""
    passed_on = one.kind is Kind.TRANSFER and one.side is Side.OUT and one.account
    return {one.entity, one.account} if passed_on else {one.entity}


def _as_line(one: Row, entity: str) -> Line:
    """Give a row as a line that is called after its event, as a correction is named."""
    return Line(one.event, entity, one.material, one.at, one.at, one.content_mg)
