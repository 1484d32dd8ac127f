"""What a person sends about a transaction, read."""

import datetime

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from stannary.core.transactions import StepKind

ONE = datetime.timedelta(days=1)


def kind(text: str) -> StepKind | None:
    """Read which step is meant; None for a word that is none."""
    return StepKind(text) if text in set(StepKind) - {StepKind.OFFER} else None


def count(text: str) -> int:
    """Read how many steps were seen; nonsense is a number that no transaction has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def day(text: str) -> datetime.date | None:
    """Read a day; None for what is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def begin_of(day_: datetime.date) -> datetime.datetime:
    """Give the first instant of a day in the zone of the register."""
    return timezone.make_aware(datetime.datetime.combine(day_, datetime.time()))


def end_of(day_: datetime.date) -> datetime.datetime:
    """Give the first instant after a day."""
    return begin_of(day_ + ONE) if day_ < datetime.date.max else begin_of(day_)


def last_day(now: datetime.datetime, days: int | None) -> datetime.date | None:
    """Give the last day at whose end no more than so many times 24 hours have passed; None: any day."""
    if days is None:
        return None
    return timezone.localtime(now + datetime.timedelta(days=days)).date() - ONE


def period(sent: QueryDict) -> tuple[datetime.date, datetime.date]:
    """Read the first and the last day of a period; left out, it is this year up to today."""
    today = timezone.localdate()
    first = day(sent.get("begin", "")) or today.replace(month=1, day=1)
    return first, day(sent.get("end", "")) or today


def other_period(sent: QueryDict) -> tuple[datetime.date, datetime.date] | None:
    """Read a second period to lay beside the first: its year, where one end is left out; or None."""
    first, last = day(sent.get("begin2", "")), day(sent.get("end2", ""))
    known = first or last
    if known is None:
        return None
    return first or known.replace(month=1, day=1), last or known.replace(month=12, day=31)


def typed(request: HttpRequest) -> dict[str, str]:
    """Keep what was sent, so that nobody types it again."""
    return {name: value[:2000] for name, value in request.POST.items() if isinstance(value, str)}
