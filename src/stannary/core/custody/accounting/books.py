"""The books: all five models over one file of events, as known on a day.

Rules: CUSTODY-001 to CUSTODY-016 by the replay of lots, CUSTODY-070 to CUSTODY-093 by what is kept over it.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stannary.core.custody.accounting.accounts import Method, PeriodStatement, RulesOn
from stannary.core.custody.accounting.blends import Blend
from stannary.core.custody.accounting.certificates import CustodyCertificate
from stannary.core.custody.accounting.continued import Continued, Part, go_on
from stannary.core.custody.accounting.conversions import ConversionFactor
from stannary.core.custody.accounting.corrections import Restated, known_on, restate
from stannary.core.custody.accounting.credits import Credit, Retirement
from stannary.core.custody.accounting.flows import Proof
from stannary.core.custody.accounting.governance import PackOn
from stannary.core.custody.accounting.sources import Amounts
from stannary.core.custody.events import Event
from stannary.core.custody.replay import Replay
from stannary.core.kernel import Finding


@dataclass(frozen=True, slots=True)
class Books:
    """What a file of events comes to under all five models.

    Attributes:
        day: The day as of which everything is told.
        replay: Lots and masses, after corrections.
        carried: Lot to what may be said of what is left of it.
        given: Lot to all that it was given, less what became credits: the most for all of it.
        statements: Every account in every balance period, by account.
        credits: All that were made, by id; what is left may be nothing.
        retired: In the order of replay.
        blends: Lots made under controlled blending, with the share measured.
        pilots: Lots and credits booked under a pilot: nothing may be said of them.
        corrections: Event to the corrections that restate it.
        proof: That nowhere more may be said than came in; None where lots have defects.
        findings: All; none means that everything holds.
    """

    day: datetime.date
    replay: Replay
    carried: Mapping[str, Amounts]
    given: Mapping[str, Amounts]
    statements: tuple[PeriodStatement, ...]
    credits: tuple[Credit, ...]
    retired: tuple[Retirement, ...]
    blends: tuple[Blend, ...]
    pilots: tuple[str, ...]
    corrections: Mapping[str, tuple[str, ...]]
    proof: Proof | None
    findings: tuple[Finding, ...]


def keep_books(
    events: Sequence[Event],
    *,
    rules_on: RulesOn,
    as_of: datetime.date | None = None,
    method: Method | None = None,
    certificates: Iterable[CustodyCertificate] | None = None,
    factors: Iterable[ConversionFactor] = (),
    element: str = "",
    pack_on: PackOn | None = None,
) -> Books:
    """Replay events under all five models, as far as they were known at the end of a day.

    The same events give the same books for a day, whatever was booked after it: a correction counts
    from its own time on. A constant that the pack does not know is a finding (CUSTODY-070) at the
    event that needs it, and what needs it does not happen.

    Args:
        events: All that are known; the order given decides only between events of one time.
        rules_on: The constants by day of the pack that governs without a certificate, and decides for
            everybody what holds of lots and masses.
        as_of: The day; None: that of the last event.
        method: Of mass balance for all; None: as certificates say, or the first that a pack allows.
        certificates: Of all entities; None: nobody's are looked at.
        factors: Approved conversion factors.
        element: The tracked element, for names of accounts and factors; "" where none is said.
        pack_on: The constants of packs that certificates name; None: see `Governance`.

    Raises:
        InvariantError: If a milligram is unaccounted for: a bug of ours.
    """
    known = tuple(events) if as_of is None else known_on(events, as_of)
    day = as_of or max((event.at.date() for event in known), default=datetime.date.min)
    restated = restate(known)
    kept = go_on(
        Part(),
        restated.events,
        day=day,
        rules_on=rules_on,
        method=method,
        certificates=certificates,
        factors=factors,
        element=element,
        pack_on=pack_on,
    )
    return books_from(kept, day, restated)


def books_from(kept: Continued, day: datetime.date, restated: Restated) -> Books:
    """Give the books of events before which there was nothing.

    Args:
        kept: What the events come to.
        day: As of which.
        restated: The events, and their corrections.
    """
    part = kept.part
    return Books(
        day=day,
        replay=kept.replay,
        carried={lot: one.carried for lot, one in part.lots.items() if one.carried},
        given={lot: one.given for lot, one in part.lots.items()},
        statements=tuple(one for key in sorted(kept.told) for one in kept.told[key].statements),
        credits=tuple(credits_on(part, day)),
        retired=kept.retired,
        blends=kept.blends,
        pilots=kept.pilots,
        corrections=restated.corrections,
        proof=kept.proof,
        findings=(*restated.findings, *kept.all_findings),
    )


def credits_on(part: Part, day: datetime.date) -> Iterator[Credit]:
    """Give the credits of a part by id, as they stand on a day."""
    for name in sorted(part.credits):
        one = part.credits[name]
        yield replace(one, expired=True) if one.expires_on <= day else one
