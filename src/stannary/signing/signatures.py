"""Does a signature hold: the cryptography behind every check.

Rules: CREDENTIAL-008, CREDENTIAL-009.
"""

from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from stannary.core.credentials import rules
from stannary.core.credentials.dids import check_did, key_name
from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.tokens import (
    TOKEN_MAX_CHARACTERS,
    algorithm_named,
    check_public_jwk,
    decode_base64url,
    encode_base64url,
    parse_token,
    signing_input,
)
from stannary.core.kernel import Place, refuse
from stannary.signing.keys import CURVES, SigningKey, public_jwk


class Signatures:
    """The `SignatureChecker` of this program: Ed25519 and ECDSA by the library cryptography."""

    def signature_holds(
        self, *, algorithm: str, jwk: Mapping[str, Json], message: bytes, signature: bytes
    ) -> bool:
        """Tell whether a signature is right; False for anything malformed.

        Args:
            algorithm: EdDSA, Ed25519, ES256, ES384 or ES512.
            jwk: A public key of the kind that the algorithm needs.
            message: What was signed.
            signature: As a JWS holds it.
        """
        known = algorithm_named(algorithm)
        x = decode_base64url(str(jwk.get("x", "")))
        if known is None or x is None or len(signature) != known.signature_bytes:
            return False
        try:
            if known.kty == "OKP":
                Ed25519PublicKey.from_public_bytes(x).verify(signature, message)
                return True
            y = decode_base64url(str(jwk.get("y", ""))) or b""
            curve, digest = CURVES[known.crv]
            point = ec.EllipticCurvePublicNumbers(_number(x), _number(y), curve)
            half = known.coordinate_bytes
            pair = encode_dss_signature(_number(signature[:half]), _number(signature[half:]))
            point.public_key().verify(pair, message, ec.ECDSA(digest))
        except (InvalidSignature, ValueError):  # ValueError: the point is not on the curve
            return False
        return True


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big")


def sign_vc_jwt(payload: Mapping[str, Json], key: SigningKey, kid: str) -> str:
    """Sign a credential as a compact `vc+jwt`.

    Args:
        payload: The credential itself, without a `vc` member around it.
        key: The issuer's private key.
        kid: Absolute name of the key, as the issuer's document lists it; `kid_for` gives it.

    Raises:
        RefusalError: CREDENTIAL-004 if it becomes longer than 262 144 characters.

    Example:
        >>> from stannary.signing import key_from_seed
        >>> key = key_from_seed(bytes(32), "key-1")
        >>> token = sign_vc_jwt({"issuer": "did:web:example.org"}, key, "did:web:example.org#key-1")
        >>> verify_vc_jwt(token, public_jwk(key))
        {'issuer': 'did:web:example.org'}
    """
    message = signing_input(payload, algorithm=key.algorithm.names[0], kid=kid)
    token = f"{message.decode('ascii')}.{encode_base64url(key.sign(message))}"
    if len(token) > TOKEN_MAX_CHARACTERS:
        refuse(rules.TOKEN_IS_COMPACT, characters=str(len(token)))
    return token


def verify_vc_jwt(
    token: str, jwk: Mapping[str, Json], *, at: Place | None = None
) -> Mapping[str, Json]:
    """Check a compact `vc+jwt` with one public key and return the credential that it holds.

    Only the signature is checked: not whose key it is, nor the dates.

    Raises:
        RefusalError: CREDENTIAL-002, CREDENTIAL-004 or CREDENTIAL-005 for another form,
            CREDENTIAL-008 if the key is of another kind, CREDENTIAL-009 if the signature does
            not hold.
    """
    taken = parse_token(token, at=at)
    check_public_jwk(jwk, taken.algorithm, at=at)
    if not Signatures().signature_holds(
        algorithm=taken.algorithm.names[0],
        jwk=jwk,
        message=taken.message,
        signature=taken.signature,
    ):
        refuse(rules.SIGNATURE_HOLDS, at=at, key=str(taken.kid)[:200])
    return taken.payload


def kid_for(did: str, key: SigningKey) -> str:
    """Give the absolute name of an issuer's key, as `did_document` lists it.

    Raises:
        RefusalError: CREDENTIAL-010 for a bad DID.
    """
    check_did(did)
    return key_name(did, public_jwk(key))
