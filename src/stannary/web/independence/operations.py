"""What may be done about firms and their people: each act adds facts and changes none.

Rules: PARTY-001, INDEPENDENCE-020 to INDEPENDENCE-030.
"""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from stannary.core.cycle import Action
from stannary.core.independence import EVERYWHERE
from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.web.independence import models, queries, records, rights, rules
from stannary.web.parties import reference
from stannary.web.parties.models import Organisation, Person, Site
from stannary.web.parties.rules import IS_THERE_FOR_YOU

_KIND = re.compile(r"[a-z][a-z0-9_]{1,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a firm audits.

    Attributes:
        standards: "publisher/standard", each once.
        countries: ISO 3166-1 alpha-2 codes; `EVERYWHERE` for any.
        materials: Keys; `EVERYWHERE` for any.
    """

    standards: tuple[str, ...]
    countries: tuple[str, ...]
    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterestSaid:
    """A tie that somebody declares.

    Attributes:
        operator: To whom.
        kind: "employment", "advice", "shares", "family" or "other".
        until: Last day of it; None: it goes on.
        note: What it is or was.
    """

    operator: Organisation
    kind: str
    until: datetime.date | None = None
    note: str = ""


def _now(at: datetime.datetime | None) -> datetime.datetime:
    return at or timezone.now()


def _reason(reason: str) -> str:
    said = reason.strip()
    if not said:
        refuse(rules.REASONS_ARE_GIVEN, reason="-")
    return said


def _not_for_themselves(actor: Person, firm: Organisation) -> None:
    if queries.acts_for(actor, firm):
        refuse(rules.NOBODY_JUDGES_THEMSELVES, firm=firm.name)


@transaction.atomic
def apply_for_approval(
    *,
    actor: Person,
    firm: Organisation,
    scope: Scope,
    statement: str,
    at: datetime.datetime | None = None,
) -> models.FirmApplication:
    """Ask for approval of a firm. This will add an application that waits for its decision.

    Raises:
        RefusalError: PARTY-001 if the actor does not act for the firm. INDEPENDENCE-020 with
            everything that is wrong in the scope. INDEPENDENCE-021 if one is waiting.
    """
    Organisation.objects.select_for_update().get(pk=firm.pk)  # of two at once, one waits here
    if not queries.acts_for(actor, firm):
        refuse(IS_THERE_FOR_YOU, asked_for="firm")
    wrong = [*_wrong_in(scope)]
    if firm.kind != Organisation.Kind.FIRM:
        wrong.append(Finding(rules.SCOPE_IS_NAMED, {"organisation": firm.name}))
    if not statement.strip():
        wrong.append(Finding(rules.SCOPE_IS_NAMED, {"statement": "-"}))
    if wrong:
        raise RefusalError(*wrong)
    if firm.applications.filter(decision__isnull=True).exists():
        refuse(rules.DECIDED_ONCE, firm=firm.name)
    return models.FirmApplication.objects.create(
        firm=firm,
        standards=_keys(scope.standards),
        countries=_keys(scope.countries),
        materials=_keys(scope.materials),
        statement=statement.strip(),
        submitted_by=actor,
        submitted_at=_now(at),
    )


def _wrong_in(scope: Scope) -> Iterable[Finding]:
    known = (
        ("standard", scope.standards, queries.standards_here()),
        ("country", scope.countries, {EVERYWHERE, *reference.countries()}),
        ("material", scope.materials, {EVERYWHERE, *reference.materials()}),
    )
    for name, values, there in known:
        if not values:
            yield Finding(rules.SCOPE_IS_NAMED, {name: "-"})
        for value in values:
            if value not in there:
                yield Finding(rules.SCOPE_IS_NAMED, {name: value[:60] or "-"})


def _keys(values: Collection[str]) -> str:
    """Join keys in order; what means any leaves no others beside it."""
    return EVERYWHERE if EVERYWHERE in values else " ".join(sorted(set(values)))


@transaction.atomic
def grant_application(
    *,
    actor: Person,
    application_id: int,
    scope: Scope,
    since: datetime.date,
    until: datetime.date | None,
    reason: str = "",
    at: datetime.datetime | None = None,
) -> tuple[models.FirmApproval, ...]:
    """Approve a firm, wholly or for less than it asked. This will add one approval a standard.

    Args:
        actor: Of a secretariat.
        application_id: One that waits.
        scope: What is granted.
        since: First day.
        until: Last day; None: without end.
        reason: Why no more was granted, say; may be empty.
        at: When it is decided; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such application.
            INDEPENDENCE-020 to INDEPENDENCE-023, INDEPENDENCE-030.
    """
    row = _application_to_decide(actor, application_id)
    wrong = list(_wrong_in(scope))
    asked = (
        ("standard", scope.standards, row.standards),
        ("country", scope.countries, row.countries),
        ("material", scope.materials, row.materials),
    )
    for name, granted, wanted in asked:
        beyond = sorted(set(granted) - set(wanted.split()))
        if beyond and wanted != EVERYWHERE:
            wrong.append(Finding(rules.NO_FURTHER_THAN_ASKED, {name: ", ".join(beyond)[:200]}))
    if wrong:
        raise RefusalError(*wrong)
    _in_order(since, until)
    moment = _now(at)
    _decide(row, actor, granted=True, reason=reason.strip(), at=moment)
    return tuple(
        models.FirmApproval.objects.create(
            firm=row.firm,
            application=row,
            standard=standard,
            countries=_keys(scope.countries),
            materials=_keys(scope.materials),
            since=since,
            until=until,
            granted_by=actor,
            granted_at=moment,
        )
        for standard in sorted(set(scope.standards))
    )


@transaction.atomic
def refuse_application(
    *, actor: Person, application_id: int, reason: str, at: datetime.datetime | None = None
) -> models.ApplicationDecision:
    """Turn an application down. This will add a decision with its reason.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such application.
            INDEPENDENCE-021 if it is decided, INDEPENDENCE-024, INDEPENDENCE-030.
    """
    row = _application_to_decide(actor, application_id)
    return _decide(row, actor, granted=False, reason=_reason(reason), at=_now(at))


def _application_to_decide(actor: Person, application_id: int) -> models.FirmApplication:
    row = queries.application(actor=actor, application_id=application_id, to_change=True)
    _not_for_themselves(actor, row.firm)
    if models.ApplicationDecision.objects.filter(application=row).exists():
        refuse(rules.DECIDED_ONCE, firm=row.firm.name)
    return row


def _decide(
    row: models.FirmApplication,
    actor: Person,
    *,
    granted: bool,
    reason: str,
    at: datetime.datetime,
) -> models.ApplicationDecision:
    return models.ApplicationDecision.objects.create(
        application=row, granted=granted, reason=reason, decided_by=actor, decided_at=at
    )


def _in_order(since: datetime.date, until: datetime.date | None, *, apart: int = 0) -> None:
    if until is not None and (until - since).days < apart:
        refuse(rules.DAYS_ARE_IN_ORDER, since=since.isoformat(), until=until.isoformat())


@transaction.atomic
def end_approval(
    *,
    actor: Person,
    approval_id: int,
    last_day: datetime.date,
    reason: str,
    at: datetime.datetime | None = None,
) -> models.ApprovalEnd:
    """End an approval earlier than was granted. This will add its last day and the reason.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such approval.
            INDEPENDENCE-023 if the day lies before the first or after the last that was granted.
            INDEPENDENCE-024, INDEPENDENCE-025, INDEPENDENCE-030.
    """
    row = queries.approval(actor=actor, approval_id=approval_id, to_change=True)
    _not_for_themselves(actor, row.firm)
    said = _reason(reason)
    if models.ApprovalEnd.objects.filter(approval=row).exists():
        refuse(rules.ENDED_ONCE, firm=row.firm.name)
    _in_order(row.since, last_day)
    if row.until is not None:
        _in_order(last_day, row.until)
    return models.ApprovalEnd.objects.create(
        approval=row, last_day=last_day, reason=said, by=actor, at=_now(at)
    )


@transaction.atomic
def suspend_firm(
    *,
    actor: Person,
    approval_id: int,
    since: datetime.date,
    until: datetime.date | None,
    reason: str,
    at: datetime.datetime | None = None,
) -> models.Suspension:
    """Suspend an approval of a firm. This will add a suspension; it is public at once.

    Args:
        actor: Of a secretariat.
        approval_id: Which approval; each is suspended by itself.
        since: First day.
        until: First day on which it counts again; None: not known yet.
        reason: Why, in words that anybody may read.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such approval.
            INDEPENDENCE-023 if it ends before it begins. INDEPENDENCE-024 without a reason.
            INDEPENDENCE-025 if the approval is not in force or suspended on the first day.
            INDEPENDENCE-030 if the actor acts for the firm.
    """
    row = queries.approval(actor=actor, approval_id=approval_id, to_change=True)
    _not_for_themselves(actor, row.firm)
    said = _reason(reason)
    _in_order(since, until, apart=1)
    held = records.approval(row)
    if not held.in_force(since) or held.suspended(since) is not None:
        refuse(rules.ENDED_ONCE, firm=row.firm.name, on=since.isoformat())
    return models.Suspension.objects.create(
        approval=row, since=since, until=until, reason=said, by=actor, at=_now(at)
    )


@transaction.atomic
def end_suspension(
    *,
    actor: Person,
    suspension_id: int,
    until: datetime.date,
    reason: str,
    at: datetime.datetime | None = None,
) -> models.SuspensionEnd:
    """End a suspension, once. This will add the first day on which the approval counts again.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such suspension.
            INDEPENDENCE-023 if the day lies before its first day, or after the end that was said.
            INDEPENDENCE-024, INDEPENDENCE-025, INDEPENDENCE-030.
    """
    row = queries.suspension(actor=actor, suspension_id=suspension_id)
    _not_for_themselves(actor, row.approval.firm)
    said = _reason(reason)
    if models.SuspensionEnd.objects.filter(suspension=row).exists():
        refuse(rules.ENDED_ONCE, firm=row.approval.firm.name)
    _in_order(row.since, until)
    if row.until is not None:
        _in_order(until, row.until)
    return models.SuspensionEnd.objects.create(
        suspension=row, until=until, reason=said, by=actor, at=_now(at)
    )


@transaction.atomic
def record_competence(
    *,
    actor: Person,
    person: Person,
    kind: str,
    since: datetime.date,
    until: datetime.date | None,
    source: str,
    at: datetime.datetime | None = None,
) -> models.CompetenceRecord:
    """Record that somebody is qualified for something. This will add a competence.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat. INDEPENDENCE-023 if it ends
            before it begins. INDEPENDENCE-026 for a kind of another form or without a source.
            INDEPENDENCE-030 for oneself.
    """
    queries.must_be_secretariat(actor)
    if actor.pk == person.pk:
        refuse(rules.NOBODY_JUDGES_THEMSELVES, person=records.person_name(person))
    if not _KIND.fullmatch(kind):
        refuse(rules.COMPETENCES_HAVE_SOURCES, kind=kind[:60] or "-")
    if not source.strip():
        refuse(rules.COMPETENCES_HAVE_SOURCES, source="-")
    _in_order(since, until)
    return models.CompetenceRecord.objects.create(
        person=person,
        kind=kind,
        since=since,
        until=until,
        source=source.strip(),
        recorded_by=actor,
        recorded_at=_now(at),
    )


@transaction.atomic
def withdraw_competence(
    *, actor: Person, competence_id: int, reason: str, at: datetime.datetime | None = None
) -> models.CompetenceWithdrawal:
    """Take a competence back: it counts no more, for no day. It stays on record.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such competence.
            INDEPENDENCE-024, INDEPENDENCE-025, INDEPENDENCE-030.
    """
    row = queries.competence(actor=actor, competence_id=competence_id)
    if actor.pk == row.person_id:
        refuse(rules.NOBODY_JUDGES_THEMSELVES, person=records.person_name(row.person))
    said = _reason(reason)
    if models.CompetenceWithdrawal.objects.filter(competence=row).exists():
        refuse(rules.ENDED_ONCE, competence=row.kind)
    return models.CompetenceWithdrawal.objects.create(
        competence=row, reason=said, by=actor, at=_now(at)
    )


@transaction.atomic
def ask_for_declaration(
    *,
    actor: Person,
    person: Person,
    engagement_id: UUID,
    site: Site,
    operator: Organisation,
    at: datetime.datetime | None = None,
) -> models.DeclarationRequest:
    """Ask somebody for their declaration; asking again changes nothing.

    Whether the actor may ask is for the caller: in an engagement that follows from its roles.
    """
    found, _made = models.DeclarationRequest.objects.get_or_create(
        person=person,
        engagement_id=engagement_id,
        defaults={"site": site, "operator": operator, "asked_by": actor, "asked_at": _now(at)},
    )
    return found


@transaction.atomic
def declare_interests(
    *,
    actor: Person,
    engagement_id: UUID,
    interests: Sequence[InterestSaid],
    on: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> models.DeclarationRecord:
    """Declare one's own interests for an engagement. This will add a declaration.

    It takes the place of an earlier one of the same person for the same engagement, and what was
    cleared in that one is judged anew.

    Args:
        actor: Who declares; nobody declares for somebody else.
        engagement_id: Of the engagement.
        interests: All there are; none is a declaration, too.
        on: Day of it; None: the day of `at`.
        at: When it is made; None: now.

    Raises:
        RefusalError: INDEPENDENCE-027 with everything that is wrong in the interests. What
            `rights.must_be_open` raises if nothing is declared there now.
    """
    rights.must_be_open(actor, engagement_id, Action.DECLARE_INTERESTS)
    wrong = [
        Finding(rules.INTERESTS_ARE_PLAIN, {"kind": one.kind[:40], "note": one.note.strip() or "-"})
        for one in interests
        if one.kind not in models.InterestRecord.Kind.values
        or (one.kind == models.InterestRecord.Kind.OTHER and not one.note.strip())
    ]
    if wrong:
        raise RefusalError(*wrong)
    moment = _now(at)
    row = models.DeclarationRecord.objects.create(
        person=actor,
        engagement_id=engagement_id,
        declared_on=on or timezone.localdate(moment),
        made_at=moment,
    )
    models.InterestRecord.objects.bulk_create(
        models.InterestRecord(
            declaration=row,
            operator=one.operator,
            kind=one.kind,
            until=one.until,
            note=one.note.strip(),
        )
        for one in interests
    )
    return row


@transaction.atomic
def clear_interest(
    *, actor: Person, interest_id: int, reason: str, at: datetime.datetime | None = None
) -> models.InterestClearing:
    """Judge that an interest does not stand in the way. It does not shorten a cooling-off period.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat or there is no such interest.
            INDEPENDENCE-024, INDEPENDENCE-025; INDEPENDENCE-030 for one's own. What
            `rights.must_be_open` raises if nothing is cleared there now.
    """
    row = queries.interest(actor=actor, interest_id=interest_id, to_change=True)
    rights.must_be_open(actor, row.declaration.engagement_id, Action.CLEAR_INTERESTS)
    if actor.pk == row.declaration.person_id:
        refuse(rules.NOBODY_JUDGES_THEMSELVES, person=records.person_name(actor))
    said = _reason(reason)
    if models.InterestClearing.objects.filter(interest=row).exists():
        refuse(rules.ENDED_ONCE, interest=row.kind)
    return models.InterestClearing.objects.create(interest=row, reason=said, by=actor, at=_now(at))


@transaction.atomic
def record_fees(
    *,
    actor: Person,
    firm: Organisation,
    operator: Organisation,
    year_ended_on: datetime.date,
    from_operator: int,
    in_all: int,
    currency: str,
    at: datetime.datetime | None = None,
) -> models.FeeFigures:
    """Record what a firm earned in a financial year. This will add figures; the newest count.

    Args:
        actor: Of the firm, or of a secretariat.
        firm: Whose income it is.
        operator: With its group.
        year_ended_on: Last day of the financial year.
        from_operator: Whole units of the currency, 0 or more.
        in_all: Whole units of the currency, above 0.
        currency: ISO 4217.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor may not see the firm, INDEPENDENCE-028 for figures
            that cannot be.
    """
    queries.must_see_firm(actor, firm)
    moment = _now(at)
    largest = 2**63 - 1
    if (
        not 0 <= from_operator <= in_all <= largest
        or in_all == 0
        or not _CURRENCY.fullmatch(currency)
        or year_ended_on > timezone.localdate(moment)
        or operator.kind != Organisation.Kind.OPERATOR
    ):
        refuse(
            rules.FIGURES_ADD_UP,
            operator=operator.name,
            year_ended_on=year_ended_on.isoformat(),
            from_operator=str(from_operator)[:30],
            in_all=str(in_all)[:30],
            currency=currency[:10] or "-",
        )
    return models.FeeFigures.objects.create(
        firm=firm,
        operator=operator,
        year_ended_on=year_ended_on,
        from_operator=from_operator,
        in_all=in_all,
        currency=currency,
        recorded_by=actor,
        recorded_at=moment,
    )


def record_lead(
    *,
    actor: Person,
    person: Person,
    site: Site,
    ended_on: datetime.date,
    engagement_id: UUID | None = None,
    at: datetime.datetime | None = None,
) -> models.PastLead:
    """Record who led a full audit. This will add it to the audits that count for rotation.

    Args:
        actor: Of a secretariat; for an audit that an engagement led (`engagement_id`) whoever did
            the act that ended it, which the caller has checked.
        person: Who led.
        site: What was audited.
        ended_on: Last day of the site visit.
        engagement_id: None for an audit that was not led through here.
        at: When it is recorded; None: now.

    Raises:
        RefusalError: PARTY-001 if the actor is of no secretariat, INDEPENDENCE-029 if the audit
            is recorded or has not ended.
    """
    if engagement_id is None:
        queries.must_be_secretariat(actor)
    moment = _now(at)
    once = Finding(
        rules.LEADS_ARE_RECORDED_ONCE, {"site": site.name, "ended_on": ended_on.isoformat()}
    )
    if ended_on > timezone.localdate(moment):
        raise RefusalError(once)
    try:
        with transaction.atomic():
            return models.PastLead.objects.create(
                person=person,
                site=site,
                ended_on=ended_on,
                engagement_id=engagement_id,
                recorded_by=actor,
                recorded_at=moment,
            )
    except IntegrityError as twice:
        raise RefusalError(once) from twice
