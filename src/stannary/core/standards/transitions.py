"""From one edition to the next: what became of each requirement, and which edition applies when.

Rules: TRANSITION-001 to TRANSITION-006. TRANSITION-007 is kept by whoever opens an assessment.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.kernel import Finding, Mark, Place
from stannary.core.standards import rules
from stannary.core.standards.edition import Edition, Requirement


class MoveKind(StrEnum):
    """What became of a requirement from one edition to the next."""

    KEPT = "kept"
    RENUMBERED = "renumbered"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Move:
    """What became of one or several requirements.

    Attributes:
        kind: What happened.
        before: Ids in the older edition; empty for what is new.
        after: Ids in the newer edition; empty for what was dropped.
        judge_again: Whether an answer to the old text may not stand for the new one.
        note: Why, in a sentence.
    """

    kind: MoveKind
    before: tuple[str, ...]
    after: tuple[str, ...]
    judge_again: bool
    note: str = ""
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """How a newer edition takes the place of an older one.

    Attributes:
        before: Id of the older edition.
        after: Id of the newer one.
        opens: First day on which the newer edition may be used.
        closes: First day on which the older one may no longer be; never before `opens`.
        source: Who decided this.
        mark: How sure we are of it.
        moves: What became of every requirement of the older edition. What no move leads to is new.
    """

    before: str
    after: str
    opens: datetime.date
    closes: datetime.date
    source: str
    mark: Mark
    moves: tuple[Move, ...]
    at: Place | None = None


_SHAPES = {
    MoveKind.KEPT: (range(1, 2), range(1, 2)),
    MoveKind.RENUMBERED: (range(1, 2), range(1, 2)),
    MoveKind.REWORDED: (range(1, 2), range(1, 2)),
    MoveKind.SPLIT: (range(1, 2), range(2, 1_000)),
    MoveKind.MERGED: (range(2, 1_000), range(1, 2)),
    MoveKind.DROPPED: (range(1, 2), range(1)),
}
"""How many requirements each kind leads from and to; what is new has no move."""


def check_transition(
    transition: Transition, before: Edition, after: Edition
) -> tuple[Finding, ...]:
    """Check a transition against its two editions and return every finding, by code."""
    found = [
        *_names(transition, before, after),
        *_coverage(transition, before),
        *_shapes(transition),
        *_words(transition, before, after),
    ]
    return tuple(sorted(found, key=lambda finding: finding.code))


def all_moves(transition: Transition, after: Edition) -> tuple[Move, ...]:
    """Give every move, those of new requirements included.

    They are in the order of the newer edition; dropped ones come last.
    """
    place = {requirement.id: number for number, requirement in enumerate(after.requirements)}
    named = {name for move in transition.moves for name in move.after}
    new = [
        Move(MoveKind.NEW, (), (requirement.id,), judge_again=True)
        for requirement in after.requirements
        if requirement.id not in named
    ]
    last = len(place)
    return tuple(
        sorted(
            (*transition.moves, *new),
            key=lambda move: min((place.get(name, last) for name in move.after), default=last + 1),
        )
    )


def applies_on(
    edition: Edition, transitions: Iterable[Transition], day: datetime.date
) -> tuple[bool, datetime.date | None, datetime.date | None]:
    """Tell whether an assessment may be opened against an edition on a day.

    Args:
        edition: The edition asked about.
        transitions: All that are known; those that do not name the edition say nothing.
        day: The day.

    Returns:
        Whether it applies, the first day on which it does, and the first on which it no longer
        does; None where no transition ends it. An edition applies from the day it is in force
        and, where it replaces another, from the day the transition opens.
    """
    first: datetime.date = edition.in_force_from
    last: datetime.date | None = None
    for transition in transitions:
        if transition.after == edition.id:
            first = max(first, transition.opens)
        if transition.before == edition.id:
            last = transition.closes if last is None else min(last, transition.closes)
    return first <= day and (last is None or day < last), first, last


def _names(transition: Transition, before: Edition, after: Edition) -> Iterator[Finding]:
    rule = rules.MOVES_NAME_WHAT_IS_THERE
    for named, edition in ((transition.before, before), (transition.after, after)):
        if named != edition.id:
            yield Finding(rule, {"edition": named[:80], "is": edition.id}, transition.at)
    if before.id == after.id or (before.publisher, before.standard) != (
        after.publisher,
        after.standard,
    ):
        yield Finding(rule, {"from": before.id, "to": after.id}, transition.at)
    if transition.closes < transition.opens:
        facts = {"opens": transition.opens.isoformat(), "closes": transition.closes.isoformat()}
        yield Finding(rule, facts, transition.at)
    for move in transition.moves:
        for names, edition in ((move.before, before), (move.after, after)):
            for name in names:
                if name not in edition.requirement_by_id:
                    yield Finding(rule, {"requirement": name[:40], "edition": edition.id}, move.at)


def _coverage(transition: Transition, before: Edition) -> Iterator[Finding]:
    old = Counter(name for move in transition.moves for name in move.before)
    for requirement in before.requirements:
        if old[requirement.id] != 1:
            facts = {"requirement": requirement.id, "moves": str(old[requirement.id])}
            yield Finding(rules.MOVES_COVER_THE_OLD, facts, transition.at)
    new = Counter(name for move in transition.moves for name in move.after)
    for name, times in new.items():
        if times > 1:
            facts = {"requirement": name[:40], "moves": str(times)}
            yield Finding(rules.MOVES_MEET_ONCE, facts, transition.at)


def _shapes(transition: Transition) -> Iterator[Finding]:
    for move in transition.moves:
        facts = {
            "kind": str(move.kind),
            "from": ", ".join(move.before)[:80] or "none",
            "to": ", ".join(move.after)[:80] or "none",
        }
        shape = _SHAPES.get(move.kind)
        if shape is None or len(move.before) not in shape[0] or len(move.after) not in shape[1]:
            yield Finding(rules.MOVE_HAS_ITS_SHAPE, facts, move.at)
        said = "true" if move.judge_again else "false"
        if move.judge_again and move.kind in (MoveKind.KEPT, MoveKind.RENUMBERED, MoveKind.DROPPED):
            yield Finding(rules.CHANGED_DEMANDS_ARE_JUDGED, {**facts, "judge_again": said}, move.at)
        if not move.judge_again and move.kind in (MoveKind.SPLIT, MoveKind.MERGED):
            yield Finding(rules.CHANGED_DEMANDS_ARE_JUDGED, {**facts, "judge_again": said}, move.at)


def _words(transition: Transition, before: Edition, after: Edition) -> Iterator[Finding]:
    for move in transition.moves:
        if move.kind not in (MoveKind.KEPT, MoveKind.RENUMBERED):
            continue
        old = _found(before, move.before)
        new = _found(after, move.after)
        if old is None or new is None:
            continue
        facts = {"kind": str(move.kind), "from": old.id, "to": new.id}
        if (old.id == new.id) != (move.kind == MoveKind.KEPT):
            yield Finding(rules.SAME_WORDS_STAY, {**facts, "differs": "id"}, move.at)
        for what, was, now in (
            ("demand", old.demand, new.demand),
            ("applies", old.applies, new.applies),
            ("critical", old.critical, new.critical),
        ):
            if was != now:
                yield Finding(rules.SAME_WORDS_STAY, {**facts, "differs": what}, move.at)


def _found(edition: Edition, names: Sequence[str]) -> Requirement | None:
    return edition.requirement_by_id.get(names[0]) if names else None
