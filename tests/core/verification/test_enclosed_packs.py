"""A standard that is enclosed serves for the check, if it is the one that the result names."""

from dataclasses import replace
from typing import Any

from core.verification.checks import RESULT_FILE, failing
from formats import claim_files as case
from stannary.core.kernel import Finding, Place
from stannary.core.standards.rules import PACK_IS_READABLE
from stannary.core.verification import EnclosedPack, Report, verify_file
from stannary.formats.claim_file import parse_checkable
from stannary.signing import Signatures

EDITION = case.packs()[case.STANDARD]
HASH = case.pack_hashes()[case.STANDARD]


def check(pack: EnclosedPack | None, **more: Any) -> Report:
    """Check the result of North with a pack enclosed and no other at hand."""
    return verify_file(
        replace(parse_checkable(RESULT_FILE.encode(), "x.zip"), pack=pack),
        trust=case.trust(),
        on=case.CHECKED_ON,
        crypto=Signatures(),
        **({"packs": {}} | more),
    )


def missing(report: Report) -> set[str]:
    return {str(step.name) for step in report.not_checked}


def test_an_enclosed_standard_is_enough_to_recompute() -> None:
    assert missing(check(None)) == {"not_revoked", "recomputed"}

    report = check(EnclosedPack(HASH, EDITION, HASH))
    assert report.holds
    assert missing(report) == {"not_revoked"}


def test_it_counts_before_one_at_hand() -> None:
    packs = {"packs": case.packs(), "pack_hashes": {case.STANDARD: "1" * 64}}

    assert check(EnclosedPack(HASH, EDITION, HASH), **packs).holds
    assert failing(check(None, **packs)) == {"recomputed": "result"}


def test_one_with_another_hash_than_the_result_names_fails() -> None:
    report = check(EnclosedPack(HASH, EDITION, "0" * 64))

    assert failing(report) == {"recomputed": "result", "consistent": "pack"}


def test_a_stated_hash_is_the_one_that_the_result_names() -> None:
    assert check(EnclosedPack(HASH)).holds
    assert failing(check(EnclosedPack("0" * 64))) == {"consistent": "pack.sha256"}


def test_what_cannot_be_read_of_it_is_told() -> None:
    finding = Finding(PACK_IS_READABLE, {"problem": "no"}, Place("x.zip, pack/standard.toml", 3))

    report = check(EnclosedPack(HASH, sha256=HASH, findings=(finding,)))

    assert failing(report) == {"readable": "pack"}
    assert report.findings == (finding,)
