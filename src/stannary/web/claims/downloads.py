"""Claims to take away."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone

from stannary.web.claims import queries
from stannary.web.claims.models import Claim
from stannary.web.project.downloads import stream

COLUMNS = (
    "id", "lot", "sentence", "standard", "level", "share", "element", "made_by", "made_on", "valid_until",
    "state", "affected_since", "supported", "withdrawn_on", "withdrawal_log_index", "sha256", "log_index", "file",
    "facility", "material", "period_from", "period_until",
)  # fmt: skip


def claims(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Stream every claim, oldest first."""

    def rows() -> Iterator[dict[str, Any]]:
        for row in queries.claims().order_by("pk").iterator(chunk_size=500):
            yield shape(row)

    return stream("claims", form, COLUMNS, rows())


def shape(row: Claim) -> dict[str, Any]:
    """Give a claim from `queries.claims` as other programs read it."""
    affected = queries.is_affected(row)
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
        "state": str(queries.state(row, timezone.localdate())),
        "affected_since": row.affected_at.date().isoformat() if affected else None,  # type: ignore[attr-defined]
        "supported": row.affected_supported if affected else None,  # type: ignore[attr-defined]
        "withdrawn_on": _day(queries.withdrawn_on(row)),
        "withdrawal_log_index": getattr(getattr(row, "withdrawal", None), "log_index", None),
        "sha256": row.sha256,
        "log_index": row.log_index,
        "file": settings.ORIGIN + reverse("claims:file", args=[row.claim_id]),
        "facility": row.facility or None,
        "material": row.material or None,
        "period_from": _day(row.period_from),
        "period_until": _day(row.period_until),
    }


def _day(value: datetime.date | None) -> str | None:
    return None if value is None else value.isoformat()
