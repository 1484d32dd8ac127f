"""What may be said of what a site blended: the measured share, whole periods, and who may say it."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from core.claims.lots import ACHIEVEMENTS, CLAIM, DAY, EDITION, PACK, ROWS, constant, row, words
from refusals import refused_by
from stannary.core.claims import (
    Blended,
    Blending,
    Claim,
    blended_in,
    blends_text,
    check_claim,
    check_site_claim,
    claim_sentences,
    claimable_period,
)
from stannary.core.custody import (
    BalancePeriod,
    CertificateChange,
    CertificateScope,
    CertificateStatus,
    CustodyCertificate,
    EntityKind,
    Kind,
    Model,
    Row,
    Side,
    Source,
    calendar_period,
    events_of,
)
from stannary.core.kernel import InvariantError
from stannary.core.provenance import trace
from stannary.core.standards import Edition, Level

TEXT = (
    "{first_day} {last_day} {share} of the {element} in {material} that {entity} blended at {facility} "
    "came from mines at {level}."
)
BLENDED_ONLY = (Model.CONTROLLED_BLENDING,)
CONSTANTS = {
    "controlled_blending_min_share": "0.05",
    "balance_period_months": "12",
    "balance_opening_and_closing": "calendar",
}


def pack(**changed: str | None) -> Edition:
    values: dict[str, Any] = {**CONSTANTS, **changed}
    values["balance_period_months"] = int(values["balance_period_months"])
    own = {name: constant(name, value) for name, value in values.items()}
    return replace(
        PACK,
        parameters=dict(PACK.parameters) | own,
        claims=(
            *PACK.claims,
            words("SITE", "0.1", BLENDED_ONLY, en=TEXT, fr=f"{TEXT} Moyenne."),
            words("SITE-ELSE", "0.1", (Model.SEGREGATED,), en=TEXT),
            words("SITE-OPEN", None, BLENDED_ONLY, en=TEXT),
        ),
    )


OVER = calendar_period(DAY(2026, 2, 1), 12)
SITE_CLAIM = replace(
    CLAIM,
    lot="",
    wording="SITE",
    made_on=DAY(2027, 1, 1),
    valid_until=DAY(2028, 1, 1),
    blending=Blending("works", "concentrate", OVER),
)
CERTIFICATE = CustodyCertificate(
    id="urn:coc-1",
    entity="Example Works",
    kind=EntityKind.REFINER,
    pack=PACK.id,
    scope=CertificateScope(
        frozenset({"works"}), frozenset({"concentrate"}), frozenset(BLENDED_ONLY)
    ),
    valid_from=DAY(2026, 1, 1),
    valid_until=DAY(2028, 1, 1),
)
NORTH, SOUTH = (
    Source(DAY(2026, 2, 1), "north", "north-1"),
    Source(DAY(2026, 2, 1), "south", "south-1"),
)
GIVEN = {"L": {NORTH: 375 * 10**6, SOUTH: 500 * 10**6}}


def measured(claim: Claim = SITE_CLAIM, rows: Iterable[Row] = ROWS) -> Blended:
    assert claim.blending is not None
    about = claim.blending
    return blended_in(
        events_of(tuple(rows)), entity=claim.made_by, site=about.facility, period=about.period
    )


def codes(claim: Claim = SITE_CLAIM, rows: Iterable[Row] = ROWS, **change: Any) -> list[str]:
    given: dict[str, Any] = {
        "given": GIVEN,
        "achievements": ACHIEVEMENTS,
        "edition": EDITION,
        "custody_pack": pack(),
        "certificates": [CERTIFICATE],
        **change,
    }
    return [one.code for one in check_site_claim(claim, blended=measured(claim, rows), **given)]


def over(begin: datetime.date, end: datetime.date, **change: Any) -> Claim:
    return replace(
        SITE_CLAIM, blending=Blending("works", "concentrate", BalancePeriod(begin, end)), **change
    )


@pytest.mark.parametrize(
    ("share", "found"),
    [("0.374", []), ("0.375", []), ("0.376", ["CLAIM-013"])],
)
def test_at_most_the_measured_share_is_claimed(share: str, found: list[str]) -> None:
    assert codes(replace(SITE_CLAIM, share=Fraction(share))) == found


def test_a_claim_beyond_the_measured_share_says_what_was_measured() -> None:
    (finding,) = check_site_claim(
        replace(SITE_CLAIM, share=Fraction("0.4")),
        blended=measured(),
        given=GIVEN,
        achievements=ACHIEVEMENTS,
        edition=EDITION,
        custody_pack=pack(),
        certificates=[CERTIFICATE],
    )

    assert finding.message == (
        "CLAIM-013: A claim on what a site blended says no more than was measured there: the share, of "
        "all that it blended in the period, from mines at the level or better. Here: facility=works, "
        "material=concentrate, period=2026-01-01/2027-01-01, level=L-75, claimed=0.4, measured=0.375. "
        "Claim the share that was measured, or a lower level."
    )


def test_what_the_books_do_not_give_counts_for_nothing() -> None:
    """So it is with what was blended under a pilot, or without a certificate."""
    assert codes(given={}) == ["CLAIM-013"]
    assert codes(given={"L": {NORTH: 375 * 10**6 - 1}}) == ["CLAIM-013"]


@pytest.mark.parametrize("material", ["concentrate", "ore"])
def test_the_batches_of_one_material_count_alone(material: str) -> None:
    other = (
        row("U2", Kind.PURCHASE, "V", Side.OUT, 1000, material=material),
        row("V1", Kind.BLEND, "V", Side.IN, 1000, material=material),
        row("V1", Kind.BLEND, "W", Side.OUT, 1000, material=material),
    )
    later = tuple(replace(one, at=one.at.replace(hour=13)) for one in other)

    # 375 of 1,000, or of 2,000
    assert codes(rows=(*ROWS, *later)) == (["CLAIM-013"] if material == "concentrate" else [])
    found = measured(rows=(*ROWS, *later))
    assert [one.lot for one in found.made] == ["L", "W"]
    assert (
        found.of("concentrate").content_mg == (2000 if material == "concentrate" else 1000) * 10**6
    )


def test_the_rules_of_the_pack_for_levels_of_a_mix_count_here_too() -> None:
    """The batch is made of L-75, L-50 and unknown material: its lowest level is none."""
    claim = replace(SITE_CLAIM, level="L-50")

    assert codes(claim) == []
    assert codes(claim, custody_pack=pack(level_of_mix="lowest")) == ["CLAIM-013"]


def test_where_nothing_was_blended_nothing_is_claimed() -> None:
    elsewhere = replace(SITE_CLAIM, blending=Blending("mill", "concentrate", OVER))

    assert codes(elsewhere) == ["CLAIM-013"]


@pytest.mark.parametrize(
    ("share", "least", "found"),
    [
        ("0.199", "0.2", ["CLAIM-014"]),
        ("0.2", "0.2", []),
        ("0.201", "0.2", []),
        ("0.2", None, ["CLAIM-014"]),
        ("0.099", "0.05", ["CLAIM-003"]),  # the words ask for more than the pack
        ("0.1", "0.05", []),
    ],
)
def test_at_least_the_smallest_share_is_claimed(
    share: str, least: str | None, found: list[str]
) -> None:
    custody_pack = pack(controlled_blending_min_share=least)

    assert codes(replace(SITE_CLAIM, share=Fraction(share)), custody_pack=custody_pack) == found


def test_a_pack_without_a_smallest_share_lets_nothing_be_said_of_a_site() -> None:
    own = pack()
    bare = {name: one for name, one in own.parameters.items() if not name.startswith("controlled")}

    assert codes(custody_pack=replace(own, parameters=bare)) == ["CLAIM-014"]


FIRST, NEXT = OVER.valid_from, OVER.valid_until


@pytest.mark.parametrize(
    ("end", "made_on", "valid_until", "found"),
    [
        (NEXT, DAY(2026, 12, 31), NEXT, ["CLAIM-015"]),  # the last day is not over
        (NEXT, NEXT, DAY(2030, 1, 1), []),
        (DAY(2026, 12, 31), DAY(2026, 12, 31), NEXT, []),  # until the day of the claim
        (DAY(2026, 12, 31), DAY(2026, 12, 31), DAY(2027, 1, 2), ["CLAIM-015"]),  # outlives it
        (DAY(2026, 12, 30), DAY(2026, 12, 31), NEXT, ["CLAIM-015"]),  # the last day left out
        (DAY(2026, 12, 31), DAY(2026, 12, 30), NEXT, ["CLAIM-015"]),  # a day ahead
        (DAY(2026, 12, 31), NEXT, DAY(2028, 1, 1), ["CLAIM-015"]),  # over, and a day left out
        (DAY(2027, 1, 2), DAY(2027, 1, 2), DAY(2027, 6, 1), ["CLAIM-015"]),  # two periods
    ],
)
def test_a_claim_is_about_a_whole_period_or_from_its_first_day_until_today(
    end: datetime.date, made_on: datetime.date, valid_until: datetime.date, found: list[str]
) -> None:
    assert codes(over(FIRST, end, made_on=made_on, valid_until=valid_until)) == found


@pytest.mark.parametrize(
    ("begin", "end", "made_on"),
    [
        (DAY(2026, 1, 2), NEXT, NEXT),
        (DAY(2026, 1, 2), DAY(2026, 3, 1), DAY(2026, 3, 1)),
        (DAY(2025, 12, 31), DAY(2026, 1, 1), DAY(2026, 3, 1)),
    ],
)
def test_a_claim_leaves_no_day_out_at_the_beginning(
    begin: datetime.date, end: datetime.date, made_on: datetime.date
) -> None:
    claim = over(
        begin, end, made_on=made_on, valid_until=DAY(2026, 12, 1).replace(year=end.year + 1)
    )

    assert "CLAIM-015" in codes(claim)


def test_on_the_first_day_of_a_period_nothing_of_it_is_claimed() -> None:
    assert "CLAIM-015" in codes(over(FIRST, FIRST, made_on=FIRST, valid_until=NEXT))


def test_what_may_be_claimed_of_a_period_ends_with_it_or_with_the_day() -> None:
    assert claimable_period(DAY(2026, 7, 1), DAY(2026, 7, 1), pack()) == BalancePeriod(
        FIRST, DAY(2026, 7, 1)
    )
    assert claimable_period(DAY(2026, 7, 1), DAY(2027, 7, 1), pack()) == OVER


@pytest.mark.parametrize("name", ["balance_period_months", "balance_opening_and_closing"])
def test_a_pack_that_does_not_know_its_periods_refuses(name: str) -> None:
    own = pack()
    unknown = dict(own.parameters) | {name: constant(name, None)}

    assert codes(custody_pack=replace(own, parameters=unknown)) == ["CUSTODY-070"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"pilot": True}, ["CLAIM-016"]),
        ({"entity": "Example Mill"}, ["CLAIM-016"]),
        ({"pack": "stannary/another/1"}, ["CLAIM-016"]),
        ({"scope": replace(CERTIFICATE.scope, sites=frozenset({"mill"}))}, ["CLAIM-016"]),
        ({"scope": replace(CERTIFICATE.scope, materials=frozenset({"ore"}))}, ["CLAIM-016"]),
        (
            {"scope": replace(CERTIFICATE.scope, models=frozenset({Model.SEGREGATED}))},
            ["CLAIM-016"],
        ),
        ({"valid_from": DAY(2027, 1, 2)}, ["CLAIM-016"]),  # from the day after the claim
        ({"valid_from": DAY(2027, 1, 1)}, []),
        (
            {"valid_until": DAY(2027, 1, 1)},
            ["CLAIM-016"],
        ),  # the day of the claim is the first without
        ({"valid_until": DAY(2027, 1, 2)}, []),
    ],
)
def test_only_under_a_certificate_of_site_material_and_model(
    change: dict[str, Any], found: list[str]
) -> None:
    assert codes(certificates=[replace(CERTIFICATE, **change)]) == found


def test_nothing_is_said_while_a_certificate_is_suspended() -> None:
    change = CertificateChange(DAY(2027, 1, 1), CertificateStatus.SUSPENDED, "made up")

    suspended = [replace(CERTIFICATE, changes=(change,))]
    assert codes(certificates=suspended) == ["CLAIM-016"]
    assert codes(certificates=suspended, covered_on=DAY(2026, 12, 31)) == []
    assert codes(covered_on=DAY(2028, 1, 1)) == ["CLAIM-016"]  # it ended since
    assert codes(certificates=[]) == ["CLAIM-016"]


def test_whoever_did_not_blend_claims_nothing() -> None:
    given: dict[str, Any] = {
        "given": GIVEN,
        "achievements": ACHIEVEMENTS,
        "edition": EDITION,
        "custody_pack": pack(),
        "certificates": [CERTIFICATE],
    }
    other = replace(SITE_CLAIM, made_by="Example Mill")

    assert [one.code for one in check_site_claim(other, blended=measured(), **given)] == [
        "CLAIM-016"
    ]


@pytest.mark.parametrize("wording", ["SHARE", "SITE-ELSE", "SITE-OPEN", "NONE"])
def test_only_words_about_sites_under_controlled_blending_are_used(wording: str) -> None:
    assert codes(replace(SITE_CLAIM, wording=wording)) == ["CLAIM-003"]


def test_words_about_sites_are_not_used_of_a_lot() -> None:
    claim = replace(CLAIM, wording="SITE", share=Fraction(3, 8))
    found = check_claim(
        claim,
        trace=trace(events_of(ROWS), "L"),
        achievements=ACHIEVEMENTS,
        edition=EDITION,
        custody_pack=pack(),
    )

    assert [one.code for one in found] == ["CLAIM-003"]
    assert found[0].facts == {"words": "SITE", "speak_of": "what a site blended", "lot": "L"}
    assert claim_sentences(claim, pack())["en"].startswith("{first_day} {last_day} 37.5 %")


def test_a_level_of_another_edition_or_one_that_says_nothing_is_not_named() -> None:
    public = replace(EDITION, levels=(Level("L-P", "P", "", None, None, None), *EDITION.levels))
    excluded = pack(transparency_level_in_claims="excluded")

    assert codes(replace(SITE_CLAIM, level="L-100")) == ["CLAIM-002"]
    assert codes(replace(SITE_CLAIM, level="L-P"), edition=public, custody_pack=excluded) == [
        "CLAIM-012"
    ]


def test_the_form_of_a_claim_is_checked_as_that_of_a_lot() -> None:
    bad = replace(
        SITE_CLAIM,
        element="",
        share=Fraction(2),
        valid_until=SITE_CLAIM.made_on,
        blending=Blending("works", "concentrate", OVER),
    )

    assert codes(bad) == ["CLAIM-005", "CLAIM-006", "CLAIM-008", "CLAIM-013"]
    assert codes(custody_pack=replace(pack(), kind="assurance")) == ["CLAIM-009"]
    assert codes(custody_pack=replace(pack(), in_force_from=DAY(2027, 1, 2))) == ["CLAIM-011"]
    unnamed = replace(SITE_CLAIM, blending=Blending("works", " ", OVER))
    assert codes(unnamed) == ["CLAIM-008", "CLAIM-013"]


def test_what_was_measured_elsewhere_is_our_bug() -> None:
    given: dict[str, Any] = {
        "given": GIVEN,
        "achievements": ACHIEVEMENTS,
        "edition": EDITION,
        "custody_pack": pack(),
        "certificates": [],
    }
    for claim in (CLAIM, replace(SITE_CLAIM, blending=Blending("mill", "concentrate", OVER))):
        with pytest.raises(InvariantError, match="at its own site and period"):
            check_site_claim(claim, blended=measured(), **given)


def test_the_words_name_site_material_entity_and_days_both_included() -> None:
    said = claim_sentences(SITE_CLAIM, pack())

    assert said["en"] == (
        "2026-01-01 2026-12-31 37.5 % of the lithium in concentrate that Example Works blended at works "
        "came from mines at L-75."
    )
    assert said["fr"].startswith("2026-01-01 2026-12-31 37,5 %")


def test_the_list_of_blends_is_the_same_in_any_order_and_zone() -> None:
    made = measured().made
    east = datetime.timezone(datetime.timedelta(hours=5))
    other = replace(made[0], lot="K")

    assert blends_text(made) == (
        "B1\t2026-02-01T11:00:00+00:00\tL\tconcentrate\t1000000000\t1000000000\n"
    )
    assert blends_text((*made, other)) == blends_text((other, *made))
    moved = replace(made[0], at=made[0].at.astimezone(east))
    assert blends_text([moved]) == blends_text(made)
    assert measured().sha256.startswith("f095144c2dd4701294ae062d345e77c6")


def test_a_pack_without_periods_has_none_to_claim() -> None:
    bare = replace(pack(), parameters={})

    assert refused_by(lambda: claimable_period(FIRST, NEXT, bare)) == "CUSTODY-070"
