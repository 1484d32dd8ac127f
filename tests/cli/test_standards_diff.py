import json
from pathlib import Path
from typing import Any

import pytest

from formats.pack_files import CHAPTER, STANDARD, changed, write_pack
from stannary.cli.main import main

TRANSITION = """\
from = "example/made-up/1.0"
to = "example/made-up/2.0"
opens = 2026-06-01
closes = 2027-06-01
source = "made up"
mark = "own"

[[move]]
kind = "reworded"
from = ["1.2.1.1"]
to = ["1.2.1.1"]
judge_again = true
note = "Said more clearly."

[[move]]
kind = "merged"
from = ["1.2.1.2", "1.10.1.1"]
to = ["1.10.1.1"]
judge_again = true
"""


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = main(["standards", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def packs(tmp_path: Path) -> tuple[Path, Path]:
    """Two editions: the first requirement is reworded, the second is gone."""
    reworded = changed(CHAPTER, "Something is so.", "Something is clearly so.")
    fewer = reworded[: reworded.index('\n[[requirement]]\nid = "1.2.1.2"')]
    newer = changed(STANDARD, 'edition = "1.0"', 'edition = "2.0"')
    old = write_pack(tmp_path / "old")
    return old, write_pack(tmp_path / "new", standard=newer, chapter=fewer, french=None, cases=None)


def diff_json(capsys: pytest.CaptureFixture[str], *packs: Path) -> Any:
    code, out, err = run(capsys, "diff", *packs, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_diff_compares_texts_where_no_table_leads(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    code, out, err = run(capsys, "diff", *packs)

    assert (code, err) == (0, "")
    assert out == (
        "From example/made-up/1.0 to example/made-up/2.0\n"
        "Computed from the texts, for no table leads from the one to the other. What was split or "
        "merged shows as dropped, reworded and new: texts alone cannot tell.\n"
        "\n"
        "reworded    1.2.1.1  (demand; a person decides whether it is judged again)\n"
        "dropped     1.2.1.2\n"
        "\n"
        "1 kept, 0 renumbered, 1 reworded, 0 split, 0 merged, 0 new, 1 dropped.\n"
    )


def test_diff_shows_words_and_what_was_kept_on_request(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    out = run(capsys, "diff", *packs, "--texts", "--all")[1]

    assert "            demand: Something is {+clearly +}so.\n" in out
    assert "kept        1.10.1.1\n" in out


def test_diff_backwards_shows_what_came_as_new(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    old, new = packs
    out = run(capsys, "diff", new, old, "--texts")[1]

    assert "            demand: Something is [-clearly -]so.\n" in out
    assert "new         1.2.1.2\n" in out


def test_diff_believes_the_table_of_the_newer_pack(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    (packs[1] / "transition.toml").write_text(TRANSITION)
    code, out, _ = run(capsys, "diff", *packs)

    assert code == 0
    assert out.splitlines()[1] == (
        "As said by the table of example/made-up/2.0 [own]: made up. It opens on 2026-06-01 and "
        "the older edition closes on 2027-06-01."
    )
    assert "reworded    1.2.1.1  (demand; judged again; Said more clearly.)\n" in out
    assert "merged      1.2.1.2, 1.10.1.1 -> 1.10.1.1  (judged again)\n" in out


def test_diff_does_not_use_a_table_that_leads_elsewhere(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    (packs[1] / "transition.toml").write_text(changed(TRANSITION, "made-up/1.0", "made-up/0.9"))

    assert "Computed from the texts" in run(capsys, "diff", *packs)[1]


def test_diff_refuses_a_table_that_does_not_hold(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    (packs[1] / "transition.toml").write_text(changed(TRANSITION, '"1.2.1.2", ', ""))
    code, out, err = run(capsys, "diff", *packs)

    assert (code, out) == (2, "")
    assert "TRANSITION-001" in err


def test_diff_as_json_says_who_says_it(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    by_texts = diff_json(capsys, *packs)
    (packs[1] / "transition.toml").write_text(TRANSITION)
    by_table = diff_json(capsys, *packs)

    assert (by_texts["said_by"], by_texts["opens"]) == ("texts", None)
    assert (by_table["said_by"], by_table["opens"], by_table["closes"]) == (
        "table", "2026-06-01", "2027-06-01",
    )  # fmt: skip
    assert by_texts["counts"]["dropped"] == by_table["counts"]["merged"] == 1
    assert by_texts["changes"][0] == {
        "kind": "reworded", "from": ["1.2.1.1"], "to": ["1.2.1.1"], "said_by": "texts",
        "changed": ["demand"], "judge_again": None, "note": "",
        "redline": {
            "demand": [["same", "Something is "], ["added", "clearly "], ["same", "so."]]
        },
    }  # fmt: skip


def test_diff_of_the_two_editions_of_our_standard_is_said_by_its_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "diff", "stannary/open-mining/0.1", "stannary/open-mining/1.0")

    assert code == 0
    assert "As said by the table of stannary/open-mining/1.0" in out


# check


def test_check_looks_at_the_transition_where_the_older_edition_is_here(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "check", "stannary/open-mining/1.0")

    assert code == 0
    assert out.splitlines()[-1] == "Transition from stannary/open-mining/0.1: 115 moves checked."


def test_check_says_when_the_older_edition_is_not_here(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    (packs[1] / "transition.toml").write_text(TRANSITION)
    code, out, _ = run(capsys, "check", packs[1])

    assert code == 0
    assert out.splitlines()[-1] == (
        "Transition from example/made-up/1.0: not checked, for that edition is not here."
    )
    shape = json.loads(run(capsys, "check", packs[1], "--json")[1])
    assert shape["transition"] == {"from": "example/made-up/1.0", "moves": 2, "checked": False}


def test_check_finds_a_transition_that_does_not_hold(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    text = changed(TRANSITION, "example/made-up/1.0", "stannary/open-mining/0.1")
    (packs[1] / "transition.toml").write_text(text)
    code, out, _ = run(capsys, "check", packs[1])

    assert code == 1
    assert "TRANSITION-001" in out
    assert "TRANSITION-006" in out


def test_check_finds_a_transition_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], packs: tuple[Path, Path]
) -> None:
    (packs[1] / "transition.toml").write_text(changed(TRANSITION, 'kind = "merged"', "kind = 1"))
    code, out, _ = run(capsys, "check", packs[1])

    assert code == 1
    assert "KERNEL-004" in out
