"""The illustrative chain of custody: five entities, two mines and one unknown source, one product."""

from pathlib import Path

import stannary
from stannary.formats.movements import read_movements
from stannary.web.custody import operations
from stannary.web.custody.models import Movement
from stannary.web.parties.operations import ensure_organisation

FOLDER = Path(stannary.__file__).parent / "data" / "demo"
FILE = FOLDER / "lithium_movements.csv"
KINDS = {
    "Example North Mining": "operator",
    "Example South Mining": "operator",
    "Example Trading House": "trader",
    "Example Refining": "processor",
    "Example Cells": "manufacturer",
}


def load() -> int:
    """Book the demonstration's movements, once."""
    for name, kind in KINDS.items():
        ensure_organisation(name=name, kind=kind, illustrative=True)
    if Movement.objects.exists():
        return 0
    return operations.book_as_register(rows=read_movements(FILE, FILE.name))


def load_books() -> int:
    """Book the demonstration's credits and an account of mass balance, once."""
    file = FOLDER / "lithium_books.csv"
    if Movement.objects.filter(kind="book").exists():
        return 0
    return operations.book_as_register(rows=read_movements(file, file.name))
