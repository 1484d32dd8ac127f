"""The files of a result on its page."""

from django import template
from django.utils.translation import get_language

from stannary.web.publications import report_languages
from stannary.web.publications.models import PublishedResult

register = template.Library()


@register.inclusion_tag("publications/files.html")
def result_files(row: PublishedResult) -> dict[str, object]:
    """Name every file of a result, and the report in the languages that the page does not have."""
    here = get_language() or "en"
    others = {code: name for code, name in report_languages.offered().items() if code != here}
    return {"row": row, "others": others}
