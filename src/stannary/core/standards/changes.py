"""May this pack take the place of the one that is in force?

Rules: STANDARD-011, TRANSITION-008. Words that bind nobody may be improved: titles, summaries,
reasons, examples of evidence, sources, marks, translations. What decides a rating, a level or a
claim may not, nor what decides which edition applies and which answers stand.
"""

import datetime
from collections.abc import Iterator, Mapping

from stannary.core.kernel import Finding, Parameter
from stannary.core.standards.edition import Edition
from stannary.core.standards.rules import IN_FORCE_VALUES_STAY, OPEN_WINDOWS_STAY
from stannary.core.standards.transitions import Transition

_LEFT_OUT = "left out"


def check_unchanged(before: Edition, after: Edition, *, on: datetime.date) -> tuple[Finding, ...]:
    """Check that what is in force stays as it is, and return every finding.

    Args:
        before: The edition as it is used now.
        after: The edition of the same id that shall take its place.
        on: Today. Before the day on which the edition comes into force anything may change.

    Returns:
        STANDARD-011 for everything binding that was changed or removed. New requirements are a
        change too, for every site would have to be rated again; a new value with its own day, a
        new constant and a new claim are not.
    """
    if on < before.in_force_from:
        return ()
    old, new = _binding(before), _binding(after)
    found = [
        Finding(IN_FORCE_VALUES_STAY, {"what": what, "was": was, "is": new.get(what, _LEFT_OUT)})
        for what, was in old.items()
        if new.get(what) != was
    ]
    found += [
        Finding(IN_FORCE_VALUES_STAY, {"what": what, "was": _LEFT_OUT, "is": now})
        for what, now in new.items()
        if what not in old and what.partition(" ")[0] in _CLOSED
    ]
    return tuple(found)


def check_transition_unchanged(
    before: Transition, after: Transition | None, *, on: datetime.date
) -> tuple[Finding, ...]:
    """Check that a transition by which people already work stays as it is.

    Args:
        before: The transition as it is used now.
        after: What shall take its place; None if it shall go.
        on: Today. Before the day on which the window opens anything may change.

    Returns:
        TRANSITION-008 for every change to editions, days and moves. Notes, source and mark may be
        improved. While the window is open its end may be put off, and never brought forward: who
        began under the older edition counts on it. After the end nothing moves any more.
    """
    if on < before.opens:
        return ()
    old = _decided(before)
    new = {} if after is None else _decided(after)
    if after is not None and on < before.closes <= after.closes:
        new["closes"] = old["closes"]
    return tuple(
        Finding(
            OPEN_WINDOWS_STAY,
            {"what": what, "was": old.get(what, _LEFT_OUT), "is": new.get(what, _LEFT_OUT)},
            None if after is None else after.at,
        )
        for what in [*old, *(name for name in new if name not in old)]
        if old.get(what) != new.get(what)
    )


def _decided(transition: Transition) -> dict[str, str]:
    """Everything in a transition that decides something; each requirement is moved once."""
    said = {
        "from": transition.before,
        "to": transition.after,
        "opens": transition.opens.isoformat(),
        "closes": transition.closes.isoformat(),
    }
    for move in transition.moves:
        again = "judged again" if move.judge_again else "stands"
        to = ", ".join(move.after) or "nothing"
        said[f"move of {', '.join(move.before)}"] = f"{move.kind} to {to}; {again}"
    return said


_CLOSED = ("principle", "chapter", "requirement", "rating", "level")
"""Kinds to which an edition in force may not add."""


def _binding(edition: Edition) -> Mapping[str, str]:
    """Everything that decides something, as what it is to what it says."""
    return dict(_binding_items(edition))


def _binding_items(edition: Edition) -> Iterator[tuple[str, str]]:
    yield "kind", edition.kind
    yield "id", edition.id
    yield "language", edition.language
    yield "in_force_from", edition.in_force_from.isoformat()
    yield "requirements_complete", str(edition.requirements_complete)
    for principle in edition.principles:
        yield f"principle {principle.id}", ""
    for chapter in edition.chapters:
        yield f"chapter {chapter.id}", chapter.principle
    for requirement in edition.requirements:
        critical = "critical" if requirement.critical else "not critical"
        said = (critical, requirement.applies or "always", requirement.demand)
        yield f"requirement {requirement.id}", "; ".join(said)
    for place, definition in enumerate(edition.ratings):
        yield f"rating {definition.rating}", str(place)
        yield from _values(f"points of {definition.rating}", definition.points)
    for place, level in enumerate(edition.levels):
        yield f"level {level.code}", str(place)
        for name, test in (
            ("min_principle_share", level.min_principle_share),
            ("critical_at_least", level.critical_at_least),
            ("all_at_least", level.all_at_least),
        ):
            what = f"{name} of {level.code}"
            yield what, "tested" if test else "not tested"
            if test is not None:
                yield from _values(what, test)
    for name, parameter in edition.parameters.items():
        yield f"unit of {name}", parameter.unit
        yield from _values(name, parameter)
    for claim in edition.claims:
        yield f"models of {claim.code}", ", ".join(claim.models)
        yield from _values(f"min_share of {claim.code}", claim.min_share)
        for language, words in claim.words.items():
            yield f"words of {claim.code} in {language}", words


def _values(name: str, parameter: Parameter) -> Iterator[tuple[str, str]]:
    for dated in parameter.values:
        since = dated.valid_from.isoformat() if dated.valid_from else "the beginning"
        value = "unknown" if dated.value is None else repr(dated.value)
        yield f"{name} since {since}", value
