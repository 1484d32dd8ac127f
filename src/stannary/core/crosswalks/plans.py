"""One evidence set, several standards: what is covered once, and what is left to ask for each.

A plan promises only what a judgement says. Two links that each cover a half are not added up to
a whole, for the halves may be the same: `floor` is the largest single coverage, `at_best` the sum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stannary.core.crosswalks.crosswalk import Crosswalk, Link, Relation
from stannary.core.kernel import Mark
from stannary.core.standards import Edition, Requirement


class NeedState(StrEnum):
    """What an auditor who holds evidence for the leading standard still has to ask."""

    COVERED = "covered"
    REST = "rest"
    ASK = "ask"
    UNEXAMINED = "unexamined"


@dataclass(frozen=True, slots=True)
class Cover:
    """How far judgements cover a clause.

    Attributes:
        links: Those that cover a part of it, the largest first, then by id of the first clause.
        floor: Share that is certainly covered, 0 to 1.
        at_best: Share that may be covered if no two links cover the same, 0 to 1.
        examined: Whether anybody has looked.
    """

    links: tuple[Link, ...]
    floor: Fraction
    at_best: Fraction
    examined: bool

    @property
    def state(self) -> NeedState:
        """COVERED at exactly 1, REST above 0, ASK when examined without success."""
        if self.floor == 1:
            return NeedState.COVERED
        if self.links:
            return NeedState.REST
        return NeedState.ASK if self.examined else NeedState.UNEXAMINED


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement of a further standard under a co-audit plan."""

    requirement: Requirement
    cover: Cover


@dataclass(frozen=True, slots=True)
class CoAuditPlan:
    """What one body of evidence is worth under several standards.

    Attributes:
        lead: The standard whose evidence is gathered in full.
        needs: By id of each further edition, one entry for each requirement, in its order.
        shared: By requirement of the lead, how many requirements elsewhere its evidence covers
            in whole or part; those that cover nothing are left out.
    """

    lead: Edition
    needs: dict[str, tuple[Need, ...]]
    shared: dict[str, int]

    def count(self, edition_id: str, state: NeedState) -> int:
        """Count the requirements of a further standard in a state."""
        return sum(need.cover.state is state for need in self.needs[edition_id])

    def to_ask(self, edition_id: str) -> tuple[Need, ...]:
        """Give what is left to ask for a further standard: everything not covered whole."""
        return tuple(
            need for need in self.needs[edition_id] if need.cover.state is not NeedState.COVERED
        )


def cover_of(crosswalk: Crosswalk, requirement: Requirement) -> Cover:
    """Tell how far a requirement of the second edition is covered by the first.

    A judgement on its section or chapter counts for it as well, at its own coverage when it
    covers the whole; a part of a chapter says nothing certain of one requirement in it, so that
    such a link counts towards `at_best` alone.
    """
    own = crosswalk.onto_second.get(requirement.id, ())
    above = [
        link
        for name in (requirement.section, requirement.chapter)
        for link in crosswalk.onto_second.get(name, ())
    ]
    links = [link for link in (*own, *above) if link.relation is not Relation.NONE]
    links.sort(key=lambda link: (-link.coverage, link.first))
    certain = [link.coverage for link in own] + [
        link.coverage for link in above if link.coverage == 1
    ]
    return Cover(
        links=tuple(links),
        floor=max(certain, default=Fraction(0)),
        at_best=min(Fraction(1), sum((link.coverage for link in links), Fraction(0))),
        examined=bool(own or above),
    )


def co_audit_plan(
    lead: Edition, others: Sequence[Edition], crosswalks: Iterable[Crosswalk]
) -> CoAuditPlan:
    """Plan one audit for several standards.

    Args:
        lead: The standard whose evidence is gathered in full.
        others: Further standards.
        crosswalks: Judgements; those between the lead and a further standard are used, in
            whichever direction they were made. Several for one pair are used together.

    Returns:
        The plan. A further standard without a crosswalk is unexamined in every requirement.
    """
    known = tuple(crosswalks)
    needs: dict[str, tuple[Need, ...]] = {}
    shared: dict[str, int] = {}
    for other in others:
        joined = _joined(lead, other, known)
        needs[other.id] = tuple(
            Need(requirement, cover_of(joined, requirement)) for requirement in other.requirements
        )
        for need in needs[other.id]:
            for first in {link.first for link in need.cover.links}:
                shared[first] = shared.get(first, 0) + 1
    return CoAuditPlan(lead=lead, needs=needs, shared=shared)


def _joined(lead: Edition, other: Edition, known: Sequence[Crosswalk]) -> Crosswalk:
    """Put every judgement between two editions into one crosswalk that leads to the other."""
    links: list[Link] = []
    for crosswalk in known:
        if (crosswalk.first, crosswalk.second) == (lead.id, other.id):
            links += crosswalk.links
        elif (crosswalk.first, crosswalk.second) == (other.id, lead.id):
            links += crosswalk.turned().links
    return Crosswalk(lead.id, other.id, "", "", "", "", Mark.DEDUCED, tuple(links))
