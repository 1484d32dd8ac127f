"""A published result as JSON values, and back.

Rules: PUBLICATION-006.
"""

import datetime
from collections.abc import Mapping
from typing import NoReturn

from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.publications import rules
from stannary.core.publications.results import (
    RESULT_TYPE,
    DerivedStep,
    PublishedResult,
    PublishedVerdict,
)
from stannary.core.standards import Rating

_KEYS = (
    "type",
    "id",
    "site",
    "standard",
    "pack_sha256",
    "as_of",
    "published_on",
    "firm",
    "lead_auditor",
    "verdicts",
    "score",
    "derivation",
)
_DEPTH_MAX = 10
"""How deep a score may nest; ours has five levels."""


def result_as_dict(result: PublishedResult) -> dict[str, object]:
    """Give everything public of a result: what is hashed, signed, logged and downloaded.

    Days are written YYYY-MM-DD, points and shares are text, counts whole numbers.
    """
    return {
        "type": RESULT_TYPE,
        "id": result.id,
        "site": {
            "id": result.site_id,
            "name": result.site_name,
            "illustrative": result.illustrative,
        },
        "standard": result.standard,
        "pack_sha256": result.pack_sha256,
        "as_of": result.as_of.isoformat(),
        "published_on": result.published_on.isoformat(),
        "firm": result.firm,
        "lead_auditor": result.lead_auditor,
        "verdicts": [
            {
                "requirement": verdict.requirement,
                "title": verdict.title,
                "critical": verdict.critical,
                "rating": str(verdict.rating),
                "reason": verdict.reason,
                "evidence": list(verdict.evidence),
            }
            for verdict in result.verdicts
        ],
        "score": _json(result.score, "score"),
        "derivation": steps_as_list(result.derivation),
    }


def steps_as_list(steps: tuple[DerivedStep, ...]) -> list[object]:
    """Give the steps of a derivation as JSON values."""
    return [{"code": step.code, "text": step.text, "facts": dict(step.facts)} for step in steps]


def result_from_dict(content: Mapping[str, object]) -> PublishedResult:
    """Read a result from JSON values; whether what it says is so, `check_result` tells.

    Raises:
        RefusalError: PUBLICATION-006 if a key is missing or unknown, or a value is of another
            kind; the fact `key` says where.
    """
    _keys(content, _KEYS, "")
    if content["type"] != RESULT_TYPE:
        _wrong("type", f'not "{RESULT_TYPE}"')
    site = _object(content["site"], "site", ("id", "name", "illustrative"))
    return PublishedResult(
        id=_text(content["id"], "id"),
        site_id=_text(site["id"], "site.id"),
        site_name=_text(site["name"], "site.name"),
        illustrative=_flag(site["illustrative"], "site.illustrative"),
        standard=_text(content["standard"], "standard"),
        pack_sha256=_text(content["pack_sha256"], "pack_sha256"),
        as_of=_day(content["as_of"], "as_of"),
        published_on=_day(content["published_on"], "published_on"),
        firm=_text(content["firm"], "firm"),
        lead_auditor=_text(content["lead_auditor"], "lead_auditor"),
        verdicts=tuple(
            _verdict(item, f"verdicts[{n}]")
            for n, item in enumerate(_list(content["verdicts"], "verdicts"))
        ),
        score={
            key: _json(item, f"score.{key}")
            for key, item in _object(content["score"], "score", None).items()
        },
        derivation=tuple(
            _step(item, f"derivation[{n}]")
            for n, item in enumerate(_list(content["derivation"], "derivation"))
        ),
    )


def _verdict(item: object, path: str) -> PublishedVerdict:
    keys = ("requirement", "title", "critical", "rating", "reason", "evidence")
    verdict = _object(item, path, keys)
    word = _text(verdict["rating"], f"{path}.rating")
    if word not in list(Rating):
        _wrong(f"{path}.rating", "not a rating")
    return PublishedVerdict(
        requirement=_text(verdict["requirement"], f"{path}.requirement"),
        title=_text(verdict["title"], f"{path}.title"),
        critical=_flag(verdict["critical"], f"{path}.critical"),
        rating=Rating(word),
        reason=_text(verdict["reason"], f"{path}.reason"),
        evidence=tuple(
            _text(link, f"{path}.evidence[{n}]")
            for n, link in enumerate(_list(verdict["evidence"], f"{path}.evidence"))
        ),
    )


def _step(item: object, path: str) -> DerivedStep:
    step = _object(item, path, ("code", "text", "facts"))
    facts = _object(step["facts"], f"{path}.facts", None)
    return DerivedStep(
        code=_text(step["code"], f"{path}.code"),
        text=_text(step["text"], f"{path}.text"),
        facts={name: _text(fact, f"{path}.facts.{name}") for name, fact in facts.items()},
    )


def _wrong(key: str, problem: str) -> NoReturn:
    refuse(rules.RESULT_HAS_ITS_FORM, key=key[:80], problem=problem)


def _keys(content: Mapping[str, object], keys: tuple[str, ...], path: str) -> None:
    prefix = f"{path}." if path else ""
    missing = [(key, "missing") for key in keys if key not in content]
    unknown = [(str(key), "unknown") for key in content if key not in keys]
    if missing or unknown:
        raise RefusalError(
            *(
                Finding(
                    rules.RESULT_HAS_ITS_FORM, {"key": f"{prefix}{key}"[:80], "problem": problem}
                )
                for key, problem in (*missing, *unknown)
            )
        )


def _object(item: object, path: str, keys: tuple[str, ...] | None) -> Mapping[str, object]:
    if not isinstance(item, Mapping) or not all(isinstance(key, str) for key in item):
        _wrong(path, "not an object")
    if keys is not None:
        _keys(item, keys, path)
    return item


def _list(item: object, path: str) -> list[object]:
    return item if isinstance(item, list) else _wrong(path, "not a list")


def _text(item: object, path: str) -> str:
    return item if isinstance(item, str) else _wrong(path, "not a text")


def _flag(item: object, path: str) -> bool:
    return item if isinstance(item, bool) else _wrong(path, "neither true nor false")


def _day(item: object, path: str) -> datetime.date:
    text = _text(item, path)
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    # The other forms of ISO 8601, such as 2026-W23-1, are read but not allowed here.
    if day is None or day.isoformat() != text:
        _wrong(path, "not a day written YYYY-MM-DD")
    return day


def _json(item: object, path: str, depth: int = 0) -> object:
    """Copy a value that JSON can hold without fractions."""
    if depth > _DEPTH_MAX:
        _wrong(path, "nested too deep")
    if isinstance(item, Mapping):
        those = _object(item, path, None)
        return {key: _json(those[key], f"{path}.{key}", depth + 1) for key in those}
    if isinstance(item, list):
        return [_json(each, f"{path}[{n}]", depth + 1) for n, each in enumerate(item)]
    if item is None or isinstance(item, str | bool | int):
        return item
    _wrong(path, "neither text nor whole number")
