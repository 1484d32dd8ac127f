"""Workbooks of production reports, in the form of the open database on global mine production.

Rules: PRODUCTION-001 to PRODUCTION-003, PRODUCTION-010.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import openpyxl

from stannary.core.kernel import Finding, Place, RefusalError, refuse
from stannary.core.production import (
    MetalReport,
    OreReport,
    ProcessReport,
    Production,
    Stage,
    Where,
    mass_mg,
    replay_production,
    rules,
)
from stannary.core.production.reports import grade_share

MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 500_000_000
MAX_ROWS = 200_000
"""Of a sheet."""

_Value = object
_STAGES = {"ore processed": Stage.ORE, "concentrate": Stage.CONCENTRATE}
_SHEETS = {
    "minerals_ores_conce": (
        "mine_fac sub_site type_mineral min_ore_con type_mining year unit value production_share"
    ),
    "commodities": (
        "mine_fac sub_site min_ore_con commodity type_mining year unit value grade_or_yield_unit"
        " grade recovery_rate production_share"
    ),
    "processing": (
        "mine_fac sub_site year process_input process_input_unit process_input_value"
        " process_output process_output_unit process_output_value"
    ),
}
"""Sheets that are read, with the columns needed; the last sheet may be missing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet by its heads.

    Attributes:
        sheet: Name of the sheet.
        at: File and line.
    """

    sheet: str
    at: Place
    values: dict[str, _Value]

    def text(self, column: str) -> str:
        """Give a cell as text on one line; "" if it is empty."""
        value = self.values.get(column)
        return "" if value is None else " ".join(str(value).split())

    def number(self, column: str) -> Fraction | None:
        """Give a cell as the number that it shows; None if it holds none."""
        value = self.values.get(column)
        if value is None or isinstance(value, bool):
            return None
        try:
            return Fraction(str(value).strip())
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class ProductionFile:
    """What a workbook comes to.

    Attributes:
        lines: Number of lines with something in them.
        other: Lines that report something else, for example ore that was mined or coal.
        unreadable: Lines left out while reading, one finding each.
        production: Of the rest.
    """

    lines: int
    other: int
    unreadable: tuple[Finding, ...]
    production: Production


def read_production(content: bytes, name: str) -> ProductionFile:
    """Read a workbook of production reports and replay it.

    Args:
        content: The file.
        name: What messages call it.

    Raises:
        RefusalError: PRODUCTION-010 if it is no such workbook, or is too large.
    """
    sheets = _sheets(content, name)
    lost: list[Finding] = []
    ores = _read(sheets["minerals_ores_conce"], _ore, lost)
    metals = _read(sheets["commodities"], _metal, lost)
    processes = _read(sheets.get("processing", []), _process, lost)
    lines = sum(len(found) for found in sheets.values())
    return ProductionFile(
        lines=lines,
        other=lines - len(lost) - len(ores) - len(metals) - len(processes),
        unreadable=tuple(lost),
        production=replay_production(ores, metals, processes),
    )


_Report = TypeVar("_Report", OreReport, MetalReport, ProcessReport)


def _read(
    lines: list[Line], read: Callable[[Line], _Report | None], lost: list[Finding]
) -> list[_Report]:
    found: list[_Report] = []
    for line in lines:
        try:
            one = read(line)
        except RefusalError as refusal:
            lost.append(refusal.findings[0])
        else:
            if one is not None:
                found.append(one)
    return found


def _ore(line: Line) -> OreReport | None:
    stage = _STAGES.get(line.text("type_mineral").lower())
    if stage is None:
        return None
    return OreReport(
        where=_where(line),
        stage=stage,
        name=line.text("min_ore_con"),
        mass_mg=mass_mg(line.number("value"), line.text("unit"), at=line.at),
        share=_share(line),
        at=line.at,
    )


def _metal(line: Line) -> MetalReport:
    value, metal = line.number("value"), line.text("commodity")
    grade = grade_share(line.number("grade"), line.text("grade_or_yield_unit"))
    has_mass = grade is None or value is not None
    return MetalReport(
        where=_where(line),
        ore=line.text("min_ore_con"),
        metal=metal,
        mass_mg=mass_mg(value, line.text("unit"), metal=metal, at=line.at) if has_mass else None,
        grade=grade,
        recovery=line.number("recovery_rate"),
        share=_share(line),
        at=line.at,
    )


def _process(line: Line) -> ProcessReport | None:
    taken, made = line.number("process_input_value"), line.number("process_output_value")
    if taken is None or made is None:
        return None
    output = line.text("process_output")
    return ProcessReport(
        where=_where(line),
        input=line.text("process_input"),
        output=output,
        input_mg=mass_mg(taken, line.text("process_input_unit"), at=line.at),
        output_mg=mass_mg(made, line.text("process_output_unit"), metal=output, at=line.at),
        at=line.at,
    )


def _where(line: Line) -> Where:
    year = line.number("year")
    facility = line.text("mine_fac")
    if not facility or year is None or year.denominator != 1 or not 1800 <= year <= 2200:
        facts = {"facility": facility[:80] or "none", "year": "none" if year is None else str(year)}
        refuse(rules.QUANTITY_IS_REPORTED, at=line.at, **facts)
    mining = line.text("type_mining").lower()
    return Where(facility, line.text("sub_site"), mining, int(year))


def _share(line: Line) -> Fraction:
    """Give the share of a site that a figure covers; a line that says nothing covers all of it."""
    share = line.number("production_share")
    return Fraction(1) if share is None else share


def _sheets(content: bytes, name: str) -> dict[str, list[Line]]:
    if len(content) > MAX_BYTES:
        refuse(rules.WORKBOOK_IS_READABLE, at=Place(name), bytes=f"more than {MAX_BYTES}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            refuse(rules.WORKBOOK_IS_READABLE, at=Place(name), unpacked_bytes=str(unpacked))
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        try:
            present = [title for title in _SHEETS if title in book.sheetnames]
            found = {title: list(_lines(book[title], title, name)) for title in present}
        finally:
            book.close()
    except RefusalError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl says in as many ways that a file is broken
        problem = f"not a workbook that can be read ({type(error).__name__})"
        refuse(rules.WORKBOOK_IS_READABLE, at=Place(name), problem=problem)
    for title in ("minerals_ores_conce", "commodities"):
        if title not in found:
            refuse(rules.WORKBOOK_IS_READABLE, at=Place(name), sheet_is_missing=title)
    return found


def _lines(sheet: Any, title: str, name: str) -> Iterator[Line]:
    rows = sheet.iter_rows(values_only=True, max_row=MAX_ROWS)
    heads = ["" if cell is None else str(cell).strip() for cell in next(rows, ())]
    missing = [column for column in _SHEETS[title].split() if column not in heads]
    if missing:
        at = Place(f"{name}, sheet {title}", 1)
        refuse(rules.WORKBOOK_IS_READABLE, at=at, columns_missing=", ".join(missing))
    for number, cells in enumerate(rows, start=2):
        values = {head: cell for head, cell in zip(heads, cells, strict=False) if head}
        if any(value not in (None, "") for value in values.values()):
            yield Line(title, Place(f"{name}, sheet {title}", number), values)
