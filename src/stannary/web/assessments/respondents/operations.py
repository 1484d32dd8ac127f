"""What may be done with assignments: give, answer, hand in, return, withdraw, link anew.

Each function is one transaction. Rules: RATING-020, RATING-030 to RATING-035, ENGAGEMENT-001,
PARTY-001.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from stannary.core.assessments.verdicts import Side
from stannary.core.cycle.clocks import days_of
from stannary.core.kernel import refuse
from stannary.core.standards import Edition
from stannary.web.assessments import operations, records
from stannary.web.assessments.models import (
    Assessment,
    AssignedPart,
    Assignment,
    ChangeAsked,
    RatingRecord,
    Turn,
)
from stannary.web.assessments.operations import Author, Change
from stannary.web.assessments.respondents import queries, rules
from stannary.web.assessments.respondents.links import digest, new_token
from stannary.web.assessments.respondents.queries import Given
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

NAME_MAX = 200
TEXT_MAX = 10_000
LINK_DAYS = 30
"""How long a link works where the standard does not say; a choice of the program."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, for what.

    Attributes:
        parts: Ids of chapters and requirements.
        username: Of a respondent with an account; empty for somebody without.
        name: Of somebody without an account.
        email: To which the link is sent; empty where it is handed over.
        language: Of the mail and of the link.
    """

    parts: Sequence[str]
    username: str = ""
    name: str = ""
    email: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Begun:
    """A turn that has begun.

    Attributes:
        turn: The row.
        token: Of its link, which nobody can read again later; empty where an account answers.
    """

    turn: Turn
    token: str


@transaction.atomic
def assign(
    *, actor: Person, assessment_id: int, asked: Asked, at: datetime.datetime | None = None
) -> Begun:
    """Give chapters or requirements of a self-assessment to a respondent.

    Raises:
        RefusalError: PARTY-001 if the actor gives nothing of it away, ENGAGEMENT-001 if that is
            over. RATING-030 if nothing of the standard is named, or nobody who could answer.
            RATING-031 for what the same respondent has to answer already.
    """
    those = queries.self_assessment_to_assign(actor=actor, assessment_id=assessment_id)
    edition = standards.edition(those.edition_id)
    parts = _parts(edition, asked.parts)
    person, name, email = _somebody(those, asked)
    _asked_once(actor, those, queries.requirements_of(edition, parts), person, name)
    moment = at or timezone.now()
    row = Assignment.objects.create(
        assessment=those,
        respondent=person,
        name=name,
        email=email,
        language=asked.language if asked.language in dict(settings.LANGUAGES) else "en",
        made_by=actor,
        made_at=moment,
    )
    AssignedPart.objects.bulk_create(AssignedPart(assignment=row, part=part) for part in parts)
    return _begin(row, edition, actor, moment)


def _parts(edition: Edition, named: Iterable[str]) -> tuple[str, ...]:
    """RATING-030: Chapters and requirements of the edition, in its order, each once."""
    wanted = {" ".join(one.split()).rstrip(".") for one in named} - {""}
    known = {*edition.chapter_by_id, *edition.requirement_by_id}
    if not wanted or not wanted <= known:
        unknown = sorted(wanted - known)
        refuse(rules.ASKED_OF_SOMEBODY, parts=", ".join(unknown)[:200] or "none")
    chapters = [one.id for one in edition.chapters if one.id in wanted]
    single = [
        one.id for one in edition.requirements if one.id in wanted and one.chapter not in wanted
    ]
    return (*chapters, *single)


def _somebody(those: Assessment, asked: Asked) -> tuple[Person | None, str, str]:
    """RATING-030: A respondent of the engagement, or a name; an address that is one."""
    if asked.username:
        for person in queries.respondents(those):
            if person.username == asked.username:
                return person, "", ""
        refuse(rules.ASKED_OF_SOMEBODY, respondent=asked.username[:150])
    name, email = " ".join(asked.name.split()), asked.email.strip()
    if not name or len(name) > NAME_MAX:
        refuse(rules.ASKED_OF_SOMEBODY, name=name[:40] or "none", characters=str(len(name)))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            refuse(rules.ASKED_OF_SOMEBODY, address=email[:100])
    return None, name, email


def _asked_once(
    actor: Person,
    those: Assessment,
    wanted: Iterable[object],
    person: Person | None,
    name: str,
) -> None:
    """RATING-031: What somebody has open is not given to them again."""
    ours = set(wanted)
    for one in queries.desk(actor=actor, assessment_id=those.pk).given:
        same = (one.assignment.respondent, one.assignment.name.casefold()) == (
            person,
            name.casefold(),
        )
        twice = sorted(x.id for x in one.requirements if x in ours)
        if same and not one.turn.end and twice:
            refuse(rules.ASKED_ONCE, respondent=one.name, requirements=", ".join(twice)[:200])


def _begin(
    row: Assignment,
    edition: Edition,
    actor: Person,
    at: datetime.datetime,
    *,
    reason: str = "",
    asked: Mapping[str, str] | None = None,
) -> Begun:
    """Begin the next turn of an assignment; somebody without an account gets a link for it."""
    token = "" if row.respondent_id else new_token()
    days = days_of(edition, "respondent_link_days", timezone.localdate(at)) or LINK_DAYS
    turn = Turn.objects.create(
        assignment=row,
        number=row.turns.count() + 1,
        begun_by=actor,
        begun_at=at,
        reason=reason,
        token_sha256=digest(token) if token else None,
        valid_until=at + datetime.timedelta(days=days) if token else None,
    )
    ChangeAsked.objects.bulk_create(
        ChangeAsked(turn=turn, requirement_id=name, comment=comment)
        for name, comment in (asked or {}).items()
    )
    return Begun(turn, token)


@transaction.atomic
def link_again(
    *,
    actor: Person,
    assessment_id: int,
    assignment_id: int,
    at: datetime.datetime | None = None,
) -> Begun:
    """Make a new link for somebody whose link is lost or has ended; the old one works no more.

    Raises:
        RefusalError: As `assign`; PARTY-001 if there is no such assignment, RATING-032 if it was
            handed in, withdrawn, or is answered with an account.
    """
    given = queries.assignment_to_change(
        actor=actor, assessment_id=assessment_id, assignment_id=assignment_id
    )
    if given.turn.end or given.assignment.respondent is not None:
        refuse(rules.TURN_IS_OPEN, turn=given.turn.end or "with an account")
    moment = at or timezone.now()
    _end(given.turn, Turn.End.REPLACED, moment)
    return _begin(
        given.assignment,
        given.edition,
        actor,
        moment,
        reason=given.turn.reason,
        asked=given.asked,
    )


@transaction.atomic
def revoke(
    *,
    actor: Person,
    assessment_id: int,
    assignment_id: int,
    at: datetime.datetime | None = None,
) -> None:
    """Take back what was given to a respondent; what they said stays.

    Raises:
        RefusalError: As `link_again`; RATING-032 if the turn has ended.
    """
    given = queries.assignment_to_change(
        actor=actor, assessment_id=assessment_id, assignment_id=assignment_id
    )
    if given.turn.end:
        refuse(rules.TURN_IS_OPEN, turn=given.turn.end)
    _end(given.turn, Turn.End.REVOKED, at or timezone.now())


@transaction.atomic
def give_back(
    *,
    actor: Person,
    assessment_id: int,
    assignment_id: int,
    reason: str,
    comments: Mapping[str, str],
    at: datetime.datetime | None = None,
) -> Begun:
    """Return answers for a change. This will begin another turn, with another link.

    Args:
        actor: A site user.
        assessment_id: The self-assessment.
        assignment_id: What was handed in.
        reason: For all of it; may be empty where an answer has a comment.
        comments: By requirement what is to be changed; empty ones count as none.
        at: When; None: now.

    Raises:
        RefusalError: As `assign`; PARTY-001 if there is no such assignment. RATING-034 if it was
            not handed in, nothing is said, or too much.
    """
    given = queries.assignment_to_change(
        actor=actor, assessment_id=assessment_id, assignment_id=assignment_id
    )
    why = records.tidy(reason).strip()
    own = {one.id for one in given.requirements}
    said = {name: records.tidy(text).strip() for name, text in comments.items() if text.strip()}
    longest = max(map(len, (why, *said.values())))
    if given.turn.end != Turn.End.HANDED_IN or not (why or said) or longest > TEXT_MAX:
        refuse(
            rules.RETURNED_FOR_A_CHANGE,
            turn=given.turn.end or "open",
            characters=str(longest),
        )
    if not said.keys() <= own:
        refuse(IS_THERE_FOR_YOU, asked_for="requirement")
    moment = at or timezone.now()
    return _begin(given.assignment, given.edition, actor, moment, reason=why, asked=said)


@transaction.atomic
def answer(
    *,
    given: Given,
    changes: Sequence[Change],
    name: str = "",
    at: datetime.datetime | None = None,
) -> tuple[RatingRecord, ...]:
    """Save answers of a respondent, all or none of them.

    Links to evidence that the site wrote at an answer stay with it: a respondent neither sees nor
    changes them.

    Args:
        given: What they answer, as a query gave it to them.
        changes: Answers; what is said of evidence in them does not count.
        name: That somebody without an account states.
        at: When; None: now.

    Raises:
        RefusalError: RATING-032 if it is not their turn. PARTY-001 for a requirement that was not
            given to them. RATING-035 without a name. RATING-020 if somebody else answered since
            they looked. RATING-001 to RATING-009 for what is said.
    """
    moment = at or timezone.now()
    _is_open(given, moment)
    own = {one.id for one in given.requirements}
    if not {one.requirement_id for one in changes} <= own:
        refuse(IS_THERE_FOR_YOU, asked_for="requirement")
    person = given.assignment.respondent
    stated = _stated(given, name) if person is None else ""
    kept = [replace(one, evidence=_links(given, one.requirement_id)) for one in changes]
    return operations.add_all(
        given.assessment, given.edition, Author(Side.SITE, person, stated), kept, moment
    )


def _links(given: Given, requirement: str) -> str:
    there = given.newest.get(requirement)
    return records.lines(there.evidence) if there else ""


def _stated(given: Given, name: str) -> str:
    """RATING-035: Keep the name that somebody states, for their next answers, too."""
    stated = " ".join(name.split())
    if not stated or len(stated) > NAME_MAX:
        refuse(rules.RESPONDENT_SAYS_A_NAME, characters=str(len(stated)))
    if given.turn.said_by != stated:
        given.turn.said_by = stated
        given.turn.save(update_fields=["said_by"])
    return stated


def _is_open(given: Given, at: datetime.datetime) -> None:
    """RATING-032: Lock what is answered, and see that it still may be."""
    queries.lock(given)
    stands = given.stands(at)
    if stands != queries.OPEN:
        refuse(rules.TURN_IS_OPEN, turn=stands)


@transaction.atomic
def hand_in(*, given: Given, at: datetime.datetime | None = None) -> None:
    """End a respondent's turn: their link opens nothing any more.

    Raises:
        RefusalError: RATING-032 if it is not their turn. RATING-033 if something is left.
    """
    moment = at or timezone.now()
    _is_open(given, moment)
    if given.left:
        refuse(
            rules.ALL_IS_ANSWERED,
            answered=str(given.answered),
            left=", ".join(given.left)[:200],
        )
    _end(given.turn, Turn.End.HANDED_IN, moment)


def _end(turn: Turn, end: Turn.End, at: datetime.datetime) -> None:
    turn.end, turn.ended_at = end, at
    turn.save(update_fields=["end", "ended_at"])
