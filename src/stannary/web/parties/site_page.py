"""What the page of a site shows on a day: level, cycle, facts with their sources."""

import datetime
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stannary.core.assessments.cycle import Standing
from stannary.core.kernel import Parameter
from stannary.core.standards import Edition, Level
from stannary.web.parties import editions, place_map, queries, reference, timeline, timeline_svg
from stannary.web.parties.models import Site, SiteFact
from stannary.web.parties.wording import FACT_KINDS, LOOKS, OPERATOR_NOTES, PARTS, source_html
from stannary.web.project.templatetags.stannary import disc_svg, level_title, mark, percent


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a site on a day.

    Attributes:
        facts: Those that had happened by the day.
        released_on: Newest release of a full report by then; empty when there was none.
        level: Level by then; empty when there was none.
    """

    site: Site
    day: datetime.date
    facts: tuple[SiteFact, ...]
    released_on: str
    level: str
    edition: Edition | None
    cycle: timeline.Cycle


def known(site: Site, day: datetime.date) -> Known:
    """Gather what is known of a site on a day."""
    facts = queries.facts_of(site, on=day)
    edition = editions.edition(site.standard)
    released_on = timeline.released_by(facts, day)
    if site.illustrative and site.released_on and queries.happened(site.released_on, day):
        released_on = released_on or site.released_on
    return Known(
        site=site,
        day=day,
        facts=facts,
        released_on=released_on,
        level=site.level if released_on else "",
        edition=edition,
        cycle=timeline.cycle_of(released_on, facts, edition, day),
    )


def context(found: Known, today: datetime.date) -> dict[str, object]:
    """Give everything that the template shows."""
    site = found.site
    released_here = found.released_on if site.illustrative else ""
    entries = timeline.entries(found.facts, found.cycle, found.day, released_here=released_here)
    title = _("What happened at %(site)s and what comes next; the table below says the same")
    return {
        "site": site,
        "day": found.day,
        "is_today": found.day == today,
        "country": reference.country_name(site.country),
        "materials": reference.materials_text(site.materials),
        "level": found.level,
        "released_on": found.released_on,
        "not_yet": bool(site.released_on) and not found.released_on,
        "pending": site.status == Site.Status.LEVEL_PENDING and bool(found.released_on),
        "state": Site.Status(site.status).label,
        "edition": found.edition,
        **_look(found),
        "disc_none": disc_svg(0),
        "due": found.cycle.dates.reassessment_due if found.cycle.dates else None,
        "overdue": any(step.standing is Standing.OVERDUE for step in found.cycle.steps),
        "standing": [timeline.standing_words(step) for step in found.cycle.steps],
        "entries": entries,
        "has_entries": any(one.kind != "today" for one in entries),
        "drawing": timeline_svg.draw(entries, title=title % {"site": site.name}),
        "meaning": _meaning(found),
        "map": place_map.draw(site),
        "coordinates": place_map.coordinates(site),
        "known": _known_facts(found),
        "foreign": (get_language() or "en") != "en",
    }


def _look(found: Known) -> dict[str, object]:
    """Say when auditors looked last, as far as is known."""
    look = timeline.last_look(found.facts, LOOKS)
    kind, on = (
        (look.kind, look.until or look.on) if look else ("initial_release", found.released_on)
    )
    return {"look": on and {"label": FACT_KINDS[kind], "date": timeline.date_words(on)}}


def _meaning(found: Known) -> dict[str, object] | None:
    """Say what the level means, in the words and with the tests of its edition."""
    level = found.edition.level_by_code.get(found.level) if found.edition else None
    if level is None or found.edition is None:
        return None
    said = found.edition.translations.get(get_language() or "en")
    summary, lang = level.summary, found.edition.language
    if said and level.code in said.level_summaries:
        summary, lang = said.level_summaries[level.code], said.language
    return {"title": level.title, "summary": summary, "lang": lang, "tests": _tests(level, found)}


def _tests(level: Level, found: Known) -> list[dict[str, object]]:
    words = {
        "fully": _("fully met"),
        "substantially": _("substantially met"),
        "partially": _("partially met"),
        "not_met": _("not met"),
    }
    day = (
        datetime.date.fromisoformat(found.released_on)
        if len(found.released_on) == 10
        else found.day
    )
    tests: list[dict[str, object]] = []

    def add(what: str, parameter: Parameter, value: str) -> None:
        dated = parameter.on(day)
        sure = mark(dated.mark)["meaning"]
        tests.append(
            {"what": what, "value": value, "source": source_html(dated.source), "sure": sure}
        )

    share = level.min_principle_share
    if share is not None:
        add(_("Points in each principle, at least"), share, percent(share.fraction_on(day), 0))
    for what, parameter in (
        (_("Each relevant critical requirement, at least"), level.critical_at_least),
        (_("Each relevant requirement, at least"), level.all_at_least),
    ):
        if parameter is not None:
            word = parameter.word_on(day) or ""
            add(what, parameter, words.get(word, word or _("unknown")))
    return tests


def _known_facts(found: Known) -> list[dict[str, object]]:
    """Give what is known beside dated facts, each with its source and how sure we are."""
    return [
        {
            "title": title,
            "value": value,
            "note": note,
            "source": _source(source),
            "sure": mark(sure)["meaning"] if sure and not found.site.illustrative else "",
        }
        for title, value, note, source, sure in _known(found)
        if value
    ]


def _known(found: Known) -> list[tuple[object, object, object, str, str]]:
    site = found.site
    place = place_map.coordinates(site)
    if place:
        place = _("%(place)s, within %(radius)s km") % {
            "place": place,
            "radius": site.place_radius_km,
        }
    note = OPERATOR_NOTES.get(site.operator_note) or _in_english(site.operator_note)
    level = level_title(found.level) if found.level else ""
    materials = reference.materials_text(site.materials)
    return [
        (PARTS["country"], reference.country_name(site.country), "", "", site.country_mark),
        (_("Material"), materials, "", "", ""),
        (PARTS["operator"], site.operator, note, site.operator_source, site.operator_mark),
        (PARTS["firm"], site.firm, "", site.firm_source, site.firm_mark),
        (PARTS["level"], level, "", site.level_source, site.level_mark),
        (PARTS["place"], place, "", site.place_source, site.place_mark),
    ]


def _in_english(text: str) -> SafeString:
    """Show a text of a file, which is English, and say so to readers of other languages."""
    if text and (get_language() or "en") != "en":
        return format_html('<span lang="en">{}</span>', text)
    return conditional_escape(text)


def _source(source: str) -> SafeString:
    shown = source_html(source)
    if source and (get_language() or "en") != "en":
        return format_html('<span lang="en">{}</span>', shown)
    return shown
