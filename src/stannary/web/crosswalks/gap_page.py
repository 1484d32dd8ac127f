"""What the page of a gap report shows: counts, then each requirement and what it rests on."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stannary.core.crosswalks import Gap, GapReport, GapState
from stannary.web.crosswalks import html, words
from stannary.web.crosswalks.html import Clauses


def state_asked(asked: QueryDict) -> str:
    """Read which state is asked for; "" for everything that is not shown."""
    state = asked.get("state", "")
    return state if state in list(GapState) else ""


def state_word(state: str) -> object:
    """Give a state in words; empty for none."""
    return words.GAPS[GapState(state)] if state else ""


def listed(report: GapReport, state: str) -> list[Gap]:
    """Give the requirements of a state, or all that are not shown."""
    if state:
        return [gap for gap in report.gaps if gap.state == state]
    return [gap for gap in report.gaps if gap.state is not GapState.SHOWN]


def counts(report: GapReport, asked: QueryDict) -> SafeString:
    """Build a row for each state: how many, and what it means."""
    found = []
    for state in GapState:
        number = report.count(state)
        name = str(conditional_escape(words.GAPS[state]))
        here = conditional_escape(html.with_query(asked, state=str(state)) + "#requirements")
        heading = f'<a href="{here}">{name}</a>' if number else name
        meaning = str(conditional_escape(words.GAPS_WHOLE[state]))
        cells = [(_("requirements"), "n", str(number)), ("", "", meaning)]
        found.append(html.row(heading, cells))
    return html.joined(found)


def gap_rows(gaps: Sequence[Gap], first: Clauses, second: Clauses) -> SafeString:
    """Build a row for each requirement of the second edition."""
    labels = (_("state"), _("rests on"))
    return html.joined(
        html.row(
            second.heading(gap.requirement),
            [
                (labels[0], f"state {gap.state}", str(words.GAPS[gap.state])),
                (labels[1], "by", _by(gap, first)),
            ],
        )
        for gap in gaps
    )


def _by(gap: Gap, first: Clauses) -> str:
    return (
        ", ".join(
            f"{first.number(link.first)} {words.RATINGS[rating]} "
            f'<span class="small">{html.coverage(link.coverage)}</span>'
            for link, rating in gap.by
        )
        or "\N{EN DASH}"
    )
