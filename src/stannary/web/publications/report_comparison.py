"""A result beside the one before it: level, shares of principles, ratings that changed."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from stannary.core.publications import PublishedResult as Result
from stannary.core.publications.results import PublishedVerdict
from stannary.web.project.templatetags.stannary import level_title, percent
from stannary.web.publications.pages import Shown
from stannary.web.publications.report_marks import Marks


def comparison(
    before: Result, now: Shown, words: Mapping[str, str], marks: Marks
) -> dict[str, Any]:
    """Compare a result with the one before it, as JSON values.

    Args:
        before: The earlier result.
        now: The later one.
        words: Of the report.
        marks: Mark titles that are not translated.
    """
    then = {verdict.requirement: verdict for verdict in before.verdicts}
    changed = [
        {
            "id": verdict.requirement,
            "title": marks.requirement(verdict.requirement, _title(now, verdict)),
            "before": words[f"rating.{then[verdict.requirement].rating}"],
            "now": words[f"rating.{verdict.rating}"],
        }
        for verdict in now.result.verdicts
        if verdict.requirement in then and then[verdict.requirement].rating != verdict.rating
    ]
    shares = {str(one["id"]): _share(one["share"]) for one in _principles(before)}
    return {
        "level": [_level(before, words), _level(now.result, words)],
        "principles": [
            {
                "id": bar.id,
                "title": marks.principle(bar.id, bar.title),
                "before": shares.get(bar.id, "–"),
                "now": percent(bar.share) if bar.share is not None else "–",
            }
            for bar in now.bars
        ],
        "changed": changed,
    }


def _title(now: Shown, verdict: PublishedVerdict) -> str:
    requirement = now.edition.requirement_by_id.get(verdict.requirement)
    return requirement.title if requirement else verdict.title


def _principles(result: Result) -> list[Mapping[str, Any]]:
    found = result.score.get("principles")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _share(text: str | None) -> str:
    return "–" if text is None else percent(Fraction(text))


def _level(result: Result, words: Mapping[str, str]) -> str:
    certain = result.level or result.floor
    return level_title(certain) if certain else words["level.none"]
