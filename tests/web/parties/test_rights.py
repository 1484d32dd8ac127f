"""What a person may do follows from their roles alone; an outsider has none."""

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from stannary.core.kernel import RefusalError
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.parties.operations import ensure_illustrative_site, ensure_organisation, give_role
from stannary.web.parties.queries import has_role, role_to_use, roles_of


def test_a_role_holds_for_its_kind_and_organisation_only(
    auditor: Person, firm: Organisation, maker: Organisation
) -> None:
    assert has_role(auditor, "auditor")
    assert has_role(auditor, "auditor", firm)
    assert not has_role(auditor, "auditor", maker)
    assert not has_role(auditor, "clerk")
    assert not has_role(auditor, "clerk", firm)


def test_an_outsider_and_a_visitor_have_no_role(outsider: Person, firm: Organisation) -> None:
    for person in (outsider, AnonymousUser()):
        assert roles_of(person) == ()
        assert not has_role(person, "auditor")
        assert not has_role(person, "auditor", firm)


def test_who_is_no_longer_active_has_no_role(auditor: Person) -> None:
    auditor.is_active = False

    assert roles_of(auditor) == ()
    assert not has_role(auditor, "auditor")


def test_roles_come_with_their_organisations_in_one_query(
    auditor: Person, maker: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give_role(person=auditor, kind="clerk", organisation=maker)

    with django_assert_num_queries(1):
        shown = [(role.kind, role.organisation.slug) for role in roles_of(auditor)]

    assert shown == [("auditor", "example-assurance"), ("clerk", "example-cells")]


def test_a_role_is_given_once(auditor: Person, firm: Organisation) -> None:
    give_role(person=auditor, kind="auditor", organisation=firm)

    assert Role.objects.count() == 1


def test_to_who_lacks_the_role_nothing_is_there(
    auditor: Person, outsider: Person, firm: Organisation, maker: Organisation
) -> None:
    assert role_to_use(auditor, "auditor").organisation == firm
    assert role_to_use(auditor, "auditor", firm).organisation == firm

    for person, kind, organisation in (
        (outsider, "auditor", None),
        (auditor, "clerk", None),
        (auditor, "auditor", maker),
    ):
        with pytest.raises(RefusalError) as refusal:
            role_to_use(person, kind, organisation)
        assert refusal.value.rule.code == "PARTY-001"


def test_what_is_recorded_already_stays_as_it_is(db: None) -> None:
    first = ensure_organisation(name="Example Øre", kind="firm", illustrative=True)
    again = ensure_organisation(name="Example Øre", kind="trader", illustrative=False)
    site = ensure_illustrative_site(slug="s", name="S", columns={"country": "NZ"})
    same = ensure_illustrative_site(slug="s", name="T", columns={"country": "IS"})

    assert (first, again.kind, again.illustrative) == (again, "firm", True)
    assert (site, same.name, same.country, same.illustrative) == (same, "S", "NZ", True)
