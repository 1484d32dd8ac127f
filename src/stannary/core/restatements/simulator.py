"""The simulator: what restated books do to lots, balances, sales, credits and claims; who is told.

It compares the books as they are with the books as they would be, and books nothing. The same
comparison serves a late correction, a suspended or withdrawn attestation, and a certificate that
an entity lost. What is missing is shown as missing.

Rules: RESTATEMENT-010 to RESTATEMENT-013; findings of the replay and of claims that are new.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from stannary.core.attestations import Achievement
from stannary.core.claims import BY_BOOKS, check_claim, counting_of, exact_text, supported_share
from stannary.core.custody import Amounts, Event, Model, in_order, replay_events, said_of
from stannary.core.custody import Books as KeptBooks
from stannary.core.custody.holders import Whereabouts, follow
from stannary.core.kernel import Finding
from stannary.core.provenance import Trace, chain_of
from stannary.core.restatements import rules
from stannary.core.restatements.books import Books, ClaimMade, IssuedCredits
from stannary.core.restatements.coverage import Coverage, coverage_of, covered_trace
from stannary.core.restatements.effects import (
    BalanceEffect,
    ClaimEffect,
    CreditsEffect,
    Effects,
    Levels,
    LotEffect,
    LotState,
    SaleEffect,
)
from stannary.core.restatements.notices import notices_of
from stannary.core.restatements.of_sites import batches, judge_of_site
from stannary.core.restatements.remedies import (
    REMEDIES,
    Fact,
    RemedyRule,
    Touched,
    remedies_for,
)
from stannary.core.transactions import DELIVERED, Goods, State, Transaction

_SHOWN = 200


@dataclass(slots=True)
class _State:
    """One state of the books, laid over the chain of the sound one."""

    books: Books
    coverage: Coverage
    traces: dict[str, tuple[Trace, Fraction]] = field(default_factory=dict)
    kept: KeptBooks | None = None

    def trace(self, lot: str) -> tuple[Trace, Fraction]:
        if lot not in self.traces:
            self.traces[lot] = covered_trace(self.coverage, lot)
        return self.traces[lot]

    def of(self, lot: str) -> LotState:
        trace, missing = self.trace(lot)
        origins = {(one.site, one.attestation): one.share for one in trace.origins}
        levels = _levels(trace, self.books.achievements)
        return LotState(self.coverage.left[lot], 1 - missing, trace.model, levels, origins)

    def said(self, lot: str, model: Model | None) -> Amounts | None:
        """Give what accounts and credits let be said of a lot; None where they do not decide."""
        if model not in BY_BOOKS or self.books.keep is None:
            return None
        if self.kept is None:
            self.kept = self.books.keep(self.books.events)
        return said_of(self.kept, lot, model)

    def attested_mg(self, lot: str) -> int:
        """Content of a lot that comes from a site with a level on the day, rounded down."""
        share = sum(self.of(lot).levels.values(), Fraction(0))
        made = self.coverage.left[lot].made_content_mg
        return share.numerator * made // share.denominator


def simulate(before: Books, after: Books, *, table: Sequence[RemedyRule] = REMEDIES) -> Effects:
    """Compare the books as they are with the books as they would be.

    Args:
        before: Sound as to lots and masses.
        after: The same events, some restated or gone; `books` makes them.
        table: Which remedies fit when.

    Raises:
        RefusalError: CUSTODY-001 to CUSTODY-011 if the books are not sound as they are.
    """
    chain = chain_of(before.events, before.rules)
    was = _State(before, coverage_of(chain, before.events, before.unproved))
    now = _State(after, coverage_of(chain, after.events, after.unproved))
    places = follow(in_order(before.events), _makers(before.events)).where
    lots = tuple(_lot_effects(was, now, places, table))
    touched = {one.lot for one in lots}
    sales = tuple(
        _sale(one, now, table)
        for one in before.transactions
        if one.terms.goods is Goods.LOT
        and one.terms.item in touched
        and one.state in (State.OFFERED, *DELIVERED)
    )
    credits_ = tuple(_credits(before.credits, was, now, table))
    claims = tuple(_claims(before.claims, was, now, table))
    findings = (
        *(_uncovered(one) for one in lots if one.missing_mg),
        *(_sold(one) for one in sales if one.missing_mg),
        *(_unbacked(one) for one in credits_ if one.missing_mg),
        *(_unsupported(one) for one in claims if not one.holds),
        *_new_findings(before, after),
    )
    return Effects(
        lots=lots,
        balances=tuple(_balances(was, now, places)),
        sales=sales,
        credits=credits_,
        claims=claims,
        notices=notices_of(before, lots, sales, credits_, claims),
        findings=findings,
    )


def _makers(events: Sequence[Event]) -> dict[str, int]:
    return {
        row.lot: index
        for index, event in enumerate(in_order(events))
        for row in event.outputs
        if not event.kind.is_credit
    }


def _levels(trace: Trace, achievements: Mapping[str, Achievement]) -> Levels:
    found: dict[tuple[str, str], Fraction] = {}
    for origin in trace.origins:
        held = achievements.get(origin.attestation)
        if held is None or held.site != origin.site:
            continue
        for part in origin.parts:
            level = held.level_on(part.at.date())
            if level is not None:
                key = (held.standard, level)
                found[key] = found.get(key, Fraction(0)) + part.share
    return found


def _lot_effects(
    was: _State,
    now: _State,
    places: Mapping[str, Whereabouts],
    table: Sequence[RemedyRule],
) -> Iterator[LotEffect]:
    touched = _affected(was, now)
    for lot in was.coverage.chain.rows:
        if lot not in touched:
            continue
        before, after = was.of(lot), now.of(lot)
        if before == after and was.coverage.chain.rows[lot] == now.coverage.chain.rows[lot]:
            continue
        missing_mg = max(0, -after.left.content_mg) + _up(
            (before.covered - after.covered) * max(0, after.left.content_mg)
        )
        short = missing_mg or after.left.mass_mg < 0
        place = places[lot]
        yield LotEffect(
            lot=lot,
            holder=place.entity,
            in_transit=place.in_transit,
            before=before,
            after=after,
            missing_mg=missing_mg,
            remedies=remedies_for(Touched.LOT, {Fact.MISSING} if short else (), table),
        )


def _affected(was: _State, now: _State) -> set[str]:
    """Give the lots that can differ: those that changed, and all that is made of them.

    Only they are traced, so that a small correction of a large register is told quickly.
    """
    one, other = was.coverage, now.coverage
    changed = {
        key
        for key in was.books.achievements.keys() | now.books.achievements.keys()
        if was.books.achievements.get(key) != now.books.achievements.get(key)
    }
    found = {
        lot
        for lot, row in one.chain.rows.items()
        if row != other.chain.rows[lot]
        or row.attestation in changed
        or one.left[lot] != other.left[lot]
        or one.unproved.get(lot) != other.unproved.get(lot)
        or one.event_shares.get(one.chain.maker[lot])
        != other.event_shares.get(one.chain.maker[lot])
    }
    for before, after in zip(one.chain.events, other.chain.events, strict=True):
        used = {row.lot for row in before.inputs + after.inputs}
        if before != after or not found.isdisjoint(used):
            found.update(row.lot for row in before.outputs)
    return found


def _balances(
    was: _State, now: _State, places: Mapping[str, Whereabouts]
) -> Iterator[BalanceEffect]:
    sums: dict[tuple[str, str], list[int]] = {}
    for lot, row in was.coverage.chain.rows.items():
        before, after = was.coverage.left[lot], now.coverage.left[lot]
        entry = sums.setdefault((str(places[lot]), row.material), [0, 0, 0, 0])
        numbers = (before.mass_mg, after.mass_mg, before.content_mg, after.content_mg)
        for place, number in enumerate(numbers):
            entry[place] += number
    for entity, material in sorted(sums):
        one = BalanceEffect(entity, material, *sums[entity, material])
        if (one.mass_before_mg, one.content_before_mg) != (one.mass_after_mg, one.content_after_mg):
            yield one


def _sale(transaction: Transaction, now: _State, table: Sequence[RemedyRule]) -> SaleEffect:
    terms = transaction.terms
    quantity = terms.quantity if transaction.state is State.OFFERED else transaction.accepted
    state = now.of(terms.item)
    there = min(quantity, state.left.made_mass_mg)
    missing = quantity - there * state.covered.numerator // state.covered.denominator
    facts = {Fact.MISSING} if missing else ()
    return SaleEffect(transaction, missing, remedies_for(Touched.SALE, facts, table))


def _credits(
    issued: Iterable[IssuedCredits],
    was: _State,
    now: _State,
    table: Sequence[RemedyRule],
) -> Iterator[CreditsEffect]:
    """Tell of credits in the order of the books; those of one lot share what backs them."""
    used: dict[str, int] = {}
    for one in issued:
        before, after = was.attested_mg(one.lot), now.attested_mg(one.lot)
        earlier = used.get(one.lot, 0)
        used[one.lot] = earlier + one.quantity_mg
        if before == after:
            continue
        missing = min(one.quantity_mg, max(0, earlier + one.quantity_mg - after))
        unused = min(missing, one.held.get(one.booked_by, 0))
        passed_on = missing - unused
        facts = [fact for fact, mg in ((Fact.UNUSED, unused), (Fact.PASSED_ON, passed_on)) if mg]
        yield CreditsEffect(
            credits=one,
            backed_before_mg=before,
            backed_after_mg=after,
            missing_mg=missing,
            unused_mg=unused,
            passed_on_mg=passed_on,
            remedies=remedies_for(Touched.CREDITS, facts, table),
        )


def _claims(
    claims: Iterable[ClaimMade],
    was: _State,
    now: _State,
    table: Sequence[RemedyRule],
) -> Iterator[ClaimEffect]:
    for one in claims:
        before = _checked(one, was)
        after = _checked(one, now)
        if before == after:
            continue
        supported, findings = after
        missing = any(now.trace(lot)[1] > was.trace(lot)[1] for lot in _lots_of(one, was))
        wrong_model = any("model" in one.facts for one in findings)
        facts = {
            Fact.MISSING: missing,
            Fact.PARTLY_SUPPORTED: 0 < supported < one.claim.share,
            Fact.MODEL_IS_WRONG: wrong_model,
            Fact.LEVEL_IS_GONE: not missing and supported < before[0],
        }
        found = [fact for fact, so in facts.items() if so]
        yield ClaimEffect(
            made=one,
            supported_before=before[0],
            supported_after=supported,
            holds=not findings,
            findings=findings,
            remedies=remedies_for(Touched.CLAIM, found, table) if findings else (),
        )


def _lots_of(made: ClaimMade, state: _State) -> tuple[str, ...]:
    about = made.claim.blending
    if about is None:
        return (made.claim.lot,)
    return batches(made.claim, about, state.books.events)


def _checked(made: ClaimMade, state: _State) -> tuple[Fraction, tuple[Finding, ...]]:
    about = made.claim.blending
    if about is not None:
        return judge_of_site(made, about, state.books, state.trace)
    trace, _ = state.trace(made.claim.lot)
    achievements = state.books.achievements
    said = state.said(made.claim.lot, trace.model)
    supported = supported_share(
        trace,
        achievements,
        made.standard,
        made.claim.level,
        carried=said,
        counting=counting_of(made.custody_pack, made.claim.made_on),
    )
    findings = check_claim(
        made.claim,
        trace=trace,
        achievements=achievements,
        edition=made.standard,
        custody_pack=made.custody_pack,
        carried=said,
    )
    return supported, findings


def _new_findings(before: Books, after: Books) -> tuple[Finding, ...]:
    known = {_key(one) for one in replay_events(before.events, rules=before.rules).findings}
    found = replay_events(after.events, rules=after.rules).findings
    return tuple(one for one in found if _key(one) not in known)


def _key(finding: Finding) -> tuple[str, tuple[tuple[str, str], ...]]:
    return finding.code, tuple(finding.facts.items())


def _uncovered(effect: LotEffect) -> Finding:
    facts = {
        "lot": effect.lot[:_SHOWN],
        "holder": effect.holder[:_SHOWN],
        "left_before": f"{effect.before.left.content_mg} mg",
        "left_after": f"{effect.after.left.content_mg} mg",
        "covered": exact_text(effect.after.covered),
        "missing": f"{effect.missing_mg} mg",
    }
    return Finding(rules.LOT_IS_COVERED, facts)


def _sold(effect: SaleEffect) -> Finding:
    terms = effect.transaction.terms
    facts = {
        "transaction": terms.id[:_SHOWN],
        "lot": terms.item[:_SHOWN],
        "seller": terms.seller[:_SHOWN],
        "buyer": terms.buyer[:_SHOWN],
        "missing": f"{effect.missing_mg} mg",
    }
    return Finding(rules.SALE_IS_COVERED, facts)


def _unbacked(effect: CreditsEffect) -> Finding:
    facts = {
        "credits": effect.credits.id[:_SHOWN],
        "lot": effect.credits.lot[:_SHOWN],
        "booked": f"{effect.credits.quantity_mg} mg",
        "backed": f"{effect.backed_after_mg} mg",
        "missing": f"{effect.missing_mg} mg",
        "passed_on": f"{effect.passed_on_mg} mg",
    }
    return Finding(rules.CREDITS_ARE_BACKED, facts)


def _unsupported(effect: ClaimEffect) -> Finding:
    about = effect.made.claim.blending
    on = {"lot": effect.made.claim.lot[:_SHOWN]}
    if about is not None:
        on = {"facility": about.facility, "material": about.material, "period": str(about.period)}
    facts = {
        "claim": effect.made.claim.id[:_SHOWN],
        **on,
        "claimed": exact_text(effect.made.claim.share),
        "supported_before": exact_text(effect.supported_before),
        "supported_after": exact_text(effect.supported_after),
        "because": ", ".join(dict.fromkeys(one.code for one in effect.findings)),
    }
    return Finding(rules.CLAIM_STILL_HOLDS, facts)


def _up(share: Fraction) -> int:
    """Round up: what is missing is never told as less than it is; 0 if nothing is."""
    return max(0, -(-share.numerator // share.denominator))
