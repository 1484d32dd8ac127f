"""Conversion factors as plain shapes, for the API."""

from typing import Any

from stannary.web.entities.factors.queries import Known


def factor(one: Known) -> dict[str, Any]:
    """Give a factor with everything that was recorded of it."""
    row, approval, withdrawal = one.row, one.approval, one.withdrawal
    return {
        "number": str(row.pk),
        "entity": row.entity.slug if row.entity else "",
        "material": row.material,
        "product": row.product,
        "process": row.process,
        "element": row.element,
        "factor": row.factor,
        "source": row.source,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "illustrative": row.illustrative,
        "status": one.status,
        "approved_by": approval.office.slug if approval else "",
        "approved_on": approval.on if approval else None,
        "review_on": one.review_on,
        "withdrawn_on": withdrawal.on if withdrawal else None,
        "reason": withdrawal.reason if withdrawal else "",
        "address": f"/conversion-factors/{row.pk}/",
    }
