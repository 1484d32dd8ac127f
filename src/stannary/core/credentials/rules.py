"""What a signed credential, its keys and its file must hold, in the order checked.

Rules: CREDENTIAL-001 to CREDENTIAL-016.
"""

from stannary.core.kernel import Rule, gettext_noop

_UNCHANGED_COPY = gettext_noop("Ask whoever gave you the file for an unchanged copy.")
_DESIGN = "Stannary design, decision 8"

FILE_IS_READABLE = Rule(
    code="CREDENTIAL-001",
    demand=gettext_noop(
        "A file to check is a claim file, a result file, a receipt of a total, a signed credential or a log proof, up to 20 MB."
    ),
    source="Stannary contracts, section 4",
    remedy=gettext_noop("Give the file as you got it, without opening and saving it in between."),
)
JSON_IS_PLAIN = Rule(
    code="CREDENTIAL-002",
    demand=gettext_noop(
        "JSON is UTF-8 without repeated keys, fractions, broken characters or more than 64 levels."
    ),
    source="RFC 8785, 3.1; RFC 7493",
    remedy=_UNCHANGED_COPY,
)
FILE_HAS_ITS_FORM = Rule(
    code="CREDENTIAL-003",
    demand=gettext_noop(
        "A claim file, result file or receipt holds every part of its form, and no other."
    ),
    source="Stannary claim file, form 1",
    remedy=_UNCHANGED_COPY,
)
TOKEN_IS_COMPACT = Rule(
    code="CREDENTIAL-004",
    demand=gettext_noop(
        "A signed credential is three parts in base64url joined by points, at most 262 144 characters."
    ),
    source="RFC 7515, 3.1 and 7.1",
    remedy=_UNCHANGED_COPY,
)
HEADER_IS_ACCEPTED = Rule(
    code="CREDENTIAL-005",
    demand=gettext_noop(
        "A signed credential says typ vc+jwt, alg EdDSA, Ed25519, ES256, ES384 or ES512, and no critical extension."
    ),
    source="W3C VC-JOSE-COSE, 3.1; RFC 9864",
    remedy=gettext_noop("Ask the issuer to sign it in this form."),
)
PAYLOAD_IS_CREDENTIAL = Rule(
    code="CREDENTIAL-006",
    demand=gettext_noop(
        "What is signed is a credential of version 2.0: context, type, issuer and subject, dates with an offset."
    ),
    source="W3C VCDM 2.0, 4",
    remedy=gettext_noop("Ask the issuer for a credential of version 2.0."),
)
ENVELOPE_HAS_ITS_FORM = Rule(
    code="CREDENTIAL-007",
    demand=gettext_noop(
        "An enveloped credential has the context, the type EnvelopedVerifiableCredential and the signed credential in its id."
    ),
    source="W3C VCDM 2.0, 4.13",
    remedy=_UNCHANGED_COPY,
)
KEY_FITS = Rule(
    code="CREDENTIAL-008",
    demand=gettext_noop(
        "A public key is a JWK of the kind that the algorithm needs, without its private part."
    ),
    source="RFC 7517; RFC 8037",
    remedy=gettext_noop("Give the public key of the issuer, for that algorithm."),
)
SIGNATURE_HOLDS = Rule(
    code="CREDENTIAL-009",
    demand=gettext_noop(
        "The signature was made with the issuer's key over exactly these characters."
    ),
    source="RFC 7515, 5.2",
    remedy=gettext_noop(
        "Do not rely on it: it was changed after signing, or another key signed it."
    ),
)
DID_IS_WELL_FORMED = Rule(
    code="CREDENTIAL-010",
    demand=gettext_noop(
        "An issuer is named by a DID, and its document bears the same name and lists its keys in full."
    ),
    source="W3C DID 1.0; did:web method",
    remedy=gettext_noop("Write it like did:web:host or did:web:host:path."),
)
DOCUMENT_LISTS_KEY = Rule(
    code="CREDENTIAL-011",
    demand=gettext_noop("The key that signed is listed in the issuer's document for assertions."),
    source="W3C VC-JOSE-COSE, 4; DID 1.0, 5.3.2",
    remedy=gettext_noop("Fetch the issuer's present document; old keys stay listed in it."),
)
KEY_FILE_IS_PRIVATE = Rule(
    code="CREDENTIAL-012",
    demand=gettext_noop("A file with a private key can be read by its owner alone."),
    source=_DESIGN,
    remedy=gettext_noop("Call chmod 600 on the file, and consider whether the key was seen."),
)
KEY_FILE_IS_A_KEY = Rule(
    code="CREDENTIAL-013",
    demand=gettext_noop(
        "A key file holds one private key as a JWK: Ed25519, P-256, P-384 or P-521."
    ),
    source="RFC 7517; RFC 8037",
    remedy=gettext_noop("Restore the file from your backup, or make a new key in a new file."),
)
KEY_FILE_IS_NEW = Rule(
    code="CREDENTIAL-014",
    demand=gettext_noop("A new key is never written over a file that exists."),
    source=_DESIGN,
    remedy=gettext_noop("Name a file that does not exist yet."),
)
SUBJECT_IS_KNOWN = Rule(
    code="CREDENTIAL-015",
    demand=gettext_noop(
        "A credential about a lot or a result says everything that its form asks for, each in its form."
    ),
    source="Stannary claim file, form 1",
    remedy=_UNCHANGED_COPY,
)
FILE_IS_HERE = Rule(
    code="CREDENTIAL-016",
    demand=gettext_noop("A file to check lies on this machine: this version fetches no address."),
    source="Stannary contracts, section 4",
    remedy=gettext_noop("Download it first, then give the file."),
)
