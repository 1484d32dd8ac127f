"""The flows of an ancestry: into a lot goes its content, to the milligram."""

from collections import defaultdict
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import random_chain
from core.custody.replays import make, mine, use
from refusals import refused_by
from stannary.core.custody import Kind, Side, events_of
from stannary.core.provenance import Link, links

ROWS = [
    mine("E1", "A", 10),
    mine("E2", "B", 30),
    use("E3", Kind.TRANSFORM, "A", 5),
    use("E3", Kind.TRANSFORM, "A", 5),
    use("E3", Kind.TRANSFORM, "B", 20),
    make("E3", Kind.TRANSFORM, "X", 10),
    make("E3", Kind.TRANSFORM, "Y", 15),
    use("E4", Kind.BLEND, "X", 10),
    use("E4", Kind.BLEND, "B", 10),
    make("E4", Kind.BLEND, "Z", 20),
]


def test_links_are_what_each_lot_has_from_each_in_the_order_of_events() -> None:
    assert links(events_of(ROWS), "Z") == (
        Link("A", "X", 3, Fraction(1, 6)),
        Link("B", "X", 7, Fraction(1, 3)),
        Link("X", "Z", 10, Fraction(1, 2)),
        Link("B", "Z", 10, Fraction(1, 2)),
    )


def test_a_mined_lot_has_no_links_and_an_unknown_one_is_refused() -> None:
    assert links(events_of(ROWS), "A") == ()
    assert refused_by(lambda: links(events_of(ROWS), "Q")) == "TRACE-001"


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=25)
def test_links_into_a_lot_add_up_to_its_content_and_to_what_left_it(seed: int) -> None:
    rows = random_chain(seed, events=60)
    contents = {row.lot: row.content_mg for row in rows if row.side is Side.OUT}

    for lot in list(contents)[-5:]:
        into: dict[str, int] = defaultdict(int)
        share_in: dict[str, Fraction] = defaultdict(Fraction)
        share_out: dict[str, Fraction] = defaultdict(Fraction)
        share_out[lot] = Fraction(1)
        for link in links(events_of(rows), lot):
            into[link.to_lot] += link.content_mg
            share_in[link.to_lot] += link.share
            share_out[link.from_lot] += link.share
        assert all(into[one] == contents[one] for one in into)
        assert all(share_in[one] == share_out[one] for one in share_in)
