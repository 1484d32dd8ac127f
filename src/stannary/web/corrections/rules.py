"""Rules about findings that concern writers and what they saw.

Rules: CORRECTION-020 and CORRECTION-021. What a step needs is said by core: CORRECTION-001 to 011.
"""

from stannary.core.kernel import Rule, gettext_noop

NEWEST_STEP_WAS_SEEN = Rule(
    code="CORRECTION-020",
    demand=gettext_noop("Who takes a step about a finding has seen every step before theirs."),
    source="Stannary design: nobody overwrites what they have not seen",
    remedy=gettext_noop("Look at what happened meanwhile, and decide again."),
)
VERDICT_IS_RAISED_ONCE = Rule(
    code="CORRECTION-021",
    demand=gettext_noop("A verdict that is not fully met becomes one finding."),
    source="Stannary design, findings are drafted from verdicts",
    remedy=gettext_noop("Look at the finding that was made of it."),
)
