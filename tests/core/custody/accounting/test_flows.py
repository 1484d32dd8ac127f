"""The proof: its terms, its words, and that it bites."""

import pytest

from core.custody.accounting.made_up import MINER, NORTH, TRADER
from stannary.core.custody import SourceKind, Term
from stannary.core.custody.accounting.flows import EntityProof, Flows, Holdings, Proof, prove
from stannary.core.custody.accounting.sources import Source
from stannary.core.kernel import InvariantError

MINED, SCRAP = SourceKind.MINED, Source(NORTH.produced_on, "yard", "", SourceKind.RECYCLED)


def flows() -> Flows:
    made = Flows()
    made.add(MINER, Term.PRODUCED, {NORTH: 1_000_000, SCRAP: 5})
    made.add(MINER, Term.SHIPPED, {NORTH: 600_000})
    made.add(TRADER, Term.RECEIVED, {NORTH: 600_000})
    made.add(TRADER, Term.RETIRED, {NORTH: 100_000})
    return made


HELD = {
    (MINER, MINED): Holdings(300_000, 100_000, 0),
    (MINER, SourceKind.RECYCLED): Holdings(5),
    (TRADER, MINED): Holdings(0, 0, 500_000),
}


def test_every_inequality_is_written_with_its_terms() -> None:
    proof = prove(flows(), HELD, 0)

    assert proof.holds
    assert proof.lines == (
        "Mine Co, mined: lots 0.3 kg + accounts 0.1 kg <= produced 1 kg - (shipped 0.6 kg)",
        "Mine Co, recycled: lots 0.000005 kg <= produced 0.000005 kg - (nothing)",
        "Trade Co, mined: credits 0.5 kg <= received 0.6 kg - (retired 0.1 kg)",
        "all: sayable 1 kg <= produced 1 kg",
    )
    assert (proof.entered_mg, proof.sayable_mg) == (1_000_000, 1_000_000)


def test_nothing_is_proved_of_nothing() -> None:
    assert prove(Flows(), {}, 0) == Proof((), 0, 0)


@pytest.mark.parametrize("held", [299_999, 300_001])
def test_a_milligram_too_many_or_too_few_is_a_bug_of_ours(held: int) -> None:
    wrong = {**HELD, (MINER, MINED): Holdings(held, 100_000, 0)}

    with pytest.raises(InvariantError, match="do not close: Mine Co, mined"):
        prove(flows(), wrong, 0)


@pytest.mark.parametrize(("moving", "holds"), [(0, True), (1, False)])
def test_what_is_on_its_way_counts_too(moving: int, holds: bool) -> None:
    if holds:
        assert prove(flows(), HELD, moving).holds
    else:
        with pytest.raises(InvariantError, match=r"all: sayable 1\.000001 kg > produced 1 kg"):
            prove(flows(), HELD, moving)


@pytest.mark.parametrize(("held", "sign"), [(399, "<="), (400, "<="), (401, ">")])
def test_an_inequality_says_which_way_it_goes(held: int, sign: str) -> None:
    terms = dict.fromkeys(Term, 0) | {Term.RECEIVED: 1000, Term.LAPSED: 600}
    one = EntityProof(TRADER, MINED, terms, Holdings(held))

    assert one.line.split(" kg ")[1][:2].strip() == sign
    assert one.holds == (sign == "<=")
