"""How each event changes what may be said of material: with lots, in accounts, as credits.

Rules: CUSTODY-070 to CUSTODY-074, CUSTODY-078 to CUSTODY-082, CUSTODY-085 to CUSTODY-092, CUSTODY-099,
CUSTODY-100, CUSTODY-101, CUSTODY-106; CUSTODY-037 and CUSTODY-039 for acts about credits.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, pairwise
from typing import TypedDict

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.accounts import (
    Account,
    AccountKey,
    AccountState,
    Deposit,
    Draw,
    MethodOn,
    PeriodStatement,
    RulesOn,
)
from stannary.core.custody.accounting.blends import Blend, check_blend
from stannary.core.custody.accounting.certificates import beyond_group, standing_of
from stannary.core.custody.accounting.conversions import ConversionFactor, factor_for, whole_mg
from stannary.core.custody.accounting.credits import Credits
from stannary.core.custody.accounting.flows import Flows, Holdings, Proof, Term, prove
from stannary.core.custody.accounting.governance import Governance
from stannary.core.custody.accounting.sources import (
    NOTHING,
    Amounts,
    Source,
    SourceKind,
    portion,
    together,
    total_mg,
    without,
)
from stannary.core.custody.elements import (
    OVER_ACCOUNTS,
    check_names,
    element_named,
    process_named,
)
from stannary.core.custody.events import Event
from stannary.core.custody.lots import Lot
from stannary.core.custody.masses import sums
from stannary.core.custody.parameters import CustodyRules
from stannary.core.custody.rows import Kind, Model, Row, weakest
from stannary.core.custody.weighing import check_gain, check_loss, weighed_as
from stannary.core.kernel import Finding, RefusalError

BOUNDARY = "balance_boundary"


class _Governed(TypedDict):
    """What an account asks of whoever governs its entity."""

    rules_on: RulesOn
    method_on: MethodOn
    since: Callable[[datetime.date], datetime.date]


@dataclass(slots=True)
class Keeper:
    """Everything that is kept while events are replayed in order; `close`, then `proof`.

    Events must have no defects of lots and masses: that is checked before.

    Attributes:
        lots: Every lot by id.
        governs: Under which pack, and by which method, each entity keeps its books.
        carried: Lot to what may be said of what is left of it.
        given: Lot to all that it was given, less what became credits: the most for all of it.
        weighed: Lot to what each entity lost of it by weighing, in milligrams of mass.
        findings: In the order of replay.
    """

    lots: Mapping[str, Lot]
    governs: Governance
    factors: Sequence[ConversionFactor] = ()
    element: str = ""
    carried: dict[str, Amounts] = field(default_factory=dict)
    given: dict[str, Amounts] = field(default_factory=dict)
    weighed: dict[str, dict[str, int]] = field(default_factory=dict)
    accounts: dict[AccountKey, Account] = field(default_factory=dict)
    credits: Credits = field(default_factory=Credits)
    blends: list[Blend] = field(default_factory=list)
    pilots: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    flows: Flows = field(default_factory=Flows)
    _left: dict[str, int] = field(default_factory=dict)
    _holder: dict[str, str] = field(default_factory=dict)
    _ceiling: dict[str, Model | None] = field(default_factory=dict)

    def place(
        self,
        lot: str,
        holder: str,
        left_mg: int,
        carried: Amounts,
        given: Amounts,
        *,
        ceiling: Model | None,
        weighed: Mapping[str, int],
    ) -> None:
        """Say of a lot from before who holds it ("" if it is under way), and what is kept of it."""
        self._holder[lot], self._left[lot], self._ceiling[lot] = holder, left_mg, ceiling
        self.carried[lot], self.given[lot] = carried, given
        self.weighed[lot] = dict(weighed)

    def book(self, event: Event) -> None:
        """Let one event happen."""
        self._expire(event.at.date())
        if event.kind.is_credit:
            self._credit(event)
            return
        named = self._accounts_of(event)
        if event.kind.is_source:
            for row in event.outputs:
                self._enter(row)
        elif event.kind.is_move:
            for row in event.moves:
                self._hand_over(row)
        elif event.kind is Kind.LOSS:
            for row in event.inputs:
                self.flows.add(row.entity, Term.LOST, self._use(row))
                self._weigh(row)
        else:
            self._change(event, named=named)

    def close(self, day: datetime.date) -> tuple[PeriodStatement, ...]:
        """Bring accounts and credits to a day, and give the statements of all accounts."""
        self._expire(day)
        statements: list[PeriodStatement] = []
        for key in sorted(self.accounts):
            account = self.accounts[key]
            statements += account.close(day)
            self.findings += account.findings
            lapsed = together(one.lapsed for one in account.statements)
            self.flows.add(key.entity, Term.LAPSED, lapsed)
        return tuple(statements)

    def proof(self) -> Proof:
        """Prove that nowhere more may be said than came in; after `close`.

        Raises:
            InvariantError: If it does not hold: a bug of ours.
        """
        found: dict[tuple[str, SourceKind], list[int]] = {}
        moving = 0

        def add(entity: str, place: int, amounts: Amounts) -> None:
            for kind in SourceKind:
                mg = total_mg(amounts, kind)
                if mg:
                    found.setdefault((entity, kind), [0, 0, 0])[place] += mg

        for lot, amounts in self.carried.items():
            if self._holder[lot]:
                add(self._holder[lot], 0, amounts)
            else:
                moving += total_mg(amounts, SourceKind.MINED)
        for key, account in self.accounts.items():
            add(key.entity, 1, account.balance)
        for credit in self.credits.by_id.values():
            if not credit.expired:
                add(credit.holder, 2, {credit.source: credit.left_mg})
        return prove(self.flows, {key: Holdings(*mg) for key, mg in found.items()}, moving)

    # Lots

    def _enter(self, row: Row) -> None:
        """Let a lot come into being; what nobody attests carries nothing."""
        amounts: Amounts = NOTHING
        day = row.at.date()
        if row.kind is Kind.PRODUCE and row.attestation:
            amounts = {Source(day, row.site, row.attestation): row.content_mg}
        if row.kind is Kind.RECYCLE:
            amounts = {Source(day, row.site, "", SourceKind.RECYCLED): row.content_mg}
        gain = tuple(check_gain(row))
        self.findings += gain
        if gain:
            amounts = NOTHING
        self.flows.add(row.entity, Term.PRODUCED, amounts)
        self._make(row, amounts, model=row.model, counts=self._counts(row, row.model))

    def _make(self, row: Row, amounts: Amounts, *, model: Model | None, counts: bool) -> None:
        """Give a new lot what it carries, if a certificate covers it."""
        if not counts:
            self.flows.add(row.entity, Term.SET_APART, amounts)
            amounts = NOTHING
        self.carried[row.lot] = self.given[row.lot] = amounts
        self._left[row.lot] = row.content_mg
        self._holder[row.lot], self._ceiling[row.lot] = row.entity, model
        if model is Model.CONTROLLED_BLENDING and row.kind in OVER_ACCOUNTS:
            assured = total_mg(amounts, SourceKind.MINED)
            blend = Blend(row.lot, row.site, row.at, assured, row.content_mg, row.place)
            self.blends.append(blend)
            self.findings += check_blend(blend, self._rules(row))

    def _hand_over(self, row: Row) -> None:
        """Let a lot leave or arrive with all that it carries."""
        amounts, sender = self.carried[row.lot], self._holder[row.lot]
        receiver = row.entity if row.kind is Kind.RECEIVE else ""
        if sender and sender != receiver:
            self.flows.add(sender, Term.SHIPPED, amounts)
        if receiver and sender != receiver:
            self.flows.add(receiver, Term.RECEIVED, amounts)
        self._holder[row.lot] = receiver
        self._ceiling[row.lot] = weakest((self._ceiling[row.lot], row.model))
        if not self._counts(row, row.model or self._ceiling[row.lot]):
            # what left is no longer the sender's to set apart
            if receiver:
                self.flows.add(receiver, Term.SET_APART, amounts)
            self.carried[row.lot] = self.given[row.lot] = NOTHING

    def _use(self, row: Row) -> Amounts:
        """Take what the part used carries out of a lot."""
        for account in self.accounts.values():
            account.forget(row.lot)
        amounts, left = self.carried[row.lot], self._left[row.lot]
        taken = portion(amounts, row.content_mg, left)
        self.carried[row.lot] = without(amounts, taken)
        self._left[row.lot] = left - row.content_mg
        holder = self._holder[row.lot]
        if holder != row.entity:  # CUSTODY-012 tells it; the sums stay right all the same
            if holder:
                self.flows.add(holder, Term.SHIPPED, taken)
            self.flows.add(row.entity, Term.RECEIVED, taken)
        return taken

    def _weigh(self, row: Row) -> None:
        """Add up what an entity loses of a lot by weighing, and hold it against the pack."""
        if weighed_as(row) is None:
            return
        of_lot = self.weighed.setdefault(row.lot, {})
        of_lot[row.entity] = of_lot.get(row.entity, 0) + row.mass_mg
        try:
            self.findings += check_loss(
                row,
                weighed_mg=of_lot[row.entity],
                lot_mass_mg=self.lots[row.lot].mass_mg,
                allowed=self._rules(row),
            )
        except RefusalError as refusal:
            self._tell(row, refusal)

    def _counts(self, row: Row, model: Model | None) -> bool:
        """Tell whether a certificate covers a row; without a model or certificates nobody asks."""
        if not self.governs.asked or model is None:
            return True
        allowed = self._rules(row)
        held = self.governs.held.get(row.entity, ())
        standing = standing_of(row, model, held, pack=allowed.pack or None, allowed=allowed)
        self.findings += standing.findings
        if standing.pilot and row.lot not in self.pilots:
            self.pilots.append(row.lot)
        return standing.counts

    # Lots into lots, over accounts

    def _change(self, event: Event, *, named: bool) -> None:
        pool: list[Amounts] = []
        used = weakest(one for row in event.inputs for one in (row.model, self._ceiling[row.lot]))
        entering = self._entering(event)
        for row, content in zip(event.inputs, entering, strict=True):
            taken = self._use(row)
            account = row.account if named else ""
            model = row.model or self._ceiling[row.lot]
            if not self._counts(row, Model.MASS_BALANCE if account else model):
                self.flows.add(row.entity, Term.SET_APART, taken)
            elif account:
                self._deposit(event, row, taken, content)
            else:
                pool.append(taken)
        self._put_out(event, together(pool), used, named=named)

    def _put_out(self, event: Event, rest: Amounts, used: Model | None, *, named: bool) -> None:
        """Divide what did not enter an account over the outputs by content, and draw for the others."""
        content = sums(event.inputs)[1]
        for row in event.outputs:
            part: Amounts = portion(rest, row.content_mg, content)
            rest, content = without(rest, part), content - row.content_mg
            model = row.model or used
            counts = self._counts(row, model)
            if named and row.account:
                self.flows.add(row.entity, Term.LOST, part)
                part = self._draw(event, row) if counts else NOTHING
            self._make(row, part, model=model, counts=counts)
        self.flows.add(event.entity, Term.LOST, rest)

    def _accounts_of(self, event: Event) -> bool:
        """Tell whether an event may use the accounts that it names."""
        rows = [row for row in event.rows if row.account]
        if not rows:
            return False
        materials = sorted({row.material for row in event.outputs})
        problem = self._beyond_boundary(rows)
        if event.kind not in OVER_ACCOUNTS:
            problem = str(event.kind)
        elif any(row.model is not Model.MASS_BALANCE for row in event.outputs if row.account):
            problem = "another model"
        elif len(materials) > 1:
            problem = "several materials: " + ", ".join(materials)
        if problem:
            facts = {"event": event.id, "account": rows[0].account, "problem": problem}
            place = rows[0].place_of("account")
            self.findings.append(Finding(rules.ACCOUNT_IS_OF_MASS_BALANCE, facts, place))
        beyond = tuple(self._beyond_groups(rows))
        self.findings += beyond
        return not problem and not beyond

    def _beyond_groups(self, rows: Sequence[Row]) -> Iterator[Finding]:
        """Tell which accounts stand for no group of sites that a certificate lists."""
        for row in rows if self.governs.asked else ():
            held = self.governs.held.get(row.entity, ())
            yield from beyond_group(row, held, pack=self._rules(row).pack or None)

    def _beyond_boundary(self, rows: Sequence[Row]) -> str:
        """Tell what lies outside of the boundary that a pack draws around accounts; "" for nothing.

        A pack may bind an account to one site; one that says nothing lets a group share it.
        """
        for row in rows:
            allowed = self._rules(row)
            if BOUNDARY not in allowed.constants:
                continue
            try:
                word = allowed.word(BOUNDARY, ("site", "group"))
            except RefusalError as refusal:
                self._tell(row, refusal)
                return f"{BOUNDARY} is not known"
            if word == "site" and row.account != row.site:
                return f"the account of a site bears its name: {row.site}"
        return ""

    def _entering(self, event: Event) -> list[int]:
        """Give the content of each input after what the process took, adding up to all outputs."""
        content_in, content_out = sums(event.inputs)[1], sums(event.outputs)[1]
        steps = accumulate((row.content_mg for row in event.inputs), initial=0)
        reached = [step * content_out // content_in for step in steps]
        return [later - earlier for earlier, later in pairwise(reached)]

    def _deposit(self, event: Event, row: Row, taken: Amounts, measured_mg: int) -> None:
        """Convert what an input carries, and let it enter the account."""
        day = row.at.date()
        product = event.outputs[0].material
        try:
            allowed = self._rules(row)
            word = allowed.word("conversion_factor_source", ("measured", "approved"))
            if word == "measured":
                entering = portion(taken, measured_mg, row.content_mg)
            else:
                factor = factor_for(
                    self.factors,
                    material=row.material,
                    product=product,
                    day=day,
                    allowed=allowed,
                    process=process_named(event) or None,
                    element=element_named(event) or self.element or None,
                ).factor
                entering = portion(taken, factor.numerator, factor.denominator)
                measured_mg = whole_mg(row.content_mg * factor)
            account = self._account(event, row, product)
            account.deposit(
                Deposit(event.id, row.at, row.lot, entering, measured_mg, row.place_of("account"))
            )
        except RefusalError as refusal:
            self._tell(row, refusal)
            self.flows.add(row.entity, Term.SET_APART, taken)
            return
        self.flows.add(row.entity, Term.LOST, without(taken, entering))
        self._deliver_late(account)

    def _deliver_late(self, account: Account) -> None:
        """Give outputs that waited what they wait for, wherever they are now."""
        for given in account.late:
            lot, amounts = given.draw.lot, given.amounts or NOTHING
            holder = self._holder[lot]
            if holder != account.key.entity:
                self.flows.add(account.key.entity, Term.SHIPPED, amounts)
                if holder:
                    self.flows.add(holder, Term.RECEIVED, amounts)
            self.carried[lot] = together((self.carried[lot], amounts))
            self.given[lot] = together((self.given[lot], amounts))
        account.late.clear()

    def _draw(self, event: Event, row: Row) -> Amounts:
        try:
            account = self._account(event, row, row.material)
            draw = Draw(
                event=row.event,
                at=row.at,
                lot=row.lot,
                content_mg=row.content_mg,
                attestation=row.attestation,
                place=row.place_of("account"),
            )
            return account.draw(draw).amounts or NOTHING
        except RefusalError as refusal:
            self._tell(row, refusal)
            return NOTHING

    def _account(self, event: Event, row: Row, material: str) -> Account:
        element = element_named(event) or self.element
        key = AccountKey(row.entity, row.account, material, element)
        if key not in self.accounts:
            method = self.governs.method(row.entity, row.at.date())
            self.accounts[key] = Account(key, method, **self._governed(row.entity))
        return self.accounts[key]

    # What governs

    def _rules(self, row: Row) -> CustodyRules:
        """Give the constants by which whoever books a row keeps its books on that day."""
        return self.governs.rules(row.entity, row.at.date())

    def go_on_with(self, state: AccountState) -> None:
        """Go on with an account from before."""
        governed = self._governed(state.key.entity)
        self.accounts[state.key] = Account.continued(state, **governed)

    def _governed(self, entity: str) -> _Governed:
        return {
            "rules_on": partial(self.governs.rules, entity),
            "method_on": partial(self.governs.method, entity),
            "since": partial(self.governs.since, entity),
        }

    # Credits

    def _credit(self, event: Event) -> None:
        """Let credits be booked, passed on or used up; with a finding nothing happens."""
        first = event.rows[0]
        wrong = tuple(check_names(event, self.lots))
        if wrong:
            self.findings += wrong
            return
        fits = (
            len(event.inputs) == 1
            and not event.moves
            and bool(event.outputs) == (event.kind is not Kind.RETIRE)
            and all(row.model in (None, Model.BOOK_AND_CLAIM) for row in event.outputs)
        )
        outputs = event.outputs if event.kind is not Kind.RETIRE else event.inputs
        if not fits or sums(event.inputs)[1] != sums(outputs)[1]:
            facts = {"event": event.id, "kind": str(event.kind)}
            self.findings.append(Finding(rules.CREDIT_ACT_HAS_ITS_FORM, facts, first.place))
            return
        if not self._counts(event.inputs[0], Model.BOOK_AND_CLAIM):
            return
        try:
            acts = {Kind.BOOK: self._book, Kind.TRANSFER: self._transfer, Kind.RETIRE: self._retire}
            self.findings += acts[event.kind](event)
        except RefusalError as refusal:
            self._tell(first, refusal)

    def _book(self, event: Event) -> Iterable[Finding]:
        """Turn what a mined lot still carries into credits; the material carries it no longer."""
        row, day = event.inputs[0], event.at.date()
        lot = self.lots.get(row.lot)
        carried = self.carried.get(row.lot, NOTHING)
        held = self._holder.get(row.lot) == row.entity and lot is not None
        mined = held and lot is not None and lot.kind is Kind.PRODUCE and lot.entity == row.entity
        named = {one.attestation for one in event.outputs} - {""}
        sources = [one for one in carried if named <= {one.attestation}]
        there = sum(carried[one] for one in sources) if mined else 0
        if row.content_mg > there or not sources:
            facts = {"event": event.id, "lot": row.lot, "carries": f"{there} mg"}
            facts["booked"] = f"{row.content_mg} mg"
            return (Finding(rules.CREDIT_RESTS_ON_ATTESTED_MASS, facts, row.place),)
        trial = Credits(dict(self.credits.by_id))
        found: list[Finding] = []
        for one in event.outputs:
            if one.account not in ("", one.entity):
                facts = {"event": event.id, "kind": "book", "account": one.account}
                found.append(Finding(rules.CREDIT_ACT_HAS_ITS_FORM, facts, one.place))
            found += trial.book(
                one.lot,
                holder=row.entity,
                source=sources[0],
                material=row.material,
                quantity_mg=one.content_mg,
                day=day,
                allowed=self._rules(row),
                place=one.place,
            )
        if not found:
            self.credits.by_id = trial.by_id
            booked = {sources[0]: row.content_mg}
            self.carried[row.lot] = without(carried, booked)
            self.given[row.lot] = without(self.given[row.lot], booked)
        return found

    def _transfer(self, event: Event) -> Iterable[Finding]:
        row = event.inputs[0]
        parts = [(one.lot, one.account, one.content_mg) for one in event.outputs]
        if not all(holder for _, holder, _ in parts):
            facts = {"event": event.id, "kind": "transfer", "account": "(empty)"}
            return (Finding(rules.CREDIT_ACT_HAS_ITS_FORM, facts, row.place),)
        found = self.credits.transfer(
            row.lot, parts, actor=row.entity, day=row.at.date(), place=row.place
        )
        if not found:
            source = self.credits.by_id[row.lot].source
            for _, holder, mg in parts:
                self.flows.add(row.entity, Term.CREDITS_PASSED_ON, {source: mg})
                self.flows.add(holder, Term.CREDITS_RECEIVED, {source: mg})
        return found

    def _retire(self, event: Event) -> Iterable[Finding]:
        row = event.inputs[0]
        found = self.credits.retire(
            row.lot,
            row.content_mg,
            actor=row.entity,
            beneficiary=row.note.strip(),
            day=row.at.date(),
            event=event.id,
            period=row.period,
            place=row.place,
        )
        if not found:
            source = self.credits.by_id[row.lot].source
            self.flows.add(row.entity, Term.RETIRED, {source: row.content_mg})
        return found

    def _expire(self, day: datetime.date) -> None:
        for one in self.credits.expire(day):
            if one.left_mg:
                self.flows.add(one.holder, Term.EXPIRED, {one.source: one.left_mg})

    def _tell(self, row: Row, refusal: RefusalError) -> None:
        """Record why a part of an event did not happen, at its row."""
        for finding in refusal.findings:
            facts = {"event": row.event, **finding.facts}
            self.findings.append(Finding(finding.rule, facts, row.place))
