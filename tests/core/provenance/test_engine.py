"""The exact engine: every answer that an engine gives, and as of when."""

import datetime
from fractions import Fraction

import pytest

from core.custody.chains import START, random_chain
from core.custody.replays import make, mine, use
from core.provenance.oracles import naive_shares
from refusals import refused_by
from stannary.core.custody import Kind, Side, events_of
from stannary.core.provenance import RECYCLED, UNKNOWN, Exact, Source, carried, trace

NORTH, SOUTH = "example-north-mine", "example-south-mine"
FROM_NORTH, FROM_SOUTH = Source(Kind.PRODUCE, NORTH, "urn:n"), Source(Kind.PRODUCE, SOUTH, "urn:s")
ROWS = [
    mine("E1", "N1", 300, site=NORTH, attestation="urn:n"),
    mine("E2", "S1", 100, site=SOUTH, attestation="urn:s"),
    make("E3", Kind.RECYCLE, "R1", 100),
    use("E4", Kind.BLEND, "N1", 300),
    use("E4", Kind.BLEND, "S1", 100),
    make("E4", Kind.BLEND, "X", 300),
    make("E4", Kind.BLEND, "Y", 100),
    mine("E5", "N2", 100, site=NORTH, attestation="urn:n"),
    use("E6", Kind.BLEND, "N2", 100),
    use("E6", Kind.BLEND, "R1", 100),
    use("E6", Kind.BLEND, "X", 200),
    make("E6", Kind.BLEND, "Z", 400),
]
EXACT = Exact(events_of(ROWS))


def day(number: int) -> datetime.datetime:
    return START + datetime.timedelta(days=number)


def test_an_engine_traces_and_follows_as_the_functions_do() -> None:
    events = events_of(ROWS)

    assert EXACT.trace("Z") == trace(events, "Z")
    assert EXACT.forward(NORTH) == carried(events, NORTH)
    assert refused_by(lambda: EXACT.trace("nothing")) == "TRACE-001"
    assert refused_by(lambda: EXACT.forward("nowhere")) == "TRACE-002"


def test_a_lot_that_is_made_later_is_not_there_yet() -> None:
    just_before = day(6) - datetime.timedelta(microseconds=1)

    assert refused_by(lambda: EXACT.trace("Z", as_of=just_before)) == "TRACE-001"
    assert EXACT.trace("Z", as_of=day(6)) == EXACT.trace("Z")
    assert EXACT.trace("Z", as_of=day(7)) == EXACT.trace("Z")
    assert [one.lot for one in EXACT.forward(NORTH, as_of=just_before)] == ["N1", "X", "Y", "N2"]
    assert [one.lot for one in EXACT.forward(NORTH, as_of=day(6))][-1] == "Z"
    assert refused_by(lambda: EXACT.forward(SOUTH, as_of=day(1))) == "TRACE-002"


def test_the_effect_of_a_suspension_is_every_lot_with_a_share_of_the_material() -> None:
    found = EXACT.effect("urn:n")

    assert [(one.lot, one.share, one.content_mg) for one in found] == [
        ("N1", 1, 300),
        ("X", Fraction(3, 4), 225),
        ("Y", Fraction(3, 4), 75),
        ("N2", 1, 100),
        ("Z", Fraction(5, 8), 250),
    ]


@pytest.mark.parametrize(("since", "lots"), [(day(1), 5), (day(5), 2)])
def test_only_material_of_the_time_asked_for_counts(since: datetime.datetime, lots: int) -> None:
    found = EXACT.effect("urn:n", since=since)

    assert len(found) == lots
    late = day(5) + datetime.timedelta(microseconds=1)
    assert refused_by(lambda: EXACT.effect("urn:n", since=late)) == "TRACE-005"
    assert refused_by(lambda: EXACT.effect("urn:nobody")) == "TRACE-005"
    assert refused_by(lambda: EXACT.effect("urn:n", as_of=day(0))) == "TRACE-005"


def test_the_whole_graph_by_source_and_by_class() -> None:
    by_source = EXACT.by_source()
    levels = {FROM_NORTH: "high", FROM_SOUTH: "low"}

    assert list(by_source) == ["N1", "S1", "R1", "X", "Y", "N2", "Z"]
    assert by_source["R1"] == {RECYCLED: 1}
    assert by_source["Z"] == {
        FROM_NORTH: Fraction(5, 8),
        RECYCLED: Fraction(1, 4),
        FROM_SOUTH: Fraction(1, 8),
    }
    assert EXACT.by_class(levels)["Z"] == {
        "high": Fraction(5, 8),
        "": Fraction(1, 4),
        "low": Fraction(1, 8),
    }
    assert EXACT.by_class(dict.fromkeys((*levels, RECYCLED), "all"))["Z"] == {"all": 1}


def test_the_whole_graph_says_what_each_trace_says() -> None:
    rows = random_chain(3, 60)
    names = {RECYCLED: ("recycled", ""), UNKNOWN: ("unknown", "")}

    found = Exact(events_of(rows)).by_source()

    assert {row.lot for row in rows if row.side is Side.OUT} == set(found)
    for lot, shares in found.items():
        seen = {names.get(x, (x.site, x.attestation)): share for x, share in shares.items()}
        assert seen == naive_shares(rows, lot)
