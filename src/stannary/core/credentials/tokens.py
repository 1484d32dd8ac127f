"""Signed credentials as compact JWS: taken apart strictly, put together, enveloped.

Nothing here computes or checks a signature: that is done by a `SignatureChecker`, which holds
the cryptography.

Rules: CREDENTIAL-004, CREDENTIAL-005, CREDENTIAL-007, CREDENTIAL-008.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, Protocol

from stannary.core.credentials import rules
from stannary.core.credentials.plain_json import Json, parse_json
from stannary.core.kernel import Place, refuse

TOKEN_MAX_CHARACTERS = 262_144
MEDIA_TYPE = "vc+jwt"
VCDM_CONTEXT = "https://www.w3.org/ns/credentials/v2"
ENVELOPED = "EnvelopedVerifiableCredential"
DATA_URLS = ("data:application/vc+jwt,", "data:application/vc-ld+jwt,")
"""What the id of an envelope begins with: how we write it, and how older tools did."""

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A signature algorithm that is accepted.

    Attributes:
        names: As in a header; the first is what we write.
        kty: Kind of key, as in a JWK.
        crv: Curve, as in a JWK.
        coordinate_bytes: Length of x, and of y and of each half of an EC signature.
    """

    names: tuple[str, ...]
    kty: str
    crv: str
    coordinate_bytes: int

    @property
    def signature_bytes(self) -> int:
        """Length of a signature."""
        return 2 * self.coordinate_bytes


ALGORITHMS = (
    Algorithm(("EdDSA", "Ed25519"), "OKP", "Ed25519", 32),
    Algorithm(("ES256",), "EC", "P-256", 32),
    Algorithm(("ES384",), "EC", "P-384", 48),
    Algorithm(("ES512",), "EC", "P-521", 66),
)
"""RFC 9864 deprecates the name EdDSA in favour of Ed25519; most readers still expect EdDSA."""


class SignatureChecker(Protocol):
    """Computes whether a signature holds; the only cryptography that a check needs."""

    def signature_holds(
        self, *, algorithm: str, jwk: Mapping[str, Json], message: bytes, signature: bytes
    ) -> bool:
        """Tell whether a signature is right; False for a key that does not exist.

        Args:
            algorithm: A name out of `ALGORITHMS`.
            jwk: A public key that `check_public_jwk` has passed for it.
            message: What was signed.
            signature: Of the length that the algorithm has.
        """
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWS, taken apart and not yet checked.

    Attributes:
        text: As it was given.
        algorithm: From its header, accepted.
        header: Decoded.
        payload: Decoded; fractions are kept as their text.
        message: The bytes that are signed.
        signature: Of the length that the algorithm has.
    """

    text: str
    algorithm: Algorithm
    header: Mapping[str, Json]
    payload: Mapping[str, Json]
    message: bytes
    signature: bytes

    @property
    def kid(self) -> str | None:
        """The name of the key that signed, as the header gives it; None: it gives none."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else None


def encode_base64url(content: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def decode_base64url(text: str) -> bytes | None:
    r"""Read base64url without padding; None for any other spelling of the bytes.

    Example:
        >>> decode_base64url("_w"), decode_base64url("_x"), decode_base64url("_w==")
        (b'\xff', None, None)
    """
    if not _BASE64URL.fullmatch(text):
        return None
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return None
    # the last sign has bits to spare: another sign there would be the same bytes
    return content if encode_base64url(content) == text else None


def algorithm_named(name: str) -> Algorithm | None:
    """Give an accepted algorithm by a name of it; None for any other, "none" included."""
    return next((known for known in ALGORITHMS if name in known.names), None)


def check_public_jwk(
    jwk: Mapping[str, Json], algorithm: Algorithm, *, at: Place | None = None
) -> None:
    """Stop if a JWK is not a public key for an algorithm.

    Whether the point lies on the curve is left to the `SignatureChecker`.

    Raises:
        RefusalError: CREDENTIAL-008.
    """

    def stop(problem: str) -> NoReturn:
        refuse(rules.KEY_FITS, at=at, problem=problem)

    if "d" in jwk:
        stop("the private part of the key is in the open")
    if jwk.get("kty") != algorithm.kty or jwk.get("crv") != algorithm.crv:
        stop(f"a key of the curve {algorithm.crv} is needed")
    if jwk.get("alg", algorithm.names[0]) not in algorithm.names:
        stop(f"the key is meant for {str(jwk['alg'])[:20]}")
    if jwk.get("use", "sig") != "sig":
        stop("the key is not meant for signatures")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        stop("the key is not meant for checking signatures")
    for name in ("x", "y") if algorithm.kty == "EC" else ("x",):
        coordinate = jwk.get(name)
        content = decode_base64url(coordinate) if isinstance(coordinate, str) else None
        if content is None or len(content) != algorithm.coordinate_bytes:
            stop(f"{name} is not {algorithm.coordinate_bytes} bytes in base64url")


def signing_input(payload: Mapping[str, Json], *, algorithm: str, kid: str) -> bytes:
    """Give the bytes to sign for a credential.

    Args:
        payload: The credential; its keys keep their order.
        algorithm: Name for the header.
        kid: Absolute name of the key, a DID with a fragment.
    """
    header = {"alg": algorithm, "typ": MEDIA_TYPE, "cty": "vc", "kid": kid}
    parts = (
        json.dumps(part, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        for part in (header, payload)
    )
    return ".".join(encode_base64url(part.encode("utf-8")) for part in parts).encode("ascii")


def parse_token(text: str, *, at: Place | None = None) -> Token:
    """Take a compact JWS apart without checking its signature.

    Raises:
        RefusalError: CREDENTIAL-004 for another form or length, CREDENTIAL-002 if a part is
            not plain JSON, CREDENTIAL-005 for a header that is not accepted.
    """

    def stop(problem: str) -> NoReturn:
        refuse(rules.TOKEN_IS_COMPACT, at=at, problem=problem)

    if len(text) > TOKEN_MAX_CHARACTERS:
        stop(f"{len(text)} characters")
    parts = text.split(".")
    contents = [decode_base64url(part) for part in parts]
    if len(parts) != 3:
        stop(f"{len(parts)} parts")
    header_bytes, payload_bytes, signature = contents
    if header_bytes is None or payload_bytes is None or signature is None:
        stop("not base64url")
    header = _object(header_bytes, "header", at)
    algorithm = _accepted(header, at)
    if len(signature) != algorithm.signature_bytes:
        stop(f"a signature of {len(signature)} bytes")
    return Token(
        text=text,
        algorithm=algorithm,
        header=header,
        payload=_object(payload_bytes, "payload", at),
        message=text.rpartition(".")[0].encode("ascii"),
        signature=signature,
    )


def _object(content: bytes, part: str, at: Place | None) -> dict[str, Json]:
    try:
        value = parse_json(content.decode("utf-8"), at=at, fractions_as_text=True)
    except UnicodeDecodeError:
        refuse(rules.TOKEN_IS_COMPACT, at=at, problem=f"the {part} is not UTF-8")
    if not isinstance(value, dict):
        refuse(rules.TOKEN_IS_COMPACT, at=at, problem=f"the {part} is not an object")
    return value


def _accepted(header: Mapping[str, Json], at: Place | None) -> Algorithm:
    name = header.get("alg")
    algorithm = algorithm_named(name) if isinstance(name, str) else None
    if algorithm is None:
        refuse(rules.HEADER_IS_ACCEPTED, at=at, alg=str(name)[:40])
    kind = str(header.get("typ")).lower().removeprefix("application/")
    if kind not in (MEDIA_TYPE, "vc-ld+jwt"):
        refuse(rules.HEADER_IS_ACCEPTED, at=at, typ=str(header.get("typ"))[:40])
    content_kind = str(header.get("cty", "vc")).lower().removeprefix("application/")
    if content_kind not in ("vc", "vc+ld+json"):
        refuse(rules.HEADER_IS_ACCEPTED, at=at, cty=str(header["cty"])[:40])
    for name in ("crit", "b64", "zip"):
        if name in header:
            refuse(rules.HEADER_IS_ACCEPTED, at=at, not_accepted=name)
    if not isinstance(header.get("kid", ""), str):
        refuse(rules.HEADER_IS_ACCEPTED, at=at, kid=str(header["kid"])[:40])
    return algorithm


def envelope(token: str) -> dict[str, Json]:
    """Put a signed credential into the object in which it is published."""
    return {"@context": [VCDM_CONTEXT], "type": ENVELOPED, "id": DATA_URLS[0] + token}


def open_envelope(content: Json, *, at: Place | None = None) -> str:
    """Take the signed credential out of its envelope.

    Raises:
        RefusalError: CREDENTIAL-007 for another form, with further keys included.
    """

    def stop(problem: str) -> NoReturn:
        refuse(rules.ENVELOPE_HAS_ITS_FORM, at=at, problem=problem)

    if not isinstance(content, dict) or set(content) != {"@context", "type", "id"}:
        stop("not @context, type and id")
    context, kind, data = content["@context"], content["type"], content["id"]
    if context not in (VCDM_CONTEXT, [VCDM_CONTEXT]):
        stop("@context")
    if kind not in (ENVELOPED, [ENVELOPED]):
        stop("type")
    start = data.partition(",")[0] + "," if isinstance(data, str) else ""
    if not isinstance(data, str) or start not in DATA_URLS:
        stop("id is not a data URL of a vc+jwt")
    return data.removeprefix(start)
