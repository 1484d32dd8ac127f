"""What may be said of a lot: never more than the trace and the achievements support."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.claims.lots import (
    ACHIEVEMENTS,
    BLEND,
    CLAIM,
    DAY,
    EDITION,
    NORTH,
    PACK,
    ROWS,
    SOUTH,
    UNKNOWN,
    achievement,
    constant,
    row,
    trace_of,
)
from stannary.core.attestations import Achievement, Status, StatusChange
from stannary.core.claims import (
    Claim,
    check_claim,
    exact_text,
    make_claim,
    parts_of,
    rules,
    supported_share,
)
from stannary.core.custody import Kind, Model, Row, Side, Source, SourceKind
from stannary.core.kernel import InvariantError, RefusalError
from stannary.core.provenance import Origin, Trace
from stannary.core.standards import Edition, Level

GRAIN = Fraction(1, 10**12)


def codes(
    claim: Claim = CLAIM,
    *,
    trace: Trace | None = None,
    achievements: Mapping[str, Achievement] = ACHIEVEMENTS,
    pack: Edition = PACK,
    lowered_to: Model | None = None,
) -> list[str]:
    findings = check_claim(
        claim,
        trace=trace or trace_of(),
        achievements=achievements,
        edition=EDITION,
        custody_pack=pack,
        lowered_to=lowered_to,
    )
    return [finding.code for finding in findings]


def test_a_claim_that_the_trace_supports_may_be_made() -> None:
    made = make_claim(
        CLAIM,
        trace=trace_of(),
        achievements=ACHIEVEMENTS,
        edition=EDITION,
        custody_pack=PACK,
    )

    assert made is CLAIM


@pytest.mark.parametrize(
    ("level", "supported"),
    [("L-75", Fraction(3, 8)), ("L-50", Fraction(7, 8)), ("L-0", Fraction(7, 8)), ("L-99", 0)],
)
def test_sites_at_a_level_or_better_count_towards_it(level: str, supported: Fraction) -> None:
    assert supported_share(trace_of(), ACHIEVEMENTS, EDITION, level) == supported


@pytest.mark.parametrize("level", ["L-75", "L-50"])
@pytest.mark.parametrize("more", [-GRAIN, 0, GRAIN])
def test_a_claim_says_no_more_than_is_supported(level: str, more: Fraction) -> None:
    supported = {"L-75": Fraction(3, 8), "L-50": Fraction(7, 8)}[level]

    found = codes(replace(CLAIM, level=level, share=supported + more))

    # CLAIM-004 tells which achievement was too low, where one was
    assert found == ([] if more <= 0 else ["CLAIM-001", "CLAIM-004"][: 2 if level == "L-75" else 1])


def test_a_claim_of_too_much_is_refused_in_words() -> None:
    with pytest.raises(RefusalError) as refusal:
        make_claim(
            replace(CLAIM, share=Fraction(1, 2)),
            trace=trace_of(),
            achievements=ACHIEVEMENTS,
            edition=EDITION,
            custody_pack=PACK,
        )

    assert [finding.message for finding in refusal.value.findings] == [
        (
            "CLAIM-001: A claim says no more than the trace supports: the share from sites at the level"
            " or better. Here: lot=L, level=L-75, claimed=0.5, supported=0.375."
            " Claim the share that is supported, or a lower level."
        ),
        (
            "CLAIM-004: Material counts towards a level only if its site held that level or a better"
            " one on the day that the pack names: the day on which it was produced, or that of the"
            " claim. Here: site=south, achievement=south-1,"
            " produced_on=2026-02-01, status=lower_level, share=0.5. Leave this part out of the share"
            " claimed, or add the achievement in force on that day."
        ),
    ]


@pytest.mark.parametrize(
    ("name", "given_as", "status"),
    [
        ("first day", achievement("north-1", "north", "L-75", DAY(2026, 2, 1)), "counts"),
        ("a day late", achievement("north-1", "north", "L-75", DAY(2026, 2, 2)), "not_yet"),
        (
            "last day",
            achievement("north-1", "north", "L-75", end=DAY(2026, 2, 2)),
            "counts",
        ),
        ("a day over", achievement("north-1", "north", "L-75", end=DAY(2026, 2, 1)), "expired"),
        ("too low", achievement("north-1", "north", "L-50"), "lower_level"),
        ("another site's", achievement("north-1", "south", "L-75"), "other_site"),
        ("missing", None, "unknown"),
    ],
)
def test_the_day_of_production_decides(
    name: str, given_as: Achievement | None, status: str
) -> None:
    achievements = {**ACHIEVEMENTS, "north-1": given_as} if given_as else {}
    those = {key: one for key, one in achievements.items() if one is not None}

    north = next(
        part for part in parts_of(trace_of(), those, EDITION, "L-75") if part.site == "north"
    )

    assert north.status == status
    assert (codes(achievements=those) == []) == (status == "counts")


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.WITHDRAWN])
def test_a_later_change_takes_nothing_back(status: Status) -> None:
    for on, counts in ((DAY(2026, 2, 1), False), (DAY(2026, 2, 2), True)):
        changed = replace(
            ACHIEVEMENTS["north-1"], status_changes=(StatusChange(on, status, "found"),)
        )

        found = codes(achievements={**ACHIEVEMENTS, "north-1": changed})

        assert found == ([] if counts else ["CLAIM-001", "CLAIM-004", "CLAIM-004"])


def test_an_achievement_under_another_standard_counts_for_nothing() -> None:
    other = replace(ACHIEVEMENTS["north-1"], standard="other/mining/1")

    parts = parts_of(trace_of(), {"north-1": other}, EDITION, "L-75")

    assert [part.status for part in parts] == ["unknown", "other_standard"]


def test_mined_material_that_names_no_achievement_counts_for_nothing() -> None:
    unnamed = replace(NORTH, attestation="")
    trace = trace_of(unnamed, SOUTH, UNKNOWN, *BLEND)

    assert codes(trace=trace) == ["CLAIM-001", "CLAIM-004"]
    assert [part.status for part in parts_of(trace, ACHIEVEMENTS, EDITION, "L-75")] == [
        "lower_level",
        "not_named",
    ]


def two_days() -> Trace:
    late = datetime.datetime(2026, 2, 5, 8, tzinfo=datetime.UTC)
    again = row(
        "B2", Kind.PRODUCE, "N2", Side.OUT, 125, site="north", attestation="north-1", at=late
    )
    later = datetime.datetime(2026, 2, 6, 8, tzinfo=datetime.UTC)
    blend = (
        row("B3", Kind.BLEND, "L", Side.IN, 1000, at=later),
        row("B3", Kind.BLEND, "N2", Side.IN, 125, at=later),
        row("B3", Kind.BLEND, "M", Side.OUT, 1125, at=later),
    )
    return trace_of(*ROWS, again, *blend, lot="M")


def test_each_production_of_a_mine_is_judged_by_its_own_day() -> None:
    ended = {
        **ACHIEVEMENTS,
        "north-1": achievement("north-1", "north", "L-75", end=DAY(2026, 2, 3)),
    }

    assert supported_share(two_days(), ACHIEVEMENTS, EDITION, "L-75") == Fraction(500, 1125)
    assert supported_share(two_days(), ended, EDITION, "L-75") == Fraction(375, 1125)


def test_an_origin_without_parts_is_judged_by_its_first_day() -> None:
    trace = trace_of()
    bare = tuple(replace(origin, parts=()) for origin in trace.origins)

    assert supported_share(replace(trace, origins=bare), ACHIEVEMENTS, EDITION, "L-75") == Fraction(
        3, 8
    )
    assert isinstance(bare[0], Origin)


@pytest.mark.parametrize(
    "change",
    [
        {"level": "L-100"},
        {"level": ""},
        {"standard": "stannary/test-mining/2"},
    ],
)
def test_the_level_is_one_of_the_edition(change: dict[str, str]) -> None:
    assert codes(replace(CLAIM, **change)) == ["CLAIM-002"]  # type: ignore[arg-type]


def blended_as(model: Model | None) -> Trace:
    rows: list[Row] = [replace(one, model=model) for one in ROWS]
    return trace_of(*rows)


@pytest.mark.parametrize("wording", ["SHARE", "BLEND-ONLY"])
@pytest.mark.parametrize("model", [*Model, None])
def test_words_are_allowed_for_the_model_of_the_lot(wording: str, model: Model | None) -> None:
    allowed = {
        "SHARE": {Model.IDENTITY_PRESERVED, Model.SEGREGATED, Model.CONTROLLED_BLENDING},
        "BLEND-ONLY": {Model.CONTROLLED_BLENDING},
    }[wording]

    found = codes(replace(CLAIM, wording=wording), trace=blended_as(model))

    assert found == ([] if model in allowed else ["CLAIM-003"])


@pytest.mark.parametrize("lowered_to", list(Model))
def test_words_are_allowed_for_the_model_to_which_a_lot_was_lowered(lowered_to: Model) -> None:
    found = codes(CLAIM, trace=blended_as(Model.SEGREGATED), lowered_to=lowered_to)
    stays = codes(
        replace(CLAIM, wording="BLEND-ONLY"),
        trace=blended_as(Model.CONTROLLED_BLENDING),
        lowered_to=min(lowered_to, Model.SEGREGATED, key=lambda one: one.rank),
    )

    lowered = lowered_to in (Model.MASS_BALANCE, Model.BOOK_AND_CLAIM)
    assert (found, stays) == (["CLAIM-003"] if lowered else [], [])


def test_words_that_the_pack_does_not_have_are_refused_in_words() -> None:
    findings = check_claim(
        replace(CLAIM, wording="BEST"),
        trace=trace_of(),
        achievements=ACHIEVEMENTS,
        edition=EDITION,
        custody_pack=PACK,
    )

    assert [finding.message for finding in findings] == [
        (
            "CLAIM-003: The words of a claim are those that the custody pack allows for the model of"
            " the lot and for the share. Here: words=BEST, pack=stannary/test-custody/1,"
            " known=SHARE, HALF, ALL, FROM, BLEND-ONLY, OPEN."
            " Choose other words of the pack, or a share that they allow."
        )
    ]


@pytest.mark.parametrize(
    ("more", "found"), [(-GRAIN, ["CLAIM-003"]), (0, []), (GRAIN, [])], ids=["under", "at", "over"]
)
def test_words_need_their_smallest_share(more: Fraction, found: list[str]) -> None:
    claim = replace(CLAIM, wording="HALF", level="L-50", share=Fraction(1, 2) + more)

    assert codes(claim) == found


def test_words_whose_smallest_share_is_unknown_are_not_used() -> None:
    assert codes(replace(CLAIM, wording="OPEN")) == ["CLAIM-003"]


def whole() -> Trace:
    only = (
        row("B1", Kind.BLEND, "N", Side.IN, 375),
        row("B1", Kind.BLEND, "S", Side.IN, 500),
        row("B1", Kind.BLEND, "L", Side.OUT, 875),
    )
    return trace_of(NORTH, SOUTH, *only)


def test_words_for_all_need_all() -> None:
    everything = replace(CLAIM, wording="ALL", level="L-50", share=Fraction(1))

    assert codes(everything, trace=whole()) == []
    assert codes(everything) == ["CLAIM-001", "CLAIM-007"]
    assert codes(replace(everything, share=1 - GRAIN), trace=whole()) == ["CLAIM-003", "CLAIM-007"]
    assert codes(replace(everything, level="L-75"), trace=whole()) == ["CLAIM-001", "CLAIM-004"]


def test_words_without_a_share_need_every_origin_to_be_known() -> None:
    comes_from = replace(CLAIM, wording="FROM", level="L-0")

    assert codes(replace(comes_from, share=Fraction(7, 8))) == ["CLAIM-007"]
    assert codes(replace(comes_from, share=Fraction(1, 2)), trace=whole()) == ["CLAIM-007"]
    assert codes(replace(comes_from, share=Fraction(1)), trace=whole()) == []


def test_the_whole_lot_is_spoken_of_in_words() -> None:
    findings = check_claim(
        replace(CLAIM, wording="FROM", level="L-0", share=Fraction(7, 8)),
        trace=trace_of(),
        achievements=ACHIEVEMENTS,
        edition=EDITION,
        custody_pack=PACK,
    )

    assert findings[0].message == (
        "CLAIM-007: Words that name no share speak of the whole lot: they need a share of 1 and no"
        " part of unknown origin. Here: words=FROM, share=0.875, unknown_share=0.125."
        " Use words that name the share."
    )


@pytest.mark.parametrize(
    ("share", "found"),
    [
        (Fraction(-1, 2), ["CLAIM-003", "CLAIM-005"]),
        (Fraction(0), ["CLAIM-005"]),
        (Fraction(1, 10**37), []),
        (Fraction(1, 10**38), ["CLAIM-005"]),
        (Fraction(1, 10**5000), ["CLAIM-005"]),
        (Fraction(7, 8), []),
        (Fraction(1), ["CLAIM-001"]),
        (1 + GRAIN, ["CLAIM-001", "CLAIM-005"]),
    ],
)
def test_a_share_is_above_0_and_at_most_1_and_short(share: Fraction, found: list[str]) -> None:
    assert codes(replace(CLAIM, level="L-50", share=share)) == found


@pytest.mark.parametrize(
    ("until", "found"),
    [(DAY(2026, 3, 8), ["CLAIM-006"]), (DAY(2026, 3, 9), ["CLAIM-006"]), (DAY(2026, 3, 10), [])],
)
def test_a_claim_is_valid_for_a_day_at_least(until: DAY, found: list[str]) -> None:
    assert codes(replace(CLAIM, valid_until=until)) == found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("lot", "", ["CLAIM-008"]),
        ("made_by", "", ["CLAIM-008"]),
        ("made_by", "x" * 199, []),
        ("made_by", "x" * 200, []),
        ("made_by", "x" * 201, ["CLAIM-008"]),
        ("element", "x" * 60, []),
        ("element", "x" * 61, ["CLAIM-008"]),
        ("element", " lithium", ["CLAIM-008"]),
        ("made_by", "a\nb", ["CLAIM-008"]),
        ("made_by", "a\u202eb", ["CLAIM-008"]),
        ("made_by", "\u200b", ["CLAIM-008"]),
        ("id", "", ["CLAIM-008"]),
        ("made_by", "Société Exemple 锂业", []),
    ],
)
def test_names_are_one_short_line_of_visible_signs(name: str, text: str, found: list[str]) -> None:
    changed = replace(CLAIM, **{name: text})  # type: ignore[arg-type]
    trace = replace(trace_of(), lot=changed.lot)

    assert codes(changed, trace=trace) == found


@pytest.mark.parametrize(("day", "found"), [(8, []), (9, []), (10, ["CLAIM-011"])])
def test_a_pack_is_used_from_the_day_on_which_it_comes_into_force(
    day: int, found: list[str]
) -> None:
    pack = replace(PACK, in_force_from=datetime.date(2026, 3, day))

    assert CLAIM.made_on == datetime.date(2026, 3, 9)
    assert codes(pack=pack) == found


def test_a_pack_that_is_not_yet_in_force_is_told_with_its_day_and_what_to_do() -> None:
    (finding,) = check_claim(
        CLAIM,
        trace=trace_of(),
        achievements=ACHIEVEMENTS,
        edition=EDITION,
        custody_pack=replace(PACK, in_force_from=datetime.date(2026, 3, 10)),
    )

    assert finding.message == (
        "CLAIM-011: A claim is made under a custody pack that is in force on the day on which the"
        " claim is made. Here: pack=stannary/test-custody/1, made_on=2026-03-09,"
        " in_force_from=2026-03-10. Make the claim from the day on which the pack comes into force,"
        " or in the words of a pack that is in force."
    )


def test_a_pack_that_this_program_does_not_understand_is_refused() -> None:
    kinds = [
        replace(PACK, kind="assurance"),
        replace(PACK, parameters={"attestation_basis": constant("attestation_basis", "today")}),
        replace(PACK, parameters={"level_of_mix": constant("level_of_mix", "highest")}),
        replace(PACK, parameters={"level_of_mix": constant("level_of_mix", None)}),
        replace(PACK, parameters={"unproved_origin": constant("unproved_origin", None)}),
    ]

    for pack in kinds:
        assert codes(pack=pack) == ["CLAIM-009"]
    assert codes(pack=replace(PACK, parameters={})) == []


def test_a_claim_is_checked_with_the_trace_of_its_own_lot() -> None:
    with pytest.raises(InvariantError):
        codes(trace=trace_of(lot="N"))


@example(1 - Fraction(1, 10**21))
@given(st.fractions(0, 1, max_denominator=10**30))
def test_a_share_is_written_exactly_or_says_that_it_is_not(share: Fraction) -> None:
    text = exact_text(share)

    if text.startswith("about "):
        assert 0 < share - Fraction(text.removeprefix("about ")) < Fraction(1, 10**12)
    else:
        assert Fraction(text) == share


def test_a_share_of_thousands_of_digits_is_written_short() -> None:
    assert exact_text(Fraction(1, 3**9000)) == "about 0.000000000000"
    assert rules.SHARE_IS_A_PART.code == "CLAIM-005"


BALANCED = replace(
    PACK,
    claims=tuple(
        replace(one, models=("mass_balance", "book_and_claim", "controlled_blending"))
        for one in PACK.claims
    ),
)
GIVEN = {
    Source(DAY(2026, 2, 1), "north", "north-1"): 250 * 10**6,
    Source(DAY(2026, 2, 1), "south", "south-1"): 600 * 10**6,
    Source(DAY(2026, 2, 1), "yard", "", SourceKind.RECYCLED): 150 * 10**6,
}


def booked_codes(share: Fraction, model: Model, *, books: bool = True) -> list[str]:
    findings = check_claim(
        replace(CLAIM, share=share),
        trace=replace(trace_of(), model=model),
        achievements=ACHIEVEMENTS,
        edition=EDITION,
        custody_pack=BALANCED,
        carried=GIVEN if books else None,
    )
    return [finding.code for finding in findings]


@pytest.mark.parametrize("model", [Model.MASS_BALANCE, Model.BOOK_AND_CLAIM])
@pytest.mark.parametrize("more", [-GRAIN, 0, GRAIN])
def test_under_mass_balance_and_book_and_claim_the_books_decide(
    model: Model, more: Fraction
) -> None:
    found = booked_codes(Fraction(1, 4) + more, model)

    # CLAIM-004 tells of the other mine, whose level is too low
    assert found == (["CLAIM-001", "CLAIM-004"] if more > 0 else [])


@pytest.mark.parametrize("model", [Model.MASS_BALANCE, Model.BOOK_AND_CLAIM])
def test_what_a_lot_is_made_of_says_nothing_where_books_decide(model: Model) -> None:
    assert booked_codes(Fraction(1, 4), model, books=False) == ["CLAIM-010"]


@pytest.mark.parametrize("more", [-GRAIN, 0, GRAIN])
def test_what_became_a_credit_is_not_said_of_the_material_again(more: Fraction) -> None:
    found = booked_codes(Fraction(1, 4) + more, Model.CONTROLLED_BLENDING)

    assert found == (["CLAIM-001", "CLAIM-004"] if more > 0 else [])
    assert booked_codes(Fraction(3, 8), Model.CONTROLLED_BLENDING, books=False) == []


@pytest.mark.parametrize(
    ("word", "found"), [("excluded", ["CLAIM-012"]), (None, ["CLAIM-012"]), ("allowed", [])]
)
def test_a_step_that_tests_nothing_is_named_where_the_pack_allows_it(
    word: str | None, found: list[str]
) -> None:
    name = "transparency_level_in_claims"
    pack = replace(PACK, parameters={**PACK.parameters, name: constant(name, word)})
    public = Level("L-0", "L-0", "", None, None, None)
    edition = replace(EDITION, levels=(public, *EDITION.levels[1:]))

    def codes_under(one: Edition, level: str) -> list[str]:
        claim = replace(CLAIM, level=level)
        findings = check_claim(
            claim, trace=trace_of(), achievements=ACHIEVEMENTS, edition=edition, custody_pack=one
        )
        return [finding.code for finding in findings]

    assert codes_under(pack, "L-0") == found
    assert codes_under(pack, "L-75") == codes_under(PACK, "L-0") == []
