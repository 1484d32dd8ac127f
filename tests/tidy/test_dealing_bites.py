"""Two workers are dealt a planted tree: no test is lost, and none runs more often than it should."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
SETTINGS = """
[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p xdist -q"
pythonpath = ["tests"]
testpaths = ["tests"]
markers = ["untraced: a", "either_database: b", "django_db: c", "hypothesis: d"]
"""
MANY = 6
FILE = f"""import os
import time
from pathlib import Path

import pytest

SEEN = Path(__file__).parents[2] / "seen"


@pytest.fixture(scope="module", autouse=True)
def prepared():
    yield
    with SEEN.open("a") as file:
        file.write("put away\\n")


@pytest.fixture
def live_server():
    return None


def say(name):
    with SEEN.open("a") as file:
        file.write(f"{{name}} {{Path(__file__).parent.name}} {{os.environ['PYTEST_XDIST_WORKER']}}\\n")
    time.sleep(0.002)


@pytest.mark.parametrize("number", range({MANY}))
def test_plain(number):
    say(f"plain-{{number}}")


@pytest.mark.untraced
@pytest.mark.parametrize("number", range({MANY}))
def test_untraced(number):
    say(f"untraced-{{number}}")


@pytest.mark.django_db
def test_database():
    say("database")


@pytest.mark.django_db
@pytest.mark.either_database
@pytest.mark.untraced
@pytest.mark.parametrize("number", range({MANY}))
def test_either(number):
    say(f"either-{{number}}")


@pytest.mark.django_db(transaction=True)
def test_emptied():
    say("emptied")


@pytest.mark.either_database
@pytest.mark.untraced
@pytest.mark.parametrize("number", range({MANY}))
def test_served(live_server, number):
    say(f"served-{{number}}")
"""
FOLDERS = ("cli", "core", "journeys", "web")
TWICE = ("database", "emptied")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run a planted tree on two workers, and give what its tests said, in order."""
    tmp_path = tmp_path_factory.mktemp("dealt")
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    for name in ("conftest.py", "dealing.py"):
        (tmp_path / "tests").mkdir(exist_ok=True)
        shutil.copy(TESTS / name, tmp_path / "tests")
    for folder in FOLDERS:
        (tmp_path / "tests" / folder).mkdir()
        (tmp_path / "tests" / folder / f"test_{folder}.py").write_text(FILE)
    ours = ("COV", "PYTEST", "DJANGO", "STANNARY")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "each"],
        cwd=tmp_path,
        env={
            **environment,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "STANNARY_TEST_BOTH": "1",
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert not list(tmp_path.glob("stannary-taken-*"))
    return (tmp_path / "seen").read_text().splitlines()


def test_tests_of_a_database_run_on_both_workers_and_all_others_once(said: list[str]) -> None:
    runs = Counter(line.rpartition(" ")[0] for line in said if line != "put away")
    shared = [
        f"{name}-{n}" for name in ("plain", "untraced", "either", "served") for n in range(MANY)
    ]
    expected = {
        **{f"{name} {folder}": 2 for name in TWICE for folder in FOLDERS},
        **{f"{name} {folder}": 1 for name in shared for folder in FOLDERS},
    }

    assert runs == expected
    both = {line for line in said if line.startswith(TWICE)}
    assert len(both) == 2 * len(TWICE) * len(FOLDERS)


def test_tests_that_empty_the_database_come_after_those_that_leave_it(said: list[str]) -> None:
    for worker in ("gw0", "gw1"):
        mine = [line.split("-")[0].split()[0] for line in said if line.endswith(worker)]
        leaving = [place for place, name in enumerate(mine) if name in ("database", "either")]
        emptying = [place for place, name in enumerate(mine) if name in ("emptied", "served")]
        assert max(leaving) < min(emptying)


def test_what_a_file_prepared_is_put_away_where_the_other_worker_took_the_rest(
    said: list[str],
) -> None:
    # each file is entered several times by each worker, for its tests run in several turns
    assert said.count("put away") >= 2 * len(FOLDERS)
