"""What a crosswalk must say to be used, in the order checked.

Rules: CROSSWALK-001 to CROSSWALK-009. CROSSWALK-008 and CROSSWALK-009 are checked by the reader
of files.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, crosswalks; relation words of OSCAL mapping 1.2"

CLAUSES_ARE_THERE = Rule(
    code="CROSSWALK-001",
    demand=gettext_noop(
        "A crosswalk joins two different editions and names chapters, sections or requirements that they have."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Correct the id, or name the edition that has it."),
)
PAIRS_ARE_JUDGED_ONCE = Rule(
    code="CROSSWALK-002",
    demand=gettext_noop("A pair of clauses is judged once."),
    source=_DESIGN,
    remedy=gettext_noop("Keep one of the two judgements."),
)
COVERAGE_FITS_THE_RELATION = Rule(
    code="CROSSWALK-003",
    demand=gettext_noop(
        "Equal and superset cover the other whole (1), subset and intersects a part of it (between 0 and 1), none nothing (0)."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Correct the coverage, or choose the relation that it shows."),
)
DIRECTION_IS_JUDGED = Rule(
    code="CROSSWALK-004",
    demand=gettext_noop(
        "A judgement that holds in both directions, as none always does, has coverage and coverage_back;"
        " one that holds forward has coverage alone."
    ),
    source=_DESIGN,
    remedy=gettext_noop(
        "Set the direction to both and add coverage_back, or to forward without it."
    ),
)
JUDGEMENTS_HAVE_AN_AUTHOR = Rule(
    code="CROSSWALK-005",
    demand=gettext_noop("A judgement names its reason, who made it, and on which day."),
    source=_DESIGN,
    remedy=gettext_noop("Add reason, reviewer and date."),
)
NONE_STANDS_ALONE = Rule(
    code="CROSSWALK-006",
    demand=gettext_noop(
        "What was examined and found to have nothing in common has no link, in whole or in a part;"
        " and only such a judgement leaves a side empty."
    ),
    source=_DESIGN + "; usnistgov/OSCAL#1333",
    remedy=gettext_noop("Remove the judgement, or the links that contradict it."),
)
PLAN_HAS_OTHERS = Rule(
    code="CROSSWALK-007",
    demand=gettext_noop(
        "A co-audit plan has one leading edition and at least one further edition, each named once."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Name further editions, none of them twice and none the leading one."),
)
FILE_IS_READABLE = Rule(
    code="CROSSWALK-008",
    demand=gettext_noop(
        "A crosswalk is a file in TOML, or a table in CSV, in UTF-8, of 2 MiB and 20 000 judgements at most."
    ),
    source="Stannary contracts, section 5",
    remedy=gettext_noop("Correct the file at the place named, or divide it."),
)
KEYS_AND_ROWS_FIT = Rule(
    code="CROSSWALK-009",
    demand=gettext_noop(
        "A crosswalk has every key or column of its form once and no other;"
        " the rows of a table are as long as its first and join the same two editions."
    ),
    source="Stannary contracts, section 5",
    remedy=gettext_noop("Add what is missing, or correct what is unknown, at the place named."),
)
