"""What other books keep otherwise: credits, what was used up of them, and accounts of mass balance.

Two states of the kept books are compared: as they are, and with a correction, or with another
status of a certificate. Nothing is booked.

Rules: RESTATEMENT-012, RESTATEMENT-014; findings of the books that are new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stannary.core.custody import Books as KeptBooks
from stannary.core.custody import Credit, PeriodStatement, Retirement, total_mg
from stannary.core.kernel import Finding
from stannary.core.restatements import rules
from stannary.core.restatements.effects import Notice
from stannary.core.restatements.remedies import (
    REMEDIES,
    Fact,
    Remedy,
    RemedyRule,
    Touched,
    remedies_for,
)

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class CreditEffect:
    """A credit that is not what it was.

    Attributes:
        id: Of the credit.
        holder: Who holds it; who held it, if it would not be there any more.
        before_mg: What it was made with; 0 if it was not there.
        after_mg: The same afterwards.
        left_before_mg: Neither passed on nor used up.
        left_after_mg: The same afterwards.
        remedies: What can be done.
    """

    id: str
    holder: str
    before_mg: int
    after_mg: int
    left_before_mg: int
    left_after_mg: int
    remedies: tuple[Remedy, ...]

    @property
    def missing_mg(self) -> int:
        """What would be there no more of what was made, 0 or more."""
        return max(0, self.before_mg - self.after_mg)

    @property
    def passed_on_mg(self) -> int:
        """Of what is missing, what was passed on or used up already."""
        return max(0, self.missing_mg - self.left_before_mg)


@dataclass(frozen=True, slots=True)
class UseEffect:
    """What was used up for somebody and would not have been, or in another quantity."""

    event: str
    credit: str
    holder: str
    beneficiary: str
    before_mg: int
    after_mg: int


@dataclass(frozen=True, slots=True)
class BalanceOfAccount:
    """An account in one balance period that is not what it was.

    Attributes:
        entity: Who keeps it.
        account: Boundary and material.
        period: The balance period.
        before_mg: Left at its end, or now; less what outputs wait for, and so below 0 in a deficit.
        after_mg: The same afterwards.
        remedies: What can be done.
    """

    entity: str
    account: str
    period: str
    before_mg: int
    after_mg: int
    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class KeptEffects:
    """Everything that other books keep otherwise; empty if they keep the same.

    Attributes:
        credits: By id.
        uses: In the order in which they were used up.
        accounts: By entity, account and period.
        notices: Who must be told.
        findings: RESTATEMENT-012 for each credit and each use that is not backed any more,
            RESTATEMENT-014 for each account in a deficit that is new or larger, then what the books
            find that they did not find before.
    """

    credits: tuple[CreditEffect, ...]
    uses: tuple[UseEffect, ...]
    accounts: tuple[BalanceOfAccount, ...]
    notices: tuple[Notice, ...]
    findings: tuple[Finding, ...]


def compare_kept(
    before: KeptBooks, after: KeptBooks, *, table: Sequence[RemedyRule] = REMEDIES
) -> KeptEffects:
    """Tell what two states of the books keep otherwise.

    Args:
        before: As the books are.
        after: As they would be.
        table: Which remedies fit when.
    """
    credits_ = tuple(_credits(before.credits, after.credits, table))
    uses = tuple(_uses(before.retired, after.retired))
    accounts = tuple(_accounts(before.statements, after.statements, table))
    findings = (
        *(_unbacked(one) for one in credits_ if one.missing_mg),
        *(_not_used(one) for one in uses if one.after_mg < one.before_mg),
        *(_deficit(one) for one in accounts if one.after_mg < min(0, one.before_mg)),
        *_new(before.findings, after.findings),
    )
    return KeptEffects(credits_, uses, accounts, _notices(credits_, uses, accounts), findings)


def _credits(
    before: Sequence[Credit], after: Sequence[Credit], table: Sequence[RemedyRule]
) -> Iterator[CreditEffect]:
    was, now = {one.id: one for one in before}, {one.id: one for one in after}
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name), now.get(name)
        numbers = (
            old.quantity_mg if old else 0,
            new.quantity_mg if new else 0,
            old.left_mg if old else 0,
            new.left_mg if new else 0,
        )
        if numbers[0] == numbers[1] and numbers[2] == numbers[3]:
            continue
        holder = new.holder if new else old.holder if old else ""
        found = CreditEffect(name, holder, *numbers, remedies=())
        facts = [
            fact
            for fact, so in (
                (Fact.UNUSED, found.missing_mg > found.passed_on_mg),
                (Fact.PASSED_ON, found.passed_on_mg > 0),
            )
            if so
        ]
        remedies = remedies_for(Touched.CREDITS, facts, table)
        yield CreditEffect(name, holder, *numbers, remedies=remedies)


def _uses(before: Sequence[Retirement], after: Sequence[Retirement]) -> Iterator[UseEffect]:
    was, now = {one.event: one for one in before}, {one.event: one for one in after}
    for event in dict.fromkeys((*was, *now)):
        old, new = was.get(event), now.get(event)
        numbers = (old.quantity_mg if old else 0, new.quantity_mg if new else 0)
        one = new or old
        if one is not None and numbers[0] != numbers[1]:
            yield UseEffect(event, one.credit, one.holder, one.beneficiary, *numbers)


def _accounts(
    before: Sequence[PeriodStatement],
    after: Sequence[PeriodStatement],
    table: Sequence[RemedyRule],
) -> Iterator[BalanceOfAccount]:
    was, now = _balances(before), _balances(after)
    for key in sorted(was.keys() | now.keys()):
        numbers = (was.get(key, 0), now.get(key, 0))
        if numbers[0] != numbers[1]:
            facts = {Fact.MISSING} if numbers[1] < numbers[0] else set[Fact]()
            remedies = remedies_for(Touched.ACCOUNT, facts, table)
            yield BalanceOfAccount(*key, *numbers, remedies=remedies)


def _balances(statements: Sequence[PeriodStatement]) -> dict[tuple[str, str, str], int]:
    return {
        (
            one.key.entity,
            one.key.place,
            str(one.period),
        ): total_mg(one.closing) - one.deficit_mg
        for one in statements
    }


def _notices(
    credits_: Sequence[CreditEffect],
    uses: Sequence[UseEffect],
    accounts: Sequence[BalanceOfAccount],
) -> tuple[Notice, ...]:
    about: dict[tuple[str, str], set[str]] = {}
    told = [
        *((one.holder, "credit_holder", one.id) for one in credits_),
        *((one.holder, "credit_holder", one.credit) for one in uses),
        *((one.beneficiary, "beneficiary", one.credit) for one in uses),
        *((one.entity, "account_keeper", one.account) for one in accounts),
    ]
    for entity, role, name in told:
        about.setdefault((entity, role), set()).add(name)
    return tuple(sorted(Notice(*key, tuple(sorted(names))) for key, names in about.items()))


def _unbacked(one: CreditEffect) -> Finding:
    facts = {
        "credits": one.id[:_SHOWN],
        "holder": one.holder[:_SHOWN],
        "booked": f"{one.before_mg} mg",
        "backed": f"{one.after_mg} mg",
        "missing": f"{one.missing_mg} mg",
        "passed_on": f"{one.passed_on_mg} mg",
    }
    return Finding(rules.CREDITS_ARE_BACKED, facts)


def _not_used(one: UseEffect) -> Finding:
    facts = {
        "credits": one.credit[:_SHOWN],
        "event": one.event[:_SHOWN],
        "beneficiary": one.beneficiary[:_SHOWN],
        "used": f"{one.before_mg} mg",
        "backed": f"{one.after_mg} mg",
    }
    return Finding(rules.CREDITS_ARE_BACKED, facts)


def _deficit(one: BalanceOfAccount) -> Finding:
    facts = {
        "entity": one.entity[:_SHOWN],
        "account": one.account[:_SHOWN],
        "period": one.period,
        "balance_before": str(one.before_mg),
        "balance_after": str(one.after_mg),
    }
    return Finding(rules.ACCOUNT_STAYS_COVERED, facts)


def _new(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[Finding]:
    known = {(one.code, tuple(one.facts.items())) for one in before}
    for one in after:
        if (one.code, tuple(one.facts.items())) not in known:
            yield one
