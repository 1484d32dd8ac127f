"""Rules of the register's book, beside those of the core.

Rules: CUSTODY-040.
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
