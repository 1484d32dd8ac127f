"""`pip install .` without the web extra gives a working `stannary`, without Django."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".venv" / "bin" / "uv"


@pytest.fixture(scope="module")
def stannary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the locked core packages and this project, built as a wheel."""
    folder = tmp_path_factory.mktemp("core") / "env"
    environment = {**os.environ, "VIRTUAL_ENV": str(folder)}
    for arguments in (
        ["venv", "-q", str(folder)],
        ["pip", "sync", "-q", "--require-hashes", str(ROOT / "requirements" / "core.txt")],
        ["pip", "install", "-q", "--no-deps", str(ROOT)],
    ):
        subprocess.run(
            [str(UV), *arguments], env=environment, check=True, timeout=240, cwd=folder.parent
        )
    return folder / "bin" / "stannary"


def _call(stannary: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(stannary), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=stannary.parent,
    )


def test_the_core_tier_has_no_web_framework(stannary: Path) -> None:
    done = subprocess.run(
        [str(stannary.parent / "python"), "-c", "import django"],
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1


def test_every_command_answers_for_its_help(stannary: Path) -> None:
    for command in ("score", "balance", "trace", "verify", "standards"):
        done = _call(stannary, command, "--help")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"usage: stannary {command}")


def test_balance_and_trace_work_on_the_demonstration_file(stannary: Path) -> None:
    movements = str(ROOT / "src" / "stannary" / "data" / "demo" / "lithium_movements.csv")

    balance = _call(stannary, "balance", movements, "--json")
    trace = _call(stannary, "trace", "L-2041", "--movements", movements, "--json")

    assert balance.returncode == 0, balance.stderr
    assert json.loads(balance.stdout)["findings"] == []
    assert trace.returncode == 0, trace.stderr
    origins = {origin["site"]: origin["share"] for origin in json.loads(trace.stdout)["origins"]}
    assert origins == {
        "example-south-mine": "0.500000000000",
        "example-north-mine": "0.375000000000",
    }


def test_score_works_with_a_shipped_standard(stannary: Path, tmp_path: Path) -> None:
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("requirement,rating\n1.1.1.1,fully\n")

    done = _call(
        stannary, "score", str(ratings), "--standard", "stannary/open-mining/0.1", "--json"
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["level"]["state"] == "pending"
