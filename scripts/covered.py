"""Measure what the tests of core and of the web reach while they run, and judge it at the end.

A plugin of pytest (`-p scripts.covered`), and a command that runs only those tests with it. Core is
covered by the tests of core, not by what happens to call it: lines of `core` count while a test of
`tests/core` runs, those of `web` while one of `tests/web` does. SlipCover plants a probe at every
line and branch, which tells only once that it was met; so what a test that does not count meets first
is not counted at all, and the figures are never too high. Tests that draw random examples do not count:
the same tree gives the same figures, and each branch has an example in writing. Nor do those marked
`untraced`: they have a budget of time, wait for a browser, or repeat one path thousands of times.
What modules do when they are imported counts from the first import. Tests that count are collected
and run before all others. STANNARY_COVERED names the one gate that a run is for; else it is for all.

Each worker writes what it reached. The process that people started puts it together, says the
figures and each place that is not reached, and fails if that is too little. Nothing is judged after
a test has failed.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from slipcover import Slipcover
from slipcover.importer import FileMatcher, ImportManager

SHOWN = 12
NEVER = 10**9
"""Probes that were met stay where they are: to take them away stops a test for a tenth of a second,
and saves nothing over a whole run."""
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


Modules = Mapping[str, Mapping[str, set[Any]]]
"""Of each module its lines and branches, and those that were met."""


class Verdict(NamedTuple):
    """What was reached, in one line for people, and what is wrong with it: nothing if it is enough."""

    figures: str
    wrong: list[str]


WANTED = os.environ.get("STANNARY_COVERED")
JUDGED = tuple(gate for gate in GATES if WANTED in {gate.name, None})

Place = int | tuple[int, int]
"""A line, or a branch from a line to another; to 0 where it leaves."""


def left_out(root: Path) -> list[str]:
    """Give what counts for nothing, as patterns of the lines that begin it."""
    with (root / "pyproject.toml").open("rb") as settings:
        patterns: list[str] = tomllib.load(settings)["tool"]["slipcover"]["exclude-also"]
    return patterns


class Tracing:
    """What one process reaches; it counts for one gate at a time, or for none."""

    def __init__(self, root: Path, worker: str) -> None:
        """Plant probes in every module of the gates that is imported from now on."""
        self.root = root
        self.worker = worker
        sources = [str(root / gate.sources) for gate in JUDGED]
        self.cover = Slipcover(
            branch=True,
            d_miss_threshold=NEVER,
            source=sources,
            exclude_also=left_out(root),
        )
        ImportManager(self.cover, FileMatcher(sources)).__enter__()
        self.known: dict[str, set[Place]] = defaultdict(set)
        self.counted: dict[str, set[Place]] = defaultdict(set)
        self.now: str | None = None

    def switch(self, to: str | None) -> None:
        """Count for another gate, or for none."""
        if to == self.now:
            return
        with self.cover.lock:
            met = [*self.cover.all_seen.items(), *self.cover.newly_seen.items()]
            fresh = [(file, places - self.known[file]) for file, places in met]
        for file, places in fresh:
            self.known[file] |= places
            if self.now in {gate_of(self.root, Path(file)), BEFORE}:
                self.counted[file] |= places
        self.now = to

    def report(self) -> dict[str, dict[str, list[Place]]]:
        """Give of each module the lines and branches that there are, and those that count as met."""
        found = {}
        for name, file in self.cover.get_coverage()["files"].items():
            counted = self.counted.get(str(self.root / name), set())
            parts = {}
            for kind in ("lines", "branches"):
                every = [*file[f"executed_{kind}"], *file[f"missing_{kind}"]]
                parts[kind] = sorted(every)
                parts[f"met_{kind}"] = sorted(counted.intersection(every))
            found[name] = parts
        return found

    @contextmanager
    def during(self, gate: str | None) -> Iterator[None]:
        """Count for a gate, then for whatever was counted for before."""
        before = self.now
        self.switch(gate)
        try:
            yield
        finally:
            self.switch(before)

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
            with self.during(gate_of(self.root, collector.path)):
                return (yield)
        report = yield
        if report.result and collector.path == self.root / "tests":
            order = {gate.name: number for number, gate in enumerate(JUDGED)}
            report.result.sort(key=lambda one: order.get(one.path.name, len(order)))
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Count a test for its gate, unless it is one of those that do not count."""
        self.switch(self.gate_for(item))
        return (yield)

    def gate_for(self, item: pytest.Item) -> str | None:
        """Give the gate for which a test counts."""
        free = item.get_closest_marker("untraced") or item.get_closest_marker("hypothesis")
        return None if free else gate_of(self.root, item.path)

    @pytest.hookimpl(trylast=True)  # Hypothesis marks its tests before
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Run what counts before what would meet the probes first."""
        items.sort(key=lambda item: self.gate_for(item) is None)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Write what was reached."""
        self.switch(None)
        written = folder_of(self.root) / f"{self.worker}.json"
        written.write_text(json.dumps(self.report()), encoding="utf-8")


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
        verdicts = [judge(self.root, gate) for gate in JUDGED]
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
    if not JUDGED:
        raise pytest.UsageError(f"STANNARY_COVERED={WANTED} names no folder that is judged")
    root = early_config.rootpath
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    deals = getattr(early_config.known_args_namespace, "numprocesses", None)
    if not worker:
        folder_of(root).mkdir(parents=True, exist_ok=True)
        for old in folder_of(root).glob("*.json"):
            old.unlink()
        early_config.pluginmanager.register(Judging(root))
    if worker or not deals:
        tracing = Tracing(root, worker or "alone")
        early_config.pluginmanager.register(tracing)
        tracing.switch(BEFORE)
    return (yield)


def gate_of(root: Path, path: Path) -> str | None:
    """Give the gate to which a file belongs, be it of tests or of sources."""
    place = path.relative_to(root) if path.is_relative_to(root) else Path()
    homes = {gate.name: (Path("tests", gate.name), Path(gate.sources)) for gate in JUDGED}
    return next((name for name, those in homes.items() if set(those) & {*place.parents}), None)


def folder_of(root: Path) -> Path:
    """Give the folder of what was measured."""
    return root / "var" / "coverage"


def judge(root: Path, gate: Gate) -> Verdict:
    """Compare what the tests of a gate reached with what they must reach."""
    modules = read(root, gate)
    shares = {}
    for kind in ("lines", "branches"):
        every = sum(len(one[kind]) for one in modules.values())
        if not every and kind == "lines":
            return Verdict(f"{gate.name}: nothing", [f"{gate.name}: nothing was measured"])
        met = sum(len(one[f"met_{kind}"]) for one in modules.values())
        shares[kind] = Fraction(met, every) if every else Fraction(1)
    said = ", ".join(f"{percent(share)} of {name}" for name, share in shares.items())
    low = [
        f"{gate.name}: {percent(share)} of {name} are reached, {percent(gate.least)} are needed"
        for name, share in shares.items()
        if share < gate.least
    ]
    return Verdict(f"{gate.name}: {said}", [*low, *(not_reached(modules) if low else ())])


def read(root: Path, gate: Gate) -> Modules:
    """Put together what all processes reached for a gate."""
    whole: dict[str, dict[str, set[Any]]] = {}
    for file in sorted(folder_of(root).glob("*.json")):
        for name, parts in json.loads(file.read_text(encoding="utf-8")).items():
            if not name.startswith(f"{gate.sources}/"):
                continue
            module = whole.setdefault(name, defaultdict(set))
            for kind, places in parts.items():
                module[kind].update(tuple(x) if isinstance(x, list) else x for x in places)
    return whole


def not_reached(modules: Modules) -> Iterator[str]:
    """Name the lines and branches that no test reached, a line of text a module."""
    for name, module in sorted(modules.items()):
        missing = module["lines"] - module["met_lines"]
        places = [f"line {line}" for line in sorted(missing)]
        places += [
            f"from {begin} to {end}" if end > 0 else f"from {begin} out of the function"
            for begin, end in sorted(module["branches"] - module["met_branches"])
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
    folders = [f"tests/{gate.name}" for gate in JUDGED]
    quiet = ["-q", "-p", "no:cacheprovider", "-m", "not untraced and not hypothesis"]
    command = [sys.executable, "-m", "pytest", "-p", "scripts.covered", *quiet, *given, *folders]
    return subprocess.run(command, cwd=root, check=False).returncode  # noqa: S603 - our own command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
