"""Identifiers to numbers: exact, whatever the texts are, with numba and without."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stannary.engines.provenance import compiling, names
from stannary.engines.provenance.names import Names, texts_of


@pytest.mark.parametrize("fast", [True, False])
@settings(max_examples=60, deadline=None)
@given(rounds=st.lists(st.lists(st.text(max_size=20)), max_size=4))
def test_names_do_what_a_dictionary_does(fast: bool, rounds: list[list[str]]) -> None:
    known, wanted = Names(fast=fast), dict[str, int]()
    for texts in rounds:
        assert list(known.find(texts_of(texts))) == [wanted.get(text, -1) for text in texts]
        numbers = [wanted.setdefault(text, len(wanted)) for text in texts]
        assert list(known.add(texts_of(texts))) == numbers
    assert len(known) == len(wanted)
    assert [known.text(n) for n in range(len(known))] == list(wanted)
    known.reopened()
    assert all(known.find_one(text) == number for text, number in wanted.items())


@pytest.mark.parametrize("fast", [True, False])
def test_texts_that_differ_in_one_byte_of_any_length_are_told_apart(fast: bool) -> None:
    texts = [
        letter * n + last for n in range(40) for letter in "ab" for last in ("", "x", "y", "\0")
    ]
    texts = list(dict.fromkeys(texts))
    known = Names(fast=fast)

    assert list(known.add(texts_of(texts))) == list(range(len(texts)))
    order = Random(3).sample(range(len(texts)), len(texts))  # noqa: S311 - a fixed sample
    assert list(known.find(texts_of([texts[n] for n in order]))) == order
    assert list(known.find(texts_of([text + "z" for text in texts]))) == [-1] * len(texts)


def test_texts_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As plain Python, with a hash that is the same for all."""
    monkeypatch.setattr(names, "_hash", lambda *_: np.uint64(7))
    monkeypatch.setattr(names, "fetch", lambda *_: None)
    monkeypatch.setattr(names, "_same", lambda a, b, c, d, e, f: bytes(a[b:c]) == bytes(d[e:f]))
    search = compiling.chosen(names._search, fast=False)
    monkeypatch.setattr(names, "_search", search)
    add = compiling.chosen(names.add_all, fast=False)
    find = compiling.chosen(names.find_all, fast=False)
    texts = texts_of([f"lot {n}" for n in range(20)])
    slots, known, ends = np.zeros(64, np.uint64), np.zeros(300, np.uint8), np.zeros(30, np.int64)
    numbers = np.zeros(20, np.int64)

    with np.errstate(over="ignore"):
        assert add(*texts, slots, known, ends, 0, numbers) == 20
        found = np.full(20, -1, np.int64)
        find(*texts, slots, known, ends, found)
    assert list(found) == list(numbers) == list(range(20))


def test_one_text_more_than_there_is_room_for_makes_room() -> None:
    known = Names()
    for n in range(2000):
        known.add(texts_of([f"lot {n}"]))

    assert [known.find_one(f"lot {n}") for n in (0, 31, 32, 33, 1999, 2000)] == [
        0,
        31,
        32,
        33,
        1999,
        -1,
    ]
