"""Audit firms: for what they are approved, since when, and when they were suspended.

Rules: INDEPENDENCE-001, INDEPENDENCE-002.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stannary.core.independence import rules
from stannary.core.kernel import Finding

EVERYWHERE = "*"
"""In place of a country or material: any."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time in which an approval gives nothing.

    Attributes:
        since: First day.
        until: First day on which the approval counts again; None: not ended yet.
        reason: Why.
    """

    since: datetime.date
    until: datetime.date | None
    reason: str

    def covers(self, day: datetime.date) -> bool:
        """Tell whether a day lies in it."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class FirmApproval:
    """The scheme's approval of a firm.

    Attributes:
        firm: Id of the firm.
        standard: "publisher/standard"; every edition of it.
        countries: ISO 3166-1 alpha-2 codes, or `EVERYWHERE` among them.
        materials: Keys of materials, or `EVERYWHERE` among them.
        since: First day.
        until: Last day, itself included; None: without end.
        suspensions: In any order.
    """

    firm: str
    standard: str
    countries: frozenset[str]
    materials: frozenset[str]
    since: datetime.date
    until: datetime.date | None
    suspensions: tuple[Suspension, ...] = ()

    def in_force(self, day: datetime.date) -> bool:
        """Tell whether a day lies in its time; suspensions are not looked at."""
        return self.since <= day and (self.until is None or day <= self.until)

    def suspended(self, day: datetime.date) -> Suspension | None:
        """Give the suspension that covers a day."""
        return next((one for one in self.suspensions if one.covers(day)), None)

    def covers(self, *, standard: str, country: str, materials: Iterable[str]) -> bool:
        """Tell whether its scope holds a site; a site without known materials needs any."""
        wanted = frozenset(materials) or frozenset({EVERYWHERE})
        return (
            standard == self.standard
            and bool({country, EVERYWHERE} & self.countries)
            and (EVERYWHERE in self.materials or wanted <= self.materials)
        )


def approval_for(
    approvals: Iterable[FirmApproval],
    *,
    firm: str,
    standard: str,
    country: str,
    materials: Sequence[str],
    on: datetime.date,
) -> FirmApproval | None:
    """Give the approval under which a firm may audit a site on a day.

    One approval must cover the whole site; two that each cover a part do not add up. One that is
    not suspended is preferred.
    """
    fitting = [
        approval
        for approval in approvals
        if approval.firm == firm
        and approval.in_force(on)
        and approval.covers(standard=standard, country=country, materials=materials)
    ]
    fitting.sort(key=lambda approval: approval.suspended(on) is not None)
    return fitting[0] if fitting else None


def check_firm(
    approvals: Iterable[FirmApproval],
    *,
    firm: str,
    standard: str,
    country: str,
    materials: Sequence[str],
    on: datetime.date,
) -> tuple[Finding, ...]:
    """Check that a firm may audit a site on a day.

    Args:
        approvals: All that are known of the firm; those of others are ignored.
        firm: Id of the firm.
        standard: "publisher/standard".
        country: Of the site, ISO 3166-1 alpha-2.
        materials: Keys of the site's materials.
        on: The day.

    Returns:
        INDEPENDENCE-001 if no approval covers it, INDEPENDENCE-002 if the approval is suspended.
    """
    found = approval_for(
        approvals, firm=firm, standard=standard, country=country, materials=materials, on=on
    )
    facts = {"firm": firm, "on": on.isoformat()}
    if found is None:
        scope = {"standard": standard, "country": country, "materials": ", ".join(materials) or "-"}
        return (Finding(rules.FIRM_IS_APPROVED, {**facts, **scope}),)
    suspension = found.suspended(on)
    if suspension is None:
        return ()
    until = suspension.until.isoformat() if suspension.until else "not ended"
    facts |= {"since": suspension.since.isoformat(), "until": until}
    return (Finding(rules.FIRM_IS_NOT_SUSPENDED, facts),)
