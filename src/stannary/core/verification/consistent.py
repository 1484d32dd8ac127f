"""Step 8: is everything enclosed what was signed, and does every statement follow from it?

Rules: VERIFY-008.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stannary.core.claims import claim_sentence
from stannary.core.credentials import (
    ClaimCredential,
    Digest,
    Evidence,
    Json,
    ResultCredential,
    claim_credential,
    differing_parts,
    result_credential,
    site_claim_credential,
)
from stannary.core.kernel import Finding, RefusalError, gettext_noop
from stannary.core.publications import PublishedResult
from stannary.core.standards import Edition
from stannary.core.verification import rules
from stannary.core.verification.parts import Checkable
from stannary.core.verification.reading import Reading
from stannary.core.verification.recomputed import Packs, Recomputation
from stannary.core.verification.report import Step, StepName, failed, passed, unchecked

_CONSISTENT = StepName.CONSISTENT
PLACES_SHOWN = 5
DOES_NOT_FOLLOW = "does not follow"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not what was signed, or does not follow.

    Attributes:
        where: The part, and the line or item if it can be told: "movements, line 12".
        problem: "changed", "missing", "added" or "does not follow".
    """

    where: str
    problem: str


def check_consistency(
    parsed: Checkable, reading: Reading, recomputation: Recomputation, packs: Packs
) -> Step:
    """Take step 8.

    Args:
        parsed: The file.
        reading: What could be read of it.
        recomputation: The trace of the lot, or what was blended, as step 7 found it, if it did.
        packs: The custody pack whose words a claim uses is among them, or is not at hand.
    """
    payload = reading.payload or {}
    if reading.claim is not None:
        return _check_claim(parsed, payload, reading.claim, recomputation, packs)
    if reading.result is not None:
        return _check_result(parsed, reading, payload, reading.result)
    text = gettext_noop("It cites nothing that this version could compare.")
    return unchecked(_CONSISTENT, text)


def _check_claim(
    parsed: Checkable,
    payload: Mapping[str, Json],
    signed: ClaimCredential,
    recomputation: Recomputation,
    packs: Packs,
) -> Step:
    pack = packs.editions.get(signed.custody_pack)
    differences = list(_enclosed_with_claim(parsed, signed))
    differences += _words(signed, pack)
    anew = None if pack is None else _anew(signed, recomputation, pack)
    if anew is not None and not differences:
        differences += _rewritten(lambda: _follow("", payload, anew()))
    if differences:
        return _fails(differences)
    if parsed.achievements is None:
        text = gettext_noop("What it cites is not enclosed, so it could not be compared.")
        return unchecked(_CONSISTENT, text)
    if anew is None or pack is None:
        text = gettext_noop(
            "Everything enclosed is what was signed, but the words could not be compared with "
            "what was recomputed."
        )
        return unchecked(_CONSISTENT, text)
    text = gettext_noop(
        "Everything enclosed is what was signed, and the sentence is made of the words of %(pack)s."
    )
    return passed(_CONSISTENT, text, pack=pack.id)


def _fails(differences: Sequence[Difference]) -> Step:
    follows = {one.problem == DOES_NOT_FOLLOW for one in differences}
    if follows == {False}:
        text = gettext_noop("Not as it was signed: %(places)s.")
    elif follows == {True}:
        text = gettext_noop("Signed, though it does not follow from what is enclosed: %(places)s.")
    else:
        text = gettext_noop("Not as it was signed, or does not follow: %(places)s.")
    finding_facts = [{"where": one.where, "problem": one.problem} for one in differences]
    shown = "; ".join(one.where for one in differences[:PLACES_SHOWN])
    more = len(differences) - PLACES_SHOWN
    return failed(
        _CONSISTENT,
        text,
        [Finding(rules.IT_AGREES_WITH_WHAT_IT_CITES, facts) for facts in finding_facts],
        where=differences[0].where,
        places=f"{shown}; +{more}" if more > 0 else shown,
    )


def _enclosed_with_claim(parsed: Checkable, signed: ClaimCredential) -> Iterator[Difference]:
    evidence = signed.evidence
    if parsed.achievements is None:
        return
    movements = parsed.movements
    if movements is not None and evidence.movements is not None:
        yield from _parts("movements", "line", evidence.movements, movements.digest)
    elif movements is not None or evidence.movements is not None:
        yield Difference("movements", "missing" if movements is None else "added")
    yield from _parts("achievements", "item", evidence.achievements, parsed.achievements.digest)
    for number in range(max(len(evidence.results), len(parsed.results))):
        where = f"result {number + 1}"
        if number >= len(parsed.results):
            yield Difference(where, "missing")
        elif number >= len(evidence.results):
            yield Difference(where, "added")
        elif parsed.results[number].digest.sha256 != evidence.results[number][1]:
            yield Difference(where, "changed")
    yield from _books(parsed, evidence)
    yield from _document(parsed, evidence.issuer_document)


def _books(parsed: Checkable, evidence: Evidence) -> Iterator[Difference]:
    """Compare the books; a file of form 1 has none, and nobody may take them out of one of form 2."""
    if evidence.books is None or evidence.register is None:
        if parsed.books is not None or evidence.books is not evidence.register:
            yield Difference("books", "added")
        return
    if parsed.books is None:
        yield Difference("books", "missing")
        return
    yield from _parts("books", "line", evidence.books, parsed.books.digest)
    yield from _parts("books, register", "item", evidence.register, parsed.books.register)


def _document(parsed: Checkable, sha256: str) -> Iterator[Difference]:
    if parsed.issuer_document is not None and parsed.issuer_document_sha256 != sha256:
        yield Difference("issuer_document", "changed")


def _parts(name: str, part: str, signed: Digest, found: Digest) -> Iterator[Difference]:
    if signed.sha256 == found.sha256:
        return
    places = differing_parts(signed, found)
    if not places:
        yield Difference(name, "changed")
    for number in places:
        yield Difference(f"{name}, {part} {number}", "changed")


def _words(signed: ClaimCredential, pack: Edition | None) -> Iterator[Difference]:
    """Compare the sentence, in every language in which it was signed, with the pack's words."""
    if pack is None:
        return
    if not signed.sentences:
        yield Difference("credentialSubject.sentence", "missing")
    for language, sentence in signed.sentences.items():
        try:
            expected = claim_sentence(signed.claim, pack, language)
        except RefusalError:
            expected = ""
        if sentence != expected:
            yield Difference(f"credentialSubject.sentence.{language}", DOES_NOT_FOLLOW)


def _anew(
    signed: ClaimCredential, recomputation: Recomputation, pack: Edition
) -> Callable[[], Mapping[str, Json]] | None:
    """Give what writes the credential anew from what was recomputed; None: nothing was."""
    claim, trace, blended = signed.claim, recomputation.trace, recomputation.blended
    issuer, name = signed.head.issuer, signed.head.issuer_name or ""
    if trace is not None:
        return lambda: claim_credential(
            claim,
            issuer=issuer,
            issuer_name=name,
            custody_pack=pack.id,
            sentences=signed.sentences,
            trace=trace,
            evidence=signed.evidence,
        )
    if blended is not None and (about := claim.blending) is not None:
        return lambda: site_claim_credential(
            claim,
            about,
            issuer=issuer,
            issuer_name=name,
            custody_pack=pack.id,
            sentences=signed.sentences,
            blended=blended,
            evidence=signed.evidence,
        )
    return None


def _rewritten(write: Callable[[], Iterable[Difference]]) -> list[Difference]:
    """Compare with the credential written anew; what we would not write does not follow."""
    try:
        return list(write())
    except RefusalError as refusal:
        facts = refusal.findings[0].facts
        return [Difference("id" if "id" in facts else "issuer", DOES_NOT_FOLLOW)]


def _check_result(
    parsed: Checkable, reading: Reading, payload: Mapping[str, Json], signed: ResultCredential
) -> Step:
    if not parsed.results:
        text = gettext_noop("What it cites is not enclosed, so it could not be compared.")
        return unchecked(_CONSISTENT, text)
    differences = list(_parts("result", "verdict", signed.digest, parsed.results[0].digest))
    differences += _document(parsed, signed.issuer_document)
    differences += _pack(parsed)
    result = reading.results[0]
    if result is not None and not differences:
        differences += _rewritten(lambda: _result_statements(payload, signed, result))
    if differences:
        return _fails(differences)
    text = gettext_noop("The result enclosed is the one that was signed, sign for sign.")
    return passed(_CONSISTENT, text)


def _pack(parsed: Checkable) -> Iterator[Difference]:
    """Compare the pack enclosed, and the hash stated, with the one that the result names."""
    if parsed.pack is None:
        return
    named = parsed.results[0].content.get("pack_sha256")
    if parsed.pack.stated != named:
        yield Difference("pack.sha256", "changed")
    if parsed.pack.sha256 and parsed.pack.sha256 != named:
        yield Difference("pack", "changed")


def _result_statements(
    payload: Mapping[str, Json], signed: ResultCredential, result: PublishedResult
) -> Iterator[Difference]:
    expected = result_credential(
        result,
        credential_id=signed.head.id or "",
        issuer=signed.head.issuer,
        issuer_name=signed.head.issuer_name or "",
        digest=signed.digest,
        issuer_document=signed.issuer_document,
    )
    yield from _follow("", payload, expected)


def _follow(
    path: str, signed: Mapping[str, Json], expected: Mapping[str, Json]
) -> Iterator[Difference]:
    """Name the members that are not what they should be; members of others are left alone."""
    for name, value in expected.items():
        where = f"{path}.{name}" if path else name
        found = signed.get(name)
        if isinstance(value, dict) and isinstance(found, dict):
            yield from _follow(where, found, value)
        elif type(found) is not type(value) or found != value:
            yield Difference(where, DOES_NOT_FOLLOW if name in signed else "missing")
