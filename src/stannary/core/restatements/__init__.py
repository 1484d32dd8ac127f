"""What a corrected record, or an attestation that falls away, does to what was booked and said."""

from stannary.core.restatements.accounts import AccountEffects, LineEffect, simulate_line
from stannary.core.restatements.books import (
    Books,
    ClaimMade,
    IssuedCredits,
    Keeping,
    with_achievement,
    with_restatement,
    without_certificate,
)
from stannary.core.restatements.effects import (
    BalanceEffect,
    ClaimEffect,
    CreditsEffect,
    Effects,
    LotEffect,
    LotState,
    Notice,
    SaleEffect,
)
from stannary.core.restatements.kept import (
    BalanceOfAccount,
    CreditEffect,
    KeptEffects,
    UseEffect,
    compare_kept,
)
from stannary.core.restatements.remedies import (
    REMEDIES,
    Fact,
    Remedy,
    RemedyRule,
    Touched,
    remedies_for,
)
from stannary.core.restatements.restated import Change, Field, Restatement, restate, value_of
from stannary.core.restatements.simulator import simulate

__all__ = [
    "REMEDIES",
    "AccountEffects",
    "BalanceEffect",
    "BalanceOfAccount",
    "Books",
    "Change",
    "ClaimEffect",
    "ClaimMade",
    "CreditEffect",
    "CreditsEffect",
    "Effects",
    "Fact",
    "Field",
    "IssuedCredits",
    "Keeping",
    "KeptEffects",
    "LineEffect",
    "LotEffect",
    "LotState",
    "Notice",
    "Remedy",
    "RemedyRule",
    "Restatement",
    "SaleEffect",
    "Touched",
    "UseEffect",
    "compare_kept",
    "remedies_for",
    "restate",
    "simulate",
    "simulate_line",
    "value_of",
    "with_achievement",
    "with_restatement",
    "without_certificate",
]
