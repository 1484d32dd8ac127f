"""An edition as an OSCAL 1.2.1 catalog in JSON.

Principles, chapters and sections become groups, requirements controls, constants params. What OSCAL
has no word for (scale, levels, dated values, translations) travels in the back matter as the pack's
own files, so that `oscal_reader` gives back the same edition. Properties and parts of our own have
the namespace `NAMESPACE`. The same edition gives the same bytes.
"""

import base64
import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from stannary.core.kernel import Mark, Parameter
from stannary.core.standards import Chapter, Edition, Requirement
from stannary.formats.pack_writer import standard_toml, translation_toml

OSCAL_VERSION = "1.2.1"
NAMESPACE = "https://stannary.example/ns/oscal"
"""Of our own properties and parts: a name that nobody fetches."""
RMF = "http://csrc.nist.gov/ns/rmf"
"""Where OSCAL's own property `method` is at home."""
TOML = "application/toml"
STANDARD = "standard.toml"
_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)

Json = dict[str, Any]


def catalog_json(edition: Edition) -> str:
    """Write an edition as an OSCAL catalog, indented, ending with a line feed."""
    return json.dumps(catalog_of(edition), ensure_ascii=False, indent=2) + "\n"


def catalog_of(edition: Edition) -> Json:
    """Give an edition as an OSCAL catalog.

    Its UUID follows from its content, for OSCAL asks for another with every change.
    """
    resources = list(_resources(edition))
    links = [{"href": f"#{resource['uuid']}", "rel": "reference"} for resource in resources]
    content: Json = {
        "metadata": {**_metadata(edition), "links": links},
        "params": [_param(edition, parameter) for parameter in edition.parameters.values()],
        "groups": list(_principles(edition)),
        "back-matter": {"resources": resources},
    }
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    content = {name: part for name, part in content.items() if part}
    return {"catalog": {"uuid": str(uuid.uuid5(_ROOT, digest)), **content}}


def _metadata(edition: Edition) -> Json:
    own = ("publisher", "standard", "licence", "language")
    return {
        "title": edition.title,
        "last-modified": f"{edition.in_force_from.isoformat()}T00:00:00+00:00",
        "version": edition.edition,
        "oscal-version": OSCAL_VERSION,
        "props": [_prop(name, getattr(edition, name)) for name in own],
        "remarks": edition.summary,
    }


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": " ".join(value.split())}


def _param(edition: Edition, parameter: Parameter) -> Json:
    """Give a constant with the value of the edition's first day; all of them are in the remarks."""
    first = parameter.on(edition.in_force_from)
    shape: Json = {
        "id": parameter.name,
        "label": parameter.name.replace("_", " "),
        "usage": parameter.summary,
        "props": [_prop("mark", str(first.mark))],
    }
    if parameter.unit:
        shape["props"].append(_prop("unit", parameter.unit))
    if first.value is not None:
        shape["values"] = [str(first.value)]
    if len(parameter.values) > 1:
        shape["remarks"] = "; ".join(
            f"{dated.value} from {dated.valid_from or 'the beginning'}"
            for dated in parameter.values
        )
    return shape


def _principles(edition: Edition) -> Iterator[Json]:
    order = {requirement.id: number for number, requirement in enumerate(edition.requirements)}
    for principle in edition.principles:
        group = _group("principle", "p", principle.id, principle.title)
        _sourced(group, principle.mark, principle.source)
        chapters = [
            _chapter(chapter, edition.requirements_by_chapter[chapter.id], order)
            for chapter in edition.chapters
            if chapter.principle == principle.id
        ]
        if chapters:
            group["groups"] = chapters
        yield group


def _chapter(chapter: Chapter, requirements: Sequence[Requirement], order: dict[str, int]) -> Json:
    group = _group("chapter", "c", chapter.id, chapter.title)
    _sourced(group, chapter.mark, chapter.source)
    titled = {section.id for section in chapter.sections}
    sections = []
    for section in chapter.sections:
        inner = _group("section", "s", section.id, section.title)
        controls = [_control(r, order[r.id]) for r in requirements if r.section == section.id]
        if controls:
            inner["controls"] = controls
        sections.append(inner)
    if sections:
        group["groups"] = sections
    rest = [_control(r, order[r.id]) for r in requirements if r.section not in titled]
    if rest:
        group["controls"] = rest
    return group


def _group(kind: str, letter: str, number: str, title: str) -> Json:
    return {
        "id": f"{letter}-{number}",
        "class": kind,
        "title": title,
        "props": [{"name": "label", "value": number}],
    }


def _sourced(shape: Json, mark: Mark, source: str) -> None:
    shape["props"].append(_prop("mark", str(mark)))
    shape.setdefault("parts", []).append({"name": "source", "ns": NAMESPACE, "prose": source})


def _control(requirement: Requirement, number: int) -> Json:
    name = f"r-{requirement.id}"
    shape: Json = {
        "id": name,
        "class": "requirement",
        "title": requirement.title,
        "props": [
            {"name": "label", "value": requirement.id},
            {"name": "sort-id", "value": f"{number:06d}"},
            _prop("critical", "true" if requirement.critical else "false"),
            *(_prop("tag", tag) for tag in requirement.tags),
        ],
        "parts": [],
    }
    if requirement.demand:
        part = {"id": f"{name}_smt", "name": "statement", "prose": requirement.demand}
        shape["parts"].append(part)
    if requirement.applies:
        part = {"name": "applies", "ns": NAMESPACE, "prose": requirement.applies}
        shape["parts"].append(part)
    if requirement.why:
        part = {"id": f"{name}_gdn", "name": "guidance", "prose": requirement.why}
        shape["parts"].append(part)
    if requirement.evidence:
        shape["parts"].append(_method(f"{name}_examine", "EXAMINE", requirement.evidence))
    if requirement.interview:
        shape["parts"].append(_method(f"{name}_interview", "INTERVIEW", requirement.interview))
    _sourced(shape, requirement.mark, requirement.source)
    return shape


def _method(name: str, method: str, prose: str) -> Json:
    return {
        "id": name,
        "name": "assessment-method",
        "props": [{"name": "method", "ns": RMF, "value": method}],
        "parts": [{"id": f"{name}-objects", "name": "assessment-objects", "prose": prose}],
    }


def _resources(edition: Edition) -> Iterator[Json]:
    files = {STANDARD: standard_toml(edition)}
    for language, translation in edition.translations.items():
        files[f"i18n-{language}.toml"] = translation_toml(translation)
    for name, text in files.items():
        yield {
            "uuid": str(uuid.uuid5(_ROOT, f"{edition.id}/{name}")),
            "title": f"{name} of {edition.id}",
            "base64": {
                "filename": name,
                "media-type": TOML,
                "value": base64.b64encode(text.encode()).decode(),
            },
        }
