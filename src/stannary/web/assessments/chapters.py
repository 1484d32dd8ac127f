"""What the rating page shows: one chapter or the part of it that fits, or a list to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stannary.core.scores import Tally
from stannary.core.standards import Chapter, Edition, Rating, Requirement
from stannary.web.assessments import words
from stannary.web.assessments.beside import Beside
from stannary.web.assessments.matrix import Part, parts
from stannary.web.assessments.queries import Standing
from stannary.web.assessments.records import Newest
from stannary.web.project.templatetags.stannary import percent

LIST_ROWS = 100
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the rating page asks for.

    Attributes:
        chapter: Id of the chapter to rate; empty or unknown: where there is something left.
        at: Id of the requirement to rate; its chapter, and the part of it, are shown.
        find: A number, or words; with `everything` or a filter it asks for the list.
        pending: Only those that are not rated.
        critical: Only critical ones.
        everything: Whether the list was asked for, even without filters.
        page: Of the list; nonsense is the first.
    """

    chapter: str
    at: str
    find: str
    pending: bool
    critical: bool
    everything: bool
    page: str

    @property
    def is_list(self) -> bool:
        """Whether a list to choose from is asked for."""
        return self.everything or self.pending or self.critical

    @property
    def query(self) -> str:
        """Write the filters of the list as part of an address, without the page."""
        said = {"find": self.find}
        if self.pending:
            said["pending"] = "1"
        if self.critical:
            said["critical"] = "1"
        return urlencode(said)


def asked(data: QueryDict) -> Asked:
    """Read what is asked for."""
    return Asked(
        chapter=data.get("chapter", ""),
        at=data.get("at", ""),
        find=" ".join(data.get("find", "")[:LONGEST_SEARCH].split()),
        pending="pending" in data,
        critical="critical" in data,
        everything="find" in data,
        page=data.get("page", ""),
    )


def named(edition: Edition, find: str) -> str:
    """Give the address of what a search names by its number; empty if it names nothing."""
    number = find.rstrip(".")
    if number in edition.requirement_by_id:
        return address_of(number)
    return f"?chapter={number}" if number in edition.chapter_by_id else ""


def address_of(requirement_id: str) -> str:
    """Give the address of a requirement's row, relative to the rating page."""
    return f"?at={requirement_id}#r-{requirement_id}"


@dataclass(frozen=True, slots=True)
class Shown:
    """The chapter that a page shows, in parts, and which of them it is.

    Attributes:
        chapter: Its id.
        parts: Empty if the chapter has no requirements.
        place: Of the part that is shown, from 0.
        troubles: How many rows that were sent are not saved.
    """

    chapter: str
    parts: tuple[Part, ...]
    place: int
    troubles: int = 0

    @property
    def part(self) -> Part | None:
        """The part that is shown; None if there is none."""
        return self.parts[self.place] if self.parts else None


def shown(now: Standing, edition: Edition, those: Asked, beside: Beside | None = None) -> Shown:
    """Give the part of a chapter that was asked for, its rows in the edition's language."""
    chapter = chapter_asked_for(now, those)
    cut = parts(edition.requirements_by_chapter.get(chapter.id, ()), now.newest, beside)
    held = [n for n, part in enumerate(cut) if those.at in {x.id for x in part.requirements}]
    return Shown(chapter.id, cut, held[0] if held else 0)


def address_from(edition: Edition, first: str) -> str:
    """Give the address of the page that begins with a requirement; empty if there is none."""
    if not first:
        return ""
    chapter = edition.requirement_by_id[first].chapter
    begins = edition.requirements_by_chapter[chapter][0].id == first
    return f"?chapter={chapter}" if begins else f"?at={first}"


@dataclass(frozen=True, slots=True)
class Link:
    """Another page of the standard; `current` where it is the one shown."""

    address: str
    words: str
    current: bool = False


def addresses_of_parts(edition: Edition, those: Shown) -> tuple[Link, ...]:
    """Give the parts of a chapter that is cut; nothing for one that is whole."""
    if len(those.parts) < 2:
        return ()
    return tuple(_to_part(edition, part, current=part is those.part) for part in those.parts)


def _to_part(edition: Edition, part: Part, *, current: bool = False) -> Link:
    return Link(address_from(edition, part.first), f"{part.first} – {part.last}", current)


def neighbour(edition: Edition, those: Shown, step: int) -> Link | None:
    """Give the part before (-1) or after (1), else the chapter there; None at either end."""
    place = those.place + step
    if 0 <= place < len(those.parts):
        return _to_part(edition, those.parts[place])
    filled = [
        x
        for x in edition.chapters
        if edition.requirements_by_chapter.get(x.id) or x.id == those.chapter
    ]
    place = [x.id for x in filled].index(those.chapter) + step
    if not 0 <= place < len(filled):
        return None
    return Link(f"?chapter={filled[place].id}", f"{filled[place].id} {filled[place].title}")


def chapter_asked_for(now: Standing, those: Asked) -> Chapter:
    """Give the chapter to rate: the one asked for, else the first with something left."""
    edition = now.edition
    requirement = edition.requirement_by_id.get(those.at)
    name = requirement.chapter if requirement else those.chapter
    if name in edition.chapter_by_id:
        return edition.chapter_by_id[name]
    filled = [x for x in edition.chapters if edition.requirements_by_chapter.get(x.id)]
    left = {tally.id for tally in now.score.chapters if tally.pending}
    return next((x for x in filled if x.id in left), (filled or edition.chapters)[0])


def found(now: Standing, edition: Edition, those: Asked) -> list[Requirement]:
    """Give the requirements that a search and its filters leave, in the edition's order.

    Args:
        now: The standing, for what is not rated.
        edition: In the language of the reader: its words are searched.
        those: Every word of `find` must stand in number, title or demand.
    """
    terms = those.find.casefold().split()
    return [
        one
        for one in edition.requirements
        if (one.critical or not those.critical)
        and (is_pending(now.newest, one.id) or not those.pending)
        and _speaks_of(one, terms)
    ]


def _speaks_of(one: Requirement, terms: list[str]) -> bool:
    if not terms:
        return True
    text = f"{one.title} {one.demand}".casefold()
    return all(term in text or one.id.startswith(term) for term in terms)


def is_pending(newest: Mapping[str, Newest], requirement_id: str) -> bool:
    """Tell whether a requirement is not rated."""
    there = newest.get(requirement_id)
    return there is None or there.rating == Rating.PENDING


def left_after(now: Standing, shown: tuple[Requirement, ...]) -> str:
    """Give the next requirement that is not rated and not shown, from the start again at the end."""
    names = [one.id for one in now.edition.requirements]
    place = names.index(shown[-1].id) + 1 if shown else 0
    here = {one.id for one in shown}
    ahead = (x for x in (*names[place:], *names[:place]) if x not in here)
    return next((x for x in ahead if is_pending(now.newest, x)), "")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a chapter is.

    Attributes:
        tally: Points and counts of the chapter.
        critical_open: How many critical requirements are not rated.
        critical_unmet: How many are rated below substantially.
    """

    tally: Tally
    critical_open: int
    critical_unmet: int

    @property
    def html(self) -> SafeString:
        """Say it in a line: rated of all, share of the points, and what is critical."""
        tally = self.tally
        done = tally.rated + tally.not_relevant
        facts = {"done": done, "all": done + tally.pending}
        rated = gettext("%(done)s of %(all)s rated") % facts
        said = [f"<span>{escape(rated)}</span>"]
        if tally.share is not None:
            said.append(f"<span>{escape(percent(tally.share))}</span>")
        if tally.pending:
            text = gettext("%(count)s open") % {"count": tally.pending}
            said.append(f'<span class="tag">{escape(text)}</span>')
        for count, text in (
            (self.critical_open, gettext("critical: %(count)s open")),
            (self.critical_unmet, gettext("critical: %(count)s unmet")),
        ):
            if count:
                said.append(f'<span class="critical">{escape(text % {"count": count})}</span>')
        return mark_safe(" ".join(said))  # noqa: S308 - every part is escaped above


def progress(now: Standing) -> dict[str, Progress]:
    """Say of every chapter how far it is, in the edition's order."""
    by_id = now.edition.requirement_by_id
    unmet = [by_id[name].chapter for name in now.score.critical.unmet]
    left = [
        one.chapter
        for one in now.edition.requirements
        if one.critical and is_pending(now.newest, one.id)
    ]
    return {
        tally.id: Progress(tally, left.count(tally.id), unmet.count(tally.id))
        for tally in now.score.chapters
    }


def index(edition: Edition, said: Mapping[str, Progress], current: str) -> SafeString:
    """Build the items of the index of chapters; every text is escaped here."""
    return mark_safe(  # noqa: S308 - numbers are checked by the pack, titles escaped here
        "".join(
            f'<li><a href="?chapter={one.id}"{_CURRENT if one.id == current else ""}>'
            f'<span class="num">{one.id}</span> <span class="name">{escape(one.title)}</span> '
            f'<span class="tally" data-tally="{one.id}">{said[one.id].html}</span></a></li>'
            for one in edition.chapters
        )
    )


_CURRENT = ' aria-current="page"'


def list_rows(requirements: list[Requirement], newest: Mapping[str, Newest]) -> SafeString:
    """Build the rows of the list; every text is escaped here."""
    word = escape(gettext("critical"))
    critical = f' <span class="critical">{word}</span>'
    label = escape(gettext("Rating"))
    built = []
    for one in requirements:
        there = newest.get(one.id)
        word = escape(words.rating_word(there.rating if there else Rating.PENDING))
        open_ = is_pending(newest, one.id)
        built.append(
            f'<tr><th scope="row"><a href="{address_of(one.id)}"><span class="num">{one.id}</span> '
            f"{escape(one.title)}</a>{critical if one.critical else ''}</th>"
            f'<td data-label="{label}">{f"<strong>{word}</strong>" if open_ else word}</td></tr>'
        )
    return mark_safe("".join(built))  # noqa: S308 - every part is escaped above
