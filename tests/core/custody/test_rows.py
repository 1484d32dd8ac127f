"""Rows: what a field may hold, just under, at and just over."""

import datetime
from dataclasses import replace

import pytest

from core.custody.chains import row
from refusals import refused_by
from stannary.core.custody import Kind, Model, Row, Side, parse_row, parse_time, weakest
from stannary.core.kernel import Place, RefusalError

GOOD = {
    "event": "E1",
    "at": "2026-01-05T08:00:00+01:00",
    "kind": "produce",
    "site": "example-north-mine",
    "entity": "Example Mining",
    "lot": "L1",
    "side": "out",
    "material": "spodumene concentrate",
    "mass_mg": "1000",
    "content_mg": "28",
    "model": "identity_preserved",
    "attestation": "urn:example:1",
    "account": "A",
    "period": "2026",
    "note": "illustrative",
    "process": "roast",
    "element": "lithium",
}
PLACE = Place("moves.csv", 7)


def parsed(**changes: str) -> Row:
    return parse_row({**GOOD, **changes}, place=PLACE)


def refusal_of(**changes: str) -> RefusalError:
    with pytest.raises(RefusalError) as caught:
        parsed(**changes)
    return caught.value


def test_a_row_is_read_field_by_field() -> None:
    assert parsed() == Row(
        event="E1",
        at=datetime.datetime(2026, 1, 5, 7, 0, tzinfo=datetime.UTC),
        kind=Kind.PRODUCE,
        site="example-north-mine",
        entity="Example Mining",
        lot="L1",
        side=Side.OUT,
        material="spodumene concentrate",
        mass_mg=1000,
        content_mg=28,
        model=Model.IDENTITY_PRESERVED,
        attestation="urn:example:1",
        account="A",
        period="2026",
        note="illustrative",
        process="roast",
        element="lithium",
        place=PLACE,
    )


def test_what_may_be_left_out_has_its_default_and_content_is_the_mass() -> None:
    required = {name: GOOD[name] for name in list(GOOD)[:9]}

    one = parse_row(required)

    assert (one.content_mg, one.model, one.attestation, one.note) == (1000, None, "", "")
    assert one.place is None
    assert one.place_of("lot") is None


def test_blanks_around_a_field_do_not_count_and_a_note_may_have_lines() -> None:
    assert parsed(lot="  L1 ", note=" a\r\nb\tc ").note == "a\nb\tc"
    assert parsed(lot="  L1 ").lot == "L1"


@pytest.mark.parametrize("column", list(GOOD)[:8])
@pytest.mark.parametrize("text", ["", "   "])
def test_a_field_that_is_needed_may_not_be_empty(column: str, text: str) -> None:
    refusal = refusal_of(**{column: text})

    assert refusal.rule.code == "CUSTODY-023"
    assert refusal.findings[0].at == Place("moves.csv", 7, column)
    assert refusal.findings[0].facts == {"field": column}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "KERNEL-001"),
        ("1", None),
        ("9000000000000000000", None),
        ("9000000000000000001", "KERNEL-001"),
        ("10000000000000000000", "KERNEL-001"),
        ("-1", "KERNEL-001"),
        ("1.0", "KERNEL-001"),
        ("1e3", "KERNEL-001"),
        ("1 000", "KERNEL-001"),
        ("", "KERNEL-001"),
    ],
)
def test_a_mass_is_whole_milligrams_from_1_to_9e18(text: str, code: str | None) -> None:
    assert refused_by(lambda: parsed(mass_mg=text, content_mg="")) == code
    if code:
        place = refusal_of(mass_mg=text, content_mg="").findings[0].at
        assert place == Place("moves.csv", 7, "mass_mg")


@pytest.mark.parametrize(
    ("text", "code"),
    [("0", "KERNEL-001"), ("1", None), ("999", None), ("1000", None), ("1001", "CUSTODY-027")],
)
def test_the_content_is_at_least_one_milligram_and_at_most_the_mass(
    text: str, code: str | None
) -> None:
    assert refused_by(lambda: parsed(content_mg=text)) == code


def test_content_above_the_mass_says_both() -> None:
    assert refusal_of(content_mg="1001").findings[0].message == (
        "moves.csv, line 7, column content_mg: CUSTODY-027: The content is a whole number of "
        "milligrams from 1 to the mass. Here: lot=L1, content=1001 mg, mass=1000 mg. "
        "Correct the content or the mass; left empty, the content is the mass."
    )


@pytest.mark.parametrize(
    ("field", "number", "code"),
    [
        ("mass_mg", 0, "KERNEL-001"),
        ("mass_mg", 9 * 10**18 + 1, "KERNEL-001"),
        ("content_mg", 0, "CUSTODY-027"),
        ("content_mg", 11, "CUSTODY-027"),
        ("content_mg", 10, None),
    ],
)
def test_a_row_that_is_built_is_checked_like_one_that_is_read(
    field: str, number: int, code: str | None
) -> None:
    one = row("E1", Kind.PRODUCE, Side.OUT, "L1", 10)

    assert refused_by(lambda: replace(one, **{field: number})) == code  # type: ignore[arg-type]  # field by name


@pytest.mark.parametrize(
    ("column", "text"),
    [("kind", "mine"), ("side", "left"), ("model", "segregate"), ("kind", "Produce")],
)
def test_a_word_that_is_not_in_the_contract_is_refused_with_the_known_ones(
    column: str, text: str
) -> None:
    finding = refusal_of(**{column: text}).findings[0]

    assert (finding.code, finding.at) == ("CUSTODY-025", Place("moves.csv", 7, column))
    assert finding.facts["value"] == text
    assert len(finding.facts["known"].split(", ")) == {"kind": 13, "side": 3, "model": 5}[column]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-01-05T08:00:00Z", None),
        ("2026-01-05t08:00:00z", None),
        ("2026-01-05 08:00:00+00:00", None),
        ("2026-01-05T08:00:00-00:00", None),
        ("2026-01-05T08:00:00.123456Z", None),
        ("2026-01-05T08:00:00.1234567Z", "CUSTODY-026"),
        ("2026-01-05T08:00:00", "CUSTODY-026"),
        ("2026-01-05", "CUSTODY-026"),
        ("2026-02-29T08:00:00Z", "CUSTODY-026"),
        ("2026-01-05T24:00:00Z", "CUSTODY-026"),
        ("2026-01-05T08:00:60Z", "CUSTODY-026"),
        ("2026-01-05T08:00:00+0100", "CUSTODY-026"),
        ("2026-01-05T08:00:00+23:59", None),
        ("2026-01-05T08:00:00+24:00", "CUSTODY-026"),
        ("20260105T080000Z", "CUSTODY-026"),
        ("٢٠٢٦-01-05T08:00:00Z", "CUSTODY-026"),
    ],
)
def test_a_time_is_of_rfc_3339_with_its_offset(text: str, code: str | None) -> None:
    assert refused_by(lambda: parse_time(text)) == code
    assert refused_by(lambda: parsed(at=text)) == code


@pytest.mark.parametrize(("text", "value"), [("", "(empty)"), ("x" * 41, "x" * 40)])
def test_a_text_that_is_no_time_or_word_is_shown_up_to_forty_characters(
    text: str, value: str
) -> None:
    with pytest.raises(RefusalError) as caught:
        parse_time(text)
    assert caught.value.findings[0].facts == {"value": value}

    if text:
        assert refusal_of(kind=text).findings[0].facts["value"] == value


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime.datetime(2026, 1, 5), "CUSTODY-026"),  # noqa: DTZ001 - a time without offset
        (
            datetime.datetime(
                2026, 1, 5, tzinfo=datetime.timezone(datetime.timedelta(seconds=3601))
            ),
            "CUSTODY-026",
        ),
        (datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC), None),
    ],
)
def test_a_time_that_is_built_needs_an_offset_of_whole_minutes(
    at: datetime.datetime, code: str | None
) -> None:
    one = row("E1", Kind.PRODUCE, Side.OUT, "L1", 10)

    assert refused_by(lambda: replace(one, at=at)) == code


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("lot", "L" * 200, None),
        ("lot", "L" * 201, "CUSTODY-024"),
        ("note", "n" * 2000, None),
        ("note", "n" * 2001, "CUSTODY-024"),
        ("lot", "L\n1", "CUSTODY-024"),
        ("lot", "L\x001", "CUSTODY-024"),
        ("entity", "Société d’exemple 矿", None),
        ("note", "a\x07b", "CUSTODY-024"),
        ("attestation", "a\x85b", "CUSTODY-024"),
        ("site", "\ud800", "CUSTODY-024"),
    ],
)
def test_a_text_is_plain_and_not_too_long(column: str, text: str, code: str | None) -> None:
    assert refused_by(lambda: parsed(**{column: text})) == code


def test_a_row_that_is_built_has_no_blank_at_the_end_of_a_text() -> None:
    one = row("E1", Kind.PRODUCE, Side.OUT, "L1", 10)

    assert refused_by(lambda: replace(one, lot="L1 ")) == "CUSTODY-024"
    assert refused_by(lambda: replace(one, lot="")) == "CUSTODY-023"


ALLOWED = {
    "produce": "out",
    "purchase": "out",
    "recycle": "out",
    "split": "in out",
    "blend": "in out",
    "transform": "in out",
    "loss": "in",
    "ship": "move",
    "receive": "move",
    "book": "in out move",
    "transfer": "in out move",
    "retire": "in out move",
    "correct": "in out move",
}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("side", list(Side))
def test_a_side_fits_its_kind(kind: Kind, side: Side) -> None:
    expected = None if side.value in ALLOWED[kind].split() else "CUSTODY-028"

    assert refused_by(lambda: parsed(kind=kind.value, side=side.value)) == expected


def test_a_side_that_does_not_fit_is_named_with_its_kind() -> None:
    finding = refusal_of(side="in").findings[0]

    assert finding.at == Place("moves.csv", 7, "side")
    assert finding.facts == {"kind": "produce", "side": "in"}


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        ([], None),
        ([None], None),
        ([None, Model.IDENTITY_PRESERVED], Model.IDENTITY_PRESERVED),
        ([Model.SEGREGATED, Model.IDENTITY_PRESERVED], Model.SEGREGATED),
        ([Model.CONTROLLED_BLENDING, Model.SEGREGATED], Model.CONTROLLED_BLENDING),
        ([Model.CONTROLLED_BLENDING, Model.MASS_BALANCE], Model.MASS_BALANCE),
        ([Model.BOOK_AND_CLAIM, Model.MASS_BALANCE, None], Model.BOOK_AND_CLAIM),
    ],
)
def test_the_weakest_model_decides_and_what_is_not_named_is_ignored(
    models: list[Model | None], expected: Model | None
) -> None:
    assert weakest(models) is expected


def test_every_kind_is_of_one_sort() -> None:
    for kind in Kind:
        sorts = [kind.is_source, kind.is_change, kind.is_move, kind.is_credit, kind is Kind.LOSS]
        assert sum(sorts) == 1
