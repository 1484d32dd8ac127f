"""Speed of an audit's pages and of publishing, on SQLite and on PostgreSQL.

Every answer is checked: the page names its requirements, the result holds every verdict, and its
level is recomputed. Pages of 200 and of 2,000 requirements must make the same queries. PostgreSQL
is measured in a cluster of its own that goes when the run ends; where there is none, the run fails.
"""

import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.gates import Entry, ratio_gate, store, tell
from benchmarks.reports import edition_of
from benchmarks.run import control

SIZES = (200, 2_000)
PUBLISHED = 1_000
PAGE_S, PUBLISH_S, QUERIES = 0.5, 5.0, 15
ROUNDS = 5
AT = datetime.datetime(2026, 1, 4, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 2, 2)
REASON = "Seen in the files of the last three years and confirmed in interviews. " * 3
PAGES = ("", "rate/", "rate/?chapter=2.1", "rate/?pending=1")
OPTION = "--one-database"


def prepare() -> None:
    """Make an empty database where the environment says."""
    import django  # noqa: PLC0415 - settings first
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    os.environ["DJANGO_SETTINGS_MODULE"] = "stannary.web.project.settings"
    django.setup()
    settings.SECOND_FACTOR_ROLES = ()  # who signs in is not what is measured
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def people() -> tuple[Any, Any, Any]:
    """Make a firm with an auditor, and an illustrative mine."""
    from stannary.web.parties.models import Organisation, Person, Role, Site  # noqa: PLC0415

    firm = Organisation.objects.create(slug="example", name="Example Assurance", kind="firm")
    auditor = Person.objects.create_user("auditor")
    auditor.demonstration = True
    auditor.save()
    Role.objects.create(person=auditor, organisation=firm, kind="auditor")
    mine = Site.objects.create(slug="example-pit", name="Example Pit", illustrative=True)
    return firm, auditor, mine


def rated(edition: Any, firm: Any, auditor: Any, mine: Any) -> Any:
    """Open an assessment in which everything is rated, with a reason and a link."""
    from stannary.web.assessments.models import Assessment  # noqa: PLC0415
    from stannary.web.assessments.operations import Change, rate_all  # noqa: PLC0415
    from stannary.web.standards import queries as standards  # noqa: PLC0415

    made = Assessment.objects.create(
        site=mine,
        edition_id=edition.id,
        pack_sha256=standards.sha256_of(edition.id),
        firm=firm,
        lead_auditor=auditor,
        opened_at=AT,
        illustrative=True,
    )
    changes = [
        Change(one.id, "substantially", REASON, f"https://a.example/{one.id}", None)
        for one in edition.requirements
    ]
    rate_all(actor=auditor, assessment_id=made.pk, changes=changes, at=AT)
    return made


def seconds(work: Callable[[], object]) -> float:
    """Time a piece of work once."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measure_pages(browser: Any, those: Any, size: int) -> list[Entry]:
    """Time each page of an assessment on the server, and count what it asks the database."""
    from django.db import connection  # noqa: PLC0415

    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:  # what it asks, and what comes with that
        asked.append(sql)
        return execute(sql, *rest)

    found = []
    for part in PAGES:
        address = f"/assessments/{those.pk}/{part}"
        if b"Example Pit" not in browser.get(address).content:
            sys.exit(f"{address} is not the page that was asked for")
        asked.clear()
        with connection.execute_wrapper(note):
            browser.get(address)
        spent = min(seconds(partial(browser.get, address)) for _ in range(ROUNDS))
        found.append(
            {
                "what": f"audit page {part or 'overview'}",
                "requirements": size,
                "seconds": round(spent, 4),
                "queries": len(asked),
            }
        )
    return found


def publish(those: Any, auditor: Any, size: int) -> Entry:
    """Publish an assessment, and check what everybody can read then."""
    from stannary.core.publications import check_result  # noqa: PLC0415
    from stannary.web.publications.operations import publish as published  # noqa: PLC0415
    from stannary.web.standards import queries as standards  # noqa: PLC0415

    rows: list[Any] = []
    spent = seconds(
        lambda: rows.append(published(actor=auditor, assessment_id=those.pk, published_on=DAY))
    )
    content = json.loads(rows[0].content)
    wrong = check_result(content, standards.edition(those.edition_id))
    if wrong or len(content["verdicts"]) != size:
        sys.exit(f"the result does not hold: {[one.code for one in wrong]}")
    return {"what": "publish", "requirements": size, "seconds": round(spent, 3), "queries": None}


def one_database() -> Entry:
    """Measure on the database of the environment."""
    prepare()
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    firm, auditor, mine = people()
    browser = Client(headers={"host": "localhost"})
    browser.force_login(auditor)
    rows = []
    for size in SIZES:
        rows += measure_pages(browser, rated(edition_of(size), firm, auditor, mine), size)
    those = rated(edition_of(PUBLISHED), firm, auditor, mine)
    rows.append(publish(those, auditor, PUBLISHED))
    return {"database": connection.vendor, "rows": rows}


def in_a_process(command: list[str], home: str) -> Entry:
    """Run this module for one database in a process of its own, and read what it says."""
    environment = {**os.environ, "STANNARY_HOME": home}
    if "pg_virtualenv" not in command:
        environment.pop("STANNARY_DATABASE_URL", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    line = next(one for one in done.stdout.splitlines() if one.startswith("{"))
    found: Entry = json.loads(line)
    return found


def gates_of(found: Entry) -> list[Entry]:
    """Compare what was seen on one database with what must hold."""
    where, rows = found["database"], found["rows"]
    pages = [one for one in rows if one["queries"] is not None]
    large = [one for one in pages if one["requirements"] == SIZES[-1]]
    worst = max(one["seconds"] for one in large)
    most = max(one["queries"] for one in pages)
    by_page: dict[str, set[int]] = {}
    for one in pages:
        by_page.setdefault(one["what"], set()).add(one["queries"])
    same = all(len(counts) == 1 for counts in by_page.values())
    spent = next(one["seconds"] for one in rows if one["what"] == "publish")
    peer = "peer: 1.3 s that CISO Assistant reports for its page after its fix"
    return [
        ratio_gate(f"{where}: an audit page of 2,000 requirements in 0.5 s", PAGE_S / worst, peer),
        ratio_gate(f"{where}: at most 15 queries", QUERIES / most, f"{most} at most"),
        ratio_gate(f"{where}: as many queries for 200 as for 2,000", float(same), "all pages"),
        ratio_gate(
            f"{where}: 1,000 requirements are published in 5 s",
            PUBLISH_S / spent,
            "scored, signed, logged and stored; read back and recomputed",
        ),
    ]


def main() -> int:
    """Run on both databases, print and store the results; exit 1 if a gate does not hold."""
    if OPTION in sys.argv:
        if "PGHOST" in os.environ:
            login = f"{os.environ['PGUSER']}:{os.environ['PGPASSWORD']}"
            place = f"{os.environ['PGHOST']}:{os.environ['PGPORT']}/{os.environ['PGDATABASE']}"
            os.environ["STANNARY_DATABASE_URL"] = f"postgres://{login}@{place}"
        print(json.dumps(one_database()))
        return 0
    if shutil.which("pg_virtualenv") is None:
        sys.exit("there is no PostgreSQL here: install the package postgresql")
    ours = [sys.executable, "-m", "benchmarks.audit", OPTION]
    before = control()
    found = []
    for command in (ours, ["pg_virtualenv", "-t", *ours]):
        with tempfile.TemporaryDirectory(prefix="stannary-bench-") as home:
            found.append(in_a_process(command, home))
    result: Entry = {
        "name": "audit",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
        "controls": {"loop_ms_before": before, "loop_ms_after": control()},
        "gates": [gate for one in found for gate in gates_of(one)],
        "rows": [{"database": one["database"], **row} for one in found for row in one["rows"]],
    }
    store("audit", result)
    for row in result["rows"]:
        print("  " + ", ".join(f"{name} {value}" for name, value in row.items()))
    return tell(result["gates"])


if __name__ == "__main__":
    sys.exit(main())
