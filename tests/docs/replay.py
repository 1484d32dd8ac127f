"""Replays the sessions that a document shows, and compares what comes out with what it says.

A session is a fenced block marked `console`. A line that begins with "$ " is a command, the lines
after it are its output, errors included. In the output "…" stands for anything on its line, and a
line that is only "…" for any number of lines. All blocks of a document share one folder.

Commands that need a network or do not end are not replayed; `NOT_REPLAYED` names them, and a
document that shows one says so.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

NOT_REPLAYED = ("git clone ", "cd stannary", "make ", "pip install ", ". .venv/bin/activate")
ANYTHING = "…"
NEEDS_A_SERVER = ("docs/howto/use-the-api.md",)
"""Documents whose sessions talk to a running copy; they have a test of their own."""


@dataclass
class Command:
    """One command of a document, where it stands, and what it should print."""

    text: str
    line: int
    expected: list[str] = field(default_factory=list)

    @property
    def is_replayed(self) -> bool:
        return not self.text.startswith(NOT_REPLAYED)


def commands_of(document: Path) -> list[Command]:
    """Collect the commands of every console block of a document, in order."""
    found: list[Command] = []
    inside = False
    for number, raw in enumerate(document.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip() if raw.strip().startswith("```") else raw
        if line.startswith("```"):
            inside = not inside and line == "```console"
            indent = len(raw) - len(raw.lstrip())
        elif inside and raw[indent:].startswith("$ "):
            found.append(Command(raw[indent + 2 :], number))
        elif inside:
            found[-1].expected.append(raw[indent:])
    return found


def matches(expected: list[str], seen: list[str]) -> bool:
    """Tell whether lines are as expected, "…" standing for anything."""
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line.strip() == ANYTHING else _line(line) + r"\n" for line in expected
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in seen)) is not None


def _line(text: str) -> str:
    return r"[^\n]*".join(re.escape(part) for part in text.split(ANYTHING))


def run(command: Command, folder: Path) -> list[str]:
    """Run one command in a folder and give what it prints, line by line."""
    binaries = Path(sys.executable).parent
    environment = {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder / "src"),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
    }
    done = subprocess.run(
        ["sh", "-c", command.text],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout.splitlines()
