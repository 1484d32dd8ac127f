"""A register with the packs, the published facts and the illustrative demonstration, running."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from journeys.register import PASSWORD, PEOPLE, SECRET, WITH_SECOND_FACTOR, Register
from reading_once import packs_are_read_once
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.project import settings as real_settings

__all__ = ["packs_are_read_once"]

# The browser is driven by a loop in this thread, and Django asks whether that is meant.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def give_second_factors(firm: Organisation) -> None:
    """Let an auditor who is no demonstration have an app, a passkey and recovery codes."""
    keyholder = Person.objects.get(username="keyholder")
    Role.objects.create(person=keyholder, organisation=firm, kind="auditor")
    EmailAddress.objects.create(user=keyholder, email=keyholder.email, primary=True, verified=True)
    EmailAddress.objects.create(user=keyholder, email="second@example.org")
    TOTP.activate(keyholder, SECRET)
    RecoveryCodes.activate(keyholder)
    passkey = json.loads((Path(__file__).parent / "passkey.json").read_text())
    Authenticator.objects.create(user=keyholder, type="webauthn", data=passkey)


@pytest.fixture
def register(
    live_server: LiveServer,
    browser: Browser,
    settings: Settings,
    transactional_db: None,
) -> Iterator[Register]:
    """Load everything that `make run` loads, and serve it."""
    settings.ORIGIN = live_server.url
    settings.DEMONSTRATION = True
    settings.SECOND_FACTOR_ROLES = real_settings.SECOND_FACTOR_ROLES
    cache.clear()
    for command in ("load_packs", "load_crosswalks", "load_published", "demo"):
        call_command(command, stdout=io.StringIO())
    for name in PEOPLE:
        person, _made = Person.objects.get_or_create(username=name)
        person.set_password(PASSWORD)
        person.demonstration = name not in WITH_SECOND_FACTOR
        person.email = person.email or f"{name}@example.org"
        person.save()
    firm = Organisation.objects.get(slug="example-assurance")
    Role.objects.get_or_create(
        person=Person.objects.get(username="colleague"), organisation=firm, kind="auditor"
    )
    give_second_factors(firm)
    running = Register(url=live_server.url, browser=browser)
    yield running
    running.close()
