"""Keys and signatures: the only place that touches cryptography.

A session, from a new key to a checked credential:

>>> key = key_from_seed(bytes(range(32)), "key-1")        # generate_key("key-1") in earnest
>>> did = "did:web:claims.example"
>>> document = did_document(did, public_jwk(key))
>>> token = sign_vc_jwt({"issuer": did}, key, kid_for(did, key))
>>> verify_vc_jwt(token, public_jwk(key))["issuer"]
'did:web:claims.example'
"""

from stannary.core.credentials.dids import did_document, did_web_url
from stannary.signing.keys import (
    SigningKey,
    generate_key,
    key_from_jwk,
    key_from_seed,
    load_key,
    load_or_create_key,
    private_jwk,
    public_jwk,
    save_key,
)
from stannary.signing.log_keys import NoteSigner, NoteVerifier, note_signer, note_verifier
from stannary.signing.signatures import Signatures, kid_for, sign_vc_jwt, verify_vc_jwt

__all__ = [
    "NoteSigner",
    "NoteVerifier",
    "Signatures",
    "SigningKey",
    "did_document",
    "did_web_url",
    "generate_key",
    "key_from_jwk",
    "key_from_seed",
    "kid_for",
    "load_key",
    "load_or_create_key",
    "note_signer",
    "note_verifier",
    "private_jwk",
    "public_jwk",
    "save_key",
    "sign_vc_jwt",
    "verify_vc_jwt",
]
