"""What an entity may book under its certificate, where, and on which day."""

from typing import Any

import pytest

from core.custody.accounting.made_up import IP, MB, certificate, change, day, mined, under
from refusals import refused_by
from stannary.core.custody import (
    Agreement,
    CertificateScope,
    CertificateStatus,
    CustodyCertificate,
    CustodyRules,
    Model,
    standing_of,
)
from stannary.core.custody.accounting.certificates import Standing, too_long
from stannary.core.kernel import RefusalError


def standing(*held: CustodyCertificate, on: str = "2026-06-01", **fields: object) -> Standing:
    return standing_of(mined("E1", on, "L1", 10, **fields), IP, held)


def codes(found: Standing) -> list[str]:
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("on", "status", "code"),
    [
        ("2025-12-31", "not_yet", "CUSTODY-073"),
        ("2026-01-01", "in_force", None),
        ("2026-06-30", "in_force", None),
        ("2026-07-01", "suspended", "CUSTODY-073"),
        ("2026-07-31", "suspended", "CUSTODY-073"),
        ("2026-08-01", "in_force", None),
        ("2028-12-31", "in_force", None),
        ("2029-01-01", "expired", "CUSTODY-073"),
    ],
)
def test_the_status_on_the_day_decides(on: str, status: str, code: str | None) -> None:
    held = certificate(
        changes=(change("2026-07-01", "suspended"), change("2026-08-01", "in_force"))
    )

    assert held.status_on(day(on)) == status
    assert codes(standing(held, on=on)) == ([code] if code else [])


def test_what_is_withdrawn_stays_withdrawn_also_past_its_end() -> None:
    held = certificate(changes=(change("2026-07-01", "withdrawn"),))

    assert held.status_on(day("2030-01-01")) is CertificateStatus.WITHDRAWN


def test_a_finding_says_which_certificate_and_which_status() -> None:
    held = certificate(changes=(change("2026-05-01", "suspended"),))

    assert standing(held).findings[0].message == (
        "CUSTODY-073: A custody certificate is in force on the day of a booking that needs it. Here: "
        "event=E1, entity=Mine Co, certificate=urn:example:coc:Mine Co, on=2026-06-01, "
        "status=suspended. Wait until it is in force again; what is booked all the same counts "
        "towards no claim."
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"site": "elsewhere"}, ["CUSTODY-072"]),
        ({"material": "slag"}, ["CUSTODY-072"]),
        ({"site": "elsewhere", "material": "slag"}, ["CUSTODY-072", "CUSTODY-072"]),
        ({"entity": "Nobody"}, ["CUSTODY-072"]),
    ],
)
def test_what_is_not_listed_is_not_covered(fields: dict[str, Any], expected: list[str]) -> None:
    assert codes(standing(certificate(), **fields)) == expected


def test_a_model_that_is_not_listed_is_not_covered() -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset({MB}))

    assert codes(standing(certificate(scope=scope))) == ["CUSTODY-072"]
    assert standing_of(mined("E1", "2026-06-01", "L1", 10), MB, [certificate(scope=scope)]).counts


AGREEMENTS = (
    Agreement("Toll Co", "toll-plant", day("2026-03-01"), day("2026-04-01"), "file 1"),
    Agreement("Toll Co", "toll-plant", day("2026-06-01"), None, "file 2"),
)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2026-02-28", "CUSTODY-074"),
        ("2026-03-01", None),
        ("2026-03-31", None),
        ("2026-04-01", "CUSTODY-074"),
        ("2026-05-31", "CUSTODY-074"),
        ("2026-06-01", None),
        ("2028-01-01", None),
    ],
)
def test_a_contractors_site_is_covered_while_an_agreement_holds(on: str, code: str | None) -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset(Model), AGREEMENTS)

    assert codes(standing(certificate(scope=scope), on=on, site="toll-plant")) == (
        [code] if code else []
    )


def test_the_certificate_that_is_nearest_speaks_and_a_pilot_comes_last() -> None:
    pilot, other = certificate(pilot=True), certificate(valid_from=day("2026-09-01"))

    found = standing(other, pilot)

    assert (codes(found), found.pilot, found.counts) == ([], True, False)
    assert standing(pilot, certificate()).counts
    lapsed = standing(certificate(pilot=True, valid_from=day("2026-09-01")))
    assert (codes(lapsed), lapsed.pilot) == (["CUSTODY-073"], False)


def test_only_certificates_under_the_same_pack_count_where_one_is_named() -> None:
    row = mined("E1", "2026-06-01", "L1", 10)

    assert standing_of(row, IP, [certificate()], pack="example/custody/1").counts
    assert not standing_of(row, IP, [certificate()], pack="example/custody/2").counts


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"valid_until": day("2025-12-31")}, "CUSTODY-075"),
        ({"valid_until": day("2026-01-01")}, "CUSTODY-075"),
        ({"valid_until": day("2026-01-02")}, None),
        ({"changes": (change("2025-12-31", "suspended"),)}, "CUSTODY-075"),
        ({"changes": (change("2026-01-01", "suspended"),)}, None),
        ({"changes": (change("2028-12-31", "suspended"),)}, None),
        ({"changes": (change("2029-01-01", "suspended"),)}, "CUSTODY-075"),
        ({"changes": (change("2026-02-01", "in_force"),)}, "CUSTODY-075"),
        (
            {"changes": (change("2026-02-01", "withdrawn"), change("2026-03-01", "in_force"))},
            "CUSTODY-075",
        ),
        (
            {"changes": (change("2026-02-01", "suspended"), change("2026-02-01", "in_force"))},
            "CUSTODY-075",
        ),
        (
            {"changes": (change("2026-02-01", "suspended"), change("2026-02-02", "in_force"))},
            None,
        ),
    ],
)
def test_a_certificate_is_sound_or_is_not_built(other: dict[str, Any], code: str | None) -> None:
    assert refused_by(lambda: certificate(**other)) == code


def test_every_defect_is_told_at_once() -> None:
    with pytest.raises(RefusalError) as refusal:
        certificate(valid_until=day("2026-01-01"), changes=(change("2026-02-01", "suspended"),))

    assert len(refusal.value.findings) == 2


@pytest.mark.parametrize(
    ("until", "found"), [("2028-12-31", 0), ("2029-01-01", 0), ("2029-01-02", 1)]
)
def test_a_certificate_is_no_longer_than_the_pack_allows(until: str, found: int) -> None:
    findings = too_long(certificate(valid_until=day(until)), under())

    assert [finding.code for finding in findings] == ["CUSTODY-076"] * found


def test_how_long_is_not_assumed() -> None:
    assert refused_by(lambda: too_long(certificate(), CustodyRules())) == "CUSTODY-070"
