"""The books as they are known at one time: what a simulation compares before and after.

Rules: none of its own.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stannary.core.attestations import Achievement
from stannary.core.claims import Claim
from stannary.core.custody import DEFAULT_RULES, CustodyCertificate, CustodyRules, Event
from stannary.core.custody import Books as KeptBooks
from stannary.core.restatements.restated import Restatement, restate
from stannary.core.standards import Edition
from stannary.core.transactions import Transaction


@dataclass(frozen=True, slots=True)
class IssuedCredits:
    """Credits that were booked from a lot, and where they are now.

    Attributes:
        id: Of the booking.
        lot: The lot from whose attested content they were booked.
        booked_by: Entity that booked them.
        quantity_mg: All of them, in milligrams of content.
        held: Entity to what it holds, reserved or not.
        retired: Beneficiary to what was used up for it.
    """

    id: str
    lot: str
    booked_by: str
    quantity_mg: int
    held: Mapping[str, int] = field(default_factory=dict)
    retired: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """A claim, and who relied on it.

    Attributes:
        claim: As made; `claim.made_by` is the claimant.
        beneficiary: Entity that uses it; "" for the claimant alone.
        standard: The edition whose level it names.
        custody_pack: The pack whose words it uses.
    """

    claim: Claim
    standard: Edition
    custody_pack: Edition
    beneficiary: str = ""


Keeping = Callable[[Sequence[Event]], KeptBooks]
"""Keeps accounts and credits over events of material, with the certificates of that state."""


@dataclass(frozen=True, slots=True)
class Books:
    """What is recorded.

    Attributes:
        events: All of them; sound, in the books before anything is restated.
        transactions: Offers and what became of them.
        credits: Credits booked from lots.
        claims: Claims that are in use.
        achievements: By id, as mined lots name them.
        verifiers: Entity to those who verify it.
        unproved: Lot id to the instant from which nothing proves what it is.
        rules: Constants of the custody pack.
        keep: Keeps the accounts and credits on which claims under mass balance and book and claim
            rest; None: none are kept, and such claims are judged without them (CLAIM-010).
        certificates: Of whoever claims what a site blended, at least.
        covered_on: The day on which one has to cover such a site; None: the first day of the claim.
    """

    events: tuple[Event, ...]
    transactions: tuple[Transaction, ...] = ()
    credits: tuple[IssuedCredits, ...] = ()
    claims: tuple[ClaimMade, ...] = ()
    achievements: Mapping[str, Achievement] = field(default_factory=dict)
    verifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unproved: Mapping[str, datetime.datetime] = field(default_factory=dict)
    rules: CustodyRules = DEFAULT_RULES
    keep: Keeping | None = None
    certificates: tuple[CustodyCertificate, ...] = ()
    covered_on: datetime.date | None = None


def with_restatement(books: Books, record: Restatement) -> Books:
    """Give the books as they would be known with a restatement.

    Raises:
        RefusalError: As `restate`.
    """
    return replace(books, events=restate(books.events, record))


def with_achievement(books: Books, achievement: Achievement) -> Books:
    """Give the books as they would be known with another state of an achievement.

    Suspended, withdrawn, ended earlier, or of another level; `Achievement` itself sees to what
    may follow what.
    """
    return replace(books, achievements={**books.achievements, achievement.id: achievement})


def without_certificate(
    books: Books,
    entity: str,
    *,
    since: datetime.datetime,
    until: datetime.datetime | None = None,
    sites: Iterable[str] | None = None,
) -> Books:
    """Give the books as they would be known if an entity had no certificate for a time.

    What it made, received or shipped in that time is not proved from then on: it stays where it
    is, and counts towards nothing.

    Args:
        books: As known now.
        entity: Whose certificate is suspended, withdrawn or has expired.
        since: From this instant on.
        until: Up to this instant, itself not included; None: for good.
        sites: The sites that lose it; None: all of the entity.
    """
    which = None if sites is None else frozenset(sites)
    unproved = dict(books.unproved)
    for event in books.events:
        if event.at < since or (until is not None and event.at >= until):
            continue
        for row in event.outputs + event.moves:
            if row.entity == entity and (which is None or row.site in which):
                unproved[row.lot] = min(row.at, unproved.get(row.lot, row.at))
    return replace(books, unproved=unproved)
