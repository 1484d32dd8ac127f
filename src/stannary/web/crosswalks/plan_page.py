"""What the page of a co-audit plan shows: counts for each standard, then what is left to ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stannary.core.crosswalks import CoAuditPlan, Link, Need, NeedState
from stannary.core.standards import Edition
from stannary.web.crosswalks import html, words
from stannary.web.crosswalks.html import Clauses

MOST = 10
"""How many further standards a plan may have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which plan is asked for.

    Attributes:
        lead: Id of the leading edition; "" while nobody has chosen.
        others: Ids of further editions.
        of: The one of them whose requirements are listed; "" for the first.
        state: A state of needs; "" for all that is left to ask.
    """

    lead: str
    others: tuple[str, ...]
    of: str
    state: str

    @classmethod
    def read(cls, asked: QueryDict) -> "Asked":
        """Read the parameters of the address."""
        others = tuple(asked.getlist("with")[: MOST + 1])
        of, state = asked.get("of", ""), asked.get("state", "")
        return cls(
            asked.get("lead", ""),
            others,
            of if of in others else next(iter(others), ""),
            state if state in list(NeedState) else "",
        )

    @property
    def is_complete(self) -> bool:
        """Whether lead and others are named."""
        return bool(self.lead and self.others)

    def needs(self, plan: CoAuditPlan) -> list[Need]:
        """Give the requirements that are listed, in the edition's order."""
        if self.state:
            return [one for one in plan.needs[self.of] if one.cover.state == self.state]
        return list(plan.to_ask(self.of))


NOTHING = Asked("", (), "", "")
"""Nobody has chosen yet."""


def leading(editions: Iterable[Edition]) -> str:
    """Give the id of the edition that leads while nobody has chosen: the longest complete one."""
    complete = [one for one in editions if one.requirements_complete]
    return max(complete, key=lambda one: len(one.requirements)).id if complete else ""


def files(asked: Asked) -> str:
    """Give the parameters with which the whole plan is a file."""
    return urlencode([("lead", asked.lead), *(("with", name) for name in asked.others)])


def options(editions: Sequence[Edition], asked: Asked) -> list[dict[str, object]]:
    """Give the editions that a plan may join, and how they are chosen now."""
    lead = asked.lead or leading(editions)
    return [
        {
            "id": one.id,
            "title": one.short_title,
            "language": one.language,
            "outline": not one.requirements_complete,
            "leads": one.id == lead,
            "joins": one.id in asked.others,
        }
        for one in editions
    ]


def counts(plan: CoAuditPlan, asked: QueryDict) -> SafeString:
    """Build a row of counts for each further standard; each count leads to its list."""
    found = []
    for other in plan.others:
        here = _list(asked, other.id, "")
        title = conditional_escape(other.short_title)
        word = _("outline")
        outline = "" if other.requirements_complete else f' <span class="tag">{word}</span>'
        cells = [(_("requirements"), "n", str(len(other.requirements)))]
        for state in NeedState:
            number = plan.count(other.id, state)
            shown = str(number)
            if number:
                shown = f'<a href="{_list(asked, other.id, state)}">{number}</a>'
            cells.append((str(words.NEEDS[state]), "n", shown))
        found.append(html.row(f'<a href="{here}">{title}</a>{outline}', cells))
    return html.joined(found)


def _list(asked: QueryDict, of: str, state: str) -> str:
    return str(conditional_escape(html.with_query(asked, of=of, state=state) + "#ask"))


def need_rows(needs: Sequence[Need], lead: Clauses, other: Clauses, *, marked: str) -> SafeString:
    """Build a row for each requirement: what is shown, by which evidence of the lead.

    Args:
        needs: What is listed.
        lead: Clauses of the leading edition.
        other: Clauses of the edition whose requirements these are.
        marked: Attribute that marks reasons which are not in the reader's language.
    """
    labels = (_("state"), _("shown at least"), _("at best"), _("by evidence for"))
    return html.joined(
        html.row(
            other.heading(need.requirement),
            [
                (labels[0], f"state {need.cover.state}", str(words.NEEDS[need.cover.state])),
                (labels[1], "n", html.coverage(_known(need, need.cover.floor))),
                (labels[2], "n", html.coverage(_known(need, need.cover.at_best))),
                (labels[3], "by", _by(need, lead, marked)),
            ],
        )
        for need in needs
    )


def _known(need: Need, share: Fraction) -> Fraction | None:
    """Give a share; None where nobody has looked, for nothing is known of it then."""
    return None if need.cover.state is NeedState.UNEXAMINED else share


def _by(need: Need, lead: Clauses, marked: str) -> str:
    parts = [
        f"{lead.number(link.first)} {html.coverage(link.coverage)}" for link in need.cover.links
    ]
    within = _("in part of")
    parts += [
        f"{lead.number(link.first)} {within} {conditional_escape(link.second)}"
        for link in need.cover.perhaps
    ]
    return ", ".join(parts) or _nothing(need.cover.nothing, lead, marked)


def _nothing(those: Sequence[Link], lead: Clauses, marked: str) -> str:
    """Say who looked and found nothing."""
    whole = [link for link in those if not link.first]
    if whole:
        return f'<span class="small"{marked}>{conditional_escape(whole[0].reason)}</span>'
    if not those:
        return "\N{EN DASH}"
    read = ", ".join(lead.number(link.first) for link in those)
    word = _("nothing in")
    return f'<span class="small">{word} {read}</span>'
