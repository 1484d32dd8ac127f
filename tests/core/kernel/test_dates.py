import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refusals import refused_by
from stannary.core.kernel import (
    InvariantError,
    PartialDate,
    Place,
    RefusalError,
    add_months,
    add_years,
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-06-30", "2024-06-30", "2024-06-30"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_partial_date_spans_every_day_that_it_may_mean(text: str, first: str, last: str) -> None:
    date = PartialDate.parse(text)

    assert (date.first.isoformat(), date.last.isoformat()) == (first, last)
    assert str(date) == text
    assert date.is_exact is (len(text) == 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-6",
        "2024-06-1",
        "2024-13",
        "2024-00",
        "2024-06-00",
        "2024-06-31",
        "2023-02-29",
        "0000",
        "2024-06-30 ",
        "2024-06-30\n",
        "2024-06-30T00:00",
        "20240630",
        "June 2024",
        "٢٠٢٤",
    ],
)
def test_a_date_of_another_form_or_outside_of_the_calendar_is_refused(text: str) -> None:
    assert refused_by(lambda: PartialDate.parse(text)) == "KERNEL-002"


def test_a_refused_date_says_where_what_and_how_to_mend_it() -> None:
    with pytest.raises(RefusalError) as refusal:
        PartialDate.parse("2024-06-31", at=Place("sites.toml", 7, "on"))
    assert str(refusal.value) == (
        "sites.toml, line 7, column on: KERNEL-002: A date is written YYYY, YYYY-MM or YYYY-MM-DD and exists in "
        "the calendar. Here: value=2024-06-31. Write as much of the date as is known, for example 2024-06."
    )


def test_a_refused_date_that_is_empty_is_shown_as_such() -> None:
    with pytest.raises(RefusalError) as refusal:
        PartialDate.parse("")
    assert refusal.value.findings[0].facts == {"value": "(empty)"}


@given(st.dates())
def test_an_exact_date_reads_back_as_it_was_written(day: datetime.date) -> None:
    date = PartialDate.parse(day.isoformat())

    assert date.first == date.last == day
    assert str(date) == day.isoformat()


@pytest.mark.parametrize(
    ("year", "month", "day"), [(0, 0, 0), (2024, 13, 0), (2024, 2, 30), (2024, 0, 5)]
)
def test_a_date_that_cannot_be_is_a_bug_of_ours(year: int, month: int, day: int) -> None:
    with pytest.raises(InvariantError):
        PartialDate(year, month, day)


def test_partial_dates_stand_in_order_the_vaguer_one_first() -> None:
    texts = ["2024", "2024-01", "2024-01-01", "2024-02", "2025"]

    assert [str(date) for date in sorted(map(PartialDate.parse, reversed(texts)))] == texts


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2024-01-29", 1, "2024-02-29"),
        ("2024-01-28", 1, "2024-02-28"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-05-20", 0, "2024-05-20"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_that_the_month_has(
    start: str, months: int, end: str
) -> None:
    assert add_months(datetime.date.fromisoformat(start), months).isoformat() == end


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    leap_day = datetime.date(2024, 2, 29)

    assert add_years(leap_day, 1) == datetime.date(2025, 2, 28)
    assert add_years(leap_day, 4) == datetime.date(2028, 2, 29)


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)), st.integers(0, 1200))
def test_stepping_months_moves_the_month_and_never_the_day_forward(
    start: datetime.date, months: int
) -> None:
    end = add_months(start, months)

    assert 12 * (end.year - start.year) + end.month - start.month == months
    assert end.day <= start.day
