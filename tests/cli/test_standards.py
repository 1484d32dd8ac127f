import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from formats.pack_files import CASES, CHAPTER, STANDARD, changed, write_pack
from stannary.cli.main import main
from stannary.formats.packs import find_pack, load_pack, shipped_packs

OPEN = "stannary/open-mining/0.1"
OUTLINE = "irma/mining/1.0"


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Run a command and give its exit code, standard output and standard error."""
    code = main(["standards", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def run_json(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, Any]:
    code, out, err = run(capsys, *words, "--json")
    assert err == ""
    return code, json.loads(out)


# list


def test_list_names_every_shipped_edition_with_licence_and_extent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "list")
    lines = out.splitlines()

    assert (code, err) == (0, "")
    assert lines[0].split() == ["id", "title", "licence", "requirements", "extent"]
    assert [line.split()[0] for line in lines[1:]] == [
        "/".join(f.parts[-3:]) for f in shipped_packs()
    ]
    by_id = {line.split()[0]: line for line in lines[1:]}
    assert "CC0-1.0" in by_id[OPEN]
    assert by_id[OPEN].endswith("complete")
    assert "no text is shipped" in by_id[OUTLINE]
    assert by_id[OUTLINE].endswith("outline")


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, shape = run_json(capsys, "list")

    assert code == 0
    assert list(shape) == ["standards"]
    (outline,) = (entry for entry in shape["standards"] if entry["id"] == OUTLINE)
    assert (outline["requirements_complete"], outline["texts"]) == (False, "outline")
    assert outline["requirement_count"] == outline["critical_count"] == 5


# show


def test_show_gives_chapters_levels_and_constants_with_their_marks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = run(capsys, "show", write_pack(tmp_path))

    assert (code, err) == (0, "")
    assert out.startswith("Made-up standard 1.0 (example/made-up/1.0)\n")
    assert "      1.2.1.1  Short  (critical)\n" in out
    assert out.index("1.2  Second") < out.index("1.10  Tenth")
    assert "   SEEN  no test\n" in out
    assert (
        "   HALF  each principle at least 50.0 % [own], 60.0 % from 2027-01-01 [own]; "
        "each critical requirement at least substantially [own]\n"
    ) in out
    assert "   surveillance_from_months: 12 months [own]\n" in out
    assert "   appeal_days: unknown [?, placeholder]\n" in out


def test_show_prints_constants_as_people_read_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sourced = 'source = "made up", mark = "own", as_of = 2026-11-22'
    constants = "".join(
        f'[parameters.{name}]\nunit = "{unit}"\nsummary = "Made up."\nvalues = [ {{ value = {value}, {sourced} }} ]\n'
        for name, unit, value in [
            ("once", "day", "1"),
            ("allowed", "", "true"),
            ("banned", "", "false"),
            ("how", "rule", '"each"'),
        ]
    )
    every = (
        'all_at_least = { value = "fully", '
        + sourced
        + " }\n\n[parameters.surveillance_from_months]"
    )
    text = changed(STANDARD, "[parameters.surveillance_from_months]", every) + constants
    code, out, _ = run(capsys, "show", write_pack(tmp_path, standard=text))

    assert code == 0
    for line in ("once: 1 day [own]", "allowed: yes [own]", "banned: no [own]", "how: each [own]"):
        assert f"   {line}\n" in out
    assert "each requirement at least fully [own]" in out


def test_show_a_custody_pack_gives_the_words_of_its_claims(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "show", "stannary/open-custody/0.1")

    assert code == 0
    assert "   SHARE-AT-LEVEL  At least {share}" in out
    assert "Levels" not in out


def test_show_marks_what_only_stands_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert "[?, placeholder]" in run(capsys, "show", OUTLINE)[1]


def test_show_as_json_gives_the_whole_edition(capsys: pytest.CaptureFixture[str]) -> None:
    code, shape = run_json(capsys, "show", OPEN)

    assert code == 0
    assert shape["id"] == OPEN
    assert len(shape["requirements"]) == shape["requirement_count"]


def test_show_gives_one_requirement(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "show", write_pack(tmp_path), "1.2.1.1")

    assert code == 0
    assert out == (
        "1.2.1.1  Short\n"
        "Made-up standard 1.0, chapter 1.2 Second\n"
        "\n"
        "Something is so.\n"
        "\n"
        "Critical: yes\n"
        "Applies:  where there is water\n"
        "Why:      It matters.\n"
        "Evidence: Records.\n"
        "Source:   made up [own]\n"
    )


def test_show_says_when_a_text_is_not_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", OUTLINE, "1.1.1.1")

    assert "The text is not shipped; load the official one beside it." in out
    assert "Applies:  always" in out
    assert "Why:" not in out
    assert "Evidence:" not in out


def test_show_one_requirement_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, shape = run_json(capsys, "show", write_pack(tmp_path), "1.10.1.1")

    assert code == 0
    assert (shape["standard"], shape["id"], shape["chapter"]) == (
        "example/made-up/1.0",
        "1.10.1.1",
        "1.10",
    )


def test_show_refuses_a_requirement_that_the_edition_has_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "show", OPEN, "9.9.9.9")

    assert (code, out) == (2, "")
    assert err == (
        "stannary: STANDARD-017: A requirement is asked for by an id that the edition has. Here: requirement=9.9.9.9, "
        "edition=stannary/open-mining/0.1. Call `stannary standards show` with the edition alone for its ids.\n"
    )


@pytest.mark.parametrize("act", [["show"], ["check"], ["export", "--format", "csv"]])
def test_an_unknown_standard_is_refused_with_what_to_do(
    capsys: pytest.CaptureFixture[str], act: list[str]
) -> None:
    code, out, err = run(capsys, *act, "nobody/nothing/1.0")

    assert (code, out) == (2, "")
    assert err == (
        "stannary: STANDARD-013: A standard is named as publisher/standard/edition, or by a folder that holds a "
        "standard.toml. Here: standard=nobody/nothing/1.0. Call `stannary standards list` for the editions that are "
        "here.\n"
    )


# check


def test_check_a_sound_pack_holds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "check", write_pack(tmp_path))

    assert (code, err) == (0, "")
    assert out == "example/made-up/1.0: 3 requirements, 4 of 4 cases hold.\n"


def test_check_verbose_prints_a_line_per_case(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = write_pack(tmp_path, cases=changed(CASES, 'level = "SEEN"', 'level = "HALF"'))
    code, out, _ = run(capsys, "check", folder, "--verbose")
    lines = out.splitlines()

    assert code == 1
    assert lines[:4] == [
        "holds  All substantially met is more than half",
        "fails  A failed critical gives only the lowest level",
        "holds  Nothing rated leaves everything open",
        "holds  Nothing relevant gives no level",
    ]
    assert lines[4].startswith(f"{folder}/cases/levels.toml, line 8: STANDARD-012: ")
    assert lines[5] == "example/made-up/1.0: 3 requirements, 3 of 4 cases hold."


@pytest.mark.parametrize("folder", shipped_packs(), ids=lambda folder: "/".join(folder.parts[-3:]))
def test_check_every_shipped_pack(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, shape = run_json(capsys, "check", "/".join(folder.parts[-3:]))

    assert code == 0
    assert shape["findings"] == []
    assert shape["holds"] is True
    assert all(case["holds"] for case in shape["cases"])


def test_check_prints_every_finding_of_an_unsound_pack(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = changed(changed(CHAPTER, "critical = true", "critical = 1"), 'title = "Shorter"\n', "")
    code, out, err = run(capsys, "check", write_pack(tmp_path, chapter=text))

    assert (code, err) == (1, "")
    assert [line.split(": ")[1] for line in out.splitlines()] == ["KERNEL-004", "STANDARD-002"]


def test_check_an_unsound_pack_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_pack(tmp_path, standard=changed(STANDARD, 'value = "0.6"', 'value = "1.6"'))
    code, shape = run_json(capsys, "check", folder)

    assert code == 1
    assert list(shape) == [
        "standard", "holds", "requirement_count", "cases", "transition", "findings",
    ]  # fmt: skip
    assert shape["transition"] is None
    assert (shape["standard"], shape["holds"], shape["cases"]) == (None, False, [])
    assert [finding["code"] for finding in shape["findings"]] == ["STANDARD-009"]
    assert shape["findings"][0]["at"]["file"] == f"{folder}/standard.toml"


def test_check_a_failed_case_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = write_pack(tmp_path, cases=changed(CASES, 'level = "SEEN"', 'level = "HALF"'))
    code, shape = run_json(capsys, "check", folder)

    assert code == 1
    assert shape["standard"] == "example/made-up/1.0"
    assert shape["cases"][1] == {
        "name": "A failed critical gives only the lowest level",
        "holds": False,
        "expected": "determined HALF",
        "came_out": "determined SEEN",
    }
    assert [finding["code"] for finding in shape["findings"]] == ["STANDARD-012"]


@pytest.mark.parametrize("part", ["standard", "chapter", "cases"])
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_check_a_pack_that_cannot_be_read_ends_with_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, part: str, as_json: list[str]
) -> None:
    code, out, err = run(capsys, "check", write_pack(tmp_path, **{part: "= 1"}), *as_json)

    assert (code, out) == (2, "")
    assert ".toml, line 1: STANDARD-001: " in err


# export


def test_export_csv_has_the_columns_that_others_rely_on(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "export", OPEN, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    edition = load_pack(find_pack(OPEN))

    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "id,principle,chapter,section,title,demand,critical,applies"
    assert [row["id"] for row in rows] == [entry.id for entry in edition.requirements]
    assert [row["demand"] for row in rows] == [entry.demand for entry in edition.requirements]
    assert {row["critical"] for row in rows} == {"true", "false"}


def test_export_csv_quotes_what_would_break_a_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = changed(CHAPTER, '"Something is so."', '"""One, "two",\nthree."""')
    _, out, _ = run(capsys, "export", write_pack(tmp_path, chapter=text), "--format", "csv")

    assert out == (
        "id,principle,chapter,section,title,demand,critical,applies\n"
        '1.2.1.1,1,1.2,1.2.1,Short,"One, ""two"",\nthree.",true,where there is water\n'
        "1.2.1.2,1,1.2,1.2.1,Shorter,Something else is so.,false,\n"
        "1.10.1.1,1,1.10,1.10.1,Last,Nothing else.,false,\n"
    )


@pytest.mark.parametrize("words", [["--format", "json"], ["--json"]])
def test_export_json_is_the_whole_edition(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, out, _ = run(capsys, "export", OPEN, *words)

    assert code == 0
    assert json.loads(out) == run_json(capsys, "show", OPEN)[1]


def test_export_writes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "open.csv"
    code, out, err = run(capsys, "export", OPEN, "--format", "csv", "-o", file)

    assert (code, out, err) == (0, "", "")
    assert (
        file.read_text(encoding="utf-8")
        == run(capsys, "export", OPEN, "--format", "csv", "-o", "-")[1]
    )


def test_export_to_a_file_that_cannot_be_written_ends_with_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "no folder" / "open.csv"
    code, out, err = run(capsys, "export", OPEN, "--format", "csv", "-o", file)

    assert (code, out) == (2, "")
    assert err == f"stannary: {file}: No such file or directory. Name a file that can be written.\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["show"],
        ["export", OPEN],
        ["export", OPEN, "--format", "xml"],
        ["export", OPEN, "--format", "csv", "--json"],
        ["dance"],
    ],
)
def test_a_wrong_call_ends_with_2(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["standards", *words])

    assert ended.value.code == 2
    assert "usage: stannary standards" in capsys.readouterr().err


def test_a_folder_may_be_named_from_where_one_stands(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pack(tmp_path / "mine", cases=changed(CASES, 'level = "SEEN"', 'level = "HALF"'))
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "check", "mine")

    assert code == 1
    assert out.startswith(f"{Path('mine', 'cases', 'levels.toml')}, line 8: STANDARD-012")
