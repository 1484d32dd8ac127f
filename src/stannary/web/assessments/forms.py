"""What a person sends from the rating matrix, read into changes."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from stannary.core.standards import Edition, Rating
from stannary.web.assessments import records
from stannary.web.assessments.operations import Change
from stannary.web.assessments.records import Newest


def seen_id(text: str) -> int | None:
    """Read the id of a record that was seen; empty is none, nonsense is an id that nothing has."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def sent(data: QueryDict, edition: Edition) -> dict[str, Change]:
    """Read every row that a form holds, by requirement in the edition's order."""
    return {
        one.id: Change(
            requirement_id=one.id,
            rating=data.get(f"rating-{one.id}", ""),
            rationale=data.get(f"rationale-{one.id}", ""),
            evidence=data.get(f"evidence-{one.id}", ""),
            seen=seen_id(data.get(f"seen-{one.id}", "")),
        )
        for one in edition.requirements
        if f"rating-{one.id}" in data
    }


def differs(change: Change, seen: Newest | None) -> bool:
    """Tell whether a row says something else than the record that its writer saw."""
    before = (
        (str(seen.rating), seen.rationale, seen.evidence) if seen else (str(Rating.PENDING), "", ())
    )
    now = (change.rating, records.tidy(change.rationale), records.links(change.evidence))
    return now != before


def one_change(request: HttpRequest, requirement_id: str) -> Change | None:
    """Read the change of one row from JSON; None if it has not the right form."""
    try:
        data: Any = json.loads(request.body)
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, Mapping):
        return None
    texts = [data.get(name, "") for name in ("rating", "rationale", "evidence")]
    seen = data.get("seen")
    if not all(isinstance(text, str) for text in texts):
        return None
    if seen is not None and (isinstance(seen, bool) or not isinstance(seen, int)):
        return None
    rating, rationale, evidence = texts
    return Change(requirement_id, rating, rationale, evidence, seen)
