"""Run the tests of core and of the web while every line is traced, and judge what they reach.

Two runs of their own, at the same time, each on one folder of tests: core is covered by the tests
of core, not by what happens to call it. What has a budget of time, waits for a browser, or repeats
one path thousands of times is marked `untraced` and runs in the suite only. So do tests that draw
random examples: the same tree gives the same figures, and each branch has an example in writing.

Ends with 0 if enough is covered, 1 if not (each place is named), 2 if tests failed while traced.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from coverage import Coverage
from coverage.exceptions import NoDataError

ROOT = Path(__file__).resolve().parents[1]
NOT_ENOUGH = 1
TESTS_FAILED = 2
SHOWN = 12


class Gate(NamedTuple):
    """A folder of sources, the tests that cover it, and the shares of it that they reach at least.

    A least share of one has no exception; below it, lines and branches are judged each for itself.
    The tests are dealt to so many processes, for tracing takes one core each.
    """

    name: str
    least: Fraction
    shares: int

    @property
    def sources(self) -> str:
        """Give the folder whose lines are traced."""
        return f"src/stannary/{self.name}"

    @property
    def tests(self) -> str:
        """Give the folder of tests that run."""
        return f"tests/{self.name}"


GATES = (Gate("core", Fraction(1), 1), Gate("web", Fraction(9, 10), 2))
NO_TESTS = 5
"""How pytest ends when every test that it was given is left out."""


class Verdict(NamedTuple):
    """What was reached, in one line for people, and what is wrong with it: nothing if it is enough."""

    figures: str
    wrong: list[str]


def data_file(folder: Path, gate: Gate) -> Path:
    """Give the file into which a run writes what it reached."""
    return folder / f"{gate.name}.coverage"


def dealt(gate: Gate) -> list[list[str]]:
    """Deal the files of a gate's tests, one after the other, to its processes."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / gate.tests).rglob("test_*.py"))
    return [files[share :: gate.shares] for share in range(gate.shares)]


def measuring(data: Path, gate: Gate, files: list[str]) -> list[str]:
    """Give the command that runs tests of a gate and traces its sources."""
    traced = ["-m", "coverage", "run", f"--data-file={data}", f"--source={ROOT / gate.sources}"]
    quiet = ["-q", "-p", "no:cacheprovider", "-m", "not untraced and not hypothesis"]
    return [sys.executable, *traced, "-m", "pytest", *quiet, *files]


def measure(folder: Path) -> list[Path]:
    """Run all gates at the same time; give what those runs printed in which a test failed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.coverage"):
        old.unlink()
    runs = []
    for gate in GATES:
        for number, files in enumerate(dealt(gate)):
            if not files:
                continue
            output = folder / f"{gate.name}-{number}.txt"
            command = measuring(output.with_suffix(".coverage"), gate, files)
            with output.open("w", encoding="utf-8") as file:
                run = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)  # noqa: S603 - our own command
            runs.append((run, output))
    failed = [output for run, output in runs if run.wait() not in (0, NO_TESTS)]
    for gate in GATES:
        parts = [str(path) for path in sorted(folder.glob(f"{gate.name}-*.coverage"))]
        if parts and not failed:
            whole = Coverage(
                data_file=str(data_file(folder, gate)), config_file=str(ROOT / "pyproject.toml")
            )
            whole.combine(parts)
            whole.save()
    return failed


def failures(output: Path) -> list[str]:
    """Give what a run said of tests that failed; if it says nothing of them, how it ended."""
    lines = output.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("FAILED tests", "ERROR tests"))] or lines[
        -20:
    ]


def judge(folder: Path, gate: Gate) -> Verdict:
    """Compare what a run reached with what it must reach."""
    report = read(data_file(folder, gate))
    totals = report["totals"] if report else {}
    if not totals.get("num_statements"):
        return Verdict(f"{gate.name}: nothing", [f"{gate.name}: nothing was measured"])
    shares = {
        "lines": Fraction(totals["covered_lines"], totals["num_statements"]),
        "branches": 1 - Fraction(totals["missing_branches"], totals["num_branches"] or 1),
    }
    said = ", ".join(f"{percent(share)} of {name}" for name, share in shares.items())
    low = [
        f"{gate.name}: {percent(share)} of {name} are reached, {percent(gate.least)} are needed"
        for name, share in shares.items()
        if share < gate.least
    ]
    return Verdict(f"{gate.name}: {said}", [*low, *(not_reached(report) if low else ())])


def read(data: Path) -> Mapping[str, Any]:
    """Read what was reached, with coverage's own rules for what counts; empty if there is nothing."""
    traced = Coverage(data_file=str(data), config_file=str(ROOT / "pyproject.toml"))
    traced.load()
    written = data.with_suffix(".json")
    try:
        traced.json_report(outfile=str(written))
    except NoDataError:
        return {}
    report: Mapping[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    return report


def not_reached(report: Mapping[str, Any]) -> Iterator[str]:
    """Name the lines and branches that no test reached, a line of text a module."""
    for name, file in sorted(report["files"].items()):
        missing = set(file["missing_lines"])
        places = [f"line {line}" for line in sorted(missing)]
        places += [
            f"from {begin} to {end}" if end > 0 else f"from {begin} out of the function"
            for begin, end in file["missing_branches"]
            if begin not in missing and end not in missing
        ]
        more = [f"{len(places) - SHOWN} more"] if len(places) > SHOWN else []
        if places:
            yield f"{name}: {', '.join(places[:SHOWN] + more)}"


def percent(share: Fraction) -> str:
    """Write a share as a percentage, cut and not rounded: 100 % is all."""
    tenths = share * 1000 // 1
    return f"{tenths // 10}.{tenths % 10} %"


def main() -> int:
    """Measure and judge; print one line if all is well."""
    os.chdir(ROOT)  # files are remembered by their place in the tree
    folder = ROOT / "var" / "coverage"
    failed = measure(folder)
    for output in failed:
        print("coverage: tests failed while they were traced, so nothing is judged:")
        print("\n".join(f"  {line}" for line in failures(output)))
        print(f"  all of it is in {output.relative_to(ROOT)}")
    if failed:
        return TESTS_FAILED
    verdicts = [judge(folder, gate) for gate in GATES]
    print("coverage ", "; ".join(verdict.figures for verdict in verdicts), sep="")
    wrong = [line for verdict in verdicts for line in verdict.wrong]
    for line in wrong:
        print(f"  {line}")
    return NOT_ENOUGH if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
