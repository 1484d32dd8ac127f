"""Standards as files."""

from django.http import HttpRequest, StreamingHttpResponse

from stannary.web.project.downloads import stream
from stannary.web.standards import queries, shapes


def requirements(_request: HttpRequest, form: str) -> StreamingHttpResponse:
    """Give every requirement of every edition, in order, with the columns of CONTRACTS section 5."""
    shape = shapes.requirement_cells if form == "csv" else shapes.requirement_row
    rows = (shape(edition, one) for edition in queries.editions() for one in edition.requirements)
    licence = "as each standard says: /api/v1/standards"
    return stream("requirements", form, shapes.COLUMNS, rows, licence=licence)
