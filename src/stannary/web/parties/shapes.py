"""Sites as plain shapes, for the API and for downloads."""

from collections.abc import Iterable, Iterator
from typing import Any

from stannary.core.assessments.cycle import CycleStep
from stannary.web.parties import reference
from stannary.web.parties.models import Figure, Site, SiteFact
from stannary.web.parties.site_page import Known

Shape = dict[str, Any]
PLACE_NOTE = "Approximate: general geography within radius_km, not from the scheme, no boundary."
SITE_COLUMNS = (
    "site", "name", "other_names", "illustrative", "country", "country_name", "materials", "operator",
    "firm", "standard", "status", "level", "released_on", "latitude", "longitude", "radius_km",
    "place_note", "source", "mark",
)  # fmt: skip
FACT_COLUMNS = ("site", "kind", "on", "until", "text", "source", "mark")


def site_row(row: Site) -> Shape:
    """Give a site as a row of the download; source and mark are those of its level."""
    placed = row.latitude is not None and row.longitude is not None
    return {
        "site": row.slug,
        "name": row.name,
        "other_names": row.other_names,
        "illustrative": row.illustrative,
        "country": row.country,
        "country_name": reference.country_name(row.country, "en"),
        "materials": row.materials,
        "operator": row.operator,
        "firm": row.firm,
        "standard": row.standard,
        "status": row.status,
        "level": row.level,
        "released_on": row.released_on,
        "latitude": degrees(row.latitude) if placed else "",
        "longitude": degrees(row.longitude) if placed else "",
        "radius_km": row.place_radius_km,
        "place_note": PLACE_NOTE if placed else "",
        "source": row.level_source or row.operator_source or row.place_source,
        "mark": row.level_mark or row.operator_mark or row.place_mark,
    }


def site_cells(row: Site) -> Shape:
    """Give a site as cells of a table, in which yes and no are the words true and false."""
    shape = site_row(row)
    return {**shape, "illustrative": "true" if row.illustrative else "false"}


def degrees(value: object) -> str:
    """Write a coordinate without zeros at its end."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fact_rows(rows: Iterable[Site], facts: Iterable[SiteFact]) -> Iterator[Shape]:
    """Give every fact with its source: what is known of each site, then what happened, by site.

    Args:
        rows: Sites in order.
        facts: Their facts, in the same order of sites.
    """
    by_site: dict[int, list[SiteFact]] = {}
    for fact in facts:
        by_site.setdefault(fact.site_id, []).append(fact)
    for row in rows:
        yield from (_fact(row, *known) for known in standing_facts(row))
        for fact in by_site.get(row.pk, ()):
            yield _fact(row, fact.kind, fact.on, fact.until, fact.text, fact.source, fact.mark)


def _fact(row: Site, *values: str) -> Shape:
    return dict(zip(FACT_COLUMNS, (row.slug, *values), strict=True))


def standing_facts(row: Site) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Give what is known of a site beside what happened: kind, on, until, text, source, mark."""
    place = ""
    if row.latitude is not None and row.longitude is not None:
        place = f"{degrees(row.latitude)}, {degrees(row.longitude)} within {row.place_radius_km} km"
    for kind, text, source, mark in (
        ("country", row.country, "", row.country_mark),
        ("operator", row.operator, row.operator_source, row.operator_mark),
        ("firm", row.firm, row.firm_source, row.firm_mark),
        ("level", row.level, row.level_source, row.level_mark),
        ("place", place, row.place_source, row.place_mark),
    ):
        if text and not row.illustrative:
            yield kind, "", "", text, source, mark


def feature(row: Site) -> Shape | None:
    """Give a site as a GeoJSON feature (RFC 7946: longitude first); None when it has no place."""
    if row.latitude is None or row.longitude is None:
        return None
    properties = site_row(row)
    for key in ("latitude", "longitude"):
        del properties[key]
    return {
        "type": "Feature",
        "id": row.slug,
        "geometry": {"type": "Point", "coordinates": [float(row.longitude), float(row.latitude)]},
        "properties": properties,
    }


def site_summary(row: Site) -> Shape:
    """Give what a list says of a site."""
    placed = row.latitude is not None and row.longitude is not None
    return {
        "id": row.slug,
        "name": row.name,
        "other_names": row.other_names,
        "illustrative": row.illustrative,
        "country": row.country,
        "materials": row.materials.split(),
        "operator": row.operator,
        "firm": row.firm,
        "standard": row.standard,
        "status": row.status,
        "level": row.level or None,
        "released_on": row.released_on or None,
        "place": {
            "latitude": degrees(row.latitude),
            "longitude": degrees(row.longitude),
            "radius_km": row.place_radius_km,
            "note": PLACE_NOTE,
        }
        if placed
        else None,
        "address": f"/sites/{row.slug}/",
    }


def site_whole(found: Known) -> Shape:
    """Give a site with every fact and the computed dates, as known on a day."""
    row, dates = found.site, found.cycle.dates
    return {
        **site_summary(row),
        "level": found.level or None,
        "released_on": found.released_on or None,
        "on": found.day,
        "note": row.note,
        "facts": [
            fact for fact in fact_rows([row], found.facts) if fact["kind"] != "level" or found.level
        ],
        "computed": {
            "note": "Computed by us from published dates and the clocks of the standard; not a statement of the scheme.",
            "surveillance_from": dates.surveillance_from,
            "surveillance_until": dates.surveillance_until,
            "reassessment_due": dates.reassessment_due,
            "standing": [_step(step) for step in found.cycle.steps],
        }
        if dates
        else None,
    }


def _step(step: CycleStep) -> Shape:
    return {
        "act": step.act,
        "standing": str(step.standing),
        "rule": step.rule.code,
        "days": step.days,
    }


def figure(row: Figure) -> Shape:
    """Give a figure of the system."""
    return {
        "key": row.key,
        "value": row.value,
        "text": row.text,
        "on": row.on,
        "source": row.source,
        "mark": row.mark,
    }
