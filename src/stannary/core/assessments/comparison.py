"""What has become better or worse since the audit before, under the same edition or its successor."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.assessments.ratings import RatingSheet
from stannary.core.standards import SCORED, Edition, Rating
from stannary.core.standards.transitions import MoveKind, Transition


class Change(StrEnum):
    """How a rating stands to the one before.

    BETTER and WORSE compare points in the order of the scale. RELEVANCE: it was or is not
    relevant. UNRATED: one of the two is pending. NOT_COMPARABLE: the demand is new, or changed so
    that the old answer does not speak of it.
    """

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    RELEVANCE = "relevance"
    UNRATED = "unrated"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Compared:
    """One requirement of the newer audit.

    Attributes:
        requirement: Of the newer edition.
        before: Rating in the audit before; None where nothing can be compared.
        now: Rating in the newer audit.
        change: How they stand to each other.
        origin: Of the older edition, with which it is compared; None where nothing can be.
    """

    requirement: str
    before: Rating | None
    now: Rating
    change: Change
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two audits of a site.

    Attributes:
        rows: One for each requirement of the newer edition, in its order.
    """

    rows: tuple[Compared, ...]

    def count(self, change: Change) -> int:
        """Count the requirements with a change."""
        return sum(row.change is change for row in self.rows)

    def by_chapter(self, edition: Edition) -> Mapping[str, Mapping[Change, int]]:
        """Count the changes of each chapter of the newer edition; zeros are left out."""
        found: dict[str, dict[Change, int]] = {chapter.id: {} for chapter in edition.chapters}
        for row in self.rows:
            counts = found[edition.requirement_by_id[row.requirement].chapter]
            counts[row.change] = counts.get(row.change, 0) + 1
        return found


def compare(
    before: RatingSheet, now: RatingSheet, transition: Transition | None = None
) -> Comparison:
    """Compare two audits.

    Args:
        before: The audit before.
        now: The newer one.
        transition: Leads from the older edition to the newer; None where both are the same, or
            where nothing is known of how they stand to each other.

    Returns:
        A row for each requirement of the newer edition. Under different editions only what was
        kept, renumbered or reworded without a change of substance is compared.
    """
    origin = _origins(before, now, transition)
    rows = []
    for requirement in now.edition.requirements:
        rating = now.rating(requirement.id)
        old = origin.get(requirement.id)
        was = before.rating(old) if old is not None else None
        rows.append(Compared(requirement.id, was, rating, _change(was, rating), old))
    return Comparison(tuple(rows))


def _origins(
    before: RatingSheet, now: RatingSheet, transition: Transition | None
) -> Mapping[str, str]:
    """Give for each requirement of the newer edition the one that it may be compared with."""
    if before.edition.id == now.edition.id:
        return {one.id: one.id for one in now.edition.requirements}
    if transition is None:
        return {}
    one_to_one = (MoveKind.KEPT, MoveKind.RENUMBERED, MoveKind.REWORDED)
    return {
        move.after[0]: move.before[0]
        for move in transition.moves
        if move.kind in one_to_one and not move.judge_again
    }


def _change(was: Rating | None, now: Rating) -> Change:
    if was is None:
        return Change.NOT_COMPARABLE
    if Rating.PENDING in (was, now):
        return Change.UNRATED
    if was is now:
        return Change.SAME
    if Rating.NOT_RELEVANT in (was, now):
        return Change.RELEVANCE
    return Change.BETTER if SCORED.index(now) < SCORED.index(was) else Change.WORSE
