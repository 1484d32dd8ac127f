"""What may be done in engagements: one function for each act, one transaction for each function.

Rules: ENGAGEMENT-001 to ENGAGEMENT-015 (core), ENGAGEMENT-020 to ENGAGEMENT-027, PARTY-001.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from stannary.core import cycle
from stannary.core.cycle import IN_FORCE, STEPS, Act, Action, ActKind, Facts, Role
from stannary.core.cycle.rules import ONE_ENGAGEMENT_AT_A_TIME
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.core.standards import Edition
from stannary.web.cycle import facts as outside
from stannary.web.cycle import queries, records, rules, signals
from stannary.web.cycle.models import ActRecord, Engagement, Member, RelevanceProposal, ScopeUnit
from stannary.web.cycle.queries import Held
from stannary.web.independence import operations as independence
from stannary.web.independence.models import PastLead
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.parties.models import Role as PartyRole
from stannary.web.parties.queries import unit as unit_of_site
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.standards import queries as standards

NAME_MAX = 200
TEXT_MAX = 10_000
UNITS_MAX = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says with an act, as far as the act needs it.

    Attributes:
        reason: Why.
        refers_to: Number of the objection that is ruled on; the requirement that is objected to.
        clock: That is put off.
        until: To which day; the day on which an announced visit begins.
        firm: Short name of the audit firm that is named.
        rating: That a ruling gives; empty: the auditors' stands.
    """

    reason: str = ""
    refers_to: str = ""
    clock: str = ""
    until: datetime.date | None = None
    firm: str = ""
    rating: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit to put into the scope: typed in, or (by its id) one that the site has recorded."""

    name: str
    kind: str = ScopeUnit.Kind.PIT
    note: str = ""
    recorded: int | None = None


@transaction.atomic
def open_engagement(
    *,
    actor: Person,
    site: Site,
    edition_id: str,
    operator: Organisation,
    title: str = "",
    opened_at: datetime.datetime | None = None,
    engagement_id: UUID | None = None,
) -> Engagement:
    """Begin a site's way to publication. A site user who opens it is a site user in it.

    Where the site has an engagement in force under the standard, the new one follows it: this is
    the reassessment.

    Args:
        actor: A site user of the operator, or of a secretariat.
        site: Run by the operator.
        edition_id: Of an edition that is loaded here and gives levels.
        operator: For which it is opened.
        title: A name of its own; may be empty.
        opened_at: When it was opened; None: now.
        engagement_id: Its id; None: a new one.

    Raises:
        RefusalError: PARTY-001 if the actor opens nothing for this operator, or there is no such
            edition. ENGAGEMENT-023 if the operator does not run the site, or the edition gives no
            levels. ENGAGEMENT-013 if there is one on its way. ENGAGEMENT-024 for a long title.
    """
    # of two who open at the same moment, the second waits here and then finds that of the first
    Site.objects.select_for_update().get(pk=site.pk)
    if operator not in queries.operators_of(actor):
        refuse(IS_THERE_FOR_YOU, asked_for="operator")
    edition = standards.edition(edition_id)
    title = _text(title, NAME_MAX)
    _may_be_led(site, operator, edition)
    standard = f"{edition.publisher}/{edition.standard}"
    others = _others(site, standard)
    moment = opened_at or timezone.now()
    row = Engagement.objects.create(
        id=engagement_id or uuid4(),
        site=site,
        edition_id=edition.id,
        standard=standard,
        operator=operator,
        title=title,
        opened_at=moment,
        opened_by=actor,
        previous=others.filter(state__in=list(IN_FORCE)).order_by("-opened_at").first(),
    )
    if not queries.of_secretariat(actor):
        Member.objects.create(
            engagement=row, person=actor, role=Role.SITE_USER, added_by=actor, added_at=moment
        )
    signals.opened.send(sender=Engagement, engagement=row, actor=actor, at=moment)
    return row


def _others(site: Site, standard: str) -> QuerySet[Engagement]:
    """Give the engagements of a site under a standard, none of which may be on its way."""
    others = Engagement.objects.filter(site=site, standard=standard)
    if there := others.filter(on_route=True).first():
        refuse(ONE_ENGAGEMENT_AT_A_TIME, site=site.name, there=str(there.pk))
    return others


def _may_be_led(site: Site, operator: Organisation, edition: Edition) -> None:
    """ENGAGEMENT-023: the operator runs the site, and the edition gives levels."""
    if (site.operator, site.illustrative) != (operator.name, operator.illustrative):
        refuse(rules.OPERATOR_OPENS, site=site.name, operator=operator.name)
    if not queries.gives_levels(edition):
        refuse(rules.OPERATOR_OPENS, site=site.name, edition=edition.id)


@transaction.atomic
def act(
    *,
    actor: Person,
    engagement_id: UUID,
    kind: ActKind,
    expected_number: int,
    said: Said | None = None,
    role: Role | None = None,
    on: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> ActRecord:
    """Do one act in an engagement. This will record it, or nothing.

    Args:
        actor: Who acts.
        engagement_id: In which engagement.
        kind: What is done.
        expected_number: How many acts the actor saw; with more there is a conflict.
        said: What the act needs.
        role: In which of their roles; None: the first that may do it.
        on: The day that counts for clocks; None: today. No page and no address lets people choose.
        at: When it was recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the engagement is not there for the actor. ENGAGEMENT-020 if
            others acted since the actor looked; its facts show what they did. ENGAGEMENT-001 to
            015 and INDEPENDENCE-001 to 009 for the act itself, ENGAGEMENT-023 to 025 for what is
            said.
    """
    held = queries.engagement_to_change(actor=actor, engagement_id=engagement_id)
    _newest_is_seen(held, expected_number)
    said = said or Said()
    day = on or timezone.localdate()
    firm = _firm(held, said) if kind is ActKind.NAME_FIRM else held.row.firm
    told = gather(held, kind, firm=firm, day=day)
    done = Act(
        id=str(held.number + 1),
        kind=kind,
        role=role if role in held.roles and role else _role(held, kind),
        by=str(actor.pk),
        on=day,
        reason=_text(said.reason, TEXT_MAX),
        refers_to=_reference(held, kind, said),
        clock=said.clock[:40] if kind is ActKind.EXTEND else "",
        until=said.until,
    )
    after = cycle.perform(held.core, done, told)
    record = records.record(
        held.row, after.acts[-1], by=actor.pk, at=at or timezone.now(), facts=told
    )
    record.save(force_insert=True)
    _keep(held.row, after, firm)
    if kind is ActKind.PUBLISH:
        _count_for_rotation(held, actor=actor, at=record.at)
    signals.acted.send(
        sender=Engagement, engagement=held.row, record=record, said=said, actor=actor
    )
    return record


def _count_for_rotation(held: Held, *, actor: Person, at: datetime.datetime) -> None:
    """Tell independence who led a full audit, once its report is public.

    Earlier it would count against its own publication. An audit of several standards on the same
    days is one audit.
    """
    visited = cycle.last(held.core.acts, ActKind.FINISH_STAGE_2)
    leads = [one for one, role in queries.team(held.row) if role == Role.LEAD_AUDITOR]
    if visited is None or not leads:
        return
    if not PastLead.objects.filter(site=held.row.site, ended_on=visited.on).exists():
        independence.record_lead(
            actor=actor,
            person=leads[0],
            site=held.row.site,
            ended_on=visited.on,
            engagement_id=held.row.pk,
            at=at,
        )


def _newest_is_seen(held: Held, expected_number: int) -> None:
    """ENGAGEMENT-020: show what happened since the actor looked."""
    if expected_number == held.number:
        return
    facts = {"seen": str(expected_number), "there": str(held.number)}
    if held.records:
        newest = held.records[-1]
        facts |= {
            "act": newest.kind,
            "by": newest.by.get_full_name() or newest.by.username,
            "at": date_format(timezone.localtime(newest.at), "Y-m-d H:i e"),
            "state": str(held.core.state),
        }
    raise RefusalError(Finding(rules.NEWEST_ACT_WAS_SEEN, facts))


def _role(held: Held, kind: ActKind) -> Role:
    """Give the first role that may do it, else the first at all: core then says why not."""
    theirs = [role for role in Role if role in held.roles]
    return next((role for role in theirs if role in STEPS[kind].roles), theirs[0])


def _firm(held: Held, said: Said) -> Organisation | None:
    slug = records.tidy(said.firm)[:80]
    firm = Organisation.objects.filter(slug=slug, kind=Organisation.Kind.FIRM).first()
    if firm is not None and firm.illustrative != held.row.site.illustrative:
        refuse(rules.OPERATOR_OPENS, site=held.row.site.name, firm=firm.name)
    return firm


def _reference(held: Held, kind: ActKind, said: Said) -> str:
    named = records.tidy(said.refers_to)
    if kind is ActKind.OBJECT and named not in held.edition.requirement_by_id:
        refuse(rules.CHAPTER_IS_OF_THE_STANDARD, requirement=named[:40] or "none")
    return named[:100] if kind in (ActKind.OBJECT, ActKind.RULE_ON_OBJECTION) else ""


def _text(text: str, most: int) -> str:
    tidy = records.tidy(text)
    if len(tidy) > most:
        refuse(rules.TEXTS_ARE_BOUNDED, length=str(len(tidy)), at_most=str(most))
    return tidy


def gather(held: Held, kind: ActKind, *, firm: Organisation | None, day: datetime.date) -> Facts:
    """Ask for the facts that an act needs, and for no others."""
    collect = _FACTS.get(kind)
    return Facts(**collect(held, firm, day)) if collect is not None else Facts()


Told = dict[str, Any]


def _for_application(held: Held, _firm: Organisation | None, _day: datetime.date) -> Told:
    row = held.row
    elsewhere = Engagement.objects.filter(site=row.site, standard=row.standard, on_route=True)
    return {
        "unanswered": outside.providers().unanswered(row),
        "units": row.units.count(),
        "without_reason": tuple(
            one.chapter for one in queries.proposals(row) if not one.reason.strip()
        ),
        "elsewhere": tuple(str(one.pk) for one in elsewhere.exclude(pk=row.pk)),
    }


def _for_team(
    held: Held, firm: Organisation | None, day: datetime.date, *, full_audit: bool = True
) -> Told:
    if firm is None:
        return {}
    asked = outside.Asked(
        held.row, held.edition, firm, queries.team(held.row), day, full_audit=full_audit
    )
    found = outside.providers().assigned(asked)
    return {"assignment": found.assignment, "approvals": found.approvals}


def _for_team_after(held: Held, firm: Organisation | None, day: datetime.date) -> Told:
    """Tell of a team that goes on after publication: who led full audits before does not matter."""
    return _for_team(held, firm, day, full_audit=False)


def _for_stage_1(held: Held, _firm: Organisation | None, _day: datetime.date) -> Told:
    return {"unjudged": tuple(one.chapter for one in queries.proposals(held.row) if not one.judged)}


def _for_draft(held: Held, _firm: Organisation | None, _day: datetime.date) -> Told:
    rated = outside.providers().rated(held.row)
    return {"unrated": rated.unrated, "authorless": rated.authorless}


def _for_report(held: Held, _firm: Organisation | None, _day: datetime.date) -> Told:
    found = outside.providers().reported(held.row)
    return {"report": found.id, "level_pending": found.level_pending}


def _for_publication(held: Held, firm: Organisation | None, day: datetime.date) -> Told:
    return {
        **_for_report(held, firm, day),
        **_for_draft(held, firm, day),
        **_for_team(held, firm, day),
    }


def _for_later_publication(held: Held, firm: Organisation | None, day: datetime.date) -> Told:
    return {
        **_for_report(held, firm, day),
        **_for_draft(held, firm, day),
        **_for_team_after(held, firm, day),
    }


def _for_replacement(held: Held, _firm: Organisation | None, _day: datetime.date) -> Told:
    follows = held.row.following.filter(state__in=list(IN_FORCE)).order_by("-opened_at").first()
    return {"report": outside.providers().released(follows).id if follows else ""}


_FACTS: dict[ActKind, Callable[[Held, Organisation | None, datetime.date], Told]] = {
    ActKind.APPLY: _for_application,
    ActKind.NAME_FIRM: _for_team,
    ActKind.ACCEPT_TEAM: _for_team,
    ActKind.FINISH_STAGE_1: _for_stage_1,
    ActKind.SUBMIT_DRAFT: _for_draft,
    ActKind.PUBLISH: _for_publication,
    ActKind.SETTLE_PENDING: _for_later_publication,
    ActKind.BEGIN_SURVEILLANCE: _for_team_after,
    ActKind.PUBLISH_SURVEILLANCE: _for_later_publication,
    ActKind.REPLACE: _for_replacement,
}
"""Which facts an act is told; acts that are not here need none."""


def _keep(row: Engagement, after: cycle.Engagement, firm: Organisation | None) -> None:
    """Keep what the acts give where lists find it."""
    row.state, row.on_route, row.firm = str(after.state), after.on_route, firm
    row.save(update_fields=["state", "on_route", "firm"])


@transaction.atomic
def rebuild() -> tuple[str, ...]:
    """Compute the kept state of every engagement from its acts; give the ids that were wrong."""
    wrong = []
    for row in Engagement.objects.select_for_update().order_by("pk"):
        acts = map(records.act_of, row.acts.order_by("number"))
        core = records.engagement(standards.edition(row.edition_id), acts)
        if (row.state, row.on_route) != (str(core.state), core.on_route):
            wrong.append(str(row.pk))
            _keep(row, core, row.firm)
    return tuple(wrong)


@transaction.atomic
def add_member(
    *,
    actor: Person,
    engagement_id: UUID,
    username: str,
    role: Role,
    at: datetime.datetime | None = None,
) -> Member:
    """Give somebody a role in an engagement; who has it already keeps it.

    Auditors and reviewers are asked for their declaration of interests by this.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work. ENGAGEMENT-022 if the
            actor does not give this role, or there is nobody of this name on the role's side.
            ENGAGEMENT-021 if the person is, or was, on another side of this engagement.
    """
    held = queries.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.MANAGE_PEOPLE
    )
    name = records.tidy(username)[:150]
    facts = {"person": name, "role": str(role)}
    person = Person.objects.filter(username=name, is_active=True).first()
    if role not in queries.roles_to_give(held) or person is None:
        raise RefusalError(Finding(rules.PEOPLE_COME_FROM_THEIR_SIDE, facts))
    if role is not Role.OBSERVER:
        home = queries.side_organisation(held.row, role)
        if home is None or not PartyRole.objects.filter(person=person, organisation=home).exists():
            raise RefusalError(Finding(rules.PEOPLE_COME_FROM_THEIR_SIDE, facts))
    _is_on_one_side(held, person, role)
    if queries.SIDES.get(role) == "auditors":
        independence.ask_for_declaration(
            actor=actor,
            person=person,
            engagement_id=held.row.pk,
            site=held.row.site,
            operator=held.row.operator,
            at=at,
        )
    theirs = Member.objects.filter(engagement=held.row, person=person, role=role)
    return theirs.filter(ended_at__isnull=True).first() or Member.objects.create(
        engagement=held.row, person=person, role=role, added_by=actor, added_at=at or timezone.now()
    )


def _is_on_one_side(held: Held, person: Person, role: Role) -> None:
    """ENGAGEMENT-021: what somebody was before counts, too."""
    had = {Role(one.role) for one in held.row.members.filter(person=person)}
    if queries.of_secretariat(person):
        had.add(Role.SECRETARIAT)
    side = queries.SIDES.get(role)
    others = sorted(one for one in had if queries.SIDES.get(one) not in (side, None))
    if side is not None and others:
        facts = {"person": person.username, "role": str(role), "is": " and ".join(others)}
        raise RefusalError(Finding(rules.PEOPLE_ARE_ON_ONE_SIDE, facts))


@transaction.atomic
def end_member(
    *, actor: Person, engagement_id: UUID, member_id: int, at: datetime.datetime | None = None
) -> Member:
    """Take a role in an engagement from somebody; that they had it stays on record.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work, PARTY-001 if there is no
            such member. ENGAGEMENT-022 if the actor does not take this role. ENGAGEMENT-027 for
            the last site user.
    """
    held = queries.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.MANAGE_PEOPLE
    )
    current = held.row.members.filter(ended_at__isnull=True)
    member = current.filter(pk=min(member_id, 2**63 - 1)).select_related("person").first()
    if member is None:
        refuse(IS_THERE_FOR_YOU, asked_for="member")
    if Role(member.role) not in queries.roles_to_give(held):
        refuse(rules.PEOPLE_COME_FROM_THEIR_SIDE, person=member.person.username, role=member.role)
    if member.role == Role.SITE_USER and current.filter(role=Role.SITE_USER).count() == 1:
        refuse(rules.LAST_PEOPLE_STAY, person=member.person.username)
    member.ended_at = at or timezone.now()
    member.save(update_fields=["ended_at"])
    return member


@transaction.atomic
def set_scope(
    *, actor: Person, engagement_id: UUID, units: Sequence[Unit], seen: str | None = None
) -> tuple[ScopeUnit, ...]:
    """Say which units of the site the engagement covers; the list takes the place of the old one.

    Args:
        actor: A site user.
        engagement_id: In which engagement.
        units: All of them, in the order in which they are shown.
        seen: `queries.scope_seen` of the list that the actor saw; None: it does not matter.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work, PARTY-001 for a unit that
            the site has not recorded. ENGAGEMENT-020 if the list is another one by now.
            ENGAGEMENT-024 for names that are empty, long or repeated.
    """
    held = queries.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.SET_SCOPE
    )
    there = queries.scope(held.row)
    if seen is not None and seen != queries.scope_seen(there):
        refuse(rules.NEWEST_ACT_WAS_SEEN, units=", ".join(one.name for one in there)[:200])
    fresh = [_unit(held.row, unit) for unit in units]
    names = {one.name.casefold() for one in fresh}
    if len(names) != len(fresh) or len(fresh) > UNITS_MAX:
        refuse(rules.TEXTS_ARE_BOUNDED, units=str(len(fresh)), names=str(len(names)))
    held.row.units.all().delete()
    ScopeUnit.objects.bulk_create(fresh)
    return queries.scope(held.row)


def _unit(row: Engagement, unit: Unit) -> ScopeUnit:
    if unit.recorded is not None:
        there = unit_of_site(row.site, unit.recorded)
        said = {name: getattr(there, name) for name in ("name", "kind", "note", "materials")}
        return ScopeUnit(engagement=row, unit=there, **said)
    name, note = _text(unit.name, NAME_MAX), _text(unit.note, TEXT_MAX)
    if not name or unit.kind not in ScopeUnit.Kind.values:
        refuse(rules.TEXTS_ARE_BOUNDED, name=name or "none", kind=unit.kind[:20])
    return ScopeUnit(engagement=row, name=name, kind=unit.kind, note=note)


@transaction.atomic
def propose_relevance(
    *,
    actor: Person,
    engagement_id: UUID,
    chapter: str,
    reason: str,
    at: datetime.datetime | None = None,
) -> RelevanceProposal:
    """Propose a chapter as not relevant, or give another reason for one that was proposed.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work. ENGAGEMENT-025 if the
            edition has no such chapter. ENGAGEMENT-024 for a long reason.
    """
    held = queries.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.PROPOSE_RELEVANCE
    )
    if chapter not in held.edition.chapter_by_id:
        refuse(rules.CHAPTER_IS_OF_THE_STANDARD, chapter=chapter[:40] or "none")
    proposal, _made = RelevanceProposal.objects.update_or_create(
        engagement=held.row,
        chapter=chapter,
        defaults={
            "reason": _text(reason, TEXT_MAX),
            "proposed_by": actor,
            "proposed_at": at or timezone.now(),
        },
    )
    return proposal


@transaction.atomic
def take_back_relevance(*, actor: Person, engagement_id: UUID, chapter: str) -> None:
    """Take back the proposal of a chapter: it is assessed after all.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work; PARTY-001 if the
            chapter was not proposed.
    """
    held = queries.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.PROPOSE_RELEVANCE
    )
    _proposal(held, chapter).delete()


@transaction.atomic
def judge_relevance(
    *,
    actor: Person,
    engagement_id: UUID,
    chapter: str,
    accepted: bool,
    reason: str,
    at: datetime.datetime | None = None,
) -> RelevanceProposal:
    """Accept that a chapter is not relevant, or refuse it: then it is assessed.

    Raises:
        RefusalError: PARTY-001, ENGAGEMENT-001 and 002 as for every work; PARTY-001 if the
            chapter was not proposed. ENGAGEMENT-026 without a reason, or if it is judged already.
    """
    held = queries.engagement_to_change(
        actor=actor, engagement_id=engagement_id, action=Action.JUDGE_RELEVANCE
    )
    proposal = _proposal(held, chapter)
    why = _text(reason, TEXT_MAX)
    if proposal.judged or not why:
        refuse(
            rules.RELEVANCE_IS_JUDGED_ONCE,
            chapter=chapter,
            judged=proposal.judged or "not yet",
        )
    judged = RelevanceProposal.Judged
    proposal.judged = judged.ACCEPTED if accepted else judged.REFUSED
    proposal.judged_by, proposal.judged_at = actor, at or timezone.now()
    proposal.judgement = why
    proposal.save(update_fields=["judged", "judged_by", "judged_at", "judgement"])
    return proposal


def _proposal(held: Held, chapter: str) -> RelevanceProposal:
    found = held.row.proposals.filter(chapter=records.tidy(chapter)[:40]).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, asked_for="chapter")
    return found
