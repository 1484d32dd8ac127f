"""What differs between two editions, requirement by requirement and word by word.

Where a transition between the two is known its moves are shown, for somebody has read both texts.
Where none is, the texts are compared: what was split or merged cannot be told from texts and is
never guessed.

Rules: TRANSITION-003 says which kinds there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from stannary.core.standards.edition import Edition, Requirement
from stannary.core.standards.transitions import Move, MoveKind, Transition, all_moves

COMPARED = ("title", "demand", "critical", "applies", "why", "evidence", "interview", "tags")
"""What is compared inside a requirement, in this order."""

BINDING = ("demand", "critical", "applies")
"""What decides whether an answer to the one stands for the other."""

MAX_WORDS = 2_000
"""Texts longer than this are not compared word by word; a demand has a few hundred."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one or several requirements.

    Attributes:
        kind: What happened.
        before: Ids in the older edition; empty for what is new.
        after: Ids in the newer edition; empty for what was dropped.
        changed: Which of `COMPARED` differ, where one requirement became one.
        said_by_table: Whether a transition says so; else it was computed from the texts.
        judge_again: Whether an answer to the old text may not stand for the new one; None where
            only a person can tell: no table says it, and the binding words differ.
        note: What the table says of it.
    """

    kind: MoveKind
    before: tuple[str, ...]
    after: tuple[str, ...]
    changed: tuple[str, ...]
    said_by_table: bool
    judge_again: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """All that became of the requirements of one edition in another.

    Attributes:
        before: Id of the older edition.
        after: Id of the newer one.
        transition: The table that says so; None when everything was computed.
        changes: In the order of the newer edition; what was dropped last.
    """

    before: str
    after: str
    transition: Transition | None
    changes: tuple[Change, ...]

    @property
    def counts(self) -> Mapping[MoveKind, int]:
        """How many changes there are of each kind, in the order of the kinds; none is 0."""
        counted = Counter(change.kind for change in self.changes)
        return {kind: counted[kind] for kind in MoveKind}


class PieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring words of a text that stayed, went or came."""

    kind: PieceKind
    text: str


def differences(
    before: Edition, after: Edition, transition: Transition | None = None
) -> Difference:
    """Tell what became of each requirement from one edition to the other.

    Args:
        before: The older edition.
        after: The newer one; it may be of another standard.
        transition: A checked transition from `before` to `after`; None compares the texts.

    Returns:
        With a transition, its moves and what is new. Without one: *kept* are the requirements
        with the same id and the same binding words; of the others, *renumbered* those whose
        demand, condition and critical flag stand exactly once in either; then *reworded* those
        with the same id; the rest was dropped or is new.
    """
    moves = _computed(before, after) if transition is None else all_moves(transition, after)
    changes = (_change(move, before, after, said=transition is not None) for move in moves)
    return Difference(before.id, after.id, transition, tuple(changes))


def redline(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts word by word.

    Args:
        old: The text as it was.
        new: The text as it is.

    Returns:
        Pieces in the order of reading, what was removed before what was added in its place.
        The pieces that are not added make up the old text, those not removed the new one, sign
        by sign. Texts of more than `MAX_WORDS` words are one piece each.

    Example:
        >>> [(str(piece.kind), piece.text) for piece in redline("Test it yearly.", "Test it monthly.")]
        [('same', 'Test it '), ('removed', 'yearly.'), ('added', 'monthly.')]
    """
    if old == new:
        return _pieces([(PieceKind.SAME, [old])])
    a, b = _words(old), _words(new)
    if max(len(a), len(b)) > MAX_WORDS:
        return _pieces([(PieceKind.REMOVED, a), (PieceKind.ADDED, b)])
    found: list[tuple[PieceKind, list[str]]] = []
    for what, a_from, a_to, b_from, b_to in SequenceMatcher(
        None, a, b, autojunk=False
    ).get_opcodes():
        if what == "equal":
            found.append((PieceKind.SAME, a[a_from:a_to]))
        else:
            found.append((PieceKind.REMOVED, a[a_from:a_to]))
            found.append((PieceKind.ADDED, b[b_from:b_to]))
    return _pieces(found)


def _words(text: str) -> list[str]:
    """Split a text into words, each with the blanks after it."""
    words: list[str] = []
    start = 0
    for place in range(1, len(text)):
        if text[place - 1].isspace() and not text[place].isspace():
            words.append(text[start:place])
            start = place
    return [*words, text[start:]] if text else []


def _pieces(found: Iterable[tuple[PieceKind, list[str]]]) -> tuple[Piece, ...]:
    joined = ((kind, "".join(words)) for kind, words in found)
    return tuple(Piece(kind, text) for kind, text in joined if text)


def _computed(before: Edition, after: Edition) -> Iterator[Move]:
    """Match requirements by id and binding words."""
    old, new = dict(before.requirement_by_id), dict(after.requirement_by_id)
    from_of: dict[str, tuple[MoveKind, str]] = {}

    def match(kind: MoveKind, old_id: str, new_id: str) -> None:
        from_of[new_id] = (kind, old_id)
        del old[old_id], new[new_id]

    for name in [
        name for name in new if name in old and _binding(old[name]) == _binding(new[name])
    ]:
        match(MoveKind.KEPT, name, name)
    olds, news = _by_words(old.values()), _by_words(new.values())
    for words, those in news.items():
        if len(those) == 1 and len(olds.get(words, ())) == 1:
            match(MoveKind.RENUMBERED, olds[words][0], those[0])
    for name in [name for name in new if name in old]:
        match(MoveKind.REWORDED, name, name)
    for requirement in after.requirements:
        kind, was = from_of.get(requirement.id, (MoveKind.NEW, ""))
        yield Move(kind, (was,) if was else (), (requirement.id,), judge_again=not was)
    for name in old:
        yield Move(MoveKind.DROPPED, (name,), (), judge_again=False)


def _binding(requirement: Requirement) -> tuple[object, ...]:
    return tuple(getattr(requirement, name) for name in BINDING)


def _by_words(requirements: Iterable[Requirement]) -> dict[tuple[object, ...], list[str]]:
    """Give the ids of the requirements with the same binding words; those without text have none."""
    found: dict[tuple[object, ...], list[str]] = {}
    for requirement in requirements:
        if requirement.demand.strip():
            found.setdefault(_binding(requirement), []).append(requirement.id)
    return found


def _change(move: Move, before: Edition, after: Edition, *, said: bool) -> Change:
    changed: tuple[str, ...] = ()
    if len(move.before) == len(move.after) == 1:
        old, new = before.requirement_by_id[move.before[0]], after.requirement_by_id[move.after[0]]
        changed = tuple(name for name in COMPARED if getattr(old, name) != getattr(new, name))
    unclear = not said and move.kind is MoveKind.REWORDED
    again = None if unclear else move.judge_again
    return Change(move.kind, move.before, move.after, changed, said, again, move.note)
