"""Who may read which finding, and what they may do about it now: every check is made here.

`core.cycle.rights` is the only source of it. A finding that is not open to somebody is for them
not there (PARTY-001): the site reads those of an audit once its draft was handed over. What an
earlier audit of the site found was known to everybody before, and appears in the next engagement
under the standard until a re-test has shown that its correction lasted.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from stannary.core.corrections import (
    WAITING,
    Grade,
    NonConformity,
    Note,
    NoteKind,
    grade_on,
    may_close,
    next_steps,
    state_on,
    without_names,
)
from stannary.core.corrections import State as Standing
from stannary.core.cycle import Action, ActKind, Role, State, may
from stannary.core.kernel import refuse
from stannary.core.publications import PublishedAction
from stannary.core.standards import SCORED, Edition, Rating
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.records import Newest
from stannary.web.corrections import records
from stannary.web.corrections.models import FindingRecord, FindingStep, StepEvidence
from stannary.web.corrections.records import FINDING_FACTS, FindingFacts, StepFacts
from stannary.web.cycle import queries as cycle
from stannary.web.cycle.models import ActRecord, Engagement, Member
from stannary.web.cycle.queries import Held
from stannary.web.parties.models import Person
from stannary.web.parties.models import Role as PartyRole
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

STEP_ACTIONS: Mapping[NoteKind, Action] = {
    NoteKind.PLAN: Action.CORRECT_FINDING,
    NoteKind.EXTEND: Action.EXTEND_FINDING,
    NoteKind.HAND_IN: Action.CORRECT_FINDING,
    NoteKind.REFUSE: Action.JUDGE_CORRECTION,
    NoteKind.PROPOSE: Action.JUDGE_CORRECTION,
    NoteKind.CLOSE: Action.CLOSE_FINDING,
    NoteKind.ESCALATE: Action.ESCALATE_FINDING,
    NoteKind.CONFIRM: Action.RETEST_FINDING,
    NoteKind.REOPEN: Action.RETEST_FINDING,
}
"""What somebody must be allowed to take a step."""

_OF_THE_SITE = (Role.SITE_USER.value, Role.RESPONDENT.value)
_BELOW = SCORED[1:]
_SETTLED = [NoteKind.CLOSE.value, NoteKind.CONFIRM.value]
"""Newest steps of findings that do not wait; they are not read for the desk."""


@dataclass(frozen=True, slots=True)
class Stood:
    """How a finding stands on a day: what lists sort, filter and count by.

    Attributes:
        id: Of its row.
        core: As its steps made it.
        audit: Id of the audit in which it is looked at.
        on: The day.
    """

    id: int
    core: NonConformity
    audit: str
    on: datetime.date

    @property
    def state(self) -> str:
        """Where it stands on the day; "overdue" for what is late."""
        return state_on(self.core, self.on)

    @property
    def grade(self) -> Grade:
        """What it counts as on the day."""
        return grade_on(self.core, self.on)

    @property
    def overdue_since(self) -> datetime.date | None:
        """Since when it is late; None: it is not."""
        return self.core.overdue_since(self.on)

    @property
    def is_waiting(self) -> bool:
        """Whether it is not closed yet."""
        return self.core.state in WAITING

    @property
    def is_to_retest(self) -> bool:
        """Whether its correction is closed, and to be tested in the audit that looks at it."""
        return self.core.state is Standing.CLOSED and self.core.audit != self.audit


@dataclass(frozen=True, slots=True)
class Found(Stood):
    """A finding as somebody has it before them.

    Attributes:
        row: As it was raised.
        edition: Under which it was raised.
        steps: Oldest first.
        is_carried: Whether an earlier engagement found it.
    """

    row: FindingRecord
    edition: Edition
    steps: tuple[FindingStep, ...]
    is_carried: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of an engagement as somebody may see them.

    Attributes:
        held: The engagement, as they have it before them.
        found: By number.
        on: The day.
    """

    held: Held
    found: tuple[Found, ...]
    on: datetime.date

    def one(self, number: int) -> Found:
        """Give one finding.

        Raises:
            RefusalError: PARTY-001 if it is not there for the person.
        """
        there = next((one for one in self.found if one.row.number == number), None)
        if there is None:
            refuse(IS_THERE_FOR_YOU, finding=str(number)[:40])
        return there

    def steps(self, one: Found, actor: Person) -> tuple[NoteKind, ...]:
        """Give the steps that somebody may take about a finding now."""
        possible = next_steps(one.core, day=self.on, audit=one.audit)
        return tuple(
            kind
            for kind in possible
            if self.held.may(STEP_ACTIONS[kind])
            and (kind is not NoteKind.CLOSE or may_close(one.core, str(actor.pk)))
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A verdict that is not fully met, of which no finding was made in this audit.

    Attributes:
        verdict: The record that counts.
        critical: Whether its requirement is.
        grade: That is suggested.
    """

    verdict: Newest
    critical: bool
    grade: Grade


def findings(*, actor: Person, engagement_id: UUID, on: datetime.date) -> Findings:
    """Give the findings of an engagement, and those that it has to re-test.

    Raises:
        RefusalError: PARTY-001 if the engagement is not there for the actor; ENGAGEMENT-002 if
            they are in it and read no findings.
    """
    held = cycle.engagement(
        actor=actor, engagement_id=engagement_id, action=Action.READ_CARRIED_FINDINGS
    )
    return of_held(held, on=on)


def of_held(held: Held, *, on: datetime.date) -> Findings:
    """Give the findings of an engagement that is before somebody, as far as they may read them."""
    rows = _rows(held.row)
    if not held.may(Action.READ_FINDINGS):
        rows = rows.exclude(engagement=held.row)
    return Findings(held, _found(held.row, rows, audit_of(held.records), on), on)


def audit_number(acts: Iterable[ActRecord]) -> int:
    """Give which audit of an engagement is under way or was the last: 0, or which surveillance."""
    return sum(one.kind == ActKind.BEGIN_SURVEILLANCE for one in acts)


def audit_of(acts: Sequence[ActRecord]) -> str:
    """Give the id of the audit that is under way; "" where nothing has happened yet."""
    return records.audit_name(acts[0].engagement_id, audit_number(acts)) if acts else ""


def _rows(row: Engagement) -> QuerySet[FindingRecord]:
    """Give the findings of an engagement, and of earlier ones whose draft was handed over."""
    earlier = Engagement.objects.filter(
        site=row.site_id,
        standard=row.standard,
        opened_at__lt=row.opened_at,
        acts__kind=ActKind.SUBMIT_DRAFT,
    )
    return FindingRecord.objects.filter(Q(engagement=row) | Q(engagement__in=earlier))


def _found(
    row: Engagement, rows: QuerySet[FindingRecord], audit: str, on: datetime.date
) -> tuple[Found, ...]:
    """Rebuild findings; those of earlier engagements unless another audit settled them."""
    found = (
        Found(one.pk, core, audit, on, one, edition, steps, one.engagement_id != row.pk)
        for one, core, edition, steps in _rebuilt(rows)
    )
    return tuple(
        one
        for one in found
        if not one.is_carried
        or one.core.state is not Standing.EFFECTIVE
        or any(step.engagement_id == row.pk for step in one.steps)
    )


Rebuilt = tuple[FindingRecord, NonConformity, Edition, tuple[FindingStep, ...]]


_STORY = ("steps__by", "steps__engagement", "steps__evidence__version")
_BARE = ("steps__evidence",)
"""What is read with findings: everything that the page of one tells, or what core needs."""


def _rebuilt(rows: QuerySet[FindingRecord], steps: Sequence[str] = _STORY) -> list[Rebuilt]:
    """Rebuild findings with the same few queries, however many there are."""
    found: list[Rebuilt] = []
    editions: dict[str, Edition] = {}
    for row in rows.select_related("engagement", "site", "raised_by").prefetch_related(*steps):
        name = row.engagement.edition_id
        edition = editions.get(name) or editions.setdefault(name, standards.edition(name))
        taken = tuple(row.steps.all())
        found.append((row, records.finding(row, taken, edition), edition, taken))
    return found


def drafts(held: Held) -> tuple[Draft, ...]:
    """Give the verdicts of the newest audit that are not fully met and became no finding in it.

    Critical requirements come first, then the worst verdicts, then the order of the edition.
    """
    audit = assessments.audit(held.row)
    if audit is None:
        return ()
    newest = assessments.newest_records([audit])[audit.pk]
    there = FindingRecord.objects.filter(engagement=held.row)
    this_audit = there.filter(round=audit_number(held.records))
    raised = set(this_audit.values_list("requirement_id", flat=True))
    used = set(there.values_list("verdict_id", flat=True))
    found = [
        Draft(
            newest[one.id],
            one.critical,
            suggested_grade(critical=one.critical, rating=newest[one.id].rating),
        )
        for one in held.edition.requirements
        if one.id in newest
        and newest[one.id].rating in _BELOW
        and newest[one.id].id not in used
        and one.id not in raised
    ]
    worst = {rating: -place for place, rating in enumerate(SCORED)}
    return tuple(sorted(found, key=lambda one: (not one.critical, worst[one.verdict.rating])))


def draft_of(held: Held, requirement: str) -> Draft | None:
    """Give the verdict from which a finding about a requirement is drafted; None: there is none."""
    return next((one for one in drafts(held) if one.verdict.requirement == requirement), None)


def suggested_grade(*, critical: bool, rating: Rating) -> Grade:
    """Suggest how grave a finding is: our own choice, which the auditor may change."""
    if critical:
        return Grade.MAJOR
    return Grade.OBSERVATION if rating is Rating.SUBSTANTIALLY else Grade.MINOR


def site_names(those: Iterable[Engagement]) -> tuple[str, ...]:
    """Give the full names of the people of a site: members and people of its operator."""
    rows = list(those)
    of_operators = Q(
        roles__kind=PartyRole.Kind.SITE_USER,
        roles__organisation__in=[one.operator_id for one in rows],
    )
    members = Member.objects.filter(engagement__in=rows, role__in=_OF_THE_SITE)
    people = Person.objects.filter(Q(pk__in=members.values("person_id")) | of_operators).distinct()
    names = (one.get_full_name().strip() for one in people.order_by("pk"))
    return tuple(name for name in names if " " in name)


def waiting_everywhere(*, actor: Person, on: datetime.date) -> tuple[Stood, ...]:
    """Give how every finding stands that is not closed, for the secretariat, due first in front.

    A few queries for each `_AT_ONCE` of them; `in_full` reads those that are shown.

    Raises:
        RefusalError: PARTY-001 for everybody else.
    """
    if not cycle.of_secretariat(actor):
        refuse(IS_THERE_FOR_YOU, asked_for="findings")
    scheme = {Role.SECRETARIAT}
    open_to = [str(one) for one in State if may(scheme, Action.READ_FINDINGS, one)]
    settled = _settled()
    rows = FindingRecord.objects.filter(engagement__state__in=open_to).order_by("pk")
    every = map(FindingFacts._make, rows.values_list(*FINDING_FACTS))
    found = (
        Stood(name, core, core.audit, on)
        for name, core in _standing([one for one in every if one.pk not in settled])
    )
    waiting = (one for one in found if one.is_waiting)
    return tuple(sorted(waiting, key=lambda one: (one.core.due or datetime.date.max, one.id)))


_AT_ONCE = 5000
"""Findings whose steps are asked for by their keys in one query."""


def _settled() -> set[int]:
    """Give the findings whose newest step settled them.

    Two plain queries, put together here: a database that has not counted its rows yet would look
    through all steps again for each finding.
    """
    last = dict(FindingStep.objects.order_by().values_list("finding_id").annotate(Max("number")))
    settling = FindingStep.objects.filter(kind__in=_SETTLED).order_by()
    return {
        finding
        for finding, number in settling.values_list("finding_id", "number")
        if last[finding] == number
    }


def _standing(rows: Sequence[FindingFacts]) -> Iterator[tuple[int, NonConformity]]:
    """Rebuild findings from plain values, each with the id of its row."""
    editions: dict[str, Edition] = {}
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        notes = _notes([one.pk for one in part])
        for row in part:
            name = row.edition_id
            edition = editions.get(name) or editions.setdefault(name, standards.edition(name))
            yield row.pk, records.rebuilt(row, notes.get(row.pk, ()), edition)


def _notes(keys: Sequence[int]) -> dict[int, list[Note]]:
    """Give what was noted of findings, oldest first, by their keys."""
    taken = FindingStep.objects.filter(finding__in=keys).order_by("finding_id", "number")
    steps = [StepFacts._make(one) for one in taken.values_list(*StepFacts._fields)]
    with_files = [one.pk for one in steps if one.kind == NoteKind.HAND_IN]
    evidence: dict[int, list[str]] = {}
    for start in range(0, len(with_files), _AT_ONCE):
        part = with_files[start : start + _AT_ONCE]
        handed_in = StepEvidence.objects.filter(step__in=part).order_by("pk")
        for step, version in handed_in.values_list("step_id", "version_id"):
            evidence.setdefault(step, []).append(str(version))
    notes: dict[int, list[Note]] = {}
    for one in steps:
        notes.setdefault(one.finding_id, []).append(records.note(one, evidence.get(one.pk, ())))
    return notes


def in_full(those: Sequence[Stood]) -> tuple[Found, ...]:
    """Read findings whole that somebody may read, in the order given."""
    rows = FindingRecord.objects.filter(pk__in=[one.id for one in those]).select_related(
        "engagement__site"
    )
    whole = {row.pk: (row, edition, steps) for row, _core, edition, steps in _rebuilt(rows, _BARE)}
    return tuple(
        Found(one.id, one.core, one.audit, one.on, *whole[one.id], is_carried=False)
        for one in those
    )


def public_actions(row: Engagement, *, on: datetime.date) -> tuple[PublishedAction, ...]:
    """Give what a public result of an engagement says of its findings, by number.

    It says what was found, why it happened and what is done, the role of who closed it, and
    nobody's name. A finding of an earlier engagement is among them where it was not settled before,
    unless the edition has its requirement no more.
    """
    acts = tuple(row.acts.order_by("number"))
    edition = standards.edition(row.edition_id)
    found = _found(row, _rows(row), audit_of(acts), on)
    names = site_names(
        {row.pk: row, **{one.row.engagement_id: one.row.engagement for one in found}}.values()
    )
    return tuple(
        _public(one, names) for one in found if one.row.requirement_id in edition.requirement_by_id
    )


def _public(one: Found, names: Sequence[str]) -> PublishedAction:
    plan, state = one.core.correction, one.core.state
    closers = [step.role for step in one.steps if step.kind == NoteKind.CLOSE]
    return PublishedAction(
        id=str(one.row.number),
        requirement=one.row.requirement_id,
        grade=str(one.row.grade),
        finding=without_names(one.row.text, names),
        cause=without_names(plan.root_cause, names) if plan else "",
        plan=without_names(plan.action, names) if plan else "",
        due=one.core.due,
        state=str(Standing.HANDED_IN if state is Standing.PROPOSED else state),
        closed_on=one.core.closed_on,
        verified_by=closers[-1] if one.core.closed_on else "",
    )
