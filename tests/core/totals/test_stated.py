"""A total as it stands in the log."""

import json
from dataclasses import replace

import pytest

from core.totals.trees import made
from stannary.core.kernel import MASS_MAX_MG
from stannary.core.totals import Total, check_total, entry_of_total, total_of_entry

TOTAL, _ = made(gone_mg=5)


def codes(total: Total) -> list[str]:
    return [finding.code for finding in check_total(total)]


def test_an_entry_reads_back_and_is_canonical() -> None:
    entry = entry_of_total(TOTAL)

    assert total_of_entry(entry) == TOTAL
    assert entry.startswith(b'{"day":"2026-11-21","held_mg":"17300000000","leaves":"64","mine":')
    assert (TOTAL.depth, TOTAL.gone_mg) == (6, 5)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "stannary/mine-total/2"},
        {"type": "stannary/claim/1"},
        {"root": "AB" * 32},
        {"root": "ab" * 31},
        {"day": "2026-02-30"},
        {"day": "20261121"},
        {"total_mg": "1.5"},
        {"total_mg": "010"},
        {"total_mg": "-0"},
        {"total_mg": 10},
        {"mine": 7},
        {"mine": "\ud800"},
        {"more": "x"},
        {"leaves": None},
    ],
)
def test_what_is_written_otherwise_is_no_total(change: dict[str, object]) -> None:
    said = {**json.loads(entry_of_total(TOTAL)), **change}
    text = json.dumps(
        {key: said[key] for key in sorted(said) if said[key] is not None}, separators=(",", ":")
    )

    assert total_of_entry(text.encode()) is None


@pytest.mark.parametrize("entry", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"type":"x"}'])
def test_what_is_no_entry_of_ours_is_no_total(entry: bytes) -> None:
    assert total_of_entry(entry) is None


@pytest.mark.parametrize(("gone_mg", "expected"), [(-1, ["TOTAL-008"]), (0, []), (1, [])])
def test_a_total_is_at_most_what_was_produced(gone_mg: int, expected: list[str]) -> None:
    total = replace(TOTAL, produced_mg=TOTAL.total_mg + gone_mg)

    assert codes(total) == expected


@pytest.mark.parametrize(("more", "expected"), [(-1, ["TOTAL-008"]), (0, []), (1, ["TOTAL-008"])])
def test_a_total_is_what_is_held_and_under_way(more: int, expected: list[str]) -> None:
    assert codes(replace(TOTAL, held_mg=TOTAL.held_mg + more)) == expected


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        (32, ["TOTAL-003"]),
        (63, ["TOTAL-003"]),
        (64, []),
        (65, ["TOTAL-003"]),
        (2**20, []),
        (2**21, ["TOTAL-003"]),
    ],
)
def test_the_number_of_leaves_is_a_power_of_two_within_bounds(
    leaves: int, expected: list[str]
) -> None:
    assert codes(replace(TOTAL, leaves=leaves)) == expected


@pytest.mark.parametrize(
    ("produced_mg", "expected"), [(MASS_MAX_MG, []), (MASS_MAX_MG + 1, ["TOTAL-002"])]
)
def test_what_was_produced_is_within_bounds(produced_mg: int, expected: list[str]) -> None:
    assert codes(replace(TOTAL, produced_mg=produced_mg)) == expected


def test_a_negative_part_is_told_even_where_the_sum_is_right() -> None:
    more = TOTAL.total_mg + 1
    entry = entry_of_total(replace(TOTAL, held_mg=more, under_way_mg=-1))
    found = total_of_entry(entry)

    assert found is not None
    assert codes(found) == ["TOTAL-001"]


def test_what_does_not_add_up_is_told_with_its_figures() -> None:
    (finding,) = check_total(replace(TOTAL, produced_mg=1))

    assert finding.message == (
        "TOTAL-008: A total is what is held and what is under way, and at most what the mine "
        "produced. Here: total_mg=18000000001, held_mg=17300000000, under_way_mg=700000001, "
        "produced_mg=1. Ask the register which of its figures is wrong; do not rely on the total."
    )
