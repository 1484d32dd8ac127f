"""What is asked of a list of the API: which page, and how long."""

from ninja import Field, Schema

from stannary.web.project.paging import PAGE_SIZE

MOST = 1000


class PageQuery(Schema):
    """Which page of a list, and how many items are on it."""

    cursor: str | None = Field(
        None, max_length=100, description="From `next` of the page before; left out for the first"
    )
    limit: int = Field(PAGE_SIZE, ge=1, le=MOST, description="Most items on a page")
