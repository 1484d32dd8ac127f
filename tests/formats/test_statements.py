"""Statements of other parties as CSV: what is read, what is passed over, what is refused by cell."""

import datetime

import pytest

from refusals import refused_by
from stannary.core.kernel import RefusalError
from stannary.core.transactions import Line
from stannary.formats import statements
from stannary.formats.statements import COLUMNS, StatementRead, read_statement, template

ZONE = datetime.timezone(datetime.timedelta(hours=1))
HEAD = "transaction,account,at,quantity_kg\n"


def read(text: str | bytes) -> StatementRead:
    content = text if isinstance(text, bytes) else text.encode()
    return read_statement(content, "march.csv", entity="B", reader="A", zone=ZONE)


def cells(text: str) -> list[str]:
    """Give the places of what is wrong with lines below the usual head."""
    with pytest.raises(RefusalError) as caught:
        read(HEAD + text)
    assert {one.code for one in caught.value.findings} == {"TRANSACTION-029"}
    return [str(one.at).removeprefix("march.csv, ") for one in caught.value.findings]


def test_a_line_is_read_to_the_milligram() -> None:
    (line,) = read(HEAD + "T1, tin ,2026-03-31T12:00:00Z,-1250.000001\n").lines

    noon = datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.UTC)
    assert line == Line("line 2", "B", "tin", noon, noon, -1_250_000_001, "T1", "A")


def test_a_day_begins_in_the_zone_given_and_is_told_from_an_instant() -> None:
    found = read(HEAD + "T1,tin,2026-03-31,1\nT2,tin,2026-03-31T00:00:00+01:00,1\n")

    assert found.lines[0].at == found.lines[1].at
    assert found.lines[0].at.utcoffset() == datetime.timedelta(hours=1)
    assert found.of_a_day == {"line 2"}


def test_a_statement_that_is_handed_out_here_is_read() -> None:
    rows = (
        ",".join(COLUMNS),
        "tin,2026-01-01T00:00:00+00:00,opening,,,,0",
        "tin,2026-01-02T00:00:00+00:00,ship L-1,T1,A,-5,-5",
        "tin,2026-01-03T00:00:00+00:00,ship L-2,T2,Somebody else,-7,-12",
        "tin,2026-02-01T00:00:00+00:00,closing,,,,-12",
    )

    found = read("\ufeff" + "\r\n".join(rows))

    assert [(one.transaction, one.quantity, one.note) for one in found.lines] == [
        ("T1", -5, "ship L-1")
    ]
    assert found.passed_over == 3


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (",,2026-03-31,1", "line 2, column account"),
        ("T1,tin,31.3.2026,1", "line 2, column at"),
        ("T1,tin,2026-03-31T12:00:00,1", "line 2, column at"),
        ("T1,tin,2026-03-31,0", "line 2, column quantity_kg"),
        ('T1,tin,2026-03-31,"1,5"', "line 2, column quantity_kg"),
        ("T1,tin,2026-03-31,0.0000001", "line 2, column quantity_kg"),
        ("T1,tin,2026-03-31,9000000000000.000001", "line 2, column quantity_kg"),
        (f"{'T' * 201},tin,2026-03-31,1", "line 2, column transaction"),
    ],
)
def test_a_cell_that_says_nothing_is_named(line: str, place: str) -> None:
    assert cells(line) == [place]


def test_all_faulty_cells_are_named_at_once() -> None:
    assert cells(",,soon,much\n,tin,2026-03-31,1\nT3,,2026-03-31,1\n") == [
        "line 2, column account",
        "line 2, column at",
        "line 2, column quantity_kg",
        "line 4, column account",
    ]


@pytest.mark.parametrize("quantity", ["9000000000000", "-9000000000000", "0.000001"])
def test_quantities_reach_as_far_as_masses_do(quantity: str) -> None:
    assert len(read(f"{HEAD}T1,tin,2026-03-31,{quantity}").lines) == 1


def test_both_units_say_the_same_or_nothing() -> None:
    head = "account,at,quantity_mg,quantity_kg\n"

    assert read(head + "tin,2026-03-31,1000000,1\n").lines[0].quantity == 1_000_000
    assert refused_by(lambda: read(head + "tin,2026-03-31,1000001,1\n")) == "TRANSACTION-029"
    assert refused_by(lambda: read(head + "tin,2026-03-31,x,\n")) == "TRANSACTION-029"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"account,at\n",
        b"account,quantity_kg\n",
        b"account,account,at,quantity_kg\n",
        b"account,at,quantity_kg\n\xff",
        b'account,at,quantity_kg\n"tin\n',
        b"x" * (statements.BYTES_MAX + 1),
    ],
)
def test_a_file_that_is_no_statement_is_refused(content: bytes) -> None:
    assert refused_by(lambda: read(content)) == "TRANSACTION-028"


def test_a_file_has_a_size_and_a_number_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + "T1,tin,2026-03-31,1\n" * 2
    monkeypatch.setattr(statements, "BYTES_MAX", len(text))
    monkeypatch.setattr(statements, "LINES_MAX", 2)

    assert refused_by(lambda: read(text)) is None
    assert refused_by(lambda: read(text + "\n")) == "TRANSACTION-028"
    monkeypatch.setattr(statements, "LINES_MAX", 1)
    assert refused_by(lambda: read(text)) == "TRANSACTION-028"


def test_a_template_names_our_transactions_and_leaves_the_rest_open() -> None:
    (line,) = read(HEAD + "T1,tin,2026-03-31,-1\n").lines

    assert template([line]).splitlines() == ["transaction,account,at,quantity_kg,what", "T1,tin,,,"]
    assert read(template([line])).passed_over == 1


def test_the_sign_that_keeps_a_formula_a_text_is_no_part_of_it() -> None:
    assert read(HEAD + "'-T1,tin,2026-03-31,1\n").lines[0].transaction == "-T1"
