"""What the secretariat sees of jobs and mail: what waits, what failed, and when anybody looked."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from stannary.core.kernel import refuse
from stannary.web.parties.models import Role
from stannary.web.parties.queries import has_role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project import health, mail, schedule

SHOWN = 50
SILENT = datetime.timedelta(minutes=3 * schedule.TICK_MINUTES)
"""After how long without a tick no worker seems to run."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How the queue stands.

    Attributes:
        waiting: How many jobs wait.
        running: How many are being done.
        done: How many were done and are remembered.
        failed: The newest that failed, without what they were about.
        last: When a worker looked last for what is due; None: never.
        silent: Whether that is long ago.
        mails_waiting: How many mails are not handed over yet.
        mails_refused: How many a server refused for good.
    """

    waiting: int
    running: int
    done: int
    failed: tuple[DBTaskResult[..., Any], ...]
    last: datetime.datetime | None
    silent: bool
    mails_waiting: int
    mails_refused: int


def queue(*, now: datetime.datetime) -> Queue:
    """Look at the queue and at the folder of mail."""
    rows = DBTaskResult.objects
    last = schedule.last_tick()
    waiting, refused = mail.counts()
    return Queue(
        waiting=rows.ready().count(),
        running=rows.running().count(),
        done=rows.successful().count(),
        failed=tuple(rows.failed().order_by("-finished_at")[:SHOWN]),
        last=last,
        silent=last is None or now - last > SILENT,
        mails_waiting=waiting,
        mails_refused=refused,
    )


@login_required
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the secretariat which jobs and mails wait, and which failed."""
    if not has_role(request.user, Role.Kind.SECRETARIAT):
        refuse(IS_THERE_FOR_YOU, asked_for="jobs")
    now = timezone.now()
    context = {
        "queue": queue(now=now),
        "minutes": schedule.TICK_MINUTES,
        "counted": health.all_told(),
    }
    return render(request, "project/jobs.html", context)
