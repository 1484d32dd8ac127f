"""The secret behind salts and splits: made at first use, in a file that only its owner can read."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

NAME = "totals.key"


def secret() -> bytes:
    """Give the register's secret for totals."""
    folder: Path = settings.HOME / "keys"
    return _kept(folder / NAME)


@lru_cache(maxsize=4)
def _kept(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _make(path: Path) -> None:
    """Make a secret that appears under its name whole; of two makers the first wins for both."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(32))
    try:
        # a link to what is written already: no reader ever finds half a secret
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
