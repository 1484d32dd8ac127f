"""Another party's statement of account: a CSV table to lines, and the table to fill in.

The form is that in which statements are handed out here, so that a party that books here can send
what it downloaded. Nothing is rounded: a quantity that is not exact is refused.

Rules: TRANSACTION-028, TRANSACTION-029.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stannary.core.kernel import MASS_MAX_MG, Finding, Place, RefusalError, refuse
from stannary.core.transactions import Line
from stannary.core.transactions.rules import STATEMENT_FILE_IS_READ, STATEMENT_LINE_IS_WHOLE

COLUMNS = ("account", "at", "what", "transaction", "counterparty", "quantity_mg", "balance_mg")
"""In the order in which a statement is handed out."""
TEMPLATE = ("transaction", "account", "at", "quantity_kg", "what")
"""What is filled in."""
READ = (*COLUMNS, "quantity_kg", "weighing_mg")
"""What is read of a file; other columns say nothing here."""
BYTES_MAX = 1_000_000
LINES_MAX = 5_000
FINDINGS_MAX = 100
_TEXT_MAX = 200
_MILLIGRAMS = re.compile(r"-?\d{1,19}", re.ASCII)
_KILOGRAMS = re.compile(r"-?\d{1,13}(\.\d{1,6})?", re.ASCII)
_MG = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class StatementRead:
    """What a file says.

    Attributes:
        lines: In the order of the file.
        of_a_day: Ids of the lines that say a day and no instant; theirs is its first.
        passed_over: Rows that are no line with the reader: of others, differences of weighing, or
            without a quantity as opening and closing balances are.
    """

    lines: tuple[Line, ...]
    of_a_day: frozenset[str]
    passed_over: int


def read_statement(
    content: bytes, name: str, *, entity: str, reader: str, zone: datetime.tzinfo
) -> StatementRead:
    """Read a statement of another party.

    Args:
        content: The file.
        name: How messages call it.
        entity: Whose statement it is.
        reader: Who reads it; lines that name somebody else are passed over.
        zone: In which a day without an instant begins.

    Raises:
        RefusalError: TRANSACTION-028 for the file, TRANSACTION-029 with a finding for each cell.
    """
    lines: list[Line] = []
    days: set[str] = set()
    findings: list[Finding] = []
    passed_over = 0
    for number, cells in _rows(content, name):
        place = Place(name, number)
        if _passed(cells, reader):
            passed_over += 1
            continue
        at, of_a_day = _at(cells["at"], zone)
        quantity = _quantity(cells)
        wrong = [
            *([] if cells["account"] else [("account", "")]),
            *([] if at is not None else [("at", cells["at"])]),
            *([] if quantity else [_quantity_cell(cells)]),
            *((key, cells[key]) for key in ("account", "transaction") if _long(cells[key])),
        ]
        findings += [_faulty(Place(name, number, column), text) for column, text in wrong]
        if wrong or at is None:
            continue
        line = Line(
            id=f"line {number}",
            entity=entity,
            account=cells["account"],
            at=at,
            known_at=at,
            quantity=quantity,
            transaction=cells["transaction"],
            counterparty=reader,
            note=cells["what"][:_TEXT_MAX],
        )
        lines.append(line)
        if of_a_day:
            days.add(line.id)
        if len(lines) > LINES_MAX:
            refuse(STATEMENT_FILE_IS_READ, at=place, lines=f"more than {LINES_MAX}")
    if findings:
        raise RefusalError(*findings[:FINDINGS_MAX])
    return StatementRead(tuple(lines), frozenset(days), passed_over)


def template(lines: Iterable[Line]) -> str:
    """Give the table to fill in, with a row for each of our lines and their quantities left out.

    Args:
        lines: Ours with the other party.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(TEMPLATE)
    for one in lines:
        writer.writerow([one.transaction, one.account, "", "", ""])
    return out.getvalue()


def _rows(content: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    if len(content) > BYTES_MAX:
        refuse(STATEMENT_FILE_IS_READ, at=Place(name), size=f"more than {BYTES_MAX} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        refuse(STATEMENT_FILE_IS_READ, at=Place(name, line), problem="not UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: Sequence[str] = ()
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells, name)
                continue
            said = dict.fromkeys(READ, "")
            said |= {key: _plain(cell) for key, cell in zip(columns, cells, strict=False)}
            yield reader.line_num, said
    except csv.Error as error:
        place = Place(name, reader.line_num)
        refuse(STATEMENT_FILE_IS_READ, at=place, problem=str(error)[:_TEXT_MAX])
    if not columns:
        refuse(STATEMENT_FILE_IS_READ, at=Place(name, 1), problem="no columns")


def _columns(cells: Sequence[str], name: str) -> tuple[str, ...]:
    found = tuple(cell.strip().lower() for cell in cells)
    missing = [one for one in ("account", "at") if one not in found]
    if {"quantity_mg", "quantity_kg"}.isdisjoint(found):
        missing.append("quantity_kg")
    twice = sorted({one for one in found if one in READ and found.count(one) > 1})
    if missing or twice:
        facts = {"missing": ", ".join(missing) or "none", "twice": ", ".join(twice) or "none"}
        raise RefusalError(Finding(STATEMENT_FILE_IS_READ, facts, Place(name, 1)))
    return found


def _plain(cell: str) -> str:
    """Give a cell without blanks around it, and without the sign that keeps formulas texts."""
    text = cell.strip()
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


def _faulty(place: Place, text: str) -> Finding:
    facts = {"column": place.column or "", "value": text[:40] or "(empty)"}
    return Finding(STATEMENT_LINE_IS_WHOLE, facts, place)


def _passed(cells: Mapping[str, str], reader: str) -> bool:
    if cells["counterparty"] not in ("", reader) or cells["weighing_mg"]:
        return True
    return not cells["quantity_mg"] and not cells["quantity_kg"]


def _at(text: str, zone: datetime.tzinfo) -> tuple[datetime.datetime | None, bool]:
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None, False
    if len(text) <= len("2026-03-31"):
        return found.replace(tzinfo=zone), True
    return (None if found.utcoffset() is None else found), False


def _quantity(cells: Mapping[str, str]) -> int:
    """Give milligrams; 0 for what is no quantity, or is said twice and not alike."""
    found = set()
    if cells["quantity_mg"]:
        text = cells["quantity_mg"]
        found.add(int(text) if _MILLIGRAMS.fullmatch(text) else 0)
    if cells["quantity_kg"]:
        text = cells["quantity_kg"]
        found.add(int(Decimal(text) * _MG) if _KILOGRAMS.fullmatch(text) else 0)
    mg = found.pop() if len(found) == 1 else 0
    return mg if abs(mg) <= MASS_MAX_MG else 0


def _quantity_cell(cells: Mapping[str, str]) -> tuple[str, str]:
    column = "quantity_kg" if cells["quantity_kg"] else "quantity_mg"
    return column, cells[column]


def _long(text: str) -> bool:
    return len(text) > _TEXT_MAX
