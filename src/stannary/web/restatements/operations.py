"""What may be done about a correction beside looking at what it touches: it is booked.

Rules: RESTATEMENT-001 to RESTATEMENT-004, CUSTODY-093 and the others of booking, PARTY-001.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from stannary.web.custody import operations as custody
from stannary.web.cycle.records import tidy
from stannary.web.parties.models import Person
from stannary.web.restatements import queries
from stannary.web.restatements.models import BookedCorrection
from stannary.web.restatements.queries import Wanted


@transaction.atomic
def correct(
    *,
    actor: Person,
    wanted: Wanted,
    reason: str,
    at: datetime.datetime | None = None,
) -> BookedCorrection:
    """Book a correction: a record of its own that restates an event or takes it back.

    Args:
        actor: A clerk of whoever recorded the event.
        wanted: Which record, and what is right.
        reason: What showed that the record was wrong.
        at: When it is booked; None: now. It counts from then on.

    Raises:
        RefusalError: PARTY-001 if there is no such record or it is not of an organisation of the
            actor; RESTATEMENT-002 if nothing would change, 003 without a reason. With every
            finding: what the books would not hold with it; then nothing is booked.
    """
    custody.open_book()
    known = queries.known(actor)
    row = queries.row_to_correct(actor, known, wanted.key)
    moment = max(at or timezone.now(), row.at)
    event, why = f"K-{uuid.uuid4()}", tidy(reason)
    rows = queries.correction_rows(known, row, wanted, event=event, at=moment, reason=why)
    queries.check(known, row, wanted, event=event, by=str(actor.pk), at=moment, reason=why)
    custody.book(actor=actor, rows=rows)
    booked = BookedCorrection(
        event=event,
        restates=row.event,
        annuls=wanted.annul,
        reason=why,
        by=actor,
        at=moment,
    )
    booked.save(force_insert=True)
    return booked
