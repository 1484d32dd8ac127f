"""How one run against both databases deals the tests to its two workers.

Worker gw0 runs on SQLite, gw1 on PostgreSQL. Tests that touch a database run on both. All others
run once: those that are traced for coverage on the worker that traces their folder, always in the
same order, so that they reach the same every time; the rest on the worker that is free first.
"""

import hashlib
import os
from enum import IntEnum
from pathlib import Path

import pytest

DATABASE_FIXTURES = frozenset(
    {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
)
EMPTYING_FIXTURES = DATABASE_FIXTURES - {"db"}
TRACING = {"core": "gw1", "web": "gw0"}
"""The worker that traces a folder of tests."""


class Turn(IntEnum):
    """What runs after what: tests that empty the database after those that leave it as it was.

    What the other worker may take stands behind what it may not; and what is cut finest at the end.
    """

    CORE = 1
    LEAVES_IT = 2
    LEAVES_IT_SHARED = 3
    EMPTIES_IT = 4
    EMPTIES_IT_SHARED = 5
    WITHOUT_DATABASE_SHARED = 6


def touches_database(item: pytest.Item) -> bool:
    """Tell whether a test touches a database."""
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(names & DATABASE_FIXTURES)


def needs_both(item: pytest.Item) -> bool:
    """Tell whether a test touches a database in a way that may differ from one to the other."""
    return touches_database(item) and item.get_closest_marker("either_database") is None


def empties_database(item: pytest.Item) -> bool:
    """Tell whether a test leaves the database empty, and not as it found it."""
    mark = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    return bool(names & EMPTYING_FIXTURES) or bool(mark and mark.kwargs.get("transaction"))


def is_traced(item: pytest.Item) -> bool:
    """Tell whether a test counts for coverage."""
    return not (item.get_closest_marker("untraced") or item.get_closest_marker("hypothesis"))


class Dealing:
    """The tests of one of two workers: which it runs, and in which order."""

    def __init__(self, worker: str, taken: Path) -> None:
        """Have nothing yet; in the folder of what is taken, the two workers leave word."""
        self.worker = worker
        self.taken = taken
        self.shared: set[pytest.Item] = set()
        self.mine: dict[str, bool] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep what this worker runs, or may run, in its order."""
        turns: dict[pytest.Item, Turn] = {}
        others = []
        for item in items:
            inside = item.path.relative_to(config.rootpath).parts
            tracer = TRACING.get(inside[1]) if inside[0] == "tests" else None
            both = needs_both(item)
            if not both and not (tracer and is_traced(item)):
                self.shared.add(item)
            elif not both and tracer != self.worker:
                others.append(item)
                continue
            turns[item] = self.turn(item, core=inside[1] == "core")
            if tracer != self.worker:
                item.add_marker("untraced")
        config.hook.pytest_deselected(items=others)
        items[:] = sorted(turns, key=turns.__getitem__)

    def turn(self, item: pytest.Item, *, core: bool) -> Turn:
        """Say when a test runs."""
        if item not in self.shared:
            first = core and not touches_database(item)
            return Turn.CORE if first else (Turn.LEAVES_IT, Turn.EMPTIES_IT)[empties_database(item)]
        if touches_database(item):
            return (Turn.LEAVES_IT_SHARED, Turn.EMPTIES_IT_SHARED)[empties_database(item)]
        return Turn.WITHOUT_DATABASE_SHARED

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        """Leave out what the other worker has taken."""
        if item not in self.shared or self.take(item):
            return None
        item.session._setupstate.teardown_exact(nextitem)
        return True

    def take(self, item: pytest.Item) -> bool:
        """Take a test unless the other worker has: long ones alone, others with their file."""
        alone = item.get_closest_marker("either_database") is not None
        part = item.nodeid if alone else item.nodeid.partition("::")[0]
        if part not in self.mine:
            word = self.taken / hashlib.sha256(part.encode()).hexdigest()
            try:
                os.close(os.open(word, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                self.mine[part] = False
            else:
                self.mine[part] = True
        return self.mine[part]
