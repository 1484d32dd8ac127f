"""The samples are what their script makes, but for the keys, which exist only while it runs."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "docs" / "samples"
NAMES = ("L-2041.claim.json", "did.json", "log.vkey")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    specification = importlib.util.spec_from_file_location(
        "samples", ROOT / "scripts" / "samples.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    module.write(tmp_path)
    return tmp_path


def _content(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / NAMES[0]).read_text(encoding="utf-8"))
    return content


def test_the_committed_samples_say_what_the_script_says_today(made: Path) -> None:
    fresh, committed = _content(made), _content(SAMPLES)

    for part in ("type", "movements", "achievements", "results"):
        assert committed[part] == fresh[part], "call .venv/bin/python scripts/samples.py"


def test_each_call_uses_keys_of_its_own(made: Path) -> None:
    for name in NAMES:
        assert (made / name).read_bytes() != (SAMPLES / name).read_bytes()


def test_no_private_key_is_in_the_samples(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir()) == sorted(NAMES)
    for name in ("did.json", "L-2041.claim.json"):
        assert '"d":' not in (SAMPLES / name).read_text(encoding="utf-8")
