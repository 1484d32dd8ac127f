"""What every command does alike: one line for what went wrong, exit code 2, never a traceback."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stannary.cli.main import main

RATINGS = Path(__file__).parents[2] / "docs" / "samples" / "ratings.csv"
STANDARD = "stannary/open-mining/0.1"
SCORE = ["score", str(RATINGS), "--standard", STANDARD]
EXPORT = ["standards", "export", STANDARD, "--format", "csv"]


def shell(line: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program as "$@" in a line of a shell."""
    return subprocess.run(
        ["/bin/sh", "-c", line, "sh", sys.executable, "-m", "stannary.cli.main", *arguments],
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("arguments", [SCORE, EXPORT, [*SCORE, "--json"]])
def test_output_that_cannot_be_written_is_told_in_one_line(
    arguments: list[str], tmp_path: Path
) -> None:
    done = shell('ulimit -f 0; "$@" > "$DIR/out"', *arguments, DIR=str(tmp_path))

    assert done.returncode == 2
    assert done.stderr.decode().startswith("stannary: File too large.")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("arguments", [SCORE, EXPORT])
def test_a_reader_who_leaves_early_ends_it_silently(arguments: list[str]) -> None:
    done = shell('{ "$@"; echo "code $?" >&2; } | true', *arguments)

    assert done.stderr in (b"code 2\n", b"code 0\n")  # 0: all was taken by the pipe in time


@pytest.mark.parametrize("command", [["score", "-", "--standard", STANDARD], ["balance", "-"], ["verify", "-"]])  # fmt: skip
def test_a_closed_input_reads_as_empty(command: list[str]) -> None:
    done = shell('"$@" <&-', *command)

    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"stannary: -")


def test_a_closed_output_takes_nothing_and_breaks_nothing() -> None:
    assert shell('"$@" >&-', *EXPORT).returncode == 0


def test_what_is_printed_is_utf_8_whatever_the_terminal_is_set_to() -> None:
    done = shell('"$@"', *EXPORT, PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert "\u00b0" in done.stdout.decode("utf-8")


def test_a_strangers_words_move_no_cursor_and_begin_no_line(tmp_path: Path) -> None:
    file = tmp_path / "movements.csv"
    file.write_bytes(
        b"event,at,kind,site,entity,lot,side,material,mass_mg\n"
        b'E,2025-01-01T00:00:00Z,"\x1b[31m\nX",a,b,c,out,m,5\n'
    )

    done = shell('"$@"', "balance", str(file))

    assert done.returncode == 2
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_file_name_that_is_no_text_is_told_and_not_a_traceback(tmp_path: Path) -> None:
    done = shell(
        'cd "$DIR" && : > "$(printf "\\377.json")" && "$@" *.json', "verify", DIR=str(tmp_path)
    )

    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == 1


class Impatient(io.BytesIO):
    """An input at which somebody presses Ctrl-C."""

    def read(self, size: int | None = -1) -> bytes:
        raise KeyboardInterrupt


def test_an_interrupted_command_ends_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Impatient()))

    assert main(["balance", "-"]) == 130
    assert capsys.readouterr() == ("", "")
