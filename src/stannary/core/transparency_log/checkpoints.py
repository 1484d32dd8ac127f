"""Checkpoints: a log's name, size and root, signed.

Built to C2SP tlog-checkpoint.

Rules: LOG-008, LOG-010, LOG-011, LOG-013.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stannary.core.kernel import Place, refuse
from stannary.core.transparency_log import rules
from stannary.core.transparency_log.notes import (
    Signer,
    Verifier,
    check_note,
    decode_base64,
    encode_base64,
    parse_note,
    sign_note,
)
from stannary.core.transparency_log.tree import EMPTY_ROOT, HASH_BYTES, verify_consistency

_WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log at one size.

    Attributes:
        origin: Name of the log, an address without its scheme.
        size: Number of entries, 0 or more.
        root: 32 bytes.
        extensions: Further lines; we write none and keep what others wrote.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def read_whole(text: str) -> int | None:
    """Read digits without leading zeros, below 2^63; None for anything else.

    Example:
        >>> read_whole("0"), read_whole("10"), read_whole("010"), read_whole("+1")
        (0, 10, None, None)
    """
    number = int(text) if _WHOLE.fullmatch(text) else None
    return number if number is not None and number < 2**63 else None


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint, the part that is signed.

    Raises:
        RefusalError: LOG-008 if a part cannot be written.

    Example:
        >>> print(checkpoint_text(Checkpoint("log.example", 0, EMPTY_ROOT)), end="")
        log.example
        0
        47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    """
    lines = (
        checkpoint.origin,
        str(checkpoint.size),
        encode_base64(checkpoint.root),
        *checkpoint.extensions,
    )
    text = "\n".join(lines) + "\n"
    if parse_checkpoint(text) != checkpoint:
        refuse(rules.CHECKPOINT_IS_WELL_FORMED, problem="does not read back")
    return text


def parse_checkpoint(text: str, *, at: Place | None = None) -> Checkpoint:
    """Read the text of a checkpoint, without signatures.

    Raises:
        RefusalError: LOG-008 for another form, and for a size of 0 whose root is not that of
            the empty log.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        refuse(rules.CHECKPOINT_IS_WELL_FORMED, at=at, problem="not three lines or more")
    origin, size_text, root_text, *extensions = lines[:-1]
    size = read_whole(size_text)
    root = decode_base64(root_text)
    if size is None:
        refuse(rules.CHECKPOINT_IS_WELL_FORMED, at=at, size=size_text[:30])
    if root is None or len(root) != HASH_BYTES or (size == 0 and root != EMPTY_ROOT):
        refuse(rules.CHECKPOINT_IS_WELL_FORMED, at=at, root=root_text[:60])
    return Checkpoint(origin=origin, size=size, root=root, extensions=tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, signers: Iterable[Signer]) -> str:
    """Sign a checkpoint and return the note that is published.

    A log must never sign two checkpoints of which the larger does not extend the smaller;
    the caller keeps the newest and checks.

    Raises:
        RefusalError: LOG-008, LOG-007, LOG-005 if it cannot be written.
    """
    return sign_note(checkpoint_text(checkpoint), signers)


def open_checkpoint(
    text: str,
    verifiers: Iterable[Verifier],
    *,
    origin: str | None = None,
    at: Place | None = None,
) -> Checkpoint:
    """Read a signed checkpoint and check it.

    Args:
        text: The note.
        verifiers: The keys that the reader knows.
        origin: The log that it must be of; None: any log whose key is known.
        at: Where it was read, for messages.

    Raises:
        RefusalError: LOG-007, LOG-008 for another form, LOG-010 if no known key signed it,
            LOG-011 if it is of another log.
    """
    note = parse_note(text, at=at)
    check_note(note, verifiers, at=at)
    checkpoint = parse_checkpoint(note.text, at=at)
    if origin is not None and checkpoint.origin != origin:
        refuse(rules.ORIGIN_IS_EXPECTED, at=at, log=checkpoint.origin[:80], expected=origin[:80])
    return checkpoint


def check_extension(
    older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes], *, at: Place | None = None
) -> None:
    """Stop if a newer checkpoint does not extend an older one of the same log.

    A log calls it before it signs, with the newest checkpoint that it has signed.

    Args:
        older: Signed and checked before.
        newer: To be signed or believed.
        proof: As `Tree.consistency_proof` gives it.
        at: Where the newer one was read, for messages.

    Raises:
        RefusalError: LOG-011 if the logs differ, LOG-013 if the newer one is not larger than or
            equal to the older one with everything in it unchanged.
    """
    if newer.origin != older.origin:
        refuse(rules.ORIGIN_IS_EXPECTED, at=at, log=newer.origin[:80], expected=older.origin[:80])
    if not verify_consistency(
        old_size=older.size,
        old_root=older.root,
        size=newer.size,
        root=newer.root,
        proof=proof,
    ):
        refuse(
            rules.TREE_IS_EXTENDED,
            at=at,
            log=newer.origin[:80],
            older=str(older.size),
            newer=str(newer.size),
        )
