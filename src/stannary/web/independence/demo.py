"""Two made-up firms: one approved, one suspended; people, one of whose trainings ends soon."""

import datetime
from collections.abc import Mapping
from uuid import UUID

from stannary.core.independence import EVERYWHERE
from stannary.web.independence import operations
from stannary.web.independence.models import CompetenceRecord, FirmApplication
from stannary.web.independence.operations import InterestSaid, Scope
from stannary.web.parties import operations as parties
from stannary.web.parties.models import Organisation, Person, Role, Site
from stannary.web.parties.operations import UnitSaid

STANDARD = "stannary/open-mining"
SOURCE = "Made up for the demonstration."
SOUTH = UUID("5b1c1f0e-7a55-4f5c-9e0c-2f6d3f0a1c09")
ENDS_IN_DAYS = 45
UNITS = {
    "example-north-mine": (
        UnitSaid("North pit", "pit", materials=("lithium",)),
        UnitSaid("Brine plant", "plant", materials=("lithium",), note="Evaporation."),
        UnitSaid("North tailings facility", "tailings", note="One dam, raised upstream."),
        UnitSaid("Old road to the coast", "road", in_scope=False, note="Closed since 2019."),
    ),
    "example-ridge": (
        UnitSaid("Ridge workings", "underground", materials=("lithium",)),
        UnitSaid("Mill", "plant", materials=("lithium",)),
    ),
}
QUALIFIED = {
    "auditor": ("standard_training", "lead_auditor", "interviewing"),
    "reviewer": ("standard_training", "reviewing"),
    "verifier": ("standard_training",),
}


def _at(day: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{day}T09:00:00+00:00")


def load(*, people: Mapping[str, Person], today: datetime.date) -> None:
    """Record firms, competences, figures and units; calling it again changes nothing.

    Args:
        people: By name: an auditor of the first firm, a verifier of the second, somebody of the
            secretariat; where they are there, a reviewer of the first and a site user ("operator").
        today: The one training that ends soon ends `ENDS_IN_DAYS` days after it.
    """
    if FirmApplication.objects.exists():
        return
    secretariat = people["secretariat"]
    firm, other = _firm_of(people["auditor"]), _firm_of(people["verifier"])
    _approve(firm, people["auditor"], secretariat, Scope((STANDARD,), (EVERYWHERE,), ("lithium",)))
    _approve(other, people["verifier"], secretariat, Scope((STANDARD,), ("IE", "IS"), ("lithium",)))
    operations.suspend_firm(
        actor=secretariat,
        approval_id=other.approvals.get().pk,
        since=datetime.date(2026, 3, 2),
        until=None,
        reason="Two witnessed audits were led without anybody trained in the standard.",
        at=_at("2026-03-02"),
    )
    for name, kinds in QUALIFIED.items():
        if name in people:
            _qualify(people[name], kinds, secretariat, today)
    _figures(people, firm)
    _interest(people, secretariat)
    _units(people)


def _firm_of(person: Person) -> Organisation:
    return Organisation.objects.get(
        roles__person=person, roles__kind=Role.Kind.AUDITOR, kind=Organisation.Kind.FIRM
    )


def _approve(firm: Organisation, person: Person, secretariat: Person, scope: Scope) -> None:
    asked = operations.apply_for_approval(
        actor=person,
        firm=firm,
        scope=scope,
        statement="This firm does not exist. It shows how an application looks.",
        at=_at("2024-11-18"),
    )
    operations.grant_application(
        actor=secretariat,
        application_id=asked.pk,
        scope=scope,
        since=datetime.date(2025, 1, 1),
        until=datetime.date(2029, 12, 31),
        at=_at("2024-12-16"),
    )


def _qualify(
    person: Person, kinds: tuple[str, ...], secretariat: Person, today: datetime.date
) -> None:
    soon = today + datetime.timedelta(days=ENDS_IN_DAYS)
    for kind in kinds:
        until = soon if kind == "interviewing" else datetime.date(2029, 12, 31)
        if not CompetenceRecord.objects.filter(person=person, kind=kind).exists():
            operations.record_competence(
                actor=secretariat,
                person=person,
                kind=kind,
                since=datetime.date(2024, 10, 1),
                until=until,
                source=SOURCE,
                at=_at("2024-12-16"),
            )


def _figures(people: Mapping[str, Person], firm: Organisation) -> None:
    operator = parties.ensure_organisation(
        name="Example Minerals", kind=Organisation.Kind.OPERATOR, illustrative=True
    )
    for year, part in ((2024, 61_000), (2025, 74_000)):
        operations.record_fees(
            actor=people["auditor"],
            firm=firm,
            operator=operator,
            year_ended_on=datetime.date(year, 12, 31),
            from_operator=part,
            in_all=940_000,
            currency="EUR",
            at=_at(f"{year + 1}-02-16"),
        )


def _interest(people: Mapping[str, Person], secretariat: Person) -> None:
    """Leave one interest that waits for the secretariat's judgement."""
    site = Site.objects.filter(slug="example-south-mine").first()
    operator = Organisation.objects.get(slug="example-minerals")
    if site is None:
        return
    operations.ask_for_declaration(
        actor=secretariat,
        person=people["verifier"],
        engagement_id=SOUTH,
        site=site,
        operator=operator,
        at=_at("2026-02-02"),
    )
    operations.declare_interests(
        actor=people["verifier"],
        engagement_id=SOUTH,
        interests=[InterestSaid(operator, "shares", note="A few, through a pension fund.")],
        at=_at("2026-02-04"),
    )


def _units(people: Mapping[str, Person]) -> None:
    if "operator" not in people:
        return
    for slug, units in UNITS.items():
        site = Site.objects.filter(slug=slug).first()
        if site is not None:
            for said in units:
                parties.save_unit(actor=people["operator"], site=site, said=said)
