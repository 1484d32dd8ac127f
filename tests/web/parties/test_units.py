"""Units of sites, and one organisation for a name."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from stannary.core.kernel import RefusalError
from stannary.web.parties import operations, queries
from stannary.web.parties.models import Organisation, Person, Role, Site, Unit
from stannary.web.parties.operations import UnitSaid, ensure_organisation

pytestmark = pytest.mark.django_db
PIT = UnitSaid("North pit", "pit", materials=("lithium", "copper"), note="Two benches.")


@pytest.fixture
def mine(db: None) -> Site:
    return Site.objects.create(
        slug="a-mine", name="A Mine", country="IS", illustrative=True, operator="Example Minerals"
    )


@pytest.fixture
def site_user(db: None) -> Person:
    operator = ensure_organisation(name="Example Minerals", kind="operator", illustrative=True)
    person = Person.objects.create_user("miner")
    Role.objects.create(person=person, organisation=operator, kind="site_user")
    return person


def refused(act: Any, **said: Any) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        act(**said)
    return [finding.code for finding in refusal.value.findings]


def test_a_site_user_adds_changes_and_removes_a_unit(mine: Site, site_user: Person) -> None:
    row = operations.save_unit(actor=site_user, site=mine, said=PIT)
    assert (row.kind, row.in_scope, row.materials) == ("pit", True, "copper lithium")

    said = UnitSaid("NORTH PIT", "pit", in_scope=False)
    operations.save_unit(actor=site_user, site=mine, said=said, unit_id=row.pk)
    (found,) = queries.units(mine)
    assert (found.name, found.in_scope, found.materials, found.note) == ("NORTH PIT", False, "", "")

    operations.remove_unit(actor=site_user, site=mine, unit_id=row.pk)
    assert queries.units(mine) == ()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (UnitSaid(" ", "pit"), 1),
        (UnitSaid("A", "castle"), 1),
        (UnitSaid("A", "pit", materials=("copper", "unobtainium")), 1),
        (UnitSaid("", "", materials=("unobtainium",)), 3),
        (UnitSaid("north PIT", "plant"), 1),
    ],
)
def test_a_unit_has_a_name_of_its_own_a_kind_and_materials_that_are_known(
    said: UnitSaid, wrong: int, mine: Site, site_user: Person
) -> None:
    operations.save_unit(actor=site_user, site=mine, said=PIT)

    assert refused(operations.save_unit, actor=site_user, site=mine, said=said) == (
        ["PARTY-031"] * wrong
    )
    assert mine.units.count() == 1


def test_the_database_refuses_two_units_of_one_name_and_unknown_kinds(mine: Site) -> None:
    Unit.objects.create(site=mine, name="Pit", kind="pit")

    for name, kind in (("PIT", "pit"), ("Another", "castle")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.create(site=mine, name=name, kind=kind)


def test_only_site_users_of_the_operator_of_a_made_up_site_change_it(
    mine: Site, site_user: Person, outsider: Person, auditor: Person, secretary: Person
) -> None:
    row = operations.save_unit(actor=site_user, site=mine, said=PIT)
    elsewhere = ensure_organisation(name="Other Minerals", kind="operator", illustrative=True)
    rival = Person.objects.create_user("miner-elsewhere")
    Role.objects.create(person=rival, organisation=elsewhere, kind="site_user")
    for person in (outsider, auditor, secretary, rival):
        said: dict[str, Any] = {"actor": person, "site": mine}
        assert refused(operations.save_unit, **said, said=PIT) == ["PARTY-001"]
        assert refused(operations.remove_unit, **said, unit_id=row.pk) == ["PARTY-001"]


def test_nobody_changes_units_of_a_real_site(mine: Site, site_user: Person) -> None:
    Site.objects.filter(pk=mine.pk).update(illustrative=False)
    mine.refresh_from_db()

    assert refused(operations.save_unit, actor=site_user, site=mine, said=PIT) == ["PARTY-001"]


def test_a_unit_of_another_site_is_not_there(mine: Site, site_user: Person) -> None:
    row = operations.save_unit(actor=site_user, site=mine, said=PIT)
    other = Site.objects.create(
        slug="b-mine", name="B Mine", country="IS", illustrative=True, operator="Example Minerals"
    )
    said: dict[str, Any] = {"actor": site_user, "site": other, "unit_id": row.pk}

    assert refused(operations.save_unit, **said, said=PIT) == ["PARTY-001"]
    assert refused(operations.remove_unit, **said) == ["PARTY-001"]
    assert refused(operations.remove_unit, **{**said, "unit_id": 10**30}) == ["PARTY-001"]


def test_two_organisations_of_one_name_are_refused() -> None:
    ensure_organisation(name="Example Cells", kind="manufacturer", illustrative=True)
    Organisation.objects.create(slug="other", name="Ex. Cells", kind="trader")

    said = {"name": "ex. cells", "kind": "trader", "illustrative": True}
    assert refused(ensure_organisation, **said) == ["PARTY-030"]
    for name in ("Example Cells", "example CELLS"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(slug="twin", name=name, kind="trader")


def test_the_migration_names_two_of_one_name_and_stops() -> None:
    migration = importlib.import_module("stannary.web.parties.migrations.0005_units")
    Organisation.objects.create(slug="twin-1", name="Twins", kind="trader")
    migration.look_for_two_of_one_name(apps, None)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX organisation_name_once")
    Organisation.objects.create(slug="twin-2", name="TWINS", kind="trader")

    with pytest.raises(CommandError, match=r"PARTY-030.*twin-1 and twin-2 are both called TWINS"):
        migration.look_for_two_of_one_name(apps, None)
