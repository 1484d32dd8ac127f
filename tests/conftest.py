"""How the suite runs: against one database, or in one go against both.

With STANNARY_TEST_BOTH=1 and `-n 2 --dist each`, worker gw0 runs on SQLite and gw1 on
PostgreSQL. Tests that touch no database need not run twice: each goes to one of the two.
"""

import os
import socket
import zlib
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

DATABASE_FIXTURES = frozenset(
    {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
)
SHARED = Path(__file__).resolve().parents[2] / "shared"


def uses_database(item: pytest.Item) -> bool:
    """Tell whether a test touches a database in a way that may differ from one to the other."""
    if item.get_closest_marker("either_database"):
        return False
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(names & DATABASE_FIXTURES)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test without a database to one worker only."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if os.environ.get("STANNARY_TEST_BOTH") != "1" or worker not in ("gw0", "gw1"):
        return
    mine: list[pytest.Item] = []
    others: list[pytest.Item] = []
    in_turn = cycle(
        ("gw0", "gw1")
    )  # those that are marked take longest: each worker has every other
    for item in items:
        marked = item.get_closest_marker("either_database") is not None
        name = item.nodeid.partition("::")[0] if "/engines/" in item.nodeid else item.nodeid
        turn = next(in_turn) if marked else f"gw{zlib.crc32(name.encode()) % 2}"
        (mine if uses_database(item) or turn == worker else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = mine


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Let no test of this process talk to another machine."""
    connect = socket.socket.connect

    def only_here(this: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            pytest.fail(f"a test tried to reach {host}")
        connect(this, address)  # type: ignore[arg-type]

    socket.socket.connect = only_here  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and schemas beside the checkout; its tests say so when it is absent."""
    if not SHARED.is_dir():
        pytest.skip(
            f"LOUD: no folder {SHARED}, so nothing was checked against real data and schemas"
        )
    return SHARED


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Use the Chromium of the machine."""
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    return {**browser_type_launch_args, "executable_path": path}
