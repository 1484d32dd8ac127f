"""Speed of a register that holds a hundred thousand movements and more: `python -m benchmarks.registry 100000`.

Pages of lots and mines are asked of the arrays and of the book in turn, and compared letter by letter;
the arrays are brought up after single bookings, written anew, and compared with the book row by row.
"""

import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.provenance_graph import batches, supply
from benchmarks.run import RESULTS, control

ROWS = 100_000
LOTS, MINES, BOOKINGS = 40, 5, 30
_OF_ROWS = 1.4
"""Movements for each use of a lot in the graphs that are made up here."""

Entry = dict[str, Any]


def prepare(home: str) -> None:
    """Make an empty database."""
    os.environ["STANNARY_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "stannary.web.project.settings_test"
    import django  # noqa: PLC0415 - settings first
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def fill(wanted: int) -> tuple[int, list[str], list[str]]:
    """Book a made-up chain; give how many movements it has, its products, and its mines by output."""
    from stannary.web.custody.models import Lot, Movement  # noqa: PLC0415 - settings first

    graph = supply(int(wanted / _OF_ROWS))
    booked = 0
    for part in batches(graph):
        rows = _movements(part)
        while some := list(islice(rows, 5000)):
            Movement.objects.bulk_create(some)
            booked += len(some)
            Lot.objects.bulk_create(_lot(one) for one in some if one.side == "out")
    products = np.flatnonzero(graph.level == graph.level.max())
    chosen = products[:: max(1, len(products) // LOTS)][:LOTS]
    mined = graph.level == 0
    sums = np.bincount(graph.site[mined].astype(np.int64), graph.made[mined].astype(float))
    mines = np.argsort(-sums)[: 4 * MINES : 4]
    return booked, [f"L{n:010d}" for n in chosen], [f"S{n:010d}" for n in mines]


def _movements(part: Any) -> Iterator[Any]:
    from stannary.engines.provenance.movements import KINDS, SIDES  # noqa: PLC0415
    from stannary.web.custody.models import Movement  # noqa: PLC0415 - settings first

    for n in range(len(part)):
        yield Movement(
            event=part.event.text(n),
            at=part.time(n),
            kind=str(KINDS[part.kind[n]]),
            side=str(SIDES[part.side[n]]),
            site=part.site.text(n),
            entity=part.entity.text(n),
            lot=part.lot.text(n),
            material="made-up material",
            mass_mg=int(part.mass[n]),
            content_mg=int(part.content[n]),
            attestation=part.attestation.text(n),
        )


def _lot(one: Any) -> Any:
    from stannary.web.custody.models import Lot  # noqa: PLC0415 - settings first

    return Lot(
        lot_id=one.lot,
        material=one.material,
        mass_mg=one.mass_mg,
        content_mg=one.content_mg,
        left_mass_mg=one.mass_mg,
        left_content_mg=one.content_mg,
        made_at=one.at,
        made_by=one.entity,
        kind=one.kind,
        site=one.site,
        holder=one.entity,
    )


def timed(
    work: Callable[[], Any], clock: Callable[[], int] = time.perf_counter_ns
) -> tuple[float, Any]:
    """Give how many milliseconds a piece of work takes, and what it gives."""
    begin = clock()
    found = work()
    return (clock() - begin) / 1e6, found


def pages(addresses: list[str]) -> Entry:
    """Ask each page of the arrays and of the book, and compare; the first of each warms up."""
    from django.conf import settings  # noqa: PLC0415 - settings first
    from django.test import Client  # noqa: PLC0415

    client = Client()
    seen: dict[str, list[float]] = {"arrays": [], "exact": []}
    for address in [addresses[0], *addresses]:
        told = []
        for engine, times in seen.items():
            settings.PROVENANCE_ENGINE = engine
            took, answer = timed(partial(client.get, address), time.process_time_ns)
            times.append(took)
            told.append(re.sub(r'(nonce|value)="[\w+/=-]{20,}"', "", answer.content.decode()))
        if told[0] != told[1] or answer.status_code != 200:
            raise SystemExit(f"{address}: the arrays and the book differ")
    settings.PROVENANCE_ENGINE = "arrays"
    found: Entry = {f"{name}_p50_cpu_ms": statistics.median(x[1:]) for name, x in seen.items()}
    found |= {f"{name}_max_cpu_ms": max(x[1:]) for name, x in seen.items()}
    ratios = [b / a for a, b in zip(seen["arrays"][1:], seen["exact"][1:], strict=True)]
    return {"pages": len(addresses), **found, "book_by_arrays_p50": statistics.median(ratios)}


def after_bookings() -> Entry:
    """Book one change after the other, and bring the arrays up after each."""
    from stannary.web.custody.models import Movement  # noqa: PLC0415 - settings first
    from stannary.web.custody.tracing import kept  # noqa: PLC0415

    last = Movement.objects.order_by("-at")[0]
    times = []
    for n in range(BOOKINGS):
        those = [
            Movement(event=f"new-{n}", at=last.at, kind="purchase", side="out", site="S", entity="O",
                     lot=f"new-{n}", material="made-up material", mass_mg=10, content_mg=10),
            Movement(event=f"more-{n}", at=last.at, kind="transform", side="in", site="S", entity="O",
                     lot=f"new-{n}", material="made-up material", mass_mg=10, content_mg=10),
            Movement(event=f"more-{n}", at=last.at, kind="transform", side="out", site="S",
                     entity="O", lot=f"more-{n}", material="made-up material", mass_mg=9, content_mg=9),
        ]  # fmt: skip
        Movement.objects.bulk_create(those)
        took, told = timed(kept.follow)
        if not told:
            raise SystemExit("a booking is not followed")
        times.append(took)
    return {"bookings": BOOKINGS, "p50_ms": statistics.median(times), "max_ms": max(times)}


def reached(mine: str) -> Entry:
    """Suspend what a mine produced, and find all lots that this reaches."""
    from stannary.web.custody import tracing  # noqa: PLC0415 - settings first

    def judge(produced: Any) -> tuple[list[bool], list[bool]]:
        return [True] * len(produced), [one.site != mine for one in produced]

    tracing.reached(judge)
    took, found = timed(lambda: tracing.reached(judge))
    return {"lots": len(found), "ms": took}


def main(wanted: int) -> None:
    """Measure, and store what was seen."""
    with tempfile.TemporaryDirectory() as home:
        prepare(home)
        booked, lots, mines = fill(wanted)
        from django.conf import settings  # noqa: PLC0415 - settings first

        from stannary.web.custody.tracing import kept  # noqa: PLC0415

        settings.PROVENANCE_ENGINE = "arrays"
        kept.again()  # compiles what is not compiled yet
        rebuilt, _ = timed(kept.again)
        found: Entry = {
            "movements": booked,
            "lots": kept.size(),
            "log_bytes_a_movement": (Path(home) / "provenance" / "book.log").stat().st_size
            / booked,
            "memory_bytes_a_movement": memory() / booked,
            "rebuild_ms": rebuilt,
            "lot_pages": pages([f"/lots/{lot}/" for lot in lots]),
        }
        _sites(mines)
        found["mine_pages"] = pages([f"/register/mines/{mine}/" for mine in mines])
        found["suspension"] = reached(mines[0])
        kept._stores.clear()  # noqa: SLF001 - as a process that begins
        found["open_ms"], _ = timed(kept.follow)
        found["after_a_booking"] = after_bookings()
        took, differs = timed(kept.check)
        if differs:
            raise SystemExit(f"the arrays differ from the book: {differs}")
        found["check_ms"] = took
    found["control_ms"] = statistics.median(control())
    found["python"], found["machine"] = platform.python_version(), platform.machine()
    text = json.dumps(found, indent=2) + "\n"
    sys.stdout.write(text)
    (RESULTS / "registry.json").write_text(text)


def memory() -> int:
    """Give how many bytes the columns of a process take."""
    from stannary.web.custody.tracing import kept  # noqa: PLC0415 - settings first

    with kept.asked() as arrays:
        if arrays is None:
            raise SystemExit("the arrays do not tell all that is booked")
        graph = arrays.graph
        names = (graph.lots, graph.events, graph.texts)
        columns = [*graph.columns.values(), graph.mass_left, graph.content_left]
        columns += [column for one in names for column in (one.blob, one.ends)]
        slots = sum(one._slots.nbytes for one in names)  # noqa: SLF001 - nobody else asks
        return slots + sum(column.room.nbytes for column in columns)


def _sites(names: list[str]) -> None:
    from stannary.web.parties.models import Site  # noqa: PLC0415 - settings first

    Site.objects.bulk_create(
        Site(slug=name, name=f"Made-up mine {name}", country="IS", illustrative=True)
        for name in names
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
