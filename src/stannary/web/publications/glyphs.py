"""Which characters the font of the reports can show, read from the font itself.

A report must show every character it holds, or the standards for accessible PDF refuse it. What
the font lacks is shown as an empty box, and the report says so; the page and the files keep it.

Source: OpenType 1.9, table cmap, formats 4 and 12.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

BOX = "\N{WHITE SQUARE}"
_PRIVATE = ("Co", "Cn", "Cs")


@cache
def covered(font: Path) -> frozenset[int]:
    """Give the code points for which a TrueType font has a glyph."""
    content = font.read_bytes()
    table = _table(content, b"cmap")
    count = struct.unpack_from(">H", table, 2)[0]
    found: set[int] = set()
    for n in range(count):
        offset = struct.unpack_from(">I", table, 4 + 8 * n + 4)[0]
        form = struct.unpack_from(">H", table, offset)[0]
        if form == 4:
            found |= _segments(table, offset)
        elif form == 12:
            found |= _groups(table, offset)
    return frozenset(found)


def _table(content: bytes, tag: bytes) -> bytes:
    count = struct.unpack_from(">H", content, 4)[0]
    for n in range(count):
        name, _sum, offset, length = struct.unpack_from(">4sIII", content, 12 + 16 * n)
        if name == tag:
            return content[offset : offset + length]
    return bytes(4)


def _segments(table: bytes, offset: int) -> set[int]:
    """Read format 4: segments of the basic plane, each with its glyphs by difference or by list."""
    twice = struct.unpack_from(">H", table, offset + 6)[0]
    ends, starts = offset + 14, offset + 16 + twice
    deltas, ranges = starts + twice, starts + 2 * twice
    found = set()
    for place in range(0, twice, 2):
        end, start, delta, skip = (
            struct.unpack_from(">H", table, at + place)[0] for at in (ends, starts, deltas, ranges)
        )
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code + delta
            if skip:
                at = ranges + place + skip + 2 * (code - start)
                listed = struct.unpack_from(">H", table, at)[0]
                glyph = listed + delta if listed else 0
            if glyph % 0x10000:
                found.add(code)
    return found


def _groups(table: bytes, offset: int) -> set[int]:
    """Read format 12: groups of any plane."""
    count = struct.unpack_from(">I", table, offset + 12)[0]
    found: set[int] = set()
    for n in range(count):
        start, end, _glyph = struct.unpack_from(">III", table, offset + 16 + 12 * n)
        found.update(range(start, end + 1))
    return found


def showable(value: Any, known: frozenset[int]) -> Any:
    """Give JSON values with a box for every character that a font cannot show."""
    if isinstance(value, str):
        return "".join(one if _shows(one, known) else BOX for one in value)
    if isinstance(value, list):
        return [showable(one, known) for one in value]
    if isinstance(value, dict):
        return {key: showable(one, known) for key, one in value.items()}
    return value


def _shows(one: str, known: frozenset[int]) -> bool:
    if one.isascii():
        return True
    kind = unicodedata.category(one)
    return kind not in _PRIVATE and (ord(one) in known or kind in ("Cf", "Zl", "Zp"))
