"""A desk at which the acts of a scenario are tried: ledger, lines, transactions, accounts, credits.

Each act is a method of its name; it books, or is refused with the code of a rule.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from core.custody.accounting.made_up import NORTH, always, under
from core.custody.replays import make, use
from stannary.core.custody import (
    Account,
    AccountKey,
    Credits,
    Deposit,
    Draw,
    Kind,
    Method,
    Row,
    replay,
)
from stannary.core.custody.postings import POST, Ledger, Posting, book, posting_id
from stannary.core.kernel import Finding, RefusalError
from stannary.core.restatements import simulate_line
from stannary.core.transactions import (
    Capacity,
    Goods,
    Line,
    Period,
    PeriodStep,
    PeriodStepKind,
    Statement,
    Step,
    StepKind,
    Terms,
    Transaction,
    account_of,
    available_on,
    booked_twice,
    check_available,
    content_of_part,
    corrects_nothing,
    offer_in,
    reconcile,
    statement,
    step,
    take_in,
)

Act = Mapping[str, Any]
ITEM, ISSUER = "units", "issuer"
LAST = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(0), datetime.UTC)


class Desk:
    """Everything that is booked while a scenario runs."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.ledger.open(ISSUER, source=True)
        self.lines: list[Line] = []
        self.rows: list[Row] = []
        self.deals: dict[str, Transaction] = {}
        self.account = Account(
            AccountKey("Illustrative A", "plant", "metal", "lithium"), Method.CREDIT, always()
        )
        self.credits = Credits()
        self._numbers: dict[str, int] = {}

    def identity(self, name: str) -> bytes:
        """Give the same name the same id."""
        return posting_id(at_ms=0, entropy=self._numbers.setdefault(name, len(self._numbers) + 1))

    def record(self, one: Line) -> None:
        lines = [*self.lines, one]
        against = (*booked_twice(lines), *corrects_nothing(lines))
        if against:
            raise RefusalError(*against)
        self.lines = lines

    def of(self, entity: str) -> list[Line]:
        return [one for one in self.lines if one.entity == entity]

    def line_of(self, act: Act, quantity: int, name: str) -> Line:
        at = noon(act["on"])
        return Line(
            id=name,
            entity=act["entity"],
            account=ITEM,
            at=at,
            known_at=at,
            quantity=quantity,
            transaction=act.get("transaction", ""),
            counterparty=act.get("counterparty", ""),
            restates=act.get("restates", ""),
        )

    def issue(self, act: Act) -> None:
        name = act.get("id", f"issue {len(self.lines)}")
        target = account_of(act["entity"], ITEM)
        self.ledger.open(target)
        asked = Posting(self.identity(name), POST, ISSUER, target, act["quantity"])
        book(self.ledger, asked)
        self.record(self.line_of(act, act["quantity"], name))

    def issue_again(self, act: Act) -> None:
        target = account_of(act["entity"], ITEM)
        book(
            self.ledger,
            Posting(self.identity(act["id"]), POST, ISSUER, target, act["quantity"]),
        )

    def take_back(self, act: Act) -> None:
        source = account_of(act["entity"], ITEM)
        book(self.ledger, Posting(self.identity(act["id"]), POST, source, ISSUER, act["quantity"]))
        self.record(self.line_of(act, -act["quantity"], act["id"]))

    def make(self, act: Act) -> None:
        self.move(make(f"E{len(self.rows)}", Kind.PRODUCE, **self.weighed(act)))

    def use(self, act: Act) -> None:
        self.move(use(f"E{len(self.rows)}", Kind.LOSS, **self.weighed(act)))

    @staticmethod
    def weighed(act: Act) -> dict[str, Any]:
        return {
            "lot": act["lot"],
            "mass_mg": act["quantity"],
            "content_mg": act["content"],
            "entity": act["entity"],
            "at": noon(act["on"]),
        }

    def move(self, row: Row) -> None:
        stop(replay([*self.rows, row]).findings)
        self.rows.append(row)

    def offer(self, act: Act) -> None:
        content = act.get("content")
        terms = Terms(
            id=act["id"],
            seller=act["seller"],
            buyer=act["buyer"],
            goods=Goods.CREDITS if content is None else Goods.LOT,
            item=ITEM,
            quantity=act["quantity"],
            content_mg=content,
            offered_at=noon(act["on"]),
            expires_at=midnight(act["until"]),
        )
        made = offer_in(self.ledger, terms, by="seller", identity=self.identity(act["id"]))
        self.deals[act["id"]] = made

    def answer(self, act: Act) -> None:
        deal, at = self.deals[act["id"]], noon(act["on"])
        taken = Step(
            StepKind(act["kind"]),
            by="somebody",
            entity=act["entity"],
            at=at,
            seen=len(deal.steps),
            reason="illustrative",
            quantity=act.get("quantity"),
        )
        done = take_in(
            self.ledger,
            deal,
            taken,
            identity=self.identity(f"answer {len(self._numbers)}"),
            reservation=self.identity(act["id"]),
        )
        self.deals[act["id"]] = done
        if done.accepted:
            terms = done.terms
            both = {"on": act["on"], "transaction": terms.id}
            out = {**both, "entity": terms.seller, "counterparty": terms.buyer}
            self.record(self.line_of(out, -done.accepted, f"{terms.id} out"))
            in_ = {**both, "entity": terms.buyer, "counterparty": terms.seller}
            self.record(self.line_of(in_, done.accepted, f"{terms.id} in"))

    def line(self, act: Act) -> None:
        for number in range(act.get("times", 1)):
            name = f"{act['id']} {number}" if "times" in act else act["id"]
            self.record(self.line_of(act, act["quantity"], name))

    def take(self, act: Act) -> None:
        at = noon(act["on"])
        check_available(
            act["quantity"],
            held=available_on(self.of(act["entity"]), at),
            transactions=self.deals.values(),
            entity=act["entity"],
            item=ITEM,
            at=at,
        )
        self.record(self.line_of(act, -act["quantity"], f"taken {len(self.lines)}"))

    def deposit(self, act: Act) -> None:
        amounts = {NORTH: act["quantity"]}
        self.account.deposit(
            Deposit(f"in {act['on']}", noon(act["on"]), "ore", amounts, act["quantity"])
        )

    def draw(self, act: Act) -> None:
        before = len(self.account.findings)
        self.account.draw(Draw(f"out {act['on']}", noon(act["on"]), "M1", act["quantity"]))
        stop(tuple(self.account.findings[before:]))

    def credit(self, act: Act) -> None:
        stop(
            self.credits.book(
                act["id"],
                holder="Illustrative A",
                source=NORTH,
                material="ore",
                quantity_mg=act["quantity"],
                day=act["on"],
                allowed=under(),
            )
        )

    def retire(self, act: Act) -> None:
        stop(
            self.credits.retire(
                act["id"],
                act["quantity"],
                actor="Illustrative A",
                beneficiary=act["beneficiary"],
                day=act["on"],
            )
        )

    def simulate(self, act: Act) -> None:
        found = simulate_line(self.lines, self.line_of(act, act["quantity"], act["id"]))
        uncovered = {one.line.transaction or one.line.id: one.missing for one in found.lines}
        assert uncovered == act.get("uncovered", {})
        assert (found.before, found.after, found.lowest) == (
            act["before"],
            act["after"],
            act["lowest"],
        )
        assert list(found.told) == act.get("told", [])
        assert [str(one) for one in found.remedies] == act.get("remedies", [])

    def drawn(self, act: Act, entity: str) -> Statement:
        begin, end = midnight(act["begin"]), midnight(act["end"])
        return statement(self.lines, entity=entity, begin=begin, end=end, known_at=LAST)

    def statement(self, act: Act) -> None:
        (found,) = self.drawn(act, act["entity"]).accounts
        assert (found.opening, found.closing, len(found.entries)) == (
            act["opening"],
            act["closing"],
            act["lines"],
        )

    def reconcile(self, act: Act) -> None:
        ours, theirs = (self.drawn(act, act[name]) for name in ("ours", "theirs"))
        found = reconcile(ours, theirs)
        assert len(found.matched) == act["matched"]
        stop(found.findings)

    def close(self, act: Act) -> None:
        balances = self.drawn(act, act["entity"]).closing
        period = Period(act["entity"], midnight(act["begin"]), midnight(act["end"]))
        for kind, by in ((PeriodStepKind.PREPARE, "one"), (PeriodStepKind.CLOSE, "another")):
            taken = PeriodStep(kind, by, Capacity.ENTITY, noon(act["on"]), balances)
            period = step(period, taken)

    def check(self, act: Act) -> None:
        """Look at what must be true after an act, accepted or refused."""
        seller = act.get("seller", act.get("entity", ""))
        deal = self.deals.get(act.get("id", ""))
        if deal is not None:
            seller = deal.terms.seller
        key = account_of(seller, ITEM)
        if "reserved" in act:
            assert self.ledger.accounts[key].reserved == act["reserved"]
        if "balance" in act:
            assert self.ledger.accounts[key].balance == act["balance"]
        if "balance_of_buyer" in act and deal is not None:
            buyer = account_of(deal.terms.buyer, ITEM)
            assert self.ledger.accounts[buyer].balance == act["balance_of_buyer"]
        if "content_delivered" in act and deal is not None:
            delivered = content_of_part(deal.terms, deal.accepted)
            assert delivered == act["content_delivered"]
            assert (deal.terms.content_mg or 0) - (delivered or 0) == act["content_kept"]
        if "available" in act:
            assert available_on(self.of(act["entity"]), noon(act["on"])) == act["available"]
        assert self.ledger.total() == 0
        accounts = self.ledger.accounts.values()
        assert all(one.is_source or one.balance >= one.reserved >= 0 for one in accounts)


def stop(findings: tuple[Finding, ...]) -> None:
    """Refuse if there are findings."""
    if findings:
        raise RefusalError(*findings)
