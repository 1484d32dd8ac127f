"""The eight steps for a holder's receipt of a mine's total: who answers for a total is the log.

What this tells a holder: its own content is in the total that everybody sees. It does not tell whether
others are; each holder can tell that for itself alone.

Rules: VERIFY-001 to VERIFY-008, TOTAL-001 to TOTAL-009.
"""

import datetime
from collections.abc import Mapping

from stannary.core.credentials import SignatureChecker
from stannary.core.kernel import Finding, gettext_noop, mass_text
from stannary.core.totals import Receipt, Total, check_receipt, total_of_entry
from stannary.core.totals.rules import (
    DAY_HAS_ONE_TOTAL,
    ENTRY_IS_A_TOTAL,
    RECEIPT_IS_WHOLE,
    TOTAL_IS_WITHIN_PRODUCTION,
)
from stannary.core.transparency_log import LogProof
from stannary.core.verification import rules
from stannary.core.verification.later import LaterLog
from stannary.core.verification.logged import check_entry, check_log_signature
from stannary.core.verification.parts import Checkable, Trust
from stannary.core.verification.reading import Reading
from stannary.core.verification.report import (
    Outcome,
    Step,
    StepName,
    failed,
    passed,
    unchecked,
)
from stannary.core.verification.validity import differs_from_later, facts_of

_ADDS_UP = (RECEIPT_IS_WHOLE, TOTAL_IS_WITHIN_PRODUCTION)
"""What is compared in step 8; everything else about a receipt is computed in step 7."""


def receipt_steps(
    parsed: Checkable,
    reading: Reading,
    *,
    trust: Trust,
    on: datetime.date,
    crypto: SignatureChecker,
    later: LaterLog | None,
) -> tuple[Step, ...]:
    """Take all steps for a receipt; nothing about it makes this raise."""
    enclosed = parsed.receipt
    receipt = enclosed.receipt if enclosed else None
    proof = reading.proof
    signed = check_log_signature(parsed, reading, trust, crypto)
    if receipt is None or proof is None:
        return (reading.step, signed, _trusted(signed, trust), *_unread())
    total = total_of_entry(receipt.entry)
    findings = check_receipt(receipt)
    return (
        reading.step,
        signed,
        _trusted(signed, trust),
        _only_one(receipt, proof, total, later),
        _day(total, on),
        check_entry(parsed, reading, trust, crypto, entry=receipt.entry, proof=proof),
        _recomputed(receipt, total, [one for one in findings if one.rule not in _ADDS_UP]),
        _consistent(total, [one for one in findings if one.rule in _ADDS_UP]),
    )


def _unread() -> tuple[Step, ...]:
    text = gettext_noop("There is no receipt that could be read.")
    return tuple(unchecked(name, text) for name in list(StepName)[3:])


def _trusted(signed: Step, trust: Trust) -> Step:
    """Take step 3: the log is who answers for a total."""
    name = StepName.ISSUER_TRUSTED
    if not trust.log_keys:
        text = gettext_noop(
            "You have named no log that you trust. Give the verifier key that you know with --trust."
        )
        return unchecked(name, text)
    if signed.outcome is not Outcome.PASSED:
        text = gettext_noop("No log that you trust has signed it.")
        return unchecked(name, text)
    text = gettext_noop("You trust the log that signed it, and the key is the one that you know.")
    return passed(name, text)


def _only_one(
    receipt: Receipt, proof: LogProof, total: Total | None, later: LaterLog | None
) -> Step:
    """Take step 4: does the log state another total of the same mine and day?"""
    name = StepName.NOT_REVOKED
    if later is None or total is None:
        text = gettext_noop(
            "A second total of the same mine and day would stand in the public log. Give the log as"
            " it is now with --log."
        )
        return unchecked(name, text)
    differs = differs_from_later(proof, receipt.entry, later)
    if differs is not None:
        return differs
    facts = {**facts_of(later), **_of(total)}
    stated = later.totals.get((total.mine, total.day), ())
    others = [index for index, one in stated if one != total]
    if others:
        facts["index"] = str(others[0])
        text = gettext_noop(
            "The log states another total of %(mine)s on %(day)s: entry number %(index)s."
        )
        return failed(name, text, [Finding(DAY_HAS_ONE_TOTAL, facts)], where="log", **facts)
    text = gettext_noop(
        "The log %(log)s, of %(size)s entries when you got it, states no other total of %(mine)s on"
        " %(day)s."
    )
    return passed(name, text, **facts)


def _day(total: Total | None, on: datetime.date) -> Step:
    """Take step 5: a total is of one day, and stays what it was."""
    name = StepName.IN_FORCE
    if total is None:
        return unchecked(name, gettext_noop("There are no dates that could be read."))
    facts = {"day": total.day.isoformat(), "on": on.isoformat()}
    if total.day > on:
        text = gettext_noop("It is of %(day)s, which is after %(on)s.")
        return failed(name, text, [Finding(rules.IT_IS_IN_FORCE, facts)], where="entry", **facts)
    text = gettext_noop("It is of %(day)s. What was booked later is in later totals.")
    return passed(name, text, **facts)


def _recomputed(receipt: Receipt, total: Total | None, findings: list[Finding]) -> Step:
    """Take step 7: do all parts lead to the root and to the total that the log states?"""
    name = StepName.RECOMPUTED
    if total is None or findings:
        first = findings[0] if findings else Finding(ENTRY_IS_A_TOTAL)
        text = gettext_noop(
            "The receipt does not lead to the total. What does not hold: %(demand)s"
        )
        where = first.facts.get("where", "entry")
        return failed(name, text, findings or [first], where=where, demand=first.rule.demand)
    text = gettext_noop(
        "%(mass)s of %(holder)s are in the total of %(mine)s on %(day)s: %(total)s, with the root"
        " %(root)s."
    )
    facts = {
        "mass": mass_text(receipt.sum_mg),
        "holder": receipt.holder[:200],
        "total": mass_text(total.total_mg),
        "root": total.root.hex(),
    }
    return passed(name, text, where="parts", **facts, **_of(total))


def _consistent(total: Total | None, findings: list[Finding]) -> Step:
    """Take step 8: is all of the holder's there, and is the total within what was produced?"""
    name = StepName.CONSISTENT
    if total is None:
        text = gettext_noop("It cites nothing that this version could compare.")
        return unchecked(name, text)
    if findings:
        text = gettext_noop("It does not add up. What does not hold: %(demand)s")
        where = "entry" if findings[0].rule is TOTAL_IS_WITHIN_PRODUCTION else "parts"
        return failed(name, text, findings, where=where, demand=findings[0].rule.demand)
    text = gettext_noop(
        "The parts are those of the lots named. The total is held (%(held)s) and under way (%(way)s),"
        " and at most what the mine produced (%(produced)s)."
    )
    facts = {
        "held": mass_text(total.held_mg),
        "way": mass_text(total.under_way_mg),
        "produced": mass_text(total.produced_mg),
    }
    return passed(name, text, **facts)


def _of(total: Total) -> Mapping[str, str]:
    return {"mine": total.mine[:200], "day": total.day.isoformat()}
