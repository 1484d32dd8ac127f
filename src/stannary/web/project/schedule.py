"""Work that is due by itself: found at most once in some minutes, however many workers ask.

An app names a task here when it starts. A tick puts each named task into the queue of jobs, where
a failure is kept and shown, and where it does not stop the others.
"""

import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from stannary.web.project import mail, operations

TICK_MINUTES = 10
_PLACE = "schedule:tick"
_LAST = "schedule:last"
_named: list["Task[..., None]"] = []


def each_tick(job: "Task[..., None]") -> None:
    """Let a task run with every tick; naming it twice changes nothing."""
    if job not in _named:
        _named.append(job)


def tick(*, now: datetime.datetime, force: bool = False) -> bool:
    """Queue what is due by itself, unless that was done in the last minutes.

    Of several workers that ask at the same moment one takes the place in the cache; a job that
    still waits is not queued again, so that nothing piles up while no worker runs.

    Args:
        now: The moment; shown as that of the last tick.
        force: Whether to do it again within the minutes: for people, and for tests.

    Returns:
        Whether anything was looked for.
    """
    taken = cache.add(_PLACE, now.isoformat(), timeout=TICK_MINUTES * 60)
    if not taken and not force:
        return False
    cache.set(_LAST, now, timeout=None)
    operations.take_up_again(now=now)
    with transaction.atomic():
        waiting = set(DBTaskResult.objects.ready().values_list("task_path", flat=True))
        for job in (deliver_mail, forget_done, *_named):
            if job.module_path not in waiting:
                job.enqueue()
    return True


def last_tick() -> datetime.datetime | None:
    """Give the moment of the last tick; None: there was none, or it is forgotten."""
    found: datetime.datetime | None = cache.get(_LAST)
    return found


@task()
def deliver_mail() -> None:
    """Send the mail that waits: what could not be handed over is tried again by this."""
    mail.deliver_waiting()


@task()
def forget_done() -> None:
    """Forget jobs that were done long ago."""
    operations.forget_done(now=timezone.now())
