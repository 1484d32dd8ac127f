"""What a trace needs to be asked for.

Rules: TRACE-001 to TRACE-005. Defects of the movements themselves stop a trace with their own
codes (CUSTODY-001 to CUSTODY-011).
"""

from stannary.core.kernel import Rule, gettext_noop

_CONTRACT = "Stannary contracts, section 3"

LOT_IS_IN_THE_FILE = Rule(
    code="TRACE-001",
    demand=gettext_noop("A lot that is traced was made by one of the events given."),
    source=_CONTRACT,
    remedy=gettext_noop("Check the spelling of the lot, or give the file that holds it."),
)
SITE_IS_IN_THE_FILE = Rule(
    code="TRACE-002",
    demand=gettext_noop(
        "A site whose material is followed produced something in one of the events given."
    ),
    source=_CONTRACT,
    remedy=gettext_noop("Check the spelling of the site, or give the file that holds it."),
)
ENGINE_IS_HERE = Rule(
    code="TRACE-003",
    demand=gettext_noop("A trace is made by an engine that this program has."),
    source=_CONTRACT,
    remedy=gettext_noop(
        "Use --engine exact or --engine arrays, or install what is missing: the extra spark, and Java 17 or newer."
    ),
)
LEVELS_ARE_READABLE = Rule(
    code="TRACE-004",
    demand=gettext_noop(
        "Levels are a CSV file in UTF-8 with the columns attestation and level, each attestation once."
    ),
    source="Stannary's own choice",
    remedy=gettext_noop("Correct the file at the place named."),
)
ATTESTATION_IS_IN_THE_FILE = Rule(
    code="TRACE-005",
    demand=gettext_noop(
        "An attestation whose effect is asked for is named by something produced in the time asked for."
    ),
    source="Stannary design, engines",
    remedy=gettext_noop("Check the identifier and the time, or give the file that holds it."),
)
