"""The books enclosed with a claim, kept again."""

import datetime
from dataclasses import replace

import pytest

from core.claims.lots import DAY, ROWS
from core.claims.test_of_sites import OVER, SITE_CLAIM, measured, pack
from stannary.core.claims import Blending, blended_again, keep_enclosed
from stannary.core.custody import BooksBehind


@pytest.mark.parametrize(
    ("made_on", "blended"), [(DAY(2026, 1, 1), False), (OVER.valid_until, True)]
)
def test_books_kept_again_give_what_the_site_blended_until_the_day_of_the_claim(
    made_on: datetime.date, blended: bool
) -> None:
    claim, about = replace(SITE_CLAIM, made_on=made_on), Blending("works", "concentrate", OVER)

    kept = keep_enclosed(BooksBehind(ROWS), claim, pack(), {})

    again = blended_again(claim, about, kept=kept, pack=pack())
    assert again == (measured() if blended else replace(measured(), batches=(), made=()))
