"""How the suite runs: against one database, or in one go against both.

With STANNARY_TEST_BOTH=1 and `-n 2 --dist each`, worker gw0 runs on SQLite and gw1 on PostgreSQL;
how the tests are dealt to them stands in `dealing.py`.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dealing import Dealing

SHARED = Path(__file__).resolve().parents[2] / "shared"
TAKEN = pytest.StashKey[str]()
BOTH = os.environ.get("STANNARY_TEST_BOTH") == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Let a worker of a run against both databases take its share of the tests."""
    told: dict[str, str] = getattr(config, "workerinput", {})
    if BOTH and told:
        config.pluginmanager.register(Dealing(told["workerid"], Path(told["taken"])))


def taken_in(config: pytest.Config) -> str:
    """Give the folder in which workers leave word of what they have taken."""
    if TAKEN not in config.stash:
        config.stash[TAKEN] = tempfile.mkdtemp(prefix="stannary-taken-")
    return config.stash[TAKEN]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell both workers of one such folder."""
    if BOTH:
        node.workerinput["taken"] = taken_in(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Clear that folder away."""
    if TAKEN in config.stash:
        shutil.rmtree(config.stash[TAKEN])


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
