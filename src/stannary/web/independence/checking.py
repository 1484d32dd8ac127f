"""Checking a team on a page: what is asked, who could be in it, the limits, what was found."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from stannary.core.independence import TeamRole
from stannary.core.kernel import Parameter
from stannary.core.standards import Edition
from stannary.web.independence import people, queries, words
from stannary.web.independence.forms import ROLE_CHOICES, CheckForm
from stannary.web.independence.models import DeclarationRequest
from stannary.web.independence.queries import Checked
from stannary.web.parties import queries as parties
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.project.problems import finding_shape
from stannary.web.project.templatetags.stannary import mark, percent
from stannary.web.standards import queries as standards

NO_ENGAGEMENT = UUID(int=0)
"""For a team that no engagement has yet: nobody has declared anything for it."""

LIMITS = ("independence_", "competences_of_")


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who could be in the team, and as what they were chosen."""

    somebody: people.Somebody
    options: tuple[tuple[str, object, bool], ...]

    @property
    def name(self) -> str:
        """Of the field."""
        return f"role-{self.somebody.person.pk}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page was asked to check.

    Attributes:
        form: Firm, site, edition, day.
        choices: Who could be in the team; empty until a firm is chosen.
        team: Who was chosen, and as what.
        edition: The one chosen, or None.
        on: The day chosen, or today.
    """

    form: CheckForm
    choices: tuple[Choice, ...]
    team: tuple[tuple[Person, TeamRole], ...]
    edition: Edition | None
    on: datetime.date

    @property
    def ready(self) -> bool:
        """Whether there is a team to check."""
        return bool(self.team) and self.form.is_valid()

    @property
    def limits(self) -> list[dict[str, object]]:
        """The limits of the edition on the day."""
        return [] if self.edition is None else limits(self.edition, self.on)


def editions_with_limits() -> tuple[Edition, ...]:
    """Give the editions that set any limit, by id."""
    return tuple(
        edition
        for edition in standards.editions()
        if any(name.startswith(LIMITS) for name in edition.parameters)
    )


def kinds_asked_for() -> set[str]:
    """Give the kinds of competences that the editions loaded here ask for."""
    found: set[str] = set()
    for edition in editions_with_limits():
        for name, parameter in edition.parameters.items():
            if name.startswith(LIMITS[1]):
                found.update(
                    kind for one in parameter.values for kind in str(one.value or "").split()
                )
    return found


def read(query: QueryDict, *, today: datetime.date) -> Asked:
    """Read what is asked; without a firm nobody can be chosen yet."""
    editions = editions_with_limits()
    rows = [row for row in parties.site_rows() if row.operator]
    operators = set(
        Organisation.objects.filter(kind=Organisation.Kind.OPERATOR).values_list("name", flat=True)
    )
    sites = [(row.slug, row.name) for row in rows if row.operator in operators]
    engagements = {
        str(one.engagement_id): _("%(site)s, asked for on %(day)s")
        % {"site": one.site.name, "day": one.asked_at.date().isoformat()}
        for one in DeclarationRequest.objects.select_related("site").order_by("-asked_at", "-id")
    }
    filled = query.copy()
    filled.setdefault("on", today.isoformat())
    filled.setdefault("audit", "full")
    form = CheckForm(
        filled if query else None,
        editions=[(edition.id, edition.short_title) for edition in reversed(editions)],
        sites=sites,
        engagements=list(engagements.items()),
        initial={"on": today},
    )
    form.is_valid()
    said: Mapping[str, object] = getattr(form, "cleaned_data", {})
    firm, on, edition_id = said.get("firm"), said.get("on"), said.get("edition")
    edition = next((one for one in editions if one.id == edition_id), None)
    day = on if isinstance(on, datetime.date) else today
    chosen = _choices(query, firm, day) if isinstance(firm, Organisation) else ()
    team = tuple(
        (choice.somebody.person, TeamRole(value))
        for choice in chosen
        for value, _title, selected in choice.options
        if selected and value
    )
    return Asked(form, chosen, team, edition, day)


def _choices(query: QueryDict, firm: Organisation, on: datetime.date) -> tuple[Choice, ...]:
    team = list(queries.people_of(firm))
    return tuple(
        Choice(
            one,
            tuple(
                (value, title, query.get(f"role-{one.person.pk}", "") == value)
                for value, title in ROLE_CHOICES
            ),
        )
        for one in people.with_competences(team, on)
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What was found of a team, as the page shows it."""

    checked: Checked
    blocking: tuple[dict[str, object], ...]
    open_limits: tuple[dict[str, object], ...]


def run(asked: Asked, *, actor: Person) -> Result:
    """Check what was asked.

    Raises:
        RefusalError: As `queries.checked`, and PARTY-001 if the site is gone.
    """
    said = asked.form.cleaned_data
    site: Site = parties.site(said["site"])
    found = queries.checked(
        actor=actor,
        engagement_id=UUID(said["engagement"]) if said["engagement"] else NO_ENGAGEMENT,
        edition=standards.edition(said["edition"]),
        firm=said["firm"],
        site=site,
        team=asked.team,
        full_audit=said["audit"] == "full",
        on=said["on"],
    )
    return Result(
        found,
        tuple(map(finding_shape, found.blocking)),
        tuple(map(finding_shape, found.open_limits)),
    )


def limits(edition: Edition, on: datetime.date) -> list[dict[str, object]]:
    """Give the limits of an edition on a day, each with how sure we are of it."""
    return [
        _limit(parameter, on)
        for name, parameter in edition.parameters.items()
        if name.startswith(LIMITS)
    ]


def _limit(parameter: Parameter, on: datetime.date) -> dict[str, object]:
    dated = parameter.on(on)
    units = {"month": _("months"), "day": _("days")}
    value = "" if dated.value is None else str(dated.value)
    if parameter.name.startswith(LIMITS[1]):
        value = ", ".join(words.competence_name(kind) for kind in value.split())
    elif parameter.unit == "1" and "." in value:
        value = percent(parameter.fraction_on(on))
    return {
        "name": parameter.name,
        "summary": parameter.summary,
        "value": f"{value} {units.get(parameter.unit, '')}".strip(),
        "unknown": dated.value is None,
        "source": dated.source,
        "mark": mark(dated.mark),
    }
