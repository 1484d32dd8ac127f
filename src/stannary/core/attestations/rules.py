"""What an achievement must hold, in the order checked.

Rules: ATTESTATION-001 to ATTESTATION-006.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, decision 4: records are facts"

LEVEL_NEEDS_A_RESULT = Rule(
    code="ATTESTATION-001",
    demand=gettext_noop("An achievement rests on a published result whose level is determined."),
    source="Rulebook 15, invariant 3",
    remedy=gettext_noop("Publish a result with a level; a pending level gives no achievement."),
)
EDITION_IS_THE_RESULTS = Rule(
    code="ATTESTATION-002",
    demand=gettext_noop(
        "An achievement names a level of the edition under which its result was published."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Use the edition that the result names."),
)
ENDS_AFTER_IT_BEGINS = Rule(
    code="ATTESTATION-003",
    demand=gettext_noop(
        "An achievement is in force from its first day until the day before its end, which is later."
    ),
    source="Stannary style: from inclusive, until exclusive",
    remedy=gettext_noop("Correct the end."),
)
RESTS_ON_THE_CYCLE = Rule(
    code="ATTESTATION-004",
    demand=gettext_noop(
        "An achievement ends when the next full audit is due, counted in months from the public release."
    ),
    source="Rulebook 4.1, row 14",
    remedy=gettext_noop("Set reassessment_months in the pack, 1 or more, or leave it unknown."),
)
CHANGES_ARE_IN_ORDER = Rule(
    code="ATTESTATION-005",
    demand=gettext_noop(
        "Changes of status follow each other day by day, none before the first day or after the end."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Record each change with the day on which it takes effect."),
)
CHANGES_FOLLOW_THE_STATUS = Rule(
    code="ATTESTATION-006",
    demand=gettext_noop(
        "What is in force can be suspended, what is suspended can be in force again, and what is withdrawn stays withdrawn."
    ),
    source="Rulebook 4.3: our default while the scheme's own rule is unknown",
    remedy=gettext_noop("Record an achievement of its own after a withdrawal."),
)
