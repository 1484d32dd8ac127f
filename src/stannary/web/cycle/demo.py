"""Two illustrative engagements, led by the same operations as real ones: one published, one in stage 1."""

import datetime
from collections.abc import Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from stannary.core.cycle import ActKind, Role
from stannary.core.independence import (
    Assignment,
    AuditorRecord,
    Declaration,
    FirmApproval,
    TeamMember,
    TeamRole,
)
from stannary.web.cycle import facts, operations
from stannary.web.cycle.facts import Asked, Assigned, Rated, Reported
from stannary.web.cycle.models import Engagement
from stannary.web.cycle.operations import Said, Unit
from stannary.web.parties import operations as parties
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.parties.models import Role as PartyRole

EDITION = "stannary/open-mining/0.1"
OPERATOR = "Example Minerals"
FIRM = "example-assurance"
SITE, LEAD, REVIEWER, SCHEME = Role.SITE_USER, Role.LEAD_AUDITOR, Role.REVIEWER, Role.SECRETARIAT


class Done(NamedTuple):
    """An act of the demonstration: what, by whom, when, and what was said."""

    kind: ActKind
    by: Role
    on: str
    said: Said = Said()


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


NORTH = (
    Done(ActKind.APPLY, SITE, "2025-02-24"),
    Done(
        ActKind.RETURN_APPLICATION,
        SCHEME,
        "2025-02-28",
        Said(reason="The tailings facility is missing in the scope."),
    ),
    Done(ActKind.APPLY, SITE, "2025-03-05"),
    Done(ActKind.ACCEPT_APPLICATION, SCHEME, "2025-03-10"),
    Done(ActKind.SIGN_AGREEMENT, SCHEME, "2025-03-24"),
    Done(ActKind.NAME_FIRM, SITE, "2025-04-07", Said(firm=FIRM)),
    Done(ActKind.PROPOSE_TEAM, LEAD, "2025-04-14"),
    Done(ActKind.ACCEPT_TEAM, SCHEME, "2025-04-22"),
    Done(ActKind.ANNOUNCE, LEAD, "2025-05-05"),
    Done(ActKind.BEGIN_STAGE_1, LEAD, "2025-06-02"),
    Done(ActKind.FINISH_STAGE_1, LEAD, "2025-06-20"),
    Done(ActKind.ANNOUNCE_VISIT, LEAD, "2025-07-14", Said(until=_day("2025-09-01"))),
    Done(ActKind.BEGIN_STAGE_2, LEAD, "2025-09-01"),
    Done(ActKind.FINISH_STAGE_2, LEAD, "2025-09-05"),
    Done(ActKind.SUBMIT_DRAFT, LEAD, "2025-10-20"),
    Done(
        ActKind.OBJECT,
        SITE,
        "2025-10-27",
        Said(refers_to="1.1.1.1", reason="The register was shown during the visit."),
    ),
    Done(
        ActKind.RULE_ON_OBJECTION,
        REVIEWER,
        "2025-11-06",
        Said(
            refers_to="16",
            reason="The auditors' notes confirm it; the rating was changed.",
            rating="fully",
        ),
    ),
    Done(ActKind.CLOSE_REVIEW, SCHEME, "2025-11-14"),
    Done(ActKind.PUBLISH_NOW, SITE, "2025-12-08"),
    Done(ActKind.PUBLISH, SCHEME, "2026-01-05"),
)
RIDGE = (
    Done(ActKind.APPLY, SITE, "2026-06-22"),
    Done(ActKind.ACCEPT_APPLICATION, SCHEME, "2026-06-26"),
    Done(ActKind.SIGN_AGREEMENT, SCHEME, "2026-07-06"),
    Done(ActKind.NAME_FIRM, SITE, "2026-07-13", Said(firm=FIRM)),
    Done(ActKind.PROPOSE_TEAM, LEAD, "2026-07-20"),
    Done(ActKind.ACCEPT_TEAM, SCHEME, "2026-07-28"),
    Done(ActKind.ANNOUNCE, LEAD, "2026-08-10"),
    Done(ActKind.BEGIN_STAGE_1, LEAD, "2026-09-07"),
)


class Plan(NamedTuple):
    """An engagement of the demonstration."""

    id: UUID
    site: str
    opened_on: str
    units: tuple[Unit, ...]
    left_out: tuple[tuple[str, str], ...]
    acts: tuple[Done, ...]


PLANS = (
    Plan(
        UUID("5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c01"),
        "example-north-mine",
        "2025-01-13",
        (
            Unit("North pit", "pit"),
            Unit("Brine plant", "plant", "Evaporation and first concentration."),
            Unit("North tailings facility", "tailings"),
        ),
        (),
        NORTH,
    ),
    Plan(
        UUID("5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c02"),
        "example-ridge",
        "2026-05-11",
        (Unit("Ridge workings", "underground"), Unit("Mill", "plant")),
        (("3.5", "Nobody lives, works or holds rights where this chapter looks."),),
        RIDGE,
    ),
)
"""The ids stay the same on every machine, so that links to the demonstration do too."""


After = Callable[[Engagement, ActKind, datetime.date], None]
Publish = Callable[[Engagement, datetime.datetime], object]


def _nothing(_row: Engagement, _kind: ActKind, _day: datetime.date) -> None:
    """Do nothing after an act."""


def load(
    *,
    people: Mapping[Role, Person],
    report: str = "",
    publish: Publish | None = None,
    after: After = _nothing,
) -> tuple[Engagement, ...]:
    """Lead both engagements; calling it again changes nothing.

    Args:
        people: A site user of the operator, a lead auditor and a reviewer of the firm, and
            somebody of the secretariat.
        report: Id of the published result of the first mine, where nobody publishes it.
        publish: How the app above publishes an engagement at a moment, its act included.
        after: What apps above do after an act, on its day.
    """
    operator = parties.ensure_organisation(
        name=OPERATOR, kind=Organisation.Kind.OPERATOR, illustrative=True
    )
    parties.give_role(person=people[SITE], kind=PartyRole.Kind.SITE_USER, organisation=operator)
    told: dict[str, Callable[..., object]] = {
        "unanswered": lambda _: (),
        "rated": lambda _: Rated(unrated=()),
        "assigned": _assigned,
    }
    if publish is None:
        told["reported"] = lambda _: Reported(report)
    with facts.told_by(**told):
        return tuple(_engagement(plan, operator, people, (publish, after)) for plan in PLANS)


def _engagement(
    plan: Plan,
    operator: Organisation,
    people: Mapping[Role, Person],
    above: tuple[Publish | None, After],
) -> Engagement:
    publish, after = above
    there = Engagement.objects.filter(pk=plan.id).first()
    if there is not None:
        return there
    opened = _at(_day(plan.opened_on))
    row = operations.open_engagement(
        actor=people[SITE],
        site=Site.objects.get(slug=plan.site),
        edition_id=EDITION,
        operator=operator,
        opened_at=opened,
        engagement_id=plan.id,
    )
    units = [_as_recorded(row.site, unit) for unit in plan.units]
    operations.set_scope(actor=people[SITE], engagement_id=row.pk, units=units)
    for chapter, reason in plan.left_out:
        operations.propose_relevance(
            actor=people[SITE], engagement_id=row.pk, chapter=chapter, reason=reason, at=opened
        )
    for number, done in enumerate(plan.acts):
        if done.kind is ActKind.PUBLISH and publish is not None:
            publish(row, _at(_day(done.on)))
            continue
        operations.act(
            actor=people[done.by],
            engagement_id=row.pk,
            kind=done.kind,
            expected_number=number,
            said=done.said,
            on=_day(done.on),
            at=_at(_day(done.on)),
        )
        if done.kind is ActKind.NAME_FIRM:
            _join(row, people, _at(_day(done.on)))
        after(row, done.kind, _day(done.on))
    row.refresh_from_db()
    return row


def _as_recorded(site: Site, unit: Unit) -> Unit:
    """Choose the unit that the site has recorded under this name; else it is typed in."""
    there = site.units.filter(name=unit.name).first()
    return unit if there is None else Unit("", recorded=there.pk)


def _join(row: Engagement, people: Mapping[Role, Person], at: datetime.datetime) -> None:
    """Let the secretariat add the firm's people, now that the firm is named."""
    for role in (LEAD, REVIEWER):
        operations.add_member(
            actor=people[SCHEME],
            engagement_id=row.pk,
            username=people[role].username,
            role=role,
            at=at,
        )


def _at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9, 30), datetime.UTC)


def _assigned(asked: Asked) -> Assigned:
    """Say of the made-up firm that it is approved, and of its people that nothing binds them."""
    engagement, site = str(asked.engagement.pk), asked.engagement.site
    team = tuple(
        TeamMember(
            TeamRole(role),
            AuditorRecord(
                person=str(person.pk),
                name=person.username,
                declarations=(Declaration(engagement, asked.on, ()),),
            ),
        )
        for person, role in asked.team
    )
    approval = FirmApproval(
        firm=asked.firm.slug,
        standard=asked.engagement.standard,
        countries=frozenset({site.country}),
        materials=frozenset(site.materials.split()),
        since=_day("2025-01-01"),
        until=None,
    )
    assignment = Assignment(
        engagement=engagement,
        edition=asked.edition,
        firm=asked.firm.slug,
        operator=asked.engagement.operator.slug,
        site=site.slug,
        country=site.country,
        materials=tuple(site.materials.split()),
        team=team,
        fees=None,
    )
    return Assigned(assignment, (approval,))
