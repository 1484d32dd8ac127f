"""The published facts and the IRMA outline hold their form; read with tomllib only, so no loader can hide a fault."""

import datetime
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "src" / "stannary" / "data"
PUBLISHED = DATA / "published"
OUTLINE = DATA / "standards" / "irma" / "mining" / "1.0"
SITES = sorted((PUBLISHED / "sites").glob("*.toml"))

MARKS = {"S", "S2", "SEED", "SEED+S", "SEED+S2", "D", "GK", "?", "own"}
STATUSES = {"published", "level_pending", "in_process", "paused", "self_assessing"}
KINDS = {
    "announced",
    "stage_1_completed",
    "stage_2_completed",
    "visit",
    "initial_release",
    "surveillance_announced",
    "surveillance_visit",
    "surveillance_release",
    "agreement",
    "postponed",
    "self_assessment",
    "complaint",
    "renewal",
}
SITE_KEYS = {
    "slug",
    "name",
    "other_names",
    "country",
    "country_mark",
    "materials",
    "standard",
    "status",
    "place",
    "note",
    "fact",
}
SITE_KEYS_WHEN_KNOWN = {"operator", "firm", "level"}
LEVELS = {"IRMA-TRANSPARENCY", "IRMA-50", "IRMA-75", "IRMA-100"}
LOOKED_UP_ON = datetime.date(2026, 11, 22)

each_site = pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def sourced(node: Any) -> Iterator[dict[str, Any]]:
    """Every table that carries a source or a mark, at any depth."""
    if isinstance(node, dict):
        if "source" in node or "mark" in node:
            yield node
        for value in node.values():
            yield from sourced(value)
    elif isinstance(node, list):
        for value in node:
            yield from sourced(value)


def days(text: str) -> tuple[datetime.date, datetime.date]:
    """First and last day that a partial date may mean; raises ValueError for any other form."""
    form = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if form is None:
        raise ValueError(f"no date: {text!r}")
    year, month, day = int(form[1]), int(form[2] or 1), int(form[3] or 1)
    first = datetime.date(year, month, day)
    if form[3]:
        return first, first
    after = (
        datetime.date(year + (month == 12), month % 12 + 1, 1)
        if form[2]
        else datetime.date(year + 1, 1, 1)
    )
    return first, after - datetime.timedelta(days=1)


def test_dates_may_be_whole_or_partial_and_nothing_else() -> None:
    assert days("2024-02") == (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    assert days("2024") == (datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    assert days("2024-12")[1] == datetime.date(2024, 12, 31)
    for wrong in ("", "24", "2024-13", "2023-02-29", "2024-2-7"):
        with pytest.raises(ValueError, match=r"no date|month|day"):
            days(wrong)


@each_site
def test_a_site_has_every_key_and_no_other(path: Path) -> None:
    site = read(path)

    assert set(site) >= SITE_KEYS
    assert set(site) <= SITE_KEYS | SITE_KEYS_WHEN_KNOWN
    assert site["name"]
    assert site["fact"]
    assert site["standard"] == "irma/mining/1.0"
    assert site["status"] in STATUSES


@each_site
def test_country_and_materials_of_a_site_are_known_keys(path: Path) -> None:
    site = read(path)

    assert site["country"] in read(DATA / "reference" / "countries.toml")["country"]
    assert set(site["materials"]) <= set(read(DATA / "reference" / "materials.toml")["material"])
    assert site["country_mark"] in MARKS


@each_site
def test_a_site_has_a_level_exactly_when_one_is_published(path: Path) -> None:
    site = read(path)

    assert ("level" in site) == (site["status"] == "published")
    assert site.get("level", {}).get("value", "IRMA-50") in LEVELS
    released = [fact for fact in site["fact"] if fact["kind"] == "initial_release"]
    assert len(released) == (site["status"] in ("published", "level_pending"))


@each_site
def test_a_place_is_on_earth_rounded_and_said_to_be_general_geography(path: Path) -> None:
    place = read(path)["place"]

    latitude, longitude = float(place["latitude"]), float(place["longitude"])
    assert -90 <= latitude <= 90
    assert -180 <= longitude <= 180
    assert (latitude * 2).is_integer()
    assert (longitude * 2).is_integer()
    assert place["radius_km"] == 50
    assert place["mark"] == "GK"


@each_site
def test_a_fact_has_a_kind_a_text_a_source_a_mark_and_a_possible_date(path: Path) -> None:
    for fact in read(path)["fact"]:
        assert (
            {"kind", "text", "source", "mark"}
            <= set(fact)
            <= {"kind", "on", "until", "text", "source", "mark"}
        )
        assert fact["kind"] in KINDS
        assert fact["text"].strip()
        assert fact["source"].strip()
        assert "until" not in fact or "on" in fact
        if "on" in fact:
            first, last = days(fact["on"])
            assert first <= LOOKED_UP_ON
            assert "until" not in fact or last <= days(fact["until"])[0]


@each_site
def test_dated_facts_of_a_site_stand_in_the_order_of_time(path: Path) -> None:
    dated = [days(fact["on"])[0] for fact in read(path)["fact"] if "on" in fact]

    assert dated == sorted(dated)


def test_slugs_are_unique_and_name_their_file() -> None:
    slugs = [read(path)["slug"] for path in SITES]

    assert slugs == [path.stem for path in SITES]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs)


def test_fourteen_published_audits_are_recorded_one_of_them_with_its_level_pending() -> None:
    statuses = [read(path)["status"] for path in SITES]

    assert statuses.count("published") == 13
    assert statuses.count("level_pending") == 1
    assert len(statuses) == 25


def test_our_own_counts_agree_with_the_files() -> None:
    figures = {figure["key"]: figure for figure in read(PUBLISHED / "figures.toml")["figure"]}
    statuses = [read(path)["status"] for path in SITES]

    assert figures["verified-here-with-level"]["value"] == statuses.count("published")
    assert figures["verified-here"]["value"] == statuses.count("published") + statuses.count(
        "level_pending"
    )
    assert (
        figures["verified-here-without-level"]["value"]
        == len(SITES) - figures["verified-here"]["value"]
    )


def test_figures_have_unique_keys_whole_values_and_dates() -> None:
    figures = read(PUBLISHED / "figures.toml")["figure"]

    assert len({figure["key"] for figure in figures}) == len(figures)
    for figure in figures:
        assert set(figure) == {"key", "value", "text", "on", "source", "mark"}
        assert type(figure["value"]) is int
        assert figure["value"] > 0
        assert days(figure["on"])[0] <= LOOKED_UP_ON


@pytest.mark.parametrize(
    "path", sorted([*PUBLISHED.rglob("*.toml"), *OUTLINE.rglob("*.toml")]), ids=lambda p: p.stem
)
def test_every_sourced_table_names_its_source_and_a_known_mark(path: Path) -> None:
    for table in sourced(read(path)):
        assert table.get("source", "").strip(), table
        assert table.get("mark") in MARKS, table


def test_no_text_here_calls_a_site_by_the_word_that_the_scheme_denies() -> None:
    for path in [*PUBLISHED.rglob("*"), *OUTLINE.rglob("*")]:
        if path.is_file():
            assert not re.search(
                r"certified|certifiée?s?\b", path.read_text(encoding="utf-8"), re.IGNORECASE
            ), path


def test_the_outline_has_twenty_six_chapters_split_five_six_seven_eight() -> None:
    chapters = [read(path) for path in sorted((OUTLINE / "chapters").glob("*.toml"))]

    principles = [chapter["principle"] for chapter in chapters]
    assert [principles.count(principle) for principle in "1234"] == [5, 6, 7, 8]
    assert all(chapter["id"].startswith(chapter["principle"] + ".") for chapter in chapters)


def test_the_outline_ships_five_critical_ids_and_no_demand() -> None:
    chapters = [read(path) for path in sorted((OUTLINE / "chapters").glob("*.toml"))]
    requirements = [
        requirement for chapter in chapters for requirement in chapter.get("requirement", [])
    ]

    assert [requirement["id"] for requirement in requirements] == [
        "1.1.1.1",
        "1.2.2.2",
        "1.3.1.1",
        "1.3.2.1",
        "1.3.3.3",
    ]
    assert all(requirement["critical"] for requirement in requirements)
    assert {
        requirement[key] for requirement in requirements for key in ("demand", "why", "evidence")
    } == {""}


def test_a_constant_of_the_outline_lacks_a_value_exactly_when_it_is_unknown() -> None:
    for name, parameter in read(OUTLINE / "standard.toml")["parameters"].items():
        for value in parameter["values"]:
            assert ("value" not in value) == (value["mark"] == "?"), name
            assert value["as_of"] <= LOOKED_UP_ON


def test_the_french_titles_cover_the_outline() -> None:
    french = read(OUTLINE / "i18n" / "fr.toml")
    standard = read(OUTLINE / "standard.toml")

    assert set(french["chapter"]) == {path.stem for path in (OUTLINE / "chapters").glob("*.toml")}
    assert set(french["principle"]) == {principle["id"] for principle in standard["principle"]}
    assert set(french["level"]) == {level["code"] for level in standard["level"]}
    assert set(french["rating"]) == {rating["code"] for rating in standard["rating"]}


def test_every_country_and_material_has_a_name_in_english_and_french() -> None:
    countries = read(DATA / "reference" / "countries.toml")["country"]
    materials = read(DATA / "reference" / "materials.toml")["material"]

    assert len(countries) == 249
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in countries)
    assert all(names["en"] and names["fr"] for names in [*countries.values(), *materials.values()])
