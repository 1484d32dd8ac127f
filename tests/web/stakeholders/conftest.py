"""Stakeholder input in an engagement with everybody in it."""

import datetime
from collections.abc import Callable

import pytest

from stannary.core.cycle import Role
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person
from stannary.web.stakeholders.models import InputDecision, InputRecord
from stannary.web.stakeholders.operations import Said
from web.cycle.conftest import (  # noqa: F401 - fixtures of engagements
    cast,
    engagement,
    operator,
    reviewer,
    site,
    site_user,
)

AT = datetime.datetime(2026, 2, 2, 9, tzinfo=datetime.UTC)
DAY = AT.date()
Cast = dict[Role | None, Person]
Stored = Callable[..., InputRecord]


def said(**different: object) -> Said:
    """Give what a group said, all in order but for what is named."""
    usual: dict[str, object] = {
        "group": "workers",
        "channel": "interview",
        "topic": "Dust at the crusher.",
        "said_from": "2026-01",
        "people": 12,
        "requirements": ("1.1.1.1",),
    }
    return Said(**(usual | different))  # type: ignore[arg-type]  # tests name the fields


@pytest.fixture
def stored(engagement: Engagement, cast: Cast) -> Stored:  # noqa: F811 - the fixtures
    """Store an entry, with what became of it, whatever the state is."""

    def store(disposition: str = "", **different: object) -> InputRecord:
        given = said(**different)
        row = InputRecord.objects.create(
            engagement=engagement,
            number=engagement.stakeholder_input.count() + 1,
            group=given.group,
            channel=given.channel,
            people=given.people,
            topic=given.topic,
            requirements=list(given.requirements),
            said_from=given.said_from,
            said_until=given.said_from,
            recorded_by=cast[Role.AUDITOR],
            at=AT,
        )
        if disposition:
            InputDecision.objects.create(
                entry=row,
                number=1,
                disposition=disposition,
                reason="It was looked at.",
                by=cast[Role.AUDITOR],
                at=AT,
            )
        return row

    return store
