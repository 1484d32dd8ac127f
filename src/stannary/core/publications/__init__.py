"""Publications: a result that is public, never changes, and can be recomputed by anybody."""

from stannary.core.publications.check import check_result
from stannary.core.publications.results import (
    RESULT_TYPE,
    DerivedStep,
    PublishedResult,
    PublishedVerdict,
    check_unchanged,
    publish,
)
from stannary.core.publications.shape import result_as_dict, result_from_dict

__all__ = [
    "RESULT_TYPE",
    "DerivedStep",
    "PublishedResult",
    "PublishedVerdict",
    "check_result",
    "check_unchanged",
    "publish",
    "result_as_dict",
    "result_from_dict",
]
