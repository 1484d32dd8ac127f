"""EPCIS 2.0: what is understood, what is refused, and that writing comes back."""

import datetime
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custody.chains import START, random_chain
from core.custody.replays import make, mine, move, use
from refusals import refused_by
from stannary.core.custody import Kind, Model, Row, Side, events_of
from stannary.core.kernel import Finding, Place, RefusalError
from stannary.formats.epcis import write_epcis
from stannary.formats.movements import Limits, examine_movements, read_movements

EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventID": "https://id.example.org/event/1",
    "eventTime": "2026-01-05T08:00:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "ADD",
    "bizStep": "commissioning",
    "quantityList": [{"epcClass": "urn:example:lot:1", "quantity": 5, "uom": "KGM"}],
    "readPoint": {"id": "https://id.example.org/mine"},
    "stannary:entity": "Example Mining",
    "stannary:material": "ore",
}
TRANSFORMATION: dict[str, Any] = {
    **{k: v for k, v in EVENT.items() if k not in ("action", "bizStep", "quantityList")},
    "type": "TransformationEvent",
    "inputQuantityList": [{"epcClass": "urn:example:lot:1", "quantity": 5, "uom": "KGM"}],
    "outputQuantityList": [{"epcClass": "urn:example:lot:2", "quantity": 4.5, "uom": "KGM"}],
}


def document(*events: object, **changes: object) -> dict[str, object]:
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-06T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **changes,
    }


def read(content: object) -> tuple[Row, ...]:
    text = content if isinstance(content, str) else json.dumps(content)
    return read_movements(io.BytesIO(text.encode()), "epcis.json")


def event(base: Mapping[str, Any] = EVENT, **changes: object) -> tuple[Row, ...]:
    given = {key.replace("stannary_", "stannary:"): value for key, value in changes.items()}
    kept = {key: value for key, value in {**base, **given}.items() if value is not ...}
    return read(document(kept))


def told(content: object) -> tuple[str, Place | None]:
    with pytest.raises(RefusalError) as caught:
        read(content)
    return caught.value.rule.code, caught.value.findings[0].at


def told_of(base: Mapping[str, Any] = EVENT, **changes: Any) -> tuple[str, str | None]:
    with pytest.raises(RefusalError) as caught:
        event(base, **changes)
    at = caught.value.findings[0].at
    assert at is not None
    assert (at.file, at.line) == ("epcis.json", 1)
    return caught.value.rule.code, at.column


def test_a_commissioning_of_another_program_is_a_production() -> None:
    (row,) = event(certificationInfo="https://id.example.org/dcc/7")

    assert row == Row(
        event="https://id.example.org/event/1",
        at=datetime.datetime(2026, 1, 5, 7, 0, tzinfo=datetime.UTC),
        kind=Kind.PRODUCE,
        site="https://id.example.org/mine",
        entity="Example Mining",
        lot="urn:example:lot:1",
        side=Side.OUT,
        material="ore",
        mass_mg=5_000_000,
        content_mg=5_000_000,
        attestation="https://id.example.org/dcc/7",
        place=Place("epcis.json", 1),
    )


@pytest.mark.parametrize(
    ("action", "step", "kind", "expected", "side"),
    [
        ("ADD", "commissioning", ..., Kind.PRODUCE, Side.OUT),
        ("ADD", "commissioning", "purchase", Kind.PURCHASE, Side.OUT),
        ("ADD", "commissioning", "recycle", Kind.RECYCLE, Side.OUT),
        ("ADD", ..., "produce", Kind.PRODUCE, Side.OUT),
        ("OBSERVE", "shipping", ..., Kind.SHIP, Side.MOVE),
        ("OBSERVE", "receiving", ..., Kind.RECEIVE, Side.MOVE),
        ("OBSERVE", "https://ref.gs1.org/cbv/BizStep-shipping", ..., Kind.SHIP, Side.MOVE),
        ("DELETE", "destroying", ..., Kind.LOSS, Side.IN),
        ("DELETE", "decommissioning", "loss", Kind.LOSS, Side.IN),
    ],
)
def test_the_action_and_the_business_step_tell_the_kind(
    action: str, step: object, kind: object, expected: Kind, side: Side
) -> None:
    (row,) = event(action=action, bizStep=step, stannary_kind=kind)

    assert (row.kind, row.side) == (expected, side)


@pytest.mark.parametrize("kind", [Kind.TRANSFORM, Kind.BLEND, Kind.SPLIT])
def test_a_transformation_has_both_sides(kind: Kind) -> None:
    said = ... if kind is Kind.TRANSFORM else kind.value

    rows = event(TRANSFORMATION, stannary_kind=said)

    assert [(row.kind, row.side, row.mass_mg) for row in rows] == [
        (kind, Side.IN, 5_000_000),
        (kind, Side.OUT, 4_500_000),
    ]


@pytest.mark.parametrize(
    ("quantity", "uom", "mass_mg"),
    [
        ("1", "MGM", 1),
        ("0.001", "GRM", 1),
        ("0.000001", "KGM", 1),
        ("0.000000001", "TNE", 1),
        ("375.000001", "KGM", 375_000_001),
        ("1.50", "TNE", 1_500_000_000),
        ("1E+3", "GRM", 1_000_000),
        ("9000000000000000000", "MGM", 9 * 10**18),
        ("9007199254740993", "MGM", 9_007_199_254_740_993),
        ("9007199254.740993", "KGM", 9_007_199_254_740_993),
        ("0.5", "MGM", None),
        ("0.0000001", "KGM", None),
        ("0.1234567", "KGM", None),
        ("0", "KGM", None),
        ("-1", "KGM", None),
        ("9000000000000000001", "MGM", None),
        ("1E+999999999", "KGM", None),
        ("1E-999999999", "KGM", None),
        ("1." + "1" * 70, "KGM", None),
    ],
)
def test_a_quantity_is_exact_or_refused(quantity: str, uom: str, mass_mg: int | None) -> None:
    content = json.dumps(document(EVENT)).replace('"quantity": 5', f'"quantity": {quantity}')
    content = content.replace('"KGM"', f'"{uom}"')

    if mass_mg is None:
        assert told(content)[0] == "KERNEL-001"
    else:
        assert read(content)[0].mass_mg == mass_mg


@pytest.mark.parametrize(
    ("quantity", "column"),
    [
        ({"epcClass": "urn:x:1", "quantity": 5}, "quantityList[0].uom"),
        ({"epcClass": "urn:x:1", "quantity": 5, "uom": "LBR"}, "quantityList[0].uom"),
        ({"epcClass": "urn:x:1", "quantity": 5, "uom": 5}, "quantityList[0].uom"),
        ({"epcClass": "urn:x:1", "uom": "KGM"}, "quantityList[0].quantity"),
        ({"epcClass": "urn:x:1", "quantity": "5", "uom": "KGM"}, "quantityList[0].quantity"),
        ({"epcClass": "urn:x:1", "quantity": True, "uom": "KGM"}, "quantityList[0].quantity"),
        ({"quantity": 5, "uom": "KGM"}, "quantityList[0].epcClass"),
        ("urn:x:1", "quantityList[0]"),
    ],
)
def test_a_quantity_names_its_class_number_and_unit(quantity: object, column: str) -> None:
    assert told_of(quantityList=[quantity]) == ("CUSTODY-032", column)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"type": "AggregationEvent"}, "type"),
        ({"type": "AssociationEvent"}, "type"),
        ({"type": "TransactionEvent"}, "type"),
        ({"type": ...}, "type"),
        ({"type": 7}, "type"),
        ({"errorDeclaration": {"declarationTime": "2026-02-01T00:00:00Z"}}, "errorDeclaration"),
        ({"bizStep": "inspecting", "action": "OBSERVE"}, "bizStep"),
        ({"bizStep": "other", "action": "OBSERVE"}, "bizStep"),
        ({"bizStep": ...}, "bizStep"),
        ({"action": "DELETE"}, "bizStep"),
        ({"stannary_kind": "dig"}, "stannary:kind"),
        ({"stannary_kind": "transform"}, "stannary:kind"),
        ({"stannary_kind": "ship"}, "stannary:kind"),
        ({"stannary_kind": "receive", "action": "OBSERVE", "bizStep": "shipping"}, "stannary:kind"),
        ({"epcList": ["urn:epc:id:sgtin:1.2.3"]}, "epcList"),
        ({"quantityList": []}, "quantityList"),
        ({"quantityList": ...}, "quantityList"),
        ({"quantityList": {}}, "quantityList"),
        ({"readPoint": "urn:x:mine"}, "readPoint"),
        ({"stannary_lots": {}}, "stannary:lots"),
        ({"stannary_lots": [{"stannary:side": "out"}]}, "stannary:lots[0]"),
        ({"stannary_lots": [{"stannary:lot": 9}]}, "stannary:lots[0]"),
        ({"stannary_lots": ["urn:example:lot:1"]}, "stannary:lots[0]"),
        (
            {"stannary_lots": [{"stannary:lot": "urn:example:lot:9"}]},
            "stannary:lots[0].stannary:lot",
        ),
        ({"eventID": 7}, "eventID"),
    ],
)
def test_an_event_that_is_not_understood_is_refused_with_its_number_and_key(
    changes: dict[str, Any], column: str
) -> None:
    assert told_of(**changes) == ("CUSTODY-032", column)


def test_a_transformation_is_not_a_production_and_has_no_instances() -> None:
    assert told_of(TRANSFORMATION, stannary_kind="produce") == ("CUSTODY-032", "stannary:kind")
    assert told_of(TRANSFORMATION, inputEPCList=["urn:x:1"]) == ("CUSTODY-032", "inputEPCList")


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"eventTime": "2026-01-05T08:00:00"}, "CUSTODY-026", "at"),
        ({"eventTime": ...}, "CUSTODY-023", "at"),
        ({"readPoint": ...}, "CUSTODY-023", "site"),
        ({"stannary_entity": ...}, "CUSTODY-023", "entity"),
        ({"stannary_material": ...}, "CUSTODY-023", "material"),
        ({"stannary_model": "whole"}, "CUSTODY-025", "model"),
    ],
)
def test_what_a_row_needs_an_event_needs(changes: dict[str, Any], code: str, column: str) -> None:
    assert told_of(**changes) == (code, column)


def test_what_is_said_of_a_lot_comes_before_what_is_said_of_the_event() -> None:
    lots = [
        {
            "stannary:lot": "urn:example:lot:1",
            "stannary:material": "better ore",
            "stannary:content_mg": "140000",
            "stannary:model": "segregated",
            "stannary:attestation": "",
        }
    ]

    (row,) = event(stannary_lots=lots, certificationInfo=["urn:x:dcc"])

    assert (row.material, row.content_mg, row.model) == ("better ore", 140_000, Model.SEGREGATED)
    assert row.attestation == ""


def test_certificates_are_an_attestation_only_of_mined_material_and_only_if_one() -> None:
    assert event(certificationInfo=["urn:x:dcc"])[0].attestation == "urn:x:dcc"
    assert event(certificationInfo=["urn:x:1", "urn:x:2"])[0].attestation == ""
    assert event(certificationInfo="urn:x:1", stannary_kind="purchase")[0].attestation == ""


def test_the_read_point_is_the_site_and_the_location_where_there_is_none() -> None:
    both = event(bizLocation={"id": "https://id.example.org/store"})
    one = event(bizLocation={"id": "https://id.example.org/store"}, readPoint=...)

    assert (both[0].site, one[0].site) == (
        "https://id.example.org/mine",
        "https://id.example.org/store",
    )


def test_an_event_without_id_gets_its_number() -> None:
    first = {key: value for key, value in EVENT.items() if key != "eventID"}
    lot = {"epcClass": "urn:example:lot:2", "quantity": 1, "uom": "MGM"}

    rows = read(document(first, {**first, "quantityList": [lot]}))

    assert [(row.event, row.place) for row in rows] == [
        ("#1", Place("epcis.json", 1)),
        ("#2", Place("epcis.json", 2)),
    ]


def test_two_events_with_one_id_are_refused() -> None:
    assert told(document(EVENT, EVENT)) == ("CUSTODY-032", Place("epcis.json", 2, "eventID"))


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        ("{", "CUSTODY-021", None, None),
        ("{} {}", "CUSTODY-021", None, None),
        ('{"type": "EPCISDocument", "type": "EPCISDocument"}', "CUSTODY-021", None, None),
        ('{"a": NaN}', "CUSTODY-021", None, None),
        ("[" * 100_000, "CUSTODY-021", None, None),
        ('{"a": ' + "1" * 5000 + "}", "CUSTODY-021", None, None),
        ([EVENT], "CUSTODY-032", None, None),
        (EVENT, "CUSTODY-032", None, None),
        (document(schemaVersion="1.2"), "CUSTODY-032", None, "schemaVersion"),
        (document(epcisBody=[]), "CUSTODY-032", None, "epcisBody"),
        (document(epcisBody={"eventList": {}}), "CUSTODY-032", None, "epcisBody"),
        (document("event"), "CUSTODY-032", 1, None),
        (document(), "CUSTODY-030", None, None),
    ],
)
def test_what_is_no_epcis_document_is_refused(
    content: object, code: str, line: int | None, column: str | None
) -> None:
    assert told(content) == (code, Place("epcis.json", line, column))


def test_bytes_that_are_no_utf_8_are_no_json() -> None:
    with pytest.raises(RefusalError) as caught:
        read_movements(io.BytesIO(b'{"a": "\xff"}'))

    assert caught.value.rule.code == "CUSTODY-021"


ODD = [
    mine("E 1/ü", "urn:stannary:lot:x", 10, site="a b", attestation="not a uri"),
    mine("E 1/ü", "lot, 2", 10, site="c", attestation="urn:x:2"),
    mine("E2", "L3", 9 * 10**18, content_mg=1, attestation="urn:x:3", model=Model.SEGREGATED),
    move("E3", Kind.SHIP, "L3", 10, entity="A", note="two\nlines", period="2026"),
    move("E3", Kind.SHIP, "https://example.org/l?a=b", 10, entity="B", site="other"),
    use("E4", Kind.BLEND, "L3", 5),
    use("E4", Kind.BLEND, "L3", 6, note="the same lot again"),
    make("E4", Kind.BLEND, "L3", 11),
    make("E5", Kind.BOOK, "L3", 1, account="A", period="2026"),
    use("E5", Kind.BOOK, "L3", 2, account="B"),
    use("E6", Kind.SPLIT, "L9", 2),
]


def bare(rows: tuple[Row, ...]) -> list[Row]:
    return [replace(row, place=None) for row in rows]


def again(rows: list[Row]) -> list[Row]:
    return bare(read(write_epcis(rows)))


def test_odd_names_repeated_lots_and_credits_come_back() -> None:
    assert again(ODD) == sorted(
        ODD, key=lambda row: (row.event, ["in", "out", "move"].index(row.side))
    )


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=10)
def test_events_come_back_as_they_were_written(seed: int) -> None:
    rows = random_chain(seed)

    assert events_of(again(rows)) == events_of(rows)


def test_an_offset_that_epcis_does_not_know_is_written_in_utc() -> None:
    east = datetime.timezone(datetime.timedelta(hours=14, minutes=1))
    edge = datetime.timezone(datetime.timedelta(hours=14))
    rows = [
        mine("E1", "L1", 1, at=START.astimezone(east)),
        mine("E2", "L2", 1, at=START.astimezone(edge)),
    ]

    body = write_epcis(rows)["epcisBody"]

    assert isinstance(body, dict)
    offsets = [written["eventTimeZoneOffset"] for written in body["eventList"]]
    assert offsets == ["+00:00", "+14:00"]
    assert [row.at for row in again(rows)] == [START, START]


def test_a_document_is_dated_by_its_last_event_or_as_told() -> None:
    rows = [mine("E1", "L1", 1, at=START), mine("E2", "L2", 1, at=START)]

    assert write_epcis(rows)["creationDate"] == "2026-01-01T06:00:00+00:00"
    day = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
    assert write_epcis(rows, created_at=day)["creationDate"] == "2027-01-01T00:00:00+00:00"
    assert refused_by(lambda: write_epcis([])) == "CUSTODY-030"


def test_mined_material_carries_its_attestations_as_certificates() -> None:
    rows = [mine("E1", "L1", 1, attestation="urn:example:1"), mine("E2", "L2", 1, attestation="")]

    body = write_epcis(rows)["epcisBody"]

    assert isinstance(body, dict)
    written = body["eventList"]
    assert [one.get("certificationInfo") for one in written] == [["urn:example:1"], None]


def test_what_is_written_passes_the_schema_of_gs1(shared: Path) -> None:
    jsonschema = pytest.importorskip(
        "jsonschema", reason="LOUD: no jsonschema, so EPCIS was not checked against GS1's schema"
    )
    folder = shared / "schemas/gs1-epcis-2.0"
    schema = json.loads((folder / "EPCIS-JSON-Schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())

    sound = [row for row in ODD if row.event != "E6"]
    for rows in (sound, random_chain(1), random_chain(2)):
        assert [error.message for error in validator.iter_errors(write_epcis(rows))] == []


def faulty() -> dict[str, object]:
    """Six events: all but the third and the last are wrong, the fourth in three places."""
    good = {"epcClass": "urn:x:2", "quantity": 1, "uom": "KGM"}
    several = [
        {"epcClass": "urn:x:1", "quantity": 0.5, "uom": "MGM"},
        {"quantity": 1, "uom": "LBR"},
        good,
    ]
    return document(
        {**EVENT, "type": "AggregationEvent", "readPoint": "here"},
        "event",
        {**EVENT, "eventID": "e3"},
        {**EVENT, "eventID": "e4", "quantityList": several, "stannary:material": ""},
        {**EVENT, "eventID": "e3"},
        {**EVENT, "eventID": "e6"},
    )


ALL_OF_IT = [
    (1, "type"),
    (1, "readPoint"),
    (2, None),
    (4, "material"),
    (4, "quantityList[0].quantity"),
    (4, "quantityList[1].epcClass"),
    (4, "quantityList[1].uom"),
    (5, "eventID"),
]


def places(findings: Iterable[Finding]) -> list[tuple[int | None, str | None]]:
    return [(one.at.line, one.at.column) for one in findings if one.at is not None]


def test_every_problem_of_every_event_is_told_with_its_path_and_a_remedy() -> None:
    with pytest.raises(RefusalError) as caught:
        read(faulty())

    assert places(caught.value.findings) == ALL_OF_IT
    assert all(one.rule.remedy for one in caught.value.findings)


def test_a_file_that_is_looked_at_goes_on_behind_a_problem() -> None:
    found = examine_movements(json.dumps(faulty()).encode(), "x.json")

    assert sorted(places(found.findings), key=str) == sorted(ALL_OF_IT, key=str)
    assert [one.at.line for one in found.findings if one.at] == [1, 1, 2, 4, 4, 4, 4, 5]
    assert {line for line, _ in found.lines} == {3, 4, 5, 6}
    assert {row.event for row in found.rows} >= {"e6"}


@pytest.mark.parametrize("most", [1, 9, 10, 11])
def test_problems_are_told_up_to_a_number(most: int) -> None:
    bad = document(*[{**EVENT, "eventID": f"e{n}", "type": "X"} for n in range(10)])

    found = examine_movements(json.dumps(bad).encode(), "x", limits=Limits(findings_max=most))

    assert len(found.findings) == min(most, 10)
    assert found.rows == ()


def test_an_event_with_more_problems_than_are_told_is_cut() -> None:
    bad = document({**EVENT, "quantityList": [{"quantity": 0, "uom": "KGM"}] * 200})

    with pytest.raises(RefusalError) as caught:
        read(bad)
    assert len(caught.value.findings) == 100
    both = {
        **TRANSFORMATION,
        "stannary:lots": ["x", {"stannary:lot": "urn:x:9", "stannary:side": "in"}],
    }
    assert told_of(both)[1] == "stannary:lots[0]"
    assert told_of(TRANSFORMATION, stannary_lots={}) == ("CUSTODY-032", "stannary:lots")
