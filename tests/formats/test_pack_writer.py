"""What is written is read back as it was; nothing is lost by a slip."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from formats.pack_files import CUSTODY, FRENCH, write_pack
from refusals import refused_by
from stannary.core.kernel import DatedValue, InvariantError, Mark, Parameter, RefusalError
from stannary.core.standards import Edition
from stannary.formats import pack_writer
from stannary.formats.pack_writer import pack_texts, without_places
from stannary.formats.packs import load_pack, shipped_packs
from stannary.formats.toml_tables import MAX_BYTES

SHIPPED = {"/".join(folder.parts[-3:]): folder for folder in shipped_packs()}


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_pack(write_pack(tmp_path / "made-up"))


def same(one: Edition, other: Edition) -> bool:
    return without_places(one) == without_places(other)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_pack_is_read_back_as_it_was(name: str, tmp_path: Path) -> None:
    edition = load_pack(SHIPPED[name])
    pack_writer.write_pack(edition, tmp_path / "copy")

    assert same(load_pack(tmp_path / "copy"), edition)


def test_a_custody_pack_is_read_back_as_it_was(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path / "a", standard=CUSTODY, chapter=None, tenth=None, french=None, cases=None
    )
    edition = load_pack(folder)
    pack_writer.write_pack(edition, tmp_path / "b")

    assert same(load_pack(tmp_path / "b"), edition)


def test_what_an_author_may_write_comes_back(edition: Edition, tmp_path: Path) -> None:
    words = 'A "quoted" \\ back\\u0041slash,\ttab,\nline, é 鉱山 \U0001f30d = # [x] """'
    day = datetime.date(2027, 1, 1)
    values = (
        DatedValue("1/3", "a", Mark.OWN, day, None),
        DatedValue(7, "b", Mark.SEEN, day, day),
        DatedValue(True, "c", Mark.SEEN, day, day.replace(month=2)),
        DatedValue(False, "c", Mark.SEEN, day, day.replace(month=3)),
        DatedValue(None, words, Mark.UNKNOWN, day, day.replace(month=4)),
    )
    first, *rest = edition.requirements
    changed = replace(
        edition,
        summary=words,
        parameters={"a b": Parameter("a b", "", words, values)},
        requirements=(
            replace(first, demand=words, interview="Who?", tags=("sdg:8.8", "ungp:1")),
            *rest,
        ),
    )
    pack_writer.write_pack(changed, tmp_path / "copy")

    assert same(load_pack(tmp_path / "copy"), changed)


def test_a_folder_that_is_there_is_not_written_to(edition: Edition, tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")

    for replacing in (False, True):
        act = lambda: pack_writer.write_pack(edition, folder, replacing=replacing)  # noqa: B023, E731 - called at once
        assert refused_by(act) == "IMPORT-011"
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_a_link_to_nowhere_is_not_written_through(edition: Edition, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    assert refused_by(lambda: pack_writer.write_pack(edition, tmp_path / "link")) == "IMPORT-011"


def test_replacing_a_pack_keeps_what_is_no_part_of_an_edition(
    edition: Edition, tmp_path: Path
) -> None:
    folder = write_pack(tmp_path / "pack")
    (folder / "SOURCE.md").write_text("bought in 2026")
    fewer = replace(
        edition,
        chapters=edition.chapters[:1],
        requirements=edition.requirements[:2],
        translations={},
    )
    pack_writer.write_pack(fewer, folder, replacing=True)

    assert [chapter.id for chapter in load_pack(folder).chapters] == ["1.2"]
    assert (folder / "SOURCE.md").read_text() == "bought in 2026"
    assert (folder / "cases" / "levels.toml").is_file()
    assert (folder / "i18n" / "fr.toml").read_text(encoding="utf-8") == FRENCH
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_replacement_that_does_not_fit_what_stays_changes_nothing(
    edition: Edition, tmp_path: Path
) -> None:
    folder = write_pack(tmp_path / "pack")
    before = {path: path.read_bytes() for path in folder.rglob("*.toml")}
    last = replace(
        edition,
        chapters=edition.chapters[1:],
        requirements=edition.requirements[2:],
        translations={},
    )

    act = lambda: pack_writer.write_pack(last, folder, replacing=True)  # noqa: E731 - called once
    assert refused_by(act) == "STANDARD-015"  # the translation speaks of what is gone
    assert {path: path.read_bytes() for path in folder.rglob("*.toml")} == before


def test_a_pack_that_cannot_be_moved_into_place_leaves_the_old_one(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pack(tmp_path / "pack")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="No space"):
        pack_writer.write_pack(edition, folder, replacing=True)
    assert same(load_pack(folder), edition)
    with pytest.raises(OSError, match="No space"):
        pack_writer.write_pack(edition, tmp_path / "new-one")
    assert not (tmp_path / "new-one").exists()


@pytest.mark.parametrize(("beyond", "code"), [(0, None), (1, "STANDARD-001")])
def test_a_file_is_never_larger_than_it_may_be_read(
    beyond: int, code: str | None, edition: Edition
) -> None:
    first, *rest = edition.requirements
    texts = pack_texts(edition)
    room = MAX_BYTES - len(texts["chapters/1.2.toml"].encode()) + len(first.demand.encode())
    long = replace(edition, requirements=(replace(first, demand="x" * (room + beyond)), *rest))

    assert refused_by(lambda: pack_texts(long)) == code


def test_a_requirement_without_its_chapter_is_our_own_mistake(edition: Edition) -> None:
    with pytest.raises(InvariantError):
        pack_texts(replace(edition, chapters=edition.chapters[:1]))


def test_what_is_not_read_back_as_written_is_our_own_mistake(
    edition: Edition, tmp_path: Path
) -> None:
    backwards = replace(edition, chapters=edition.chapters[::-1])

    with pytest.raises(InvariantError):
        pack_writer.write_pack(backwards, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_an_edition_that_is_not_sound_is_not_written(edition: Edition, tmp_path: Path) -> None:
    with pytest.raises(RefusalError):
        pack_writer.write_pack(replace(edition, title=""), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
