import datetime

import pytest

from core.independence.made_up import DAY, ONE
from stannary.core.independence import YearFigures, last_year
from stannary.core.kernel import add_months


def figures(ended_on: datetime.date, from_operator: int = 1) -> YearFigures:
    return YearFigures(ended_on, from_operator, 100)


def test_the_newest_year_that_had_ended_counts() -> None:
    before, last, running = figures(DAY - 400 * ONE), figures(DAY), figures(DAY + ONE)

    assert last_year((before, running, last), on=DAY) is last
    assert last_year((before, running), on=DAY) is before


def test_of_two_figures_for_one_year_the_first_given_counts() -> None:
    corrected, first = figures(DAY, 2), figures(DAY, 1)

    assert last_year((corrected, first), on=DAY) is corrected


@pytest.mark.parametrize(("days", "counts"), [(-1, True), (0, True), (1, False)])
def test_figures_count_for_eighteen_months_and_not_a_day_longer(days: int, counts: bool) -> None:
    those = figures(datetime.date(2025, 3, 31))
    day = add_months(those.ended_on, 18) + days * ONE

    assert (last_year((those,), on=day) is those) is counts


def test_without_figures_there_are_none() -> None:
    assert last_year((), on=DAY) is None
