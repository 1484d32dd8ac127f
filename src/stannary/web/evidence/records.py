"""Rows to core items; the only file here that knows both."""

from stannary.core.evidence import EvidenceItem, EvidenceKind, Visibility
from stannary.core.kernel import PartialDate
from stannary.web.evidence.models import EvidenceVersion


def item(row: EvidenceVersion) -> EvidenceItem:
    """Give a row as core knows it."""
    return EvidenceItem(
        id=str(row.pk),
        item=str(row.item),
        kind=EvidenceKind(row.kind),
        title=row.title,
        sha256=row.sha256,
        size=row.size,
        covers_from=PartialDate.parse(row.covers_from),
        covers_until=PartialDate.parse(row.covers_until),
        requirements=tuple(row.requirements),
        visibility=Visibility(row.visibility),
        previous=str(row.previous_id) if row.previous_id else "",
        twin_of=str(row.twin_of) if row.twin_of else "",
    )
