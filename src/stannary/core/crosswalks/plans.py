"""One evidence set, several standards: what is covered once, and what is left to ask for each.

A plan promises only what a judgement says. Two links that each cover a half are not added up to
a whole, for the halves may be the same: `floor` is the largest single coverage, `at_best` the sum.

Rules: CROSSWALK-007.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from stannary.core.crosswalks import rules
from stannary.core.crosswalks.crosswalk import Crosswalk, Link, requirements_under
from stannary.core.kernel import Mark, refuse
from stannary.core.standards import Edition, Requirement


class NeedState(StrEnum):
    """What an auditor who holds evidence for the leading standard still has to ask.

    COVERED: nothing. REST: what a judgement says is not covered. PERHAPS: everything, unless the
    part of its chapter or section that is covered is this one, which no judgement says. ASK:
    everything, for it was examined against the whole of the leading standard and nothing was
    found. UNEXAMINED: everything, for nobody has looked, or only at some pairs.
    """

    COVERED = "covered"
    REST = "rest"
    PERHAPS = "perhaps"
    ASK = "ask"
    UNEXAMINED = "unexamined"


@dataclass(frozen=True, slots=True)
class Cover:
    """How far judgements cover a requirement.

    Attributes:
        links: Those that certainly cover it or a part of it, the largest coverage first, then by
            id of the first clause: judgements on itself, and on its section or chapter where
            that is covered whole.
        perhaps: Judgements that cover a part of its section or chapter, in the same order.
        nothing: Judgements that found nothing in common with it, its section or its chapter.
        floor: Share that is certainly covered, 0 to 1, both included.
        at_best: Share that is covered if no two links cover the same and what is uncertain turns
            out well, 0 to 1, both included; never below `floor`.
    """

    links: tuple[Link, ...]
    perhaps: tuple[Link, ...]
    nothing: tuple[Link, ...]
    floor: Fraction
    at_best: Fraction

    @property
    def state(self) -> NeedState:
        """COVERED at exactly 1 and never before."""
        if self.floor == 1:
            return NeedState.COVERED
        if self.links:
            return NeedState.REST
        if self.perhaps:
            return NeedState.PERHAPS
        examined = any(not link.first for link in self.nothing)
        return NeedState.ASK if examined else NeedState.UNEXAMINED


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
        others: Further standards, in the order asked for.
        needs: By id of each further edition, one entry for each requirement, in its order.
        shared: By requirement of the lead, for how many requirements of the further standards
            its evidence certainly counts, alone or with the rest of its section or chapter;
            those that count for none are left out.
    """

    lead: Edition
    others: tuple[Edition, ...]
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

    A judgement on its section or chapter counts for it as well where the whole is covered. Where
    only a part of them is, it is not certain that the requirement is in that part, so that such
    a link is set apart; not even that where the requirement itself, or a section between the
    two, was examined against all of the first edition and nothing was found.
    """
    links: list[Link] = []
    perhaps: list[Link] = []
    nothing: list[Link] = []
    settled = False
    for clause in (requirement.id, requirement.section, requirement.chapter):
        here = crosswalk.onto_second.get(clause, ())
        for link in here:
            if link.finds_nothing:
                nothing.append(link)
            elif clause == requirement.id or link.coverage == 1:
                links.append(link)
            elif not settled:
                perhaps.append(link)
        settled = settled or any(link.finds_nothing and not link.first for link in here)
    return Cover(
        links=_ordered(links),
        perhaps=_ordered(perhaps),
        nothing=tuple(nothing),
        floor=max((link.coverage for link in links), default=Fraction(0)),
        at_best=Fraction(1) if perhaps else _at_best(links),
    )


def _ordered(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (-link.coverage, link.first)))


def _at_best(links: Iterable[Link]) -> Fraction:
    """Add up coverages, each clause of the first once: two crosswalks may judge the same pair."""
    best: dict[str, Fraction] = {}
    for link in links:
        best[link.first] = max(link.coverage, best.get(link.first, link.coverage))
    return min(Fraction(1), sum(best.values(), Fraction(0)))


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

    Raises:
        RefusalError: CROSSWALK-007 if there is no further standard, one is named twice, or one is
            the lead.
    """
    ids = [other.id for other in others]
    if not ids or len({lead.id, *ids}) != len(ids) + 1:
        refuse(rules.PLAN_HAS_OTHERS, lead=lead.id, others=", ".join(ids)[:200] or "none")
    known = tuple(crosswalks)
    under = requirements_under(lead)
    needs: dict[str, tuple[Need, ...]] = {}
    shared: dict[str, int] = {}
    for other in others:
        way = joined(lead.id, other.id, known)
        needs[other.id] = tuple(
            Need(requirement, cover_of(way, requirement)) for requirement in other.requirements
        )
        for need in needs[other.id]:
            counting = {one for link in need.cover.links for one in under.get(link.first, ())}
            for one in counting:
                shared[one] = shared.get(one, 0) + 1
    order = {one.id: shared[one.id] for one in lead.requirements if one.id in shared}
    return CoAuditPlan(lead=lead, others=tuple(others), needs=needs, shared=order)


def joined(lead_id: str, other_id: str, known: Iterable[Crosswalk]) -> Crosswalk:
    """Put every judgement between two editions into one crosswalk that leads to the other."""
    links: list[Link] = []
    for crosswalk in known:
        if (crosswalk.first, crosswalk.second) == (lead_id, other_id):
            links += crosswalk.links
        elif (crosswalk.first, crosswalk.second) == (other_id, lead_id):
            links += crosswalk.turned().links
    return Crosswalk(lead_id, other_id, "", "", "und", "", "", Mark.DEDUCED, tuple(links))
