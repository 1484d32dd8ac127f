"""Writes of the log: append, and sign what is there."""

from django.db import transaction
from django.utils import timezone

from stannary.core.transparency_log import (
    Checkpoint,
    check_extension,
    leaf_hash,
    sign_checkpoint,
)
from stannary.web.transparency_log import keys, queries
from stannary.web.transparency_log.models import LogEntry, LogHead, SignedCheckpoint


@transaction.atomic
def append(entry: bytes) -> LogEntry:
    """Enter a record and sign the tree that it makes, in one transaction.

    Whoever enters holds the head until the transaction ends, so indexes have no gaps and no
    two checkpoints are signed side by side.

    Raises:
        RefusalError: LOG-001 if the record is too long; LOG-013 if the stored entries no longer
            hold what was signed before: then nothing is signed.
    """
    LogHead.objects.get_or_create(pk=1, defaults={"origin": f"{keys.host()}/log"})
    head = LogHead.objects.select_for_update().get(pk=1)
    row = LogEntry.objects.create(
        index=head.size, entry=entry, leaf_hash=leaf_hash(entry), at=timezone.now()
    )
    head.size += 1
    head.save(update_fields=["size"])
    _sign(head)
    return row


def _sign(head: LogHead) -> SignedCheckpoint:
    """Sign the tree at its present size, if it extends what was signed last."""
    built = queries.tree()
    newer = Checkpoint(origin=head.origin, size=head.size, root=built.root(head.size))
    last = queries.newest_checkpoint()
    if last is not None:
        older = Checkpoint(origin=head.origin, size=last.size, root=bytes(last.root))
        check_extension(older, newer, built.consistency_proof(last.size, head.size))
    note = sign_checkpoint(newer, [keys.log_signer(head.origin)])
    return SignedCheckpoint.objects.create(size=head.size, root=newer.root, note=note)
