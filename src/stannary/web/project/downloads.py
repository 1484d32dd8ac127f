"""How public lists leave the house: streamed CSV and JSON, safe to open in a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import Http404, StreamingHttpResponse

LICENCE = "CC0-1.0"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file-like thing that gives back what is written, so that csv can stream."""

    def write(self, text: str) -> str:
        return text


def safe_cell(value: object) -> str:
    """Give a cell that no spreadsheet reads as a formula.

    Text that begins like a formula gets an apostrophe in front; numbers stay as they are.
    """
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").removeprefix("+").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield str(writer.writerow(columns))
    for row in rows:
        yield str(writer.writerow([safe_cell(row.get(column)) for column in columns]))


def _json(name: str, rows: Iterable[Mapping[str, Any]], licence: str) -> Iterator[str]:
    yield '{"licence": ' + json.dumps(licence) + f', "{name}": [\n'
    between = ""
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def stream(
    name: str,
    form: str,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    licence: str = LICENCE,
) -> StreamingHttpResponse:
    """Stream rows as `form` "csv" or "json"; any other form is not there.

    Args:
        name: What the rows are; the file's name without its ending.
        form: "csv" or "json".
        columns: The columns of the table, in order.
        rows: One mapping each.
        licence: Of the whole; a list that mixes licences says so in words.

    Raises:
        Http404: For a form that this list does not have.
    """
    if form == "csv":
        body, kind = _csv(columns, rows), "text/csv; charset=utf-8"
    elif form == "json":
        body, kind = _json(name, rows, licence), "application/json"
    else:
        raise Http404
    response = StreamingHttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    if licence == LICENCE:
        response["Link"] = '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'
    return response
