"""Rows to core entries; the only file here that knows both."""

from stannary.core.kernel import PartialDate
from stannary.core.stakeholders import Disposition, Entry
from stannary.web.stakeholders.models import InputDecision, InputRecord


def entry(row: InputRecord, decision: InputDecision | None = None) -> Entry:
    """Give a row as core knows it, with the newest decision about it."""
    return Entry(
        id=str(row.number),
        group=row.group,
        channel=row.channel,
        people=row.people,
        topic=row.topic,
        requirements=tuple(row.requirements),
        said_from=PartialDate.parse(row.said_from),
        said_until=PartialDate.parse(row.said_until),
        disposition=Disposition(decision.disposition) if decision else None,
        reason=decision.reason if decision else "",
    )
