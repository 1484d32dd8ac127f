"""Reading the files of published facts: data/published/sites/*.toml and figures.toml.

Rules: PARTY-002 to PARTY-005; the form of the files by those of packs (STANDARD-001, STANDARD-002,
KERNEL-002 to KERNEL-004), each finding with its file and line.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db.models import Model

import stannary
from stannary.core.kernel import Finding, PartialDate, RefusalError
from stannary.core.kernel.rules import VALUE_HAS_ITS_KIND
from stannary.formats.toml_tables import Table, read_table
from stannary.web.parties import reference, rules
from stannary.web.parties.models import Figure, Site, SiteFact
from stannary.web.parties.wording import FACT_KINDS

PUBLISHED = Path(stannary.__file__).resolve().parent / "data" / "published"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Columns = dict[str, object]


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """One file: the columns of the site, and its facts in order."""

    slug: str
    columns: Mapping[str, object]
    facts: tuple[Mapping[str, object], ...]


def read_sites(folder: Path = PUBLISHED) -> tuple[PublishedSite, ...]:
    """Read every file about a site, sorted by name.

    Raises:
        RefusalError: With every finding in all files.
    """
    findings: list[Finding] = []
    found = [_read_site(path, findings) for path in sorted((folder / "sites").glob("*.toml"))]
    if findings:
        raise RefusalError(*findings)
    return tuple(site for site in found if site is not None)


def read_figures(folder: Path = PUBLISHED) -> tuple[Columns, ...]:
    """Read the figures about the whole system, in order.

    Raises:
        RefusalError: With every finding.
    """
    findings: list[Finding] = []
    path = folder / "figures.toml"
    top = read_table(path, name=path.name, findings=findings)
    figures = [_figure(entry) for entry in top.tables("figure")] if top else []
    if top is not None:
        top.close()
    if findings:
        raise RefusalError(*findings)
    return tuple(figures)


def _figure(table: Table) -> Columns:
    columns: Columns = {
        "key": table.text("key"),
        "value": _whole(table, "value"),
        "text": table.text("text"),
        "on": _date(table, "on"),
        **_sourced(table),
    }
    _check_lengths(table, columns, Figure)
    table.close()
    return columns


def _read_site(path: Path, findings: list[Finding]) -> PublishedSite | None:
    name = f"{path.parent.name}/{path.name}"
    top = read_table(path, name=name, findings=findings)
    if top is None:
        return None
    facts = tuple(_fact(entry) for entry in top.tables("fact"))
    columns = _columns(top)
    _check_level(top, columns)
    releases = [
        str(fact["on"]) for fact in facts if fact["kind"] == "initial_release" and fact["on"]
    ]
    columns["released_on"] = max(releases, default="")
    columns["file_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    _check_lengths(top, columns, Site)
    slug = top.text("slug")
    if slug != path.stem or not _SLUG.fullmatch(slug):
        _unknown(top, "slug", slug)
    top.close()
    return PublishedSite(slug, columns, facts)


def _columns(top: Table) -> Columns:
    columns: Columns = {
        "name": top.text("name"),
        "other_names": ", ".join(top.texts("other_names")),
        "country": _known(top, "country", reference.countries()),
        "country_mark": top.mark("country_mark"),
        "materials": " ".join(top.texts("materials")),
        "standard": top.text("standard"),
        "status": _known(top, "status", dict.fromkeys(Site.Status.values)),
        "note": top.text("note", needed=False),
    }
    for key in top.texts("materials"):
        if key not in reference.materials():
            _unknown(top, "materials", key)
    for part, more in (("operator", ("note",)), ("firm", ()), ("level", ())):
        columns |= _part(top, part, more)
    return columns | _place(top)


def _part(top: Table, part: str, more: tuple[str, ...]) -> Columns:
    """Read an inline table with a value, its source and its mark; empty when it is left out."""
    table = top.table(part, needed=False)
    if table is None:
        return dict.fromkeys((part, f"{part}_source", f"{part}_mark"), "")
    columns: Columns = {part: table.text("value")}
    columns |= {f"{part}_{key}": table.text(key, needed=False) for key in more}
    columns |= {f"{part}_{key}": value for key, value in _sourced(table).items()}
    table.close()
    return columns


def _place(top: Table) -> Columns:
    table = top.table("place", needed=False)
    if table is None:
        return {
            "latitude": None,
            "longitude": None,
            "place_radius_km": None,
            "place_source": "",
            "place_mark": "",
        }
    columns: Columns = {
        "latitude": _degrees(table, "latitude", 90),
        "longitude": _degrees(table, "longitude", 180),
        "place_radius_km": _whole(table, "radius_km"),
        **{f"place_{key}": value for key, value in _sourced(table).items()},
    }
    table.close()
    return columns


def _fact(table: Table) -> Columns:
    on, until = _date(table, "on"), _date(table, "until")
    if on and until and PartialDate.parse(until).last < PartialDate.parse(on).first:
        facts = {"on": on, "until": until}
        table.document.findings.append(
            Finding(rules.EVENTS_END_AFTER_THEY_BEGIN, facts, table.place("until"))
        )
    columns: Columns = {
        "kind": _known(table, "kind", FACT_KINDS),
        "on": on,
        "until": until,
        "text": table.text("text"),
        **_sourced(table),
    }
    _check_lengths(table, columns, SiteFact)
    table.close()
    return columns


def _check_lengths(table: Table, columns: Columns, model: type[Model]) -> None:
    """Note texts that are longer than their columns, before a database has to."""
    for name, value in columns.items():
        most: int | None = getattr(model._meta.get_field(name), "max_length", None)  # noqa: SLF001 - documented
        if most is not None and len(str(value)) > most:
            facts = {
                "name": name,
                "value": str(value)[:40],
                "kind": f"text of {most} characters at most",
            }
            table.document.findings.append(Finding(VALUE_HAS_ITS_KIND, facts, table.at))


def _check_level(top: Table, columns: Columns) -> None:
    """A level stands exactly where results are published with one (PARTY-004)."""
    if bool(columns["level"]) != (columns["status"] == Site.Status.PUBLISHED):
        facts = {"status": str(columns["status"]), "level": str(columns["level"]) or "left out"}
        top.document.findings.append(
            Finding(rules.LEVELS_ARE_PUBLISHED, facts, top.place("status"))
        )


def _sourced(table: Table) -> Columns:
    """Read source and mark; that one is missing is said in the words of PARTY-002 alone."""
    missing = [key for key in ("source", "mark") if not str(table.data.get(key, "")).strip()]
    table.asked.update(("source", "mark"))
    if missing:
        facts = {"missing": ", ".join(missing)}
        table.document.findings.append(Finding(rules.FACTS_HAVE_SOURCES, facts, table.at))
        return {"source": "", "mark": ""}
    return {"source": table.text("source"), "mark": str(table.mark())}


def _date(table: Table, key: str) -> str:
    text = table.text(key, needed=False)
    try:
        return str(PartialDate.parse(text, at=table.place(key))) if text else ""
    except RefusalError as refusal:
        table.document.findings.extend(refusal.findings)
        return ""


def _whole(table: Table, key: str) -> int:
    value = table.data.get(key)
    table.asked.add(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    facts = {"name": key, "value": str(value)[:40], "kind": "whole number"}
    table.document.findings.append(Finding(VALUE_HAS_ITS_KIND, facts, table.place(key)))
    return 0


def _degrees(table: Table, key: str, limit: int) -> Decimal | None:
    text = table.text(key)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if value.is_finite() and abs(value) <= limit:
        return value
    facts = {"name": key, "value": text[:40], "kind": f"degrees, -{limit} to {limit}, as text"}
    table.document.findings.append(Finding(VALUE_HAS_ITS_KIND, facts, table.place(key)))
    return None


def _known(table: Table, key: str, words: Mapping[str, object]) -> str:
    text = table.text(key)
    if text and text not in words:
        _unknown(table, key, text)
    return text


def _unknown(table: Table, key: str, word: str) -> None:
    facts = {"name": key, "value": word[:80]}
    table.document.findings.append(Finding(rules.FACTS_ARE_KNOWN_KINDS, facts, table.place(key)))
