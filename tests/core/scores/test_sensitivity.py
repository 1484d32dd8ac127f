import datetime
import itertools
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.standards.made_up import EDITION, level, requirement, scale
from stannary.core.assessments import RatingSheet, Verdict, rating_sheet
from stannary.core.scores import ChangedRating, Sensitivity, score, sensitivity
from stannary.core.standards import SCORED, Edition, Rating

DAY = datetime.date(2026, 6, 1)
SMALL = replace(
    EDITION,
    requirements=(
        requirement("1.1.1.1", critical=True),
        requirement("1.1.1.2"),
        requirement("1.2.1.1"),
        requirement("2.1.1.1"),
        requirement("2.1.1.2", critical=True),
    ),
    levels=(
        level("SEEN"),
        level("HALF", "0.5", "substantially"),
        level("MOST", "0.75", "substantially"),
        level("FULL", "1", "fully", "fully"),
    ),
)
UNEVEN = replace(SMALL, ratings=scale("1", "0.9", "1/3", "0"))
LETTERS = dict(zip("fspn-", (*SCORED, Rating.NOT_RELEVANT), strict=True))


def sheet(letters: str, edition: Edition = SMALL) -> RatingSheet:
    """Give a sheet, a letter a requirement: f s p n, - not relevant, anything else pending."""
    verdicts = [
        Verdict(one.id, LETTERS[letter], "because")
        for one, letter in zip(edition.requirements, letters, strict=True)
        if letter in LETTERS
    ]
    return rating_sheet(edition, verdicts)


def hangs(letters: str, edition: Edition = SMALL) -> Sensitivity:
    found = sensitivity(sheet(letters, edition), as_of=DAY)
    assert found is not None
    return found


@cache
def rank(letters: str, edition: str) -> int:
    under = SMALL if edition == "small" else UNEVEN
    code = score(sheet(letters, under), as_of=DAY).level.code
    assert code is not None
    return under.rank(code)


def fewest(letters: str, edition: str, *, up: bool) -> int | None:
    """Try every other rating of every relevant requirement, and count the fewest changes."""
    here = rank(letters, edition)
    best: int | None = None
    for other in itertools.product("fspn", repeat=len(letters)):
        there = "".join("-" if now == "-" else new for now, new in zip(letters, other, strict=True))
        changed = sum(a != b for a, b in zip(letters, there, strict=True))
        moved = rank(there, edition) > here if up else rank(there, edition) < here
        if moved and (best is None or changed < best):
            best = changed
    return best


@settings(deadline=None)  # the first example scores every ending, which are then remembered
@given(
    st.text("fspn-", min_size=5, max_size=5).filter(lambda text: set(text) != {"-"}),
    st.sampled_from(["small", "uneven"]),
)
def test_no_smaller_set_of_ratings_changes_the_level(letters: str, edition: str) -> None:
    found = hangs(letters, SMALL if edition == "small" else UNEVEN)

    assert (len(found.up) or None) == fewest(letters, edition, up=True)
    smallest = len(found.down[0].changes) if found.down else None
    assert smallest == fewest(letters, edition, up=False)


@given(st.text("fspn-", min_size=5, max_size=5).filter(lambda text: set(text) != {"-"}))
def test_every_set_that_is_named_does_what_it_says(letters: str) -> None:
    found = hangs(letters)
    before = SMALL.rank(found.level)

    def after(changes: tuple[ChangedRating, ...]) -> int:
        verdicts = dict(sheet(letters).verdicts)
        for change in changes:
            verdicts[change.requirement] = replace(verdicts[change.requirement], rating=change.then)
        code = score(RatingSheet(SMALL, verdicts), as_of=DAY).level.code
        return SMALL.rank(code or "")

    if found.next_level is not None:
        assert after(found.up) > before
    for route in found.down:
        assert after(route.changes) < before


def test_a_tie_at_the_threshold_hangs_by_one_rating() -> None:
    found = hangs("sssss")

    assert (found.level, found.next_level) == ("MOST", "FULL")
    routes = [(route.kind, route.principle, len(route.changes)) for route in found.down]
    assert routes == [
        ("critical_at_least", "", 1),
        ("principle_share", "1", 1),
        ("principle_share", "2", 1),
    ]
    assert len(found.up) == 5


def test_one_point_above_the_threshold_takes_one_rating_more() -> None:
    found = hangs("fffsf")

    by_principle = {route.principle: len(route.changes) for route in found.down}
    assert by_principle["1"] == 1
    assert found.down[0].any_of == 2
    change = found.up[0]
    assert (change.requirement, change.now, change.then) == (
        "2.1.1.1",
        Rating.SUBSTANTIALLY,
        Rating.FULLY,
    )


def test_the_top_has_nothing_above_and_falls_with_any_rating() -> None:
    found = hangs("fffff")

    assert (found.next_level, found.up) == (None, ())
    assert [route.kind for route in found.down][:2] == ["critical_at_least", "all_at_least"]
    assert found.down[1].any_of == 5


def test_the_lowest_level_has_no_tests_and_is_not_lost() -> None:
    assert hangs("nnnnn").down == ()


def test_criticals_that_are_lifted_count_for_the_points_as_well() -> None:
    found = hangs("nsspn")

    assert {change.requirement for change in found.up} == {"1.1.1.1", "2.1.1.2"}


def test_a_critical_that_is_not_relevant_is_no_route() -> None:
    found = hangs("-ssp-")

    assert all(route.kind == "principle_share" for route in found.down)


@pytest.mark.parametrize("letters", ["ffff?", "-----"])
def test_a_level_that_is_open_or_missing_hangs_by_nothing(letters: str) -> None:
    assert sensitivity(sheet(letters), as_of=DAY) is None


def test_a_test_that_cannot_be_failed_is_no_route() -> None:
    always = replace(
        SMALL, levels=(level("SEEN"), level("EASY", "0", "not_met"), level("FULL", "1", "fully"))
    )

    found = hangs("nnnnn", always)

    assert found.level == "EASY"
    assert found.down == ()


def test_a_level_without_a_share_is_reached_by_its_criticals_alone() -> None:
    bare = replace(SMALL, levels=(level("SEEN"), level("SAFE", None, "substantially")))

    found = hangs("nnnnf", bare)

    assert [change.requirement for change in found.up] == ["1.1.1.1"]
