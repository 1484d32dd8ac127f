"""Keys of a log: what signs its checkpoints and what checks them.

Rules: LOG-005, LOG-006.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stannary.core.kernel import Place, refuse
from stannary.core.transparency_log import key_id, parse_vkey, vkey_text
from stannary.core.transparency_log.notes import check_key_name
from stannary.core.transparency_log.rules import VKEY_IS_WELL_FORMED
from stannary.signing.keys import SigningKey


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """Signs checkpoints: the `Signer` of the transparency log.

    Attributes:
        name: Name of the key; for a log the same as its origin.
        key_id: Four bytes.
        vkey: What readers need to check the signatures, as one line of text.
    """

    name: str
    key_id: bytes
    vkey: str
    _private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """Sign a message and return the 64 bytes of the signature."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True)
class NoteVerifier:
    """Checks the signatures of one vkey: the `Verifier` of the transparency log.

    Attributes:
        name: Name of the key.
        key_id: Four bytes.
    """

    name: str
    key_id: bytes
    _public: Ed25519PublicKey

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is right; False for anything malformed."""
        try:
            self._public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def note_signer(name: str, key: SigningKey) -> NoteSigner:
    """Make the signer of a log.

    Args:
        name: Name of the log, an address without its scheme: "log.example/open".
        key: An Ed25519 key, best one of its own that signs nothing else.

    Raises:
        RefusalError: LOG-005 for a bad name, LOG-006 if it is not an Ed25519 key.
    """
    check_key_name(name)
    if not isinstance(key.private, Ed25519PrivateKey):
        refuse(VKEY_IS_WELL_FORMED, name=name, curve=key.algorithm.crv)
    public = key.private.public_key().public_bytes_raw()
    return NoteSigner(name, key_id(name, public), vkey_text(name, public), key.private)


def note_verifier(vkey: str, *, at: Place | None = None) -> NoteVerifier:
    """Make the verifier of a vkey text.

    Raises:
        RefusalError: LOG-005, LOG-006 if it is not one.
    """
    key = parse_vkey(vkey, at=at)
    return NoteVerifier(key.name, key.key_id, Ed25519PublicKey.from_public_bytes(key.public_key))
