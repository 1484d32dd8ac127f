"""What makes a firm and its people independent and competent, in the order checked.

The lengths and shares are constants of the standard's pack; one that is unknown there is not
checked, and the check says so (INDEPENDENCE-010).

Rules: INDEPENDENCE-001 to INDEPENDENCE-010.
"""

from stannary.core.kernel import Rule, gettext_noop

_FIRMS = "Rulebook 5: operators contract approved firms only"
_TEAMS = "Rulebook 4.1 row 5 and 5; numbers are data of the pack"

FIRM_IS_APPROVED = Rule(
    code="INDEPENDENCE-001",
    demand=gettext_noop(
        "An audit firm is approved on the day for the standard, the site's country and each of its materials."
    ),
    source=_FIRMS,
    remedy=gettext_noop("Choose a firm whose approval covers the site, or widen its approval."),
)
FIRM_IS_NOT_SUSPENDED = Rule(
    code="INDEPENDENCE-002",
    demand=gettext_noop("A suspended firm takes on no audit and continues none."),
    source=_FIRMS,
    remedy=gettext_noop("Wait for the end of the suspension, or choose another firm."),
)
TEAM_HAS_ITS_ROLES = Rule(
    code="INDEPENDENCE-003",
    demand=gettext_noop(
        "A team has one lead auditor and one reviewer, and the reviewer audits nothing in it."
    ),
    source="ISO/IEC 17065:2012, 7.5 and 7.6: review and decision by persons not involved; "
    + _TEAMS,
    remedy=gettext_noop("Name one lead auditor, and a reviewer who is not of the audit team."),
)
PEOPLE_ARE_COMPETENT = Rule(
    code="INDEPENDENCE-004",
    demand=gettext_noop(
        "Everybody in a team has the competences that their role needs, none of them expired on the day."
    ),
    source=_TEAMS,
    remedy=gettext_noop("Record the training with its dates, or name somebody who has it."),
)
INTERESTS_ARE_DECLARED = Rule(
    code="INDEPENDENCE-005",
    demand=gettext_noop(
        "Everybody in a team has declared their interests for this engagement, no longer ago than the standard allows."
    ),
    source=_TEAMS,
    remedy=gettext_noop("Ask the person for their declaration."),
)
INTERESTS_DO_NOT_CONFLICT = Rule(
    code="INDEPENDENCE-006",
    demand=gettext_noop(
        "Nobody in a team has an interest in the site or its operator that was not cleared by the secretariat."
    ),
    source=_TEAMS,
    remedy=gettext_noop("Name somebody else, or ask the secretariat to judge the interest."),
)
COOLING_OFF_HAS_PASSED = Rule(
    code="INDEPENDENCE-007",
    demand=gettext_noop(
        "Nobody in a team has worked for the operator, or advised it, within the cooling-off period."
    ),
    source=_TEAMS,
    remedy=gettext_noop("Name somebody else, or wait until the period has passed."),
)
LEADS_ROTATE = Rule(
    code="INDEPENDENCE-008",
    demand=gettext_noop(
        "Nobody leads more full audits of one site in a row than the standard allows."
    ),
    source=_TEAMS,
    remedy=gettext_noop("Name another lead auditor."),
)
FEES_DO_NOT_BIND = Rule(
    code="INDEPENDENCE-009",
    demand=gettext_noop(
        "The fees from one operator and its group stay within the share of a firm's income that the standard allows."
    ),
    source=_TEAMS,
    remedy=gettext_noop("Choose another firm, or record the figures of the last financial year."),
)
LIMIT_IS_KNOWN = Rule(
    code="INDEPENDENCE-010",
    demand=gettext_noop(
        "A limit that the standard leaves open is not checked, and is said to be so."
    ),
    source="Rulebook 14: what is unknown is data",
    remedy=gettext_noop("Enter the limit in the standard's pack when it is known."),
)
