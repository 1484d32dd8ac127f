"""Transitions come from packs, say which edition applies when, and stay once they have begun."""

import datetime
import shutil
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from stannary.core.kernel import RefusalError
from stannary.core.standards import MoveKind
from stannary.formats.pack_transitions import load_transition
from stannary.formats.packs import SHIPPED, find_shipped_pack
from stannary.web.standards import queries, records
from stannary.web.standards.models import TransitionRecord
from stannary.web.standards.operations import load_packs

pytestmark = pytest.mark.django_db
OLD, NEW = "stannary/open-mining/0.1", "stannary/open-mining/1.0"
OPENS, CLOSES = datetime.date(2026, 11, 1), datetime.date(2027, 5, 1)
DAY = datetime.timedelta(days=1)


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


@pytest.fixture
def packs(tmp_path: Path) -> tuple[Path, Path]:
    """Copies of both editions that a test may change, not loaded yet."""
    folders = (tmp_path / "old", tmp_path / "new")
    for name, folder in zip((OLD, NEW), folders, strict=True):
        shutil.copytree(SHIPPED / name, folder)
    return folders


def change(folder: Path, was: str, now: str) -> None:
    file = folder / "transition.toml"
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, now, 1), encoding="utf-8")


def refused(folders: tuple[Path, ...], day: datetime.date) -> list[str]:
    before = list(TransitionRecord.objects.values_list())
    with pytest.raises(RefusalError) as refusal:
        load_packs(folders=folders, now=at(day))
    assert list(TransitionRecord.objects.values_list()) == before
    return sorted({finding.code for finding in refusal.value.findings})


def test_a_transition_is_stored_whole_and_read_with_one_query(
    shipped: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = queries.transition(OLD, NEW)

    with django_assert_num_queries(1):
        assert queries.transition(OLD, NEW) == first
    written = load_transition(find_shipped_pack(NEW))
    assert written is not None
    assert records.transition_content(first.transition) == records.transition_content(written)
    assert first.transition.moves[0].kind is MoveKind.KEPT
    assert (first.before.id, first.after.id) == (OLD, NEW)


def test_a_transition_that_is_not_here_is_refused(shipped: None) -> None:
    with pytest.raises(RefusalError) as refusal:
        queries.transition(NEW, OLD)
    assert refusal.value.rule.code == "PARTY-001"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime.date(2025, 12, 31), []),
        (OPENS - DAY, [OLD]),
        (OPENS, [OLD, NEW]),
        (CLOSES - DAY, [OLD, NEW]),
        (CLOSES, [NEW]),
        (datetime.date(2100, 1, 1), [NEW]),
    ],
)
def test_both_editions_apply_while_the_window_is_open_and_one_otherwise(
    shipped: None, day: datetime.date, expected: list[str]
) -> None:
    assert [one.id for one in queries.editions_on("stannary/open-mining", day)] == expected


@pytest.mark.parametrize(
    ("edition", "day", "facts"),
    [
        (
            NEW,
            OPENS - DAY,
            {"applies_from": "2026-11-01", "applies_until": "no end is set", "use_instead": OLD},
        ),
        (
            OLD,
            CLOSES,
            {"applies_from": "2026-01-01", "applies_until": "2027-05-01", "use_instead": NEW},
        ),
        (
            OLD,
            datetime.date(2025, 12, 31),
            {
                "applies_from": "2026-01-01",
                "applies_until": "2027-05-01",
                "use_instead": "none applies on that day",
            },
        ),
    ],
)
def test_an_edition_outside_its_term_is_refused_with_the_one_to_use(
    shipped: None, edition: str, day: datetime.date, facts: dict[str, str]
) -> None:
    with pytest.raises(RefusalError) as refusal:
        queries.edition_to_open(edition, day)

    assert refusal.value.rule.code == "TRANSITION-007"
    assert refusal.value.findings[0].facts == {
        "edition": edition,
        "on": day.isoformat(),
        **facts,
    }
    assert queries.edition_to_open(NEW, OPENS).id == NEW
    assert queries.edition_to_open(OLD, CLOSES - DAY).id == OLD


def test_before_the_window_opens_a_table_may_change_and_go(packs: tuple[Path, Path]) -> None:
    load_packs(folders=packs, now=at(OPENS - DAY))
    change(packs[1], "closes = 2027-05-01", "closes = 2027-04-01")

    assert load_packs(folders=packs, now=at(OPENS - DAY)).changed == (NEW,)
    assert queries.transition(OLD, NEW).transition.closes == datetime.date(2027, 4, 1)

    (packs[1] / "transition.toml").unlink()
    assert load_packs(folders=packs, now=at(OPENS - DAY)).changed == (NEW,)
    assert queries.transitions() == ()


def test_once_the_window_is_open_only_its_end_may_be_put_off(packs: tuple[Path, Path]) -> None:
    load_packs(folders=packs, now=at(OPENS))
    change(packs[1], "closes = 2027-05-01", "closes = 2027-06-01")

    assert load_packs(folders=packs, now=at(OPENS)).changed == (NEW,)
    assert queries.transition(OLD, NEW).transition.closes == datetime.date(2027, 6, 1)

    change(packs[1], "closes = 2027-06-01", "closes = 2027-05-31")
    assert refused(packs, OPENS) == ["TRANSITION-008"]
    change(packs[1], "closes = 2027-05-31", "closes = 2027-06-01")
    assert load_packs(folders=packs, now=at(OPENS)).unchanged == (OLD, NEW)
    (packs[1] / "transition.toml").unlink()
    assert refused(packs, OPENS) == ["TRANSITION-008"]


def test_a_table_that_does_not_fit_its_editions_keeps_all_from_being_stored(
    packs: tuple[Path, Path],
) -> None:
    change(packs[1], 'to = ["1.1.1.1"]', 'to = ["9.9.9.9"]')

    assert "TRANSITION-006" in refused(packs, OPENS)
    assert not queries.editions()


def test_the_older_edition_must_be_here_and_may_have_been_loaded_before(
    packs: tuple[Path, Path],
) -> None:
    assert refused((packs[1],), OPENS) == ["TRANSITION-006"]

    load_packs(folders=[packs[0]], now=at(OPENS))
    assert load_packs(folders=[packs[1]], now=at(OPENS)).added == (NEW,)
    assert len(queries.transitions()) == 1
