"""What a simulation tells: lots, balances, sales, credits and claims that are not what they were.

Rules: none of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.custody import Model
from stannary.core.kernel import Finding
from stannary.core.restatements.books import ClaimMade, IssuedCredits
from stannary.core.restatements.coverage import Left
from stannary.core.restatements.remedies import Remedy
from stannary.core.transactions import Transaction

Levels = Mapping[tuple[str, str], Fraction]


@dataclass(frozen=True, slots=True)
class LotState:
    """What is known of a lot in one state of the books.

    Attributes:
        left: What was made and used of it.
        covered: Share of its content that the records behind it cover, 0 to 1.
        model: The weakest model named on its way; None if none is.
        levels: (standard, level) to the share of its content that counts for it.
        origins: (site, attestation) to their share.
    """

    left: Left
    covered: Fraction
    model: Model | None
    levels: Levels
    origins: Levels


@dataclass(frozen=True, slots=True)
class LotEffect:
    """A lot that is not what it was.

    Attributes:
        lot: Its id.
        holder: Who holds what is left of it, or sent it off; after all events.
        in_transit: Whether it is under way.
        before: As the books are.
        after: As they would be.
        missing_mg: Content that was used or is held and is not covered, 0 or more; rounded up.
        remedies: What can be done.
    """

    lot: str
    holder: str
    in_transit: bool
    before: LotState
    after: LotState
    missing_mg: int
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class BalanceEffect:
    """All that an entity has of a material, in one state and the other; below 0 in a deficit."""

    entity: str
    material: str
    mass_before_mg: int
    mass_after_mg: int
    content_before_mg: int
    content_after_mg: int


@dataclass(frozen=True, slots=True)
class SaleEffect:
    """A sale, or an open offer, of a lot that is not what it was.

    Attributes:
        transaction: As it stands.
        missing_mg: Of the mass offered or delivered, 0 or more; rounded up.
        remedies: What can be done.
    """

    transaction: Transaction
    missing_mg: int
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class CreditsEffect:
    """Credits that are not backed as they were.

    Attributes:
        credits: As issued.
        backed_before_mg: Attested content of their lot, rounded down.
        backed_after_mg: The same in the restated books.
        missing_mg: What was issued beyond that, 0 or more.
        unused_mg: Of that, what whoever booked them still holds.
        passed_on_mg: Of that, what is in other hands or used up.
        remedies: What can be done.
    """

    credits: IssuedCredits
    backed_before_mg: int
    backed_after_mg: int
    missing_mg: int
    unused_mg: int
    passed_on_mg: int
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class ClaimEffect:
    """A claim whose support is not what it was.

    Attributes:
        made: The claim.
        supported_before: Share of the content of the lot, or of what the site blended, that counts for the
            level, 0 to 1.
        supported_after: The same in the restated books.
        holds: Whether it may still be made.
        findings: Why not.
        remedies: What can be done; none if it holds.
    """

    made: ClaimMade
    supported_before: Fraction
    supported_after: Fraction
    holds: bool
    findings: tuple[Finding, ...]
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """Somebody who must be told, as what, and about what.

    Attributes:
        entity: Who.
        role: "holder", "maker", "carrier", "seller", "buyer", "claimant", "beneficiary",
            "credit_holder", "account_keeper" or "verifier".
        about: Ids of lots, transactions, credits, accounts or claims, sorted.
    """

    entity: str
    role: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that restated books change; empty if they change nothing.

    Attributes:
        lots: In the order in which they were made.
        balances: By entity and material.
        sales: In the order of the books.
        credits: In the order of the books.
        claims: In the order of the books.
        notices: By entity and role.
        findings: RESTATEMENT-010 to -013, then what a replay of the restated events finds.
    """

    lots: tuple[LotEffect, ...]
    balances: tuple[BalanceEffect, ...]
    sales: tuple[SaleEffect, ...]
    credits: tuple[CreditsEffect, ...]
    claims: tuple[ClaimEffect, ...]
    notices: tuple[Notice, ...]
    findings: tuple[Finding, ...]
