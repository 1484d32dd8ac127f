"""What is done to the queue of jobs itself."""

import datetime

from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

KEPT = datetime.timedelta(days=30)
"""How long a job that was done is remembered; one that failed three times as long."""

STUCK = datetime.timedelta(hours=1)
"""A job that was begun so long ago is done again: whoever began it has gone."""


def forget_done(*, now: datetime.datetime) -> int:
    """Forget jobs that were done long ago, so that the queue stays small; say how many."""
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEPT)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - 3 * KEPT)
    return int(done.delete()[0] + failed.delete()[0])


def take_up_again(*, now: datetime.datetime) -> int:
    """Let jobs wait again whose worker died in the middle of them; say how many.

    Every job of this register can be done twice: what it did the first time it finds done.
    """
    stuck = DBTaskResult.objects.running().filter(started_at__lt=now - STUCK)
    return int(stuck.update(status=TaskResultStatus.READY))
