"""The guard of coverage is shown trees that it must accept, and trees that it must not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PYTEST = """
[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p _hypothesis_pytestplugin -p xdist"
testpaths = ["tests"]
pythonpath = ["src"]
markers = ["untraced: is not run while lines are traced"]
"""

CORE = """from typing import Protocol


class Scale(Protocol):
    def weigh(self) -> int:
        return 0


def heavy(mass_mg):
    answer = "light"
    if mass_mg > 5:
        answer = "heavy"
    return answer
"""
BOTH_WAYS = """from stannary.core import lots


def test_a_lot_is_heavy_or_light():
    assert (lots.heavy(6), lots.heavy(5)) == ("heavy", "light")
"""
ONE_WAY = """from stannary.core import lots


def test_a_lot_is_heavy():
    assert lots.heavy(6) == "heavy"
"""
ONE_WAY_UNTRACED = f"""import pytest
{ONE_WAY}

@pytest.mark.untraced
def test_a_lot_is_light():
    assert lots.heavy(5) == "light"
"""
ONE_WAY_RANDOM = f"""from hypothesis import given, strategies as st
{ONE_WAY}

@given(st.just(5))
def test_a_lot_is_light(mass_mg):
    assert lots.heavy(mass_mg) == "light"
"""
RANDOM_FIRST = f"""from hypothesis import given, strategies as st
from stannary.core import lots


@given(st.integers(5, 6))
def test_a_lot_is_something(mass_mg):
    assert lots.heavy(mass_mg)


{BOTH_WAYS}"""
WRONG = ONE_WAY.replace("lots.heavy(6)", "lots.heavy(5)")

# five questions have ten branches
WEB = "def act(*said):\n" + "".join(
    f"    if said[{n}]:\n        said = (*said, {n})\n" for n in range(5)
)
REACHES = """from stannary.web import views


def test_acts():
    views.act(1, 1, 1, 1, 1)
    views.act({})
"""
NINE_OF_TEN = REACHES.format("0, 0, 0, 0, 1")
EIGHT_OF_TEN = REACHES.format("0, 0, 0, 1, 1")

SOUND = {
    "src/stannary/__init__.py": "",
    "src/stannary/core/lots.py": CORE,
    "tests/core/test_lots.py": BOTH_WAYS,
    "src/stannary/web/views.py": WEB,
    "tests/web/test_views.py": NINE_OF_TEN,
}
FIGURES = "coverage core: {} of lines, {} of branches; web: {} of lines, {} of branches"


SUITE = ("-m", "pytest", "-p", "scripts.covered", "-q")
COMMAND = ("scripts/covered.py",)


def run(
    root: Path, change: dict[str, str], *how: str, covered: str | None = None
) -> tuple[int, list[str]]:
    """Plant a tree with our own guard and our own settings of SlipCover, and run the tests there."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    begin = settings.index("[tool.slipcover]")
    end = settings.index("[tool.importlinter]", begin)
    planted = {**SOUND, "pyproject.toml": settings[begin:end] + PYTEST, **change}
    for name, text in planted.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "covered.py", root / "scripts")
    ours = ("COV", "PYTEST", "DJANGO", "STANNARY")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"STANNARY_COVERED": covered} if covered else {}
    done = subprocess.run(
        [sys.executable, *how],
        cwd=root,
        env={**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout.splitlines()


def judged(
    root: Path, change: dict[str, str], *how: str, covered: str | None = None
) -> tuple[int, list[str]]:
    """Give how the run ended, and what it said of coverage before its summary."""
    code, lines = run(root, change, *(how or SUITE), covered=covered)
    begin = next(n for n, line in enumerate(lines) if line.startswith("coverage"))
    assert " passed" in lines[-1]
    return code, lines[begin:-1]


@pytest.mark.parametrize("how", [SUITE, COMMAND, (*SUITE, "-n", "2")], ids=lambda how: how[-1])
def test_all_of_core_and_nine_tenths_of_the_web_are_enough(
    tmp_path: Path, how: tuple[str, ...]
) -> None:
    # the body of a Protocol counts for nothing; the web is at its threshold exactly
    figures = FIGURES.format("100.0 %", "100.0 %", "100.0 %", "90.0 %")
    assert judged(tmp_path, {}, *how) == (0, [figures])


def test_what_counts_runs_before_what_does_not(tmp_path: Path) -> None:
    figures = FIGURES.format("100.0 %", "100.0 %", "100.0 %", "90.0 %")
    change = {"tests/core/test_lots.py": RANDOM_FIRST}
    assert judged(tmp_path, change) == (0, [figures])


LIGHT_IS_NOT_REACHED = (
    1,
    [
        FIGURES.format("100.0 %", "50.0 %", "100.0 %", "90.0 %"),
        "  core: 50.0 % of branches are reached, 100.0 % are needed",
        "  src/stannary/core/lots.py: from 11 to 13",
    ],
)


@pytest.mark.parametrize(
    "tests",
    [ONE_WAY, ONE_WAY_UNTRACED, ONE_WAY_RANDOM],
    ids=["no test", "untraced test", "random test"],
)
@pytest.mark.parametrize("how", [SUITE, COMMAND], ids=lambda how: how[-1])
def test_a_branch_of_core_that_no_traced_test_takes_is_named(
    tmp_path: Path, tests: str, how: tuple[str, ...]
) -> None:
    change = {"tests/core/test_lots.py": tests}
    assert judged(tmp_path, change, *how) == LIGHT_IS_NOT_REACHED


@pytest.mark.parametrize("how", [SUITE, (*SUITE, "-n", "2")], ids=["alone", "two"])
def test_a_branch_of_core_that_only_tests_of_other_folders_take_is_named(
    tmp_path: Path, how: tuple[str, ...]
) -> None:
    change = {
        "tests/core/test_lots.py": ONE_WAY,
        "tests/cli/test_lots.py": BOTH_WAYS,
        "tests/web/test_lots.py": BOTH_WAYS,
    }
    assert judged(tmp_path, change, *how) == LIGHT_IS_NOT_REACHED


@pytest.mark.parametrize("how", [SUITE, (*SUITE, "-n", "2")], ids=["alone", "two"])
def test_what_is_reached_while_other_folders_are_collected_does_not_count(
    tmp_path: Path, how: tuple[str, ...]
) -> None:
    light = "from stannary.core import lots\n\nLIGHT = lots.heavy(5)\n"
    change = {"tests/core/test_lots.py": ONE_WAY, "tests/cli/test_lots.py": light}

    code, said = judged(tmp_path, change, *how)

    assert code == 1
    assert said[-1].startswith("  src/stannary/core/lots.py: ")
    assert said[-1].endswith("line 13")


def test_one_folder_may_be_judged_alone(tmp_path: Path) -> None:
    change = {"tests/core/test_lots.py": ONE_WAY, "tests/web/test_lots.py": BOTH_WAYS}
    figures = FIGURES.partition("; ")[2].format("100.0 %", "90.0 %")

    assert judged(tmp_path, change, *SUITE, covered="web") == (0, [f"coverage {figures}"])


def test_a_module_of_core_that_nothing_imports_counts(tmp_path: Path) -> None:
    code, said = judged(tmp_path, {"src/stannary/core/late/late.py": "X = 1\n"})

    assert code == 1
    assert said[-1] == "  src/stannary/core/late/late.py: line 1"


def test_a_module_of_core_that_only_tests_of_another_folder_import_counts(tmp_path: Path) -> None:
    late = {
        "src/stannary/core/late.py": "X = 1\n",
        "tests/cli/test_late.py": "from stannary.core import late\n\ndef test_it(): assert late.X\n",
    }
    code, said = judged(tmp_path, late)

    assert code == 1
    assert said[-1] == "  src/stannary/core/late.py: line 1"


def test_eight_tenths_of_the_branches_of_the_web_are_not_enough(tmp_path: Path) -> None:
    code, said = judged(tmp_path, {"tests/web/test_views.py": EIGHT_OF_TEN})

    assert code == 1
    assert said[1:] == [
        "  web: 80.0 % of branches are reached, 90.0 % are needed",
        "  src/stannary/web/views.py: from 8 to 10, from 10 out of the function",
    ]


def test_nothing_measured_is_not_enough(tmp_path: Path) -> None:
    empty = {"src/stannary/core/lots.py": "", "tests/core/test_lots.py": "def test_it(): pass\n"}
    code, said = judged(tmp_path, empty)

    assert (code, said[1:]) == (1, ["  core: nothing was measured"])


def test_a_test_that_fails_leaves_nothing_to_judge(tmp_path: Path) -> None:
    code, said = judged(tmp_path, {"tests/core/test_lots.py": WRONG})

    assert code == 1
    assert "coverage: not every test passed, so nothing is judged" in said
