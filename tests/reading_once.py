"""Packs that come with the program are read from their files once in a process, not in each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from stannary.formats.packs import shipped_packs
from stannary.web.standards import operations

READERS = ("load_pack", "load_transition", "pack_sha256", "run_cases")
Read = TypeVar("Read")


def once(read: Callable[[Path], Read]) -> Callable[[Path], Read]:
    """Keep what a shipped folder says; other folders are read each time."""
    shipped = frozenset(shipped_packs())
    kept: dict[Path, Read] = {}

    def reading(folder: Path) -> Read:
        if folder not in shipped:
            return read(folder)
        if folder not in kept:
            kept[folder] = read(folder)
        return kept[folder]

    return reading


@pytest.fixture(scope="session", autouse=True)
def packs_are_read_once() -> Iterator[None]:
    """Let loading of packs read each shipped folder once; all else of it happens each time."""
    with pytest.MonkeyPatch.context() as patch:
        for name in READERS:
            patch.setattr(operations, name, once(getattr(operations, name)))
        yield
