"""Lots and movements to take away."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse

from stannary.core.custody import COLUMNS
from stannary.formats.movements import row_texts
from stannary.web.custody import records
from stannary.web.custody.models import Lot, Movement
from stannary.web.project.downloads import stream

LOT_COLUMNS = (
    "lot", "material", "mass_mg", "content_mg", "left_mass_mg", "left_content_mg", "model", "made_at", "made_by",
    "site", "holder", "in_transit", "element",
)  # fmt: skip


def shape(lot: Lot) -> dict[str, Any]:
    """Give a lot as other programs read it; masses are texts of whole milligrams."""
    return {
        "lot": lot.lot_id,
        "material": lot.material,
        "mass_mg": str(lot.mass_mg),
        "content_mg": str(lot.content_mg),
        "left_mass_mg": str(lot.left_mass_mg),
        "left_content_mg": str(lot.left_content_mg),
        "model": lot.model or None,
        "made_at": lot.made_at.isoformat(),
        "made_by": lot.made_by,
        "site": lot.site,
        "holder": lot.holder or None,
        "in_transit": lot.in_transit,
        "element": lot.element or None,
    }


def lots(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Stream every lot."""

    def rows() -> Iterator[dict[str, Any]]:
        for lot in Lot.objects.order_by("pk").iterator(chunk_size=1000):
            yield shape(lot)

    return stream("lots", form, LOT_COLUMNS, rows())


def movements(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Stream every movement, in file order; `stannary balance` reads it."""
    if form != "csv":
        raise Http404

    def rows() -> Iterator[dict[str, Any]]:
        for record in Movement.objects.order_by("pk").iterator(chunk_size=1000):
            yield dict(zip(COLUMNS, row_texts(records.row_of(record)), strict=True))

    return stream("movements", form, COLUMNS, rows())
