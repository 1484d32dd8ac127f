"""Ids of postings: 128 bits that begin with the time, so that an index grows at its end."""

from typing import Final

NO_ID: Final = bytes(16)
"""Stands where a posting names no reservation: the nil UUID of RFC 9562."""

_ENTROPY_BITS = 74


def posting_id(*, at_ms: int, entropy: int) -> bytes:
    """Make an id as a UUID of version 7 (RFC 9562, 5.7): 48 bits of time, 74 of entropy.

    Args:
        at_ms: Milliseconds since 1970, 0 to 2^48 - 1; what lies beyond is cut off.
        entropy: Random bits, or a count that never repeats; what lies beyond 74 bits is cut off.

    Returns:
        16 bytes, in the order of time.

    Example:
        >>> posting_id(at_ms=1_770_000_000_000, entropy=5).hex()
        '019c1c38a40070008000000000000005'
    """
    entropy &= (1 << _ENTROPY_BITS) - 1
    high, low = entropy >> 62, entropy & ((1 << 62) - 1)
    number = (at_ms & (1 << 48) - 1) << 80 | 7 << 76 | high << 64 | 2 << 62 | low
    return number.to_bytes(16, "big")
