"""The custody packs under which certificates are issued and accounts are kept."""

import datetime
from functools import lru_cache

from stannary.core.custody import CustodyRules
from stannary.core.standards import Edition
from stannary.formats.packs import find_shipped_pack, load_pack

PACK = "stannary/open-custody/1.0"
"""Under which books are kept where no certificate says another."""
ILLUSTRATIVE = "stannary/example-custody/1.0"
PACKS = (PACK, ILLUSTRATIVE, "irma/chain-of-custody/1.0")
"""Those that a certificate may name. Where one does not know what is needed, that is refused by name."""


@lru_cache(maxsize=8)
def edition(pack: str) -> Edition:
    """Give a shipped custody pack, read once a process."""
    return load_pack(find_shipped_pack(pack))


@lru_cache(maxsize=4096)
def rules_on(day: datetime.date, pack: str = PACK) -> CustodyRules:
    """Give the constants of a pack on a day."""
    return CustodyRules.from_edition(edition(pack), day)


def titles() -> list[tuple[str, str]]:
    """Give id and title of every pack that a certificate may name."""
    return [(name, edition(name).title) for name in PACKS]


def pack_on(pack: str, day: datetime.date) -> CustodyRules:
    """Give the constants of a pack that a certificate names, on a day."""
    return rules_on(day, pack)
