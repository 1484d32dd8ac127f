"""Editions as plain shapes, for the API and for downloads."""

from collections.abc import Iterable
from typing import Any

from stannary.core.kernel import Parameter
from stannary.core.standards import (
    Edition,
    Level,
    Move,
    Requirement,
    TranslationState,
    all_moves,
    translation_state,
    translation_states,
)
from stannary.web.standards.queries import Crossing, term_of

Shape = dict[str, Any]
COLUMNS = (
    "standard", "id", "principle", "chapter", "section", "title", "demand", "critical", "applies",
)  # fmt: skip
"""The columns of the download: those of CONTRACTS section 5 after the standard's id."""


def requirement_row(edition: Edition, one: Requirement) -> Shape:
    """Give a requirement as a row of the download."""
    return {
        "standard": edition.id,
        "id": one.id,
        "principle": one.principle,
        "chapter": one.chapter,
        "section": one.section,
        "title": one.title,
        "demand": one.demand,
        "critical": one.critical,
        "applies": one.applies,
    }


def requirement_cells(edition: Edition, one: Requirement) -> Shape:
    """Give a requirement as cells of a table, in which critical is the word true or false."""
    return {
        **requirement_row(edition, one),
        "critical": "true" if one.critical else "false",
    }


def requirement(edition: Edition, one: Requirement, was: Iterable[Shape] = ()) -> Shape:
    """Give a requirement with all that is known of it.

    Args:
        edition: Has it.
        one: The requirement.
        was: What it was in older editions, from `origins`.
    """
    translations = {
        language: {
            "title": said.requirement_titles.get(one.id, ""),
            "demand": said.requirement_demands.get(one.id, ""),
            "state": str(translation_state(edition, one.id, language)),
        }
        for language, said in edition.translations.items()
        if one.id in said.requirement_titles or one.id in said.requirement_demands
    }
    return {
        **requirement_row(edition, one),
        "why": one.why,
        "evidence": one.evidence,
        "interview": one.interview,
        "tags": list(one.tags),
        "was": list(was),
        "source": one.source,
        "mark": str(one.mark),
        "address": f"/standards/{edition.id}/{one.id}/",
        "translations": translations,
    }


def origins(edition: Edition, crossings: Iterable[Crossing]) -> dict[str, list[Shape]]:
    """Say of each requirement that a transition leads to what it was; new ones were nothing."""
    found: dict[str, list[Shape]] = {}
    for crossing in crossings:
        if crossing.after.id == edition.id:
            for one in all_moves(crossing.transition, edition):
                for name in one.after:
                    shape = {"edition": crossing.before.id, **move(one)}
                    found.setdefault(name, []).append(shape)
    return found


def move(one: Move) -> Shape:
    """Give what became of one or several requirements."""
    return {
        "kind": str(one.kind),
        "before": list(one.before),
        "after": list(one.after),
        "judge_again": one.judge_again,
        "note": one.note,
    }


def transition(crossing: Crossing) -> Shape:
    """Give a transition with every move, those of new requirements included."""
    those = crossing.transition
    return {
        "before": those.before,
        "after": those.after,
        "opens": those.opens,
        "closes": those.closes,
        "source": those.source,
        "mark": str(those.mark),
        "moves": [move(one) for one in all_moves(those, crossing.after)],
    }


def translations(edition: Edition) -> Shape:
    """Give how far an edition is translated into each of its languages."""
    found = []
    for language in edition.translations:
        states = translation_states(edition, language)
        names = {
            state: [name for name, found in states.items() if found is state]
            for state in TranslationState
        }
        found.append(
            {
                "language": language,
                "current": len(names[TranslationState.CURRENT]),
                "stale": names[TranslationState.STALE],
                "unchecked": names[TranslationState.UNCHECKED],
                "missing": names[TranslationState.MISSING],
            }
        )
    return {"language": edition.language, "items": found}


def summary(edition: Edition, crossings: Iterable[Crossing]) -> Shape:
    """Give what a list of editions says of one, and when it applies by the transitions known."""
    term = term_of(edition, crossings, edition.in_force_from)
    return {
        "applies_from": term.first,
        "applies_before": term.last,
        "id": edition.id,
        "kind": edition.kind,
        "title": edition.title,
        "short_title": edition.short_title,
        "language": edition.language,
        "licence": edition.licence,
        "in_force_from": edition.in_force_from,
        "texts": edition.texts,
        "requirements_complete": edition.requirements_complete,
        "requirements": len(edition.requirements),
        "critical": sum(one.critical for one in edition.requirements),
        "address": f"/standards/{edition.id}/",
    }


def whole(edition: Edition, sha256: str, crossings: Iterable[Crossing]) -> Shape:
    """Give an edition without its requirements, which are a list of their own."""
    return {
        **summary(edition, crossings),
        "summary": edition.summary,
        "sha256": sha256,
        "principles": [
            {"id": one.id, "title": one.title, "source": one.source, "mark": str(one.mark)}
            for one in edition.principles
        ],
        "chapters": [
            {
                "id": one.id,
                "principle": one.principle,
                "title": one.title,
                "source": one.source,
                "mark": str(one.mark),
                "requirements": len(edition.requirements_by_chapter[one.id]),
            }
            for one in edition.chapters
        ],
        "ratings": [
            {"code": str(one.rating), "title": one.title, "points": parameter(one.points)}
            for one in edition.ratings
        ],
        "levels": [level(one) for one in edition.levels],
        "parameters": {name: parameter(one) for name, one in edition.parameters.items()},
        "claims": [
            {
                "code": one.code,
                "title": one.title,
                "models": list(one.models),
                "min_share": parameter(one.min_share),
                "words": dict(one.words),
            }
            for one in edition.claims
        ],
    }


def level(one: Level) -> Shape:
    """Give a level with its tests; one that is not made is None."""

    def test(found: Parameter | None) -> Shape | None:
        return None if found is None else parameter(found)

    return {
        "code": one.code,
        "title": one.title,
        "summary": one.summary,
        "min_principle_share": test(one.min_principle_share),
        "critical_at_least": test(one.critical_at_least),
        "all_at_least": test(one.all_at_least),
    }


def parameter(one: Parameter) -> Shape:
    """Give a constant with every value that it has had."""
    return {
        "unit": one.unit,
        "summary": one.summary,
        "values": [
            {
                "value": dated.value,
                "from": dated.valid_from,
                "source": dated.source,
                "mark": str(dated.mark),
                "as_of": dated.as_of,
                "placeholder": dated.mark.is_placeholder,
            }
            for dated in one.values
        ],
    }
