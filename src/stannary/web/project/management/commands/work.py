"""The worker: does queued jobs one after another, and looks now and then for what is due."""

import os
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from stannary.web.project import schedule

SECONDS = 2


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
        while not stopping.is_set() and os.getppid() == started_by:
            close_old_connections()
            schedule.tick(now=timezone.now())
            worker.run()
            if once:
                return
            stopping.wait(SECONDS)
