"""An entity with a certificate, its clerk, and a secretariat."""

import datetime

import pytest

from stannary.web.entities import operations
from stannary.web.entities.models import Certificate
from stannary.web.entities.operations import CertificateSaid
from stannary.web.parties.models import Facility, Organisation, Person, Role

SAID = CertificateSaid(
    entity="a-refiner",
    kind="refiner",
    sites=("a-refinery",),
    materials=("lithium carbonate",),
    models=("segregated", "mass_balance"),
    valid_from=datetime.date(2026, 1, 1),
    valid_until=datetime.date(2029, 1, 1),
    issuer="example-scheme",
    number="COC-A",
)


@pytest.fixture
def refiner(secretary: Person) -> Organisation:
    """Give a made-up entity that refines at one facility."""
    made = Organisation.objects.create(
        slug="a-refiner", name="A Refiner", kind="processor", illustrative=True
    )
    Facility.objects.create(
        slug="a-refinery",
        organisation=made,
        name="A Refinery",
        kind="refinery",
        country="NO",
        illustrative=True,
        said_by=secretary,
        said_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    )
    operations.record_entity(actor=secretary, organisation="a-refiner", kind="refiner")
    return made


@pytest.fixture
def bookkeeper(refiner: Organisation) -> Person:
    """Give a clerk of the entity."""
    person = Person.objects.create_user("bookkeeper")
    Role.objects.create(person=person, organisation=refiner, kind="clerk")
    return person


@pytest.fixture
def certificate(secretary: Person, refiner: Organisation) -> Certificate:
    return operations.issue_certificate(actor=secretary, said=SAID)
