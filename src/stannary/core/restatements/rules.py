"""What a restated record must hold, and what it may break of what was booked and said before.

Rules: RESTATEMENT-001 to RESTATEMENT-004 stop a restatement. RESTATEMENT-010 to RESTATEMENT-015
are what a simulation finds: they stop nothing, and none of them is ever set to nothing.
"""

from stannary.core.kernel import Rule, gettext_noop

_FACTS = "Stannary design, decision 4: records are facts"
_DESIGN = "Stannary design, a correction is simulated before it is booked"
_NEVER_BEYOND = (
    "Rulebook 8.1: claims never exceed what was booked; Stannary design, deficits are shown"
)

RESTATES_ONE_RECORD = Rule(
    code="RESTATEMENT-001",
    demand=gettext_noop("A restatement names one event, and one row of it, that are in the books."),
    source=_FACTS,
    remedy=gettext_noop("Correct the event, the side or the lot."),
)
KNOWS_WHAT_IT_RESTATES = Rule(
    code="RESTATEMENT-002",
    demand=gettext_noop(
        "A restatement says what the books say now and what is right, each field once, and the two differ."
    ),
    source=_FACTS,
    remedy=gettext_noop("Read the record as it stands now, after earlier restatements."),
)
SAYS_WHO_AND_WHY = Rule(
    code="RESTATEMENT-003",
    demand=gettext_noop(
        "A restatement has an id of its own, an author and a reason of at most 2000 characters."
    ),
    source=_FACTS,
    remedy=gettext_noop("Say what showed that the record was wrong."),
)
COMES_AFTER_THE_RECORD = Rule(
    code="RESTATEMENT-004",
    demand=gettext_noop(
        "A restatement is recorded after what it restates happened, and with an offset."
    ),
    source=_FACTS,
    remedy=gettext_noop("Give the instant at which it is recorded."),
)

LOT_IS_COVERED = Rule(
    code="RESTATEMENT-010",
    demand=gettext_noop("What was made of a lot, sold or is left of it is covered by its record."),
    source=_NEVER_BEYOND,
    remedy=gettext_noop("Deliver what is missing, and tell who holds what was made of it."),
)
SALE_IS_COVERED = Rule(
    code="RESTATEMENT-011",
    demand=gettext_noop("What was sold was there, to the milligram."),
    source=_NEVER_BEYOND,
    remedy=gettext_noop("Deliver the missing quantity, or restate the sale with the buyer."),
)
CREDITS_ARE_BACKED = Rule(
    code="RESTATEMENT-012",
    demand=gettext_noop("Credits never exceed the attested mass from which they were booked."),
    source="Rulebook 8.1: book and claim never exceeds what was booked",
    remedy=gettext_noop(
        "Take back what was not used; replace what was passed on or used by other credits."
    ),
)
CLAIM_STILL_HOLDS = Rule(
    code="RESTATEMENT-013",
    demand=gettext_noop("A claim that was made is supported by the records as they stand now."),
    source=_NEVER_BEYOND,
    remedy=gettext_noop("Withdraw the claim, or make one that says no more than is supported."),
)
ACCOUNT_STAYS_COVERED = Rule(
    code="RESTATEMENT-014",
    demand=gettext_noop("No line that leaves an account takes more than was there at its time."),
    source="Stannary design, deficits are shown; rulebook 8.3: no negative balance",
    remedy=gettext_noop("Book what covers the deficit; the lines that caused it stay as they are."),
)
CLOSED_PERIOD_IS_TOUCHED = Rule(
    code="RESTATEMENT-015",
    demand=gettext_noop("A correction changes the balances of no period that is closed."),
    source="Stannary design, periods are closed with four eyes",
    remedy=gettext_noop(
        "Book it into an open period, or reopen the closed one for it and close it again."
    ),
)
