import pytest

from stannary.core.cycle import ENDED, IN_FORCE, RUNNING, STEPS, ActKind, Role, State


def test_every_act_stands_in_the_table_with_a_role_and_a_state() -> None:
    assert set(STEPS) == set(ActKind)
    assert all(step.roles and step.sources for step in STEPS.values())


def test_nothing_leads_out_of_an_end() -> None:
    assert all(step.sources.isdisjoint(ENDED) for step in STEPS.values())


def test_every_state_but_the_first_is_reached_by_some_act() -> None:
    reached = {step.target for step in STEPS.values()}

    # a publication whose level is open ends there instead of in PUBLISHED
    assert set(State) - reached == {State.LEVEL_PENDING}


@pytest.mark.parametrize(
    "kind", [ActKind.PUBLISH, ActKind.PUBLISH_SURVEILLANCE, ActKind.SETTLE_PENDING]
)
def test_only_the_secretariat_publishes(kind: ActKind) -> None:
    assert STEPS[kind].roles == {Role.SECRETARIAT}


def test_results_come_into_force_by_publication_alone() -> None:
    leads = {kind for kind, step in STEPS.items() if step.target in IN_FORCE}
    from_outside = {kind for kind in leads if not STEPS[kind].sources <= IN_FORCE}

    assert from_outside == {ActKind.PUBLISH}


def test_a_respondent_or_observer_moves_nothing() -> None:
    for step in STEPS.values():
        assert step.roles.isdisjoint({Role.RESPONDENT, Role.OBSERVER})


def test_the_site_and_the_firm_share_no_act() -> None:
    firm = {Role.AUDITOR, Role.LEAD_AUDITOR, Role.REVIEWER}

    assert not [
        kind for kind, step in STEPS.items() if Role.SITE_USER in step.roles and step.roles & firm
    ]


def test_running_states_are_neither_ended_nor_suspended() -> None:
    assert set(State) == RUNNING | ENDED | {State.SUSPENDED}
