"""The base map is land without borders, small, and pale by day and dark by night."""

import importlib.util
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "build_map.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_map", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WEST = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)]
EAST = [(10.0, 0.0), (10.0, 10.0), (20.0, 10.0), (20.0, 0.0), (10.0, 0.0)]


def test_two_countries_become_one_land_without_the_border_between(script: ModuleType) -> None:
    (land,) = script.without_borders([WEST, EAST])

    edges = set(pairwise(land))
    assert ((10.0, 10.0), (10.0, 0.0)) not in edges
    assert ((10.0, 0.0), (10.0, 10.0)) not in edges
    assert len(edges) == 6
    assert land[0] == land[-1]


def test_islands_stay_apart(script: ModuleType) -> None:
    far = [(x + 50, y) for x, y in WEST]

    assert len(script.without_borders([WEST, far])) == 2


def test_the_far_south_and_what_is_too_small_to_see_are_left_out(script: ModuleType) -> None:
    south = [(x, y - 80) for x, y in WEST]
    tiny = [(x / 200, y / 200) for x, y in WEST]

    assert script.path_of(south) == ""
    assert script.path_of(tiny) == ""
    assert script.path_of(WEST).startswith("M")


def test_the_drawing_is_one_path_with_both_looks_and_no_script(script: ModuleType) -> None:
    drawing = script.drawing([WEST])

    assert drawing.count("<path") == 1
    assert "prefers-color-scheme:dark" in drawing
    assert "<script" not in drawing


def test_a_map_that_is_there_is_left_as_it_is(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANNARY_HOME", str(tmp_path))
    target = tmp_path / "assets" / "stannary" / "world.svg"
    target.parent.mkdir(parents=True)
    target.write_text("<svg/>")

    assert script.main() == 0
    assert target.read_text() == "<svg/>"
