"""Programs list, read, open and move engagements on, each write once for a key."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stannary.core.cycle import Role, State
from stannary.web.cycle.models import ActRecord, Engagement
from stannary.web.parties.models import Person, Site
from web.cycle.conftest import put_in

pytestmark = pytest.mark.django_db
Cast = dict[Role | None, Person]
SignIn = Callable[[Person], Client]
HERE = "/api/v1/engagements"


def post(browser: Client, address: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post(address, json.dumps(body), content_type="application/json", headers=headers)


def test_a_program_lists_and_reads_what_its_person_has_a_role_in(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.STAGE_1_DONE, by=cast[Role.SITE_USER])
    browser = sign_in(cast[Role.LEAD_AUDITOR])

    items = browser.get(HERE).json()["items"]
    assert [one["id"] for one in items] == [str(engagement.pk)]
    assert items[0]["next"] == ["announce_visit"]
    assert items[0]["clocks"][0]["clock"] == "stage_2"
    assert items[0]["clocks"][0]["extended_on"] is None
    record = browser.get(f"{HERE}/{engagement.pk}").json()
    assert record["number"] == len(record["acts"]) == 9
    assert record["acts"][0]["kind"] == "apply"
    assert record["possible"] == ["announce_visit"]
    assert sign_in(cast[None]).get(HERE).json() == {"items": [], "next": None}
    assert Client().get(HERE).status_code == 401


def test_an_act_by_a_program_is_done_once_for_a_key(
    cast: Cast, engagement: Engagement, sign_in: SignIn
) -> None:
    put_in(engagement, State.APPLIED, by=cast[Role.SITE_USER])
    browser = sign_in(cast[Role.SECRETARIAT])
    body: dict[str, Any] = {"kind": "accept_application", "seen": 1}

    first = post(browser, f"{HERE}/{engagement.pk}/acts", "k-1", **body)
    again = post(browser, f"{HERE}/{engagement.pk}/acts", "k-1", **body)
    assert (first.status_code, first.json()["state"]) == (201, "accepted")
    assert first["Location"] == f"{HERE}/{engagement.pk}"
    assert again.json() == first.json()
    assert ActRecord.objects.count() == 2
    late = post(browser, f"{HERE}/{engagement.pk}/acts", **body)
    assert (late.status_code, late.json()["code"]) == (409, "ENGAGEMENT-020")
    assert late.json()["findings"][0]["facts"]["by"] == "secretary"
    nonsense = post(browser, f"{HERE}/{engagement.pk}/acts", kind="dance", seen=2)
    assert (nonsense.status_code, nonsense.json()["code"]) == (422, "API-005")


def test_a_program_opens_an_engagement_for_a_site_of_its_operator(
    site_user: Person, outsider: Person, site: Site, open_mining: object, sign_in: SignIn
) -> None:
    body = {"site": "example-pit", "edition": "stannary/open-mining/0.1"}

    assert post(sign_in(outsider), HERE, **body).status_code == 404
    made = post(sign_in(site_user), HERE, **body)
    assert (made.status_code, made.json()["state"]) == (201, "self_assessment")
    assert made.json()["roles"] == ["site_user"]
    again = post(sign_in(site_user), HERE, **body)
    assert (again.status_code, again.json()["code"]) == (422, "ENGAGEMENT-013")


def test_the_overview_is_paged_and_filtered(
    cast: Cast, engagement: Engagement, sign_in: SignIn, site: Site
) -> None:
    engagement.pk = None
    Engagement.objects.update(on_route=False)
    engagement._state.adding = True
    engagement.save()
    browser = sign_in(cast[Role.SECRETARIAT])

    first = browser.get(f"{HERE}/overview", {"limit": 1}).json()
    second = browser.get(f"{HERE}/overview", {"limit": 1, "cursor": first["next"]}).json()
    assert second["next"] is None
    ids = {page["items"][0]["id"] for page in (first, second)}
    assert len(ids) == 2
    assert browser.get(f"{HERE}/overview", {"state": "draft"}).json()["items"] == []
