"""The one byte form of a JSON value."""

from functools import partial
from pathlib import Path

import pytest

from core.scores.score_vectors import FOLDER
from refusals import refused_by
from stannary.formats.canonical import canonical_bytes, pack_sha256, sha256_hex


def test_the_order_of_keys_and_blanks_do_not_matter() -> None:
    assert (
        canonical_bytes({"b": [1, None, True], "a": "ä"}) == b'{"a":"\xc3\xa4","b":[1,null,true]}'
    )
    assert canonical_bytes({"a": "ä", "b": [1, None, True]}) == canonical_bytes(
        {"b": [1, None, True], "a": "ä"}
    )


def test_keys_are_sorted_as_the_standard_says() -> None:
    """RFC 8785, section 3.2.3: by UTF-16 code units, so U+1F600 comes before U+FB33."""
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2, "\r": 3, "1": 4}) == (
        '{"\\r":3,"1":4,"\U0001f600":2,"\ufb33":1}'.encode()
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2**53 - 1, None),
        (2**53 + 1, "KERNEL-006"),
        (-(2**53) + 1, None),
        (-(2**53) - 1, "KERNEL-006"),
        (float("nan"), "KERNEL-006"),
        ({1: "x"}, "KERNEL-006"),
        ("\ud800", "KERNEL-006"),
        ({"a"}, "KERNEL-006"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object, expected: str | None) -> None:
    assert refused_by(partial(canonical_bytes, value)) == expected


def test_nesting_without_end_is_refused() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    assert refused_by(partial(canonical_bytes, deep)) == "KERNEL-006"


def test_a_hash_is_sixty_four_small_hexadecimal_digits() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_hash_of_a_pack_covers_what_decides_a_score(tmp_path: Path) -> None:
    def copy(name: str) -> Path:
        folder = tmp_path / name
        (folder / "chapters").mkdir(parents=True)
        for path in (FOLDER / "packs" / "thirds").rglob("*.toml"):
            copied = folder / path.relative_to(FOLDER / "packs" / "thirds")
            copied.write_bytes(path.read_bytes())
        return folder

    first, second = copy("first"), copy("second")
    assert pack_sha256(first) == pack_sha256(second) == pack_sha256(FOLDER / "packs" / "thirds")

    (second / "i18n").mkdir()
    (second / "i18n" / "fr.toml").write_text("x", encoding="utf-8")
    (second / "SOURCE.md").write_text("x", encoding="utf-8")
    assert pack_sha256(first) == pack_sha256(second)

    chapter = second / "chapters" / "1.1.toml"
    chapter.write_bytes(chapter.read_bytes() + b"\n")
    changed = pack_sha256(second)
    assert changed != pack_sha256(first)

    chapter.rename(second / "chapters" / "1.2.toml")
    assert pack_sha256(second) != changed
