"""What every entity got and gave of what may be said of material: the terms of the proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stannary.core.custody.accounting.sources import Amounts, SourceKind, total_mg
from stannary.core.kernel import InvariantError, mass_text


class Term(StrEnum):
    """One way in which an entity's claimable amount grows or shrinks."""

    PRODUCED = "produced"
    RECEIVED = "received"
    CREDITS_RECEIVED = "credits_received"
    SHIPPED = "shipped"
    CREDITS_PASSED_ON = "credits_passed_on"
    RETIRED = "retired"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    LOST = "lost"
    SET_APART = "set_apart"


CAME_IN = (Term.PRODUCED, Term.RECEIVED, Term.CREDITS_RECEIVED)
"""Terms by which an amount grows; every other one shrinks it."""


class Flows:
    """Sums by entity, kind of source and term while events are replayed."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, SourceKind], dict[Term, int]] = {}

    def add(self, entity: str, term: Term, amounts: Amounts) -> None:
        """Add amounts to a term of an entity."""
        for kind in SourceKind:
            mg = total_mg(amounts, kind)
            if mg:
                sums = self._sums.setdefault((entity, kind), {})
                sums[term] = sums.get(term, 0) + mg

    def of(self, entity: str, kind: SourceKind) -> dict[Term, int]:
        """Give every term of an entity, those of nothing as well."""
        sums = self._sums.get((entity, kind), {})
        return {term: sums.get(term, 0) for term in Term}

    @property
    def keys(self) -> tuple[tuple[str, SourceKind], ...]:
        """Entities and kinds with anything, in order."""
        return tuple(sorted(self._sums))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an entity may still say of material, in milligrams.

    Attributes:
        lots_mg: Carried by lots that it holds.
        accounts_mg: In its accounts of mass balance.
        credits_mg: Its credits in force, reserved or not.
    """

    lots_mg: int = 0
    accounts_mg: int = 0
    credits_mg: int = 0

    @property
    def total_mg(self) -> int:
        """All three."""
        return self.lots_mg + self.accounts_mg + self.credits_mg


@dataclass(frozen=True, slots=True)
class EntityProof:
    """One entity's inequality, for one kind of source: claimable is at most what came in less what went.

    Attributes:
        terms: Every term in milligrams.
    """

    entity: str
    kind: SourceKind
    terms: Mapping[Term, int]
    claimable: Holdings

    @property
    def came_in_mg(self) -> int:
        """What was produced or received, with the material or as credits."""
        return sum(self.terms[term] for term in CAME_IN)

    @property
    def went_mg(self) -> int:
        """What was passed on, used up, or came to nothing."""
        return sum(mg for term, mg in self.terms.items() if term not in CAME_IN)

    @property
    def holds(self) -> bool:
        """Whether no more may be said than came in."""
        return self.claimable.total_mg <= self.came_in_mg - self.went_mg

    @property
    def line(self) -> str:
        """The inequality with its terms, in words; what is nothing is left out."""

        def written(terms: Iterable[tuple[str, int]]) -> str:
            shown = [f"{name.replace('_', ' ')} {mass_text(mg)}" for name, mg in terms if mg]
            return " + ".join(shown) or "nothing"

        own = self.claimable
        claimable = written(
            [("lots", own.lots_mg), ("accounts", own.accounts_mg), ("credits", own.credits_mg)]
        )
        came = written((term, self.terms[term]) for term in CAME_IN)
        went = written((term, mg) for term, mg in self.terms.items() if term not in CAME_IN)
        sign = "<=" if self.holds else ">"
        return f"{self.entity}, {self.kind}: {claimable} {sign} {came} - ({went})"


@dataclass(frozen=True, slots=True)
class Proof:
    """That nowhere more may be said than came in: one inequality for each entity, and one for all.

    Attributes:
        entities: By entity, mined before recycled.
        entered_mg: All that was produced with an attestation, in milligrams.
        sayable_mg: All that may still be said of it, with the material, in accounts or as credits,
            on its way, or was said by using up a credit.
    """

    entities: tuple[EntityProof, ...]
    entered_mg: int
    sayable_mg: int

    @property
    def holds(self) -> bool:
        """Whether all inequalities hold."""
        return self.sayable_mg <= self.entered_mg and all(one.holds for one in self.entities)

    @property
    def lines(self) -> tuple[str, ...]:
        """Every inequality in words, that for all last."""
        sign = "<=" if self.sayable_mg <= self.entered_mg else ">"
        whole = f"all: sayable {mass_text(self.sayable_mg)} {sign} produced {mass_text(self.entered_mg)}"
        return (*(one.line for one in self.entities), whole)


def prove(
    flows: Flows, claimable: Mapping[tuple[str, SourceKind], Holdings], in_transit_mg: int
) -> Proof:
    """Put the inequalities together and check them.

    Args:
        flows: Of all entities.
        claimable: What each entity holds at the end.
        in_transit_mg: Mined amounts on their way, held by nobody.

    Raises:
        InvariantError: If more may be said somewhere than came in, or a milligram is unaccounted
            for: a bug of ours.
    """
    keys = sorted({*flows.keys, *claimable})
    entities = tuple(
        EntityProof(entity, kind, flows.of(entity, kind), claimable.get((entity, kind), Holdings()))
        for entity, kind in keys
    )
    mined = [one for one in entities if one.kind is SourceKind.MINED]
    sayable = sum(one.claimable.total_mg + one.terms[Term.RETIRED] for one in mined)
    proof = Proof(
        entities=entities,
        entered_mg=sum(one.terms[Term.PRODUCED] for one in mined),
        sayable_mg=sayable + in_transit_mg,
    )
    for one in entities:
        if one.claimable.total_mg != one.came_in_mg - one.went_mg:
            raise InvariantError(f"the books do not close: {one.line}")
    if not proof.holds:
        raise InvariantError(proof.lines[-1])
    return proof
