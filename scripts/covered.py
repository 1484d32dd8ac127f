"""Measure what the tests of core and of the web reach while they run, and judge it at the end.

A plugin of pytest (`-p scripts.covered`), and a command that runs only those tests with it. Core is
covered by the tests of core, not by what happens to call it: lines of `core` are traced while a test
of `tests/core` runs, those of `web` while one of `tests/web` does. What has a budget of time, waits
for a browser, or repeats one path thousands of times is marked `untraced` and runs untraced. So do
tests that draw random examples: the same tree gives the same figures, and each branch has an example
in writing. What modules do when they are imported counts from the first import; so tests of core are
collected before those of the web, and both before all others.

Each worker writes what it reached. The process that people started puts it together, says the
figures and each place that is not reached, and fails if that is too little. Nothing is judged after
a test has failed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from coverage import Coverage
from coverage.exceptions import NoDataError

SHOWN = 12
BEFORE = "before"
"""What is traced before any test is collected: the import of what Django sets up."""


class Gate(NamedTuple):
    """A folder of sources, and the shares of it that its tests reach at least.

    A least share of one has no exception; below it, lines and branches are judged each for itself.
    """

    name: str
    least: Fraction

    @property
    def sources(self) -> str:
        """Give the folder whose lines are traced."""
        return f"src/stannary/{self.name}"


GATES = (Gate("core", Fraction(1)), Gate("web", Fraction(9, 10)))


class Verdict(NamedTuple):
    """What was reached, in one line for people, and what is wrong with it: nothing if it is enough."""

    figures: str
    wrong: list[str]


def settings(root: Path) -> str:
    """Give the file that says what counts as a line."""
    return str(root / "pyproject.toml")


class Tracing:
    """What one process reaches, apart for each gate; one of them is traced at a time, or none."""

    def __init__(self, root: Path, worker: str) -> None:
        """Trace nothing yet."""
        self.root = root
        every = {gate.name: [str(root / gate.sources)] for gate in GATES}
        every[BEFORE] = [folder for those in every.values() for folder in those]
        self.data = {
            name: Coverage(
                data_file=str(folder_of(root) / f"{name}.{worker}.coverage"),
                config_file=settings(root),
                source=sources,
            )
            for name, sources in every.items()
        }
        for one in self.data.values():
            one.set_option("run:disable_warnings", ["no-data-collected", "module-not-imported"])
        self.now: str | None = None

    def switch(self, to: str | None) -> None:
        """Trace for another gate, or for none."""
        if to == self.now:
            return
        if self.now is not None:
            self.data[self.now].stop()
        if to is not None:
            self.data[to].start()
        self.now = to

    @contextmanager
    def during(self, gate: str | None) -> Iterator[None]:
        """Trace for a gate, then for whatever was traced before."""
        before = self.now
        self.switch(gate)
        try:
            yield
        finally:
            self.switch(before)

    def gate_of(self, path: Path) -> str | None:
        """Give the gate to which a file of tests belongs."""
        place = path.relative_to(self.root).parts if path.is_relative_to(self.root) else ()
        return next((one.name for one in GATES if place[:2] == ("tests", one.name)), None)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        """End with the collection what belongs to no test."""
        try:
            return (yield)
        finally:
            self.switch(None)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Import a file of tests for its gate; begin with the gates, in their order."""
        if isinstance(collector, pytest.Module):
            with self.during(self.gate_of(collector.path)):
                return (yield)
        report = yield
        if report.result and collector.path == self.root / "tests":
            order = {gate.name: number for number, gate in enumerate(GATES)}
            report.result.sort(key=lambda one: order.get(one.path.name, len(order)))
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Trace a test for its gate, unless it is one of those that are not traced."""
        free = item.get_closest_marker("untraced") or item.get_closest_marker("hypothesis")
        self.switch(None if free else self.gate_of(item.path))
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Write what was reached."""
        self.switch(None)
        for one in self.data.values():
            one.save()


class Judging:
    """The end of a run, in the process that people started."""

    def __init__(self, root: Path) -> None:
        """Judge nothing yet."""
        self.root = root
        self.said: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge what all processes reached; let the run fail where it is too little."""
        if exitstatus != pytest.ExitCode.OK:
            self.said = ["coverage: not every test passed, so nothing is judged"]
            return
        verdicts = [judge(self.root, gate) for gate in GATES]
        wrong = [line for verdict in verdicts for line in verdict.wrong]
        figures = "; ".join(verdict.figures for verdict in verdicts)
        self.said = [f"coverage {figures}", *(f"  {line}" for line in wrong)]
        if wrong:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was found."""
        for line in self.said:
            terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Begin before Django is set up; in a process that deals tests to others, only judge."""
    root = early_config.rootpath
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    deals = getattr(early_config.known_args_namespace, "numprocesses", None)
    if not worker:
        folder_of(root).mkdir(parents=True, exist_ok=True)
        for old in folder_of(root).glob("*.coverage"):
            old.unlink()
        early_config.pluginmanager.register(Judging(root))
    if worker or not deals:
        tracing = Tracing(root, worker or "alone")
        early_config.pluginmanager.register(tracing)
        tracing.switch(BEFORE)
    return (yield)


def folder_of(root: Path) -> Path:
    """Give the folder of what was measured."""
    return root / "var" / "coverage"


def judge(root: Path, gate: Gate) -> Verdict:
    """Compare what the tests of a gate reached with what they must reach."""
    report = read(root, gate)
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


def read(root: Path, gate: Gate) -> Mapping[str, Any]:
    """Put together what all processes reached for a gate; empty if there is nothing."""
    folder = folder_of(root)
    whole = Coverage(data_file=str(folder / f"{gate.name}.coverage"), config_file=settings(root))
    parts = [
        str(one)
        for name in (BEFORE, gate.name)
        for one in sorted(folder.glob(f"{name}.*.coverage"))
    ]
    written = folder / f"{gate.name}.json"
    try:
        whole.combine(parts, keep=True)
        whole.save()
        whole.json_report(outfile=str(written), include=[f"{gate.sources}/*"])
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


def main(given: list[str]) -> int:
    """Run the tests that are traced, and no others; arguments go to pytest."""
    root = Path(__file__).resolve().parents[1]
    folders = [f"tests/{gate.name}" for gate in GATES]
    quiet = ["-q", "-p", "no:cacheprovider", "-m", "not untraced and not hypothesis"]
    command = [sys.executable, "-m", "pytest", "-p", "scripts.covered", *quiet, *given, *folders]
    return subprocess.run(command, cwd=root, check=False).returncode  # noqa: S603 - our own command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
