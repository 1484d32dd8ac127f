"""What gap reports between standards may know of published results."""

import uuid
from collections.abc import Mapping, Sequence

from stannary.core.standards import Rating
from stannary.web.crosswalks.results import Rated, Source
from stannary.web.publications import queries, records
from stannary.web.publications.models import PublishedResult


def _one(result_id: uuid.UUID) -> Rated | None:
    row = queries.results().filter(result_id=result_id).first()
    if row is None:
        return None
    verdicts = records.result_of(row).verdicts
    return _rated(row, {verdict.requirement: verdict.rating for verdict in verdicts})


def _under(editions: Sequence[str], most: int) -> tuple[Rated, ...]:
    rows = queries.results().defer(*queries.HEAVY).filter(standard__in=editions)
    return tuple(_rated(row, {}) for row in rows[:most])


def _rated(row: PublishedResult, ratings: Mapping[str, Rating]) -> Rated:
    return Rated(
        result_id=row.result_id,
        site=row.site.name,
        illustrative=row.illustrative,
        standard=row.standard,
        published_on=row.published_on,
        ratings=ratings,
    )


SOURCE = Source(one=_one, under=_under)
