"""Publishing, for good: what an assessment found, and the correction of what was published.

Rules: PUBLICATION-001 to PUBLICATION-017, PUBLICATION-020 to PUBLICATION-024, RATING-021, PARTY-001.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from stannary.core.credentials import log_entry
from stannary.core.kernel import RefusalError
from stannary.core.publications import PublishedResult as Result
from stannary.core.standards import Rating
from stannary.signing import sign_vc_jwt
from stannary.web.assessments import operations as assessments
from stannary.web.assessments import queries as assessment_queries
from stannary.web.assessments.operations import Change
from stannary.web.assessments.records import tidy
from stannary.web.cycle import operations as engagements
from stannary.web.parties.models import Person, Site
from stannary.web.publications import queries, records, signals
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.records import Seal
from stannary.web.standards import queries as standards
from stannary.web.transparency_log import operations as log
from stannary.web.transparency_log import queries as log_queries


@transaction.atomic
def publish(
    *,
    actor: Person,
    assessment_id: int,
    published_on: datetime.date,
    result_id: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> PublishedResult:
    """Publish what an assessment found. This will close it, sign, log and store the result.

    All of it happens, or nothing does: canonical content, signed credential, entry in the public
    log, the result, what apps above make of it (the site's achievement), and for an assessment of
    an engagement the act that publishes it: the audit's report, what was left pending and is
    settled, or the surveillance.

    Args:
        actor: An auditor of the firm; the secretariat where it belongs to an engagement.
        assessment_id: Of an open assessment, or of the newest one of an engagement whose level is
            pending.
        published_on: The day of release; for an audit points and thresholds of that day are used.
        result_id: A new id; None: a random one.
        at: When the act is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor may not see the assessment, or it is a site's own.
            RATING-021 if it is published already. With every finding: ENGAGEMENT-001 to 015 and
            INDEPENDENCE-001 to 009 for what its engagement lacks, PUBLICATION-020 and -021 for the
            day, -023 if nothing is settled, and what core refuses to publish.
    """
    those = assessment_queries.assessment_to_change(actor=actor, assessment_id=assessment_id)
    release = queries.release_of(those, published_on=published_on)
    edition = standards.edition(those.edition_id)
    newest = assessment_queries.newest_records([those])[those.pk]
    now = assessment_queries.standing_of(those, edition, newest, as_of=release.as_of)
    findings = (
        *queries.preview_of(now, release).findings,
        *queries.act_findings(actor, now, release),
    )
    if findings:
        raise RefusalError(*findings)
    new_id = result_id or uuid.uuid4()
    seen = those.engagement.acts.count() if those.engagement is not None else None
    row = _store(
        records.draft(now, release, result_id=new_id),
        records.Place(those, release.earlier, None if seen is None else seen + 1),
        new_id,
    )
    assessments.close(those)
    if those.engagement is not None and release.act is not None and seen is not None:
        engagements.act(
            actor=actor,
            engagement_id=those.engagement.pk,
            kind=release.act,
            expected_number=seen,
            on=published_on,
            at=at,
        )
    _show_on_site(row)
    signals.result_published.send(sender=PublishedResult, row=row)
    return row


@dataclass(frozen=True, slots=True)
class Corrected:
    """A verdict as it should have been.

    Attributes:
        requirement: Id.
        rating: One of the six words.
        reason: Why; never empty.
    """

    requirement: str
    rating: str
    reason: str


def correction(
    base: PublishedResult,
    *,
    reason: str,
    verdicts: Sequence[Corrected] = (),
    fresh: bool = False,
    published_on: datetime.date,
    result_id: uuid.UUID | None = None,
) -> Result:
    """Make what a correction would say, without publishing it.

    Args:
        base: What is corrected.
        reason: Why.
        verdicts: That should have been others; the site's own words and the evidence stay.
        fresh: Whether names, scope, team, dates, input and corrective actions are taken anew from
            the register as it stands.
        published_on: The day of release.
        result_id: Of the correction; None while it is only looked at.

    Raises:
        RefusalError: With every finding: RATING-001 to RATING-009 and RATING-027 for a verdict,
            PUBLICATION-011 without a reason or if nothing changes, PUBLICATION-020 for a day in
            the future, PUBLICATION-021 for one before the result that is corrected, and what else
            core refuses to publish.
    """
    edition = standards.edition(base.standard)
    findings = [
        *queries.check_correction_day(base, published_on=published_on),
        *assessments.check_finals(edition, [_change(one) for one in verdicts]),
    ]
    if findings:
        raise RefusalError(*findings)
    return records.correction(
        base,
        {one.requirement: (Rating(one.rating), tidy(one.reason)) for one in verdicts},
        reason=tidy(reason),
        fresh=fresh,
        published_on=published_on,
        result_id=result_id or uuid.UUID(int=0),
    )


@transaction.atomic
def correct(
    *,
    actor: Person,
    base_id: uuid.UUID,
    reason: str,
    verdicts: Sequence[Corrected] = (),
    fresh: bool = False,
    published_on: datetime.date,
    result_id: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> PublishedResult:
    """Publish the correction of a result. This will sign, log and store it beside the old one.

    The result that it corrects is not changed and stays public. Each verdict that it corrects
    becomes a final record of the assessment, by the actor, unless another one followed there.

    Args:
        actor: Of the secretariat.
        base_id: Of the result.
        reason: Why it is corrected.
        verdicts: That should have been others.
        fresh: Whether names, scope, team and the like are taken anew from the register.
        published_on: The day of release.
        result_id: Of the correction; None: a random one.
        at: When verdicts are recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if there is no such result, or the actor may not correct it.
            PUBLICATION-024 if it has a correction. Else as `correction`.
    """
    base = queries.result_to_correct(actor=actor, result_id=base_id, lock=True)
    new_id = result_id or uuid.uuid4()
    made = correction(
        base,
        reason=reason,
        verdicts=verdicts,
        fresh=fresh,
        published_on=published_on,
        result_id=new_id,
    )
    row = _store(made, records.Place(base.assessment, base), new_id)
    was = {one.requirement: one for one in records.result_of(base).verdicts}
    assessments.record_corrections(
        base.assessment,
        actor,
        [(_change(one), was[one.requirement].rating) for one in verdicts],
        at or timezone.now(),
    )
    if not PublishedResult.objects.filter(earlier=base).exclude(pk=row.pk).exists():
        _show_on_site(row)
    signals.result_published.send(sender=PublishedResult, row=row)
    return row


def _change(one: Corrected) -> Change:
    return Change(one.requirement, one.rating, one.reason, evidence="", seen=None)


def _store(result: Result, place: records.Place, result_id: uuid.UUID) -> PublishedResult:
    """Sign, log and store a result."""
    row = records.row_of(result, place, result_id=result_id, seal=_seal(result, result_id))
    row.save(force_insert=True)
    return row


def _seal(result: Result, result_id: uuid.UUID) -> Seal:
    """Sign the credential of a result with the key of this register and enter it in the log."""
    issuer = log_queries.issuer()
    draft = records.drafted(
        result, result_id, issuer_name=issuer.name, issuer_document=issuer.document()
    )
    token = sign_vc_jwt(draft.payload, issuer.key, issuer.kid)
    entry = log.append(log_entry(token))
    return Seal(
        draft=draft,
        token=token,
        log_index=entry.index,
        log_proof=log_queries.inclusion(entry.index),
        log_vkey=log_queries.vkey(),
    )


def _show_on_site(row: PublishedResult) -> None:
    """Let lists and the map show the level of a made-up site; real ones show published facts.

    The day of release stays that of the audit, from which the clocks are counted.
    """
    level = {"level": row.level, "level_source": "Published here.", "level_mark": "S"}
    Site.objects.filter(pk=row.site_id, illustrative=True).update(
        status=Site.Status.PUBLISHED if row.level else Site.Status.LEVEL_PENDING,
        standard=row.standard,
        firm=row.assessment.by,
        released_on=records.result_of(row).first_published_on.isoformat(),
        **(level if row.level else {"level": "", "level_source": "", "level_mark": ""}),
    )
