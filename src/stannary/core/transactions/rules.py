"""What an offer, a statement of account and the closing of a period must hold.

Rules: TRANSACTION-001 to TRANSACTION-012 for offers, TRANSACTION-020 to TRANSACTION-029 for
statements, TRANSACTION-040 to TRANSACTION-048 for periods; in the order checked.
"""

from stannary.core.kernel import Rule, gettext_noop

_OFFERS = "Stannary design, transactions have two sides"
_FACTS = "Stannary design, decision 4: records are facts"
_STATEMENTS = "Stannary design, statements of account"
_PERIODS = "Stannary design, periods are closed with four eyes"
_OWN = "Stannary's own choice; rulebook 8.3: periods, carry-over and tolerances were not found"

OFFER_NAMES_TWO_PARTIES = Rule(
    code="TRANSACTION-001",
    demand=gettext_noop("An offer says who offers what to whom, and the two are not the same."),
    source=_OFFERS,
    remedy=gettext_noop("Name the lot or the account, the seller and another entity as buyer."),
)
OFFER_HAS_A_QUANTITY = Rule(
    code="TRANSACTION-002",
    demand=gettext_noop(
        "A quantity is 1 to 9 000 000 000 000 000 000; the content of a lot is from 1 to its mass, and credits have none."
    ),
    source="Stannary contracts, section 2",
    remedy=gettext_noop("Offer milligrams of a lot with its content, or a number of credits."),
)
OFFER_ENDS_LATER = Rule(
    code="TRANSACTION-003",
    demand=gettext_noop("An offer ends after it was made, and both instants have an offset."),
    source=_OFFERS,
    remedy=gettext_noop("Give an end that is still to come."),
)
OFFER_IS_OPEN = Rule(
    code="TRANSACTION-004",
    demand=gettext_noop("What was accepted, refused, withdrawn or has expired stays so."),
    source=_FACTS,
    remedy=gettext_noop("Make a new offer; what was delivered in error is restated."),
)
PARTY_TAKES_ITS_STEP = Rule(
    code="TRANSACTION-005",
    demand=gettext_noop(
        "The buyer accepts or refuses an offer, the seller withdraws it; its end is recorded by either or by the register."
    ),
    source=_OFFERS,
    remedy=gettext_noop("Ask the other party to take this step."),
)
STEP_KNOWS_THE_LAST = Rule(
    code="TRANSACTION-006",
    demand=gettext_noop("Nobody takes a step in a transaction whose last step they have not seen."),
    source=_OFFERS,
    remedy=gettext_noop("Read the transaction as it stands now, then decide again."),
)
STEP_COMES_LATER = Rule(
    code="TRANSACTION-007",
    demand=gettext_noop("A step is not taken before the one that it follows."),
    source=_FACTS,
    remedy=gettext_noop("Take the step at its own time."),
)
STEP_FITS_THE_END = Rule(
    code="TRANSACTION-008",
    demand=gettext_noop(
        "An offer is accepted, refused or withdrawn before the instant of its end, and expires from that instant on."
    ),
    source=_OFFERS,
    remedy=gettext_noop("After the end make a new offer; before it, withdraw the offer."),
)
PART_LEAVES_A_REST = Rule(
    code="TRANSACTION-009",
    demand=gettext_noop(
        "Who accepts a part names a quantity above nothing and below the whole; a part of a lot and its rest both have content."
    ),
    source="Stannary contracts, section 2: a content is at least one milligram",
    remedy=gettext_noop("Accept another part, or the whole."),
)
STEP_SAYS_WHY = Rule(
    code="TRANSACTION-010",
    demand=gettext_noop(
        "Who refuses, withdraws or accepts only a part says why, in at most 2000 characters."
    ),
    source=_OFFERS,
    remedy=gettext_noop("Write the reason in plain words; the other party reads it."),
)
RESERVED_IS_NOT_USED = Rule(
    code="TRANSACTION-011",
    demand=gettext_noop(
        "What is offered, used, shipped or lost is there, on the account or in the lot, and not reserved by an open offer."
    ),
    source="Stannary design, transactions have two sides; rulebook 15, 8: never beyond what was booked",
    remedy=gettext_noop("Take less, or wait until the open offer ends or is withdrawn."),
)
OFFER_ENDS_IN_TIME = Rule(
    code="TRANSACTION-012",
    demand=gettext_noop("An offer stays open no longer than the rules allow."),
    source=_OWN,
    remedy=gettext_noop("Let it end sooner; what nobody took can be offered again."),
)

STATEMENT_HAS_A_PERIOD = Rule(
    code="TRANSACTION-020",
    demand=gettext_noop(
        "A statement is of an entity and of a period that begins before it ends, both instants with an offset."
    ),
    source=_STATEMENTS,
    remedy=gettext_noop("Correct the begin or the end; the end itself is no longer part of it."),
)
BOOKED_ONCE = Rule(
    code="TRANSACTION-021",
    demand=gettext_noop("A line has an id of its own, and a transaction moves an account once."),
    source=_STATEMENTS,
    remedy=gettext_noop("Restate the line that was booked twice; nothing is deleted."),
)
RESTATED_LINE_IS_THERE = Rule(
    code="TRANSACTION-027",
    demand=gettext_noop(
        "A line that restates another names one that is booked in full on the same account, and earlier."
    ),
    source=_STATEMENTS,
    remedy=gettext_noop(
        "Book the original line in full first; the correction holds only the difference."
    ),
)
STATEMENTS_ARE_OF_EACH_OTHER = Rule(
    code="TRANSACTION-022",
    demand=gettext_noop(
        "Two statements are reconciled if they are of two entities and one period."
    ),
    source=_STATEMENTS,
    remedy=gettext_noop("Ask the counterparty for its statement of the same period."),
)
THEY_BOOKED_IT_TOO = Rule(
    code="TRANSACTION-023",
    demand=gettext_noop("What one party booked with another, the other booked too."),
    source=_STATEMENTS,
    remedy=gettext_noop(
        "Ask the other party for its record, or restate yours with a new record if it never happened."
    ),
)
WE_BOOKED_IT_TOO = Rule(
    code="TRANSACTION-024",
    demand=gettext_noop("What the other party booked with us, we booked too."),
    source=_STATEMENTS,
    remedy=gettext_noop("Book what is missing, or tell the other party that it never happened."),
)
QUANTITIES_AGREE = Rule(
    code="TRANSACTION-025",
    demand=gettext_noop("Both parties booked the same quantity, one out and the other in."),
    source=_STATEMENTS,
    remedy=gettext_noop(
        "Weigh or count again; the party that erred restates its line with a new record."
    ),
)
DATES_AGREE = Rule(
    code="TRANSACTION-026",
    demand=gettext_noop("Both parties booked a transaction at the same instant."),
    source=_STATEMENTS,
    remedy=gettext_noop(
        "The party that erred restates its line; material under way is booked when it was accepted."
    ),
)

STATEMENT_FILE_IS_READ = Rule(
    code="TRANSACTION-028",
    demand=gettext_noop(
        "A statement is handed in as a CSV table in UTF-8 with the columns of the template, of at most 1 MB and 5000 lines."
    ),
    source="Stannary's own choice: what is read and compared within a second",
    remedy=gettext_noop("Fill in the template, or export the columns that it has."),
)
STATEMENT_LINE_IS_WHOLE = Rule(
    code="TRANSACTION-029",
    demand=gettext_noop(
        "A line of a statement names its account, a day or an instant with its offset, and a quantity that is not 0."
    ),
    source=_STATEMENTS,
    remedy=gettext_noop(
        "Write 2026-03-31 or 2026-03-31T12:00:00Z, and a quantity like -1250.5 in kilograms; below 0 is what went out."
    ),
)

STEP_FITS_THE_PERIOD = Rule(
    code="TRANSACTION-040",
    demand=gettext_noop(
        "An open period is prepared, a prepared one is returned or closed, and a closed one is reopened."
    ),
    source=_PERIODS,
    remedy=gettext_noop("Take the step that comes next."),
)
PERIOD_IS_OVER = Rule(
    code="TRANSACTION-041",
    demand=gettext_noop("A period is prepared from the instant of its end on."),
    source=_PERIODS,
    remedy=gettext_noop("Wait for the end of the period."),
)
FOUR_EYES_CLOSE = Rule(
    code="TRANSACTION-042",
    demand=gettext_noop(
        "Who closes a period did not prepare it, and is of the entity or its verifier; who prepares it is of the entity."
    ),
    source=_PERIODS,
    remedy=gettext_noop("Ask another person of the entity, or its verifier."),
)
CLOSED_AS_PREPARED = Rule(
    code="TRANSACTION-043",
    demand=gettext_noop("A period is closed with exactly the balances with which it was prepared."),
    source=_PERIODS,
    remedy=gettext_noop("Return the period, look at what was booked since, and prepare it again."),
)
CLOSED_IN_ORDER = Rule(
    code="TRANSACTION-044",
    demand=gettext_noop(
        "Periods follow one another without a gap, and the one before is closed first."
    ),
    source=_PERIODS,
    remedy=gettext_noop("Close the earlier period first, and open the later one again first."),
)
DEFICIT_STAYS_IN_BOUNDS = Rule(
    code="TRANSACTION-045",
    demand=gettext_noop(
        "A period is closed with no deficit beyond what the rules allow; a deficit is shown and never set to nothing."
    ),
    source=_OWN,
    remedy=gettext_noop("Deliver or buy what is missing, or withdraw what was claimed with it."),
)
CLOSED_TAKES_NOTHING = Rule(
    code="TRANSACTION-046",
    demand=gettext_noop(
        "Nothing is booked into a closed period, and into one that was reopened only the correction that reopened it."
    ),
    source=_PERIODS,
    remedy=gettext_noop("Book it into an open period, as a record that restates the earlier one."),
)
REOPENED_BY_A_CORRECTION = Rule(
    code="TRANSACTION-047",
    demand=gettext_noop(
        "A closed period is reopened only for a correction, a record of its own; who reopens or returns a period says why."
    ),
    source=_FACTS,
    remedy=gettext_noop("Record the correction first, then name it here and say why."),
)
CARRYING_IS_WHOLE = Rule(
    code="TRANSACTION-048",
    demand=gettext_noop(
        "What is carried over was carried a whole number of times, 0 or more, and the rules say how often it may be."
    ),
    source=_OWN,
    remedy=gettext_noop("Take the number from the rules in force at the end of the period."),
)
