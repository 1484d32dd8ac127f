"""Speed of asking what a change would touch: `python -m benchmarks.registry_changes 20000 100000`.

A made-up book of regions: a mine, a refinery with an account of mass balance, credits, and a
certificate for each. As the book grows there are more regions, each as large as before. Every
question is asked of what the change can reach, then of the whole book, and both must say the same.
"""

import datetime
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from unittest import mock

from benchmarks.registry import prepare, timed
from benchmarks.run import RESULTS, control

SIZES = (20_000, 100_000)
ALL_BELOW = 50_000
SOME = ("an input that was lighter", "accounts at the end of a period")
"""What is asked of a larger whole book, too: each takes minutes."""
BATCHES = 90
ASKED = 5
KG = 10**6
START = datetime.datetime(2026, 1, 5, 6, tzinfo=datetime.UTC)

Entry = dict[str, Any]


def fill(wanted: int, batches: int) -> tuple[int, int]:
    """Book regions until there are enough movements; give how many there are of both."""
    from stannary.web.custody.operations import book_as_register  # noqa: PLC0415 - settings first
    from stannary.web.parties.models import Organisation, Person  # noqa: PLC0415

    person = Person.objects.create_user("clerk")
    scheme = Organisation.objects.create(slug="scheme", name="Scheme", kind="scheme")
    rows: list[Any] = []
    region = 0
    while len(rows) < wanted:
        _certify(region, person, scheme)
        rows += _region(region, batches)
        region += 1
    return book_as_register(rows=rows), region


def _certify(region: int, person: Any, scheme: Any) -> None:
    from stannary.core.custody import Model  # noqa: PLC0415
    from stannary.web.entities.models import Certificate  # noqa: PLC0415 - settings first
    from stannary.web.parties.models import Organisation  # noqa: PLC0415

    for kind in ("mine", "refiner"):
        holder = Organisation.objects.create(
            slug=f"{kind}-{region}", name=f"Made-up {kind} {region}", kind="trader"
        )
        Certificate.objects.create(
            number=f"COC-{kind}-{region}",
            holder=holder,
            kind=kind,
            pack="stannary/open-custody/1.0",
            sites=f"{kind}-{region}",
            materials="ore\nmetal",
            models_covered=" ".join(Model),
            valid_from=datetime.date(2026, 1, 1),
            valid_until=datetime.date(2028, 12, 31),
            issuer=scheme,
            issued_by=person,
            issued_at=START,
        )


def _region(region: int, batches: int) -> Iterator[Any]:
    from stannary.core.custody import Kind, Model, Row, Side  # noqa: PLC0415

    def row(n: int, step: int, kind: Kind, side: Side, lot: str, *, who: str, **more: Any) -> Row:
        given: Entry = {
            "event": f"{kind}-{region}-{n}-{step}",
            "at": START + datetime.timedelta(days=n, hours=step, seconds=region),
            "kind": kind,
            "site": f"{who}-{region}",
            "entity": f"Made-up {who} {region}",
            "lot": f"{lot}-{region}-{n}",
            "side": side,
            "material": "ore",
            "mass_mg": 3 * KG,
            "content_mg": KG,
        }
        return Row(**{**given, **more})

    for n in range(batches):
        mined: Entry = {"attestation": f"urn:made-up:{region}", "model": Model.MASS_BALANCE}
        over: Entry = {"account": "plant", "model": Model.MASS_BALANCE}
        yield row(n, 0, Kind.PRODUCE, Side.OUT, "O", who="mine", **mined)
        yield row(n, 1, Kind.SHIP, Side.MOVE, "O", who="mine")
        yield row(n, 2, Kind.RECEIVE, Side.MOVE, "O", who="refiner")
        yield row(n, 3, Kind.TRANSFORM, Side.IN, "O", who="refiner", **over)
        yield row(
            n, 3, Kind.TRANSFORM, Side.OUT, "M", who="refiner", material="metal", mass_mg=KG, **over
        )
        if n % 10 == 0:
            credit: Entry = {"model": Model.BOOK_AND_CLAIM}
            yield row(n, 4, Kind.PRODUCE, Side.OUT, "B", who="mine", **{**mined, **credit})
            yield row(n, 5, Kind.BOOK, Side.IN, "B", who="mine", **credit)
            yield row(n, 5, Kind.BOOK, Side.OUT, "C", who="mine", **credit)
            yield row(n, 6, Kind.RETIRE, Side.IN, "C", who="mine", note="A product", **credit)


def questions(regions: int, batches: int) -> dict[str, list[Callable[[], Any]]]:
    """Give what is asked, each of some regions."""
    from stannary.core.custody import CertificateStatus  # noqa: PLC0415
    from stannary.web.custody.books import queries as books  # noqa: PLC0415 - settings first
    from stannary.web.parties.models import Organisation, Person, Role  # noqa: PLC0415
    from stannary.web.restatements import queries  # noqa: PLC0415

    secretary = Person.objects.create_user("secretary")
    scheme = Organisation.objects.get(slug="scheme")
    Role.objects.create(person=secretary, organisation=scheme, kind="secretariat")
    half = batches // 2
    middle = (START + datetime.timedelta(days=half)).date()
    now = datetime.datetime.now(datetime.UTC)

    def record(key: str, **what: Any) -> Callable[[], Any]:
        wanted = queries.Wanted(key, **what)
        return lambda: queries.of_record(secretary, queries.known(secretary), wanted, now)

    def certificate(number: str) -> Callable[[], Any]:
        status = CertificateStatus.WITHDRAWN
        return lambda: queries.of_certificate(queries.known(secretary), number, status, middle)

    def found() -> Any:
        return queries.rows_now(queries.known(secretary), queries.records_found("O-0-1", "")[:25])

    those = range(0, regions, max(1, regions // ASKED))
    return {
        "an input that was lighter": [record(f"O-{n}-{half}", content_mg=KG // 2) for n in those],
        "a product that never was": [record(f"M-{n}-{half}", annul=True) for n in those],
        "a credit that was less": [record(f"B-{n}-{half // 10 * 10}", annul=True) for n in those],
        "a certificate withdrawn halfway": [certificate(f"COC-refiner-{n}") for n in those],
        "accounts at the end of a period": [
            partial(books.accounts_on, f"Made-up refiner {n}", middle) for n in those
        ],
        "a page of records found": [found],
    }


def pages_of_lost_certificates(regions: int, batches: int) -> dict[str, list[Callable[[], Any]]]:
    """Withdraw the certificates of some mines halfway, and ask what the register tells of it."""
    from stannary.web.entities.models import Certificate, CertificateStep  # noqa: PLC0415
    from stannary.web.parties.models import Person  # noqa: PLC0415 - settings first
    from stannary.web.register import suspended  # noqa: PLC0415

    middle = (START + datetime.timedelta(days=batches // 2)).date()
    those = [f"COC-mine-{n}" for n in range(0, regions, max(1, regions // ASKED))]
    for number in those:
        CertificateStep.objects.create(
            certificate=Certificate.objects.get(number=number),
            on=middle,
            status="withdrawn",
            reason="made up",
            by=Person.objects.get(username="secretary"),
            at=START,
        )
    told = partial(suspended.told_of, "certificate")
    return {"a page of the register": [partial(told, number) for number in those]}


def booked_corrections(regions: int, batches: int) -> Entry:
    """Book corrections: the state is written again as far as they reach; the last, all of it."""
    from stannary.web.custody.operations import book_as_register  # noqa: PLC0415 - settings first
    from stannary.web.custody.state import queries as state  # noqa: PLC0415
    from stannary.web.parties.models import Person  # noqa: PLC0415
    from stannary.web.restatements import queries  # noqa: PLC0415

    secretary = Person.objects.get(username="secretary")
    times, waits = [], state.outputs_wait
    those = range(0, regions, max(1, regions // ASKED))
    for n in those:
        known, now = queries.known(secretary), datetime.datetime.now(datetime.UTC)
        wanted = queries.Wanted(f"O-{n}-{batches // 2}")
        row = queries.row_of(known, wanted.key)
        corrected = queries.correction_rows(
            known, row, wanted, event=f"K-{n}", at=now, reason="made up"
        )
        rows = [replace(one, attestation="urn:made-up:another") for one in corrected]
        whole = n == those[-1]
        with mock.patch.object(state, "outputs_wait", (lambda _: True) if whole else waits):
            took, _ = timed(partial(book_as_register, rows=rows))
        times.append(took)
    parts = times[:-1]
    return {"ms": statistics.median(parts), "whole_book_ms": times[-1],
            "whole_by_part": times[-1] / statistics.median(parts)}  # fmt: skip


def ask(those: dict[str, list[Callable[[], Any]]], *, whole: Collection[str] = ()) -> Entry:
    """Ask everything of parts of the book, and some of it once of the whole book."""
    from stannary.web.custody.state import queries as state  # noqa: PLC0415 - settings first
    from stannary.web.restatements import queries  # noqa: PLC0415

    found: Entry = {}
    for name, questions_ in those.items():
        answers, times = [], []
        for one in questions_:
            took, answer = timed(one)
            times.append(took)
            answers.append(answer)
        found[name] = {"ms": statistics.median(times)}
        if name in whole:
            with (
                mock.patch.object(state, "outputs_wait", return_value=True),
                mock.patch.object(queries, "_whole", lambda one, _reader: one),
            ):
                took, answer = timed(questions_[0])
            if _alike(answer) != _alike(answers[0]):
                raise SystemExit(f"{name}: a part and the whole book differ")
            found[name] |= {"whole_book_ms": took, "whole_by_part": took / times[0]}
    return found


def _alike(answer: Any) -> Any:
    return replace(answer, against=tuple(one.code for one in answer.against)) if hasattr(
        answer, "against"
    ) else answer  # fmt: skip


def measure(wanted: int, batches: int) -> Entry:
    """Measure one book in a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        prepare(home)
        took, (booked, regions) = timed(lambda: fill(wanted, batches))
        found: Entry = {"movements": booked, "regions": regions, "booked_ms": took}
        asked = questions(regions, batches)
        found |= ask(asked, whole=asked.keys() - {"the form"} if wanted < ALL_BELOW else SOME)
        found["a correction is booked"] = booked_corrections(regions, batches)
        return found | ask(pages_of_lost_certificates(regions, batches))


def main(sizes: tuple[int, ...]) -> None:
    """Measure each size, and store what was seen."""
    found: Entry = {"books": []}
    for wanted in sizes:
        read, write = os.pipe()
        child = os.fork()
        if not child:
            with os.fdopen(write, "w") as out:
                json.dump(measure(wanted, BATCHES), out)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as told:
            found["books"].append(json.load(told))
        os.waitpid(child, 0)
    found["control_ms"] = statistics.median(control())
    text = json.dumps(found, indent=2) + "\n"
    sys.stdout.write(text)
    (RESULTS / "registry_changes.json").write_text(text)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
