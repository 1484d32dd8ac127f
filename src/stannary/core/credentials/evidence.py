"""Digests that tie a credential to what is enclosed with it, down to the line that was changed.

Rules: CREDENTIAL-015.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stannary.core.credentials.fields import Fields
from stannary.core.credentials.plain_json import Json

PARTS_MAX = 2000
"""Of how many lines or items each gets a digest of its own; more would make the token too long."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Digest:
    """What something enclosed must be, whole and in parts.

    Attributes:
        sha256: Of the whole, 64 small hexadecimal digits. It decides.
        parts: The first 16 digits of the SHA-256 of each part, in order, to say which part
            differs; empty where there are none or more than 2 000.
    """

    sha256: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is enclosed with a claim.

    Attributes:
        movements: Of the movements as CSV; its parts are the lines. None in form 3.
        achievements: Of the list of achievements in canonical JSON; its parts are they.
        results: Id and SHA-256 of each published result in canonical JSON, in order.
        issuer_document: SHA-256 of the issuer's document in canonical JSON.
        books: Of the movements of the books as CSV; its parts are the lines. None in form 1.
        register: Of method, certificates and factors; its parts are they. None in form 1.
    """

    movements: Digest | None
    achievements: Digest
    results: tuple[tuple[str, str], ...]
    issuer_document: str
    books: Digest | None = None
    register: Digest | None = None


def digest_of(whole: bytes, parts: Iterable[bytes] = ()) -> Digest:
    r"""Make the digest of something, with those of its parts where they are not too many.

    Example:
        >>> digest_of(b"a\nb", [b"a", b"b"]).parts
        ('ca978112ca1bbdca', '3e23e8160039594a')
    """
    those = list(parts)
    short = those if len(those) <= PARTS_MAX else []
    return Digest(
        hashlib.sha256(whole).hexdigest(),
        tuple(hashlib.sha256(part).hexdigest()[:16] for part in short),
    )


def lines_of(text: str) -> tuple[bytes, ...]:
    """Divide a text into its lines, as an editor numbers them; what follows the last newline too."""
    return tuple(line.encode("utf-8") for line in text.split("\n"))


def differing_parts(signed: Digest, found: Digest) -> tuple[int, ...]:
    """Tell which parts differ, from 1.

    Returns:
        Empty where nothing differs, or where it cannot be told: no parts were signed. Where parts
        were added or left out, the first place from which they differ.
    """
    if len(signed.parts) == len(found.parts):
        pairs = zip(signed.parts, found.parts, strict=True)
        return tuple(n for n, (one, other) in enumerate(pairs, start=1) if one != other)
    if not signed.parts or not found.parts:
        return ()
    return (_first_difference(signed.parts, found.parts),)


def _first_difference(one: Sequence[str], other: Sequence[str]) -> int:
    shorter = min(len(one), len(other))
    pairs = enumerate(zip(one, other, strict=False), start=1)
    return next((n for n, (left, right) in pairs if left != right), shorter + 1)


def digest_as_json(kind: str, digest: Digest) -> dict[str, Json]:
    """Write a digest as one evidence object of a credential."""
    content: dict[str, Json] = {"type": kind, "sha256": digest.sha256}
    if digest.parts:
        content["partDigests"] = list(digest.parts)
    return content


def digest_from_json(fields: Fields) -> Digest:
    """Read one evidence object.

    Raises:
        RefusalError: With the rule of `fields`.
    """
    sha256 = fields.text("sha256")
    parts = fields.texts("partDigests") if "partDigests" in fields.content else ()
    if not _SHA256.fullmatch(sha256):
        fields.stop("sha256", "not 64 hexadecimal digits")
    if len(parts) > PARTS_MAX or not all(_SHORT.fullmatch(part) for part in parts):
        fields.stop("partDigests", "not up to 2 000 times 16 hexadecimal digits")
    return Digest(sha256, parts)
