"""Rules of the register about claims, beside those of the core.

Rules: CLAIM-040.
"""

from stannary.core.kernel import Rule, gettext_noop

ELEMENT_IS_THE_TRACKED_ONE = Rule(
    code="CLAIM-040",
    demand=gettext_noop(
        "A claim names one element, in one word: the one by which the lot is tracked, where the name of its material tells it."
    ),
    source="Stannary open-custody 0.1, words of claims",
    remedy=gettext_noop("Name the element that is tracked, for example lithium."),
)
