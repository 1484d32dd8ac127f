"""Claims under mass balance and book and claim rest on books, which a simulation keeps again."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

from core.claims.lots import ACHIEVEMENTS, CLAIM, EDITION
from core.verification.test_books import CAR, pack, register, rows, rules_on
from stannary.core.attestations import Achievement, Status, StatusChange
from stannary.core.custody import Books as KeptBooks
from stannary.core.custody import (
    CertificateChange,
    CertificateStatus,
    CustodyCertificate,
    Event,
    events_of,
    keep_books,
)
from stannary.core.restatements import (
    Books,
    ClaimMade,
    Keeping,
    simulate,
    with_achievement,
    without_certificate,
)

NORTH = "urn:stannary:achievement:example-north-mine"
REFINERY = "Example Refining"
FROM = datetime.date(2026, 2, 10)


def keep(certificates: tuple[CustodyCertificate, ...]) -> Keeping:
    acts = [event for event in events_of(rows()) if event.kind.is_credit]

    def kept(events: Sequence[Event]) -> KeptBooks:
        day = datetime.date(2026, 6, 1)
        return keep_books((*events, *acts), rules_on=rules_on, as_of=day, certificates=certificates)

    return kept


def claim(lot: str, wording: str, share: str) -> ClaimMade:
    said = replace(
        CLAIM, id=f"claim on {lot}", lot=lot, wording=wording, share=Fraction(share), level="L-50"
    )
    return ClaimMade(replace(said, element="lithium"), EDITION, pack())


def achievement() -> Achievement:
    (one, *_) = ACHIEVEMENTS.values()
    since = datetime.date(2026, 1, 1)
    return replace(one, id=NORTH, site="example-north-mine", level="L-75", valid_from=since)


@cache
def books() -> Books:
    return Books(
        events=events_of([row for row in rows() if not row.kind.is_credit]),
        claims=(
            claim("C-MB", "BALANCE-SHARE-AT-LEVEL", "1"),
            claim(CAR, "CREDIT-SHARE-AT-LEVEL", "1/2"),
        ),
        achievements={NORTH: achievement()},
        rules=rules_on(FROM),
        keep=keep(register().certificates or ()),
    )


def suspended() -> tuple[CustodyCertificate, ...]:
    change = CertificateChange(FROM, CertificateStatus.SUSPENDED, "made up")
    return tuple(
        replace(one, changes=(*one.changes, change)) if one.entity == REFINERY else one
        for one in register().certificates or ()
    )


def test_a_suspended_certificate_reaches_claims_that_rest_on_an_account() -> None:
    since = datetime.datetime.combine(FROM, datetime.time(), tzinfo=datetime.UTC)
    after = without_certificate(books(), REFINERY, since=since)

    (one,) = simulate(books(), replace(after, keep=keep(suspended()))).claims

    assert one.made.claim.lot == "C-MB"
    assert [one.supported_before, one.supported_after] == [1, 0]
    assert not one.holds


def test_a_suspended_attestation_reaches_claims_that_rest_on_accounts_and_credits() -> None:
    change = StatusChange(datetime.date(2026, 1, 2), Status.SUSPENDED, "made up")
    after = with_achievement(books(), replace(achievement(), status_changes=(change,)))

    found = simulate(books(), after).claims

    assert [one.made.claim.lot for one in found] == ["C-MB", CAR]
    assert [one.supported_before for one in found] == [1, Fraction(1, 2)]
    assert [one.supported_after for one in found] == [0, 0]
    assert [one.holds for one in found] == [False, False]


def test_without_books_such_claims_are_not_judged_by_what_the_lot_is_made_of() -> None:
    change = StatusChange(datetime.date(2026, 1, 2), Status.SUSPENDED, "made up")
    alone = replace(books(), keep=None)
    (one,) = simulate(
        alone, with_achievement(alone, replace(achievement(), status_changes=(change,)))
    ).claims
    assert "CLAIM-010" in {finding.code for finding in one.findings}
