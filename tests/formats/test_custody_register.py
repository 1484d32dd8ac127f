"""Certificates and conversion factors in TOML: read whole, or refused with everything that is wrong."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from stannary.core.custody import EntityKind, Method, Model
from stannary.core.kernel import RefusalError
from stannary.formats.custody_register import Register, read_register

DEMO = Path(__file__).resolve().parents[2] / "src/stannary/data/demo/five_models.toml"
CERTIFICATE = """\
[[certificate]]
id = "urn:example:1"
entity = "Example Refining"
kind = "refiner"
pack = "stannary/open-custody/1.0"
sites = ["example-refinery"]
materials = ["ore"]
models = ["mass_balance", "book_and_claim"]
valid_from = 2026-01-01
valid_until = 2029-01-01
pilot = true
mass_balance_method = "rolling_average"

[[certificate.agreement]]
contractor = "Example Tolling"
site = "example-toll-plant"
valid_from = 2026-01-01
reference = "file 7"

[[certificate.change]]
on = 2026-05-01
status = "suspended"
"""
FACTOR = """\
[[factor]]
material = "ore"
product = "metal"
process = "illustrative"
element = "lithium"
factor = "23/25"
source = "made up"
approved_by = "Example Assurance"
approved_on = 2026-01-10
valid_from = 2026-01-10
"""

Read = Callable[[str], Register]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def call(text: str) -> Register:
        path = tmp_path / "register.toml"
        path.write_text(text, encoding="utf-8")
        return read_register(path)

    return call


def codes(read: Read, text: str) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        read(text)
    return [finding.code for finding in refusal.value.findings]


def test_the_register_of_the_demonstration_is_read() -> None:
    register = read_register(str(DEMO))

    assert register.certificates is not None
    assert [str(one.kind) for one in register.certificates] == [
        "mine",
        "mine",
        "refiner",
        "manufacturer",
        "brand",
    ]
    assert [(one.factor, one.illustrative) for one in register.factors] == [
        (Fraction(23, 25), True)
    ]


def test_everything_of_a_certificate_is_read(read: Read) -> None:
    register = read(CERTIFICATE + FACTOR)

    assert register.certificates is not None
    (one,) = register.certificates
    assert (one.kind, one.pilot) == (EntityKind.REFINER, True)
    assert one.mass_balance_method is Method.ROLLING_AVERAGE
    assert one.scope.models == {Model.MASS_BALANCE, Model.BOOK_AND_CLAIM}
    assert one.scope.agreements[0].valid_until is None
    assert str(one.changes[0].status) == "suspended"
    assert register.factors[0].factor == Fraction(23, 25)


def test_without_certificates_nobodys_are_looked_at(read: Read) -> None:
    assert read(FACTOR).certificates is None
    assert read("") == Register(None, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[certificate", ["CUSTODY-095"]),
        ("[other]", ["CUSTODY-096"]),
        (CERTIFICATE.replace("entity =", "entty ="), ["CUSTODY-096", "CUSTODY-096"]),
        (CERTIFICATE.replace('"refiner"', '"baker"'), ["KERNEL-004"]),
        (CERTIFICATE.replace('"mass_balance"', '"free"'), ["KERNEL-004"]),
        (CERTIFICATE.replace('status = "suspended"', 'status = "gone"'), ["KERNEL-004"]),
        (CERTIFICATE.replace("2029-01-01", "2026-01-01"), ["CUSTODY-075", "CUSTODY-075"]),
        (FACTOR.replace("23/25", "26/25"), ["CUSTODY-077"]),
        (FACTOR.replace("23/25", "much"), ["KERNEL-004"]),
        (FACTOR.replace("23/25", ""), ["KERNEL-004"]),
        (FACTOR.replace('factor = "23/25"', "factor = 0.92"), ["KERNEL-004"]),
        (FACTOR.replace("made up", ""), ["CUSTODY-077"]),
    ],
)
def test_what_is_wrong_is_told(read: Read, text: str, expected: list[str]) -> None:
    assert codes(read, text) == expected


def test_a_finding_says_where(read: Read) -> None:
    with pytest.raises(RefusalError) as refusal:
        read(CERTIFICATE.replace("2029-01-01", "2025-01-01"))

    at = refusal.value.findings[0].at
    assert at is not None
    assert (at.line, refusal.value.findings[0].facts["certificate"]) == (1, "urn:example:1")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusalError) as refusal:
        read_register(tmp_path / "none.toml")

    assert refusal.value.rule.code == "CUSTODY-095"


def test_groups_and_the_end_of_a_pilot_are_read(read: Read) -> None:
    more = CERTIFICATE.replace("pilot = true", "pilot = true\nfull_from = 2026-07-01")
    group = '[[certificate.group]]\nname = "works"\nsites = ["example-refinery"]\n'

    register = read(more + group)

    assert register.certificates is not None
    (one,) = register.certificates
    assert one.full_from is not None
    assert one.full_from.isoformat() == "2026-07-01"
    assert [(each.name, each.sites) for each in one.scope.groups] == [
        ("works", frozenset({"example-refinery"}))
    ]
    elsewhere = group.replace("example-refinery", "elsewhere")
    assert codes(read, more + elsewhere) == ["CUSTODY-102"]
