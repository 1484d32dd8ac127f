"""How one run against both databases deals the tests to its two workers.

Worker gw0 runs on SQLite, gw1 on PostgreSQL. Tests that touch a database run on both; all others
run once, on the worker that is free first.
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


class Turn(IntEnum):
    """What runs after what: tests that empty the database after those that leave it as it was.

    What the other worker may take stands behind what it may not; and what is cut finest at the end.
    """

    LEAVES_IT = 1
    LEAVES_IT_SHARED = 2
    EMPTIES_IT = 3
    EMPTIES_IT_SHARED = 4
    WITHOUT_DATABASE_SHARED = 5


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


class Dealing:
    """The tests of one of two workers: which it runs, and in which order."""

    def __init__(self, worker: str, taken: Path) -> None:
        """Have nothing yet; in the folder of what is taken, the two workers leave word."""
        self.worker = worker
        self.taken = taken
        self.shared: set[pytest.Item] = set()
        self.mine: dict[str, bool] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Bring what this worker runs, or may run, into its order."""
        self.shared.update(item for item in items if not needs_both(item))
        items.sort(key=self.turn)

    def turn(self, item: pytest.Item) -> Turn:
        """Say when a test runs."""
        if item not in self.shared:
            return (Turn.LEAVES_IT, Turn.EMPTIES_IT)[empties_database(item)]
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
