import json
from pathlib import Path
from typing import Any

import pytest

from formats.pack_files import write_pack
from stannary.cli import standards_import
from stannary.cli.main import main
from stannary.formats.pack_writer import without_places
from stannary.formats.packs import find_pack, load_pack

OPEN = "stannary/open-mining/0.1"
TABLE = """\
id,title,demand,critical,principle_title,chapter_title
1.1.1.1,A,Do A.,true,First,One
1.2.1.1,B,Do B.,false,,Two
"""
NAMES = ("--edition", "my/own/1.0", "--title", "My own")


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = main(["standards", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def run_json(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, Any]:
    code, out, err = run(capsys, *words, "--json")
    assert err == ""
    return code, json.loads(out)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(TABLE)
    return path


def test_import_writes_a_pack_that_check_accepts(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    code, out, err = run(capsys, "import", table, *NAMES, "-o", tmp_path / "pack")

    assert (code, err) == (0, "")
    assert out == (
        "my/own/1.0: 2 requirements, 1 of them critical.\n" + f"Written to {tmp_path / 'pack'}.\n"
    )
    assert run(capsys, "check", tmp_path / "pack")[:2] == (
        0, "my/own/1.0: 2 requirements, 0 of 0 cases hold.\n",
    )  # fmt: skip


def test_a_dry_run_says_what_would_be_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "import", table, *NAMES, "-o", tmp_path / "pack", "--dry-run")

    assert code == 0
    assert out == (
        "my/own/1.0: 2 requirements, 1 of them critical.\n"
        f"Nothing was written. {tmp_path / 'pack'} would hold:\n"
        "  standard.toml\n"
        "  chapters/1.1.toml  1 requirement\n"
        "  chapters/1.2.toml  1 requirement\n"
    )
    assert list(tmp_path.iterdir()) == [table]


def test_a_dry_run_needs_no_folder_and_names_translations_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(capsys, "export", OPEN, "--format", "oscal", "-o", tmp_path / "a.json")
    code, out, _ = run(capsys, "import", tmp_path / "a.json", "--dry-run")

    assert code == 0
    assert "Nothing was written. The folder would hold:\n" in out
    assert out.endswith("  i18n/fr.toml\n")


def test_every_wrong_cell_is_told_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    table.write_text(TABLE.replace("true", "yes").replace("1.2.1.1", "1.2.1"))
    code, out, err = run(capsys, "import", table, *NAMES, "-o", tmp_path / "pack")

    assert (code, err) == (1, "")
    assert [line.split(": ")[:2] for line in out.splitlines()] == [
        [f"{table}, line 2, column critical", "IMPORT-007"],
        [f"{table}, line 3, column id", "STANDARD-004"],
        [f"{table}", "2 findings. Nothing was written."],
    ]
    assert list(tmp_path.iterdir()) == [table]


def test_findings_as_json_have_their_cells(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    table.write_text(TABLE.replace("true", "yes"))
    code, shape = run_json(capsys, "import", table, *NAMES, "-o", tmp_path / "pack")

    assert code == 1
    assert list(shape) == [
        "standard", "holds", "written_to", "requirement_count", "critical_count", "findings",
    ]  # fmt: skip
    assert (shape["holds"], shape["written_to"], shape["requirement_count"]) == (False, None, 2)
    assert shape["findings"][0]["at"] == {"file": str(table), "line": 2, "column": "critical"}


def test_what_was_written_as_json(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pack"

    assert run_json(capsys, "import", table, *NAMES, "--dry-run")[1]["written_to"] is None
    code, shape = run_json(capsys, "import", table, *NAMES, "-o", folder)
    assert (code, shape["holds"], shape["written_to"]) == (0, True, str(folder))


def test_all_wrong_columns_are_told_at_once(
    capsys: pytest.CaptureFixture[str], table: Path
) -> None:
    table.write_text("Id,titel\n")
    code, out, err = run(capsys, "import", table, *NAMES, "--dry-run")

    assert (code, err) == (1, "")
    assert out.count("IMPORT-003") == 6
    assert out.endswith(": 6 findings. Nothing was written.\n")
    code, shape = run_json(capsys, "import", table, *NAMES, "--dry-run")
    assert (code, shape["standard"], len(shape["findings"])) == (1, None, 6)


def test_an_exported_workbook_is_imported_with_its_outline(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, folder = tmp_path / "a.xlsx", tmp_path / "pack"
    run(capsys, "export", OPEN, "--format", "xlsx", "-o", file)
    code, _, err = run(capsys, "import", file, *NAMES, "--outline", OPEN, "-o", folder)

    assert (code, err) == (0, "")
    new, old = load_pack(folder), load_pack(find_pack(OPEN))
    assert [(r.id, r.demand, r.critical) for r in new.requirements] == [
        (r.id, r.demand, r.critical) for r in old.requirements
    ]
    assert [level.code for level in new.levels] == [level.code for level in old.levels]


def test_a_catalog_of_ours_comes_back_as_the_same_pack(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "export", OPEN, "--format", "oscal")
    (tmp_path / "a.json").write_text(out, encoding="utf-8")

    assert code == 0
    assert run(capsys, "import", tmp_path / "a.json", "-o", tmp_path / "pack")[0] == 0
    assert without_places(load_pack(tmp_path / "pack")) == without_places(
        load_pack(find_pack(OPEN))
    )


def test_a_folder_that_is_taken_is_refused_and_replaced_only_on_request(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    folder = write_pack(tmp_path / "pack", french=None, cases=None)
    words = ("import", table, *NAMES, "-o", folder)
    code, out, err = run(capsys, *words)

    assert (code, out) == (2, "")
    assert "IMPORT-011" in err
    assert load_pack(folder).id == "example/made-up/1.0"
    assert run(capsys, *words, "--replace")[0] == 0
    assert load_pack(folder).id == "my/own/1.0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.csv", *NAMES, "--dry-run"], "No such file"),
        ([".", *NAMES, "--dry-run"], "Is a directory"),
        (["{table}", *NAMES], "Name a folder with -o"),
        (["{table}", "--dry-run"], "IMPORT-010"),
        (["{table}", *NAMES, "--outline", "stannary/open-custody/0.1", "--dry-run"], "scores no site"),
        (["{table}", *NAMES, "--outline", "no/such/1.0", "--dry-run"], "STANDARD-013"),
        (["{empty}", *NAMES, "--dry-run"], "IMPORT-001"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_ends_with_2_and_a_remedy(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.csv").touch()
    filled = [w.format(table=table, empty=tmp_path / "empty.csv") for w in words]
    code, out, err = run(capsys, "import", *filled)

    assert (code, out) == (2, "")
    assert said in err


def test_a_file_beyond_the_bound_is_not_read_whole(
    capsys: pytest.CaptureFixture[str], table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stannary.formats.requirement_tables.MAX_BYTES", 50)
    monkeypatch.setattr(standards_import, "MAX_BYTES", 50)
    code, _, err = run(capsys, "import", table, *NAMES, "--dry-run")

    assert code == 2
    assert "IMPORT-002" in err


def test_a_chapter_that_no_pack_could_hold_is_refused_in_a_dry_run_too(
    capsys: pytest.CaptureFixture[str], table: Path
) -> None:
    rows = [f"1.1.1.{n},T,{'x' * 4_000},true,First,One" for n in range(1, 700)]
    table.write_text(TABLE.splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    code, _, err = run(capsys, "import", table, *NAMES, "--dry-run")

    assert code == 2
    assert "STANDARD-001" in err
    assert "chapters/1.1.toml" in err


# export


def test_a_wide_export_has_every_column_that_an_import_reads(
    capsys: pytest.CaptureFixture[str],
) -> None:
    narrow = run(capsys, "export", OPEN, "--format", "csv")[1].splitlines()[0]
    wide = run(capsys, "export", OPEN, "--format", "csv", "--wide")[1].splitlines()[0]

    assert wide.startswith(narrow + ",why,evidence,interview,tags,principle_title,")


def test_a_workbook_goes_to_standard_output_byte_by_byte(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert main(["standards", "export", OPEN, "--format", "xlsx"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"PK\x03\x04")


def test_a_scheme_of_untp_needs_the_site_that_serves_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("export", OPEN, "--format", "untp")
    code, out, _ = run(capsys, *words, "--site", "https://example.org/")

    assert code == 0
    assert json.loads(out)["documentation"] == f"https://example.org/standards/{OPEN}/"
    for site in ([], ["--site", "example.org"], ["--site", "https://example.org/?a"]):
        code, out, err = run(capsys, *words, *site)
        assert (code, out) == (2, "")
        assert "--site https://example.org" in err
