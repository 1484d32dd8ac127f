"""A small made-up standard that tests change one thing of."""

import datetime
from dataclasses import replace
from typing import Any

from stannary.core.kernel import DatedValue, Mark, Parameter, Value
from stannary.core.standards import (
    SCORED,
    Chapter,
    ClaimWording,
    Edition,
    Level,
    Principle,
    RatingDefinition,
    Requirement,
    Section,
    Translation,
)

FIRST_DAY = datetime.date(2026, 1, 1)
LOOKED_UP = datetime.date(2026, 11, 22)


def dated(value: Value | None, since: datetime.date | None = None) -> DatedValue:
    mark = Mark.UNKNOWN if value is None else Mark.OWN
    return DatedValue(value, "made up for a test", mark, LOOKED_UP, since)


def constant(*values: Value | DatedValue | None, name: str = "test", unit: str = "") -> Parameter:
    those = tuple(value if isinstance(value, DatedValue) else dated(value) for value in values)
    return Parameter(name, unit, "made up", those)


def requirement(name: str, **changes: Any) -> Requirement:
    """Give a requirement in the chapter that the first two numbers of its id name."""
    parts: dict[str, Any] = {
        "chapter": ".".join(name.split(".")[:2]),
        "title": f"Requirement {name}",
        "demand": "Something is so.",
        "critical": False,
        "applies": "",
        "why": "",
        "evidence": "",
        "source": "made up for a test",
        "mark": Mark.OWN,
    }
    return Requirement(id=name, **(parts | changes))


def chapter(name: str, **changes: Any) -> Chapter:
    parts: dict[str, Any] = {
        "principle": name.split(".", maxsplit=1)[0],
        "title": f"Chapter {name}",
        "source": "made up for a test",
        "mark": Mark.OWN,
    }
    return Chapter(id=name, **(parts | changes))


def level(
    code: str, share: str | None = None, critical: str | None = None, every: str | None = None
) -> Level:
    """Give a level; a test that is None is not made."""
    return Level(
        code=code,
        title=code.title(),
        summary="Made up.",
        min_principle_share=None if share is None else constant(share),
        critical_at_least=None if critical is None else constant(critical),
        all_at_least=None if every is None else constant(every),
    )


def scale(*points: Value | DatedValue | None) -> tuple[RatingDefinition, ...]:
    return tuple(
        RatingDefinition(rating, rating.title(), constant(value))
        for rating, value in zip(SCORED, points, strict=True)
    )


def claim(**changes: Any) -> ClaimWording:
    parts: dict[str, Any] = {
        "code": "SHARE-AT-LEVEL",
        "title": "A share",
        "models": ("segregated", "controlled_blending"),
        "min_share": constant("0"),
        "words": {"en": "At least {share} of the {element} in lot {lot} is from {level}."},
    }
    return ClaimWording(**(parts | changes))


EDITION = Edition(
    kind="assurance",
    publisher="example",
    standard="made-up",
    edition="1.0",
    title="Made-up standard 1.0",
    short_title="Made-up 1.0",
    summary="For tests.",
    language="en",
    licence="CC0-1.0",
    in_force_from=FIRST_DAY,
    requirements_complete=True,
    texts="full",
    principles=(
        Principle("1", "First", "made up", Mark.OWN),
        Principle("2", "Second", "made up", Mark.OWN),
    ),
    chapters=(
        chapter("1.1", sections=(Section("1.1.1", "Heading"),)),
        chapter("1.2"),
        chapter("2.1"),
    ),
    requirements=(
        requirement("1.1.1.1", critical=True),
        requirement("1.1.1.2"),
        requirement("1.2.1.1"),
        requirement("2.1.1.1"),
    ),
    ratings=scale("1", "0.75", "0.5", "0"),
    levels=(
        level("SEEN"),
        level("HALF", "0.5", "substantially"),
        level("FULL", "1", "fully", "fully"),
    ),
    parameters={
        "surveillance_from_months": constant(12, name="surveillance_from_months", unit="month")
    },
    translations={
        "fr": Translation("fr", "Norme inventée", "", {"1": "Premier"}, {}, {}, {}, {}, {}, {})
    },
)

CUSTODY = replace(
    EDITION,
    kind="custody",
    standard="made-up-custody",
    principles=(),
    chapters=(),
    requirements=(),
    ratings=(),
    levels=(),
    claims=(claim(),),
    translations={},
)
