"""The copy of the book that traces material: it follows the book, and answers as the book does."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.custody.chains import random_chain, row
from stannary.core.custody import Kind, Row, Side
from stannary.core.kernel import RefusalError
from stannary.web.custody import demo as custody_demo
from stannary.web.custody import queries, records, tracing
from stannary.web.custody.models import Movement
from stannary.web.custody.tracing import answers, kept, tasks

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
Commits = Callable[..., AbstractContextManager[object]]
MINES = ("example-mine-1", "example-mine-2")


@pytest.fixture
def arrays(settings: Any, tmp_path: Path) -> Path:
    """Let pages ask the arrays; give their folder."""
    settings.PROVENANCE_ENGINE = "arrays"
    settings.PROVENANCE_FOLDER = tmp_path / "provenance"
    return tmp_path / "provenance"


def store(rows: Iterable[Row]) -> list[Row]:
    """Put rows into the book without judging them."""
    rows = list(rows)
    Movement.objects.bulk_create([records.movement_of(one) for one in rows])
    return rows


def lots_of(rows: Iterable[Row]) -> set[str]:
    return {one.lot for one in rows if one.kind.is_source or one.kind.is_change}


def assert_the_same(settings: Any, rows: Iterable[Row]) -> None:
    """Ask the arrays and the book about every lot and some mines."""
    for lot in lots_of(rows):
        settings.PROVENANCE_ENGINE = "arrays"
        seen = queries.traced(lot)
        assert seen.rows is None, "the book was asked"
        told, shown = queries.first_rows(seen, 7), queries.first_rows(seen, 1000)
        settings.PROVENANCE_ENGINE = "exact"
        wanted = queries.traced(lot)
        assert seen.trace == wanted.trace
        assert told == queries.first_rows(wanted, 7)
        assert shown == queries.first_rows(wanted, 1000)
    several = sorted(lots_of(rows))[:3]
    in_book = queries.traces_of(several)
    settings.PROVENANCE_ENGINE = "arrays"
    assert queries.traces_of(several) == in_book
    for mine in MINES:
        settings.PROVENANCE_ENGINE = "exact"
        exact = queries.following(mine)
        settings.PROVENANCE_ENGINE = "arrays"
        seen_there = queries.following(mine)
        assert (seen_there.produced_mg, seen_there.lots) == (exact.produced_mg, exact.lots)
        for lot, _ in exact.lots:
            assert abs(seen_there.share(lot) - exact.share(lot)) < Fraction(1, 10**30)
        amounts = [(lot, 10**9) for lot, _ in exact.lots]
        for many in (1, 3, len(amounts)):
            assert seen_there.whole_mg(amounts[:many]) == exact.whole_mg(amounts[:many])


def test_the_arrays_answer_what_the_book_answers(arrays: Path, settings: Any) -> None:
    rows = store(random_chain(11, 45))
    assert_the_same(settings, rows)


def test_pages_of_the_demonstration_are_the_same(
    demonstration: None, arrays: Path, settings: Any, client: Client
) -> None:
    addresses = (
        "/lots/L-2041/", "/lots/L-2041/trace.json", "/register/mines/example-north-mine/",
        "/sites/example-north-mine/",
    )  # fmt: skip

    def pages() -> list[str]:
        return [_plain(client.get(address).content.decode()) for address in addresses]

    assert queries.traced("L-2041").rows is None
    by_arrays = pages()
    settings.PROVENANCE_ENGINE = "exact"
    assert pages() == by_arrays


def _plain(page: str) -> str:
    return re.sub(r'(nonce|value)="[A-Za-z0-9+/=_-]{20,}"', "", page)


def test_queries_do_not_grow_with_the_book(
    arrays: Path, demonstration: None, client: Client
) -> None:
    addresses = ("/lots/L-2041/", "/register/mines/example-north-mine/")

    def count() -> list[int]:
        kept.follow()
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        return found

    few = count()
    store(random_chain(5, 60))
    assert count() == few


def test_a_booking_is_followed_when_it_is_done(
    arrays: Path, demonstration: None, django_capture_on_commit_callbacks: Commits
) -> None:
    kept.follow()
    before = (arrays / "book.log").stat().st_size
    with django_capture_on_commit_callbacks(execute=True):
        custody_demo.load_books()
        assert (arrays / "book.log").stat().st_size == before
    assert (arrays / "book.log").stat().st_size > before
    with CaptureQueriesContext(connection) as seen:
        assert tracing.chain_behind("L-2041") is not None
    assert len(seen) == 1


def test_too_much_for_a_page_waits_for_a_job(
    arrays: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Commits
) -> None:
    store(random_chain(2, 20))
    monkeypatch.setattr(kept, "FEW", 3)
    assert tracing.chain_behind("L1") is None
    assert answers.following("example-mine-1") is None
    with django_capture_on_commit_callbacks(execute=True):
        tracing.follow_after_commit()
    assert tracing.chain_behind("L1") is not None
    store(_more("late", 4))
    assert tracing.chain_behind("L1") is None
    tasks.follow_book.enqueue()
    assert tracing.chain_behind("late-0") is not None


def _more(name: str, many: int, mass_mg: int = 1000) -> list[Row]:
    return [row(f"{name}{n}", Kind.PRODUCE, Side.OUT, f"{name}-{n}", mass_mg) for n in range(many)]


def _taken_back(rows: list[Row]) -> None:
    """Put a backup of the database in its place that ends earlier, and book other things then."""
    last = list(Movement.objects.order_by("-pk").values_list("pk", flat=True)[: len(rows) // 3])
    Movement.objects.filter(pk__in=last).delete()
    rows[len(rows) - len(last) :] = store(_more("other", 3))


def _taken_back_alone(rows: list[Row]) -> None:
    last = list(Movement.objects.order_by("-pk").values_list("pk", flat=True)[:5])
    Movement.objects.filter(pk__in=last).delete()
    del rows[-5:]


def _changed(rows: list[Row]) -> None:
    """Change the newest row in place, which nobody may do."""
    newest = Movement.objects.order_by("-pk")[0]
    Movement.objects.filter(pk=newest.pk).update(note="another")


@pytest.mark.parametrize("happens", [_taken_back, _taken_back_alone, _changed])
def test_a_log_that_is_ahead_or_of_another_book_is_written_anew(
    arrays: Path, settings: Any, happens: Callable[[list[Row]], None]
) -> None:
    rows = store([*random_chain(4, 25), *_more("first", 6)])
    assert kept.follow()
    happens(rows)
    assert kept.check() == ""
    assert_the_same(settings, rows)


def correction(of: Row, name: str, **changes: Any) -> Row:
    return replace(of, event=name, kind=Kind.CORRECT, account=of.event, **changes)


def test_a_correction_is_followed_by_all_that_was_made_of_it(arrays: Path, settings: Any) -> None:
    made, blend = _blend()
    rows = store([*made, *blend])
    assert kept.follow()
    before = queries.traced("mixed").trace
    first = made[0]
    later = blend[-1].at + datetime.timedelta(days=1)
    fix = correction(first, "fix", mass_mg=500, content_mg=500, at=later)
    taken = [
        correction(one, "fix2", at=later, mass_mg=500 if one.lot == first.lot else one.mass_mg,
                   content_mg=500 if one.lot == first.lot else one.content_mg)
        for one in blend
        if one.side is Side.IN
    ]  # fmt: skip
    made_of = [
        correction(one, "fix2", at=later, mass_mg=1500, content_mg=1500) for one in blend[-1:]
    ]
    store([fix, *taken, *made_of])
    seen = queries.traced("mixed")
    assert seen.rows is None
    assert [one.share for one in before.origins] == [Fraction(1, 2)] * 2
    assert sorted(one.share for one in seen.trace.origins) == [Fraction(1, 3), Fraction(2, 3)]
    assert_the_same(settings, rows)
    assert_as_of_days(settings, blend[-1].at)


def assert_as_of_days(settings: Any, at: datetime.datetime) -> None:
    """Ask for the day before the correction, and for that day."""
    for engine in ("arrays", "exact"):
        settings.PROVENANCE_ENGINE = engine
        for days, shares in (
            (-1, None),
            (0, [Fraction(1, 2)] * 2),
            (1, [Fraction(2, 3), Fraction(1, 3)]),
        ):
            day = at.date() + datetime.timedelta(days=days)
            if shares is None:
                with pytest.raises(RefusalError, match="PARTY-001"):
                    queries.traced("mixed", as_of=day)
            else:
                origins = queries.traced("mixed", as_of=day).trace.origins
                assert [one.share for one in origins] == shares


def _blend() -> tuple[list[Row], list[Row]]:
    made = [
        row(f"M{n}", Kind.PRODUCE, Side.OUT, f"ore-{n}", 1000, site=MINES[n - 1]) for n in (1, 2)
    ]
    used = [row("M3", Kind.BLEND, Side.IN, f"ore-{n}", 1000) for n in (1, 2)]
    return made, [*used, row("M3", Kind.BLEND, Side.OUT, "mixed", 2000)]


def test_damage_is_found_by_the_check_of_the_night(
    arrays: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    rows = store(random_chain(6, 25))
    assert kept.follow()
    first = Movement.objects.filter(kind="produce")[0]
    Movement.objects.filter(pk=first.pk).update(attestation="urn:example:other")
    tasks.check_today.enqueue()
    assert "differ from the book in: attestation" in caplog.text
    assert kept.check() == ""
    Movement.objects.filter(pk=first.pk).update(attestation=first.attestation)
    tasks.check_today.enqueue()  # it was done today
    with pytest.raises(CommandError, match="attestation"):
        call_command("arrays", "--check")
    call_command("arrays", "--rebuild", "--check")
    assert_the_same(settings, rows)


def test_a_book_that_does_not_fit_is_asked_itself(
    arrays: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made, blend = _blend()
    store([*made, *blend, row("M9", Kind.LOSS, Side.IN, "ore-1", 1)])
    assert not kept.follow()
    assert "CUSTODY-006" in caplog.text
    with pytest.raises(RefusalError):
        kept.again()
    assert tracing.chain_behind("ore-2") is None


def test_without_the_arrays_the_book_is_asked(settings: Any) -> None:
    store(_more("one", 1))
    assert tracing.chain_behind("one-0") is None
    assert queries.traced("one-0").trace.lots == 1
    tracing.follow_after_commit()
    tasks.follow_book.enqueue()
    tasks.check_today.enqueue()
    with pytest.raises(CommandError, match="not installed"):
        call_command("arrays")


def test_a_folder_that_cannot_be_written_to_stops_no_page(
    arrays: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    store(_more("one", 1))
    arrays.write_text("a file in the place of the folder")
    assert queries.traced("one-0").trace.lots == 1
    assert "the arrays cannot be kept" in caplog.text


def test_an_empty_book_has_nothing_to_tell(arrays: Path) -> None:
    assert not kept.follow()
    assert kept.check() == ""
    kept.again()
    assert queries.following("example-mine-1").lots == ()


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    kept._refused.clear()
