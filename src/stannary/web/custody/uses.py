"""Which credits were used up for which lots.

Rules: none of its own.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from stannary.web.custody.models import CreditUse, begins


def for_lots(lots: Iterable[str]) -> QuerySet[CreditUse]:
    """Give the uses of credits whose beneficiary is one of some lots, sign for sign, by an index."""
    names = list(lots)
    found = CreditUse.objects.alias(beginning=begins("beneficiary"))
    return found.filter(beginning__in=names, beneficiary__in=names)
