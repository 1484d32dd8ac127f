"""The life of a finding, with steps in any order by anybody on any day."""

import datetime
from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.corrections.test_findings import DAY, ONE, UNDER, raised
from stannary.core.corrections import (
    WAITING,
    Correction,
    Grade,
    Note,
    NoteKind,
    State,
    add_note,
    next_steps,
    replay_notes,
)
from stannary.core.kernel import RefusalError

PEOPLE = st.sampled_from(["site-1", "site-2", "auditor-1", "auditor-2", "reviewer"])
AUDITS = st.sampled_from(["", "a-1", "a-2"])
DAYS = st.integers(-2, 700)


class LifeOfAFinding(RuleBasedStateMachine):
    """Tries every step; what is refused leaves the finding as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.first = raised(Grade.MINOR)
        self.finding = self.first
        self.day = DAY

    @rule(
        kind=st.sampled_from(list(NoteKind)),
        by=PEOPLE,
        later=st.integers(-1, 120),
        due=DAYS,
        until=st.none() | DAYS,
        evidence=st.sampled_from([(), ("e-1",)]),
        text=st.sampled_from(["", "seen"]),
        audit=AUDITS,
    )
    def take_step(
        self,
        kind: NoteKind,
        by: str,
        later: int,
        due: int,
        until: int | None,
        evidence: tuple[str, ...],
        text: str,
        audit: str,
    ) -> None:
        """Take a step, whether it fits or not."""
        plan = Correction("cause", "action", "owner", DAY + due * ONE)
        step = Note(
            kind=kind,
            by=by,
            on=self.day + later * ONE,
            text=text,
            correction=plan if kind is NoteKind.PLAN else None,
            evidence=evidence if kind is NoteKind.HAND_IN else (),
            until=None if until is None else DAY + until * ONE,
            audit=audit,
        )
        before = self.finding
        offered = next_steps(before, day=step.on, audit=audit)
        try:
            self.finding = add_note(before, step, UNDER)
        except RefusalError:
            assert self.finding is before
            return
        assert kind in offered
        self.day = max(self.day, step.on)

    @rule(by=PEOPLE, later=st.sampled_from([-1, 0, 1, 100]))
    def walk_on(self, by: str, later: int) -> None:
        """Try the usual next step by anybody, so that long lives are met as well as short ones."""
        usual = {
            State.OPEN: NoteKind.PLAN,
            State.PLANNED: NoteKind.HAND_IN,
            State.HANDED_IN: NoteKind.PROPOSE,
            State.PROPOSED: NoteKind.CLOSE,
            State.CLOSED: NoteKind.CONFIRM,
            State.EFFECTIVE: NoteKind.REOPEN,
        }
        step = Note(
            kind=usual[self.finding.state],
            by=by,
            on=self.day + later * ONE,
            text="seen",
            correction=Correction("cause", "action", "owner", DAY),
            evidence=("e-1",),
            audit="a-2",
        )
        with suppress(RefusalError):
            self.finding = add_note(self.finding, step, UNDER)
            self.day = max(self.day, step.on)

    @invariant()
    def closed_by_somebody_else_with_evidence(self) -> None:
        """Nothing is closed without evidence, or by who handed in or proposed."""
        seen: list[Note] = []
        for note in self.finding.notes:
            if note.kind is NoteKind.CLOSE:
                handed_in = [one for one in seen if one.kind is NoteKind.HAND_IN]
                proposals = [one for one in seen if one.kind is NoteKind.PROPOSE]
                assert handed_in
                assert handed_in[-1].evidence
                assert note.by not in {one.by for one in handed_in}
                assert note.by != proposals[-1].by
                assert seen[-1].kind in (NoteKind.PROPOSE, NoteKind.EXTEND, NoteKind.ESCALATE)
            seen.append(note)

    @invariant()
    def in_order_and_the_same_when_replayed(self) -> None:
        """Days never go back, and the notes alone give the finding."""
        days = [self.first.found_on, *(one.on for one in self.finding.notes)]
        assert days == sorted(days)
        assert replay_notes(self.first, self.finding.notes, UNDER) == self.finding

    @invariant()
    def closed_or_waiting(self) -> None:
        """It has a day of closing exactly when it does not wait, and is late only while it waits."""
        waits = self.finding.state in WAITING
        assert (self.finding.closed_on is None) is waits
        late = self.finding.overdue_since(self.day + datetime.timedelta(days=10_000))
        assert (late is not None) is waits


LifeOfAFinding.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLifeOfAFinding = pytest.mark.untraced(LifeOfAFinding.TestCase)
