"""Rows of firms and their people ⇄ core."""

import datetime
from collections.abc import Iterable, Sequence

from stannary.core import independence as core
from stannary.web.independence import models
from stannary.web.parties.models import Person


def person_id(person: Person) -> str:
    """Give how core names a person."""
    return str(person.pk)


def person_name(person: Person) -> str:
    """Give how messages name a person."""
    return person.get_full_name() or person.username


def last_day(row: models.FirmApproval) -> datetime.date | None:
    """Give the last day of an approval: as granted, or earlier if it was ended; None: no end."""
    end = getattr(row, "end", None)
    days = [day for day in (row.until, end and end.last_day) if day is not None]
    return min(days, default=None)


def suspended_until(row: models.Suspension) -> datetime.date | None:
    """Give the first day after a suspension; None: not known yet."""
    end = getattr(row, "end", None)
    return end.until if end is not None else row.until


def suspension(row: models.Suspension) -> core.Suspension:
    """Give a suspension as core knows it."""
    return core.Suspension(since=row.since, until=suspended_until(row), reason=row.reason)


def approval(row: models.FirmApproval) -> core.FirmApproval:
    """Give an approval as core knows it; its suspensions and ends are read with it."""
    return core.FirmApproval(
        firm=row.firm.slug,
        standard=row.standard,
        countries=frozenset(row.countries.split()),
        materials=frozenset(row.materials.split()),
        since=row.since,
        until=last_day(row),
        suspensions=tuple(map(suspension, row.suspensions.all())),
    )


def competence(row: models.CompetenceRecord) -> core.Competence:
    """Give a competence as core knows it."""
    return core.Competence(kind=row.kind, since=row.since, until=row.until, source=row.source)


def declaration(row: models.DeclarationRecord) -> core.Declaration:
    """Give a declaration as core knows it; its interests and clearings are read with it."""
    return core.Declaration(
        engagement=str(row.engagement_id),
        declared_on=row.declared_on,
        interests=tuple(
            core.Interest(
                operator=one.operator.slug,
                kind=one.kind,
                until=one.until,
                note=one.note,
                cleared=hasattr(one, "clearing"),
            )
            for one in row.interests.all()
        ),
    )


def auditor(
    person: Person,
    competences: Iterable[models.CompetenceRecord],
    declarations: Iterable[models.DeclarationRecord],
    led: Iterable[models.PastLead],
) -> core.AuditorRecord:
    """Give all that is known of a person.

    Args:
        person: Who.
        competences: Theirs, without those that were taken back.
        declarations: Theirs, newest first, so that of two on one day the newer counts.
        led: Full audits that they led.
    """
    return core.AuditorRecord(
        person=person_id(person),
        name=person_name(person),
        competences=tuple(map(competence, competences)),
        declarations=tuple(map(declaration, declarations)),
        led=tuple(core.PastAudit(site=row.site.slug, ended_on=row.ended_on) for row in led),
    )


def fees(rows: Sequence[models.FeeFigures], on: datetime.date) -> core.FeeShare | None:
    """Give the share of the last financial year that counts on a day; None: not given.

    Args:
        rows: Of one firm and one operator, of one year the newest first.
        on: The day.
    """
    years = (core.YearFigures(row.year_ended_on, row.from_operator, row.in_all) for row in rows)
    found = core.last_year(years, on=on)
    return None if found is None else core.FeeShare(found.from_operator, found.in_all)
