"""Achievements as JSON values, and back.

Rules: CREDENTIAL-015, ATTESTATION-003, ATTESTATION-005, ATTESTATION-006.
"""

import datetime
import re

from stannary.core.attestations import Achievement, Status, StatusChange
from stannary.core.credentials.fields import Fields
from stannary.core.credentials.plain_json import Json
from stannary.core.credentials.rules import SUBJECT_IS_KNOWN
from stannary.core.kernel import Place

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)  # fromisoformat takes weeks as well
_KEYS = (
    "id",
    "site",
    "standard",
    "level",
    "valid_from",
    "valid_until",
    "result_id",
    "status_changes",
)


def achievement_as_dict(achievement: Achievement) -> dict[str, Json]:
    """Write an achievement as JSON values; days as YYYY-MM-DD, what is not known as null."""
    until = achievement.valid_until
    return {
        "id": achievement.id,
        "site": achievement.site,
        "standard": achievement.standard,
        "level": achievement.level,
        "valid_from": achievement.valid_from.isoformat(),
        "valid_until": None if until is None else until.isoformat(),
        "result_id": achievement.result_id,
        "status_changes": [
            {"on": change.on.isoformat(), "status": str(change.status), "reason": change.reason}
            for change in achievement.status_changes
        ],
    }


def achievement_from_dict(
    content: dict[str, Json], path: str = "", *, at: Place | None = None
) -> Achievement:
    """Read an achievement from JSON values.

    Args:
        content: As `achievement_as_dict` gave it.
        path: Where it stands, for messages: "achievement 2".
        at: The file, for messages.

    Raises:
        RefusalError: CREDENTIAL-015 for another form; ATTESTATION codes for an achievement that
            cannot be.
    """
    fields = Fields(content, SUBJECT_IS_KNOWN, path, at)
    if set(content) != set(_KEYS):
        fields.stop("", f"not exactly {', '.join(_KEYS)}")
    return Achievement(
        id=fields.text("id"),
        site=fields.text("site"),
        standard=fields.text("standard"),
        level=fields.text("level"),
        valid_from=_day(fields, "valid_from"),
        valid_until=None if content["valid_until"] is None else _day(fields, "valid_until"),
        result_id=None if content["result_id"] is None else fields.text("result_id"),
        status_changes=tuple(_change(change) for change in fields.objects("status_changes")),
    )


def _change(fields: Fields) -> StatusChange:
    word, reason = fields.text("status"), fields.content.get("reason")
    if word not in list(Status):
        fields.stop("status", "not a status")
    if not isinstance(reason, str):
        fields.stop("reason", "not a text")
    return StatusChange(on=_day(fields, "on"), status=Status(word), reason=reason)


def _day(fields: Fields, name: str) -> datetime.date:
    text = fields.text(name)
    try:
        return datetime.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        fields.stop(name, "not a day written YYYY-MM-DD")
