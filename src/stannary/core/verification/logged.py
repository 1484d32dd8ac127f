"""Step 6: is it entered in the public log? And step 2 for a log proof, which only the log signs.

Rules: VERIFY-006, LOG-010 to LOG-012.
"""

from dataclasses import dataclass

from stannary.core.credentials import SignatureChecker, entry_of
from stannary.core.credentials.tokens import encode_base64url
from stannary.core.kernel import Finding, Place, RefusalError, gettext_noop
from stannary.core.transparency_log import (
    Checkpoint,
    LogProof,
    VerifierKey,
    check_proof,
    leaf_hash,
    open_checkpoint,
    parse_checkpoint,
    parse_note,
)
from stannary.core.verification import rules
from stannary.core.verification.parts import Checkable, Kind, Trust
from stannary.core.verification.reading import Reading
from stannary.core.verification.report import Step, StepName, failed, passed, unchecked

_LOGGED = StepName.LOGGED


@dataclass(frozen=True, slots=True)
class LogKey:
    """A verifier key that checks through the reader's cryptography."""

    key: VerifierKey
    crypto: SignatureChecker

    @property
    def name(self) -> str:
        """Name of the key."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """Id of the key."""
        return self.key.key_id

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is right."""
        x = encode_base64url(self.key.public_key)
        return self.crypto.signature_holds(
            algorithm="EdDSA",
            jwk={"kty": "OKP", "crv": "Ed25519", "x": x},
            message=message,
            signature=signature,
        )


def check_logged(
    parsed: Checkable, reading: Reading, trust: Trust, crypto: SignatureChecker
) -> Step:
    """Take step 6."""
    proof = reading.proof
    if proof is None:
        absent = gettext_noop("No log proof is enclosed.")
        unread = gettext_noop("The log proof cannot be read.")
        return unchecked(_LOGGED, unread if parsed.proof else absent)
    _checkpoint, facts = _facts(proof)
    if reading.token is None or reading.head is None:
        text = gettext_noop(
            "Entry number %(index)s of the log %(log)s is meant. What it says cannot be told from"
            " the proof: give the file that it belongs to."
        )
        return unchecked(_LOGGED, text, where="proof", **facts)
    entry = entry_of(reading.head, reading.token.text)
    return check_entry(parsed, reading, trust, crypto, entry=entry, proof=proof)


def check_entry(
    parsed: Checkable,
    reading: Reading,
    trust: Trust,
    crypto: SignatureChecker,
    *,
    entry: bytes,
    proof: LogProof,
) -> Step:
    """Take step 6 for an entry whose bytes are known."""
    checkpoint, facts = _facts(proof)
    keys = _keys(reading, trust, checkpoint)
    if not keys:
        return _unknown_log(_LOGGED, parsed, reading, trust, facts)
    try:
        check_proof(
            proof,
            leaf=leaf_hash(entry),
            verifiers=[LogKey(key, crypto) for key in keys],
            origin=checkpoint.origin,
            at=Place(parsed.name),
        )
    except RefusalError as refusal:
        text = gettext_noop("The proof does not show it. What does not hold: %(demand)s")
        facts["demand"] = refusal.rule.demand
        return failed(_LOGGED, text, refusal.findings, where="proof", **facts)
    if trust.log_keys:
        text = gettext_noop(
            "Entry number %(index)s, counted from 0, of the log %(log)s, which had %(size)s "
            "entries then."
        )
        return passed(_LOGGED, text, where="proof", **facts)
    text = gettext_noop(
        "The proof fits: entry number %(index)s of %(size)s in the log %(log)s. But the log's key"
        " comes from the file itself. Give the verifier key that you know with --trust."
    )
    return unchecked(_LOGGED, text, where="proof", **facts)


def check_log_signature(
    parsed: Checkable, reading: Reading, trust: Trust, crypto: SignatureChecker
) -> Step:
    """Take step 2 for a log proof alone, or a receipt: who signed is the log."""
    if reading.proof is None:
        text = gettext_noop("There is no checkpoint that could be read.")
        return unchecked(StepName.SIGNED, text)
    checkpoint, facts = _facts(reading.proof)
    keys = _keys(reading, trust, checkpoint)
    if not keys:
        return _unknown_log(StepName.SIGNED, parsed, reading, trust, facts)
    verifiers = [LogKey(key, crypto) for key in keys]
    try:
        open_checkpoint(reading.proof.checkpoint, verifiers, at=Place(parsed.name))
    except RefusalError as refusal:
        text = gettext_noop("The log did not sign it. What does not hold: %(demand)s")
        facts["demand"] = refusal.rule.demand
        return failed(StepName.SIGNED, text, refusal.findings, where="proof", **facts)
    if trust.log_keys or parsed.kind is Kind.LOG_PROOF:
        text = gettext_noop(
            "The log %(log)s, which you trust, signed that it had %(size)s entries."
        )
    else:
        text = gettext_noop(
            "The log %(log)s signed that it had %(size)s entries. Its key comes from the file itself."
        )
    return passed(StepName.SIGNED, text, where="proof", **facts)


def _facts(proof: LogProof) -> tuple[Checkpoint, dict[str, str]]:
    checkpoint = parse_checkpoint(parse_note(proof.checkpoint).text)
    return checkpoint, {
        "log": checkpoint.origin[:200],
        "index": str(proof.index),
        "size": str(checkpoint.size),
    }


def _keys(reading: Reading, trust: Trust, checkpoint: Checkpoint) -> list[VerifierKey]:
    """The keys of the log: those that the reader brought, else the one enclosed."""
    enclosed = (reading.log_key,) if reading.log_key else ()
    return [key for key in trust.log_keys or enclosed if key.name == checkpoint.origin]


def _unknown_log(
    name: StepName, parsed: Checkable, reading: Reading, trust: Trust, facts: dict[str, str]
) -> Step:
    if not trust.log_keys and reading.log_key is None:
        text = gettext_noop(
            "No key of the log %(log)s is at hand. Give its verifier key with --trust."
        )
        return unchecked(name, text, where="proof", **facts)
    if trust.log_keys:
        text = gettext_noop("The log %(log)s is not one that you trust.")
    else:
        text = gettext_noop("The log key enclosed is of another log than %(log)s.")
    finding = Finding(rules.IT_IS_LOGGED, facts, Place(parsed.name))
    return failed(name, text, [finding], where="proof", **facts)
