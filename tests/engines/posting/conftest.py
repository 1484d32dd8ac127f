"""An empty ledger in SQLite and in PostgreSQL, whatever database the rest of the suite has."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from engines.posting.cluster import Cluster, binaries, cluster
from stannary.engines.posting import Store, open_store, schema


@pytest.fixture(scope="session")
def server() -> Iterator[Cluster]:
    """A PostgreSQL of these tests' own, so that some may fill or restart theirs."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed")
    with cluster("-c fsync=off -c shared_buffers=32MB") as one:
        yield one


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.sqlite3"
    server: Cluster = request.getfixturevalue("server")
    with psycopg.connect(server.url(), autocommit=True) as base:
        base.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        for statement in schema.dropping():
            base.execute(statement.encode())
    return server.url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A ledger without accounts."""
    one = open_store(url)
    one.create()
    yield one
    one.close()
