"""What an entity may book under its certificate, where, and on which day."""

from typing import Any

import pytest

from core.custody.accounting.made_up import IP, MB, certificate, change, day, mined, under
from refusals import refused_by
from stannary.core.custody import (
    Agreement,
    CertificateScope,
    CertificateStatus,
    CustodyCertificate,
    CustodyRules,
    EntityKind,
    Model,
    SiteGroup,
    standing_of,
)
from stannary.core.custody.accounting.certificates import (
    Standing,
    agreement_needs_its_end,
    beyond_group,
    covers_listed_sites,
    too_long,
)
from stannary.core.kernel import RefusalError


def standing(*held: CustodyCertificate, on: str = "2026-06-01", **fields: object) -> Standing:
    return standing_of(mined("E1", on, "L1", 10, **fields), IP, held)


def codes(found: Standing) -> list[str]:
    return [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("on", "status", "code"),
    [
        ("2025-12-31", "not_yet", "CUSTODY-073"),
        ("2026-01-01", "in_force", None),
        ("2026-06-30", "in_force", None),
        ("2026-07-01", "suspended", "CUSTODY-073"),
        ("2026-07-31", "suspended", "CUSTODY-073"),
        ("2026-08-01", "in_force", None),
        ("2028-12-31", "in_force", None),
        ("2029-01-01", "expired", "CUSTODY-073"),
    ],
)
def test_the_status_on_the_day_decides(on: str, status: str, code: str | None) -> None:
    held = certificate(
        changes=(change("2026-07-01", "suspended"), change("2026-08-01", "in_force"))
    )

    assert held.status_on(day(on)) == status
    assert codes(standing(held, on=on)) == ([code] if code else [])


def test_what_is_withdrawn_stays_withdrawn_also_past_its_end() -> None:
    held = certificate(changes=(change("2026-07-01", "withdrawn"),))

    assert held.status_on(day("2030-01-01")) is CertificateStatus.WITHDRAWN


def test_a_finding_says_which_certificate_and_which_status() -> None:
    held = certificate(changes=(change("2026-05-01", "suspended"),))

    assert standing(held).findings[0].message == (
        "CUSTODY-073: A custody certificate is in force on the day of a booking that needs it. Here: "
        "event=E1, entity=Mine Co, certificate=urn:example:coc:Mine Co, on=2026-06-01, "
        "status=suspended. Wait until it is in force again; what is booked all the same counts "
        "towards no claim."
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"site": "elsewhere"}, ["CUSTODY-072"]),
        ({"material": "slag"}, ["CUSTODY-072"]),
        ({"site": "elsewhere", "material": "slag"}, ["CUSTODY-072", "CUSTODY-072"]),
        ({"entity": "Nobody"}, ["CUSTODY-072"]),
    ],
)
def test_what_is_not_listed_is_not_covered(fields: dict[str, Any], expected: list[str]) -> None:
    assert codes(standing(certificate(), **fields)) == expected


def test_a_model_that_is_not_listed_is_not_covered() -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset({MB}))

    assert codes(standing(certificate(scope=scope))) == ["CUSTODY-072"]
    assert standing_of(mined("E1", "2026-06-01", "L1", 10), MB, [certificate(scope=scope)]).counts


AGREEMENTS = (
    Agreement("Toll Co", "toll-plant", day("2026-03-01"), day("2026-04-01"), "file 1"),
    Agreement("Toll Co", "toll-plant", day("2026-06-01"), None, "file 2"),
)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2026-02-28", "CUSTODY-074"),
        ("2026-03-01", None),
        ("2026-03-31", None),
        ("2026-04-01", "CUSTODY-074"),
        ("2026-05-31", "CUSTODY-074"),
        ("2026-06-01", None),
        ("2028-01-01", None),
    ],
)
def test_a_contractors_site_is_covered_while_an_agreement_holds(on: str, code: str | None) -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset(Model), AGREEMENTS)

    assert codes(standing(certificate(scope=scope), on=on, site="toll-plant")) == (
        [code] if code else []
    )


def test_the_certificate_that_is_nearest_speaks_and_a_pilot_comes_last() -> None:
    pilot, other = certificate(pilot=True), certificate(valid_from=day("2026-09-01"))

    found = standing(other, pilot)

    assert (codes(found), found.pilot, found.counts) == ([], True, False)
    assert standing(pilot, certificate()).counts
    lapsed = standing(certificate(pilot=True, valid_from=day("2026-09-01")))
    assert (codes(lapsed), lapsed.pilot) == (["CUSTODY-073"], False)


def test_only_certificates_under_the_same_pack_count_where_one_is_named() -> None:
    row = mined("E1", "2026-06-01", "L1", 10)

    assert standing_of(row, IP, [certificate()], pack="example/custody/1").counts
    assert not standing_of(row, IP, [certificate()], pack="example/custody/2").counts


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"valid_until": day("2025-12-31")}, "CUSTODY-075"),
        ({"valid_until": day("2026-01-01")}, "CUSTODY-075"),
        ({"valid_until": day("2026-01-02")}, None),
        ({"changes": (change("2025-12-31", "suspended"),)}, "CUSTODY-075"),
        ({"changes": (change("2026-01-01", "suspended"),)}, None),
        ({"changes": (change("2028-12-31", "suspended"),)}, None),
        ({"changes": (change("2029-01-01", "suspended"),)}, "CUSTODY-075"),
        ({"changes": (change("2026-02-01", "in_force"),)}, "CUSTODY-075"),
        (
            {"changes": (change("2026-02-01", "withdrawn"), change("2026-03-01", "in_force"))},
            "CUSTODY-075",
        ),
        (
            {"changes": (change("2026-02-01", "suspended"), change("2026-02-01", "in_force"))},
            "CUSTODY-075",
        ),
        (
            {"changes": (change("2026-02-01", "suspended"), change("2026-02-02", "in_force"))},
            None,
        ),
    ],
)
def test_a_certificate_is_sound_or_is_not_built(other: dict[str, Any], code: str | None) -> None:
    assert refused_by(lambda: certificate(**other)) == code


def test_every_defect_is_told_at_once() -> None:
    with pytest.raises(RefusalError) as refusal:
        certificate(valid_until=day("2026-01-01"), changes=(change("2026-02-01", "suspended"),))

    assert len(refusal.value.findings) == 2


@pytest.mark.parametrize(
    ("until", "found"), [("2028-12-31", 0), ("2029-01-01", 0), ("2029-01-02", 1)]
)
def test_a_certificate_is_no_longer_than_the_pack_allows(until: str, found: int) -> None:
    findings = too_long(certificate(valid_until=day(until)), under())

    assert [finding.code for finding in findings] == ["CUSTODY-076"] * found


def test_how_long_is_not_assumed() -> None:
    assert refused_by(lambda: too_long(certificate(), CustodyRules())) == "CUSTODY-070"


@pytest.mark.parametrize(
    ("on", "pilot"),
    [("2026-06-30", True), ("2026-07-01", False), ("2026-07-02", False)],
)
def test_a_pilot_is_full_from_its_day_on(on: str, pilot: bool) -> None:
    held = certificate(pilot=True, full_from=day("2026-07-01"))

    assert held.pilot_on(day(on)) is pilot
    found = standing(held, on=on)
    assert (codes(found), found.pilot, found.counts) == ([], pilot, not pilot)
    assert certificate(pilot=True).pilot_on(day(on))
    assert not certificate().pilot_on(day(on))


@pytest.mark.parametrize(
    ("pilot", "on", "code"),
    [
        (True, "2025-12-31", "CUSTODY-103"),
        (True, "2026-01-01", None),
        (True, "2028-12-31", None),
        (True, "2029-01-01", "CUSTODY-103"),
        (False, "2026-07-01", "CUSTODY-103"),
    ],
)
def test_only_a_pilot_becomes_full_and_only_in_its_time(
    pilot: bool, on: str, code: str | None
) -> None:
    assert refused_by(lambda: certificate(pilot=pilot, full_from=day(on))) == code


def grouped(*groups: SiteGroup, **other: Any) -> CustodyCertificate:
    scope = CertificateScope(
        frozenset({"north", "plant", "port"}),
        frozenset({"ore", "metal"}),
        frozenset(Model),
        groups=groups,
    )
    return certificate(scope=scope, **other)


INLAND = SiteGroup("inland", frozenset({"north", "plant"}))


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ((INLAND,), None),
        ((INLAND, SiteGroup("coast", frozenset({"port", "plant"}))), None),
        ((INLAND, SiteGroup("inland", frozenset({"port"}))), "CUSTODY-102"),
        ((SiteGroup("north", frozenset({"plant"})),), "CUSTODY-102"),
        ((SiteGroup(" ", frozenset({"plant"})),), "CUSTODY-102"),
        ((SiteGroup("empty", frozenset()),), "CUSTODY-102"),
        ((SiteGroup("far", frozenset({"plant", "elsewhere"})),), "CUSTODY-102"),
    ],
)
def test_a_group_has_its_own_name_and_lists_sites_of_the_certificate(
    groups: tuple[SiteGroup, ...], code: str | None
) -> None:
    with_codes = set()
    try:
        grouped(*groups)
    except RefusalError as refusal:
        with_codes = {finding.code for finding in refusal.findings}
    assert with_codes == ({code} if code else set())


@pytest.mark.parametrize(
    ("site", "account", "code"),
    [
        ("north", "inland", None),
        ("north", "north", None),
        ("port", "port", None),
        ("port", "inland", "CUSTODY-101"),
        ("north", "plant", "CUSTODY-101"),
        ("north", "anything", "CUSTODY-101"),
    ],
)
def test_an_account_stands_for_its_site_or_a_listed_group_with_it(
    site: str, account: str, code: str | None
) -> None:
    row = mined("E1", "2026-06-01", "L1", 10, site=site, account=account)

    found = beyond_group(row, [grouped(INLAND)], pack="example/custody/1")

    assert [one.code for one in found] == ([code] if code else [])
    assert beyond_group(row, [certificate()]) == ()  # it says nothing of groups
    assert beyond_group(row, [grouped(INLAND, entity="Somebody else")]) == ()
    assert beyond_group(row, [grouped(INLAND)], pack="example/custody/2") == ()


@pytest.mark.parametrize(
    ("on", "found"),
    [("2025-12-31", 0), ("2026-01-01", 1), ("2028-12-31", 1), ("2029-01-01", 0)],
)
def test_groups_are_asked_while_their_certificate_lasts(on: str, found: int) -> None:
    row = mined("E1", on, "L1", 10, account="anything")

    assert len(beyond_group(row, [grouped(INLAND)])) == found


def test_a_finding_names_the_groups_that_hold_the_site() -> None:
    row = mined("E1", "2026-06-01", "L1", 10, account="anything")

    assert beyond_group(row, [grouped(INLAND)])[0].message == (
        "CUSTODY-101: An account stands for its site, or for a group of sites that the certificate "
        "lists under its name. Here: event=E1, entity=Mine Co, account=anything, site=north, "
        "groups=inland. Name the account of the site, or have a certificate issued that lists this "
        "group with its sites."
    )


@pytest.mark.parametrize(
    ("word", "code"),
    [("like_others", None), ("no_possession", "CUSTODY-071"), (None, "CUSTODY-070")],
)
def test_a_trader_books_as_the_pack_says(word: str | None, code: str | None) -> None:
    row = mined("E1", "2026-06-01", "L1", 10)
    trader, allowed = certificate(kind=EntityKind.TRADER), under(trader_treatment=word)

    assert codes(standing_of(row, IP, [trader], allowed=allowed)) == ([code] if code else [])
    assert standing_of(row, IP, [certificate()], allowed=allowed).counts  # no trader
    assert standing_of(row, IP, [trader]).counts  # nobody asks


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("listed_with_days", None),
        ("listed", None),
        ("central_office", "CUSTODY-071"),
        (None, "CUSTODY-070"),
    ],
)
def test_a_contractor_works_as_the_pack_says(word: str | None, code: str | None) -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset(Model), AGREEMENTS)
    row = mined("E1", "2026-06-01", "L1", 10, site="toll-plant")
    held, allowed = certificate(scope=scope), under(outsourcing_agreements=word)

    assert codes(standing_of(row, IP, [held], allowed=allowed)) == ([code] if code else [])
    own = mined("E1", "2026-06-01", "L1", 10)
    assert standing_of(own, IP, [held], allowed=allowed).counts  # no contractor
    assert refused_by(lambda: agreement_needs_its_end(allowed)) == code


def test_the_word_says_whether_an_agreement_names_its_last_day() -> None:
    assert agreement_needs_its_end(under())
    assert not agreement_needs_its_end(under(outsourcing_agreements="listed"))


@pytest.mark.parametrize(
    ("word", "code"),
    [("listed_sites", None), ("central_office", "CUSTODY-071"), (None, "CUSTODY-070")],
)
def test_several_sites_are_covered_as_the_pack_says(word: str | None, code: str | None) -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset(Model))
    allowed = under(multi_site_scope=word)

    assert refused_by(lambda: covers_listed_sites(certificate(), allowed)) == code
    assert refused_by(lambda: covers_listed_sites(certificate(scope=scope), allowed)) is None
