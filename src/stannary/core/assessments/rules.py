"""What verdicts must hold, how they may be handed in, and the clocks of the cycle, in the order checked.

Rules: RATING-001 to RATING-014, CYCLE-001 to CYCLE-006.
"""

from stannary.core.kernel import Rule, gettext_noop

_CONTRACT = "Stannary contracts, section 1"
_BOUNDS = "Stannary design: what is stored and published is bounded"

REQUIREMENT_IS_KNOWN = Rule(
    code="RATING-001",
    demand=gettext_noop("A rating names a requirement of the edition."),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the requirement's id, or choose the edition that it belongs to."),
)
REQUIREMENT_IS_RATED_ONCE = Rule(
    code="RATING-002",
    demand=gettext_noop("A requirement is rated once."),
    source=_CONTRACT,
    remedy=gettext_noop("Keep one rating for the requirement and remove the other."),
)
RATING_IS_KNOWN = Rule(
    code="RATING-003",
    demand=gettext_noop(
        "A rating is one of the words fully, substantially, partially, not_met, not_relevant and pending."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Write one of the six words, in small letters."),
)
NOT_RELEVANT_HAS_A_REASON = Rule(
    code="RATING-004",
    demand=gettext_noop("A requirement rated as not relevant has a rationale that says why."),
    source="Rulebook 15, invariant 2",
    remedy=gettext_noop("Write the rationale, or rate the requirement."),
)
RATIONALE_IS_BOUNDED = Rule(
    code="RATING-005",
    demand=gettext_noop("A rationale has at most 10 000 characters."),
    source=_BOUNDS,
    remedy=gettext_noop("Shorten the rationale and link to the longer text as evidence."),
)
EVIDENCE_IS_BOUNDED = Rule(
    code="RATING-006",
    demand=gettext_noop(
        "A rating has at most 50 links to evidence, each of at most 2 000 characters."
    ),
    source=_BOUNDS,
    remedy=gettext_noop("Keep the links that matter, or link to a page that lists the others."),
)
EVIDENCE_IS_A_WEB_LINK = Rule(
    code="RATING-007",
    demand=gettext_noop(
        "Evidence is a link that begins with https:// or http:// and names a host, without blanks or user name."
    ),
    source=_BOUNDS,
    remedy=gettext_noop("Write the whole address as a browser shows it."),
)
ASSESSOR_IS_BOUNDED = Rule(
    code="RATING-008",
    demand=gettext_noop("The name of an assessor has at most 200 characters."),
    source=_BOUNDS,
    remedy=gettext_noop("Shorten the name."),
)
TEXT_IS_PLAIN = Rule(
    code="RATING-009",
    demand=gettext_noop(
        "A text is made of characters that every reader can show: no control characters but tab and line break."
    ),
    source=_BOUNDS,
    remedy=gettext_noop("Remove the character, for example by typing the words anew."),
)
RATINGS_ARE_READABLE = Rule(
    code="RATING-010",
    demand=gettext_noop("Ratings are handed in as CSV in UTF-8 or as an XLSX workbook."),
    source=_CONTRACT,
    remedy=gettext_noop('Save the table as "CSV UTF-8" with commas, or as .xlsx, and try again.'),
)
COLUMNS_ARE_KNOWN = Rule(
    code="RATING-011",
    demand=gettext_noop(
        "The first row names the columns requirement and rating, and may name rationale, evidence and assessor, each once."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Correct the first row of the table."),
)
ROWS_FIT_THE_HEADER = Rule(
    code="RATING-012",
    demand=gettext_noop("Every row has as many cells as the first row has columns."),
    source=_CONTRACT,
    remedy=gettext_noop("Put texts that hold commas between double quotes, or remove the cell."),
)
TABLE_IS_BOUNDED = Rule(
    code="RATING-013",
    demand=gettext_noop("A table of ratings has at most 20 MB and 100 000 rows."),
    source=_BOUNDS,
    remedy=gettext_noop("Hand in the ratings of one site only."),
)
CELLS_ARE_VALUES = Rule(
    code="RATING-014",
    demand=gettext_noop("A workbook of ratings holds values, not formulas."),
    source=_BOUNDS,
    remedy=gettext_noop("Replace the formula by its value: copy, then paste as values."),
)

_CLOCKS = "Rulebook 4.1"

CLOCK_ZERO_IS_PUBLIC_RELEASE = Rule(
    code="CYCLE-001",
    demand=gettext_noop("The clocks of a cycle count from the public release of the first report."),
    source="Rulebook 4.1, rows 12 to 14",
    remedy=gettext_noop("Record when the report was released."),
)
MONTHS_ARE_CALENDAR_MONTHS = Rule(
    code="CYCLE-002",
    demand=gettext_noop(
        "A clock of months ends on the same day of a later month, or on its last day if it lacks that day."
    ),
    source=_CLOCKS,
    remedy=gettext_noop("Count calendar months."),
)
PARTIAL_RELEASE_WIDENS = Rule(
    code="CYCLE-003",
    demand=gettext_noop(
        "Where the day of release is not known, a clock begins on the first day it may have been and ends by the last."
    ),
    source="Stannary design, decision 5",
    remedy=gettext_noop("Find the day of release in the report or its announcement."),
)
SURVEILLANCE_WINDOW = Rule(
    code="CYCLE-004",
    demand=gettext_noop(
        "The surveillance audit takes place inside its window after the public release, first and last day included."
    ),
    source="Rulebook 4.1, row 13",
    remedy=gettext_noop(
        "Plan the surveillance audit, or record who extended it, until when and why."
    ),
)
LENGTH_IS_KNOWN = Rule(
    code="CYCLE-005",
    demand=gettext_noop("A clock whose length is not known gives no date."),
    source="Rulebook 14",
    remedy=gettext_noop("Add the length to the pack of the standard, with its source."),
)
FULL_AUDIT_DUE = Rule(
    code="CYCLE-006",
    demand=gettext_noop("The next full audit takes place by the day on which the cycle ends."),
    source="Rulebook 4.1, row 14",
    remedy=gettext_noop("Plan the full audit, or record who extended it, until when and why."),
)
