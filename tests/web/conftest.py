"""People for web tests: an auditor, a clerk, an outsider."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.test import Client

from reading_once import packs_are_read_once
from stannary.core.standards import Edition
from stannary.formats.canonical import sha256_hex
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.assessments import demo_ratings
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import Change, open_assessment, rate_all
from stannary.web.custody import demo as custody_demo
from stannary.web.entities import demo as entities_demo
from stannary.web.parties.facilities import demo as facilities_demo
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.publications import demo as publications_demo
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.operations import publish
from stannary.web.standards import queries as standards
from stannary.web.standards.models import EditionRecord, TransitionRecord
from stannary.web.standards.operations import load_packs
from stannary.web.standards.records import content_of

__all__ = ["packs_are_read_once"]


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


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """Sign somebody in and give their browser."""
    return signed_in


@pytest.fixture
def colleague(firm: Organisation) -> Person:
    """Give a second auditor of the same firm."""
    return _person("colleague", "auditor", firm)


@pytest.fixture
def rival(db: None) -> Person:
    """Give an auditor of another firm."""
    other = Organisation.objects.create(
        slug="other-assurance", name="Other Assurance", kind="firm", illustrative=True
    )
    return _person("rival", "auditor", other)


@pytest.fixture
def secretary(db: None) -> Person:
    """Give somebody of a scheme's secretariat."""
    scheme = Organisation.objects.create(
        slug="example-scheme", name="Example Scheme", kind="scheme", illustrative=True
    )
    return _person("secretary", "secretariat", scheme)


_packs: dict[str, list[dict[str, Any]]] = {}


@pytest.fixture
def shipped(db: None) -> None:
    """The shipped packs, as in a new installation; read from files once."""
    if not _packs:
        load_packs()
        columns = ("edition_id", "sha256", "content", "loaded_at")
        _packs["editions"] = list(EditionRecord.objects.values(*columns))
        more = ("before__edition_id", "after__edition_id", "sha256", "content", "loaded_at")
        _packs["transitions"] = list(TransitionRecord.objects.values(*more))
        return
    EditionRecord.objects.bulk_create(EditionRecord(**row) for row in _packs["editions"])
    by_id = EditionRecord.objects.in_bulk(field_name="edition_id")
    for row in map(dict, _packs["transitions"]):
        before, after = (by_id[row.pop(f"{end}__edition_id")] for end in ("before", "after"))
        TransitionRecord.objects.create(before=before, after=after, **row)


@cache
def _open_mining() -> tuple[str, str]:
    edition = load_pack(find_shipped_pack("stannary/open-mining/0.1"))
    content = content_of(edition)
    return content, sha256_hex(content.encode())


@pytest.fixture
def open_mining(db: None) -> Edition:
    """Store Open Mining 0.1 and give it."""
    content, sha256 = _open_mining()
    EditionRecord.objects.create(
        edition_id="stannary/open-mining/0.1",
        content=content,
        sha256=sha256,
        loaded_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    )
    return standards.edition("stannary/open-mining/0.1")


@pytest.fixture
def edition_with(open_mining: Edition) -> Callable[[int], Edition]:
    """Store an edition with so many requirements, spread over the chapters, and give it."""

    def make(size: int) -> Edition:
        each = -(-size // len(open_mining.chapters))
        names = [(f"{x.id}.1.{n + 1}", x.id) for x in open_mining.chapters for n in range(each)]
        requirements = tuple(
            replace(
                open_mining.requirements[n % 100], id=name, chapter=chapter, critical=n % 12 == 0
            )
            for n, (name, chapter) in enumerate(names[:size])
        )
        edition = replace(open_mining, edition=f"0.1-{size}", requirements=requirements)
        content = content_of(edition)
        EditionRecord.objects.create(
            edition_id=edition.id,
            content=content,
            sha256=sha256_hex(content.encode()),
            loaded_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        )
        return standards.edition(edition.id)

    return make


@pytest.fixture
def mine(db: None) -> Site:
    return Site.objects.create(
        slug="example-pit", name="Example Pit", illustrative=True, country="IS"
    )


@pytest.fixture
def assessment(auditor: Person, firm: Organisation, mine: Site, open_mining: Edition) -> Assessment:
    """Open an assessment of the mine, with nothing rated."""
    return open_assessment(
        actor=auditor,
        site=mine,
        edition_id=open_mining.id,
        firm=firm,
        opened_at=datetime.datetime(2026, 1, 1, 9, tzinfo=datetime.UTC),
    )


@pytest.fixture
def rated(auditor: Person, assessment: Assessment, open_mining: Edition) -> Assessment:
    """Rate everything so that the level is OPEN-75, all reasons given."""
    ratings = demo_ratings.ratings(open_mining, demo_ratings.NORTH, host="pit")
    changes = [Change(*said, seen=None) for said in ratings]
    at = datetime.datetime(2026, 1, 4, 16, tzinfo=datetime.UTC)
    rate_all(actor=auditor, assessment_id=assessment.pk, changes=changes, at=at)
    return assessment


@pytest.fixture
def published(auditor: Person, rated: Assessment) -> PublishedResult:
    """Publish the rated assessment on 5 January 2026."""
    day = datetime.date(2026, 1, 5)
    return publish(actor=auditor, assessment_id=rated.pk, published_on=day)


@pytest.fixture
def demonstration(auditor: Person, clerk: Person, shipped: None) -> None:
    """Two published mines and the chain of custody up to lot L-2041, held by the clerk's maker."""
    publications_demo.load(auditor=auditor)
    custody_demo.load()
    scheme = Organisation.objects.create(
        slug="example-registrar", name="Example Registrar", kind="scheme", illustrative=True
    )
    registrar = _person("registrar", "secretariat", scheme)
    facilities_demo.load(by=registrar)
    entities_demo.load(by=registrar, issuer=scheme.slug)
