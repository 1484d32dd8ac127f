"""The custody packs under which certificates are issued and accounts are kept."""

import datetime
from functools import lru_cache

from stannary.core.custody import CustodyRules
from stannary.core.standards import Edition
from stannary.formats.packs import find_shipped_pack, load_pack

PACK = "stannary/open-custody/1.0"
PACKS = (PACK,)
"""Packs that say how long certificates are valid."""


@lru_cache(maxsize=8)
def edition(pack: str) -> Edition:
    """Give a shipped custody pack, read once a process."""
    return load_pack(find_shipped_pack(pack))


@lru_cache(maxsize=4096)
def rules_on(day: datetime.date, pack: str = PACK) -> CustodyRules:
    """Give the constants of a pack on a day."""
    return CustodyRules.from_edition(edition(pack), day)
