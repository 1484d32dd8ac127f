"""One act about a credit beside offering it: it is used up for a named beneficiary, for good.

Rules: CUSTODY-072 to CUSTODY-074, CUSTODY-086 to CUSTODY-092, PARTY-001, TRANSACTION-011.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from stannary.core.custody import Kind, Model, Row, Side
from stannary.core.custody.accounting.rules import RETIREMENT_NAMES_ITS_BENEFICIARY
from stannary.core.kernel import refuse
from stannary.web.custody import operations as custody
from stannary.web.custody.books import queries
from stannary.web.custody.models import CreditUse
from stannary.web.parties.models import Person


@transaction.atomic
def retire(
    *,
    actor: Person,
    credit_id: str,
    quantity_mg: int | None,
    beneficiary: str,
    period: str = "",
    at: datetime.datetime | None = None,
) -> CreditUse:
    """Use credits up for somebody. This will book it, and nobody can take it back.

    Args:
        actor: A clerk of whoever holds the credit.
        credit_id: The credit.
        quantity_mg: Whole units; None: all that is left.
        beneficiary: For whom or what; everybody reads it.
        period: For what time, in words; may be empty.
        at: When; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of the holder. CUSTODY-092 without a
            beneficiary, the other codes of credits if the books would not hold, TRANSACTION-011 if
            less is left that no open offer reserves.
    """
    custody.open_book()
    held = queries.credit_to_use(actor, credit_id)
    if not beneficiary.strip():
        refuse(RETIREMENT_NAMES_ITS_BENEFICIARY, credit=held.credit_id)
    moment = at or timezone.now()
    quantity = held.left_mg if quantity_mg is None else quantity_mg
    row = Row(
        event=f"R-{uuid.uuid4()}",
        at=moment,
        kind=Kind.RETIRE,
        site=queries.site_of(held.holder, moment.date()),
        entity=held.holder,
        lot=held.credit_id,
        side=Side.IN,
        material=held.material,
        mass_mg=quantity,
        content_mg=quantity,
        model=Model.BOOK_AND_CLAIM,
        period=period.strip(),
        note=beneficiary.strip().replace("\r\n", "\n"),
    )
    custody.book(actor=actor, rows=[row])
    return CreditUse.objects.get(event=row.event)
