"""A firm, a team and a site that nothing speaks against; tests change one thing."""

import datetime
from dataclasses import replace
from typing import Any

from core.standards.made_up import EDITION, constant
from stannary.core.independence import (
    EVERYWHERE,
    Assignment,
    AuditorRecord,
    Competence,
    Declaration,
    FeeShare,
    FirmApproval,
    TeamMember,
    TeamRole,
)
from stannary.core.kernel import Value
from stannary.core.standards import Edition

DAY = datetime.date(2026, 6, 1)
ONE = datetime.timedelta(days=1)
ENGAGEMENT = "e-1"


def limits(**changed: Value | None) -> Edition:
    """Give the made-up edition with limits; None leaves one out, "?" makes it unknown."""
    values: dict[str, tuple[str, Value | None]] = {
        "independence_cooling_off_months": ("month", 36),
        "independence_lead_audits_in_a_row": ("1", 2),
        "independence_fee_share": ("1", "0.15"),
        "independence_declaration_days": ("day", 365),
        "competences_of_lead_auditor": ("", "standard_training lead_auditor"),
        "competences_of_auditor": ("", "standard_training"),
        "competences_of_reviewer": ("", "standard_training"),
    }
    for name, value in changed.items():
        values[name] = (values[name][0], value)
    parameters = {
        name: constant(None if value == "?" else value, name=name, unit=unit)
        for name, (unit, value) in values.items()
        if value is not None
    }
    return replace(EDITION, parameters={**EDITION.parameters, **parameters})


def trained(*kinds: str, until: datetime.date | None = None) -> tuple[Competence, ...]:
    return tuple(Competence(kind, DAY - 100 * ONE, until, "made up") for kind in kinds)


def person(name: str, *kinds: str, **changed: Any) -> AuditorRecord:
    parts: dict[str, Any] = {
        "competences": trained("standard_training", *kinds),
        "declarations": (Declaration(ENGAGEMENT, DAY - ONE, ()),),
    }
    return AuditorRecord(name, name.title(), **(parts | changed))


LEAD = TeamMember(TeamRole.LEAD, person("ana", "lead_auditor"))
AUDITOR = TeamMember(TeamRole.AUDITOR, person("ben"))
REVIEWER = TeamMember(TeamRole.REVIEWER, person("chi"))

APPROVAL = FirmApproval(
    firm="firm",
    standard="example/made-up",
    countries=frozenset({"ZA", "BR"}),
    materials=frozenset({"copper", "gold"}),
    since=DAY - 30 * ONE,
    until=DAY + 30 * ONE,
)
ANYTHING = replace(
    APPROVAL, countries=frozenset({EVERYWHERE}), materials=frozenset({EVERYWHERE}), until=None
)


def assignment(**changed: Any) -> Assignment:
    parts: dict[str, Any] = {
        "engagement": ENGAGEMENT,
        "edition": limits(),
        "firm": "firm",
        "operator": "operator",
        "site": "site",
        "country": "ZA",
        "materials": ("copper",),
        "team": (LEAD, AUDITOR, REVIEWER),
        "fees": FeeShare(15, 100),
    }
    return Assignment(**(parts | changed))
