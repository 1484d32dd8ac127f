"""What is in stock: of each lot what came in, less what was used, split off and reserved.

What open offers reserve, and so what is free, is a secret of the holder: `figures` is for those who may
see its accounts, `figures_for_all` for everybody.

Rules: none of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from stannary.core.custody import Kind, Row, Side
from stannary.web.custody import holds, keeping, records
from stannary.web.custody.models import Lot, Movement


@dataclass(frozen=True, slots=True)
class Weight:
    """A dry mass and its content, in milligrams."""

    mass_mg: int = 0
    content_mg: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        """Give both together."""
        return Weight(self.mass_mg + other.mass_mg, self.content_mg + other.content_mg)

    def __sub__(self, other: "Weight") -> "Weight":
        """Give what is left."""
        return Weight(self.mass_mg - other.mass_mg, self.content_mg - other.content_mg)


NONE = Weight()


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a lot, or of several, since their holder has them.

    Attributes:
        came_in: When they were made or received.
        used: Taken by processes, or lost.
        split_off: Sold in part, or divided; every part is a lot of its own.
        reserved: Promised by open offers.
    """

    came_in: Weight = NONE
    used: Weight = NONE
    split_off: Weight = NONE
    reserved: Weight = NONE

    @property
    def in_stock(self) -> Weight:
        """What is there."""
        return self.came_in - self.used - self.split_off

    @property
    def free(self) -> Weight:
        """What is there and promised to nobody."""
        return self.in_stock - self.reserved

    def __add__(self, other: "Figures") -> "Figures":
        """Give both together."""
        return Figures(
            self.came_in + other.came_in,
            self.used + other.used,
            self.split_off + other.split_off,
            self.reserved + other.reserved,
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """What is in stock of one material under one model; contents of two elements are two sums."""

    material: str
    model: str
    element: str
    lots: int
    figures: Figures


def figures(name: str) -> dict[str, Figures]:
    """Tell of every lot that an organisation holds what became of it, with a few queries."""
    held = Lot.objects.filter(holder=name)
    lots = list(held.values_list("lot_id", flat=True))
    rows: dict[str, list[Row]] = {lot: [] for lot in lots}
    for row in _rows(held):
        if row.lot in rows and not row.kind.is_credit:
            rows[row.lot].append(row)
    kept = {lot: Weight(mg, content) for lot, (_, mg, content) in holds.kept(lots).items()}
    return {lot: _figures(rows[lot], name, kept.get(lot, NONE)) for lot in lots}


def figures_for_all(held: Iterable[Lot]) -> dict[str, Figures]:
    """Tell of lots what everybody may know: what is left of each, as its own page says."""
    return {
        lot.lot_id: Figures(came_in=Weight(lot.left_mass_mg, lot.left_content_mg)) for lot in held
    }


def _figures(rows: Sequence[Row], name: str, reserved: Weight) -> Figures:
    """Add up what happened to a lot since it came to its holder, from all that happened to it."""
    arrivals = [
        place
        for place, row in enumerate(rows)
        if row.side is Side.OUT or (row.kind is Kind.RECEIVE and row.entity == name)
    ]
    since = arrivals[-1]
    used = [row for row in rows[since:] if row.side is Side.IN]
    return Figures(
        came_in=_weight(rows[since : since + 1]),
        used=_weight(row for row in used if row.kind is not Kind.SPLIT),
        split_off=_weight(row for row in used if row.kind is Kind.SPLIT),
        reserved=reserved,
    )


def _weight(rows: Iterable[Row]) -> Weight:
    return sum((Weight(row.mass_mg, row.content_mg) for row in rows), NONE)


def _rows(lots: QuerySet[Lot]) -> tuple[Row, ...]:
    """Give the events in which lots took part, in the order of time, as corrections restate them."""
    named = Movement.objects.filter(lot__in=lots.values("lot_id"))
    events = set(named.values_list("event", flat=True))
    restated = set(named.filter(kind=Kind.CORRECT).values_list("account", flat=True))
    corrections = Movement.objects.filter(kind=Kind.CORRECT, account__in=named.values("event"))
    found = (
        Movement.objects.filter(event__in=named.values("event"))
        | Movement.objects.filter(event__in=restated - events)
        | corrections
    )
    columns = found.order_by("pk").values_list(*records.FIELDS)
    rows = [records.row_from(values) for values in columns.iterator(chunk_size=2000)]
    return tuple(sorted(keeping.as_corrected(rows), key=lambda row: row.at))


def sums(
    lots: Iterable[tuple[str, str, str, str]], of_lot: Mapping[str, Figures]
) -> tuple[Sum, ...]:
    """Add up lots by material, model and element, exactly: a database may add in numbers that round.

    Args:
        lots: Id, material, model and tracked element of each.
        of_lot: What became of each, from `figures`.
    """
    found: dict[tuple[str, str, str], Sum] = {}
    for lot, *key in lots:
        those = (key[0], key[1], key[2])
        before = found.get(those, Sum(*those, 0, Figures()))
        found[those] = Sum(*those, before.lots + 1, before.figures + of_lot[lot])
    return tuple(found[key] for key in sorted(found))
