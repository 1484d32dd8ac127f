"""Publications: a result that is public, never changes, and can be recomputed by anybody."""

from stannary.core.publications.about import (
    About,
    ChapterLeftOut,
    Earlier,
    Kind,
    Notice,
    PublishedAction,
    PublishedInput,
    Ruling,
    Scope,
    ScopeUnit,
    SiteWord,
    StepDates,
    Teammate,
)
from stannary.core.publications.check import check_result
from stannary.core.publications.correcting import Names, changed_between, correct
from stannary.core.publications.redline import (
    Redline,
    ScoreChange,
    VerdictChange,
    redline,
    redline_as_dict,
)
from stannary.core.publications.results import (
    RESULT_TYPE,
    RESULT_TYPE_2,
    DerivedStep,
    PublishedResult,
    PublishedVerdict,
    check_unchanged,
    publish,
)
from stannary.core.publications.shape import result_as_dict, result_from_dict

__all__ = [
    "RESULT_TYPE",
    "RESULT_TYPE_2",
    "About",
    "ChapterLeftOut",
    "DerivedStep",
    "Earlier",
    "Kind",
    "Names",
    "Notice",
    "PublishedAction",
    "PublishedInput",
    "PublishedResult",
    "PublishedVerdict",
    "Redline",
    "Ruling",
    "Scope",
    "ScopeUnit",
    "ScoreChange",
    "SiteWord",
    "StepDates",
    "Teammate",
    "VerdictChange",
    "changed_between",
    "check_result",
    "check_unchanged",
    "correct",
    "publish",
    "redline",
    "redline_as_dict",
    "result_as_dict",
    "result_from_dict",
]
