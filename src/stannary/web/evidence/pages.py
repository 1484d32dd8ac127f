"""What the pages of evidence show."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify
from django.utils.translation import get_language

from stannary.core.evidence import Visibility
from stannary.core.standards import Edition
from stannary.web.evidence import words
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.queries import Evidence, Item
from stannary.web.standards import queries as standards


def chosen(found: Evidence, asked: dict[str, str]) -> list[Item]:
    """Give the items that fit what is asked: visibility, requirement or the beginning of its id."""
    start = asked["requirement"].strip()
    return [
        item
        for item in found.items
        if asked["visibility"] in ("", item.newest.visibility)
        and (not start or any(_begins(one, start) for one in item.newest.requirements))
    ]


def _begins(name: str, start: str) -> bool:
    return name == start or name.startswith(f"{start.rstrip('.')}.")


def by_requirement(found: Evidence, items: Iterable[Item]) -> list[dict[str, Any]]:
    """Give each requirement that has one of the items, with those items."""
    shown = {item.id for item in items}
    edition = localised(found)
    rows = []
    for name, those in found.by_requirement().items():
        fitting = [item for item in those if item.id in shown]
        if fitting:
            requirement = edition.requirement_by_id[name]
            title = requirement.title or requirement.demand
            rows.append({"id": name, "title": title, "items": list(map(line, fitting))})
    return rows


def localised(found: Evidence) -> Edition:
    """Give the edition in the reader's language."""
    return standards.localised(found.row.edition_id, get_language() or "en")


def line(item: Item) -> dict[str, Any]:
    """Give an item as lists show it."""
    return {**version(item.newest), "revisions": len(item.versions), "twins": len(item.twins)}


def version(row: EvidenceVersion) -> dict[str, Any]:
    """Give a version in words."""
    return {
        "row": row,
        "visibility": words.VISIBILITIES[Visibility(row.visibility)],
        "period": words.period(row.covers_from, row.covers_until),
        "type": words.type_name(row.media_type) if row.media_type else "",
        "size": words.size(row.size),
        "by": row.handed_in_by.get_full_name() or row.handed_in_by.username,
        "removed": words.removed(row.removed),
    }


def item(found: Evidence, asked: Item) -> dict[str, Any]:
    """Give everything that the page of an item shows."""
    newest, edition = asked.newest, localised(found)
    ours = found.may_add and asked.is_whole and newest.side == found.side
    return {
        "found": found,
        "item": asked,
        "newest": version(newest),
        "versions": [version(row) for row in reversed(asked.versions)],
        "requirements": [
            edition.requirement_by_id[name]
            for name in newest.requirements
            if name in edition.requirement_by_id
        ],
        "twins": [version(found.item(one).newest) for one in asked.twins],
        "original": version(found.item(asked.original).newest) if asked.original else None,
        "is_twin": newest.twin_of is not None,
        "may_revise": ours,
        "may_redact": ours and newest.twin_of is None and newest.visibility != Visibility.PUBLIC,
    }


def name_of(row: EvidenceVersion) -> str:
    """Give a name for a download that says nothing that the title does not."""
    return f"{slugify(row.title)[:80] or row.pk}.{words.ending(row.media_type)}"
