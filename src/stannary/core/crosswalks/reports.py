"""A gap report: what ratings under one standard already show under another, and what is missing.

A report never rates: that a demand is shown by evidence for another one is for an auditor of the
other standard to accept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.crosswalks.crosswalk import Crosswalk, Link, requirements_under
from stannary.core.crosswalks.plans import NeedState, cover_of
from stannary.core.standards import SCORED, Edition, Rating, Requirement


class GapState(StrEnum):
    """What ratings of the first standard say about a requirement of the second.

    SHOWN: a clause that covers it whole is fully met. PARTLY: a clause that covers it is met in
    part, or one that covers a part is met. GAP: whatever would cover it or a part is not met.
    NOT_RATED: what would is pending, or not relevant. PERHAPS: a part of its chapter or section
    is covered, and no judgement says whether it is this one. ASK: examined, nothing covers it.
    UNEXAMINED: nobody has looked, or only at some pairs.
    """

    SHOWN = "shown"
    PARTLY = "partly"
    GAP = "gap"
    NOT_RATED = "not_rated"
    PERHAPS = "perhaps"
    ASK = "ask"
    UNEXAMINED = "unexamined"


_WITHOUT_RATINGS = {
    NeedState.PERHAPS: GapState.PERHAPS,
    NeedState.ASK: GapState.ASK,
    NeedState.UNEXAMINED: GapState.UNEXAMINED,
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One requirement of the second standard.

    Attributes:
        requirement: Of the second edition.
        state: What is known of it.
        by: The links that bear on it, certain ones first, each with what `clause_rating` says of
            its first clause.
    """

    requirement: Requirement
    state: GapState
    by: tuple[tuple[Link, Rating], ...]


@dataclass(frozen=True, slots=True)
class GapReport:
    """Every requirement of the second standard, in its order."""

    first: str
    second: str
    gaps: tuple[Gap, ...]

    def count(self, state: GapState) -> int:
        """Count the requirements in a state."""
        return sum(gap.state is state for gap in self.gaps)


def gap_report(
    crosswalk: Crosswalk, first: Edition, second: Edition, ratings: Mapping[str, Rating]
) -> GapReport:
    """Tell what ratings under the first standard show under the second.

    Args:
        crosswalk: Leads from the first edition to the second.
        first: The first edition.
        second: The second edition.
        ratings: By requirement of the first edition; what is missing is pending.
    """
    said = {
        clause: clause_rating(ratings.get(one, Rating.PENDING) for one in those)
        for clause, those in requirements_under(first).items()
    }
    return GapReport(
        first=crosswalk.first,
        second=crosswalk.second,
        gaps=tuple(_gap(crosswalk, one, said) for one in second.requirements),
    )


def clause_rating(ratings: Iterable[Rating]) -> Rating:
    """Say of a chapter or section what may be said of all of it, from its requirements' ratings.

    What is not relevant is left out, as in every count. While anything is pending the whole is.
    A clause of which something is met and something is not is met in part; it is never better
    than its worst requirement otherwise. One without requirements is pending.

    Example:
        >>> str(clause_rating([Rating.FULLY, Rating.SUBSTANTIALLY, Rating.NOT_RELEVANT]))
        'substantially'
        >>> str(clause_rating([Rating.FULLY, Rating.NOT_MET])), str(clause_rating([]))
        ('partially', 'pending')
    """
    those = set(ratings)
    if not those or Rating.PENDING in those:
        return Rating.PENDING
    relevant = those - {Rating.NOT_RELEVANT}
    if not relevant:
        return Rating.NOT_RELEVANT
    worst = max(relevant, key=SCORED.index)
    return Rating.PARTIALLY if worst is Rating.NOT_MET and len(relevant) > 1 else worst


def _gap(crosswalk: Crosswalk, requirement: Requirement, said: Mapping[str, Rating]) -> Gap:
    cover = cover_of(crosswalk, requirement)
    by = tuple(
        (link, said.get(link.first, Rating.PENDING)) for link in (*cover.links, *cover.perhaps)
    )
    need = cover.state
    state = _WITHOUT_RATINGS.get(need) or _state(by[: len(cover.links)])
    return Gap(requirement, state, by)


def _state(by: tuple[tuple[Link, Rating], ...]) -> GapState:
    if any(link.coverage == 1 and rating is Rating.FULLY for link, rating in by):
        return GapState.SHOWN
    ratings = {rating for _, rating in by}
    if ratings - {Rating.NOT_MET, Rating.PENDING, Rating.NOT_RELEVANT}:
        return GapState.PARTLY
    # What is pending may still show it, so that only ratings on all sides make a gap.
    if Rating.PENDING in ratings or Rating.NOT_MET not in ratings:
        return GapState.NOT_RATED
    return GapState.GAP
