"""What passes through a lot, in whole numbers: the same as in fractions, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import random_chain
from core.custody.replays import make, mine, use
from stannary.core.custody import Kind, events_of
from stannary.core.provenance import (
    ancestry_of,
    chain_of,
    links_in,
    passing,
    passing_nearly,
    trace_in,
)
from stannary.core.provenance import shares as shares_module
from stannary.core.provenance.shares import shares_in_fractions

BLEND = Kind.BLEND
THIRDS = [
    mine("E1", "A", 300, site="a", attestation=""),
    mine("E2", "B", 600, site="b", attestation=""),
    use("E3", BLEND, "A", 100),
    use("E3", BLEND, "B", 100),
    use("E3", BLEND, "A", 100),
    make("E3", BLEND, "C", 300),
    use("E4", BLEND, "C", 100),
    use("E4", BLEND, "B", 100),
    make("E4", BLEND, "D", 200),
]


def test_shares_have_one_denominator_made_of_what_went_into_each_event() -> None:
    chain = chain_of(events_of(THIRDS))

    found = passing(chain, ancestry_of(chain, "D"), "D")

    assert found is not None
    assert found.one == 3 * 2
    assert found.through == {"D": 6, "C": 3, "B": 4, "A": 2}
    assert found.share("B") == Fraction(2, 3)
    assert sorted(found.uses) == [("A", 2, 1), ("A", 2, 1), ("B", 2, 1), ("B", 3, 3), ("C", 3, 3)]
    assert not found.rounded


def test_few_digits_lose_less_than_a_part_at_every_event() -> None:
    chain = chain_of(events_of(THIRDS))

    found = passing_nearly(chain, ancestry_of(chain, "D"), "D", bits=3)

    assert found.one == 8
    assert found.through == {"D": 8, "C": 4, "B": 4 + 1, "A": 2}  # a third of 4 is 1
    assert found.rounded


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whole_numbers_say_what_fractions_say(seed: int) -> None:
    chain = chain_of(events_of(random_chain(seed, 40)))
    for lot, row in chain.rows.items():
        back = ancestry_of(chain, lot)
        found = passing(chain, back, lot, most=10**6)
        assert found is not None
        in_fractions = shares_in_fractions(chain, back, lot)
        assert {source: found.share(source) for source in in_fractions} == in_fractions
        of_links = sum((one.share for one in links_in(chain, lot)), Fraction(0))
        assert of_links == Fraction(sum(part for *_, part in found.uses), found.one), row
        nearly = passing_nearly(chain, back, lot)
        for source, share in in_fractions.items():
            assert abs(nearly.share(source) - share) < Fraction(1, 2**200)


@pytest.mark.parametrize(("most", "is_there"), [(2, False), (3, True), (4, True)])
def test_a_denominator_may_have_so_many_digits(most: int, is_there: bool) -> None:
    chain = chain_of(events_of(THIRDS))  # 6 is 110

    found = passing(chain, ancestry_of(chain, "D"), "D", most=most)

    assert (found is not None) is is_there


def test_a_chain_that_is_too_long_is_traced_in_fractions(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = chain_of(events_of(THIRDS))
    wanted = trace_in(chain, "D")
    monkeypatch.setattr(shares_module, "passing", lambda *_: None)

    assert trace_in(chain, "D") == wanted
    assert [one.share for one in wanted.origins] == [Fraction(2, 3), Fraction(1, 3)]
