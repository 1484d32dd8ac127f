"""The requirements of a result as table rows, built in Python: hundreds in a few milliseconds."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stannary.core.standards import Rating
from stannary.web.assessments import words
from stannary.web.project.tongues import lang_of, said
from stannary.web.publications.pages import RATINGS, Line

SHOWN_LINK = 70
WEAK = (Rating.NOT_MET, Rating.PENDING)


class Labels:
    """The words of the rows, looked up once for a page."""

    def __init__(self, base: str) -> None:
        self.base = escape(base)
        self.critical = escape(gettext("critical"))
        self.rating = escape(gettext("Rating"))
        self.reason = escape(gettext("Reason"))
        self.none = escape(gettext("No reason was given."))
        self.site = escape(gettext("Site:"))
        self.ruling = escape(gettext("A ruling made it so."))
        self.words = {rating: escape(words.rating_word(rating)) for rating in RATINGS}


def rows(lines: Iterable[Line], labels: Labels) -> SafeString:
    """Build the rows of a table body; every text is escaped here.

    Evidence opens away from here and gets no credit from search engines (rel).
    """
    built = [_row(line, labels) for line in lines]
    return mark_safe("".join(built))  # noqa: S308 - every part is escaped in `_row`


def _row(line: Line, labels: Labels) -> str:
    verdict = line.verdict
    name = escape(verdict.requirement)
    critical = f' <span class="critical">{labels.critical}</span>' if verdict.critical else ""
    weak = ' class="weak"' if verdict.rating in WEAK else ""
    reason = escape(verdict.reason).replace("\n", "<br>")
    lang = lang_of(verdict.reason)
    shown = f"<p{lang}>{reason}</p>" if reason else f'<p class="small">{labels.none}</p>'
    if not reason and verdict.rating in (Rating.FULLY, Rating.PENDING):
        shown = ""
    links = "".join(f"<li>{evidence_link(address)}</li>" for address in verdict.evidence)
    evidence = f'<ul class="evidence">{links}</ul>' if links else ""
    own = ""
    if verdict.site is not None:
        own_word = said(verdict.site.reason)
        same = " same" if verdict.site.rating is verdict.rating else ""
        rated = labels.words[verdict.site.rating]
        own = f'<p class="own{same}">{labels.site} <b>{rated}</b>. {own_word}</p>'
    ruled = f'<p class="small">{labels.ruling}</p>' if verdict.ruling is not None else ""
    return (
        f'<tr id="r-{name}"><th scope="row"><a href="{labels.base}{quote(verdict.requirement)}/">{name}</a>'
        f"{critical}<br><span>{escape(line.title)}</span></th>"
        f'<td data-label="{labels.rating}"><strong{weak}>{labels.words[verdict.rating]}</strong></td>'
        f'<td class="why">{shown}{ruled}{evidence}{own}</td></tr>'
    )


def evidence_link(address: str) -> str:
    """Link to a piece of evidence; an address that is none of the web stays text."""
    text = address if len(address) <= SHOWN_LINK else address[: SHOWN_LINK - 1] + "…"
    safe = address.startswith(("https://", "http://"))
    if not safe:
        return escape(text)
    return f'<a href="{escape(address)}" rel="nofollow noopener noreferrer">{escape(text)}</a>'
