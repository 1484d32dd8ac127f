"""The public check: is this true, as far as anybody can tell without trusting us?"""

from stannary.core.verification.check import verify, verify_file
from stannary.core.verification.later import LaterLog, later_log
from stannary.core.verification.logged import LogKey
from stannary.core.verification.parts import (
    NOBODY,
    Checkable,
    EnclosedAchievements,
    EnclosedBooks,
    EnclosedMovements,
    EnclosedPack,
    EnclosedReceipt,
    EnclosedResult,
    Kind,
    Trust,
)
from stannary.core.verification.reading import standards_named
from stannary.core.verification.report import (
    STEP_RULES,
    STEP_TITLES,
    Outcome,
    Report,
    Statement,
    Step,
    StepName,
    report_as_dict,
)

__all__ = [
    "NOBODY",
    "STEP_RULES",
    "STEP_TITLES",
    "Checkable",
    "EnclosedAchievements",
    "EnclosedBooks",
    "EnclosedMovements",
    "EnclosedPack",
    "EnclosedReceipt",
    "EnclosedResult",
    "Kind",
    "LaterLog",
    "LogKey",
    "Outcome",
    "Report",
    "Statement",
    "Step",
    "StepName",
    "Trust",
    "later_log",
    "report_as_dict",
    "standards_named",
    "verify",
    "verify_file",
]
