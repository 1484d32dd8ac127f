"""Rows of conversion factors ⇄ core."""

import datetime
from collections.abc import Iterable
from fractions import Fraction

from stannary.core import custody as core
from stannary.web.entities.models import ConversionFactor, FactorStep


def of_kind(steps: Iterable[FactorStep], kind: str) -> FactorStep | None:
    """Give the step of a kind; None if there is none."""
    return next((one for one in steps if one.kind == kind), None)


def end_of(row: ConversionFactor, withdrawn: FactorStep | None) -> datetime.date | None:
    """Give the first day on which a factor is no longer used; None: no end is known."""
    ends = [row.valid_until, withdrawn.on if withdrawn else None]
    return min((day for day in ends if day is not None), default=None)


def sound(row: ConversionFactor) -> core.ConversionFactor:
    """Give a stated factor as core would know it if it had been approved.

    Raises:
        RefusalError: CUSTODY-077 for what no factor can be.
    """
    return _factor(row, row.valid_until, approved_by="-", approved_on=row.valid_from)


def approved(
    row: ConversionFactor, approval: FactorStep, withdrawn: FactorStep | None
) -> core.ConversionFactor | None:
    """Give an approved factor as core knows it; None if it was withdrawn from its first day on."""
    until = end_of(row, withdrawn)
    if until is not None and until <= row.valid_from:
        return None
    return _factor(row, until, approved_by=approval.office.name, approved_on=approval.on)


def _factor(
    row: ConversionFactor,
    until: datetime.date | None,
    *,
    approved_by: str,
    approved_on: datetime.date,
) -> core.ConversionFactor:
    return core.ConversionFactor(
        material=row.material,
        product=row.product,
        process=row.process,
        element=row.element,
        factor=Fraction(row.factor),
        source=row.source,
        approved_by=approved_by,
        approved_on=approved_on,
        valid_from=row.valid_from,
        valid_until=until,
        illustrative=row.illustrative,
    )
