"""What may be read of assignments: by the site's people, and by the respondent alone.

`core.cycle.rights` says who gives chapters away and who answers. Whoever holds a link is a
respondent and nothing else: they see what was given to them, and of it the site's own word.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from stannary.core.assessments.verdicts import Side
from stannary.core.cycle import Action, Role, State, may
from stannary.core.cycle.rules import ACT_FITS_THE_STATE
from stannary.core.kernel import refuse
from stannary.core.standards import Edition, Rating, Requirement
from stannary.web.assessments import queries
from stannary.web.assessments.models import (
    Assessment,
    AssignedPart,
    Assignment,
    ChangeAsked,
    Turn,
)
from stannary.web.assessments.records import Newest
from stannary.web.assessments.respondents.links import digest
from stannary.web.cycle.models import Engagement, Member
from stannary.web.parties.models import Person
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

EXPIRED = "expired"
CLOSED = "closed"
OPEN = ""
"""How a turn stands, beside the ways in which it ends (`Turn.End`)."""

Sided = Mapping[int, Mapping[str, Mapping[Side, Newest]]]

_RELATED = (
    "assignment__assessment__site",
    "assignment__assessment__engagement__operator",
    "assignment__respondent",
    "begun_by",
)


@dataclass(frozen=True)
class Given:
    """An assignment with its newest turn, and what was said of its requirements.

    Attributes:
        turn: The newest one, with assignment, assessment and engagement.
        edition: Under which the assessment is.
        requirements: That are to be answered, in the edition's order.
        parts: The chapters and single requirements that these are.
        newest: By requirement the site's newest word.
        asked: By requirement what is to be changed in this turn.
    """

    turn: Turn
    edition: Edition
    requirements: tuple[Requirement, ...]
    parts: tuple[str, ...] = ()
    newest: Mapping[str, Newest] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def assignment(self) -> Assignment:
        """What was given to whom."""
        return self.turn.assignment

    @property
    def assessment(self) -> Assessment:
        """The self-assessment that it is part of."""
        return self.turn.assignment.assessment

    @property
    def name(self) -> str:
        """Who is to answer, for people."""
        person = self.assignment.respondent
        return (person.get_full_name() or person.username) if person else self.assignment.name

    @cached_property
    def left(self) -> tuple[str, ...]:
        """Requirements without an answer, and without a reason why there is none."""
        return tuple(one.id for one in self.requirements if not self.is_answered(one.id))

    @cached_property
    def to_change(self) -> tuple[str, ...]:
        """Requirements that were returned with a comment, and are as they were."""
        return tuple(
            one.id
            for one in self.requirements
            if one.id in self.asked
            and (one.id not in self.newest or self.newest[one.id].at < self.turn.begun_at)
        )

    @property
    def answered(self) -> int:
        """How many requirements are answered."""
        return len(self.requirements) - len(self.left)

    def is_answered(self, requirement: str) -> bool:
        """Tell whether there is an answer, or a reason why there is none."""
        there = self.newest.get(requirement)
        return there is not None and (there.rating is not Rating.PENDING or bool(there.rationale))

    def stands(self, now: datetime.datetime) -> str:
        """Say how the turn stands: open, a way in which it ended, expired, or closed for all."""
        if self.turn.end:
            return self.turn.end
        if self.turn.valid_until is not None and now >= self.turn.valid_until:
            return EXPIRED
        return OPEN if may({Role.RESPONDENT}, Action.ANSWER, state_of(self.assessment)) else CLOSED


def state_of(those: Assessment) -> State:
    """Give the state of the engagement of a self-assessment."""
    return State(those.engagement.state) if those.engagement else State.WITHDRAWN


def requirements_of(edition: Edition, parts: Iterable[str]) -> tuple[Requirement, ...]:
    """Give the requirements of chapters, and single ones, in the edition's order."""
    named = frozenset(parts)
    return tuple(one for one in edition.requirements if one.id in named or one.chapter in named)


def by_link(token: str) -> Given:
    """Give what somebody answers who holds a link, in whatever way its turn stands.

    Raises:
        RefusalError: PARTY-001 if there is no such link.
    """
    turn = Turn.objects.filter(token_sha256=digest(token)).select_related(*_RELATED).first()
    if turn is None:
        refuse(IS_THERE_FOR_YOU, asked_for="link")
    return _given([turn])[0]


def mine(*, actor: Person, assignment_id: int) -> Given:
    """Give what somebody answers with their account.

    Raises:
        RefusalError: PARTY-001 if it is not there, not theirs, or they are no respondent now.
    """
    found = [one for one in to_answer(actor) if one.assignment.pk == assignment_id]
    if not found:
        refuse(IS_THERE_FOR_YOU, asked_for="assignment")
    return found[0]


def to_answer(actor: Person) -> tuple[Given, ...]:
    """Give what somebody has to answer, or answered, as a respondent of engagements."""
    engaged = Member.objects.filter(person=actor, role=Role.RESPONDENT, ended_at__isnull=True)
    return _given(
        _newest_turns().filter(
            assignment__respondent=actor,
            assignment__assessment__engagement__in=engaged.values("engagement"),
        )
    )


def _newest_turns() -> QuerySet[Turn]:
    """Give the turns after which none came, oldest assignment first."""
    later = Turn.objects.filter(assignment=OuterRef("assignment"), number__gt=OuterRef("number"))
    return Turn.objects.filter(~Exists(later)).select_related(*_RELATED).order_by("assignment_id")


def _given(turns: Iterable[Turn]) -> tuple[Given, ...]:
    """Join turns with what is known of them; three queries however many there are."""
    found = list(turns)
    parts: dict[int, list[str]] = {one.assignment_id: [] for one in found}
    rows = AssignedPart.objects.filter(assignment__in=list(parts))
    for assignment_id, part in rows.values_list("assignment_id", "part"):
        parts[assignment_id].append(part)
    asked: dict[int, dict[str, str]] = {one.pk: {} for one in found}
    comments = ChangeAsked.objects.filter(turn__in=list(asked))
    for turn_id, requirement, comment in comments.values_list(
        "turn_id", "requirement_id", "comment"
    ):
        asked[turn_id][requirement] = comment
    sided = queries.sided_records({one.assignment.assessment for one in found})
    return tuple(_one(turn, parts[turn.assignment_id], asked[turn.pk], sided) for turn in found)


def _one(turn: Turn, parts: list[str], asked: dict[str, str], sided: Sided) -> Given:
    those = turn.assignment.assessment
    edition = standards.edition(those.edition_id)
    requirements = requirements_of(edition, parts)
    said = sided[those.pk]
    newest = {
        one.id: said[one.id][Side.SITE] for one in requirements if Side.SITE in said.get(one.id, {})
    }
    return Given(turn, edition, requirements, tuple(parts), newest, asked)


@dataclass(frozen=True)
class Desk:
    """What the site's people see of everybody who was asked.

    Attributes:
        assessment: The self-assessment.
        edition: Under which it is.
        given: What was given to whom, in the order in which it was given.
        may_assign: Whether the person who looks may give, return and withdraw now.
    """

    assessment: Assessment
    edition: Edition
    given: tuple[Given, ...]
    may_assign: bool

    def given_to_nobody(self) -> tuple[Requirement, ...]:
        """Give the requirements that nobody has to answer, and that are not answered."""
        theirs = {x.id for one in self.given if one.turn.end != _REVOKED for x in one.requirements}
        said = queries.newest_records([self.assessment])[self.assessment.pk]
        return tuple(
            one
            for one in self.edition.requirements
            if one.id not in theirs
            and (one.id not in said or said[one.id].rating is Rating.PENDING)
        )


_REVOKED = Turn.End.REVOKED.value


def desk(*, actor: Person, assessment_id: int) -> Desk:
    """Give what was asked of whom, to the site's people.

    Raises:
        RefusalError: PARTY-001 if the assessment is not there for the actor, is no
            self-assessment, or is of a site whose chapters they never give away.
    """
    those = queries.assessment(actor=actor, assessment_id=assessment_id)
    if not gives_away(actor, those):
        refuse(IS_THERE_FOR_YOU, assessment=str(assessment_id)[:40])
    now = queries.may_do(actor, those, Action.ASSIGN_RESPONDENTS)
    found = _given(_newest_turns().filter(assignment__assessment=those))
    return Desk(those, standards.edition(those.edition_id), found, now)


def gives_away(actor: Person, those: Assessment) -> bool:
    """Tell whether somebody gives chapters of an assessment away in one state or another."""
    if those.kind != Assessment.Kind.SELF:
        return False
    roles = queries.roles_in(actor, those)
    return any(may(roles, Action.ASSIGN_RESPONDENTS, state) for state in State)


def one_of(there: Desk, assignment_id: int) -> Given:
    """Give an assignment of a self-assessment.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    found = [one for one in there.given if one.assignment.pk == assignment_id]
    if not found:
        refuse(IS_THERE_FOR_YOU, asked_for="assignment")
    return found[0]


def respondents(those: Assessment) -> tuple[Person, ...]:
    """Give the respondents of the engagement who have an account, in order of name."""
    rows = Member.objects.filter(
        engagement=those.engagement, role=Role.RESPONDENT, ended_at__isnull=True
    ).select_related("person")
    return tuple(sorted((one.person for one in rows), key=lambda one: one.username))


def turns_of(assignment: Assignment) -> tuple[Turn, ...]:
    """Give every turn of an assignment, oldest first."""
    return tuple(assignment.turns.select_related("begun_by").order_by("number"))


def assignment_to_change(*, actor: Person, assessment_id: int, assignment_id: int) -> Given:
    """Give an assignment and keep others from answering or changing it until the transaction ends.

    Raises:
        RefusalError: As `desk` and `one_of`; ENGAGEMENT-001 if nothing is given away any more.
    """
    self_assessment_to_assign(actor=actor, assessment_id=assessment_id)
    return one_of(desk(actor=actor, assessment_id=assessment_id), assignment_id)


def self_assessment_to_assign(*, actor: Person, assessment_id: int) -> Assessment:
    """Give a self-assessment whose chapters the actor may give away now, and lock it.

    Raises:
        RefusalError: PARTY-001 as for `desk`; ENGAGEMENT-001 if the engagement has gone on.
    """
    desk(actor=actor, assessment_id=assessment_id)
    those = queries.assessment_to_change(actor=actor, assessment_id=assessment_id)
    if those.engagement is not None and not queries.may_do(actor, those, Action.ASSIGN_RESPONDENTS):
        refuse(
            ACT_FITS_THE_STATE,
            act=str(Action.ASSIGN_RESPONDENTS),
            state=those.engagement.state,
        )
    return those


def lock(given: Given) -> None:
    """Keep others from acting in an engagement and from answering, until the transaction ends.

    The state of the engagement and the turn are then those that count.
    """
    those = given.assessment
    if those.engagement is not None:
        rows = Engagement.objects.select_for_update()
        those.engagement.state = rows.get(pk=those.engagement.pk).state
    Assessment.objects.select_for_update().get(pk=those.pk)
    given.turn.refresh_from_db(fields=["end", "ended_at", "valid_until"])


def of_turn(turn: Turn) -> Given:
    """Give a turn with what is said of its requirements now."""
    return _given([turn])[0]
