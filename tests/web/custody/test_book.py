"""The book: what is booked holds, or nothing is booked."""

import dataclasses
import datetime
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.custody.chains import random_chain
from stannary.core.custody import Kind, Row, Side, events_of, replay
from stannary.core.kernel import RefusalError
from stannary.core.provenance import trace
from stannary.formats.movements import read_movements, write_movements_csv
from stannary.web.custody import keeping, operations, queries, records, trial
from stannary.web.custody.models import Lot, Movement
from stannary.web.parties.models import Organisation, Person, Role, Site

AT = datetime.datetime(2026, 1, 5, 8, 0, tzinfo=datetime.UTC)


def row(event: str, kind: Kind, side: Side, lot: str, mass_mg: int, **more: object) -> Row:
    given = {
        "event": event,
        "at": AT + datetime.timedelta(days=int(event.lstrip("E"))),
        "kind": kind,
        "site": "example-mine",
        "entity": "Example Cells",
        "lot": lot,
        "side": side,
        "material": "lithium carbonate",
        "mass_mg": mass_mg,
        "content_mg": mass_mg,
    }
    return Row(**{**given, **more})  # type: ignore[arg-type]


MINED = row("E1", Kind.PRODUCE, Side.OUT, "M-1", 1000)


def split(first: int, second: int, event: str = "E2") -> list[Row]:
    return [
        row(event, Kind.SPLIT, Side.IN, "M-1", first + second),
        row(event, Kind.SPLIT, Side.OUT, f"{event}-a", first),
        row(event, Kind.SPLIT, Side.OUT, f"{event}-b", second),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("used", "code"), [(999, None), (1000, None), (1001, "CUSTODY-006")])
def test_a_lot_is_used_up_to_its_mass_and_no_milligram_more(used: int, code: str | None) -> None:
    operations.book_as_register(rows=[MINED])

    if code is None:
        operations.book_as_register(rows=split(used - 1, 1))
        assert Lot.objects.get(lot_id="M-1").left_mass_mg == 1000 - used
        return
    with pytest.raises(RefusalError) as refused:
        operations.book_as_register(rows=split(used - 1, 1))
    assert code in {finding.code for finding in refused.value.findings}
    assert Movement.objects.count() == 1
    assert Lot.objects.count() == 1


@pytest.mark.django_db
def test_an_event_is_booked_once_with_all_its_rows() -> None:
    operations.book_as_register(rows=[MINED])

    with pytest.raises(RefusalError) as refused:
        operations.book_as_register(rows=[dataclasses.replace(MINED, lot="M-2")])

    assert refused.value.rule.code == "CUSTODY-040"


@pytest.mark.django_db
def test_the_database_itself_holds_the_bounds_of_the_core() -> None:
    good = records.movement_of(MINED)
    for change in ({"mass_mg": 0}, {"content_mg": 1001}, {"content_mg": 0}):
        broken = records.movement_of(MINED)
        for name, value in change.items():
            setattr(broken, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            broken.save()
    good.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        records.movement_of(MINED).save()


@pytest.mark.django_db
def test_only_a_clerk_of_the_entity_books_for_it(
    clerk: Person, auditor: Person, outsider: Person, maker: Organisation
) -> None:
    other = Organisation.objects.create(slug="other", name="Other Trader", kind="trader")
    stranger = Person.objects.create_user("stranger")
    Role.objects.create(person=stranger, organisation=other, kind="clerk")

    for person in (auditor, outsider, stranger):
        with pytest.raises(RefusalError) as refused:
            operations.book(actor=person, rows=[MINED])
        assert refused.value.rule.code == "PARTY-001"
    with pytest.raises(RefusalError):
        operations.book(
            actor=clerk,
            rows=[MINED, dataclasses.replace(MINED, event="E9", lot="X", entity="Nobody")],
        )
    assert Movement.objects.count() == 0

    operations.book(actor=clerk, rows=[MINED])

    assert Lot.objects.get(lot_id="M-1").holder == "Example Cells"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "real_site", "real_maker", "booked"),
    [
        ("the-mine", True, True, True),
        ("the-mine", False, False, True),
        ("the-mine", True, False, False),
        ("the-mine", False, True, False),
        ("The Mine", True, False, False),
        ("the\u200b-mine", True, False, False),
        ("a-plant", True, False, True),
    ],
)
def test_nobody_made_up_produces_at_a_real_mine_nor_the_reverse(
    clerk: Person,
    maker: Organisation,
    written: str,
    real_site: bool,
    real_maker: bool,
    booked: bool,
) -> None:
    Site.objects.create(slug="the-mine", name="The Mine", country="IS", illustrative=not real_site)
    Organisation.objects.filter(pk=maker.pk).update(illustrative=not real_maker)
    rows = [dataclasses.replace(MINED, site=written)]

    if booked:
        assert operations.book(actor=clerk, rows=rows) == 1
        return
    for book in (partial(operations.book, actor=clerk), operations.book_as_register):
        with pytest.raises(RefusalError) as refused:
            book(rows=rows)
        assert refused.value.rule.code == "CUSTODY-041"
        assert refused.value.findings[0].facts["site"] == written
    assert Movement.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_never_use_the_same_kilogram() -> None:
    operations.book_as_register(rows=[MINED])
    outcomes: list[str] = []

    def use(event: str) -> None:
        try:
            operations.book_as_register(rows=split(600, 100, event))
            outcomes.append("booked")
        except RefusalError as refusal:
            outcomes.append(refusal.rule.code)
        finally:
            connection.close()

    both = [threading.Thread(target=use, args=(event,)) for event in ("E2", "E3")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes) == ["CUSTODY-006", "booked"]
    assert Lot.objects.get(lot_id="M-1").left_mass_mg == 300


@pytest.mark.django_db(transaction=True)
def test_without_any_lock_the_database_lets_one_of_two_bookings_land(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both decide on the same state before either stores: only one of them is stored."""
    operations.book_as_register(rows=[MINED])
    decided, outcomes, last = threading.Barrier(2), list[str](), keeping.tried

    def tried(*given: Any) -> keeping.Kept:
        found = last(*given)
        if connection.vendor == "postgresql":  # SQLite lets nobody else begin meanwhile
            decided.wait(timeout=20)
        return found

    monkeypatch.setattr(operations, "open_book", lambda: None)
    monkeypatch.setattr(keeping, "tried", tried)

    def use(event: str) -> None:
        try:
            operations.book_as_register(rows=split(600, 100, event))
            outcomes.append("booked")
        except RefusalError as refusal:
            outcomes.append(refusal.rule.code)
        except IntegrityError:
            outcomes.append("kept out by a constraint")
        finally:
            connection.close()

    both = [threading.Thread(target=use, args=(event,)) for event in ("E2", "E3")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    refused = "CUSTODY-048" if connection.vendor == "postgresql" else "CUSTODY-006"
    assert sorted(outcomes) == [refused, "booked"]
    assert Lot.objects.get(lot_id="M-1").left_mass_mg == 300
    assert Movement.objects.exclude(event=MINED.event).values("event").distinct().count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_milligram_is_the_same_through_csv_database_and_back(
    seed: int, tmp_path: Path
) -> None:
    rows = random_chain(seed, events=100)
    file = tmp_path / "movements.csv"
    file.write_text(write_movements_csv(rows), encoding="utf-8")

    operations.book_as_register(rows=read_movements(file))

    stored = queries.all_rows()
    assert write_movements_csv(stored) == write_movements_csv(rows)
    before, after = replay(rows), replay(stored)
    assert before.holdings == after.holdings
    assert before.totals == after.totals
    for lot in Lot.objects.all():
        assert lot.content_mg == after.lots[lot.lot_id].content_mg
    events = events_of(rows)
    for lot_id in list(after.lots)[::7]:
        whole = trace(events, lot_id)
        alone = queries.traced(lot_id).trace
        assert alone == whole
        shares = [origin.share for origin in alone.origins]
        assert sum(shares) + alone.recycled_share + alone.unknown_share == 1


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-11-22T23:59:59+00:00", 0),
        ("2026-11-23T00:00:00+00:00", 1),
        ("2026-11-23T06:00:00+14:00", 0),
        ("2026-11-24T00:00:00+14:00", 1),
        ("2027-01-05T08:00:00+00:00", 1),
    ],
)
def test_nothing_is_booked_before_its_day_has_come_where_it_happens(at: str, found: int) -> None:
    one = dataclasses.replace(MINED, at=datetime.datetime.fromisoformat(at))
    now = datetime.datetime(2026, 11, 22, 16, tzinfo=datetime.UTC)

    findings = trial.to_come([one, one], now)

    assert [finding.code for finding in findings] == ["CUSTODY-049"] * found


@pytest.mark.either_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lot", "found"),
    [(".", 1), ("..", 1), ("...", 0), ("A/./B", 1), ("../A", 1), ("A/..", 1), ("A..B/.C", 0)],
)
def test_what_is_made_has_an_id_that_a_browser_can_reach(lot: str, found: int) -> None:
    one = dataclasses.replace(MINED, lot=lot)
    used = dataclasses.replace(one, kind=Kind.SHIP, side=Side.MOVE)

    assert [finding.code for finding in trial.unreachable([one, one])] == ["CUSTODY-062"] * found
    assert trial.unreachable([used]) == ()
    operations.book_as_register(rows=[one])  # booked before there was this rule
    assert trial.unreachable([dataclasses.replace(one, event="E2")]) == ()


@pytest.mark.django_db
def test_a_clerk_books_no_lot_that_nobody_could_look_at(clerk: Person) -> None:
    lost = dataclasses.replace(MINED, lot="..")

    with pytest.raises(RefusalError) as refusal:
        operations.book(actor=clerk, rows=[lost])

    assert [one.code for one in refusal.value.findings] == ["CUSTODY-062"]
    assert "CUSTODY-062" in [one.code for one in trial.try_rows(actor=clerk, rows=[lost]).findings]


@pytest.mark.django_db
def test_a_clerk_books_nothing_of_a_day_to_come(clerk: Person) -> None:
    far = dataclasses.replace(MINED, at=datetime.datetime(2126, 1, 5, tzinfo=datetime.UTC))

    with pytest.raises(RefusalError) as refusal:
        operations.book(actor=clerk, rows=[far])

    assert [one.code for one in refusal.value.findings] == ["CUSTODY-049"]
    assert "CUSTODY-049" in [one.code for one in trial.try_rows(actor=clerk, rows=[far]).findings]
