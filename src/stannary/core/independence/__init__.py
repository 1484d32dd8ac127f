"""Independence: may this firm, and may this person, audit this site?"""

from stannary.core.independence.fees import COUNT_FOR_MONTHS, YearFigures, last_year
from stannary.core.independence.firms import (
    EVERYWHERE,
    FirmApproval,
    Suspension,
    approval_for,
    check_firm,
)
from stannary.core.independence.people import (
    SOON_DAYS,
    AuditorRecord,
    Competence,
    Declaration,
    Interest,
    PastAudit,
    Standing,
)
from stannary.core.independence.teams import (
    Assignment,
    FeeShare,
    TeamMember,
    TeamRole,
    blocking,
    check_assignment,
)

__all__ = [
    "COUNT_FOR_MONTHS",
    "EVERYWHERE",
    "SOON_DAYS",
    "Assignment",
    "AuditorRecord",
    "Competence",
    "Declaration",
    "FeeShare",
    "FirmApproval",
    "Interest",
    "PastAudit",
    "Standing",
    "Suspension",
    "TeamMember",
    "TeamRole",
    "YearFigures",
    "approval_for",
    "blocking",
    "check_assignment",
    "check_firm",
    "last_year",
]
