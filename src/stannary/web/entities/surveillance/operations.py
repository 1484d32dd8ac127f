"""What may be recorded of surveillance: it is a fact, and nothing is suspended by itself.

Rules: PARTY-001, ENTITY-005, ENTITY-011, CUSTODY-104.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from stannary.core.custody import check_surveillance
from stannary.core.kernel import RefusalError, refuse
from stannary.web.entities import queries as entities
from stannary.web.entities import records, rules
from stannary.web.entities.models import SurveillanceVisit
from stannary.web.entities.surveillance import queries
from stannary.web.parties.models import Person


@transaction.atomic
def record_visit(
    *,
    actor: Person,
    number: str,
    on: datetime.date,
    outcome: str,
    note: str,
    at: datetime.datetime | None = None,
) -> SurveillanceVisit:
    """Record that the holder of a certificate was audited in between. This will change no status.

    Args:
        actor: An auditor of the firm that issued it, or of a secretariat.
        number: Of the certificate.
        on: Day on which it was done.
        outcome: "conforms", "with_findings" or "does_not_conform".
        note: What was found, in words that anybody may read.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 for everybody else, or if there is no such certificate. ENTITY-005
            for who books for the holder. ENTITY-011 without outcome or words. CUSTODY-104 for a
            day ahead, one on which the certificate does not last, or one that is recorded.
    """
    row = queries.certificate_to_watch(actor, number, lock=True)
    if entities.acts_for(actor, row.holder):
        refuse(rules.NOBODY_JUDGES_THEMSELVES, entity=row.holder.name)
    if outcome not in SurveillanceVisit.Outcome.values or not note.strip():
        refuse(
            rules.SURVEILLANCE_SAYS_WHAT_WAS_FOUND,
            certificate=number,
            outcome=outcome[:40] or "-",
            note=note.strip()[:40] or "-",
        )
    moment = at or timezone.now()
    done = [visit.on for visit in row.visits.all()]
    today = timezone.localdate(moment)
    findings = check_surveillance(records.certificate(row), done, on=on, today=today)
    if findings:
        raise RefusalError(*findings)
    return SurveillanceVisit.objects.create(
        certificate=row,
        on=on,
        outcome=outcome,
        note=note.strip(),
        office=queries.office_of(actor, row),
        by=actor,
        at=moment,
    )
