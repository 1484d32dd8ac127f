"""stannary standards crosswalk: checks, plans, reports, and what it answers when it cannot."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from stannary.cli.main import main
from stannary.formats.crosswalks import load_crosswalk, shipped_crosswalks, write_crosswalk_csv
from stannary.formats.packs import find_shipped_pack, load_pack

NAME = "open-mining-1.0--open-mining-0.1"
NEW, OLD = "stannary/open-mining/1.0", "stannary/open-mining/0.1"
FILE = next(path for path in shipped_crosswalks() if path.stem == NAME)


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = main(["standards", "crosswalk", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


def run_json(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, Any]:
    code, out, err = run(capsys, *words, "--json")
    assert err == ""
    return code, json.loads(out)


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "some.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def test_a_shipped_crosswalk_gives_counts_and_a_plan(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, NAME)
    lines = out.splitlines()

    assert (code, err) == (0, "")
    assert lines[:3] == [
        "Open Mining 1.0 and Open Mining 0.1",
        f"{NEW} -> {OLD}",
        "253 judgements: 42 equal, 4 subset, 2 superset, 181 intersects, 24 none; 4 of them forward only",
    ]
    assert f"Co-audit plan, evidence gathered for {NEW}" in lines
    assert "  covered       44  nothing left to ask" in lines
    assert (
        "  1.1.1.3    rest        The stricter rule is followed  at least 0.75, by 1.1.1.4, 1.1.1.3"
        in lines
    )
    assert "Gap report" not in out


def test_the_other_standard_may_lead(capsys: pytest.CaptureFixture[str]) -> None:
    for lead in (OLD, str(find_shipped_pack(OLD))):
        code, out, _ = run(capsys, NAME, "--lead", lead)

        assert code == 0
        assert f"Co-audit plan, evidence gathered for {OLD}" in out
        assert "  ask           24  examined, no counterpart" in out
        assert "  unexamined   170  not examined yet" in out


def test_the_states_of_a_plan_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    for lead, other, total in ((NEW, OLD, 115), (OLD, NEW, 418)):
        code, shape = run_json(capsys, NAME, "--lead", lead)
        (plan,) = shape["plan"]["standards"]

        assert (code, shape["holds"], shape["findings"], shape["gaps"]) == (0, True, [], None)
        assert (shape["plan"]["lead"], plan["id"]) == (lead, other)
        assert sum(plan["counts"].values()) == plan["requirements"] == total
        assert len(plan["to_ask"]) == total - plan["counts"]["covered"]
        assert sum(shape["relations"].values()) == shape["judgements"] == 253
        assert shape["directions"] == {"both": 249, "forward": 4}


def test_ratings_add_a_gap_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("requirement,rating\n1.1.1.1,fully\n1.1.1.2,not_met\n1.1.1.3,partially\n")

    code, out, _ = run(capsys, NAME, "--lead", OLD, "--ratings", ratings)
    assert code == 0
    assert f"Gap report, ratings under {OLD} against {NEW}" in out
    assert "  shown          1  covered whole by something fully met" in out
    assert "  1.1.1.2    gap         " in out
    assert "(1.1.1.3 partially)" in out

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ratings.read_bytes())))
    _, shape = run_json(capsys, NAME, "--ratings", "-")
    assert shape["gaps"]["second"] == OLD
    assert sum(shape["gaps"]["counts"].values()) == 115
    assert shape["gaps"]["counts"]["gap"] == 1


def test_a_table_of_judgements_serves_as_well(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "some.csv"
    file.write_text(write_crosswalk_csv(load_crosswalk(FILE)), encoding="utf-8")

    _, as_table = run_json(capsys, file)
    _, as_toml = run_json(capsys, NAME)

    assert as_table["plan"] == as_toml["plan"]


def test_a_crosswalk_that_does_not_hold_is_not_planned_with(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = changed(tmp_path, 'relation = "equal"', 'relation = "intersects"')
    code, out, err = run(capsys, file)

    assert (code, err) == (1, "")
    assert out.count("CROSSWALK-003") == 2
    assert f"{file}, line 10: CROSSWALK-003" in out
    assert "Co-audit plan" not in out

    code, shape = run_json(capsys, file)
    assert (code, shape["holds"], shape["plan"]) == (1, False, None)
    assert shape["findings"][0]["at"]["line"] == 10


def test_a_pack_of_ones_own_may_be_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = (find_shipped_pack(OLD) / "standard.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine"
    mine.mkdir()
    for path in find_shipped_pack(OLD).glob("chapters/*.toml"):
        (mine / "chapters").mkdir(exist_ok=True)
        (mine / "chapters" / path.name).write_bytes(path.read_bytes())
    (mine / "standard.toml").write_text(text.replace('edition = "0.1"', 'edition = "mine"', 1))
    name = load_pack(mine).id
    file = changed(tmp_path, f'second = "{OLD}"', f'second = "{name}"')

    assert run(capsys, file)[0] == 2
    code, out, _ = run(capsys, file, "--pack", mine, "--lead", mine)
    assert code == 0
    assert f"evidence gathered for {name}" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["no-such-file.toml"], "CROSSWALK-008"),
        ([NAME, "--lead", "stannary/open-custody/0.1"], "CROSSWALK-001"),
        ([NAME, "--lead", "nobody/nothing/1"], "STANDARD-013"),
        ([NAME, "--ratings", "no-such-file.csv"], "RATING-010"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], words: list[str], code: str
) -> None:
    exit_code, out, err = run(capsys, *words)

    assert (exit_code, out) == (2, "")
    assert code in err
    assert err.count("\n") == 1
