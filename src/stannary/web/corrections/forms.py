"""What a person sends about a finding, read; and what the forms show."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, QueryDict

from stannary.core.corrections import Grade, NoteKind
from stannary.core.kernel import Finding
from stannary.web.corrections import words
from stannary.web.corrections.operations import Said

ITEMS_MAX = 50


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was refused: at which form, why, and what was typed."""

    part: str
    findings: Sequence[Finding]
    typed: dict[str, str]


def kind(text: str) -> NoteKind | None:
    """Read which step is meant; None for a word that is none."""
    return NoteKind(text) if text in set(NoteKind) else None


def grade(text: str) -> Grade | None:
    """Read a grade; None for a word that is none."""
    return Grade(text) if text in set(Grade) else None


def count(text: str) -> int:
    """Read how many steps were seen; nonsense is a number that no finding has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def day(text: str) -> datetime.date | None:
    """Read a day; None for what is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def said(data: QueryDict) -> Said:
    """Read what was said with a step."""
    return Said(
        text=data.get("text", ""),
        root_cause=data.get("root_cause", ""),
        action=data.get("action", ""),
        owner=data.get("owner", ""),
        due=day(data.get("due", "")),
        evidence=tuple(filter(None, map(_id, data.getlist("evidence")[:ITEMS_MAX]))),
        until=day(data.get("until", "")),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def typed(request: HttpRequest) -> dict[str, str]:
    """Keep what was sent, so that nobody types it again."""
    return {name: value[:10_000] for name, value in request.POST.items() if isinstance(value, str)}


def grades() -> list[tuple[str, str]]:
    """Give the grades to choose from, gravest first."""
    return [(str(one), str(words.GRADES[one])) for one in Grade]
