"""Who is told of an effect: everybody down the chain, each once, and whoever verifies them."""

from dataclasses import replace
from fractions import Fraction

from core.restatements.made_up import (
    BOOKS,
    MAKER,
    TRADER,
    WORKS,
    claim_on,
    effects_of,
    told,
    weighs,
)
from stannary.core.restatements import Notice


def test_everybody_down_the_chain_is_told() -> None:
    found = effects_of(weighs("N1", "N", 375, 275))

    assert told(found) == {
        (MAKER, "beneficiary"): ("claim on A", "claim on B"),
        (TRADER, "buyer"): ("sale of A",),
        (TRADER, "carrier"): ("A",),
        (TRADER, "claimant"): ("claim on A",),
        (TRADER, "holder"): ("A",),
        ("Example Verifier", "verifier"): ("A", "claim on A", "sale of A"),
        (WORKS, "carrier"): ("A",),
        (WORKS, "claimant"): ("claim on B",),
        (WORKS, "holder"): ("B", "L", "N"),
        (WORKS, "maker"): ("A", "B", "L", "N"),
        (WORKS, "seller"): ("sale of A",),
    }
    assert list(found.notices) == sorted(found.notices)
    assert isinstance(found.notices[0], Notice)


def test_a_claim_of_nobody_else_names_no_beneficiary() -> None:
    books = replace(BOOKS, claims=(replace(claim_on("A", Fraction(3, 8)), beneficiary=""),))

    found = told(effects_of(weighs("N1", "N", 375, 275), books))

    assert (MAKER, "beneficiary") not in found
    assert ("", "beneficiary") not in found
