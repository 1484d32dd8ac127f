"""What a person sends about an engagement, read; and the forms that the page offers them."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from stannary.core import cycle
from stannary.core.cycle import STEPS, Act, ActKind, Role, clocks
from stannary.core.kernel import Finding, RefusalError
from stannary.web.cycle import operations, queries, words
from stannary.web.cycle.operations import Said, Unit
from stannary.web.cycle.queries import Held

FIELDS: Mapping[ActKind, tuple[str, ...]] = {
    ActKind.NAME_FIRM: ("firm",),
    ActKind.ANNOUNCE_VISIT: ("until",),
    ActKind.OBJECT: ("requirement",),
    ActKind.RULE_ON_OBJECTION: ("objection", "rating"),
    ActKind.EXTEND: ("clock", "until"),
}
"""What an act needs beside a reason."""

LOOKED_AT = frozenset(
    {
        ActKind.APPLY,
        ActKind.ACCEPT_TEAM,
        ActKind.BEGIN_STAGE_1,
        ActKind.FINISH_STAGE_1,
        ActKind.BEGIN_STAGE_2,
        ActKind.SUBMIT_DRAFT,
        ActKind.CLOSE_REVIEW,
        ActKind.PUBLISH,
        ActKind.SETTLE_PENDING,
        ActKind.BEGIN_SURVEILLANCE,
        ActKind.PUBLISH_SURVEILLANCE,
        ActKind.EXPIRE,
        ActKind.REPLACE,
    }
)
"""Acts of which it is known beforehand what stands in the way: they need nothing from a form."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ActForm:
    """An act that somebody may do now.

    Attributes:
        kind: Which.
        label: As they are asked to do it.
        role: In which role they do it.
        fields: What it needs, a reason included.
        choices: For each field that is chosen from a list.
        obstacles: What stands in its way as things are.
        typed: What they sent before, by field.
        findings: Why that was refused.
    """

    kind: ActKind
    label: str
    role: str
    fields: tuple[str, ...]
    choices: Mapping[str, Sequence[Choice]]
    obstacles: tuple[Finding, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something that was sent was refused, and what was sent.

    Attributes:
        part: Of the page: the word of an act, "people", "scope", "relevance".
        findings: Every reason.
        typed: What was sent, by field.
    """

    part: str
    findings: tuple[Finding, ...]
    typed: Mapping[str, str]


def act_forms(held: Held, trouble: Trouble | None = None) -> tuple[ActForm, ...]:
    """Give the acts that a person may do now, those that move the engagement on in front."""
    state = held.core.state
    kinds = queries.possible(state, held.roles)
    ordered = sorted(kinds, key=lambda kind: kind in queries.ANY_TIME)
    found = [_form(held, kind) for kind in ordered]
    if trouble is None:
        return tuple(found)
    return tuple(
        replace(one, typed=trouble.typed, findings=trouble.findings)
        if one.kind == trouble.part
        else one
        for one in found
    )


def _form(held: Held, kind: ActKind) -> ActForm:
    needs = FIELDS.get(kind, ())
    role = next(role for role in Role if role in held.roles and role in STEPS[kind].roles)
    return ActForm(
        kind=kind,
        label=str(words.ACTS[kind][0]),
        role=str(words.ROLES[role]),
        fields=(*needs, "reason") if STEPS[kind].needs_reason else needs,
        choices={name: _choices(held, name) for name in needs if name != "until"},
        obstacles=_obstacles(held, kind, role) if kind in LOOKED_AT else (),
    )


def _choices(held: Held, name: str) -> tuple[Choice, ...]:
    if name == "firm":
        return tuple(Choice(one.slug, one.name) for one in queries.firms_to_name(held.row))
    if name == "clock":
        running = clocks(held.edition, held.core.state, held.core.acts)
        return tuple(Choice(str(one.kind), str(words.CLOCKS[one.kind])) for one in running)
    if name == "rating":
        stands = Choice("", gettext("the auditors' rating stands"))
        return (stands, *(Choice(str(one), str(word)) for one, word in words.RATINGS.items()))
    if name == "objection":
        by_id = {act.id: act for act in held.core.acts}
        return tuple(
            Choice(one, f"{one}: {by_id[one].refers_to}") for one in held.core.open_objections
        )
    return ()


def _obstacles(held: Held, kind: ActKind, role: Role) -> tuple[Finding, ...]:
    """Try the act on what is known now, without doing it."""
    day = timezone.localdate()
    facts = operations.gather(held, kind, firm=held.row.firm, day=day)
    act = Act(id=str(held.number + 1), kind=kind, role=role, by="", on=day)
    try:
        cycle.perform(held.core, act, facts)
    except RefusalError as refusal:
        return refusal.findings
    return ()


def day(text: str) -> datetime.date | None:
    """Read a day; None for what is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def count(text: str) -> int:
    """Read how many acts were seen; nonsense is a number that no engagement has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def said(data: QueryDict) -> Said:
    """Read what was said with an act."""
    return Said(
        reason=data.get("reason", ""),
        refers_to=data.get("objection", "") or data.get("requirement", ""),
        clock=data.get("clock", ""),
        until=day(data.get("until", "")),
        firm=data.get("firm", ""),
        rating=data.get("rating", "")[:40],
    )


def typed(data: QueryDict) -> dict[str, str]:
    """Keep what was sent, so that nobody types it again."""
    return {name: value for name, value in data.items() if isinstance(value, str)}


def units(data: QueryDict) -> tuple[Unit, ...]:
    """Read the scope: units of the site that are ticked, then typed rows that have a name."""
    ticked = [Unit("", recorded=max(count(one), 0)) for one in data.getlist("unit")]
    rows = zip(data.getlist("name"), data.getlist("kind"), data.getlist("note"), strict=False)
    return (*ticked, *(Unit(name, kind, note) for name, kind, note in rows if name.strip()))


def act_kind(text: str) -> ActKind | None:
    """Read which act is meant; None for a word that is none."""
    return ActKind(text) if text in set(ActKind) else None


def role(text: str) -> Role | None:
    """Read a role; None for a word that is none."""
    return Role(text) if text in set(Role) else None
