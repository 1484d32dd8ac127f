"""What may be read of assessments, by whom.

An assessment that belongs to an engagement is open to whom `core.cycle.rights` says, in the state
in which the engagement is; one that stands alone to the auditors of its firm. Whoever asks for an
assessment that is not theirs gets the same answer as for one that is not there (PARTY-001).
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet
from django.utils import timezone

from stannary.core.assessments.verdicts import Side
from stannary.core.cycle import Action, ActKind, may
from stannary.core.cycle import Role as InEngagement
from stannary.core.cycle import State as EngagementState
from stannary.core.kernel import refuse
from stannary.core.scores import LevelOutcome, Score, score
from stannary.core.standards import Edition, Rating
from stannary.web.assessments import records, rules
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.records import Newest
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.models import Engagement, Member
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.queries import roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

LARGEST_ID = 2**63 - 1
LOOK_BACK = 12
"""How many of the newest ratings are searched for the one that moved the level."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An assessment as it stands: the ratings that count and what they are worth.

    Attributes:
        assessment: The row.
        edition: Under which it is.
        newest: By requirement the record that counts.
        score: What they are worth.
        under: By requirement the auditors' records where a final one takes their place.
    """

    assessment: Assessment
    edition: Edition
    newest: Mapping[str, Newest]
    score: Score
    under: Mapping[str, Newest] = field(default_factory=dict)

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


_RELATED = ("site", "firm", "lead_auditor", "carried_from", "engagement__operator")
READS = {Assessment.Kind.SELF.value: Action.READ_SELF_ASSESSMENT}
"""What somebody must be allowed to read an assessment of a kind; else the audit's ratings."""

PUBLIC_FROM = tuple(
    str(kind)
    for kind in (
        ActKind.PUBLISH,
        ActKind.SETTLE_PENDING,
        ActKind.BEGIN_SURVEILLANCE,
        ActKind.PUBLISH_SURVEILLANCE,
    )
)
"""Acts from which on only what is pending is rated."""

SIDES: tuple[tuple[Action, Side], ...] = (
    (Action.RATE_SELF, Side.SITE),
    (Action.RATE_AUDIT, Side.AUDITOR),
    (Action.RATE_CORRECTION, Side.FINAL),
    (Action.RATE_PENDING, Side.FINAL),
)
"""Which word somebody gives who may do something."""


def assessments_of(actor: Person) -> QuerySet[Assessment]:
    """Give the assessments that a person works on, newest first.

    Those that stand alone are of every firm for which the person is an auditor; those of an
    engagement are of whoever has a role in it, as far as the role reads them now. The secretariat
    reads more than this: it comes from the engagement.
    """
    firms = Role.objects.filter(person=actor, kind=Role.Kind.AUDITOR).values("organisation")
    given = Member.objects.filter(person=actor, ended_at__isnull=True)
    roles: dict[tuple[object, str], set[InEngagement]] = {}
    for engagement_id, state, role in given.values_list(
        "engagement_id", "engagement__state", "role"
    ):
        roles.setdefault((engagement_id, state), set()).add(InEngagement(role))
    found = Q(engagement__isnull=True, firm__in=firms)
    for action, kinds in (
        (Action.READ_SELF_ASSESSMENT, Q(kind=Assessment.Kind.SELF)),
        (Action.READ_AUDIT_RATINGS, ~Q(kind=Assessment.Kind.SELF)),
    ):
        theirs = [
            name
            for (name, state), held in roles.items()
            if may(held, action, EngagementState(state))
        ]
        if theirs:
            found |= kinds & Q(engagement__in=theirs)
    return Assessment.objects.filter(found).select_related(*_RELATED)


def roles_in(actor: Person, those: Assessment) -> frozenset[InEngagement]:
    """Give what a person is in the engagement of an assessment; nothing for one that stands alone.

    It is asked once for each row that was read: `assessment_to_change` asks again under its lock.
    """
    if those.engagement is None:
        return frozenset()
    known: dict[int, frozenset[InEngagement]] = those.__dict__.setdefault("_roles", {})
    if actor.pk not in known:
        known[actor.pk] = cycle.roles_in(actor, those.engagement)
    return known[actor.pk]


def may_do(actor: Person, those: Assessment, action: Action) -> bool:
    """Tell whether somebody may do something in the engagement of an assessment now."""
    if those.engagement is None:
        return False
    return may(roles_in(actor, those), action, EngagementState(those.engagement.state))


def assessment(*, actor: Person, assessment_id: int) -> Assessment:
    """Give an assessment that a person may see.

    Raises:
        RefusalError: PARTY-001 if it is not there, belongs to another firm, or to an engagement in
            which the person may not read it now.
    """
    rows = Assessment.objects.select_related(*_RELATED)
    found = rows.filter(pk=assessment_id).first() if 0 < assessment_id <= LARGEST_ID else None
    if found is None or not _is_read_by(actor, found):
        refuse(IS_THERE_FOR_YOU, assessment=str(assessment_id)[:40])
    return found


def _is_read_by(actor: Person, those: Assessment) -> bool:
    if those.engagement is not None:
        return may_do(actor, those, READS.get(those.kind, Action.READ_AUDIT_RATINGS))
    return Role.objects.filter(
        person=actor, kind=Role.Kind.AUDITOR, organisation=those.firm_id
    ).exists()


def assessment_to_change(*, actor: Person, assessment_id: int) -> Assessment:
    """Give an assessment and keep others from changing it until the transaction ends.

    Nobody acts in its engagement meanwhile either, and both are in the state that counts then.

    Raises:
        RefusalError: As `assessment`.
    """
    those = assessment(actor=actor, assessment_id=assessment_id)
    if those.engagement is not None:
        rows = Engagement.objects.select_for_update()
        those.engagement.state = rows.get(pk=those.engagement.pk).state
    those.state = Assessment.objects.select_for_update().get(pk=those.pk).state
    those.__dict__.pop("_roles", None)
    return those


def side_of(actor: Person, those: Assessment) -> Side | None:
    """Give the side on which somebody rates an assessment now; None: they do not."""
    if those.engagement is None:
        return Side.AUDITOR if those.state == Assessment.State.OPEN else None
    state, roles = EngagementState(those.engagement.state), roles_in(actor, those)
    own = those.kind == Assessment.Kind.SELF
    for action, side in SIDES:
        if (side is Side.SITE) is own and may(roles, action, state):
            return side
    return None


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
    """Give the records that count, by assessment and requirement, with one query.

    A final record counts before one of the auditors.
    """
    return {
        name: {requirement: counting(sides) for requirement, sides in found.items()}
        for name, found in sided_records(those).items()
    }


def counting(sides: Mapping[Side, Newest]) -> Newest:
    """Give of the newest records of a requirement the one that counts."""
    return sides.get(Side.FINAL) or sides.get(Side.AUDITOR) or sides[Side.SITE]


def sided_records(
    those: Iterable[Assessment], *, known_on: datetime.date | None = None
) -> dict[int, dict[str, dict[Side, Newest]]]:
    """Give the newest records of every side, by assessment and requirement, with one query.

    Args:
        those: The assessments.
        known_on: Only what was said by the end of this day, in assessments that were open by
            then; None: what is said now.
    """
    found: dict[int, dict[str, dict[Side, Newest]]] = {one.pk: {} for one in those}
    rows = RatingRecord.objects.filter(assessment__in=list(found))
    if known_on is None or known_on >= timezone.localdate():
        rows = rows.filter(following__isnull=True)
    else:
        end = end_of(known_on)
        rows = rows.filter(at__lt=end, assessment__opened_at__lt=end)
    listed = rows.order_by("pk").values_list("assessment_id", *records.FIELDS)
    for assessment_id, *row in listed:
        record = records.newest(tuple(row))
        found[assessment_id].setdefault(record.requirement, {})[record.side] = record
    return found


def end_of(day: datetime.date) -> datetime.datetime:
    """Give the first moment after a day, where this site's clock hangs."""
    following = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(days=1)
    return timezone.make_aware(following)


def self_assessment(engagement: Engagement) -> Assessment | None:
    """Give the self-assessment of an engagement; None for one from before there were any."""
    return Assessment.objects.filter(engagement=engagement, kind=Assessment.Kind.SELF).first()


def audit(engagement: Engagement) -> Assessment | None:
    """Give the newest assessment of an engagement by its firm; None: it has not begun."""
    rows = Assessment.objects.filter(engagement=engagement).exclude(kind=Assessment.Kind.SELF)
    return rows.select_related(*_RELATED).order_by("-pk").first()


def settled(those: Assessment, requirements: Iterable[str]) -> dict[str, str]:
    """Give of these requirements those that were rated when the last result was made public.

    Returns:
        Requirement to its rating then; nothing while no result of the engagement is public. A
        surveillance begins with what counted before it, so that its opening counts as well.
    """
    if those.engagement is None:
        return {}
    acts = those.engagement.acts.filter(kind__in=PUBLIC_FROM).order_by("-number")
    newest = acts.values_list("at", flat=True).first()
    if newest is None:
        return {}
    wanted = list(requirements)
    rows = RatingRecord.objects.filter(
        assessment=those, requirement_id__in=wanted, at__lte=newest
    ).exclude(side=Side.SITE)
    found: dict[str, RatingRecord] = {}
    for row in rows.order_by("pk"):
        there = found.get(row.requirement_id)
        if there is None or row.side == Side.FINAL or there.side != Side.FINAL:
            found[row.requirement_id] = row
    return {name: row.rating for name, row in found.items() if row.rating != Rating.PENDING}


def records_with_ids(those: Assessment, ids: Iterable[int]) -> dict[int, Newest]:
    """Give records of an assessment by id, old ones too; an id of another one gives nothing."""
    wanted = [pk for pk in ids if 0 < pk <= LARGEST_ID]
    if not wanted:
        return {}
    rows = RatingRecord.objects.filter(assessment=those, pk__in=wanted)
    return {row[0]: records.newest(row) for row in rows.values_list(*records.FIELDS)}


def standing_of(
    those: Assessment,
    edition: Edition,
    newest: Mapping[str, Newest],
    *,
    as_of: datetime.date,
    under: Mapping[str, Newest] | None = None,
) -> Standing:
    """Score an assessment from its records."""
    result = score(records.sheet(edition, newest), as_of=as_of)
    return Standing(those, edition, newest, result, under or {})


def standing(
    *,
    actor: Person,
    assessment_id: int,
    as_of: datetime.date,
    known_on: datetime.date | None = None,
) -> Standing:
    """Give an assessment as it stands under the points and thresholds of a day.

    Args:
        actor: Who asks.
        assessment_id: Of which assessment.
        as_of: Whose points and thresholds count.
        known_on: Whose ratings count: those known at its end; None: those known now.

    Raises:
        RefusalError: PARTY-001 if it is not there or belongs to another firm.
    """
    found = assessment(actor=actor, assessment_id=assessment_id)
    edition = standards.edition(found.edition_id)
    sided = sided_records([found], known_on=known_on)[found.pk]
    newest = {name: counting(sides) for name, sides in sided.items()}
    under = {
        name: sides[Side.AUDITOR]
        for name, sides in sided.items()
        if Side.FINAL in sides and Side.AUDITOR in sides
    }
    return standing_of(found, edition, newest, as_of=as_of, under=under)


def standings(actor: Person, *, as_of: datetime.date) -> tuple[Standing, ...]:
    """Give every assessment that a person may see, newest first; one query for each edition more."""
    found = tuple(assessments_of(actor))
    by_id = newest_records(found)
    editions = {name: standards.edition(name) for name in {one.edition_id for one in found}}
    return tuple(
        standing_of(one, editions[one.edition_id], by_id[one.pk], as_of=as_of) for one in found
    )


def history(
    those: Assessment, *, limit: int, known_on: datetime.date | None = None
) -> tuple[RatingRecord, ...]:
    """Give the latest records of an assessment with what each of them replaced, newest first.

    Args:
        those: The assessment.
        limit: How many at most.
        known_on: Only those said by the end of this day; None: all.
    """
    rows = RatingRecord.objects.filter(assessment=those).select_related("assessor", "previous")
    if known_on is not None:
        rows = rows.filter(at__lt=end_of(known_on))
    return tuple(rows.order_by("-id")[:limit])


def without(now: Standing, record: RatingRecord) -> Standing:
    """Give a standing as it was before its newest record of a requirement."""
    newest = dict(now.newest)
    before = record.previous
    name = record.requirement_id
    if name in newest and newest[name].id != record.pk:
        return now  # a final record stands above it, so that it moved nothing
    if before is None and record.side == Side.FINAL and name in now.under:
        newest[name] = now.under[name]
    elif before is None:
        newest.pop(name, None)
    else:
        held = newest[name]
        newest[name] = replace(
            held, id=before.pk, rating=Rating(before.rating), rationale=before.rationale
        )
    return standing_of(now.assessment, now.edition, newest, as_of=now.score.as_of, under=now.under)


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
