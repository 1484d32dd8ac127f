"""What may be read of published results: everything, by everybody.

What would be published is for whoever may read the assessment's ratings.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from stannary.core.cycle import STEPS, Act, ActKind, perform
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.publications import PublishedResult as Result
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import rateable
from stannary.web.assessments.queries import Standing
from stannary.web.cycle import operations as cycle_operations
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.facts import Reported
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person, Site
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.publications import records, rules
from stannary.web.publications.models import PublishedResult
from stannary.web.standards import queries as standards

HEAVY = ("content", "credential", "issuer_document", "log_proof")
"""What lists do not read."""


def results() -> QuerySet[PublishedResult]:
    """Give every published result, newest first."""
    return PublishedResult.objects.select_related("site", "assessment__firm")


def titled(rows: Iterable[PublishedResult]) -> tuple[tuple[PublishedResult, str], ...]:
    """Give results with the short title of their standard, one query for each standard more."""
    found = tuple(rows)
    editions = {name: standards.edition_or_none(name) for name in {one.standard for one in found}}
    titles = {name: one.short_title if one else name for name, one in editions.items()}
    return tuple((one, titles[one.standard]) for one in found)


def result(result_id: uuid.UUID) -> PublishedResult:
    """Give one published result.

    Raises:
        RefusalError: PARTY-001 if there is none with this id.
    """
    found = results().filter(result_id=result_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, result=str(result_id))
    return found


def results_of_site(site: Site) -> tuple[PublishedResult, ...]:
    """Give the results of a site, newest first."""
    return tuple(results().defer(*HEAVY).filter(site=site))


def results_of_assessments(those: Iterable[Assessment]) -> dict[int, PublishedResult]:
    """Give the results of assessments by the assessment's id, with one query."""
    found = PublishedResult.objects.filter(assessment__in=list(those)).defer(*HEAVY)
    return {one.assessment_id: one for one in found}


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing an assessment today would do.

    Attributes:
        standing: The assessment as it stands.
        result: What would be public; None while something is missing.
        findings: What is missing; none when it may be published.
    """

    standing: Standing
    result: Result | None
    findings: tuple[Finding, ...]


def preview(*, actor: Person, assessment_id: int, published_on: datetime.date) -> Preview:
    """Show an auditor of the firm what would be public, and what is still missing.

    Raises:
        RefusalError: PARTY-001 if the assessment is not there or belongs to another firm.
            RATING-021 if it is published already.
    """
    now = assessments.standing(actor=actor, assessment_id=assessment_id, as_of=published_on)
    is_of_a_firm(now.assessment)
    rateable(now.assessment)
    found = preview_of(now, published_on=published_on)
    more = act_findings(actor, now, published_on=published_on)
    return replace(found, result=None if more else found.result, findings=(*found.findings, *more))


def is_of_a_firm(those: Assessment) -> None:
    """Let nobody publish what a site says of itself.

    Raises:
        RefusalError: PARTY-001 for a self-assessment: it has no result.
    """
    if those.kind == Assessment.Kind.SELF:
        refuse(IS_THERE_FOR_YOU, assessment=str(those.pk))


def act_findings(
    actor: Person, now: Standing, *, published_on: datetime.date
) -> tuple[Finding, ...]:
    """Try the act with which the secretariat publishes, without doing it.

    Returns:
        Everything against it; none for an assessment that stands alone.
    """
    engagement = now.assessment.engagement
    if engagement is None:
        return ()
    held = cycle.engagement(actor=actor, engagement_id=engagement.pk)
    told = cycle_operations.gather(held, ActKind.PUBLISH, firm=held.row.firm, day=published_on)
    roles = STEPS[ActKind.PUBLISH].roles & held.roles or held.roles
    act = Act(
        id=str(held.number + 1),
        kind=ActKind.PUBLISH,
        role=min(roles),
        by=str(actor.pk),
        on=published_on,
    )
    try:
        perform(held.core, act, replace(told, report="this one"))
    except RefusalError as refusal:
        return refusal.findings
    return ()


def reported(engagement: Engagement) -> Reported:
    """Tell engagements of their newest public result."""
    rows = PublishedResult.objects.filter(assessment__engagement=engagement).defer(*HEAVY)
    newest = rows.order_by("-pk").first()
    if newest is None:
        return Reported()
    pending = newest.level_state == PublishedResult.LevelState.PENDING
    return Reported(str(newest.result_id), level_pending=pending)


def preview_of(now: Standing, *, published_on: datetime.date) -> Preview:
    """Try what publishing would do, without doing it."""
    findings = list(check_day(now, published_on=published_on))
    result = None
    try:
        result = records.draft(now, result_id=uuid.UUID(int=0), published_on=published_on)
    except RefusalError as refusal:
        findings.extend(refusal.findings)
    return Preview(now, None if findings else result, tuple(findings))


def check_day(now: Standing, *, published_on: datetime.date) -> Iterator[Finding]:
    """Check the day of release: not in the future, not before the newest rating."""
    today = timezone.localdate()
    if published_on > today:
        facts = {"published_on": published_on.isoformat(), "today": today.isoformat()}
        yield Finding(rules.NOT_IN_THE_FUTURE, facts)
    days = [timezone.localtime(record.at).date() for record in now.newest.values()]
    if days and published_on < max(days):
        facts = {"published_on": published_on.isoformat(), "newest_rating": max(days).isoformat()}
        yield Finding(rules.AFTER_THE_LAST_RATING, facts)
