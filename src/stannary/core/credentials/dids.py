"""Issuers by DID: documents with their keys, and where a did:web document is found.

Rules: CREDENTIAL-008, CREDENTIAL-010, CREDENTIAL-011.
"""

import hashlib
import json
import re
from collections.abc import Mapping

from stannary.core.credentials import rules
from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.tokens import (
    ALGORITHMS,
    Algorithm,
    check_public_jwk,
    encode_base64url,
)
from stannary.core.kernel import Place, refuse

DID_CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1")
METHOD_TYPES = ("JsonWebKey", "JsonWebKey2020")
"""Kinds of verification method that hold a JWK: the present name, and an older one."""

_DID = re.compile(r"did:[a-z0-9]{1,20}:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}|:)*[A-Za-z0-9._-]")
_WEB = re.compile(
    r"did:web:(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)"
    r"(?:%3[Aa](?P<port>[0-9]{1,5}))?(?P<path>(?::(?:[A-Za-z0-9_-]|\.[A-Za-z0-9_-])[A-Za-z0-9._-]*)*)"
)
_KEY = re.compile(r"did:key:z([1-9A-HJ-NP-Za-km-z]{40,60})")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519_MULTICODEC = b"\xed\x01"
_DID_MAX = 500


def check_did(did: str, *, at: Place | None = None) -> None:
    """Stop if a text is not a DID.

    Raises:
        RefusalError: CREDENTIAL-010.
    """
    if len(did) > _DID_MAX or not _DID.fullmatch(did):
        refuse(rules.DID_IS_WELL_FORMED, at=at, did=did[:80] or "(empty)")


def did_web_url(did: str) -> str:
    """Give the address of a did:web document; nothing is fetched.

    Raises:
        RefusalError: CREDENTIAL-010 if it is not a did:web of a host, with a port or a path
            or without.

    Example:
        >>> did_web_url("did:web:example.org"), did_web_url("did:web:example.org%3A8443:log:open")
        ('https://example.org/.well-known/did.json', 'https://example.org:8443/log/open/did.json')
    """
    found = _WEB.fullmatch(did) if len(did) <= _DID_MAX else None
    if found is None or ".." in found["host"]:
        refuse(rules.DID_IS_WELL_FORMED, did=did[:80] or "(empty)")
    port = f":{found['port']}" if found["port"] else ""
    path = found["path"].replace(":", "/") or "/.well-known"
    return f"https://{found['host']}{port}{path}/did.json"


def thumbprint(jwk: Mapping[str, Json]) -> str:
    """Give the name of a public key that anybody computes alike, 43 signs.

    Source: RFC 7638.

    Example:
        >>> thumbprint({"kty": "OKP", "crv": "Ed25519",
        ...     "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
        'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    """
    needed = {name: jwk[name] for name in ("crv", "kty", "x", "y") if name in jwk}
    content = json.dumps(needed, sort_keys=True, separators=(",", ":"))
    return encode_base64url(hashlib.sha256(content.encode("utf-8")).digest())


def key_name(did: str, jwk: Mapping[str, Json]) -> str:
    """Give the absolute name of an issuer's key, its `kid`.

    The fragment is the JWK's own "kid" where it has one, else the key's thumbprint.
    """
    own = jwk.get("kid")
    return f"{did}#{own if isinstance(own, str) and own else thumbprint(jwk)}"


def did_document(did: str, *jwks: Mapping[str, Json]) -> dict[str, Json]:
    """Write the document in which an issuer lists its keys.

    Args:
        did: The issuer.
        jwks: Public keys, the present one first; old ones stay as long as what they signed.
            Members beyond the key itself are left out.

    Raises:
        RefusalError: CREDENTIAL-010 for a bad DID or no key, CREDENTIAL-008 if a key is not a
            public key.

    Example:
        >>> key = {"kty": "OKP", "crv": "Ed25519", "kid": "key-1",
        ...     "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        >>> did_document("did:web:example.org", key)["assertionMethod"]
        ['did:web:example.org#key-1']
    """
    check_did(did)
    if not jwks:
        refuse(rules.DID_IS_WELL_FORMED, did=did, keys="none")
    methods: list[Json] = []
    for jwk in jwks:
        known_key(jwk)
        public: dict[str, Json] = {
            name: jwk[name] for name in ("kty", "crv", "x", "y") if name in jwk
        }
        methods.append(
            {
                "id": key_name(did, jwk),
                "type": METHOD_TYPES[0],
                "controller": did,
                "publicKeyJwk": public,
            }
        )
    return {
        "@context": list(DID_CONTEXT),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [key_name(did, jwk) for jwk in jwks],
    }


def known_key(jwk: Mapping[str, Json], *, at: Place | None = None) -> Algorithm:
    """Tell which algorithm a public key is for.

    Raises:
        RefusalError: CREDENTIAL-008 if it is for none that is accepted, or is not public.
    """
    curve = (jwk.get("kty"), jwk.get("crv"))
    algorithm = next((one for one in ALGORITHMS if (one.kty, one.crv) == curve), None)
    if algorithm is None:
        refuse(rules.KEY_FITS, at=at, kty=str(curve[0])[:20], crv=str(curve[1])[:20])
    check_public_jwk(jwk, algorithm, at=at)
    return algorithm


def check_did_document(content: Json, *, at: Place | None = None) -> str:
    """Check the form of an issuer's document and return the DID that it is for.

    Raises:
        RefusalError: CREDENTIAL-010 if it is not an object with an id and a list of
            verification methods. CREDENTIAL-008 if one shows the private part of a key.
    """
    did = content.get("id") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(did, str):
        refuse(rules.DID_IS_WELL_FORMED, at=at, problem="not an object with an id")
    check_did(did, at=at)
    for method in _methods(content, at).values():
        jwk = method.get("publicKeyJwk")
        if isinstance(jwk, dict) and "d" in jwk:
            refuse(rules.KEY_FITS, at=at, problem="the private part of the key is in the open")
    return did


def key_from_document(
    document: Mapping[str, Json], kid: str | None, *, at: Place | None = None
) -> tuple[str, Mapping[str, Json]]:
    """Find the key that signed in its issuer's document; give its absolute name and its JWK.

    Only keys listed for assertions count: a key for logging in may not sign credentials.

    Args:
        document: Of the issuer, checked by `check_did_document`.
        kid: Name of the key, absolute or "#fragment"; None: the only key listed.
        at: Where the document was read, for messages.

    Raises:
        RefusalError: CREDENTIAL-011 if the key is not listed, or no name is given and several
            are listed.
    """
    did = str(document["id"])
    methods = _methods(document, at)
    listed: dict[str, Mapping[str, Json]] = {}
    entries = document.get("assertionMethod")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, str):
            name = _absolute(entry, did)
            if name in methods:
                listed[name] = methods[name]
        elif isinstance(entry, dict) and isinstance(entry.get("id"), str):
            listed[_absolute(str(entry["id"]), did)] = entry
    # a name under another DID would be somebody else's key
    listed = {name: method for name, method in listed.items() if name.startswith(f"{did}#")}
    wanted = _absolute(kid, did) if kid is not None else None
    if wanted is None and len(listed) == 1:
        wanted = next(iter(listed))
    method = listed.get(wanted) if wanted is not None else None
    if wanted is None or method is None:
        names = ", ".join(listed)[:300] or "none"
        refuse(rules.DOCUMENT_LISTS_KEY, at=at, key=(wanted or "not named")[:200], listed=names)
    jwk = method.get("publicKeyJwk")
    if method.get("type") not in METHOD_TYPES or not isinstance(jwk, dict):
        refuse(rules.DOCUMENT_LISTS_KEY, at=at, key=wanted[:200], problem="not a JsonWebKey")
    return wanted, jwk


def key_of_did(did: str) -> Mapping[str, Json] | None:
    """Give the key that a did:key of an Ed25519 key is itself; None for any other DID.

    Example:
        >>> key = key_of_did("did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw")
        >>> key["x"] if key else None
        '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    """
    found = _KEY.fullmatch(did)
    if found is None:
        return None
    number = 0
    for sign in found[1]:
        number = number * 58 + _BASE58.index(sign)
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if not content.startswith(_ED25519_MULTICODEC) or len(content) != 34:
        return None
    return {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(content[2:])}


def _methods(document: Mapping[str, Json], at: Place | None) -> dict[str, Mapping[str, Json]]:
    did = str(document["id"])
    methods = document.get("verificationMethod", [])
    found: dict[str, Mapping[str, Json]] = {}
    for method in methods if isinstance(methods, list) else [None]:
        name = method.get("id") if isinstance(method, dict) else None
        if not isinstance(method, dict) or not isinstance(name, str):
            refuse(rules.DID_IS_WELL_FORMED, at=at, problem="a verification method without id")
        if _absolute(name, did) in found:
            refuse(rules.DID_IS_WELL_FORMED, at=at, problem=f"the key {name[:80]} twice")
        found[_absolute(name, did)] = method
    return found


def _absolute(name: str, did: str) -> str:
    return did + name if name.startswith("#") else name
