"""Whatever is tried in whatever order, nothing is published that must not be.

A machine tries acts by anybody, on any later day, while the world around changes: the firm loses
its approval, an auditor buys shares, a rating loses its author, the report is not there. What it
knows of the world is kept in plain words beside the engagement, and is compared with what happened.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.cycle.made_up import ONE, START, WAY, act, edition, facts
from core.independence import made_up as independent
from stannary.core.cycle import (
    ENDED,
    IN_FORCE,
    STEPS,
    ActKind,
    Engagement,
    Facts,
    Role,
    State,
    engagements,
    perform,
    replay,
)
from stannary.core.independence import Declaration, Interest, Suspension
from stannary.core.kernel import Finding, Parameter, RefusalError

pytestmark = pytest.mark.untraced
Check = Callable[[engagements._Attempt], Iterator[Finding]]
EDITION = edition()
AS_MANY = settings(max_examples=250, stateful_step_count=30, deadline=None)
LONG_WAY = (*WAY, (ActKind.BEGIN_SURVEILLANCE, 500), (ActKind.FINISH_SURVEILLANCE, 510))
READY, DONE = len(WAY) - 1, len(LONG_WAY)
PUBLISHING = (ActKind.PUBLISH, ActKind.SETTLE_PENDING, ActKind.PUBLISH_SURVEILLANCE)
ENDS = (ActKind.WITHDRAW, ActKind.SUSPEND, ActKind.EXPIRE)
"""What stops an engagement for good or for a while; tried by anybody, not always next."""
HELD_BY = Interest(operator="operator", kind="shares", until=None)


class World(NamedTuple):
    """What is so around an engagement, in plain words."""

    reported: bool = True
    approved: bool = True
    suspended: bool = False
    conflicted: bool = False
    authored: bool = True
    rated: bool = True
    pending: bool = False
    team_known: bool = True

    @property
    def fit(self) -> bool:
        """Whether a level may be published in it."""
        firm = self.approved and not self.suspended and not self.conflicted
        return self.reported and self.team_known and firm and self.authored and self.rated

    def facts(self) -> Facts:
        """Say it in the words of core."""
        lead = independent.LEAD
        if self.conflicted:
            said = Declaration(independent.ENGAGEMENT, START, (HELD_BY,))
            lead = replace(lead, record=replace(lead.record, declarations=(said,)))
        approval = independent.ANYTHING
        if self.suspended:
            approval = replace(approval, suspensions=(Suspension(START, None, "made up"),))
        team = independent.assignment(
            edition=replace(EDITION, parameters=without_limits()),
            team=(lead, independent.AUDITOR, independent.REVIEWER),
        )
        return facts(
            report="r-1" if self.reported else "",
            level_pending=self.pending,
            authorless=() if self.authored else ("1.1.1.1",),
            unrated=() if self.rated else ("1.1.1.2",),
            assignment=team if self.team_known else None,
            approvals=(approval,) if self.approved else (),
        )


def without_limits() -> dict[str, Parameter]:
    """Leave out the age of declarations, so that only what the world says stands in the way."""
    return {k: v for k, v in EDITION.parameters.items() if k != "independence_declaration_days"}


class Cycle(RuleBasedStateMachine):
    """One engagement, and everybody who might push it on."""

    @initialize(steps=st.sampled_from((0, 6, 12, READY, READY, READY, READY + 1, DONE)))
    def begin(self, steps: int) -> None:
        """Begin somewhere on the way to publication, where nothing was wrong so far."""
        self.world, self.on, self.number = World(), START, 0
        self.engagement = Engagement(EDITION)
        self.published: list[World] = []
        for kind, days in LONG_WAY[:steps]:
            self.on = START + days * ONE
            self.try_it(kind, min(STEPS[kind].roles), 0)

    @rule(change=st.sampled_from(World._fields))
    def one_thing_changes(self, change: str) -> None:
        """Let one thing around the engagement be otherwise."""
        self.world = self.world._replace(**{change: not getattr(self.world, change)})

    @rule(change=st.sampled_from(World._fields))
    def only_one_thing_is_wrong(self, change: str) -> None:
        """Let all be well but one thing; whether a level is pending stays as it is."""
        well = World(pending=self.world.pending)
        self.world = well._replace(**{change: not getattr(well, change)})

    @rule()
    def all_is_well(self) -> None:
        """Let nothing be wrong any more."""
        self.world = World(pending=self.world.pending)

    @rule(
        kind=st.sampled_from(ActKind),
        role=st.sampled_from(Role),
        days=st.integers(-2, 800),
        reason=st.sampled_from(["", "made up for a test"]),
    )
    def anybody_tries_anything(self, kind: ActKind, role: Role, days: int, reason: str) -> None:
        """Try an act that may be out of place in every way."""
        self.try_it(kind, role, days, reason)

    @precondition(lambda self: self.engagement.state not in ENDED)
    @rule(data=st.data(), days=st.integers(0, 60))
    def the_right_person_tries_what_is_next(self, data: st.DataObject, days: int) -> None:
        """Try an act that fits state and role; facts may still stand in its way."""
        state = self.engagement.state
        kinds = [kind for kind, step in STEPS.items() if state in step.sources and kind not in ENDS]
        kind = data.draw(st.sampled_from(kinds))
        self.try_it(kind, min(STEPS[kind].roles), days)

    @precondition(lambda self: any(self.engagement.state in STEPS[x].sources for x in PUBLISHING))
    @rule(days=st.integers(0, 60), change=st.sampled_from((*World._fields, "")))
    def the_secretariat_publishes(self, days: int, change: str) -> None:
        """Try to publish where the state allows it, with one thing wrong or nothing."""
        if change:
            self.only_one_thing_is_wrong(change)
        for kind in PUBLISHING:
            if self.engagement.state in STEPS[kind].sources:
                self.try_it(kind, Role.SECRETARIAT, days)

    def try_it(self, kind: ActKind, role: Role, days: int, reason: str = "made up") -> None:
        """Try an act; what is refused changes nothing."""
        on = self.on + days * ONE
        said = self.world.facts()
        open_ = self.engagement.open_objections
        self.number += 1
        tried = act(
            kind,
            on,
            id=str(self.number),
            role=role,
            reason=reason,
            until=on + datetime.timedelta(days=30),
            refers_to=open_[0] if open_ and kind is ActKind.RULE_ON_OBJECTION else "",
        )
        before = self.engagement
        try:
            self.engagement = perform(before, tried, said)
        except RefusalError:
            return
        assert role in STEPS[kind].roles
        assert before.state in STEPS[kind].sources
        self.on = on
        if kind in PUBLISHING:
            self.published.append(self.world)
            assert self.world.fit, f"published in {self.world}"

    @invariant()
    def what_is_in_force_was_published(self) -> None:
        """A level counts only after a report was public, by an approved firm without conflict."""
        engagement = self.engagement
        state = engagement.resumes or engagement.state
        if state in IN_FORCE | {State.REASSESSED}:
            assert self.published, f"{state} without publication"
            assert self.published[0].fit
        acts = [one.kind for one in engagement.acts]
        assert acts.count(ActKind.PUBLISH) <= 1

    @invariant()
    def its_acts_alone_say_where_it_stands(self) -> None:
        """Acts are in the order of their days, and replaying them gives the same again."""
        days = [one.on for one in self.engagement.acts]
        assert days == sorted(days)
        assert replay(EDITION, self.engagement.acts) == self.engagement

    @invariant()
    def nothing_leads_out_of_an_end(self) -> None:
        """After an end there is no further act."""
        ends = [
            number
            for number, one in enumerate(self.engagement.acts)
            if STEPS[one.kind].target in ENDED
        ]
        assert ends in ([], [len(self.engagement.acts) - 1])


TestAnyOrder = Cycle.TestCase
TestAnyOrder.settings = AS_MANY


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        (ActKind.PUBLISH, (engagements._draft, engagements._team)),
        (ActKind.PUBLISH, (engagements._report, engagements._team)),
        (ActKind.PUBLISH, (engagements._report, engagements._draft)),
        (ActKind.SETTLE_PENDING, ()),
        (ActKind.PUBLISH_SURVEILLANCE, (engagements._report, engagements._draft)),
    ],
    ids=["without a report", "without authors", "without a firm", "settled", "surveyed"],
)
def test_the_machine_notices_a_check_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, kind: ActKind, left: tuple[Check, ...]
) -> None:
    def lenient(the: engagements._Attempt) -> Iterator[Finding]:
        for check in left:
            yield from check(the)

    monkeypatch.setitem(engagements._NEEDS, kind, lenient)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Cycle,
            settings=settings(AS_MANY, max_examples=3000, phases=[Phase.generate], database=None),
        )
