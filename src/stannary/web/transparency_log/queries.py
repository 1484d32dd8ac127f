"""Reads of the log. Everything in it is public."""

from collections.abc import Sequence

from stannary.core.kernel import refuse
from stannary.core.transparency_log import Checkpoint, LogProof, Tree, proof_text
from stannary.core.transparency_log.rules import INDEX_IS_IN_TREE
from stannary.web.transparency_log import keys
from stannary.web.transparency_log.models import LogEntry, LogHead, SignedCheckpoint


def origin() -> str:
    """Give the name of the log: kept from its first entry, else from the settings."""
    kept = LogHead.objects.filter(pk=1).values_list("origin", flat=True).first()
    return kept or f"{keys.host()}/log"


def issuer() -> keys.Issuer:
    """Give who signs credentials here, under the address at which the log was begun."""
    return keys.issuer(origin().removesuffix("/log"))


def vkey() -> str:
    """Give what readers need to check checkpoints, as one line."""
    return keys.log_signer(origin()).vkey


def size() -> int:
    """Give the number of entries."""
    return LogHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def newest_checkpoint() -> SignedCheckpoint | None:
    """Give the newest signed checkpoint; None while the log is empty."""
    return SignedCheckpoint.objects.order_by("-size").first()


def tree() -> Tree:
    """Build the tree of all entries."""
    hashes = LogEntry.objects.order_by("index").values_list("leaf_hash", flat=True)
    return Tree(bytes(value) for value in hashes.iterator())


def checkpoint_of(built: Tree, size_: int) -> Checkpoint:
    """Give the unsigned checkpoint of the tree at a size."""
    return Checkpoint(origin=origin(), size=size_, root=built.root(size_))


def entries(*, before: int | None = None, limit: int = 50) -> Sequence[LogEntry]:
    """Give the newest entries, newest first, before an index."""
    rows = LogEntry.objects.order_by("-index")
    if before is not None:
        rows = rows.filter(index__lt=before)
    return list(rows[:limit])


def entries_between(start: int, stop: int) -> list[bytes]:
    """Give the bytes of entries from a number up to another one, which is not included, in order."""
    return _between("entry", start, stop)


def leaf_hashes_between(start: int, stop: int) -> list[bytes]:
    """Give the leaf hashes of entries in the same way."""
    return _between("leaf_hash", start, stop)


def _between(column: str, start: int, stop: int) -> list[bytes]:
    rows = LogEntry.objects.filter(index__gte=start, index__lt=stop).order_by("index")
    return [bytes(value) for value in rows.values_list(column, flat=True)]


def entry_at(index: int) -> bytes | None:
    """Give the bytes of an entry by its number; None if there is none."""
    found = LogEntry.objects.filter(index=index).values_list("entry", flat=True).first()
    return None if found is None else bytes(found)


def leaf_at(index: int) -> bytes | None:
    """Give the leaf hash of an entry by its number; None if there is none."""
    found = LogEntry.objects.filter(index=index).values_list("leaf_hash", flat=True).first()
    return None if found is None else bytes(found)


def inclusion(index: int) -> str:
    """Give the proof that an entry is in the newest signed tree, as a `.tlog-proof` text.

    Raises:
        RefusalError: LOG-003 if there is no such entry in it.
    """
    signed = newest_checkpoint()
    if signed is None or not 0 <= index < signed.size:
        held = signed.size if signed else 0
        refuse(INDEX_IS_IN_TREE, index=str(index), size=str(held))
    hashes = tree().inclusion_proof(index, signed.size)
    return proof_text(LogProof(index=index, hashes=tuple(hashes), checkpoint=signed.note))
