"""Step 7: do the shares follow from the movements, and the levels from the published ratings?

Rules: VERIFY-007, and those of movements, traces, claims and publications.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.claims import (
    Blended,
    Blending,
    blended_again,
    check_claim,
    check_site_claim,
    counting_of,
    exact_text,
    keep_enclosed,
    supported_share,
)
from stannary.core.credentials import ClaimCredential
from stannary.core.custody import (
    Amounts,
    Books,
    BooksBehind,
    CustodyRules,
    Event,
    Row,
    events_of,
    replay_events,
    said_of,
)
from stannary.core.custody import rules as custody
from stannary.core.custody.rules import MEANINGLESS_CODES
from stannary.core.kernel import Finding, RefusalError, Rule, gettext_noop
from stannary.core.provenance import Trace, ancestry, trace
from stannary.core.publications import PublishedResult, check_result
from stannary.core.standards import Edition
from stannary.core.verification import rules
from stannary.core.verification.parts import Checkable, EnclosedResult, Kind
from stannary.core.verification.reading import Reading
from stannary.core.verification.report import Step, StepName, failed, passed, unchecked

_RECOMPUTED = StepName.RECOMPUTED
_MODEL_RULES = (
    custody.IDENTITY_HAS_ONE_SITE,
    custody.SEGREGATED_IS_ATTESTED,
    custody.MODEL_NEVER_RISES,
)
"""Of the findings of a replay those about models count: who held a lot in between is not "
"enclosed."""


@dataclass(frozen=True, slots=True)
class Packs:
    """The standards and custody packs at hand.

    Attributes:
        editions: By id.
        hashes: Id to the content hash of the pack; a pack without one is not compared.
    """

    editions: Mapping[str, Edition]
    hashes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recomputation:
    """How step 7 came out.

    Attributes:
        step: The step.
        trace: Of the lot claimed about; None where it could not be traced.
        blended: What the site claimed about blended; None where it could not be measured.
    """

    step: Step
    trace: Trace | None = None
    blended: Blended | None = None


def recompute(parsed: Checkable, reading: Reading, packs: Packs) -> Recomputation:
    """Take step 7."""
    if reading.claim is not None and reading.claim.claim.blending and parsed.books is not None:
        about = reading.claim.claim.blending
        return _recompute_site_claim(parsed, reading, reading.claim, about, packs)
    if reading.claim is not None and parsed.movements is not None:
        return _recompute_claim(parsed, reading, reading.claim, packs)
    if parsed.kind is Kind.RESULT_FILE:
        return Recomputation(_recompute_result(parsed.results[0], packs))
    text = gettext_noop("Nothing is enclosed from which it could be recomputed.")
    return Recomputation(unchecked(_RECOMPUTED, text))


def _missing(pack: str) -> Step:
    text = gettext_noop("The standard %(pack)s is not at hand, so nothing was recomputed.")
    return unchecked(_RECOMPUTED, text, pack=pack[:200])


def _recompute_result(enclosed: EnclosedResult, packs: Packs) -> Step:
    standard = str(enclosed.content.get("standard"))
    edition = packs.editions.get(standard)
    if edition is None:
        return _missing(standard)
    findings = _check_enclosed(enclosed, edition, packs)
    if findings:
        return _result_fails(findings, "result")
    text = gettext_noop(
        "Points, shares, level and every step recomputed from the ratings enclosed."
    )
    return passed(_RECOMPUTED, text, where="result")


def _check_enclosed(
    enclosed: EnclosedResult, edition: Edition, packs: Packs
) -> tuple[Finding, ...]:
    return check_result(enclosed.content, edition, pack_sha256=packs.hashes.get(edition.id))


def _result_fails(findings: Sequence[Finding], where: str) -> Step:
    first = findings[0]
    text = gettext_noop("%(part)s does not hold. What does not: %(demand)s")
    spot = first.facts.get("where") or first.facts.get("requirement") or first.facts.get("key")
    return failed(
        _RECOMPUTED,
        text,
        findings,
        where=f"{where}, {spot}" if spot else where,
        part=where.capitalize(),
        demand=first.rule.demand,
    )


def _recompute_claim(
    parsed: Checkable, reading: Reading, signed: ClaimCredential, packs: Packs
) -> Recomputation:
    movements, achievements, enclosed = parsed.movements, parsed.achievements, parsed.books
    if enclosed is not None and enclosed.books is None:
        text = gettext_noop("The books enclosed cannot be read.")
        return Recomputation(unchecked(_RECOMPUTED, text, where="books"))
    if movements is None or movements.findings or achievements is None or achievements.findings:
        text = gettext_noop("The movements or the achievements enclosed cannot be read.")
        return Recomputation(unchecked(_RECOMPUTED, text, where="movements"))
    books = () if enclosed is None or enclosed.books is None else sorted(enclosed.books.packs)
    for needed in (signed.custody_pack, signed.claim.standard, *books):
        if needed not in packs.editions:
            return Recomputation(_missing(needed))
    pack = packs.editions[signed.custody_pack]
    try:
        custody_rules = CustodyRules.from_edition(pack, signed.claim.made_on)
        events = events_of(movements.rows)
        traced = trace(events, signed.claim.lot, rules=custody_rules)
        replayed = replay_events(events, rules=custody_rules)
    except RefusalError as refusal:
        return Recomputation(_movements_fail(refusal.findings))
    models = [finding for finding in replayed.findings if finding.rule in _MODEL_RULES]
    step = _movements_fail(models) if models else None
    carried: Amounts | None = None
    if step is None and enclosed is not None and enclosed.books is not None:
        try:
            carried = _carried(enclosed.books, events, traced, signed, packs.editions)
        except RefusalError as refusal:
            step = _books_fail(refusal.findings)
    achieved = {one.id: one for one in achievements.items}
    if step is None:
        step = _compare(
            parsed=parsed,
            reading=reading,
            signed=signed,
            traced=traced,
            achievements=achieved,
            packs=packs,
            carried=carried,
        )
    return Recomputation(step, traced)


def _carried(
    books: BooksBehind,
    events: Sequence[Event],
    traced: Trace,
    signed: ClaimCredential,
    editions: Mapping[str, Edition],
) -> Amounts:
    """Keep the books again as of the claim's day, and give what they let be said of the lot.

    Raises:
        RefusalError: With what the books cannot be, or VERIFY-007 if the lot is made of something
            else in the books than in the movements enclosed.
    """
    claim = signed.claim
    pack = editions[signed.custody_pack]
    kept = _possible(keep_enclosed(books, claim, pack, editions))
    rules_then = CustodyRules.from_edition(pack, claim.made_on)
    behind = ancestry(kept.replay.events, claim.lot, rules=rules_then)
    if _without_places(behind) != _without_places(events):
        facts = {"lot": claim.lot[:200], "differs": "movements and books"}
        raise RefusalError(Finding(rules.IT_CAN_BE_RECOMPUTED, facts))
    return said_of(kept, claim.lot, traced.model)


def _possible(kept: Books, also: Sequence[Rule] = ()) -> Books:
    """Give books that were kept again, if they can be.

    Raises:
        RefusalError: With what lots and masses cannot be, and the findings of some other rules.
    """
    defects = tuple(
        one for one in kept.findings if one.code in MEANINGLESS_CODES or one.rule in also
    )
    if defects:
        raise RefusalError(*defects)
    return kept


def _recompute_site_claim(
    parsed: Checkable, reading: Reading, signed: ClaimCredential, about: Blending, packs: Packs
) -> Recomputation:
    enclosed, achievements, claim = parsed.books, parsed.achievements, signed.claim
    books = None if enclosed is None else enclosed.books
    if books is None or achievements is None or achievements.findings:
        text = gettext_noop("The books or the achievements enclosed cannot be read.")
        return Recomputation(unchecked(_RECOMPUTED, text, where="books"))
    for needed in (signed.custody_pack, claim.standard, *sorted(books.packs)):
        if needed not in packs.editions:
            return Recomputation(_missing(needed))
    pack, edition = packs.editions[signed.custody_pack], packs.editions[claim.standard]
    achieved = {one.id: one for one in achievements.items}
    try:
        kept = _possible(keep_enclosed(books, claim, pack, packs.editions), _MODEL_RULES)
        blended = blended_again(claim, about, kept=kept, pack=pack)
    except RefusalError as refusal:
        return Recomputation(_books_fail(refusal.findings))
    findings = check_site_claim(
        claim,
        blended=blended,
        given=kept.given,
        achievements=achieved,
        edition=edition,
        custody_pack=pack,
        certificates=books.certificates or (),
    )
    measured = blended.of(about.material)
    counting = counting_of(pack, claim.made_on)
    share = measured.share_at(achieved, edition, claim.level, given=kept.given, counting=counting)
    facts = {
        "supported": exact_text(share or Fraction(0)),
        "claimed": exact_text(claim.share),
        "level": claim.level,
        "blends": str(len(blended.made)),
    }
    if findings:
        facts["demand"] = findings[0].rule.demand
        text = gettext_noop(
            "Measured over the blends enclosed, %(blends)s in number, the share is %(supported)s at "
            "%(level)s or better, where %(claimed)s is claimed. What does not hold: %(demand)s"
        )
        step = failed(_RECOMPUTED, text, findings, where="credential", **facts)
        return Recomputation(step, blended=blended)
    used = {origin.attestation for one in measured.batches for origin in one.trace.origins}
    cited = [achievement for name, achievement in achieved.items() if name in used]
    return Recomputation(_site_levels(parsed, reading, cited, packs, facts), blended=blended)


def _site_levels(
    parsed: Checkable,
    reading: Reading,
    cited: Sequence[Achievement],
    packs: Packs,
    facts: dict[str, str],
) -> Step:
    """Tell what follows from a file about a site, and what only its issuer states."""
    text = gettext_noop(
        "Measured over the blends enclosed, %(blends)s in number, the share is %(supported)s at "
        "%(level)s or better; %(claimed)s is claimed. The levels of %(proved)s of %(cited)s achievements follow "
        "from published ratings enclosed; for the others the issuer's word has to do. That the site "
        "blended nothing else in the period follows from no file: the issuer states how many blends "
        "there were, and the register lists them, so that they can be compared."
    )
    return _levels(parsed, reading, cited, packs, facts, text=text, where="books")


def _without_places(events: Iterable[Event]) -> list[Row]:
    return [replace(row, place=None) for event in events for row in event.rows]


def _books_fail(findings: Sequence[Finding]) -> Step:
    first = findings[0]
    line = f", line {first.at.line}" if first.at and first.at.line else ""
    text = gettext_noop("The books enclosed cannot be so. What does not hold: %(demand)s")
    return failed(_RECOMPUTED, text, findings, where=f"books{line}", demand=first.rule.demand)


def _compare(
    *,
    parsed: Checkable,
    reading: Reading,
    signed: ClaimCredential,
    traced: Trace,
    achievements: Mapping[str, Achievement],
    packs: Packs,
    carried: Amounts | None,
) -> Step:
    claim, edition = signed.claim, packs.editions[signed.claim.standard]
    pack = packs.editions[signed.custody_pack]
    findings = check_claim(
        claim,
        trace=traced,
        achievements=achievements,
        edition=edition,
        custody_pack=pack,
        carried=carried,
    )
    supported = supported_share(
        traced,
        achievements,
        edition,
        claim.level,
        carried=carried,
        counting=counting_of(pack, claim.made_on),
    )
    facts = {
        "supported": exact_text(supported),
        "claimed": exact_text(claim.share),
        "level": claim.level,
    }
    if findings:
        facts["demand"] = findings[0].rule.demand
        text = gettext_noop(
            "The movements give a share of %(supported)s at %(level)s or better, where "
            "%(claimed)s is claimed. What does not hold: %(demand)s"
        )
        return failed(_RECOMPUTED, text, findings, where="credential", **facts)
    used = {origin.attestation for origin in traced.origins}
    used |= {source.attestation for source in carried or ()}
    cited = [achievement for name, achievement in achievements.items() if name in used]
    return _lot_levels(parsed, reading, cited, packs, facts)


def _movements_fail(findings: Sequence[Finding]) -> Step:
    first = findings[0]
    line = f", line {first.at.line}" if first.at and first.at.line else ""
    text = gettext_noop("The movements enclosed cannot be so. What does not hold: %(demand)s")
    return failed(_RECOMPUTED, text, findings, where=f"movements{line}", demand=first.rule.demand)


def _lot_levels(
    parsed: Checkable,
    reading: Reading,
    cited: Sequence[Achievement],
    packs: Packs,
    facts: dict[str, str],
) -> Step:
    """Tell what follows from a file about a lot."""
    text = gettext_noop(
        "The movements give a share of %(supported)s at %(level)s or better; %(claimed)s is "
        "claimed. The levels of %(proved)s of %(cited)s achievements follow from published "
        "ratings enclosed; for the others the issuer's word has to do."
    )
    whole = gettext_noop(
        "The movements give a share of %(supported)s at %(level)s or better; %(claimed)s is "
        "claimed. The levels of all %(cited)s achievements follow from the published ratings "
        "enclosed."
    )
    return _levels(parsed, reading, cited, packs, facts, text=text, where="movements", whole=whole)


def _levels(
    parsed: Checkable,
    reading: Reading,
    cited: Sequence[Achievement],
    packs: Packs,
    facts: dict[str, str],
    *,
    text: str,
    where: str,
    whole: str = "",
) -> Step:
    """Tell of how many achievements cited the level follows from ratings enclosed.

    Args:
        parsed: The file.
        reading: What it says.
        cited: Achievements that count.
        packs: The standards at hand.
        facts: For the text.
        text: What is said; it names how many are proved.
        where: Where it was found.
        whole: What is said if all are proved; "": the same.
    """
    proved = _proved(parsed, reading, cited, packs)
    if isinstance(proved, Step):
        return proved
    facts |= {"proved": str(proved), "cited": str(len(cited))}
    said = whole if whole and proved == len(cited) else text
    return passed(_RECOMPUTED, said, where=where, **facts)


def _proved(
    parsed: Checkable, reading: Reading, cited: Sequence[Achievement], packs: Packs
) -> Step | int:
    """Recompute the results enclosed, and compare the achievements that rest on them.

    Returns:
        What fails, or how many achievements follow from results.
    """
    known: dict[str, PublishedResult] = {}
    for number, (enclosed, result) in enumerate(
        zip(parsed.results, reading.results, strict=True), start=1
    ):
        edition = packs.editions.get(str(enclosed.content.get("standard")))
        if edition is None or result is None:
            continue
        findings = _check_enclosed(enclosed, edition, packs)
        if findings:
            return _result_fails(findings, f"result {number}")
        known[result.id] = result
    proved = 0
    for achievement in cited:
        rests_on = known.get(achievement.result_id or "")
        if rests_on is None:
            continue
        problem = _differs(achievement, rests_on)
        if problem:
            return _achievement_fails(achievement, rests_on, problem)
        proved += 1
    return proved


def _differs(achievement: Achievement, result: PublishedResult) -> str | None:
    pairs = {
        "site": (achievement.site, result.site_id),
        "standard": (achievement.standard, result.standard),
        "level": (achievement.level, result.level),
    }
    different = next((name for name, (one, other) in pairs.items() if one != other), None)
    if different is None and achievement.valid_from < result.published_on:
        return "valid_from"
    return different


def _achievement_fails(achievement: Achievement, result: PublishedResult, name: str) -> Step:
    finding = Finding(
        rules.IT_CAN_BE_RECOMPUTED,
        {"achievement": achievement.id[:200], "result": result.id[:200], "differs": name},
    )
    text = gettext_noop(
        "The achievement %(achievement)s says another %(differs)s than the published result "
        "%(result)s on which it rests."
    )
    return failed(_RECOMPUTED, text, [finding], where="achievements", **finding.facts)
