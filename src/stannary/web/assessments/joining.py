"""What acts of an engagement make of its assessments, in the transaction of the act.

Opening an engagement opens its self-assessment; beginning stage 1 opens the audit; finishing it
writes down the chapters that were judged not relevant; a ruling writes the final verdict;
beginning a surveillance opens its assessment with the verdicts that counted last.

Rules: RATING-026, RATING-027.
"""

import datetime

from stannary.core.assessments.verdicts import Side
from stannary.core.cycle import ActKind
from stannary.core.standards import Rating
from stannary.web.assessments import operations, queries, records
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import Author, Change
from stannary.web.cycle.models import ActRecord, Engagement, RelevanceProposal
from stannary.web.cycle.operations import Said
from stannary.web.parties.models import Person
from stannary.web.standards import queries as standards


def on_opened(
    *, engagement: Engagement, actor: Person, at: datetime.datetime, **_signal: object
) -> None:
    """Open the self-assessment of a new engagement; who opened it leads."""
    operations.open_engaged(engagement, Assessment.Kind.SELF, actor, at)


def on_acted(
    *, engagement: Engagement, record: ActRecord, said: Said, actor: Person, **_signal: object
) -> None:
    """Do what an act asks of the assessments.

    Raises:
        RefusalError: RATING-026 if stage 1 or a surveillance begins twice. RATING-003 to RATING-009 for a ruling's
            rating.
    """
    kind = ActKind(record.kind)
    if kind is ActKind.BEGIN_STAGE_1:
        operations.open_engaged(engagement, Assessment.Kind.AUDIT, actor, record.at)
    elif kind is ActKind.FINISH_STAGE_1:
        _leave_out(engagement, record.at)
    elif kind is ActKind.RULE_ON_OBJECTION:
        _rule(engagement, record, said, actor)
    elif kind is ActKind.BEGIN_SURVEILLANCE:
        _survey(engagement, actor, record.at)


def _leave_out(engagement: Engagement, at: datetime.datetime) -> None:
    """Rate what is in chapters judged not relevant, as whoever judged them, where nobody rated yet."""
    those = queries.audit(engagement)
    if those is None:
        return
    rated = queries.newest_records([those])[those.pk]
    accepted = engagement.proposals.filter(judged=RelevanceProposal.Judged.ACCEPTED)
    by_chapter = {one.chapter: one for one in accepted}
    operations.say_first(
        those,
        Side.AUDITOR,
        [
            operations.First(
                requirement_id=one.id,
                rating=Rating.NOT_RELEVANT,
                rationale=by_chapter[one.chapter].judgement,
                assessor_id=by_chapter[one.chapter].judged_by_id,
                at=by_chapter[one.chapter].judged_at or at,
            )
            for one in standards.edition(engagement.edition_id).requirements
            if one.chapter in by_chapter and one.id not in rated
        ],
    )


def _survey(engagement: Engagement, actor: Person, at: datetime.datetime) -> None:
    """Open a surveillance that begins where the last assessment by the firm ended.

    Rulebook 4.2: it gives no new detailed scores, so that every verdict is carried over with whose
    word it was, by whom and when; what was pending stays so until an auditor rates it.
    """
    before = queries.audit(engagement)
    made = operations.open_engaged(engagement, Assessment.Kind.SURVEILLANCE, actor, at)
    if before is not None:
        operations.carry_verdicts(before, made)


def _rule(engagement: Engagement, record: ActRecord, said: Said, actor: Person) -> None:
    """Write the final verdict of a ruling: another rating, or the auditors' with the ruling's reason."""
    those = queries.audit(engagement)
    objection = engagement.acts.get(number=int(record.refers_to))
    if those is None:
        return
    there = queries.newest_records([those])[those.pk].get(objection.refers_to)
    if there is None and not said.rating:
        return  # nobody has rated it, and the ruling does not either
    rating = said.rating or (str(there.rating) if there else "")
    change = Change(
        requirement_id=objection.refers_to,
        rating=rating,
        rationale=record.reason,
        evidence=records.lines(there.evidence) if there else "",
        seen=there.id if there else None,
    )
    edition = standards.edition(engagement.edition_id)
    operations.add_all(those, edition, Author(Side.FINAL, actor), [change], record.at)
