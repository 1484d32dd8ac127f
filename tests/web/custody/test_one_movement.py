"""One movement by a form: what is typed becomes lines of a file, which is checked and booked like any other."""

import io
from collections.abc import Callable

import pytest
from django.test import Client

from stannary.core.custody import Row
from stannary.formats.movements import read_movements
from stannary.web.custody import operations as book
from stannary.web.custody import trial
from stannary.web.custody.desk import operations as desk
from stannary.web.custody.desk import queries
from stannary.web.custody.desk.forms import FORMS
from stannary.web.custody.models import FileStep, Lot, Movement, MovementFile
from stannary.web.parties.models import Organisation, Person

SignIn = Callable[[Person], Client]
HEADS = "event,at,kind,site,entity,lot,side,material,mass_kg,content_kg,model\n"
ADDRESS = "/stock/example-cells/movement/{}/"


def line(event: str, kind: str, side: str, lot: str, who: str = "Example Cells") -> str:
    return f"{event},2026-03-01T08:00:00Z,{kind},plant,{who},{lot},{side},tin,100,50,\n"


BOOK = (
    HEADS
    + line("E-1", "purchase", "out", "A")
    + line("E-2", "purchase", "out", "B")
    + line("E-3", "purchase", "out", "C", "Example Trading House")
    + line("E-4", "ship", "move", "C", "Example Trading House")
)


@pytest.fixture
def browser(clerk: Person, sign_in: SignIn) -> Client:
    Organisation.objects.create(
        slug="example-trading-house", name="Example Trading House", kind="trader", illustrative=True
    )
    book.book_as_register(rows=read_movements(io.BytesIO(BOOK.encode())))
    return sign_in(clerk)


def sent(browser: Client, task: str, **fields: str) -> MovementFile:
    whole = {"event": "X-1", "on": "2026-03-02T09:30", "offset": "+01:00", "note": "", **fields}
    answer = browser.post(ADDRESS.format(task), whole)
    assert answer.status_code == 302, answer.content.decode()
    return MovementFile.objects.get(file_id=answer.headers["Location"].split("/")[-2])


def rows(row: MovementFile) -> list[Row]:
    return list(read_movements(io.BytesIO(bytes(row.content))))


def short(row: Row) -> tuple[str, str, str, int, int, str]:
    return (row.kind, row.side, row.lot, row.mass_mg, row.content_mg, row.period)


def booked(browser: Client, row: MovementFile) -> None:
    assert queries.standing(row).last.kind == FileStep.Kind.CHECKED
    page = f"/stock/example-cells/files/{row.file_id}/"
    assert "Book it" in browser.get(page).content.decode(), browser.get(page).content.decode()
    browser.post(f"{page}book/", {"sha256": row.sha256})
    assert queries.standing(row).last.kind == FileStep.Kind.BOOKED


@pytest.mark.django_db
def test_a_receipt_with_another_weight_is_one_form_and_two_movements(browser: Client) -> None:
    form = browser.get(ADDRESS.format("receipt")).content.decode()
    assert "C · tin · 100 kg" in form
    assert "A · tin" not in form

    row = sent(browser, "receipt", lot="C", site="plant", scale_kg="99,6")

    receipt, less = rows(row)
    assert short(receipt) == ("receive", "move", "C", 100_000_000, 50_000_000, "")
    assert short(less) == ("loss", "in", "C", 400_000, 200_000, "weighing")
    assert receipt.at.isoformat() == "2026-03-02T09:30:00+01:00"
    booked(browser, row)
    there = Lot.objects.get(lot_id="C")
    assert (there.holder, there.left_mass_mg) == ("Example Cells", 99_600_000)


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(
    ("scale", "difference"),
    [
        ("", None),
        ("100", None),
        ("99.999999", ("loss", "in", "C", 1, 1, "weighing")),
        ("100.000001", ("purchase", "out", "C-weighing", 1, 1, "weighing C")),
    ],
)
def test_what_our_scale_says_is_a_difference_to_the_milligram(
    browser: Client, scale: str, difference: tuple[object, ...] | None
) -> None:
    found = rows(sent(browser, "receipt", lot="C", site="plant", scale_kg=scale))

    assert [short(one) for one in found[1:]] == ([difference] if difference else [])


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(
    ("task", "fields", "wanted"),
    [
        ("shipment", {"lot": "A"}, [("ship", "move", "A", 100_000_000, 50_000_000, "")]),
        (
            "loss",
            {"lot": "A", "mass_kg": "2,5"},
            [("loss", "in", "A", 2_500_000, 1_250_000, "")],
        ),
        (
            "loss",
            {"lot": "A", "mass_kg": "100", "content_kg": "50"},
            [("loss", "in", "A", 100_000_000, 50_000_000, "")],
        ),
        (
            "weighing",
            {"lot": "A", "scale_kg": "100.5"},
            [("purchase", "out", "A-weighing", 500_000, 250_000, "weighing A")],
        ),
        (
            "production",
            {
                "lot": "N",
                "site": "pit",
                "material": "ore",
                "wet_kg": "10",
                "moisture_percent": "8,5",
            }
            | {"grade_percent": "2"},
            [("produce", "out", "N", 9_150_000, 183_000, "")],
        ),
        (
            "blend",
            {"lot_1": "A", "lot_3": "B", "mass_3": "40", "lot": "M", "site": "plant"},
            [
                ("blend", "in", "A", 100_000_000, 50_000_000, ""),
                ("blend", "in", "B", 40_000_000, 20_000_000, ""),
                ("blend", "out", "M", 140_000_000, 70_000_000, ""),
            ],
        ),
        (
            "processing",
            {"lot_1": "A", "site": "plant", "made_1": "T", "material_1": "tin metal"}
            | {"made_mass_1": "49", "made_content_1": "49"},
            [
                ("transform", "in", "A", 100_000_000, 50_000_000, ""),
                ("transform", "out", "T", 49_000_000, 49_000_000, ""),
            ],
        ),
    ],
)
def test_a_form_becomes_the_lines_that_it_means(
    browser: Client, task: str, fields: dict[str, str], wanted: list[tuple[object, ...]]
) -> None:
    row = sent(browser, task, **fields)

    assert [short(one) for one in rows(row)] == wanted
    assert {one.entity for one in rows(row)} == {"Example Cells"}
    if task != "production":  # whose site is not known here
        booked(browser, row)


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(
    ("task", "fields", "told"),
    [
        ("shipment", {"lot": "C"}, "Select a valid choice"),  # not ours yet
        ("loss", {"lot": "A", "mass_kg": "1,500"}, "CUSTODY"),
        ("loss", {"lot": "A", "mass_kg": ""}, "This field is required"),
        ("loss", {"lot": "A", "mass_kg": "1", "on": "yesterday"}, "2026-03-01T08:00"),
        ("loss", {"lot": "A", "mass_kg": "1", "offset": "1"}, "+01:00"),
        ("blend", {"lot": "M", "site": "plant"}, "Choose a lot."),
        ("production", {"lot": "N", "site": "pit", "material": "ore"}, "KERNEL-001"),
    ],
)
def test_what_cannot_be_read_is_told_beside_what_was_typed_and_nothing_is_kept(
    browser: Client, task: str, fields: dict[str, str], told: str
) -> None:
    whole = {"event": "X-1", "on": "2026-03-02T09:30", "offset": "+01:00", **fields}
    answer = browser.post(ADDRESS.format(task), whole)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert told.replace("CUSTODY", "digits with a point") in page
    assert 'value="X-1"' in page
    assert MovementFile.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.either_database
def test_what_the_book_refuses_is_told_on_the_page_of_the_file(browser: Client) -> None:
    row = sent(browser, "loss", lot="A", mass_kg="100.000001")
    again = sent(browser, "loss", lot="A", mass_kg="100.000001")  # pressed twice

    page = browser.get(f"/stock/example-cells/files/{row.file_id}/").content.decode()
    assert "CUSTODY-006" in page
    assert again.pk == row.pk
    assert Movement.objects.count() == 4


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize("task", sorted(FORMS))
def test_every_form_is_shown_to_clerks_alone_and_offers_own_lots_and_sites(
    browser: Client, outsider: Person, sign_in: SignIn, task: str
) -> None:
    page = browser.get(ADDRESS.format(task)).content.decode()

    assert str(FORMS[task].title) in page
    assert f'value="{task}-20' in page
    assert ("A · tin · 100 kg" in page) is (task not in ("receipt", "production"))
    assert '<option value="plant">' in page or 'id="id_site"' not in page
    assert sign_in(outsider).get(ADDRESS.format(task)).status_code == 404
    assert Client().get(ADDRESS.format(task)).status_code == 302


@pytest.mark.django_db
@pytest.mark.either_database
def test_without_a_lot_there_is_nothing_to_ship(clerk: Person, sign_in: SignIn) -> None:
    browser = sign_in(clerk)

    assert "There is no lot" in browser.get(ADDRESS.format("shipment")).content.decode()
    assert browser.get(ADDRESS.format("nothing")).status_code == 404


@pytest.mark.django_db
@pytest.mark.either_database
def test_a_check_that_is_older_than_the_last_change_says_so_and_offers_another(
    browser: Client,
) -> None:
    row = sent(browser, "loss", lot="A", mass_kg="1")
    page = f"/stock/example-cells/files/{row.file_id}/"
    assert "since this check" not in browser.get(page).content.decode()

    more = HEADS + line("E-9", "purchase", "out", "Z")
    book.book_as_register(rows=read_movements(io.BytesIO(more.encode())))

    assert "1 movement was booked since this check" in browser.get(page).content.decode()
    browser.post(f"{page}again/")
    assert "since this check" not in browser.get(page).content.decode()
    booked(browser, row)
    assert "since this check" not in browser.get(page).content.decode()
    broken = sent(browser, "loss", lot="B", mass_kg="1", note="=1")
    desk.note(broken, FileStep.Kind.CHECKED, by=row.handed_in_by, at=row.handed_in_at)
    address = f"/stock/example-cells/files/{broken.file_id}/"
    assert "since this check" not in browser.get(address).content.decode()  # nothing was looked at


def facts(clerk: Person, text: str) -> list[dict[str, str]]:
    found = trial.try_rows(actor=clerk, rows=read_movements(io.BytesIO((HEADS + text).encode())))
    return [dict(one.facts) for one in found.findings]


@pytest.mark.django_db
@pytest.mark.either_database
def test_a_lot_id_that_is_taken_is_told_with_one_that_is_free(
    browser: Client, clerk: Person
) -> None:
    free = "example-cells-A"
    (found,) = facts(clerk, line("E-9", "purchase", "out", "A"))
    assert (found["lot"], found["made_by"], found["free"]) == ("A", "E-1", free)

    both = line("E-9", "purchase", "out", "A") + line("E-8", "purchase", "out", free)
    assert ["free" in one for one in facts(clerk, both)] == [False]
    taken = HEADS + line("E-7", "purchase", "out", free)
    book.book_as_register(rows=read_movements(io.BytesIO(taken.encode())))
    (found,) = facts(clerk, line("E-9", "purchase", "out", "A"))
    assert "free" not in found
    lost = line("E-9", "purchase", "out", "Y") + line("E-8", "ship", "move", "B").replace(
        "100", "9"
    )
    assert all("free" not in one for one in facts(clerk, lost.replace(",50,", ",5,")))


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("example  cells", "Example Cells"),
        ("ExampleCells", "Example Cells"),
        ("Exampel Cells", "Example Cells"),
        ("Example Cell", "Example Cells"),
        ("Example Refining", None),
    ],
)
def test_a_name_that_is_nearly_right_is_told_with_the_one_that_is_meant(
    clerk: Person, written: str, meant: str | None
) -> None:
    (found,) = facts(clerk, line("E-9", "purchase", "out", "A", written))

    assert found.get("did_you_mean") == meant
