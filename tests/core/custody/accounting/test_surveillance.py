"""When the holder of a certificate is audited in between, and at how many sites."""

from typing import Any

import pytest

from core.custody.accounting.made_up import certificate, change, day, under
from refusals import refused_by
from stannary.core.custody import (
    CertificateScope,
    Due,
    Model,
    check_surveillance,
    next_surveillance,
    sites_to_visit,
)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("2025-12-01", Due.AHEAD),
        ("2026-12-01", Due.AHEAD),
        ("2026-12-02", Due.DUE),
        ("2027-01-01", Due.DUE),
        ("2027-01-02", Due.OVERDUE),
        ("2028-12-31", Due.OVERDUE),
        ("2029-01-01", Due.NOTHING),
    ],
)
def test_it_is_due_thirty_days_ahead_and_overdue_the_day_after(today: str, due: Due) -> None:
    found = next_surveillance(certificate(), (), under(), day(today))

    assert found.due is due
    assert found.on == (None if due is Due.NOTHING else day("2027-01-01"))
    assert [one.code for one in found.findings] == ["CUSTODY-105"] * (due is Due.OVERDUE)


def test_overdue_says_since_when() -> None:
    found = next_surveillance(certificate(), (), under(), day("2027-01-02"))

    assert found.findings[0].message == (
        "CUSTODY-105: Between two audits of the holder of a certificate lie at most as many months "
        "as the pack allows. Here: certificate=urn:example:coc:Mine Co, last=2026-01-01, "
        "due_on=2027-01-01, months=12. Do the surveillance and record it; until then whoever reads "
        "the certificate is told."
    )


@pytest.mark.parametrize(
    ("done", "on"),
    [
        ("2026-11-30", "2027-11-30"),
        ("2027-02-01", "2028-02-01"),
        ("2027-02-02", "2027-01-01"),  # after the day that is asked about
        ("2024-02-01", "2025-02-01"),
    ],
)
def test_it_is_counted_from_the_last_that_was_done(done: str, on: str) -> None:
    found = next_surveillance(certificate(), [day(done)], under(), day("2027-02-01"))

    assert found.on == day(on)


@pytest.mark.parametrize(("last", "due"), [("2027-12-31", Due.AHEAD), ("2028-01-01", Due.NOTHING)])
def test_what_falls_on_the_end_is_left_to_the_next_certificate(last: str, due: Due) -> None:
    assert next_surveillance(certificate(), [day(last)], under(), day("2028-02-01")).due is due


@pytest.mark.parametrize(
    ("other", "months", "due"),
    [
        ({"changes": (change("2027-01-01", "withdrawn"),)}, 12, Due.NOTHING),
        ({"changes": (change("2027-01-01", "suspended"),)}, 12, Due.OVERDUE),
        ({"pilot": True}, 12, Due.OVERDUE),
        ({}, 0, Due.NOTHING),
    ],
)
def test_who_is_suspended_is_audited_and_who_lost_the_certificate_is_not(
    other: dict[str, Any], months: int, due: Due
) -> None:
    allowed = under(surveillance_interval_months=months)

    assert next_surveillance(certificate(**other), (), allowed, day("2027-02-01")).due is due


def test_how_often_is_not_assumed() -> None:
    allowed = under(surveillance_interval_months=None)

    assert (
        refused_by(lambda: next_surveillance(certificate(), (), allowed, day("2026-06-01")))
        == "CUSTODY-070"
    )


@pytest.mark.parametrize(
    ("on", "today", "found"),
    [
        ("2025-12-31", "2026-06-01", 1),
        ("2026-01-01", "2026-06-01", 0),
        ("2026-06-01", "2026-06-01", 0),
        ("2026-06-02", "2026-06-01", 1),
        ("2026-03-01", "2026-06-01", 1),  # recorded before
        ("2026-05-02", "2026-06-01", 0),  # suspended
        ("2028-12-31", "2029-06-01", 0),
        ("2029-01-01", "2029-06-01", 1),
    ],
)
def test_it_is_recorded_once_a_day_while_the_certificate_lasts(
    on: str, today: str, found: int
) -> None:
    held = certificate(changes=(change("2026-05-01", "suspended"),))
    findings = check_surveillance(held, [day("2026-03-01")], on=day(on), today=day(today))

    assert [one.code for one in findings] == ["CUSTODY-104"] * found


@pytest.mark.parametrize(
    ("sites", "word", "visited"),
    [
        (0, "square_root", 0),
        (1, "square_root", 1),
        (3, "square_root", 2),
        (4, "square_root", 2),
        (5, "square_root", 3),
        (5, "all", 5),
        (5, None, None),
    ],
)
def test_the_pack_says_how_many_sites_are_visited(
    sites: int, word: str | None, visited: int | None
) -> None:
    names = frozenset(str(number) for number in range(sites))
    held = certificate(scope=CertificateScope(names, frozenset({"ore"}), frozenset(Model)))

    assert sites_to_visit(held, under(surveillance_site_sample=word)) == visited


def test_another_word_for_a_sample_is_refused() -> None:
    allowed = under(surveillance_site_sample="a_few")

    assert refused_by(lambda: sites_to_visit(certificate(), allowed)) == "CUSTODY-071"
