"""The sessions that documents show come out as they say, word for word."""

from pathlib import Path

import pytest

from docs.replay import ANYTHING, NEEDS_A_SERVER, Command, commands_of, matches, run

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if commands_of(path) and str(path.relative_to(ROOT)) not in NEEDS_A_SERVER
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_session_comes_out_as_the_document_says(name: str, checkout: Path) -> None:
    replayed = [command for command in commands_of(ROOT / name) if command.is_replayed]

    assert replayed
    for command in replayed:
        seen = run(command, checkout)
        expected = command.expected
        assert matches(expected, seen), "\n".join(
            [
                f"{name}, line {command.line}: $ {command.text}",
                "--- expected",
                *expected,
                "--- seen",
                *seen,
            ]
        )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_which_lines_are_not_replayed(name: str) -> None:
    left_out = [command for command in commands_of(ROOT / name) if not command.is_replayed]

    assert not left_out or "not replayed" in (ROOT / name).read_text(encoding="utf-8")
    assert all(not command.expected for command in left_out)


@pytest.mark.parametrize("name", ["README.md", "docs/tutorial/first-half-hour.md"])
def test_the_first_documents_that_a_stranger_reads_show_sessions(name: str) -> None:
    assert name in DOCUMENTS


@pytest.mark.parametrize(
    ("expected", "seen", "is_match"),
    [
        (["a"], ["a"], True),
        (["a"], ["a", ""], False),
        (["a"], ["b"], False),
        (["in … s"], ["in 0.3 s"], True),
        (["in … s"], ["in 0.3 m"], False),
        ([ANYTHING, "b"], ["a", "a", "b"], True),
        (["a", ANYTHING], ["a"], True),
        (["a", ANYTHING, "b"], ["a", "b", "c"], False),
        ([], [], True),
        ([], ["a"], False),
        (["a.c"], ["abc"], False),
    ],
)
def test_dots_stand_for_anything_and_nothing_else_does(
    expected: list[str], seen: list[str], *, is_match: bool
) -> None:
    assert matches(expected, seen) is is_match


def test_a_command_ends_where_the_next_begins(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("```console\n$ a\n1\n\n$ b\n```\n```sh\n$ c\n```\n")

    found = commands_of(document)

    assert found == [Command("a", 2, ["1", ""]), Command("b", 5)]
