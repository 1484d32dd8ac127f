"""The one byte form of a JSON value, and hashes of it.

Rules: KERNEL-006.
"""

import hashlib
from pathlib import Path
from typing import Any, cast

import rfc8785

from stannary.core.kernel import refuse
from stannary.core.kernel.rules import CONTENT_HAS_ONE_FORM


def canonical_bytes(obj: object) -> bytes:
    """Write a JSON value in its canonical form, RFC 8785: the same value, the same bytes.

    Raises:
        RefusalError: KERNEL-006 for what has no such form: whole numbers beyond 2^53, NaN, half a
            surrogate pair, keys that are no text, nesting without end.

    Example:
        >>> canonical_bytes({"b": "1.50", "a": [True, None]})
        b'{"a":[true,null],"b":"1.50"}'
    """
    try:
        return rfc8785.dumps(cast("dict[str, Any]", obj))
    except rfc8785.CanonicalizationError as error:
        refuse(CONTENT_HAS_ONE_FORM, problem=str(error)[:80])
    except RecursionError:
        refuse(CONTENT_HAS_ONE_FORM, problem="nested too deep")


def sha256_hex(content: bytes) -> str:
    """Give the SHA-256 of some bytes as 64 small hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def pack_sha256(folder: Path) -> str:
    """Give the content hash of a pack: what a published result says it was scored with.

    It covers standard.toml and the chapters, which decide a score and are cited by it; neither
    translations nor cases. It is the SHA-256 of the canonical JSON object from each file's path
    inside the folder, with slashes, to the SHA-256 of its bytes.

    Args:
        folder: Holds a pack that was loaded.
    """
    files = [folder / "standard.toml", *(folder / "chapters").glob("*.toml")]
    hashes = {path.relative_to(folder).as_posix(): sha256_hex(path.read_bytes()) for path in files}
    return sha256_hex(canonical_bytes(hashes))
