"""What is recorded of firms and people: by whom, in which form, and that it stays."""

# mypy: disable-error-code="arg-type, comparison-overlap"
# Facts are passed as tables here, whose values have many types; the operations check them.

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from stannary.core.independence import approval_for
from stannary.core.kernel import RefusalError
from stannary.web.independence import models, operations, queries, records
from stannary.web.independence.models import FirmApplication, FirmApproval
from stannary.web.independence.operations import InterestSaid, Scope
from stannary.web.parties.models import Organisation, Person, Role, Site
from web.independence.conftest import (
    ANYTHING,
    DAY,
    ENGAGEMENT,
    NOW,
    ONE,
    SCOPE,
    STANDARD,
    Team,
)

pytestmark = pytest.mark.django_db
REASON = "A witnessed audit went badly."


def refused(act: Callable[..., object], **said: Any) -> list[str]:
    with pytest.raises(RefusalError) as refusal:
        act(**said)
    return [finding.code for finding in refusal.value.findings]


def test_a_firm_asks_and_the_secretariat_grants(approval: FirmApproval, firm: Organisation) -> None:
    held = records.approval(queries.approvals().get(pk=approval.pk))

    assert (held.firm, held.standard) == (firm.slug, STANDARD)
    assert (held.countries, held.materials) == ({"IS", "IE"}, {"lithium", "copper"})
    assert (held.since, held.until) == (DAY - 30 * ONE, DAY + 30 * ONE)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"standards": ()}, 1),
        ({"standards": ("example/nowhere",)}, 1),
        ({"countries": ("XX", "IS")}, 1),
        ({"countries": ()}, 1),
        ({"materials": ("unobtainium",), "countries": ("XX",)}, 2),
    ],
)
def test_an_application_names_what_is_known(
    changed: dict[str, Any], wrong: int, auditor: Person, firm: Organisation, edition: object
) -> None:
    found = refused(
        operations.apply_for_approval,
        actor=auditor,
        firm=firm,
        scope=replace(SCOPE, **changed),
        statement="Because.",
    )

    assert found == ["INDEPENDENCE-020"] * wrong
    assert not FirmApplication.objects.exists()


def test_an_application_says_why(auditor: Person, firm: Organisation, edition: object) -> None:
    said: dict[str, Any] = {"actor": auditor, "firm": firm, "scope": SCOPE}

    assert refused(operations.apply_for_approval, **said, statement=" ") == ["INDEPENDENCE-020"]


def test_only_an_audit_firm_applies(
    auditor: Person, operator: Organisation, edition: object
) -> None:
    Role.objects.create(person=auditor, organisation=operator, kind="auditor")
    said: dict[str, Any] = {
        "actor": auditor,
        "firm": operator,
        "scope": SCOPE,
        "statement": "Because.",
    }

    assert refused(operations.apply_for_approval, **said) == ["INDEPENDENCE-020"]


def test_any_leaves_no_country_beside_it(
    auditor: Person, firm: Organisation, edition: object
) -> None:
    row = operations.apply_for_approval(
        actor=auditor,
        firm=firm,
        scope=Scope((STANDARD, STANDARD), ("IS", "*"), ("*",)),
        statement="Because.",
    )

    assert (row.standards, row.countries, row.materials) == (STANDARD, "*", "*")


def test_only_people_of_a_firm_apply_for_it(
    rival: Person, outsider: Person, secretary: Person, firm: Organisation, edition: object
) -> None:
    for person in (rival, outsider, secretary):
        said = {"actor": person, "firm": firm, "scope": SCOPE, "statement": "Because."}
        assert refused(operations.apply_for_approval, **said) == ["PARTY-001"]


def test_one_application_waits_at_a_time(
    application: FirmApplication, auditor: Person, secretary: Person, firm: Organisation
) -> None:
    said: dict[str, Any] = {"actor": auditor, "firm": firm, "scope": SCOPE, "statement": "Again."}
    assert refused(operations.apply_for_approval, **said) == ["INDEPENDENCE-021"]

    operations.refuse_application(
        actor=secretary, application_id=application.pk, reason="No records were enclosed."
    )

    operations.apply_for_approval(**said)
    assert FirmApplication.objects.count() == 2


def test_an_application_is_decided_once(
    approval: FirmApproval, application: FirmApplication, secretary: Person
) -> None:
    said: dict[str, Any] = {"actor": secretary, "application_id": application.pk}

    assert refused(operations.refuse_application, **said, reason=REASON) == ["INDEPENDENCE-021"]
    granting = {**said, "scope": SCOPE, "since": DAY, "until": None}
    assert refused(operations.grant_application, **granting) == ["INDEPENDENCE-021"]
    with pytest.raises(IntegrityError), transaction.atomic():
        models.ApplicationDecision.objects.create(
            application=application, granted=True, decided_by=secretary, decided_at=NOW
        )


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (SCOPE, []),
        (Scope((STANDARD,), ("IS",), ("copper",)), []),
        (Scope((STANDARD,), ("IS", "CL"), ("copper",)), ["INDEPENDENCE-022"]),
        (ANYTHING, ["INDEPENDENCE-022", "INDEPENDENCE-022"]),
        (Scope((), ("IS",), ("copper",)), ["INDEPENDENCE-020"]),
    ],
)
def test_an_approval_goes_no_further_than_the_application(
    scope: Scope, expected: list[str], application: FirmApplication, secretary: Person
) -> None:
    said: dict[str, Any] = {"actor": secretary, "application_id": application.pk, "scope": scope}
    said |= {"since": DAY, "until": None}
    if not expected:
        assert len(operations.grant_application(**said)) == 1
        return

    assert refused(operations.grant_application, **said) == expected
    assert not FirmApproval.objects.exists()


def test_who_asked_for_any_country_may_get_one(
    auditor: Person, secretary: Person, firm: Organisation, edition: object
) -> None:
    asked = operations.apply_for_approval(
        actor=auditor, firm=firm, scope=ANYTHING, statement="Because."
    )

    (row,) = operations.grant_application(
        actor=secretary, application_id=asked.pk, scope=SCOPE, since=DAY, until=DAY
    )

    assert row.countries == "IE IS"


def test_an_approval_ends_on_its_first_day_or_later(
    application: FirmApplication, secretary: Person, approval: FirmApproval
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FirmApproval.objects.create(
            firm=approval.firm,
            application=application,
            standard="another/one",
            countries="*",
            materials="*",
            since=DAY,
            until=DAY - ONE,
            granted_by=secretary,
            granted_at=NOW,
        )


def test_granting_for_days_out_of_order_is_refused(
    application: FirmApplication, secretary: Person
) -> None:
    said: dict[str, Any] = {"actor": secretary, "application_id": application.pk, "scope": SCOPE}
    wrong = {"since": DAY, "until": DAY - ONE}

    assert refused(operations.grant_application, **said, **wrong) == ["INDEPENDENCE-023"]
    assert not models.ApplicationDecision.objects.exists()


def test_a_refusal_says_why(application: FirmApplication, secretary: Person) -> None:
    said: dict[str, Any] = {"actor": secretary, "application_id": application.pk, "reason": "  "}

    assert refused(operations.refuse_application, **said) == ["INDEPENDENCE-024"]
    with pytest.raises(IntegrityError), transaction.atomic():
        models.ApplicationDecision.objects.create(
            application=application, granted=False, decided_by=secretary, decided_at=NOW
        )


def test_nobody_decides_on_a_firm_for_which_they_act(
    approval: FirmApproval, firm: Organisation, secretary: Person, auditor: Person, edition: object
) -> None:
    Role.objects.create(person=secretary, organisation=firm, kind="auditor")
    again = operations.apply_for_approval(
        actor=auditor, firm=firm, scope=SCOPE, statement="Once more."
    )
    said: dict[str, Any] = {"actor": secretary, "application_id": again.pk, "reason": REASON}
    stop = {"actor": secretary, "approval_id": approval.pk, "reason": REASON}

    assert refused(operations.refuse_application, **said) == ["INDEPENDENCE-030"]
    ending = {**stop, "last_day": DAY}
    assert refused(operations.end_approval, **ending) == ["INDEPENDENCE-030"]
    suspending = {**stop, "since": DAY, "until": None}
    assert refused(operations.suspend_firm, **suspending) == ["INDEPENDENCE-030"]


def suspend(actor: Person, row: FirmApproval, **changed: Any) -> models.Suspension:
    said: dict[str, Any] = {"since": DAY, "until": None, "reason": REASON, "at": NOW}
    return operations.suspend_firm(actor=actor, approval_id=row.pk, **(said | changed))


def in_force(row: FirmApproval, on: datetime.date) -> bool:
    held = records.approval(queries.approvals().get(pk=row.pk))
    return held.in_force(on) and held.suspended(on) is None


def test_a_suspension_holds_until_it_is_ended(approval: FirmApproval, secretary: Person) -> None:
    row = suspend(secretary, approval)
    assert [in_force(approval, DAY + n * ONE) for n in (-1, 0, 5)] == [True, False, False]

    operations.end_suspension(
        actor=secretary, suspension_id=row.pk, until=DAY + 5 * ONE, reason="It was mended."
    )

    assert [in_force(approval, DAY + n * ONE) for n in (4, 5)] == [False, True]
    said: dict[str, Any] = {
        "actor": secretary,
        "suspension_id": row.pk,
        "until": DAY + ONE,
        "reason": REASON,
    }
    assert refused(operations.end_suspension, **said) == ["INDEPENDENCE-025"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"until": DAY}, "INDEPENDENCE-023"),
        ({"reason": ""}, "INDEPENDENCE-024"),
        ({"since": DAY + 31 * ONE}, "INDEPENDENCE-025"),
        ({"since": DAY - 31 * ONE}, "INDEPENDENCE-025"),
    ],
)
def test_a_suspension_has_its_form(
    changed: dict[str, Any], code: str, approval: FirmApproval, secretary: Person
) -> None:
    with pytest.raises(RefusalError) as refusal:
        suspend(secretary, approval, **changed)

    assert refusal.value.rule.code == code
    assert suspend(secretary, approval, until=DAY + ONE).until == DAY + ONE


def test_what_is_suspended_is_not_suspended_again(
    approval: FirmApproval, secretary: Person
) -> None:
    suspend(secretary, approval, until=DAY + 3 * ONE)

    with pytest.raises(RefusalError, match="INDEPENDENCE-025"):
        suspend(secretary, approval, since=DAY + 2 * ONE)
    suspend(secretary, approval, since=DAY + 3 * ONE)


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, ["INDEPENDENCE-023"]), (0, []), (5, []), (6, ["INDEPENDENCE-023"])]
)
def test_a_suspension_ends_between_its_first_day_and_the_end_that_was_said(
    days: int, expected: list[str], approval: FirmApproval, secretary: Person
) -> None:
    row = suspend(secretary, approval, until=DAY + 5 * ONE)
    said: dict[str, Any] = {"actor": secretary, "suspension_id": row.pk, "reason": REASON}
    until = DAY + days * ONE
    if expected:
        assert refused(operations.end_suspension, **said, until=until) == expected
        return

    operations.end_suspension(**said, until=until)
    assert in_force(approval, until)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-31, ["INDEPENDENCE-023"]), (-30, []), (0, []), (30, []), (31, ["INDEPENDENCE-023"])],
)
def test_an_approval_is_ended_within_its_time(
    days: int, expected: list[str], approval: FirmApproval, secretary: Person
) -> None:
    day = DAY + days * ONE
    said: dict[str, Any] = {
        "actor": secretary,
        "approval_id": approval.pk,
        "last_day": day,
        "reason": REASON,
    }
    if expected:
        assert refused(operations.end_approval, **said) == expected
        return

    operations.end_approval(**said)

    assert in_force(approval, day)
    assert not in_force(approval, day + ONE)
    assert refused(operations.end_approval, **said) == ["INDEPENDENCE-025"]


def test_one_approval_is_found_for_a_day(approval: FirmApproval, firm: Organisation) -> None:
    held = [records.approval(row) for row in queries.approvals()]
    asked: dict[str, Any] = {"firm": firm.slug, "standard": STANDARD, "country": "IS"}

    assert approval_for(held, **asked, materials=("copper",), on=DAY) is held[0]


def competence(actor: Person, person: Person, **changed: Any) -> models.CompetenceRecord:
    said: dict[str, Any] = {"kind": "tailings", "since": DAY, "until": DAY, "source": "A school."}
    return operations.record_competence(actor=actor, person=person, **(said | changed))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "Lead Auditor"}, "INDEPENDENCE-026"),
        ({"kind": ""}, "INDEPENDENCE-026"),
        ({"source": " "}, "INDEPENDENCE-026"),
        ({"until": DAY - ONE}, "INDEPENDENCE-023"),
    ],
)
def test_a_competence_has_its_form(
    changed: dict[str, Any], code: str, secretary: Person, auditor: Person
) -> None:
    with pytest.raises(RefusalError, match=code):
        competence(secretary, auditor, **changed)


def test_a_competence_is_recorded_by_the_secretariat_and_not_for_oneself(
    secretary: Person, auditor: Person, colleague: Person
) -> None:
    with pytest.raises(RefusalError, match="PARTY-001"):
        competence(auditor, colleague)
    with pytest.raises(RefusalError, match="INDEPENDENCE-030"):
        competence(secretary, secretary)


def test_a_competence_that_is_taken_back_counts_no_more(secretary: Person, auditor: Person) -> None:
    row = competence(secretary, auditor)
    said: dict[str, Any] = {"actor": secretary, "competence_id": row.pk}
    assert list(queries.competences([auditor])) == [row]
    assert refused(operations.withdraw_competence, **said, reason="") == ["INDEPENDENCE-024"]

    operations.withdraw_competence(**said, reason="It was somebody else's.")

    assert not queries.competences([auditor]).exists()
    again = {**said, "reason": REASON}
    assert refused(operations.withdraw_competence, **again) == ["INDEPENDENCE-025"]


def test_nobody_takes_back_their_own_competence(
    secretary: Person, auditor: Person, firm: Organisation
) -> None:
    other = Organisation.objects.get(slug="example-scheme")
    Role.objects.create(person=auditor, organisation=other, kind="secretariat")
    row = competence(secretary, auditor)
    said: dict[str, Any] = {"actor": auditor, "competence_id": row.pk, "reason": REASON}

    assert refused(operations.withdraw_competence, **said) == ["INDEPENDENCE-030"]


def declare(actor: Person, operator: Organisation, **changed: Any) -> models.DeclarationRecord:
    said = replace(InterestSaid(operator, "shares"), **changed)
    return operations.declare_interests(actor=actor, engagement_id=ENGAGEMENT, interests=[said])


@pytest.mark.parametrize("changed", [{"kind": "friendship"}, {"kind": "other"}, {"kind": ""}])
def test_an_interest_is_of_a_known_kind_and_other_is_explained(
    changed: dict[str, str], auditor: Person, operator: Organisation
) -> None:
    with pytest.raises(RefusalError, match="INDEPENDENCE-027"):
        declare(auditor, operator, **changed)

    assert not models.DeclarationRecord.objects.exists()
    declare(auditor, operator, kind="other", note="A shared boat.")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.InterestRecord.objects.create(
            declaration=models.DeclarationRecord.objects.get(),
            operator=operator,
            kind="friendship",
        )


def test_an_interest_is_cleared_once_by_the_secretariat_with_a_reason(
    auditor: Person, secretary: Person, operator: Organisation
) -> None:
    interest = declare(auditor, operator).interests.get()
    said: dict[str, Any] = {"actor": secretary, "interest_id": interest.pk}
    assert list(queries.open_interests()) == [interest]
    assert refused(operations.clear_interest, **said, reason="") == ["INDEPENDENCE-024"]
    theirs = {**said, "actor": auditor, "reason": REASON}
    assert refused(operations.clear_interest, **theirs) == ["PARTY-001"]

    operations.clear_interest(**said, reason="Ten shares in a pension fund.")

    (found,) = queries.declarations([auditor], ENGAGEMENT)
    assert records.declaration(found).interests[0].cleared
    assert not queries.open_interests().exists()
    again = {**said, "reason": REASON}
    assert refused(operations.clear_interest, **again) == ["INDEPENDENCE-025"]


def test_a_new_declaration_takes_the_place_of_one_that_was_cleared(
    auditor: Person, secretary: Person, operator: Organisation
) -> None:
    first = declare(auditor, operator).interests.get()
    operations.clear_interest(actor=secretary, interest_id=first.pk, reason="It is small.")
    second = declare(auditor, operator).interests.get()

    assert list(queries.open_interests()) == [second]
    held = records.auditor(auditor, (), queries.declarations([auditor], ENGAGEMENT), ())
    counting = held.declaration(str(ENGAGEMENT), datetime.date(9999, 1, 1))
    assert counting is not None
    assert not counting.interests[0].cleared


def test_nobody_clears_their_own_interest(secretary: Person, operator: Organisation) -> None:
    interest = declare(secretary, operator).interests.get()
    said: dict[str, Any] = {"actor": secretary, "interest_id": interest.pk, "reason": REASON}

    assert refused(operations.clear_interest, **said) == ["INDEPENDENCE-030"]


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"from_operator": 0}, True),
        ({"from_operator": 100}, True),
        ({"from_operator": 101}, False),
        ({"from_operator": -1}, False),
        ({"from_operator": 0, "in_all": 0}, False),
        ({"in_all": 2**63}, False),
        ({"currency": "eur"}, False),
        ({"year_ended_on": DAY}, True),
        ({"year_ended_on": DAY + ONE}, False),
    ],
)
def test_figures_are_such_as_can_be(
    changed: dict[str, Any],
    fits: bool,
    auditor: Person,
    firm: Organisation,
    operator: Organisation,
) -> None:
    said: dict[str, Any] = {"year_ended_on": DAY, "from_operator": 1, "in_all": 100}
    said |= {"currency": "EUR", "actor": auditor, "firm": firm, "operator": operator, "at": NOW}
    said |= changed
    if fits:
        assert operations.record_fees(**said).currency == "EUR"
        return

    assert refused(operations.record_fees, **said) == ["INDEPENDENCE-028"]


def test_figures_are_of_an_operator_and_given_by_the_firm(
    auditor: Person, rival: Person, firm: Organisation, operator: Organisation
) -> None:
    said: dict[str, Any] = {"year_ended_on": DAY, "from_operator": 1, "in_all": 100}
    said |= {"currency": "EUR", "firm": firm, "at": NOW}

    mistaken = {**said, "actor": auditor, "operator": firm}
    assert refused(operations.record_fees, **mistaken) == ["INDEPENDENCE-028"]
    foreign = {**said, "actor": rival, "operator": operator}
    assert refused(operations.record_fees, **foreign) == ["PARTY-001"]


def test_the_database_refuses_figures_that_cannot_be(
    auditor: Person, firm: Organisation, operator: Organisation
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.FeeFigures.objects.create(
            firm=firm,
            operator=operator,
            year_ended_on=DAY,
            from_operator=2,
            in_all=1,
            currency="EUR",
            recorded_by=auditor,
            recorded_at=NOW,
        )


def test_an_audit_that_was_led_is_recorded_once_and_after_it_ended(
    secretary: Person, auditor: Person, site: Site
) -> None:
    said: dict[str, Any] = {"actor": secretary, "person": auditor, "site": site, "at": NOW}
    assert operations.record_lead(**said, ended_on=DAY).ended_on == DAY

    assert refused(operations.record_lead, **said, ended_on=DAY) == ["INDEPENDENCE-029"]
    assert refused(operations.record_lead, **said, ended_on=DAY + ONE) == ["INDEPENDENCE-029"]
    theirs = {**said, "actor": auditor, "ended_on": DAY - ONE}
    assert refused(operations.record_lead, **theirs) == ["PARTY-001"]
    led = operations.record_lead(**theirs, engagement_id=ENGAGEMENT)  # its act was checked
    assert led.engagement_id == ENGAGEMENT


def test_asking_again_for_a_declaration_changes_nothing(
    secretary: Person, auditor: Person, site: Site, operator: Organisation
) -> None:
    said: dict[str, Any] = {"actor": secretary, "person": auditor, "engagement_id": ENGAGEMENT}
    said |= {"site": site, "operator": operator}

    first = operations.ask_for_declaration(**said)

    assert operations.ask_for_declaration(**said) == first
    assert queries.requests([auditor]) == [(first, None)]
    made = operations.declare_interests(actor=auditor, engagement_id=ENGAGEMENT, interests=())
    assert queries.requests([auditor]) == [(first, made)]


def test_what_is_recorded_is_never_changed(
    approval: FirmApproval,
    team: Team,
    secretary: Person,
    auditor: Person,
    site: Site,
    operator: Organisation,
) -> None:
    """Fill every table, then try to change a row of each: the database itself refuses."""
    row = suspend(secretary, approval)
    end: dict[str, Any] = {"actor": secretary, "reason": REASON}
    operations.end_suspension(**end, suspension_id=row.pk, until=DAY)
    operations.end_approval(**end, approval_id=approval.pk, last_day=DAY)
    held = models.CompetenceRecord.objects.first()
    assert held is not None
    operations.withdraw_competence(**end, competence_id=held.pk)
    interest = declare(auditor, operator).interests.get()
    operations.clear_interest(**end, interest_id=interest.pk)
    operations.ask_for_declaration(
        actor=secretary, person=auditor, engagement_id=ENGAGEMENT, site=site, operator=operator
    )
    operations.record_fees(
        actor=auditor,
        firm=approval.firm,
        operator=operator,
        year_ended_on=DAY,
        from_operator=1,
        in_all=2,
        currency="EUR",
        at=NOW,
    )
    operations.record_lead(actor=secretary, person=auditor, site=site, ended_on=DAY, at=NOW)
    tables = [model._meta.db_table for model in apps.get_app_config("independence").get_models()]
    assert len(tables) == 14

    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
            assert cursor.fetchone()[0] > 0, table
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET id = id")  # noqa: S608 - a name of ours
