"""Private keys: made, kept in a file that only its owner can read, and used.

Rules: CREDENTIAL-008, CREDENTIAL-012, CREDENTIAL-013, CREDENTIAL-014.
"""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from stannary.core.credentials import rules
from stannary.core.credentials.dids import known_key
from stannary.core.credentials.plain_json import Json, parse_json
from stannary.core.credentials.tokens import (
    ALGORITHMS,
    Algorithm,
    decode_base64url,
    encode_base64url,
)
from stannary.core.kernel import Place, refuse

KEY_FILE_MAX_BYTES = 10_000

CURVES: Mapping[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    "P-256": (ec.SECP256R1(), hashes.SHA256()),
    "P-384": (ec.SECP384R1(), hashes.SHA384()),
    "P-521": (ec.SECP521R1(), hashes.SHA512()),
}
"""The curve and the digest of each EC key, by the curve's name in a JWK (RFC 7518, 3.4)."""


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key that signs credentials, and log checkpoints if it is an Ed25519 key.

    Attributes:
        private: The key of the cryptographic library.
        algorithm: What it signs with.
        kid: Its short name, the fragment of its absolute one; "": its thumbprint names it.
    """

    private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey
    algorithm: Algorithm
    kid: str = ""

    def __repr__(self) -> str:
        return f"SigningKey({self.algorithm.crv}, kid={self.kid!r})"

    def sign(self, message: bytes) -> bytes:
        """Sign a message and return the signature as a JWS holds it."""
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(message)
        digest = CURVES[self.algorithm.crv][1]
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(digest)))
        length = self.algorithm.coordinate_bytes
        return r.to_bytes(length, "big") + s.to_bytes(length, "big")


def generate_key(kid: str = "", *, curve: str = "Ed25519") -> SigningKey:
    """Make a new key from the system's randomness.

    Args:
        kid: Short name, such as "key-2026-11"; "": its thumbprint will name it.
        curve: "Ed25519", "P-256", "P-384" or "P-521".

    Raises:
        RefusalError: CREDENTIAL-013 for another curve.
    """
    if curve == "Ed25519":
        return _signing_key(Ed25519PrivateKey.generate(), curve, kid)
    if curve not in CURVES:
        refuse(rules.KEY_FILE_IS_A_KEY, curve=curve[:40])
    return _signing_key(ec.generate_private_key(CURVES[curve][0]), curve, kid)


def key_from_seed(seed: bytes, kid: str = "") -> SigningKey:
    """Make the Ed25519 key of a known seed, for tests, vectors and demonstrations.

    Args:
        seed: 32 bytes. Whoever knows them can sign.
        kid: As for `generate_key`.

    Raises:
        RefusalError: CREDENTIAL-013 for another length.
    """
    if len(seed) != 32:
        refuse(rules.KEY_FILE_IS_A_KEY, seed=f"{len(seed)} bytes")
    return _signing_key(Ed25519PrivateKey.from_private_bytes(seed), "Ed25519", kid)


def public_jwk(key: SigningKey) -> dict[str, Json]:
    """Give the public key as a JWK, with the key's short name as "kid" where it has one."""
    jwk: dict[str, Json] = {"kty": key.algorithm.kty, "crv": key.algorithm.crv}
    if isinstance(key.private, Ed25519PrivateKey):
        jwk["x"] = encode_base64url(key.private.public_key().public_bytes_raw())
    else:
        point = key.private.public_key().public_numbers()
        for name, value in (("x", point.x), ("y", point.y)):
            jwk[name] = encode_base64url(value.to_bytes(key.algorithm.coordinate_bytes, "big"))
    if key.kid:
        jwk["kid"] = key.kid
    return jwk


def private_jwk(key: SigningKey) -> dict[str, Json]:
    """Give the private key as a JWK. Whoever reads it can sign."""
    jwk = public_jwk(key)
    if isinstance(key.private, Ed25519PrivateKey):
        jwk["d"] = encode_base64url(key.private.private_bytes_raw())
    else:
        secret = key.private.private_numbers().private_value
        jwk["d"] = encode_base64url(secret.to_bytes(key.algorithm.coordinate_bytes, "big"))
    return jwk


def key_from_jwk(jwk: Mapping[str, Json], *, at: Place | None = None) -> SigningKey:
    """Read a private key from a JWK.

    Raises:
        RefusalError: CREDENTIAL-008 if its public part is not a key that is accepted.
            CREDENTIAL-013 if the private part is missing, or does not belong to the public one.
    """
    public = {name: value for name, value in jwk.items() if name not in ("d", "key_ops")}
    algorithm = known_key(public, at=at)
    text = jwk.get("d")
    secret = decode_base64url(text) if isinstance(text, str) else None
    if secret is None or len(secret) != algorithm.coordinate_bytes:
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem="no private part of the right length")
    kid = jwk.get("kid", "")
    if not isinstance(kid, str) or len(kid) > 200:
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem="kid is not a short text")
    try:
        if algorithm.crv == "Ed25519":
            key = _signing_key(Ed25519PrivateKey.from_private_bytes(secret), algorithm.crv, kid)
        else:
            number = int.from_bytes(secret, "big")
            private = ec.derive_private_key(number, CURVES[algorithm.crv][0])
            key = _signing_key(private, algorithm.crv, kid)
    except ValueError:
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem="not a key of its curve")
    own = public_jwk(key)
    if any(own[name] != jwk.get(name) for name in ("x", "y") if name in own):
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem="public and private part do not fit")
    return key


def save_key(key: SigningKey, path: Path) -> None:
    """Write a private key into a new file that only its owner can read.

    Raises:
        RefusalError: CREDENTIAL-014 if the file exists.
        OSError: If it cannot be written.
    """
    if not _write_new(key, path):
        refuse(rules.KEY_FILE_IS_NEW, at=Place(str(path)))


def _write_new(key: SigningKey, path: Path) -> bool:
    """Write the key; False if the file exists."""
    content = json.dumps(private_jwk(key), indent=2) + "\n"
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(content)
    return True


def load_key(path: Path) -> SigningKey:
    """Read a private key from its file.

    Raises:
        RefusalError: CREDENTIAL-012 if others than its owner can read or write the file.
            CREDENTIAL-013, CREDENTIAL-008 or CREDENTIAL-002 if it does not hold a key.
    """
    at = Place(str(path))
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(KEY_FILE_MAX_BYTES + 1)
    except OSError as error:
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem=error.strerror or "cannot be read")
    if os.name == "posix" and mode & 0o077:
        refuse(rules.KEY_FILE_IS_PRIVATE, at=at, mode=f"{mode:03o}", needed="600")
    if len(content) > KEY_FILE_MAX_BYTES:
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem="longer than 10 000 bytes")
    try:
        jwk = parse_json(content.decode("utf-8"), at=at)
    except UnicodeDecodeError:
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem="not UTF-8")
    if not isinstance(jwk, dict):
        refuse(rules.KEY_FILE_IS_A_KEY, at=at, problem="not a JWK")
    return key_from_jwk(jwk, at=at)


def load_or_create_key(path: Path, kid: str = "") -> SigningKey:
    """Read a key from its file, or make an Ed25519 key there if there is no file yet.

    Raises:
        RefusalError: As `load_key`.
        OSError: If it cannot be written.
    """
    if not path.exists():
        _write_new(generate_key(kid), path)  # if another process was faster, its key is the key
    return load_key(path)


def _signing_key(
    private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, curve: str, kid: str
) -> SigningKey:
    algorithm = next(known for known in ALGORITHMS if known.crv == curve)
    return SigningKey(private, algorithm, kid)
