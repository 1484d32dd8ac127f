"""Speed of a result's files: the report of 150 pages and more, the workbook of 2,000 requirements.

Each file is opened again and counted; the report is set twice and compared byte by byte.
"""

import datetime
import io
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.gates import Entry, ratio_gate, store, tell
from benchmarks.run import control

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
REQUIREMENTS, PAGES = 420, 150
ROWS = 2_000
REPORT_S, WORKBOOK_S = 15, 2


def prepare(home: str) -> None:
    """Make an empty database with one edition in it."""
    os.environ["STANNARY_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "stannary.web.project.settings_test"
    import django  # noqa: PLC0415 - settings first
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def edition_of(size: int) -> Any:
    """Store an edition with so many requirements, and give it."""
    from stannary.formats.canonical import sha256_hex  # noqa: PLC0415
    from stannary.formats.packs import find_shipped_pack, load_pack  # noqa: PLC0415
    from stannary.web.standards.models import EditionRecord  # noqa: PLC0415
    from stannary.web.standards.records import content_of  # noqa: PLC0415

    whole = load_pack(find_shipped_pack("stannary/open-mining/1.0"))
    each = -(-size // len(whole.chapters))
    names = [(f"{x.id}.1.{n + 1}", x.id) for x in whole.chapters for n in range(each)][:size]
    edition = replace(
        whole,
        edition=f"{size}",
        translations={},
        requirements=tuple(
            replace(
                whole.requirements[n % len(whole.requirements)],
                id=name,
                chapter=chapter,
            )
            for n, (name, chapter) in enumerate(names)
        ),
    )
    content = content_of(edition)
    EditionRecord.objects.create(
        edition_id=edition.id,
        content=content,
        sha256=sha256_hex(content.encode()),
        pack_sha256="0" * 64,  # there are no files of it
        loaded_at=datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC),
    )
    return edition


def seconds(work: Callable[[], bytes]) -> tuple[float, bytes]:
    """Time a piece of work once."""
    begin = time.perf_counter()
    made = work()
    return time.perf_counter() - begin, made


def run() -> Entry:
    """Measure both files."""
    import openpyxl  # noqa: PLC0415
    import pikepdf  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    from stannary.formats.report_xlsx import result_xlsx  # noqa: PLC0415
    from stannary.web.publications import records, report  # noqa: PLC0415
    from stannary.web.publications.report_templates import template  # noqa: PLC0415
    from web.publications.saying_all import REASON, saying_all  # noqa: PLC0415

    before = control()
    said = saying_all(edition_of(REQUIREMENTS), reason=lambda n: REASON * 6 * n)
    with translation.override("en"):
        spent, pdf = seconds(lambda: report.pdf_with(template(), said.row, earlier=said.earlier))
        again, same = seconds(lambda: report.pdf_with(template(), said.row, earlier=said.earlier))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    large = edition_of(ROWS)
    result = records.result_of(saying_all(large).row)
    spent_xlsx, book = seconds(lambda: result_xlsx(result, large))
    rows = openpyxl.load_workbook(io.BytesIO(book), read_only=True)["ratings"].max_row - 1
    if same != pdf or pages < PAGES or rows != ROWS:
        raise SystemExit("the files are not what they should be")
    return {
        "name": "reports",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
        },
        "controls": {"loop_ms_before": min(before), "loop_ms_after": min(control())},
        "gates": [
            _gate(
                "a report of 150 pages or more is set in less than 15 s",
                REPORT_S,
                max(spent, again),
            ),
            _gate(
                "a workbook of 2,000 requirements is written in less than 2 s",
                WORKBOOK_S,
                spent_xlsx,
            ),
        ],
        "rows": [
            {"what": "report", "pages": pages, "bytes": len(pdf), "seconds": round(spent, 2)},
            {
                "what": "report again",
                "pages": pages,
                "bytes": len(same),
                "seconds": round(again, 2),
            },
            {
                "what": "workbook",
                "requirements": rows,
                "bytes": len(book),
                "seconds": round(spent_xlsx, 2),
            },
        ],
    }


def _gate(text: str, limit: int, spent: float) -> Entry:
    note = f"peer: the limit of {limit} s; the file is opened again and counted"
    return ratio_gate(text, limit / spent, note)


def main() -> int:
    """Run, print and store the results; exit 1 if a gate does not hold."""
    with tempfile.TemporaryDirectory(prefix="stannary-bench-") as home:
        prepare(home)
        result = run()
    store("reports", result)
    for row in result["rows"]:
        size = f"{row['pages']} pages" if "pages" in row else f"{row['requirements']} requirements"
        print(f"  {row['what']}: {size}, {row['seconds']:.2f} s")
    return tell(result["gates"])


if __name__ == "__main__":
    sys.exit(main())
