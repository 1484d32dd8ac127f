"""Every engine gives what the core rule gives: on the vectors, on random and on built ties."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scores.letters import DAY, QUARTERS, constant, level, with_levels
from core.scores.random_assessments import as_edition, as_sheet, random_ratings, random_standard
from core.scores.score_vectors import Vector, vectors
from engines.scoring.agreement import disagreements, sheet_of
from stannary.core.assessments import RatingSheet, Verdict, parse_rating, rating_sheet
from stannary.core.scores import score
from stannary.core.standards import Edition, Requirement
from stannary.engines.scoring import codes_of, plan_of, score_many
from stannary.formats.packs import find_pack, load_pack

SCORED = [vector for vector in vectors() if not vector.refused]
STANDARDS_A_SEED = 4
ASSESSMENTS_A_STANDARD = 30


def sheet(vector: Vector) -> RatingSheet:
    return rating_sheet(
        vector.edition,
        [Verdict(row[0], parse_rating(row[1]), (*row, "", "")[2]) for row in vector.rows],
    )


@pytest.mark.parametrize("vector", SCORED, ids=lambda vector: vector.name)
def test_engines_agree_with_core_on_a_vector(vector: Vector) -> None:
    assert disagreements([sheet(vector)], vector.as_of) == []


@pytest.mark.untraced
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**64 - 1))
def test_engines_agree_with_core_on_three_thousand_random_assessments(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - chosen by hypothesis, nothing secret
    for _ in range(STANDARDS_A_SEED):
        standard = random_standard(random)
        edition = as_edition(standard)
        sheets = [
            as_sheet(edition, random_ratings(random, standard))
            for _ in range(ASSESSMENTS_A_STANDARD)
        ]
        sheets.append(sheet_of(edition, [5] * len(edition.requirements)))

        assert disagreements(sheets, DAY) == []


def built_ties(edition: Edition, random: Random) -> Iterable[RatingSheet]:
    """Sheets whose shares are a threshold exactly, or one rating beside it, by shape of principle."""
    principles = [principle.id for principle in edition.principles]
    for share in (Fraction(1, 2), Fraction(3, 4)):
        for nudge in (-1, 0, 1):
            for left_out in (0, 1, 5):
                codes: dict[str, int] = {}
                for principle in principles:
                    those = [x for x in edition.requirements if x.principle == principle]
                    random.shuffle(those)
                    those.sort(key=lambda x: not x.critical)  # critical ones are met
                    codes |= dict.fromkeys((x.id for x in those), 4)
                    rated = those[: len(those) - left_out]
                    rated = rated[: len(rated) - len(rated) % 4]
                    fully = int(share * len(rated)) + nudge
                    codes |= {x.id: 0 if n < fully else 3 for n, x in enumerate(rated)}
                yield sheet_of(edition, [codes[x.id] for x in edition.requirements])


@pytest.mark.parametrize("pack", ["stannary/open-mining/0.1", "stannary/open-mining/1.0"])
def test_engines_agree_with_core_on_exact_halves_and_three_quarters(pack: str) -> None:
    edition = load_pack(find_pack(pack))
    sheets = list(built_ties(edition, Random(1)))  # noqa: S311 - a fixed sample
    ties = [
        test
        for each in sheets
        for test in score(each, as_of=DAY).tests
        if test.needed_share and test.low_margin == 0
    ]

    assert len(ties) >= 24
    assert disagreements(sheets, DAY) == []


def edges(edition: Edition) -> list[RatingSheet]:
    """One code everywhere, one code in a principle and another elsewhere, one other critical."""
    found = []
    for code in range(6):
        found.append([code] * len(edition.requirements))
        for other in range(6):
            found += [
                [other if x.principle == principle.id else code for x in edition.requirements]
                for principle in edition.principles
            ]
            criticals = [n for n, x in enumerate(edition.requirements) if x.critical]
            found.append([other if n in criticals else code for n, _ in enumerate(found[0])])
            found.append([other if n in criticals[-1:] else code for n, _ in enumerate(found[0])])
    return [sheet_of(edition, codes) for codes in found]


@pytest.mark.parametrize("pack", ["quarters", "thirds", "ladder", "lenient", "hairline", "outline"])
def test_engines_agree_with_core_where_principles_are_empty_pending_or_alike(pack: str) -> None:
    edition = next(vector.edition for vector in SCORED if vector.pack == pack)

    assert disagreements(edges(edition), DAY) == []


def test_engines_agree_with_core_on_an_edition_without_levels_or_with_unknown_points() -> None:
    unknown = replace(QUARTERS.ratings[1], points=constant("points", None))
    ratings = (QUARTERS.ratings[0], unknown, *QUARTERS.ratings[2:])

    for edition in (with_levels(), replace(QUARTERS, ratings=ratings)):
        assert disagreements(edges(edition), DAY) == []
        assert score_many(edition, codes_of(edges(edition)[0]), as_of=DAY).plan.reasons


def test_engines_agree_with_core_on_the_thresholds_of_the_day() -> None:
    edition = next(vector.edition for vector in SCORED if vector.pack == "dated")
    days = {vector.as_of for vector in SCORED if vector.pack == "dated"}

    assert len(days) > 1
    for day in days | {datetime.date(1990, 1, 1)}:
        assert disagreements(edges(edition), day) == []


@pytest.mark.parametrize("many", [251, 252, 253, 255, 256, 257, 505, 700])
def test_a_principle_has_more_requirements_than_a_byte_can_count(many: int) -> None:
    one = QUARTERS.requirements[0]
    those = tuple(replace(one, id=f"1.1.1.{n + 1}", critical=n == many - 1) for n in range(many))
    edition = replace(QUARTERS, requirements=those)
    rows = [[code] * many for code in range(6)] + [[0] * (many - 1) + [code] for code in range(6)]

    assert disagreements([sheet_of(edition, row) for row in rows], DAY) == []


def test_requirements_of_a_principle_need_not_stand_together() -> None:
    def place(requirement: Requirement) -> tuple[str, str]:
        return requirement.id.rpartition(".")[2], requirement.id

    mixed = replace(QUARTERS, requirements=tuple(sorted(QUARTERS.requirements, key=place)))
    random = Random(7)  # noqa: S311 - a fixed sample
    rows = [[random.choice([0, 0, 1, 2, 3, 4, 5]) for _ in mixed.requirements] for _ in range(300)]

    assert len(plan_of(mixed, as_of=DAY).stretches) > len(mixed.principles)
    assert disagreements([sheet_of(mixed, row) for row in rows], DAY) == []


@pytest.mark.parametrize(
    ("substantially", "fits", "engine"),
    [
        ("3/4", True, "numba"),
        (f"{3 * 10**8 + 1}/{4 * 10**8}", True, "numba"),
        (f"{3 * 10**17 + 1}/{4 * 10**17}", False, "python"),
    ],
)
def test_points_with_many_digits_are_compared_exactly(
    substantially: str, fits: bool, engine: str
) -> None:
    points = ("1", substantially, "1/2", "0")
    ratings = tuple(
        replace(x, points=constant("points", value))
        for x, value in zip(QUARTERS.ratings, points, strict=True)
    )
    levels = (level("A"), level("B", share="3/4"), level("C", share=substantially))
    edition = replace(QUARTERS, ratings=ratings, levels=levels)

    assert (plan_of(edition, as_of=DAY).most < 2**63) is fits
    assert score_many(edition, b"", as_of=DAY, engine="numba").engine == engine
    assert disagreements(edges(edition), DAY) == []


def test_numbers_at_the_edge_of_64_bits_are_still_right() -> None:
    # 15 requirements, 4 of them in each principle but the last: 4 * units * 2 just below 2**63
    units = (2**63 - 1) // 8
    ratings = tuple(
        replace(x, points=constant("points", value))
        for x, value in zip(QUARTERS.ratings, (str(units), "1", "1", "0"), strict=True)
    )
    edition = replace(QUARTERS, ratings=ratings, levels=(level("A", share="1/2"),))

    assert plan_of(edition, as_of=DAY).most < 2**63
    assert disagreements(edges(edition), DAY) == []
    above = replace(ratings[0], points=constant("points", str(units + 1)))
    beyond = replace(edition, ratings=(above, *ratings[1:]))
    assert plan_of(beyond, as_of=DAY).most >= 2**63
    assert disagreements(edges(beyond), DAY) == []
