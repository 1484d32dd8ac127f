"""What the environment says of mail and of demonstrations, and what is refused at start-up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from stannary.web.project.environment import Smtp, demonstration, is_loopback, smtp_of

HERE = ["127.0.0.1", "localhost", "[::1]"]


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("", None),
        ("smtp://mail.example.org", Smtp("mail.example.org", 25)),
        (
            "smtp://ada:p%40ss%2F@mail.example.org:587/?tls=1",
            Smtp("mail.example.org", 587, "ada", "p@ss/", starts_tls=True),
        ),
        ("smtp://mail.example.org/?tls=1", Smtp("mail.example.org", 587, starts_tls=True)),
        ("smtps://mail.example.org", Smtp("mail.example.org", 465, is_tls=True)),
        ("smtp://127.0.0.1:8025?timeout=3&tls=0", Smtp("127.0.0.1", 8025, timeout=3)),
    ],
)
def test_the_address_of_a_mail_server_is_read(address: str, server: Smtp | None) -> None:
    assert smtp_of(address) == server


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:port",
        "smtp://mail.example.org:70000",
        "smtp://mail.example.org/inbox",
        "smtp://mail.example.org/?tls=yes",
        "smtp://mail.example.org/?ssl=1",
        "smtp://mail.example.org/?timeout=0",
        "smtps://mail.example.org/?tls=1",
        "smtp://ada:secret@mail.example.org/#x",
    ],
)
def test_what_is_no_address_of_a_mail_server_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="STANNARY_SMTP_URL is not of the form") as said:
        smtp_of(address)
    assert "secret" not in str(said.value)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("128.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - a name that is asked about
        ("localhost.example.org", False),
        ("", False),
        ("*", False),
    ],
)
def test_only_this_machine_is_this_machine(host: str, here: bool) -> None:
    assert is_loopback(host) is here


def test_a_demonstration_is_asked_for_and_stays_on_this_machine() -> None:
    assert demonstration("1", hosts=HERE, origin="http://127.0.0.1:8000")
    assert not demonstration("", hosts=HERE, origin="http://127.0.0.1:8000")
    assert not demonstration("0", hosts=["register.example.org"], origin="https://x.example.org")
    assert not demonstration("", hosts=["*"], origin="https://register.example.org")


@pytest.mark.parametrize(
    ("asked", "hosts", "origin"),
    [
        ("1", [*HERE, "register.example.org"], "http://127.0.0.1:8000"),
        ("1", ["*"], "http://127.0.0.1:8000"),
        ("1", HERE, "https://register.example.org"),
        ("1", HERE, "no address"),
        ("yes", HERE, "http://127.0.0.1:8000"),
    ],
)
def test_a_demonstration_that_others_could_reach_is_refused(
    asked: str, hosts: list[str], origin: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="STANNARY_DEMO"):
        demonstration(asked, hosts=hosts, origin=origin)


def test_a_server_does_not_start_as_a_demonstration(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "STANNARY_HOME": str(tmp_path),
        "STANNARY_DEMO": "1",
        "STANNARY_HOSTS": "register.example.org",
        "DJANGO_SETTINGS_MODULE": "stannary.web.project.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import stannary.web.project.wsgi"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "STANNARY_DEMO=1 spares demonstration accounts the second factor" in done.stderr
