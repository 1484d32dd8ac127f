import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.standards.made_up import EDITION, constant
from stannary.core.corrections import (
    Correction,
    Grade,
    NonConformity,
    Note,
    NoteKind,
    State,
    add_note,
    found,
    grade_on,
    may_close,
    next_steps,
    replay_notes,
    state_on,
)
from stannary.core.kernel import RefusalError

DAY = datetime.date(2026, 6, 1)
ONE = datetime.timedelta(days=1)
LENGTHS = {
    f"finding_{grade}_days": constant(days, name=f"finding_{grade}_days", unit="day")
    for grade, days in (("major", 90), ("minor", 365))
}
UNDER = replace(EDITION, parameters={**EDITION.parameters, **LENGTHS})


def raised(grade: Grade = Grade.MINOR) -> NonConformity:
    return found(
        name="f-1",
        audit="a-1",
        requirement="1.1.1.1",
        grade=grade,
        on=DAY,
        by="auditor",
        text="made up",
        edition=UNDER,
    )


def note(kind: NoteKind, days: int = 1, **changed: Any) -> Note:
    """Give a step that nothing speaks against."""
    by = "site" if kind in (NoteKind.PLAN, NoteKind.HAND_IN) else "auditor"
    by = "another" if kind is NoteKind.CLOSE else by
    parts: dict[str, Any] = {"by": by, "text": "made up"}
    if kind is NoteKind.PLAN:
        parts["correction"] = Correction("cause", "action", "owner", DAY + 60 * ONE)
    if kind is NoteKind.HAND_IN:
        parts["evidence"] = ("e-1",)
    if kind is NoteKind.EXTEND:
        parts["until"] = DAY + 500 * ONE
    if kind in (NoteKind.CONFIRM, NoteKind.REOPEN):
        parts["audit"] = "a-2"
    return Note(kind=kind, on=DAY + days * ONE, **(parts | changed))


WAY = (NoteKind.PLAN, NoteKind.HAND_IN, NoteKind.PROPOSE, NoteKind.CLOSE, NoteKind.CONFIRM)


def up_to(kind: NoteKind | None, grade: Grade = Grade.MINOR) -> NonConformity:
    finding = raised(grade)
    for one in WAY[: WAY.index(kind) + 1] if kind else ():
        finding = add_note(finding, note(one), UNDER)
    return finding


def codes(finding: NonConformity, one: Note) -> list[str]:
    try:
        add_note(finding, one, UNDER)
    except RefusalError as refusal:
        return [each.code for each in refusal.findings]
    return []


def test_a_finding_is_planned_handed_in_closed_and_confirmed_in_the_next_audit() -> None:
    finding = up_to(NoteKind.CONFIRM)

    assert finding.state is State.EFFECTIVE
    assert finding.correction == Correction("cause", "action", "owner", DAY + 60 * ONE)
    assert raised().correction is None
    assert replay_notes(raised(), finding.notes, UNDER) == finding


@pytest.mark.parametrize(
    ("grade", "due"),
    [
        (Grade.MAJOR, DAY + 90 * ONE),
        (Grade.MINOR, DAY + 365 * ONE),
        (Grade.OBSERVATION, None),
    ],
)
def test_the_time_for_a_correction_follows_from_its_grade(
    grade: Grade, due: datetime.date | None
) -> None:
    assert raised(grade).due == due


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (None, NoteKind.HAND_IN),
        (None, NoteKind.CLOSE),
        (NoteKind.PLAN, NoteKind.CLOSE),
        (NoteKind.PLAN, NoteKind.PROPOSE),
        (NoteKind.HAND_IN, NoteKind.CLOSE),
        (NoteKind.HAND_IN, NoteKind.PLAN),
        (NoteKind.PROPOSE, NoteKind.PROPOSE),
        (NoteKind.CLOSE, NoteKind.ESCALATE),
        (NoteKind.CLOSE, NoteKind.EXTEND),
        (NoteKind.CONFIRM, NoteKind.CONFIRM),
    ],
)
def test_a_step_in_another_state_is_correction_001(after: NoteKind | None, kind: NoteKind) -> None:
    assert codes(up_to(after), note(kind)) == ["CORRECTION-001"]


def test_a_step_dated_before_the_last_one_is_correction_002() -> None:
    assert codes(raised(), note(NoteKind.PLAN, -1)) == ["CORRECTION-002"]
    assert codes(raised(), note(NoteKind.PLAN, 0)) == []
    assert codes(up_to(NoteKind.PLAN), note(NoteKind.HAND_IN, 0)) == ["CORRECTION-002"]


@pytest.mark.parametrize(
    ("missing", "names"),
    [
        ({"root_cause": " "}, "root_cause"),
        ({"action": ""}, "action"),
        ({"owner": "", "action": ""}, "action, owner"),
    ],
)
def test_a_plan_names_cause_action_and_owner(missing: dict[str, Any], names: str) -> None:
    plan = replace(Correction("cause", "action", "owner", DAY), **missing)

    with pytest.raises(RefusalError) as refusal:
        add_note(raised(), note(NoteKind.PLAN, correction=plan), UNDER)

    (one,) = refusal.value.findings
    assert (one.code, one.facts["missing"]) == ("CORRECTION-003", names)


def test_a_step_called_plan_without_one_is_correction_003() -> None:
    assert codes(raised(), note(NoteKind.PLAN, correction=None)) == ["CORRECTION-003"]


@pytest.mark.parametrize(("days", "expected"), [(90, []), (91, ["CORRECTION-004"])])
def test_a_plan_ends_within_the_time_for_its_grade(days: int, expected: list[str]) -> None:
    plan = Correction("cause", "action", "owner", DAY + days * ONE)

    assert codes(raised(Grade.MAJOR), note(NoteKind.PLAN, correction=plan)) == expected


def test_an_observation_has_no_time_to_keep() -> None:
    plan = Correction("cause", "action", "owner", DAY + 9999 * ONE)

    assert codes(raised(Grade.OBSERVATION), note(NoteKind.PLAN, correction=plan)) == []
    assert codes(raised(Grade.OBSERVATION), note(NoteKind.EXTEND)) == []


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, ["CORRECTION-004"]),
        (DAY + 365 * ONE, ["CORRECTION-004"]),
        (DAY + 366 * ONE, []),
    ],
)
def test_an_extension_ends_after_what_it_extends(
    until: datetime.date | None, expected: list[str]
) -> None:
    assert codes(raised(), note(NoteKind.EXTEND, until=until)) == expected


def test_an_extension_moves_the_last_day() -> None:
    extended = add_note(raised(), note(NoteKind.EXTEND), UNDER)

    assert (extended.due, extended.state) == (DAY + 500 * ONE, State.OPEN)


def test_a_correction_is_handed_in_with_evidence() -> None:
    planned = up_to(NoteKind.PLAN)

    assert codes(planned, note(NoteKind.HAND_IN, evidence=())) == ["CORRECTION-005"]


@pytest.mark.parametrize(
    ("by", "expected"), [("site", True), ("auditor", True), ("another", False)]
)
def test_who_handed_a_correction_in_or_proposed_to_close_it_does_not(
    by: str, expected: bool
) -> None:
    proposed = up_to(NoteKind.PROPOSE)

    assert codes(proposed, note(NoteKind.CLOSE, by=by)) == ["CORRECTION-006"] * expected
    assert may_close(proposed, by) is not expected


def test_who_proposed_once_and_was_refused_may_close_what_somebody_else_proposes() -> None:
    refused = add_note(up_to(NoteKind.PROPOSE), note(NoteKind.REFUSE, by="another"), UNDER)
    again = add_note(refused, note(NoteKind.HAND_IN), UNDER)
    again = add_note(again, note(NoteKind.PROPOSE, by="another"), UNDER)

    assert codes(again, note(NoteKind.CLOSE, by="another")) == ["CORRECTION-006"]
    assert codes(again, note(NoteKind.CLOSE, by="auditor")) == []


@pytest.mark.parametrize(("days", "expected"), [(90, ["CORRECTION-009"]), (91, []), (92, [])])
def test_a_finding_is_escalated_once_it_is_overdue(days: int, expected: list[str]) -> None:
    assert codes(raised(Grade.MAJOR), note(NoteKind.ESCALATE, days)) == expected


def test_what_has_no_last_day_is_never_escalated() -> None:
    assert codes(raised(Grade.OBSERVATION), note(NoteKind.ESCALATE, 999)) == ["CORRECTION-009"]


def test_an_escalation_is_told_until_the_finding_is_closed_or_open_again() -> None:
    finding = raised(Grade.MAJOR)
    assert finding.escalated_on is None

    escalated = add_note(finding, note(NoteKind.ESCALATE, 91), UNDER)
    late = note(NoteKind.PLAN, 92, correction=Correction("cause", "action", "owner", DAY))
    escalated = add_note(escalated, late, UNDER)
    assert escalated.escalated_on == DAY + 91 * ONE
    assert escalated.state is State.PLANNED

    for kind in WAY[1:4]:
        escalated = add_note(escalated, note(kind, 93), UNDER)
    assert escalated.escalated_on is None
    assert escalated.closed_on == DAY + 93 * ONE
    again = add_note(escalated, note(NoteKind.REOPEN, 400), UNDER)
    assert (again.escalated_on, again.closed_on) == (None, None)


@pytest.mark.parametrize(("requirement", "text"), [("9.9.9.9", "made up"), ("1.1.1.1", " ")])
def test_a_finding_names_a_requirement_and_says_what_was_found(requirement: str, text: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        found(
            name="f-1",
            audit="a-1",
            requirement=requirement,
            grade=Grade.MINOR,
            on=DAY,
            by="auditor",
            text=text,
            edition=UNDER,
        )

    assert refusal.value.rule.code == "CORRECTION-010"


@pytest.mark.parametrize(
    ("after", "audit", "expected"),
    [
        (None, "a-1", {NoteKind.PLAN, NoteKind.EXTEND}),
        (NoteKind.PLAN, "a-1", {NoteKind.PLAN, NoteKind.EXTEND, NoteKind.HAND_IN}),
        (NoteKind.HAND_IN, "a-1", {NoteKind.EXTEND, NoteKind.REFUSE, NoteKind.PROPOSE}),
        (NoteKind.PROPOSE, "a-1", {NoteKind.EXTEND, NoteKind.REFUSE, NoteKind.CLOSE}),
        (NoteKind.CLOSE, "a-1", set()),
        (NoteKind.CLOSE, "", set()),
        (NoteKind.CLOSE, "a-2", {NoteKind.CONFIRM, NoteKind.REOPEN}),
        (NoteKind.CONFIRM, "a-2", {NoteKind.REOPEN}),
    ],
)
def test_the_steps_that_come_next_are_those_that_nothing_but_the_writer_speaks_against(
    after: NoteKind | None, audit: str, expected: set[NoteKind]
) -> None:
    finding = up_to(after)
    day = DAY + ONE

    assert set(next_steps(finding, day=day, audit=audit)) == expected
    if audit == "a-2" or finding.state not in (State.CLOSED, State.EFFECTIVE):
        possible = {kind for kind in NoteKind if "CORRECTION-001" not in codes(finding, note(kind))}
        assert possible == expected | ({NoteKind.ESCALATE} if finding.closed_on is None else set())
    late = finding.due + ONE if finding.due else day
    assert (NoteKind.ESCALATE in next_steps(finding, day=late, audit=audit)) is (
        finding.closed_on is None
    )


def test_the_day_of_the_plan_is_the_last_one_where_the_pack_knows_none() -> None:
    planned = add_note(raised(Grade.OBSERVATION), note(NoteKind.PLAN), UNDER)
    later = note(NoteKind.PLAN, correction=Correction("cause", "action", "owner", DAY + 61 * ONE))

    assert planned.due == DAY + 60 * ONE
    assert planned.overdue_since(DAY + 60 * ONE) is None
    assert planned.overdue_since(DAY + 61 * ONE) == DAY + 61 * ONE
    assert codes(planned, later) == ["CORRECTION-004"]


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (NoteKind.PLAN, NoteKind.EXTEND),
        (NoteKind.HAND_IN, NoteKind.REFUSE),
        (NoteKind.HAND_IN, NoteKind.PROPOSE),
        (NoteKind.PROPOSE, NoteKind.CLOSE),
        (NoteKind.CLOSE, NoteKind.CONFIRM),
        (NoteKind.CLOSE, NoteKind.REOPEN),
    ],
)
def test_who_decides_says_what_was_seen(after: NoteKind, kind: NoteKind) -> None:
    assert codes(up_to(after), note(kind, text=" ")) == ["CORRECTION-007"]
    assert codes(up_to(after), note(kind)) == []


@pytest.mark.parametrize("audit", ["", "a-1"])
@pytest.mark.parametrize("kind", [NoteKind.CONFIRM, NoteKind.REOPEN])
def test_a_retest_belongs_to_a_later_audit(kind: NoteKind, audit: str) -> None:
    assert codes(up_to(NoteKind.CLOSE), note(kind, audit=audit)) == ["CORRECTION-008"]


def test_a_correction_that_is_refused_is_planned_again() -> None:
    refused = add_note(up_to(NoteKind.HAND_IN), note(NoteKind.REFUSE), UNDER)

    assert refused.state is State.PLANNED
    assert codes(refused, note(NoteKind.HAND_IN)) == []


def test_a_correction_that_did_not_last_opens_the_finding_with_a_new_time() -> None:
    again = add_note(up_to(NoteKind.CONFIRM), note(NoteKind.REOPEN, 400), UNDER)

    assert (again.state, again.due) == (State.OPEN, DAY + 765 * ONE)


@pytest.mark.parametrize(
    ("days", "state", "grade"),
    [
        (364, "open", Grade.MINOR),
        (365, "open", Grade.MINOR),
        (366, "overdue", Grade.MAJOR),
    ],
)
def test_a_minor_finding_that_is_overdue_counts_as_major(
    days: int, state: str, grade: Grade
) -> None:
    day = DAY + days * ONE

    assert (state_on(raised(), day), grade_on(raised(), day)) == (state, grade)


def test_what_is_closed_or_has_no_time_is_never_overdue() -> None:
    late = DAY + 9999 * ONE

    assert state_on(up_to(NoteKind.CLOSE), late) == "closed"
    assert state_on(raised(Grade.OBSERVATION), late) == "open"
    assert grade_on(raised(Grade.OBSERVATION), late) is Grade.OBSERVATION
    assert grade_on(raised(Grade.MAJOR), late) is Grade.MAJOR


@given(st.lists(st.tuples(st.sampled_from(list(NoteKind)), st.booleans()), max_size=30))
def test_no_order_of_steps_closes_without_evidence_and_somebody_else(
    tried: list[tuple[NoteKind, bool]],
) -> None:
    finding = raised()
    for number, (kind, same) in enumerate(tried):
        more = {"by": "site"} if same else {}
        try:
            finding = add_note(finding, note(kind, number, **more), UNDER)
        except RefusalError:
            continue
    kinds = [one.kind for one in finding.notes]
    if finding.state in (State.CLOSED, State.EFFECTIVE):
        assert NoteKind.HAND_IN in kinds
        closer = [one.by for one in finding.notes if one.kind is NoteKind.CLOSE][-1]
        assert closer not in {one.by for one in finding.notes if one.kind is NoteKind.HAND_IN}
    assert replay_notes(raised(), finding.notes, UNDER) == finding
