"""Models: what a lot may be called, given what it is made of."""

import pytest

from core.custody.replays import codes, facts, make, move, use
from stannary.core.custody import CustodyRules, Kind, Model, Row, replay

BLEND = Kind.BLEND
IP, SG, CB, MB, BC = Model
NORTH, SOUTH = "example-north-mine", "example-south-mine"


def blend(model: Model | None, *inputs: Row) -> list[Row]:
    """All of some lots become lot X."""
    total = sum(one.mass_mg for one in inputs)
    used = [use("E9", BLEND, one.lot, one.mass_mg) for one in inputs]
    return [*inputs, *used, make("E9", BLEND, "X", total, model=model)]


def source(lot: str, kind: Kind = Kind.PRODUCE, **fields: object) -> Row:
    return make(f"E{lot[1:]}", kind, lot, 10, **fields)


NORTH_1 = source("L1", site=NORTH)
NORTH_2 = source("L2", site=NORTH, attestation="urn:example:2")
SOUTH_3 = source("L3", site=SOUTH)
BARE_4 = source("L4", site=NORTH, attestation="")
RECYCLED_5 = source("L5", Kind.RECYCLE)
BOUGHT_6 = source("L6", Kind.PURCHASE, attestation="urn:example:6")


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([NORTH_1], []),
        ([NORTH_1, NORTH_2], []),
        ([NORTH_1, BARE_4], []),
        ([NORTH_1, SOUTH_3], ["CUSTODY-014"]),
        ([NORTH_1, NORTH_2, SOUTH_3], ["CUSTODY-014"]),
        ([NORTH_1, RECYCLED_5], ["CUSTODY-014"]),
        ([NORTH_1, BOUGHT_6], ["CUSTODY-014"]),
        ([RECYCLED_5], ["CUSTODY-014"]),
        ([NORTH_1, SOUTH_3, BOUGHT_6], ["CUSTODY-014", "CUSTODY-014"]),
    ],
)
def test_identity_preserved_material_comes_from_exactly_one_site(
    inputs: list[Row], expected: list[str]
) -> None:
    assert codes(*blend(IP, *inputs)) == expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ([NORTH_1], []),
        ([NORTH_1, NORTH_2, SOUTH_3], []),
        ([NORTH_1, BARE_4], ["CUSTODY-015"]),
        ([SOUTH_3, RECYCLED_5], ["CUSTODY-015"]),
        ([SOUTH_3, BOUGHT_6], ["CUSTODY-015"]),
        ([BARE_4, BOUGHT_6], ["CUSTODY-015", "CUSTODY-015"]),
    ],
)
def test_every_origin_of_segregated_material_names_an_attestation(
    inputs: list[Row], expected: list[str]
) -> None:
    assert codes(*blend(SG, *inputs)) == expected


@pytest.mark.parametrize("model", [CB, MB, BC, None])
def test_a_weaker_model_may_mix_everything(model: Model | None) -> None:
    assert codes(*blend(model, NORTH_1, SOUTH_3, BARE_4, RECYCLED_5, BOUGHT_6)) == []


def test_the_facts_name_the_sites_or_what_came_from_outside() -> None:
    assert facts(*blend(IP, NORTH_1, SOUTH_3, BOUGHT_6)) == [
        {"lot": "X", "event": "E9", "sites": f"{NORTH}, {SOUTH}"},
        {"lot": "X", "event": "E9", "part_from": "purchase"},
    ]
    assert facts(*blend(SG, BARE_4, RECYCLED_5)) == [
        {"lot": "X", "event": "E9", "site": NORTH},
        {"lot": "X", "event": "E9", "part_from": "recycle"},
    ]


@pytest.mark.parametrize(
    ("kind", "model", "expected"),
    [
        (Kind.PRODUCE, IP, []),
        (Kind.PURCHASE, IP, ["CUSTODY-014"]),
        (Kind.RECYCLE, IP, ["CUSTODY-014"]),
        (Kind.PRODUCE, SG, []),
        (Kind.PURCHASE, SG, ["CUSTODY-015"]),
        (Kind.RECYCLE, SG, ["CUSTODY-015"]),
        (Kind.PURCHASE, CB, []),
    ],
)
def test_a_source_is_held_to_its_model_too(kind: Kind, model: Model, expected: list[str]) -> None:
    assert codes(source("L1", kind, model=model)) == expected


def test_mined_material_without_attestation_is_not_segregated() -> None:
    assert codes(source("L1", model=SG, attestation="")) == ["CUSTODY-015"]


@pytest.mark.parametrize("before", list(Model))
@pytest.mark.parametrize("after", list(Model))
def test_material_never_passes_to_a_stronger_model(before: Model, after: Model) -> None:
    expected = ["CUSTODY-016"] if after.rank < before.rank else []

    assert codes(*blend(after, source("L1", model=before))) == expected


def test_the_weakest_input_decides_what_the_output_may_be() -> None:
    rows = blend(CB, source("L1", model=CB), source("L2", model=MB), source("L3"))

    assert facts(*rows) == [
        {"lot": "X", "event": "E9", "model": "controlled_blending", "before": "mass_balance"}
    ]


def test_a_pack_may_allow_models_to_rise() -> None:
    rows = blend(CB, source("L1", model=MB))

    assert codes(*rows, rules=CustodyRules(model_upgrade_allowed=True)) == []
    bought = blend(IP, source("L1", Kind.PURCHASE, model=MB))
    assert codes(*bought, rules=CustodyRules(model_upgrade_allowed=True)) == ["CUSTODY-014"]


def test_a_use_may_name_a_weaker_model_for_the_part_used() -> None:
    rows = [
        source("L1", model=IP),
        use("E8", BLEND, "L1", 4, model=MB),
        make("E8", BLEND, "Y", 4, model=CB),
        use("E9", BLEND, "L1", 6),
        make("E9", BLEND, "X", 6, model=IP),
    ]

    assert facts(*rows) == [
        {"lot": "Y", "event": "E8", "model": "controlled_blending", "before": "mass_balance"}
    ]


def test_a_move_lowers_the_model_for_good_and_never_raises_it() -> None:
    rows = [
        source("L1", model=SG),
        move("E2", Kind.SHIP, "L1", 10, model=CB),
        move("E3", Kind.RECEIVE, "L1", 10, model=SG),
        use("E4", BLEND, "L1", 4),
        make("E4", BLEND, "X", 4, model=SG),
    ]

    assert codes(*rows) == ["CUSTODY-016", "CUSTODY-016"]
    assert [one.model for one in replay(rows).holdings] == [CB, SG]


@pytest.mark.parametrize(("after", "found"), [(CB, ["CUSTODY-016"]), (MB, []), (BC, [])])
def test_leaving_the_model_out_once_raises_nothing(after: Model, found: list[str]) -> None:
    rows = [
        *blend(None, source("L1", model=MB)),
        use("E10", BLEND, "X", 4),
        make("E10", BLEND, "Y", 4, model=after),
        move("E11", Kind.SHIP, "X", 6, model=after),
    ]

    assert codes(*rows) == [*found, *found]
    assert replay(rows).holdings[0].model is after


def test_a_row_that_uses_or_moves_is_held_to_the_model_it_names() -> None:
    rows = [
        source("L1", Kind.PURCHASE),
        move("E2", Kind.SHIP, "L1", 10, model=SG),
        move("E3", Kind.RECEIVE, "L1", 10),
        use("E4", Kind.LOSS, "L1", 1, model=IP),
    ]

    assert codes(*rows) == ["CUSTODY-015", "CUSTODY-016", "CUSTODY-014"]


def test_lots_that_are_unknown_or_made_later_do_not_speak_of_models() -> None:
    rows = [
        use("E1", BLEND, "L9", 5, model=IP),
        use("E1", BLEND, "L8", 5, model=IP),
        make("E1", BLEND, "X", 10, model=IP),
        move("E2", Kind.SHIP, "L8", 5, model=SG),
        make("E3", Kind.PURCHASE, "L9", 5),
    ]

    assert codes(*rows) == ["CUSTODY-003", "CUSTODY-004", "CUSTODY-003"]


def test_a_credit_has_no_model_to_check_and_a_second_maker_none_to_give() -> None:
    rows = [
        source("L1", model=MB),
        make("E2", Kind.BOOK, "L1", 10, model=IP),
        make("E3", Kind.PURCHASE, "L1", 10, model=IP),
    ]

    assert codes(*rows) == ["CUSTODY-017", "CUSTODY-001"]
    assert replay(rows).holdings[0].model is MB
