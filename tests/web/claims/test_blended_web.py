"""What a facility blended, on its page and by API."""

import pytest
from django.test import Client
from django.utils import timezone

from stannary.web.claims import blended
from stannary.web.entities.models import Disclosure
from stannary.web.parties.models import Organisation, Person

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
PORT = "/api/v1/facilities/example-port/blended"
REFINERY = "/api/v1/facilities/example-refinery/blended"


def test_a_facility_shows_the_measured_share_of_what_it_blended(
    demonstration: None, client: Client, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = client.get(REFINERY).json()

    assert (said["state"], said["valid_from"], said["valid_until"]) == (
        "measured", "2026-01-01", "2027-01-01",
    )  # fmt: skip
    assert said["batches"] == 5  # the last, and what it left of the four that went into it
    (shares,) = said["standards"]
    # the step that says only that results are public is left out: CLAIM-012
    assert [(one["level"], one["share"]) for one in shares["levels"]] == [
        ("OPEN-100", "0"), ("OPEN-75", "0.375"), ("OPEN-50", "0.875"),
    ]  # fmt: skip
    assert client.get(f"{REFINERY}?on=2026-12-31").json() == said
    assert client.get(f"{REFINERY}?on=2025-12-31").json()["state"] == "nothing"
    assert client.get(f"{REFINERY}?on=2101-01-01").status_code == 422
    page = client.get("/facilities/example-port/").content.decode()
    assert "2 batches were blended under control" in page
    assert "87.5 %" in page
    assert (
        "blended under control"
        not in client.get("/facilities/example-cell-plant/").content.decode()
    )
    assert "37,5 %" in client.get("/fr/facilities/example-port/").content.decode()

    monkeypatch.setattr(blended, "MOST", 1)
    assert client.get(PORT).json()["state"] == "too_many"
    assert "too many to be measured" in client.get("/facilities/example-port/").content.decode()

    port = Organisation.objects.get(name="Example Trading House")
    Disclosure.objects.create(organisation=port, shown="hidden", by=clerk, at=timezone.now())
    told = client.get(PORT).json()
    assert (told["state"], told["valid_from"], told["standards"]) == ("not_told", None, [])
