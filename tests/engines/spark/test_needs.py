"""What the engine `spark` needs, and what it says when something is missing or nobody answers."""

import importlib.util
import socket
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from stannary.core.kernel import RefusalError
from stannary.engines.spark import cluster, missing, session


def told(master: str = "local[*]") -> dict[str, object]:
    with pytest.raises(RefusalError) as caught, session(master):
        pass
    return caught.value.findings[0].as_dict()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Packages that seem to be installed; a test takes some away."""
    names = {"pyspark", "pandas", "pyarrow", "numba"}

    def find(name: str) -> ModuleSpec | None:
        return ModuleSpec(name, None) if name in names else None

    monkeypatch.setattr(importlib.util, "find_spec", find)
    return names


@pytest.fixture
def java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Java that only tells its version; a test writes which."""
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    path = tmp_path / "bin" / "java"
    path.parent.mkdir()
    says(path, 'openjdk version "17.0.15" 2025-04-15')
    return path


def says(path: Path, words: str) -> None:
    path.write_text(f"#!/bin/sh\necho '{words}' >&2\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ('java version "1.8.0_402"', "Java 17 or newer, here is Java 8"),
        ('openjdk version "16.0.2" 2021-07-20', "Java 17 or newer, here is Java 16"),
        ('openjdk version "17" 2021-09-14', ""),
        ('openjdk version "18.0.1" 2022-04-19', ""),
        ("nothing", "Java 17 or newer"),
    ],
)
def test_java_of_seventeen_or_newer_is_needed(
    installed: set[str], java: Path, words: str, lacking: str
) -> None:
    says(java, words)

    assert missing() == lacking


def test_a_java_that_is_not_there_is_missing(
    installed: set[str], java: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java.unlink()
    assert missing() == "Java 17 or newer"
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(java.parent))
    assert missing() == "Java 17 or newer"
    says(java, 'openjdk version "21.0.2" 2024-01-16')
    assert missing() == ""


def test_a_package_that_is_missing_is_named_with_what_to_do(
    installed: set[str], java: Path
) -> None:
    installed.remove("pyspark")

    finding = told()

    assert finding["code"] == "TRACE-003"
    assert finding["facts"] == {"engine": "spark", "missing": "the package pyspark"}
    assert finding["remedy"] == (
        "Use --engine exact or --engine arrays, or install what is missing: the extra spark, and "
        "Java 17 or newer."
    )


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine on which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_cluster_that_does_not_answer_is_refused(
    installed: set[str], java: Path, port: int
) -> None:
    finding = told(f"spark://127.0.0.1:{port}")

    assert finding["code"] == "ENGINE-006"
    assert finding["facts"] == {
        "master": f"spark://127.0.0.1:{port}",
        "reason": "Connection refused",
    }


def test_a_master_that_listens_answers_and_others_are_left_to_spark() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert cluster._answers(f"spark://127.0.0.1:{server.getsockname()[1]}")
    assert not cluster._answers("yarn")
    assert not cluster._answers("spark://one:7077,two:7077")
