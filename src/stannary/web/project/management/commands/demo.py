"""The illustrative demonstration: accounts, two assessed sites, a chain of custody, a claim."""

import datetime
import os
import secrets
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from stannary.core.cycle import ActKind
from stannary.core.cycle import Role as EngagementRole
from stannary.web.assessments import demo as assessments
from stannary.web.assessments.respondents import demo as respondents
from stannary.web.claims import demo as claims
from stannary.web.corrections import demo as corrections
from stannary.web.custody import demo as custody
from stannary.web.cycle import demo as cycle
from stannary.web.cycle.models import Engagement
from stannary.web.entities import demo as entities
from stannary.web.entities.factors import demo as factors
from stannary.web.evidence import demo as evidence
from stannary.web.independence import demo as independence
from stannary.web.parties.facilities import demo as facilities
from stannary.web.parties.models import Organisation, Person, Role
from stannary.web.publications import demo as publications
from stannary.web.stakeholders import demo as stakeholders
from stannary.web.totals import demo as totals
from stannary.web.transactions import demo as transactions

ACCOUNTS = (
    ("auditor", "Ada", "Auditor", "example-assurance", "Example Assurance", "firm", "auditor"),
    ("clerk", "Cleo", "Clerk", "example-cells", "Example Cells", "manufacturer", "clerk"),
    (
        "operator",
        "Olga",
        "Operator",
        "example-minerals",
        "Example Minerals",
        "operator",
        "site_user",
    ),
    ("reviewer", "Rita", "Reviewer", "example-assurance", "Example Assurance", "firm", "auditor"),
    (
        "verifier",
        "Vera",
        "Verifier",
        "example-verification",
        "Example Verification",
        "firm",
        "auditor",
    ),
    (
        "secretariat",
        "Sam",
        "Secretary",
        "example-scheme",
        "Example Scheme",
        "scheme",
        "secretariat",
    ),
)


class Command(BaseCommand):
    """Loads the demonstration by the same operations that real work uses."""

    help = "Load the illustrative demonstration; calling it again changes nothing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load accounts and data in one transaction."""
        with transaction.atomic():
            people = dict(map(self._account, ACCOUNTS))
            mines = publications.engaged()
            assessments.load(auditor=people["auditor"], engaged=mines)
            independence.load(people=people, today=timezone.localdate())
            engaged = {
                EngagementRole.SITE_USER: people["operator"],
                EngagementRole.LEAD_AUDITOR: people["auditor"],
                EngagementRole.REVIEWER: people["reviewer"],
                EngagementRole.SECRETARIAT: people["secretariat"],
            }
            engagements = cycle.load(
                people=engaged,
                publish=lambda row, at: publications.publish(row, at, by=people["secretariat"]),
                after=lambda row, kind, day: self._after(row, kind, day, people),
            )
            publications.load(auditor=people["auditor"], engaged=mines)
            evidence.load(engagements, site_user=people["operator"])
            corrections.load(engagements[0], people=engaged)
            assessments.load_engaged(site_user=people["operator"], auditor=people["auditor"])
            assessments.load_carried_over(auditor=people["auditor"])
            custody.load()
            facilities.load(by=people["secretariat"])
            entities.load(by=people["secretariat"])
            factors.load(clerk=people["clerk"], by=people["secretariat"])
            custody.load_books()
            claims.load(clerk=people["clerk"])
            transactions.load(clerk=people["clerk"])
            publications.correct(by=people["secretariat"])
            totals.load(now=timezone.now())

    @staticmethod
    def _after(
        row: Engagement, kind: ActKind, day: datetime.date, people: Mapping[str, Person]
    ) -> None:
        """Let apps above the cycle do their part on the day of an act."""
        if kind is ActKind.FINISH_STAGE_2:
            assessments.load_engaged(
                site_user=people["operator"], auditor=people["auditor"], engagement=row
            )
        if kind is ActKind.ANNOUNCE and row.site.slug == respondents.SITE:
            assessments.load_engaged(
                site_user=people["operator"], auditor=people["auditor"], engagement=row
            )
            respondents.load(site_user=people["operator"])
        corrections.raise_all(row, kind, day, people["auditor"])
        stakeholders.record_all(row, kind, day, people["auditor"])

    def _account(self, row: tuple[str, ...]) -> tuple[str, Person]:
        name, first, last, slug, organisation_name, kind, role = row
        organisation, _made = Organisation.objects.get_or_create(
            slug=slug, defaults={"name": organisation_name, "kind": kind, "illustrative": True}
        )
        person, made = Person.objects.get_or_create(
            username=name, defaults={"first_name": first, "last_name": last}
        )
        if made:
            password = secrets.token_urlsafe(12)
            person.set_password(password)
            person.demonstration = True
            person.email = f"{name}@{organisation.slug}.example"
            person.save()
            EmailAddress.objects.create(
                user=person, email=person.email, primary=True, verified=True
            )
            self._write_down(f"{name:12} {password}   {role} of {organisation_name}")
        elif not person.demonstration and self._is_written_down(name):
            person.demonstration = True  # made before there was this mark
            person.save(update_fields=["demonstration"])
        Role.objects.get_or_create(person=person, organisation=organisation, kind=role)
        return name, person

    @staticmethod
    def _is_written_down(name: str) -> bool:
        file = settings.HOME / "demo-accounts.txt"
        return file.exists() and any(
            line.split()[:1] == [name] for line in file.read_text().splitlines()
        )

    @staticmethod
    def _write_down(line: str) -> None:
        """Keep the password where only the owner of the folder can read it."""
        file = settings.HOME / "demo-accounts.txt"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as handle:
            handle.write(line + "\n")
