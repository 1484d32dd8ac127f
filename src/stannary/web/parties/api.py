"""Sites for programs: a list with filters, one site with facts and computed dates, figures."""

import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from stannary.web.parties import queries, shapes, site_page
from stannary.web.parties.models import Site
from stannary.web.parties.search import MAX_QUERY
from stannary.web.project import paging

router = Router(tags=["sites"])


class Place(Schema):
    """Where a site is, approximately."""

    latitude: str = Field(description="Degrees north, as text")
    longitude: str = Field(description="Degrees east, as text")
    radius_km: int | None = Field(description="The site lies somewhere within this distance")
    note: str = Field(description="How the place was found")


class SiteSummary(Schema):
    """A site."""

    id: str = Field(description="Permanent id of the site")
    name: str = Field(description="As the source writes it")
    other_names: str = Field(description="Separated by commas; empty when none is known")
    illustrative: bool = Field(description="True: made up to show how the system works")
    country: str = Field(description="ISO 3166-1 alpha-2")
    materials: list[str] = Field(description="Keys of materials")
    operator: str = Field(description="At the time of the audit; empty when unknown")
    firm: str = Field(description="Audit firm; empty when unknown")
    standard: str = Field(description="publisher/standard/edition; empty when unknown")
    status: str = Field(
        description="published, level_pending, in_process, paused, self_assessing or none"
    )
    level: str | None = Field(description="Achievement level; null when there is none")
    released_on: str | None = Field(description="Partial date of the newest full audit report")
    place: Place | None = Field(description="null when unknown")
    address: str = Field(description="Its page, for people")


class SiteList(Schema):
    """Sites in the order in which they were recorded."""

    items: list[SiteSummary] = Field(description="One page of sites")
    next: str | None = Field(description="Cursor of the next page; null on the last")


class Fact(Schema):
    """A fact about a site."""

    site: str = Field(description="Permanent id of the site")
    kind: str = Field(description="What it is about: report_published, complaint and so on")
    on: str = Field(description="Partial date; empty when unknown or not an event")
    until: str = Field(description="Partial date of the end; empty when it is one event")
    text: str = Field(description="In the words of this register")
    source: str = Field(description="Where it was read")
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")


class Step(Schema):
    """Where a site stands on one clock of its cycle."""

    act: str = Field(description="surveillance or full_audit")
    standing: str = Field(
        description="before_window, in_window, window_passed, done, not_yet_due, overdue or unknown"
    )
    rule: str = Field(description="Code of the rule")
    days: int | None = Field(description="Days to or since the next change of standing")


class Computed(Schema):
    """Dates computed by us; never statements of the scheme."""

    note: str = Field(description="That the scheme has not said this")
    surveillance_from: datetime.date | None = Field(
        description="First day of the surveillance window; null: unknown"
    )
    surveillance_until: datetime.date | None = Field(
        description="Last day of the window; null: unknown"
    )
    reassessment_due: datetime.date | None = Field(
        description="Day on which the next full audit is due; null: unknown"
    )
    standing: list[Step] = Field(description="Where the site stands on each clock")


class SiteWhole(SiteSummary):
    """A site with every fact and the computed dates, as known on a day."""

    on: datetime.date = Field(description="The day on which it is looked at")
    note: str = Field(description="In the words of this register; may be empty")
    facts: list[Fact] = Field(description="Every dated fact, oldest first")
    computed: Computed | None = Field(description="null when no release of a report is known")


class FigureShape(Schema):
    """A figure about the whole system, as its source stated it on a date."""

    key: str = Field(description="What is counted")
    value: int = Field(description="The number as it was stated")
    text: str = Field(description="The figure in words")
    on: str = Field(description="Partial date to which it belongs")
    source: str = Field(description="Where it was read")
    mark: str = Field(description="How sure we are: S S2 SEED SEED+S SEED+S2 D GK ? own")


class FigureList(Schema):
    """Figures, oldest first."""

    items: list[FigureShape] = Field(description="All figures")
    next: str | None = Field(description="Always null: they fit on one page")


class DayQuery(Schema):
    """As known on which day."""

    on: datetime.date | None = Field(None, description="Day to look at; left out: today")


class SiteQuery(Schema):
    """Which sites, and how many at a time."""

    q: str = Field(
        "", max_length=MAX_QUERY, description="Words that must all be found; accents do not matter"
    )
    country: str = Field("", max_length=2, description="ISO 3166-1 alpha-2")
    material: str = Field("", max_length=40, description="Key of a material")
    level: str = Field("", max_length=40, description="Code of a level, IRMA-75")
    status: str = Field("", max_length=20, description="As the list writes it: in_process")
    firm: str = Field("", max_length=200, description="Whole name of the audit firm")
    illustrative: bool | None = Field(None, description="true or false; left out: both")
    cursor: str | None = Field(None, description="From `next` of the page before")
    limit: int = Field(paging.PAGE_SIZE, ge=1, le=1000, description="Most items on a page")


@router.get("", response=SiteList, summary="Sites")
def sites(request: HttpRequest, asked: Query[SiteQuery]) -> shapes.Shape:
    """List sites, all or those that fit every filter."""
    filters = {key: getattr(asked, key) for key in queries.FILTERS if key != "illustrative"}
    filters["q"] = asked.q
    if asked.illustrative is not None:
        filters["illustrative"] = "true" if asked.illustrative else "false"
    rows = Site.objects.all()
    if any(filters.values()):
        rows = rows.filter(pk__in=[row.pk for row in queries.chosen(queries.site_rows(), filters)])
    return paging.page(rows, cursor=asked.cursor, limit=asked.limit, shape=shapes.site_summary)


@router.get("/figures", response=FigureList, summary="Figures of the system")
def figures(request: HttpRequest) -> shapes.Shape:
    """List the figures about the whole system, each with its date and source."""
    return {"items": [shapes.figure(row) for row in queries.figures()], "next": None}


@router.get("/{site}", response=SiteWhole, summary="One site")
def site(request: HttpRequest, site: str, asked: Query[DayQuery]) -> shapes.Shape:
    """Give a site with every fact and the computed dates, as known on a day (default: today)."""
    found = site_page.known(queries.site(site), asked.on or timezone.localdate())
    return shapes.site_whole(found)
