"""Rules of the register's book, beside those of the core.

Rules: CUSTODY-040, CUSTODY-041.
"""

from stannary.core.kernel import Rule, gettext_noop

EVENT_IS_BOOKED_ONCE = Rule(
    code="CUSTODY-040",
    demand=gettext_noop(
        "An event is booked once, with all its rows; what is booked is never added to."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Give the new movements an event of their own."),
)
PRODUCED_BY_THE_SAME_KIND = Rule(
    code="CUSTODY-041",
    demand=gettext_noop(
        "Material is booked as produced at a site only by an organisation of the same kind of record: "
        "a made-up organisation books at made-up sites."
    ),
    source="Stannary design, decision 6: nothing is made up about a real site",
    remedy=gettext_noop(
        "Book it at a site of the same kind, or in the name of the organisation that produced it."
    ),
)
