"""An edition in a JSON shape, with the source and the mark of everything in it.

Numbers that carry meaning are text; None stands for what is unknown.
"""

from stannary.core.kernel import Parameter
from stannary.core.standards.edition import (
    Chapter,
    Edition,
    Level,
    Requirement,
    Translation,
)


def edition_as_dict(edition: Edition) -> dict[str, object]:
    """Give a whole edition as JSON values, everything in the edition's order."""
    return {
        **edition_head_as_dict(edition),
        "summary": edition.summary,
        "principles": [
            {
                "id": principle.id,
                "title": principle.title,
                "source": principle.source,
                "mark": str(principle.mark),
            }
            for principle in edition.principles
        ],
        "chapters": [_chapter(chapter) for chapter in edition.chapters],
        "requirements": [requirement_as_dict(entry) for entry in edition.requirements],
        "ratings": [
            {
                "code": str(definition.rating),
                "title": definition.title,
                "points": constant_as_list(definition.points),
            }
            for definition in edition.ratings
        ],
        "levels": [_level(level) for level in edition.levels],
        "parameters": [
            {
                "name": parameter.name,
                "unit": parameter.unit,
                "summary": parameter.summary,
                "values": constant_as_list(parameter),
            }
            for parameter in edition.parameters.values()
        ],
        "claims": [
            {
                "code": claim.code,
                "title": claim.title,
                "models": list(claim.models),
                "min_share": constant_as_list(claim.min_share),
                "words": dict(claim.words),
            }
            for claim in edition.claims
        ],
        "translations": [_translation(entry) for entry in edition.translations.values()],
    }


def edition_head_as_dict(edition: Edition) -> dict[str, object]:
    """Give what a list of editions says of each: names, licence, and how much of it is there."""
    return {
        "id": edition.id,
        "kind": edition.kind,
        "title": edition.title,
        "short_title": edition.short_title,
        "language": edition.language,
        "licence": edition.licence,
        "in_force_from": edition.in_force_from.isoformat(),
        "requirement_count": len(edition.requirements),
        "critical_count": sum(requirement.critical for requirement in edition.requirements),
        "requirements_complete": edition.requirements_complete,
        "texts": edition.texts,
    }


def requirement_as_dict(requirement: Requirement) -> dict[str, object]:
    """Give one requirement; `demand` is empty where the text may not be shipped."""
    return {
        "id": requirement.id,
        "principle": requirement.principle,
        "chapter": requirement.chapter,
        "section": requirement.section,
        "title": requirement.title,
        "demand": requirement.demand,
        "critical": requirement.critical,
        "applies": requirement.applies,
        "why": requirement.why,
        "evidence": requirement.evidence,
        "interview": requirement.interview,
        "tags": list(requirement.tags),
        "source": requirement.source,
        "mark": str(requirement.mark),
    }


def constant_as_list(parameter: Parameter) -> list[dict[str, object]]:
    """Give every value of a constant; `from` is None for since the edition is in force."""
    return [
        {
            "from": dated.valid_from.isoformat() if dated.valid_from else None,
            "value": dated.value if isinstance(dated.value, bool | None) else str(dated.value),
            "source": dated.source,
            "mark": str(dated.mark),
            "as_of": dated.as_of.isoformat(),
        }
        for dated in parameter.values
    ]


def _chapter(chapter: Chapter) -> dict[str, object]:
    return {
        "id": chapter.id,
        "principle": chapter.principle,
        "title": chapter.title,
        "sections": [{"id": section.id, "title": section.title} for section in chapter.sections],
        "source": chapter.source,
        "mark": str(chapter.mark),
    }


def _level(level: Level) -> dict[str, object]:
    tests = {
        "min_principle_share": level.min_principle_share,
        "critical_at_least": level.critical_at_least,
        "all_at_least": level.all_at_least,
    }
    return {
        "code": level.code,
        "title": level.title,
        "summary": level.summary,
        **{name: constant_as_list(test) if test else None for name, test in tests.items()},
    }


def _translation(translation: Translation) -> dict[str, object]:
    return {
        "language": translation.language,
        "title": translation.title,
        "summary": translation.summary,
        "principles": dict(translation.principles),
        "chapters": dict(translation.chapters),
        "requirement_titles": dict(translation.requirement_titles),
        "requirement_demands": dict(translation.requirement_demands),
        "level_titles": dict(translation.level_titles),
        "level_summaries": dict(translation.level_summaries),
        "rating_titles": dict(translation.rating_titles),
        "sections": dict(translation.sections),
        "requirement_of": dict(translation.requirement_of),
    }
