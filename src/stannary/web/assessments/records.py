"""Rows to core objects and back; the only file here that knows both."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stannary.core.assessments import RatingSheet, Verdict
from stannary.core.assessments.verdicts import Side
from stannary.core.standards import Edition, Rating
from stannary.web.parties.models import Person


@dataclass(frozen=True, slots=True)
class Newest:
    """The record of one requirement that counts, as plain values.

    Attributes:
        id: Of the record; what a later rating names as `seen`.
        evidence: Links in the order given.
        assessor: Name of the person, for people.
        carried_from: Id of the record under the older edition that this one repeats; None for
            what was judged under this one.
        side: Whose word it is.
        by: Id of the assessor; None for a respondent without account.
    """

    id: int
    requirement: str
    rating: Rating
    rationale: str
    evidence: tuple[str, ...]
    assessor: str
    at: datetime.datetime
    carried_from: int | None = None
    side: Side = Side.AUDITOR
    by: int | None = None


FIELDS = (
    "id",
    "requirement_id",
    "rating",
    "rationale",
    "evidence",
    "assessor__first_name",
    "assessor__last_name",
    "assessor__username",
    "at",
    "carried_from_id",
    "side",
    "said_by",
    "assessor_id",
)
"""What `newest` reads, in its order."""

Row = tuple[
    int,
    str,
    str,
    str,
    str,
    str | None,
    str | None,
    str | None,
    datetime.datetime,
    int | None,
    str,
    str,
    int | None,
]


def newest(row: Row) -> Newest:
    """Make a row of `FIELDS` a record of plain values."""
    pk, requirement, rating, rationale, evidence, first, last, username = row[:8]
    at, carried, side, said_by, by = row[8:]
    return Newest(
        id=pk,
        requirement=requirement,
        rating=Rating(rating),
        rationale=rationale,
        evidence=links(evidence),
        assessor=said_by or f"{first} {last}".strip() or username or "",
        at=at,
        carried_from=carried,
        side=Side(side),
        by=by,
    )


def links(lines: str) -> tuple[str, ...]:
    """Split lines of links; blanks around them and empty lines are left out."""
    return tuple(line.strip() for line in lines.splitlines() if line.strip())


def lines(evidence: Iterable[str]) -> str:
    """Join links to lines."""
    return "\n".join(evidence)


def tidy(text: str) -> str:
    r"""Give a text as it is stored: line breaks as \n, no blanks at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def verdict(record: Newest) -> Verdict:
    """Give a record as a verdict of core."""
    return Verdict(
        requirement=record.requirement,
        rating=record.rating,
        rationale=record.rationale,
        evidence=record.evidence,
        assessor=record.assessor,
    )


def sheet(edition: Edition, records: Mapping[str, Newest]) -> RatingSheet:
    """Gather records that were checked when they were saved; requirements without are pending."""
    verdicts = {
        requirement.id: verdict(records[requirement.id])
        for requirement in edition.requirements
        if requirement.id in records
    }
    return RatingSheet(edition=edition, verdicts=verdicts)


def name_of(person: Person) -> str:
    """Give a person's name, or how they sign in."""
    return person.get_full_name() or person.username
