"""How a level comes about, worked out requirement by requirement, for a stranger to add up again.

The page of an assessment and that of a published result show the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stannary.core.assessments import RatingSheet
from stannary.core.kernel import share_text
from stannary.core.scores import Score
from stannary.core.scores.worked import WorkedChapter, WorkedRow, worked
from stannary.core.standards import Edition
from stannary.web.assessments import words
from stannary.web.assessments.words import Bar, SaidStep


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its table.

    Attributes:
        id: Of the chapter.
        title: In the reader's language.
        rows: Of the table's body, one for each requirement.
        points: What they add up to.
        possible: What they could add up to.
        share: One over the other; None where nothing counts.
    """

    id: str
    title: str
    rows: SafeString
    points: Fraction
    possible: Fraction

    @property
    def share(self) -> Fraction | None:
        """The part of the possible points that was given."""
        return self.points / self.possible if self.possible else None


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle with its chapters."""

    bar: Bar
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """Everything from the ratings to the level.

    Attributes:
        scale: Each rating with what it is worth on the day.
        principles: In the edition's order.
        steps: From the shares to the level.
    """

    scale: tuple[tuple[str, Fraction], ...]
    principles: tuple[Principle, ...]
    steps: tuple[SaidStep, ...]


def derivation(sheet: RatingSheet, score: Score, edition: Edition) -> Derivation:
    """Work a score out.

    Args:
        sheet: The ratings.
        score: What they are worth; its day is the one whose points count.
        edition: Of the sheet, in the reader's language.
    """
    labels = _Labels(edition)
    chapters = [(one.principle, _chapter(one, labels)) for one in worked(sheet, as_of=score.as_of)]
    points = edition.points_on(score.as_of)
    return Derivation(
        scale=tuple((words.rating_word(rating), worth) for rating, worth in points.items()),
        principles=tuple(
            Principle(bar, tuple(one for name, one in chapters if name == bar.id))
            for bar in words.bars(score, edition)
        ),
        steps=words.steps(score, edition),
    )


class _Labels:
    """The words of the rows, looked up once for a page."""

    def __init__(self, edition: Edition) -> None:
        self.titles = {one.id: escape(one.title) for one in edition.requirements}
        self.chapters = {one.id: one.title for one in edition.chapters}
        self.critical = escape(gettext("critical"))
        self.rating = escape(gettext("Rating"))
        self.points = escape(gettext("Points"))
        self.possible = escape(gettext("Possible"))
        self.none = escape(gettext("in no count"))


def _chapter(those: WorkedChapter, labels: _Labels) -> Chapter:
    return Chapter(
        id=those.id,
        title=labels.chapters.get(those.id, ""),
        rows=_rows(those.rows, labels),
        points=those.points,
        possible=those.possible,
    )


def _rows(rows: Iterable[WorkedRow], labels: _Labels) -> SafeString:
    return mark_safe("".join(_row(one, labels) for one in rows))  # noqa: S308 - escaped in `_row`


def _row(row: WorkedRow, labels: _Labels) -> str:
    name = escape(row.requirement)
    critical = f' <span class="critical">{labels.critical}</span>' if row.critical else ""
    title = labels.titles.get(row.requirement, "")
    given = labels.none if row.points is None else escape(_points(row.points))
    most = "–" if row.possible is None else escape(_points(row.possible))
    rating = escape(words.rating_word(row.rating))
    return (
        f'<tr><th scope="row"><span class="num">{name}</span> {title}{critical}</th>'
        f'<td data-label="{labels.rating}">{rating}</td>'
        f'<td class="n" data-label="{labels.points}">{given}</td>'
        f'<td class="n" data-label="{labels.possible}">{most}</td></tr>'
    )


def _points(value: Fraction) -> str:
    return words.number(share_text(value))
