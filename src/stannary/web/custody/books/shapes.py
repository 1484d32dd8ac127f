"""Accounts and credits as plain shapes, for the API and for downloads; masses are whole milligrams."""

import datetime
from typing import Any

from stannary.web.custody.books import queries
from stannary.web.custody.models import AccountPeriod, CreditHeld, CreditUse

Shape = dict[str, Any]
CREDIT_COLUMNS = (
    "credit", "state", "holder", "booked_by", "parent", "material", "site", "attestation",
    "produced_on", "booked_on", "expires_on", "unit_mg", "quantity_mg", "left_mg", "on",
)  # fmt: skip
USE_COLUMNS = (
    "event", "on", "credit", "holder", "beneficiary", "period", "material", "site", "attestation",
    "quantity_mg",
)  # fmt: skip


def credit(one: CreditHeld, day: datetime.date) -> Shape:
    """Give a credit as it stands on a day."""
    return {
        "credit": one.credit_id,
        "state": queries.state_of(one, day),
        "holder": one.holder,
        "booked_by": one.booked_by,
        "parent": one.parent,
        "material": one.material,
        "site": one.site,
        "attestation": one.attestation,
        "produced_on": one.produced_on.isoformat(),
        "booked_on": one.booked_on.isoformat(),
        "expires_on": one.expires_on.isoformat(),
        "unit_mg": str(one.unit_mg),
        "quantity_mg": str(one.quantity_mg),
        "left_mg": str(one.left_mg),
        "on": day.isoformat(),
    }


def use(one: CreditUse) -> Shape:
    """Give credits that were used up for somebody."""
    return {
        "event": one.event,
        "on": one.on.isoformat(),
        "credit": one.credit_id,
        "holder": one.holder,
        "beneficiary": one.beneficiary,
        "period": one.period,
        "material": one.material,
        "site": one.site,
        "attestation": one.attestation,
        "quantity_mg": str(one.quantity_mg),
    }


def totals(found: queries.Totals, day: datetime.date) -> Shape:
    """Give what became of all credits."""
    return {
        "on": day.isoformat(),
        "booked_mg": str(found.booked_mg),
        "used_mg": str(found.used_mg),
        "expired_mg": str(found.expired_mg),
        "held_mg": str(found.held_mg),
        "passed_on_mg": str(found.passed_on_mg),
    }


_MASSES = (
    "opening_mg", "entered_mg", "given_mg", "lapsed_mg", "closing_mg", "deficit_mg",
    "content_in_mg", "lapses_next_mg",
)  # fmt: skip


def period(one: AccountPeriod) -> Shape:
    """Give an account in one balance period."""
    return {
        "boundary": one.boundary,
        "material": one.material,
        "element": one.element or None,
        "method": one.method,
        "counts": one.counts,
        "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        **{name: str(getattr(one, name)) for name in _MASSES},
        "closed": one.closed,
    }
