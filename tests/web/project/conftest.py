"""One write of each kind, ready to be sent, and the people who send it."""

from collections.abc import Callable

import pytest
from django.test import Client

from stannary.core.standards import Edition
from stannary.web.assessments.models import Assessment
from stannary.web.parties.models import Organisation, Person, Site
from web.project.writing import OPEN_MINING, ROW, Write


@pytest.fixture
def opening(mine: Site, open_mining: Edition, auditor: Person) -> Write:
    body = {"site": mine.slug, "edition": OPEN_MINING, "firm": "example-assurance"}
    return Write("/api/v1/assessments", body, "auditor", "clerk", {**body, "firm": None})


@pytest.fixture
def rating(assessment: Assessment) -> Write:
    body = {"requirement": "1.1.1.1", "rating": "fully"}
    address = f"/api/v1/assessments/{assessment.pk}/ratings"
    return Write(address, body, "auditor", "rival", {**body, "rating": "partially"}, 200)


@pytest.fixture
def publishing(rated: Assessment) -> Write:
    body = {"assessment": rated.pk, "confirm": True}
    other = {**body, "published_on": "2026-01-05"}
    return Write("/api/v1/results", body, "auditor", "rival", other)


@pytest.fixture
def booking(maker: Organisation) -> Write:
    other = [{**ROW, "note": "another"}]
    return Write("/api/v1/movements", [ROW], "clerk", "auditor", other)


@pytest.fixture
def claiming(demonstration: None) -> Write:
    body = {
        "lot": "L-2041",
        "wording": "BLEND-SHARE-AT-LEVEL",
        "standard": OPEN_MINING,
        "level": "OPEN-75",
        "share": "3/8",
        "element": "lithium",
    }
    return Write("/api/v1/claims", body, "clerk", "auditor", {**body, "months": 6})


@pytest.fixture(params=["opening", "rating", "publishing", "booking", "claiming"])
def write(request: pytest.FixtureRequest) -> Write:
    found: Write = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def person(request: pytest.FixtureRequest) -> Callable[[str], Client]:
    """Sign somebody in by the name of their fixture."""

    def browser(name: str) -> Client:
        client = Client()
        client.force_login(request.getfixturevalue(name))
        return client

    return browser
