"""An edition as a conformity scheme, held against the schema and the topics of UNTP 0.7.0."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from formats.pack_files import write_pack
from refusals import refused_by
from stannary.core.standards import Edition
from stannary.formats.packs import find_pack, load_pack
from stannary.formats.untp_scheme import TOPICS, scheme_of

SITE = "https://example.org"


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_pack(write_pack(tmp_path))


@pytest.mark.parametrize("name", ["stannary/open-mining/0.1", "stannary/open-mining/1.0"])
def test_our_standards_are_schemes_by_the_schema(name: str, shared: Path) -> None:
    schema = json.loads((shared / "schemas" / "untp" / "0.7.0" / "cvc.json").read_text())
    scheme = scheme_of(load_pack(find_pack(name)), SITE)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER

    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(scheme)


def test_every_topic_that_we_name_is_in_the_vocabulary(shared: Path) -> None:
    known = (shared / "schemas" / "untp" / "0.7.0" / "untp-topics.jsonld").read_text()
    scheme = scheme_of(load_pack(find_pack("stannary/open-mining/1.0")), SITE)
    topics = {
        topic["id"].removeprefix(TOPICS)
        for criterion in scheme["includedProfile"][0]["criterion"]
        for topic in criterion["conformityTopic"]
    }

    assert topics
    assert [topic for topic in topics if topic not in known] == []


def test_a_criterion_has_the_address_of_its_page(edition: Edition) -> None:
    first, *rest = edition.requirements
    tagged = replace(first, tags=("untp:workplace-safety", "sdg:8.8"))
    scheme = scheme_of(replace(edition, requirements=(tagged, *rest)), SITE)
    (profile,) = scheme["includedProfile"]
    critical, other, _ = profile["criterion"]

    assert profile["id"] == scheme["documentation"] == f"{SITE}/standards/example/made-up/1.0/"
    assert critical["id"] == f"{SITE}/standards/example/made-up/1.0/1.2.1.1/"
    assert critical["conformityTopic"] == [
        {"type": ["ConformityTopic"], "id": f"{TOPICS}workplace-safety", "name": "Workplace safety"}
    ]
    assert critical["tag"] == ["untp:workplace-safety", "sdg:8.8", "critical"]
    assert critical["requiredPerformance"][0]["score"] == {"code": "substantially"}
    assert (other["requiredPerformance"], other["tag"]) == ([], [])


def test_levels_and_ratings_are_ranked_lowest_first(edition: Edition) -> None:
    scheme = scheme_of(edition, SITE)
    (ratings,) = scheme["includedProfile"][0]["criterionScoringFramework"]

    assert [s["code"] for s in scheme["schemeScoringFramework"]["score"]] == ["SEEN", "HALF"]
    assert [s["code"] for s in ratings["score"]] == [
        "not_met", "partially", "substantially", "fully",
    ]  # fmt: skip


def test_levels_that_ask_nothing_of_critical_requirements_demand_nothing(edition: Edition) -> None:
    scheme = scheme_of(replace(edition, levels=edition.levels[:1]), SITE)

    assert [c["requiredPerformance"] for c in scheme["includedProfile"][0]["criterion"]] == [[]] * 3


@pytest.mark.parametrize("name", ["irma/mining/1.0", "stannary/open-custody/0.1"])
def test_what_cannot_score_a_site_is_no_scheme(name: str) -> None:
    assert refused_by(lambda: scheme_of(load_pack(find_pack(name)), SITE)) == "STANDARD-010"
