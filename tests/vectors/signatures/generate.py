"""Write the signature vectors anew: `python tests/vectors/signatures/generate.py`.

Every key comes from a fixed seed and Ed25519 is deterministic, so the same file comes out each
time. Each token is right, or wrong in one way that its name tells; `refused` is the code that a
reader gives, or null.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.tokens import encode_base64url
from stannary.signing import did_document, key_from_seed, note_signer, public_jwk, sign_vc_jwt

HERE = Path(__file__).resolve().parent
DID = "did:web:claims.example"
KID = f"{DID}#key-1"
KEY = key_from_seed(b"signature vectors, first key ...", "key-1")
OTHER = key_from_seed(b"signature vectors, second key ..", "key-2")
PAYLOAD: dict[str, Json] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": {"id": DID, "name": "Example Cells (illustrative)"},
    "validFrom": "2026-03-09T00:00:00Z",
    "credentialSubject": {"lot": "L-2041", "note": "é ü 锂 \u0007"},
}
HEADER: dict[str, Json] = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": KID}


def token(
    header: Mapping[str, Json] = HEADER,
    payload: object = PAYLOAD,
    *,
    header_text: str | None = None,
    payload_text: str | None = None,
) -> str:
    """Sign any header and payload, also those that no honest signer would."""
    texts = (
        header_text or json.dumps(header, ensure_ascii=False),
        payload_text or json.dumps(payload, ensure_ascii=False),
    )
    message = ".".join(encode_base64url(text.encode("utf-8")) for text in texts)
    return f"{message}.{encode_base64url(KEY.sign(message.encode('ascii')))}"


def without(name: str) -> dict[str, Json]:
    """The header without one member."""
    return {key: value for key, value in HEADER.items() if key != name}


def last_sign_respelt(good: str) -> str:
    """Another spelling of the same signature bytes: the last sign has four bits to spare."""
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return good[:-1] + signs[signs.index(good[-1]) + 1]


def vectors() -> dict[str, object]:
    """Give all vectors."""
    good = sign_vc_jwt(PAYLOAD, KEY, KID)
    head, body, signature = good.split(".")
    cases = [
        ("right", good, None),
        ("right, algorithm by its new name", token({**HEADER, "alg": "Ed25519"}), None),
        ("right, typ as a whole media type", token({**HEADER, "typ": "application/vc+jwt"}), None),
        ("right, older typ", token({**HEADER, "typ": "vc-ld+jwt"}), None),
        ("right, without cty", token(without("cty")), None),
        ("right, without kid", token(without("kid")), None),
        ("alg none", token({**HEADER, "alg": "none"}), "CREDENTIAL-005"),
        ("alg HS256", token({**HEADER, "alg": "HS256"}), "CREDENTIAL-005"),
        ("alg in capitals", token({**HEADER, "alg": "EDDSA"}), "CREDENTIAL-005"),
        ("alg missing", token(without("alg")), "CREDENTIAL-005"),
        ("alg a list", token({**HEADER, "alg": ["EdDSA"]}), "CREDENTIAL-005"),
        ("alg of another kind of key", token({**HEADER, "alg": "ES256"}), "CREDENTIAL-008"),
        ("typ JWT", token({**HEADER, "typ": "JWT"}), "CREDENTIAL-005"),
        ("typ missing", token(without("typ")), "CREDENTIAL-005"),
        ("typ of a presentation", token({**HEADER, "typ": "vp+jwt"}), "CREDENTIAL-005"),
        ("cty of a presentation", token({**HEADER, "cty": "vp"}), "CREDENTIAL-005"),
        ("crit", token({**HEADER, "crit": ["exp"], "exp": 1}), "CREDENTIAL-005"),
        ("crit, empty", token({**HEADER, "crit": []}), "CREDENTIAL-005"),
        ("b64", token({**HEADER, "b64": False}), "CREDENTIAL-005"),
        ("kid a number", token({**HEADER, "kid": 1}), "CREDENTIAL-005"),
        ("signature empty", f"{head}.{body}.", "CREDENTIAL-004"),
        ("signature missing", f"{head}.{body}", "CREDENTIAL-004"),
        ("a fourth part", f"{good}.{signature}", "CREDENTIAL-004"),
        ("signature shortened", good[:-4], "CREDENTIAL-004"),
        ("signature with padding", good + "==", "CREDENTIAL-004"),
        ("signature in another spelling", last_sign_respelt(good), "CREDENTIAL-004"),
        ("newline at the end", good + "\n", "CREDENTIAL-004"),
        ("signature of zeros", f"{head}.{body}.{'A' * 86}", "CREDENTIAL-009"),
        ("signature of another text", f"{head}.{body}.{token({}).split('.')[2]}", "CREDENTIAL-009"),
        ("signed by another key", sign_vc_jwt(PAYLOAD, OTHER, KID), "CREDENTIAL-009"),
        ("payload changed", sign_changed(good), "CREDENTIAL-009"),
        ("payload a list", token(payload=[PAYLOAD]), "CREDENTIAL-004"),
        ("payload not JSON", token(payload_text="{"), "CREDENTIAL-002"),
        ("a key twice", token(payload_text='{"lot": "A", "lot": "B"}'), "CREDENTIAL-002"),
        ("a key twice in the header", token(header_text='{"alg":"EdDSA","alg":"none"}'),
         "CREDENTIAL-002"),
        ("half a surrogate pair", token(payload_text='{"lot": "\\ud800"}'), "CREDENTIAL-002"),
        ("not a number", token(payload_text='{"share": NaN}'), "CREDENTIAL-002"),
        ("too deep", token(payload_text="[" * 100 + "]" * 100), "CREDENTIAL-002"),
    ]  # fmt: skip
    signer = note_signer("log.example/vectors", key_from_seed(b"signature vectors, log key ....."))
    return {
        "about": "Ed25519 signatures as compact vc+jwt; see generate.py.",
        "key": public_jwk(KEY),
        "other_key": public_jwk(OTHER),
        "document": did_document(DID, public_jwk(KEY), public_jwk(OTHER)),
        "log_vkey": signer.vkey,
        "tokens": [
            {"name": name, "token": written, "refused": code} for name, written, code in cases
        ],
    }


def sign_changed(good: str) -> str:
    """Change a letter of the lot and keep the signature."""
    head, _, signature = good.split(".")
    changed = json.dumps({**PAYLOAD, "credentialSubject": {"lot": "L-2042"}})
    return f"{head}.{encode_base64url(changed.encode())}.{signature}"


def text() -> str:
    """The file as it should be."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (HERE / "vectors.json").write_text(text(), encoding="utf-8")
    sys.stdout.write("vectors.json\n")
