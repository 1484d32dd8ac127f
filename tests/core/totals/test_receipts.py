"""A holder's receipt: it holds, and any change of it has a finding of its own."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.totals.trees import DAY, LOTS, MINE, made, with_part
from stannary.core.kernel import MASS_MAX_MG
from stannary.core.totals import LotOfMine, Receipt, check_receipt, entry_of_total

TOTAL, RECEIPTS = made()
CELLS = RECEIPTS["Example Cells"]


def flipped(text: bytes, bit: int) -> bytes:
    return (int.from_bytes(text, "big") ^ 1 << bit).to_bytes(32, "big")


def codes(receipt: Receipt) -> list[str]:
    return [finding.code for finding in check_receipt(receipt)]


@pytest.mark.parametrize("holder", LOTS)
def test_every_receipt_of_a_tree_holds(holder: str) -> None:
    receipt = RECEIPTS[holder]

    assert check_receipt(receipt) == ()
    assert receipt.sum_mg == sum(part.sum_mg for part in receipt.parts)


@settings(deadline=None, max_examples=6)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5),
        st.lists(st.tuples(st.integers(0, 10**14), st.booleans()), min_size=0, max_size=3),
        max_size=6,
    ),
    st.integers(0, 10**6),
)
def test_of_any_tree_every_receipt_holds_and_sums_conserve(
    held: dict[str, list[tuple[int, bool]]], gone_mg: int
) -> None:
    lots = {
        name: [LotOfMine(f"L-{n}", *one) for n, one in enumerate(those)]
        for name, those in held.items()
    }
    total, receipts = made(lots, gone_mg=gone_mg)

    assert total.total_mg == sum(receipt.sum_mg for receipt in receipts.values())
    assert all(check_receipt(receipt) == () for receipt in receipts.values())


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_change_of_a_sign_or_a_sum_is_found(data: st.DataObject) -> None:
    number = data.draw(st.integers(1, 16))
    part = CELLS.parts[number - 1]
    bit = data.draw(st.integers(0, 255))
    more = data.draw(st.sampled_from([-1, 1, 10**6]))
    step = data.draw(st.integers(0, 5))
    path = list(part.path)
    what = data.draw(st.sampled_from(["salt", "sum", "hash", "path sum", "index", "holder", "lot"]))
    if what == "salt":
        changed = with_part(CELLS, number, salt=flipped(part.salt, bit))
    elif what == "sum":
        changed = with_part(CELLS, number, sum_mg=part.sum_mg + more)
    elif what == "index":
        changed = with_part(CELLS, number, index=part.index ^ 1 << step)
    elif what == "holder":
        changed = replace(CELLS, holder="Example Cell")
    elif what == "lot":
        changed = replace(CELLS, lots=(replace(CELLS.lots[0], under_way=True),))
    else:
        node = path[step]
        path[step] = (
            replace(node, hash=flipped(node.hash, bit))
            if what == "hash"
            else replace(node, sum_mg=node.sum_mg + more)
        )
        changed = with_part(CELLS, number, path=tuple(path))

    assert codes(changed)


@pytest.mark.parametrize(
    ("sum_mg", "expected"),
    [
        (-1, ["TOTAL-001"]),
        (0, ["TOTAL-007", "TOTAL-004"]),
        (MASS_MAX_MG + 1, ["TOTAL-002"]),
    ],
)
def test_a_sum_out_of_bounds_has_its_own_finding(sum_mg: int, expected: list[str]) -> None:
    assert codes(with_part(CELLS, 3, sum_mg=sum_mg)) == expected


def test_sums_that_pass_the_bound_together_are_told_with_the_step() -> None:
    part = CELLS.parts[2]
    path = (replace(part.path[0], sum_mg=MASS_MAX_MG), *part.path[1:])
    more = with_part(CELLS, 3, sum_mg=1, path=path)
    (finding,) = [one for one in check_receipt(more) if one.code == "TOTAL-002"]

    assert finding.facts["where"] == "part 3, step 1"


@pytest.mark.parametrize(
    ("sum_mg", "expected"), [(-1, "TOTAL-001"), (MASS_MAX_MG + 1, "TOTAL-002")]
)
def test_a_lot_or_a_step_out_of_bounds_is_told_with_its_place(sum_mg: int, expected: str) -> None:
    lot = replace(CELLS, lots=(replace(CELLS.lots[0], sum_mg=sum_mg),))
    part = CELLS.parts[0]
    path = (part.path[0], replace(part.path[1], sum_mg=sum_mg), *part.path[2:])
    step = with_part(CELLS, 1, path=path)

    told = [(one.code, one.facts["where"]) for one in (*check_receipt(lot), *check_receipt(step))]

    assert told == [(expected, "lot L-1"), (expected, "part 1, step 2")]


def test_a_wrong_hash_names_the_part_that_leads_elsewhere() -> None:
    part = CELLS.parts[4]
    path = (replace(part.path[0], hash=bytes(32)), *part.path[1:])
    findings = check_receipt(with_part(CELLS, 5, path=path))

    assert [one.code for one in findings] == ["TOTAL-004"]
    assert findings[0].facts["where"] == "part 5"


def test_another_root_has_its_own_finding() -> None:
    other = replace(TOTAL, root=bytes(32))
    (finding,) = check_receipt(replace(CELLS, entry=entry_of_total(other)))

    assert finding.code == "TOTAL-005"
    assert finding.facts == {"root": TOTAL.root.hex(), "public": "00" * 32}


def test_a_receipt_does_not_fit_another_mine_or_day() -> None:
    for change in ({"mine": f"{MINE}-2"}, {"day": DAY.replace(day=22)}):
        entry = entry_of_total(replace(TOTAL, **change))
        assert codes(replace(CELLS, entry=entry)) == ["TOTAL-004"] * 16


@pytest.mark.parametrize(("more", "expected"), [(-1, ["TOTAL-006"]), (0, []), (1, ["TOTAL-006"])])
def test_a_stated_total_is_the_sum_at_the_root(more: int, expected: list[str]) -> None:
    stated = replace(
        TOTAL,
        total_mg=TOTAL.total_mg + more,
        held_mg=TOTAL.held_mg + more,
        produced_mg=TOTAL.produced_mg + 1,
    )

    assert codes(replace(CELLS, entry=entry_of_total(stated))) == expected


def test_what_is_stated_must_itself_hold() -> None:
    stated = replace(TOTAL, produced_mg=TOTAL.total_mg - 1)

    assert codes(replace(CELLS, entry=entry_of_total(stated))) == ["TOTAL-008"]


@pytest.mark.parametrize("entry", [b'{"type":"stannary/mine-total/2"}', b"?"])
def test_an_entry_of_another_form_has_its_own_finding(entry: bytes) -> None:
    (finding,) = check_receipt(replace(CELLS, entry=entry))

    assert finding.code == "TOTAL-003"


def test_a_way_of_another_length_or_a_place_outside_is_of_another_tree() -> None:
    part = CELLS.parts[0]
    for change in ({"path": part.path[1:]}, {"index": 64}, {"index": -1}):
        found = codes(with_part(CELLS, 1, **change))
        assert found[0] == "TOTAL-003"


def test_a_part_is_neither_missing_nor_there_twice() -> None:
    missing = replace(CELLS, parts=CELLS.parts[1:])
    twice = replace(CELLS, parts=(CELLS.parts[1], *CELLS.parts[1:]))
    none = replace(CELLS, parts=())

    assert codes(missing) == ["TOTAL-007"] * 2
    assert set(codes(twice)) == {"TOTAL-007"}
    assert {"places": "one of several parts"} in [one.facts for one in check_receipt(twice)]
    assert check_receipt(none)[0].facts == {"parts": "none"}


def test_a_lot_is_not_named_twice() -> None:
    refining = RECEIPTS["Example Refining"]
    first = replace(refining.lots[1], lot="L-2")
    found = check_receipt(replace(refining, lots=(refining.lots[0], first)))

    assert ("TOTAL-007", {"lots": "one of them twice"}) in [(one.code, one.facts) for one in found]
