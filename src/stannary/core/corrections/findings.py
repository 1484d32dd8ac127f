"""A non-conformity that lives across audits: grade, cause, correction, closure, re-test.

It is what its notes made it. A closed finding is tested again in the next audit; one whose
correction did not last is open again. A minor one that is overdue counts as major (CORRECTION
clock in the pack: `finding_minor_days`, `finding_major_days`). Where the pack knows no time, the
day that the site's plan names is the last one.

Rules: CORRECTION-001 to CORRECTION-010.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from stannary.core.corrections import rules
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.standards import Edition


class Grade(StrEnum):
    """How grave a finding is."""

    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    PLANNED = "planned"
    HANDED_IN = "handed_in"
    PROPOSED = "proposed"
    CLOSED = "closed"
    EFFECTIVE = "effective"


class NoteKind(StrEnum):
    """A step in the life of a finding."""

    PLAN = "plan"
    EXTEND = "extend"
    HAND_IN = "hand_in"
    REFUSE = "refuse"
    PROPOSE = "propose"
    CLOSE = "close"
    ESCALATE = "escalate"
    CONFIRM = "confirm"
    REOPEN = "reopen"


WAITING = frozenset({State.OPEN, State.PLANNED, State.HANDED_IN, State.PROPOSED})
"""States in which a finding is not closed, so that it can be overdue."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be done about a finding.

    Attributes:
        root_cause: Why it happened.
        action: What is done.
        owner: Who answers for it.
        due: Last day, itself included.
    """

    root_cause: str
    action: str
    owner: str
    due: datetime.date


@dataclass(frozen=True, slots=True)
class Note:
    """One step, recorded and never changed.

    Attributes:
        kind: What was done.
        by: Id of the person.
        on: The day.
        text: What was seen, or why.
        correction: The plan; with PLAN alone.
        evidence: Ids of evidence; with HAND_IN.
        until: New last day; with EXTEND.
        audit: Id of the audit in which it was tested; with CONFIRM and REOPEN.
    """

    kind: NoteKind
    by: str
    on: datetime.date
    text: str = ""
    correction: Correction | None = None
    evidence: tuple[str, ...] = ()
    until: datetime.date | None = None
    audit: str = ""


@dataclass(frozen=True, slots=True)
class NonConformity:
    """A finding as its notes made it.

    Attributes:
        id: Its id.
        audit: Id of the audit that found it.
        requirement: Of the edition.
        grade: As it was found; `grade_on` says what it counts as on a day.
        found_on: The day.
        found_by: Id of the person.
        text: What was found.
        notes: Oldest first.
        state: Where it stands.
        due: Last day for the correction, extensions included; where the pack knows no time for the
            grade it is that of the plan, and None before there is one. Counted anew from the day
            on which a finding is opened again.
    """

    id: str
    audit: str
    requirement: str
    grade: Grade
    found_on: datetime.date
    found_by: str
    text: str
    notes: tuple[Note, ...] = ()
    state: State = State.OPEN
    due: datetime.date | None = None

    @property
    def correction(self) -> Correction | None:
        """The plan that counts: the last one."""
        plans = [note.correction for note in self.notes if note.kind is NoteKind.PLAN]
        return plans[-1] if plans else None

    @property
    def closed_on(self) -> datetime.date | None:
        """The day on which it was closed; None while it is not."""
        if self.state in WAITING:
            return None
        return next(note.on for note in reversed(self.notes) if note.kind is NoteKind.CLOSE)

    @property
    def escalated_on(self) -> datetime.date | None:
        """The day on which it was last escalated, as long as it is not closed."""
        for note in reversed(self.notes):
            if note.kind in (NoteKind.CLOSE, NoteKind.REOPEN):
                return None
            if note.kind is NoteKind.ESCALATE:
                return note.on
        return None

    def overdue_since(self, day: datetime.date) -> datetime.date | None:
        """Give since when it is overdue on a day: the day after its last one; None: it is not."""
        if self.state not in WAITING or self.due is None or day <= self.due:
            return None
        return self.due + datetime.timedelta(days=1)


_SOURCES = {
    NoteKind.PLAN: (State.OPEN, State.PLANNED),
    NoteKind.EXTEND: tuple(one for one in State if one in WAITING),
    NoteKind.HAND_IN: (State.PLANNED,),
    NoteKind.REFUSE: (State.HANDED_IN, State.PROPOSED),
    NoteKind.PROPOSE: (State.HANDED_IN,),
    NoteKind.CLOSE: (State.PROPOSED,),
    NoteKind.ESCALATE: tuple(one for one in State if one in WAITING),
    NoteKind.CONFIRM: (State.CLOSED,),
    NoteKind.REOPEN: (State.CLOSED, State.EFFECTIVE),
}
_TARGETS = {
    NoteKind.PLAN: State.PLANNED,
    NoteKind.HAND_IN: State.HANDED_IN,
    NoteKind.REFUSE: State.PLANNED,
    NoteKind.PROPOSE: State.PROPOSED,
    NoteKind.CLOSE: State.CLOSED,
    NoteKind.CONFIRM: State.EFFECTIVE,
    NoteKind.REOPEN: State.OPEN,
}
_WITH_TEXT = (
    NoteKind.EXTEND,
    NoteKind.REFUSE,
    NoteKind.PROPOSE,
    NoteKind.CLOSE,
    NoteKind.ESCALATE,
    NoteKind.CONFIRM,
    NoteKind.REOPEN,
)


def found(
    *,
    name: str,
    audit: str,
    requirement: str,
    grade: Grade,
    on: datetime.date,
    by: str,
    text: str,
    edition: Edition,
) -> NonConformity:
    """Raise a finding; its clock starts on the day it was found.

    Raises:
        RefusalError: CORRECTION-010 if the edition has no such requirement, or nothing is said of
            what was found.
    """
    if requirement not in edition.requirement_by_id or not text.strip():
        said = "yes" if text.strip() else "no"
        refuse(rules.FINDING_SAYS_WHAT, requirement=requirement[:40] or "none", text=said)
    return NonConformity(
        id=name,
        audit=audit,
        requirement=requirement,
        grade=grade,
        found_on=on,
        found_by=by,
        text=text,
        due=_due(edition, grade, on),
    )


def add_note(finding: NonConformity, note: Note, edition: Edition) -> NonConformity:
    """Take one more step.

    Raises:
        RefusalError: With every reason against it; nothing has changed.
    """
    against = tuple(_against(finding, note))
    if against:
        raise RefusalError(*against)
    due = finding.due
    if note.kind is NoteKind.EXTEND:
        due = note.until
    elif note.kind is NoteKind.REOPEN:
        due = _due(edition, finding.grade, note.on)
    elif note.kind is NoteKind.PLAN and due is None and note.correction is not None:
        due = note.correction.due
    state = _TARGETS.get(note.kind, finding.state)
    return replace(finding, notes=(*finding.notes, note), state=state, due=due)


def replay_notes(finding: NonConformity, notes: Iterable[Note], edition: Edition) -> NonConformity:
    """Rebuild a finding from its notes, oldest first.

    Raises:
        RefusalError: If a note could not have followed the one before.
    """
    for note in notes:
        finding = add_note(finding, note, edition)
    return finding


def grade_on(finding: NonConformity, day: datetime.date) -> Grade:
    """Give the grade that counts on a day: a minor finding that is overdue is a major one."""
    overdue = finding.overdue_since(day) is not None
    return Grade.MAJOR if overdue and finding.grade is Grade.MINOR else finding.grade


def state_on(finding: NonConformity, day: datetime.date) -> str:
    """Give the state on a day; "overdue" for what is not closed after its last day."""
    return "overdue" if finding.overdue_since(day) else str(finding.state)


def next_steps(finding: NonConformity, *, day: datetime.date, audit: str) -> tuple[NoteKind, ...]:
    """Give the steps that the state allows on a day, in the order in which findings meet them.

    Args:
        finding: As it stands.
        day: On which somebody asks.
        audit: Id of the audit in which they ask; a finding is re-tested in a later one only.
    """
    return tuple(
        kind
        for kind in NoteKind
        if finding.state in _SOURCES[kind]
        and (kind is not NoteKind.ESCALATE or finding.overdue_since(day))
        and (kind not in (NoteKind.CONFIRM, NoteKind.REOPEN) or audit not in ("", finding.audit))
    )


def may_close(finding: NonConformity, by: str) -> bool:
    """Tell whether somebody neither handed the correction in nor proposed to close it."""
    return by not in _barred(finding)


def _due(edition: Edition, grade: Grade, on: datetime.date) -> datetime.date | None:
    parameter = edition.parameters.get(f"finding_{grade}_days")
    days = parameter.whole_on(on) if parameter is not None else None
    return None if days is None else on + datetime.timedelta(days=days)


def _against(finding: NonConformity, note: Note) -> Iterator[Finding]:
    facts = {"step": str(note.kind), "state": str(finding.state)}
    if finding.state not in _SOURCES[note.kind]:
        possible = " or ".join(_SOURCES[note.kind])
        yield Finding(rules.NOTE_FITS_THE_STATE, {**facts, "possible_in": possible})
    before = finding.notes[-1].on if finding.notes else finding.found_on
    if note.on < before:
        shown = {"on": note.on.isoformat(), "after": before.isoformat()}
        yield Finding(rules.NOTES_ARE_IN_ORDER, {**facts, **shown})
    if note.kind in _WITH_TEXT and not note.text.strip():
        yield Finding(rules.REASON_IS_WRITTEN, facts)
    needs = _NEEDS.get(note.kind)
    if needs is not None:
        yield from needs(finding, note)


def _plan(finding: NonConformity, note: Note) -> Iterator[Finding]:
    plan = note.correction
    missing = [
        name
        for name, text in (
            ("root_cause", plan.root_cause if plan else ""),
            ("action", plan.action if plan else ""),
            ("owner", plan.owner if plan else ""),
        )
        if not text.strip()
    ]
    if missing:
        yield Finding(rules.CAUSE_AND_PLAN_ARE_WRITTEN, {"missing": ", ".join(missing)})
    if plan is not None and finding.due is not None and plan.due > finding.due:
        shown = {"due": plan.due.isoformat(), "at_most": finding.due.isoformat()}
        yield Finding(rules.DEADLINE_IS_KEPT, shown)


def _extension(finding: NonConformity, note: Note) -> Iterator[Finding]:
    if note.until is None or (finding.due is not None and note.until <= finding.due):
        until = note.until.isoformat() if note.until else "not named"
        yield Finding(rules.DEADLINE_IS_KEPT, {"until": until})


def _evidence(finding: NonConformity, note: Note) -> Iterator[Finding]:
    if not note.evidence:
        yield Finding(rules.EVIDENCE_IS_GIVEN, {"finding": finding.id})


def _closure(finding: NonConformity, note: Note) -> Iterator[Finding]:
    if not may_close(finding, note.by):
        yield Finding(rules.SOMEBODY_ELSE_CLOSES, {"by": note.by})


def _barred(finding: NonConformity) -> set[str]:
    """Give who ever handed a correction in, and who made the last proposal to close."""
    handed_in = {one.by for one in finding.notes if one.kind is NoteKind.HAND_IN}
    proposals = [one.by for one in finding.notes if one.kind is NoteKind.PROPOSE]
    return handed_in | set(proposals[-1:])


def _escalation(finding: NonConformity, note: Note) -> Iterator[Finding]:
    if finding.state in WAITING and finding.overdue_since(note.on) is None:
        due = finding.due.isoformat() if finding.due else "none"
        yield Finding(rules.ESCALATED_ONCE_OVERDUE, {"on": note.on.isoformat(), "due": due})


def _retest(finding: NonConformity, note: Note) -> Iterator[Finding]:
    if note.audit in ("", finding.audit):
        yield Finding(rules.RETEST_IS_IN_A_LATER_AUDIT, {"audit": note.audit or "none"})


_NEEDS = {
    NoteKind.PLAN: _plan,
    NoteKind.EXTEND: _extension,
    NoteKind.HAND_IN: _evidence,
    NoteKind.CLOSE: _closure,
    NoteKind.ESCALATE: _escalation,
    NoteKind.CONFIRM: _retest,
    NoteKind.REOPEN: _retest,
}
"""What each step needs beyond its form; refusing and proposing need nothing more."""
