"""How levels count in claims: of which day, and in a mix."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from core.claims.lots import (
    ACHIEVEMENTS,
    CLAIM,
    DAY,
    EDITION,
    NORTH,
    PACK,
    SOUTH,
    achievement,
    constant,
    row,
    trace_of,
)
from stannary.core.attestations import Achievement
from stannary.core.claims import Counting, check_claim, counting_of, supported_share
from stannary.core.custody import Amounts, Kind, MixRule, Model, Row, Side, Source
from stannary.core.kernel import Finding
from stannary.core.provenance import Trace
from stannary.core.standards import Edition

LOWEST = Counting(mix=MixRule.LOWEST)
GRAIN = Fraction(1, 10**9)
NORTHERN = Source(DAY(2026, 2, 1), "north", "north-1")
SOUTHERN = Source(DAY(2026, 2, 1), "south", "south-1")


def under(**words: str) -> Edition:
    return replace(PACK, parameters={name: constant(name, word) for name, word in words.items()})


def mixed(unknown_g: int = 0) -> tuple[Row, ...]:
    """North at 75 and South at 50, each 500 kg, with grams of nobody knows where."""
    parts = [replace(one, mass_mg=500 * 10**6, content_mg=500 * 10**6) for one in (NORTH, SOUTH)]
    if unknown_g:
        bought = row("U1", Kind.PURCHASE, "U", Side.OUT, 1)
        parts.append(replace(bought, mass_mg=unknown_g * 1000, content_mg=unknown_g * 1000))
    total_mg = sum(one.mass_mg for one in parts)
    blend = row("B1", Kind.BLEND, "L", Side.OUT, 1)
    whole = replace(blend, mass_mg=total_mg, content_mg=total_mg)
    used = [
        replace(blend, side=Side.IN, lot=one.lot, mass_mg=one.mass_mg, content_mg=one.content_mg)
        for one in parts
    ]
    return (*parts, *used, whole)


def findings(
    pack: Edition,
    *,
    level: str,
    share: Fraction,
    trace: Trace,
    achievements: Mapping[str, Achievement] = ACHIEVEMENTS,
    carried: Amounts | None = None,
    claimed_on: datetime.date = CLAIM.made_on,
) -> tuple[Finding, ...]:
    return check_claim(
        replace(CLAIM, level=level, share=share, made_on=claimed_on),
        trace=trace,
        achievements=achievements,
        edition=EDITION,
        custody_pack=pack,
        carried=carried,
    )


@pytest.mark.parametrize(
    ("words", "counting"),
    [
        ({}, Counting()),
        ({"attestation_basis": "produced_on", "level_of_mix": "each_origin"}, Counting()),
        ({"level_of_mix": "lowest"}, LOWEST),
        ({"attestation_basis": "in_force_when_claimed"}, Counting(DAY(2026, 3, 9))),
        ({"attestation_basis": "today", "level_of_mix": "highest"}, Counting()),
    ],
)
def test_a_pack_says_how_levels_count(words: dict[str, str], counting: Counting) -> None:
    assert counting_of(under(**words), DAY(2026, 3, 9)) == counting


@pytest.mark.parametrize(
    ("level", "each", "lowest"), [("L-50", 1, 1), ("L-75", Fraction(1, 2), 0), ("L-99", 0, 0)]
)
def test_the_lowest_level_counts_for_all_of_a_mix(level: str, each: Fraction, lowest: int) -> None:
    trace = trace_of(*mixed())

    assert supported_share(trace, ACHIEVEMENTS, EDITION, level) == each
    assert supported_share(trace, ACHIEVEMENTS, EDITION, level, counting=LOWEST) == lowest


@pytest.mark.parametrize(("unknown_g", "supported"), [(0, Fraction(1)), (1, Fraction(0))])
def test_one_gram_without_a_level_leaves_the_whole_mix_without(
    unknown_g: int, supported: Fraction
) -> None:
    trace = trace_of(*mixed(unknown_g))

    assert supported_share(trace, ACHIEVEMENTS, EDITION, "L-50", counting=LOWEST) == supported
    found = findings(under(level_of_mix="lowest"), level="L-50", share=Fraction(1, 4), trace=trace)
    assert [one.code for one in found] == (["CLAIM-001"] if unknown_g else [])


def test_a_better_part_of_a_mix_is_not_claimed_where_the_lowest_level_counts() -> None:
    trace = trace_of(*mixed())

    assert not findings(PACK, level="L-75", share=Fraction(1, 2), trace=trace)
    refused = findings(under(level_of_mix="lowest"), level="L-75", share=GRAIN, trace=trace)
    assert refused[0].message == (
        "CLAIM-001: A claim says no more than the trace supports: the share from sites at the level"
        " or better. Here: lot=L, level=L-75, claimed=0.000000001, supported=0, level_of_mix=lowest."
        " Claim the share that is supported, or a lower level."
    )


@pytest.mark.parametrize("model", [Model.MASS_BALANCE, Model.BOOK_AND_CLAIM])
@pytest.mark.parametrize(("south_mg", "supported"), [(500 * 10**6, 1), (500 * 10**6 - 1, 0)])
def test_what_books_give_counts_by_its_lowest_level_where_all_is_given(
    model: Model, south_mg: int, supported: int
) -> None:
    given = {NORTHERN: 500 * 10**6, SOUTHERN: south_mg}
    trace = replace(trace_of(*mixed()), model=model)

    found = supported_share(trace, ACHIEVEMENTS, EDITION, "L-50", carried=given, counting=LOWEST)

    assert found == supported


def test_what_became_credits_leaves_the_level_of_the_rest_as_it_was() -> None:
    given = {NORTHERN: 250 * 10**6, SOUTHERN: 250 * 10**6}

    found = supported_share(
        trace_of(*mixed()), ACHIEVEMENTS, EDITION, "L-50", carried=given, counting=LOWEST
    )

    assert found == Fraction(1, 2)


ENDED = DAY(2026, 3, 10)


@pytest.mark.parametrize("by_books", [False, True])
@pytest.mark.parametrize(
    ("claimed_on", "supported"),
    [(DAY(2026, 3, 9), Fraction(1, 2)), (ENDED, Fraction(0)), (DAY(2026, 3, 11), Fraction(0))],
)
def test_the_level_that_a_site_has_when_it_is_claimed_counts_where_the_pack_says_so(
    claimed_on: datetime.date, supported: Fraction, *, by_books: bool
) -> None:
    known = ACHIEVEMENTS | {"north-1": achievement("north-1", "north", "L-75", end=ENDED)}
    trace = trace_of(*mixed())
    carried = {NORTHERN: 500 * 10**6, SOUTHERN: 500 * 10**6} if by_books else None
    if by_books:
        trace = replace(trace, model=Model.MASS_BALANCE)
    pack = under(attestation_basis="in_force_when_claimed")

    found = supported_share(
        trace, known, EDITION, "L-75", carried=carried, counting=counting_of(pack, claimed_on)
    )

    assert found == supported
    assert supported_share(trace, known, EDITION, "L-75", carried=carried) == Fraction(1, 2)


def test_a_claim_whose_level_has_ended_is_told_with_its_day() -> None:
    known = ACHIEVEMENTS | {"north-1": achievement("north-1", "north", "L-75", end=ENDED)}
    pack = under(attestation_basis="in_force_when_claimed")

    told = findings(
        pack,
        level="L-75",
        share=Fraction(1, 2),
        trace=trace_of(*mixed()),
        achievements=known,
        claimed_on=ENDED,
    )

    assert [(one.code, one.facts.get("status")) for one in told] == [
        ("CLAIM-001", None),
        ("CLAIM-004", "expired"),
        ("CLAIM-004", "lower_level"),
    ]
    assert told[1].facts["claimed_on"] == "2026-03-10"
