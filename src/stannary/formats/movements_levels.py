"""A small file that says which level an attestation stands for, to print beside a trace.

Rules: TRACE-004.
"""

import csv
import io
from pathlib import Path
from typing import BinaryIO

from stannary.core.kernel import Place, refuse
from stannary.core.provenance import rules as codes

FILE_MAX_BYTES = 10_000_000


def read_levels(source: Path | str | BinaryIO, name: str | None = None) -> dict[str, str]:
    """Read attestation and level from CSV.

    Args:
        source: A path, or a stream of bytes.
        name: How messages call the file; the path, or "-" for a stream, when not given.

    Returns:
        Attestation to level, in file order.

    Raises:
        RefusalError: TRACE-004, with the line.
    """
    if isinstance(source, str | Path):
        name = name or str(source)
        try:
            with Path(source).open("rb") as stream:
                return read_levels(stream, name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            refuse(codes.LEVELS_ARE_READABLE, at=Place(name), reason=reason)
    name = name or "-"
    content = source.read(FILE_MAX_BYTES + 1)
    if len(content) > FILE_MAX_BYTES:
        refuse(codes.LEVELS_ARE_READABLE, at=Place(name), size="more than 10 MB")
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        lines = list(csv.reader(text, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        refuse(codes.LEVELS_ARE_READABLE, at=Place(name), reason=str(error)[:200])
    found: dict[str, str] = {}
    for number, cells in enumerate(lines, start=1):
        texts = [cell.strip() for cell in cells]
        at = Place(name, number)
        if number == 1:
            if texts != ["attestation", "level"]:
                refuse(codes.LEVELS_ARE_READABLE, at=at, columns=", ".join(texts)[:80])
        elif any(texts):
            if len(texts) != 2 or not all(texts):
                refuse(codes.LEVELS_ARE_READABLE, at=at, row=", ".join(texts)[:80])
            if texts[0] in found:
                refuse(codes.LEVELS_ARE_READABLE, at=at, repeated=texts[0][:80])
            found[texts[0]] = texts[1]
    if not lines:
        refuse(codes.LEVELS_ARE_READABLE, at=Place(name), columns="none")
    return found
