"""What the pages about standards show, in the reader's language, with the original where it lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stannary.core.kernel import Mark
from stannary.core.standards import (
    Chapter,
    Edition,
    Requirement,
    TranslationState,
    translation_state,
)
from stannary.web.project.templatetags.stannary import disc_svg, mark
from stannary.web.standards import queries, search, tag_words


@dataclass(frozen=True, slots=True)
class Book:
    """An edition as it was written and as it is shown."""

    original: Edition
    shown: Edition
    language: str

    @property
    def address(self) -> str:
        """Where its page is."""
        one = self.original
        return reverse("standards:edition", args=[one.publisher, one.standard, one.edition])

    @property
    def api(self) -> str:
        """Where programs read it."""
        return f"/api/v1/standards/{self.original.id}"

    @property
    def requirements(self) -> int:
        """How many requirements are here."""
        return len(self.original.requirements)

    @property
    def critical(self) -> int:
        """How many of them are critical."""
        return sum(one.critical for one in self.original.requirements)

    @property
    def requirements_in_all(self) -> str:
        """How many the standard has where not all are here; empty when all are, or unknown."""
        return self._in_all("requirement_count_total")

    @property
    def critical_in_all(self) -> str:
        """How many critical ones the standard has where not all are here."""
        return self._in_all("critical_count")

    def _in_all(self, name: str) -> str:
        parameter = self.original.parameters.get(name)
        if self.original.requirements_complete or parameter is None:
            return ""
        value = parameter.on(self.original.in_force_from).value
        return "" if value is None else str(value)

    def text(self, shown: str, original: str) -> SafeString:
        """Show a text; one that is not translated says which language it is in."""
        if shown and shown == original and self.language != self.original.language:
            return format_html('<span lang="{}">{}</span>', self.original.language, shown)
        return conditional_escape(shown)

    def foreign(self, original: str) -> SafeString:
        """Show a text that packs never translate."""
        return self.text(original, original)

    @property
    def title(self) -> SafeString:
        """Its title."""
        return self.text(self.shown.title, self.original.title)

    @property
    def summary(self) -> SafeString:
        """Its summary."""
        return self.text(self.shown.summary, self.original.summary)

    @property
    def licence(self) -> SafeString:
        """Its licence, as the pack says."""
        return self.foreign(self.original.licence)

    def caution(self, requirement_id: str) -> SafeString:
        """Say that a requirement is not translated, or that its original was changed since."""
        state = translation_state(self.original, requirement_id, self.language)
        address = f"{self.address}{requirement_id}/#original"
        if state is TranslationState.STALE:
            return format_html(
                '<p class="small stale"><span class="tag">{}</span> <a href="{}">{}</a></p>',
                _("The original was changed after this translation."),
                address,
                _("Read the original"),
            )
        if state is TranslationState.MISSING:
            return format_html(
                '<p class="small">{}</p>', _("Not translated: what stands here is the original.")
            )
        return SafeString("")

    def title_of(self, one: Requirement) -> SafeString:
        """Title of a requirement, by its original."""
        return self.text(self.shown.requirement_by_id[one.id].title, one.title)

    def chapter_title(self, one: Chapter) -> SafeString:
        """Title of a chapter, by its original."""
        return self.text(self.shown.chapter_by_id[one.id].title, one.title)


def doubt(code: Mark) -> dict[str, str]:
    """Say how sure we are; what an author chose for their own standard needs no tag."""
    said = mark(code)
    return said if code is not Mark.OWN else {**said, "shown": ""}


def counts(requirements: Iterable[Requirement]) -> dict[str, object]:
    """Say how many requirements there are, and how many of them are critical."""
    those = list(requirements)
    critical = sum(one.critical for one in those)
    number = len(those)
    text = ngettext("%(n)s requirement", "%(n)s requirements", number) % {"n": number}
    return {
        "number": number,
        "critical": critical,
        "text": text if number else _("no requirement known here"),
        "critical_text": ngettext("%(n)s critical", "%(n)s critical", critical) % {"n": critical},
    }


def tree(book: Book) -> list[dict[str, object]]:
    """Give principles with their chapters, and the requirements of each as a ready list."""
    by_chapter = book.original.requirements_by_chapter
    found: list[dict[str, object]] = []
    for principle, shown in zip(book.original.principles, book.shown.principles, strict=True):
        chapters = [one for one in book.original.chapters if one.principle == principle.id]
        found.append(
            {
                "id": principle.id,
                "title": book.text(shown.title, principle.title),
                "mark": doubt(principle.mark),
                "counts": counts(one for chapter in chapters for one in by_chapter[chapter.id]),
                "chapters": [
                    {
                        "id": chapter.id,
                        "title": book.chapter_title(chapter),
                        "address": f"{book.address}{chapter.id}/",
                        "mark": doubt(chapter.mark),
                        "counts": counts(by_chapter[chapter.id]),
                        "requirements": requirement_links(book, by_chapter[chapter.id]),
                    }
                    for chapter in chapters
                ],
            }
        )
    return found


def requirement_links(book: Book, requirements: Iterable[Requirement]) -> SafeString:
    """Build the list of requirements as links; hundreds of them, so not through a template."""
    critical = format_html(' <span class="critical">{}</span>', _("critical"))
    stale = format_html(' <span class="tag">{}</span>', _("original changed"))
    overtaken = queries.overtaken(book.original, book.language)
    address = conditional_escape(book.address)
    return mark_safe(  # noqa: S308 - ids and titles are escaped here
        "".join(
            f'<li><a href="{address}{conditional_escape(one.id)}/"><span class="id">{conditional_escape(one.id)}</span> '
            f"{book.title_of(one)}</a>{critical if one.critical else ''}{stale if one.id in overtaken else ''}</li>"
            for one in requirements
        )
    )


def levels(book: Book) -> list[dict[str, object]]:
    """Give the levels, lowest first, each with its disc and what it means."""
    pairs = zip(book.original.levels, book.shown.levels, strict=True)
    return [
        {
            "code": one.code,
            "disc": disc_svg(min(place, 4)),
            "title": book.text(shown.title, one.title),
            "summary": book.text(shown.summary, one.summary),
        }
        for place, (one, shown) in enumerate(pairs, start=1)
    ]


def chapter(book: Book, chapter_id: str) -> dict[str, object]:
    """Give a chapter with its sections and requirements, and its neighbours."""
    chapters = book.original.chapters
    place = next(n for n, one in enumerate(chapters) if one.id == chapter_id)
    here = chapters[place]
    requirements = book.original.requirements_by_chapter[chapter_id]
    shown = {section.id: section.title for section in book.shown.chapter_by_id[here.id].sections}
    titles = {section.id: book.text(shown[section.id], section.title) for section in here.sections}
    sections: dict[str, list[dict[str, object]]] = {}
    for one in requirements:
        sections.setdefault(one.section, []).append(_entry(book, one))
    principle = next(
        n for n, one in enumerate(book.original.principles) if one.id == here.principle
    )
    return {
        "book": book,
        "chapter": here,
        "title": book.chapter_title(here),
        "plain_title": book.shown.chapter_by_id[chapter_id].title,
        "mark": doubt(here.mark),
        "principle": book.text(
            book.shown.principles[principle].title, book.original.principles[principle].title
        ),
        "counts": counts(requirements),
        "sections": [
            {"id": name, "title": titles.get(name, ""), "requirements": those}
            for name, those in sections.items()
        ],
        "before": _neighbour(book, chapters, place - 1),
        "after": _neighbour(book, chapters, place + 1),
    }


def _entry(book: Book, one: Requirement) -> dict[str, object]:
    demand = book.shown.requirement_by_id[one.id].demand
    return {
        "id": one.id,
        "address": f"{book.address}{one.id}/",
        "title": book.title_of(one),
        "critical": one.critical,
        "demand": book.text(demand, one.demand),
        "caution": book.caution(one.id),
        "applies": book.foreign(one.applies),
        "mark": doubt(one.mark),
    }


def requirement(book: Book, requirement_id: str) -> dict[str, object]:
    """Give a requirement with all that is known of it, and its neighbours."""
    requirements = book.original.requirements
    place = next(n for n, one in enumerate(requirements) if one.id == requirement_id)
    one = requirements[place]
    shown = book.shown.requirement_by_id[requirement_id]
    here = book.original.chapter_by_id[one.chapter]
    said = book.original.translations.get(book.language)
    translated = bool(said and requirement_id in said.requirement_demands)
    return {
        "book": book,
        "requirement": one,
        "title": book.title_of(one),
        "plain_title": shown.title,
        "demand": book.text(shown.demand, one.demand),
        "translated": translated,
        "lacking": book.language != book.original.language and not translated,
        "stale": requirement_id in queries.overtaken(book.original, book.language),
        "original": one.demand if translated else "",
        "original_title": one.title if translated else "",
        "applies": book.foreign(one.applies),
        "why": book.foreign(one.why),
        "evidence": book.foreign(one.evidence),
        "interview": book.foreign(one.interview),
        "tags": [tag for tag in map(tag_words.explain, one.tags) if tag is not None],
        "source": book.foreign(one.source),
        "mark": doubt(one.mark),
        "chapter": here,
        "chapter_title": book.chapter_title(here),
        "chapter_address": f"{book.address}{here.id}/",
        "before": _neighbour(book, requirements, place - 1),
        "after": _neighbour(book, requirements, place + 1),
    }


def _neighbour(
    book: Book, those: tuple[Requirement, ...] | tuple[Chapter, ...], place: int
) -> dict[str, object] | None:
    if not 0 <= place < len(those):
        return None
    one = those[place]
    title = book.title_of(one) if isinstance(one, Requirement) else book.chapter_title(one)
    return {"id": one.id, "title": title, "address": f"{book.address}{one.id}/"}


def found(book: Book, ids: Iterable[str], query: str) -> SafeString:
    """Build the list of what a search found, with the words marked."""
    critical = format_html(' <span class="critical">{}</span>', _("critical"))
    parts = []
    for requirement_id in ids:
        one = book.original.requirement_by_id[requirement_id]
        shown = book.shown.requirement_by_id[requirement_id]
        title, demand = search.marked(shown.title, query), search.marked(shown.demand, query)
        parts.append(
            f'<li><a href="{conditional_escape(book.address)}{conditional_escape(one.id)}/">'
            f'<span class="id">{conditional_escape(one.id)}</span> {title}</a>{critical if one.critical else ""}'
            f"<p>{demand}</p>{book.caution(one.id)}{'' if '<mark>' in title + demand else _elsewhere(book, one.id, query)}</li>"
        )
    return mark_safe("".join(parts))  # noqa: S308 - ids are escaped, texts by `marked`


def _elsewhere(book: Book, requirement_id: str, query: str) -> str:
    """Show the text in which the words were found, when that is in another language."""
    one = book.original.requirement_by_id[requirement_id]
    texts = {book.original.language: f"{one.title}. {one.demand}"}
    for language, said in book.original.translations.items():
        title = said.requirement_titles.get(requirement_id, "")
        texts[language] = f"{title}. {said.requirement_demands.get(requirement_id, '')}"
    for language, text in texts.items():
        marked = search.marked(text, query)
        if language != book.language and "<mark>" in marked:
            return f'<p class="small" lang="{conditional_escape(language)}">{marked}</p>'
    asked = search.marked(one.interview, query)
    if "<mark>" not in asked:
        return ""
    label = conditional_escape(_("To ask the people concerned:"))
    language = conditional_escape(book.original.language)
    return f'<p class="small">{label} <q lang="{language}">{asked}</q></p>'


def share_words(share: Fraction) -> str:
    """Say a threshold as percent, without a decimal that says nothing."""
    hundred = share * 100
    return f"{hundred.numerator}\N{NO-BREAK SPACE}%" if hundred.denominator == 1 else str(share)
