"""What may be given to the engines, what is refused, and which engine is taken."""

import ast
import sys
from array import array
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.scores.letters import DAY, QUARTERS, constant, level, with_levels
from engines.scoring.agreement import ENGINES, of_engine
from refusals import refused_by
from stannary.core.kernel import RefusalError
from stannary.core.scores import LevelOutcome
from stannary.core.standards import Rating
from stannary.engines.scoring import CODES, NO_LEVEL, EngineName, score_many

WIDTH = len(QUARTERS.requirements)
SOURCE = Path(__file__).resolve().parents[3] / "src" / "stannary" / "engines" / "scoring"


def code_of(ratings: Any, engine: EngineName | None = None) -> str | None:
    return refused_by(lambda: score_many(QUARTERS, ratings, as_of=DAY, engine=engine))


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make packages look as if they were not installed."""

    def hide(*packages: str) -> None:
        for package in packages:
            monkeypatch.setitem(sys.modules, package, None)

    return hide


def test_codes_are_those_of_the_contract() -> None:
    assert {rating.value: code for rating, code in CODES.items()} == {
        "fully": 0,
        "substantially": 1,
        "partially": 2,
        "not_met": 3,
        "not_relevant": 4,
        "pending": 5,
    }
    assert len(CODES) == len(Rating)


@pytest.mark.parametrize("engine", ENGINES)
def test_ratings_may_lie_in_memory_in_any_way(engine: EngineName) -> None:
    random = np.random.default_rng(3)
    table = random.integers(0, 6, (50, WIDTH), np.uint8)
    wide = np.zeros((100, WIDTH * 2), np.uint8)
    wide[::2, ::2] = table
    ways: list[Any] = [
        table,
        np.asfortranarray(table),
        wide[::2, ::2],
        np.asfortranarray(wide)[::2, ::2],
        np.asfortranarray(np.vstack([table, table]))[:50],
        table[::-1][::-1],
        table.tobytes(),
        bytearray(table.tobytes()),
        array("B", table.tobytes()),
        memoryview(table.data),
        memoryview(table.tobytes()),
    ]
    told = [score_many(QUARTERS, way, as_of=DAY, engine=engine) for way in ways]
    first = [of_engine(told[0], n) for n in range(50)]

    assert [[of_engine(scores, n) for n in range(50)] for scores in told] == [first] * len(ways)
    assert [len(scores) for scores in told] == [50] * len(ways)
    assert list(told[0].levels()) == [x["level"] for x in first]


@pytest.mark.parametrize("engine", ENGINES)
def test_blocks_do_not_show(engine: EngineName) -> None:
    rows = np.zeros((3, WIDTH), np.uint8)
    rows[1], rows[2, 0] = 5, 3
    table = np.asfortranarray(np.tile(rows, (3000, 1)))

    scores = score_many(QUARTERS, table, as_of=DAY, engine=engine)

    few = score_many(QUARTERS, rows, as_of=DAY, engine="python")
    for name in ("floor", "ceiling", "given", "possible", "pending", "not_relevant"):
        wanted = np.tile(np.array(getattr(few, name)), (3000,) + (1,) * (name[0] in "gpn"))
        assert (np.array(getattr(scores, name)) == wanted).all(), name


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("ratings", [b"", np.zeros((0, WIDTH), np.uint8)])
def test_no_assessments_give_no_scores(engine: EngineName, ratings: Any) -> None:
    scores = score_many(QUARTERS, ratings, as_of=DAY, engine=engine)

    assert (len(scores), list(scores.levels()), scores.engine) == (0, [], engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_assessment_in_which_nothing_is_relevant_has_no_level_and_no_share(
    engine: EngineName,
) -> None:
    scores = score_many(QUARTERS, bytes([4] * WIDTH), as_of=DAY, engine=engine)

    assert scores.level(0) == LevelOutcome(code=None, state="none")
    assert (scores.floor[0], scores.ceiling[0]) == (NO_LEVEL, NO_LEVEL)
    assert scores.share(0, principle=0) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_an_edition_without_requirements_gives_no_level(engine: EngineName) -> None:
    empty = with_levels(level("A"))
    object.__setattr__(empty, "requirements", ())

    scores = score_many(empty, np.zeros((2, 0), np.uint8), as_of=DAY, engine=engine)

    assert [scores.level(n).state for n in range(2)] == ["none", "none"]
    assert len(score_many(empty, b"", as_of=DAY, engine=engine)) == 0
    assert refused_by(lambda: score_many(empty, b"1", as_of=DAY)) == "ENGINE-001"


@pytest.mark.parametrize(
    "ratings",
    [
        bytes(WIDTH - 1),
        bytes(WIDTH + 1),
        np.zeros((3, WIDTH + 1), np.uint8),
        np.zeros((WIDTH, 3), np.uint8),
        np.zeros((1, 1, WIDTH), np.uint8),
        np.zeros((1, WIDTH), np.int8),
        np.zeros((1, WIDTH), np.int64),
        np.zeros((1, WIDTH), np.float64),
        np.zeros((1, WIDTH), bool),
        np.zeros((1, WIDTH), "datetime64[D]"),
        np.zeros((1, WIDTH), object),
        array("d", [0.0] * WIDTH),
        "0" * WIDTH,
        [0] * WIDTH,
        [[0] * WIDTH],
        None,
    ],
)
def test_what_is_no_table_of_bytes_as_wide_as_the_edition_is_refused_by_engine_001(
    ratings: Any,
) -> None:
    assert {code_of(ratings, engine) for engine in ENGINES} == {"ENGINE-001"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("code", [6, 7, 127, 128, 254, 255])
@pytest.mark.parametrize("row", [0, 2_048, 24_575, 24_576])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_unknown_code_is_refused_by_engine_002_with_its_place(
    engine: EngineName, code: int, row: int, order: Any
) -> None:
    table = np.zeros((25_000, WIDTH), np.uint8, order=order)
    table[row, 1] = code
    table[24_999, WIDTH - 1] = 9

    with pytest.raises(RefusalError) as caught:
        score_many(QUARTERS, table, as_of=DAY, engine=engine)

    (finding,) = caught.value.findings
    assert finding.code == "ENGINE-002"
    assert finding.facts == {
        "assessment": str(row),
        "requirement": QUARTERS.requirements[1].id,
        "code": str(code),
    }


def test_the_highest_code_that_is_known_is_five() -> None:
    assert {code_of(bytes([5] * WIDTH), engine) for engine in ENGINES} == {None}
    assert {code_of(bytes([6] * WIDTH), engine) for engine in ENGINES} == {"ENGINE-002"}


def test_the_fastest_engine_that_is_installed_is_taken(without: Any) -> None:
    assert score_many(QUARTERS, b"", as_of=DAY).engine == "numba"
    without("numba")
    assert score_many(QUARTERS, b"", as_of=DAY).engine == "numpy"
    without("numpy")
    assert score_many(QUARTERS, bytes(WIDTH), as_of=DAY).engine == "python"


def test_an_engine_that_is_not_installed_or_not_known_is_refused_by_engine_003(
    without: Any,
) -> None:
    without("numba", "numpy")
    assert code_of(b"", "numba") == "ENGINE-003"
    assert code_of(b"", "numpy") == "ENGINE-003"
    assert code_of(b"", "python") is None
    unknown: Any = "abacus"
    assert code_of(b"", unknown) == "ENGINE-003"


def test_a_constant_of_the_wrong_kind_is_refused_as_by_core() -> None:
    edition = with_levels(level("A", critical="splendid"))

    assert refused_by(lambda: score_many(edition, b"", as_of=DAY)) == "KERNEL-004"


def test_an_unknown_constant_is_a_reason_and_no_refusal() -> None:
    edition = with_levels(level("A"), level("B", share="1/2"))
    object.__setattr__(edition.levels[1], "min_principle_share", constant("x", None))

    scores = score_many(edition, bytes(WIDTH), as_of=DAY)

    assert [reason.code for reason in scores.plan.reasons] == ["SCORE-002"]
    assert scores.level(0) == LevelOutcome(code=None, state="none")


def test_scoring_makes_no_float() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not isinstance(node, ast.Div), path
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Name) and node.id == "float"), path
            assert not (isinstance(node, ast.Attribute) and node.attr.startswith("float")), path
