import datetime
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cycle.made_up import ONE, START, WAY, act, anew, edition, facts, step, way
from core.independence import made_up as independent
from stannary.core.cycle import (
    IN_FORCE,
    ROUTE,
    STEPS,
    ActKind,
    Engagement,
    Facts,
    Role,
    State,
    next_acts,
    perform,
    replay,
)
from stannary.core.independence import Suspension
from stannary.core.kernel import RefusalError, add_months


def codes(
    engagement: Engagement, kind: ActKind, on: datetime.date, said: Facts | None = None, **more: Any
) -> list[str]:
    """Give the codes of what speaks against an act; none when it is done."""
    try:
        step(engagement, kind, on, said=said, **more)
    except RefusalError as refusal:
        return [finding.code for finding in refusal.findings]
    return []


def test_the_shortest_way_leads_to_publication() -> None:
    engagement = way(ActKind.PUBLISH)

    assert engagement.state is State.PUBLISHED
    assert [one.kind for one in engagement.acts] == [kind for kind, _ in WAY]


def test_an_act_in_another_state_is_engagement_001() -> None:
    assert codes(Engagement(edition()), ActKind.PUBLISH, START) == ["ENGAGEMENT-001"]
    assert codes(Engagement(edition()), ActKind.EXPIRE, START) == ["ENGAGEMENT-001"]
    assert codes(Engagement(edition()), ActKind.REINSTATE, START) == ["ENGAGEMENT-001"]
    ended = step(way(ActKind.APPLY), ActKind.WITHDRAW, START)
    assert codes(ended, ActKind.EXTEND, START) == ["ENGAGEMENT-001"]


def test_an_act_in_another_role_is_engagement_002() -> None:
    assert codes(way(ActKind.APPLY), ActKind.ACCEPT_APPLICATION, START, role=Role.SITE_USER) == [
        "ENGAGEMENT-002"
    ]


def test_an_act_dated_before_the_last_one_is_engagement_003() -> None:
    applied = way(ActKind.APPLY)

    assert codes(applied, ActKind.ACCEPT_APPLICATION, START - ONE) == ["ENGAGEMENT-003"]
    assert codes(applied, ActKind.ACCEPT_APPLICATION, START) == []


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_refusal_without_a_reason_is_engagement_004(reason: str) -> None:
    applied = way(ActKind.APPLY)

    assert codes(applied, ActKind.RETURN_APPLICATION, START, reason=reason) == ["ENGAGEMENT-004"]
    assert codes(applied, ActKind.ACCEPT_APPLICATION, START, reason=reason) == []


@pytest.mark.parametrize("left", [None, ("1.1.1.1",)])
def test_who_has_not_answered_everything_does_not_apply(left: tuple[str, ...] | None) -> None:
    new = Engagement(edition())

    assert codes(new, ActKind.APPLY, START, facts(unanswered=left)) == ["ENGAGEMENT-005"]


def test_an_application_without_units_or_reasons_is_engagement_006() -> None:
    new = Engagement(edition())

    assert codes(new, ActKind.APPLY, START, facts(units=0)) == ["ENGAGEMENT-006"]
    assert codes(new, ActKind.APPLY, START, facts(units=1)) == []
    assert codes(new, ActKind.APPLY, START, facts(without_reason=("2.4",))) == ["ENGAGEMENT-006"]


def test_a_second_engagement_on_its_way_is_engagement_013() -> None:
    said = facts(elsewhere=("e-2",))

    assert codes(Engagement(edition()), ActKind.APPLY, START, said) == ["ENGAGEMENT-013"]


def test_only_an_approved_firm_is_named_and_its_team_is_asked_later() -> None:
    agreed = way(ActKind.SIGN_AGREEMENT)
    on = START + 3 * ONE
    nobody = independent.assignment(team=(), fees=None)

    assert codes(agreed, ActKind.NAME_FIRM, on, facts(assignment=nobody)) == []
    assert codes(agreed, ActKind.NAME_FIRM, on, facts(approvals=())) == ["INDEPENDENCE-001"]
    suspended = replace(independent.ANYTHING, suspensions=(Suspension(START, None, "made up"),))
    said = facts(approvals=(suspended,))
    assert codes(agreed, ActKind.NAME_FIRM, on, said) == ["INDEPENDENCE-002"]
    assert codes(agreed, ActKind.NAME_FIRM, on, facts(assignment=None)) == ["ENGAGEMENT-015"]


def test_what_speaks_against_a_team_blocks_it() -> None:
    proposed = way(ActKind.PROPOSE_TEAM)
    on = START + 5 * ONE
    alone = independent.assignment(edition=edition(), team=(independent.LEAD,), fees=None)

    assert codes(proposed, ActKind.ACCEPT_TEAM, on, facts(assignment=alone)) == [
        "INDEPENDENCE-003",
        "INDEPENDENCE-009",
    ]
    assert codes(proposed, ActKind.ACCEPT_TEAM, on, facts(assignment=None)) == ["ENGAGEMENT-015"]


@pytest.mark.parametrize(("day", "expected"), [(18, ["ENGAGEMENT-007"]), (19, []), (20, [])])
def test_stage_1_begins_fifteen_days_after_the_team_was_proposed(
    day: int, expected: list[str]
) -> None:
    assert codes(way(ActKind.ANNOUNCE), ActKind.BEGIN_STAGE_1, START + day * ONE) == expected


def test_stage_1_waits_for_the_announcement_too_and_an_unknown_length_waits_for_nothing() -> None:
    longer = edition(stage_1_announcement_days=30)
    unknown = edition(stage_1_announcement_days="?", team_proposal_days=None)

    late = way(ActKind.ANNOUNCE, under=longer)
    assert codes(late, ActKind.BEGIN_STAGE_1, START + 35 * ONE) == ["ENGAGEMENT-007"]
    assert codes(late, ActKind.BEGIN_STAGE_1, START + 36 * ONE) == []
    free = way(ActKind.ANNOUNCE, under=unknown)
    assert codes(free, ActKind.BEGIN_STAGE_1, START + 6 * ONE) == []


@pytest.mark.parametrize("left", [None, ("2.4",)])
def test_stage_1_ends_when_every_chapter_was_judged(left: tuple[str, ...] | None) -> None:
    said = facts(unjudged=left)
    on = START + 25 * ONE

    assert codes(way(ActKind.BEGIN_STAGE_1), ActKind.FINISH_STAGE_1, on, said) == ["ENGAGEMENT-009"]


@pytest.mark.parametrize(("ahead", "expected"), [(29, ["ENGAGEMENT-008"]), (30, []), (31, [])])
def test_a_visit_is_announced_thirty_days_ahead(ahead: int, expected: list[str]) -> None:
    on = START + 26 * ONE
    done = way(ActKind.FINISH_STAGE_1)

    assert codes(done, ActKind.ANNOUNCE_VISIT, on, until=on + ahead * ONE) == expected


def test_a_visit_without_a_day_is_not_announced() -> None:
    done = way(ActKind.FINISH_STAGE_1)

    assert codes(done, ActKind.ANNOUNCE_VISIT, START + 26 * ONE, until=None) == ["ENGAGEMENT-008"]


@pytest.mark.parametrize(("day", "expected"), [(55, ["ENGAGEMENT-008"]), (56, []), (57, [])])
def test_a_visit_begins_on_the_day_announced_or_later(day: int, expected: list[str]) -> None:
    assert codes(way(ActKind.ANNOUNCE_VISIT), ActKind.BEGIN_STAGE_2, START + day * ONE) == expected


def test_a_visit_announced_again_begins_on_the_new_day() -> None:
    again = step(
        way(ActKind.ANNOUNCE_VISIT),
        ActKind.ANNOUNCE_VISIT,
        START + 40 * ONE,
        until=START + 75 * ONE,
    )

    assert codes(again, ActKind.BEGIN_STAGE_2, START + 74 * ONE) == ["ENGAGEMENT-008"]
    assert codes(again, ActKind.BEGIN_STAGE_2, START + 75 * ONE) == []


def test_a_visit_that_was_stored_without_its_day_does_not_begin() -> None:
    acts = tuple(
        replace(one, until=None) if one.kind is ActKind.ANNOUNCE_VISIT else one
        for one in way(ActKind.ANNOUNCE_VISIT).acts
    )
    broken = replay(edition(), acts)

    assert codes(broken, ActKind.BEGIN_STAGE_2, START + 99 * ONE) == ["ENGAGEMENT-008"]


@pytest.mark.parametrize(
    "missing", [{"unrated": None}, {"unrated": ("1.1.1.1",)}, {"authorless": ("1.1.1.1",)}]
)
def test_a_draft_rates_everything_and_each_rating_has_an_author(missing: dict[str, Any]) -> None:
    said = facts(**missing)
    on = START + 90 * ONE

    assert codes(way(ActKind.FINISH_STAGE_2), ActKind.SUBMIT_DRAFT, on, said) == ["ENGAGEMENT-011"]


def test_a_review_is_closed_when_every_objection_was_ruled_on() -> None:
    on = START + 95 * ONE
    drafted = step(way(ActKind.SUBMIT_DRAFT), ActKind.OBJECT, on, id="o-1", refers_to="1.1.1.1")

    assert drafted.open_objections == ("o-1",)
    assert codes(drafted, ActKind.CLOSE_REVIEW, on) == ["ENGAGEMENT-010"]
    assert codes(drafted, ActKind.RULE_ON_OBJECTION, on, refers_to="o-2") == ["ENGAGEMENT-010"]
    assert codes(drafted, ActKind.RULE_ON_OBJECTION, on) == ["ENGAGEMENT-010"]
    ruled = step(drafted, ActKind.RULE_ON_OBJECTION, on, refers_to="o-1")
    assert codes(ruled, ActKind.RULE_ON_OBJECTION, on, refers_to="o-1") == ["ENGAGEMENT-010"]
    assert codes(ruled, ActKind.CLOSE_REVIEW, on) == []


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"report": ""}, "ENGAGEMENT-012"),
        ({"unrated": ("1.1.1.1",)}, "ENGAGEMENT-011"),
        ({"approvals": ()}, "INDEPENDENCE-001"),
        ({"assignment": None}, "ENGAGEMENT-015"),
    ],
)
def test_nothing_is_published_without_report_ratings_firm_and_team(
    missing: dict[str, Any], code: str
) -> None:
    on = START + 130 * ONE

    assert codes(way(ActKind.PUBLISH_NOW), ActKind.PUBLISH, on, facts(**missing)) == [code]


def test_a_training_that_ended_after_the_audit_does_not_stop_the_publication() -> None:
    ended = independent.trained("standard_training", until=START + 100 * ONE)
    lead = replace(
        independent.LEAD,
        record=independent.person("ana", competences=ended),
    )
    team = (lead, independent.REVIEWER)
    said = facts(assignment=independent.assignment(edition=edition(), team=team))

    assert codes(way(ActKind.PUBLISH_NOW), ActKind.PUBLISH, START + 130 * ONE, said) == []
    assert codes(way(ActKind.PROPOSE_TEAM), ActKind.ACCEPT_TEAM, START + 130 * ONE, said) != []


def test_a_report_may_be_public_while_the_level_waits_and_is_settled_by_a_report() -> None:
    on = START + 130 * ONE
    waiting = step(way(ActKind.PUBLISH_NOW), ActKind.PUBLISH, on, said=facts(level_pending=True))

    assert waiting.state is State.LEVEL_PENDING
    assert replay(waiting.edition, waiting.acts) == waiting
    assert codes(waiting, ActKind.SETTLE_PENDING, on, facts(report="")) == ["ENGAGEMENT-012"]
    assert step(waiting, ActKind.SETTLE_PENDING, on).state is State.PUBLISHED


def test_a_surveillance_is_public_and_may_settle_what_was_pending_or_leave_it() -> None:
    on = START + 130 * ONE
    waiting = step(way(ActKind.PUBLISH_NOW), ActKind.PUBLISH, on, said=facts(level_pending=True))
    seen = step(step(waiting, ActKind.BEGIN_SURVEILLANCE, on), ActKind.FINISH_SURVEILLANCE, on)

    assert codes(seen, ActKind.PUBLISH_SURVEILLANCE, on, facts(report="")) == ["ENGAGEMENT-012"]
    assert step(seen, ActKind.PUBLISH_SURVEILLANCE, on).state is State.PUBLISHED
    still = step(seen, ActKind.PUBLISH_SURVEILLANCE, on, said=facts(level_pending=True))
    assert still.state is State.LEVEL_PENDING


def test_a_suspension_ends_where_it_began() -> None:
    on = START + 200 * ONE
    suspended = step(way(ActKind.BEGIN_STAGE_1), ActKind.SUSPEND, on)

    assert suspended.state is State.SUSPENDED
    assert codes(suspended, ActKind.FINISH_STAGE_1, on) == ["ENGAGEMENT-001"]
    back = step(suspended, ActKind.REINSTATE, on)
    assert (back.state, back.resumes) == (State.STAGE_1, None)


@pytest.mark.parametrize(
    ("until", "on_route"), [(ActKind.PUBLISH_NOW, True), (ActKind.PUBLISH, False)]
)
def test_an_engagement_is_on_its_way_until_it_is_published_suspended_or_not(
    until: ActKind, on_route: bool
) -> None:
    engagement = way(until)
    suspended = step(engagement, ActKind.SUSPEND, START + 200 * ONE)

    assert suspended.state is State.SUSPENDED
    assert (engagement.on_route, suspended.on_route) == (on_route, on_route)


@pytest.mark.parametrize(("days", "expected"), [(7, ["ENGAGEMENT-014"]), (8, [])])
def test_an_extension_ends_after_what_it_extends(days: int, expected: list[str]) -> None:
    applied = way(ActKind.APPLY)
    until = START + days * ONE

    found = codes(applied, ActKind.EXTEND, START, clock="application_review", until=until)
    assert found == expected


def test_an_extension_names_a_clock_that_runs_and_a_day() -> None:
    applied = way(ActKind.APPLY)
    later = START + 99 * ONE

    assert codes(applied, ActKind.EXTEND, START, clock="publication", until=later) == [
        "ENGAGEMENT-014"
    ]
    assert codes(applied, ActKind.EXTEND, START, clock="", until=later) == ["ENGAGEMENT-014"]
    assert codes(applied, ActKind.EXTEND, START, clock="application_review") == ["ENGAGEMENT-014"]
    unknown = way(ActKind.APPLY, under=edition(application_review_days="?"))
    assert codes(unknown, ActKind.EXTEND, START, clock="application_review", until=START) == []


def test_results_expire_after_the_day_on_which_the_reassessment_was_due() -> None:
    published = way(ActKind.PUBLISH)
    due = add_months(START + 130 * ONE, 36)

    assert codes(published, ActKind.EXPIRE, due) == ["ENGAGEMENT-014"]
    assert codes(published, ActKind.EXPIRE, due + ONE) == []
    suspended = step(published, ActKind.SUSPEND, due)
    assert codes(suspended, ActKind.EXPIRE, due + ONE) == []
    extended = step(published, ActKind.EXTEND, due, clock="reassessment", until=due + 30 * ONE)
    assert codes(extended, ActKind.EXPIRE, due + 30 * ONE) == ["ENGAGEMENT-014"]
    endless = way(ActKind.PUBLISH, under=edition(reassessment_months="?"))
    assert codes(endless, ActKind.EXPIRE, due + ONE) == ["ENGAGEMENT-014"]


def test_long_lists_are_shown_short_with_their_number() -> None:
    many = tuple(f"1.1.1.{number}" for number in range(1, 40))

    with pytest.raises(RefusalError) as refusal:
        step(Engagement(edition()), ActKind.APPLY, START, said=facts(unanswered=many))

    shown = refusal.value.findings[0].facts
    assert shown["left"] == "39"
    assert shown["those"].count(",") == 9


def test_the_next_acts_are_those_of_the_state_and_the_roles() -> None:
    applied = way(ActKind.APPLY)

    assert next_acts(applied, [Role.SECRETARIAT]) == (
        ActKind.RETURN_APPLICATION,
        ActKind.ACCEPT_APPLICATION,
        ActKind.EXTEND,
        ActKind.SUSPEND,
        ActKind.WITHDRAW,
    )
    assert next_acts(applied, [Role.SITE_USER]) == (ActKind.WITHDRAW,)
    assert next_acts(applied, [Role.OBSERVER]) == ()


def test_acts_that_could_not_have_followed_each_other_are_not_replayed() -> None:
    acts = way(ActKind.PUBLISH).acts

    assert replay(edition(), acts).state is State.PUBLISHED
    with pytest.raises(RefusalError, match="ENGAGEMENT-001"):
        replay(edition(), acts[1:])


KINDS = st.sampled_from(list(ActKind))
SAID = st.builds(
    facts,
    unanswered=st.sampled_from([(), None, ("1.1.1.1",)]),
    unjudged=st.sampled_from([(), ("2.4",)]),
    unrated=st.sampled_from([(), (), ("1.1.1.1",)]),
    authorless=st.sampled_from([(), (), ("1.1.1.1",)]),
    report=st.sampled_from(["r-1", ""]),
    level_pending=st.booleans(),
    approvals=st.sampled_from([(independent.ANYTHING,), ()]),
    assignment=st.sampled_from(
        [
            independent.assignment(edition=edition()),
            independent.assignment(edition=edition(), fees=None),
            None,
        ]
    ),
)


@given(
    st.lists(st.tuples(KINDS, st.sampled_from(list(Role)), st.integers(0, 60), SAID), max_size=60),
    st.integers(0, len(WAY)),
)
def test_no_order_of_acts_publishes_without_report_firm_free_team_and_authors(
    tried: list[tuple[ActKind, Role, int, Facts]], begun: int
) -> None:
    engagement = Engagement(edition())
    day = START
    for kind, days in WAY[:begun]:
        day = START + days * ONE
        engagement = step(engagement, kind, day)
    for kind, role, wait, said in tried:
        day += wait * ONE
        before = engagement
        more: dict[str, Any] = {"until": day + 31 * ONE, "role": role, "clock": "publication"}
        if before.open_objections:
            more["refers_to"] = before.open_objections[0]
        try:
            engagement = perform(before, act(kind, day, **more), said)
        except RefusalError:
            assert engagement is before
            continue
        if engagement.state in IN_FORCE and before.state in ROUTE - {State.SUSPENDED}:
            assert kind is ActKind.PUBLISH
            assert said.report
            assert said.approvals
            assert said.assignment is not None
            assert said.assignment.fees is not None
            assert said.unrated == said.authorless == ()
        if engagement.state in IN_FORCE:
            assert any(one.kind is ActKind.PUBLISH for one in engagement.acts)
        assert role in STEPS[kind].roles
    assert replay(engagement.edition, engagement.acts) == engagement


def test_who_may_audit_is_asked_again_before_a_surveillance_and_what_it_publishes() -> None:
    published = way(ActKind.PUBLISH)
    declared = independent.DAY - ONE
    last = declared + 365 * ONE

    assert codes(published, ActKind.BEGIN_SURVEILLANCE, last) == []
    late = codes(published, ActKind.BEGIN_SURVEILLANCE, last + ONE)
    assert late == ["INDEPENDENCE-005"] * 3
    assert codes(published, ActKind.BEGIN_SURVEILLANCE, last + ONE, anew(last + ONE)) == []
    gone = facts(assignment=None)
    assert codes(published, ActKind.BEGIN_SURVEILLANCE, last, gone) == ["ENGAGEMENT-015"]

    begun = step(published, ActKind.BEGIN_SURVEILLANCE, last)
    done = step(begun, ActKind.FINISH_SURVEILLANCE, last)
    assert codes(done, ActKind.PUBLISH_SURVEILLANCE, last) == []
    assert codes(done, ActKind.PUBLISH_SURVEILLANCE, last, facts(approvals=())) == [
        "INDEPENDENCE-001"
    ]
    nobody = facts(authorless=("1.1.1.1",))
    assert codes(done, ActKind.PUBLISH_SURVEILLANCE, last, nobody) == ["ENGAGEMENT-011"]


def test_an_engagement_is_replaced_by_one_whose_report_is_public() -> None:
    published = way(ActKind.PUBLISH)
    on = START + 1_000 * ONE

    assert codes(published, ActKind.REPLACE, on, facts(report="")) == ["ENGAGEMENT-012"]
    assert step(published, ActKind.REPLACE, on, said=facts(report="r-2")).state is State.REASSESSED
