"""Claims: may this be said of this lot, in which words, on which evidence.

Rules: CLAIM-001 to CLAIM-012. Of what a site blended: `core.claims.of_sites`.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.claims import rules
from stannary.core.claims.counting import (
    BY_PRODUCTION,
    KNOWN_RULES,
    Counting,
    counting_of,
    word_of,
)
from stannary.core.custody import (
    Amounts,
    BalancePeriod,
    MixRule,
    Model,
    SourceKind,
    weakest,
)
from stannary.core.kernel import (
    Finding,
    InvariantError,
    RefusalError,
    Rule,
    share_12_text,
    share_text,
)
from stannary.core.provenance import Origin, Trace
from stannary.core.standards import ClaimWording, Edition, Level

NAME_MAX = 200
ELEMENT_MAX = 60
SHARE_MAX = 40

BY_BOOKS = (Model.MASS_BALANCE, Model.BOOK_AND_CLAIM)
"""Models under which what a lot is made of says nothing."""

PUBLIC_STEP = "transparency_level_in_claims"


@dataclass(frozen=True, slots=True)
class Blending:
    """What an entity blended under control at a site in a period: whoever makes the claim did that.

    Attributes:
        facility: Permanent id of the site.
        material: Of the batches.
        period: From its first day to the first day after it.
    """

    facility: str
    material: str
    period: BalancePeriod


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody wants to say, or has said, of a lot, or of what was blended at a site.

    Attributes:
        id: Permanent: "urn:uuid:…".
        lot: The lot; "" for what was blended at a site.
        wording: Code of the words, out of the custody pack.
        standard: Id of the edition whose level is named.
        level: Code of the level.
        share: Of the content, above 0, at most 1.
        element: The tracked element, in words: "lithium".
        made_by: Who says it.
        made_on: First day on which it is valid.
        valid_until: First day on which it is no longer valid.
        blending: What was blended at a site; None for a lot.
    """

    id: str
    lot: str
    wording: str
    standard: str
    level: str
    share: Fraction
    element: str
    made_by: str
    made_on: datetime.date
    valid_until: datetime.date
    blending: Blending | None = None


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """A mined part of a lot, and whether it counts towards a level.

    Attributes:
        site: The mine.
        attestation: The achievement that the mined lot names; "" for none.
        produced_on: The day of production, in the zone of its record.
        share: Of the traced lot's content.
        status: "counts", "not_named" (no achievement is named), "unknown" (it is not among those
            given), "other_site", "other_standard", "lower_level", or the status of the
            achievement on the day that counts: "not_yet", "suspended", "withdrawn", "expired".
    """

    site: str
    attestation: str
    produced_on: datetime.date
    share: Fraction
    status: str


def parts_of(
    trace: Trace,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    level: str,
    *,
    counting: Counting = BY_PRODUCTION,
) -> tuple[ClaimPart, ...]:
    """Tell of every mined part of a lot whether it counts towards a level, largest origin first.

    Args:
        trace: Of the lot.
        achievements: By id, as the mined lots name them.
        edition: The standard whose level is meant.
        level: Code of the level; none counts if the edition does not have it.
        counting: Of which day the level of a site counts.
    """
    found = []
    for origin in trace.origins:
        for day, share in _productions(origin):
            status = _standing(
                origin.site,
                origin.attestation,
                counting.claimed_on or day,
                achievements,
                edition=edition,
                level=level,
            )
            found.append(ClaimPart(origin.site, origin.attestation, day, share, status))
    return tuple(found)


def _productions(origin: Origin) -> list[tuple[datetime.date, Fraction]]:
    if not origin.parts:
        return [(origin.at.date(), origin.share)]
    return [(part.at.date(), part.share) for part in origin.parts]


def _standing(
    site: str,
    attestation: str,
    day: datetime.date,
    achievements: Mapping[str, Achievement],
    *,
    edition: Edition,
    level: str,
) -> str:
    if not attestation:
        return "not_named"
    achievement = achievements.get(attestation)
    if achievement is None:
        return "unknown"
    # a lot may name any achievement: that of another mine proves nothing about this one
    if achievement.site != site:
        return "other_site"
    if achievement.standard != edition.id:
        return "other_standard"
    held = achievement.level_on(day)
    if held is None:
        return str(achievement.status_on(day))
    enough = edition.rank(held) >= edition.rank(level) >= 0
    return "counts" if enough else "lower_level"


def booked_parts(
    carried: Amounts,
    trace: Trace,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    level: str,
    *,
    counting: Counting = BY_PRODUCTION,
) -> tuple[ClaimPart, ...]:
    """Tell of every part that the books give to a lot whether it counts towards a level."""
    found = []
    for source in sorted(carried):
        if source.kind is not SourceKind.MINED:
            continue
        share = Fraction(carried[source], trace.content_mg)
        status = _standing(
            source.site,
            source.attestation,
            counting.claimed_on or source.produced_on,
            achievements,
            edition=edition,
            level=level,
        )
        found.append(ClaimPart(source.site, source.attestation, source.produced_on, share, status))
    return tuple(found)


def supported_share(
    trace: Trace,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    level: str,
    *,
    carried: Amounts | None = None,
    counting: Counting = BY_PRODUCTION,
) -> Fraction:
    """Add up the content from sites that held a level or a better one on the day that counts.

    Args:
        trace: Of the lot.
        achievements: By id, as the mined lots name them.
        edition: The standard whose level is meant.
        level: Code of the level.
        carried: What the books give to the lot, as for `check_claim`; it bounds the share.
        counting: Of which day levels count, and whether the lowest counts for all of a mix.

    Returns:
        A share of the lot's content, 0 to 1, exact. What is recycled, of unknown origin, or
        without an achievement counts towards no level.
    """
    parts = parts_of(trace, achievements, edition, level, counting=counting)
    made_of = counting.of_mix(_counting(parts))
    if carried is None:
        return made_of
    given = booked_parts(carried, trace, achievements, edition, level, counting=counting)
    booked = _counting(given)
    # what became credits is gone from the material, and leaves the level of the rest as it was
    return counting.of_mix(booked) if trace.model in BY_BOOKS else min(made_of, booked)


def _counting(parts: Iterable[ClaimPart]) -> Fraction:
    return sum((part.share for part in parts if part.status == "counts"), Fraction(0))


def check_claim(
    claim: Claim,
    *,
    trace: Trace,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    custody_pack: Edition,
    carried: Amounts | None = None,
    lowered_to: Model | None = None,
) -> tuple[Finding, ...]:
    """Check a claim and return every finding; none means that it may be made.

    What the books give to a lot also bounds a claim on material that is there: what was turned into
    credits is not said again.

    Args:
        claim: What is to be said.
        trace: Of the lot that it names.
        achievements: By id, as the mined lots name them.
        edition: The standard that it names.
        custody_pack: The pack whose words it uses.
        carried: What the books give to the lot, by source, or the credits used up for it; needed
            under mass balance and book and claim. None: no books are kept.
        lowered_to: The model to which shipping it lowered the lot, which no trace tells: the words
            have to be allowed for both. None: not lowered, or not known.

    Raises:
        InvariantError: If the trace is of another lot.
    """
    if trace.lot != claim.lot:
        raise InvariantError("a claim is checked with the trace of its own lot")
    findings = [
        *check_form(claim, custody_pack),
        *_check_words(claim, trace, custody_pack, carried, lowered_to),
        *check_level(claim, edition, custody_pack),
    ]
    if has_level(claim, edition):
        counting = counting_of(custody_pack, claim.made_on)
        findings.extend(
            _check_support(claim, trace, achievements, edition, carried=carried, counting=counting)
        )
    return tuple(sorted(findings, key=lambda finding: finding.code))


def check_form(claim: Claim, custody_pack: Edition) -> Iterator[Finding]:
    """Check texts, share, days and pack of a claim, whatever it is about."""
    yield from _check_texts(claim)
    yield from _check_share(claim)
    yield from _check_days(claim)
    yield from _check_pack(claim, custody_pack)


def has_level(claim: Claim, edition: Edition) -> bool:
    """Tell whether the level of a claim is one of the edition, and the edition the one named."""
    return claim.standard == edition.id and claim.level in edition.level_by_code


def check_level(claim: Claim, edition: Edition, custody_pack: Edition) -> Iterator[Finding]:
    """Check that a level is one of the edition, and may be named."""
    if not has_level(claim, edition):
        facts = {"level": claim.level[:80], "standard": claim.standard[:80], "edition": edition.id}
        yield Finding(rules.LEVEL_IS_OF_EDITION, facts)
    else:
        yield from _check_step(claim, edition, custody_pack)


def check_words_share(claim: Claim, words: ClaimWording) -> Iterator[Finding]:
    """Check that a claim names at least the smallest share for which its words are allowed."""
    smallest = words.min_share.fraction_on(claim.made_on)
    yield from check_smallest(claim, smallest, rules.WORDS_ARE_ALLOWED, words=words.code)


def check_smallest(
    claim: Claim, smallest: Fraction | None, rule: Rule, **about: str
) -> Iterator[Finding]:
    """Check that a claim names at least a share; one that is not known lets nothing be said.

    Args:
        claim: What is to be said.
        smallest: The share; None: not known.
        rule: What asks for it.
        about: What sets it, for the facts of the finding.
    """
    if smallest is None or claim.share < smallest:
        needed = "unknown" if smallest is None else exact_text(smallest)
        yield Finding(rule, about | {"share": exact_text(claim.share), "at_least": needed})


def make_claim(
    claim: Claim,
    *,
    trace: Trace,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    custody_pack: Edition,
    carried: Amounts | None = None,
    lowered_to: Model | None = None,
) -> Claim:
    """Make a claim, if it may be made, and return it.

    Args:
        claim: What is to be said.
        trace: Of the lot that it names.
        achievements: By id, as the mined lots name them.
        edition: The standard that it names.
        custody_pack: The pack whose words it uses.
        carried: As for `check_claim`.
        lowered_to: As for `check_claim`.

    Raises:
        RefusalError: With every finding, CLAIM-001 to CLAIM-012.
    """
    findings = check_claim(
        claim,
        trace=trace,
        achievements=achievements,
        edition=edition,
        custody_pack=custody_pack,
        carried=carried,
        lowered_to=lowered_to,
    )
    if findings:
        raise RefusalError(*findings)
    return claim


def exact_text(share: Fraction) -> str:
    """Write a share exactly: as decimals where 12 suffice, else as a fraction if that is short.

    What is neither is cut to 12 decimals and says so: it never reads as more than it is.

    Example:
        >>> exact_text(Fraction(3, 8)), exact_text(Fraction(1, 3))
        ('0.375', '1/3')
        >>> exact_text(1 - Fraction(1, 10**21))
        'about 0.999999999999'
    """
    decimals = share_text(share)
    if Fraction(decimals) == share:
        return decimals
    fraction = str(share) if share.denominator < 10**SHARE_MAX else ""
    if 0 < len(fraction) <= SHARE_MAX:
        return fraction
    return f"about {share_12_text(Fraction(share * 10**12 // 1, 10**12))}"


def wording_of(claim: Claim, custody_pack: Edition) -> ClaimWording | None:
    """Give the words that a claim uses; None if the pack does not have them."""
    return next((words for words in custody_pack.claims if words.code == claim.wording), None)


def _check_texts(claim: Claim) -> Iterator[Finding]:
    about = claim.blending
    texts = {"id": claim.id, "element": claim.element, "made_by": claim.made_by}
    if about is None:
        texts["lot"] = claim.lot
    else:
        texts |= {"facility": about.facility, "material": about.material}
    for name, text in texts.items():
        longest = ELEMENT_MAX if name == "element" else NAME_MAX
        if not text or text != text.strip() or not text.isprintable() or len(text) > longest:
            shown = ascii(text[:40]) if text else "(empty)"
            yield Finding(
                rules.TEXTS_ARE_PLAIN,
                {"name": name, "value": shown, "length": f"{len(text)} signs"},
            )


def _check_share(claim: Claim) -> Iterator[Finding]:
    # the length of the fraction, without writing one of thousands of digits
    bits = claim.share.numerator.bit_length() + claim.share.denominator.bit_length()
    short = bits < 4 * SHARE_MAX and len(str(claim.share)) <= SHARE_MAX
    if not 0 < claim.share <= 1 or not short:
        facts = {"share": str(claim.share) if short else "a longer fraction"}
        yield Finding(rules.SHARE_IS_A_PART, facts)


def _check_days(claim: Claim) -> Iterator[Finding]:
    if claim.valid_until <= claim.made_on:
        facts = {
            "made_on": claim.made_on.isoformat(),
            "valid_until": claim.valid_until.isoformat(),
        }
        yield Finding(rules.ENDS_AFTER_IT_IS_MADE, facts)


def _check_pack(claim: Claim, pack: Edition) -> Iterator[Finding]:
    if pack.kind != "custody":
        yield Finding(rules.PACK_IS_UNDERSTOOD, {"pack": pack.id, "kind": pack.kind})
    if claim.made_on < pack.in_force_from:
        days = {"made_on": claim.made_on, "in_force_from": pack.in_force_from}
        facts = {"pack": pack.id} | {name: day.isoformat() for name, day in days.items()}
        yield Finding(rules.PACK_IS_IN_FORCE, facts)
    for name, known in KNOWN_RULES.items():
        word = word_of(pack, name, claim.made_on)
        if word not in known:
            facts = {"pack": pack.id, name: word or "unknown", "known": ", ".join(known)}
            yield Finding(rules.PACK_IS_UNDERSTOOD, facts)


def may_be_named(level: Level, pack: Edition, day: datetime.date) -> bool:
    """Tell whether a pack lets claims name a level; it may leave out the one that tests nothing."""
    tests = (level.min_principle_share, level.critical_at_least, level.all_at_least)
    parameter = pack.parameters.get(PUBLIC_STEP)
    asks = any(test is not None for test in tests)
    return asks or parameter is None or parameter.word_on(day) == "allowed"


def _check_step(claim: Claim, edition: Edition, pack: Edition) -> Iterator[Finding]:
    if not may_be_named(edition.level_by_code[claim.level], pack, claim.made_on):
        word = pack.parameters[PUBLIC_STEP].word_on(claim.made_on)
        facts = {"level": claim.level, "pack": pack.id, PUBLIC_STEP: word or "unknown"}
        yield Finding(rules.LEVEL_SAYS_MORE_THAN_PUBLIC, facts)


def _check_words(
    claim: Claim,
    trace: Trace,
    pack: Edition,
    carried: Amounts | None,
    lowered_to: Model | None,
) -> Iterator[Finding]:
    words = wording_of(claim, pack)
    if words is None:
        codes = ", ".join(known.code for known in pack.claims) or "none"
        facts = {"words": claim.wording[:80], "pack": pack.id, "known": codes}
        yield Finding(rules.WORDS_ARE_ALLOWED, facts)
        return
    if words.is_of_site:
        facts = {"words": words.code, "speak_of": "what a site blended", "lot": claim.lot}
        yield Finding(rules.WORDS_ARE_ALLOWED, facts)
    model: str = trace.model or "not named"
    if lowered_to is not None and weakest((trace.model, lowered_to)) is not trace.model:
        model = lowered_to if model in words.models else model
    if model not in words.models:
        facts = {"words": words.code, "model": model, "allowed_for": ", ".join(words.models)}
        yield Finding(rules.WORDS_ARE_ALLOWED, facts)
    elif carried is None and trace.model in BY_BOOKS:
        yield Finding(rules.RESTS_ON_BOOKS, {"lot": claim.lot, "model": model})
    yield from check_words_share(claim, words)
    speaks_of_all = any("{share}" not in text for text in words.words.values())
    if speaks_of_all and (claim.share != 1 or trace.unknown_share):
        facts = {
            "words": words.code,
            "share": exact_text(claim.share),
            "unknown_share": exact_text(trace.unknown_share),
        }
        yield Finding(rules.WHOLE_LOT_IS_KNOWN, facts)


def _check_support(
    claim: Claim,
    trace: Trace,
    achievements: Mapping[str, Achievement],
    edition: Edition,
    *,
    carried: Amounts | None,
    counting: Counting,
) -> Iterator[Finding]:
    supported = supported_share(
        trace, achievements, edition, claim.level, carried=carried, counting=counting
    )
    if claim.share <= supported:
        return
    if carried is not None and trace.model in BY_BOOKS:
        parts = booked_parts(carried, trace, achievements, edition, claim.level, counting=counting)
    else:
        parts = parts_of(trace, achievements, edition, claim.level, counting=counting)
    facts = {
        "lot": claim.lot,
        "level": claim.level,
        "claimed": exact_text(claim.share),
        "supported": exact_text(supported),
    }
    if counting.mix is MixRule.LOWEST:
        facts["level_of_mix"] = str(counting.mix)
    yield Finding(rules.SHARE_IS_SUPPORTED, facts)
    for part in parts:
        if part.status not in ("counts", "not_named"):
            yield Finding(rules.ATTESTATION_WAS_IN_FORCE, _facts_of(part, counting))


def _facts_of(part: ClaimPart, counting: Counting) -> dict[str, str]:
    facts = {
        "site": part.site,
        "achievement": part.attestation,
        "produced_on": part.produced_on.isoformat(),
        "status": part.status,
        "share": exact_text(part.share),
    }
    if counting.claimed_on is not None:
        facts["claimed_on"] = counting.claimed_on.isoformat()
    return facts
