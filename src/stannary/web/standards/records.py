"""Editions and transitions as canonical JSON, and back. Nothing is lost but where in which file a thing stood."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from stannary.core.kernel import DatedValue, Mark, Parameter
from stannary.core.standards import (
    Chapter,
    ClaimWording,
    Edition,
    Level,
    Move,
    MoveKind,
    Principle,
    Rating,
    RatingDefinition,
    Requirement,
    Section,
    Transition,
    Translation,
)
from stannary.formats.canonical import canonical_bytes

Plain = dict[str, Any]


def content_of(edition: Edition) -> str:
    """Write an edition as canonical JSON (RFC 8785): equal editions give equal texts.

    Constants become a list, for their order is the author's and canonical JSON sorts keys.
    """
    plain = _plain(edition)
    plain["parameters"] = list(plain["parameters"].values())
    return canonical_bytes(plain).decode("utf-8")


def edition_from(content: str) -> Edition:
    """Read an edition that `content_of` wrote."""
    data: Plain = json.loads(content)
    return Edition(
        **{name: data[name] for name in _TEXTS},
        in_force_from=datetime.date.fromisoformat(data["in_force_from"]),
        requirements_complete=data["requirements_complete"],
        principles=tuple(Principle(**_marked(item)) for item in data["principles"]),
        chapters=tuple(_chapter(item) for item in data["chapters"]),
        requirements=tuple(_requirement(item) for item in data["requirements"]),
        ratings=tuple(
            RatingDefinition(Rating(item["rating"]), item["title"], _parameter(item["points"]))
            for item in data["ratings"]
        ),
        levels=tuple(_level(item) for item in data["levels"]),
        parameters={item["name"]: _parameter(item) for item in data["parameters"]},
        claims=tuple(_claim(item) for item in data["claims"]),
        translations={name: Translation(**item) for name, item in data["translations"].items()},
    )


def transition_content(transition: Transition) -> str:
    """Write a transition as canonical JSON (RFC 8785), its moves in the author's order."""
    return canonical_bytes(_plain(transition)).decode("utf-8")


def transition_from(content: str) -> Transition:
    """Read a transition that `transition_content` wrote."""
    data: Plain = json.loads(content)
    days = {name: datetime.date.fromisoformat(data[name]) for name in ("opens", "closes")}
    moves = tuple(
        Move(
            MoveKind(item["kind"]),
            tuple(item["before"]),
            tuple(item["after"]),
            item["judge_again"],
            item["note"],
        )
        for item in data["moves"]
    )
    return Transition(**{**_marked(data), **days, "moves": moves})


_TEXTS = (
    "kind", "publisher", "standard", "edition", "title", "short_title", "summary", "language",
    "licence", "texts",
)  # fmt: skip


def _plain(value: object) -> Any:
    if is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _plain(part) for name, part in parts.items() if name != "at"}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _marked(item: Plain) -> Plain:
    return {**item, "mark": Mark(item["mark"])}


def _chapter(item: Plain) -> Chapter:
    sections = tuple(Section(**section) for section in item["sections"])
    return Chapter(**{**_marked(item), "sections": sections})


def _requirement(item: Plain) -> Requirement:
    # rows written before tags existed have none
    return Requirement(**{**_marked(item), "tags": tuple(item.get("tags", ()))})


def _level(item: Plain) -> Level:
    share, critical, every = (
        _parameter(item[name]) if item[name] else None
        for name in ("min_principle_share", "critical_at_least", "all_at_least")
    )
    return Level(item["code"], item["title"], item["summary"], share, critical, every)


def _claim(item: Plain) -> ClaimWording:
    return ClaimWording(
        item["code"],
        item["title"],
        tuple(item["models"]),
        _parameter(item["min_share"]),
        item["words"],
    )


def _parameter(item: Plain) -> Parameter:
    values = tuple(_dated(value) for value in item["values"])
    return Parameter(item["name"], item["unit"], item["summary"], values)


def _dated(item: Plain) -> DatedValue:
    since = item["valid_from"]
    return DatedValue(
        item["value"],
        item["source"],
        Mark(item["mark"]),
        datetime.date.fromisoformat(item["as_of"]),
        datetime.date.fromisoformat(since) if since else None,
    )
