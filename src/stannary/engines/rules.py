"""What the engines demand of those who call them.

Rules: ENGINE-001 to ENGINE-006.
"""

from stannary.core.kernel import Rule, gettext_noop

RATINGS_FORM_A_TABLE = Rule(
    code="ENGINE-001",
    demand=gettext_noop(
        "Ratings of many assessments are bytes, one for each requirement of the edition, in its order."
    ),
    source="Stannary design, engines",
    remedy=gettext_noop(
        "Give unsigned bytes: a row for each assessment, a column for each requirement."
    ),
)
RATINGS_HAVE_KNOWN_CODES = Rule(
    code="ENGINE-002",
    demand=gettext_noop(
        "A rating is coded 0 fully, 1 substantially, 2 partially, 3 not met, 4 not relevant or 5 pending."
    ),
    source="Stannary design, engines",
    remedy=gettext_noop("Correct the code; what is not rated yet is 5."),
)
ENGINE_IS_INSTALLED = Rule(
    code="ENGINE-003",
    demand=gettext_noop("An engine that is asked for by name is known and installed."),
    source="Stannary design, engines",
    remedy=gettext_noop(
        "Install the extra analytics, ask for another engine, or leave the choice to the program."
    ),
)

LOG_IS_WHOLE = Rule(
    code="ENGINE-004",
    demand=gettext_noop("A log of movements is whole up to its last batch."),
    source="Stannary design, engines",
    remedy=gettext_noop(
        "Take the log from a backup; a torn last batch alone is cut off by itself."
    ),
)
EVENT_IS_APPENDED_ONCE = Rule(
    code="ENGINE-005",
    demand=gettext_noop("An event is appended to a log of movements once, with all of its rows."),
    source="Stannary design, engines",
    remedy=gettext_noop("Leave out what was appended before, or give the new event another id."),
)
CLUSTER_ANSWERS = Rule(
    code="ENGINE-006",
    demand=gettext_noop("A cluster that is to trace answers at the address given."),
    source="Stannary design, engines",
    remedy=gettext_noop(
        "Start the cluster, correct its address, or leave it out to use this machine."
    ),
)
