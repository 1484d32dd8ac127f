"""Two small made-up standards, and judgements on them that tests change one thing of."""

import datetime
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, settings

from core.standards.made_up import EDITION, chapter, requirement
from stannary.core.crosswalks import Crosswalk, Link, Relation
from stannary.core.kernel import Mark
from stannary.core.standards import Edition, Section

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For properties: a busy machine is slow, not wrong."""

DAY = datetime.date(2026, 11, 22)
HALF = Fraction(1, 2)
LEAD: Edition = EDITION
"""Chapters 1.1 (section 1.1.1, two requirements), 1.2 and 2.1 (one each)."""

OTHER: Edition = replace(
    EDITION,
    standard="made-up-too",
    chapters=(
        chapter("5.1", principle="1", sections=(Section("5.1.1", "A"), Section("5.1.2", "B"))),
        chapter("5.2", principle="2"),
    ),
    requirements=(
        requirement("5.1.1.1", critical=True),
        requirement("5.1.1.2"),
        requirement("5.1.2.1"),
        requirement("5.2.1.1"),
    ),
    translations={},
)

_FITTING = {
    Relation.EQUAL: (Fraction(1), Fraction(1)),
    Relation.SUBSET: (HALF, Fraction(1)),
    Relation.SUPERSET: (Fraction(1), HALF),
    Relation.INTERSECTS: (HALF, HALF),
    Relation.NONE: (Fraction(0), Fraction(0)),
}


def link(
    first: str, second: str, relation: Relation | str = Relation.EQUAL, **changes: Any
) -> Link:
    """Give a judgement that holds both ways, with coverages that fit the relation."""
    kind = Relation(relation)
    forward, back = _FITTING[kind]
    parts: dict[str, Any] = {
        "coverage": forward,
        "coverage_back": back,
        "reason": "Read side by side.",
        "reviewer": "Reader",
        "reviewed_on": DAY,
    }
    return Link(first, second, kind, **(parts | changes))


def crosswalk(*links: Link, **changes: Any) -> Crosswalk:
    parts: dict[str, Any] = {
        "first": LEAD.id,
        "second": OTHER.id,
        "title": "Made-up",
        "summary": "For tests.",
        "language": "en",
        "licence": "CC0-1.0",
        "source": "made up for a test",
        "mark": Mark.OWN,
        "links": links,
    }
    return Crosswalk(**(parts | changes))
