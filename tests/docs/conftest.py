"""A copy of the checkout in which documents are replayed, so that they may change files."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("src", "docs")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the documents speak of into a fresh repository; what is compiled stays compiled."""
    folder = tmp_path / "stannary"
    for part in COPIED:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.mo"))
    for arguments in (
        ["init", "-q"],
        ["add", "src/stannary/data", "docs"],
        [
            "-c",
            "user.name=Reader",
            "-c",
            "user.email=reader@example.org",
            "commit",
            "-q",
            "-m",
            "Copy",
        ],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)
    return folder
