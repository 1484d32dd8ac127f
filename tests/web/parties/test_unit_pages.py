"""Units of a site on pages."""

import pytest
from django.test import Client

from stannary.web.parties.models import Organisation, Person, Role, Site, Unit

pytestmark = pytest.mark.django_db
PAGE = "/sites/a-mine/units/"


@pytest.fixture
def site(db: None) -> Site:
    return Site.objects.create(
        slug="a-mine", name="A Mine", country="IS", illustrative=True, operator="Example Minerals"
    )


@pytest.fixture
def browser(site: Site) -> Client:
    operator = Organisation.objects.create(
        slug="example-minerals", name="Example Minerals", kind="operator", illustrative=True
    )
    person = Person.objects.create_user("miner")
    Role.objects.create(person=person, organisation=operator, kind="site_user")
    client = Client()
    client.force_login(person)
    return client


def test_a_unit_is_added_changed_and_removed(browser: Client, site: Site) -> None:
    said = {"act": "save", "name": "North <pit>", "kind": "pit", "materials": ["lithium"]}
    assert browser.post(PAGE, {**said, "in_scope": "on"}).status_code == 302
    unit = site.units.get()
    assert unit.in_scope
    assert "North &lt;pit&gt;" in browser.get(PAGE).content.decode()
    assert 'value="North &lt;pit&gt;"' in browser.get(f"{PAGE}?unit={unit.pk}").content.decode()

    assert browser.post(f"{PAGE}?unit={unit.pk}", {**said, "name": "South"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.in_scope) == ("South", False)

    assert browser.post(f"{PAGE}?unit={unit.pk}", {"act": "remove"}).status_code == 302
    assert not site.units.exists()


def test_what_is_wrong_is_said_beside_the_form(browser: Client, site: Site) -> None:
    Unit.objects.create(site=site, name="Pit", kind="pit")

    twice = browser.post(PAGE, {"act": "save", "name": "PIT", "kind": "pit"})
    assert twice.status_code == 422
    assert "PARTY-031" in twice.content.decode()
    assert browser.post(PAGE, {"act": "save", "name": "A", "kind": "castle"}).status_code == 422
    assert browser.post(PAGE, {"act": "remove"}).status_code == 422
    gone = {"act": "save", "name": "A", "kind": "pit"}
    assert browser.post(f"{PAGE}?unit=999", gone).status_code == 404
    assert browser.get(f"{PAGE}?unit=x").status_code == 404


def test_everybody_sees_what_is_in_scope_and_only_site_users_the_form(
    browser: Client, site: Site, outsider: Person, auditor: Person
) -> None:
    Unit.objects.create(site=site, name="Pit", kind="pit", materials="lithium")
    Unit.objects.create(site=site, name="Old road", kind="road", in_scope=False)

    page = Client().get("/sites/a-mine/").content.decode()
    assert page.index("Pit") < page.index("Old road")
    assert "left out" in page
    assert PAGE not in page
    assert PAGE in browser.get("/sites/a-mine/").content.decode()
    assert Client().get(PAGE).status_code == 302
    for person in (outsider, auditor):
        client = Client()
        client.force_login(person)
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"act": "save", "name": "A", "kind": "pit"}).status_code == 404
    Site.objects.filter(pk=site.pk).update(illustrative=False)
    assert browser.get(PAGE).status_code == 404


def test_a_site_without_units_shows_no_heading(site: Site) -> None:
    assert 'id="units"' not in Client().get("/sites/a-mine/").content.decode()
