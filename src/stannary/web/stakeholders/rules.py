"""Rules about stakeholder input that concern writers and what they saw.

Rules: STAKEHOLDER-020 and 021. What an entry needs is said by core: STAKEHOLDER-001 to 008.
"""

from stannary.core.kernel import Rule, gettext_noop

NEWEST_DECISION_WAS_SEEN = Rule(
    code="STAKEHOLDER-020",
    demand=gettext_noop("Who decides what becomes of an entry has seen what was decided before."),
    source="Stannary design: nobody overwrites what they have not seen",
    remedy=gettext_noop("Look at what was decided meanwhile, and decide again."),
)
ENTRY_IS_CORRECTED_ONCE = Rule(
    code="STAKEHOLDER-021",
    demand=gettext_noop("An entry is corrected by one other entry, before anything became of it."),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Correct the newest entry, or decide that it is withdrawn."),
)
