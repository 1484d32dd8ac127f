"""What a crosswalk must say to be used, in the order checked.

Rules: CROSSWALK-001 to CROSSWALK-006.
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
        "A judgement that holds in both directions has coverage and coverage_back; one that holds forward has coverage alone."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Add coverage_back, or set the direction to forward."),
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
        "A clause examined without any counterpart has no other link, and only this judgement leaves a side empty."
    ),
    source=_DESIGN + "; usnistgov/OSCAL#1333",
    remedy=gettext_noop("Remove the judgement, or the links that contradict it."),
)
