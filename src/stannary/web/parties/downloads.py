"""Sites and facts as files."""

import json
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.parties import shapes
from stannary.web.parties.facilities import queries as facility_queries
from stannary.web.parties.facilities import shapes as facility_shapes
from stannary.web.parties.models import Site, SiteFact
from stannary.web.project.downloads import LICENCE, stream


def sites(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every site, by name; as GeoJSON those that have a place."""
    rows = Site.objects.order_by("name", "slug")
    if form != "geojson":
        shape = shapes.site_cells if form == "csv" else shapes.site_row
        return stream("sites", form, shapes.SITE_COLUMNS, map(shape, rows.iterator()))
    return _geojson("sites", map(shapes.feature, rows.iterator()))


def _geojson(name: str, features: Iterator[shapes.Shape | None]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_features(features), content_type="application/geo+json")
    response["Content-Disposition"] = f'attachment; filename="{name}.geojson"'
    response["Link"] = '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'
    return response


def _features(features: Iterator[shapes.Shape | None]) -> Iterator[str]:
    head = {"type": "FeatureCollection", "licence": LICENCE, "note": shapes.PLACE_NOTE}
    yield json.dumps(head)[:-1] + ', "features": [\n'
    between = ""
    for feature in features:
        if feature is not None:
            yield between + json.dumps(feature, ensure_ascii=False)
            between = ",\n"
    yield "\n]}\n"


def facilities(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every facility, by name; as GeoJSON those whose place is said."""
    found = facility_queries.facilities()
    if form != "geojson":
        shape = facility_shapes.facility_cells if form == "csv" else facility_shapes.facility_row
        rows = map(shape, found.iterator())
        return stream("facilities", form, facility_shapes.COLUMNS, rows)
    return _geojson("facilities", map(facility_shapes.feature, found.iterator()))


def facts(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every fact about every real site, each with its source, by site."""
    rows = Site.objects.filter(illustrative=False).order_by("name", "slug")
    found = SiteFact.objects.filter(site__illustrative=False).order_by("site_id", "position")
    return stream("facts", form, shapes.FACT_COLUMNS, shapes.fact_rows(rows, found))
