"""What became of each requirement from one edition to the next: summary, list, and side by side."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stannary.core.standards import (
    Edition,
    Move,
    MoveKind,
    TranslationState,
    all_moves,
    translation_state,
)
from stannary.core.standards.differences import PieceKind, redline
from stannary.web.standards.pages import Book
from stannary.web.standards.queries import Crossing, in_language

KINDS: Mapping[MoveKind, Promise] = {
    MoveKind.KEPT: pgettext_lazy("requirement", "kept"),
    MoveKind.RENUMBERED: pgettext_lazy("requirement", "renumbered"),
    MoveKind.REWORDED: pgettext_lazy("requirement", "reworded"),
    MoveKind.SPLIT: pgettext_lazy("requirement", "split"),
    MoveKind.MERGED: pgettext_lazy("requirement", "merged"),
    MoveKind.NEW: pgettext_lazy("requirement", "new"),
    MoveKind.DROPPED: pgettext_lazy("requirement", "dropped"),
}
MEANINGS: Mapping[MoveKind, Promise] = {
    MoveKind.KEPT: gettext_lazy("same number, same demand"),
    MoveKind.RENUMBERED: gettext_lazy("same demand under another number"),
    MoveKind.REWORDED: gettext_lazy("one became one, in other words"),
    MoveKind.SPLIT: gettext_lazy("one became several"),
    MoveKind.MERGED: gettext_lazy("several became one"),
    MoveKind.NEW: gettext_lazy("nothing before it"),
    MoveKind.DROPPED: gettext_lazy("nothing after it"),
}
LEAST_IN_COMMON = 2
"""Words are marked as new only where at least one in so many was there before."""


@dataclass(frozen=True, slots=True)
class Two:
    """Both editions of a transition in the reader's language, and every move, new ones included."""

    before: Book
    after: Book
    crossing: Crossing
    moves: tuple[Move, ...]

    @property
    def address(self) -> str:
        """Where the page of the transition is."""
        return address_of(self.crossing)


def two(crossing: Crossing, before: Book, after: Book) -> Two:
    """Put a transition beside its two editions."""
    return Two(before, after, crossing, all_moves(crossing.transition, crossing.after))


def address_of(crossing: Crossing) -> str:
    """Give the address of a transition's page: below the newer edition."""
    one = crossing.after
    args = [one.publisher, one.standard, one.edition, crossing.before.edition]
    return reverse("standards:transition", args=args)


def chapters_of(those: Two, move: Move) -> tuple[str, ...]:
    """Give the chapters to which a move leads; the old ones for what was dropped."""
    edition, names = (
        (those.crossing.after, move.after) if move.after else (those.crossing.before, move.before)
    )
    return tuple(dict.fromkeys(edition.requirement_by_id[name].chapter for name in names))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many moves there are of a kind."""

    kind: MoveKind
    word: str
    meaning: str
    number: int


def counted(moves: Iterable[Move]) -> list[Counted]:
    """Count the moves by kind, in the order of the kinds; kinds without any are left out."""
    found = Counter(move.kind for move in moves)
    return [
        Counted(kind, str(KINDS[kind]), str(MEANINGS[kind]), found[kind])
        for kind in KINDS
        if found[kind]
    ]


def standing(those: Two) -> dict[str, int]:
    """Count the requirements of the newer edition by what happens to answers."""
    found = {"stand": 0, "again": 0, "new": 0, "dropped": 0}
    for move in those.moves:
        if move.kind is MoveKind.DROPPED:
            found["dropped"] += 1
        elif move.kind is MoveKind.NEW:
            found["new"] += 1
        else:
            found["again" if move.judge_again else "stand"] += len(move.after)
    return found


def by_chapter(those: Two) -> dict[str, list[Move]]:
    """Sort the moves by chapter, in the order of the newer edition, then what only the older had."""
    found: dict[str, list[Move]] = {one.id: [] for one in those.crossing.after.chapters}
    for move in those.moves:
        for chapter in chapters_of(those, move):
            found.setdefault(chapter, []).append(move)
    return {chapter: moves for chapter, moves in found.items() if moves}


def chapter_title(those: Two, chapter: str) -> SafeString:
    """Give the title of a chapter; the older edition's where the newer has none of this number."""
    for book in (those.after, those.before):
        found = book.original.chapter_by_id.get(chapter)
        if found is not None:
            return book.chapter_title(found)
    return SafeString("")


def chapter_rows(those: Two, kinds: Iterable[Counted]) -> SafeString:
    """Build the table of chapters: how many moves of each kind lead there."""
    columns = [one.kind for one in kinds]
    rows = []
    for chapter, moves in by_chapter(those).items():
        found = Counter(move.kind for move in moves)
        numbers = "".join(
            f'<td class="n" data-label="{escape(str(KINDS[kind]))}">{found[kind] or ""}</td>'
            for kind in columns
        )
        rows.append(
            f'<tr><th scope="row"><a href="?chapter={escape(chapter)}"><span class="id">{escape(chapter)}</span> '
            f"{chapter_title(those, chapter)}</a></th>{numbers}</tr>"
        )
    return mark_safe("".join(rows))  # noqa: S308 - numbers of chapters are escaped, titles are safe


def short_rows(those: Two, moves: Iterable[Move]) -> SafeString:
    """Build the rows of a list of moves: kind, before, after, what happens to the answer."""
    labels = [escape(text) for text in (_("Before"), _("After"), _("Answer"))]
    rows = []
    for move in moves:
        chapter = chapters_of(those, move)[0]
        rows.append(
            f'<tr><th scope="row"><a href="?chapter={escape(chapter)}#{anchor(move)}">{escape(str(KINDS[move.kind]))}</a></th>'
            f'<td data-label="{labels[0]}">{_names(those.before, move.before)}</td>'
            f'<td data-label="{labels[1]}">{_names(those.after, move.after)}</td>'
            f'<td data-label="{labels[2]}">{escape(answer_words(move))}</td></tr>'
        )
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped


def answer_words(move: Move) -> str:
    """Say what happens to the answer to the old text."""
    if move.kind is MoveKind.NEW:
        return _("judged for the first time")
    if move.kind is MoveKind.DROPPED:
        return _("goes with it")
    return _("judged again") if move.judge_again else _("stands")


def anchor(move: Move) -> str:
    """Give the name of a move on its page."""
    return f"m{escape((move.after or move.before)[0])}"


def _names(book: Book, names: Iterable[str]) -> str:
    links = []
    for name in names:
        one = book.original.requirement_by_id[name]
        links.append(
            f'<a href="{escape(book.address)}{escape(name)}/"><span class="id">{escape(name)}</span> {book.title_of(one)}</a>'
        )
    return "<br>".join(links) or "–"


def side_by_side(those: Two, moves: Iterable[Move]) -> SafeString:
    """Build the articles of a chapter: both texts, with the words that went and came."""
    return mark_safe("".join(_article(those, move) for move in moves))  # noqa: S308 - escaped below


def _article(those: Two, move: Move) -> str:
    before, after = _texts(those, move)
    sides = "".join(
        f'<div class="{side}"><p class="small side">{escape(label)}</p>{"".join(texts)}</div>'
        for side, label, texts in (
            ("before", those.before.original.short_title, before),
            ("after", those.after.original.short_title, after),
        )
        if texts
    )
    note = f'<p class="small">{those.after.foreign(move.note)}</p>' if move.note else ""
    return (
        f'<article class="move" id="{anchor(move)}"><h2><span class="tag">{escape(str(KINDS[move.kind]))}</span> '
        f'<span class="small">{escape(answer_words(move))}</span></h2>'
        f'<div class="sides">{sides}</div>{note}</article>'
    )


def _texts(those: Two, move: Move) -> tuple[list[str], list[str]]:
    """Give the texts of both sides, in the original where one of them is not translated."""
    pairs = [(those.before, name) for name in move.before]
    pairs += [(those.after, name) for name in move.after]
    missing = any(
        translation_state(book.original, name, book.language) is TranslationState.MISSING
        for book, name in pairs
    )

    def demand(book: Book, name: str) -> str:
        edition: Edition = book.original if missing else book.shown
        return edition.requirement_by_id[name].demand

    old = {name: demand(those.before, name) for name in move.before}
    new = {name: demand(those.after, name) for name in move.after}
    if move.kind in (MoveKind.KEPT, MoveKind.RENUMBERED):
        same = {name: escape(text) for name, text in new.items()}
        return [_head(those.before, name) for name in old], _shown(those.after, same, missing)
    if len(old) == len(new) == 1:
        was, now = _both(next(iter(old.values())), next(iter(new.values())))
        before, after = dict.fromkeys(old, was), dict.fromkeys(new, now)
    else:
        together = " ".join(old.values())
        before = {name: escape(text) for name, text in old.items()}
        after = {name: _both(together, text)[1] for name, text in new.items()}
    return _shown(those.before, before, missing), _shown(those.after, after, missing)


def _shown(book: Book, texts: Mapping[str, str], original: bool) -> list[str]:  # noqa: FBT001 - private, read above
    language = book.original.language
    lang = f' lang="{escape(language)}"' if original and language != book.language else ""
    return [f"{_head(book, name)}<p{lang}>{text}</p>" for name, text in texts.items()]


def _head(book: Book, name: str) -> str:
    one = book.original.requirement_by_id[name]
    critical = f' <span class="critical">{escape(_("critical"))}</span>' if one.critical else ""
    return f'<p class="what">{_names(book, (name,))}{critical}</p>'


def _both(old: str, new: str) -> tuple[str, str]:
    """Mark what went in the old text and what came in the new, where they have enough in common."""
    pieces = redline(old, new)
    same = sum(len(piece.text) for piece in pieces if piece.kind is PieceKind.SAME)
    if same * LEAST_IN_COMMON < len(new):
        return escape(old), escape(new)
    was = [_piece(piece.text, "del", piece.kind) for piece in pieces if piece.kind != "added"]
    now = [_piece(piece.text, "ins", piece.kind) for piece in pieces if piece.kind != "removed"]
    return "".join(was), "".join(now)


def _piece(text: str, element: str, kind: PieceKind) -> str:
    words = text.rstrip()
    if kind is PieceKind.SAME or not words:
        return escape(text)
    return f"<{element}>{escape(words)}</{element}>{text[len(words) :]}"


@dataclass(frozen=True, slots=True)
class Moved:
    """A move seen from one of its requirements; `back` where the other edition is the older one."""

    crossing: Crossing
    move: Move
    back: bool

    @property
    def other(self) -> Edition:
        """The other edition."""
        return self.crossing.before if self.back else self.crossing.after

    @property
    def names(self) -> tuple[str, ...]:
        """Requirements of the other edition."""
        return self.move.before if self.back else self.move.after


def moves_of(crossings: Iterable[Crossing], edition: Edition, requirement: str) -> Iterator[Moved]:
    """Say what a requirement was in the older edition, and what it became in the newer."""
    for crossing in crossings:
        transition = crossing.transition
        if crossing.after.id == edition.id:
            move = next((one for one in transition.moves if requirement in one.after), None)
            new = Move(MoveKind.NEW, (), (requirement,), judge_again=True)
            yield Moved(crossing, move or new, back=True)
        if crossing.before.id == edition.id:
            for move in transition.moves:
                if requirement in move.before:
                    yield Moved(crossing, move, back=False)


def moved_shown(found: Iterable[Moved], language: str) -> list[dict[str, object]]:
    """Give moves for the page of a requirement, in the reader's language."""
    shown: list[dict[str, object]] = []
    for one in found:
        other = Book(one.other, in_language(one.other, language), language)
        shown.append(
            {
                "edition": other.foreign(other.original.short_title),
                "back": one.back,
                "kind": KINDS[one.move.kind],
                "names": mark_safe(_names(other, one.names) if one.names else ""),  # noqa: S308 - escaped there
                "answer": answer_words(one.move),
                "note": other.foreign(one.move.note),
                "address": f"{address_of(one.crossing)}?chapter={_chapter(one)}#{anchor(one.move)}",
            }
        )
    return shown


def _chapter(moved: Moved) -> str:
    edition = moved.crossing.after if moved.move.after else moved.crossing.before
    return edition.requirement_by_id[(moved.move.after or moved.move.before)[0]].chapter
