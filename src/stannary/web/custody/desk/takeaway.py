"""What an organisation holds and has recorded, as files that this register reads back."""

import csv
import io
import json
from collections.abc import Iterable

from django.http import HttpResponse

from stannary.formats.epcis import write_epcis
from stannary.formats.movements import (
    write_movements_csv,
    write_movements_parquet,
    write_movements_xlsx,
    write_parquet,
)
from stannary.formats.workbooks import Sheet, workbook
from stannary.web.custody.desk import queries
from stannary.web.custody.downloads import LOT_COLUMNS, shape
from stannary.web.parties.models import Organisation
from stannary.web.project.downloads import safe_cell

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}
MOVEMENTS = ("csv", "xlsx", "parquet", "json")
LOTS = ("csv", "xlsx", "parquet", "json")


def file(name: str, form: str, content: bytes | str) -> HttpResponse:
    """Answer with a file that is saved, not shown."""
    answer = HttpResponse(content, content_type=KINDS[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def movements(those: Organisation, form: str) -> HttpResponse:
    """Give what an organisation has recorded; "json" is EPCIS 2.0."""
    rows = queries.movements(those.name)
    if form == "json":
        # an empty list is no EPCIS document that anybody reads: then the document says so itself
        document = write_epcis(rows) if rows else {"type": "EPCISDocument", "schemaVersion": "2.0"}
        text = json.dumps(document, ensure_ascii=False)
        return file(f"{those.slug}-movements.epcis", form, text)
    name = f"{those.slug}-movements"
    if form == "csv":
        return file(name, form, write_movements_csv(rows))
    write = write_movements_xlsx if form == "xlsx" else write_movements_parquet
    return file(name, form, write(rows))


def lots(those: Organisation, form: str) -> HttpResponse:
    """Give the lots that an organisation made or holds."""
    shapes = [shape(lot) for lot in queries.lots(those.name)]
    name = f"{those.slug}-lots"
    if form == "json":
        return file(name, form, json.dumps({"lots": shapes}, ensure_ascii=False))
    table = [[_text(one[column]) for column in LOT_COLUMNS] for one in shapes]
    if form == "parquet":
        return file(name, form, write_parquet(LOT_COLUMNS, table))
    if form == "xlsx":
        sheet = Sheet("lots", LOT_COLUMNS, [20] * len(LOT_COLUMNS), table)
        return file(name, form, workbook([sheet]))
    lines = [[safe_cell(cell) for cell in line] for line in table]
    return file(name, form, _csv([LOT_COLUMNS, *lines]))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _csv(lines: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()
