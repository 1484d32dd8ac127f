"""Facilities as plain shapes, for the API and for downloads."""

from typing import Any

from stannary.web.parties import reference
from stannary.web.parties.models import Facility
from stannary.web.parties.shapes import degrees

Shape = dict[str, Any]
PLACE_NOTE = "Approximate: somewhere within radius_km of it; no boundary."
COLUMNS = (
    "facility", "name", "organisation", "organisation_name", "kind", "country", "country_name",
    "materials", "gln", "latitude", "longitude", "radius_km", "place_note", "closed_on",
    "illustrative", "note", "source", "mark",
)  # fmt: skip


def facility_row(row: Facility) -> Shape:
    """Give a facility as a row of the download."""
    placed = row.latitude is not None
    return {
        "facility": row.slug,
        "name": row.name,
        "organisation": row.organisation.slug,
        "organisation_name": row.organisation.name,
        "kind": row.kind,
        "country": row.country,
        "country_name": reference.country_name(row.country, "en"),
        "materials": row.materials,
        "gln": row.gln,
        "latitude": degrees(row.latitude) if placed else "",
        "longitude": degrees(row.longitude) if placed else "",
        "radius_km": row.place_radius_km,
        "place_note": PLACE_NOTE if placed else "",
        "closed_on": row.closed_on,
        "illustrative": row.illustrative,
        "note": row.note,
        "source": row.source,
        "mark": row.mark,
    }


def facility_cells(row: Facility) -> Shape:
    """Give a facility as cells of a table, in which yes and no are the words true and false."""
    shape = facility_row(row)
    return {**shape, "illustrative": "true" if row.illustrative else "false"}


def feature(row: Facility) -> Shape | None:
    """Give a facility as a GeoJSON feature (longitude first); None when its place is not said."""
    if row.latitude is None or row.longitude is None:
        return None
    shape = facility_row(row)
    properties = {key: shape[key] for key in COLUMNS if key not in ("latitude", "longitude")}
    place = [float(row.longitude), float(row.latitude)]
    return {
        "type": "Feature",
        "id": row.slug,
        "geometry": {"type": "Point", "coordinates": place},
        "properties": properties,
    }


def facility(row: Facility) -> Shape:
    """Give what the API says of a facility."""
    return {
        "id": row.slug,
        "name": row.name,
        "organisation": row.organisation.slug,
        "organisation_name": row.organisation.name,
        "kind": row.kind,
        "country": row.country,
        "materials": row.materials.split(),
        "gln": row.gln or None,
        "place": {
            "latitude": degrees(row.latitude),
            "longitude": degrees(row.longitude),
            "radius_km": row.place_radius_km,
            "note": PLACE_NOTE,
        }
        if row.latitude is not None
        else None,
        "closed_on": row.closed_on or None,
        "illustrative": row.illustrative,
        "note": row.note,
        "source": row.source,
        "mark": row.mark,
        "version": row.version,
        "address": f"/facilities/{row.slug}/",
    }
