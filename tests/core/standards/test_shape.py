import json
from dataclasses import replace

from core.standards.made_up import CUSTODY, EDITION, FIRST_DAY, constant, dated
from stannary.core.standards import (
    constant_as_list,
    edition_as_dict,
    edition_head_as_dict,
    requirement_as_dict,
)


def test_the_head_tells_how_much_of_an_edition_is_there() -> None:
    assert edition_head_as_dict(EDITION) == {
        "id": "example/made-up/1.0",
        "kind": "assurance",
        "title": "Made-up standard 1.0",
        "short_title": "Made-up 1.0",
        "language": "en",
        "licence": "CC0-1.0",
        "in_force_from": "2026-01-01",
        "requirement_count": 4,
        "critical_count": 1,
        "requirements_complete": True,
        "texts": "full",
    }


def test_a_requirement_is_given_with_its_place_source_and_mark() -> None:
    assert requirement_as_dict(EDITION.requirements[0]) == {
        "id": "1.1.1.1",
        "principle": "1",
        "chapter": "1.1",
        "section": "1.1.1",
        "title": "Requirement 1.1.1.1",
        "demand": "Something is so.",
        "critical": True,
        "applies": "",
        "why": "",
        "evidence": "",
        "interview": "",
        "tags": [],
        "source": "made up for a test",
        "mark": "own",
    }


def test_a_constant_is_given_with_every_value_numbers_as_text_and_unknown_as_none() -> None:
    shapes = constant_as_list(
        constant(dated(12), dated(True, FIRST_DAY), dated(None), dated("0.75"))
    )

    assert [shape["value"] for shape in shapes] == ["12", True, None, "0.75"]
    assert shapes[1] == {
        "from": "2026-01-01",
        "value": True,
        "source": "made up for a test",
        "mark": "own",
        "as_of": "2026-11-22",
    }
    assert shapes[0]["from"] is None
    assert shapes[2]["mark"] == "?"


def test_an_edition_is_json_and_names_everything_in_it() -> None:
    shape = json.loads(json.dumps(edition_as_dict(replace(EDITION, claims=CUSTODY.claims))))

    assert [entry["id"] for entry in shape["principles"]] == ["1", "2"]
    assert [entry["id"] for entry in shape["chapters"]] == ["1.1", "1.2", "2.1"]
    assert shape["chapters"][0]["sections"] == [{"id": "1.1.1", "title": "Heading"}]
    assert [entry["id"] for entry in shape["requirements"]] == [
        entry.id for entry in EDITION.requirements
    ]
    assert [entry["code"] for entry in shape["ratings"]] == [
        "fully",
        "substantially",
        "partially",
        "not_met",
    ]
    assert [entry["code"] for entry in shape["levels"]] == ["SEEN", "HALF", "FULL"]
    assert shape["levels"][0]["min_principle_share"] is None
    assert shape["levels"][1]["min_principle_share"][0]["value"] == "0.5"
    assert [entry["name"] for entry in shape["parameters"]] == ["surveillance_from_months"]
    assert shape["claims"][0]["models"] == ["segregated", "controlled_blending"]
    assert shape["translations"][0]["principles"] == {"1": "Premier"}
