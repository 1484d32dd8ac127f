"""The queue of jobs: what is due is queued once, done by a worker, kept when it fails, and shown."""

import datetime
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks import task, task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from stannary.web.parties.models import Person
from stannary.web.project import mail, operations, schedule
from stannary.web.project.environment import Smtp

done: list[str] = []


@task()
def works() -> None:
    """Do something."""
    done.append("works")


@task()
def fails() -> None:
    """Fail."""
    raise LookupError("what it was about stays out of the page")


@pytest.fixture
def queue(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Queue jobs in the database, as a register does."""
    cache.clear()
    done.clear()
    settings.MAIL_FOLDER = tmp_path / "mail"
    usual = task_backends["default"]
    task_backends["default"] = cast("Any", DatabaseBackend("default", {}))
    yield
    task_backends["default"] = usual
    cache.clear()


def work() -> None:
    """Let a worker do what is there."""
    call_command("work", once=True)


def statuses() -> dict[str, str]:
    rows = DBTaskResult.objects.values_list("task_path", "status")
    return {path.rpartition(".")[2]: status for path, status in rows}


def test_a_tick_queues_what_is_due_once_in_some_minutes(queue: None) -> None:
    now = timezone.now()

    assert schedule.tick(now=now)
    first = DBTaskResult.objects.count()
    assert not schedule.tick(now=now)  # another worker asks
    assert schedule.tick(now=now, force=True)  # and what still waits is not queued again
    assert DBTaskResult.objects.count() == first
    assert {"deliver_mail", "forget_done", "forget_unbooked", "remind"} <= statuses().keys()
    assert set(statuses().values()) == {"READY"}
    assert schedule.last_tick() == now


def test_a_worker_does_what_is_queued_and_keeps_what_failed(queue: None) -> None:
    fails.enqueue()
    works.enqueue()

    work()

    assert done == ["works"]
    assert statuses()["fails"] == "FAILED"
    assert set(statuses().values()) == {"FAILED", "SUCCESSFUL"}


def test_jobs_of_a_worker_that_died_are_done_again(queue: None) -> None:
    works.enqueue()
    now = timezone.now()
    begun = DBTaskResult.objects.all()
    begun.update(status="RUNNING", started_at=now - operations.STUCK)

    assert operations.take_up_again(now=now) == 0
    assert operations.take_up_again(now=now + datetime.timedelta(microseconds=1)) == 1
    work()

    assert done == ["works"]


@pytest.mark.parametrize(
    ("silent", "again"),
    [(operations.SILENT, 0), (operations.SILENT + datetime.timedelta(microseconds=1), 1)],
)
def test_a_worker_that_is_silent_for_minutes_has_died(
    queue: None, silent: datetime.timedelta, again: int
) -> None:
    works.enqueue()
    now = timezone.now()
    long_ago = now - 2 * operations.STUCK
    DBTaskResult.objects.update(status="RUNNING", started_at=long_ago, worker_ids=["one", "other"])
    operations.beat("one", now=long_ago)
    operations.beat("other", now=now - silent)

    assert operations.take_up_again(now=now) == again


@pytest.mark.parametrize(("status", "times"), [("SUCCESSFUL", 1), ("FAILED", 3)])
def test_old_jobs_are_forgotten(status: str, times: int, queue: None) -> None:
    works.enqueue()
    now = timezone.now()
    rows = DBTaskResult.objects.all()
    rows.update(status=status, finished_at=now - times * operations.KEPT)

    assert operations.forget_done(now=now) == 0
    assert operations.forget_done(now=now + datetime.timedelta(microseconds=1)) == 1
    assert not rows.exists()


def test_a_tick_by_hand_says_whether_anything_was_looked_for(queue: None) -> None:
    said = []
    for more in ({}, {}, {"now": True}):
        out = io.StringIO()
        call_command("tick", stdout=out, **more)
        said.append(out.getvalue().strip())

    assert said == ["queued what is due", "done in the last minutes already", "queued what is due"]


def test_a_tick_sends_mail_that_waits(queue: None, settings: Settings, tmp_path: Path) -> None:
    settings.SMTP = Smtp("127.0.0.1", 9, timeout=1)
    (mail.folder() / "one.eml").write_bytes(b"X-Stannary-Envelope-To: ada@example.org\n\nHello.\n")
    (mail.folder() / "two.refused").write_bytes(b"")

    assert mail.counts() == (1, 1)
    work()
    assert mail.counts() == (1, 1)  # nobody listens there; it waits on
    assert mail.stands("one") == "waiting"
    assert mail.stands("two") == "refused"
    assert mail.stands("three") == "sent"


def test_the_secretariat_sees_what_waits_and_what_failed(
    queue: None, secretary: Person, auditor: Person, sign_in: Callable[[Person], Client]
) -> None:
    browser = sign_in(secretary)
    assert "No worker seems to run." in browser.get("/jobs/").content.decode()
    fails.enqueue()
    work()

    page = browser.get("/jobs/").content.decode()
    assert "No worker seems to run." not in page
    assert "builtins.LookupError" in page
    assert "what it was about" not in page
    assert sign_in(auditor).get("/jobs/").status_code == 404
