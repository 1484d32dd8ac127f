"""Editions come from packs and only ever grow: what is in force never changes."""

import datetime
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stannary.core.kernel import RefusalError
from stannary.formats.packs import SHIPPED, load_pack, shipped_packs
from stannary.web.standards import queries, records
from stannary.web.standards.models import EditionRecord, TransitionRecord
from stannary.web.standards.operations import load_packs

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=3)
OPEN = "stannary/open-mining/0.1"
NEXT = "stannary/open-mining/1.0"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of Open Mining 0.1 that a test may change, loaded as it is."""
    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED / OPEN, folder)
    load_packs(folders=[folder], now=NOW)
    return folder


def change(file: Path, was: str, now: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, now, 1), encoding="utf-8")


def state() -> list[tuple[object, ...]]:
    return [
        *EditionRecord.objects.order_by("pk").values_list(),
        *TransitionRecord.objects.order_by("pk").values_list(),
    ]


def test_every_shipped_pack_is_loaded_whole() -> None:
    loaded = load_packs()

    read = [load_pack(folder) for folder in shipped_packs()]
    assert loaded.added == tuple(edition.id for edition in read)
    assert {OPEN, NEXT} < set(loaded.added)
    for edition in read:
        assert records.content_of(queries.edition(edition.id)) == records.content_of(edition)


def test_loading_again_changes_nothing() -> None:
    load_packs(now=NOW)
    before = state()

    again = load_packs(now=LATER)

    assert (again.added, again.changed, len(again.unchanged)) == ((), (), len(shipped_packs()))
    assert state() == before


def test_a_new_dated_value_is_accepted_and_is_in_force_from_its_day(pack: Path) -> None:
    before = queries.sha256_of(OPEN)
    change(
        pack / "standard.toml",
        "[parameters.surveillance_until_months]",
        "[parameters.surveillance_until_months] # changed",
    )
    standard = pack / "standard.toml"
    text = standard.read_text(encoding="utf-8")
    section = text.index("[parameters.surveillance_until_months]")
    end = text.index("\n]", section)
    added = (
        '\n  { from = 2027-01-01, value = 20, source = "test", mark = "own", as_of = 2026-11-22 },'
    )
    standard.write_text(text[:end] + added + text[end:], encoding="utf-8")

    assert load_packs(folders=[pack], now=LATER).changed == (OPEN,)

    months = queries.edition(OPEN).parameters["surveillance_until_months"]
    assert months.whole_on(datetime.date(2026, 12, 31)) == 18
    assert months.whole_on(datetime.date(2027, 1, 1)) == 20
    assert queries.sha256_of(OPEN) != before
    assert EditionRecord.objects.get().loaded_at == LATER


def test_better_words_and_translations_are_accepted(pack: Path) -> None:
    change(pack / "i18n" / "fr.toml", "Respect de la loi", "Le respect de la loi")
    change(
        pack / "chapters" / "1.2.toml",
        "Engagement with affected people",
        "Engaging affected people",
    )
    (pack / "cases" / "more.toml").write_text(
        '[[case]]\nname = "All"\nas_of = 2026-06-01\nrest = "fully"\nstate = "determined"\nlevel = "OPEN-100"\n',
        encoding="utf-8",
    )

    assert load_packs(folders=[pack], now=LATER).changed == (OPEN,)
    assert queries.localised(OPEN, "fr").chapter_by_id["1.1"].title == "Le respect de la loi"
    assert queries.edition(OPEN).chapter_by_id["1.2"].title == "Engaging affected people"


@pytest.mark.parametrize(
    ("file", "was", "now", "what"),
    [
        ("chapters/1.2.toml", "At least every three months", "At least every four months", "requirement 1.2.2.1"),
        ("chapters/1.1.toml", "critical = true", "critical = false", "requirement 1.1.1.1"),
        ("standard.toml", 'value = "0.75"', 'value = "0.7"', "points of substantially since the beginning"),
        ("standard.toml", 'e = { value = "0.5"', 'e = { value = "0.4"', "min_principle_share of OPEN-50 since the beginning"),
        ("standard.toml", "value = 18", "value = 24", "surveillance_until_months since the beginning"),
        ("standard.toml", "in_force_from = 2026-01-01", "in_force_from = 2026-02-01", "in_force_from"),
    ],
)  # fmt: skip
def test_a_change_to_what_is_in_force_is_refused_and_nothing_is_stored(
    pack: Path, file: str, was: str, now: str, what: str
) -> None:
    before = state()
    change(pack / file, was, now)

    with pytest.raises(RefusalError) as refusal:
        load_packs(folders=[pack], now=LATER)

    assert (refusal.value.rule.code, refusal.value.findings[0].facts["what"]) == (
        "STANDARD-011",
        what,
    )
    assert state() == before


def test_a_new_pack_whose_cases_do_not_hold_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED / OPEN, folder)
    (folder / "cases" / "wrong.toml").write_text(
        '[[case]]\nname = "None"\nas_of = 2026-06-01\nrest = "not_met"\nstate = "determined"\nlevel = "OPEN-100"\n',
        encoding="utf-8",
    )

    with pytest.raises(RefusalError) as refusal:
        load_packs(folders=[folder], now=NOW)

    assert [finding.code for finding in refusal.value.findings] == ["STANDARD-012"]
    assert not EditionRecord.objects.exists()


def test_one_bad_pack_keeps_all_from_being_stored(pack: Path, tmp_path: Path) -> None:
    EditionRecord.objects.all().delete()
    bad = tmp_path / "bad"
    shutil.copytree(pack, bad)
    change(bad / "standard.toml", 'kind = "assurance"', 'kind = "magic"')

    with pytest.raises(RefusalError):
        load_packs(folders=[pack, bad], now=LATER)

    assert not EditionRecord.objects.exists()


def test_the_command_says_what_changed_and_refuses_in_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call_command("load_packs")
    number = len(shipped_packs())
    assert f"standards: {number} added" in capsys.readouterr().out
    call_command("load_packs")
    assert f"0 added, 0 changed, {number} unchanged" in capsys.readouterr().out

    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED / OPEN, folder)
    change(folder / "chapters" / "1.1.toml", "critical = true", "critical = false")
    with pytest.raises(CommandError, match="STANDARD-011"):
        call_command("load_packs", str(folder))
    with pytest.raises(CommandError, match="STANDARD-013"):
        call_command("load_packs", str(tmp_path / "nowhere"))


def test_an_edition_of_a_users_own_is_loaded_beside_the_shipped_ones(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED / OPEN, folder)
    change(folder / "standard.toml", 'edition = "0.1"', 'edition = "0.1-mine"')

    call_command("load_packs", str(folder), verbosity=0)

    assert EditionRecord.objects.count() == len(shipped_packs()) + 1
    assert queries.edition("stannary/open-mining/0.1-mine").edition == "0.1-mine"
