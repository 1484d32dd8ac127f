"""Jobs of the arrays: bring them up to the book, and compare them with it once a day."""

import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from stannary.web.custody import tracing


@task()
def follow_book() -> None:
    """Take up what is booked; with every tick, too, if nobody did it before."""
    if tracing.is_used():
        from stannary.web.custody.tracing import kept  # noqa: PLC0415 - of the extra analytics

        kept.follow()


@task()
def check_today() -> None:
    """Compare the arrays with the book, unless that was done today."""
    if tracing.is_used():
        _check(timezone.localdate())


def _check(today: datetime.date) -> None:
    from stannary.web.custody.tracing import kept  # noqa: PLC0415 - of the extra analytics

    note = Path(settings.PROVENANCE_FOLDER) / "checked-on"
    if not note.exists() or note.read_text() < today.isoformat():
        kept.check()
        note.write_text(today.isoformat())
