"""How the calendar is divided into balance periods."""

import datetime

import pytest

from core.custody.accounting.made_up import day, under
from refusals import refused_by
from stannary.core.custody import calendar_period, period_of
from stannary.core.kernel import InvariantError


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        ("2025-12-31", 12, "2025-01-01/2026-01-01"),
        ("2026-01-01", 12, "2026-01-01/2027-01-01"),
        ("2026-01-02", 12, "2026-01-01/2027-01-01"),
        ("2026-03-31", 3, "2026-01-01/2026-04-01"),
        ("2026-04-01", 3, "2026-04-01/2026-07-01"),
        ("2026-05-01", 5, "2026-04-01/2026-09-01"),
        ("2000-01-01", 7, "2000-01-01/2000-08-01"),
        ("1999-12-31", 7, "1999-06-01/2000-01-01"),
    ],
)
def test_a_day_lies_in_one_period(on: str, months: int, expected: str) -> None:
    period = calendar_period(day(on), months)

    assert str(period) == expected
    assert period.holds(day(on))


def test_periods_follow_each_other_without_a_gap() -> None:
    period = calendar_period(day("2026-01-01"), 5)
    after = calendar_period(period.valid_until, 5)

    assert after.valid_from == period.valid_until
    assert not period.holds(period.valid_until)
    assert not period.holds(period.valid_from - datetime.timedelta(days=1))


def test_a_period_of_no_month_cannot_be() -> None:
    with pytest.raises(InvariantError, match="month"):
        calendar_period(day("2026-01-01"), 0)


def test_the_pack_says_how_long_periods_are_and_how_they_are_laid() -> None:
    assert str(period_of(day("2026-05-01"), under())) == "2026-01-01/2027-01-01"
    for unknown in ("balance_period_months", "balance_opening_and_closing"):
        allowed = under(**{unknown: None})
        assert refused_by(lambda: period_of(day("2026-05-01"), allowed)) == "CUSTODY-070"  # noqa: B023 - called at once
    other = under(balance_opening_and_closing="lunar")
    assert refused_by(lambda: period_of(day("2026-05-01"), other)) == "CUSTODY-071"
