"""What `make run` says when it cannot start: one clear line, exit code 2, nothing written."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run_script(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STANNARY_HOME": str(tmp_path / "home"), **variables}
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "run.py")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_busy_port_is_named_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = _run_script(tmp_path, PORT=str(port))

    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"stannary: port {port} cannot be used (Address already in use). "
        f"Choose another: make run PORT={port + 1}"
    )
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    done = _run_script(tmp_path, PORT=port)

    assert done.returncode == 2
    assert done.stderr.startswith(f"stannary: PORT={port} is not a port.")


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file stands where the folder should be")

    done = _run_script(tmp_path, PORT="18765")

    assert done.returncode == 2
    assert "Set STANNARY_HOME to a folder that you own." in done.stderr


def _copy_of_setup(tmp_path: Path) -> Path:
    copy = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    shutil.copytree(ROOT / "requirements", copy / "requirements")
    shutil.copy(ROOT / "pyproject.toml", copy / "pyproject.toml")
    return copy


def _setup(copy: Path, tier: str = "web", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(copy / "scripts" / "setup.sh"), tier],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_old_python_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    copy = _copy_of_setup(tmp_path)
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo "Python 3.9.2"; exit 0; }\nexit 1\n')
    old.chmod(0o755)

    done = _setup(copy, PYTHON=str(old))

    assert done.returncode == 2
    assert done.stderr == (
        "stannary: Python 3.9.2 is too old. Install Python 3.11 or newer, "
        "or name it: make run PYTHON=/path/to/python3.11\n"
    )
    assert not (copy / ".venv").exists()


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    done = _setup(_copy_of_setup(tmp_path), PYTHON="python-that-is-not-there")

    assert done.returncode == 2
    assert done.stderr.startswith("stannary: Python is missing.")


@pytest.mark.parametrize(
    ("installed", "asked", "installs"),
    [
        ("dev", "web", False),
        ("spark", "dev", False),
        ("dev", "spark", True),
        ("dev", "bench", True),
    ],
)
def test_a_larger_environment_serves_the_smaller_ones_alone(
    tmp_path: Path, installed: str, asked: str, installs: bool
) -> None:
    copy = _copy_of_setup(tmp_path)
    tools = copy / ".venv" / "bin"
    tools.mkdir(parents=True)
    for name in ("uv", "python"):
        (tools / name).write_text('#!/bin/sh\necho "$@" >>"$(dirname "$0")/called"\n')
        (tools / name).chmod(0o755)
    kept = [copy / "requirements" / f"{name}.txt" for name in (installed, "map")]
    content = b"".join(path.read_bytes() for path in (*kept, copy / "pyproject.toml"))
    stamp = f"{installed} {hashlib.sha256(content).hexdigest()}"
    (copy / ".venv" / "stamp").write_text(stamp + "\n")

    assert _setup(copy, tier=asked).returncode == 0

    assert ("pip sync" in (tools / "called").read_text()) == installs
    assert (copy / ".venv" / "stamp").read_text().startswith(asked if installs else installed)


def test_an_unknown_tier_is_named(tmp_path: Path) -> None:
    done = _setup(_copy_of_setup(tmp_path), tier="everything")

    assert done.returncode == 2
    assert (
        done.stderr
        == "stannary: there is no tier 'everything'; use core, web, dev, bench or spark.\n"
    )
