"""Surveillance: how often the holder of a certificate is audited in between, and at how many sites.

Nothing is suspended by itself when it is overdue: it is told, and people decide.

Rules: CUSTODY-070, CUSTODY-071, CUSTODY-104, CUSTODY-105.
"""

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.certificates import CertificateStatus, CustodyCertificate
from stannary.core.custody.parameters import CustodyRules
from stannary.core.kernel import Finding, add_months

INTERVAL = "surveillance_interval_months"
SAMPLE = "surveillance_site_sample"
NOTICE_DAYS = 30
"""So many days ahead surveillance is told as due."""


class SurveillanceOutcome(StrEnum):
    """What somebody found who audited the holder of a certificate in between."""

    CONFORMS = "conforms"
    WITH_FINDINGS = "with_findings"
    DOES_NOT_CONFORM = "does_not_conform"


class Due(StrEnum):
    """How the next surveillance stands on a day."""

    NOTHING = "nothing"
    AHEAD = "ahead"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Surveillance:
    """What surveillance of a certificate is to be done next.

    Attributes:
        due: How it stands on the day that was asked about.
        on: The last day on which it is in time; None: no more before the certificate ends.
        findings: CUSTODY-105 if it is overdue.
    """

    due: Due
    on: datetime.date | None = None
    findings: tuple[Finding, ...] = ()


def next_surveillance(
    certificate: CustodyCertificate,
    done: Iterable[datetime.date],
    allowed: CustodyRules,
    day: datetime.date,
) -> Surveillance:
    """Tell when a certificate needs surveillance next, as known on a day.

    Counted from the last that was done, or from the first day of the certificate. What would fall
    on its end or later is left to the next certificate.

    Args:
        certificate: Nothing is due once it has ended or was withdrawn.
        done: Days of surveillance; those after the day do not count.
        allowed: The constants of its pack; an interval of 0 months asks for none.
        day: The day.

    Raises:
        RefusalError: CUSTODY-070 if the pack does not know the interval.
    """
    months = allowed.whole(INTERVAL)
    over = (CertificateStatus.WITHDRAWN, CertificateStatus.EXPIRED)
    last = max((one for one in done if one <= day), default=certificate.valid_from)
    on = add_months(last, months)
    if not months or on >= certificate.valid_until or certificate.status_on(day) in over:
        return Surveillance(Due.NOTHING)
    if day > on:
        facts = {
            "certificate": certificate.id[:200],
            "last": last.isoformat(),
            "due_on": on.isoformat(),
            "months": str(months),
        }
        return Surveillance(Due.OVERDUE, on, (Finding(rules.SURVEILLANCE_IS_DONE_IN_TIME, facts),))
    near = (on - day).days <= NOTICE_DAYS
    return Surveillance(Due.DUE if near else Due.AHEAD, on)


def check_surveillance(
    certificate: CustodyCertificate,
    done: Iterable[datetime.date],
    *,
    on: datetime.date,
    today: datetime.date,
) -> tuple[Finding, ...]:
    """Check the day of surveillance that somebody records (CUSTODY-104).

    Args:
        certificate: Its own.
        done: Days of surveillance that are recorded already.
        on: The day on which it was done.
        today: The day on which it is recorded.
    """
    lasts = certificate.status_on(on) in (CertificateStatus.IN_FORCE, CertificateStatus.SUSPENDED)
    if lasts and on <= today and on not in frozenset(done):
        return ()
    facts = {"certificate": certificate.id[:200], "on": on.isoformat()}
    facts |= {"status": str(certificate.status_on(on)), "today": today.isoformat()}
    return (Finding(rules.SURVEILLANCE_LIES_IN_ITS_CERTIFICATE, facts),)


def sites_to_visit(certificate: CustodyCertificate, allowed: CustodyRules) -> int | None:
    """Give how many of its sites surveillance visits; None if the pack does not know it.

    Example:
        >>> from stannary.core.custody import CertificateScope, Constant, EntityKind, Model
        >>> from stannary.core.kernel import Mark
        >>> scope = CertificateScope(frozenset("abcde"), frozenset({"ore"}), frozenset(Model))
        >>> day = datetime.date
        >>> held = CustodyCertificate("C1", "Example Refining", EntityKind.REFINER, "p", scope,
        ...                           day(2026, 1, 1), day(2029, 1, 1))
        >>> root = {SAMPLE: Constant("square_root", Mark.OWN, "illustrative")}
        >>> sites_to_visit(held, CustodyRules(constants=root))
        3

    Raises:
        RefusalError: CUSTODY-071 for a word that this program does not have.
    """
    if not allowed.knows(SAMPLE):
        return None
    number = len(certificate.scope.sites)
    if allowed.word(SAMPLE, ("all", "square_root")) == "all":
        return number
    return math.isqrt(number - 1) + 1 if number else 0
