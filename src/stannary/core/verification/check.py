"""The public check: eight numbered steps, in this order, that need no server and no trust in us.

1. readable        everything in the file can be read
2. signed          by whom, with which key
3. issuer_trusted  is that somebody whom the reader trusts
4. not_revoked     has the issuer withdrawn it
5. in_force        on the day of the check
6. logged          is it entered in the public log
7. recomputed      do shares follow from the movements, levels from the published ratings
8. consistent      is everything enclosed what was signed, does every statement follow

A step that cannot be taken says why. What this does not tell: whether the movements and ratings
that were recorded are true; only that they are those that somebody answers for, and that what is
said follows from them.

Rules: VERIFY-001 to VERIFY-008.
"""

import datetime
from collections.abc import Mapping

from stannary.core.credentials import SignatureChecker
from stannary.core.standards import Edition
from stannary.core.verification.consistent import check_consistency
from stannary.core.verification.later import LaterLog
from stannary.core.verification.logged import check_log_signature, check_logged
from stannary.core.verification.parts import NOBODY, Checkable, Kind, Trust
from stannary.core.verification.reading import read_parts
from stannary.core.verification.receipts import receipt_steps
from stannary.core.verification.recomputed import Packs, recompute
from stannary.core.verification.report import Report
from stannary.core.verification.signed import Signature, check_signature, check_trust
from stannary.core.verification.validity import check_dates, check_revocation


def verify_file(
    parsed: Checkable,
    *,
    trust: Trust = NOBODY,
    on: datetime.date,
    crypto: SignatureChecker,
    packs: Mapping[str, Edition],
    pack_hashes: Mapping[str, str] | None = None,
    later: LaterLog | None = None,
) -> Report:
    """Check a file and report on every step.

    Args:
        parsed: The file, taken apart.
        trust: Whom the reader trusts.
        on: The day for which it is checked.
        crypto: Computes whether signatures hold.
        packs: Standards and custody packs at hand, by id.
        pack_hashes: Id to content hash; a published result says which content it was scored with.
            None, or a pack that is missing: not compared.
        later: The public log as the reader has it now: it tells what was taken back since; None:
            none is at hand, and step 4 says so.

    Returns:
        A report with all eight steps; nothing about the file makes this raise.
    """
    at_hand = _at_hand(parsed, packs, pack_hashes or {})
    reading = read_parts(parsed)
    if parsed.kind is Kind.TOTAL_RECEIPT:
        of_receipt = receipt_steps(parsed, reading, trust=trust, on=on, crypto=crypto, later=later)
        return Report(parsed.name, str(parsed.kind), on, of_receipt, None)
    if parsed.kind is Kind.LOG_PROOF:
        signature = Signature(check_log_signature(parsed, reading, trust, crypto), None)
    else:
        signature = check_signature(parsed, reading, trust, crypto)
    recomputation = recompute(parsed, reading, at_hand)
    steps = (
        reading.step,
        signature.step,
        check_trust(reading, signature, trust),
        check_revocation(reading, later, on),
        check_dates(reading, on),
        check_logged(parsed, reading, trust, crypto),
        recomputation.step,
        check_consistency(parsed, reading, recomputation, at_hand),
    )
    return Report(parsed.name, str(parsed.kind), on, steps, reading.statement)


def _at_hand(parsed: Checkable, packs: Mapping[str, Edition], hashes: Mapping[str, str]) -> Packs:
    """Give the packs at hand: one that is enclosed counts first, for its hash must be the signed one."""
    pack = parsed.pack
    if pack is None or pack.edition is None:
        return Packs(packs, hashes)
    name = pack.edition.id
    return Packs({**packs, name: pack.edition}, {**hashes, name: pack.sha256})


verify = verify_file
