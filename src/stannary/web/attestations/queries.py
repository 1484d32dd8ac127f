"""What may be read of achievements: everything, by everybody."""

from collections.abc import Iterable, Mapping

from stannary.core.attestations import Achievement
from stannary.web.attestations import models, records


def achievements(ids: Iterable[str]) -> Mapping[str, Achievement]:
    """Give achievements by id with two queries; an id that is not here is left out."""
    rows = models.Achievement.objects.filter(achievement_id__in=set(ids))
    found = rows.select_related("site", "result").prefetch_related("status_changes")
    return {row.achievement_id: records.achievement(row) for row in found}


def achievement_id(site_slug: str) -> str:
    """Give the id of a site's first achievement."""
    return f"urn:stannary:achievement:{site_slug}"


def changed() -> list[tuple[models.Achievement, Achievement]]:
    """Give every achievement whose status was changed, as its row and as core, with two queries."""
    rows = models.Achievement.objects.filter(status_changes__isnull=False).distinct()
    found = rows.select_related("site", "result").prefetch_related("status_changes")
    return [(row, records.achievement(row)) for row in found]
