"""Which pack and method govern: by entity and day, by certificate, and what changes with them when."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.custody.accounting.acts import G
from core.custody.accounting.made_up import (
    IP,
    MB,
    MINER,
    TRADER,
    always,
    carried,
    certificate,
    change,
    day,
    makes,
    mined,
    takes,
    under,
)
from refusals import refused_by
from stannary.core.custody import (
    Books,
    CertificateScope,
    Constant,
    CustodyCertificate,
    CustodyRules,
    Governance,
    Kind,
    Method,
    Model,
    Row,
    Side,
    check_method,
    check_one_scheme,
    events_of,
    keep_books,
    total_mg,
)
from stannary.core.kernel import Finding, Mark

ONE, TWO = "example/custody/1", "example/custody/2"
CREDIT, AVERAGE = Method.CREDIT, Method.ROLLING_AVERAGE
ONLY_IP = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset({IP}))
SECOND = replace(
    under(
        mass_balance_methods="rolling_average credit",
        rolling_average_months=3,
        weighing_loss_max_share="0.5",
        controlled_blending_min_share="0.5",
        credit_life_months=1,
    ),
    pack=TWO,
)


def pack_on(pack: str, on: datetime.date) -> CustodyRules:
    assert pack == TWO, on
    return SECOND


def held(begin: str, end: str = "2029-01-01", **fields: Any) -> CustodyCertificate:
    name = f"urn:example:coc:{begin}"
    return certificate(id=name, valid_from=day(begin), valid_until=day(end), **fields)


def governance(*those: CustodyCertificate, **more: object) -> Governance:
    return Governance.of(those, **{"rules_on": always(), "pack_on": pack_on, **more})  # type: ignore[arg-type]  # by name


def test_the_certificate_that_governs_is_named_from_its_first_day_on() -> None:
    found = governance(held("2026-04-01", pack=TWO))

    told = [found.certificate(MINER, day(on)) for on in ("2026-03-31", "2026-04-01", "2030-01-01")]
    assert told == ["", "urn:example:coc:2026-04-01", "urn:example:coc:2026-04-01"]
    assert governance(held("2026-04-01"), pack_on=None).certificate(MINER, day("2026-04-01")) == ""


def test_without_a_certificate_the_pack_of_the_register_governs_with_its_first_method() -> None:
    found = governance(held("2026-04-01", pack=TWO))

    assert found.rules(TRADER, day("2026-05-01")).pack == ONE
    assert found.method(TRADER, day("2026-05-01")) is CREDIT
    assert found.since(TRADER, day("2026-05-01")) == datetime.date.min


@pytest.mark.parametrize(
    ("on", "pack", "method", "since"),
    [
        ("2026-03-31", ONE, CREDIT, "0001-01-01"),
        ("2026-04-01", TWO, AVERAGE, "2026-04-01"),
        ("2026-04-02", TWO, AVERAGE, "2026-04-01"),
        ("2026-12-31", TWO, AVERAGE, "2026-04-01"),  # after its end, and nothing else began
        ("2027-01-01", TWO, CREDIT, "2027-01-01"),
        ("2028-01-01", ONE, CREDIT, "2028-01-01"),
    ],
)
def test_the_certificate_that_began_last_governs(
    on: str, pack: str, method: Method, since: str
) -> None:
    found = governance(
        held("2028-01-01"),
        held("2027-01-01", "2028-01-01", pack=TWO, mass_balance_method=CREDIT),
        held("2026-04-01", "2026-10-01", pack=TWO),
    )

    assert found.rules(MINER, day(on)).pack == pack
    assert found.method(MINER, day(on)) is method
    assert found.since(MINER, day(on)) == day(since)


def test_a_method_that_is_named_and_the_same_that_is_not_govern_alike() -> None:
    found = governance(
        held("2026-04-01", "2026-10-01"), held("2026-10-01", mass_balance_method=CREDIT)
    )

    assert found.since(MINER, day("2026-11-01")) == datetime.date.min


def test_what_was_withdrawn_before_it_began_never_governs() -> None:
    gone = held("2026-04-01", pack=TWO, changes=(change("2026-04-01", "withdrawn"),))
    later = held("2026-04-01", pack=TWO, changes=(change("2026-04-02", "withdrawn"),))

    assert governance(gone).rules(MINER, day("2026-05-01")).pack == ONE
    assert governance(later).rules(MINER, day("2026-05-01")).pack == TWO


def test_a_certificate_that_covers_no_mass_balance_says_nothing_about_the_method() -> None:
    found = governance(
        held("2026-01-01", mass_balance_method=AVERAGE), held("2026-04-01", scope=ONLY_IP)
    )

    assert found.method(MINER, day("2026-05-01")) is AVERAGE


def test_where_packs_are_not_told_that_of_the_register_governs_all() -> None:
    found = governance(held("2026-04-01", pack=TWO), pack_on=None)

    assert found.rules(MINER, day("2026-05-01")).pack == ONE
    assert found.method(MINER, day("2026-05-01")) is CREDIT


@pytest.mark.parametrize(
    ("said", "method", "expected"),
    [
        ({}, "credit rolling_average", CREDIT),
        ({"other": True}, "credit rolling_average", AVERAGE),
        ({"other": True}, "rolling_average credit", CREDIT),
        ({"other": True}, "credit", CREDIT),
        ({"method": AVERAGE}, "credit rolling_average", AVERAGE),
    ],
)
def test_a_method_may_be_asked_for_all_or_the_other_for_comparison(
    said: dict[str, object], method: str, expected: Method
) -> None:
    found = governance(rules_on=always(mass_balance_methods=method), **said)

    assert found.method(MINER, day("2026-05-01")) is expected


def test_a_method_that_the_pack_does_not_allow_is_refused() -> None:
    found = governance(rules_on=always(mass_balance_methods="credit"), method=AVERAGE)

    assert refused_by(lambda: found.method(MINER, day("2026-05-01"))) == "CUSTODY-071"


def facts(found: list[Finding]) -> list[dict[str, str]]:
    return [{"code": one.code, **one.facts} for one in found]


def test_a_certificate_names_a_method_that_its_pack_allows_for_a_model_that_it_covers() -> None:
    one = held("2026-01-01", mass_balance_method=AVERAGE)
    allowed = under(mass_balance_methods="credit")
    named = {"code": "CUSTODY-107", "certificate": one.id, "method": "rolling_average"}

    assert facts(list(check_method(one, under()))) == []
    assert facts(list(check_method(replace(one, mass_balance_method=None), CustodyRules()))) == []
    assert facts(list(check_method(one, allowed))) == [{**named, "pack": ONE, "allowed": "credit"}]
    assert facts(list(check_method(replace(one, scope=ONLY_IP), under()))) == [
        {**named, "model": "not mass_balance"}
    ]
    assert refused_by(lambda: list(check_method(one, CustodyRules()))) == "CUSTODY-070"


def either(pack: str, on: datetime.date) -> CustodyRules:
    return under() if pack == ONE else pack_on(pack, on)


@pytest.mark.parametrize(
    ("begin", "end", "found"),
    [
        ("2025-06-01", "2026-01-01", 0),  # ends on the day on which the other begins
        ("2025-06-01", "2026-01-02", 1),
        ("2028-12-31", "2029-06-01", 1),
        ("2029-01-01", "2029-06-01", 0),
    ],
)
def test_two_packs_never_govern_an_entity_on_the_same_day(begin: str, end: str, found: int) -> None:
    new, there = held(begin, end, pack=TWO), certificate()

    assert len(list(check_one_scheme(new, [there], either))) == found
    assert not list(check_one_scheme(new, [replace(there, entity=TRADER)], either))
    assert not list(check_one_scheme(new, [replace(there, id=new.id)], either))
    assert not list(check_one_scheme(replace(new, pack=ONE), [there], either))


def test_it_says_which_other_certificate_stands_in_the_way_until_when() -> None:
    there = certificate(changes=(change("2027-01-01", "withdrawn"),))
    new = held("2026-12-31", pack=TWO)

    assert facts(list(check_one_scheme(new, [there], either))) == [
        {
            "code": "CUSTODY-108",
            "certificate": new.id,
            "other": there.id,
            "until": "2027-01-01",
            "pack": ONE,
            "method": "credit",
        }
    ]
    assert not list(check_one_scheme(held("2027-01-01", pack=TWO), [there], either))


@pytest.mark.parametrize(
    ("method", "scope", "found"),
    [
        (None, None, 0),
        (CREDIT, None, 0),  # the first that the pack allows, by its name
        (AVERAGE, None, 1),
        (None, ONLY_IP, 0),
    ],
)
def test_under_one_pack_only_another_method_is_in_the_way(
    method: Method | None, scope: CertificateScope | None, found: int
) -> None:
    more: dict[str, Any] = {} if scope is None else {"scope": scope}
    new = held("2026-06-01", mass_balance_method=method, **more)

    assert len(list(check_one_scheme(new, [certificate()], either))) == found


def test_a_pack_that_knows_no_methods_is_in_the_way_by_its_name_alone() -> None:
    unknown = held("2026-06-01", pack="example/custody/3")

    def packs(pack: str, on: datetime.date) -> CustodyRules:
        return CustodyRules(pack=pack) if pack.endswith("3") else either(pack, on)

    (told,) = check_one_scheme(certificate(pack=TWO), [unknown], packs)
    assert told.facts["method"] == "none"


# What it does to books


def kept(
    *rows: Row,
    certificates: list[CustodyCertificate],
    as_of: str,
    rules_on: Callable[[datetime.date], CustodyRules] | None = None,
) -> Books:
    return keep_books(
        events_of(rows),
        rules_on=rules_on or always(),
        as_of=day(as_of),
        certificates=certificates,
        pack_on=pack_on,
    )


def deposit(event: str, on: str, lot: str) -> tuple[Row, ...]:
    """10 g from the mine enter the account; what comes out of it is no more than that."""
    return (
        mined(f"{event}a", on, lot, 10 * G),
        takes(event, on, Kind.TRANSFORM, lot, 10 * G, account="north"),
        makes(event, on, Kind.TRANSFORM, f"{lot}-out", 10 * G),
    )


def story(books: Books) -> list[tuple[str, str, int, int, int]]:
    return [
        (str(one.method), str(one.period), total_mg(one.opening), total_mg(one.lapsed), total_mg(one.closing))
        for one in books.statements
    ]  # fmt: skip


def test_an_account_is_kept_as_the_certificate_of_its_entity_says() -> None:
    rows = deposit("E1", "2026-05-01", "L1")
    average = held("2026-01-01", mass_balance_method=AVERAGE)

    assert story(kept(*rows, certificates=[average], as_of="2026-05-02"))[0][:2] == (
        "rolling_average",
        "2026-01-01/2027-01-01",
    )
    assert story(kept(*rows, certificates=[certificate()], as_of="2026-05-02"))[0][0] == "credit"


def test_a_new_scheme_opens_the_first_period_of_an_account_on_its_first_day() -> None:
    rows = deposit("E1", "2026-05-10", "L1")
    found = kept(*rows, certificates=[held("2026-05-01", pack=TWO)], as_of="2026-07-01")

    assert story(found) == [
        ("rolling_average", "2026-05-01/2026-07-01", 0, 10 * G, 0),
        ("rolling_average", "2026-07-01/2026-10-01", 0, 0, 0),
    ]


@pytest.mark.parametrize(
    ("first", "second", "carried_over"),
    [(CREDIT, CREDIT, 10 * G), (CREDIT, AVERAGE, 0), (AVERAGE, CREDIT, 0), (AVERAGE, AVERAGE, 0)],
)
def test_a_change_takes_effect_with_the_next_period_and_carries_nothing_to_another_method(
    first: Method, second: Method, carried_over: int
) -> None:
    certificates = [
        held("2026-01-01", "2026-06-01", mass_balance_method=first),
        held("2026-06-01", mass_balance_method=second),
    ]
    rows = deposit("E1", "2026-05-01", "L1")

    before = kept(*rows, certificates=certificates, as_of="2026-12-31")
    after = kept(*rows, certificates=certificates, as_of="2027-01-01")

    assert story(before) == [(str(first), "2026-01-01/2027-01-01", 0, 0, 10 * G)]
    assert story(after) == [
        (str(first), "2026-01-01/2027-01-01", 0, 10 * G - carried_over, carried_over),
        (str(second), "2027-01-01/2028-01-01", carried_over, 0, carried_over),
    ]
    assert after.proof is not None
    assert after.proof.holds
    assert not after.findings


def test_a_period_under_another_pack_does_not_reach_back_before_it() -> None:
    """Quarters until the end of June, then the year of the register's pack: its rest."""
    certificates = [held("2026-01-01", "2026-06-01", pack=TWO), held("2026-06-01")]
    rows = deposit("E1", "2026-05-01", "L1")

    found = kept(*rows, certificates=certificates, as_of="2027-01-01")

    assert [one[:2] for one in story(found)] == [
        ("rolling_average", "2026-04-01/2026-07-01"),
        ("credit", "2026-07-01/2027-01-01"),
        ("credit", "2027-01-01/2028-01-01"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "carry", "lapsing"),
    [
        (CREDIT, CREDIT, "once", [10 * G, 0]),  # what came in last year; then nothing new
        (CREDIT, CREDIT, "never", [10 * G, 10 * G]),
        (CREDIT, AVERAGE, "once", [10 * G, 10 * G]),
        (AVERAGE, AVERAGE, "once", [0, 10 * G]),
        (CREDIT, CREDIT, "some day", [None, None]),
    ],
)
def test_what_lapses_with_a_period_is_told_before_it_ends(
    first: Method, second: Method, carry: str, lapsing: list[int | None]
) -> None:
    """With the method of the next period in mind: asked a year after, and in the first year."""
    certificates = [
        held("2026-01-01", "2026-06-01", mass_balance_method=first),
        held("2026-06-01", "2027-06-01", mass_balance_method=first),
        held("2027-06-01", mass_balance_method=second),
    ]
    rows = deposit("E1", "2026-05-01", "L1")

    def open_on(as_of: str, those: list[CustodyCertificate]) -> int | None:
        rules_on = always(balance_carry_over=carry)
        found = kept(*rows, certificates=those, as_of=as_of, rules_on=rules_on)
        return found.statements[-1].lapsing_mg

    later = 0 if carry == "never" else lapsing[0]
    assert open_on("2027-07-01", certificates) == (later if first is CREDIT else 0)
    assert (
        open_on(
            "2026-05-02", [certificates[0], replace(certificates[2], valid_from=day("2026-06-01"))]
        )
        == lapsing[1]
    )


def blend(event: str, entity: str, content_mg: int) -> list[Row]:
    """A tenth attested, under controlled blending."""
    made: dict[str, Any] = {"entity": entity, "site": "north", "material": "ore"}
    plain = replace(
        mined(f"{event}b", "2026-02-01", f"{event}-p", 9 * content_mg),
        **made,
        attestation="",
    )
    whole = mined(f"{event}a", "2026-02-01", f"{event}-w", content_mg)
    own = replace(whole, **made)
    used = [
        replace(one, event=event, kind=Kind.BLEND, side=Side.IN, attestation="")
        for one in (own, plain)
    ]
    mass: dict[str, Any] = {"mass_mg": 10 * content_mg, "content_mg": 10 * content_mg}
    out = replace(
        used[0], side=Side.OUT, lot=f"{event}-out", model=Model.CONTROLLED_BLENDING, **mass
    )
    return [own, plain, *used, out]


def test_each_entity_is_measured_by_the_numbers_of_its_own_pack() -> None:
    """A tenth is enough under one pack, and too little under the other; credits live as their pack says."""
    certificates = [certificate(), certificate(TRADER, pack=TWO)]

    def credit(name: str, entity: str) -> list[Row]:
        lot = replace(mined(f"{name}a", "2026-02-01", f"{name}-l", 10 * G), entity=entity)
        taken = replace(lot, event=name, kind=Kind.BOOK, side=Side.IN, attestation="")
        return [lot, taken, replace(taken, side=Side.OUT, lot=name)]

    rows = [
        *blend("E1", MINER, G),
        *blend("E2", TRADER, G),
        *credit("C1", MINER),
        *credit("C2", TRADER),
    ]
    found = kept(*rows, certificates=certificates, as_of="2026-02-02")

    assert [
        (one.code, one.facts["event" if "event" in one.facts else "lot"]) for one in found.findings
    ] == [("CUSTODY-085", "E2-out")]
    assert {one.id: one.expires_on.isoformat() for one in found.credits} == {
        "C1": "2028-02-01",
        "C2": "2026-03-01",
    }
    assert carried(found, "E1-out") == G


def test_a_certificate_counts_under_its_own_pack_and_one_of_another_pack_covers_nothing() -> None:
    lot = mined("E1", "2026-05-01", "L1", G, model=MB)
    mixed = [held("2026-01-01"), held("2026-04-01", pack=TWO, scope=ONLY_IP)]

    alone = kept(lot, certificates=[held("2026-01-01", pack=TWO)], as_of="2026-05-01")
    both = kept(lot, certificates=mixed, as_of="2026-05-01")

    assert [one.code for one in alone.findings] == []
    assert [one.code for one in both.findings] == ["CUSTODY-072"]


def test_a_pack_that_does_not_know_its_methods_keeps_no_account() -> None:
    constants = {
        **SECOND.constants,
        "mass_balance_methods": Constant(None, Mark.UNKNOWN, "illustrative"),
    }
    unknown = replace(SECOND, constants=constants)
    rows = deposit("E1", "2026-05-01", "L1")

    found = keep_books(
        events_of(rows),
        rules_on=always(),
        certificates=[certificate(pack=TWO)],
        pack_on=lambda _pack, _on: unknown,
    )

    assert [one.code for one in found.findings] == ["CUSTODY-070"]
    assert not found.statements
