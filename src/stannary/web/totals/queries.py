"""Reads of totals: what is public, and a holder's own receipts.

Rules: PARTY-001, TOTAL-010.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from stannary.core.custody import Kind
from stannary.core.kernel import refuse
from stannary.core.totals import (
    LotOfMine,
    Receipt,
    Sealed,
    entry_of_total,
    make_receipt,
    seal,
    total_of_entry,
)
from stannary.core.verification import LaterLog
from stannary.formats.total_receipt import receipt_text
from stannary.web.custody import queries as custody
from stannary.web.custody.models import Book, Lot, Movement
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Organisation, Role, Site
from stannary.web.parties.queries import Visitor, has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.totals import keys, records
from stannary.web.totals.models import MineShare, MineTotal, TotalKeptBack
from stannary.web.totals.rules import SECRET_IS_THE_SAME
from stannary.web.transparency_log import queries as log

SHOWN = 100


def newest(mine: str, on: datetime.date | None = None) -> MineTotal | None:
    """Give the newest total of a mine, of a day or before it; None if there is none. All are public."""
    found = MineTotal.objects.filter(mine=mine).order_by("-day")
    return (found if on is None else found.filter(day__lte=on)).first()


def total_of(mine: str, on: datetime.date | None = None) -> MineTotal:
    """Give the same.

    Raises:
        RefusalError: PARTY-001 if there is none.
    """
    found = newest(mine, on)
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="total")
    return found


def holder_to_read_for(actor: Visitor, slug: str) -> Organisation:
    """Give an entity to its clerks.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is no clerk of it.
    """
    found = entities.organisation(slug)
    if not has_role(actor, Role.Kind.CLERK, found):
        refuse(IS_THERE_FOR_YOU, asked_for="receipts")
    return found


def shares_of(holder: Organisation) -> QuerySet[MineShare]:
    """Give what an entity had of mines' totals, the newest first."""
    found = MineShare.objects.filter(holder=holder.name).select_related("total").defer("lots")
    return found.order_by("-total__day", "total__mine")


def mine_names(shares: Iterable[MineShare]) -> dict[str, str]:
    """Give the names of the mines of some shares, by permanent id, with one query."""
    slugs = {share.total.mine for share in shares}
    return dict(Site.objects.filter(slug__in=slugs).values_list("slug", "name"))


def share_of(holder: Organisation, mine: str, on: datetime.date | None = None) -> MineShare:
    """Give what an entity had of the newest total of a mine, of a day or before it.

    Raises:
        RefusalError: PARTY-001 if there is no total, or the entity had nothing of it.
    """
    total = newest(mine, on)
    found = None
    if total is not None:
        found = MineShare.objects.filter(total=total, holder=holder.name).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="receipt")
    return found


def receipt_file(share: MineShare) -> str:
    """Make the receipt of a share again, with the log's proof as of now.

    Raises:
        RefusalError: TOTAL-010 if the secret or a share is no longer what it was.
    """
    return receipt_text(
        receipt_of(share), proof=log.inclusion(share.total.log_index), log_vkey=log.vkey()
    )


def receipt_of(share: MineShare) -> Receipt:
    """Make the receipt of a share again.

    Raises:
        RefusalError: TOTAL-010 if the secret or a share is no longer what it was.
    """
    row = share.total
    sealed = _sealed_again(row)
    if sealed.tree.root.hash.hex() != row.root:
        refuse(SECRET_IS_THE_SAME, mine=row.mine, day=row.day.isoformat())
    entry = entry_of_total(records.total_from(row))
    return make_receipt(sealed, share.holder, records.lots_from(share), entry)


def _sealed_again(row: MineTotal) -> Sealed:
    shares = row.shares.values_list(*records.SHARE)
    return seal(row.mine, row.day, map(records.holding_from, shares), keys.secret())


def later_log(mine: str, day: datetime.date) -> LaterLog:
    """Give the public log of this register as it is now, as far as it states a total of a mine."""
    found = []
    for row in MineTotal.objects.filter(mine=mine, day=day):
        stated = total_of_entry(log.entry_at(row.log_index) or b"")
        if stated is not None:
            found.append((row.log_index, stated))
    return LaterLog(log.origin(), log.size(), log.leaf_at, {}, {(mine, day): found})


# What there is to be entered


@dataclass(frozen=True, slots=True)
class Found:
    """A mine's material as the books have it now.

    Attributes:
        last_movement: Key of the newest movement in the books.
        produced_mg: What the mine ever produced.
        lots: Holder to what it answers for, in the order of lots.
        told: Whether a sum over the holders may be told.
    """

    last_movement: int
    produced_mg: int
    lots: dict[str, list[LotOfMine]]
    told: bool


def last_movement() -> int:
    """Give the key of the newest movement in the books; 0: nothing is booked."""
    return Book.objects.filter(pk=1).values_list("last_movement", flat=True).first() or 0


def due(day: datetime.date, most: int) -> list[str]:
    """Give mines whose material may have moved since their last total, and that have none of the day."""
    book = last_movement()
    seen = Q(day=day) | Q(last_movement=book)
    entered, kept_back = (
        model.objects.filter(seen, mine=OuterRef("slug")) for model in (MineTotal, TotalKeptBack)
    )
    produced = Movement.objects.filter(site=OuterRef("slug"), kind=str(Kind.PRODUCE))
    found = Site.objects.filter(Exists(produced), ~Exists(entered), ~Exists(kept_back))
    return list(found.order_by("slug").values_list("slug", flat=True)[:most])


def material_of(mine: str) -> Found | None:
    """Find a mine's material lot by lot; None: something was booked meanwhile.

    Each lot counts rounded down, as in the file of the mine's lots. What is under way is its sender's.
    """
    before = last_movement()
    found = custody.following(mine)
    left = Lot.objects.filter(lot_id__in=custody.among(found.parts), left_content_mg__gt=0)
    rows = list(left.order_by("lot_id"))
    sent_by = _senders(lot.lot_id for lot in rows if lot.in_transit)
    lots: dict[str, list[LotOfMine]] = defaultdict(list)
    for lot in rows:
        holder = sent_by.get(lot.lot_id, lot.made_by) if lot.in_transit else lot.holder
        of_mine_mg = found.whole_mg([(lot.lot_id, lot.left_content_mg)])
        lots[holder].append(LotOfMine(lot.lot_id, of_mine_mg, lot.in_transit))
    if last_movement() != before:
        return None
    holders = {lot.holder for lot in rows if not lot.in_transit}
    told = entities.may_tell(holders, entities.shown_by_name())
    return Found(before, found.produced_mg, dict(lots), len(holders) != 1 or bool(told))


def _senders(lots: Iterable[str]) -> dict[str, str]:
    """Give who sent some lots last, with one query."""
    sent = Movement.objects.filter(lot__in=custody.among(lots), kind=str(Kind.SHIP))
    return dict(sent.order_by("at", "pk").values_list("lot", "entity"))
