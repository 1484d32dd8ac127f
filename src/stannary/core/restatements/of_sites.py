"""Claims on what a site blended, measured again in one state of the books.

Rules: none of its own; CLAIM-013 and CLAIM-016 are what may newly stand against such a claim.
"""

import datetime
from collections.abc import Callable, Sequence
from fractions import Fraction

from stannary.core.claims import Blending, Claim, blended_by, check_site_claim, counting_of
from stannary.core.claims.blended import made_there
from stannary.core.custody import Amounts, Event
from stannary.core.kernel import Finding
from stannary.core.provenance import Trace
from stannary.core.restatements.books import Books, ClaimMade

Tracing = Callable[[str], tuple[Trace, Fraction]]
"""Gives of a lot what of it is covered, and the share that is not."""

Judged = tuple[Fraction, tuple[Finding, ...]]
"""Which share is supported, and why a claim may not be made."""


def judge_of_site(made: ClaimMade, about: Blending, books: Books, trace: Tracing) -> Judged:
    """Give the share that is measured for a claim in one state of the books, and what stands against it.

    Args:
        made: The claim.
        about: What it is about.
        books: In this state, with every batch.
        trace: Of a lot, in this state.
    """
    claim = made.claim
    lots = batches(claim, about, books.events)
    blended = blended_by(
        books.events,
        {lot: trace(lot)[0] for lot in lots},
        entity=claim.made_by,
        site=about.facility,
        period=about.period,
    )
    given = _given(books)
    share = blended.of(about.material).share_at(
        books.achievements,
        made.standard,
        claim.level,
        given=given,
        counting=counting_of(made.custody_pack, claim.made_on),
    )
    findings = check_site_claim(
        claim,
        blended=blended,
        given=given,
        achievements=books.achievements,
        edition=made.standard,
        custody_pack=made.custody_pack,
        certificates=books.certificates,
        covered_on=_covered_on(claim, books),
    )
    return share or Fraction(0), findings


def batches(claim: Claim, about: Blending, events: Sequence[Event]) -> tuple[str, ...]:
    """Name the lots that whoever makes a claim made there out of others in its period."""
    return made_there(events, entity=claim.made_by, site=about.facility, period=about.period)


def _given(books: Books) -> dict[str, Amounts] | None:
    """Give what the books let be said of lots; None if none are kept, or nobody can keep them."""
    kept = None if books.keep is None else books.keep(books.events)
    return None if kept is None or kept.proof is None else dict(kept.given)


def _covered_on(claim: Claim, books: Books) -> datetime.date:
    """Give the day on which one has to cover it: of the books, or the first or last of the claim."""
    last = claim.valid_until - datetime.timedelta(days=1)
    return min(max(books.covered_on or claim.made_on, claim.made_on), last)
