"""Judgements and co-audit plans as files."""

from collections.abc import Iterator, Mapping

from django.http import Http404, HttpRequest, StreamingHttpResponse

from stannary.core.crosswalks import CoAuditPlan, coverage_text
from stannary.formats.crosswalks import CSV_COLUMNS, link_row
from stannary.web.crosswalks import plan_page, queries
from stannary.web.project.downloads import stream

PLAN_COLUMNS = (
    "lead_standard",
    "standard",
    "requirement",
    "title",
    "critical",
    "state",
    "floor",
    "at_best",
    "by",
    "perhaps",
)
LICENCE = "as each crosswalk says: /api/v1/crosswalks"


def judgements(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every judgement of every crosswalk, in order."""
    rows = (
        {"crosswalk": entry.name, **link_row(entry.crosswalk, link)}
        for entry in queries.crosswalks()
        for link in entry.crosswalk.links
    )
    return stream("crosswalks", form, ("crosswalk", *CSV_COLUMNS), rows, licence=LICENCE)


def plan(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give a co-audit plan, one row for each requirement of each further standard.

    Raises:
        Http404: Unless lead and further editions are named.
        RefusalError: What `queries.plan` refuses.
    """
    asked = plan_page.Asked.read(request.GET)
    if not asked.is_complete:
        raise Http404
    found = queries.plan(asked.lead, asked.others).plan
    return stream("co-audit-plan", form, PLAN_COLUMNS, _rows(found), licence=LICENCE)


def _rows(plan: CoAuditPlan) -> Iterator[Mapping[str, object]]:
    for other in plan.others:
        for need in plan.needs[other.id]:
            cover = need.cover
            yield {
                "lead_standard": plan.lead.id,
                "standard": other.id,
                "requirement": need.requirement.id,
                "title": need.requirement.title,
                "critical": "true" if need.requirement.critical else "false",
                "state": str(cover.state),
                "floor": coverage_text(cover.floor),
                "at_best": coverage_text(cover.at_best),
                "by": " ".join(link.first for link in cover.links),
                "perhaps": " ".join(link.first for link in cover.perhaps),
            }
