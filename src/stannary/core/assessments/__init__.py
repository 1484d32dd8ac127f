"""Assessments: what is said of each requirement at a site, and the clocks of the cycle."""

from stannary.core.assessments.ratings import (
    RatingSheet,
    Verdict,
    check_verdicts,
    is_plain,
    parse_rating,
    rating_sheet,
)

__all__ = [
    "RatingSheet",
    "Verdict",
    "check_verdicts",
    "is_plain",
    "parse_rating",
    "rating_sheet",
]
