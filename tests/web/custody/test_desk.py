"""The desk: a file is looked at first, told cell by cell, and booked once, all of it or nothing."""

import csv
import dataclasses
import io
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any, cast

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks import task_backends
from django_tasks.base import TaskResultStatus
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from stannary.core.kernel import RefusalError
from stannary.formats.movements import (
    examine_movements,
    read_movements,
    row_texts,
    write_movements_csv,
    write_movements_xlsx,
)
from stannary.web.custody import operations as book
from stannary.web.custody import queries as custody
from stannary.web.custody.desk import blanks, operations, queries, report, tasks
from stannary.web.custody.models import FileBooking, FileStep, Lot, Movement, MovementFile
from stannary.web.parties.models import Organisation, Person, Role

SignIn = Callable[[Person], Client]
HEADS = "event,at,kind,site,entity,lot,side,material,mass_kg,content_kg,note\n"
FILES = "/stock/example-cells/files/"


def line(
    event: str, lot: str = "P-1", *, kind: str = "purchase", side: str = "out", **more: str
) -> str:
    given = {
        "mass": "2",
        "content": "1",
        "entity": "Example Cells",
        "note": "",
        "day": "01",
        **more,
    }
    return (
        f"{event},2026-03-{given['day']}T08:00:00Z,{kind},plant,{given['entity']},{lot},{side},"
        f"lithium carbonate,{given['mass']},{given['content']},{given['note']}\n"
    )


GOOD = HEADS + line("E-1") + line("E-2", "P-2")


@pytest.fixture
def browser(clerk: Person, sign_in: SignIn) -> Client:
    return sign_in(clerk)


def hand_in(client: Client, content: str | bytes, name: str = "march.csv") -> MovementFile:
    data = content.encode() if isinstance(content, str) else content
    answer = client.post(FILES, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content
    return MovementFile.objects.get(file_id=answer.headers["Location"].split("/")[-2])


def page_of(client: Client, row: MovementFile) -> str:
    return client.get(f"{FILES}{row.file_id}/").content.decode()


def confirm(client: Client, row: MovementFile, sha256: str | None = None) -> Any:
    sent = {"sha256": row.sha256 if sha256 is None else sha256}
    return client.post(f"{FILES}{row.file_id}/book/", sent)


def codes(row: MovementFile) -> list[str]:
    checked = queries.standing(row).checked
    assert checked is not None
    return [one["code"] for one in report.kept(checked.report)["findings"]]


def state(row: MovementFile) -> str:
    return str(queries.standing(row).last.kind)


@pytest.mark.django_db
def test_a_file_is_looked_at_first_and_then_booked_as_it_was_looked_at(browser: Client) -> None:
    row = hand_in(browser, GOOD)

    looked = page_of(browser, row)
    assert Movement.objects.count() == Lot.objects.count() == 0
    assert "Book 2 movements" in looked
    assert "2 lots made" in looked
    assert "P-2" in looked
    assert "refresh" not in looked
    assert confirm(browser, row).status_code == 302
    assert sorted(Lot.objects.values_list("lot_id", "left_mass_mg")) == [
        ("P-1", 2_000_000),
        ("P-2", 2_000_000),
    ]
    assert "2 movements were booked on" in page_of(browser, row)


@pytest.mark.django_db
def test_the_same_movements_are_booked_once_in_whichever_form_they_come(browser: Client) -> None:
    row = hand_in(browser, GOOD)
    confirm(browser, row)
    confirm(browser, row)

    assert hand_in(browser, GOOD).pk == row.pk
    assert "handed in before" in browser.get(f"{FILES}{row.file_id}/").content.decode()
    as_book = hand_in(browser, write_movements_xlsx(custody.all_rows()), "march.xlsx")
    assert codes(as_book) == ["CUSTODY-045"]
    tasks.book(str(row.file_id))
    assert not operations.book_file(file_id=row.file_id, at=timezone.now())
    assert browser.post(f"{FILES}{row.file_id}/again/").status_code == 302
    assert Movement.objects.count() == 2
    assert FileBooking.objects.count() == 1


@pytest.mark.django_db
def test_every_problem_is_told_with_its_cell_and_nothing_is_booked(browser: Client) -> None:
    broken = HEADS + line("E-1", mass="2,5") + line("E-2", "P-2", kind="make", side="up")
    row = hand_in(browser, broken.replace("2,5", '"2,5"'))

    page = page_of(browser, row)
    assert codes(row) == ["CUSTODY-035", "CUSTODY-025", "CUSTODY-025"]
    for cell in ("I2", "C3", "G3"):
        assert f'<th scope="row">{cell} ' in page
    assert "Book it" not in page
    refused = confirm(browser, row)
    assert refused.status_code == 422
    assert "CUSTODY-044" in refused.content.decode()
    sheet = problems(browser, row)
    assert sheet[0] == ("row", *HEADS.strip().split(","), "problems")
    assert [(cells[0], cells[1]) for cells in sheet[1:]] == [(2, "E-1"), (3, "E-2")]
    assert sheet[1][-1].startswith("I2: CUSTODY-035: ")
    assert sheet[2][-1].count("CUSTODY-025") == 2
    assert Movement.objects.count() == 0


def problems(client: Client, row: MovementFile) -> list[Any]:
    answer = client.get(f"{FILES}{row.file_id}/problems.xlsx")
    made = openpyxl.load_workbook(io.BytesIO(answer.content))
    return list(made.worksheets[0].values)


@pytest.mark.django_db
def test_what_the_book_refuses_is_told_with_its_cell_too(browser: Client) -> None:
    row = hand_in(
        browser, HEADS + line("E-1") + line("E-2", kind="loss", side="in", mass="2.000001")
    )

    assert "CUSTODY-006" in codes(row)
    assert "row" in problems(browser, row)[0]
    assert Movement.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("used", "wrong"), [("1.999999", False), ("2", False), ("2.000001", True)])
def test_a_file_may_use_what_is_left_and_no_milligram_more(
    browser: Client, used: str, wrong: bool
) -> None:
    confirm(browser, hand_in(browser, GOOD))
    more = hand_in(browser, HEADS + line("E-3", kind="loss", side="in", mass=used, day="02"))

    assert bool(codes(more)) is wrong
    confirm(browser, more)
    assert Movement.objects.filter(event="E-3").exists() is not wrong


@pytest.mark.django_db
def test_what_changed_in_the_book_since_the_check_is_refused_at_booking(browser: Client) -> None:
    row = hand_in(browser, GOOD)
    book.book_as_register(rows=read_movements(io.BytesIO((HEADS + line("E-1")).encode())))

    confirm(browser, row)

    assert state(row) == FileStep.Kind.REFUSED
    assert codes(row) == ["CUSTODY-040"]
    assert "CUSTODY-040" in page_of(browser, row)
    assert Movement.objects.count() == 1
    browser.post(f"{FILES}{row.file_id}/again/")
    assert state(row) == FileStep.Kind.CHECKED


@pytest.mark.django_db
@pytest.mark.parametrize(("of", "code"), [("", "CUSTODY-044"), ("0" * 64, "CUSTODY-044")])
def test_another_file_than_the_one_looked_at_is_not_booked(
    browser: Client, of: str, code: str
) -> None:
    row = hand_in(browser, GOOD)

    answer = confirm(browser, row, of)

    assert answer.status_code == 422
    assert code in answer.content.decode()
    assert state(row) == FileStep.Kind.CHECKED


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_text_that_a_spreadsheet_would_compute_is_refused(
    browser: Client, clerk: Person, sign: str
) -> None:
    text = HEADS + line("E-1", note=f"{sign}HYPERLINK(1)")

    assert codes(hand_in(browser, text)) == ["CUSTODY-042"]
    with pytest.raises(RefusalError) as refused:
        book.book(actor=clerk, rows=read_movements(io.BytesIO(text.encode())))
    assert refused.value.rule.code == "CUSTODY-042"
    assert codes(hand_in(browser, HEADS + line("E-1", note=f"a{sign}1"))) == []


@pytest.mark.django_db
def test_a_file_names_only_organisations_of_its_clerk(browser: Client) -> None:
    row = hand_in(browser, HEADS + line("E-1") + line("E-2", "P-2", entity="Example Refining"))

    assert codes(row) == ["CUSTODY-046"]
    assert "E3" in page_of(browser, row)


@pytest.mark.django_db
@pytest.mark.parametrize(("spare", "code"), [(1, None), (0, None), (-1, "CUSTODY-043")])
def test_a_file_is_taken_in_up_to_its_limits(
    browser: Client, monkeypatch: pytest.MonkeyPatch, spare: int, code: str | None
) -> None:
    rows = dataclasses.replace(report.LIMITS, rows_max=2 + spare)
    monkeypatch.setattr(report, "LIMITS", rows)
    assert codes(hand_in(browser, GOOD)) == ([code] if code else [])

    size = dataclasses.replace(report.LIMITS, max_bytes=len(GOOD) + spare, rows_max=100)
    monkeypatch.setattr(report, "LIMITS", size)
    other = GOOD.replace("E-2", "E-3")
    answer = browser.post(FILES, {"file": SimpleUploadedFile("a.csv", other.encode())})
    assert answer.status_code == (422 if code else 302)
    assert (code or "") in answer.content.decode()


@pytest.mark.django_db
def test_a_workbook_that_unfolds_to_far_more_is_refused(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = dataclasses.replace(report.LIMITS, unpacked_max_bytes=1000)
    monkeypatch.setattr(report, "LIMITS", small)

    row = hand_in(browser, write_movements_xlsx([]), "bomb.xlsx")

    assert codes(row) == ["CUSTODY-043"]
    assert "400 MB unpacked" in page_of(browser, row)


@pytest.mark.django_db
def test_nobody_but_clerks_of_the_organisation_sees_its_files(
    browser: Client, outsider: Person, auditor: Person, sign_in: SignIn
) -> None:
    row = hand_in(browser, GOOD)
    other = Organisation.objects.create(slug="other", name="Other", kind="trader")
    stranger = Person.objects.create_user("stranger")
    Role.objects.create(person=stranger, organisation=other, kind="clerk")
    own = f"{FILES}{row.file_id}/"
    forms = "/stock/example-cells/forms/loss.csv"

    for person in (outsider, auditor, stranger):
        client = sign_in(person)
        for address in (FILES, own, f"{own}problems.xlsx", forms):
            assert client.get(address).status_code == 404, address
        for address in (FILES, f"{own}book/", f"{own}again/"):
            assert client.post(address, {"sha256": row.sha256}).status_code == 404, address
    assert sign_in(stranger).get(f"/stock/other/files/{row.file_id}/").status_code == 404
    assert Client().get(own).status_code == 302
    assert browser.get(f"{FILES}{uuid.uuid4()}/").status_code == 404
    assert Movement.objects.count() == 0


@pytest.mark.django_db
def test_a_form_without_a_file_says_so(browser: Client) -> None:
    answer = browser.post(FILES)

    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


@pytest.mark.django_db
def test_files_that_nobody_books_are_forgotten_after_a_month(browser: Client) -> None:
    booked, left = hand_in(browser, GOOD), hand_in(browser, HEADS + line("E-9", "P-9"))
    confirm(browser, booked)
    handed_in = left.handed_in_at

    assert operations.forget_unbooked(now=handed_in + operations.KEPT) == 0
    later = handed_in + operations.KEPT + (handed_in - handed_in.replace(microsecond=0))
    assert operations.forget_unbooked(now=later + operations.KEPT) == 1
    assert list(MovementFile.objects.all()) == [booked]
    tasks.check(str(left.file_id))
    tasks.book(str(left.file_id))


@pytest.fixture
def queue(transactional_db: None) -> Iterator[None]:
    """Queue jobs in the database, as a register does."""
    cache.clear()
    usual = task_backends["default"]
    task_backends["default"] = cast("Any", DatabaseBackend("default", {}))
    yield
    task_backends["default"] = usual
    cache.clear()


@pytest.mark.untraced
def test_a_large_file_waits_in_the_queue_and_survives_a_worker_that_dies(
    queue: None, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SMALL", 10)
    row = hand_in(browser, GOOD)
    assert state(row) == "asked"
    assert '<meta http-equiv="refresh" content="3">' in page_of(browser, row)
    assert "asked" in json.dumps(list(queries.standings([row]).values()))
    call_command("work", once=True)
    assert state(row) == "checked"

    confirm(browser, row)
    assert state(row) == "confirmed"
    assert confirm(browser, row).status_code == 302  # pressed twice
    whole = FileBooking.objects.create

    def dies(**_given: object) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(FileBooking.objects, "create", dies)
    call_command("work", once=True)
    monkeypatch.setattr(FileBooking.objects, "create", whole)
    assert state(row) == "booking"
    assert Movement.objects.count() == Lot.objects.count() == 0

    DBTaskResult.objects.filter(task_path__endswith="book_file").update(
        status=TaskResultStatus.READY
    )
    call_command("work", once=True)
    assert state(row) == "booked"
    assert Movement.objects.count() == 2
    assert FileBooking.objects.count() == 1


@pytest.mark.django_db
def test_a_file_that_nothing_happens_to_is_taken_up_again_by_hand(
    browser: Client, clerk: Person
) -> None:
    row = hand_in(browser, GOOD)
    long_ago = timezone.now() - 2 * operations.KEPT
    operations.note(row, FileStep.Kind.CONFIRMED, by=clerk, at=long_ago)

    assert "Take it up again" in page_of(browser, row)
    browser.post(f"{FILES}{row.file_id}/again/")

    assert state(row) == "booked"


@pytest.mark.django_db
@pytest.mark.parametrize("task", blanks.TASKS, ids=lambda task: task.code)
def test_every_form_can_be_filled_in_and_its_example_be_read(
    browser: Client, task: blanks.Task
) -> None:
    confirm(browser, hand_in(browser, GOOD))
    answer = browser.get(f"/stock/example-cells/forms/{task.code}.xlsx")
    made = openpyxl.load_workbook(io.BytesIO(answer.content))

    assert made.sheetnames == ["movements", "columns", "example", "lists"]
    assert not any(cell.data_type == "f" for sheet in made for row in sheet.rows for cell in row)
    heads, *lines = made["example"].values
    text = io.StringIO()
    csv.writer(text).writerows([heads, *[["" if x is None else x for x in one] for one in lines]])
    example = examine_movements(text.getvalue().encode(), "example")
    assert example.findings == ()
    assert {row.note for row in example.rows} == {"illustrative"}
    assert {row.entity for row in example.rows} == {"Example Cells"}
    if task.kind:
        assert {row.kind for row in example.rows} == {task.kind}
    words = [row[1] for row in made["lists"].iter_rows(values_only=True)]
    assert {"plant", "P-1", "P-2", "segregated", "transform"} <= set(words)
    explained = [row[0] for row in made["columns"].iter_rows(min_row=3, values_only=True)]
    assert explained[: len(blanks.HEADS)] == list(blanks.HEADS)
    plain = browser.get(f"/stock/example-cells/forms/{task.code}.csv").content.decode()
    assert plain.splitlines()[0] == ",".join(blanks.HEADS)


@pytest.mark.django_db
def test_the_form_of_a_shipment_holds_the_lots_in_stock_and_is_booked_once_it_is_filled_in(
    browser: Client,
) -> None:
    confirm(browser, hand_in(browser, GOOD))
    answer = browser.get("/stock/example-cells/forms/shipment.xlsx")
    made = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = made["movements"]
    assert [cell.value for cell in sheet["F"]][1:] == ["P-1", "P-2"]
    sheet.delete_rows(3)
    sheet["A2"], sheet["B2"] = "S-1", "2026-03-05T09:00:00+01:00"
    stream = io.BytesIO()
    made.save(stream)

    row = hand_in(browser, stream.getvalue(), "shipment.xlsx")

    assert codes(row) == []
    confirm(browser, row)
    assert list(Lot.objects.filter(in_transit=True).values_list("lot_id", flat=True)) == ["P-1"]


@pytest.mark.django_db
def test_forms_and_downloads_that_there_are_not_are_not_found(browser: Client) -> None:
    for address in ("forms/nothing.xlsx", "forms/loss.pdf", "movements.pdf", "lots.pdf"):
        assert browser.get(f"/stock/example-cells/{address}").status_code == 404
    assert browser.get("/stock/nobody/").status_code == 404
    assert browser.get("/stock/nobody/movements.csv").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "json"])
def test_what_an_organisation_recorded_is_read_back_as_the_same_rows(
    browser: Client, form: str
) -> None:
    confirm(browser, hand_in(browser, GOOD))

    answer = Client().get(f"/stock/example-cells/movements.{form}")

    again = read_movements(io.BytesIO(answer.content), "again")
    assert [row_texts(one) for one in again] == [row_texts(one) for one in custody.all_rows()]
    by_program = Client().get(f"/api/v1/stock/example-cells/movements?form={form}")
    assert read_movements(io.BytesIO(by_program.content), "again") == again


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "json"])
def test_the_lots_of_an_organisation_are_handed_out_in_every_form(
    browser: Client, form: str
) -> None:
    confirm(browser, hand_in(browser, GOOD))

    answer = Client().get(f"/stock/example-cells/lots.{form}")

    if form == "csv":
        found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    elif form == "json":
        found = json.loads(answer.content)["lots"]
    elif form == "xlsx":
        heads, *lines = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values
        found = [dict(zip(heads, one, strict=True)) for one in lines]
    else:
        found = examine_parquet(answer.content)
    assert [(one["lot"], one["left_mass_mg"]) for one in found] == [
        ("P-1", "2000000"),
        ("P-2", "2000000"),
    ]
    assert Client().get(f"/api/v1/stock/example-cells/lots?form={form}").content is not None


def examine_parquet(content: bytes) -> list[dict[str, Any]]:
    from pyarrow import parquet  # noqa: PLC0415 - only for this form

    return list(parquet.read_table(io.BytesIO(content)).to_pylist())


@pytest.mark.django_db
def test_the_page_of_stock_says_what_is_held_and_what_may_be_claimed(
    demonstration: None, clerk: Person, sign_in: SignIn
) -> None:
    page = Client().get("/stock/example-cells/").content.decode()

    assert "L-2041" in page
    assert "5\u00a0310\u00a0kg" in page
    assert "up to 37.5 %" in page
    assert "Make a claim" not in page
    own = sign_in(clerk).get("/stock/example-cells/").content.decode()
    assert "/claims/new/L-2041/" in own
    assert "Book from a spreadsheet" in own
    assert "Example Refining" in Client().get("/stock/").content.decode()
    first = sign_in(clerk).get("/stock/").content.decode()
    assert first.index("You book for") < first.index("Others")
    assert Client().get("/stock/example-cells/movements.json").json()["type"] == "EPCISDocument"


@pytest.mark.django_db
def test_lots_of_unknown_origin_may_not_be_claimed(browser: Client) -> None:
    confirm(browser, hand_in(browser, GOOD))

    page = browser.get("/stock/example-cells/").content.decode()

    assert "its origin is unknown" in page


@pytest.mark.django_db
def test_a_program_checks_and_books_a_file(
    browser: Client, outsider: Person, sign_in: SignIn
) -> None:
    api = "/api/v1/stock/example-cells/files"
    sent = {"file": SimpleUploadedFile("march.csv", GOOD.encode())}
    made = browser.post(api, sent, headers={"Idempotency-Key": "key-1"})
    assert made.status_code == 201
    shape = made.json()
    assert (shape["state"], shape["rows"], shape["may_be_booked"]) == ("checked", 2, True)
    assert [one["lot"] for one in shape["made"]] == ["P-1", "P-2"]
    address = made.headers["Location"]
    again = {"file": SimpleUploadedFile("march.csv", GOOD.encode())}
    assert browser.post(api, again, headers={"Idempotency-Key": "key-1"}).json() == shape

    wrong = browser.post(f"{address}/booking", {"sha256": "0"}, content_type="application/json")
    assert wrong.status_code == 422
    assert wrong.json()["code"] == "CUSTODY-044"
    body = {"sha256": shape["sha256"]}
    booked = browser.post(f"{address}/booking", body, content_type="application/json")
    assert (booked.status_code, booked.json()["state"]) == (200, "booked")
    assert browser.get(address).json()["state"] == "booked"
    assert Movement.objects.count() == 2
    refused = browser.post(f"{address}/check")
    assert refused.json()["code"] == "CUSTODY-045"
    other = sign_in(outsider)
    assert other.get(address).status_code == 404
    assert other.get("/api/v1/stock/example-cells/forms").status_code == 404
    assert Client().get(address).status_code == 401
    bad = {"file": SimpleUploadedFile("b.csv", (HEADS + line("E-5", mass="x")).encode())}
    findings = browser.post(api, bad).json()["findings"]
    assert [(one["code"], one["cell"], one["line"]) for one in findings] == [
        ("CUSTODY-035", "I2", 2)
    ]
    assert len(browser.get("/api/v1/stock/example-cells/forms").json()) == len(blanks.TASKS)
    form = browser.get("/api/v1/stock/example-cells/form?task=loss&form=csv")
    assert form.content.decode().startswith("event,at,kind")
    empty = Client().get("/api/v1/stock/example-cells/lots").json()
    assert [one["lot"] for one in empty["lots"]] == ["P-1", "P-2"]


@pytest.mark.django_db
def test_an_organisation_without_movements_gives_an_empty_document(maker: Organisation) -> None:
    answer = Client().get("/stock/example-cells/movements.json")

    assert answer.json()["type"] == "EPCISDocument"
    assert "Nothing is in stock" in Client().get("/stock/example-cells/").content.decode()
    assert write_movements_csv([]).startswith("event,")
