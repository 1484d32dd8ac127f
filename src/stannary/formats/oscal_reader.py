"""An OSCAL catalog in JSON to lines of requirements and their headings.

A catalog that we wrote gives back the whole edition: its controls and groups are read where they
stand, the rest from the files in its back matter. Any other is read as far as its controls and groups
are numbered like a standard here; nothing is renumbered.

Rules: IMPORT-001, IMPORT-002, IMPORT-012, IMPORT-013, STANDARD-003, KERNEL-003.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from stannary.core.kernel import Finding, Mark, Place, RefusalError, refuse
from stannary.core.standards import Chapter, Edition, Line, Principle, Section, rules
from stannary.formats.oscal_catalog import NAMESPACE, RMF, STANDARD, TOML
from stannary.formats.pack_form import read_edition
from stannary.formats.requirement_tables import MAX_ROWS, check_size
from stannary.formats.toml_tables import Table, read_text

_NUMBER = "[1-9][0-9]{0,2}"
_GROUP = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{0,2}}")
_CONTROL = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{3}}")
_PREFIX = re.compile(r"[A-Za-z]+-")
_I18N = re.compile(r"i18n-([A-Za-z0-9-]{2,40})\.toml")
MAX_WRONG = 1_000
"""After so many places without their form a file is no catalog, and reading it on tells nothing."""
_METHODS = {"EXAMINE": "evidence", "INTERVIEW": "interview"}
OSCAL = "http://csrc.nist.gov/ns/oscal"
"""The namespace that a property has when it does not say which."""
DEEPEST = 20
"""How deep groups, controls and parts may lie inside each other."""

Object = Mapping[str, object]


class Catalog(NamedTuple):
    """What a catalog holds.

    Attributes:
        frame: All but the requirements, from the back matter; None in a catalog of another writer.
        principles: From the groups that are numbered 1.
        chapters: From those numbered 1.2, with the sections 1.2.3.
        lines: The controls.
        translations: Language to the table that holds them; to be read when the edition is whole.
        findings: What is wrong with its form and numbers so far. The list that the tables of
            `translations` note theirs in, too.
    """

    frame: Edition | None
    principles: tuple[Principle, ...]
    chapters: tuple[Chapter, ...]
    lines: tuple[Line, ...]
    translations: Mapping[str, Table]
    findings: list[Finding]


def read_catalog(content: bytes, name: str, *, source: str, mark: Mark) -> Catalog:
    """Read a catalog.

    Args:
        content: The file.
        name: What messages call it.
        source: Where groups were read that do not say it themselves.
        mark: How sure we are of them, likewise.

    Raises:
        RefusalError: IMPORT-001 if it is not JSON, IMPORT-002 if it is too large.
    """
    check_size(content, name)
    try:
        data = json.loads(content)
    except RecursionError:
        refuse(rules.IMPORT_IS_READABLE, at=Place(name), problem="nested too deeply")
    except ValueError as error:
        refuse(rules.IMPORT_IS_READABLE, at=Place(name), problem=str(error)[:200])
    reader = _Reader(name, source, mark)
    top = data if isinstance(data, dict) else {}
    catalog = reader.object(top, "catalog", "")
    if catalog is not None:
        reader.object(catalog, "metadata", "catalog")
        reader.back_matter(catalog)
        reader.walk(catalog, "catalog", 0)
    return reader.result()


@dataclass
class _Reader:
    """Walks a catalog and collects what it finds; paths are like catalog.groups[0].title."""

    file: str
    source: str
    mark: Mark
    frame: Edition | None = None
    principles: dict[str, Principle] = field(default_factory=dict)
    chapters: dict[str, Chapter] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    lines: list[tuple[str, Line]] = field(default_factory=list)
    translations: dict[str, Table] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def result(self) -> Catalog:
        """Put together what was found, controls in the order that their sort-id gives."""
        lines = self.lines
        if all(sort_id for sort_id, _ in lines):
            lines = sorted(lines, key=lambda pair: pair[0])
        by_chapter: dict[str, list[Section]] = {}
        for section in self.sections.values():
            by_chapter.setdefault(section.id.rpartition(".")[0], []).append(section)
        return Catalog(
            self.frame,
            tuple(self.principles.values()),
            tuple(
                replace(chapter, sections=tuple(by_chapter.get(chapter.id, ())))
                for chapter in self.chapters.values()
            ),
            tuple(line for _, line in lines),
            self.translations,
            self.findings,
        )

    def back_matter(self, catalog: Object) -> None:
        """Read the pack's own files, where the catalog brings them."""
        if "back-matter" not in catalog:
            return
        before = len(self.findings)
        back = self.object(catalog, "back-matter", "catalog")
        for path, resource in self.objects(back or {}, "resources", "catalog.back-matter"):
            inner = self.object(resource, "base64", path) if "base64" in resource else None
            if inner is None or inner.get("media-type") != TOML:
                continue
            name = self.text(inner, "filename", f"{path}.base64")
            language = _I18N.fullmatch(name)
            if name == STANDARD or language:
                table = self.attached(inner, name, f"{path}.base64")
                if table is not None and language:
                    self.translations[language[1]] = table
                elif table is not None:
                    self.frame = read_edition(table, (), ())
        if len(self.findings) > before:
            raise RefusalError(*self.findings)

    def attached(self, inner: Object, name: str, path: str) -> Table | None:
        """Decode a file of the back matter."""
        try:
            text = base64.b64decode(self.text(inner, "value", path), validate=True).decode()
        except ValueError:
            self.wrong(f"{path}.value", "base64 of a text in UTF-8")
            return None
        return read_text(text, name=f"{self.file}#{name}", findings=self.findings)

    def walk(self, parent: Object, path: str, depth: int) -> None:
        """Read the groups and controls inside something, and those inside these."""
        if depth > DEEPEST:
            self.wrong(path, f"at most {DEEPEST} groups and controls inside each other")
            return
        for inner, group in self.objects(parent, "groups", path):
            self.group(group, inner)
            self.walk(group, inner, depth + 1)
        for inner, control in self.objects(parent, "controls", path):
            if len(self.lines) == MAX_ROWS:
                refuse(
                    rules.IMPORT_IS_BOUNDED,
                    at=Place(self.file, None, inner),
                    controls=f"more than {MAX_ROWS}",
                )
            self.control(control, inner)
            self.walk(control, inner, depth + 1)

    def group(self, group: Object, path: str) -> None:
        """Read a group as the principle, chapter or section that its number says."""
        number = self.number(group, path, _GROUP)
        title = self.text(group, "title", path)
        if not number:
            return
        at = Place(self.file, None, f"{path}.id")
        source, mark = self.sourced(group, path)
        kind = ("principle", "chapter", "section")[number.count(".")]
        those: Mapping[str, object] = getattr(self, f"{kind}s")
        if number in those:
            self.findings.append(Finding(rules.IDS_ARE_UNIQUE, {"kind": kind, "id": number}, at))
        elif kind == "principle":
            self.principles[number] = Principle(number, title, source, mark, at)
        elif kind == "chapter":
            parent = number.partition(".")[0]
            self.chapters[number] = Chapter(number, parent, title, source, mark, at=at)
        else:
            self.sections[number] = Section(number, title)

    def sourced(self, group: Object, path: str) -> tuple[str, Mark]:
        """Give source and mark of a group."""
        source, mark = self.source, self.mark
        for inner, part in self.objects(group, "parts", path):
            if part.get("name") == "source" and part.get("ns") == NAMESPACE:
                source = self.text(part, "prose", inner)
        for name, said, where in self.own_props(group, path):
            if name == "mark":
                try:
                    mark = Mark.parse(said, at=Place(self.file, None, where))
                except RefusalError as refusal:
                    self.findings += refusal.findings
        return source, mark

    def control(self, control: Object, path: str) -> None:
        """Read a control as a requirement."""
        number = self.number(control, path, _CONTROL)
        cells = {"id": number, "title": self.text(control, "title", path), "critical": "false"}
        names = {"id": f"{path}.id", "title": f"{path}.title", "critical": path, "demand": path}
        tags = []
        for name, said, where in self.own_props(control, path):
            if name in ("critical", "mark"):
                cells[name], names[name] = said, where
            elif name == "tag":
                tags.append(said)
                names["tags"] = where
        for inner, part in self.objects(control, "parts", path):
            column = self.column(part, inner)
            if column:
                prose = self.prose(part, inner, 0)
                if column not in cells:
                    names[column] = f"{inner}.prose"
                cells[column] = f"{cells[column]}\n{prose}" if cells.get(column) else prose
        if number:
            sort_ids = [said for name, said, _ in self.props(control, path) if name == "sort-id"]
            line = Line({**cells, "tags": " ".join(tags)}, Place(self.file, None, path), names)
            self.lines.append((sort_ids[0] if sort_ids else "", line))

    def column(self, part: Object, path: str) -> str:
        """Tell which text of a requirement a part of a control is; blank for any other."""
        name = part.get("name")
        if name in ("statement", "guidance"):
            return "demand" if name == "statement" else "why"
        if name in ("applies", "source") and part.get("ns") == NAMESPACE:
            return str(name)
        if name == "assessment-method":
            methods = [said for name, said, _ in self.props(part, path) if name == "method"]
            return _METHODS.get(methods[0], "") if methods else ""
        return ""

    def prose(self, part: Object, path: str, depth: int) -> str:
        """Give the prose of a part and of the parts inside it, one below the other."""
        if depth > DEEPEST:
            self.wrong(path, f"at most {DEEPEST} parts inside each other")
            return ""
        texts = [self.text(part, "prose", path)] if "prose" in part else []
        for inner, below in self.objects(part, "parts", path):
            labels = [said for name, said, _ in self.props(below, inner) if name == "label"]
            texts.append(" ".join([*labels[:1], self.prose(below, inner, depth + 1)]))
        return "\n".join(texts)

    def number(self, shape: Object, path: str, form: re.Pattern[str]) -> str:
        """Give the number of a group or control: its label, else its id without "c-"; or blank."""
        said = [value for name, value, _ in self.props(shape, path) if name == "label"]
        name = self.text(shape, "id", path) if "id" in shape else ""
        for number in (*said, _PREFIX.sub("", name, count=1)):
            if form.fullmatch(number):
                return number
        facts = {"id": name[:40] or "(none)", "label": (said or ["(none)"])[0][:40]}
        self.findings.append(
            Finding(rules.CONTROLS_ARE_NUMBERED, facts, Place(self.file, None, f"{path}.id"))
        )
        return ""

    def own_props(self, shape: Object, path: str) -> Iterator[tuple[str, str, str]]:
        """Give name, value and path of the properties of our own."""
        for inner, prop in self.objects(shape, "props", path):
            if prop.get("ns") == NAMESPACE:
                yield self.text(prop, "name", inner), self.text(prop, "value", inner), inner

    def props(self, shape: Object, path: str) -> Iterator[tuple[str, str, str]]:
        """Give name, value and path of the properties of OSCAL's own."""
        for inner, prop in self.objects(shape, "props", path):
            if prop.get("ns", OSCAL) in (OSCAL, RMF):
                yield self.text(prop, "name", inner), self.text(prop, "value", inner), inner

    def object(self, parent: Object, key: str, path: str) -> Object | None:
        """Give an object that must be there."""
        value = parent.get(key)
        if isinstance(value, dict):
            return value
        self.wrong(f"{path}.{key}".lstrip("."), "an object")
        return None

    def objects(self, parent: Object, key: str, path: str) -> Iterator[tuple[str, Object]]:
        """Give the objects of a list, each with its path; a list may be left out."""
        value = parent.get(key, [])
        if not isinstance(value, list):
            self.wrong(f"{path}.{key}", "a list of objects")
            return
        for number, item in enumerate(value):
            inner = f"{path}.{key}[{number}]"
            if isinstance(item, dict):
                yield inner, item
            else:
                self.wrong(inner, "an object")

    def text(self, parent: Object, key: str, path: str) -> str:
        """Give a text that must be there and not be blank."""
        value = parent.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(f"{path}.{key}", "text that is not blank")
        return ""

    def wrong(self, path: str, expected: str) -> None:
        """Note what does not have its form; once, however often it is looked at."""
        if (path, expected) in self.seen:
            return
        self.seen.add((path, expected))
        at = Place(self.file, None, path)
        self.findings.append(Finding(rules.CATALOG_HAS_ITS_FORM, {"expected": expected}, at))
        if len(self.seen) == MAX_WRONG:
            raise RefusalError(*self.findings)
