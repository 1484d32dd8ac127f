"""Two small made-up standards with a crosswalk between them, stored; and what is shipped."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from django.utils import translation

from core.crosswalks.links import LEAD, OTHER, crosswalk, link
from stannary.core.crosswalks import Crosswalk
from stannary.core.standards import Edition
from stannary.web.crosswalks import records
from stannary.web.crosswalks.models import CrosswalkRecord
from stannary.web.crosswalks.operations import load_crosswalks
from stannary.web.standards.models import EditionRecord
from stannary.web.standards.operations import load_packs
from stannary.web.standards.records import content_of

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
NAME = "some-of-it"
SHIPPED = "open-mining-1.0--open-mining-0.1"
_read: dict[str, list[dict[str, Any]]] = {}

THIRD: Edition = replace(OTHER, standard="third", short_title="Third", requirements_complete=False)
JUDGED: Crosswalk = crosswalk(
    link("1.1.1.1", "5.1.1.1", reason="<b>Both</b> ask it."),
    link("1.1.1.2", "5.1.1.2", "subset", coverage=Fraction(2, 3), coverage_back=None),
    link("1.2", "5.1", "intersects", coverage=Fraction(1, 1000)),
    link("1.1.1", "5.1.2", "superset"),
    link("1.1.1.1", "5.2.1.1", "none", reason="Another subject."),
    link("2.1.1.1", "", "none", reason="Nothing like it."),
    link("", "5.2.1.1", "none", reason="Nothing like that."),
)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Begin in English, whatever language the page of the test before was in."""
    with translation.override("en"):
        yield


def store(edition: Edition) -> None:
    content = content_of(edition)
    EditionRecord.objects.create(
        edition_id=edition.id,
        content=content,
        sha256=sha256(content.encode()).hexdigest(),
        loaded_at=NOW,
    )


def store_crosswalk(judged: Crosswalk, name: str = NAME) -> None:
    content = records.content_of(judged)
    CrosswalkRecord.objects.create(
        name=name,
        first=judged.first,
        second=judged.second,
        content=content,
        sha256=sha256(content.encode()).hexdigest(),
        loaded_at=NOW,
    )


@pytest.fixture
def made_up(db: None) -> Crosswalk:
    """Three editions, a crosswalk between the first two."""
    for edition in (LEAD, replace(OTHER, short_title="Other 1.0"), THIRD):
        store(edition)
    store_crosswalk(JUDGED)
    return JUDGED


@pytest.fixture
def shipped(db: None) -> None:
    """The shipped packs and crosswalks, as in a new installation; read from files once."""
    if not _read:
        load_packs()
        load_crosswalks()
        _read["editions"] = [dict(row) for row in EditionRecord.objects.values()]
        _read["crosswalks"] = [dict(row) for row in CrosswalkRecord.objects.values()]
        return
    EditionRecord.objects.bulk_create(EditionRecord(**row) for row in _read["editions"])
    CrosswalkRecord.objects.bulk_create(CrosswalkRecord(**row) for row in _read["crosswalks"])
