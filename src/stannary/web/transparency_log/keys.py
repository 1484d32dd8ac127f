"""The keys of this register: one signs credentials, one signs checkpoints of the log.

They are made at first use, in files that only their owner can read, outside of the database.
"""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from stannary.core.credentials import Json, did_document
from stannary.signing import (
    NoteSigner,
    SigningKey,
    generate_key,
    kid_for,
    load_key,
    note_signer,
    public_jwk,
    save_key,
)

ISSUER_NAME = "Stannary register"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs credentials here.

    Attributes:
        did: did:web of this register.
        name: For people.
        kid: Absolute name of the key.
        key: The private key.
    """

    did: str
    name: str
    kid: str
    key: SigningKey

    def document(self) -> dict[str, Json]:
        """Give the did.json that lists the key."""
        return did_document(self.did, public_jwk(self.key))


def host() -> str:
    """Give the address of this register without its scheme."""
    return urlsplit(settings.ORIGIN).netloc


def did_of(address: str) -> str:
    """Give the did:web of an address: a port is written %3A.

    Example:
        >>> did_of("127.0.0.1:8000")
        'did:web:127.0.0.1%3A8000'
    """
    return "did:web:" + address.replace(":", "%3A")


def _folder() -> Path:
    folder: Path = settings.HOME / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@lru_cache(maxsize=4)
def _key(path: Path) -> SigningKey:
    if not path.exists():
        _make(path)
    return load_key(path)


def _make(path: Path) -> None:
    """Make a key that appears under its name whole; of two makers the first wins for both."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    save_key(generate_key(), draft)
    try:
        # a link to what is written already: no reader ever finds half a key
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def issuer(address: str) -> Issuer:
    """Give the issuer for the address under which the log was begun."""
    key = _key(_folder() / "issuer.json")
    did = did_of(address)
    return Issuer(did=did, name=ISSUER_NAME, kid=kid_for(did, key), key=key)


def log_signer(origin: str) -> NoteSigner:
    """Give the signer of checkpoints."""
    return note_signer(origin, _key(_folder() / "log.json"))
