"""What whoever runs a server does by command: invite the first person, send the mail that waits."""

import io
import socket
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from stannary.web.parties.models import Person
from stannary.web.project import mail
from stannary.web.project.environment import Smtp
from web.project.mail_server import Inbox


def run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_first_person_of_a_secretariat_is_invited_by_command(inbox: Inbox) -> None:
    said = run("invite_secretariat", "ada", "ada@example.org", "Our Scheme")

    mail.wait_for_sending()
    assert said == "ada is invited; the link went to ada@example.org.\n"
    assert [sent["To"] for sent in inbox.mails] == ["ada@example.org"]
    role = Person.objects.get(username="ada").roles.get()
    assert (role.kind, role.organisation.name) == ("secretariat", "Our Scheme")
    assert not role.organisation.illustrative


@pytest.mark.django_db(transaction=True)
def test_without_a_mail_server_the_command_says_where_the_link_is(
    settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "stannary.web.project.mail.SpoolBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"

    said = run("invite_secretariat", "ada", "ada@example.org", "Our Scheme")

    assert str(tmp_path / "mail") in said
    (file,) = (tmp_path / "mail").iterdir()
    assert b"/password/" in file.read_bytes()


def test_a_name_that_is_taken_is_refused_with_its_rule(ada: Person) -> None:
    with pytest.raises(CommandError, match="PARTY-021"):
        run("invite_secretariat", "ADA", "other@example.org", "Our Scheme")


def test_mail_that_waits_is_sent_or_said_to_wait(inbox: Inbox, settings: Settings) -> None:
    message = EmailMessage("a", "b", "register@example.org", ["ada@example.org"])
    mail.keep(message)
    assert run("deliver_mail") == "1 sent, 0 waiting\n"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SMTP = Smtp("127.0.0.1", free.getsockname()[1], timeout=2)
        mail.keep(message)
        with pytest.raises(CommandError, match="does not take them"):
            run("deliver_mail")
    assert len(inbox.mails) == 1
