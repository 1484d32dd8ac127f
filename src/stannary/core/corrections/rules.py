"""What a non-conformity needs on its way from finding to effective correction.

Rules: CORRECTION-001 to CORRECTION-011.
"""

from stannary.core.kernel import Rule, gettext_noop

_PLAN = "Rulebook 4.4: corrective action plan, how and by when; deadlines are data of the pack"
_NC = (
    "ISO/IEC 17021-1:2015, 9.4.9 and 9.4.10: causes, correction and corrective action are reviewed"
)

NOTE_FITS_THE_STATE = Rule(
    code="CORRECTION-001",
    demand=gettext_noop("A step in a correction is possible in the state in which the finding is."),
    source=_NC,
    remedy=gettext_noop("See on the finding's page what comes next."),
)
NOTES_ARE_IN_ORDER = Rule(
    code="CORRECTION-002",
    demand=gettext_noop("A step is dated on or after the one before it."),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Correct the date."),
)
CAUSE_AND_PLAN_ARE_WRITTEN = Rule(
    code="CORRECTION-003",
    demand=gettext_noop(
        "A plan names the root cause, the correction, who answers for it, and by when."
    ),
    source=_PLAN,
    remedy=gettext_noop("Write what is missing."),
)
DEADLINE_IS_KEPT = Rule(
    code="CORRECTION-004",
    demand=gettext_noop(
        "The day by which a correction is done lies within the time for its grade."
    ),
    source=_PLAN,
    remedy=gettext_noop("Choose an earlier day, or ask for an extension."),
)
EVIDENCE_IS_GIVEN = Rule(
    code="CORRECTION-005",
    demand=gettext_noop("A correction is handed in with evidence."),
    source=_NC,
    remedy=gettext_noop("Add the evidence."),
)
SOMEBODY_ELSE_CLOSES = Rule(
    code="CORRECTION-006",
    demand=gettext_noop(
        "A finding is closed by somebody who neither handed in its correction nor proposed to close it."
    ),
    source=_NC,
    remedy=gettext_noop("Ask another auditor to look at it."),
)
REASON_IS_WRITTEN = Rule(
    code="CORRECTION-007",
    demand=gettext_noop(
        "Who judges, extends, escalates or re-tests a correction says what was seen."
    ),
    source=_NC,
    remedy=gettext_noop("Write what was seen."),
)
RETEST_IS_IN_A_LATER_AUDIT = Rule(
    code="CORRECTION-008",
    demand=gettext_noop(
        "Whether a correction lasted is tested in an audit after the one that found it."
    ),
    source="Rulebook 4.2: commitments made in the initial report are followed at surveillance",
    remedy=gettext_noop("Record the re-test in the next audit."),
)
ESCALATED_ONCE_OVERDUE = Rule(
    code="CORRECTION-009",
    demand=gettext_noop("A finding is escalated once its last day has passed, not before."),
    source=_PLAN,
    remedy=gettext_noop("Wait until the day is over, or refuse what was handed in."),
)
FINDING_SAYS_WHAT = Rule(
    code="CORRECTION-010",
    demand=gettext_noop("A finding names a requirement of the edition and says what was found."),
    source=_NC,
    remedy=gettext_noop("Choose the requirement, and write what was found."),
)
NOBODY_OF_THE_SITE_IS_NAMED = Rule(
    code="CORRECTION-011",
    demand=gettext_noop(
        "What will be public of a finding names nobody of the site: neither the text, nor the cause, nor the plan."
    ),
    source="Stannary design, what is public names organisations and no people",
    remedy=gettext_noop("Write the function instead of the name."),
)
