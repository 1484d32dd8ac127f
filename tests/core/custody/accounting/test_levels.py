"""Which level counts, in a mix and when it changes after the material left."""

from fractions import Fraction

import pytest

from core.custody.accounting.made_up import NORTH, SOUTH, day, under
from refusals import refused_by
from stannary.core.custody import (
    Basis,
    LevelChange,
    LevelHistory,
    Source,
    SourceKind,
    basis_of,
    counting_level,
    effect_of,
    level_of_mix,
    levels_of,
    share_at_level,
)

RANKED = ("OPEN-0", "OPEN-50", "OPEN-75")
HISTORY = LevelHistory(
    "urn:north",
    (
        LevelChange(day("2026-01-05"), "OPEN-75", "achieved"),
        LevelChange(day("2026-06-01"), None, "suspended"),
    ),
)
SOUTHERN = LevelHistory("urn:south", (LevelChange(day("2026-01-01"), "OPEN-50", "achieved"),))
HISTORIES = {one.attestation: one for one in (HISTORY, SOUTHERN)}


def level(source: Source, basis: Basis = Basis.PRODUCED_ON, on: str = "2026-07-01") -> str | None:
    return counting_level(source, HISTORIES, basis=basis, claimed_on=day(on), excluded=("OPEN-0",))


@pytest.mark.parametrize(
    ("produced_on", "expected"),
    [
        ("2026-01-04", None),
        ("2026-01-05", "OPEN-75"),
        ("2026-05-31", "OPEN-75"),
        ("2026-06-01", None),
    ],
)
def test_the_level_on_the_day_of_production_counts(produced_on: str, expected: str | None) -> None:
    assert level(NORTH._replace(produced_on=day(produced_on))) == expected


@pytest.mark.parametrize(
    ("claimed_on", "expected"),
    [("2026-05-31", "OPEN-75"), ("2026-06-01", None), ("2026-06-02", None)],
)
def test_the_level_on_the_day_of_the_claim_counts_where_a_pack_says_so(
    claimed_on: str, expected: str | None
) -> None:
    assert level(NORTH, Basis.IN_FORCE_WHEN_CLAIMED, claimed_on) == expected


def test_an_excluded_level_an_unknown_attestation_and_scrap_count_for_nothing() -> None:
    low = {"urn:north": LevelHistory("urn:north", (LevelChange(day("2026-01-01"), "OPEN-0", "x"),))}

    def count(source: Source, *excluded: str) -> str | None:
        return counting_level(
            source, low, basis=Basis.PRODUCED_ON, claimed_on=day("2026-07-01"), excluded=excluded
        )

    assert (count(NORTH), count(NORTH, "OPEN-0"), count(SOUTH)) == ("OPEN-0", None, None)
    assert count(NORTH._replace(kind=SourceKind.RECYCLED)) is None


def test_the_pack_says_which_day_decides() -> None:
    assert basis_of(under()) is Basis.PRODUCED_ON
    assert refused_by(lambda: basis_of(under(attestation_basis=None))) == "CUSTODY-070"
    assert refused_by(lambda: basis_of(under(attestation_basis="today"))) == "CUSTODY-071"


def test_amounts_add_up_by_level() -> None:
    late = NORTH._replace(produced_on=day("2026-06-01"))

    assert levels_of({NORTH: 3, SOUTH: 4, late: 5}, level) == {"OPEN-75": 3, "OPEN-50": 4, None: 5}


@pytest.mark.parametrize(
    ("shares", "each", "lowest"),
    [
        ({"OPEN-75": 100}, "OPEN-75", "OPEN-75"),
        ({"OPEN-75": 99, "OPEN-50": 1}, None, "OPEN-50"),
        ({"OPEN-75": 99}, None, None),
        ({"OPEN-75": 99, None: 1}, None, None),
        ({"OPEN-75": 100, "OPEN-50": 0}, "OPEN-75", "OPEN-75"),
        ({"OTHER": 100}, None, None),
        ({}, None, None),
    ],
)
def test_a_mix_has_a_level_as_the_pack_says(
    shares: dict[str | None, int], each: str | None, lowest: str | None
) -> None:
    assert level_of_mix(shares, 100, RANKED, under(level_of_mix="each_origin")) == each
    assert level_of_mix(shares, 100, RANKED, under(level_of_mix="lowest")) == lowest


def test_which_level_a_mix_has_is_not_assumed() -> None:
    assert (
        refused_by(lambda: level_of_mix({}, 1, RANKED, under(level_of_mix=None))) == "CUSTODY-070"
    )


@pytest.mark.parametrize(
    ("wanted", "share"), [("OPEN-50", "0.7"), ("OPEN-75", "0.3"), ("OPEN-100", "0")]
)
def test_a_share_counts_what_is_at_the_level_or_better(wanted: str, share: str) -> None:
    found = share_at_level({NORTH: 3, SOUTH: 4}, 10, level, wanted, RANKED)

    assert found == Fraction(share)


SUSPENDED = LevelChange(day("2026-03-01"), None, "suspended")
BEFORE = LevelHistory("urn:north", HISTORY.changes[:1])
HELD = {
    "L1": {NORTH: 10, SOUTH: 5},
    "L2": {NORTH._replace(produced_on=day("2026-03-01")): 7},
    "L3": {SOUTH: 1},
}


def test_a_suspension_leaves_what_was_produced_before_it_where_that_day_decides() -> None:
    first, second = effect_of(SUSPENDED, BEFORE, HELD, Basis.PRODUCED_ON)

    assert (first.holds, first.before, first.after, first.counts_as_before) == (
        "L1",
        "OPEN-75",
        "OPEN-75",
        True,
    )
    assert first.finding is None
    assert (second.holds, second.amount_mg, second.before, second.after) == (
        "L2",
        7,
        "OPEN-75",
        None,
    )


def test_a_suspension_reaches_everything_where_the_day_of_the_claim_decides() -> None:
    effects = effect_of(SUSPENDED, BEFORE, HELD, Basis.IN_FORCE_WHEN_CLAIMED)

    assert [(one.holds, one.amount_mg) for one in effects] == [("L1", 10), ("L2", 7)]
    finding = effects[0].finding
    assert finding is not None
    assert finding.message == (
        "CUSTODY-094: The level that counts for material is the one that was relied on when it was "
        "made. Here: holds=L1, site=north, attestation=urn:north, produced_on=2026-01-05, "
        "amount=10 mg, before=OPEN-75, after=none, since=2026-03-01, why=suspended, "
        "basis=in_force_when_claimed. Tell whoever holds the material, and say from now on only what "
        "still counts."
    )


def test_a_level_that_is_reached_later_lifts_what_had_none() -> None:
    reached = LevelChange(day("2026-01-05"), "OPEN-50", "achieved")
    (only,) = effect_of(
        reached, LevelHistory("urn:north", ()), {"C1": {NORTH: 1}}, Basis.PRODUCED_ON
    )

    assert (only.before, only.after) == (None, "OPEN-50")
    ended = LevelChange(day("2026-01-01"), None, "withdrawn")
    (none,) = effect_of(ended, LevelHistory("urn:north", ()), {"C1": {NORTH: 1}}, Basis.PRODUCED_ON)
    assert none.counts_as_before
