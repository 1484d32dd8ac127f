"""Assessments: what is said of each requirement at a site, and the clocks of the cycle."""

from stannary.core.assessments.cycle import (
    CycleDates,
    CycleStep,
    Standing,
    cycle_dates,
    next_steps,
)
from stannary.core.assessments.ratings import (
    RatingSheet,
    Verdict,
    check_verdicts,
    is_plain,
    parse_rating,
    rating_sheet,
)

__all__ = [
    "CycleDates",
    "CycleStep",
    "RatingSheet",
    "Standing",
    "Verdict",
    "check_verdicts",
    "cycle_dates",
    "is_plain",
    "next_steps",
    "parse_rating",
    "rating_sheet",
]
