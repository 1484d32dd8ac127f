import datetime

import pytest

from core.independence.made_up import DAY, ENGAGEMENT, ONE, person
from stannary.core.independence import Competence, Declaration, Standing


@pytest.mark.parametrize(
    ("day", "holds"),
    [(DAY - ONE, False), (DAY, True), (DAY + ONE, True), (DAY + 2 * ONE, False)],
)
def test_a_competence_holds_from_its_first_day_to_its_last(day: datetime.date, holds: bool) -> None:
    assert Competence("x", DAY, DAY + ONE).on(day) is holds


def test_a_competence_without_an_end_does_not_expire() -> None:
    record = person("ana", competences=(Competence("x", DAY, None),))

    assert record.has("x", DAY + 9999 * ONE)
    assert not record.has("y", DAY)


def test_the_last_declaration_for_the_engagement_made_by_the_day_counts() -> None:
    first = Declaration(ENGAGEMENT, DAY - ONE, ())
    second = Declaration(ENGAGEMENT, DAY, ())
    other = Declaration("e-2", DAY - ONE, ())
    record = person("ana", declarations=(second, other, first))

    assert record.declaration(ENGAGEMENT, DAY - ONE) is first
    assert record.declaration(ENGAGEMENT, DAY) is second
    assert record.declaration(ENGAGEMENT, DAY - 2 * ONE) is None
    assert record.declaration("e-3", DAY) is None


@pytest.mark.parametrize(
    ("left", "standing"),
    [
        (None, Standing.HOLDS),
        (91, Standing.HOLDS),
        (90, Standing.ENDS_SOON),
        (0, Standing.ENDS_SOON),
        (-1, Standing.EXPIRED),
    ],
)
def test_a_competence_ends_soon_on_the_ninety_days_before_its_last(
    left: int | None, standing: Standing
) -> None:
    until = None if left is None else DAY + left * ONE
    competence = Competence("x", DAY - 100 * ONE, until)

    assert competence.standing(DAY) is standing
    assert Competence("x", DAY + ONE, None).standing(DAY) is Standing.NOT_YET
