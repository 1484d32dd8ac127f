"""A catalog that we write has OSCAL's form, and gives back the same edition."""

import base64
import datetime
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formats.pack_files import CUSTODY, TENTH, changed, write_pack
from stannary.core.kernel import Finding, Mark, RefusalError
from stannary.core.standards import Edition, Imported
from stannary.formats import oscal_reader
from stannary.formats.oscal_catalog import NAMESPACE, catalog_json, catalog_of
from stannary.formats.oscal_reader import DEEPEST, MAX_WRONG
from stannary.formats.pack_writer import without_places
from stannary.formats.packs import load_pack, shipped_packs
from stannary.formats.standard_import import Wanted, import_standard

SHIPPED = {"/".join(folder.parts[-3:]): folder for folder in shipped_packs()}
DAY = datetime.date(2026, 11, 22)
TOKEN = re.compile(r"[^\W\d][\w.-]*")
ONE_LINE = re.compile(r"\S(.*\S)?")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")

# What the catalog model of OSCAL 1.2.1 allows for what we write: keys needed, keys allowed.
PROP = ({"name", "value"}, {"name", "value", "ns", "class", "uuid", "remarks"})
PART = ({"name"}, {"id", "name", "ns", "class", "title", "props", "prose", "parts", "links"})
CONTROL = (
    {"id", "title"},
    {"id", "class", "title", "params", "props", "links", "parts", "controls"},
)
GROUP = (
    {"title"},
    {"id", "class", "title", "params", "props", "links", "parts", "groups", "controls"},
)
PARAM = ({"id"}, {"id", "class", "label", "usage", "props", "values", "remarks", "select"})


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_pack(write_pack(tmp_path))


def imported(content: str | dict[str, Any], **wanted: Any) -> Imported:
    text = content if isinstance(content, str) else json.dumps(content)
    parts: dict[str, Any] = {"edition": "", "title": "", "today": DAY}
    return import_standard(text.encode(), "a.json", Wanted(**(parts | wanted)))


def refused(content: str | dict[str, Any], **wanted: Any) -> tuple[Finding, ...]:
    try:
        return imported(content, **wanted).findings
    except RefusalError as refusal:
        return refusal.findings


def every(shape: Any, key: str) -> Iterator[Any]:
    """Give every item of every list of this name, however deep."""
    if isinstance(shape, dict):
        for name, value in shape.items():
            if name == key:
                yield from value
            yield from every(value, key)
    elif isinstance(shape, list):
        for item in shape:
            yield from every(item, key)


# out


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_pack_has_the_form_of_a_catalog(name: str) -> None:
    document = catalog_of(load_pack(SHIPPED[name]))
    catalog = document["catalog"]

    assert list(document) == ["catalog"]
    assert {"uuid", "metadata"} <= set(catalog) <= {
        "uuid", "metadata", "params", "groups", "controls", "back-matter",
    }  # fmt: skip
    metadata = catalog["metadata"]
    assert {"title", "last-modified", "version", "oscal-version"} <= set(metadata)
    assert metadata["oscal-version"] == "1.2.1"
    assert INSTANT.fullmatch(metadata["last-modified"])
    for key, (needed, allowed) in {
        "props": PROP, "parts": PART, "controls": CONTROL, "groups": GROUP, "params": PARAM,
    }.items():  # fmt: skip
        for item in every(catalog, key):
            assert needed <= set(item) <= allowed, (key, item)
    ids = [item["id"] for key in ("groups", "controls", "parts", "params")
           for item in every(catalog, key) if "id" in item]  # fmt: skip
    assert len(ids) == len(set(ids))
    assert all(TOKEN.fullmatch(each) for each in ids)
    for prop in every(catalog, "props"):
        assert TOKEN.fullmatch(prop["name"])
        assert ONE_LINE.fullmatch(prop["value"])
    resources = catalog["back-matter"]["resources"]
    uuids = [catalog["uuid"], *(resource["uuid"] for resource in resources)]
    assert all(UUID.fullmatch(each) for each in uuids)
    assert [link["href"] for link in metadata["links"]] == [f"#{each}" for each in uuids[1:]]
    assert all(TOKEN.fullmatch(resource["base64"]["filename"]) for resource in resources)


def test_no_list_of_a_catalog_is_empty(edition: Edition) -> None:
    bare = replace(edition, parameters={}, chapters=(), requirements=(), translations={})

    for one in (edition, bare):
        catalog = catalog_of(one)["catalog"]
        assert "[]" not in json.dumps(catalog)
    assert "params" not in catalog


def test_the_same_edition_gives_the_same_bytes_and_another_another_uuid(edition: Edition) -> None:
    other = replace(edition, summary="Otherwise.")

    assert catalog_json(edition) == catalog_json(edition)
    assert catalog_of(edition)["catalog"]["uuid"] != catalog_of(other)["catalog"]["uuid"]


def test_a_control_says_what_the_requirement_says(edition: Edition) -> None:
    first, *rest = edition.requirements
    full = replace(first, interview="Who?", tags=("sdg:8.8",))
    control = next(every(catalog_of(replace(edition, requirements=(full, *rest))), "controls"))
    said = {part["name"]: part for part in control["parts"]}
    props = {prop["name"]: prop["value"] for prop in control["props"]}

    assert (control["id"], control["title"]) == ("r-1.2.1.1", "Short")
    assert props == {
        "label": "1.2.1.1", "sort-id": "000000", "critical": "true", "tag": "sdg:8.8", "mark": "own",
    }  # fmt: skip
    assert said["statement"]["prose"] == "Something is so."
    assert said["guidance"]["prose"] == "It matters."
    assert said["applies"] == {
        "name": "applies", "ns": NAMESPACE, "prose": "where there is water",
    }  # fmt: skip
    methods = [part for part in control["parts"] if part["name"] == "assessment-method"]
    assert [
        (part["props"][0]["value"], part["parts"][0]["name"], part["parts"][0]["prose"])
        for part in methods
    ] == [
        ("EXAMINE", "assessment-objects", "Records."),
        ("INTERVIEW", "assessment-objects", "Who?"),
    ]


def test_a_constant_has_the_value_of_the_first_day_and_names_the_others(edition: Edition) -> None:
    first = edition.parameters["surveillance_from_months"]
    later = replace(first.values[0], value=18, valid_from=datetime.date(2027, 1, 1))
    two = replace(first, values=(*first.values, later))
    months, days = catalog_of(replace(edition, parameters={**edition.parameters, first.name: two}))[
        "catalog"
    ]["params"]

    assert (months["id"], months["values"]) == ("surveillance_from_months", ["12"])
    assert months["remarks"] == "12 from 2026-01-01; 18 from 2027-01-01"
    assert "values" not in days


# back


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_pack_comes_back_as_the_same_edition(name: str) -> None:
    edition = load_pack(SHIPPED[name])
    back = imported(catalog_json(edition))

    assert back.findings == ()
    assert without_places(back.edition) == without_places(edition)


def test_a_pack_with_sections_in_no_order_and_some_without_comes_back(tmp_path: Path) -> None:
    text = TENTH + "".join(
        f'\n[[requirement]]\nid = "1.10.{name}"\ntitle = "T"\ndemand = "D\\n * D"\ncritical = true\n'
        'mark = "S2"\nsource = " s "\n'
        for name in ("2.1", "1.2", "2.2")
    )
    text = changed(
        text, '\n[[requirement]]\nid = "1.10.1.1"',
        '\n[[section]]\nid = "1.10.2"\ntitle = "S"\n\n[[requirement]]\nid = "1.10.1.1"',
    )  # fmt: skip
    edition = load_pack(write_pack(tmp_path, tenth=text))
    back = imported(catalog_json(edition))

    assert back.findings == ()
    assert without_places(back.edition) == without_places(edition)


def test_a_custody_pack_comes_back(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path, standard=CUSTODY, chapter=None, tenth=None, french=None, cases=None
    )
    edition = load_pack(folder)

    assert without_places(imported(catalog_json(edition)).edition) == without_places(edition)


def test_what_another_program_changed_in_our_catalog_is_what_is_read(edition: Edition) -> None:
    document = catalog_of(edition)
    group = document["catalog"]["groups"][0]
    group["title"] = "Firstly"
    control = group["groups"][0]["groups"][0]["controls"][1]
    control["parts"][0]["prose"] = "Something else altogether."

    back = imported(document).edition

    assert back.principles[0].title == "Firstly"
    assert back.requirement_by_id["1.2.1.2"].demand == "Something else altogether."


def test_a_catalog_of_ours_may_be_given_other_names(edition: Edition) -> None:
    back = imported(catalog_json(edition), edition="my/own/2.0", title="Mine").edition

    assert (back.id, back.title, back.short_title) == ("my/own/2.0", "Mine", "Mine")


# in, from somebody else

FOREIGN: dict[str, Any] = {
    "catalog": {
        "uuid": "74c8ba1e-5cd4-4ad1-bbfd-d888e2f6c724",
        "metadata": {
            "title": "Somebody's catalog", "last-modified": "2026-01-01T00:00:00Z",
            "version": "1.0", "oscal-version": "1.1.2",
        },
        "groups": [
            {
                "id": "s1", "title": "Organisation",
                "props": [{"name": "label", "value": "1"}],
                "groups": [
                    {
                        "id": "c-1.1", "title": "Rules",
                        "controls": [
                            {
                                "id": "r-1.1.1.1", "title": "Policy",
                                "parts": [
                                    {
                                        "id": "smt", "name": "statement", "prose": "The organisation:",
                                        "parts": [
                                            {
                                                "name": "item", "prose": "has a policy",
                                                "props": [{"name": "label", "value": "a."}],
                                            },
                                            {"name": "item", "prose": "keeps it up to date."},
                                        ],
                                    },
                                    {"name": "guidance", "prose": "People should know it."},
                                    {"name": "guidance", "prose": "All of them."},
                                    {"name": "overview", "prose": "Not read."},
                                    {"name": "assessment-method", "parts": []},
                                    {
                                        "name": "assessment-method",
                                        "props": [{"name": "method", "value": "TEST"}],
                                    },
                                ],
                                "controls": [
                                    {"id": "r-1.1.1.2", "title": "Enhancement",
                                     "parts": [{"name": "statement", "prose": "More."}]},
                                ],
                            },
                        ],
                    },
                ],
            },
        ],
    },
}  # fmt: skip
NAMES = {"edition": "some/body/1.0", "title": "Somebody's"}


def test_a_small_catalog_of_another_writer_is_read() -> None:
    done = imported(FOREIGN, **NAMES)

    assert done.findings == ()
    assert [p.title for p in done.edition.principles] == ["Organisation"]
    assert [c.title for c in done.edition.chapters] == ["Rules"]
    first, second = done.edition.requirements
    assert (first.id, first.title, first.critical) == ("1.1.1.1", "Policy", False)
    assert first.demand == "The organisation:\na. has a policy\nkeeps it up to date."
    assert (first.why, first.evidence) == ("People should know it.\nAll of them.", "")
    assert (first.source, first.mark) == ("imported from a.json", Mark.SEEN)
    assert (second.id, second.demand) == ("1.1.1.2", "More.")
    assert done.edition.points_on(DAY) == {}


def test_a_catalog_of_another_writer_needs_names() -> None:
    assert [finding.code for finding in refused(FOREIGN)] == ["IMPORT-010"]


def test_a_catalog_of_another_writer_takes_what_it_lacks_from_an_outline(edition: Edition) -> None:
    done = imported(FOREIGN, **NAMES, outline=edition, complete=False)

    assert done.findings == ()
    assert [level.code for level in done.edition.levels] == ["SEEN", "HALF"]
    assert [c.id for c in done.edition.chapters] == ["1.1", "1.2", "1.10"]
    assert done.edition.principles[0].title == "Organisation"


def test_controls_with_other_numbers_are_never_renumbered() -> None:
    document = deepcopy(FOREIGN)
    rules = document["catalog"]["groups"][0]["groups"][0]
    rules["controls"][0]["id"] = "ac-1"
    rules["controls"][0]["props"] = [{"name": "label", "value": "AC-1"}]
    del rules["controls"][0]["controls"]
    rules["controls"].append({"title": "No id"})
    rules["groups"] = [{"id": "ac", "title": "Access Control"}]
    path = "catalog.groups[0].groups[0]"

    assert [
        (f.code, dict(f.facts), f.at.column) for f in refused(document, **NAMES, complete=False) if f.at
    ] == [
        ("IMPORT-013", {"id": "ac", "label": "(none)"}, f"{path}.groups[0].id"),
        ("IMPORT-013", {"id": "ac-1", "label": "AC-1"}, f"{path}.controls[0].id"),
        ("IMPORT-013", {"id": "(none)", "label": "(none)"}, f"{path}.controls[1].id"),
    ]  # fmt: skip


def test_a_number_that_stands_twice_is_found() -> None:
    document = deepcopy(FOREIGN)
    top = document["catalog"]["groups"]
    top.append(deepcopy(top[0]))
    findings = refused(document, **NAMES)

    assert {finding.code for finding in findings} == {"STANDARD-003"}
    assert [finding.facts["id"] for finding in findings] == ["1", "1.1", "1.1.1.1", "1.1.1.2"]


def test_a_requirement_of_a_catalog_is_checked_like_a_row() -> None:
    document = deepcopy(FOREIGN)
    control = document["catalog"]["groups"][0]["groups"][0]["controls"][0]
    control["parts"] = []
    control["props"] = [
        {"name": "critical", "ns": NAMESPACE, "value": "very"},
        {"name": "mark", "ns": NAMESPACE, "value": "sure"},
        {"name": "tag", "ns": NAMESPACE, "value": "sdg:99"},
        {"name": "critical", "ns": "https://example.org/other", "value": "true"},
    ]
    path = "catalog.groups[0].groups[0].controls[0]"

    assert {(f.code, f.at.column) for f in refused(document, **NAMES) if f.at} == {
        ("IMPORT-007", f"{path}.props[0]"),
        ("KERNEL-003", f"{path}.props[1]"),
        ("STANDARD-018", f"{path}.props[2]"),
        ("STANDARD-006", path),
    }


def test_the_mark_of_a_group_is_one_that_is_known() -> None:
    document = deepcopy(FOREIGN)
    document["catalog"]["groups"][0]["props"].append(
        {"name": "mark", "ns": NAMESPACE, "value": "sure"}
    )
    (finding,) = refused(document, **NAMES)

    assert (finding.code, finding.at and finding.at.column) == (
        "KERNEL-003", "catalog.groups[0].props[1]",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("where", "value", "path", "expected"),
    [
        (["metadata"], None, "catalog.metadata", "an object"),
        (["groups"], {}, "catalog.groups", "a list of objects"),
        (["groups", 0], 7, "catalog.groups[0]", "an object"),
        (["groups", 0, "title"], " ", "catalog.groups[0].title", "text that is not blank"),
        (["groups", 0, "title"], 7, "catalog.groups[0].title", "text that is not blank"),
        (
            ["groups", 0, "props", 0, "value"],
            None,
            "catalog.groups[0].props[0].value",
            "text that is not blank",
        ),
        (["back-matter"], [], "catalog.back-matter", "an object"),
    ],
)
def test_what_does_not_have_its_form_is_named_by_its_path(
    where: list[Any], value: object, path: str, expected: str
) -> None:
    document = deepcopy(FOREIGN)
    inner = document["catalog"]
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    found = [
        (dict(f.facts), f.at.column)
        for f in refused(document, **NAMES, complete=False)
        if f.code == "IMPORT-012" and f.at
    ]

    assert found == [({"expected": expected}, path)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "IMPORT-001"),
        ("{" * 100_000, "IMPORT-001"),
        ('{"a": ' * 100_000, "IMPORT-001"),
        ("{}", "IMPORT-012"),
        ('{"catalog": []}', "IMPORT-012"),
        ('{"profile": {}}', "IMPORT-012"),
    ],
)
def test_what_is_no_catalog_is_refused(content: str, code: str) -> None:
    assert {finding.code for finding in refused(content, **NAMES)} >= {code}


def test_groups_and_parts_are_followed_only_so_deep() -> None:
    group: dict[str, Any] = {"id": "1", "title": "Deep"}
    part: dict[str, Any] = {"name": "statement", "prose": "Deep"}
    for _ in range(DEEPEST + 2):
        group = {"id": "1", "title": "Deep", "groups": [group]}
        part = {"name": "statement", "prose": "Deep", "parts": [part]}
    in_groups = deepcopy(FOREIGN)
    in_groups["catalog"]["groups"] = [group]
    in_parts = deepcopy(FOREIGN)
    in_parts["catalog"]["groups"][0]["groups"][0]["controls"][0]["parts"] = [part]

    for document in (in_groups, in_parts):
        said = [f.facts.get("expected", "") for f in refused(document, **NAMES)]
        assert any(f"at most {DEEPEST}" in text for text in said)


def test_a_file_full_of_nonsense_is_given_up() -> None:
    document = deepcopy(FOREIGN)
    document["catalog"]["groups"] = [0] * (2 * MAX_WRONG)

    assert len(refused(document, **NAMES)) == MAX_WRONG


def test_controls_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oscal_reader, "MAX_ROWS", 1)

    assert [finding.code for finding in refused(FOREIGN, **NAMES)] == ["IMPORT-002"]


# the files in the back matter


def with_file(text: bytes, name: str = "standard.toml", kind: str = "application/toml") -> Any:
    document = deepcopy(FOREIGN)
    document["catalog"]["back-matter"] = {
        "resources": [
            {"uuid": "x"},
            {"base64": {"filename": name, "media-type": kind,
                        "value": base64.b64encode(text).decode()}},
        ]
    }  # fmt: skip
    return document


def test_files_of_other_kinds_and_names_are_left_alone() -> None:
    for document in (
        with_file(b"\xff", kind="application/pdf"),
        with_file(b"\xff", name="notes.toml"),
    ):
        assert refused(document, **NAMES) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"\xff", "IMPORT-012"), (b"a = ", "STANDARD-001"), (b'kind = "assurance"', "STANDARD-002")],
)
def test_a_pack_s_file_in_the_back_matter_is_read_as_strictly_as_elsewhere(
    text: bytes, code: str
) -> None:
    findings = refused(with_file(text), **NAMES)

    assert {finding.code for finding in findings} == {code}
    assert all(f.at and f.at.file in ("a.json", "a.json#standard.toml") for f in findings)


def test_what_is_not_base64_is_found() -> None:
    document = with_file(b"")
    document["catalog"]["back-matter"]["resources"][1]["base64"]["value"] = "not base64!"

    assert [f.code for f in refused(document, **NAMES)] == ["IMPORT-012"]


def test_a_translation_in_the_back_matter_speaks_only_of_what_is_there(edition: Edition) -> None:
    document = catalog_of(edition)
    french = document["catalog"]["back-matter"]["resources"][1]["base64"]
    text = 'language = "fr"\n\n[requirement."9.9.9.9"]\ntitle = "Rien"\n'
    french["value"] = base64.b64encode(text.encode()).decode()
    (finding,) = refused(document)

    assert (finding.code, finding.at and finding.at.file) == ("STANDARD-015", "a.json#i18n-fr.toml")
