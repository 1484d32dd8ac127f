"""What is done to the queue of jobs itself."""

import contextlib
import datetime

from django.core.cache import cache
from django.db import DatabaseError
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

KEPT = datetime.timedelta(days=30)
"""How long a job that was done is remembered; one that failed three times as long."""

STUCK = datetime.timedelta(hours=1)
"""A job that was begun so long ago by a worker without any sign is done again."""

SILENT = datetime.timedelta(minutes=2)
"""A worker without a sign for so long has gone."""

BEAT_SECONDS = 20
"""How often a worker gives a sign, whatever it is doing."""

_BEAT = "worker:"


def forget_done(*, now: datetime.datetime) -> int:
    """Forget jobs that were done long ago, so that the queue stays small; say how many."""
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEPT)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - 3 * KEPT)
    return int(done.delete()[0] + failed.delete()[0])


def beat(worker_id: str, *, now: datetime.datetime) -> None:
    """Say that a worker lives; a database that is busy just then loses nothing but this sign."""
    with contextlib.suppress(DatabaseError):
        cache.set(_BEAT + worker_id, now, timeout=int(STUCK.total_seconds()) * 24)


def take_up_again(*, now: datetime.datetime) -> int:
    """Let jobs wait again whose worker died in the middle of them; say how many.

    A worker that is silent for minutes has died; one that never gave a sign, when its job has taken
    far too long. Every job of this register can be done twice: what it did the first time it finds
    done.
    """
    stuck = []
    for pk, workers, begun in DBTaskResult.objects.running().values_list(
        "pk", "worker_ids", "started_at"
    ):
        last = cache.get(_BEAT + workers[-1]) if workers else None
        if last is None and begun is not None and begun < now - STUCK:
            stuck.append(pk)
        if last is not None and last < now - SILENT:
            stuck.append(pk)
    return int(
        DBTaskResult.objects.running().filter(pk__in=stuck).update(status=TaskResultStatus.READY)
    )
