"""What a file of movements would come to, and what is wrong with it, cell by cell.

Rules: CUSTODY-001 to CUSTODY-046.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stannary.core.custody import Kind, Replay, Row, Side, Watch, weighed_as
from stannary.core.custody.rules import FILE_IS_WITHIN_LIMITS
from stannary.core.kernel import Finding, Place
from stannary.formats.canonical import sha256_hex
from stannary.formats.movements import Examined, Limits, examine_movements, write_movements_csv
from stannary.formats.workbooks import Sheet, workbook
from stannary.web.custody import trial
from stannary.web.custody.models import FileBooking
from stannary.web.custody.rules import FILE_IS_BOOKED_ONCE, FILE_IS_TAKEN_IN
from stannary.web.parties.queries import Visitor
from stannary.web.project.catalogue import rule_by_code
from stannary.web.project.problems import finding_shape

LIMITS = Limits(
    max_bytes=50_000_000, rows_max=100_000, unpacked_max_bytes=400_000_000, findings_max=1000
)
"""Of a file that is handed in (CUSTODY-043)."""
SHOWN = 200
"""Lots of each kind, and findings, that a report names."""
WHOLE = 10_000
"""Up to so many lines the workbook of problems has all of them; beyond, those with problems alone."""
Report = dict[str, Any]
Lines = tuple[Sequence[str], Sequence[tuple[int, Sequence[str]]]]
"""Columns, then number and cells of lines."""


def examine(content: bytes, name: str, watch: Watch | None = None) -> Examined:
    """Read a file within the limits for files that are handed in; `watch` is told how far it is."""
    found = examine_movements(content, name, limits=LIMITS, watch=watch)
    findings = tuple(
        Finding(FILE_IS_TAKEN_IN, one.facts, one.at) if one.rule is FILE_IS_WITHIN_LIMITS else one
        for one in found.findings
    )
    return Examined(found.form, found.sheet, found.columns, found.lines, found.rows, findings)


def rows_digest(rows: Iterable[Row]) -> str:
    """Give the digest of rows, the same for every form in which they come."""
    return sha256_hex(write_movements_csv(rows).encode())


def findings_of(
    examined: Examined, *, actor: Visitor, watch: Watch | None = None
) -> tuple[tuple[Finding, ...], Any]:
    """Give everything that stands against booking a file, and the trial; None if not tried."""
    if examined.findings:
        return examined.findings, None
    digest = rows_digest(examined.rows)
    booked = FileBooking.objects.filter(rows_sha256=digest).select_related("file").first()
    if booked is not None:
        facts = {"file": booked.file.name[:80], "booked": booked.at.date().isoformat()}
        return (Finding(FILE_IS_BOOKED_ONCE, facts, Place(_file(examined))),), None
    tried = trial.try_rows(actor=actor, rows=examined.rows, watch=watch)
    return tried.findings, tried


def _file(examined: Examined) -> str:
    first = next((row.place for row in examined.rows if row.place), None)
    return first.file if first else "-"


def report_of(examined: Examined, *, actor: Visitor, watch: Watch | None = None) -> Report:
    """Say what booking a file would come to. This will store nothing.

    Args:
        examined: The file.
        actor: In whose name it would be booked.
        watch: Is told how far it is; None: nobody.

    Returns:
        Ready for JSON: masses are texts of whole milligrams.
    """
    findings, tried = findings_of(examined, actor=actor, watch=watch)
    report = heads_of(examined) | findings_shape(findings, examined)
    if tried is not None:
        marks = findings_shape(tried.marks, examined)["findings"]
        report |= {"book": tried.before, "marks": marks[:SHOWN]}
        if tried.after is not None:
            report |= _outcome(examined.rows, tried.after)
    return report


def heads_of(examined: Examined) -> Report:
    """Say what a file is."""
    events = {row.event: weighed_as(row) or row.kind for row in examined.rows}
    return {
        "form": examined.form,
        "sheet": examined.sheet,
        "rows": len(examined.lines),
        "events": len(events),
        "kinds": dict(Counter(str(kind) for kind in events.values())),
    }


def findings_shape(findings: Sequence[Finding], examined: Examined) -> Report:
    """Give findings so that they can be kept: by code, with their place and cell."""
    order = {name: number for number, name in enumerate(examined.columns)}

    def place(one: Finding) -> tuple[int, int]:
        at = one.at or Place("")
        column = at.column or ""
        return at.line or 0, order.get(column, order.get(f"{column.removesuffix('_mg')}_kg", 0))

    shown = [
        {
            "code": one.code,
            "facts": {name: str(value) for name, value in one.facts.items()},
            "file": one.at.file if one.at else "",
            "line": one.at.line if one.at else None,
            "column": one.at.column if one.at else None,
            "cell": examined.cell_of(one.at),
        }
        for one in sorted(findings, key=place)[: LIMITS.findings_max]
    ]
    found: Report = {"findings": shown, "wrong": len(findings)}
    if len(examined.lines) > WHOLE:
        faulty = {one["line"] for one in shown}
        columns = _columns(examined)
        found["columns"] = columns
        found["lines"] = [
            [line, [fields.get(name, "") for name in columns]]
            for line, fields in examined.lines
            if line in faulty
        ]
    return found


def _columns(examined: Examined) -> list[str]:
    return list(examined.columns or (examined.lines[0][1] if examined.lines else ()))


def _outcome(rows: Sequence[Row], after: Replay) -> Report:
    left = {one.lot: one.mass_mg for one in after.holdings}
    left |= {one.lot: one.mass_mg for one in after.in_transit}
    made = [row for row in rows if row.side is Side.OUT]
    taken: dict[str, int] = {}
    for row in rows:
        if row.side is Side.IN:
            taken[row.lot] = taken.get(row.lot, 0) + row.mass_mg
    moved = {(row.lot, row.kind): row for row in rows if row.kind in (Kind.SHIP, Kind.RECEIVE)}
    return {
        "made": [
            {
                "lot": row.lot,
                "material": row.material,
                "mass_mg": str(row.mass_mg),
                "content_mg": str(row.content_mg),
                "left_mg": str(left.get(row.lot, 0)),
            }
            for row in made[:SHOWN]
        ],
        "used": [
            {"lot": lot, "mass_mg": str(mass), "left_mg": str(left.get(lot, 0))}
            for lot, mass in list(taken.items())[:SHOWN]
        ],
        "moved": [
            {"lot": row.lot, "kind": str(row.kind), "site": row.site, "mass_mg": str(row.mass_mg)}
            for row in list(moved.values())[:SHOWN]
        ],
        "counts": {"made": len(made), "used": len(taken), "moved": len(moved)},
    }


MASSES = ("mass_mg", "content_mg", "left_mg")


def shown(report: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """Give the lots of a kind that a report names, with masses as numbers for a page to show."""
    return [
        {name: int(value) if name in MASSES else value for name, value in one.items()}
        for one in report.get(kind, ())
    ]


def kept(text: str) -> Report:
    """Read a report as it was kept; an empty one says nothing."""
    found: Report = json.loads(text) if text else {}
    return found


def shapes(report: Mapping[str, Any], kind: str = "findings") -> list[dict[str, Any]]:
    """Give the findings of a report with demand and remedy in the reader's language.

    Args:
        report: As it was kept.
        kind: "findings", which stand against booking, or "marks", which do not.
    """
    found = []
    for one in report.get(kind, ()):
        known = rule_by_code().get(one["code"])
        if known is None:
            continue
        at = Place(one["file"], one["line"], one["column"]) if one["file"] else None
        found.append({**finding_shape(Finding(known.rule, one["facts"], at)), "cell": one["cell"]})
    return found


def lines_of(content: bytes, name: str, report: Mapping[str, Any]) -> Lines:
    """Give columns and lines of a file to show its problems beside them; of a large one, the faulty lines."""
    if "lines" in report:
        return report["columns"], [(line, cells) for line, cells in report["lines"]]
    examined = examine(content, name)
    columns = _columns(examined)
    return columns, [
        (line, [fields.get(head, "") for head in columns]) for line, fields in examined.lines
    ]


def problems_workbook(shown: Lines, report: Mapping[str, Any], heads: Sequence[str]) -> bytes:
    """Write the rows of a file with their problems beside them.

    Args:
        shown: Columns and lines, as `lines_of` gives them.
        report: Of its check.
        heads: What the columns for the line and the problems are called.
    """
    by_line: dict[int | None, list[str]] = {}
    for one in shapes(report):
        line = one["at"]["line"] if one["at"] else None
        where = one["cell"] or ((one["at"] or {}).get("column") or "")
        facts = ", ".join(f"{name}={value}" for name, value in one["facts"].items())
        said = f"{where + ': ' if where else ''}{one['code']}: {one['demand']} ({facts}) {one['remedy']}"
        by_line.setdefault(line, []).append(said)
    columns, lines = shown
    told: set[int] = set()
    rows: list[list[str | int | None]] = []
    for line, cells in lines:
        # a line of EPCIS is an event with several rows: its problems stand beside the first
        said_here = [] if line in told else by_line.get(line, [])
        told.add(line)
        rows.append([line, *cells, "\n".join(said_here)])
    blank: list[str | int | None] = [""] * len(columns)
    for line in by_line.keys() - told:
        rows.insert(0, [line, *blank, "\n".join(by_line[line])])
    table = Sheet("problems", (heads[0], *columns, heads[1]), [8, *[18] * len(columns), 90], rows)
    return workbook([table])
