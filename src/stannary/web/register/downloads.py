"""Suspensions, the chart of credits and a mine's lots as files; all else has files of its own."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from stannary.core.kernel import share_12_text
from stannary.web.custody import queries as custody
from stannary.web.custody.models import Lot
from stannary.web.parties import queries as parties
from stannary.web.project.downloads import stream
from stannary.web.register import effects, queries

COLUMNS = ("kind", "id", "whose", "status", "since", "until", "reason", "illustrative")


def suspensions(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every suspension and withdrawal of a certificate or an achievement, the newest first."""
    return stream("suspensions", form, COLUMNS, rows())


def rows() -> Iterator[dict[str, Any]]:
    """Give suspensions as rows."""
    for one in effects.suspensions():
        yield {
            "kind": one.kind,
            "id": one.id,
            "whose": one.whose,
            "status": one.status,
            "since": one.since.isoformat(),
            "until": one.until.isoformat() if one.until else "",
            "reason": one.reason,
            "illustrative": one.illustrative,
        }


CHART_COLUMNS = ("mine", "used_mg", "in_force_mg", "expired_mg")


def credits_by_mine(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give what the chart of credits shows, as of today: one row a bar."""
    bars = queries.credits_by_mine(timezone.localdate())
    rows_ = (dict(zip(CHART_COLUMNS, (bar.name, *bar.parts), strict=True)) for bar in bars)
    return stream("credits-by-mine", form, CHART_COLUMNS, rows_)


LOT_COLUMNS = ("lot", "share", "left_content_mg", "of_mine_mg", "where")


def lots_of_mine(_request: HttpRequest, slug: str, form: str) -> StreamingHttpResponse:
    """Give every lot that still holds material of a mine, with the mine's share, so that totals add up."""
    found = custody.following(parties.site(slug).slug)
    left = Lot.objects.filter(lot_id__in=custody.among(found.parts), left_content_mg__gt=0)
    rows_ = (
        {
            "lot": lot.lot_id,
            "share": share_12_text(found.share(lot.lot_id)),
            "left_content_mg": lot.left_content_mg,
            "of_mine_mg": found.whole_mg([(lot.lot_id, lot.left_content_mg)]),
            "where": "under way" if lot.in_transit else "held",
        }
        for lot in left.order_by("lot_id")
    )
    return stream("lots", form, LOT_COLUMNS, rows_)
