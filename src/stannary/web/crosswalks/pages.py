"""What the page of a crosswalk shows: counts by chapter, judgements, and what nobody has examined."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stannary.core.crosswalks import Crosswalk, Link, Relation, around
from stannary.core.standards import Edition, Requirement
from stannary.web.crosswalks import html, words
from stannary.web.crosswalks.html import Clauses
from stannary.web.crosswalks.queries import Entry
from stannary.web.project.templatetags.stannary import day
from stannary.web.standards.pages import Book

UNEXAMINED = "unexamined"


@dataclass(frozen=True)
class Sides:
    """Which requirements of both editions judgements reach, themselves or by their chapter.

    Attributes:
        first, second: Requirement to "linked", "none" (examined against all of the other side)
            or "unexamined".
    """

    crosswalk: Crosswalk
    editions: tuple[Edition, Edition]

    @cached_property
    def first(self) -> dict[str, str]:
        """Of the first edition."""
        links = self.crosswalk.links
        linked = {link.first for link in links if link.first and not link.finds_nothing}
        none = {link.first for link in links if link.first and not link.second}
        return _standing(self.editions[0].requirements, linked, none)

    @cached_property
    def second(self) -> dict[str, str]:
        """Of the second edition."""
        links = self.crosswalk.links
        linked = {link.second for link in links if link.second and not link.finds_nothing}
        none = {link.second for link in links if link.second and not link.first}
        return _standing(self.editions[1].requirements, linked, none)


def _standing(
    requirements: Iterable[Requirement], linked: set[str], none: set[str]
) -> dict[str, str]:
    found = {}
    for one in requirements:
        clauses = around(one.id)
        is_linked = not linked.isdisjoint(clauses)
        is_none = not none.isdisjoint(clauses)
        found[one.id] = "linked" if is_linked else "none" if is_none else UNEXAMINED
    return found


def summary(entry: Entry, first: Book, second: Book) -> dict[str, object]:
    """Give what a list says of a crosswalk."""
    crosswalk = entry.crosswalk
    sides = Sides(crosswalk, (first.original, second.original))
    relations = Counter(link.relation for link in crosswalk.links)
    return {
        "name": entry.name,
        "address": html.crosswalk_address(entry.name),
        "crosswalk": crosswalk,
        "sha256": entry.sha256,
        "marked": language_of(crosswalk.language, first.language),
        "first": first,
        "second": second,
        "judgements": len(crosswalk.links),
        "relations": [(one, words.RELATIONS[one], relations[one]) for one in Relation],
        "unexamined_first": Counter(sides.first.values())[UNEXAMINED],
        "unexamined_second": Counter(sides.second.values())[UNEXAMINED],
        "sides": sides,
    }


def chapters(sides: Sides, clauses: Clauses, asked: QueryDict) -> SafeString:
    """Build the rows that count each chapter of the first edition."""
    labels = (_("requirements"), _("with a counterpart"), _("examined: none"), _("not examined"))
    found = []
    for chapter in clauses.book.original.chapters:
        those = clauses.book.original.requirements_by_chapter[chapter.id]
        counts = Counter(sides.first[one.id] for one in those)
        numbers = (len(those), counts["linked"], counts["none"], counts[UNEXAMINED])
        here = html.with_query(asked, chapter=chapter.id, relation="")
        heading = (
            f'<a href="{conditional_escape(here)}#judgements"><span class="id">{conditional_escape(chapter.id)}'
            f"</span> {clauses.title(chapter.id)}</a>"
        )
        cells = [(label, "n", str(number)) for label, number in zip(labels, numbers, strict=True)]
        found.append(html.row(heading, cells))
    return html.joined(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a crosswalk is asked for; "" for all.

    Attributes:
        relation: A relation, or "unexamined".
        chapter: A chapter of the first edition.
    """

    relation: str
    chapter: str

    @classmethod
    def read(cls, asked: QueryDict, first: Edition) -> "Asked":
        """Read the parameters of the address; what there is not, is all."""
        relation = asked.get("relation", "")
        chapter = asked.get("chapter", "")
        known = (*(str(one) for one in Relation), UNEXAMINED)
        return cls(
            relation if relation in known else "", chapter if chapter in first.chapter_by_id else ""
        )

    def links(self, crosswalk: Crosswalk) -> list[Link]:
        """Give the judgements asked for, in the order of the crosswalk."""
        return [
            link
            for link in crosswalk.links
            if self.relation in ("", link.relation)
            and (not self.chapter or around(link.first)[-1:] == (self.chapter,))
        ]

    def unexamined(self, sides: Sides) -> list[tuple[int, str]]:
        """Give the requirements that nobody has examined: 0 or 1 for the edition, and the id."""
        first = [
            (0, name)
            for name, standing in sides.first.items()
            if standing == UNEXAMINED and self.chapter in ("", around(name)[-1])
        ]
        second = [(1, name) for name, standing in sides.second.items() if standing == UNEXAMINED]
        return first if self.chapter else first + second


def judgement_rows(
    links: Iterable[Link], first: Clauses, second: Clauses, *, marked: str
) -> SafeString:
    """Build the rows of judgements; `marked` is what `language_of` gives for their reasons."""
    names = tuple(conditional_escape(one.book.original.short_title) for one in (first, second))
    labels = (
        str(conditional_escape(_("relation"))),
        str(names[1]),
        _("shows of %(standard)s") % {"standard": names[1]},
        _("shows of %(standard)s") % {"standard": names[0]},
    )
    return html.joined(_row(link, first, second, labels, marked) for link in links)


def _row(link: Link, first: Clauses, second: Clauses, labels: tuple[str, ...], marked: str) -> str:
    word, one_way = _("nothing: examined against all of it"), _("one way")
    nothing = f'<span class="small">{word}</span>'
    relation = conditional_escape(words.RELATIONS[link.relation])
    forward = ""
    if link.direction == "forward":
        forward = f' <span class="tag">{one_way}</span>'
    who = conditional_escape(f"{link.reviewer}, {day(link.reviewed_on)}")
    return html.row(
        first.link(link.first) if link.first else nothing,
        [
            (labels[0], f"rel {link.relation}", f"{relation}{forward}"),
            (labels[1], "", second.link(link.second) if link.second else nothing),
            (labels[2], "n", html.coverage(link.coverage)),
            (labels[3], "n", html.coverage(link.coverage_back)),
            ("", "why", f'<span{marked}>{conditional_escape(link.reason)}</span> <span class="small">{who}</span>'),
        ],
    )  # fmt: skip


def unexamined_rows(
    those: Iterable[tuple[int, str]], first: Clauses, second: Clauses
) -> SafeString:
    """Build the list of requirements that nobody has examined."""
    found = []
    for side, name in those:
        clauses = (first, second)[side]
        standard = conditional_escape(clauses.book.original.short_title)
        found.append(f'<li>{clauses.link(name)} <span class="small">{standard}</span></li>')
    return html.joined(found)


def language_of(written: str, language: str) -> SafeString:
    """Give the attribute that marks a text which is not in the reader's language."""
    same = written in (language, "und")
    return SafeString("") if same else format_html(' lang="{}"', written)
