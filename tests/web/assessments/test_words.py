"""How levels and steps are said."""

import pytest
from django.utils import translation

from stannary.core.scores import LevelOutcome, Step
from stannary.web.assessments import words


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (LevelOutcome("OPEN-75", "determined"), "OPEN 75"),
        (LevelOutcome("OPEN-TRANSPARENCY", "determined"), "OPEN Transparency"),
        (LevelOutcome(None, "pending", "OPEN-50", "OPEN-75"), "OPEN 50 to OPEN 75"),
        (LevelOutcome(None, "pending", None, "OPEN-100"), "at most OPEN 100"),
        (LevelOutcome(None, "none"), "no level"),
    ],
)
def test_a_level_is_said_in_one_line(outcome: LevelOutcome, expected: str) -> None:
    assert words.outcome_text(outcome) == expected


def test_a_pending_level_is_a_word_and_the_disc_of_what_is_certain() -> None:
    shown = words.outcome_html(LevelOutcome(None, "pending", "OPEN-50", "OPEN-75"))

    assert "M10 10V2A8 8 0 0 1 10 18Z" in shown
    assert '<span class="tag">pending</span>' in shown


def test_decimal_numbers_of_a_step_get_the_sign_of_the_language_and_ids_do_not() -> None:
    step = Step(
        "SCORE-009",
        "%(percent)s %% %(requirements)s",
        {"percent": "76.2", "requirements": "1.2.3.4"},
    )

    with translation.override("fr"):
        said = words.said(step)

    assert said.sentence == "76,2\N{NO-BREAK SPACE}% 1.2.3.4"


def test_what_is_left_to_rate_is_counted() -> None:
    assert words.count_rated(0) == "all rated"
    assert words.count_rated(3) == "3 not rated"
