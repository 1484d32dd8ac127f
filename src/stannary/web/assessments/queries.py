"""What may be read of assessments. Only the firm's auditors see an open one.

Whoever asks for an assessment that is not theirs gets the same answer as for one that is not
there (PARTY-001).
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from stannary.core.kernel import refuse
from stannary.core.scores import LevelOutcome, Score, score
from stannary.core.standards import Edition, Rating
from stannary.web.assessments import records, rules
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.records import Newest
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.queries import roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

LARGEST_ID = 2**63 - 1
LOOK_BACK = 12
"""How many of the newest ratings are searched for the one that moved the level."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An assessment as it stands: the ratings that count and what they are worth."""

    assessment: Assessment
    edition: Edition
    newest: Mapping[str, Newest]
    score: Score

    @property
    def pending(self) -> int:
        """How many requirements are not rated yet."""
        return sum(tally.pending for tally in self.score.principles)

    @property
    def rated(self) -> int:
        """How many are rated, those that are not relevant included."""
        return len(self.edition.requirements) - self.pending


@dataclass(frozen=True, slots=True)
class Movement:
    """The rating that moved the level, and what the level was before it."""

    record: int
    requirement: str
    rating: Rating
    before: LevelOutcome


def assessments_of(actor: Person) -> QuerySet[Assessment]:
    """Give the assessments of every firm for which a person is an auditor, newest first."""
    firms = Role.objects.filter(person=actor, kind=Role.Kind.AUDITOR).values("organisation")
    return Assessment.objects.filter(firm__in=firms).select_related(
        "site", "firm", "lead_auditor", "carried_from"
    )


def assessment(*, actor: Person, assessment_id: int) -> Assessment:
    """Give an assessment that a person may see and rate.

    Raises:
        RefusalError: PARTY-001 if it is not there or belongs to another firm.
    """
    return _one(assessments_of(actor), assessment_id)


def assessment_to_change(*, actor: Person, assessment_id: int) -> Assessment:
    """Give an assessment and keep others from changing it until the transaction ends.

    Raises:
        RefusalError: PARTY-001 if it is not there or belongs to another firm.
    """
    return _one(assessments_of(actor).select_for_update(of=("self",)), assessment_id)


def _one(those: QuerySet[Assessment], assessment_id: int) -> Assessment:
    found = None
    if 0 < assessment_id <= LARGEST_ID:
        found = those.filter(pk=assessment_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, assessment=str(assessment_id)[:40])
    return found


def firm_to_assess_for(*, actor: Person, slug: str | None) -> Organisation:
    """Give an audit firm to one of its auditors.

    Args:
        actor: Who wants to assess.
        slug: Of the firm; None: the only one for which the actor is an auditor.

    Raises:
        RefusalError: PARTY-001 if the actor is no auditor of it, or of any. RATING-022 if none is
            named and the actor is an auditor of several.
    """
    roles = [role for role in roles_of(actor) if role.kind == Role.Kind.AUDITOR]
    firms = [role.organisation for role in roles if slug in (None, role.organisation.slug)]
    if not firms:
        refuse(IS_THERE_FOR_YOU, asked_for="firm")
    if len(firms) > 1:
        refuse(rules.FIRM_ASSESSES, firms=", ".join(firm.slug for firm in firms))
    return firms[0]


def newest_records(those: Iterable[Assessment]) -> dict[int, dict[str, Newest]]:
    """Give the records that count, by assessment and requirement, with one query."""
    found: dict[int, dict[str, Newest]] = {one.pk: {} for one in those}
    rows = RatingRecord.objects.filter(
        assessment__in=list(found), following__isnull=True
    ).values_list("assessment_id", *records.FIELDS)
    for assessment_id, *row in rows:
        record = records.newest(tuple(row))
        found[assessment_id][record.requirement] = record
    return found


def records_with_ids(those: Assessment, ids: Iterable[int]) -> dict[int, Newest]:
    """Give records of an assessment by id, old ones too; an id of another one gives nothing."""
    wanted = [pk for pk in ids if 0 < pk <= LARGEST_ID]
    if not wanted:
        return {}
    rows = RatingRecord.objects.filter(assessment=those, pk__in=wanted)
    return {row[0]: records.newest(row) for row in rows.values_list(*records.FIELDS)}


def standing_of(
    those: Assessment, edition: Edition, newest: Mapping[str, Newest], *, as_of: datetime.date
) -> Standing:
    """Score an assessment from its records."""
    result = score(records.sheet(edition, newest), as_of=as_of)
    return Standing(assessment=those, edition=edition, newest=newest, score=result)


def standing(*, actor: Person, assessment_id: int, as_of: datetime.date) -> Standing:
    """Give an assessment as it stands on a day.

    Raises:
        RefusalError: PARTY-001 if it is not there or belongs to another firm.
    """
    found = assessment(actor=actor, assessment_id=assessment_id)
    edition = standards.edition(found.edition_id)
    return standing_of(found, edition, newest_records([found])[found.pk], as_of=as_of)


def standings(actor: Person, *, as_of: datetime.date) -> tuple[Standing, ...]:
    """Give every assessment that a person may see, newest first; one query for each edition more."""
    found = tuple(assessments_of(actor))
    by_id = newest_records(found)
    editions = {name: standards.edition(name) for name in {one.edition_id for one in found}}
    return tuple(
        standing_of(one, editions[one.edition_id], by_id[one.pk], as_of=as_of) for one in found
    )


def history(those: Assessment, *, limit: int) -> tuple[RatingRecord, ...]:
    """Give the latest records of an assessment with what each of them replaced, newest first."""
    rows = RatingRecord.objects.filter(assessment=those).select_related("assessor", "previous")
    return tuple(rows.order_by("-id")[:limit])


def without(now: Standing, record: RatingRecord) -> Standing:
    """Give a standing as it was before its newest record of a requirement."""
    newest = dict(now.newest)
    before = record.previous
    if before is None:
        newest.pop(record.requirement_id, None)
    else:
        held = newest[record.requirement_id]
        newest[record.requirement_id] = replace(
            held, id=before.pk, rating=Rating(before.rating), rationale=before.rationale
        )
    return standing_of(now.assessment, now.edition, newest, as_of=now.score.as_of)


def last_movement(now: Standing, latest: Iterable[RatingRecord]) -> Movement | None:
    """Find the newest rating that moved the level; None if none of the latest did.

    Args:
        now: The standing with all records.
        latest: The newest records of the assessment, newest first, without gaps.
    """
    after = now
    for record in latest:
        before = without(after, record)
        if before.score.level != after.score.level:
            return Movement(
                record=record.pk,
                requirement=record.requirement_id,
                rating=Rating(record.rating),
                before=before.score.level,
            )
        after = before
    return None
