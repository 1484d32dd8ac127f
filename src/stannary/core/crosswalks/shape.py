"""Crosswalks, plans and gap reports as JSON values, and a crosswalk back from them."""

import datetime
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from stannary.core.crosswalks.crosswalk import Crosswalk, Link, Relation
from stannary.core.crosswalks.plans import CoAuditPlan, Cover, Need, NeedState
from stannary.core.crosswalks.reports import GapReport, GapState
from stannary.core.kernel import Mark, share_text

COLUMNS = (
    "first",
    "second",
    "relation",
    "direction",
    "coverage",
    "coverage_back",
    "reason",
    "reviewer",
    "reviewed_on",
)
"""What a judgement says, in the order of tables and files."""


def coverage_text(coverage: Fraction) -> str:
    """Write a coverage so that nothing is lost: with decimals where they suffice, else a/b.

    Example:
        >>> coverage_text(Fraction(1, 2)), coverage_text(Fraction(1, 3)), coverage_text(Fraction(1))
        ('0.5', '1/3', '1')
    """
    text = share_text(coverage)
    return text if Fraction(text) == coverage else str(coverage)


def link_as_dict(link: Link) -> dict[str, str | None]:
    """Give a judgement with the keys of `COLUMNS`; None where a side or a way back is left out."""
    back = link.coverage_back
    return {
        "first": link.first or None,
        "second": link.second or None,
        "relation": str(link.relation),
        "direction": link.direction,
        "coverage": coverage_text(link.coverage),
        "coverage_back": None if back is None else coverage_text(back),
        "reason": link.reason,
        "reviewer": link.reviewer,
        "reviewed_on": link.reviewed_on.isoformat(),
    }


def crosswalk_as_dict(crosswalk: Crosswalk) -> dict[str, object]:
    """Give a crosswalk with all its judgements, in their order; not where in a file they stood."""
    return {
        **crosswalk_head_as_dict(crosswalk),
        "links": [link_as_dict(link) for link in crosswalk.links],
    }


def crosswalk_head_as_dict(crosswalk: Crosswalk) -> dict[str, object]:
    """Give a crosswalk without its judgements."""
    return {
        "first": crosswalk.first,
        "second": crosswalk.second,
        "title": crosswalk.title,
        "summary": crosswalk.summary,
        "language": crosswalk.language,
        "licence": crosswalk.licence,
        "source": crosswalk.source,
        "mark": str(crosswalk.mark),
    }


def crosswalk_from_dict(data: Mapping[str, Any]) -> Crosswalk:
    """Read back what `crosswalk_as_dict` gave."""
    return Crosswalk(
        first=data["first"],
        second=data["second"],
        title=data["title"],
        summary=data["summary"],
        language=data["language"],
        licence=data["licence"],
        source=data["source"],
        mark=Mark(data["mark"]),
        links=tuple(_link(item) for item in data["links"]),
    )


def _link(item: Mapping[str, Any]) -> Link:
    back = item["coverage_back"]
    return Link(
        first=item["first"] or "",
        second=item["second"] or "",
        relation=Relation(item["relation"]),
        coverage=Fraction(item["coverage"]),
        coverage_back=None if back is None else Fraction(back),
        reason=item["reason"],
        reviewer=item["reviewer"],
        reviewed_on=datetime.date.fromisoformat(item["reviewed_on"]),
    )


def plan_as_dict(plan: CoAuditPlan) -> dict[str, object]:
    """Give a co-audit plan: counts, and what is left to ask for each further standard.

    `counts` holds every state; they add up to `requirements`. `shared` tells for how many
    requirements elsewhere evidence for one of the lead counts.
    """
    return {
        "lead": plan.lead.id,
        "requirements": len(plan.lead.requirements),
        "shared": dict(plan.shared),
        "standards": [
            {
                "id": other.id,
                "requirements": len(other.requirements),
                "requirements_complete": other.requirements_complete,
                "counts": {str(state): plan.count(other.id, state) for state in NeedState},
                "to_ask": [_need(need) for need in plan.to_ask(other.id)],
            }
            for other in plan.others
        ],
    }


def _need(need: Need) -> dict[str, object]:
    cover: Cover = need.cover
    return {
        "id": need.requirement.id,
        "title": need.requirement.title,
        "critical": need.requirement.critical,
        "state": str(cover.state),
        "floor": coverage_text(cover.floor),
        "at_best": coverage_text(cover.at_best),
        "links": _links(cover.links),
        "perhaps": _links(cover.perhaps),
        "nothing": _links(cover.nothing),
    }


def _links(links: Iterable[Link]) -> list[dict[str, str | None]]:
    return [link_as_dict(link) for link in links]


def gap_report_as_dict(report: GapReport) -> dict[str, object]:
    """Give a gap report: counts of every state, and each requirement of the second edition."""
    return {
        "first": report.first,
        "second": report.second,
        "counts": {str(state): report.count(state) for state in GapState},
        "requirements": [
            {
                "id": gap.requirement.id,
                "title": gap.requirement.title,
                "critical": gap.requirement.critical,
                "state": str(gap.state),
                "by": [
                    {
                        "first": link.first,
                        "second": link.second,
                        "rating": str(rating),
                        "relation": str(link.relation),
                        "coverage": coverage_text(link.coverage),
                    }
                    for link, rating in gap.by
                ],
            }
            for gap in report.gaps
        ],
    }
