"""A claim on what a site blended is measured again in both states of the books."""

import datetime
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from core.claims.lots import ACHIEVEMENTS, DAY, EDITION, ROWS
from core.claims.test_of_sites import CERTIFICATE, GIVEN, NORTH, SITE_CLAIM, pack
from core.restatements.made_up import told, weighs
from stannary.core.attestations import Status, StatusChange
from stannary.core.custody import CertificateChange, CertificateStatus, events_of
from stannary.core.restatements import (
    Books,
    ClaimMade,
    Effects,
    Remedy,
    simulate,
    with_achievement,
    with_restatement,
)

LOST = DAY(2027, 6, 1)
ONE = datetime.timedelta(days=1)


def books(other: dict[str, Any] | None = None, **said: Any) -> Books:
    claim = replace(SITE_CLAIM, **said)
    given: dict[str, Any] = {
        "events": events_of(ROWS),
        "claims": (ClaimMade(claim, EDITION, pack()),),
        "achievements": ACHIEVEMENTS,
        "certificates": (CERTIFICATE,),
        **(other or {}),
    }
    return Books(**given)


def outcome(found: Effects) -> list[tuple[Fraction, list[str]]]:
    return [(one.supported_after, [each.code for each in one.findings]) for one in found.claims]


def without(name: str, before: Books) -> Effects:
    never = StatusChange(DAY(2026, 1, 2), Status.WITHDRAWN, "made up")
    return simulate(
        before, with_achievement(before, replace(ACHIEVEMENTS[name], status_changes=(never,)))
    )


@pytest.mark.parametrize(("share", "codes"), [("0.499", []), ("0.5", []), ("0.501", ["CLAIM-013"])])
def test_a_lost_level_leaves_what_others_blended_in(share: str, codes: list[str]) -> None:
    found = without("north-1", books(level="L-50", share=Fraction(share)))

    assert outcome(found) == [(Fraction(1, 2), codes)]
    (one,) = found.claims
    assert one.supported_before == Fraction(7, 8)
    assert one.remedies == ((Remedy.LOWER_CLAIM, Remedy.WITHDRAW_CLAIM) if codes else ())
    assert told(found)["Example Works", "claimant"] == (SITE_CLAIM.id,)


def test_what_never_counted_for_a_claim_leaves_it_out() -> None:
    assert without("south-1", books()).claims == ()


@pytest.mark.parametrize(
    ("covered_on", "until", "codes"),
    [
        (None, LOST + ONE, []),
        (LOST - ONE, LOST + ONE, []),
        (LOST, LOST + ONE, ["CLAIM-016"]),
        (LOST + 9 * ONE, LOST + ONE, ["CLAIM-016"]),  # the last day of the claim is asked for
        (LOST + 9 * ONE, LOST, []),
    ],
)
def test_a_lost_certificate_counts_on_the_days_of_a_claim(
    covered_on: datetime.date | None, until: datetime.date, codes: list[str]
) -> None:
    before = books({"covered_on": covered_on}, valid_until=until)
    lost = CertificateChange(LOST, CertificateStatus.SUSPENDED, "made up")
    after = replace(before, certificates=(replace(CERTIFICATE, changes=(lost,)),))

    found = simulate(before, after)

    assert outcome(found) == ([(Fraction(3, 8), codes)] if codes else [])
    assert found.lots == ()


def test_what_the_books_no_longer_give_to_a_batch_is_measured_as_less() -> None:
    def keep(mg: int, proof: object = "proof") -> Any:
        return lambda _events: SimpleNamespace(given={"L": {**GIVEN["L"], NORTH: mg}}, proof=proof)

    before = books({"keep": keep(375 * 10**6)})

    (one,) = simulate(before, replace(before, keep=keep(374 * 10**6))).claims
    assert (one.supported_before, one.supported_after) == (Fraction(3, 8), Fraction(374, 1000))
    assert [each.code for each in one.findings] == ["CLAIM-013"]
    # books that nobody can keep say nothing: what it is made of decides
    assert simulate(before, replace(before, keep=keep(0, None))).claims == ()


def test_a_lighter_input_is_missing_and_the_finding_names_the_site() -> None:
    before = books()
    found = simulate(before, with_restatement(before, weighs("N1", "N", 375, 300)))

    assert outcome(found) == [(Fraction(3, 10), ["CLAIM-013"])]
    assert Remedy.DELIVER_MISSING in found.claims[0].remedies
    (said,) = [one for one in found.findings if one.code == "RESTATEMENT-013"]
    assert said.facts["period"] == "2026-01-01/2027-01-01"
    assert (said.facts["facility"], said.facts["material"]) == ("works", "concentrate")
    assert "lot" not in said.facts
