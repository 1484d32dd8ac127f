"""Issuers' documents: which key may sign, and where a document is found."""

import pytest

from stannary.core.credentials import rules
from stannary.core.credentials.dids import (
    check_did,
    check_did_document,
    did_document,
    did_web_url,
    key_from_document,
    key_name,
    key_of_did,
    thumbprint,
)
from stannary.core.credentials.plain_json import Json
from stannary.core.kernel import Place, RefusalError
from stannary.signing import generate_key, key_from_seed, private_jwk, public_jwk

DID = "did:web:claims.example"
NEW = public_jwk(key_from_seed(bytes(32), "key-2026"))
OLD = public_jwk(key_from_seed(bytes(31) + b"\x01", "key-2024"))
DOCUMENT = did_document(DID, NEW, OLD)


def code_of(content: Json, kid: str | None = f"{DID}#key-2026") -> str:
    def find() -> None:
        check_did_document(content, at=Place("did.json"))
        assert isinstance(content, dict)
        key_from_document(content, kid, at=Place("did.json"))

    with pytest.raises(RefusalError) as refusal:
        find()
    assert refusal.value.findings[0].at == Place("did.json")
    return refusal.value.rule.code


def changed(**change: Json) -> dict[str, Json]:
    return {**DOCUMENT, **change}


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:example.org", "https://example.org/.well-known/did.json"),
        ("did:web:h:a:b", "https://h/a/b/did.json"),
        ("did:web:h%3A8443", "https://h:8443/.well-known/did.json"),
        ("did:web:h%3a8443:a", "https://h:8443/a/did.json"),
        ("did:web:a-b.example.org:.x_y-z", "https://a-b.example.org/.x_y-z/did.json"),
    ],
)
def test_a_did_web_is_found_at_its_address(did: str, url: str) -> None:
    assert did_web_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:key:z6Mk",
        "did:web:-h",
        "did:web:h.",
        "did:web:h..i",
        "did:web:h:",
        "did:web:h::a",
        "did:web:h:.",
        "did:web:h:..:a",
        "did:web:h/a",
        "did:web:user@h",
        "did:web:h%2Fa",
        "did:web:h%3A",
        "did:web:h?x",
        "did:web:h#x",
        "did:web:é",
        "did:web:h\n",
        "did:web:" + "h" * 600,
    ],
)
def test_what_is_no_did_web_has_no_address(did: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        did_web_url(did)
    assert refusal.value.rule is rules.DID_IS_WELL_FORMED  # CREDENTIAL-010


@pytest.mark.parametrize(
    "did", ["", "did:", "did:web:", "did:WEB:h", "did:web:h#k", "x:web:h", "did:web:h "]
)
def test_another_form_is_no_did(did: str) -> None:
    with pytest.raises(RefusalError, match="CREDENTIAL-010"):
        check_did(did)


def test_a_document_lists_its_keys_for_assertions() -> None:
    assert check_did_document(DOCUMENT) == DID
    assert DOCUMENT["verificationMethod"] == [
        {
            "id": f"{DID}#{jwk['kid']}",
            "type": "JsonWebKey",
            "controller": DID,
            "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]},
        }
        for jwk in (NEW, OLD)
    ]
    assert DOCUMENT["assertionMethod"] == [f"{DID}#key-2026", f"{DID}#key-2024"]


@pytest.mark.parametrize("kid", [f"{DID}#key-2024", "#key-2024"])
def test_a_key_is_found_by_its_name(kid: str) -> None:
    name, jwk = key_from_document(DOCUMENT, kid)

    assert (name, jwk["x"]) == (f"{DID}#key-2024", OLD["x"])


def test_the_only_key_needs_no_name() -> None:
    assert key_from_document(did_document(DID, NEW), None)[1]["x"] == NEW["x"]
    assert code_of(DOCUMENT, None) == "CREDENTIAL-011"


def test_a_key_written_inside_the_list_is_found() -> None:
    method: Json = {"id": "#key-3", "type": "JsonWebKey2020", "publicKeyJwk": {**NEW}}

    assert key_from_document(changed(assertionMethod=[method]), "#key-3")[1]["x"] == NEW["x"]


def test_an_unlisted_key_is_refused_in_words() -> None:
    with pytest.raises(RefusalError) as refusal:
        key_from_document(did_document(DID, OLD), f"{DID}#key-2026", at=Place("did.json"))
    assert refusal.value.findings[0].message == (
        "did.json: CREDENTIAL-011: The key that signed is listed in the issuer's document for"
        " assertions. Here: key=did:web:claims.example#key-2026,"
        " listed=did:web:claims.example#key-2024."
        " Fetch the issuer's present document; old keys stay listed in it."
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "CREDENTIAL-010"),
        ([], "CREDENTIAL-010"),
        ({}, "CREDENTIAL-010"),
        (changed(id=5), "CREDENTIAL-010"),
        (changed(id="example"), "CREDENTIAL-010"),
        (changed(verificationMethod={}), "CREDENTIAL-010"),
        (changed(verificationMethod=["x"]), "CREDENTIAL-010"),
        (changed(verificationMethod=[{"type": "JsonWebKey"}]), "CREDENTIAL-010"),
        (changed(verificationMethod=[{"id": "#a"}, {"id": f"{DID}#a"}]), "CREDENTIAL-010"),
        (
            changed(
                verificationMethod=[
                    {"id": "#a", "publicKeyJwk": private_jwk(key_from_seed(bytes(32)))}
                ]
            ),
            "CREDENTIAL-008",
        ),
        (changed(verificationMethod=[]), "CREDENTIAL-011"),
        (changed(assertionMethod=[]), "CREDENTIAL-011"),
        (changed(assertionMethod=None), "CREDENTIAL-011"),
        (changed(assertionMethod=[5, {"id": 5}]), "CREDENTIAL-011"),
        (changed(assertionMethod=[{"id": "#key-2026"}]), "CREDENTIAL-011"),
        (
            changed(assertionMethod=[{"id": "#key-2026", "type": "JsonWebKey"}]),
            "CREDENTIAL-011",
        ),
        (changed(id="did:web:other.example"), "CREDENTIAL-011"),
    ],
)
def test_a_document_that_does_not_list_the_key_well_is_refused(content: Json, code: str) -> None:
    assert code_of(content) == code


def test_a_document_is_written_for_public_keys_of_a_did_only() -> None:
    for did, jwks, code in (
        (DID, (), "CREDENTIAL-010"),
        ("example.org", (NEW,), "CREDENTIAL-010"),
        (DID, (private_jwk(key_from_seed(bytes(32))),), "CREDENTIAL-008"),
        (DID, ({"kty": "RSA"},), "CREDENTIAL-008"),
    ):
        with pytest.raises(RefusalError) as refusal:
            did_document(did, *jwks)
        assert refusal.value.rule.code == code


def test_an_unnamed_key_is_named_by_its_thumbprint() -> None:
    jwk = public_jwk(generate_key(curve="P-256"))

    assert key_name(DID, jwk) == f"{DID}#{thumbprint(jwk)}"
    assert key_name(DID, {**jwk, "kid": ""}) == f"{DID}#{thumbprint(jwk)}"
    assert key_name(DID, {**jwk, "kid": "key-1"}) == f"{DID}#key-1"


@pytest.mark.parametrize(
    "did",
    [
        DID,
        "did:key:z6Mk",
        "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMs0",
        "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",
        "did:key:z" + "1" * 45,
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
    ],
)
def test_only_a_did_key_of_ed25519_is_a_key_itself(did: str) -> None:
    assert key_of_did(did) is None
