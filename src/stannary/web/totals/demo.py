"""The illustrative total of the demonstration's mines."""

import datetime

from stannary.web.totals import operations
from stannary.web.totals.models import MineTotal


def load(*, now: datetime.datetime) -> int:
    """Enter totals of the mines of the demonstration, once."""
    return 0 if MineTotal.objects.exists() else operations.enter_due(now=now)
