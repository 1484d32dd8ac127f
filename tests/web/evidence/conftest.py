"""Evidence in an engagement with everybody in it, and files to hand in."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from stannary.core.cycle import Role
from stannary.web.cycle.models import Engagement
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import Given, hand_in
from stannary.web.parties.models import Person
from web.cycle.conftest import (  # noqa: F401 - fixtures of engagements
    cast,
    engagement,
    operator,
    reviewer,
    site,
    site_user,
)

AT = datetime.datetime(2026, 1, 6, 9, tzinfo=datetime.UTC)
REQUIREMENT = "1.1.1.1"
Cast = dict[Role | None, Person]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """Keep the files of each test apart."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    return tmp_path / "evidence"


def given(**different: object) -> Given:
    """Give something to hand in, all in order but for what is said."""
    usual: dict[str, object] = {
        "title": "Water report",
        "covers_from": "2025-01",
        "covers_until": "2025-12",
        "requirements": (REQUIREMENT,),
        "visibility": "confidential",
        "content": b"Water was clear.",
        "name": "water.txt",
    }
    return Given(**(usual | different))  # type: ignore[arg-type]  # tests name the fields


def given_link(address: str = "https://example.org/permit") -> Given:
    return given(content=None, name="", link=address)


@pytest.fixture
def water(engagement: Engagement, site_user: Person) -> EvidenceVersion:  # noqa: F811 - the fixture
    """Hand in a confidential file of the site."""
    return hand_in(actor=site_user, engagement_id=engagement.pk, given=given(), at=AT)


Handing = Callable[..., EvidenceVersion]


@pytest.fixture
def handed(engagement: Engagement, cast: Cast) -> Handing:  # noqa: F811 - the fixtures
    """Hand in what is said, as somebody in a role."""

    def hand(
        role: Role = Role.SITE_USER, at: datetime.datetime = AT, **different: object
    ) -> EvidenceVersion:
        return hand_in(
            actor=cast[role], engagement_id=engagement.pk, given=given(**different), at=at
        )

    return hand
