"""Production reports as movements: what is put together, what is left out, what does not add up."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from stannary.core.kernel import Place
from stannary.core.production import (
    MetalReport,
    OreReport,
    ProcessReport,
    Production,
    Stage,
    Where,
    production_as_dict,
    replay_production,
)

MINE = Where("Example North Mine", "", "open pit", 2025)
AT = Place("reports.xlsx", 2)
ORE = OreReport(MINE, Stage.ORE, "Copper ore", 1_000_000, Fraction(1), AT)
CONCENTRATE = replace(ORE, stage=Stage.CONCENTRATE, name="Copper concentrate", mass_mg=40_000)
METAL = MetalReport(
    MINE, "copper  ORE", "Copper", 9_000, Fraction(1, 100), Fraction("0.9"), Fraction(1), AT
)
IN_CONCENTRATE = MetalReport(
    MINE, "Copper concentrate", "Copper", 8_000, Fraction(1, 5), None, Fraction(1), AT
)


def codes(one: Production) -> tuple[list[str], list[str]]:
    return [f.code for f in one.imbalances], [f.code for f in one.left_out]


def test_ore_and_metal_become_a_chain_whose_difference_is_a_loss() -> None:
    one = replay_production([ORE], [METAL])
    assert codes(one) == ([], [])
    assert [(row.kind, row.side, row.mass_mg, row.content_mg) for row in one.rows] == [
        ("produce", "out", 1_000_000, 10_000),
        ("transform", "in", 1_000_000, 10_000),
        ("transform", "out", 9_000, 9_000),
    ]
    assert [(x.mass_mg, x.content_mg) for x in one.replay.process_losses] == [(991_000, 1_000)]


def test_metal_up_to_the_content_of_the_ore_adds_up_and_a_milligram_more_does_not() -> None:
    silent = replace(METAL, recovery=None)
    assert codes(replay_production([ORE], [replace(silent, mass_mg=9_999)])) == ([], [])
    assert codes(replay_production([ORE], [replace(silent, mass_mg=10_000)])) == ([], [])
    more = replay_production([ORE], [replace(silent, mass_mg=10_001)])
    assert codes(more) == (["CUSTODY-008"], [])


def test_a_recovery_agrees_within_one_percentage_point() -> None:
    for recovery, expected in (
        ("0.889999", ["PRODUCTION-007"]),
        ("0.89", []),
        ("0.91", []),
        ("0.910001", ["PRODUCTION-007"]),
        ("0", ["PRODUCTION-008"]),
        ("1.4", ["PRODUCTION-008"]),
    ):
        metal = replace(METAL, recovery=Fraction(recovery))
        assert codes(replay_production([ORE], [metal])) == (expected, []), recovery
    whole = replace(METAL, mass_mg=10_000, recovery=Fraction(1))
    assert codes(replay_production([ORE], [whole])) == ([], [])


def test_a_concentrate_holds_mass_times_grade_within_one_per_cent() -> None:
    for mass_mg, expected in (
        (7_919, ["PRODUCTION-009"]),
        (7_920, []),
        (8_080, []),
        (8_081, ["PRODUCTION-009"]),
    ):
        metal = replace(IN_CONCENTRATE, mass_mg=mass_mg)
        assert codes(replay_production([CONCENTRATE], [metal])) == (expected, []), mass_mg


def test_a_concentrate_is_made_of_the_one_ore_whose_grade_of_the_metal_is_known() -> None:
    grade_only = replace(METAL, mass_mg=None)
    one = replay_production([ORE, CONCENTRATE], [IN_CONCENTRATE, grade_only])
    assert [(row.kind, row.mass_mg, row.content_mg) for row in one.rows] == [
        ("produce", 1_000_000, 10_000),
        ("transform", 1_000_000, 10_000),
        ("transform", 40_000, 8_000),
    ]
    assert codes(one) == ([], ["PRODUCTION-001"])
    two_ores = [ORE, replace(ORE, name="Oxide"), CONCENTRATE]
    metals = [IN_CONCENTRATE, grade_only, replace(grade_only, ore="Oxide")]
    assert [row.kind for row in replay_production(two_ores, metals).rows] == ["produce"]
    other_share = [replace(ORE, share=Fraction(1, 2)), CONCENTRATE]
    assert len(replay_production(other_share, [IN_CONCENTRATE, grade_only]).rows) == 1
    poor = replace(grade_only, grade=Fraction(1, 10**7))
    assert len(replay_production([ORE, CONCENTRATE], [IN_CONCENTRATE, poor]).rows) == 1


def test_a_concentrate_heavier_than_its_ore_does_not_add_up() -> None:
    ore = replace(ORE, mass_mg=39_999)
    grade_only = replace(METAL, mass_mg=None, grade=Fraction(1, 2))
    one = replay_production([ore, CONCENTRATE], [IN_CONCENTRATE, grade_only])
    assert codes(one)[0] == ["CUSTODY-009"]


def test_a_line_that_cannot_be_put_together_is_left_out_with_its_reason() -> None:
    half = Fraction(1, 2)
    for ores, metal, expected in (
        ([], METAL, "PRODUCTION-004"),
        ([ORE, ORE], METAL, "PRODUCTION-004"),
        ([ORE], replace(METAL, where=replace(MINE, year=2024)), "PRODUCTION-004"),
        ([ORE], replace(METAL, ore=""), "PRODUCTION-004"),
        ([ORE], replace(METAL, share=half), "PRODUCTION-006"),
        ([ORE], replace(METAL, grade=None), "PRODUCTION-005"),
        ([ORE], replace(METAL, grade=Fraction(1, 10**7)), "PRODUCTION-005"),
        ([ORE], replace(METAL, mass_mg=None), "PRODUCTION-001"),
        ([CONCENTRATE], replace(IN_CONCENTRATE, mass_mg=40_001), "PRODUCTION-009"),
    ):
        one = replay_production(ores, [metal])
        assert (one.chains, codes(one)) == (0, ([], [expected]))
        assert one.left_out[0].at == AT


def test_a_smelter_is_checked_by_its_masses_alone() -> None:
    process = ProcessReport(MINE, "Copper concentrate", "Copper anode", 1_000, 280, AT)
    fine = replay_production([], [], [process, replace(process, output_mg=1_000)])
    assert (fine.chains, codes(fine)) == (2, ([], []))
    more = replay_production([], [], [replace(process, output_mg=1_001)])
    assert codes(more)[0] == ["CUSTODY-008", "CUSTODY-009"]


def test_names_that_no_movement_can_have_are_mended() -> None:
    odd = Where(" A\nmine ", "", "", 2025)
    ore = replace(ORE, where=odd, name="")
    metal = replace(METAL, where=odd, ore="", metal="x" * 300)
    rows = replay_production([ore], [metal]).rows
    assert {row.site for row in rows} == {"A mine"}
    assert {row.material for row in rows} == {"(no name)", "x" * 200}


def test_programs_get_texts_and_findings_in_full() -> None:
    told = production_as_dict(
        replay_production([ORE], [replace(METAL, mass_mg=10_001), METAL, METAL])
    )
    assert told["chains"] == 3
    assert [loss["content_mg"] for loss in told["losses"]] == ["-1", "1000", "1000"]  # type: ignore[attr-defined]
    assert {one["code"] for one in told["imbalances"]} >= {"CUSTODY-008"}  # type: ignore[attr-defined]


AMOUNTS = st.integers(1, 2_000_000)
METALS = st.builds(
    MetalReport,
    where=st.just(MINE),
    ore=st.sampled_from(["Copper ore", "Copper concentrate", "Oxide"]),
    metal=st.sampled_from(["Copper", "Gold"]),
    mass_mg=st.one_of(st.none(), AMOUNTS),
    grade=st.one_of(st.none(), st.fractions(Fraction(1, 1000), 1)),
    recovery=st.one_of(st.none(), st.fractions(0, 2)),
    share=st.sampled_from([Fraction(1), Fraction(1, 2)]),
    at=st.just(AT),
)
ORES = st.builds(
    replace,
    st.sampled_from([ORE, CONCENTRATE, replace(ORE, name="Oxide")]),
    mass_mg=AMOUNTS,
    share=st.sampled_from([Fraction(1), Fraction(1, 2)]),
)


@given(st.lists(ORES, max_size=5), st.lists(METALS, max_size=8))
def test_every_line_becomes_a_chain_or_a_reason_and_no_milligram_appears(
    ores: list[OreReport], metals: list[MetalReport]
) -> None:
    one = replay_production(ores, metals)
    assert one.chains + len(one.left_out) == len(metals)
    gained = {f.facts["event"] for f in one.imbalances if f.code.startswith("CUSTODY")}
    for event in one.replay.events:
        content_in = sum(row.content_mg for row in event.inputs)
        content_out = sum(row.content_mg for row in event.outputs)
        if event.inputs and event.id not in gained:
            assert content_out <= content_in
