"""A receipt of a total as a file: it reads back, and what has not its form is refused with its place."""

import json

import pytest

from core.verification.checks import changed
from formats.receipt_files import HOLDER, RECEIPTS, put, receipt_file
from stannary.core.kernel import RefusalError
from stannary.core.verification import Kind
from stannary.formats.claim_file import parse_checkable


def test_a_receipt_reads_back() -> None:
    found = parse_checkable(receipt_file().encode(), "x")

    assert found.kind is Kind.TOTAL_RECEIPT
    assert found.receipt is not None
    assert found.receipt.receipt == RECEIPTS[HOLDER]
    assert json.loads(receipt_file())["lots"] == [
        {"lot": "L-2", "of_mine_mg": "5000000000", "where": "held"},
        {"lot": "L-3", "of_mine_mg": "700000001", "where": "under way"},
    ]


@pytest.mark.parametrize(
    "text", [changed(receipt_file(), more=1), changed(receipt_file(), proof=7), '{"type":"x"}']
)
def test_what_has_not_the_form_of_a_receipt_is_refused(text: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_checkable(text.encode(), "x.json")
    assert refusal.value.rule.code in ("CREDENTIAL-001", "CREDENTIAL-003")


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("holder",), "", "holder"),
        (("lots",), {}, "lots"),
        (("lots", 0, "where"), "lost", "lots[1].where"),
        (("lots", 0, "of_mine_mg"), "1.5", "lots[1].of_mine_mg"),
        (("lots", 0, "of_mine_mg"), 15, "lots[1].of_mine_mg"),
        (("lots", 0, "more"), "x", "lots[1]"),
        (("parts", 2, "number"), True, "parts[3].number"),
        (("parts", 2, "index"), -1, "parts[3].index"),
        (("parts", 2, "index"), 2**31, "parts[3].index"),
        (("parts", 2, "salt"), "AB" * 32, "parts[3].salt"),
        (("parts", 2, "path"), [{"hash": "00" * 32, "sum_mg": "0"}] * 21, "parts[3].path"),
        (("parts", 2, "path", 0, "hash"), "00", "parts[3].path[1].hash"),
        (("parts", 2, "path", 0), {}, "parts[3].path[1]"),
        (("entry",), 5, "entry"),
    ],
)
def test_a_part_that_cannot_be_read_is_named(
    path: tuple[str | int, ...], value: object, where: str
) -> None:
    found = parse_checkable(put(path, value).encode(), "x").receipt

    assert found is not None
    assert found.receipt is None
    assert [one.code for one in found.findings] == ["CREDENTIAL-003"]
    assert found.findings[0].facts["where"] == where
