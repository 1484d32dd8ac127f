"""Rules about who may do what, and about what is said of real sites.

Rules: PARTY-001 to PARTY-005.
"""

from stannary.core.kernel import Rule, gettext_noop

_FACTS = "Stannary design, decision 6"

IS_THERE_FOR_YOU = Rule(
    code="PARTY-001",
    demand=gettext_noop("What is asked for exists and is open to the person who asks."),
    source="Stannary design, decision on rights: not yours and not there look alike",
    remedy=gettext_noop("Check the address, or sign in with an account that has the role."),
)
FACTS_HAVE_SOURCES = Rule(
    code="PARTY-002",
    demand=gettext_noop(
        "A fact about a real site carries its source and a mark of how sure we are."
    ),
    source=_FACTS,
    remedy=gettext_noop("Add the source to the fact, or leave the fact out."),
)
FACTS_ARE_KNOWN_KINDS = Rule(
    code="PARTY-003",
    demand=gettext_noop(
        "A file of published facts is named after its site and uses known countries, materials, states and kinds of facts."
    ),
    source=_FACTS,
    remedy=gettext_noop("Correct the word, or add it to the reference data with its name."),
)
LEVELS_ARE_PUBLISHED = Rule(
    code="PARTY-004",
    demand=gettext_noop(
        "A site has a level when its results are published with one, and never before."
    ),
    source="Rulebook 15, invariant 3",
    remedy=gettext_noop("Remove the level, or record that results with a level were published."),
)
EVENTS_END_AFTER_THEY_BEGIN = Rule(
    code="PARTY-005",
    demand=gettext_noop("An event ends on the day it begins or later."),
    source=_FACTS,
    remedy=gettext_noop("Correct one of the two dates."),
)
