"""Who books is reminded of the end of a balance period, once a month and once a week before it."""

import datetime
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from stannary.web.custody import keeping_tasks
from stannary.web.custody.models import AccountPeriod, PeriodReminder
from stannary.web.custody.reminding import operations as reminding
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.project import mail

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
END = datetime.date(2027, 1, 1)


def on(days_before: int) -> datetime.datetime:
    day = END - datetime.timedelta(days=days_before)
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


def account(**other: object) -> AccountPeriod:
    fields: dict[str, object] = {
        "entity": "Example Cells", "boundary": "plant", "material": "metal", "method": "credit",
        "valid_from": datetime.date(2026, 1, 1), "valid_until": END, "opening_mg": 0,
        "entered_mg": 7, "given_mg": 0, "lapsed_mg": 0, "closing_mg": 7, "deficit_mg": 0,
        "content_in_mg": 7, "closed": False, **other,
    }  # fmt: skip
    return AccountPeriod.objects.create(**fields)


@pytest.fixture
def cells(clerk: Person, settings: Settings, tmp_path: Path) -> Person:
    """A clerk of Example Cells with an address, and a folder of their own for mail."""
    settings.MAIL_FOLDER = tmp_path
    clerk.email = "cleo@example.org"
    clerk.save()
    assert Role.objects.filter(person=clerk, organisation__name="Example Cells").exists()
    return clerk


def test_each_step_reminds_once(cells: Person) -> None:
    account()
    seen = [reminding.remind(now=on(days)) for days in (31, 30, 29, 8, 7, 1, 0)]

    assert seen == [0, 1, 0, 0, 1, 0, 0]
    assert list(PeriodReminder.objects.values_list("days", flat=True)) == [30, 7]
    slug = Organisation.objects.get(name="Example Cells").slug
    (first, _) = sorted(mail.folder().glob("period-*.eml"))
    text = first.read_text().replace("\N{NO-BREAK SPACE}", " ")
    assert "for which you book ends on 1 January 2027." in text
    assert f"/entities/{slug}/accounts/" in text


@pytest.mark.parametrize(
    "other",
    [
        {"closing_mg": 0, "given_mg": 7},
        {"closed": True},
        {"method": "rolling_average", "counts": False},
        {"entity": "Somebody"},
    ],
)
def test_only_what_could_be_lost_is_worth_a_mail(cells: Person, other: dict[str, object]) -> None:
    account(**other)

    assert reminding.remind(now=on(20)) == 0


def test_it_is_looked_for_with_every_tick(cells: Person) -> None:
    account(valid_until=timezone.localdate() + datetime.timedelta(days=3))

    keeping_tasks.remind_of_periods.call()

    assert PeriodReminder.objects.get().days == 7
