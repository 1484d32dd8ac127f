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

    @classmethod
    def of_terms(cls, terms: Mapping[tuple[str, SourceKind], Mapping[Term, int]]) -> "Flows":
        """Take sums as they are; what adds up to nothing was never there."""
        found = cls()
        for key, sums in terms.items():
            there = {term: mg for term, mg in sums.items() if mg}
            if there:
                found._sums[key] = there
        return found

    def copy(self) -> "Flows":
        """Give the sums as they are now."""
        found = Flows()
        found._sums = {key: dict(sums) for key, sums in self._sums.items()}
        return found

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


class Tally:
    """What the proof adds up, so that it can be changed by what changed: amounts that may be negative.

    What days do (a balance lapses, a credit expires) is counted with the accounts and credits that
    it happens to, so it is left out of what events do.
    """

    def __init__(self) -> None:
        self.terms: dict[tuple[str, SourceKind], dict[Term, int]] = {}
        self.holdings: dict[tuple[str, SourceKind], dict[str, int]] = {}
        self.moving_mg = 0

    @classmethod
    def of_events(cls, flows: Flows) -> "Tally":
        """Take what events did."""
        found = cls()
        for entity, kind in flows.keys:
            for term, mg in flows.of(entity, kind).items():
                if term not in (Term.LAPSED, Term.EXPIRED):
                    found.count(entity, kind, term, mg)
        return found

    @classmethod
    def of_proof(cls, proof: Proof) -> "Tally":
        """Take a proof apart again."""
        found = cls()
        moving = proof.sayable_mg
        for one in proof.entities:
            for term, mg in one.terms.items():
                found.count(one.entity, one.kind, term, mg)
            held = one.claimable
            for place, mg in (
                ("lots", held.lots_mg),
                ("accounts", held.accounts_mg),
                ("credits", held.credits_mg),
            ):
                found.hold(one.entity, one.kind, place, mg)
            if one.kind is SourceKind.MINED:
                moving -= held.total_mg + one.terms[Term.RETIRED]
        found.moving_mg = moving
        return found

    def count(self, entity: str, kind: SourceKind, term: Term, mg: int) -> None:
        """Add to a term of an entity."""
        if mg:
            sums = self.terms.setdefault((entity, kind), {})
            sums[term] = sums.get(term, 0) + mg

    def hold(self, entity: str, kind: SourceKind, place: str, mg: int) -> None:
        """Add to what an entity holds with lots, in accounts or as credits; "" is on the way."""
        if not entity:
            self.moving_mg += mg if kind is SourceKind.MINED else 0
        elif mg:
            sums = self.holdings.setdefault((entity, kind), {})
            sums[place] = sums.get(place, 0) + mg

    def change(self, by: "Tally", *, sign: int = 1) -> None:
        """Add another one, or take it away."""
        for (entity, kind), terms in by.terms.items():
            for term, mg in terms.items():
                self.count(entity, kind, term, sign * mg)
        for (entity, kind), places in by.holdings.items():
            for place, mg in places.items():
                self.hold(entity, kind, place, sign * mg)
        self.moving_mg += sign * by.moving_mg

    def proof(self) -> Proof:
        """Put the inequalities together and check them; see `prove`.

        Raises:
            InvariantError: If more may be said somewhere than came in: a bug of ours.
        """
        flows = Flows.of_terms(self.terms)
        holdings = {
            key: Holdings(one.get("lots", 0), one.get("accounts", 0), one.get("credits", 0))
            for key, one in self.holdings.items()
            if any(one.values())
        }
        return prove(flows, holdings, self.moving_mg)


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
