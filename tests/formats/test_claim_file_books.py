"""Certificates in a claim file: what one has is written and read again, and the others stay as they were."""

import datetime
from typing import Any

import pytest

from core.custody.accounting.made_up import certificate
from core.custody.chains import row
from stannary.core.custody import (
    BooksBehind,
    CertificateScope,
    CustodyCertificate,
    Kind,
    Model,
    Side,
    SiteGroup,
)
from stannary.core.kernel import Place
from stannary.formats.claim_file_books import books_as_dict, books_from_dict

AT = Place("claim.json")
GROUPS = (SiteGroup("works", frozenset({"north", "plant"})),)
SCOPE = CertificateScope(
    frozenset({"north", "plant"}), frozenset({"ore"}), frozenset(Model), groups=GROUPS
)
FULL = datetime.date(2026, 7, 1)


def written(one: CustodyCertificate) -> dict[str, Any]:
    made = row("E1", Kind.PRODUCE, Side.OUT, "L1", 10)
    return books_as_dict(BooksBehind((made,), certificates=(one,)))


def test_groups_and_the_end_of_a_pilot_are_written_and_read_again() -> None:
    one = certificate(scope=SCOPE, pilot=True, full_from=FULL)
    content = written(one)

    read = books_from_dict(content, AT).books

    assert read is not None
    assert read.certificates == (one,)
    assert content["certificates"][0]["groups"] == [{"name": "works", "sites": ["north", "plant"]}]


def test_a_certificate_without_them_is_written_as_before() -> None:
    keys = set(written(certificate())["certificates"][0])

    assert keys == {
        "id", "entity", "kind", "pack", "sites", "materials", "models", "agreements",
        "valid_from", "valid_until", "pilot", "changes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"groups": [{"name": "works", "sites": ["elsewhere"]}]}, "CUSTODY-102"),
        ({"groups": [{"name": "works"}]}, "CREDENTIAL-015"),
        ({"full_from": "2026-07-01"}, "CUSTODY-103"),
        ({"full_from": "July"}, "CREDENTIAL-015"),
        ({"more": 1}, "CREDENTIAL-015"),
    ],
)
def test_what_cannot_be_is_told(change: dict[str, Any], code: str) -> None:
    content = written(certificate())
    content["certificates"][0].update(change)

    read = books_from_dict(content, AT)

    assert [one.code for one in read.findings] == [code]
