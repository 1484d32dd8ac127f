"""The books: all five models over one file of events, as known on a day.

Rules: CUSTODY-001 to CUSTODY-016 by the replay of lots, CUSTODY-070 to CUSTODY-093 by what is kept over it.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stannary.core.custody.accounting.accounts import Method, PeriodStatement, RulesOn
from stannary.core.custody.accounting.blends import Blend
from stannary.core.custody.accounting.certificates import CustodyCertificate
from stannary.core.custody.accounting.conversions import ConversionFactor
from stannary.core.custody.accounting.corrections import known_on, restate
from stannary.core.custody.accounting.credits import Credit, Retirement
from stannary.core.custody.accounting.flows import Proof
from stannary.core.custody.accounting.keeping import Keeper
from stannary.core.custody.accounting.sources import Amounts
from stannary.core.custody.events import Event
from stannary.core.custody.replay import Replay, replay_events
from stannary.core.custody.rules import LOT_AND_MASS_CODES
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
) -> Books:
    """Replay events under all five models, as far as they were known at the end of a day.

    The same events give the same books for a day, whatever was booked after it: a correction counts
    from its own time on. A constant that the pack does not know is a finding (CUSTODY-070) at the
    event that needs it, and what needs it does not happen.

    Args:
        events: All that are known; the order given decides only between events of one time.
        rules_on: The constants of a pack by day.
        as_of: The day; None: that of the last event.
        method: Of mass balance; None: the first that the pack allows.
        certificates: Of all entities; None: nobody's are looked at.
        factors: Approved conversion factors.
        element: The tracked element, for names of accounts and factors; "" where none is said.

    Raises:
        InvariantError: If a milligram is unaccounted for: a bug of ours.
    """
    known = tuple(events) if as_of is None else known_on(events, as_of)
    day = as_of or max((event.at.date() for event in known), default=datetime.date.min)
    restated = restate(known)
    moved = [event for event in restated.events if not event.kind.is_credit]
    replay = replay_events(moved, rules=rules_on(day))
    found = [*restated.findings, *replay.findings]
    if any(finding.code in LOT_AND_MASS_CODES for finding in replay.findings):
        return Books(
            day, replay, {}, {}, (), (), (), (), (), restated.corrections, None, tuple(found)
        )
    those = None if certificates is None else tuple(certificates)
    keeper = Keeper(replay.lots, rules_on, method, those, tuple(factors), element)
    for event in restated.events:
        keeper.book(event)
    return _closed(keeper, day, replay, restated.corrections, found)


def _closed(
    keeper: Keeper,
    day: datetime.date,
    replay: Replay,
    corrections: Mapping[str, tuple[str, ...]],
    found: Sequence[Finding],
) -> Books:
    statements = keeper.close(day)
    return Books(
        day=day,
        replay=replay,
        carried={lot: amounts for lot, amounts in keeper.carried.items() if amounts},
        given=keeper.given,
        statements=statements,
        credits=tuple(keeper.credits.by_id[name] for name in sorted(keeper.credits.by_id)),
        retired=tuple(keeper.credits.retired),
        blends=tuple(keeper.blends),
        pilots=tuple(keeper.pilots),
        corrections=corrections,
        proof=keeper.proof(),
        findings=(*found, *keeper.findings),
    )
