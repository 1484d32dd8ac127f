"""A published result as OSCAL assessment results: its form, its ids, and the same bytes."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from jsonschema.validators import validator_for

from core.publications.test_results import QUARTERS, published, sheet
from formats.whole_results import about, left_out, whole_result
from stannary.core.publications import PublishedResult
from stannary.core.publications.about import Kind
from stannary.core.standards import Rating
from stannary.formats.canonical import sha256_hex
from stannary.formats.oscal_catalog import NAMESPACE, catalog_of
from stannary.formats.oscal_results import NO_PLAN, NO_REASON, results_json, results_of
from stannary.formats.results import result_bytes

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def every(shape: Any, key: str) -> Iterator[Any]:
    """Give every value of this name, however deep."""
    if isinstance(shape, dict):
        for name, value in shape.items():
            if name == key:
                yield value
            yield from every(value, key)
    elif isinstance(shape, list):
        for item in shape:
            yield from every(item, key)


def results(result: PublishedResult, **more: Any) -> dict[str, Any]:
    inner: dict[str, Any] = results_of(result, QUARTERS, **more)["assessment-results"]
    return inner


def prop(shape: dict[str, Any], name: str) -> str | None:
    return next((one["value"] for one in shape.get("props", []) if one["name"] == name), None)


@pytest.fixture(scope="module")
def validator(shared: Path) -> Any:
    file = shared / "schemas" / "oscal-1.2.1" / "oscal_assessment-results_schema.json"
    if not file.is_file():
        pytest.skip(f"LOUD: no file {file}, so nothing was checked against OSCAL's own schema")
    # Python's expressions have no \p: a letter is a sign of words that is no digit and no line
    text = (
        file.read_text("utf-8").replace("\\\\p{L}", "[^\\\\W\\\\d_]").replace("\\\\p{N}", "\\\\d")
    )
    text = text.replace("[^\\\\W\\\\d_]|\\\\d|[.\\\\-_]", "[^\\\\W_]|[.\\\\-_]")
    schema = json.loads(text)
    assert validator_for(schema) is Draft7Validator
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def chapter(n: int) -> tuple[str, str]:
    return QUARTERS.chapters[n].id, QUARTERS.chapters[n].title


EXAMPLES = {
    "form 1": published(),
    "pending": published("fffs f??? ffff f-p"),
    "no reason": published(sheet=sheet("ffff ffff ffff fff", why="")),
    "form 2": whole_result(),
    "left out": whole_result(about=about(not_relevant_chapters=left_out(*chapter(0)))),
    "a first audit": whole_result(
        about=about(kind=Kind.AUDIT, notice=None, earlier=None, dates=(), corrective_actions=())
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_has_the_form_of_oscal_1_2_1(name: str, validator: Any) -> None:
    document = results_of(EXAMPLES[name], QUARTERS, address="https://a.example/results/1.json")

    assert [error.message for error in validator.iter_errors(document)] == []


def test_the_schema_is_not_satisfied_with_anything(validator: Any) -> None:
    document = results_of(EXAMPLES["form 2"], QUARTERS)
    del document["assessment-results"]["import-ap"]
    document["assessment-results"]["results"][0]["findings"][0]["uuid"] = "1"

    assert len(list(validator.iter_errors(document))) == 2


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_that_is_referred_to_is_there(name: str) -> None:
    document = results(EXAMPLES[name])
    found = list(every(document, "uuid"))
    referred = [
        each
        for key in ("observation-uuid", "risk-uuid", "actor-uuid", "subject-uuid")
        for each in every(document, key)
    ]
    referred += [each for key in ("party-uuids", "member-of-organizations")
                 for those in every(document, key) for each in those]  # fmt: skip
    referred += [each[1:] for each in every(document, "href") if each.startswith("#")]
    controls = [each["id"] for those in every(catalog_of(QUARTERS), "controls") for each in those]
    roles = {each["id"] for each in document["metadata"]["roles"]}

    assert len(found) == len(set(found))
    assert all(UUID.fullmatch(each) for each in found)
    assert referred
    assert set(referred) <= set(found)
    assert set(every(document, "role-id")) <= roles
    assert set(every(document, "control-id")) <= set(controls)


def test_every_judged_requirement_has_its_observation_and_its_finding() -> None:
    result = published("fspn f??? ffff f-p")
    inner = results(result)["results"][0]
    judged = [x.requirement for x in result.verdicts if x.rating is not Rating.PENDING]

    assert [each["title"].split()[0] for each in inner["findings"]] == judged
    assert [each["title"].split()[0] for each in inner["observations"]] == judged
    selected = inner["reviewed-controls"]["control-selections"][0]["include-controls"]
    assert [each["control-id"] for each in selected] == [f"r-{name}" for name in judged]
    assert inner["remarks"] == "Not rated, so without a finding: 2.1.1.2, 2.1.1.3, 2.1.1.4."
    assert inner["description"].startswith("The achievement level is pending.")
    assert inner["observations"][0]["relevant-evidence"] == [
        {"href": "https://example.org/a", "description": "https://example.org/a"}
    ]


@pytest.mark.parametrize(
    ("number", "rating", "state", "reason", "implemented"),
    [
        (0, "fully", "satisfied", "pass", "implemented"),
        (1, "substantially", "not-satisfied", "fail", "partial"),
        (2, "partially", "not-satisfied", "fail", "partial"),
        (3, "not_met", "not-satisfied", "fail", None),
        (13, "not_relevant", "satisfied", "other", "not-applicable"),
    ],
)
def test_six_ratings_become_two_states_and_stay_as_they_are_beside_them(
    number: int, rating: str, state: str, reason: str, implemented: str | None
) -> None:
    finding = results(published("fspn ffff ffff f-p"))["results"][0]["findings"][number]
    target = finding["target"]

    assert prop(finding, "rating") == rating
    assert target["status"] == {"state": state, "reason": reason}
    assert target.get("implementation-status", {}).get("state") == implemented
    assert (prop(finding, "counted") == "false") is (rating == "not_relevant")
    assert target["props"][0]["value"] == f"r-{finding['title'].split()[0]}"


def test_a_finding_aims_at_the_statement_and_without_one_at_the_control() -> None:
    stated = {
        part["id"]
        for those in every(catalog_of(QUARTERS), "parts")
        for part in those
        if "id" in part
    }
    for finding in results(published())["results"][0]["findings"]:
        name = prop(finding["target"], "control")
        expected = f"{name}_smt" if f"{name}_smt" in stated else name
        assert finding["target"]["target-id"] == expected


def test_form_2_says_what_was_assessed_by_whom_and_when() -> None:
    document = results(whole_result())
    inner, metadata = document["results"][0], document["metadata"]

    assert (inner["start"], inner["end"]) == (
        "2025-09-01T00:00:00+00:00",
        "2025-10-09T00:00:00+00:00",
    )
    assert [(x["value"], x["class"]) for x in inner["props"] if x["name"] == "scope-unit"] == [
        ("North pit", "pit"),
        ("Mill", "plant"),
    ]
    assert prop(inner, "scope-material") == "copper"
    assert [each["name"] for each in metadata["parties"]] == [
        "Fell Assurance", "Tarn Hill", "Ada Fell", "Bo Tarn", "Cy Hill",
    ]  # fmt: skip
    assert prop(metadata, "kind") == "correction"
    assert metadata["links"][1]["rel"] == "predecessor-version"
    assert metadata["remarks"] == "A name was wrong.\n\nChanged: firm, 1.1.1.4."


def test_form_1_has_its_lead_auditor_and_the_day_of_the_assessment() -> None:
    document = results(published())

    assert [each["name"] for each in document["metadata"]["parties"]][2:] == ["Ada Fell"]
    assert document["results"][0]["start"] == "2026-06-01T00:00:00+00:00"
    assert "risks" not in document["results"][0]


def test_the_site_s_word_and_the_ruling_stand_beside_the_verdict() -> None:
    inner = results(whole_result())["results"][0]
    said = [one for one in inner["observations"][0]["props"] if one["name"] == "site-rating"]
    ruled = [one for one in inner["findings"][3]["props"] if one["name"] == "ruled-by"]

    assert said == [{"name": "site-rating", "ns": NAMESPACE, "value": "fully", "remarks": "We do."}]
    assert ruled[0]["value"] == "reviewer"
    assert ruled[0]["remarks"] == "The logs of May count."


def test_what_stakeholders_said_is_an_observation_that_findings_cite() -> None:
    inner = results(whole_result())["results"][0]
    first, second = inner["observations"][-2:]

    assert (first["methods"], second["methods"]) == (["INTERVIEW"], ["UNKNOWN"])
    assert (first["description"], first["remarks"]) == ("Rest days are not kept.", "Looked into.")
    assert (prop(first, "people"), prop(second, "people")) == ("12", None)
    cited = [x["observation-uuid"] for x in inner["findings"][0]["related-observations"]]
    assert cited == [inner["observations"][0]["uuid"], first["uuid"]]


def test_a_corrective_action_is_a_risk_with_what_is_done_about_it() -> None:
    inner = results(whole_result())["results"][0]
    planned, closed = inner["risks"]

    assert (planned["status"], closed["status"]) == ("remediating", "closed")
    assert planned["deadline"] == "2026-06-01T00:00:00+00:00"
    assert planned["remediations"][0]["lifecycle"] == "planned"
    assert "remediations" not in closed
    assert (prop(closed, "closed-on"), prop(closed, "verified-by")) == ("2026-02-01", "auditor")
    assert inner["findings"][3]["related-risks"] == [{"risk-uuid": planned["uuid"]}]


def test_there_is_no_plan_and_it_says_so() -> None:
    document = results(published())
    (plan,) = [one for one in document["back-matter"]["resources"] if one["title"].endswith("plan")]

    assert document["import-ap"] == {"href": f"#{plan['uuid']}", "remarks": NO_PLAN}


def test_the_catalog_and_the_published_result_are_named_by_id_and_hash() -> None:
    result = published()
    resources = results(result, address="https://a.example/1.json")["back-matter"]["resources"]
    catalog, whole = resources[1], resources[2]

    assert prop(catalog, "catalog-uuid") == catalog_of(QUARTERS)["catalog"]["uuid"]
    assert whole["rlinks"][0]["hashes"][0]["value"] == sha256_hex(result_bytes(result))
    assert "rlinks" not in results(result)["back-matter"]["resources"][2]


def test_what_is_no_address_has_none_and_a_missing_reason_says_so() -> None:
    result = published(sheet=sheet("ffff ffff ffff fff", why=""))
    odd = replace(result.verdicts[0], title=" a\ntitle ", evidence=("page 3 of 9",))
    inner = results(replace(result, verdicts=(odd, *result.verdicts[1:])))["results"][0]

    assert inner["observations"][0]["description"] == NO_REASON
    assert inner["observations"][0]["title"] == "1.1.1.1 a title"
    assert inner["observations"][0]["relevant-evidence"] == [{"description": "page 3 of 9"}]


def test_the_same_result_gives_the_same_bytes_and_another_another_uuid() -> None:
    again = json.loads(results_json(whole_result(), QUARTERS))["assessment-results"]

    assert results_json(whole_result(), QUARTERS) == results_json(whole_result(), QUARTERS)
    assert again["uuid"] != results(whole_result(firm="Other"))["uuid"]
    assert again["results"][0]["uuid"] == results(whole_result(firm="Other"))["results"][0]["uuid"]
