"""Rules of the register about totals, beside those of the core.

Rules: TOTAL-010.
"""

from stannary.core.kernel import Rule, gettext_noop

SECRET_IS_THE_SAME = Rule(
    code="TOTAL-010",
    demand=gettext_noop(
        "A receipt is made with the secret with which its total was entered, and from the same holdings."
    ),
    source="Stannary design, totals of a mine",
    remedy=gettext_noop(
        "Put keys/totals.key back from the backup of the register, or take a receipt of a later total."
    ),
)
