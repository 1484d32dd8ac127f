"""Every suspension of a certificate has a page of its own, with what it alone does."""

import datetime
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from stannary.core.custody import CertificateChange, CertificateStatus
from stannary.web.entities import operations as entities
from stannary.web.entities import queries
from stannary.web.parties.models import Person
from stannary.web.register import effects

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
DAY = datetime.date
NORTH = "urn:stannary:achievement:example-north-mine"
AT = "/register/suspensions/certificate/EXAMPLE-COC-2/"


def test_every_suspension_of_a_certificate_has_a_page_of_its_own(
    demonstration: None, client: Client
) -> None:
    for status, month in (("in_force", 10), ("suspended", 11), ("withdrawn", 12)):
        entities.change_status(
            actor=Person.objects.get(username="registrar"),
            number="EXAMPLE-COC-2",
            status=status,
            on=DAY(2026, month, 1),
            reason=f"Since month {month}.",
        )
    with translation.override("en"):
        pages = [one.page for one in effects.suspensions()]
    assert pages == [f"{AT}2026-{month}-01/" for month in ("12", "11", "09")]
    assert "Since month 12." in client.get(AT).content.decode()  # the newest, as before
    first = client.get(pages[-1]).content.decode()
    assert "were not handed in" in first
    assert f"{pages[-1]}effect.csv" in first
    window = effects.window(effects.suspension("certificate", "EXAMPLE-COC-2", "2026-11-01"))
    assert window.until is not None
    assert window.until.date() == DAY(2026, 12, 1)  # from then on it is withdrawn
    lines = b"".join(client.get(f"{pages[-1]}effect.csv")).decode().splitlines()
    assert lines[0].startswith("kind,")
    for since in ("2026-10-01", "2026-09-02", "never"):
        assert client.get(f"{AT}{since}/").status_code == 404
    achieved = f"/register/suspensions/achievement/{NORTH}/2026-09-01/"
    assert client.get(achieved).status_code == 404


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        (DAY(2026, 1, 1), DAY(2026, 2, 1), [DAY(2026, 3, 1)]),
        (DAY(2026, 3, 1), None, [DAY(2026, 1, 1), DAY(2026, 2, 1)]),
    ],
)
def test_it_is_compared_with_the_books_without_it_alone(
    demonstration: None,
    since: datetime.date,
    until: datetime.date | None,
    left: list[datetime.date],
) -> None:
    held = queries.in_core(queries.certificates().filter(number="EXAMPLE-COC-4"))[0]
    changes = tuple(
        CertificateChange(DAY(2026, month, 1), CertificateStatus(status))
        for month, status in enumerate(("suspended", "in_force", "suspended"), start=1)
    )
    one = effects.Suspension(
        "certificate", held.id, held.entity, "", "suspended", since, until, "", True
    )

    (found,) = effects.never_suspended([replace(held, changes=changes)], one)

    assert [change.on for change in found.changes] == left
