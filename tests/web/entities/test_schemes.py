"""Certificates under several packs and methods: what may be issued, and where it is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from stannary.core.kernel import RefusalError
from stannary.web.entities import operations, packs, queries
from stannary.web.entities.models import Certificate
from stannary.web.entities.operations import CertificateSaid
from stannary.web.parties.models import Organisation, Person

from .conftest import SAID

pytestmark = pytest.mark.django_db
AVERAGE = replace(SAID, pack=packs.ILLUSTRATIVE, valid_until=date(2028, 1, 1), number="COC-AVERAGE")
OUTLINE = "irma/chain-of-custody/1.0"


def issued(by: Person, said: CertificateSaid) -> list[tuple[str, str]]:
    """Issue a certificate; give codes and what each is about if that is refused."""
    try:
        operations.issue_certificate(actor=by, said=said)
    except RefusalError as refusal:
        about = ("constant", "other", "method", "pack")
        return [
            (one.code, next(one.facts[name] for name in about if name in one.facts))
            for one in refusal.findings
        ]
    return []


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (AVERAGE, []),
        (replace(AVERAGE, valid_until=date(2028, 1, 2)), [("CUSTODY-076", "")]),
        (replace(AVERAGE, mass_balance_method="credit"), []),
        (replace(SAID, mass_balance_method="rolling_average"), []),
        (replace(SAID, mass_balance_method="guess"), [("ENTITY-003", "guess")]),
        (
            replace(SAID, mass_balance_method="credit", models=("segregated",)),
            [("CUSTODY-107", "credit")],
        ),
        (replace(SAID, pack=OUTLINE), [("CUSTODY-070", "certificate_validity_months")]),
        (
            replace(SAID, pack="stannary/open-mining/1.0"),
            [("ENTITY-003", "stannary/open-mining/1.0")],
        ),
    ],
)
def test_a_certificate_names_a_pack_and_a_method_that_it_allows(
    secretary: Person, refiner: Organisation, said: CertificateSaid, refused: list[tuple[str, str]]
) -> None:
    if refused == [("CUSTODY-076", "")]:
        with pytest.raises(RefusalError, match="CUSTODY-076"):
            operations.issue_certificate(actor=secretary, said=said)
        return
    assert issued(secretary, said) == refused
    assert Certificate.objects.count() == (0 if refused else 1)


@pytest.mark.either_database
def test_another_scheme_waits_until_the_first_certificate_ends_or_is_withdrawn(
    secretary: Person, certificate: Certificate
) -> None:
    later = replace(AVERAGE, valid_from=date(2026, 12, 1), valid_until=date(2028, 12, 1))
    assert issued(secretary, later) == [("CUSTODY-108", "COC-A")]
    named = replace(SAID, number="COC-N", mass_balance_method="rolling_average")
    assert issued(secretary, named) == [("CUSTODY-108", "COC-A")]
    assert not issued(secretary, replace(SAID, number="COC-B"))
    for number in ("COC-A", "COC-B"):
        operations.change_status(
            actor=secretary, number=number, status="withdrawn", on=date(2026, 12, 1), reason="Moves."
        )  # fmt: skip

    assert not issued(secretary, later)
    governs = queries.governance(["A Refiner"])
    days = (date(2026, 11, 30), date(2026, 12, 1))
    assert [governs.rules("A Refiner", day).pack for day in days] == [
        packs.PACK,
        packs.ILLUSTRATIVE,
    ]
    assert queries.packs_used() == {packs.PACK, packs.ILLUSTRATIVE}


def test_pages_and_programs_tell_pack_and_method(
    secretary: Person, refiner: Organisation, sign_in: Callable[[Person], Client]
) -> None:
    browser = sign_in(secretary)
    page = browser.get("/certificates/to/a-refiner/").content.decode()
    assert all(title in page for _, title in packs.titles())
    said = {
        "act": "issue", "kind": "refiner", "sites": "a-refinery", "models": ["mass_balance"],
        "materials": "lithium carbonate", "valid_from": "2026-01-01", "valid_until": "2027-01-01",
        "issuer": "example-scheme", "number": "COC-P", "pack": OUTLINE,
    }  # fmt: skip
    refused = browser.post("/certificates/to/a-refiner/", said)
    assert refused.status_code == 422
    assert "CUSTODY-070" in refused.content.decode()
    said |= {"pack": packs.ILLUSTRATIVE, "mass_balance_method": "credit"}
    assert browser.post("/certificates/to/a-refiner/", said).status_code == 302

    for address in ("/entities/a-refiner/", "/certificates/COC-P/"):
        text = browser.get(address).content.decode()
        assert "Example Custody Rules 1.0 (illustrative)" in text
        assert "Accounts of mass balance: Credit method" in text
    told = browser.get("/api/v1/certificates/COC-P").json()
    assert (told["pack"], told["mass_balance_method"]) == (packs.ILLUSTRATIVE, "credit")
    (line,) = browser.get("/api/v1/entities/a-refiner").json()["certificates"]
    assert line["mass_balance_method"] == "credit"


def test_the_database_refuses_to_change_what_a_certificate_names(certificate: Certificate) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.update(mass_balance_method="credit")
