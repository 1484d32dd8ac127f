"""What every context stands on: rules and findings, sourced values, masses, shares, dates."""

from stannary.core.kernel.dates import PartialDate, add_months, add_years
from stannary.core.kernel.numbers import (
    MASS_MAX_MG,
    largest_remainder,
    mass_text,
    parse_mass_mg,
    percent_text,
    share_12_text,
    share_text,
)
from stannary.core.kernel.rules import (
    Finding,
    InvariantError,
    Place,
    RefusalError,
    Rule,
    gettext_noop,
    refuse,
)
from stannary.core.kernel.sourced import (
    DatedValue,
    Mark,
    Parameter,
    Value,
    as_fraction,
    check_order,
)

__all__ = [
    "MASS_MAX_MG",
    "DatedValue",
    "Finding",
    "InvariantError",
    "Mark",
    "Parameter",
    "PartialDate",
    "Place",
    "RefusalError",
    "Rule",
    "Value",
    "add_months",
    "add_years",
    "as_fraction",
    "check_order",
    "gettext_noop",
    "largest_remainder",
    "mass_text",
    "parse_mass_mg",
    "percent_text",
    "refuse",
    "share_12_text",
    "share_text",
]
