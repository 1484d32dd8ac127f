"""Scores: from ratings to shares, a level, its derivation, and what blocks the next level."""

from stannary.core.scores.outcomes import (
    CriticalTally,
    LevelOutcome,
    LevelTest,
    NextLevel,
    Score,
    Tally,
)
from stannary.core.scores.scoring import score
from stannary.core.scores.sensitivity import ChangedRating, Route, Sensitivity, sensitivity
from stannary.core.scores.shape import score_as_dict
from stannary.core.scores.steps import Step, derivation, step_text

__all__ = [
    "ChangedRating",
    "CriticalTally",
    "LevelOutcome",
    "LevelTest",
    "NextLevel",
    "Route",
    "Score",
    "Sensitivity",
    "Step",
    "Tally",
    "derivation",
    "score",
    "score_as_dict",
    "sensitivity",
    "step_text",
]
