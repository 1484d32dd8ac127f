"""2,000 × 2,000 requirements are planned and reported in less than two seconds."""

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from core.crosswalks.links import LEAD, OTHER, crosswalk, link
from core.standards.made_up import chapter, requirement
from stannary.core.crosswalks import co_audit_plan, gap_report
from stannary.core.standards import Edition, Rating

MOST_SECONDS = 2.0


def long(edition: Edition) -> Edition:
    chapters = [f"1.{number}" for number in range(1, 41)]
    return replace(
        edition,
        chapters=tuple(chapter(one) for one in chapters),
        requirements=tuple(requirement(f"{one}.1.{n}") for one in chapters for n in range(1, 51)),
        translations={},
    )


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


@pytest.mark.untraced
def test_two_thousand_requirements_take_less_than_two_seconds() -> None:
    first, second = long(LEAD), long(OTHER)
    ids = [one.id for one in first.requirements]
    links = [
        link(name, ids[(place * 3 + step) % 2000], "subset", coverage=Fraction(1, step + 2))
        for place, name in enumerate(ids)
        for step in (0, 7)
    ]
    judged = crosswalk(*links)
    ratings = dict.fromkeys(ids, Rating.SUBSTANTIALLY)

    assert (len(first.requirements), len(second.requirements), len(links)) == (2000, 2000, 4000)
    assert seconds(lambda: co_audit_plan(first, [second], [judged])) < MOST_SECONDS
    assert (
        seconds(lambda: gap_report(judged.turned().turned(), first, second, ratings)) < MOST_SECONDS
    )
