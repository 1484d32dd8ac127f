"""Words for what sites and figures say, in the reader's language."""

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

FACT_KINDS = {
    "announced": _("Assessment announced"),
    "stage_1_completed": _("Desk review completed"),
    "stage_2_completed": _("Site audit completed"),
    "visit": _("Site visit"),
    "initial_release": _("Report published"),
    "surveillance_announced": _("Surveillance announced"),
    "surveillance_visit": _("Surveillance visit"),
    "surveillance_release": _("Surveillance report"),
    "agreement": _("Agreement signed"),
    "postponed": _("Postponed"),
    "self_assessment": _("Self-assessment"),
    "complaint": _("Complaint"),
    "renewal": _("Renewal in process"),
}
"""What happened, in as few words as a timeline has room for."""

LOOKS = ("visit", "initial_release", "surveillance_visit", "surveillance_release")
"""Facts that mean that auditors looked at the site."""

PARTS = {
    "country": _("Country"),
    "operator": _("Operator"),
    "firm": _("Audit firm"),
    "level": _("Achievement level"),
    "place": _("Place, approximate"),
}

FIGURES = {
    "companies": _("Mining companies engaged"),
    "sites": _("Sites of these companies"),
    "self-assessing": _("Sites self-assessing"),
    "self-assessing-public": _("Self-assessing sites that made it public"),
    "piloting-drafts": _("Sites piloting draft standards"),
    "independent-assessment": _("Sites in independent assessment"),
    "audits-under-way": _("Audits under way"),
    "audits-published": _("Audits published"),
    "countries": _("Countries"),
    "verified-here": _(
        "Sites whose published audit was verified here, one of them with its level pending"
    ),
    "verified-here-with-level": _("Sites whose published level was verified here"),
    "verified-here-without-level": _("Further sites recorded here without a level"),
}
"""Names of the figures that we know, by their key without its date."""

OPERATOR_NOTES = {
    "at the time of the audit": _("at the time of the audit"),
    "while the assessment ran": _("while the assessment ran"),
}
"""What files say of an operator, where we have it in other languages."""

_DATED_KEY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}-")
_ADDRESS = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/[^\s;,()]*[^\s;,().])?")
_SHOWN = 44


def figure_text(key: str, text: str) -> str:
    """Name a figure in the reader's language; an unknown one keeps the words of its file."""
    return str(FIGURES.get(_DATED_KEY.sub("", key), text))


def source_html(source: str) -> SafeString:
    """Show a source with its addresses as links; all else is escaped.

    Example:
        >>> source_html("example.org/post, of <May>")
        '<a href="https://example.org/post" rel="external">example.org/<wbr>post</a>, of &lt;May&gt;'
    """
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(source):
        parts.append(conditional_escape(source[end : found.start()]))
        address = found[0]
        shown = address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…"
        breaking = mark_safe(conditional_escape(shown).replace("/", "/<wbr>"))  # noqa: S308 - escaped
        parts.append(format_html('<a href="https://{}" rel="external">{}</a>', address, breaking))
        end = found.end()
    parts.append(conditional_escape(source[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above
