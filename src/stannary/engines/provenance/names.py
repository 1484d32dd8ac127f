"""Identifiers to numbers and back: texts in one stretch of bytes, found by open addressing."""

# ruff: noqa: PLR0917 - compiled loops take neither keywords nor records

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from stannary.engines.provenance.columns import Column
from stannary.engines.provenance.compiling import Numbers, bare, compiled, fetch, load, numba

MISSING = -1
PADDING = np.zeros(8, np.uint8)
BLOCK = 512
"""Texts that are looked up together, so that waits for memory overlap."""


class Texts(NamedTuple):
    """Many texts: their bytes in UTF-8 one after the other, and where each begins, and one more.

    At least eight more bytes follow the last text, because bytes are read eight at a time.
    """

    blob: Numbers
    ends: Numbers

    def __len__(self) -> int:
        return len(self.ends) - 1

    def text(self, place: int) -> str:
        """Give one text."""
        return bytes(self.blob[self.ends[place] : self.ends[place + 1]]).decode()

    def take(self, places: Numbers) -> "Texts":
        """Give the texts of some places, in their order."""
        begins = self.ends[places]
        lengths = self.ends[places + 1] - begins
        ends = np.zeros(len(places) + 1, np.int64)
        np.cumsum(lengths, out=ends[1:])
        at = np.repeat(begins - ends[:-1], lengths) + np.arange(ends[-1])
        return Texts(np.concatenate([self.blob[at], PADDING]), ends)


def texts_of(texts: Sequence[str]) -> Texts:
    """Put texts together."""
    encoded = [text.encode() for text in texts]
    ends = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(one) for one in encoded], out=ends[1:])
    return Texts(np.frombuffer(bytearray(b"".join(encoded) + bytes(8)), np.uint8), ends)


class Names:
    """Texts that have numbers, from 0 in the order in which they were added.

    Attributes:
        blob: The bytes of all texts.
        ends: Where each ends.
    """

    def __init__(self, folder: Path | None = None, name: str = "", *, fast: bool = True) -> None:
        self.blob = Column(np.uint8, None if folder is None else folder / f"{name}.texts")
        self.ends = Column(np.int64, None if folder is None else folder / f"{name}.ends")
        self.fast = fast and numba is not None
        self._slots: Numbers = np.zeros(64, np.uint64)
        self._numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        return max(0, self.ends.count - 1)

    def text(self, number: int) -> str:
        """Give the text of a number."""
        begin, end = self.ends.room[number], self.ends.room[number + 1]
        return bytes(self.blob.room[begin:end]).decode()

    @property
    def texts(self) -> Texts:
        """Give all texts."""
        return Texts(self.blob.reserve(len(PADDING)), self.ends.values)

    def find(self, texts: Texts) -> Numbers:
        """Give the numbers of texts; -1 for one that has none."""
        if not self.fast:
            found = (self._numbers.get(one, MISSING) for one in _bytes(texts))
            return np.fromiter(found, np.int64, len(texts))
        numbers = np.full(len(texts), MISSING, np.int64)
        if len(self):
            find_all(texts.blob, texts.ends, self._slots, self.blob.room, self.ends.room, numbers)
        return numbers

    def find_one(self, text: str) -> int:
        """Give the number of a text; -1 if it has none."""
        return int(self.find(texts_of([text]))[0])

    def add(self, texts: Texts) -> Numbers:
        """Give the numbers of texts; those that have none are added, in their order."""
        if not self.ends.count:
            self.ends.append([0])
        if not self.fast:
            return self._add_slowly(texts)
        self.blob.reserve(len(texts.blob))  # with its padding
        self.ends.reserve(len(texts))
        self._widen(len(self) + len(texts))
        numbers = np.empty(len(texts), np.int64)
        many = add_all(
            texts.blob,
            texts.ends,
            self._slots,
            self.blob.room,
            self.ends.room,
            len(self),
            numbers,
        )
        self.ends.count = many + 1
        self.blob.count = int(self.ends.room[many])
        return numbers

    def reopened(self) -> None:
        """Find again what the columns hold."""
        if self.fast:
            self._slots = np.zeros(64, np.uint64)
            self._widen(len(self))
        else:
            self._numbers = (
                {one: n for n, one in enumerate(_bytes(self.texts))} if len(self) else {}
            )

    def _add_slowly(self, texts: Texts) -> Numbers:
        numbers = self._numbers
        new: list[int] = []
        found = np.empty(len(texts), np.int64)
        for place, one in enumerate(_bytes(texts)):
            number = numbers.setdefault(one, len(numbers))
            if number == len(numbers) - 1 and number >= len(self) + len(new):
                new.append(place)
            found[place] = number
        fresh = texts.take(np.array(new, np.int64))
        self.ends.append(fresh.ends[1:] + self.blob.count)
        self.blob.append(fresh.blob[: fresh.ends[-1]])
        return found

    def _widen(self, many: int) -> None:
        size = len(self._slots)
        while size < 2 * many:
            size *= 2
        if size > len(self._slots) or (many and not self._slots.any()):
            self._slots = np.zeros(size, np.uint64)
            put_all(self._slots, self.blob.room, self.ends.room, len(self))


def _bytes(texts: Texts) -> list[bytes]:
    whole, ends = texts.blob.tobytes(), texts.ends.tolist()
    return [whole[begin:end] for begin, end in itertools.pairwise(ends)]


_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_HALF, _WORD = np.uint64(32), np.uint64(0xFFFFFFFF)
_NONE, _NEXT = np.uint64(0), np.uint64(1)


@bare
def _tail(many: int) -> np.uint64:
    """Give the word that keeps so many bytes, 1 to 7, of another."""
    return (_NEXT << np.uint64(8 * many)) - _NEXT


@bare
def _hash(blob: Numbers, begin: int, end: int) -> np.uint64:
    mixed = np.uint64(end - begin) * _FIRST
    at = begin
    while at + 8 <= end:
        mixed = (mixed ^ load(blob, np.uint64(at))) * _SECOND
        mixed ^= mixed >> _HALF
        at += 8
    if at < end:
        mixed = (mixed ^ (load(blob, np.uint64(at)) & _tail(end - at))) * _SECOND
        mixed ^= mixed >> _HALF
    mixed *= _FIRST
    return mixed ^ (mixed >> np.uint64(29))


@bare
def _same(blob: Numbers, begin: int, end: int, known: Numbers, at: int, to: int) -> bool:
    if end - begin != to - at:
        return False
    while begin + 8 <= end:
        if load(blob, np.uint64(begin)) != load(known, np.uint64(at)):
            return False
        begin += 8
        at += 8
    if begin == end:
        return True
    differ = load(blob, np.uint64(begin)) ^ load(known, np.uint64(at))
    return bool((differ & _tail(end - begin)) == 0)


@bare
def put_all(slots: Numbers, known: Numbers, known_ends: Numbers, many: int) -> None:
    """Fill empty slots with texts that all differ. A slot: half of a hash, and a number plus 1."""
    mask = np.uint64(slots.shape[0] - 1)
    for number in range(many):
        mixed = _hash(known, known_ends[number], known_ends[number + 1])
        slot = mixed & mask
        while slots[slot]:
            slot = (slot + _NEXT) & mask
        slots[slot] = (mixed >> _HALF) << _HALF | np.uint64(number + 1)


@compiled
def find_all(
    blob: Numbers,
    ends: Numbers,
    slots: Numbers,
    known: Numbers,
    known_ends: Numbers,
    numbers: Numbers,
) -> None:
    """Find the numbers of texts; what is not found is left as it is."""
    mask = np.uint64(slots.shape[0] - 1)
    hashes = np.empty(BLOCK, np.uint64)
    likely = np.empty(BLOCK, np.int64)
    from_, to_ = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for begin in range(0, numbers.shape[0], BLOCK):
        here = min(BLOCK, numbers.shape[0] - begin)
        for n in range(here):
            hashes[n] = _hash(blob, ends[begin + n], ends[begin + n + 1])
            fetch(slots, hashes[n] & mask)
        for n in range(here):
            mixed = hashes[n]
            slot = mixed & mask
            held = slots[slot]
            while held and held >> _HALF != mixed >> _HALF:
                slot = (slot + _NEXT) & mask
                held = slots[slot]
            likely[n] = np.int64(held & _WORD) - 1
            fetch(known_ends, held & _WORD)
        for n in range(here):
            number = max(0, likely[n])
            from_[n], to_[n] = known_ends[number], known_ends[number + 1]
            fetch(known, np.uint64(from_[n]))
        for n in range(here):
            number, at, to = likely[n], ends[begin + n], ends[begin + n + 1]
            if number < 0:
                continue
            if _same(blob, at, to, known, from_[n], to_[n]):
                numbers[begin + n] = number
            else:
                numbers[begin + n] = _search(blob, at, to, slots, known, known_ends, hashes[n])


@bare
def _search(
    blob: Numbers,
    begin: int,
    end: int,
    slots: Numbers,
    known: Numbers,
    known_ends: Numbers,
    mixed: np.uint64,
) -> int:
    """Find one text, comparing with every text that half of its hash agrees with; -1 if it is new."""
    mask = np.uint64(slots.shape[0] - 1)
    slot = mixed & mask
    while slots[slot]:
        if slots[slot] >> _HALF == mixed >> _HALF:
            number = np.int64(slots[slot] & _WORD) - 1
            if _same(blob, begin, end, known, known_ends[number], known_ends[number + 1]):
                return int(number)
        slot = (slot + _NEXT) & mask
    return -1


@bare
def add_all(
    blob: Numbers,
    ends: Numbers,
    slots: Numbers,
    known: Numbers,
    known_ends: Numbers,
    many: int,
    numbers: Numbers,
) -> int:
    """Find the numbers of texts and add those that are new; give how many there are then."""
    mask = np.uint64(slots.shape[0] - 1)
    for n in range(numbers.shape[0]):
        begin, end = ends[n], ends[n + 1]
        mixed = _hash(blob, begin, end)
        number = _search(blob, begin, end, slots, known, known_ends, mixed)
        if number < 0:
            number = many
            slot = mixed & mask
            while slots[slot]:
                slot = (slot + _NEXT) & mask
            slots[slot] = (mixed >> _HALF) << _HALF | np.uint64(number + 1)
            at = known_ends[number]
            for place in range(end - begin):
                known[at + place] = blob[begin + place]
            known_ends[number + 1] = at + (end - begin)
            many += 1
        numbers[n] = number
    return many
