"""Reminders by mail: once for each step and person, in their language, without a secret."""

import datetime
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from stannary.core.cycle import Role, State
from stannary.core.kernel import Parameter
from stannary.core.standards import Edition
from stannary.formats.packs import find_shipped_pack, load_pack
from stannary.web.cycle.models import Engagement, SentReminder
from stannary.web.cycle.reminding import operations, tasks
from stannary.web.parties.models import Person
from stannary.web.project import mail
from stannary.web.project.environment import Smtp
from web.cycle.conftest import START, put_in
from web.project.mail_server import Inbox, start

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Write mail to a folder of the test's own."""
    settings.MAIL_FOLDER = tmp_path / "mail"
    return tmp_path / "mail"


@cache
def lengths() -> Mapping[str, Parameter]:
    """Give the lengths of clocks, which the older edition does not say."""
    return load_pack(find_shipped_pack("stannary/open-mining/1.0")).parameters


@pytest.fixture(autouse=True)
def clocks(open_mining: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the edition of the tests say how long each clock is."""
    said = replace(open_mining, parameters={**lengths(), **open_mining.parameters})
    monkeypatch.setattr("stannary.web.standards.queries.editions", lambda: (said,))


@pytest.fixture
def applied(engagement: Engagement, cast: dict[Role | None, Person]) -> Engagement:
    """Bring an engagement to where the secretariat is to review the application."""
    for person in cast.values():
        person.email = f"{person.username}@example.org"
        person.save()
    return put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(8), datetime.UTC)


def due_on(row: Engagement) -> datetime.date:
    made = SentReminder.objects.filter(engagement=row).earliest("pk")
    assert made.due is not None
    return made.due


def remind(day: datetime.date) -> list[tuple[str, str]]:
    """Remind on a day, and give who is reminded of what for the first time."""
    made = operations.remind(now=at(day))
    rows = SentReminder.objects.filter(pk__in=made).select_related("person")
    found = sorted((one.person.username, one.clock) for one in rows)
    SentReminder.objects.update(state="written")  # as its job does
    return found


def in_folder(folder: Path) -> list[EmailMessage]:
    found = []
    for file in sorted(folder.glob("*.eml")):
        one = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(one, EmailMessage)
        found.append(one)
    return found


def test_each_step_reminds_each_person_once(applied: Engagement) -> None:
    first = remind(START)
    assert {name for name, _clock in first} == {"secretary"}
    assert remind(START) == []
    due = due_on(applied)

    assert remind(due - 2 * DAY) == []  # the step of 7 days still holds
    assert remind(due - DAY) == [("secretary", "application_review")]
    assert remind(due) == [("secretary", "application_review")]
    assert remind(due + DAY) == [("secretary", "application_review")]
    assert remind(due + 7 * DAY) == []
    assert remind(due + 8 * DAY) == [("secretary", "application_review")]


def test_nobody_is_reminded_of_what_is_done_or_ended(
    applied: Engagement, cast: dict[Role | None, Person]
) -> None:
    Engagement.objects.filter(pk=applied.pk).update(state=State.WITHDRAWN)

    assert remind(START) == []


def test_whoever_has_left_or_has_no_address_gets_no_mail(
    applied: Engagement, cast: dict[Role | None, Person]
) -> None:
    secretary = cast[Role.SECRETARIAT]
    secretary.email = ""
    secretary.save()
    assert remind(START) == []
    secretary.email, secretary.is_active = "secretary@example.org", False
    secretary.save()
    assert remind(START) == []


def test_the_database_keeps_a_step_from_being_sent_twice(applied: Engagement) -> None:
    remind(START)
    made = SentReminder.objects.get()
    made.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_a_mail_says_what_is_due_by_when_and_where_and_no_more(
    applied: Engagement, cast: dict[Role | None, Person], folder: Path
) -> None:
    secretary = cast[Role.SECRETARIAT]
    secretary.language = "fr"
    secretary.save()
    (made,) = operations.remind(now=at(START))

    assert operations.write(reminder_id=made)
    assert not operations.write(reminder_id=made)  # a second job for it

    (sent,) = in_folder(folder)
    body = sent.get_content()
    assert sent["To"] == "secretary@example.org"
    assert "Bonjour" in body
    assert f"/fr/engagements/{applied.pk}/" in body
    for secret in (applied.site.name, applied.operator.name, cast[Role.SITE_USER].username):
        assert secret not in body + sent["Subject"]


def test_a_late_mail_says_since_when(applied: Engagement, folder: Path) -> None:
    remind(START)
    due = due_on(applied)
    (late,) = operations.remind(now=at(due + DAY))

    operations.write(reminder_id=late)

    (sent,) = in_folder(folder)
    assert "Overdue since" in sent["Subject"]


def test_a_job_that_came_to_nothing_is_queued_again(applied: Engagement) -> None:
    (made,) = operations.remind(now=at(START))

    assert operations.remind(now=at(START) + operations.AGAIN - datetime.timedelta(seconds=1)) == ()
    assert operations.remind(now=at(START) + operations.AGAIN) == (made,)
    assert SentReminder.objects.get().tries == 2


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    """Send mail through a real server on this machine."""
    taken = Inbox()
    port, stop = start(taken)
    settings.SMTP = Smtp("127.0.0.1", port)
    yield taken
    stop()


def test_the_job_sends_and_notes_it(applied: Engagement, inbox: Inbox) -> None:
    tasks.remind.call()
    tasks.remind.call()

    assert len(inbox.mails) == 1
    assert SentReminder.objects.get().state == "sent"


def test_what_a_server_refuses_or_cannot_take_shows_and_is_tried_again(
    applied: Engagement,
    inbox: Inbox,
    settings: Settings,
    cast: dict[Role | None, Person],
) -> None:
    server = settings.SMTP
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SMTP = Smtp("127.0.0.1", free.getsockname()[1], timeout=2)
    tasks.remind.call()
    assert SentReminder.objects.get().state == "waiting"
    assert mail.counts() == (1, 0)
    browser = Client()
    browser.force_login(cast[Role.SECRETARIAT])
    page = f"/engagements/{applied.pk}/"
    assert "waits for the mail server" in browser.get(page).content.decode()
    browser.force_login(cast[Role.SITE_USER])
    assert "waits for the mail server" not in browser.get(page).content.decode()

    settings.SMTP = server
    inbox.refused = ("secretary@example.org",)
    tasks.hand_over.call()

    assert SentReminder.objects.get().state == "refused"
    assert mail.counts() == (0, 1)


def test_without_a_server_a_reminder_is_written_for_good(applied: Engagement) -> None:
    tasks.remind.call()

    assert SentReminder.objects.get().state == "written"


def test_the_language_of_mail_is_that_of_signing_in(site_user: Person) -> None:
    for address, language in (("/sign-in/", "en"), ("/fr/sign-in/", "fr")):
        sent = {"login": site_user.username, "password": "long enough for tests"}
        assert Client().post(address, sent).status_code == 302
        site_user.refresh_from_db()
        assert site_user.language == language


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_reminder_once(applied: Engagement, folder: Path) -> None:
    def both(do: Callable[[], object]) -> list[object]:
        together = Barrier(2)

        def one(_number: int) -> object:
            together.wait()
            try:
                return do()
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as workers:
            return list(workers.map(one, range(2)))

    made = [*both(lambda: operations.remind(now=at(START)))]
    (row,) = SentReminder.objects.all()
    written = both(lambda: operations.write(reminder_id=row.pk))

    assert sorted(made, key=str) == [(), (row.pk,)]
    assert sorted(written, key=str) == [False, True]
    assert len(in_folder(folder)) == 1
