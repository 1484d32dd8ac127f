"""Two results of a site beside each other: what became of every verdict, and of the level."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from html import escape
from itertools import groupby
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from stannary.core.assessments.comparison import Change, Comparison, compare
from stannary.core.kernel import RefusalError
from stannary.core.publications import PublishedResult as Result
from stannary.core.publications import Redline, VerdictChange, redline
from stannary.core.publications.results import PublishedVerdict
from stannary.core.scores import LevelOutcome
from stannary.core.standards import Edition
from stannary.core.standards.transitions import Transition
from stannary.web.assessments import words
from stannary.web.project import tongues
from stannary.web.publications import records
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.table import evidence_link
from stannary.web.standards import queries as standards

WORDS = {
    Change.BETTER: gettext_lazy("better"),
    Change.WORSE: gettext_lazy("worse"),
    Change.SAME: gettext_lazy("the same rating, said otherwise"),
    Change.RELEVANCE: gettext_lazy("relevance changed"),
    Change.UNRATED: pgettext_lazy("change", "rated, or no longer rated"),
    Change.NOT_COMPARABLE: gettext_lazy("not comparable"),
}
ALIKE = 0.5
"""Share of words that two texts have in common, below which one replaces the other as a whole."""
WORD_BY_WORD_MAX = 40_000
"""Words of one text times words of the other, above which a text is replaced as a whole."""


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a principle or chapter in both results, with its title."""

    id: str
    title: str
    before: Fraction | None
    after: Fraction | None

    @property
    def changed(self) -> bool:
        """Whether they differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Changes:
    """Two results, ready to be shown.

    Attributes:
        before: The older row.
        after: The newer one.
        redline: What differs.
        edition: Of the newer one, in the reader's language.
        levels: Of both.
        principles: Shares of all.
        chapters: Shares of those that differ.
        counts: How many verdicts differ in which way, only those that occur.
    """

    before: PublishedResult
    after: PublishedResult
    redline: Redline
    edition: Edition
    levels: tuple[LevelOutcome, LevelOutcome]
    principles: tuple[Share, ...]
    chapters: tuple[Share, ...]
    counts: tuple[tuple[str, int], ...]


def redline_of(before: PublishedResult, after: PublishedResult) -> Redline:
    """Lay two results beside each other, along the transition where their editions differ."""
    comparison = comparison_of(before, after)
    return redline(records.result_of(before), records.result_of(after), comparison)


def comparison_of(
    before: PublishedResult, after: PublishedResult, *, edition: Edition | None = None
) -> Comparison:
    """Compare the ratings of two results.

    Args:
        before: The older one.
        after: The newer one.
        edition: Of the newer one, in any language; None: it is looked up.
    """
    one, other = records.result_of(before), records.result_of(after)
    new = edition or standards.edition(other.standard)
    old = new if one.standard == other.standard else standards.edition(one.standard)
    return compare(
        records.sheet_of(one, old),
        records.sheet_of(other, new),
        _transition(one.standard, other.standard),
    )


def changes(before: PublishedResult, after: PublishedResult) -> Changes:
    """Gather what is shown of two results."""
    found = redline_of(before, after)
    edition = words.here(standards.edition(found.after.standard))
    principles = {one.id: one.title for one in edition.principles}
    titles = {one.id: one.title for one in edition.chapters}
    counted = [(str(WORDS[kind]), found.count(kind)) for kind in WORDS]
    chapters = [
        Share(one.id, titles.get(one.id, ""), _fraction(one.before), _fraction(one.after))
        for one in found.chapters
    ]
    return Changes(
        before=before,
        after=after,
        redline=found,
        edition=edition,
        levels=(level_of(found.before), level_of(found.after)),
        principles=tuple(
            Share(one.id, principles.get(one.id, ""), _fraction(one.before), _fraction(one.after))
            for one in found.principles
        ),
        chapters=tuple(one for one in chapters if one.changed),
        counts=tuple((word, count) for word, count in counted if count),
    )


def level_of(result: Result) -> LevelOutcome:
    """Give the level of a published result as an outcome."""
    level = result.score.get("level")
    ceiling = level.get("ceiling") if isinstance(level, dict) else None
    if result.level_state == "determined":
        return LevelOutcome(result.level, "determined")
    if result.level_state == "pending":
        return LevelOutcome(None, "pending", result.floor, ceiling)
    return LevelOutcome(None, "none")


def _transition(before: str, after: str) -> Transition | None:
    if before == after:
        return None
    try:
        return standards.transition(before, after).transition
    except RefusalError:
        return None


def _fraction(share: str | None) -> Fraction | None:
    return None if share is None else Fraction(share)


class Labels:
    """The words of the rows, looked up once for a page."""

    def __init__(self, edition: Edition, base: str) -> None:
        self.base = escape(base)
        self.titles = {one.id: one.title for one in edition.requirements}
        here = get_language() or tongues.USUAL
        self.lang = "" if here == tongues.USUAL else f' lang="{here}"'
        self.removed = escape(gettext("Removed:"))
        self.added = escape(gettext("Added:"))
        self.change = escape(gettext("Change"))
        self.before = escape(gettext("Before"))
        self.after = escape(gettext("After"))
        self.none = escape(gettext("was not asked"))
        self.no_more = escape(gettext("is no more"))
        self.site = escape(gettext("The site rated itself:"))
        self.ruling = escape(gettext("A ruling made it so."))
        self.kinds = {kind: escape(str(word)) for kind, word in WORDS.items()}

    def rating(self, verdict: PublishedVerdict) -> str:
        """Word a rating."""
        return escape(words.rating_word(verdict.rating))


def groups(those: Changes, base: str) -> Iterator[tuple[str, str, SafeString]]:
    """Give chapter, title and rows of verdicts that differ, in order."""
    labels = Labels(those.edition, base)
    titles = {one.id: one.title for one in those.edition.chapters}
    for chapter, rows in groupby(those.redline.verdicts, key=_chapter):
        yield chapter, titles.get(chapter, ""), table_rows(rows, labels)


def _chapter(row: VerdictChange) -> str:
    return ".".join(row.requirement.split(".")[:2])


def table_rows(rows: Iterable[VerdictChange], labels: Labels) -> SafeString:
    """Build the rows of a table body; every text is escaped here."""
    return mark_safe("".join(_row(one, labels) for one in rows))  # noqa: S308 - escaped in `_row`


def _row(row: VerdictChange, labels: Labels) -> str:
    name = escape(row.requirement)
    known = row.after or row.before
    title = labels.titles.get(row.requirement, known.title if known is not None else "")
    before, after = _sides(row, labels)
    return (
        f'<tr id="r-{name}"><th scope="row"><a href="{labels.base}{quote(row.requirement)}/">{name}</a>'
        f"<br><span>{escape(title)}</span></th>"
        f'<td data-label="{labels.change}">{labels.kinds[row.change]}</td>'
        f'<td class="why" data-label="{labels.before}">{before}</td>'
        f'<td class="why" data-label="{labels.after}">{after}</td></tr>'
    )


def _sides(row: VerdictChange, labels: Labels) -> tuple[str, str]:
    was, now = row.before, row.after
    if was is None or now is None:
        return (
            f"<p>{labels.none}</p>" if was is None else _whole(was, "del", labels),
            f"<p>{labels.no_more}</p>" if now is None else _whole(now, "ins", labels),
        )
    ratings = labels.rating(was), labels.rating(now)
    old, new = _reasons(was.reason, now.reason, labels)
    left, right = [_strong(ratings[0]), old], [_strong(ratings[1]), new]
    if was.rating is not now.rating:
        left[0] = _strong(_marked("del", ratings[0], labels))
        right[0] = _strong(_marked("ins", ratings[1], labels))
    for parts, one, other, tag in ((left, was, now, "del"), (right, now, was, "ins")):
        parts.extend(_beside(one, other, tag, labels))
    return "".join(left), "".join(right)


def _beside(
    one: PublishedVerdict, other: PublishedVerdict, tag: str, labels: Labels
) -> Iterator[str]:
    """Give what stands with one verdict and not with the other: links, site, ruling."""
    links = [link for link in one.evidence if link not in other.evidence]
    if links:
        items = "".join(f"<li>{_marked(tag, evidence_link(link), labels)}</li>" for link in links)
        yield f'<ul class="evidence">{items}</ul>'
    if one.site is not None and one.site != other.site:
        said = (
            f"{labels.site} {escape(words.rating_word(one.site.rating))}. {_text(one.site.reason)}"
        )
        yield f'<p class="small">{_marked(tag, said, labels)}</p>'
    if one.ruling is not None and one.ruling != other.ruling:
        said = f"{labels.ruling} {_text(one.ruling.reason)}"
        yield f'<p class="small">{_marked(tag, said, labels)}</p>'


def _whole(verdict: PublishedVerdict, tag: str, labels: Labels) -> str:
    reason = f"<p>{_text(verdict.reason)}</p>" if verdict.reason else ""
    return f"{_strong(_marked(tag, labels.rating(verdict), labels))}{reason}"


def _reasons(old: str, new: str, labels: Labels) -> tuple[str, str]:
    """Mark word by word what was taken out of a text and put into it."""
    if old == new:
        same = f"<p>{_text(old)}</p>" if old else ""
        return same, same
    a, b = old.split(), new.split()
    steps = [("replace", 0, len(a), 0, len(b))]
    if len(a) * len(b) <= WORD_BY_WORD_MAX:
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        if matcher.ratio() >= ALIKE:
            steps = list(matcher.get_opcodes())
    left, right = [], []
    for kind, i, j, m, n in steps:
        gone, come = escape(" ".join(a[i:j])), escape(" ".join(b[m:n]))
        if kind == "equal":
            left.append(gone)
            right.append(come)
            continue
        if gone:
            left.append(_marked("del", gone, labels))
        if come:
            right.append(_marked("ins", come, labels))
    return _paragraph(left, old), _paragraph(right, new)


def _paragraph(parts: list[str], whole: str) -> str:
    return f"<p{tongues.lang_of(whole)}>{' '.join(parts)}</p>" if parts else ""


def _marked(tag: str, text: str, labels: Labels) -> str:
    """Mark a text, already escaped, so that it is seen and heard what became of it."""
    said = labels.removed if tag == "del" else labels.added
    return f'<{tag}><span class="visually-hidden"{labels.lang}>{said} </span>{text}</{tag}>'


def _strong(text: str) -> str:
    return f"<strong>{text}</strong>"


def _text(text: str) -> str:
    return tongues.said(text)
