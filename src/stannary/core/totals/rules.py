"""What a total of a mine's material, and a holder's receipt of it, must hold.

Rules: TOTAL-001 to TOTAL-009.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, totals of a mine"
_ASK = gettext_noop(
    "Ask the register for the receipt again; if that does not help, show this to other holders and to the certificate's auditor."
)

SUM_IS_NOT_NEGATIVE = Rule(
    code="TOTAL-001",
    demand=gettext_noop("No sum in a total or a receipt is below 0 mg."),
    source=f"{_DESIGN}; Maxwell's summation tree, where a negative sum would hide others",
    remedy=_ASK,
)
SUM_IS_BOUNDED = Rule(
    code="TOTAL-002",
    demand=gettext_noop("No sum in a total or a receipt is above 9 000 000 000 000 000 000 mg."),
    source=_DESIGN,
    remedy=_ASK,
)
ENTRY_IS_A_TOTAL = Rule(
    code="TOTAL-003",
    demand=gettext_noop(
        "A receipt encloses the log's entry of the total, in the form stannary/mine-total/1, and is of the same tree."
    ),
    source=_DESIGN,
    remedy=_ASK,
)
PATH_LEADS_TO_ONE_ROOT = Rule(
    code="TOTAL-004",
    demand=gettext_noop("Every part of a receipt leads, over its path, to the same root."),
    source=f"{_DESIGN}; Hu, Zhang, Guo 2018, where both sums of a node are hashed",
    remedy=_ASK,
)
ROOT_IS_THE_PUBLIC_ONE = Rule(
    code="TOTAL-005",
    demand=gettext_noop("The root of a receipt is the root that stands in the public log."),
    source=_DESIGN,
    remedy=_ASK,
)
SUMS_COME_TO_THE_TOTAL = Rule(
    code="TOTAL-006",
    demand=gettext_noop("The sum at the root is the total that stands in the public log."),
    source=_DESIGN,
    remedy=_ASK,
)
RECEIPT_IS_WHOLE = Rule(
    code="TOTAL-007",
    demand=gettext_noop(
        "A receipt has each of its 16 parts once, at a place of its own, and they add up to the lots that it names."
    ),
    source=_DESIGN,
    remedy=_ASK,
)
TOTAL_IS_WITHIN_PRODUCTION = Rule(
    code="TOTAL-008",
    demand=gettext_noop(
        "A total is what is held and what is under way, and at most what the mine produced."
    ),
    source="Stannary design, totals of a mine; rulebook section 8",
    remedy=gettext_noop(
        "Ask the register which of its figures is wrong; do not rely on the total."
    ),
)
DAY_HAS_ONE_TOTAL = Rule(
    code="TOTAL-009",
    demand=gettext_noop("The public log states one total of a mine for a day, and no other."),
    source=_DESIGN,
    remedy=gettext_noop(
        "Somebody was shown another total: do not rely on either, and tell other holders."
    ),
)
