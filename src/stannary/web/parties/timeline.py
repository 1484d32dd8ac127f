"""What happened at a site and what comes next, as one list: the same for the drawing, the phone, the table.

The dates of the cycle are computed by core.assessments; here they only get their words.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stannary.core.assessments import cycle
from stannary.core.kernel import PartialDate
from stannary.core.standards import Edition
from stannary.web.parties.models import SiteFact
from stannary.web.parties.queries import happened
from stannary.web.parties.wording import FACT_KINDS, source_html
from stannary.web.project.templatetags.stannary import day as day_words
from stannary.web.project.templatetags.stannary import mark, rule


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline.

    Attributes:
        kind: "fact", "window" (surveillance audit), "due" (full audit) or "today" (the day looked at).
        first: First day that it covers; None when no date is known.
        last: Last day, itself included.
        label: What it is, in a few words.
        text: The source's own words, where they say more; empty otherwise.
        source: Where it was read, or the rule by which it was computed.
        sure: How sure we are, in words.
        vague: Whether it happened on one day within the span, and nobody here knows which.
        gap: How long after the entry before it, in steps from 0 to 4.
    """

    kind: str
    first: datetime.date | None
    last: datetime.date | None
    date: str
    label: str
    text: str = ""
    source: str | SafeString = ""
    sure: str = ""
    vague: bool = False
    gap: int = 0

    @property
    def computed(self) -> bool:
        """Whether it was computed by us."""
        return self.kind in ("window", "due")

    @property
    def in_own_words(self) -> bool:
        """Whether the source's words are in the reader's language and need no other label."""
        return bool(self.text) and self.kind == "fact" and not isinstance(self.text, SafeString)


@dataclass(frozen=True, slots=True)
class Cycle:
    """The clocks of a site's cycle on a day.

    Attributes:
        dates: Computed dates; None when nothing was released, or nobody knows the edition.
        steps: Where the site stands on each clock; empty as `dates`.
    """

    dates: cycle.CycleDates | None
    steps: tuple[cycle.CycleStep, ...]


NO_CYCLE = Cycle(None, ())


def cycle_of(
    released_on: str, facts: Iterable[SiteFact], edition: Edition | None, day: datetime.date
) -> Cycle:
    """Compute the clocks of a site from its release and the edition in force on that day."""
    if not released_on or edition is None or not happened(released_on, day):
        return NO_CYCLE
    released = PartialDate.parse(released_on)
    dates = cycle.cycle_dates(edition, released)
    surveillance = [
        PartialDate.parse(fact.on)
        for fact in facts
        if fact.kind == "surveillance_release" and fact.on
    ]
    later = [one for one in surveillance if one.last >= released.first]
    steps = cycle.next_steps(dates, on=day, surveillance_released_on=min(later) if later else None)
    return Cycle(dates, steps)


def released_by(facts: Iterable[SiteFact], day: datetime.date) -> str:
    """Give the newest release of a full report that had happened by a day; empty if none had."""
    found = [fact.on for fact in facts if fact.kind == "initial_release" and fact.on]
    return max((on for on in found if happened(on, day)), default="")


def entries(
    facts: Sequence[SiteFact], found: Cycle, day: datetime.date, *, released_here: str = ""
) -> tuple[Entry, ...]:
    """Give everything in order of time: facts, computed dates, the day looked at; undated last.

    Args:
        facts: What had happened by the day.
        found: The clocks on the day.
        day: The day looked at.
        released_here: When a result was published here, of which there is no other fact.
    """
    dated = [_fact(fact) for fact in facts]
    if released_here and not any(fact.on == released_here for fact in facts):
        first = PartialDate.parse(released_here)
        label, source = str(FACT_KINDS["initial_release"]), _("published here")
        dated.append(
            Entry("fact", first.first, first.last, date_words(released_here), label, source=source)
        )
    dated += _computed(found)
    today = day_words(day)
    dated.append(Entry("today", day, day, today, _("The day looked at")))
    ordered = sorted(
        (one for one in dated if one.first is not None),
        key=lambda one: (one.first or day, one.kind != "fact", one.kind == "today"),
    )
    undated = [one for one in dated if one.first is None]
    return (*_with_gaps(ordered), *undated)


def _with_gaps(ordered: Sequence[Entry]) -> list[Entry]:
    """Say how much time lies before each entry, in steps of the vertical timeline, 0 to 4."""
    found: list[Entry] = []
    for one in ordered:
        gap = 0
        if found and found[-1].first and one.first:
            months = (one.first - found[-1].first).days / 30
            gap = sum(months >= limit for limit in (3, 6, 12, 24))
        found.append(replace(one, gap=gap))
    return found


def _fact(fact: SiteFact) -> Entry:
    label = str(FACT_KINDS.get(fact.kind, fact.kind))
    source = source_html(fact.source)
    text: str | SafeString = fact.text
    if (get_language() or "en") != "en":
        text = format_html('<span lang="en">{}</span>', fact.text)
        source = format_html('<span lang="en">{}</span>', source)
    first = PartialDate.parse(fact.on).first if fact.on else None
    last = PartialDate.parse(fact.until or fact.on).last if fact.on else None
    return Entry(
        "fact", first, last, date_words(fact.on, fact.until), label,
        "" if fact.text.casefold() == label.casefold() else text,
        source, mark(fact.mark)["meaning"], vague=bool(fact.on) and not PartialDate.parse(fact.on).is_exact,
    )  # fmt: skip


def _computed(found: Cycle) -> list[Entry]:
    rows: list[Entry] = []
    if found.dates is None:
        return rows
    surveillance, full_audit = found.steps
    sure = _("computed by us, not a statement of the scheme")
    begin, end, due = (
        found.dates.surveillance_from,
        found.dates.surveillance_until,
        found.dates.reassessment_due,
    )
    if begin and end:
        words = f"{day_words(begin)} – {day_words(end)}"
        label = _("Surveillance audit window")
        rows.append(
            Entry(
                "window",
                begin,
                end,
                words,
                label,
                standing_words(surveillance),
                rule(surveillance.rule.code),
                sure,
            )
        )
    if due:
        label = _("Full audit due")
        rows.append(
            Entry(
                "due",
                due,
                due,
                day_words(due),
                label,
                standing_words(full_audit),
                rule(full_audit.rule.code),
                sure,
            )
        )
    return rows


def standing_words(step: cycle.CycleStep) -> str:
    """Say where a site stands on a clock."""
    standing = cycle.Standing
    span = span_words(step.days or 0)
    texts = {
        standing.BEFORE_WINDOW: _("opens in %(span)s"),
        standing.IN_WINDOW: _("open, closes in %(span)s"),
        standing.WINDOW_PASSED: _("closed %(span)s ago; no surveillance report is known here"),
        standing.NOT_YET_DUE: _("in %(span)s"),
        standing.OVERDUE: _("%(span)s ago; no newer full audit is known here"),
    }
    if step.standing is standing.DONE:
        return _("a report is known here")
    return texts[step.standing] % {"span": span} if step.standing in texts else _("unknown")


def span_words(days: int) -> str:
    """Say a number of days as people would.

    Example:
        >>> span_words(1), span_words(45), span_words(77), span_words(800)
        ('1 day', '45 days', '2 months', '2 years')
    """
    if days <= 60:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    months = days * 12 // 365
    if months < 24:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": months // 12}


def date_words(on: str, until: str = "") -> str:
    """Say a partial date, or a span of two.

    Example:
        >>> date_words("2022-11-28", "2022-12-02").replace(chr(160), " "), date_words("2024")
        ('28 November 2022 – 2 December 2022', '2024')
    """
    if not on:
        return _("date unknown")
    words = day_words(on)
    return f"{words} – {day_words(until)}" if until and until != on else words


def last_look(facts: Iterable[SiteFact], kinds: Sequence[str]) -> SiteFact | None:
    """Give the newest dated fact of these kinds; None if there is none."""
    found = [fact for fact in facts if fact.kind in kinds and fact.on]
    return max(
        found,
        key=lambda fact: (PartialDate.parse(fact.until or fact.on).last, fact.position),
        default=None,
    )
