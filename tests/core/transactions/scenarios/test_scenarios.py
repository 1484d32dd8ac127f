"""What went wrong elsewhere must come out right here: the files of tests/vectors/custody."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from core.transactions.scenarios.desk import Act, Desk
from refusals import refused_by

FOLDER = Path(__file__).resolve().parents[3] / "vectors" / "custody"
FILES = sorted(FOLDER.glob("*.toml"))
NAMED = {
    "tfrs-2508",
    "tfrs-2516",
    "tfrs-2628",
    "tfrs-2867",
    "tfrs-2865",
    "tfrs-2562",
    "tfrs-2895",
    "tfrs-2953",
    "tfrs-2888",
    "gc-53",
    "gc-198",
    "gc-208",
    "lcfs-two-reserves-at-once",
}
EITHER = "one of "


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def orders(scenario: dict[str, Any]) -> list[list[Act]]:
    """The steps as written, and with those that come at once the other way round."""
    steps: list[Act] = scenario["step"]
    at_once = [step for step in steps if step.get("id") in scenario.get("any_order", [])]
    if not at_once:
        return [steps]
    other_way = iter(reversed(at_once))
    return [steps, [next(other_way) if step in at_once else step for step in steps]]


def play(steps: list[Act]) -> None:
    desk = Desk()
    either: dict[str, list[str]] = {}
    for number, act in enumerate(steps):
        verdict = act.get("verdict", "accepted")
        found = refused_by(lambda one=act: getattr(desk, one["do"])(one)) or "accepted"  # type: ignore[misc]  # called at once
        if verdict.startswith(EITHER):
            either.setdefault(verdict.removeprefix(EITHER), []).append(found)
        else:
            assert found == verdict, f"step {number + 1}: {act}"
        desk.check(act)
    for verdicts, seen in either.items():
        assert sorted(seen) == sorted(verdicts.split(", "))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_went_wrong_elsewhere_comes_out_right(path: Path) -> None:
    for steps in orders(read(path)):
        play(steps)


def test_every_failure_that_we_know_by_name_has_its_scenario() -> None:
    stems = [path.stem for path in FILES]

    assert {name for name in NAMED if not any(stem.startswith(name) for stem in stems)} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_says_what_went_wrong_where(path: Path) -> None:
    scenario = read(path)

    assert all(scenario[name] for name in ("title", "source", "went_wrong", "now"))
    entities = {
        step[name]
        for step in scenario["step"]
        for name in ("entity", "seller", "buyer")
        if name in step
    }
    assert all(entity.startswith("Illustrative ") for entity in entities)


def test_of_two_at_once_each_order_is_played() -> None:
    path = FOLDER / "lcfs-two-reserves-at-once.toml"

    first, second = orders(read(path))

    assert first != second
    assert sorted(map(str, first)) == sorted(map(str, second))
