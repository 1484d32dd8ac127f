import pytest

from core.standards.made_up import EDITION
from stannary.core.assessments import Verdict
from stannary.core.assessments.verdicts import (
    Difference,
    ThreeVerdicts,
    counting_sheet,
    side_by_side,
)
from stannary.core.standards import Rating

NAME = "1.1.1.1"


def said(rating: Rating | None, by: str = "somebody") -> Verdict | None:
    return None if rating is None else Verdict(NAME, rating, "why", (), by)


@pytest.mark.parametrize(
    ("site", "auditor", "final", "difference"),
    [
        (Rating.FULLY, Rating.FULLY, None, Difference.AGREED),
        (Rating.FULLY, Rating.PARTIALLY, None, Difference.HIGHER),
        (Rating.NOT_MET, Rating.PARTIALLY, None, Difference.LOWER),
        (Rating.NOT_MET, Rating.PARTIALLY, Rating.NOT_MET, Difference.AGREED),
        (Rating.NOT_RELEVANT, Rating.FULLY, None, Difference.RELEVANCE),
        (Rating.FULLY, Rating.NOT_RELEVANT, None, Difference.RELEVANCE),
        (Rating.NOT_RELEVANT, Rating.NOT_RELEVANT, None, Difference.AGREED),
        (None, Rating.FULLY, None, Difference.OPEN),
        (Rating.FULLY, None, None, Difference.OPEN),
        (Rating.FULLY, Rating.PENDING, None, Difference.OPEN),
        (Rating.PENDING, Rating.FULLY, None, Difference.OPEN),
    ],
)
def test_the_sites_word_is_compared_with_the_one_that_counts(
    site: Rating | None, auditor: Rating | None, final: Rating | None, difference: Difference
) -> None:
    row = ThreeVerdicts(NAME, said(site), said(auditor), said(final))

    assert row.difference is difference


def test_a_ruling_counts_and_the_auditors_word_stays_beside_it() -> None:
    auditor, final = said(Rating.PARTIALLY, "auditor"), said(Rating.FULLY, "reviewer")
    row = ThreeVerdicts(NAME, None, auditor, final)

    assert row.counts is final
    assert row.auditor is auditor


def test_the_sites_word_alone_counts_for_nothing() -> None:
    site = said(Rating.FULLY)
    assert site is not None
    rows = side_by_side(EDITION, site={NAME: site}, auditor={}, final={})

    assert [row.requirement for row in rows] == [one.id for one in EDITION.requirements]
    assert counting_sheet(EDITION, rows).verdicts == {}


def test_what_is_scored_is_final_where_there_is_one_else_the_auditors() -> None:
    auditor = {
        NAME: Verdict(NAME, Rating.NOT_MET),
        "1.1.1.2": Verdict("1.1.1.2", Rating.FULLY),
    }
    final = {NAME: Verdict(NAME, Rating.SUBSTANTIALLY)}

    sheet = counting_sheet(EDITION, side_by_side(EDITION, site={}, auditor=auditor, final=final))

    assert sheet.rating(NAME) is Rating.SUBSTANTIALLY
    assert sheet.rating("1.1.1.2") is Rating.FULLY
    assert sheet.rating("2.1.1.1") is Rating.PENDING
