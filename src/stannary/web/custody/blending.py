"""What a facility blended: its events in a period, and what the books let be said of its batches.

Which level a batch had is told by the app that knows achievements.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from stannary.core.custody import (
    Amounts,
    BalancePeriod,
    CustodyRules,
    Event,
    Kind,
    Model,
    events_of,
    period_of,
)
from stannary.web.custody import queries, records
from stannary.web.custody.models import Carried, Movement
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Facility

_OUT_OF_OTHERS = (Kind.BLEND, Kind.TRANSFORM, Kind.SPLIT)
_MODELS = ("", Model.CONTROLLED_BLENDING)
"""A lot that names none has the weakest of what it is made of."""
_DAY = datetime.timedelta(days=1)


def period_on(place: Facility | None, day: datetime.date) -> BalancePeriod:
    """Give the balance period in which a day lies, of the pack under which a facility's books are kept.

    Args:
        place: The facility; None: of the register's pack.
        day: The day.
    """
    return period_of(day, rules_on(place, day))


def rules_on(place: Facility | None, day: datetime.date) -> CustodyRules:
    """Give the constants by which the organisation of a facility keeps its books on a day."""
    name = "" if place is None else place.organisation.name
    return entities.governance([name]).rules(name, day)


def blended_last(place: Facility, until: datetime.date) -> datetime.date | None:
    """Give the day on which a facility made a lot out of others last; None if it never did."""
    found = _made(place).filter(at__lt=_start(until + _DAY)).order_by("-at")
    row = found.values_list(*records.FIELDS).first()
    return None if row is None else records.row_from(row).at.date()


def lots_made(place: Facility, period: BalancePeriod, most: int) -> tuple[str, ...] | None:
    """Give the lots that a facility made out of others in a period; None if they are too many."""
    # a record has a zone of its own: its day may begin up to 14 hours earlier or end 12 later
    times = (_start(period.valid_from - _DAY), _start(period.valid_until + _DAY))
    found = _made(place).filter(at__gte=times[0], at__lt=times[1]).order_by("pk")
    names = tuple(found.values_list("lot", flat=True)[: most + 1])
    return None if len(names) > most else names


def lots_made_in(those: Collection[tuple[str, str, BalancePeriod]]) -> set[str]:
    """Give the lots that were made out of others: by site, entity and period, with one query for all."""
    which = Q(pk__in=())
    for site, entity, period in those:
        times = (_start(period.valid_from - _DAY), _start(period.valid_until + _DAY))
        which |= Q(site=site, entity=entity, at__gte=times[0], at__lt=times[1])
    found = Movement.objects.filter(which, kind__in=_OUT_OF_OTHERS, side="out", model__in=_MODELS)
    return set(found.values_list("lot", flat=True)) if those else set()


def events_that_made(lots: Iterable[str]) -> tuple[Event, ...]:
    """Give the events that made lots out of others, as they are known now, with two queries."""
    made = Movement.objects.filter(lot__in=queries.among(lots), side="out", kind__in=_OUT_OF_OTHERS)
    names = set(made.values_list("event", flat=True))
    return events_of(queries.rows_of_events(names))


def given_to(lots: Iterable[str]) -> dict[str, Amounts]:
    """Give all that each lot was given, less what became credits, with one query."""
    stored = Carried.objects.filter(lot_id__in=queries.among(lots)).exclude(given="")
    return {
        name: records.amounts_from(text) for name, text in stored.values_list("lot_id", "given")
    }


def made_at(lots: Iterable[str]) -> set[tuple[str, str]]:
    """Give by whom and where lots were made out of others: entity and site, with one query."""
    found = Movement.objects.filter(
        lot__in=queries.among(lots), side="out", kind__in=_OUT_OF_OTHERS
    )
    return set(found.order_by().values_list("entity", "site").distinct())


def _made(place: Facility) -> QuerySet[Movement]:
    return Movement.objects.filter(
        site=place.slug,
        kind__in=_OUT_OF_OTHERS,
        side="out",
        entity=place.organisation.name,
        model__in=_MODELS,
    )


def _start(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
