"""A store from an address.

Rule: ENGINE-003.
"""

import importlib
from pathlib import Path

from stannary.core.kernel import refuse
from stannary.engines.posting.sqlite import SqliteStore
from stannary.engines.posting.store import Store
from stannary.engines.rules import ENGINE_IS_INSTALLED


def open_store(url: str) -> Store:
    """Open the ledger at an address.

    Args:
        url: "sqlite:///relative/path", "sqlite:////absolute/path" or "postgresql://…".

    Raises:
        RefusalError: ENGINE-003 if the extra postgres is not installed or the kind is unknown.
    """
    kind, _, rest = url.partition(":")
    if kind == "sqlite" and rest.startswith("///"):
        return SqliteStore(Path(rest.removeprefix("///")))
    if kind not in ("postgres", "postgresql"):
        refuse(ENGINE_IS_INSTALLED, engine=kind)
    try:
        module = importlib.import_module("stannary.engines.posting.postgresql")
    except ImportError:
        refuse(ENGINE_IS_INSTALLED, engine="postgres")
    store: Store = module.PostgresqlStore(url)
    return store
