"""Mail is a file before it is sent, and is never lost silently. A real server takes it here."""

import logging
import os
import smtplib
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from stannary.web.project import mail
from stannary.web.project.environment import Smtp
from web.project.mail_server import Inbox, start


@pytest.fixture
def inbox(settings: Settings, tmp_path: Path) -> Iterator[Inbox]:
    """Send mail through a real server on this machine."""
    taken = Inbox()
    port, stop = start(taken)
    settings.EMAIL_BACKEND = "stannary.web.project.mail.SpoolBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.SMTP = Smtp("127.0.0.1", port)
    yield taken
    mail.wait_for_sending()
    stop()


@pytest.fixture
def nobody(settings: Settings, tmp_path: Path) -> None:
    """Send mail to a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "stannary.web.project.mail.SpoolBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.SMTP = Smtp("127.0.0.1", port, timeout=2)


def post(*to: str, subject: str = "Été", body: str = "Bonjour à tous.\n") -> None:
    EmailMessage(subject, body, "register@example.org", list(to)).send()
    mail.wait_for_sending()


def test_a_mail_arrives_and_its_file_goes(inbox: Inbox, tmp_path: Path) -> None:
    post("ada@example.org", "bea@example.org")

    (taken,) = inbox.mails
    assert taken["Subject"] == "Été"
    assert taken.get_content().splitlines() == ["Bonjour à tous."]
    assert inbox.envelopes == [("register@example.org", ["ada@example.org", "bea@example.org"])]
    assert mail.ENVELOPE not in taken
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_mail_to_nobody_is_none(inbox: Inbox) -> None:
    assert mail.SpoolBackend().send_messages([EmailMessage("a", "b", "c@example.org", [])]) == 0
    assert inbox.mails == []


def test_without_a_server_every_mail_stays_as_a_file_and_the_log_says_so(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "stannary.web.project.mail.SpoolBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"

    post("ada@example.org")

    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert b"Bonjour" in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) & 0o077 == 0
    assert "nobody gets this mail" in caplog.text
    assert mail.deliver_waiting() == (0, 0)


def test_in_a_demonstration_the_log_is_quiet_about_mail(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "stannary.web.project.mail.SpoolBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.DEMONSTRATION = True

    post("ada@example.org")

    assert caplog.text == ""


def test_a_mail_waits_while_the_server_is_away_and_is_sent_with_the_next(
    nobody: None, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    post("ada@example.org", subject="first")
    waiting = list((tmp_path / "mail" / "waiting").iterdir())
    assert [file.suffix for file in waiting] == [".eml"]
    assert "waits, for it could not be sent" in caplog.text
    assert mail.deliver_waiting() == (0, 1)

    taken = Inbox()
    port, stop = start(taken)
    settings.SMTP = Smtp("127.0.0.1", port)
    post("bea@example.org", subject="second")
    stop()

    assert [one["Subject"] for one in taken.mails] == ["first", "second"]
    assert list((tmp_path / "mail" / "waiting").iterdir()) == []


def test_a_mail_that_is_refused_for_good_is_set_aside(
    inbox: Inbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.refused = ("gone@example.org",)

    with caplog.at_level(logging.ERROR):
        post("gone@example.org")

    assert inbox.mails == []
    assert [file.suffix for file in (tmp_path / "mail" / "waiting").iterdir()] == [".refused"]
    assert "refuses the mail" in caplog.text
    assert mail.deliver_waiting() == (0, 0)


def test_a_mail_is_sent_once_by_whoever_took_it_first(inbox: Inbox, tmp_path: Path) -> None:
    file = mail.keep(EmailMessage("a", "b", "register@example.org", ["ada@example.org"]))
    file.rename(file.with_suffix(".sending"))

    assert mail.deliver_waiting() == (0, 0)
    assert inbox.mails == []


@pytest.mark.parametrize(("age", "sent"), [(540, 0), (660, 1)])
def test_a_mail_whose_sender_died_is_taken_again_after_ten_minutes(
    inbox: Inbox, age: int, sent: int
) -> None:
    file = mail.keep(EmailMessage("a", "b", "register@example.org", ["ada@example.org"]))
    taken = file.rename(file.with_suffix(".sending"))
    moment = time.time() - age
    os.utime(taken, (moment, moment))

    assert mail.deliver_waiting() == (sent, 0)
    assert len(inbox.mails) == sent


def test_a_server_that_asks_for_a_password_gets_it_or_the_mail_waits(
    inbox: Inbox, settings: Settings, tmp_path: Path
) -> None:
    assert settings.SMTP is not None
    settings.SMTP = Smtp("127.0.0.1", settings.SMTP.port, user="ada", password="wrong")

    with pytest.raises(smtplib.SMTPNotSupportedError):
        mail._hand_over(
            mail.keep(EmailMessage("a", "b", "r@example.org", ["a@example.org"])), settings.SMTP
        )
    assert mail.deliver_waiting() == (0, 1)


def test_a_server_that_cannot_be_secured_gets_no_mail(inbox: Inbox, settings: Settings) -> None:
    assert settings.SMTP is not None
    settings.SMTP = Smtp("127.0.0.1", settings.SMTP.port, starts_tls=True)

    post("ada@example.org")

    assert inbox.mails == []
    assert mail.deliver_waiting() == (0, 1)
