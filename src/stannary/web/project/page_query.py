"""What is asked of a list of the API: which page, and how long."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from ninja import Field, Schema

from stannary.web.project import paging
from stannary.web.project.paging import PAGE_SIZE

MOST = 1000


class PageQuery(Schema):
    """Which page of a list, and how many items are on it."""

    cursor: str | None = Field(
        None, max_length=100, description="From `next` of the page before; left out for the first"
    )
    limit: int = Field(PAGE_SIZE, ge=1, le=MOST, description="Most items on a page")

    def of(
        self, rows: QuerySet[paging.T], shape: Callable[[paging.T], dict[str, Any]]
    ) -> dict[str, Any]:
        """Give this page of some rows, each as other programs read it; see `paging.page`."""
        return paging.page(rows, cursor=self.cursor, limit=self.limit, shape=shape)
