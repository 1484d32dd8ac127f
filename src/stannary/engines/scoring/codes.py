"""Ratings as bytes, and the tables that they form.

Rules: ENGINE-001, ENGINE-002.
"""

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from stannary.core.assessments import RatingSheet
from stannary.core.kernel import refuse
from stannary.core.scores.counting import PLACE
from stannary.core.standards import Rating
from stannary.engines import rules
from stannary.engines.scoring.plans import Plan

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CODES: dict[Rating, int] = dict(PLACE)
"""Code of each rating: fully 0, substantially 1, partially 2, not met 3, not relevant 4, pending 5."""


class Array(Protocol):
    """An array of numpy; it is a buffer, but types say so only from Python 3.12."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


Ratings: TypeAlias = "ReadableBuffer | Array"

KNOWN = bytes(CODES.values())


def codes_of(sheet: RatingSheet) -> bytes:
    """Give the ratings of a sheet as codes, one byte for each requirement in the edition's order.

    A requirement that the sheet does not name is pending.

    Example:
        >>> from stannary.core.standards import Rating
        >>> CODES[Rating.FULLY], CODES[Rating.PENDING]
        (0, 5)
    """
    return bytes(CODES[sheet.rating(requirement.id)] for requirement in sheet.edition.requirements)


def table_of(plan: Plan, ratings: Ratings) -> tuple[memoryview, int]:
    """Look at ratings as bytes without copying them, and count the assessments.

    Returns:
        A view of one or two dimensions through which nothing can be changed, and how many
        assessments it has, 0 or more.

    Raises:
        RefusalError: ENGINE-001 if it is not a table of bytes as wide as the edition.
    """
    width = len(plan.edition.requirements)
    try:
        view = memoryview(cast("ReadableBuffer", ratings)).toreadonly()
    except (BufferError, TypeError, ValueError):
        refuse(rules.RATINGS_FORM_A_TABLE, given=type(ratings).__name__)
    if view.format != "B":
        refuse(rules.RATINGS_FORM_A_TABLE, elements=str(view.format), needed="unsigned bytes")
    if view.ndim == 2 and view.shape is not None and view.shape[1] == width:
        return view, view.shape[0]
    if view.ndim != 1 or (view.nbytes % width if width else view.nbytes):
        shape = " x ".join(map(str, view.shape or ()))
        refuse(rules.RATINGS_FORM_A_TABLE, shape=shape, requirements=str(width))
    return view, view.nbytes // width if width else 0


def refuse_unknown(plan: Plan, row: bytes, assessment: int) -> None:
    """Refuse a row that has an unknown code; name the first one.

    Args:
        plan: Names the requirements.
        row: Codes of one assessment.
        assessment: Its place in the table, from 0.

    Raises:
        RefusalError: ENGINE-002.
    """
    for requirement, code in zip(plan.edition.requirements, row, strict=True):
        if code not in KNOWN:
            refuse(
                rules.RATINGS_HAVE_KNOWN_CODES,
                assessment=str(assessment),
                requirement=requirement.id,
                code=str(code),
            )
