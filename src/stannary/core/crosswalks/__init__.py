"""Crosswalks: how the demands of two standards stand to each other, and what that saves."""

from stannary.core.crosswalks.crosswalk import (
    Crosswalk,
    Link,
    Relation,
    check_crosswalk,
    clause_ids,
)
from stannary.core.crosswalks.plans import (
    CoAuditPlan,
    Cover,
    Need,
    NeedState,
    co_audit_plan,
    cover_of,
)
from stannary.core.crosswalks.reports import Gap, GapReport, GapState, gap_report

__all__ = [
    "CoAuditPlan",
    "Cover",
    "Crosswalk",
    "Gap",
    "GapReport",
    "GapState",
    "Link",
    "Need",
    "NeedState",
    "Relation",
    "check_crosswalk",
    "clause_ids",
    "co_audit_plan",
    "cover_of",
    "gap_report",
]
