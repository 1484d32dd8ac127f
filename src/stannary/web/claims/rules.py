"""Rules of the register about claims, beside those of the core.

Rules: CLAIM-040 to CLAIM-043.
"""

from stannary.core.kernel import Rule, gettext_noop

ELEMENT_IS_THE_TRACKED_ONE = Rule(
    code="CLAIM-040",
    demand=gettext_noop(
        "A claim names one element, in one word: that of its lot, where movements or the name of its material tell it."
    ),
    source="Stannary open-custody 0.1, words of claims",
    remedy=gettext_noop("Name the element that is tracked, for example lithium."),
)
WITHDRAWAL_SAYS_WHY = Rule(
    code="CLAIM-041",
    demand=gettext_noop("Whoever takes a claim back says why, in 1 to 1 000 characters."),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Write in a sentence why it no longer holds."),
)
CLAIM_IS_WITHDRAWN_ONCE = Rule(
    code="CLAIM-042",
    demand=gettext_noop("A claim is taken back once, and that is not taken back."),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Make another claim on the lot, if one may be made."),
)
CLAIM_FALLS_WITH_WHAT_IT_RESTS_ON = Rule(
    code="CLAIM-043",
    demand=gettext_noop(
        "A claim that the records no longer support is marked as affected, until it is taken back or supported again."
    ),
    source="Rulebook 8.1 and 8.2: a claim never exceeds what was booked, per level",
    remedy=gettext_noop(
        "Take the claim back and say why, or book what supports it; the page of the claim says what is missing."
    ),
)
WORDS_ARE_OF_THE_CLAIMANTS_PACK = Rule(
    code="CLAIM-044",
    demand=gettext_noop(
        "A claim that rests on books is made in the words of the pack under which the claimant keeps its books."
    ),
    source="Rulebook 8.2: a claim is made in the words that its pack allows",
    remedy=gettext_noop("Name the pack of your certificate, or none: then it is used."),
)
