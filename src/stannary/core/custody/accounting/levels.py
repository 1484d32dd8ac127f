"""Which level counts for material: on which day, in a mix, and when it changes after it left the mine.

Custody does not know assurance: what a site held when is given as plain data.

Rules: CUSTODY-070, CUSTODY-071, CUSTODY-094.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stannary.core.custody.accounting import rules
from stannary.core.custody.accounting.sources import Amounts, Source, SourceKind
from stannary.core.custody.parameters import CustodyRules
from stannary.core.kernel import Finding


class Basis(StrEnum):
    """Which day decides the level of a site for material."""

    PRODUCED_ON = "produced_on"
    IN_FORCE_WHEN_CLAIMED = "in_force_when_claimed"


class MixRule(StrEnum):
    """Which level a mix has."""

    EACH_ORIGIN = "each_origin"
    LOWEST = "lowest"


@dataclass(frozen=True, slots=True)
class LevelChange:
    """What an attestation is worth from a day on.

    Attributes:
        on: First day.
        level: Code; None while it counts for nothing.
        why: "achieved", "suspended", "withdrawn", "expired", "pending", or other words.
    """

    on: datetime.date
    level: str | None
    why: str


@dataclass(frozen=True, slots=True)
class LevelHistory:
    """Everything that one attestation was worth, in the order of days."""

    attestation: str
    changes: tuple[LevelChange, ...]

    def on(self, day: datetime.date) -> LevelChange | None:
        """Give what it is worth on a day; None before the first one."""
        return next((one for one in reversed(self.changes) if one.on <= day), None)


Histories = Mapping[str, LevelHistory]
"""By attestation; one that is missing counts for nothing."""


def basis_of(allowed: CustodyRules) -> Basis:
    """Give the day that decides, as the pack says.

    Raises:
        RefusalError: CUSTODY-070 if the pack does not know it, CUSTODY-071 for another word.
    """
    return Basis(allowed.word("attestation_basis", tuple(Basis)))


def counting_level(
    source: Source,
    histories: Histories,
    *,
    basis: Basis,
    claimed_on: datetime.date,
    excluded: Sequence[str] = (),
) -> str | None:
    """Give the level that counts for a source; None if none does.

    Args:
        source: Recycled material has no level of a mine.
        histories: What attestations were worth.
        basis: Which day decides.
        claimed_on: The day of the claim.
        excluded: Levels that a pack keeps out of claims: those that say only that results are public.
    """
    history = histories.get(source.attestation)
    if history is None or source.kind is not SourceKind.MINED:
        return None
    found = history.on(source.produced_on if basis is Basis.PRODUCED_ON else claimed_on)
    return None if found is None or found.level in excluded else found.level


def levels_of(amounts: Amounts, level: Callable[[Source], str | None]) -> dict[str | None, int]:
    """Add amounts up by the level that counts; under None stands what has none."""
    found: dict[str | None, int] = {}
    for source, mg in amounts.items():
        code = level(source)
        found[code] = found.get(code, 0) + mg
    return found


def level_of_mix(
    shares: Mapping[str | None, int], content_mg: int, ranked: Sequence[str], allowed: CustodyRules
) -> str | None:
    """Give the level of a mix as a whole; None if it has none.

    Args:
        shares: Milligrams by level, as `levels_of` gives them.
        content_mg: Of the whole, with what has no source.
        ranked: Levels of the standard, lowest first.
        allowed: each_origin: only a mix of one level has one. lowest: the lowest of its levels
            counts for all of it. Under both, one milligram without a level leaves it without.

    Raises:
        RefusalError: CUSTODY-070 if the pack does not know the rule, CUSTODY-071 for another word.

    Example:
        >>> from stannary.core.custody.parameters import Constant
        >>> from stannary.core.kernel import Mark
        >>> def under(word):
        ...     return CustodyRules(constants={"level_of_mix": Constant(word, Mark.OWN, "illustrative")})
        >>> mix = {"OPEN-50": 40, "OPEN-75": 60}
        >>> [level_of_mix(mix, 100, ("OPEN-50", "OPEN-75"), under(word)) for word in MixRule]
        [None, 'OPEN-50']
    """
    rule = MixRule(allowed.word("level_of_mix", tuple(MixRule)))
    held = [code for code in shares if code is not None and shares[code]]
    covered = sum(shares[code] for code in held)
    if not held or covered < content_mg or any(code not in ranked for code in held):
        return None
    if rule is MixRule.EACH_ORIGIN and len(held) > 1:
        return None
    return min(held, key=ranked.index)


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """What a change of level does to something that carries material.

    Attributes:
        holds: A lot, an account or a credit, by its id.
        source: Which part of it.
        amount_mg: How much.
        before: The level that counted before the change; None for none.
        after: The level that counts from the change on.
        why: What happened: "suspended".
        on: From which day.
        basis: The rule that decided.
    """

    holds: str
    source: Source
    amount_mg: int
    before: str | None
    after: str | None
    why: str
    on: datetime.date
    basis: Basis

    @property
    def counts_as_before(self) -> bool:
        """Whether the change leaves the material as it was."""
        return self.before == self.after

    @property
    def finding(self) -> Finding | None:
        """CUSTODY-094 with what changed; None if nothing did."""
        if self.counts_as_before:
            return None
        facts = {
            "holds": self.holds,
            "site": self.source.site,
            "attestation": self.source.attestation,
            "produced_on": self.source.produced_on.isoformat(),
            "amount": f"{self.amount_mg} mg",
            "before": self.before or "none",
            "after": self.after or "none",
            "since": self.on.isoformat(),
            "why": self.why,
            "basis": str(self.basis),
        }
        return Finding(rules.COUNTING_LEVEL_CHANGED, facts)


def effect_of(
    change: LevelChange,
    before: LevelHistory,
    holdings: Mapping[str, Amounts],
    basis: Basis,
) -> tuple[LevelEffect, ...]:
    """Tell what a change of one attestation does to everything that carries its material.

    Under produced_on material from before the change keeps what it had; under
    in_force_when_claimed all of it counts from the day of the change on as the change says.

    Args:
        change: What is to happen; it may lie in the past.
        before: The history without it.
        holdings: Amounts by lot, account or credit.
        basis: The rule.

    Returns:
        One for each part, in the order of `holdings`, also for those that nothing changes for.
    """
    after = LevelHistory(
        before.attestation,
        tuple(sorted((*before.changes, change), key=lambda one: one.on)),
    )
    found = []
    for name, amounts in holdings.items():
        for source in sorted(amounts):
            if source.attestation != before.attestation:
                continue
            day = source.produced_on if basis is Basis.PRODUCED_ON else change.on
            was, then = before.on(day), after.on(day)
            found.append(
                LevelEffect(
                    holds=name,
                    source=source,
                    amount_mg=amounts[source],
                    before=was.level if was else None,
                    after=then.level if then else None,
                    why=change.why,
                    on=change.on,
                    basis=basis,
                )
            )
    return tuple(found)


def share_at_level(
    amounts: Amounts,
    content_mg: int,
    level: Callable[[Source], str | None],
    wanted: str,
    ranked: Sequence[str],
) -> Fraction:
    """Give the share of a content that comes from sites at a level or a better one, exact."""
    enough = set(ranked[ranked.index(wanted) :]) if wanted in ranked else set()
    counts = sum(mg for source, mg in amounts.items() if level(source) in enough)
    return Fraction(counts, content_mg)
