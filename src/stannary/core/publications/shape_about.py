"""What form 2 says beside the verdicts, as JSON values and back.

Rules: PUBLICATION-006.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import TypeVar

from stannary.core.publications.about import (
    About,
    ChapterLeftOut,
    Earlier,
    Kind,
    Notice,
    PublishedAction,
    PublishedInput,
    Scope,
    ScopeUnit,
    StepDates,
    Teammate,
)
from stannary.core.publications.json_values import (
    as_count,
    as_day,
    as_list,
    as_object,
    as_text,
    wrong,
)

_Row = TypeVar("_Row")
_ACTION = (
    "id",
    "requirement",
    "grade",
    "finding",
    "cause",
    "plan",
    "due",
    "state",
    "closed_on",
    "verified_by",
)
_INPUT = ("id", "group", "channel", "people", "topic", "requirements", "disposition")


def about_as_dict(about: About) -> dict[str, object]:
    """Give the keys that form 2 has and form 1 does not; `verdicts` have theirs elsewhere."""
    earlier, notice = about.earlier, about.notice
    return {
        "kind": str(about.kind),
        "engagement": about.engagement,
        "scope": {
            "units": [{"name": one.name, "kind": one.kind} for one in about.scope.units],
            "materials": list(about.scope.materials),
        },
        "team": [{"role": one.role, "name": one.name} for one in about.team],
        "dates": [
            {"step": one.step, "from": one.began_on.isoformat(), "to": one.ended_on.isoformat()}
            for one in about.dates
        ],
        "not_relevant_chapters": [
            {"chapter": one.chapter, "title": one.title, "reason": one.reason}
            for one in about.not_relevant_chapters
        ],
        "stakeholder_input": [
            {key: _value(getattr(one, key)) for key in _INPUT} for one in about.stakeholder_input
        ],
        "corrective_actions": [
            {key: _value(getattr(one, key)) for key in _ACTION} for one in about.corrective_actions
        ],
        "earlier": earlier and {"id": earlier.id, "sha256": earlier.sha256},
        "notice": notice and {"reason": notice.reason, "changed": list(notice.changed)},
    }


def about_from_dict(content: Mapping[str, object]) -> About:
    """Read the keys that form 2 has and form 1 does not; others are not looked at.

    Raises:
        RefusalError: PUBLICATION-006 if a value is of another kind, or has another key.
    """
    kind = as_text(content["kind"], "kind")
    if kind not in list(Kind):
        wrong("kind", "not a kind of result")
    scope = as_object(content["scope"], "scope", ("units", "materials"))
    return About(
        kind=Kind(kind),
        engagement=as_text(content["engagement"], "engagement"),
        scope=Scope(
            units=_rows(scope["units"], "scope.units", _unit),
            materials=_rows(scope["materials"], "scope.materials", as_text),
        ),
        team=_rows(content["team"], "team", _teammate),
        dates=_rows(content["dates"], "dates", _dates),
        not_relevant_chapters=_rows(
            content["not_relevant_chapters"], "not_relevant_chapters", _chapter
        ),
        stakeholder_input=_rows(content["stakeholder_input"], "stakeholder_input", _input),
        corrective_actions=_rows(content["corrective_actions"], "corrective_actions", _action),
        earlier=_earlier(content["earlier"]),
        notice=_notice(content["notice"]),
    )


def _value(item: object) -> object:
    if isinstance(item, datetime.date):
        return item.isoformat()
    return list(item) if isinstance(item, tuple) else item


def _rows(item: object, path: str, read: Callable[[object, str], _Row]) -> tuple[_Row, ...]:
    return tuple(read(one, f"{path}[{n}]") for n, one in enumerate(as_list(item, path)))


def _texts(item: object, path: str, keys: tuple[str, ...]) -> dict[str, str]:
    found = as_object(item, path, keys)
    return {key: as_text(found[key], f"{path}.{key}") for key in keys}


def _day_or_none(item: object, path: str) -> datetime.date | None:
    return None if item is None else as_day(item, path)


def _unit(item: object, path: str) -> ScopeUnit:
    return ScopeUnit(**_texts(item, path, ("name", "kind")))


def _teammate(item: object, path: str) -> Teammate:
    return Teammate(**_texts(item, path, ("role", "name")))


def _chapter(item: object, path: str) -> ChapterLeftOut:
    return ChapterLeftOut(**_texts(item, path, ("chapter", "title", "reason")))


def _dates(item: object, path: str) -> StepDates:
    found = as_object(item, path, ("step", "from", "to"))
    return StepDates(
        step=as_text(found["step"], f"{path}.step"),
        began_on=as_day(found["from"], f"{path}.from"),
        ended_on=as_day(found["to"], f"{path}.to"),
    )


def _input(item: object, path: str) -> PublishedInput:
    found = as_object(item, path, _INPUT)
    people = found["people"]
    return PublishedInput(
        id=as_text(found["id"], f"{path}.id"),
        group=as_text(found["group"], f"{path}.group"),
        channel=as_text(found["channel"], f"{path}.channel"),
        people=None if people is None else as_count(people, f"{path}.people"),
        topic=as_text(found["topic"], f"{path}.topic"),
        requirements=_rows(found["requirements"], f"{path}.requirements", as_text),
        disposition=as_text(found["disposition"], f"{path}.disposition"),
    )


def _action(item: object, path: str) -> PublishedAction:
    found = as_object(item, path, _ACTION)
    texts = {key: as_text(found[key], f"{path}.{key}") for key in _ACTION if key not in _DAYS}
    return PublishedAction(
        **texts,
        due=_day_or_none(found["due"], f"{path}.due"),
        closed_on=_day_or_none(found["closed_on"], f"{path}.closed_on"),
    )


_DAYS = ("due", "closed_on")


def _earlier(item: object) -> Earlier | None:
    return None if item is None else Earlier(**_texts(item, "earlier", ("id", "sha256")))


def _notice(item: object) -> Notice | None:
    if item is None:
        return None
    found = as_object(item, "notice", ("reason", "changed"))
    return Notice(
        reason=as_text(found["reason"], "notice.reason"),
        changed=_rows(found["changed"], "notice.changed", as_text),
    )
