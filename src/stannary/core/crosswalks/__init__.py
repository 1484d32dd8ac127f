"""Crosswalks: how the demands of two standards stand to each other, and what that saves."""

from stannary.core.crosswalks.crosswalk import (
    Crosswalk,
    Link,
    Relation,
    around,
    check_crosswalk,
    clause_ids,
    requirements_under,
)
from stannary.core.crosswalks.plans import (
    CoAuditPlan,
    Cover,
    Need,
    NeedState,
    co_audit_plan,
    cover_of,
    joined,
)
from stannary.core.crosswalks.reports import (
    Gap,
    GapReport,
    GapState,
    clause_rating,
    gap_report,
)
from stannary.core.crosswalks.shape import (
    COLUMNS,
    coverage_text,
    crosswalk_as_dict,
    crosswalk_from_dict,
    crosswalk_head_as_dict,
    gap_report_as_dict,
    link_as_dict,
    plan_as_dict,
)

__all__ = [
    "COLUMNS",
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
    "around",
    "check_crosswalk",
    "clause_ids",
    "clause_rating",
    "co_audit_plan",
    "cover_of",
    "coverage_text",
    "crosswalk_as_dict",
    "crosswalk_from_dict",
    "crosswalk_head_as_dict",
    "gap_report",
    "gap_report_as_dict",
    "joined",
    "link_as_dict",
    "plan_as_dict",
    "requirements_under",
]
