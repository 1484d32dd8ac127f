"""Sealing of small secrets that a server has to keep and must be able to read again."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UnreadableSealError(ValueError):
    """What was sealed cannot be opened with any of the secrets at hand."""


def seal(text: str, *, secrets: Sequence[str]) -> str:
    """Encrypt a text under the first secret. This will never give the same answer twice.

    Args:
        text: What nobody shall read in a copy of the database.
        secrets: Long random texts; the first seals, the others only open.
    """
    return _box(secrets).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, secrets: Sequence[str]) -> str:
    """Open what `seal` made, with whichever secret it was.

    Raises:
        UnreadableSealError: If none of the secrets fits, or a sign was changed.
    """
    try:
        return _box(secrets).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSealError from error


def _box(secrets: Sequence[str]) -> MultiFernet:
    keys = (hashlib.sha256(b"stannary sealing " + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
