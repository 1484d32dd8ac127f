"""What the page and the report of a published result show, in the reader's language.

Everything comes from the published content itself. It is computed anew each time as well, and the
page says so if the two were ever to differ.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from stannary.core.assessments import CycleDates, Verdict, cycle_dates, rating_sheet
from stannary.core.kernel import PartialDate
from stannary.core.publications import PublishedResult as Result
from stannary.core.publications import check_result, result_as_dict
from stannary.core.publications.results import PublishedVerdict
from stannary.core.scores import LevelOutcome, Tally, derivation, score
from stannary.core.standards import Chapter, Edition, Level, Rating, Requirement
from stannary.web.assessments import words
from stannary.web.assessments.words import Bar, SaidStep
from stannary.web.publications import records
from stannary.web.publications.models import PublishedResult
from stannary.web.standards import queries as standards

RATINGS = (
    Rating.FULLY,
    Rating.SUBSTANTIALLY,
    Rating.PARTIALLY,
    Rating.NOT_MET,
    Rating.NOT_RELEVANT,
    Rating.PENDING,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A published result, ready to be shown.

    Attributes:
        row: As it is stored.
        result: What was published.
        edition: In the reader's language.
        level: What the level means; None unless it is determined.
        outcome: The level, or that it is pending or none.
        holds: Whether computing it anew gives what was published.
        cycle: When the next audits are due; computed here, not published.
        counts: Rating and how many requirements have it, only those that occur.
    """

    row: PublishedResult
    result: Result
    edition: Edition
    level: Level | None
    outcome: LevelOutcome
    holds: bool
    bars: tuple[Bar, ...]
    steps: tuple[SaidStep, ...]
    chapters: tuple[tuple[Chapter, Tally], ...]
    cycle: CycleDates
    counts: tuple[tuple[Rating, int], ...]

    @property
    def command(self) -> str:
        """What to type to check the result file, with the two small files of whom one trusts."""
        return f"stannary verify {self.row.result_id}.result.json --trust did.json --trust log.vkey"


def shown(row: PublishedResult) -> Shown:
    """Gather what is shown of a result; one query, for the edition."""
    result = records.result_of(row)
    original = standards.edition(result.standard)
    edition = words.here(original)
    outcome = _outcome(result.score)
    following = _mapping(result.score.get("next_level")).get("code")
    reached = edition.level_by_code.get(outcome.code or "")
    asks = reached is not None and reached.min_principle_share is not None
    chapters = {chapter.id: chapter for chapter in edition.chapters}
    holds = not check_result(result_as_dict(result), original)
    day = result.first_published_on
    counted = Counter(verdict.rating for verdict in result.verdicts)
    return Shown(
        row=row,
        result=result,
        edition=edition,
        level=reached,
        outcome=outcome,
        holds=holds,
        bars=words.bars_of(
            _tallies(result.score.get("principles")),
            edition,
            aim=outcome.code if asks else following,
            on=result.as_of,
        ),
        steps=_steps(result, original, edition, holds=holds),
        chapters=tuple(
            (chapters[tally.id], tally)
            for tally in _tallies(result.score.get("chapters"))
            if tally.id in chapters
        ),
        cycle=cycle_dates(original, PartialDate(day.year, day.month, day.day)),
        counts=tuple((rating, counted[rating]) for rating in RATINGS if counted[rating]),
    )


def _steps(
    result: Result, original: Edition, edition: Edition, *, holds: bool
) -> tuple[SaidStep, ...]:
    """Give the derivation as published; in another language, as computed anew where it holds."""
    if edition is original or not holds:
        return tuple(SaidStep(step.code, words.unbroken(step.text)) for step in result.derivation)
    verdicts = [Verdict(x.requirement, x.rating, x.reason, x.evidence) for x in result.verdicts]
    computed = score(rating_sheet(original, verdicts), as_of=result.as_of)
    return tuple(words.said(step) for step in derivation(computed, edition))


def _outcome(content: Mapping[str, object]) -> LevelOutcome:
    level = _mapping(content.get("level"))
    state = level.get("state")
    code, floor, ceiling = (level.get(key) for key in ("code", "floor", "ceiling"))
    if state == "determined":
        return LevelOutcome(code, "determined")
    if state == "pending":
        return LevelOutcome(None, "pending", floor, ceiling)
    return LevelOutcome(None, "none")


def _tallies(items: object) -> tuple[Tally, ...]:
    """Read shares and points as published; a share beyond twelve decimals stays rounded."""
    found = []
    for item in items if isinstance(items, list) else []:
        share = item["share"]
        found.append(
            Tally(
                id=item["id"],
                points=Fraction(item["points"]),
                possible=Fraction(item["possible"]),
                share=None if share is None else Fraction(share),
                rated=item["rated"],
                not_relevant=item["not_relevant"],
                pending=item["pending"],
            )
        )
    return tuple(found)


def _mapping(item: object) -> Mapping[str, Any]:
    return item if isinstance(item, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement as it was judged, with its words in the reader's language."""

    verdict: PublishedVerdict
    title: str
    chapter: str


def lines(those: Shown, *, rating: str = "", critical: bool = False) -> tuple[Line, ...]:
    """Give the requirements in order; only those with a rating, or critical ones, if asked."""
    by_id: Mapping[str, Requirement] = those.edition.requirement_by_id
    return tuple(
        Line(
            verdict=verdict,
            title=by_id[verdict.requirement].title
            if verdict.requirement in by_id
            else verdict.title,
            chapter=".".join(verdict.requirement.split(".")[:2]),
        )
        for verdict in those.result.verdicts
        if (not rating or verdict.rating == rating) and (verdict.critical or not critical)
    )


def by_chapter(
    those: Shown, found: Iterable[Line]
) -> tuple[tuple[Chapter, Tally, tuple[Line, ...]], ...]:
    """Group lines by chapter, in order; a chapter without any is left out."""
    groups: dict[str, list[Line]] = {}
    for line in found:
        groups.setdefault(line.chapter, []).append(line)
    return tuple(
        (chapter, tally, tuple(groups[chapter.id]))
        for chapter, tally in those.chapters
        if chapter.id in groups
    )
