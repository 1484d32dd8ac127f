"""What a result says beside its verdicts, gathered from the engagement as it stands.

Everything gathered here becomes public: names of the team alone, and no name of the site's people.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from stannary.core.assessments.verdicts import Side
from stannary.core.cycle import ActKind, Role
from stannary.core.publications import (
    About,
    ChapterLeftOut,
    Earlier,
    Kind,
    Ruling,
    Scope,
    ScopeUnit,
    SiteWord,
    Teammate,
)
from stannary.core.publications.dates import steps_of
from stannary.core.standards import Edition, Rating
from stannary.web.assessments import queries as assessments
from stannary.web.assessments.models import Assessment
from stannary.web.assessments.queries import Standing
from stannary.web.assessments.records import name_of
from stannary.web.corrections import queries as corrections
from stannary.web.cycle import queries as cycle
from stannary.web.cycle import records as cycle_records
from stannary.web.cycle.models import Engagement, RelevanceProposal
from stannary.web.parties.models import Site
from stannary.web.publications.models import PublishedResult
from stannary.web.stakeholders import queries as stakeholders

_ORDER = {Role.LEAD_AUDITOR: 0, Role.AUDITOR: 1, Role.REVIEWER: 2}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is said beside the verdicts.

    Attributes:
        about: For the result as a whole.
        site: By requirement how the site rated itself.
        rulings: By requirement which ruling made the verdict what it is.
        lead_auditor: The public name of who leads.
    """

    about: About
    site: Mapping[str, SiteWord]
    rulings: Mapping[str, Ruling]
    lead_auditor: str


def core_id(result_id: UUID) -> str:
    """Give the id under which a result is known outside."""
    return result_id.urn


def gather(
    now: Standing, *, kind: Kind, earlier: PublishedResult | None, on: datetime.date
) -> Gathered:
    """Gather what is said beside the verdicts of an assessment.

    Args:
        now: The assessment as it stands.
        kind: Why it is published.
        earlier: The result before it; None for the first.
        on: The day of release; acts after it are not told.
    """
    those = now.assessment
    before = earlier_of(earlier)
    engagement = those.engagement
    team = team_of(those)
    lead = team[0].name
    if engagement is None:
        return Gathered(
            About(kind, scope=_scope(those.site, None), team=team, earlier=before), {}, {}, lead
        )
    acts = tuple(map(cycle_records.act_of, engagement.acts.filter(on__lte=on).order_by("number")))
    about = About(
        kind=kind,
        engagement=str(engagement.pk),
        scope=_scope(those.site, engagement),
        team=team,
        dates=steps_of(acts),
        not_relevant_chapters=_left_out(engagement, now.edition),
        stakeholder_input=stakeholders.public_input(engagement, on=on),
        corrective_actions=corrections.public_actions(engagement, on=on),
        earlier=before,
    )
    return Gathered(about, _site_words(engagement), _rulings(engagement, now), lead)


def earlier_of(row: PublishedResult | None) -> Earlier | None:
    """Name a result as the one before."""
    return None if row is None else Earlier(core_id(row.result_id), row.sha256)


def team_of(those: Assessment) -> tuple[Teammate, ...]:
    """Give the names of who assessed and who reviewed, the lead auditor first."""
    opened = Teammate(Role.LEAD_AUDITOR.value, name_of(those.lead_auditor))
    if those.engagement is None:
        return (opened,)
    named = [
        Teammate(role, name_of(person))
        for person, role in cycle.team(those.engagement)
        if role in _ORDER
    ]
    if not any(one.role == Role.LEAD_AUDITOR for one in named):
        named.append(opened)
    named.sort(key=lambda one: _ORDER[Role(one.role)])
    return tuple(dict.fromkeys(named))


def _scope(site: Site, engagement: Engagement | None) -> Scope:
    units = cycle.scope(engagement) if engagement is not None else ()
    return Scope(
        units=tuple(ScopeUnit(one.name, one.kind) for one in units),
        materials=tuple(site.materials.split()),
    )


def _left_out(engagement: Engagement, edition: Edition) -> tuple[ChapterLeftOut, ...]:
    accepted = {
        one.chapter: one.judgement
        for one in cycle.proposals(engagement)
        if one.judged == RelevanceProposal.Judged.ACCEPTED
    }
    return tuple(
        ChapterLeftOut(one.id, one.title, accepted[one.id])
        for one in edition.chapters
        if one.id in accepted
    )


def _site_words(engagement: Engagement) -> Mapping[str, SiteWord]:
    """Give how the site rated itself; what it left pending it did not rate."""
    own = assessments.self_assessment(engagement)
    if own is None:
        return {}
    newest = assessments.newest_records([own])[own.pk]
    return {
        name: SiteWord(one.rating, one.rationale)
        for name, one in newest.items()
        if one.rating is not Rating.PENDING
    }


def _rulings(engagement: Engagement, now: Standing) -> Mapping[str, Ruling]:
    """Give the rulings whose verdict still counts; what a correction followed is no longer theirs."""
    acts = {one.number: one for one in engagement.acts.all()}
    found = {}
    for act in acts.values():
        if act.kind != ActKind.RULE_ON_OBJECTION:
            continue
        name = acts[int(act.refers_to)].refers_to
        there = now.newest.get(name)
        if there is None or there.side is not Side.FINAL:
            continue
        if (there.by, there.rationale) == (act.by_id, act.reason):
            found[name] = Ruling(act.role, act.reason)
    return found
