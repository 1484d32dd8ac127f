"""People for web tests: an auditor, a clerk, an outsider."""

import pytest
from django.test import Client

from stannary.web.parties.models import Organisation, Person, Role


def _person(name: str, kind: str | None, organisation: Organisation | None) -> Person:
    person = Person.objects.create_user(name, password="long enough for tests")
    if kind and organisation:
        Role.objects.create(person=person, organisation=organisation, kind=kind)
    return person


@pytest.fixture
def firm(db: None) -> Organisation:
    return Organisation.objects.create(
        slug="example-assurance", name="Example Assurance", kind="firm", illustrative=True
    )


@pytest.fixture
def maker(db: None) -> Organisation:
    return Organisation.objects.create(
        slug="example-cells", name="Example Cells", kind="manufacturer", illustrative=True
    )


@pytest.fixture
def auditor(firm: Organisation) -> Person:
    return _person("auditor", "auditor", firm)


@pytest.fixture
def clerk(maker: Organisation) -> Person:
    return _person("clerk", "clerk", maker)


@pytest.fixture
def outsider(db: None) -> Person:
    return _person("outsider", None, None)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client
