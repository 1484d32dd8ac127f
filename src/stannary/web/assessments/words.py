"""How scores, levels and steps are said to people, in their language."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from stannary.core.kernel import percent_text, share_text
from stannary.core.scores import LevelOutcome, Score, Step, Tally, derivation
from stannary.core.standards import Edition, Rating, Requirement
from stannary.web.assessments.models import RatingRecord
from stannary.web.assessments.queries import Movement
from stannary.web.project.templatetags.stannary import disc_svg, level_title, quarters_of
from stannary.web.standards.queries import in_language

_NUMBERS = ("percent", "points", "possible", "margin", "missing", "needed", "low", "high")
_NUMBER = re.compile(r"[0-9]+\.[0-9]+")


def rating_word(rating: str) -> str:
    """Give the short word of a rating."""
    return str(RatingRecord.Rating(rating).label)


def here(edition: Edition) -> Edition:
    """Give an edition in the language of the page."""
    return in_language(edition, get_language() or "en")


def number(text: str) -> str:
    """Write a number with the decimal sign of the language."""
    return text.replace(".", formats.get_format("DECIMAL_SEPARATOR"))


def outcome_text(outcome: LevelOutcome) -> str:
    """Say a level in one line of plain text.

    While it is pending, the range in which it may end; without any certain level, its top.
    """
    if outcome.state == "determined" and outcome.code:
        return level_title(outcome.code)
    if outcome.state == "none":
        return gettext("no level")
    ceiling = level_title(outcome.ceiling or "")
    if not outcome.floor:
        return gettext("at most %(ceiling)s") % {"ceiling": ceiling}
    floor = level_title(outcome.floor)
    return gettext("%(floor)s to %(ceiling)s") % {"floor": floor, "ceiling": ceiling}


def outcome_html(outcome: LevelOutcome) -> SafeString:
    """Show a level with its disc; a pending one shows what is certain."""
    certain = outcome.code or outcome.floor or ""
    disc = disc_svg(quarters_of(certain) if certain else 0)
    if outcome.state == "determined":
        return format_html('<span class="level">{}{}</span>', disc, outcome_text(outcome))
    if outcome.state == "none":
        return format_html('<span class="level none">{}{}</span>', disc, outcome_text(outcome))
    return format_html(
        '<span class="level pending">{}<span>{} <span class="tag">{}</span></span></span>',
        disc,
        outcome_text(outcome),
        gettext("pending"),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A principle's share beside the threshold that it is compared with."""

    id: str
    title: str
    share: Fraction | None
    threshold: Fraction | None
    points: Fraction
    possible: Fraction
    rated: int
    not_relevant: int
    pending: int

    @property
    def reached(self) -> bool:
        """Whether the share is at the threshold or above, exactly."""
        return (
            self.share is not None and self.threshold is not None and self.share >= self.threshold
        )


def bars(result: Score, edition: Edition) -> tuple[Bar, ...]:
    """Give the principles with the threshold of the next level, or of the one reached at the top."""
    aim = result.next_level.code if result.next_level else result.level.code
    return bars_of(result.principles, edition, aim=aim, on=result.as_of)


def bars_of(
    principles: Iterable[Tally], edition: Edition, *, aim: str | None, on: datetime.date
) -> tuple[Bar, ...]:
    """Give principles with the threshold of a level on a day; without a level there is none."""
    level = edition.level_by_code.get(aim or "")
    share = level.min_principle_share if level else None
    threshold = share.fraction_on(on) if share else None
    titles = {principle.id: principle.title for principle in edition.principles}
    return tuple(
        Bar(
            id=tally.id,
            title=titles.get(tally.id, ""),
            share=tally.share,
            threshold=threshold,
            points=tally.points,
            possible=tally.possible,
            rated=tally.rated,
            not_relevant=tally.not_relevant,
            pending=tally.pending,
        )
        for tally in principles
    )


@dataclass(frozen=True, slots=True)
class SaidStep:
    """A step of a derivation in the reader's language."""

    code: str
    sentence: str


def said(step: Step) -> SaidStep:
    """Translate a step; decimal numbers get the sign of the language."""
    facts = {
        name: number(value) if name in _NUMBERS and _NUMBER.fullmatch(value) else value
        for name, value in step.facts.items()
    }
    return SaidStep(step.code, unbroken(gettext(step.sentence) % facts))


def unbroken(text: str) -> str:
    """Keep each percent sign on the line of its number."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def steps(result: Score, edition: Edition) -> tuple[SaidStep, ...]:
    """Give the derivation of a score in the language of the edition's titles."""
    return tuple(said(step) for step in derivation(result, edition))


def cause(before: LevelOutcome, after: Score) -> str:
    """Say why a level fell: which test of the former level now fails; empty if none does."""
    former = before.code or before.ceiling or ""
    for test in after.tests:
        if test.level != former or test.outcome != "failed":
            continue
        if test.kind == "principle_share" and test.needed_share is not None:
            return gettext("principle %(principle)s is below %(needed)s %%") % {
                "principle": test.principle,
                "needed": number(percent_text(test.needed_share, places=0)),
            }
        word = rating_word(test.needed_rating or Rating.PENDING)
        if test.kind == "critical_at_least":
            return gettext("a critical requirement is below “%(rating)s”") % {"rating": word}
        return gettext("a requirement is below “%(rating)s”") % {"rating": word}
    return ""


def count_rated(pending: int) -> str:
    """Say how many requirements are still to rate."""
    if not pending:
        return gettext("all rated")
    text = ngettext("%(count)s not rated", "%(count)s not rated", pending)
    return text % {"count": pending}


@dataclass(frozen=True, slots=True)
class Lacking:
    """Points that a principle lacks for the next level."""

    id: str
    title: str
    points: str


@dataclass(frozen=True, slots=True)
class Next:
    """What stands between a site and the next level, with titles."""

    code: str
    title: str
    summary: str
    points: tuple[Lacking, ...]
    criticals: tuple[Requirement, ...]
    all_at_least: str


def next_level(result: Score, edition: Edition) -> Next | None:
    """Say what lifts the level; None at the top and where there can be no level."""
    following = result.next_level
    if following is None:
        return None
    level = edition.level_by_code[following.code]
    titles = {principle.id: principle.title for principle in edition.principles}
    everything = level.all_at_least.word_on(result.as_of) if level.all_at_least else None
    return Next(
        code=level.code,
        title=level.title,
        summary=level.summary,
        points=tuple(
            Lacking(name, titles[name], number(share_text(points)))
            for name, points in following.points_needed
        ),
        criticals=tuple(edition.requirement_by_id[x] for x in following.critical_needed),
        all_at_least=rating_word(everything) if everything else "",
    )


def said_aloud(requirement: str, rating: str, result: Score, movement: Movement | None) -> str:
    """Say what was saved and where the level stands, for a screen reader."""
    facts = {
        "requirement": requirement,
        "rating": rating_word(rating),
        "level": outcome_text(result.level),
    }
    if movement is None:
        return gettext("%(requirement)s %(rating)s saved.") % facts
    facts["before"] = outcome_text(movement.before)
    return gettext("%(requirement)s %(rating)s saved. Level %(level)s, was %(before)s.") % facts
