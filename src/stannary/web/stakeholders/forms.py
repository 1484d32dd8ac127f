"""What a person sends about stakeholder input, read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from stannary.core.kernel import Finding
from stannary.core.stakeholders import Disposition
from stannary.web.evidence.forms import ids
from stannary.web.stakeholders.operations import Said

PEOPLE_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was refused: at which form, why, and what was typed."""

    part: str
    findings: Sequence[Finding]
    typed: dict[str, str]


def said(request: HttpRequest) -> Said:
    """Read an entry."""
    return Said(
        group=request.POST.get("group", ""),
        channel=request.POST.get("channel", ""),
        topic=request.POST.get("topic", ""),
        said_from=request.POST.get("said_from", ""),
        said_until=request.POST.get("said_until", ""),
        people=people(request.POST.get("people", "")),
        requirements=ids(request.POST.get("requirements", "")),
    )


def people(text: str) -> int | None:
    """Read a number of people; None for nothing, 0 (which is refused) for what is no number."""
    text = text.strip()
    if not text:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) < 8
    return int(text) if is_number and int(text) <= PEOPLE_MAX else 0


def number(text: str) -> int | None:
    """Read the number of an entry or how many decisions were seen; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def disposition(text: str) -> Disposition | None:
    """Read what became of an entry; None for a word that is none."""
    return Disposition(text) if text in set(Disposition) else None


def typed(request: HttpRequest) -> dict[str, str]:
    """Keep what was sent, so that nobody types it again."""
    return {name: value[:10_000] for name, value in request.POST.items() if isinstance(value, str)}
