"""Claims to take away."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse

from stannary.web.claims import queries
from stannary.web.claims.models import Claim
from stannary.web.project.downloads import stream

COLUMNS = (
    "id", "lot", "sentence", "standard", "level", "share", "element", "made_by", "made_on", "valid_until",
    "withdrawn_on", "sha256", "log_index", "file",
)  # fmt: skip


def claims(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Stream every claim, oldest first."""

    def rows() -> Iterator[dict[str, Any]]:
        for row in queries.claims().order_by("pk").iterator(chunk_size=500):
            yield shape(row)

    return stream("claims", form, COLUMNS, rows())


def shape(row: Claim) -> dict[str, Any]:
    """Give a claim as other programs read it."""
    return {
        "id": row.claim_id.urn,
        "lot": row.lot,
        "sentence": row.sentence_en,
        "standard": row.standard,
        "level": row.level,
        "share": row.share,
        "element": row.element,
        "made_by": row.made_by.name,
        "made_on": row.made_on.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "withdrawn_on": _day(queries.withdrawn_on(row)),
        "sha256": row.sha256,
        "log_index": row.log_index,
        "file": settings.ORIGIN + reverse("claims:file", args=[row.claim_id]),
    }


def _day(value: datetime.date | None) -> str | None:
    return None if value is None else value.isoformat()
