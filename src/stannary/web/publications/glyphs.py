"""Which characters the fonts of the reports can show, read from the fonts themselves.

A report must show every character it holds, or the standards for accessible PDF refuse it. What no
font has is said in words: a single character by its number, more of them by how many and of which
script. The report says so; the page and the files keep the text itself.

Source: OpenType 1.9, table cmap, formats 4 and 12; font collections, header ttcf.
"""

import struct
import unicodedata
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

FEW = 2
"""So many characters in a row are named one by one."""
_NEVER = ("Cc", "Co", "Cn", "Cs")


@cache
def covered(font: Path) -> frozenset[int]:
    """Give the code points for which a font has a glyph; of a collection, its first font."""
    content = font.read_bytes()
    start = struct.unpack_from(">I", content, 12)[0] if content.startswith(b"ttcf") else 0
    table = _table(content, b"cmap", start)
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


def _table(content: bytes, tag: bytes, start: int) -> bytes:
    count = struct.unpack_from(">H", content, start + 4)[0]
    for n in range(count):
        name, _sum, offset, length = struct.unpack_from(">4sIII", content, start + 12 + 16 * n)
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


def showable(value: Any, known: frozenset[int], note: str) -> Any:
    """Give JSON values in which every character can be shown.

    Args:
        value: Texts, and lists and objects of them; keys stay as they are.
        known: Code points that can be shown.
        note: What stands for several characters, with %(count)s and %(script)s.

    Returns:
        The same value where everything can be shown.
    """
    if isinstance(value, str):
        return _said(value, known, note)
    if isinstance(value, list):
        return [showable(one, known, note) for one in value]
    if isinstance(value, dict):
        return {key: showable(one, known, note) for key, one in value.items()}
    return value


def _said(text: str, known: frozenset[int], note: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    if all(_shows(one, known) for one in set(text)):
        return text
    found: list[str] = []
    for shown, run in groupby(text, key=lambda one: _shows(one, known)):
        part = "".join(run)
        if shown:
            found.append(part)
        elif len(part) <= FEW:
            found.extend(f"[U+{ord(one):04X}]" for one in part)
        else:
            found.append(note % {"count": len(part), "script": _script(part)})
    return "".join(found)


def _script(text: str) -> str:
    """Name the script of a text by the first word of its first character's name: "ARABIC"."""
    return unicodedata.name(text[0], "U+").split()[0]


def _shows(one: str, known: frozenset[int]) -> bool:
    code = ord(one)
    if code < 0x80:
        return code >= 0x20 or one in "\t\n"
    kind = unicodedata.category(one)
    return kind not in _NEVER and (code in known or kind in ("Cf", "Zl", "Zp"))
