"""What the page of stakeholder input shows, and the table for auditors."""

from collections.abc import Iterable
from typing import Any

from stannary.core.cycle import Action
from stannary.core.stakeholders import Channel, Disposition, Group, PublicEntry
from stannary.web.project.problems import finding_shape
from stannary.web.stakeholders import words
from stannary.web.stakeholders.forms import Trouble
from stannary.web.stakeholders.queries import Heard, Input

COLUMNS = (
    "number",
    "group",
    "channel",
    "people",
    "topic",
    "requirements",
    "said_from",
    "said_until",
    "disposition",
    "reason",
    "replaced_by",
    "recorded_at",
)
"""Of the table for the audit team."""


def context(found: Input, trouble: Trouble | None) -> dict[str, Any]:
    """Give everything that the page shows."""
    held = found.held
    may_record = held.may(Action.RECORD_INPUT)
    return {
        "held": held,
        "row": held.row,
        "found": found,
        "entries": [_entry(found, one, trouble) for one in found.entries],
        "public": [_public(one) for one in found.public],
        "may_record": may_record,
        "may_decide": held.may(Action.DECIDE_INPUT),
        "groups": [(str(one), words.GROUPS[one]) for one in Group],
        "channels": [(str(one), words.CHANNELS[one]) for one in Channel],
        "dispositions": [(str(one), words.DISPOSITIONS[one]) for one in Disposition],
        "trouble": trouble,
        "trouble_findings": [finding_shape(one) for one in trouble.findings] if trouble else [],
        "typed": trouble.typed if trouble and trouble.part == "record" else {},
    }


def _entry(found: Input, heard: Heard, trouble: Trouble | None) -> dict[str, Any]:
    row = heard.row
    stands = heard.replaced_by is None
    hit = trouble is not None and trouble.part == str(row.number)
    return {
        "heard": heard,
        "row": row,
        "group": words.GROUPS[Group(row.group)],
        "channel": words.CHANNELS[Channel(row.channel)],
        "period": words.period(row.said_from, row.said_until),
        "decisions": [
            {"row": one, "what": words.DISPOSITIONS[Disposition(one.disposition)]}
            for one in reversed(heard.decisions)
        ],
        "seen": len(heard.decisions),
        "may_decide": stands and found.held.may(Action.DECIDE_INPUT),
        "may_correct": stands and not heard.decisions and found.held.may(Action.RECORD_INPUT),
        "typed": trouble.typed if hit and trouble else {},
        "hit": hit,
    }


def _public(one: PublicEntry) -> dict[str, Any]:
    return {
        "entry": one,
        "group": words.GROUPS[Group(one.group)],
        "channel": words.CHANNELS[Channel(one.channel)],
        "what": words.DISPOSITIONS[Disposition(one.disposition)] if one.disposition else "",
    }


def table(entries: Iterable[Heard]) -> Iterable[dict[str, object]]:
    """Give the rows of `COLUMNS`."""
    for one in entries:
        row = one.row
        yield {
            **{name: getattr(row, name) for name in COLUMNS[:5]},
            "requirements": " ".join(row.requirements),
            "said_from": row.said_from,
            "said_until": row.said_until,
            "disposition": one.decision.disposition if one.decision else "",
            "reason": one.decision.reason if one.decision else "",
            "replaced_by": one.replaced_by or "",
            "recorded_at": row.at.isoformat(),
        }
