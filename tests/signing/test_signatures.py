"""Signed credentials: made, checked, judged by other implementations' vectors and library."""

import json
import warnings
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey

from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.tokens import TOKEN_MAX_CHARACTERS, decode_base64url
from stannary.core.kernel import Place, RefusalError
from stannary.signing import (
    Signatures,
    SigningKey,
    generate_key,
    key_from_seed,
    kid_for,
    public_jwk,
    sign_vc_jwt,
    verify_vc_jwt,
)
from vectors.signatures import generate

VECTORS = json.loads((generate.HERE / "vectors.json").read_text(encoding="utf-8"))
KEY = key_from_seed(bytes(range(32)), "key-1")
DID = "did:web:claims.example"
KID = kid_for(DID, KEY)
PAYLOAD: dict[str, Json] = {"issuer": DID, "credentialSubject": {"share": "3/8"}}
TOKEN = sign_vc_jwt(PAYLOAD, KEY, KID)
CURVES = ("Ed25519", "P-256", "P-384", "P-521")


def checked(token: str, jwk: dict[str, Json]) -> str | None:
    try:
        verify_vc_jwt(token, jwk)
    except RefusalError as refusal:
        return refusal.rule.code
    return None


@pytest.mark.parametrize("case", VECTORS["tokens"], ids=lambda case: str(case["name"]))
def test_each_vector_is_taken_or_refused_as_it_says(case: dict[str, str]) -> None:
    assert checked(case["token"], VECTORS["key"]) == case["refused"]


def test_the_vectors_are_what_their_script_writes() -> None:
    assert (generate.HERE / "vectors.json").read_text(encoding="utf-8") == generate.text()


@pytest.mark.parametrize(
    ("algorithm", "jwk", "message", "signature"),
    [
        pytest.param(
            "EdDSA",
            {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            id="RFC 8037, A.4",
        ),
        pytest.param(
            "ES256",
            {
                "kty": "EC",
                "crv": "P-256",
                "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            },
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            id="RFC 7515, A.3",
        ),
    ],
)
def test_signatures_of_the_rfcs_hold(
    algorithm: str, jwk: dict[str, Json], message: str, signature: str
) -> None:
    raw = decode_base64url(signature)
    assert raw is not None

    def holds(message: str, raw: bytes, jwk: dict[str, Json]) -> bool:
        return Signatures().signature_holds(
            algorithm=algorithm, jwk=jwk, message=message.encode(), signature=raw
        )

    assert holds(message, raw, jwk)
    assert not holds(message + "x", raw, jwk)
    assert not holds(message, raw[:-1], jwk)
    assert not holds(message, bytes([raw[0] ^ 1]) + raw[1:], jwk)
    assert not holds(message, raw, {**jwk, "x": jwk["x"][:-1] + "Q"})  # type: ignore[index,operator]
    assert not holds(message, raw, {"kty": "OKP"})
    assert not holds(message, raw, {**jwk, "y": "AA"}) or algorithm == "EdDSA"


def test_an_unknown_algorithm_never_holds() -> None:
    assert not Signatures().signature_holds(
        algorithm="none", jwk=public_jwk(KEY), message=b"", signature=b""
    )


@pytest.mark.parametrize("curve", CURVES)
def test_a_signed_credential_comes_back_as_it_was(curve: str) -> None:
    key = generate_key("key-1", curve=curve)

    assert verify_vc_jwt(sign_vc_jwt(PAYLOAD, key, KID), public_jwk(key)) == PAYLOAD


@pytest.mark.parametrize("curve", CURVES)
def test_another_library_takes_what_we_sign(curve: str) -> None:
    key = generate_key(curve=curve)
    kind = OKPKey if curve == "Ed25519" else ECKey
    public = kind.import_key(public_jwk(key))  # type: ignore[arg-type]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the name EdDSA is deprecated, RFC 9864
        found = jws.deserialize_compact(
            sign_vc_jwt(PAYLOAD, key, KID), public, algorithms=[key.algorithm.names[0]]
        )

    assert json.loads(found.payload) == PAYLOAD
    assert found.headers() == {
        "alg": key.algorithm.names[0], "typ": "vc+jwt", "cty": "vc", "kid": KID
    }  # fmt: skip


@pytest.mark.parametrize(
    ("curve", "algorithm"),
    [
        ("Ed25519", "EdDSA"),
        ("Ed25519", "Ed25519"),
        ("P-256", "ES256"),
        ("P-384", "ES384"),
        ("P-521", "ES512"),
    ],
)
def test_we_take_what_another_library_signs(curve: str, algorithm: str) -> None:
    key = OKPKey.generate_key() if curve == "Ed25519" else ECKey.generate_key(curve)
    header = {"alg": algorithm, "typ": "vc+jwt", "kid": KID}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        token = jws.serialize_compact(header, json.dumps(PAYLOAD), key, algorithms=[algorithm])

    assert verify_vc_jwt(token, key.as_dict(private=False)) == PAYLOAD  # type: ignore[arg-type]


@pytest.mark.parametrize("curve", CURVES)
def test_a_key_of_another_curve_is_refused(curve: str) -> None:
    for other in CURVES:
        code = checked(TOKEN, public_jwk(generate_key(curve=other)))
        assert code == ("CREDENTIAL-009" if other == "Ed25519" else "CREDENTIAL-008")
    token = sign_vc_jwt(PAYLOAD, generate_key(curve=curve), KID)
    assert checked(token, public_jwk(KEY)) == (
        "CREDENTIAL-009" if curve == "Ed25519" else "CREDENTIAL-008"
    )


def test_a_wrong_signature_is_refused_in_words() -> None:
    with pytest.raises(RefusalError) as refusal:
        verify_vc_jwt(TOKEN, public_jwk(key_from_seed(bytes(32))), at=Place("a.jwt"))

    assert refusal.value.findings[0].message == (
        "a.jwt: CREDENTIAL-009: The signature was made with the issuer's key over exactly these"
        " characters. Here: key=did:web:claims.example#key-1."
        " Do not rely on it: it was changed after signing, or another key signed it."
    )


def token_of(length: int) -> str:
    """A signed token of exactly so many characters."""
    room = (length - len(generate.token(payload={"a": ""}))) * 3 // 4
    made = (
        generate.token({**generate.HEADER, "more": more}, {"a": "x" * (room - less)})
        for more in ("", "x", "xx")
        for less in range(30)
    )
    return next(token for token in made if len(token) == length)


@pytest.mark.parametrize(
    ("length", "refused"),
    [
        (TOKEN_MAX_CHARACTERS - 1, None),
        (TOKEN_MAX_CHARACTERS, None),
        (TOKEN_MAX_CHARACTERS + 1, "CREDENTIAL-004"),
    ],
)
def test_a_token_has_at_most_262_144_characters(length: int, refused: str | None) -> None:
    assert checked(token_of(length), VECTORS["key"]) == refused


def test_a_token_that_would_be_too_long_is_not_signed() -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-004"):
        sign_vc_jwt({"a": "x" * TOKEN_MAX_CHARACTERS}, KEY, KID)


@settings(max_examples=300)
@given(place=st.integers(0, len(TOKEN) - 1), sign=st.characters(codec="utf-8"))
def test_one_changed_sign_anywhere_is_noticed(place: int, sign: str) -> None:
    changed = TOKEN[:place] + sign + TOKEN[place + 1 :]

    assert (checked(changed, public_jwk(KEY)) is None) == (changed == TOKEN)


def test_every_other_last_sign_is_noticed() -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    taken = [sign for sign in signs if checked(TOKEN[:-1] + sign, public_jwk(KEY)) is None]

    assert taken == [TOKEN[-1]]


def test_the_name_of_a_key_is_its_own_or_its_thumbprint() -> None:
    unnamed = SigningKey(KEY.private, KEY.algorithm)

    assert kid_for(DID, KEY) == f"{DID}#key-1"
    assert len(kid_for(DID, unnamed)) == len(DID) + 1 + 43
    with pytest.raises(RefusalError, match="CREDENTIAL-010"):
        kid_for("example.org", KEY)


def test_the_folder_of_the_vectors_is_this_one() -> None:
    assert Path(__file__).parents[1] / "vectors" / "signatures" == generate.HERE
    assert isinstance(generate_key(curve="P-256").private, ec.EllipticCurvePrivateKey)
