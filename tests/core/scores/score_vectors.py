"""The vectors of `tests/vectors/scores`: reading them, and what a score must be to agree."""

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from stannary.core.standards import Edition
from stannary.formats.packs import load_pack

FOLDER = Path(__file__).resolve().parents[2] / "vectors" / "scores"
COLUMNS = ("requirement", "rating", "rationale", "evidence")


@dataclass(frozen=True)
class Vector:
    """One case: the rows of its table, and what must come out."""

    name: str
    pack: str
    as_of: datetime.date
    rows: tuple[tuple[str, ...], ...]
    expected: Mapping[str, Any] = field(hash=False)

    @property
    def folder(self) -> Path:
        return FOLDER / "packs" / self.pack

    @property
    def refused(self) -> tuple[str, ...]:
        return tuple(self.expected.get("refused", ()))

    @property
    def edition(self) -> Edition:
        return edition(self.pack)

    def csv(self) -> str:
        lines = [",".join(COLUMNS)]
        for row in self.rows:
            cells = (*row, "", "", "")[: len(COLUMNS)]
            lines.append(",".join(f'"{cell}"' for cell in cells))
        return "\n".join(lines) + "\n"


@cache
def edition(pack: str) -> Edition:
    return load_pack(FOLDER / "packs" / pack)


@cache
def vectors() -> tuple[Vector, ...]:
    files = sorted((FOLDER / "cases").glob("*.toml"))
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return tuple(_vector(case) for table in tables for case in table["case"])


def disagreements(vector: Vector, shape: Mapping[str, Any]) -> list[str]:
    """Compare a score in the shape of the contract with what the vector expects."""
    expected = dict(vector.expected)
    found: list[str] = []

    def compare(what: str, wanted: object, seen: object) -> None:
        if wanted != seen:
            found.append(f"{what}: expected {wanted!r}, got {seen!r}")

    compare("level", _level(expected), shape["level"])
    compare("findings", expected.pop("findings", []), [x["code"] for x in shape["findings"]])
    for key, part in (("points", "points"), ("possible", "possible"), ("shares", "share")):
        seen = {tally["id"]: tally[part] for tally in shape["principles"]}
        for name, wanted in expected.pop(key, {}).items():
            compare(f"{part} of principle {name}", _text(wanted), seen[name])
    seen = {tally["id"]: tally["share"] for tally in shape["chapters"]}
    for name, wanted in expected.pop("chapter_shares", {}).items():
        compare(f"share of chapter {name}", _text(wanted), seen[name])
    if "critical" in expected:
        compare("critical", expected.pop("critical"), shape["critical"])
    if "next" in expected:
        compare("next_level", _next(expected.pop("next")), shape["next_level"])
    compare("unread keys", {}, expected)
    compare("standard", vector.edition.id, shape["standard"])
    compare("as_of", vector.as_of.isoformat(), shape["as_of"])
    return found


def _level(expected: dict[str, Any]) -> dict[str, Any]:
    code = expected.pop("level", None)
    state = expected.pop("state", "determined")
    level = {"code": code, "state": state, "floor": _text(expected.pop("floor", "none"))}
    if state == "pending":
        level["ceiling"] = _text(expected.pop("ceiling"))
    return level


def _next(wanted: Any) -> dict[str, Any] | None:
    if wanted is False:
        return None
    points = [{"principle": name, "points": text} for name, text in wanted["points"].items()]
    return {
        "code": wanted["code"],
        "points_needed": points,
        "critical_needed": wanted["critical"],
    }


def _text(word: str) -> str | None:
    return None if word == "none" else word


def _vector(case: dict[str, Any]) -> Vector:
    pack, name, as_of = (case.pop(key) for key in ("pack", "name", "as_of"))
    if "rows" in case:
        rows: Sequence[Sequence[str]] = case.pop("rows")
    else:
        ratings = {
            requirement.id: case["chapters"].get(requirement.chapter, case["rest"])
            if "chapters" in case
            else case["rest"]
            for requirement in edition(pack).requirements
        }
        ratings |= case.pop("ratings", {})
        case.pop("rest")
        case.pop("chapters", None)
        why = {"not_relevant": "There is nothing of the kind at this site."}
        rows = [(name, rating, why.get(rating, "")) for name, rating in ratings.items()]
    return Vector(name, pack, as_of, tuple(tuple(row) for row in rows), case)
