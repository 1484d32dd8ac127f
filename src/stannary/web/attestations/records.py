"""Rows to core objects; the only file here that knows both."""

from stannary.core import attestations
from stannary.core.attestations import Status
from stannary.web.attestations.models import Achievement
from stannary.web.publications.about import core_id


def achievement(row: Achievement) -> attestations.Achievement:
    """Make a row with its site, result and status changes a core achievement."""
    changes = sorted(row.status_changes.all(), key=lambda change: change.on)
    return attestations.Achievement(
        id=row.achievement_id,
        site=row.site.slug,
        standard=row.standard,
        level=row.level,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        result_id=core_id(row.result.result_id) if row.result else None,
        status_changes=tuple(
            attestations.StatusChange(change.on, Status(change.status), change.reason)
            for change in changes
        ),
    )
