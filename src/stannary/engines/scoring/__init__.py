"""Scoring very many assessments of one edition: whole numbers only, in agreement with the core rule.

Levels, floors, ceilings, points and possible points are those of `stannary.core.scores.score`.
What it also tells of a single assessment (derivation, next level, findings) is not computed here.
"""

from stannary.engines.scoring.codes import CODES, codes_of
from stannary.engines.scoring.many import score_many
from stannary.engines.scoring.outcomes import EngineName, Scores
from stannary.engines.scoring.plans import NO_LEVEL, Plan, plan_of

__all__ = [
    "CODES",
    "NO_LEVEL",
    "EngineName",
    "Plan",
    "Scores",
    "codes_of",
    "plan_of",
    "score_many",
]
