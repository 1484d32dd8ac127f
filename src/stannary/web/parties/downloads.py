"""Sites and facts as files."""

import json
from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.parties import shapes
from stannary.web.parties.models import Site, SiteFact
from stannary.web.project.downloads import LICENCE, stream


def sites(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every site, by name; as GeoJSON those that have a place."""
    rows = Site.objects.order_by("name", "slug")
    if form != "geojson":
        shape = shapes.site_cells if form == "csv" else shapes.site_row
        return stream("sites", form, shapes.SITE_COLUMNS, map(shape, rows.iterator()))
    response = StreamingHttpResponse(
        _features(rows.iterator()), content_type="application/geo+json"
    )
    response["Content-Disposition"] = 'attachment; filename="sites.geojson"'
    response["Link"] = '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'
    return response


def _features(rows: Iterator[Site]) -> Iterator[str]:
    head = {"type": "FeatureCollection", "licence": LICENCE, "note": shapes.PLACE_NOTE}
    yield json.dumps(head)[:-1] + ', "features": [\n'
    between = ""
    for row in rows:
        feature = shapes.feature(row)
        if feature is not None:
            yield between + json.dumps(feature, ensure_ascii=False)
            between = ",\n"
    yield "\n]}\n"


def facts(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every fact about every real site, each with its source, by site."""
    rows = Site.objects.filter(illustrative=False).order_by("name", "slug")
    found = SiteFact.objects.filter(site__illustrative=False).order_by("site_id", "position")
    return stream("facts", form, shapes.FACT_COLUMNS, shapes.fact_rows(rows, found))
