"""May this be said of what a site blended under control in a period.

It is measured over all batches, and says nothing of a single lot; so it takes nothing from what may be
said of lots.

Rules: CLAIM-002, CLAIM-003, CLAIM-005, CLAIM-006, CLAIM-008, CLAIM-009, CLAIM-011 to CLAIM-016.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.claims import rules
from stannary.core.claims.blended import Blended
from stannary.core.claims.claims import (
    Blending,
    Claim,
    check_form,
    check_level,
    check_smallest,
    check_words_share,
    exact_text,
    has_level,
    wording_of,
)
from stannary.core.claims.counting import counting_of
from stannary.core.custody import (
    Amounts,
    BalancePeriod,
    CustodyCertificate,
    CustodyRules,
    Model,
    period_of,
    standing_of,
)
from stannary.core.kernel import Finding, InvariantError, RefusalError
from stannary.core.standards import Edition

MIN_SHARE = "controlled_blending_min_share"


def check_site_claim(
    claim: Claim,
    *,
    blended: Blended,
    given: Mapping[str, Amounts] | None,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    custody_pack: Edition,
    certificates: Iterable[CustodyCertificate],
    covered_on: datetime.date | None = None,
) -> tuple[Finding, ...]:
    """Check a claim on what a site blended and return every finding; none means that it may be made.

    Args:
        claim: What is to be said.
        blended: What whoever makes the claim blended at the site in the period, of all materials.
        given: What the books let be said of each batch, by lot; None: no books are kept.
        achievements: By id, as the mined lots name them.
        edition: The standard that it names.
        custody_pack: The pack whose words it uses, under which the books are kept.
        certificates: Of whoever makes the claim, at least.
        covered_on: The day on which one has to cover it; None: the day of the claim.

    Raises:
        InvariantError: If the claim is about a lot, or something else was measured.
    """
    about = claim.blending
    if about is None or (blended.site, blended.period) != (about.facility, about.period):
        raise InvariantError("a claim is checked with what was blended at its own site and period")
    measured = blended.of(about.material)
    findings = [
        *check_form(claim, custody_pack),
        *_check_words(claim, custody_pack),
        *check_level(claim, edition, custody_pack),
        *_check_share_of_pack(claim, custody_pack),
        *_check_period(claim, about.period, custody_pack),
        *_check_cover(claim, measured, certificates, custody_pack, covered_on or claim.made_on),
    ]
    if has_level(claim, edition):
        counting = counting_of(custody_pack, claim.made_on)
        share = measured.share_at(
            achievements, edition, claim.level, given=given, counting=counting
        )
        findings += _check_share(claim, about, share)
    return tuple(sorted(findings, key=lambda finding: finding.code))


def claimable_period(
    valid_from: datetime.date, day: datetime.date, custody_pack: Edition
) -> BalancePeriod:
    """Give what of the balance period of a day a claim that is made on another day may be about.

    Args:
        valid_from: A day in the period.
        day: The day of the claim.
        custody_pack: Whose periods count.

    Raises:
        RefusalError: CUSTODY-070, CUSTODY-071 if the pack does not say how long periods are.
    """
    whole = period_of(valid_from, CustodyRules.from_edition(custody_pack, valid_from))
    return BalancePeriod(whole.valid_from, min(whole.valid_until, day))


def _check_words(claim: Claim, pack: Edition) -> Iterator[Finding]:
    words = wording_of(claim, pack)
    if words is None or not words.is_of_site:
        codes = ", ".join(known.code for known in pack.claims if known.is_of_site) or "none"
        facts = {"words": claim.wording[:80], "pack": pack.id, "known": codes}
        yield Finding(rules.WORDS_ARE_ALLOWED, facts)
        return
    model = str(Model.CONTROLLED_BLENDING)
    if model not in words.models:
        facts = {"words": words.code, "model": model, "allowed_for": ", ".join(words.models)}
        yield Finding(rules.WORDS_ARE_ALLOWED, facts)
    yield from check_words_share(claim, words)


def _check_share_of_pack(claim: Claim, pack: Edition) -> Iterator[Finding]:
    parameter = pack.parameters.get(MIN_SHARE)
    smallest = parameter.fraction_on(claim.made_on) if parameter else None
    yield from check_smallest(claim, smallest, rules.SITE_SHARE_IS_LARGE_ENOUGH, pack=pack.id)


def _check_period(claim: Claim, period: BalancePeriod, pack: Edition) -> Iterator[Finding]:
    if pack.kind != "custody":
        return  # CLAIM-009 says so
    try:
        first = period.valid_from
        whole = period_of(first, CustodyRules.from_edition(pack, first))
    except RefusalError as refusal:
        yield from refusal.findings
        return
    is_over = period == whole and whole.valid_until <= claim.made_on
    goes_on = claim.made_on < whole.valid_until and claim.valid_until <= whole.valid_until
    until_now = whole.valid_from < period.valid_until == claim.made_on
    if not is_over and not (period.valid_from == whole.valid_from and until_now and goes_on):
        facts = {
            "period": str(period),
            "balance_period": str(whole),
            "made_on": claim.made_on.isoformat(),
            "valid_until": claim.valid_until.isoformat(),
        }
        yield Finding(rules.PERIOD_IS_WHOLE, facts)


def _check_cover(
    claim: Claim,
    measured: Blended,
    certificates: Iterable[CustodyCertificate],
    pack: Edition,
    day: datetime.date,
) -> Iterator[Finding]:
    """Ask for a certificate on a day, as if a batch were made then."""
    if not measured.batches:
        return  # CLAIM-013 says that nothing was blended
    made = measured.batches[-1].made
    at = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    row = replace(made, at=at)
    standing = standing_of(row, Model.CONTROLLED_BLENDING, certificates, pack=pack.id)
    if made.entity == claim.made_by and standing.counts:
        return
    codes = ", ".join(dict.fromkeys(one.code for one in standing.findings))
    facts = {
        "entity": claim.made_by,
        "facility": made.site,
        "material": made.material,
        "on": day.isoformat(),
        "found": codes or ("a pilot" if standing.pilot else "another entity"),
    }
    yield Finding(rules.SITE_IS_COVERED, facts)


def _check_share(claim: Claim, about: Blending, share: Fraction | None) -> Iterator[Finding]:
    if share is not None and claim.share <= share:
        return
    facts = {
        "facility": about.facility,
        "material": about.material,
        "period": str(about.period),
        "level": claim.level,
        "claimed": exact_text(claim.share),
        "measured": "nothing was blended" if share is None else exact_text(share),
    }
    yield Finding(rules.SITE_SHARE_IS_MEASURED, facts)
