"""The secretariat sees every engagement with what is due, overdue and extended, fast."""

import csv
import datetime
import io
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stannary.core.cycle import STEPS, Act, ActKind, Facts, Role, State
from stannary.core.standards import Edition
from stannary.web.cycle import operations, overview, records
from stannary.web.cycle.models import ActRecord, Engagement
from stannary.web.parties.models import Organisation, Person, Site
from web.cycle.conftest import AT, START, path_to, put_in

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]
SignIn = Callable[[Person], Client]
STATES = (State.APPLIED, State.STAGE_1_DONE, State.DRAFT, State.PUBLISHED, State.SELF_ASSESSMENT)


@pytest.fixture
def many(
    site_user: Person, operator: Organisation, firm: Organisation, open_mining: Edition
) -> Callable[[int], None]:
    """Make so many engagements, each of a site of its own, in five states."""

    def make(size: int) -> None:
        first = Site.objects.count()
        sites = Site.objects.bulk_create(
            Site(
                slug=f"pit-{number}",
                name=f"Pit {number}",
                illustrative=True,
                country="IS",
                operator=operator.name,
            )
            for number in range(first, first + size)
        )
        rows = Engagement.objects.bulk_create(
            Engagement(
                site=site,
                edition_id=open_mining.id,
                standard="stannary/open-mining",
                operator=operator,
                firm=firm,
                opened_at=AT + datetime.timedelta(minutes=number),
                opened_by=site_user,
                state=STATES[number % 5],
                on_route=STATES[number % 5] is not State.PUBLISHED,
            )
            for number, site in enumerate(sites)
        )
        ActRecord.objects.bulk_create(
            records.record(
                row,
                Act(str(place), kind, min(STEPS[kind].roles), "", START, "made up"),
                by=site_user.pk,
                at=AT,
                facts=Facts(),
            )
            for row in rows
            for place, kind in enumerate(path_to(State(row.state)), 1)
        )

    return make


@pytest.mark.untraced
def test_five_hundred_engagements_take_a_fixed_number_of_queries_and_little_time(
    many: Callable[[int], None], secretary: Person, sign_in: SignIn
) -> None:
    browser = sign_in(secretary)
    many(20)
    with CaptureQueriesContext(connection) as few:
        browser.get("/engagements/overview/")
    many(480)
    with CaptureQueriesContext(connection) as lots:
        answer = browser.get("/engagements/overview/")

    assert len(lots) == len(few) <= 10
    assert len(answer.content) < 100_000
    best = min(timed(browser) for _ in range(5))
    assert best < 0.2, f"{best:.3f} s"


def timed(browser: Client) -> float:
    """Give the seconds of work that this process has with a page; waiting does not count."""
    start = time.process_time()
    assert browser.get("/engagements/overview/").status_code == 200
    return time.process_time() - start


def on(day: datetime.date) -> Any:
    """Let pages believe that it is another day."""
    return patch("stannary.web.cycle.views.timezone.localdate", return_value=day)


def shown(browser: Client, query: str = "") -> list[str]:
    """Give the sites that the overview shows, in its order."""
    answer = browser.get(f"/engagements/overview/{query}")
    return [one["line"].row.site.name for one in answer.context["rows"]]


def test_the_overview_is_filtered_and_sorted(
    many: Callable[[int], None], secretary: Person, sign_in: SignIn
) -> None:
    many(5)
    browser = sign_in(secretary)
    with on(datetime.date(2027, 1, 6)):  # stage 2 was due on 5 January 2027
        assert shown(browser) == ["Pit 1", "Pit 3", "Pit 0", "Pit 2", "Pit 4"]
        assert shown(browser, "?standing=overdue") == ["Pit 1"]
    with on(datetime.date(2026, 12, 24)):
        assert shown(browser, "?standing=due_soon") == ["Pit 1"]
        assert shown(browser, "?standing=extended") == []
    assert shown(browser, "?state=draft") == ["Pit 2"]
    assert shown(browser, "?waits=secretariat") == ["Pit 0", "Pit 2"]
    assert shown(browser, "?q=pit+4+minerals") == ["Pit 4"]
    assert shown(browser, "?standard=a/b/c") == []
    assert shown(browser, "?sort=-site") == [f"Pit {n}" for n in (4, 3, 2, 1, 0)]
    assert shown(browser, "?sort=state") == [f"Pit {n}" for n in (4, 0, 1, 2, 3)]
    assert shown(browser, "?sort=-opened")[0] == "Pit 4"
    assert shown(browser, "?sort=nonsense&standing=nonsense") == shown(browser)


def test_the_table_has_a_row_for_each_clock(
    many: Callable[[int], None], secretary: Person, sign_in: SignIn
) -> None:
    many(5)
    scheme = Engagement.objects.get(state=State.STAGE_1_DONE)
    operations.act(
        actor=secretary,
        engagement_id=scheme.pk,
        kind=ActKind.EXTEND,
        expected_number=scheme.acts.count(),
        said=operations.Said(reason="=A storm.", clock="stage_2", until=datetime.date(2027, 3, 1)),
        on=datetime.date(2026, 3, 1),
    )
    with on(datetime.date(2026, 12, 31)):
        answer = sign_in(secretary).get("/engagements/overview.csv?sort=site")

    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    rows = list(csv.DictReader(io.StringIO(body)))
    assert list(rows[0]) == list(overview.COLUMNS)
    published = [row["clock"] for row in rows if row["site"] == "pit-3"]
    assert published == ["surveillance", "reassessment"]
    extended = next(row for row in rows if row["site"] == "pit-1")
    assert (extended["ends"], extended["due"]) == ("2027-01-05", "2027-03-01")
    assert (extended["days"], extended["extended_on"]) == ("60", "2026-03-01")
    assert extended["extension_reason"] == "'=A storm."
    waiting = next(row for row in rows if row["site"] == "pit-4")
    assert (waiting["clock"], waiting["waits_for"]) == ("", "site_user")


def test_an_engagement_of_an_edition_that_is_gone_is_shown_without_clocks(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.STAGE_1_DONE, by=cast[Role.SITE_USER])
    Engagement.objects.update(edition_id="a/b/c")

    answer = sign_in(cast[Role.SECRETARIAT]).get("/engagements/overview/")
    assert answer.context["rows"][0]["line"].clocks == ()
    assert "a/b/c" in answer.content.decode()
