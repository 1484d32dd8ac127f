"""What the page of an engagement shows."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stannary.core.cycle import Action, ActKind, Clock, ClockKind, ClockStanding, Role, clocks
from stannary.web.cycle import forms, queries, route, words
from stannary.web.cycle.forms import Trouble
from stannary.web.cycle.models import ActRecord, Engagement, RelevanceProposal, ScopeUnit
from stannary.web.cycle.queries import Held
from stannary.web.parties import queries as parties
from stannary.web.parties import reference
from stannary.web.parties.models import Person
from stannary.web.project.problems import finding_shape
from stannary.web.project.templatetags.stannary import day as in_words
from stannary.web.standards import queries as standards

REMINDERS_SHOWN = 30
EMPTY_UNITS = 3
"""Empty rows at the end of the scope's form."""


def context(
    held: Held, *, viewer: Person, on: datetime.date, trouble: Trouble | None = None
) -> dict[str, Any]:
    """Give everything that the template shows to somebody."""
    state = held.core.state
    acts = forms.act_forms(held, trouble)
    return {
        "held": held,
        "row": held.row,
        "edition": standards.localised(held.row.edition_id, get_language() or "en"),
        "state": words.STATES[state],
        "roles": words.roles(held.roles),
        "waits_for": words.roles(queries.waits_for(state)),
        "next": [_act(one) for one in acts if one.kind not in queries.ANY_TIME],
        "any_time": [_act(one) for one in acts if one.kind in queries.ANY_TIME],
        "stops": route.stops(held.core, on),
        "clocks": [_clock(one, on) for one in clocks(held.edition, state, held.core.acts)],
        "history": [_record(one) for one in reversed(held.records)],
        **_trouble(acts, trouble),
        **_people(held),
        **_reminders(held, viewer),
        **_scope(held, trouble),
        **_relevance(held),
    }


def _trouble(acts: tuple[forms.ActForm, ...], trouble: Trouble | None) -> dict[str, Any]:
    """Say why something was refused: at its form if that is still there, else above all."""
    if trouble is None:
        return {"trouble": None}
    at_form = next((one.kind for one in acts if one.kind == trouble.part), None)
    return {
        "trouble": trouble,
        "trouble_shown": at_form is None,
        "trouble_findings": [finding_shape(one) for one in trouble.findings],
        "open_other": at_form in queries.ANY_TIME,
    }


def _act(form: forms.ActForm) -> dict[str, Any]:
    return {
        "form": form,
        "obstacles": [finding_shape(one) for one in form.obstacles],
        "findings": [finding_shape(one) for one in form.findings],
    }


def _clock(clock: Clock, on: datetime.date) -> dict[str, Any]:
    return {
        "what": words.CLOCKS[clock.kind],
        "clock": clock,
        "how": words.standing(clock, on),
        "late": clock.standing(on) is ClockStanding.OVERDUE,
        "soon": clock.standing(on) is ClockStanding.DUE_SOON,
    }


def _record(record: ActRecord) -> dict[str, Any]:
    return {
        "record": record,
        "what": words.ACTS[ActKind(record.kind)][1],
        "role": words.ROLES[Role(record.role)],
        "about": _about(record),
        "same_day": timezone.localdate(record.at) == record.on,
    }


def _about(record: ActRecord) -> str:
    """Say what an act is about: the clock and its new day, the objection, the requirement."""
    about = []
    if record.clock:
        about.append(str(words.CLOCKS[ClockKind(record.clock)]))
    if record.refers_to:
        objection = _("objection no. %(number)s") % {"number": record.refers_to}
        ruled = record.kind == ActKind.RULE_ON_OBJECTION
        about.append(objection if ruled else record.refers_to)
    if record.until:
        day = {"day": in_words(record.until)}
        visit = record.kind == ActKind.ANNOUNCE_VISIT
        about.append(_("visit from %(day)s") % day if visit else _("until %(day)s") % day)
    return " · ".join(about)


def _people(held: Held) -> dict[str, Any]:
    give = queries.roles_to_give(held)
    return {
        "people": [
            {
                "member": one,
                "role": words.ROLES[Role(one.role)],
                "may_end": not one.ended_at and Role(one.role) in give,
            }
            for one in queries.members(held)
        ],
        "roles_to_give": [forms.Choice(str(one), str(words.ROLES[one])) for one in give],
        "candidates": queries.candidates(held) if give else (),
    }


def _reminders(held: Held, viewer: Person) -> dict[str, Any]:
    """Give the mails about clocks: the secretariat sees all of them, others their own."""
    own = None if Role.SECRETARIAT in held.roles else viewer
    rows = queries.reminders_of(held.row, only_to=own)[:REMINDERS_SHOWN]
    return {
        "reminders": [{"reminder": one, "what": words.CLOCKS[ClockKind(one.clock)]} for one in rows]
    }


def _scope(held: Held, trouble: Trouble | None) -> dict[str, Any]:
    units = queries.scope(held.row)
    may = held.may(Action.SET_SCOPE)
    empty = [ScopeUnit(kind=ScopeUnit.Kind.PIT) for _ in range(EMPTY_UNITS)] if may else []
    return {
        "units": [(one, reference.materials_text(one.materials)) for one in units],
        "may_set_scope": may,
        "site_units": _site_units(held, units) if may else [],
        "scope_rows": [*(one for one in units if one.unit_id is None), *empty],
        "scope_seen": queries.scope_seen(units),
        "unit_kinds": ScopeUnit.Kind.choices,
        "scope_open": trouble is not None and trouble.part == "scope",
    }


def _site_units(held: Held, units: Sequence[ScopeUnit]) -> list[dict[str, Any]]:
    """Give the units that the site has recorded, ticked as they are in scope.

    While no scope is saved, those are ticked that an audit of the site looks at.
    """
    ticked = {one.unit_id for one in units}
    return [
        {
            "unit": one,
            "materials": reference.materials_text(one.materials),
            "ticked": one.pk in ticked if units else one.in_scope,
        }
        for one in parties.units(held.row.site)
    ]


def _relevance(held: Held) -> dict[str, Any]:
    edition = standards.localised(held.row.edition_id, get_language() or "en")
    titles: Mapping[str, str] = {one.id: one.title for one in edition.chapters}
    found = queries.proposals(held.row)
    proposed = {one.chapter for one in found}
    may_propose = held.may(Action.PROPOSE_RELEVANCE)
    return {
        "proposals": [
            {"proposal": one, "title": titles.get(one.chapter, ""), "judged": _judged(one)}
            for one in found
        ],
        "may_propose": may_propose,
        "may_judge": held.may(Action.JUDGE_RELEVANCE),
        "chapters": [one for one in edition.chapters if one.id not in proposed]
        if may_propose
        else [],
    }


def _judged(one: RelevanceProposal) -> str:
    return str(RelevanceProposal.Judged(one.judged).label) if one.judged else ""


def name(row: Engagement) -> str:
    """Give an engagement a name for people."""
    return row.title or row.site.name
