"""The door as it is on a server: second factors are asked for, limits count."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from pytest_django.fixtures import Settings

from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.project import mail
from stannary.web.project import settings as real_settings
from stannary.web.project.environment import Smtp
from web.project.mail_server import Inbox, start


@pytest.fixture(autouse=True)
def at_the_door(settings: Settings, db: None) -> None:
    settings.SECOND_FACTOR_ROLES = real_settings.SECOND_FACTOR_ROLES
    settings.ORIGIN = "http://testserver"
    cache.clear()


class Clock:
    """A clock that tests set, for limits and codes. No two moments are the same."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        self.now += 1 / 1024
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let limits and codes read a clock that stands still until it is moved."""
    made = Clock()
    still = SimpleNamespace(
        time=made.time, monotonic=ratelimit.time.monotonic, sleep=ratelimit.time.sleep
    )
    monkeypatch.setattr(ratelimit, "time", still)
    monkeypatch.setattr(totp, "time", still)
    return made


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
def ada(maker: Organisation) -> Person:
    """Give a clerk with a confirmed address."""
    person = Person.objects.create_user("ada", "ada@example.org", "long enough for tests")
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    Role.objects.create(person=person, organisation=maker, kind="clerk")
    return person
