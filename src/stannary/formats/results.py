"""Published results as canonical JSON and back, and their ratings as a table.

Rules: PUBLICATION-003, PUBLICATION-006.
"""

import csv
import io
from pathlib import Path
from typing import BinaryIO

from stannary.core.credentials.plain_json import parse_json
from stannary.core.kernel import Place, refuse
from stannary.core.publications import PublishedResult, result_as_dict, result_from_dict, rules
from stannary.formats.canonical import canonical_bytes, sha256_hex

MAX_BYTES = 50_000_000

_FORMULA = ("=", "+", "-", "@")


def result_bytes(result: PublishedResult) -> bytes:
    """Write a result as canonical JSON: the bytes that are hashed, signed and downloaded."""
    return canonical_bytes(result_as_dict(result))


def result_sha256(result: PublishedResult) -> str:
    """Give the content hash of a result, 64 hexadecimal digits."""
    return sha256_hex(result_bytes(result))


def read_result(
    source: Path | str | BinaryIO, name: str | None = None, *, expected_sha256: str | None = None
) -> PublishedResult:
    """Read a published result; whether what it says is so, `check_result` tells.

    Args:
        source: A path, or a stream of bytes. Blanks and the order of keys do not matter.
        name: What to call the file in messages; None: the path as given, "-" for a stream.
        expected_sha256: The content hash under which it was published; None: not compared.

    Raises:
        RefusalError: PUBLICATION-006 if it cannot be opened, is too large or has another form,
            CREDENTIAL-002 if it is not strict JSON, PUBLICATION-003 if its content hash differs.
    """
    shown = name if name is not None else (str(source) if isinstance(source, Path | str) else "-")
    at = Place(shown)
    try:
        if isinstance(source, Path | str):
            with Path(source).open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        else:
            content = source.read(MAX_BYTES + 1)
        text = content.decode("utf-8")
    except (OSError, ValueError) as error:
        refuse(rules.RESULT_HAS_ITS_FORM, at=at, problem=str(error)[:80])
    if len(content) > MAX_BYTES:
        refuse(rules.RESULT_HAS_ITS_FORM, at=at, problem=f"more than {MAX_BYTES} bytes")
    parsed = parse_json(text, at=at)
    if not isinstance(parsed, dict):
        refuse(rules.RESULT_HAS_ITS_FORM, at=at, problem="not an object")
    result = result_from_dict(parsed)
    found = result_sha256(result)
    if expected_sha256 is not None and found != expected_sha256:
        facts = {"published": expected_sha256[:64], "sha256": found}
        refuse(rules.RESULTS_ARE_NEVER_CHANGED, at=at, **facts)
    return result


def ratings_csv(result: PublishedResult) -> str:
    """Write the ratings of a result as a table that `stannary score` reads again.

    A cell that a spreadsheet would take for a formula begins with a blank, which is not part of
    the text and is removed when the table is read.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(("requirement", "rating", "rationale", "evidence"))
    for verdict in result.verdicts:
        evidence = "\n".join(verdict.evidence)
        cells = (verdict.requirement, str(verdict.rating), verdict.reason, evidence)
        writer.writerow([f" {cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return table.getvalue()
