"""What each act does to what may be said: with lots, and in accounts."""

import pytest

from core.custody.accounting.acts import (
    BLEND,
    TRANSFORM,
    WHOLE,
    G,
    melt,
    metal,
    terms,
)
from core.custody.accounting.made_up import (
    CB,
    MB,
    NORTH,
    TRADER,
    books,
    carried,
    codes,
    makes,
    mined,
    moves,
    takes,
)
from core.custody.accounting.test_conversions import factor
from stannary.core.custody import (
    Kind,
    Method,
    Model,
    Row,
    SourceKind,
    total_mg,
)

# Lots


def test_material_carries_where_it_comes_from_and_loses_it_with_what_is_lost() -> None:
    kept = books(
        WHOLE,
        takes("E2", "2026-02-01", Kind.LOSS, "L1", G),
        takes("E3", "2026-02-02", TRANSFORM, "L1", 9 * G),
        makes("E3", "2026-02-02", TRANSFORM, "M1", 6 * G, model=MB),
        makes("E3", "2026-02-02", TRANSFORM, "M2", 2 * G, model=MB),
    )

    assert codes(kept) == []
    assert (carried(kept, "M1"), carried(kept, "M2")) == (6 * G, 2 * G)
    assert terms(kept) == {"produced": 10 * G, "lost": 2 * G}


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (Kind.PRODUCE, {}, {NORTH: 5}),
        (Kind.PRODUCE, {"attestation": ""}, {}),
        (Kind.PURCHASE, {"attestation": ""}, {}),
        (
            Kind.RECYCLE,
            {"attestation": ""},
            {NORTH._replace(attestation="", kind=SourceKind.RECYCLED): 5},
        ),
    ],
)
def test_what_is_bought_or_not_attested_carries_nothing_and_scrap_stands_apart(
    kind: Kind, fields: dict[str, str], expected: dict[object, int]
) -> None:
    kept = books(makes("E1", "2026-01-05", kind, "L1", 5, **{"attestation": "urn:north", **fields}))

    assert kept.carried.get("L1", {}) == expected


def test_a_lot_takes_what_it_carries_along_when_it_is_shipped() -> None:
    sent = [WHOLE, moves("E2", "2026-02-01", Kind.SHIP, "L1", 10 * G)]
    here = [*sent, moves("E3", "2026-03-01", Kind.RECEIVE, "L1", 10 * G, entity=TRADER)]

    assert terms(books(*sent)) == {"produced": 10 * G, "shipped": 10 * G}
    assert terms(books(*here), TRADER) == {"received": 10 * G}
    assert carried(books(*here), "L1") == 10 * G


def test_who_uses_or_receives_what_it_does_not_hold_is_told_and_the_sums_stay_right() -> None:
    stolen = books(WHOLE, takes("E2", "2026-02-01", Kind.LOSS, "L1", 4 * G, entity=TRADER))
    taken = books(WHOLE, moves("E2", "2026-02-01", Kind.RECEIVE, "L1", 10 * G, entity=TRADER))
    own = books(WHOLE, moves("E2", "2026-02-01", Kind.RECEIVE, "L1", 10 * G))
    moving = books(
        WHOLE,
        moves("E2", "2026-02-01", Kind.SHIP, "L1", 10 * G),
        takes("E3", "2026-02-02", Kind.LOSS, "L1", 4 * G, entity=TRADER),
    )

    assert codes(stolen) == codes(moving) == ["CUSTODY-012"]
    assert codes(taken) == codes(own) == ["CUSTODY-013"]
    assert terms(stolen) == {"produced": 10 * G, "shipped": 4 * G}
    assert terms(stolen, TRADER) == {"received": 4 * G, "lost": 4 * G}
    assert terms(taken, TRADER) == {"received": 10 * G}
    assert terms(own) == {"produced": 10 * G}
    assert terms(moving, TRADER) == {"received": 4 * G, "lost": 4 * G}


def test_a_controlled_blend_tells_its_measured_share() -> None:
    kept = books(
        WHOLE,
        makes("E2", "2026-01-06", Kind.PURCHASE, "U1", 190 * G, material="ore"),
        takes("E3", "2026-02-01", BLEND, "L1", 10 * G, model=CB),
        takes("E3", "2026-02-01", BLEND, "U1", 190 * G, model=CB),
        makes("E3", "2026-02-01", BLEND, "B1", 200 * G, model=MB),
    )
    assert kept.blends == ()

    for other, found in ((G, ["CUSTODY-085"]), (0, [])):
        rows = [
            mined("E1", "2026-01-05", "L1", 10 * G, model=CB),
            makes("E2", "2026-01-06", Kind.PURCHASE, "U1", 190 * G + other, material="ore"),
            takes("E3", "2026-02-01", BLEND, "L1", 10 * G),
            takes("E3", "2026-02-01", BLEND, "U1", 190 * G + other),
            makes("E3", "2026-02-01", BLEND, "B1", 200 * G + other, model=CB),
        ]
        kept = books(*rows)
        assert codes(kept) == found
        assert [(one.lot, one.assured_mg) for one in kept.blends] == [("B1", 10 * G)]


# Accounts of mass balance


@pytest.mark.parametrize(
    ("content", "given", "found"), [(9_999, 9_999, 0), (10_000, 10_000, 0), (10_001, 0, 1)]
)
def test_an_account_gives_chosen_outputs_what_came_in(content: int, given: int, found: int) -> None:
    other = makes("E3", "2026-02-02", Kind.PURCHASE, "U1", 10_001, material="ore")
    kept = books(
        *melt(metal("M1", 10_000, account="", model=MB)),
        other,
        takes("E4", "2026-03-01", TRANSFORM, "U1", content),
        metal("M2", content, "E4", "2026-03-01"),
    )

    assert codes(kept) == ["CUSTODY-080"] * found
    assert (carried(kept, "M1"), carried(kept, "M2")) == (0, given)


def test_the_same_tonnes_are_not_said_of_what_went_in_and_of_what_an_account_gives() -> None:
    kept = books(*melt(metal("M1", 6 * G), metal("M2", 4 * G, account="")))

    assert (carried(kept, "M1"), carried(kept, "M2")) == (6 * G, 0)
    assert total_mg(kept.statements[0].closing) == 4 * G
    assert terms(kept) == {"produced": 10 * G}


def test_what_went_in_beside_an_account_is_not_said_of_its_outputs_again() -> None:
    rows = melt(
        mined("E3", "2026-01-05", "L3", 10 * G, model=MB),
        takes("E2", "2026-02-01", TRANSFORM, "L3", 10 * G),
        metal("M1", 10 * G),
        metal("M2", 10 * G, account=""),
    )
    kept = books(*rows)

    assert (carried(kept, "M1"), carried(kept, "M2")) == (10 * G, 5 * G)
    assert terms(kept) == {"produced": 20 * G, "lost": 5 * G}


def test_what_the_process_took_does_not_enter() -> None:
    kept = books(*melt(metal("M1", 7 * G)))

    assert (carried(kept, "M1"), codes(kept)) == (7 * G, [])
    assert (total_mg(kept.statements[0].entered), kept.statements[0].content_in_mg) == (
        7 * G,
        7 * G,
    )
    assert terms(kept) == {"produced": 10 * G, "lost": 3 * G}


def test_several_inputs_enter_exactly_what_comes_out() -> None:
    rows = [
        *(mined(f"E{n}", "2026-01-05", f"L{n}", 10, model=MB) for n in (1, 2, 3)),
        *(takes("E9", "2026-02-01", TRANSFORM, f"L{n}", 10, account="north") for n in (1, 2, 3)),
        metal("M1", 29, "E9"),
    ]
    kept = books(*rows)

    assert kept.statements[0].content_in_mg == 29
    assert (codes(kept), carried(kept, "M1")) == ([], 29)
    assert total_mg(kept.statements[0].entered) == 29


APPROVED = {"conversion_factor_source": "approved"}


def test_an_approved_factor_converts_what_enters() -> None:
    kept = books(*melt(metal("M1", 9 * G)), factors=[factor("0.95")], constants=APPROVED)

    assert (carried(kept, "M1"), codes(kept)) == (9 * G, [])
    assert total_mg(kept.statements[0].entered) == 9_500
    assert kept.statements[0].content_in_mg == 9_500
    assert terms(kept) == {"produced": 10 * G, "lost": 500}


def test_without_an_approved_factor_nothing_enters() -> None:
    kept = books(*melt(metal("M1", 9 * G)), constants=APPROVED)

    assert codes(kept) == ["CUSTODY-078", "CUSTODY-080"]
    assert kept.findings[0].facts["event"] == "E2"
    assert terms(kept) == {"produced": 10 * G, "set_apart": 10 * G}


def test_a_site_and_a_group_of_sites_are_different_accounts() -> None:
    kept = books(
        *melt(metal("M1", 10 * G, account=""), account="group"),
        makes("E3", "2026-02-02", Kind.PURCHASE, "U1", 10 * G, material="ore"),
        takes("E4", "2026-03-01", TRANSFORM, "U1", 10 * G),
        metal("M2", 5 * G, "E4", "2026-03-01", account="group", site="elsewhere"),
        metal("M3", 5 * G, "E4", "2026-03-01", account="elsewhere", site="elsewhere"),
    )

    assert (carried(kept, "M2"), carried(kept, "M3")) == (5 * G, 0)
    assert codes(kept) == ["CUSTODY-080"]
    assert [one.key.boundary for one in kept.statements] == ["elsewhere", "group"]


def test_under_the_average_every_output_carries_the_same_share() -> None:
    rows = [
        WHOLE,
        makes("E2", "2026-01-06", Kind.PURCHASE, "U1", 30 * G, material="ore"),
        takes("E3", "2026-02-01", BLEND, "L1", 10 * G, account="north"),
        takes("E3", "2026-02-01", BLEND, "U1", 30 * G, account="north"),
        makes("E3", "2026-02-01", BLEND, "B1", 20 * G, account="north", model=MB),
        makes("E3", "2026-02-01", BLEND, "B2", 20 * G, account="north", model=MB),
    ]
    kept = books(*rows, method=Method.ROLLING_AVERAGE)

    assert codes(kept) == []
    assert (carried(kept, "B1"), carried(kept, "B2")) == (5 * G, 5 * G)


@pytest.mark.parametrize(
    "wrong",
    [
        melt(metal("M1", 10 * G, model=Model.SEGREGATED)),
        melt(metal("M1", 10 * G, model=None)),
        melt(metal("M1", 5 * G), metal("M2", 5 * G, material="slag")),
        [WHOLE, moves("E2", "2026-02-01", Kind.SHIP, "L1", 10 * G, account="north")],
        [mined("E1", "2026-01-05", "L1", 10 * G, account="north")],
        [WHOLE, takes("E2", "2026-02-01", Kind.LOSS, "L1", 10 * G, account="north")],
        [
            WHOLE,
            takes("E2", "2026-02-01", Kind.SPLIT, "L1", 10 * G, account="north"),
            makes("E2", "2026-02-01", Kind.SPLIT, "L2", 10 * G),
        ],
    ],
)
def test_only_mass_balance_has_accounts(wrong: list[Row]) -> None:
    kept = books(*wrong)

    assert "CUSTODY-082" in codes(kept)
    assert kept.statements == ()


@pytest.mark.parametrize(
    ("constant", "found"),
    [
        ("mass_balance_methods", ["CUSTODY-070", "CUSTODY-070"]),
        ("balance_period_months", ["CUSTODY-070", "CUSTODY-070"]),
        ("balance_opening_and_closing", ["CUSTODY-070", "CUSTODY-070"]),
        ("conversion_factor_source", ["CUSTODY-070", "CUSTODY-080"]),
        ("credit_life_months", []),
        ("controlled_blending_min_share", []),
        ("balance_carry_over", []),
    ],
)
def test_a_constant_that_is_not_known_stops_what_needs_it_and_nothing_else(
    constant: str, found: list[str]
) -> None:
    kept = books(*melt(metal("M1", 10 * G)), constants={constant: None})

    assert codes(kept) == found
    assert carried(kept, "M1") == (0 if found else 10 * G)


def test_a_carry_over_that_is_not_known_is_told_when_a_period_ends() -> None:
    kept = books(
        *melt(metal("M1", 9 * G)), as_of="2027-01-01", constants={"balance_carry_over": None}
    )

    assert codes(kept) == ["CUSTODY-070"]


def test_a_method_that_the_pack_does_not_have_is_refused() -> None:
    kept = books(
        *melt(metal("M1", 10 * G)),
        method=Method.CREDIT,
        constants={"mass_balance_methods": "rolling_average"},
    )

    assert codes(kept) == ["CUSTODY-071", "CUSTODY-071"]


LATER = {"overdraft_tolerance": "within_period"}
EARLY = [
    makes("E0", "2026-01-02", Kind.PURCHASE, "U1", 10 * G, material="ore"),
    takes("E3", "2026-01-03", TRANSFORM, "U1", 10 * G),
    metal("M0", 10 * G, "E3", "2026-01-03"),
]
LATE = melt(metal("M1", 10 * G, account=""))


def test_an_output_waits_for_later_input_where_the_pack_allows_it() -> None:
    kept = books(*EARLY, *LATE, constants=LATER)

    assert (codes(kept), carried(kept, "M0")) == ([], 10 * G)
    assert books(*EARLY, constants=LATER).statements[0].deficit_mg == 10 * G


@pytest.mark.parametrize("there", [False, True])
def test_an_output_that_was_shipped_meanwhile_gets_it_where_it_is(there: bool) -> None:
    rows = [*EARLY, moves("E4", "2026-01-10", Kind.SHIP, "M0", 10 * G)]
    if there:
        rows.append(moves("E5", "2026-01-11", Kind.RECEIVE, "M0", 10 * G, entity=TRADER))
    kept = books(*rows, *LATE, constants=LATER)

    assert (codes(kept), carried(kept, "M0")) == ([], 10 * G)
    assert terms(kept)["shipped"] == 10 * G
    assert terms(kept, TRADER) == ({"received": 10 * G} if there else {})


def test_an_output_that_was_used_meanwhile_gets_nothing() -> None:
    used = takes("E4", "2026-01-10", Kind.LOSS, "M0", G, material="metal")
    kept = books(*EARLY, used, *LATE, constants=LATER)

    assert (codes(kept), carried(kept, "M0")) == (["CUSTODY-081"], 0)


@pytest.mark.parametrize(
    ("word", "account", "found"),
    [
        ("site", "north", []),
        ("site", "north group", ["CUSTODY-082"]),
        ("group", "north group", []),
        ("planet", "north", ["CUSTODY-071", "CUSTODY-082"]),
        (None, "north", ["CUSTODY-070", "CUSTODY-082"]),
    ],
)
def test_a_pack_may_bind_an_account_to_its_site(
    word: str | None, account: str, found: list[str]
) -> None:
    rows = melt(metal("M1", 4 * G, account=account), account=account)
    kept = books(*rows, constants={"balance_boundary": word})

    assert codes(kept) == found
    assert carried(kept, "M1") == 4 * G
    assert [one.key.boundary for one in kept.statements] == ([] if found else [account])
