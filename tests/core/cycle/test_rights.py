import pytest

from stannary.core.cycle import ENDED, IN_FORCE, RIGHTS, STEPS, Action, ActKind, Role, State, may


def test_every_action_stands_in_the_table_and_somebody_may_do_it() -> None:
    assert set(RIGHTS) == set(Action)
    assert all(states for row in RIGHTS.values() for states in row.values())


@pytest.mark.parametrize("action", [*Action, *ActKind])
def test_who_has_no_role_may_do_nothing(action: Action | ActKind) -> None:
    assert not any(may((), action, state) for state in State)


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_a_right_is_what_the_table_says(action: Action, role: Role) -> None:
    allowed = {state for state in State if may((role,), action, state)}

    assert allowed == RIGHTS[action].get(role, frozenset())


@pytest.mark.parametrize("kind", list(ActKind))
def test_an_act_is_a_right_in_its_states_for_its_roles(kind: ActKind) -> None:
    for role in Role:
        for state in State:
            expected = role in STEPS[kind].roles and state in STEPS[kind].sources
            assert may((role,), kind, state) is expected


def test_the_site_never_rates_for_the_auditor_nor_reads_the_ratings_before_the_draft() -> None:
    site = (Role.SITE_USER, Role.RESPONDENT)

    for action in (Action.RATE_AUDIT, Action.RATE_CORRECTION, Action.RATE_PENDING):
        assert not any(may(site, action, state) for state in State)
    assert not may(site, Action.READ_AUDIT_RATINGS, State.STAGE_2_DONE)
    assert may(site, Action.READ_AUDIT_RATINGS, State.DRAFT)


def test_a_respondent_answers_exactly_as_long_as_the_site_rates_itself() -> None:
    for state in State:
        rates = may((Role.SITE_USER,), Action.RATE_SELF, state)
        assert may((Role.RESPONDENT,), Action.ANSWER, state) is rates
        assert may((Role.SITE_USER,), Action.ASSIGN_RESPONDENTS, state) is rates
    assert may((Role.RESPONDENT,), Action.ANSWER, State.ANNOUNCED)
    assert not may((Role.RESPONDENT,), Action.ANSWER, State.STAGE_1)


def test_the_secretariat_rates_nothing_and_reads_no_evidence() -> None:
    for action in (Action.RATE_SELF, Action.RATE_AUDIT, Action.READ_EVIDENCE):
        assert not any(may((Role.SECRETARIAT,), action, state) for state in State)


def test_several_roles_add_up() -> None:
    both = (Role.SITE_USER, Role.OBSERVER)

    assert may(both, Action.SET_SCOPE, State.SELF_ASSESSMENT)
    assert may(both, Action.READ, State.WITHDRAWN)


def test_nothing_is_rated_or_corrected_after_the_end() -> None:
    work = set(Action) - {
        Action.READ,
        Action.READ_EVIDENCE,
        Action.READ_SELF_ASSESSMENT,
        Action.READ_AUDIT_RATINGS,
        Action.READ_NOTES,
        Action.READ_FINDINGS,
        Action.READ_CARRIED_FINDINGS,
        Action.READ_INPUT,
        Action.READ_PUBLISHED_INPUT,
        Action.CORRECT_RESULT,
    }
    for action in work:
        assert not any(may(tuple(Role), action, state) for state in ENDED)


def test_a_public_result_is_corrected_by_the_secretariat_alone_also_after_the_end() -> None:
    for state in State:
        public = state in IN_FORCE | ENDED | {State.SUSPENDED}
        assert may((Role.SECRETARIAT,), Action.CORRECT_RESULT, state) is public
        assert not may(set(Role) - {Role.SECRETARIAT}, Action.CORRECT_RESULT, state)


def test_the_site_reads_findings_with_the_draft_and_never_judges_its_own_correction() -> None:
    site = (Role.SITE_USER, Role.RESPONDENT)

    assert not may(site, Action.READ_FINDINGS, State.STAGE_2_DONE)
    assert may(site, Action.READ_FINDINGS, State.DRAFT)
    for action in (Action.JUDGE_CORRECTION, Action.CLOSE_FINDING, Action.RETEST_FINDING):
        assert not any(may(site, action, state) for state in State)


def test_what_stakeholders_said_is_read_by_the_team_alone_until_it_is_published() -> None:
    others = (Role.SITE_USER, Role.RESPONDENT, Role.SECRETARIAT, Role.OBSERVER)

    assert not any(may(others, Action.READ_INPUT, state) for state in State)
    for state in (State.READY, State.SUSPENDED, State.WITHDRAWN):
        assert not may(others, Action.READ_PUBLISHED_INPUT, state)
    assert may((Role.SITE_USER,), Action.READ_PUBLISHED_INPUT, State.PUBLISHED)
    assert not any(may((Role.RESPONDENT,), Action.READ_PUBLISHED_INPUT, state) for state in State)
