"""What lower pages show of published results: a site's results, an assessment's result."""

from collections.abc import Iterable, Mapping

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from stannary.web.assessments.models import Assessment
from stannary.web.assessments.queries import Standing
from stannary.web.parties.models import Site
from stannary.web.project.templatetags.stannary import day, level
from stannary.web.project.tongues import said
from stannary.web.publications import queries
from stannary.web.publications.models import PublishedResult

register = template.Library()
register.filter("said", said)


@register.inclusion_tag("publications/site_results.html")
def site_results(site: Site) -> dict[str, object]:
    """Show the results of a site that were published here, newest first."""
    return {"site": site, "results": queries.titled(queries.results_of_site(site))}


@register.simple_tag
def results_by_assessment(standings: Iterable[Standing]) -> Mapping[int, PublishedResult]:
    """Give the results of several assessments with one query."""
    return queries.results_of_assessments([one.assessment for one in standings])


@register.simple_tag
def result_link(results: Mapping[int, PublishedResult], assessment: Assessment) -> SafeString:
    """Link to the result of an assessment, out of those that `results_by_assessment` gave."""
    found = results.get(assessment.pk)
    return _link(found) if found else SafeString("")


@register.simple_tag
def result_of(assessment: Assessment) -> SafeString:
    """Link to the result of one assessment."""
    found = queries.results_of_assessments([assessment]).get(assessment.pk)
    return _link(found) if found else SafeString("")


@register.simple_tag
def settles(assessment: Assessment) -> bool:
    """Tell whether a published assessment waits for what it left pending to be published."""
    if assessment.engagement is None:
        return False
    return queries.may_be_published(assessment)


@register.filter
def kind_word(result: PublishedResult) -> str:
    """Say why a result was published, as the first word of a line."""
    return str(KINDS[PublishedResult.Kind(result.kind)])


KINDS = {
    PublishedResult.Kind.AUDIT: gettext_lazy("Audit"),
    PublishedResult.Kind.SURVEILLANCE: gettext_lazy("Surveillance"),
    PublishedResult.Kind.SETTLEMENT: gettext_lazy("What was pending"),
    PublishedResult.Kind.CORRECTION: gettext_lazy("Correction"),
}


def _link(result: PublishedResult) -> SafeString:
    address = reverse("results:page", args=[result.result_id])
    shown = level(result.level)
    return format_html('{} <a href="{}">{}</a>', shown, address, day(result.published_on))
