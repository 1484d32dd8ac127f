"""How ratings become a level, in the order of a derivation.

Rules: SCORE-001 to SCORE-012.
"""

from stannary.core.kernel import Rule, gettext_noop

_ALGORITHM = "Rulebook 2.3"

EDITION_CAN_GIVE_A_LEVEL = Rule(
    code="SCORE-001",
    demand=gettext_noop(
        "A level is given only under an edition whose requirements are complete and that has levels."
    ),
    source="Stannary pack format: requirements_complete",
    remedy=gettext_noop("Load the official text of the standard, or choose a complete edition."),
)
CONSTANTS_ARE_KNOWN = Rule(
    code="SCORE-002",
    demand=gettext_noop(
        "The points of every rating and the value of every test of a level are known on the day."
    ),
    source="Rulebook 0.3: unknown is never guessed",
    remedy=gettext_noop("Add the value to the pack, with its source."),
)
SOMETHING_IS_RELEVANT = Rule(
    code="SCORE-003",
    demand=gettext_noop("A level needs at least one requirement that is relevant."),
    source=_ALGORITHM,
    remedy=gettext_noop("Rate the requirements that apply to the site."),
)
EMPTY_PRINCIPLE_IS_SHOWN = Rule(
    code="SCORE-004",
    demand=gettext_noop(
        "A principle in which nothing is relevant is left out of the comparison, and this is shown."
    ),
    source="Rulebook 2.3, last line: our default",
    remedy=gettext_noop("Check that every requirement of the principle is truly not relevant."),
)
A_LEVEL_IS_REACHED = Rule(
    code="SCORE-005",
    demand=gettext_noop("The level is the highest one all of whose tests are passed."),
    source="Rulebook 2.2",
    remedy=gettext_noop("See which tests of the lowest level are not passed."),
)
ONLY_RATED_COUNTS = Rule(
    code="SCORE-006",
    demand=gettext_noop(
        "A share is the points given over the points possible; a requirement that is not relevant is in no count."
    ),
    source="Rulebook 2.1; Rulebook 15, invariant 2",
    remedy=gettext_noop("Count neither its points nor its possible points."),
)
LOWEST_PRINCIPLE_DECIDES = Rule(
    code="SCORE-007",
    demand=gettext_noop("The level follows the lowest principle, never the mean."),
    source="Rulebook 2.2; Rulebook 15, invariant 1",
    remedy=gettext_noop("Improve the principle with the lowest share."),
)
SHARES_ARE_COMPARED_EXACTLY = Rule(
    code="SCORE-008",
    demand=gettext_noop(
        "A share reaches a threshold if it equals or exceeds it as an exact fraction, without rounding."
    ),
    source="Rulebook 2.1, rounding: our default",
    remedy=gettext_noop("Gain the points that are missing."),
)
CRITICALS_ARE_MET = Rule(
    code="SCORE-009",
    demand=gettext_noop(
        "Every relevant critical requirement is rated at least as well as the level asks."
    ),
    source="Rulebook 2.2; Rulebook 15, invariant 1",
    remedy=gettext_noop("Improve the critical requirements named."),
)
ALL_ARE_MET = Rule(
    code="SCORE-010",
    demand=gettext_noop("Every relevant requirement is rated at least as well as the level asks."),
    source="Rulebook 2.2, highest level",
    remedy=gettext_noop("Improve the requirements that are rated lower."),
)
PENDING_KEEPS_A_FLOOR = Rule(
    code="SCORE-011",
    demand=gettext_noop(
        "A level is pending while a requirement without rating could change it; the floor is certain whatever happens."
    ),
    source="Rulebook 2.2, level pending",
    remedy=gettext_noop("Rate the pending requirements."),
)
NEXT_LEVEL_IS_SMALLEST_STEP = Rule(
    code="SCORE-012",
    demand=gettext_noop(
        "What is missing for the next level is the smallest number of points in each principle, "
        "and the critical requirements below it."
    ),
    source="Stannary contracts, section 1",
    remedy=gettext_noop("Gain these points and improve these requirements."),
)
