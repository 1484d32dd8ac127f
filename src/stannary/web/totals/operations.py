"""Writes of totals: a mine's total of a day is sealed, entered in the log and kept, or nothing is.

Rules: TOTAL-001, TOTAL-002, TOTAL-008, TOTAL-009.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from stannary.core.kernel import Finding, RefusalError
from stannary.core.totals import Total, check_total, entry_of_total, holding, seal
from stannary.web.parties.models import Site
from stannary.web.totals import keys, queries, records
from stannary.web.totals.models import MineShare, MineTotal, TotalKeptBack
from stannary.web.transparency_log import operations as log

MOST = 25
"""Mines that are looked at in one go: the log is signed anew with each."""


def enter_due(*, now: datetime.datetime, most: int = MOST) -> int:
    """Enter the day's totals of mines that moved since their last one, each by itself.

    Args:
        now: The moment; the day is that of the register's time zone.
        most: How many mines are looked at.

    Returns:
        How many were entered.

    Raises:
        RefusalError: TOTAL-002 or TOTAL-008, after all others were entered.
    """
    entered = 0
    refused: list[Finding] = []
    for mine in queries.due(timezone.localdate(now), most):
        try:
            entered += enter(mine=mine, now=now) is not None
        except RefusalError as refusal:
            refused += refusal.findings  # the others are entered all the same
    if refused:
        raise RefusalError(*refused)
    return entered


@transaction.atomic
def enter(*, mine: str, now: datetime.datetime) -> MineTotal | None:
    """Enter a mine's total of the day on behalf of the register; what was entered stays.

    Args:
        mine: Permanent id of the site.
        now: The moment; the day is that of the register's time zone.

    Returns:
        The total, which is 0 if nothing is left; None if there is one of the day already, if something
        was booked meanwhile (then the next call enters it), or if it would tell what one silent
        holder has: then that is noted instead.

    Raises:
        RefusalError: TOTAL-002 or TOTAL-008 if the books do not come to a total: nothing is entered.
    """
    day = timezone.localdate(now)
    Site.objects.select_for_update().get(slug=mine)  # of two workers one waits, and finds it done
    of_day = {"mine": mine, "day": day}
    if any(model.objects.filter(**of_day).exists() for model in (MineTotal, TotalKeptBack)):
        return None
    found = queries.material_of(mine)
    if found is None:
        return None
    if not found.told:
        TotalKeptBack.objects.create(**of_day, last_movement=found.last_movement)
        return None
    return _entered(mine, now, found)


def _entered(mine: str, now: datetime.datetime, found: queries.Found) -> MineTotal:
    day = timezone.localdate(now)
    holdings = [holding(name, lots) for name, lots in found.lots.items()]
    sealed = seal(mine, day, holdings, keys.secret())
    under_way_mg = sum(lot.sum_mg for lots in found.lots.values() for lot in lots if lot.under_way)
    total = Total(
        mine=mine,
        day=day,
        root=sealed.tree.root.hash,
        leaves=len(sealed.tree.levels[0]),
        total_mg=sealed.tree.root.sum_mg,
        held_mg=sealed.tree.root.sum_mg - under_way_mg,
        under_way_mg=under_way_mg,
        produced_mg=found.produced_mg,
    )
    wrong = check_total(total)
    if wrong:
        raise RefusalError(*wrong)
    row = MineTotal.objects.create(
        mine=mine,
        day=day,
        at=now,
        last_movement=found.last_movement,
        root=total.root.hex(),
        leaves=total.leaves,
        total_mg=total.total_mg,
        held_mg=total.held_mg,
        under_way_mg=total.under_way_mg,
        produced_mg=total.produced_mg,
        log_index=log.append(entry_of_total(total)).index,
    )
    MineShare.objects.bulk_create(
        records.share_of(row, of, found.lots[of.holder]) for of in holdings
    )
    return row
