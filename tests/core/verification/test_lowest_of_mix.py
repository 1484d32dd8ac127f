"""A claim under a pack whose mixes have the lowest of their levels, checked offline.

The pack is illustrative: tests/vectors/packs.
"""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from core.verification.checks import FAIL, PASS, check, step
from formats import claim_files as case
from stannary.core.attestations import Achievement
from stannary.core.claims import Claim
from stannary.core.custody import Row
from stannary.core.kernel import RefusalError
from stannary.core.standards import Edition
from stannary.core.verification import Outcome, Report, StepName
from stannary.formats.packs import load_pack

FOLDER = Path(__file__).parents[2] / "vectors" / "packs" / "lowest-of-mix"
LOWEST, HIGHER = "OPEN-TRANSPARENCY", "OPEN-75"
CLAIM = replace(case.CLAIM, wording="WHOLE-AT-LEVEL", level=LOWEST, share=Fraction(1))


@cache
def pack() -> Edition:
    return load_pack(FOLDER)


def rows(unknown_mg: int = 0) -> tuple[Row, ...]:
    """The blend of North and South, with some of nobody knows where."""
    masses_mg = {"U-1": unknown_mg, "L-2041": 875 * 10**6 + unknown_mg}
    return tuple(
        replace(row, mass_mg=mg * 16, content_mg=mg)
        for row in case.rows()
        if (mg := masses_mg.get(row.lot, row.content_mg))
    )


def checked(
    claim: Claim,
    *,
    unknown_mg: int = 0,
    known: Mapping[str, Achievement] | None = None,
    signed_under: Edition | None = None,
) -> Report:
    """Sign a claim, under rules that may not be those of the pack, and check it as a reader does."""
    draft = case.draft(
        claim,
        rows=rows(unknown_mg),
        custody_pack=signed_under or pack(),
        achievements=known or case.achievements(),
    )
    packs = dict(case.packs()) | {pack().id: pack()}
    return check(case.claim_file(draft), packs=packs)


def other_rules() -> Edition:
    """The same pack where each share keeps the level of its site on the day of production."""
    return replace(pack(), parameters={})


def test_a_mix_of_two_levels_is_claimed_and_checked_at_the_lower_one() -> None:
    report = checked(CLAIM)

    assert not report.failed
    step(report, StepName.RECOMPUTED, PASS)
    step(report, StepName.CONSISTENT, PASS)
    with pytest.raises(RefusalError) as refusal:
        checked(replace(CLAIM, level=HIGHER))
    assert [one.code for one in refusal.value.findings] == ["CLAIM-001", "CLAIM-004"]


def test_the_better_part_of_a_mix_fails_where_the_lowest_level_counts() -> None:
    better = replace(CLAIM, wording="SHARE-OF-LEVEL", level=HIGHER, share=Fraction(3, 7))

    found = step(checked(better, signed_under=other_rules()), StepName.RECOMPUTED, FAIL)

    assert [one.code for one in found.findings] == ["CLAIM-001", "CLAIM-004"]
    assert found.findings[0].facts["level_of_mix"] == "lowest"


@pytest.mark.parametrize(("unknown_mg", "outcome"), [(0, PASS), (1, FAIL)])
def test_one_milligram_without_a_level_leaves_the_mix_without(
    unknown_mg: int, outcome: Outcome
) -> None:
    part = replace(CLAIM, wording="SHARE-OF-LEVEL", share=Fraction(1, 2))

    report = checked(part, unknown_mg=unknown_mg, signed_under=other_rules())

    step(report, StepName.RECOMPUTED, outcome)


@pytest.mark.parametrize(("day", "outcome"), [(8, FAIL), (9, FAIL), (10, PASS)])
def test_a_level_that_ended_before_the_claim_fails_where_it_has_to_be_in_force(
    day: int, outcome: Outcome
) -> None:
    ends = datetime.date(2026, 3, day)
    known = {name: replace(one, valid_until=ends) for name, one in case.achievements().items()}

    report = checked(CLAIM, known=known, signed_under=other_rules())

    found = report.step(StepName.RECOMPUTED)
    codes = {one.code for one in found.findings}
    assert ("CLAIM-004" in codes) is (outcome is FAIL)
