"""One movement, typed into a form: it becomes lines of a file, which is checked and booked like any other.

Nothing is decided here. What the form does not ask for follows from what is known of a lot: its material,
what is left of it, where it lies. What is left out of a content follows from the share of the lot,
rounded down.

Rules: none of its own.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stannary.core.custody import WEIGHING, Kind, Side
from stannary.web.custody.desk.blanks import HEADS, kilograms
from stannary.web.custody.models import Lot

INPUTS, OUTPUTS = 5, 3
"""How many lots a form takes, and how many it makes, at most."""
Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What a clerk typed.

    Attributes:
        task: Code of the form.
        entity: Name of the clerk's organisation.
        event: Its name.
        at: Day, time and offset.
        fields: The rest by name: texts, masses in milligrams, or None.
        lots: Known lots by id: those that can be chosen.
    """

    task: str
    entity: str
    event: str
    at: str
    fields: Mapping[str, Any]
    lots: Mapping[str, Lot] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a text; "" where nothing was typed."""
        return str(self.fields.get(name) or "")

    def mg(self, name: str) -> int | None:
        """Give a mass; None where none was typed."""
        found: int | None = self.fields.get(name)
        return found


def lines_of(said: Said) -> list[Line]:
    """Give the lines of a movement, in the columns of every form."""
    return _LINES[said.task](said)


def file_of(lines: Iterable[Line]) -> bytes:
    """Write lines as a file that can be handed in."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def share_of(lot: Lot, mass_mg: int) -> int:
    """Give the content of a part of what is left of a lot: all of it, or rounded down, never nothing."""
    if mass_mg >= lot.left_mass_mg:
        return min(lot.left_content_mg, mass_mg)
    return max(1, lot.left_content_mg * mass_mg // lot.left_mass_mg)


def _line(said: Said, kind: Kind, side: Side, **more: object) -> Line:
    given = {name: str(value) for name, value in more.items() if value is not None}
    return {
        "event": said.event,
        "at": said.at,
        "kind": str(kind),
        "side": str(side),
        "site": said.text("site"),
        "entity": said.entity,
        "note": said.text("note"),
        **given,
    }


def _of_lot(said: Said, lot: Lot, kind: Kind, side: Side, *, mass_mg: int, content_mg: int) -> Line:
    return _line(
        said,
        kind,
        side,
        site=said.text("site") or lot.holder_site or lot.site,
        lot=lot.lot_id,
        material=lot.material,
        mass_kg=kilograms(mass_mg),
        content_kg=kilograms(content_mg),
        model=lot.model,
    )


def _kg(mass_mg: int | None) -> str:
    return "" if mass_mg is None else kilograms(mass_mg)


def _production(said: Said) -> list[Line]:
    texts = (
        "lot", "material", "model", "attestation", "moisture_percent", "grade_percent",
    )  # fmt: skip
    masses = {name: _kg(said.mg(name)) for name in ("mass_kg", "wet_kg", "content_kg")}
    made = {name: said.text(name) for name in texts}
    return [_line(said, Kind.PRODUCE, Side.OUT, **made, **masses)]


def _shipment(said: Said) -> list[Line]:
    return [_whole(said, Kind.SHIP)]


def _receipt(said: Said) -> list[Line]:
    lot = said.lots[said.text("lot")]
    return [_whole(said, Kind.RECEIVE), *_difference(said, lot, f"{said.event}-{WEIGHING}")]


def _whole(said: Said, kind: Kind) -> Line:
    lot = said.lots[said.text("lot")]
    left = {"mass_mg": lot.left_mass_mg, "content_mg": lot.left_content_mg}
    return _of_lot(said, lot, kind, Side.MOVE, **left)


def _weighing(said: Said) -> list[Line]:
    return _difference(said, said.lots[said.text("lot")], said.event)


def _difference(said: Said, lot: Lot, event: str) -> list[Line]:
    """Give what our own scale shows less, as a loss, or more, as a purchase and a new lot; or nothing."""
    shown = said.mg("scale_kg")
    if shown is None or shown == lot.left_mass_mg:
        return []
    is_less = shown < lot.left_mass_mg
    mass_mg = abs(lot.left_mass_mg - shown)
    kind, side = (Kind.LOSS, Side.IN) if is_less else (Kind.PURCHASE, Side.OUT)
    found = _of_lot(said, lot, kind, side, mass_mg=mass_mg, content_mg=_part(lot, mass_mg))
    found |= {"event": event, "period": WEIGHING, "model": ""}
    if not is_less:
        found |= {"lot": f"{lot.lot_id}-{WEIGHING}", "period": f"{WEIGHING} {lot.lot_id}"}
    return [found]


def _part(lot: Lot, mass_mg: int) -> int:
    return max(1, lot.left_content_mg * mass_mg // lot.left_mass_mg)


def _loss(said: Said) -> list[Line]:
    lot = said.lots[said.text("lot")]
    mass_mg = said.mg("mass_kg") or 0
    content = said.mg("content_kg")
    lost = share_of(lot, mass_mg) if content is None else content
    return [
        {**_of_lot(said, lot, Kind.LOSS, Side.IN, mass_mg=mass_mg, content_mg=lost), "model": ""}
    ]


def _inputs(said: Said, kind: Kind) -> list[tuple[Lot, int, int, Line]]:
    found = []
    for number in range(1, INPUTS + 1):
        lot = said.lots.get(said.text(f"lot_{number}"))
        if lot is None:
            continue
        typed = said.mg(f"mass_{number}")
        mass_mg = lot.left_mass_mg if typed is None else typed
        content_mg = share_of(lot, mass_mg)
        found.append(
            (
                lot,
                mass_mg,
                content_mg,
                _of_lot(said, lot, kind, Side.IN, mass_mg=mass_mg, content_mg=content_mg),
            )
        )
    return found


def _blend(said: Said) -> list[Line]:
    taken = _inputs(said, Kind.BLEND)
    made = _line(
        said,
        Kind.BLEND,
        Side.OUT,
        site=said.text("site") or _place(taken),
        lot=said.text("lot"),
        material=taken[0][0].material if taken else "",
        mass_kg=kilograms(sum(mass for _, mass, _, _ in taken)),
        content_kg=kilograms(sum(content for _, _, content, _ in taken)),
        model=said.text("model"),
    )
    return [*(line for *_, line in taken), made]


def _processing(said: Said) -> list[Line]:
    taken = _inputs(said, Kind.TRANSFORM)
    made = [
        _line(
            said,
            Kind.TRANSFORM,
            Side.OUT,
            site=said.text("site") or _place(taken),
            lot=said.text(f"made_{number}"),
            material=said.text(f"material_{number}"),
            mass_kg=_kg(said.mg(f"made_mass_{number}")),
            content_kg=_kg(said.mg(f"made_content_{number}")),
            model=said.text("model"),
        )
        for number in range(1, OUTPUTS + 1)
        if said.text(f"made_{number}")
    ]
    return [*(line for *_, line in taken), *made]


def _place(taken: Sequence[tuple[Lot, int, int, Line]]) -> str:
    return taken[0][0].holder_site if taken else ""


_LINES = {
    "production": _production,
    "receipt": _receipt,
    "shipment": _shipment,
    WEIGHING: _weighing,
    "loss": _loss,
    "blend": _blend,
    "processing": _processing,
}
