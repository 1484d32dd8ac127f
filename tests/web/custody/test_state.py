"""The state of the books: what is booked after what is kept comes to what a replay of all does."""

import datetime
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stannary.core.custody import Kind, Model, Row, masses
from stannary.web.custody import keeping, keeping_tasks, operations, trial
from stannary.web.custody.models import (
    AccountPeriod,
    Book,
    BookCheck,
    BookState,
    Carried,
    CreditHeld,
    Lot,
    Movement,
)
from stannary.web.custody.state import checks
from stannary.web.parties.models import Person
from web.custody.test_books import (
    TODAY,
    balanced,
    book,
    booked,
    certify,
    holders,  # noqa: F401 - a fixture
    mined,
    passed_on,
    refused,
    row,
    used_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("holders")]
KG = 10**6


@pytest.fixture
def replays(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many movements each replay went through."""
    seen: list[int] = []
    whole = keeping._anew

    def counted(head: Book, rows: Sequence[Row], *rest: Any, **more: Any) -> keeping.Kept:
        kept = whole(head, rows, *rest, **more)
        assert kept.anew is not None
        seen.append(len(kept.anew.before) + len(rows))
        return kept

    monkeypatch.setattr(keeping, "_anew", counted)
    return seen


def found() -> list[str]:
    """What differs from everything replayed."""
    done = checks.check(now=timezone.now())
    assert done is not None
    return [done.found] if done.differences else []


BULK = mined(kg=1000, model=Model.MASS_BALANCE)
ACTS: list[list[Row]] = [
    balanced(60, 50),
    booked(),
    passed_on(),
    [mined("late", 7)],  # before what was booked, and it touches nothing of that
    [used_up()],
    balanced(30, 30, event="G", lot="Z"),
    [row("S", 9, "ship", "move", "X", 50, material="metal", model=Model.MASS_BALANCE)],
    [row("H", 9, "receive", "move", "X", 50, material="metal", entity="A Brand", site="an-office")],
    [row("L", 12, "loss", "in", "M", 5)],
    [row("W", 12, "loss", "in", "M", 4, period="weighing")],
    [replace(row("U", 13, "purchase", "out", "U", 5, model=Model.MASS_BALANCE), entity="A Brand")],
]


def test_everything_is_booked_after_what_is_kept(replays: list[int]) -> None:
    book(BULK)
    del replays[:]

    for act in ACTS:
        book(act)
        assert replays == []
        assert found() == []
        del replays[:]

    beyond = row("V", 14, "loss", "in", "M", 2, period="weighing")
    assert refused(lambda: book(beyond)) == {"CUSTODY-099"}
    assert AccountPeriod.objects.count() == 2
    assert BookState.objects.exclude(average="").count() == 2


def test_days_alone_change_what_ends_and_nothing_else(replays: list[int]) -> None:
    book(BULK, balanced(100, 40), booked())
    del replays[:]

    for year in (2027, 2028, 2029):
        day = datetime.date(year, 3, 1)
        with CaptureQueriesContext(connection) as asked:
            assert operations.keep_again(today=day)
        assert replays == []
        assert len(asked) < 30
        assert found() == []
        del replays[:]

    assert AccountPeriod.objects.filter(closed=True).count() == 6
    assert Book.objects.get().kept_on == day
    book(mined("later"), today=day)
    assert replays == []
    assert found() == []


def correcting(event: str, *rows: Row, annul: bool = False) -> list[Row]:
    """Restate an event by other rows, or take it back."""
    said = {"account": event, "period": "annulled" if annul else ""}
    at = row("K", 300, "loss", "in", "M", 1).at
    name = f"K-{event}-{annul}"
    return [replace(one, event=name, at=at, kind=Kind.CORRECT, **said) for one in rows]  # type: ignore[arg-type]  # by name


CORRECTED = row("K", 30, "correct", "out", "M", 999, account="P-M", model=Model.MASS_BALANCE)
PRODUCED_ANEW = replace(BULK, mass_mg=999 * KG, content_mg=999 * KG)
BEFORE_A_LOSS = [row("E", 1, "split", "in", "M", 1), row("E", 1, "split", "out", "M1", 1)]
CHANGES: list[list[Row]] = [
    correcting("P-M", PRODUCED_ANEW),
    BEFORE_A_LOSS,
    correcting("P-late", replace(mined("late", 7), attestation="")),
    correcting("G", *balanced(29, 29, "G", "Z")),
    correcting("R", used_up(3)),
    correcting("R", used_up(3), annul=True),
    correcting("T", *passed_on(), annul=True),
    correcting("L", row("L", 12, "loss", "in", "M", 5), annul=True),
    correcting("B", *booked(20)),
    correcting("E", *BEFORE_A_LOSS, annul=True),
    correcting("B", *booked(20), annul=True),
]


def test_what_changes_what_was_before_is_replayed_as_far_as_it_reaches(
    replays: list[int],
) -> None:
    book(BULK)
    for act in ACTS:
        book(act)
    del replays[:]

    shipped = [
        replace(one, mass_mg=one.mass_mg - KG, content_mg=one.content_mg - KG)
        for one in balanced(60, 50)
    ]
    assert refused(lambda: book(correcting("F", *shipped))) == {"CUSTODY-011"}
    for change in CHANGES:
        book(change)
        assert replays == [], change
        assert found() == [], change
        del replays[:]

    assert not CreditHeld.objects.exists()
    assert not Lot.objects.filter(lot_id="M1").exists()
    book(mined("next"))
    assert replays == []


def test_a_certificate_that_changes_makes_the_state_anew(
    replays: list[int], secretary: Person
) -> None:
    book(BULK)
    del replays[:]

    certify(secretary, "a-brand", "brand", "an-office", number="COC-2")

    assert replays == [1]
    assert found() == []
    del replays[:]
    book(mined("next"), today=timezone.localdate())
    assert replays == []


def test_a_trial_goes_on_from_the_state_and_stores_nothing(
    replays: list[int], secretary: Person
) -> None:
    book(BULK)
    before = list(BookState.objects.values_list("sha256", flat=True))
    del replays[:]

    tried = trial.try_rows(actor=secretary, rows=[row("L", 12, "loss", "in", "M", 1001)])

    assert {one.code for one in tried.findings} == {"CUSTODY-006", "CUSTODY-007", "CUSTODY-046"}
    assert (tried.before, replays) == (1, [])
    assert list(BookState.objects.values_list("sha256", flat=True)) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: BookState.objects.filter(key="M").update(state="[]"), "state"),
        (lambda: BookState.objects.filter(key="M").delete(), "state"),
        (lambda: Lot.objects.filter(lot_id="M").update(left_mass_mg=1, left_content_mg=1), "Lot"),
        (lambda: Carried.objects.all().delete(), "Carried"),
        (lambda: Movement.objects.update(note="another"), "log"),
        (lambda: Book.objects.update(movements=7), "movements"),
        (lambda: Book.objects.update(state_sum="0"), "its sum"),
        (lambda: Book.objects.update(proof="{}"), "proof"),
    ],
)
def test_whatever_was_changed_is_told_and_the_movements_decide_again(
    replays: list[int], caplog: pytest.LogCaptureFixture, change: Callable[[], object], said: str
) -> None:
    book(BULK, [row("L", 12, "loss", "in", "M", 5)])
    change()

    (told,) = found()
    assert said in told
    assert "The books differ from all movements replayed" in caplog.text
    assert Book.objects.get().state_of == ""
    del replays[:]

    book(mined("next"))
    assert replays == [3]
    assert (found() == []) is (said != "log")


def test_a_state_that_does_not_fit_its_digest_decides_nothing(
    replays: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    book(BULK)
    stored = BookState.objects.get(key="M")
    text = stored.state.replace(str(1000 * KG), str(9000 * KG))
    assert BookState.objects.filter(key="M").update(state=text) == 1
    del replays[:]

    assert refused(lambda: book(row("L", 12, "loss", "in", "M", 1001))) == {
        "CUSTODY-006",
        "CUSTODY-007",
    }
    assert replays == [2]
    assert "lot M does not fit its digest" in caplog.text


def test_movements_that_came_another_way_are_replayed_too(replays: list[int]) -> None:
    book(BULK)
    other = Movement.objects.get()
    other.pk, other.event, other.lot = None, "P-other", "other"
    other.save()
    del replays[:]

    book(mined("next"))

    assert replays == [3]
    assert found() == []


def test_two_bookings_from_one_state_never_both_land() -> None:
    book(BULK)
    first = keeping.tried([row("A", 12, "loss", "in", "M", 1000)], TODAY)
    second = keeping.tried([row("B", 12, "loss", "in", "M", 1000)], TODAY)
    assert first.refused == second.refused == ()

    operations._store(first, [row("A", 12, "loss", "in", "M", 1000)])
    assert refused(lambda: operations._store(second, [row("B", 12, "loss", "in", "M", 1000)])) == {
        "CUSTODY-048"
    }


def test_a_booking_asks_as_much_of_a_large_book_as_of_a_small_one(replays: list[int]) -> None:
    """Nothing is replayed, and as many rows are read and written."""
    book(BULK)

    def asked(event: str) -> tuple[int, int]:
        rows = [row(event, 12, "split", "in", "M", 1), row(event, 12, "split", "out", event, 1)]
        with CaptureQueriesContext(connection) as queries:
            book(rows)
        return len(queries), sum(len(one["sql"]) for one in queries) // 400

    del replays[:]
    small = asked("S-1")
    book([mined(f"N-{number}", 1) for number in range(400)])
    assert asked("S-2") == small
    assert replays == []


def test_the_count_is_due_once_a_day() -> None:
    today = timezone.localdate()
    assert not checks.is_due(today)
    assert checks.check(now=timezone.now()) is None
    book(BULK)
    assert checks.is_due(today)
    checks.check(now=timezone.now())
    assert not checks.is_due(today)
    assert checks.is_due(today + datetime.timedelta(days=1))


def test_people_see_what_the_count_found(
    secretary: Person, sign_in: Callable[[Person], Client]
) -> None:
    browser, title = sign_in(secretary), "All movements replayed and compared with the books"
    assert title not in browser.get("/jobs/").content.decode()
    call_command("check_books", stdout=(said := io.StringIO()))
    assert said.getvalue() == "nothing is booked\n"

    book(BULK)
    keeping_tasks.check_today.call()
    keeping_tasks.check_today.call()
    assert BookCheck.objects.count() == 1
    assert "1 movement; everything agrees." in browser.get("/jobs/").content.decode()
    call_command("check_books", stdout=said)
    assert said.getvalue().splitlines()[1].startswith("1 movements agree; log ")

    Carried.objects.all().delete()
    with pytest.raises(CommandError, match="1 differences"):
        call_command("check_books")
    page = browser.get("/jobs/").content.decode()
    assert "1 difference. The movements decide" in page
    assert "Carried" in page


def left_of(lot: str) -> tuple[int, int]:
    mass, content = Lot.objects.values_list("left_mass_mg", "left_content_mg").get(lot_id=lot)
    return mass // KG, content // KG


def test_a_lot_that_was_left_with_more_content_than_mass_stops_no_other_and_can_be_corrected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost = row("L", 1, "loss", "in", "M", 800, content_mg=100 * KG)
    with monkeypatch.context() as before_the_rule:
        before_the_rule.setattr(masses, "_rest", lambda *_: ())
        book([replace(mined(kg=1000), content_mg=500 * KG), lost])
        assert found() == []
    assert Carried.objects.filter(lot_id="M").exists()

    assert len(found()) == 1
    assert "CUSTODY-019" in found()[0]
    more = row("N", 2, "loss", "in", "M", 10, content_mg=9 * KG)
    assert refused(lambda: book(more)) == {"CUSTODY-019"}
    book(mined("other"))
    assert refused(lambda: book(more)) == {"CUSTODY-019"}
    book(row("N", 2, "loss", "in", "M", 10))
    assert left_of("M") == (190, 390)
    assert Carried.objects.filter(lot_id="M").exists()
    book(correcting("L", replace(lost, content_mg=390 * KG)))
    assert left_of("M") == (190, 100)
    assert found() == []
