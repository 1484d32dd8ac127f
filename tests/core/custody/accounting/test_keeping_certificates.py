"""What may be said of what is booked, where certificates are looked at."""

import pytest

from core.custody.accounting.acts import (
    WHOLE,
    G,
    booking,
    melt,
    metal,
    terms,
)
from core.custody.accounting.made_up import (
    IP,
    MB,
    PLANT,
    TRADER,
    books,
    carried,
    certificate,
    change,
    codes,
    day,
    makes,
    mined,
    moves,
    takes,
)
from stannary.core.custody import (
    Agreement,
    CertificateScope,
    Kind,
    Model,
    SiteGroup,
    total_mg,
)


def test_where_certificates_are_looked_at_every_booking_under_a_model_needs_one() -> None:
    uncovered = books(WHOLE, certificates=[])
    covered = books(WHOLE, certificates=[certificate()])
    modelless = books(mined("E1", "2026-01-05", "L1", 10 * G), certificates=[])

    assert (codes(uncovered), carried(uncovered, "L1")) == (["CUSTODY-072"], 0)
    assert terms(uncovered) == {"produced": 10 * G, "set_apart": 10 * G}
    assert (codes(covered), carried(covered, "L1")) == ([], 10 * G)
    assert (codes(modelless), carried(modelless, "L1")) == ([], 10 * G)


@pytest.mark.parametrize(("on", "found"), [("2026-01-31", 0), ("2026-02-01", 1), ("2026-02-02", 1)])
def test_what_a_suspended_entity_ships_counts_towards_nothing(on: str, found: int) -> None:
    held = certificate(changes=(change("2026-02-01", "suspended"),))
    kept = books(
        WHOLE, moves("E2", on, Kind.SHIP, "L1", 10 * G), certificates=[held, certificate(TRADER)]
    )

    assert codes(kept) == ["CUSTODY-073"] * found
    assert carried(kept, "L1") == (0 if found else 10 * G)
    assert terms(kept) == {"produced": 10 * G, "shipped": 10 * G}


def test_what_an_entity_without_a_certificate_receives_counts_towards_nothing() -> None:
    kept = books(
        WHOLE,
        moves("E2", "2026-02-01", Kind.SHIP, "L1", 10 * G),
        moves("E3", "2026-02-02", Kind.RECEIVE, "L1", 10 * G, entity=TRADER, site="port"),
        certificates=[certificate()],
    )

    assert codes(kept) == ["CUSTODY-072"]
    assert terms(kept, TRADER) == {"received": 10 * G, "set_apart": 10 * G}


def test_nothing_enters_an_account_and_nothing_leaves_it_without_a_certificate() -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset({MB, IP}))
    kept = books(*melt(metal("M1", 10 * G)), certificates=[certificate(scope=scope)])

    assert codes(kept) == ["CUSTODY-072"]  # the metal is not in scope
    assert carried(kept, "M1") == 0
    assert total_mg(kept.statements[0].closing) == 10 * G
    ended = certificate(changes=(change("2026-02-01", "withdrawn"),))
    kept = books(*melt(metal("M1", 10 * G)), certificates=[ended])
    assert codes(kept) == ["CUSTODY-073", "CUSTODY-073"]
    assert kept.statements == ()


def test_what_a_pilot_books_is_marked_and_counts_towards_nothing() -> None:
    pilot = certificate(pilot=True)
    kept = books(*melt(metal("M1", 10 * G)), *booking(G), certificates=[pilot])

    assert codes(kept) == []
    assert kept.pilots == ("L1", "M1")
    assert (carried(kept, "M1"), kept.credits) == (0, ())
    assert terms(kept) == {"produced": 10 * G, "set_apart": 10 * G}


def test_a_contractor_works_under_an_agreement() -> None:
    def scope(until: str) -> CertificateScope:
        agreement = Agreement("Toll Co", "toll", day("2026-01-01"), day(until), "file 1")
        return CertificateScope(
            frozenset({"north"}), frozenset({"ore", "metal"}), frozenset(Model), (agreement,)
        )

    rows = melt(metal("M1", 10 * G, site="toll"), site="toll")
    fits = books(*rows, certificates=[certificate(scope=scope("2026-02-02"))])
    late = books(*rows, certificates=[certificate(scope=scope("2026-02-01"))])

    assert (codes(fits), carried(fits, "M1")) == ([], 10 * G)
    assert (codes(late), carried(late, "M1")) == (["CUSTODY-074", "CUSTODY-074"], 0)


def test_a_certificate_under_other_rules_covers_nothing_here() -> None:
    kept = books(WHOLE, certificates=[certificate(pack="example/custody/2")])

    assert (codes(kept), carried(kept, "L1")) == (["CUSTODY-072"], 0)


def test_credits_are_booked_under_a_certificate_for_book_and_claim() -> None:
    scope = CertificateScope(frozenset({"north"}), frozenset({"ore"}), frozenset({MB}))
    kept = books(WHOLE, *booking(), certificates=[certificate(scope=scope)])

    assert (codes(kept), kept.credits) == (["CUSTODY-072"], ())
    assert PLANT not in terms(kept)


@pytest.mark.parametrize(("model", "found"), [(None, []), (IP, ["CUSTODY-072"] * 2)])
def test_what_was_made_without_its_model_still_needs_a_certificate(
    model: Model | None, found: list[str]
) -> None:
    kept = books(
        mined("E1", "2026-01-05", "L1", 10 * G, model=model),
        takes("E2", "2026-02-01", Kind.TRANSFORM, "L1", 10 * G),
        makes("E2", "2026-02-01", Kind.TRANSFORM, "L2", 10 * G),
        moves("E3", "2026-02-02", Kind.SHIP, "L2", 10 * G, material="metal"),
        moves("E4", "2026-02-03", Kind.RECEIVE, "L2", 10 * G, entity=TRADER, material="metal"),
        takes("E5", "2026-03-01", Kind.TRANSFORM, "L2", 4 * G, entity=TRADER, material="metal"),
        makes("E5", "2026-03-01", Kind.TRANSFORM, "L3", 4 * G, entity=TRADER),
        certificates=[certificate()],
    )

    assert set(codes(kept)) == set(found)
    assert carried(kept, "L3") == (0 if found else 4 * G)


@pytest.mark.parametrize(("full_from", "counting"), [("2026-02-02", 0), ("2026-02-01", 10 * G)])
def test_what_comes_after_a_pilot_counts_and_what_was_booked_under_it_does_not(
    full_from: str, counting: int
) -> None:
    held = certificate(pilot=True, full_from=day(full_from))
    kept = books(
        mined("E0", "2026-01-31", "L0", 10 * G, model=IP),
        mined("E1", "2026-02-01", "L1", 10 * G, model=IP),
        certificates=[held],
    )

    assert (carried(kept, "L0"), carried(kept, "L1")) == (0, counting)
    assert kept.pilots == (("L0",) if counting else ("L0", "L1"))


@pytest.mark.parametrize(
    ("sites", "found"), [({"north", "port"}, []), ({"plant", "port"}, ["CUSTODY-101"] * 2)]
)
def test_an_account_of_a_group_that_lists_other_sites_is_not_used(
    sites: set[str], found: list[str]
) -> None:
    scope = CertificateScope(
        frozenset({"north", "plant", "port"}),
        frozenset({"ore", "metal"}),
        frozenset(Model),
        groups=(SiteGroup("works", frozenset(sites)),),
    )
    rows = melt(metal("M1", 10 * G, account="works"), account="works")
    kept = books(*rows, certificates=[certificate(scope=scope)])

    assert codes(kept) == found
    assert bool(kept.statements) is not bool(found)
