"""Digests of what a claim file or result file encloses, whole and part by part."""

from collections.abc import Mapping, Sequence

from stannary.core.credentials import Digest, Json, digest_of, lines_of
from stannary.formats.canonical import canonical_bytes


def movements_digest(text: str) -> Digest:
    """Give the digest of movements as CSV; its parts are the lines."""
    return digest_of(text.encode("utf-8"), lines_of(text))


def list_digest(items: Sequence[Json]) -> Digest:
    """Give the digest of a list in canonical JSON; its parts are the items.

    Raises:
        RefusalError: KERNEL-006 if an item has no canonical form.
    """
    return digest_of(canonical_bytes(list(items)), [canonical_bytes(item) for item in items])


def result_digest(content: Mapping[str, Json]) -> Digest:
    """Give the digest of a published result in canonical JSON; its parts are the verdicts.

    Raises:
        RefusalError: KERNEL-006 if it has no canonical form.
    """
    verdicts = content.get("verdicts")
    parts = verdicts if isinstance(verdicts, list) else []
    return digest_of(canonical_bytes(content), [canonical_bytes(part) for part in parts])
