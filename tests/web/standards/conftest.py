"""Editions for tests: made-up ones of any length."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest
from django.utils import timezone, translation

from stannary.core.standards import Edition
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.standards import records
from stannary.web.standards.models import EditionRecord


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Begin in English, whatever language the page of the test before was in."""
    with translation.override("en"):
        yield


def long_edition(number: int) -> Edition:
    """Make an edition with that many requirements out of the first ones of Open Mining."""
    original = load_pack(find_shipped_pack("stannary/open-mining/0.1"))
    chapters = original.chapters
    patterns = original.requirements
    requirements = tuple(
        replace(
            patterns[n % len(patterns)],
            id=f"{chapters[n % len(chapters)].id}.9.{n + 1}",
            chapter=chapters[n % len(chapters)].id,
        )
        for n in range(number)
    )
    ordered = sorted(
        requirements, key=lambda one: chapters.index(original.chapter_by_id[one.chapter])
    )
    french = original.translations["fr"]
    translation = replace(
        french,
        requirement_titles={
            one.id: french.requirement_titles[patterns[n % len(patterns)].id]
            for n, one in enumerate(requirements)
        },
        requirement_demands={
            one.id: french.requirement_demands[patterns[n % len(patterns)].id]
            for n, one in enumerate(requirements)
        },
    )
    return replace(
        original,
        edition=f"long-{number}",
        requirements=tuple(ordered),
        translations={"fr": translation},
    )


def store(edition: Edition) -> EditionRecord:
    """Store an edition as `load_packs` would."""
    content = records.content_of(edition)
    return EditionRecord.objects.create(
        edition_id=edition.id,
        content=content,
        sha256=sha256(content.encode()).hexdigest(),
        loaded_at=timezone.now(),
    )
