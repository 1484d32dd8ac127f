"""What may be read of published results: everything, by everybody.

What would be published is for whoever may read the assessment's ratings.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from stannary.core.cycle import STEPS, Act, Action, ActKind, State, may, perform
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.publications import Kind
from stannary.core.publications import PublishedResult as Result
from stannary.core.standards import Rating
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import rateable
from stannary.web.assessments.queries import Standing
from stannary.web.cycle import operations as cycle_operations
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.facts import Reported
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person, Site
from stannary.web.parties.queries import Visitor
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.publications import records, rules
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.records import Release
from stannary.web.standards import queries as standards

HEAVY = ("content", "credential", "issuer_document", "log_proof")
"""What lists do not read."""


def results() -> QuerySet[PublishedResult]:
    """Give every published result, newest first, each with the ids of what it follows and leads to."""
    rows = PublishedResult.objects.select_related(
        "site", "assessment__firm", "assessment__engagement__operator"
    )
    return rows.annotate(
        earlier_uuid=F("earlier__result_id"), correction_uuid=F("correction__result_id")
    )


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


def may_correct(actor: Visitor, row: PublishedResult) -> bool:
    """Tell whether somebody may correct a result: the secretariat, of an engagement or of any."""
    engagement = row.assessment.engagement
    if engagement is None:
        return cycle.of_secretariat(actor)
    roles = cycle.roles_in(actor, engagement)
    return may(roles, Action.CORRECT_RESULT, State(engagement.state))


def result_to_correct(
    *, actor: Visitor, result_id: uuid.UUID, lock: bool = False
) -> PublishedResult:
    """Give a result to somebody who may correct it.

    Args:
        actor: Who wants to.
        result_id: Of which result.
        lock: Whether others are kept from correcting it until the transaction ends.

    Raises:
        RefusalError: PARTY-001 if there is none, or the person may not correct it.
            PUBLICATION-024 if it has a correction already.
    """
    found = result(result_id)
    if not may_correct(actor, found):
        refuse(IS_THERE_FOR_YOU, result=str(result_id))
    if lock:
        PublishedResult.objects.select_for_update().get(pk=found.pk)
    by = PublishedResult.objects.filter(corrects=found).values_list("result_id", flat=True).first()
    if by is not None:
        refuse(rules.CORRECTED_ONCE, result=str(result_id), correction=str(by))
    return found


def two_results(one: uuid.UUID, other: uuid.UUID) -> tuple[PublishedResult, PublishedResult]:
    """Give two results of one site, the older one first, in whichever order they are named.

    Raises:
        RefusalError: PARTY-001 if one is not there, both are the same, or of two sites.
    """
    found = sorted((result(one), result(other)), key=lambda row: row.pk)
    if found[0].pk == found[1].pk or found[0].site_id != found[1].site_id:
        refuse(IS_THERE_FOR_YOU, result=str(one), other=str(other))
    return found[0], found[1]


def results_of_site(site: Site) -> tuple[PublishedResult, ...]:
    """Give the results of a site, newest first."""
    return tuple(results().defer(*HEAVY).filter(site=site))


def versions(row: PublishedResult) -> tuple[PublishedResult, ...]:
    """Give the results of a site under the standard of one of them, of any edition, newest first."""
    standard = row.standard.rpartition("/")[0]
    rows = PublishedResult.objects.filter(site=row.site_id, standard__startswith=f"{standard}/")
    return tuple(rows.defer(*HEAVY).order_by("-pk"))


def results_of_assessments(those: Iterable[Assessment]) -> dict[int, PublishedResult]:
    """Give the newest results of assessments by the assessment's id, with one query."""
    found = PublishedResult.objects.filter(assessment__in=list(those)).defer(*HEAVY)
    return {one.assessment_id: one for one in found.order_by("pk")}


def before(row: PublishedResult) -> PublishedResult | None:
    """Give the result that a result names as the one before it; None if it is not held here."""
    about = records.result_of(row).about
    if about is None or about.earlier is None:
        return None
    return results().filter(sha256=about.earlier.sha256).first()


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing an assessment today would do.

    Attributes:
        standing: The assessment as it stands.
        result: What would be public; None while something is missing.
        findings: What is missing; none when it may be published.
        release: What publishing it would be.
    """

    standing: Standing
    result: Result | None
    findings: tuple[Finding, ...]
    release: Release


def preview(*, actor: Person, assessment_id: int, published_on: datetime.date) -> Preview:
    """Show whoever may publish an assessment what would be public, and what is still missing.

    Raises:
        RefusalError: PARTY-001 if the assessment is not there or belongs to another firm.
            RATING-021 if it is published already, and nothing of it waits to be settled.
    """
    those = assessments.assessment(actor=actor, assessment_id=assessment_id)
    release = release_of(those, published_on=published_on)
    now = assessments.standing(actor=actor, assessment_id=assessment_id, as_of=release.as_of)
    found = preview_of(now, release)
    more = act_findings(actor, now, release)
    return replace(found, result=None if more else found.result, findings=(*found.findings, *more))


RELEASES: Mapping[State, tuple[ActKind, Kind]] = {
    State.READY: (ActKind.PUBLISH, Kind.AUDIT),
    State.LEVEL_PENDING: (ActKind.SETTLE_PENDING, Kind.SETTLEMENT),
    State.SURVEILLANCE_DONE: (ActKind.PUBLISH_SURVEILLANCE, Kind.SURVEILLANCE),
}
"""In which state of an engagement which act publishes, and what that result is."""


def release_of(those: Assessment, *, published_on: datetime.date) -> Release:
    """Say what publishing an assessment would be now: of which kind, with which act, after what.

    What is published after the audit is scored with the points and thresholds of the result
    before it: a settlement and a surveillance rate what was left pending and nothing else
    (rulebook 4.2), so that a change of the constants meanwhile must not move the level.

    Raises:
        RefusalError: PARTY-001 for a self-assessment: it has no result. RATING-021 if it is
            published already, and nothing of it waits to be settled.
    """
    is_of_a_firm(those)
    before = result_before(those)
    if those.engagement is None:
        rateable(those)
        return Release(Kind.AUDIT, published_on, published_on, before, None)
    act, kind = RELEASES.get(State(those.engagement.state), RELEASES[State.READY])
    settles = kind is Kind.SETTLEMENT and assessments.audit(those.engagement) == those
    if not settles:
        rateable(those)
    if before is None or kind is Kind.AUDIT:
        return Release(kind, published_on, published_on, before, act)
    return Release(kind, published_on, records.result_of(before).as_of, before, act)


def may_be_published(those: Assessment) -> bool:
    """Tell whether an assessment is open, or waits for what was left pending to be settled."""
    try:
        release_of(those, published_on=timezone.localdate())
    except RefusalError:
        return False
    return True


def result_before(those: Assessment) -> PublishedResult | None:
    """Give the newest result of the site in this engagement, the one before it, or this edition."""
    same = Q(standard=those.edition_id)
    if those.engagement is not None:
        same |= Q(assessment__engagement=those.engagement)
        if those.engagement.previous_id:
            same |= Q(assessment__engagement=those.engagement.previous_id)
    rows = PublishedResult.objects.filter(same, site=those.site_id)
    return rows.order_by("-pk").first()


def is_of_a_firm(those: Assessment) -> None:
    """Let nobody publish what a site says of itself.

    Raises:
        RefusalError: PARTY-001 for a self-assessment: it has no result.
    """
    if those.kind == Assessment.Kind.SELF:
        refuse(IS_THERE_FOR_YOU, assessment=str(those.pk))


def act_findings(actor: Person, now: Standing, release: Release) -> tuple[Finding, ...]:
    """Try the act with which the secretariat publishes, without doing it.

    Returns:
        Everything against it; none for an assessment that stands alone.
    """
    engagement = now.assessment.engagement
    if engagement is None or release.act is None:
        return ()
    held = cycle.engagement(actor=actor, engagement_id=engagement.pk)
    told = cycle_operations.gather(held, release.act, firm=held.row.firm, day=release.published_on)
    roles = STEPS[release.act].roles & held.roles or held.roles
    act = Act(
        id=str(held.number + 1),
        kind=release.act,
        role=min(roles),
        by=str(actor.pk),
        on=release.published_on,
    )
    try:
        perform(held.core, act, replace(told, report="this one"))
    except RefusalError as refusal:
        return refusal.findings
    return ()


def reported(engagement: Engagement) -> Reported:
    """Tell engagements of the public result that the act which is being done publishes.

    A result names the act that comes next when it is stored; an older one never counts for it.
    """
    rows = PublishedResult.objects.filter(assessment__engagement=engagement).defer(*HEAVY)
    return _told(rows.filter(act_number=engagement.acts.count() + 1).first())


def released(engagement: Engagement) -> Reported:
    """Tell engagements of the newest public result of one of them."""
    rows = PublishedResult.objects.filter(assessment__engagement=engagement).defer(*HEAVY)
    return _told(rows.order_by("-pk").first())


def _told(row: PublishedResult | None) -> Reported:
    if row is None:
        return Reported()
    pending = row.level_state == PublishedResult.LevelState.PENDING
    return Reported(str(row.result_id), level_pending=pending)


def preview_of(now: Standing, release: Release) -> Preview:
    """Try what publishing would do, without doing it."""
    findings = list(check_day(now, published_on=release.published_on))
    result = None
    try:
        result = records.draft(now, release, result_id=uuid.UUID(int=0))
    except RefusalError as refusal:
        findings.extend(refusal.findings)
    if release.kind is Kind.SETTLEMENT and release.earlier is not None:
        findings.extend(_check_settles(now, release.earlier))
    return Preview(now, None if findings else result, tuple(findings), release)


def _check_settles(now: Standing, earlier: PublishedResult) -> Iterator[Finding]:
    """PUBLICATION-023: something that was published as pending is rated now."""
    pending = [
        one.requirement
        for one in records.result_of(earlier).verdicts
        if one.rating is Rating.PENDING
    ]
    still = [x for x in pending if x not in now.newest or now.newest[x].rating is Rating.PENDING]
    if len(still) == len(pending):
        yield Finding(rules.SETTLES_SOMETHING, {"pending": str(len(pending)), "rated": "0"})


def check_correction_day(
    base: PublishedResult, *, published_on: datetime.date
) -> Iterator[Finding]:
    """Check the day of a correction: not in the future, not before what it corrects."""
    yield from _check_not_ahead(published_on)
    if published_on < base.published_on:
        day = base.published_on.isoformat()
        facts = {"published_on": published_on.isoformat(), "corrected": day}
        yield Finding(rules.AFTER_THE_LAST_RATING, facts)


def _check_not_ahead(published_on: datetime.date) -> Iterator[Finding]:
    today = timezone.localdate()
    if published_on > today:
        facts = {"published_on": published_on.isoformat(), "today": today.isoformat()}
        yield Finding(rules.NOT_IN_THE_FUTURE, facts)


def check_day(now: Standing, *, published_on: datetime.date) -> Iterator[Finding]:
    """Check the day of release: not in the future, not before the newest rating."""
    yield from _check_not_ahead(published_on)
    days = [timezone.localtime(record.at).date() for record in now.newest.values()]
    if days and published_on < max(days):
        facts = {"published_on": published_on.isoformat(), "newest_rating": max(days).isoformat()}
        yield Finding(rules.AFTER_THE_LAST_RATING, facts)
