"""What may be recorded of conversion factors: each act adds a fact and changes none.

Rules: PARTY-001, KERNEL-004, ENTITY-005, ENTITY-008, ENTITY-009, CUSTODY-077.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from stannary.core.kernel import Finding, RefusalError, as_fraction, refuse
from stannary.web.entities import heard, queries, rules
from stannary.web.entities.factors import queries as factors
from stannary.web.entities.factors import records
from stannary.web.entities.models import ConversionFactor, FactorStep
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.rules import IS_THERE_FOR_YOU


@dataclass(frozen=True, slots=True)
class FactorSaid:
    """What is said of a conversion factor; see `core.custody.ConversionFactor`.

    Attributes:
        factor: Content out over content in: "23/25" or "0.92".
        entity: Short name of the entity that states it; "" for a secretariat.
    """

    material: str
    product: str
    process: str
    element: str
    factor: str
    source: str
    valid_from: datetime.date
    valid_until: datetime.date | None = None
    entity: str = ""
    illustrative: bool = False


@transaction.atomic
def state(
    *, actor: Person, said: FactorSaid, at: datetime.datetime | None = None
) -> ConversionFactor:
    """State a conversion factor. Nothing is converted with it before it was approved.

    Raises:
        RefusalError: PARTY-001 if the actor is neither a clerk of the entity nor, where none is
            named, of a secretariat. KERNEL-004 for a factor that is no number. CUSTODY-077.
    """
    entity = queries.organisation(said.entity) if said.entity else None
    if entity is None:
        queries.must_be_secretariat(actor)
    elif not queries.acts_for(actor, entity):
        refuse(IS_THERE_FOR_YOU, asked_for="entity")
    row = ConversionFactor(
        entity=entity,
        material=said.material.strip(),
        product=said.product.strip(),
        process=said.process.strip(),
        element=said.element.strip(),
        factor=str(as_fraction(said.factor.strip(), name="factor")),
        source=said.source.strip(),
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        illustrative=said.illustrative or (entity is not None and entity.illustrative),
        by=actor,
        at=at or timezone.now(),
    )
    records.sound(row)  # refuses what cannot be
    row.save(force_insert=True)
    return row


@transaction.atomic
def approve(*, actor: Person, number: str, at: datetime.datetime | None = None) -> FactorStep:
    """Approve a factor from today on. This will look at all that was booked anew.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such factor.
            ENTITY-005 if they act for the entity that stated it. ENTITY-008 if they stated it
            themselves, or it was approved or withdrawn before.
    """
    row = _to_decide(actor, number)
    done = [step.kind for step in row.steps.all()]
    if done or row.by_id == actor.pk:
        facts = {"done": ", ".join(done)} if done else {"stated_by": "yourself"}
        raise RefusalError(Finding(rules.FACTOR_HAS_FOUR_EYES, {"factor": number, **facts}))
    moment = at or timezone.now()
    made = FactorStep(kind=FactorStep.Kind.APPROVED, on=timezone.localdate(moment))
    return _stored(made, row, actor, moment)


@transaction.atomic
def withdraw(
    *,
    actor: Person,
    number: str,
    on: datetime.date,
    reason: str,
    at: datetime.datetime | None = None,
) -> FactorStep:
    """Withdraw a factor from a day on. This will look at all that was booked anew.

    Args:
        actor: Of a secretariat.
        number: Of the factor.
        on: First day on which it is no longer used; before its end.
        reason: In words that anybody may read.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such factor.
            ENTITY-005 if they act for the entity that stated it. ENTITY-009.
    """
    row = _to_decide(actor, number)
    again = records.of_kind(row.steps.all(), FactorStep.Kind.WITHDRAWN)
    late = row.valid_until is not None and on >= row.valid_until
    if again is not None or late or not reason.strip():
        facts = {"withdrawn": str(again.on)} if again else {"on": str(on), "reason": reason[:40]}
        raise RefusalError(Finding(rules.FACTOR_IS_WITHDRAWN_ONCE, {"factor": number, **facts}))
    made = FactorStep(kind=FactorStep.Kind.WITHDRAWN, on=on, reason=reason.strip())
    return _stored(made, row, actor, at or timezone.now())


def _to_decide(actor: Person, number: str) -> ConversionFactor:
    queries.must_be_secretariat(actor)
    row = factors.factor_to_change(number)
    if row.entity is not None and queries.acts_for(actor, row.entity):
        refuse(rules.NOBODY_JUDGES_THEMSELVES, entity=row.entity.name)
    return row


def _stored(
    made: FactorStep, row: ConversionFactor, actor: Person, at: datetime.datetime
) -> FactorStep:
    made.factor, made.by, made.at = row, actor, at
    made.office = Organisation.objects.filter(
        roles__person=actor, roles__kind=Role.Kind.SECRETARIAT
    ).order_by("pk")[0]
    made.save(force_insert=True)
    heard.tell()
    return made
