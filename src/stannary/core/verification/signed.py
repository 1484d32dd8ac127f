"""Steps 2 and 3: who signed it, and is that somebody whom the reader trusts?

Rules: VERIFY-002, VERIFY-003, CREDENTIAL-008 to CREDENTIAL-011, LOG-010.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from stannary.core.credentials import (
    Head,
    Json,
    SignatureChecker,
    Token,
    check_public_jwk,
    key_from_document,
    key_of_did,
)
from stannary.core.credentials.rules import SIGNATURE_HOLDS
from stannary.core.kernel import Finding, Place, RefusalError, gettext_noop
from stannary.core.verification import rules
from stannary.core.verification.parts import Checkable, Kind, Trust
from stannary.core.verification.reading import Reading
from stannary.core.verification.report import Outcome, Step, StepName, failed, passed, unchecked

_SIGNED, _TRUSTED = StepName.SIGNED, StepName.ISSUER_TRUSTED


class Source(Enum):
    """Where the key came from."""

    TRUSTED = 1
    DID_ITSELF = 2
    ENCLOSED = 3


_KEY_FROM = {
    Source.TRUSTED: gettext_noop(
        "Signed by %(name)s (%(issuer)s) with the key %(key)s, which the document lists that you "
        "trust."
    ),
    Source.DID_ITSELF: gettext_noop(
        "Signed by %(name)s with the key that its name %(issuer)s is itself."
    ),
    Source.ENCLOSED: gettext_noop(
        "Signed by %(name)s (%(issuer)s) with the key %(key)s. The key comes from the file itself."
    ),
}


@dataclass(frozen=True, slots=True)
class Key:
    """The key to check with: where it came from, its absolute name, and itself."""

    source: Source
    name: str
    jwk: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Signature:
    """How step 2 came out, and where its key came from; None if no key was found."""

    step: Step
    source: Source | None


def check_signature(
    parsed: Checkable, reading: Reading, trust: Trust, crypto: SignatureChecker
) -> Signature:
    """Take step 2."""
    if parsed.kind is Kind.PLAIN_CREDENTIAL:
        return Signature(_unsigned(reading), None)
    if reading.token is None or reading.head is None:
        text = gettext_noop("There is no signed credential that could be read.")
        return Signature(unchecked(_SIGNED, text), None)
    at = Place(parsed.name)
    try:
        found = _find_key(parsed, reading.token, reading.head, trust)
        if found is None:
            text = gettext_noop(
                "No key of %(issuer)s is at hand. Give its document with --trust, then the "
                "signature can be checked."
            )
            return Signature(unchecked(_SIGNED, text, issuer=reading.head.issuer), None)
        check_public_jwk(found.jwk, reading.token.algorithm, at=at)
    except RefusalError as refusal:
        text = gettext_noop("The key that it names cannot be used: %(demand)s")
        step = failed(
            _SIGNED,
            text,
            refusal.findings,
            where="credential",
            demand=refusal.rule.demand,
        )
        return Signature(step, None)
    return Signature(_checked(reading.token, reading.head, crypto, found, at), found.source)


def _find_key(parsed: Checkable, token: Token, head: Head, trust: Trust) -> Key | None:
    """Find the issuer's key: what the reader brought wins over what the file brings."""
    document, source = trust.document_of(head.issuer), Source.TRUSTED
    if document is None:
        own = key_of_did(head.issuer)
        if own is not None:
            return Key(Source.DID_ITSELF, head.issuer, own)
        document, source = parsed.issuer_document, Source.ENCLOSED
        if document is None or document.get("id") != head.issuer:
            return None
    kid, jwk = key_from_document(document, token.kid, at=Place(parsed.name))
    return Key(source, kid, jwk)


def _checked(
    token: Token,
    head: Head,
    crypto: SignatureChecker,
    found: Key,
    at: Place,
) -> Step:
    facts = {"name": head.issuer_name or head.issuer, "issuer": head.issuer, "key": found.name}
    holds = crypto.signature_holds(
        algorithm=token.algorithm.names[0],
        jwk=found.jwk,
        message=token.message,
        signature=token.signature,
    )
    if holds:
        return passed(_SIGNED, _KEY_FROM[found.source], where="credential", **facts)
    text = gettext_noop(
        "The signature does not fit: the credential was changed after %(name)s signed it, or "
        "somebody else signed it."
    )
    finding = Finding(SIGNATURE_HOLDS, {"issuer": head.issuer, "key": found.name}, at)
    return failed(_SIGNED, text, [finding], where="credential", **facts)


def _unsigned(reading: Reading) -> Step:
    if reading.payload is not None and "proof" in reading.payload:
        return unchecked(
            _SIGNED,
            gettext_noop("It has a proof of a kind that this version does not check."),
            where="proof",
        )
    finding = Finding(rules.IT_IS_SIGNED, {"signature": "none"})
    text = gettext_noop("It has no signature: anybody can have written it.")
    return failed(_SIGNED, text, [finding])


def check_trust(reading: Reading, signature: Signature, trust: Trust) -> Step:
    """Take step 3."""
    if reading.head is None:
        text = gettext_noop("There is no issuer that could be read.")
        return unchecked(_TRUSTED, text)
    issuer = reading.head.issuer
    if not trust.names_issuers:
        text = gettext_noop(
            "You have named nobody whom you trust. Anybody can call themselves %(name)s: compare "
            "%(issuer)s with the address that you know."
        )
        name = reading.head.issuer_name or issuer
        return unchecked(_TRUSTED, text, name=name, issuer=issuer)
    known = trust.document_of(issuer) is not None
    if not known and issuer not in trust.dids:
        text = gettext_noop("%(issuer)s is not among those whom you trust.")
        finding = Finding(rules.ISSUER_IS_TRUSTED, {"issuer": issuer[:200]})
        return failed(_TRUSTED, text, [finding], where="credential", issuer=issuer)
    if signature.step.outcome is not Outcome.PASSED:
        text = gettext_noop(
            "%(issuer)s is named as issuer, but its signature does not vouch for it."
        )
        return unchecked(_TRUSTED, text, issuer=issuer)
    if signature.source is Source.ENCLOSED:
        text = gettext_noop(
            "You trust %(issuer)s, but its key comes from the file itself. To be sure, fetch its "
            "document and give that with --trust; this version does not fetch it."
        )
        return unchecked(_TRUSTED, text, issuer=issuer)
    text = gettext_noop("You trust %(issuer)s, and the key is the one that you know.")
    return passed(_TRUSTED, text, issuer=issuer)
