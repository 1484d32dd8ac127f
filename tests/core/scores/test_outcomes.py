"""What a score says."""

from fractions import Fraction

from stannary.core.scores import Tally


def test_what_may_turn_out_relevant_is_what_is_rated_and_what_is_pending() -> None:
    tally = Tally("1", Fraction(1), Fraction(2), Fraction(1, 2), 2, not_relevant=3, pending=4)

    assert tally.relevant == 6
