"""A gap report: what ratings under one standard already show under another, and what is missing.

A report never rates: that a demand is shown by evidence for another one is for an auditor of the
other standard to accept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.crosswalks.crosswalk import Crosswalk, Link
from stannary.core.crosswalks.plans import NeedState, cover_of
from stannary.core.standards import Edition, Rating, Requirement


class GapState(StrEnum):
    """What ratings of the first standard say about a requirement of the second.

    SHOWN: a clause that covers it whole is fully met. PARTLY: something that covers it is met in
    part, or only a part is covered. GAP: what would cover it is not met. NOT_RATED: what would
    cover it is pending or not relevant. ASK: examined, nothing covers it. UNEXAMINED: nobody has
    looked.
    """

    SHOWN = "shown"
    PARTLY = "partly"
    GAP = "gap"
    NOT_RATED = "not_rated"
    ASK = "ask"
    UNEXAMINED = "unexamined"


@dataclass(frozen=True, slots=True)
class Gap:
    """One requirement of the second standard.

    Attributes:
        requirement: Of the second edition.
        state: What is known of it.
        by: The links that it rests on, with the rating of the first clause; PENDING for a clause
            that is no requirement or has no rating.
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


def gap_report(crosswalk: Crosswalk, second: Edition, ratings: Mapping[str, Rating]) -> GapReport:
    """Tell what ratings under the first standard show under the second.

    Args:
        crosswalk: Leads from the first edition to the second.
        second: The second edition.
        ratings: By requirement of the first edition; what is missing is pending.
    """
    return GapReport(
        first=crosswalk.first,
        second=crosswalk.second,
        gaps=tuple(_gap(crosswalk, one, ratings) for one in second.requirements),
    )


def _gap(crosswalk: Crosswalk, requirement: Requirement, ratings: Mapping[str, Rating]) -> Gap:
    cover = cover_of(crosswalk, requirement)
    by = tuple((link, ratings.get(link.first, Rating.PENDING)) for link in cover.links)
    return Gap(requirement, _state(cover.state, by), by)


def _state(need: NeedState, by: tuple[tuple[Link, Rating], ...]) -> GapState:
    if need is NeedState.UNEXAMINED:
        return GapState.UNEXAMINED
    if need is NeedState.ASK:
        return GapState.ASK
    rated = [
        (link, rating) for link, rating in by if rating not in (Rating.PENDING, Rating.NOT_RELEVANT)
    ]
    if not rated:
        return GapState.NOT_RATED
    if any(link.coverage == 1 and rating is Rating.FULLY for link, rating in rated):
        return GapState.SHOWN
    if all(rating is Rating.NOT_MET for _, rating in rated):
        return GapState.GAP
    return GapState.PARTLY
