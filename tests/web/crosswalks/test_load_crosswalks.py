"""Crosswalks come from files, all of them or none, and newer judgements replace older ones."""

import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.crosswalks.links import LEAD, OTHER, crosswalk, link
from stannary.core.kernel import RefusalError
from stannary.formats.crosswalks import (
    load_crosswalk,
    shipped_crosswalks,
    write_crosswalk_csv,
    write_crosswalk_toml,
)
from stannary.web.crosswalks import queries, records
from stannary.web.crosswalks.models import CrosswalkRecord
from stannary.web.crosswalks.operations import load_crosswalks
from stannary.web.standards.operations import load_packs
from web.crosswalks.conftest import NOW, SHIPPED, store

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(days=3)


@pytest.fixture
def editions() -> None:
    store(LEAD)
    store(OTHER)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(write_crosswalk_toml(crosswalk(link("1.1.1.1", "5.1.1.1"))), encoding="utf-8")
    return path


def codes(*files: Path) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        load_crosswalks(files=files, now=NOW)
    return [finding.code for finding in refusal.value.findings]


def test_every_shipped_crosswalk_is_loaded_whole() -> None:
    load_packs()

    assert load_crosswalks().added == (SHIPPED,)
    for path in shipped_crosswalks():
        stored = queries.crosswalk(path.stem).crosswalk
        assert records.content_of(stored) == records.content_of(load_crosswalk(path))


def test_loading_again_changes_nothing(editions: None, file: Path) -> None:
    load_crosswalks(files=[file], now=NOW)
    before = list(CrosswalkRecord.objects.values_list())

    assert load_crosswalks(files=[file], now=LATER).unchanged == ("mine",)
    assert list(CrosswalkRecord.objects.values_list()) == before


def test_a_judgement_may_be_revised(editions: None, file: Path) -> None:
    load_crosswalks(files=[file], now=NOW)
    before = queries.crosswalk("mine").sha256
    file.write_text(write_crosswalk_toml(crosswalk(link("1.1.1.1", "5.1.1.1", "intersects"))))

    assert load_crosswalks(files=[file], now=LATER).changed == ("mine",)
    after = queries.crosswalk("mine")
    assert (str(after.crosswalk.links[0].relation), after.sha256 != before) == ("intersects", True)
    assert CrosswalkRecord.objects.get().loaded_at == LATER


def test_a_table_is_loaded_as_well(editions: None, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(write_crosswalk_csv(crosswalk(link("1.1.1.1", "5.1.1.1"))), encoding="utf-8")

    assert load_crosswalks(files=[path], now=NOW).added == ("table",)


def test_one_bad_crosswalk_keeps_all_from_being_stored(
    editions: None, file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(write_crosswalk_toml(crosswalk(link("9.9.9.9", "5.1.1.1"))))
    torn = tmp_path / "torn.toml"
    torn.write_text("first = ")

    assert codes(file, bad, torn) == ["CROSSWALK-001", "CROSSWALK-008"]
    assert codes(bad, file) == ["CROSSWALK-001"]
    assert not CrosswalkRecord.objects.exists()


@pytest.mark.parametrize("name", ["plan", "Mine", "-mine", "a b"])
def test_a_name_can_stand_in_an_address(editions: None, file: Path, name: str) -> None:
    assert codes(file.rename(file.with_name(f"{name}.toml"))) == ["CROSSWALK-008"]


@pytest.mark.parametrize("here", [LEAD, OTHER])
def test_both_editions_must_be_loaded(file: Path, here: object) -> None:
    store(here)  # type: ignore[arg-type]  # parametrized by pytest

    assert codes(file) == ["CROSSWALK-001"]


def test_the_command_says_what_changed_and_refuses_in_words(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    load_packs()
    call_command("load_crosswalks")
    assert "crosswalks: 1 added, 0 changed, 0 unchanged" in capsys.readouterr().out
    with pytest.raises(CommandError, match="CROSSWALK-001"):
        call_command("load_crosswalks", str(file))
    store(LEAD)
    store(OTHER)
    call_command("load_crosswalks", str(file))
    assert "crosswalks: 1 added, 0 changed, 1 unchanged" in capsys.readouterr().out
