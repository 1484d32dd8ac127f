"""Steps 4 and 5: withdrawn, and in force on the day."""

import datetime

import pytest

from core.verification.checks import (
    FAIL,
    FILE,
    NOT_CHECKED,
    PASS,
    check,
    step,
)
from formats import claim_files as case
from stannary.core.credentials import Json
from stannary.core.verification import (
    Outcome,
    StepName,
)

DAY = datetime.date


def test_a_status_list_is_not_read_yet() -> None:
    status: Json = {"type": "BitstringStatusListEntry"}
    payload = {**case.draft().payload, "credentialStatus": status}

    found = step(check(case.signed(payload)), StepName.NOT_REVOKED, NOT_CHECKED)

    assert "this version does not read such lists" in found.reason


@pytest.mark.parametrize(
    ("on", "outcome", "where"),
    [
        (DAY(1, 1, 1), FAIL, "validFrom"),
        (DAY(2026, 3, 8), FAIL, "validFrom"),
        (DAY(2026, 3, 9), PASS, ""),
        (DAY(2027, 3, 8), PASS, ""),
        (DAY(2027, 3, 9), FAIL, "validUntil"),
        (DAY(9999, 12, 31), FAIL, "validUntil"),
    ],
)
def test_a_claim_is_in_force_from_its_first_day_until_before_its_end(
    on: datetime.date, outcome: Outcome, where: str
) -> None:
    report = check(FILE, on=on)

    assert step(report, StepName.IN_FORCE, outcome).where == where
    assert report.holds == (outcome is PASS)


@pytest.mark.parametrize(
    ("dates", "on", "outcome"),
    [
        ({"validFrom": "2026-03-09T23:59:59Z"}, DAY(2026, 3, 9), PASS),
        ({"validFrom": "2026-03-10T00:00:00Z"}, DAY(2026, 3, 9), FAIL),
        ({"validFrom": "2026-03-10T00:30:00+01:00"}, DAY(2026, 3, 9), PASS),
        ({"validUntil": "2026-03-09T00:00:00Z"}, DAY(2026, 3, 9), FAIL),
        ({"validUntil": "2026-03-09T00:00:01Z"}, DAY(2026, 3, 9), PASS),
        ({"validUntil": "9999-12-31T23:59:59Z"}, DAY(9999, 12, 31), PASS),
        ({}, DAY(2026, 3, 9), PASS),
    ],
)
def test_a_day_counts_if_it_is_valid_at_any_time_of_it(
    dates: dict[str, Json], on: datetime.date, outcome: Outcome
) -> None:
    payload: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": case.DID,
        "credentialSubject": {},
    }

    assert step(check(case.signed({**payload, **dates}), on=on), StepName.IN_FORCE, outcome)
