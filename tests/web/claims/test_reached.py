"""A claim on what a site blended stands where a correction and a suspension say what they touch."""

import datetime
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stannary.core.attestations import Status
from stannary.web.attestations import operations as attestations
from stannary.web.claims import operations
from stannary.web.custody.state import queries as state
from stannary.web.custody.tracing import kept
from stannary.web.parties.models import Facility, Person
from stannary.web.register import suspended
from web.claims.test_of_sites_web import ATTESTED, ORE, claim, suspend, works

__all__ = ["works"]
pytestmark = pytest.mark.django_db
ABOUT = f"a-works, {ORE}, 2025-01-01/2026-01-01"


@pytest.mark.either_database
def test_a_correction_and_what_falls_away_name_it(works: Facility, client: Client) -> None:
    made = claim()
    client.force_login(Person.objects.get(username="clerk-of-works"))
    today = timezone.localdate()
    for asked, code in (
        ("?record=N&content_mg=40000000", "CLAIM-013"),
        (f"/falling?kind=attestation&id={ATTESTED}&on=2025-01-02", "CLAIM-013"),
        (f"/falling?kind=certificate&id=COC-1&on={today + datetime.timedelta(9)}", "CLAIM-016"),
    ):
        told = client.get(f"/api/v1/restatements{asked}").json()
        (one,) = told["claims"]
        assert (one["claim"], one["holds"], one["because"]) == (made.claim_id.urn, False, [code])
        assert (one["lot"], one["facility"], one["made_by"]) == ("", "a-works", "A Works")
        assert "claimant" in {each["role"] for each in told["told"]}, asked

    page = client.get(f"/restatements/?certificate=COC-1&on={today}").content.decode()
    assert f'/claims/{made.claim_id}/">A Works, {ABOUT}</a>' in page
    assert "/rules/CLAIM-016/" in page


def test_the_page_of_a_suspension_and_its_files_name_it(
    works: Facility, secretary: Person, client: Client
) -> None:
    made, other = claim(), claim(Fraction(1, 5))
    suspend(secretary, timezone.localdate())
    address = "/register/suspensions/certificate/COC-1/"
    page = client.get(address).content.decode()
    assert f'/claims/{made.claim_id}/">{ABOUT}</a>, A Works' in page
    assert "/rules/CLAIM-016/" in page

    file = json.loads(b"".join(client.get(f"{address}effect.json")))
    (row,) = [one for one in file["effect"] if one["id"] == made.claim_id.urn]
    assert (row["kind"], row["who"]) == ("claim", "A Works")
    assert (row["about"], row["because"]) == (ABOUT, "CLAIM-016")

    with CaptureQueriesContext(connection) as many:
        assert len(suspended.told_of("certificate", "COC-1")[1].claims) == 2
    operations.withdraw_claim(
        actor=secretary, claim_id=other.claim_id, reason="Made up.", on=timezone.localdate()
    )
    with CaptureQueriesContext(connection) as few:
        assert len(suspended.told_of("certificate", "COC-1")[1].claims) == 1
    assert len(many) == len(few)


@pytest.mark.either_database
def test_a_lost_level_is_told_alike_by_arrays_by_a_part_and_by_the_whole_book(
    works: Facility, secretary: Person, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    made = claim()
    attestations.change_status(
        actor=secretary,
        achievement_id=ATTESTED,
        status=Status.WITHDRAWN,
        on=datetime.date(2025, 1, 2),
        reason="It never held.",
    )
    settings.PROVENANCE_FOLDER = tmp_path
    settings.PROVENANCE_ENGINE = "arrays"
    assert kept.follow()
    told = [suspended.told_of("achievement", ATTESTED)[1]]
    settings.PROVENANCE_ENGINE = "exact"
    told.append(suspended.told_of("achievement", ATTESTED)[1])
    monkeypatch.setattr(state, "outputs_wait", lambda _day: True)
    told.append(suspended.told_of("achievement", ATTESTED)[1])

    (one,) = told[0].claims
    assert one.made.claim.id == made.claim_id.urn
    assert (one.supported_before, one.supported_after) == (Fraction(3, 10), Fraction(0))
    assert told[0].claims == told[1].claims == told[2].claims
    assert told[0].notices == told[1].notices == told[2].notices
