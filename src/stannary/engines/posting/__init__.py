"""The posting engine: decides postings in order, many at a time, and stores them before it says so.

Which posting may happen is decided by `stannary.core.custody.postings`; here are the order, the
database, the lead of one sequencer, and the proof that what is stored adds up.
"""

from stannary.engines.posting.resum import Resum, resum
from stannary.engines.posting.sequencer import Sequencer, Settings
from stannary.engines.posting.store import (
    Head,
    Store,
    StoreConflictError,
    StoredAccount,
    StoreUnavailableError,
)
from stannary.engines.posting.stores import open_store

__all__ = [
    "Head",
    "Resum",
    "Sequencer",
    "Settings",
    "Store",
    "StoreConflictError",
    "StoreUnavailableError",
    "StoredAccount",
    "open_store",
    "resum",
]
