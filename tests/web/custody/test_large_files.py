"""Large files: a bar that counts rows, work that is done before others have to wait, and its bounds."""

import datetime
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from stannary.core.custody import Row
from stannary.core.kernel import RefusalError
from stannary.formats.movements import read_movements
from stannary.web.custody import keeping, trial
from stannary.web.custody import operations as book
from stannary.web.custody.bulk import operations as bulk
from stannary.web.custody.desk import operations, queries, report, tasks
from stannary.web.custody.desk.progress import operations as progress
from stannary.web.custody.models import (
    BookState,
    FileProgress,
    FileStep,
    Lot,
    Movement,
    MovementFile,
)
from stannary.web.custody.state import checks
from stannary.web.parties.models import Person

SignIn = Callable[[Person], Client]
HEADS = "event,at,kind,site,entity,lot,side,material,mass_kg,content_kg\n"


def line(event: str, lot: str, kind: str = "purchase", side: str = "out", mass: str = "2") -> str:
    return (
        f"{event},2026-03-01T08:00:00Z,{kind},plant,Example Cells,{lot},{side},tin,{mass},{mass}\n"
    )


FILE = HEADS + line("E-1", "P-1") + line("E-2", "P-2")


@pytest.fixture
def row(clerk: Person) -> MovementFile:
    return handed_in(clerk, FILE)


def handed_in(clerk: Person, text: str) -> MovementFile:
    sent = {"actor": clerk, "slug": "example-cells", "name": "year.csv", "at": timezone.now()}
    found, _new = operations.hand_in(content=text.encode(), **sent)  # type: ignore[arg-type]
    return found


def rows(text: str) -> tuple[Row, ...]:
    return read_movements(io.BytesIO((HEADS + text).encode()))


def told(row: MovementFile) -> tuple[str, int, int] | None:
    return FileProgress.objects.filter(file=row).values_list("stage", "done", "whole").first()


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(("now", "is_told"), [(0.49, False), (0.5, True), (0.51, True)])
def test_a_job_tells_how_far_it_is_twice_a_second_at_most(
    row: MovementFile, now: float, is_told: bool
) -> None:
    seconds = [0.0]
    bar = progress.Progress(row, clock=lambda: seconds[-1])
    seconds.append(now)
    bar.reading(40, 100)
    bar.reading(50, 100)  # at the same moment

    assert told(row) == (("reading", 40, 100) if is_told else None)
    bar.writing(100)
    assert told(row) == (("writing", 0, 100) if is_told else None)


@pytest.mark.django_db
@pytest.mark.either_database
def test_what_cannot_be_told_stops_no_job(
    row: MovementFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_given: object) -> None:
        raise OperationalError("database is locked")

    seconds = [0.0]
    bar = progress.Progress(row, clock=lambda: seconds[-1])
    seconds.append(1.0)
    with monkeypatch.context() as patch:
        patch.setattr(FileProgress.objects, "update_or_create", busy)
        bar.reading(1, 0)
    seconds.append(1.0 + progress.PATIENCE - 0.01)
    bar.reading(2, 0)
    assert told(row) is None
    seconds.append(1.0 + progress.PATIENCE)
    bar.reading(3, 0)
    assert told(row) == ("reading", 3, 0)


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(
    ("stage", "done", "whole", "words"),
    [
        ("reading", 40_000, 100_000, "40\u00a0000 of 100\u00a0000 lines read"),
        ("reading", 40_000, 0, "40\u00a0000 lines read so far"),
        ("trying", 7, 100_000, "7 of 100\u00a0000 movements tried on the book"),
        ("writing", 0, 100_000, "100\u00a0000 movements are being written, in one piece"),
    ],
)
def test_the_page_and_a_program_see_the_bar_until_the_step_is_done(
    row: MovementFile, clerk: Person, sign_in: SignIn, stage: str, done: int, whole: int, words: str
) -> None:
    FileProgress.objects.create(file=row, stage=stage, done=done, whole=whole, at=timezone.now())
    browser, address = sign_in(clerk), f"/stock/example-cells/files/{row.file_id}/"

    page = browser.get(address).content.decode()

    assert words in page
    assert (f'value="{done}" max="{whole}"' in page) is bool(whole and stage != "writing")
    told_to_a_program = browser.get(f"/api/v1{address[:-1]}").json()["progress"]
    assert told_to_a_program == {"stage": stage, "done": done, "whole": whole}
    operations.note(row, FileStep.Kind.READ, by=clerk, at=timezone.now())
    assert words not in browser.get(address).content.decode()  # of the step before
    assert browser.get(f"/api/v1{address[:-1]}").json()["progress"] is None


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(("minutes", "is_slow"), [(1.9, False), (2.1, True)])
def test_a_bar_that_moves_is_a_sign_of_life(
    row: MovementFile, clerk: Person, sign_in: SignIn, minutes: float, is_slow: bool
) -> None:
    now = timezone.now()
    row.steps.update(at=now - datetime.timedelta(hours=1))
    at = now - datetime.timedelta(minutes=minutes)
    FileProgress.objects.create(file=row, stage="trying", done=1, whole=2, at=at)

    page = sign_in(clerk).get(f"/stock/example-cells/files/{row.file_id}/").content.decode()

    assert ("Take it up again" in page) is is_slow


@pytest.mark.django_db(transaction=True)
def test_what_is_told_while_a_job_runs_is_there_for_everybody_at_once(
    row: MovementFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS", 0)
    seen: list[object] = []
    formulas = trial.formulas

    def between(those: tuple[Row, ...]) -> object:
        seen.append((told(row), connection.in_atomic_block))
        return formulas(those)

    monkeypatch.setattr(trial, "formulas", between)
    tasks.check(str(row.file_id))
    assert seen == [(("reading", 2, 2), False)]
    assert told(row) == ("trying", 2, 2)


def confirmed(row: MovementFile, clerk: Person) -> None:
    tasks.check(str(row.file_id))
    operations.confirm(
        actor=clerk,
        slug="example-cells",
        file_id=row.file_id,
        sha256=row.sha256,
        at=timezone.now(),
    )


OTHERS = {
    "nothing": "",
    "beside it": line("E-9", "P-0", "loss", "in", "0.5"),
    "a day later": line("E-9", "P-9").replace("-01T", "-02T"),
    "the same lot": line("E-9", "P-3", "ship", "move"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("between", "again"),
    [("nothing", 0), ("beside it", 0), ("a day later", 1), ("the same lot", 1)],
)
def test_what_was_worked_out_beforehand_counts_if_nobody_touched_what_it_touches(
    clerk: Person, monkeypatch: pytest.MonkeyPatch, between: str, again: int
) -> None:
    book.book_as_register(rows=rows(line("E-0", "P-0") + line("E-3", "P-3")))
    row = handed_in(clerk, FILE + line("E-4", "P-3", "ship", "move"))
    confirmed(row, clerk)
    made = operations.ready(row)
    if OTHERS[between]:
        book.book_as_register(rows=rows(OTHERS[between]))
    tried, whole = [], keeping.tried

    def counted(*given: object, **more: object) -> keeping.Kept:
        tried.append(1)
        return whole(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(keeping, "tried", counted)
    if between == "the same lot":
        with pytest.raises(RefusalError, match="CUSTODY-012"):
            operations.book_file(file_id=row.file_id, at=timezone.now(), made=made)
        assert len(tried) == again
        return
    assert operations.book_file(file_id=row.file_id, at=timezone.now(), made=made)

    assert len(tried) == again
    assert Lot.objects.get(lot_id="P-2").left_mass_mg == 2_000_000
    checked = checks.check(now=timezone.now())
    assert checked is not None
    assert checked.differences == 0


@pytest.mark.django_db
def test_a_row_of_the_state_that_was_changed_is_not_gone_on_from(clerk: Person) -> None:
    book.book_as_register(rows=rows(line("E-0", "P-0") + line("E-3", "P-3")))
    row = handed_in(clerk, FILE + line("E-4", "P-3", "ship", "move"))
    confirmed(row, clerk)
    made = operations.ready(row)
    book.book_as_register(rows=rows(line("E-9", "P-0", "loss", "in", "0.5")))
    BookState.objects.filter(key="P-3").update(state="[]")

    assert operations.book_file(file_id=row.file_id, at=timezone.now(), made=made)
    checked = checks.check(now=timezone.now())
    assert checked is not None
    assert checked.differences == 0


@pytest.mark.django_db
def test_what_somebody_used_since_it_was_worked_out_is_not_used_twice(clerk: Person) -> None:
    book.book_as_register(rows=rows(line("E-0", "P-0")))
    row = handed_in(clerk, HEADS + line("E-1", "P-0", "loss", "in", "2"))
    confirmed(row, clerk)
    made = operations.ready(row)
    assert made.kept is not None
    book.book_as_register(rows=rows(line("E-9", "P-0", "loss", "in", "0.5")))

    with pytest.raises(RefusalError) as refused:
        operations.book_file(file_id=row.file_id, at=timezone.now(), made=made)

    assert refused.value.rule.code == "CUSTODY-006"
    assert Movement.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        line("E-1", "P-0", "loss", "in", "9"),  # more than there is
        line("E-1", "P-1") + line("E-1", "P-2", "loss", "in"),  # one event, two kinds
        line("E-1", "P-1").replace(",plant,", ",,"),  # not readable
    ],
)
def test_what_would_be_refused_is_not_worked_out_beforehand(clerk: Person, text: str) -> None:
    book.book_as_register(rows=rows(line("E-0", "P-0")))

    assert operations.ready(handed_in(clerk, HEADS + text)).kept is None


@pytest.mark.django_db
def test_the_same_rows_in_another_file_are_not_worked_out_again(
    row: MovementFile, clerk: Person
) -> None:
    confirmed(row, clerk)
    tasks.book(str(row.file_id))

    assert operations.ready(handed_in(clerk, FILE + "\n")).kept is None
    assert told(row) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("whole", "lines"), [(3, [2, 3, 4]), (2, [3])])
def test_the_workbook_of_problems_of_a_large_file_has_the_faulty_lines_alone(
    clerk: Person, monkeypatch: pytest.MonkeyPatch, whole: int, lines: list[int]
) -> None:
    monkeypatch.setattr(report, "WHOLE", whole)
    row = handed_in(clerk, FILE.replace("P-2,out", "P-2,up") + line("E-3", "P-3"))
    tasks.check(str(row.file_id))
    checked = queries.standing(row).checked
    assert checked is not None
    found = report.kept(checked.report)

    shown = report.lines_of(bytes(row.content), row.name, found)
    sheet = openpyxl.load_workbook(
        io.BytesIO(report.problems_workbook(shown, found, ("row", "problems")))
    )

    told_lines = [list(one) for one in sheet.worksheets[0].values][1:]
    assert [one[0] for one in told_lines] == lines
    assert [one[6] for one in told_lines if one[0] == 3] == ["P-2"]
    assert [one[0] for one in told_lines if "CUSTODY-025" in str(one[-1])] == [3]


@pytest.mark.django_db
def test_rows_are_put_in_order_and_change_only_what_they_may_of_those_that_are_there() -> None:
    def lot(name: str, **more: object) -> Lot:
        given = {"material": "tin", "mass_mg": 2, "content_mg": 1, "made_at": timezone.now()}
        return Lot(lot_id=name, left_mass_mg=2, left_content_mg=1, **{**given, **more})

    bulk.put(Lot, [lot("B"), lot("A")])
    key = Lot.objects.get(lot_id="A").pk
    assert list(Lot.objects.order_by("pk").values_list("lot_id", flat=True)) == ["B", "A"]
    bulk.put(
        Lot, [lot("A", mass_mg=9, material="lead")], unique=["lot_id"], update=["mass_mg", "holder"]
    )

    there = Lot.objects.get(lot_id="A")
    assert (there.pk, there.mass_mg, there.material) == (key, 9, "tin")
    bulk.put(Lot, [])
    assert Lot.objects.count() == 2
