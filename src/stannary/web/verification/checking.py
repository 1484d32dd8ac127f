"""How a file that somebody hands in is checked here: trust, packs at hand, the day."""

import datetime
from collections.abc import Mapping
from functools import lru_cache

from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.core.totals import total_of_entry
from stannary.core.transparency_log import parse_vkey
from stannary.core.verification import Checkable, LaterLog, Report, Trust, verify_file
from stannary.core.verification.reading import read_parts
from stannary.formats.canonical import pack_sha256
from stannary.formats.claim_file import parse_checkable
from stannary.formats.packs import load_pack, shipped_packs
from stannary.signing import Signatures
from stannary.web.claims import queries as claims
from stannary.web.totals import queries as totals
from stannary.web.transparency_log import queries as log

FILE_MAX_BYTES = 20_000_000


@lru_cache(maxsize=1)
def packs_at_hand() -> tuple[Mapping[str, Edition], Mapping[str, str]]:
    """Give the shipped packs and the hashes of their content, by id."""
    editions = {}
    hashes = {}
    for folder in shipped_packs():
        edition = load_pack(folder)
        editions[edition.id] = edition
        hashes[edition.id] = pack_sha256(folder)
    return editions, hashes


def this_register() -> Trust:
    """Trust what this register signs and logs, and nobody else."""
    return Trust(documents=(log.issuer().document(),), log_keys=(parse_vkey(log.vkey()),))


def check(content: bytes, *, name: str, on: datetime.date) -> Report:
    """Check a file as this register does; nothing is stored.

    Raises:
        RefusalError: CREDENTIAL-001 to CREDENTIAL-003 if it is not a file that can be checked.
    """
    editions, hashes = packs_at_hand()
    parsed = parse_checkable(content, name)
    head = read_parts(parsed).head
    return verify_file(
        parsed,
        trust=this_register(),
        on=on,
        crypto=Signatures(),
        packs=editions,
        pack_hashes=hashes,
        later=claims.later_log(head.id or "") if head is not None else _later(parsed),
    )


def _later(parsed: Checkable) -> LaterLog | None:
    """Give the log as it is now, as far as it states the total of which a receipt is; None otherwise."""
    receipt = parsed.receipt.receipt if parsed.receipt else None
    total = total_of_entry(receipt.entry) if receipt else None
    return None if total is None else totals.later_log(total.mine, total.day)


def check_or_refuse(
    content: bytes, *, name: str, on: datetime.date
) -> tuple[Report | None, RefusalError | None]:
    """Check a file, and give the refusal as a value if it cannot even be read."""
    try:
        return check(content, name=name, on=on), None
    except RefusalError as refusal:
        return None, refusal
