"""Bytes of postings: as callers send them, and as a batch is chained.

An entry is chained as the row that PostgreSQL's binary COPY takes, so that it is packed once.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from stannary.core.custody.postings import Posting

ASKED: Final = struct.Struct("!16sBqqq16sq")
"""A posting as it is sent: id, kind, source, target, amount, reservation, expiry."""

_ROW: Final = struct.Struct("!hiqi16sihiqiqiqi16siqiqih")
_CHAIN: Final = struct.Struct("!qqqqq")
_DOMAIN: Final = b"stannary/posting-batch/1"

START: Final = bytes(32)
"""What the first batch is chained to."""


class Entry(NamedTuple):
    """A stored posting with its verdict.

    Attributes:
        seq: Its place in the order of decisions; it grows, and may have gaps.
        at_ms: The instant at which it was decided.
        verdict: 0, or the number of the rule that refused it.
    """

    seq: int
    posting: Posting
    at_ms: int
    verdict: int


class Entries(NamedTuple):
    """What is new in a batch, in the order in which it was decided.

    Attributes:
        first_seq: Place of the first; the others follow without gaps.
        rows: All of it, packed as `row_of` does.
    """

    first_seq: int
    postings: Sequence[Posting]
    verdicts: Sequence[int]
    rows: bytes


class Batch(NamedTuple):
    """What is written in one transaction.

    Attributes:
        size: How many entries it has.
        previous: Hash of the batch before.
        hash: SHA-256 over the domain, `previous`, the numbers below and the rows.
    """

    number: int
    first_seq: int
    last_seq: int
    size: int
    at_ms: int
    previous: bytes
    hash: bytes


def row_of(seq: int, posting: Posting, at_ms: int, verdict: int) -> bytes:
    """Pack an entry: ten fields, each with its length in front."""
    identity, kind, source, target, amount, reservation, expires_at_ms = posting
    return _ROW.pack(
        10, 8, seq, 16, identity, 2, kind, 8, source, 8, target, 8, amount, 16, reservation,
        8, expires_at_ms, 8, at_ms, 2, verdict,
    )  # fmt: skip


def entries_of(
    first_seq: int, postings: Sequence[Posting], at_ms: int, verdicts: Sequence[int]
) -> Entries:
    """Give what is new, packed."""
    rows = [
        row_of(seq, posting, at_ms, verdict)
        for seq, (posting, verdict) in enumerate(zip(postings, verdicts, strict=True), first_seq)
    ]
    return Entries(first_seq, postings, verdicts, b"".join(rows))


def chained(
    *, number: int, first_seq: int, last_seq: int, size: int, at_ms: int, previous: bytes,
    rows: Iterable[bytes],
) -> Batch:  # fmt: skip
    """Give a batch with its hash."""
    digest = hashlib.sha256(_DOMAIN + previous)
    digest.update(_CHAIN.pack(number, first_seq, last_seq, size, at_ms))
    for row in rows:
        digest.update(row)
    return Batch(number, first_seq, last_seq, size, at_ms, previous, digest.digest())
