"""Each side names its own people, nobody is on two sides, and what a person was stays on record."""

from collections.abc import Callable
from typing import Any

import pytest

from stannary.core.cycle import Role, State
from stannary.core.kernel import RefusalError
from stannary.web.cycle import operations, queries
from stannary.web.cycle.models import Engagement, Member
from stannary.web.independence.models import DeclarationRequest
from stannary.web.parties.models import Organisation, Person
from web.cycle.conftest import person, put_in
from web.cycle.test_acts import codes

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]


@pytest.fixture
def add(engagement: Engagement) -> Callable[..., Member]:
    """Give somebody a role."""

    def add_one(actor: Person, username: str, role: Role) -> Member:
        return operations.add_member(
            actor=actor, engagement_id=engagement.pk, username=username, role=role
        )

    return add_one


def test_a_site_user_names_site_users_respondents_and_observers_of_the_operator(
    cast: Cast, engagement: Engagement, operator: Organisation, add: Callable[..., Member]
) -> None:
    site_user = cast[Role.SITE_USER]
    person("second", "clerk", operator)

    assert add(site_user, "second", Role.SITE_USER).role == Role.SITE_USER
    assert add(site_user, "second", Role.SITE_USER) == add(site_user, "second", Role.SITE_USER)
    assert codes(lambda: add(site_user, "outsider", Role.RESPONDENT)) == ["ENGAGEMENT-022"]
    assert codes(lambda: add(site_user, "nobody", Role.RESPONDENT)) == ["ENGAGEMENT-022"]
    assert codes(lambda: add(site_user, "reviewer", Role.REVIEWER)) == ["ENGAGEMENT-022"]
    assert add(site_user, "outsider", Role.OBSERVER).person == cast[None]


def test_a_lead_names_the_team_while_it_is_put_together_and_they_are_asked_to_declare(
    cast: Cast, engagement: Engagement, firm: Organisation, add: Callable[..., Member]
) -> None:
    lead = cast[Role.LEAD_AUDITOR]
    person("third", "auditor", firm)
    assert codes(lambda: add(lead, "third", Role.AUDITOR)) == ["ENGAGEMENT-001"]
    put_in(engagement, State.CONTRACTED, by=cast[Role.SITE_USER])

    made = add(lead, "third", Role.AUDITOR)
    asked = DeclarationRequest.objects.get(engagement_id=engagement.pk)
    assert (asked.person, asked.operator) == (made.person, engagement.operator)
    assert codes(lambda: add(lead, "outsider", Role.AUDITOR)) == ["ENGAGEMENT-022"]
    assert codes(lambda: add(lead, "site-user", Role.SITE_USER)) == ["ENGAGEMENT-022"]


def test_auditors_come_from_the_firm_and_before_it_is_named_from_nowhere(
    cast: Cast, engagement: Engagement, rival: Person, add: Callable[..., Member]
) -> None:
    scheme = cast[Role.SECRETARIAT]
    assert codes(lambda: add(scheme, "reviewer", Role.REVIEWER)) == ["ENGAGEMENT-022"]
    put_in(engagement, State.CONTRACTED, by=cast[Role.SITE_USER])

    assert codes(lambda: add(scheme, "rival", Role.AUDITOR)) == ["ENGAGEMENT-022"]
    assert add(scheme, "reviewer", Role.REVIEWER).role == Role.REVIEWER


def test_nobody_is_on_two_sides_even_after_their_role_has_ended(
    cast: Cast,
    engagement: Engagement,
    operator: Organisation,
    firm: Organisation,
    add: Callable[..., Member],
) -> None:
    scheme = cast[Role.SECRETARIAT]
    both = person("both", "auditor", firm)
    both.roles.create(organisation=operator, kind="site_user")
    scheme.roles.create(organisation=operator, kind="site_user")
    put_in(engagement, State.CONTRACTED, by=cast[Role.SITE_USER])
    member = add(cast[Role.SITE_USER], "both", Role.RESPONDENT)
    operations.end_member(actor=scheme, engagement_id=engagement.pk, member_id=member.pk)

    with pytest.raises(RefusalError) as refusal:
        add(scheme, "both", Role.AUDITOR)
    assert refusal.value.rule.code == "ENGAGEMENT-021"
    assert refusal.value.findings[0].facts == {
        "person": "both",
        "role": "auditor",
        "is": "respondent",
    }
    assert codes(lambda: add(scheme, "secretary", Role.SITE_USER)) == ["ENGAGEMENT-021"]
    assert add(scheme, "both", Role.OBSERVER).role == Role.OBSERVER


def test_the_last_site_user_stays(cast: Cast, engagement: Engagement) -> None:
    site_user = cast[Role.SITE_USER]
    theirs = engagement.members.get(role=Role.SITE_USER)

    def end(actor: Person, member_id: int) -> Any:
        return operations.end_member(actor=actor, engagement_id=engagement.pk, member_id=member_id)

    assert codes(lambda: end(site_user, theirs.pk)) == ["ENGAGEMENT-027"]
    assert codes(lambda: end(site_user, 2**70)) == ["PARTY-001"]
    lead = engagement.members.get(role=Role.LEAD_AUDITOR)
    assert codes(lambda: end(site_user, lead.pk)) == ["ENGAGEMENT-022"]
    assert end(cast[Role.SECRETARIAT], lead.pk).ended_at is not None
    assert codes(lambda: end(cast[Role.SECRETARIAT], lead.pk)) == ["PARTY-001"]


def test_who_is_not_active_or_not_signed_in_has_no_role(cast: Cast, engagement: Engagement) -> None:
    site_user = cast[Role.SITE_USER]
    assert queries.roles_in(site_user, engagement) == {Role.SITE_USER}
    site_user.is_active = False
    assert queries.roles_in(site_user, engagement) == frozenset()


def test_people_to_choose_from_are_those_of_the_sides_whose_roles_one_gives(
    cast: Cast, engagement: Engagement
) -> None:
    put_in(engagement, State.CONTRACTED, by=cast[Role.SITE_USER])

    def names(role: Role) -> list[str]:
        held = queries.engagement(actor=cast[role], engagement_id=engagement.pk)
        return [one.username for one in queries.candidates(held)]

    assert names(Role.SITE_USER) == ["respondent", "site-user"]
    assert names(Role.LEAD_AUDITOR) == ["auditor", "colleague", "reviewer"]
    assert len(names(Role.SECRETARIAT)) == 5
