"""An audit under way with everybody in it, and where its files go."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from stannary.core.cycle import Role, State
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.operations import open_engaged
from stannary.web.cycle.models import Engagement
from stannary.web.parties.models import Person
from web.cycle.conftest import (  # noqa: F401 - fixtures of engagements
    AT,
    cast,
    engagement,
    operator,
    put_in,
    reviewer,
    site,
    site_user,
)

Cast = dict[Role | None, Person]
In = Callable[[State], Assessment]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    """Keep the files of each test apart."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def audit(engagement: Engagement, cast: Cast) -> Assessment:  # noqa: F811 - the fixtures
    """Give an audit in its second stage, in which the cast have their roles."""
    put_in(engagement, State.STAGE_2, by=cast[Role.LEAD_AUDITOR])
    kind = Assessment.Kind.AUDIT
    return open_engaged(engagement, kind, cast[Role.LEAD_AUDITOR], AT)
