"""The log: batches of movements that were accepted, one after the other in a file.

A batch is written whole with its checksum. What a crash left half written at the end is cut off
when the file is opened; a batch that is damaged further up is a refusal, because what follows builds on it.

Rules: ENGINE-004.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from stannary.core.kernel import Place, refuse
from stannary.engines import rules
from stannary.engines.provenance.compiling import Numbers
from stannary.engines.provenance.names import PADDING, Texts

MAGIC = b"STANPROV"
_HEAD = struct.Struct("<8sQQI")  # magic, number of the batch, bytes that follow, their CRC-32


class Accepted(NamedTuple):
    """A batch as it is kept: events, what they used and what they made, in the order of replay.

    Attributes:
        lots: Ids of the lots made; their numbers follow those that there are.
        events: Ids of the events.
        texts: Sites, entities and attestations that are new.
        at: Of each event, microseconds since 1970.
        uses: Of each event, how many rows of `used` are its; `makes` the same for lots.
        used: Numbers of the lots used; `used_mass`, `used_content` and `used_model` of each.
        site: Of each lot made, the number of a text; so are `entity` and `attestation`.
        offset: Minutes by which the clock was ahead where the lot was made.
    """

    lots: Texts
    events: Texts
    texts: Texts
    at: Numbers
    kind: Numbers
    uses: Numbers
    makes: Numbers
    used: Numbers
    used_mass: Numbers
    used_content: Numbers
    used_model: Numbers
    mass: Numbers
    content: Numbers
    model: Numbers
    site: Numbers
    entity: Numbers
    attestation: Numbers
    offset: Numbers


_TEXTS = 3
_KINDS = [
    "<i8",
    "|u1",
    "<u4",
    "<u4",
    "<u4",
    "<i8",
    "<i8",
    "|i1",
    "<i8",
    "<i8",
    "|i1",
    "<u4",
    "<u4",
    "<u4",
    "<i2",
]


def _packed(batch: Accepted, mark: bytes = b"") -> bytes:
    parts: list[bytes] = []
    for texts in (batch.lots, batch.events, batch.texts):
        ends = np.ascontiguousarray(texts.ends, "<i8")
        parts += [ends.tobytes(), np.ascontiguousarray(texts.blob[: ends[-1]]).tobytes()]
    for kind, column in zip(_KINDS, batch[_TEXTS:], strict=True):
        parts.append(np.ascontiguousarray(column, kind).tobytes())
    if mark:
        parts.append(mark)
    return b"".join(struct.pack("<Q", len(part)) + part for part in parts)


def _unpacked(payload: bytes) -> tuple[Accepted, bytes]:
    parts: list[bytes] = []
    at = 0
    while at < len(payload):
        (length,) = struct.unpack_from("<Q", payload, at)
        parts.append(payload[at + 8 : at + 8 + length])
        at += 8 + length
    texts = [
        Texts(np.frombuffer(bytearray(blob + PADDING.tobytes()), np.uint8), _numbers("<i8", ends))
        for ends, blob in zip(parts[: 2 * _TEXTS : 2], parts[1 : 2 * _TEXTS : 2], strict=True)
    ]
    last = 2 * _TEXTS + len(_KINDS)
    columns = map(_numbers, _KINDS, parts[2 * _TEXTS : last])
    return Accepted._make([*texts, *columns]), b"".join(parts[last:])


def _numbers(kind: str, part: bytes) -> Numbers:
    return np.frombuffer(bytearray(part), kind)


class Log:
    """A file of batches.

    Attributes:
        count: How many batches it holds.
        size: How many bytes they take.
        mark: What was written beside the last of them; empty for nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.mark = path, b""
        self._file = path.open("r+b" if path.exists() else "x+b", buffering=0)
        self.count, self.size = 0, 0

    def read(self, begin: int = 0, count: int = 0, *, cut: bool = True) -> Iterator[Accepted]:
        """Give the batches from a place on, and cut off a torn end.

        Args:
            begin: Where the first of them begins, in bytes.
            count: How many lie before it.
            cut: Whether to cut; somebody else may be writing if not.

        Raises:
            RefusalError: ENGINE-004 if a batch that others follow is damaged.
        """
        self.count, self.size = count, begin
        whole = self.path.stat().st_size
        while True:
            self._file.seek(self.size)
            head = self._file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                break
            magic, number, length, checksum = _HEAD.unpack(head)
            end = self.size + _HEAD.size + length
            known = magic == MAGIC and number == self.count
            if known and end > whole:
                break
            payload = self._file.read(length) if known else b""
            if not known or zlib.crc32(payload) != checksum:
                if known and end == whole:
                    break
                refuse(rules.LOG_IS_WHOLE, at=Place(self.path.name), batch=str(self.count))
            self.count += 1
            self.size = end
            batch, self.mark = _unpacked(payload)
            yield batch
        if cut and self.size < whole:
            self._file.truncate(self.size)
            os.fsync(self._file.fileno())

    def append(self, batch: Accepted, mark: bytes = b"") -> None:
        """Write a batch and what stands beside it; when this returns, both are on the disk."""
        payload = _packed(batch, mark)
        self._file.seek(self.size)
        try:
            head = _HEAD.pack(MAGIC, self.count, len(payload), zlib.crc32(payload))
            rest = memoryview(head + payload)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError:  # a full disk: what was written in part is taken away again
            self._file.truncate(self.size)
            raise
        self.size += _HEAD.size + len(payload)
        self.count, self.mark = self.count + 1, mark

    def close(self) -> None:
        """Close the file."""
        self._file.close()
