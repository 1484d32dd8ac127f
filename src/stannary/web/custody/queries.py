"""Reads of the book. Lots and movements of this register are public.

Rules: PARTY-001.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from stannary.core.custody import Event, Row, events_of
from stannary.core.kernel import refuse
from stannary.core.provenance import Trace, trace
from stannary.web.custody import records
from stannary.web.custody.models import Lot, Movement
from stannary.web.parties import reference
from stannary.web.parties.models import Organisation
from stannary.web.parties.rules import IS_THERE_FOR_YOU

CUSTODY_PACK = "stannary/open-custody/0.1"

# UNION, not UNION ALL: a lot that is reached on many ways is visited once.
_ANCESTRY = """
WITH RECURSIVE lots(lot) AS (
  SELECT CAST(%s AS varchar(200))
  UNION
  SELECT used.lot FROM lots
  JOIN custody_movement made ON made.lot = lots.lot AND made.side = 'out'
  JOIN custody_movement used ON used.event = made.event AND used.side = 'in'
)
SELECT * FROM custody_movement WHERE event IN (
  SELECT made.event FROM custody_movement made JOIN lots ON made.lot = lots.lot WHERE made.side = 'out'
) ORDER BY id
"""

_DESCENT = """
WITH RECURSIVE down(lot) AS (
  SELECT lot FROM custody_movement WHERE site = %s AND kind = 'produce'
  UNION
  SELECT made.lot FROM down
  JOIN custody_movement used ON used.lot = down.lot AND used.side = 'in'
  JOIN custody_movement made ON made.event = used.event AND made.side = 'out'
), lots(lot) AS (
  SELECT lot FROM down
  UNION
  SELECT used.lot FROM lots
  JOIN custody_movement made ON made.lot = lots.lot AND made.side = 'out'
  JOIN custody_movement used ON used.event = made.event AND used.side = 'in'
)
SELECT * FROM custody_movement WHERE event IN (
  SELECT made.event FROM custody_movement made JOIN lots ON made.lot = lots.lot WHERE made.side = 'out'
) ORDER BY id
"""


def all_rows() -> tuple[Row, ...]:
    """Give every movement in file order."""
    return tuple(records.row_of(record) for record in Movement.objects.order_by("pk").iterator())


def lots(*, text: str = "", holder: str = "", material: str = "") -> QuerySet[Lot]:
    """Give lots, newest first, that fit every filter given."""
    found = Lot.objects.order_by("-made_at", "lot_id")
    if text:
        found = found.filter(
            Q(lot_id__icontains=text) | Q(material__icontains=text) | Q(holder__icontains=text)
        )
    if holder:
        found = found.filter(holder=holder)
    if material:
        found = found.filter(material=material)
    return found


def lot(lot_id: str) -> Lot:
    """Give one lot.

    Raises:
        RefusalError: PARTY-001 if there is none of this id.
    """
    found = Lot.objects.filter(lot_id=lot_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, lot=lot_id[:80])
    return found


def ancestry_rows(lot_id: str) -> tuple[Row, ...]:
    """Give the movements that a lot is made of, in file order, with one query.

    Raises:
        RefusalError: PARTY-001 if there is no such lot.
    """
    found = tuple(records.row_of(record) for record in Movement.objects.raw(_ANCESTRY, [lot_id]))
    if not found:
        refuse(IS_THERE_FOR_YOU, lot=lot_id[:80])
    return found


def rows_of_lot(lot_id: str) -> tuple[Row, ...]:
    """Give what happened to one lot: made, moved, used, in file order."""
    return tuple(records.row_of(record) for record in Movement.objects.filter(lot=lot_id))


def rows_from_site(site_slug: str) -> tuple[Row, ...]:
    """Give the movements of the lots that carry a site's material, and of all that these are made of."""
    return tuple(records.row_of(record) for record in Movement.objects.raw(_DESCENT, [site_slug]))


def holder_slug(lot_id: str) -> str:
    """Give the organisation that holds a lot; "" if it is under way, used up or not there."""
    name = Lot.objects.filter(lot_id=lot_id).values_list("holder", flat=True).first()
    if not name:
        return ""
    return Organisation.objects.filter(name=name).values_list("slug", flat=True).first() or ""


def element_of(lot_id: str) -> str:
    """Give the tracked element in words, as far as the material's name tells; else ""."""
    material = Lot.objects.filter(lot_id=lot_id).values_list("material", flat=True).first() or ""
    return element_in(material)


def element_in(material: str) -> str:
    """Tell which element a material is tracked by, from its name; "" if it does not tell."""
    first = material.split(" ", 1)[0].lower()
    return {"spodumene": "lithium"}.get(first, first if first in reference.materials() else "")


@dataclass(frozen=True, slots=True)
class Traced:
    """A lot with all that it is made of.

    Attributes:
        rows: Movements of the ancestry, in file order.
        events: The same as events.
        trace: Of the lot.
    """

    rows: tuple[Row, ...]
    events: tuple[Event, ...]
    trace: Trace


def traced(lot_id: str) -> Traced:
    """Trace a lot, with one query.

    Raises:
        RefusalError: PARTY-001 if there is no such lot.
    """
    rows = ancestry_rows(lot_id)
    events = events_of(rows)
    return Traced(rows, events, trace(events, lot_id))


def held_since(rows: tuple[Row, ...]) -> datetime.datetime | None:
    """Tell since when the present holder holds a lot, from what happened to it."""
    arrivals = [row.at for row in rows if row.side == "out" or row.kind == "receive"]
    return max(arrivals, default=None)
