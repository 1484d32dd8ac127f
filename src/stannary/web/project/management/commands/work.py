"""The worker: does queued jobs one after another, and looks now and then for what is due."""

import datetime
import os
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from stannary.web.project import operations, schedule

SECONDS = 2
LOOKED_AFTER = datetime.timedelta(minutes=1)
"""How often a worker looks whether another one died in the middle of a job."""


class Command(BaseCommand):
    """Runs until it is stopped, or until whoever started it has gone."""

    help = "Do queued jobs, and what is due by itself, until stopped with Ctrl-C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let it stop as soon as the queue is empty, for a scheduler of the machine."""
        parser.add_argument("--once", action="store_true", help="stop when nothing is left to do")

    def handle(self, *_args: Any, once: bool = False, **_options: Any) -> None:
        """Work."""
        stopping = threading.Event()
        worker = Worker(
            queue_names=["default"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )

        def stop(_number: int, _frame: FrameType | None) -> None:
            worker.running = False  # the job in hand is finished first
            stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        started_by = os.getppid()
        name, looked = worker.worker_id, None
        operations.beat(name, now=timezone.now())
        threading.Thread(target=_beat, args=(name, stopping), daemon=True).start()
        while not stopping.is_set() and os.getppid() == started_by:
            close_old_connections()
            now = timezone.now()
            schedule.tick(now=now)
            if looked is None or now - looked >= LOOKED_AFTER:
                operations.take_up_again(now=now)
                looked = now
            worker.run()
            if once:
                stopping.set()
                return
            stopping.wait(SECONDS)


def _beat(worker_id: str, stopping: threading.Event) -> None:
    """Give a sign of life beside the job in hand, on a connection of its own."""
    while not stopping.wait(operations.BEAT_SECONDS):
        operations.beat(worker_id, now=timezone.now())
        connection.close()
