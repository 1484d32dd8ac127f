"""A restatement: a new record that says of an earlier one what is right; neither is changed.

Rules: RESTATEMENT-001 to RESTATEMENT-004, and those of rows for what it says.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from stannary.core.custody import Event, Model, Row, Side, parse_time
from stannary.core.custody.rules import WORD_IS_KNOWN
from stannary.core.kernel import Finding, RefusalError, parse_mass_mg, refuse
from stannary.core.restatements import rules

REASON_MAX = 2000
_SHOWN = 200


class Field(StrEnum):
    """What of a record can be restated."""

    MASS = "mass_mg"
    CONTENT = "content_mg"
    MODEL = "model"
    ATTESTATION = "attestation"
    AT = "at"


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what the books say now, and what is right.

    Attributes:
        field: Which. A time is that of the whole event.
        before: As written in a custody file; "" for a model or an attestation that is not named.
        after: The same.
    """

    field: Field
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Restatement:
    """A record that restates another.

    Attributes:
        id: Permanent.
        event: Id of the event that it restates.
        changes: Field by field; none: the event never happened.
        by: Id of the person.
        at: When it is recorded.
        reason: Why.
        side: Of the row, with changes.
        lot: Of the row, with changes.
    """

    id: str
    event: str
    changes: tuple[Change, ...]
    by: str
    at: datetime.datetime
    reason: str
    side: Side | None = None
    lot: str = ""


def restate(events: Sequence[Event], record: Restatement) -> tuple[Event, ...]:
    """Give the events as they are known with a restatement; those given are not changed.

    Whether they still add up is what the simulation tells; here only the record itself is
    looked at.

    Raises:
        RefusalError: RESTATEMENT-001 to RESTATEMENT-004, with every reason; KERNEL-001,
            CUSTODY-025 to CUSTODY-027 if a row cannot be what it says.
    """
    found = [event for event in events if event.id == record.event]
    rows = [row for event in found for row in event.rows if _named(row, record)]
    against = tuple(_against(found, rows, record))
    if against:
        raise RefusalError(*against)
    (event,) = found
    if not record.changes:
        return tuple(one for one in events if one is not event)
    changed = _event(event, rows[0], record)
    return tuple(changed if one is event else one for one in events)


def value_of(row: Row, field: Field) -> str:
    """Give a field of a row as it is written in a custody file."""
    value = getattr(row, field.value)
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _named(row: Row, record: Restatement) -> bool:
    return row.side is record.side and row.lot == record.lot


def _event(event: Event, row: Row, record: Restatement) -> Event:
    values: dict[str, object] = {}
    at = event.at
    for change in record.changes:
        if change.field in (Field.MASS, Field.CONTENT):
            values[change.field.value] = parse_mass_mg(change.after)
        elif change.field is Field.MODEL:
            values["model"] = _model(change.after)
        elif change.field is Field.ATTESTATION:
            values["attestation"] = change.after
        else:
            at = parse_time(change.after)

    def rows(group: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(
            replace(one, at=at, **(values if one is row else {}))  # type: ignore[arg-type]  # fields by name
            for one in group
        )

    return replace(
        event,
        at=at,
        inputs=rows(event.inputs),
        outputs=rows(event.outputs),
        moves=rows(event.moves),
    )


def _model(text: str) -> Model | None:
    if text and text not in tuple(Model):
        refuse(WORD_IS_KNOWN, value=text[:40], known=", ".join(Model))
    return Model(text) if text else None


def _against(found: Sequence[Event], rows: Sequence[Row], record: Restatement) -> Iterator[Finding]:
    facts = {"restatement": record.id[:_SHOWN] or "none", "event": record.event[:_SHOWN]}
    length = len(record.reason)
    if not record.id or not record.by or not record.reason.strip() or length > REASON_MAX:
        said = {"by": record.by[:_SHOWN] or "nobody", "reason": f"{length} characters"}
        yield Finding(rules.SAYS_WHO_AND_WHY, {**facts, **said})
    if len(found) != 1 or (record.changes and len(rows) != 1):
        named = {"side": str(record.side or "none"), "lot": record.lot[:_SHOWN] or "none"}
        seen = {"events": str(len(found)), "rows": str(len(rows))}
        yield Finding(rules.RESTATES_ONE_RECORD, {**facts, **named, **seen})
        return
    happened = found[0].at
    if record.at.utcoffset() is None or record.at < happened:
        times = {"recorded_at": record.at.isoformat(), "happened_at": happened.isoformat()}
        yield Finding(rules.COMES_AFTER_THE_RECORD, {**facts, **times})
    fields = [change.field for change in record.changes]
    for change in record.changes:
        is_now = value_of(rows[0], change.field)
        same = change.before == change.after
        if is_now != change.before or same or fields.count(change.field) > 1:
            said = {"field": str(change.field), "books": is_now[:_SHOWN]}
            both = {"before": change.before[:_SHOWN], "after": change.after[:_SHOWN]}
            yield Finding(rules.KNOWS_WHAT_IT_RESTATES, {**facts, **said, **both})
