"""What a result's page shows beside verdicts and score: scope, team, dates, input, actions, versions.

A result of form 1 shows what it has: it says nothing of most of this.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from stannary.core.assessments.comparison import Change, Comparison
from stannary.core.corrections import State as FindingState
from stannary.core.cycle import Role
from stannary.core.publications import About, Kind, Notice, PublishedAction, PublishedInput
from stannary.core.stakeholders import Channel, Disposition, Group
from stannary.core.standards import Edition
from stannary.web.corrections import words as corrections
from stannary.web.cycle import words as cycle
from stannary.web.cycle.models import ScopeUnit
from stannary.web.parties.reference import material_name
from stannary.web.publications import changes
from stannary.web.publications.models import PublishedResult
from stannary.web.stakeholders import words as stakeholders

STEPS = {
    "application": gettext_lazy("Application and its review"),
    "agreement": gettext_lazy("Participation agreement"),
    "firm": gettext_lazy("Audit firm named"),
    "team": gettext_lazy("Audit team proposed and accepted"),
    "announcement": gettext_lazy("Public announcement"),
    "stage_1": gettext_lazy("Stage 1, documents"),
    "visit_announced": gettext_lazy("Site visit announced"),
    "stage_2": gettext_lazy("Stage 2, on site"),
    "draft": gettext_lazy("Draft report"),
    "review": gettext_lazy("Review of the draft"),
    "corrective_period": gettext_lazy("Corrective period"),
    "publication": gettext_lazy("First publication"),
    "settlement": gettext_lazy("What was pending published"),
    "surveillance": gettext_lazy("Surveillance"),
}
KEYS = {
    "site": gettext_lazy("name of the site"),
    "firm": gettext_lazy("audit firm"),
    "lead_auditor": gettext_lazy("lead auditor"),
    "team": gettext_lazy("team"),
    "scope": gettext_lazy("scope"),
    "dates": gettext_lazy("dates"),
    "engagement": gettext_lazy("engagement"),
    "not_relevant_chapters": gettext_lazy("chapters that are not relevant"),
    "stakeholder_input": gettext_lazy("stakeholder input"),
    "corrective_actions": gettext_lazy("corrective actions"),
    "score": gettext_lazy("score"),
    "derivation": gettext_lazy("how the level came about"),
}
"""What a correction names as changed; what is not here is a requirement."""


@dataclass(frozen=True, slots=True)
class Action:
    """A corrective action in words."""

    action: PublishedAction
    grade: str
    state: str
    verified_by: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Input:
    """What somebody said, in words."""

    said: PublishedInput
    group: str
    channel: str
    disposition: str


@dataclass(frozen=True, slots=True)
class Compared:
    """How a result stands to the one before it.

    Attributes:
        row: The one before.
        counts: How many ratings became what, in words.
        moved: Whether the level is another one.
    """

    row: PublishedResult
    counts: tuple[tuple[str, int], ...]
    moved: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything beside verdicts and score, ready to be shown.

    Attributes:
        about: As published; None in form 1.
        versions: Every result of the site under this standard, newest first.
        correction: The correction that takes its place; None: there is none.
        newest: The newest result, where it is another one that corrects nothing of this.
        changed: What a correction changed, by key in words.
        requirements: What a correction changed, by requirement.
        compared: With the one before; None for the first.
    """

    about: About | None
    notice: Notice | None
    changed: tuple[str, ...]
    requirements: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    materials: tuple[str, ...]
    team: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, datetime.date, datetime.date], ...]
    actions: tuple[Action, ...]
    input: tuple[Input, ...]
    versions: tuple[PublishedResult, ...]
    correction: PublishedResult | None
    newest: PublishedResult | None
    compared: Compared | None


def beside(
    row: PublishedResult,
    about: About | None,
    *,
    edition: Edition,
    versions: tuple[PublishedResult, ...],
    before: PublishedResult | None,
) -> Beside:
    """Gather what stands beside the verdicts of a result.

    Args:
        row: The result.
        about: What form 2 says of it; None for form 1.
        edition: Of the result, in any language.
        versions: Results of the site under the same standard, newest first.
        before: The result before it, with its content; None for the first.
    """
    said = about or About(Kind.AUDIT)
    notice = said.notice
    changed = notice.changed if notice is not None else ()
    return Beside(
        about=about,
        notice=notice,
        changed=tuple(str(KEYS[name]) for name in changed if name in KEYS),
        requirements=tuple(name for name in changed if name not in KEYS),
        units=tuple((one.name, _word(ScopeUnit.Kind, one.kind)) for one in said.scope.units),
        materials=tuple(material_name(key) for key in said.scope.materials),
        team=tuple((one.name, _role(one.role)) for one in said.team),
        dates=tuple(
            (str(STEPS.get(one.step, one.step)), one.began_on, one.ended_on) for one in said.dates
        ),
        actions=tuple(map(_action, said.corrective_actions)),
        input=tuple(map(_input, said.stakeholder_input)),
        versions=versions,
        correction=next((one for one in versions if one.corrects_id == row.pk), None),
        newest=_newest(row, versions),
        compared=_compared(before, row, edition) if before is not None else None,
    )


def _newest(row: PublishedResult, versions: tuple[PublishedResult, ...]) -> PublishedResult | None:
    """Give the newest result, unless it is this one or nothing but its correction."""
    if not versions or versions[0].pk <= row.pk or versions[0].corrects_id == row.pk:
        return None
    return versions[0]


def _compared(before: PublishedResult, row: PublishedResult, edition: Edition) -> Compared:
    found = changes.comparison_of(before, row, edition=edition)
    moved = (before.level, before.level_state) != (row.level, row.level_state)
    return Compared(before, _counts(found), moved)


def _counts(found: Comparison) -> tuple[tuple[str, int], ...]:
    kinds = (Change.BETTER, Change.WORSE, Change.RELEVANCE, Change.UNRATED, Change.NOT_COMPARABLE)
    counted = [(str(changes.WORDS[kind]), found.count(kind)) for kind in kinds]
    same = (gettext("as before"), found.count(Change.SAME))
    return tuple((word, count) for word, count in (*counted, same) if count)


def _word(choices: type[ScopeUnit.Kind], value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _role(value: str) -> str:
    return str(cycle.ROLES[Role(value)]) if value in list(Role) else value


def _action(action: PublishedAction) -> Action:
    grades: Mapping[str, object] = {str(one): word for one, word in corrections.GRADES.items()}
    states: Mapping[str, object] = {str(one): word for one, word in corrections.STATES.items()}
    return Action(
        action=action,
        grade=str(grades.get(action.grade, action.grade)),
        state=str(states.get(action.state, action.state)),
        verified_by=_role(action.verified_by) if action.verified_by else "",
        is_closed=action.state in (FindingState.CLOSED, FindingState.EFFECTIVE),
    )


def _input(said: PublishedInput) -> Input:
    """Put a row of input into words; its disposition begins with the word of the list."""
    word, colon, reason = said.disposition.partition(": ")
    disposition = str(stakeholders.DISPOSITIONS[Disposition(word)]) if word in _DISPOSITIONS else ""
    return Input(
        said=said,
        group=str(stakeholders.GROUPS[Group(said.group)]) if said.group in _GROUPS else said.group,
        channel=str(stakeholders.CHANNELS[Channel(said.channel)])
        if said.channel in _CHANNELS
        else said.channel,
        disposition=f"{disposition}{colon}{reason}" if disposition else said.disposition,
    )


_GROUPS, _CHANNELS, _DISPOSITIONS = list(Group), list(Channel), list(Disposition)
