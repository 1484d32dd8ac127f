"""Reads of conversion factors: all are public, also those that nobody has approved.

Rules: PARTY-001.
"""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from stannary.core.custody import ConversionFactor as CoreFactor
from stannary.core.kernel import add_months, refuse
from stannary.web.entities import packs
from stannary.web.entities.factors import records
from stannary.web.entities.models import ConversionFactor, EntityRecord, FactorStep
from stannary.web.entities.queries import is_secretariat
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.queries import Visitor
from stannary.web.parties.rules import IS_THERE_FOR_YOU

STATUSES = ("in_force", "review_due", "not_yet", "stated", "ended", "withdrawn")
"""Those that say most of the books first."""
_NUMBER_MAX = 15


@dataclass(frozen=True, slots=True)
class Known:
    """A factor with what became of it, as it stands on a day.

    Attributes:
        row: As it was stated.
        approval: None while nobody has approved it.
        withdrawal: None unless it was withdrawn.
        until: First day on which it is no longer used; None: no end is known.
        review_on: First day on which it is not used before it was approved anew, by the months of the
            pack that governs without a certificate: under another pack that one's count. None: not
            approved.
        status: On the day: one of `STATUSES`.
    """

    row: ConversionFactor
    approval: FactorStep | None
    withdrawal: FactorStep | None
    until: datetime.date | None
    review_on: datetime.date | None
    status: str


def in_core() -> tuple[CoreFactor, ...]:
    """Give every factor that was approved as core knows it, in the order stated, with one query."""
    steps: dict[int, list[FactorStep]] = {}
    for step in FactorStep.objects.select_related("factor", "office").order_by("factor_id", "pk"):
        steps.setdefault(step.factor_id, []).append(step)
    found = []
    for those in steps.values():
        approval = records.of_kind(those, FactorStep.Kind.APPROVED)
        if approval is not None:
            withdrawn = records.of_kind(those, FactorStep.Kind.WITHDRAWN)
            found.append(records.approved(approval.factor, approval, withdrawn))
    return tuple(one for one in found if one is not None)


def factors() -> QuerySet[ConversionFactor]:
    """Give factors with what became of them: two queries."""
    return ConversionFactor.objects.select_related("entity", "by").prefetch_related(
        "steps__office", "steps__by"
    )


def known_on(row: ConversionFactor, day: datetime.date) -> Known:
    """Give a factor as it stands on a day."""
    steps = list(row.steps.all())
    approval = records.of_kind(steps, FactorStep.Kind.APPROVED)
    withdrawal = records.of_kind(steps, FactorStep.Kind.WITHDRAWN)
    until = records.end_of(row, withdrawal)
    review_on = None
    if approval is not None:
        months = packs.rules_on(day).whole("conversion_factor_review_months")
        review_on = add_months(approval.on, months)
    if withdrawal is not None and withdrawal.on <= day:
        status = "withdrawn"
    elif until is not None and until <= day:
        status = "ended"
    elif approval is None:
        status = "stated"
    elif max(row.valid_from, approval.on) > day:
        status = "not_yet"
    else:
        status = "review_due" if review_on is not None and review_on <= day else "in_force"
    return Known(row, approval, withdrawal, until, review_on, status)


def factors_on(day: datetime.date) -> list[Known]:
    """Give all factors as they stand on a day, those in force first, by material and product."""
    return sorted(
        (known_on(row, day) for row in factors()),
        key=lambda one: (
            STATUSES.index(one.status),
            one.row.material,
            one.row.product,
            one.row.pk,
        ),
    )


def factor(number: str) -> ConversionFactor:
    """Give a factor.

    Raises:
        RefusalError: PARTY-001 if there is none of this number.
    """
    return _one(factors(), number)


def factor_to_change(number: str) -> ConversionFactor:
    """Give a factor, and keep others from changing it meanwhile.

    Raises:
        RefusalError: PARTY-001 if there is none of this number.
    """
    return _one(factors().select_for_update(of=("self",)), number)


def _one(rows: QuerySet[ConversionFactor], number: str) -> ConversionFactor:
    found = None
    if number.isascii() and number.isdigit() and len(number) <= _NUMBER_MAX:
        found = rows.filter(pk=int(number)).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="conversion factor")
    return found


def may_state_for(person: Visitor) -> list[Organisation]:
    """Give the entities for which somebody may state a factor, by name."""
    if not isinstance(person, Person):
        return []
    clerks = Role.objects.filter(person=person, kind=Role.Kind.CLERK)
    known = EntityRecord.objects.filter(organisation__in=clerks.values("organisation"))
    return list(Organisation.objects.filter(pk__in=known.values("organisation")).order_by("name"))


def must_state(person: Visitor, entity: str | None = None) -> list[Organisation]:
    """Let only clerks of entities and the secretariat pass, and give the entities.

    Args:
        person: Who would state a factor.
        entity: For which; "" for the secretariat itself, None for anybody.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    found = may_state_for(person)
    theirs = {one.slug for one in found} | ({""} if is_secretariat(person) else set())
    if not theirs or (entity is not None and entity not in theirs):
        refuse(IS_THERE_FOR_YOU, asked_for="role")
    return found
