"""What a trace needs to be asked for.

Rules: TRACE-001, TRACE-002. Defects of the movements themselves stop a trace with their own
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
