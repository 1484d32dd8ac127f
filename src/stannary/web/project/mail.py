"""Mail that is not lost: each is a file first, then sent from there, then the file goes.

Sending happens beside the answer to the browser, so that an answer takes as long for an address
that is known as for one that is not, and so that no page fails because a mail server is away.
"""

import contextlib
import datetime
import email
import email.policy
import logging
import os
import secrets
import smtplib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from stannary.web.project.environment import Smtp

ENVELOPE = "X-Stannary-Envelope-To"
STUCK_SECONDS = 600
"""A mail that was taken for sending so long ago is taken again: whoever took it has gone."""

_log = logging.getLogger(__name__)


class SpoolBackend(BaseEmailBackend):
    """Keeps every mail as a file; with a mail server, sends it from there and removes the file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep mails, and begin to send them. This will return before they are sent."""
        kept = 0
        for message in email_messages:
            if message.recipients():
                keep(message)
                kept += 1
        if kept and settings.SMTP is not None:
            _sender().submit(deliver_waiting)
        return kept


def folder() -> Path:
    """Give the folder of mails: those that wait, or, without a mail server, all there ever were."""
    home: Path = settings.MAIL_FOLDER
    place = home / "waiting" if settings.SMTP is not None else home
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def keep(message: EmailMessage, *, name: str = "") -> Path:
    """Write a mail to a file that only the owner of the folder can read, and give the file.

    Args:
        message: The mail.
        name: Of the file, without ending; a second mail of this name takes the place of the first
            while that waits. Empty: a name of its own.
    """
    whole = message.message()
    whole[ENVELOPE] = ", ".join(message.recipients())
    now = datetime.datetime.now(tz=datetime.UTC)
    own = f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
    file = folder() / f"{name or own}.eml"
    half = folder() / f"{own}.part"
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(whole.as_bytes())
        handle.flush()
        os.fsync(handle.fileno())
    half.rename(file)
    if settings.SMTP is None and not settings.DEMONSTRATION:
        _log.warning("There is no STANNARY_SMTP_URL, so nobody gets this mail: %s", file)
    return file


def deliver_waiting() -> tuple[int, int]:
    """Send every mail that waits. This will say how many were sent, and how many wait on.

    Two processes can do this at once: each mail is taken by one of them. One that the server
    refuses for good is set aside as `.refused`, one that could not be handed over waits on.
    """
    server = settings.SMTP
    if server is None:
        return 0, 0
    sent = waiting = 0
    for file in sorted([*folder().glob("*.eml"), *_stuck()]):
        taken = file.with_suffix(".sending")
        try:
            file.rename(taken)
            os.utime(taken)
        except FileNotFoundError:  # another process was faster
            continue
        try:
            _hand_over(taken, server)
        except smtplib.SMTPRecipientsRefused as error:
            taken.rename(file.with_suffix(".refused"))
            _log.error("The mail server refuses the mail %s for good: %s", file.name, error)
        except (OSError, smtplib.SMTPException) as error:
            taken.rename(file.with_suffix(".eml"))
            waiting += 1
            _log.error("The mail %s waits, for it could not be sent: %s", file.name, error)
        else:
            taken.unlink()
            sent += 1
    return sent, waiting


def stands(name: str) -> str:
    """Tell how the mail of a name stands: "waiting", "refused", "sent", or "written" for good.

    It is written for good where there is no mail server.
    """
    there = folder()
    if settings.SMTP is None:
        return "written"
    if (there / f"{name}.refused").exists():
        return "refused"
    waits = any((there / f"{name}.{kind}").exists() for kind in ("eml", "sending"))
    return "waiting" if waits else "sent"


def counts() -> tuple[int, int]:
    """Give how many mails wait to be handed over, and how many were refused for good."""
    if settings.SMTP is None:
        return 0, 0
    there = folder()
    waiting = sum(1 for kind in ("*.eml", "*.sending") for _ in there.glob(kind))
    return waiting, sum(1 for _ in there.glob("*.refused"))


def wait_for_sending() -> None:
    """Wait until everything was tried that this process began to send."""
    _sender().submit(lambda: None).result()


def _stuck() -> Iterator[Path]:
    for file in folder().glob("*.sending"):
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_mtime < time.time() - STUCK_SECONDS:
                yield file


def _hand_over(file: Path, server: Smtp) -> None:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.SMTP)
    recipients = [one.strip() for one in str(message[ENVELOPE]).split(",")]
    del message[ENVELOPE]
    opened = smtplib.SMTP_SSL if server.is_tls else smtplib.SMTP
    with opened(server.host, server.port, timeout=server.timeout) as connection:
        if server.starts_tls:
            connection.starttls()
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message, to_addrs=recipients)


@cache
def _sender() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
