"""What may be done to assessments: one function for each act, one transaction for each function.

Rules: RATING-001 to RATING-009, RATING-020 to RATING-028, ENGAGEMENT-001, 002, TRANSITION-007, PARTY-001.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from stannary.core.assessments import Verdict, check_verdicts
from stannary.core.assessments.rules import RATING_IS_KNOWN
from stannary.core.assessments.verdicts import Side
from stannary.core.cycle import Action
from stannary.core.kernel import Finding, InvariantError, RefusalError, refuse
from stannary.core.standards import Edition, Rating
from stannary.web.assessments import carried, queries, records, rules
from stannary.web.assessments.models import Assessment, RatingRecord
from stannary.web.assessments.records import Newest
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.standards import queries as standards


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to say of one requirement.

    Attributes:
        rating: One of the six words; anything else is refused (RATING-003).
        evidence: Links, one on each line.
        seen: Id of the newest record when they looked; None if there was none.
    """

    requirement_id: str
    rating: str
    rationale: str
    evidence: str
    seen: int | None


@transaction.atomic
def open_assessment(
    *,
    actor: Person,
    site: Site,
    edition_id: str,
    firm: Organisation,
    opened_at: datetime.datetime | None = None,
) -> Assessment:
    """Begin to measure a site against an edition; the actor leads.

    Args:
        actor: An auditor of the firm.
        site: What is measured.
        edition_id: Of an edition that is loaded here.
        firm: The audit firm.
        opened_at: When it was opened; None: now.

    Raises:
        RefusalError: RATING-022 if the actor is no auditor of the firm. RATING-023 if only one
            of site and firm is illustrative. RATING-024 if the firm has an open one of the site
            under this edition. PARTY-001 if there is no such edition here. TRANSITION-007 if the
            edition does not apply on that day.
    """
    return _open(actor, site, firm, edition_id, opened_at or timezone.now())


@transaction.atomic
def carry_over(
    *,
    actor: Person,
    assessment_id: int,
    edition_id: str,
    opened_at: datetime.datetime | None = None,
) -> Assessment:
    """Open an assessment under a newer edition with the answers that stand; the actor leads.

    Each answer that stands becomes a record of the new assessment with the assessor and the time
    of the old record, to which it points: who judged, and when, is not invented. What must be
    judged again is left pending. The old assessment is not changed.

    Args:
        actor: An auditor of the firm of the old assessment.
        assessment_id: Of the old assessment, open or published.
        edition_id: Of the newer edition.
        opened_at: When the new one was opened; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor may not see the old assessment. RATING-025 if no
            transition leads from its edition to this one; else as for `open_assessment`.
    """
    those = queries.assessment_to_change(actor=actor, assessment_id=assessment_id)
    plan = carried.plan(those, edition_id)
    if those.firm is None:
        refuse(rules.FIRM_ASSESSES, firm="none")
    findings = check_verdicts(plan.crossing.after, plan.result.standing)
    if findings:
        raise RefusalError(*findings)
    made = _open(
        actor, those.site, those.firm, edition_id, opened_at or timezone.now(), carried_from=those
    )
    repeated = {answer.requirement: plan.source_of(answer).id for answer in plan.standing}
    old = RatingRecord.objects.in_bulk(repeated.values())
    RatingRecord.objects.bulk_create(
        RatingRecord(
            assessment=made,
            requirement_id=requirement,
            rating=old[pk].rating,
            rationale=old[pk].rationale,
            evidence=old[pk].evidence,
            assessor_id=old[pk].assessor_id,
            at=old[pk].at,
            carried_from_id=pk,
        )
        for requirement, pk in repeated.items()
    )
    return made


def _open(
    actor: Person,
    site: Site,
    firm: Organisation,
    edition_id: str,
    opened_at: datetime.datetime,
    *,
    carried_from: Assessment | None = None,
) -> Assessment:
    # of two who open at the same moment, the second waits here and then finds that of the first
    Site.objects.select_for_update().get(pk=site.pk)
    roles = Role.objects.filter(person=actor, organisation=firm, kind=Role.Kind.AUDITOR)
    if firm.kind != Organisation.Kind.FIRM or not roles.exists():
        refuse(rules.FIRM_ASSESSES, firm=firm.name)
    if site.illustrative != firm.illustrative:
        refuse(rules.MADE_UP_STAYS_MADE_UP, site=site.name, firm=firm.name)
    edition = standards.edition_to_open(edition_id, timezone.localdate(opened_at))
    there = Assessment.objects.filter(
        site=site,
        edition_id=edition.id,
        firm=firm,
        state=Assessment.State.OPEN,
        engagement__isnull=True,
    )
    if there.exists():
        refuse(rules.ONE_AT_A_TIME, site=site.name, edition=edition.id)
    return Assessment.objects.create(
        site=site,
        edition_id=edition.id,
        pack_sha256=standards.pack_sha256_of(edition_id),
        firm=firm,
        lead_auditor=actor,
        opened_at=opened_at,
        illustrative=site.illustrative,
        carried_from=carried_from,
    )


def rate(
    *,
    actor: Person,
    assessment_id: int,
    requirement_id: str,
    rating: str,
    rationale: str = "",
    evidence: str = "",
    seen: int | None,
    at: datetime.datetime | None = None,
) -> RatingRecord:
    """Say how well one requirement is met. This will add a record, or none if nothing is new.

    Raises:
        RefusalError: PARTY-001 if the actor may not see the assessment. RATING-021 if it is
            published, ENGAGEMENT-001 or 002 if it belongs to an engagement in which the actor does
            not rate now. RATING-020 if somebody else rated since the actor looked; its facts show
            both ratings. RATING-001 to RATING-009 for what is said, RATING-027 for a final verdict
            without a reason, RATING-028 for what was not pending when the result was published.
    """
    change = Change(requirement_id, rating, rationale, evidence, seen)
    return rate_all(actor=actor, assessment_id=assessment_id, changes=[change], at=at)[0]


@transaction.atomic
def rate_all(
    *,
    actor: Person,
    assessment_id: int,
    changes: Sequence[Change],
    at: datetime.datetime | None = None,
) -> tuple[RatingRecord, ...]:
    """Say how well several requirements are met, all or none of them.

    A change that says what the newest record already says adds nothing, so that sending it
    again after a broken connection is safe.

    Returns:
        The newest record of each change, in the order given.

    Raises:
        RefusalError: With every finding of every change, as for `rate`. RATING-002 if two of
            them are about the same requirement.
    """
    those = queries.assessment_to_change(actor=actor, assessment_id=assessment_id)
    side = side_to_rate(actor, those)
    edition = standards.edition(those.edition_id)
    _pending_alone(those, side, changes)
    author = Author(side, actor)
    return add_all(those, edition, author, changes, at or timezone.now())


def _pending_alone(those: Assessment, side: Side, changes: Sequence[Change]) -> None:
    """Once a result is public, only what it left pending is rated (rulebook 4.2).

    Raises:
        RefusalError: RATING-028 for every requirement that was rated when the result was
            published, or the surveillance began.
    """
    if side is not Side.FINAL or those.engagement is None:
        return
    wanted = [change.requirement_id for change in changes]
    settled = queries.settled(those, wanted)
    if settled:
        raise RefusalError(
            *(
                Finding(rules.ONLY_PENDING_IS_RATED_LATER, {"requirement": name, "rating": word})
                for name, word in settled.items()
            )
        )


@dataclass(frozen=True, slots=True)
class Author:
    """Who says something, on which side.

    Attributes:
        side: Whose word it is.
        person: With an account; None for a respondent.
        name: That a respondent stated.
    """

    side: Side
    person: Person | None = None
    name: str = ""


def add_all(
    those: Assessment,
    edition: Edition,
    author: Author,
    changes: Sequence[Change],
    at: datetime.datetime,
) -> tuple[RatingRecord, ...]:
    """Check changes and add their records, all or none; whoever calls this has asked the rights.

    Raises:
        RefusalError: As `rate_all`. RATING-027 for a final verdict without a reason.
    """
    sided = queries.sided_records([those])[those.pk]
    shown = {name: queries.counting(sides) for name, sides in sided.items()}
    findings, verdicts = check_changes(edition, changes)
    if author.side is Side.FINAL:
        findings.extend(_without_reason(verdicts))
    conflicts = _conflicts(verdicts, changes, shown)
    if findings or conflicts:
        raise RefusalError(*conflicts, *findings)
    added = []
    for verdict in verdicts:
        there = shown.get(verdict.requirement)
        own = sided.get(verdict.requirement, {}).get(author.side)
        if there is not None and _same(there, verdict):
            rows = RatingRecord.objects.select_related("assessor", "previous")
            added.append(rows.get(pk=there.id))
        else:
            added.append(_add(those, author, verdict, own, at))
    return tuple(added)


def check_finals(edition: Edition, changes: Sequence[Change]) -> tuple[Finding, ...]:
    """Give every finding about final verdicts that somebody wants to give, RATING-027 too."""
    findings, verdicts = check_changes(edition, changes)
    return (*findings, *_without_reason(verdicts))


def _without_reason(verdicts: Iterable[Verdict]) -> Iterator[Finding]:
    for one in verdicts:
        if not one.rationale:
            yield Finding(rules.FINAL_HAS_A_REASON, {"requirement": one.requirement[:40]})


def record_corrections(
    those: Assessment,
    actor: Person,
    corrected: Sequence[tuple[Change, Rating]],
    at: datetime.datetime,
) -> None:
    """Write down the verdicts that a published correction gives, as final ones.

    Whoever calls this has asked the rights and checked the verdicts. A verdict that counts here
    and is not the one that was corrected came later, and stays.

    Args:
        those: The assessment whose result is corrected.
        actor: Who corrects it.
        corrected: The verdict as it should have been, and the rating that was published.
        at: When.
    """
    sided = queries.sided_records([those])[those.pk]
    _findings, verdicts = check_changes(
        standards.edition(those.edition_id), [change for change, _was in corrected]
    )
    for verdict, (_change, was) in zip(verdicts, corrected, strict=True):
        sides = sided.get(verdict.requirement, {})
        there = queries.counting(sides) if sides else None
        if (there.rating if there is not None else Rating.PENDING) is was:
            kept = replace(verdict, evidence=there.evidence if there is not None else ())
            _add(those, Author(Side.FINAL, actor), kept, sides.get(Side.FINAL), at)


def side_to_rate(actor: Person, those: Assessment) -> Side:
    """Give the side on which somebody rates an assessment now.

    Raises:
        RefusalError: RATING-021 if it stands alone and is published. ENGAGEMENT-001 or 002 if the
            engagement's state, or the person's role in it, gives no right to rate.
    """
    if those.engagement is None:
        rateable(those)
        return Side.AUDITOR
    side = queries.side_of(actor, those)
    if side is None:
        own = those.kind == Assessment.Kind.SELF
        action = Action.RATE_SELF if own else Action.RATE_AUDIT
        cycle.engagement(actor=actor, engagement_id=those.engagement.pk, action=action)
        raise InvariantError("the rights of an engagement and its state do not agree")
    return side


def rateable(those: Assessment) -> Edition:
    """Give the edition under which an assessment that is not published is rated.

    Raises:
        RefusalError: RATING-021 if it is published.
    """
    if those.state != Assessment.State.OPEN:
        refuse(rules.ASSESSMENT_IS_OPEN, assessment=str(those.pk), site=those.site.name)
    return standards.edition(those.edition_id)


def check_changes(
    edition: Edition, changes: Iterable[Change]
) -> tuple[list[Finding], list[Verdict]]:
    """Read changes as verdicts and give every finding of core about them."""
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    for change in changes:
        rating = Rating.PENDING
        try:
            rating = Rating(change.rating)
        except ValueError:
            facts = {"requirement": change.requirement_id[:40], "rating": change.rating[:40]}
            findings.append(Finding(RATING_IS_KNOWN, facts))
        verdicts.append(
            Verdict(
                requirement=change.requirement_id,
                rating=rating,
                rationale=records.tidy(change.rationale),
                evidence=records.links(change.evidence),
            )
        )
    return [*findings, *check_verdicts(edition, verdicts)], verdicts


def _conflicts(
    verdicts: Sequence[Verdict], changes: Sequence[Change], newest: Mapping[str, Newest]
) -> list[Finding]:
    found = []
    for verdict, change in zip(verdicts, changes, strict=True):
        there = newest.get(verdict.requirement)
        if there is None and change.seen is None:
            continue
        if there is not None and (there.id == change.seen or _same(there, verdict)):
            continue
        facts = {"requirement": verdict.requirement[:40], "yours": str(verdict.rating)}
        if there is not None:
            facts |= {
                "saved": str(there.rating),
                "by": there.assessor,
                "at": date_format(timezone.localtime(there.at), "Y-m-d H:i e"),
            }
        found.append(Finding(rules.NEWEST_WAS_SEEN, facts))
    return found


def _same(there: Newest, verdict: Verdict) -> bool:
    said = (verdict.rating, verdict.rationale, verdict.evidence)
    return (there.rating, there.rationale, there.evidence) == said


def _add(
    those: Assessment,
    author: Author,
    verdict: Verdict,
    own: Newest | None,
    at: datetime.datetime,
) -> RatingRecord:
    return RatingRecord.objects.create(
        assessment=those,
        requirement_id=verdict.requirement,
        side=author.side,
        rating=verdict.rating,
        rationale=verdict.rationale,
        evidence=records.lines(verdict.evidence),
        assessor=author.person,
        said_by=author.name,
        at=at,
        previous_id=own.id if own else None,
    )


def close(those: Assessment) -> None:
    """End the rating of an assessment because its results become public; part of publishing."""
    Assessment.objects.filter(pk=those.pk).update(state=Assessment.State.PUBLISHED)
    those.state = Assessment.State.PUBLISHED


@dataclass(frozen=True, slots=True)
class First:
    """The first verdict of a side on a requirement, by somebody and of a time that are known."""

    requirement_id: str
    rating: str
    rationale: str
    assessor_id: int | None
    at: datetime.datetime
    evidence: str = ""


def open_engaged(
    engagement: Engagement, kind: Assessment.Kind, lead: Person, at: datetime.datetime
) -> Assessment:
    """Open an assessment of an engagement; part of one of its acts.

    Raises:
        RefusalError: RATING-026 if the engagement has one of this kind; of surveillances, if one
            is open.
    """
    there = Assessment.objects.filter(engagement=engagement, kind=kind)
    if kind is Assessment.Kind.SURVEILLANCE:
        there = there.filter(state=Assessment.State.OPEN)
    if there.exists():
        refuse(rules.SIDES_HAVE_THEIR_ASSESSMENT, engagement=str(engagement.pk), kind=str(kind))
    return Assessment.objects.create(
        engagement=engagement,
        kind=kind,
        site=engagement.site,
        edition_id=engagement.edition_id,
        pack_sha256=standards.pack_sha256_of(engagement.edition_id),
        firm=None if kind is Assessment.Kind.SELF else engagement.firm,
        lead_auditor=lead,
        opened_at=at,
        illustrative=engagement.site.illustrative,
    )


def carry_verdicts(before: Assessment, made: Assessment) -> None:
    """Begin an assessment with the verdicts that count in the one before, whoever gave them when."""
    counting = queries.newest_records([before])[before.pk]
    rows = RatingRecord.objects.in_bulk(one.id for one in counting.values())
    RatingRecord.objects.bulk_create(
        RatingRecord(
            assessment=made,
            requirement_id=row.requirement_id,
            side=row.side,
            rating=row.rating,
            rationale=row.rationale,
            evidence=row.evidence,
            assessor_id=row.assessor_id,
            at=row.at,
            carried_from=row,
        )
        for row in rows.values()
    )


def say_first(those: Assessment, side: Side, rows: Iterable[First]) -> None:
    """Write the first verdicts of a side, on requirements on which it has said nothing yet."""
    RatingRecord.objects.bulk_create(
        RatingRecord(
            assessment=those,
            requirement_id=one.requirement_id,
            side=side,
            rating=one.rating,
            rationale=one.rationale,
            evidence=one.evidence,
            assessor_id=one.assessor_id,
            at=one.at,
        )
        for one in rows
    )
