"""Compact tokens and envelopes: one form, taken apart without trusting it."""

import pytest

from stannary.core.credentials import rules
from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.tokens import (
    ALGORITHMS,
    DATA_URLS,
    TOKEN_MAX_CHARACTERS,
    VCDM_CONTEXT,
    algorithm_named,
    check_public_jwk,
    decode_base64url,
    encode_base64url,
    envelope,
    open_envelope,
    parse_token,
)
from stannary.core.kernel import Place, RefusalError
from stannary.signing import generate_key, public_jwk
from vectors.signatures import generate

TOKEN = generate.token()


def refusal_of(token: str) -> str:
    with pytest.raises(RefusalError) as refusal:
        parse_token(token, at=Place("a.jwt"))
    assert refusal.value.findings[0].at is not None
    return refusal.value.findings[0].message


def test_a_token_is_taken_apart() -> None:
    token = parse_token(TOKEN)

    assert (token.kid, token.algorithm.crv) == (generate.KID, "Ed25519")
    assert token.payload == generate.PAYLOAD
    assert token.message.decode("ascii") == TOKEN.rpartition(".")[0]
    assert len(token.signature) == 64
    assert parse_token(generate.token(generate.without("kid"))).kid is None


def test_a_token_in_another_form_is_refused_in_words() -> None:
    assert refusal_of("a.b") == (
        "a.jwt: CREDENTIAL-004: A signed credential is three parts in base64url joined by points,"
        " at most 262 144 characters. Here: problem=2 parts."
        " Ask whoever gave you the file for an unchanged copy."
    )


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("", "1 parts"),
        ("é.é.é", "not base64url"),
        ("..", "not base64url"),
        (TOKEN.replace(".", ". ", 1), "not base64url"),
        (TOKEN[:-1] + "B", "not base64url"),
        (TOKEN + "A", "a signature of 65 bytes"),
        (TOKEN + "AAAA", "a signature of 67 bytes"),
        (f"{encode_base64url(b'[]')}.e30.AAAA", "the header is not an object"),
        ("_w.e30.AAAA", "the header is not UTF-8"),
    ],
)
def test_the_problem_of_a_token_is_named(token: str, problem: str) -> None:
    assert (
        f"CREDENTIAL-004: {rules.TOKEN_IS_COMPACT.demand} Here: problem={problem}."
        in refusal_of(token)
    )


def test_a_header_that_is_not_accepted_is_refused_in_words() -> None:
    assert refusal_of(generate.token({**generate.HEADER, "alg": "none"})) == (
        "a.jwt: CREDENTIAL-005: A signed credential says typ vc+jwt, alg EdDSA, Ed25519, ES256,"
        " ES384 or ES512, and no critical extension. Here: alg=none."
        " Ask the issuer to sign it in this form."
    )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"typ": "JWT"}, "typ=JWT"),
        ({"typ": None}, "typ=None"),
        ({"cty": "vp"}, "cty=vp"),
        ({"cty": None}, "cty=None"),
        ({"crit": []}, "not_accepted=crit"),
        ({"b64": True}, "not_accepted=b64"),
        ({"zip": "DEF"}, "not_accepted=zip"),
        ({"kid": 1}, "kid=1"),
    ],
)
def test_what_a_header_may_not_say_is_named(change: dict[str, Json], named: str) -> None:
    assert f"CREDENTIAL-005: {rules.HEADER_IS_ACCEPTED.demand} Here: {named}." in refusal_of(
        generate.token({**generate.HEADER, **change})
    )


@pytest.mark.parametrize(
    "change",
    [
        {"typ": "application/vc+jwt"},
        {"typ": "vc-ld+jwt"},
        {"cty": "application/vc"},
        {"cty": "vc+ld+json"},
    ],
)
def test_a_header_may_say_the_same_in_other_words(change: dict[str, Json]) -> None:
    assert parse_token(generate.token({**generate.HEADER, **change})).kid == generate.KID


@pytest.mark.parametrize("signs", [-1, 0, 1])
def test_a_token_has_at_most_so_many_signs(signs: int) -> None:
    # it is stopped by its length before it is stopped by its form
    problem = f"{TOKEN_MAX_CHARACTERS + signs} characters" if signs > 0 else "1 parts"

    assert f"Here: problem={problem}." in refusal_of("a" * (TOKEN_MAX_CHARACTERS + signs))


@pytest.mark.parametrize("name", ["none", "None", "", "HS256", "RS256", "PS256", "ES256K", "eddsa"])
def test_no_other_algorithm_is_accepted(name: str) -> None:
    assert algorithm_named(name) is None


def test_base64url_has_one_spelling() -> None:
    assert decode_base64url("_-8") == b"\xff\xef"
    for text in ("", "_-9", "_-8=", "/+8", "_-8\n", "_", "é"):
        assert decode_base64url(text) is None


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=lambda algorithm: algorithm.crv)
def test_a_public_key_fits_its_algorithm(algorithm) -> None:  # type: ignore[no-untyped-def]
    jwk = public_jwk(generate_key(curve=algorithm.crv))

    check_public_jwk(jwk, algorithm)
    check_public_jwk(
        {**jwk, "alg": algorithm.names[-1], "use": "sig", "key_ops": ["verify"]}, algorithm
    )
    wrong: list[dict[str, Json]] = [
        {"kty": "RSA"},
        {"crv": "X25519"},
        {"crv": None},
        {"alg": "ES256K"},
        {"use": "enc"},
        {"key_ops": ["sign"]},
        {"key_ops": "verify"},
        {"x": "AA"},
        {"x": str(jwk["x"]) + "A"},
        {"x": 1},
        {"d": "AA"},
    ]
    if algorithm.kty == "EC":
        wrong.append({"y": "AA"})
    for change in wrong:
        with pytest.raises(RefusalError) as refusal:
            check_public_jwk({**jwk, **change}, algorithm, at=Place("did.json"))
        assert refusal.value.rule is rules.KEY_FITS  # CREDENTIAL-008
        assert refusal.value.findings[0].at == Place("did.json")


def test_an_envelope_holds_the_token() -> None:
    content = envelope(TOKEN)

    assert open_envelope(content) == TOKEN
    assert open_envelope({**content, "@context": VCDM_CONTEXT, "type": [content["type"]]}) == TOKEN
    assert open_envelope({**content, "id": DATA_URLS[1] + TOKEN}) == TOKEN


@pytest.mark.parametrize(
    "content",
    [
        None,
        TOKEN,
        [],
        {},
        {**envelope(TOKEN), "more": 1},
        {**envelope(TOKEN), "type": "VerifiableCredential"},
        {**envelope(TOKEN), "@context": [VCDM_CONTEXT, "more"]},
        {**envelope(TOKEN), "id": TOKEN},
        {**envelope(TOKEN), "id": "data:application/jwt," + TOKEN},
        {**envelope(TOKEN), "id": "data:application/vc+jwt;base64," + TOKEN},
        {**envelope(TOKEN), "id": 5},
    ],
)
def test_another_form_is_no_envelope(content: Json) -> None:
    with pytest.raises(RefusalError) as refusal:
        open_envelope(content, at=Place("a.json"))
    assert refusal.value.rule is rules.ENVELOPE_HAS_ITS_FORM  # CREDENTIAL-007
    assert refusal.value.findings[0].at == Place("a.json")
