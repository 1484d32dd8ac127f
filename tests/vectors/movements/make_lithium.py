"""Write the illustrative lithium chain: two mines, a purchase of unknown origin, one product lot.

Everything in it is made up. Run from the root of the repository:

    .venv/bin/python tests/vectors/movements/make_lithium.py

It writes lithium.csv beside itself and the same bytes for the demonstration of the web.

The product lot L-2041 takes 250 kg of lithium from each of four carbonate lots. Two of them come
from a blend of half north and half south, two from a blend of a quarter north, half south and a
quarter of unknown origin: 37.5 %, 50 % and 12.5 %.
"""

import csv
import io
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
DEMO = HERE.parents[2] / "src/stannary/data/demo/lithium_movements.csv"
COLUMNS = (
    *("event", "at", "kind", "site", "entity", "lot", "side", "material"),
    *("mass_mg", "content_mg", "model", "attestation", "note"),
)

NORTH = ("example-north-mine", "Example North Mining")
SOUTH = ("example-south-mine", "Example South Mining")
TRADER = ("example-port", "Example Trading House")
REFINER = ("example-refinery", "Example Refining")
CELLS = ("example-cell-plant", "Example Cells")

ORE, BLEND, CARBONATE = "spodumene concentrate", "blended concentrate", "lithium carbonate"
IDENTITY, BLENDING = "identity_preserved", "controlled_blending"

# Lot: material, dry mass and contained lithium in kilograms, model.
LOTS = {
    "N-101": (ORE, "5000", "140", IDENTITY),
    "N-102": (ORE, "7500", "210", IDENTITY),
    "N-103": (ORE, "5000", "140", IDENTITY),
    "N-104": (ORE, "2500", "70", IDENTITY),
    "N-102A": (ORE, "5000", "140", IDENTITY),
    "N-102B": (ORE, "2500", "70", IDENTITY),
    "S-201": (ORE, "5000", "140", IDENTITY),
    "S-202": (ORE, "5000", "140", IDENTITY),
    "S-203": (ORE, "5000", "140", IDENTITY),
    "S-204": (ORE, "5250", "147", IDENTITY),
    "U-301": (ORE, "5000", "140", BLENDING),
    "B-401": (BLEND, "20000", "560", BLENDING),
    "B-402": (BLEND, "20000", "560", BLENDING),
    "C-501": (CARBONATE, "1412.46", "266", BLENDING),
    "C-502": (CARBONATE, "1412.46", "266", BLENDING),
    "C-503": (CARBONATE, "1412.46", "266", BLENDING),
    "C-504": (CARBONATE, "1412.46", "266", BLENDING),
    "L-2041": (CARBONATE, "5310", "1000", BLENDING),
}


class Happening(NamedTuple):
    """An event; a lot written "id=mass/content" is used in part, else whole."""

    event: str
    at: str
    kind: str
    place: tuple[str, str]
    inputs: str
    outputs: str
    note: str


EVENTS = [
    Happening(*fields)
    for fields in (
        ("E-01", "2026-01-12T07:30:00-03:00", "produce", NORTH, "", "N-101 N-102 N-103 N-104", ""),
        ("E-02", "2026-01-14T16:00:00+08:00", "produce", SOUTH, "", "S-201 S-202 S-203 S-204", ""),
        (
            "E-03",
            "2026-01-15T10:00:00-03:00",
            "split",
            NORTH,
            "N-102",
            "N-102A N-102B",
            "two holds",
        ),
        ("E-04", "2026-01-16T09:00:00-03:00", "ship", NORTH, "N-101 N-102A N-102B N-103", "", ""),
        ("E-05", "2026-01-17T18:00:00+08:00", "ship", SOUTH, "S-201 S-202 S-203 S-204", "", ""),
        ("E-06", "2026-01-28T08:00:00Z", "receive", TRADER, "N-101 N-102A N-102B N-103", "", ""),
        ("E-07", "2026-01-30T08:00:00Z", "receive", TRADER, "S-201 S-202 S-203 S-204", "", ""),
        (
            "E-08",
            "2026-02-02T09:15:00Z",
            "loss",
            TRADER,
            "S-204=250/7",
            "",
            "spilt while unloading",
        ),
        (
            "E-09",
            "2026-02-03T11:00:00Z",
            "purchase",
            TRADER,
            "",
            "U-301",
            "bought on the spot market",
        ),
        ("E-10", "2026-02-05T08:00:00Z", "blend", TRADER, "N-101 N-102A S-201 S-202", "B-401", ""),
        (
            "E-11",
            "2026-02-06T08:00:00Z",
            "blend",
            TRADER,
            "N-102B N-103=2500/70 S-203 S-204=5000/140 U-301",
            "B-402",
            "",
        ),
        ("E-12", "2026-02-09T14:00:00Z", "ship", TRADER, "B-401 B-402", "", ""),
        ("E-13", "2026-02-23T09:00:00+01:00", "receive", REFINER, "B-401 B-402", "", ""),
        ("E-14", "2026-03-02T06:00:00+01:00", "transform", REFINER, "B-401", "C-501 C-502", ""),
        ("E-15", "2026-03-09T06:00:00+01:00", "transform", REFINER, "B-402", "C-503 C-504", ""),
        (
            "E-16",
            "2026-03-16T10:00:00+01:00",
            "blend",
            REFINER,
            "C-501=1327.5/250 C-502=1327.5/250 C-503=1327.5/250 C-504=1327.5/250",
            "L-2041",
            "",
        ),
        ("E-17", "2026-03-18T07:00:00+01:00", "ship", REFINER, "L-2041", "", ""),
        ("E-18", "2026-03-20T15:00:00+01:00", "receive", CELLS, "L-2041", "", ""),
        ("E-19", "2026-03-27T09:00:00-03:00", "ship", NORTH, "N-104", "", "still at sea"),
    )
]


def milligrams(kilograms: str) -> str:
    """Give whole milligrams, exactly."""
    whole, _, decimals = kilograms.partition(".")
    return str(int(whole + decimals.ljust(6, "0")))


def rows_of(one: Happening) -> list[list[str]]:
    """Give the rows of an event, inputs and moves before outputs."""
    moves = one.kind in ("ship", "receive")
    rows = []
    for side, names in (("move" if moves else "in", one.inputs), ("out", one.outputs)):
        for name in names.split():
            lot, _, part = name.partition("=")
            material, mass, content, model = LOTS[lot]
            if part:
                mass, content = part.split("/")
            site, entity = one.place
            mined = one.kind == "produce"
            row = [one.event, one.at, one.kind, site, entity, lot, side, material]
            row += [milligrams(mass), milligrams(content), model if side == "out" else ""]
            row += [f"urn:stannary:achievement:{site}" if mined else ""]
            row += [f"illustrative; {one.note}" if one.note else "illustrative"]
            rows.append(row)
    return rows


def lithium_csv() -> str:
    """Give the text of the file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in EVENTS:
        writer.writerows(rows_of(one))
    return text.getvalue()


def main() -> None:
    """Write both files."""
    DEMO.parent.mkdir(parents=True, exist_ok=True)
    for path in (HERE / "lithium.csv", DEMO):
        path.write_text(lithium_csv(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
