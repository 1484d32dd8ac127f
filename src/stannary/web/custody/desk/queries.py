"""Reads of the desk: who may book for whom, files that were handed in, what an organisation holds.

Lots and movements are public, and what they add up to for whoever lets its name be shown. What open
offers reserve is for those who may see the accounts; a file is seen by clerks of its organisation alone.

Rules: PARTY-001.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from stannary.core.custody import Row
from stannary.core.kernel import refuse
from stannary.web.custody import records
from stannary.web.custody.books.queries import may_see_accounts
from stannary.web.custody.models import Book, FileProgress, FileStep, Lot, Movement, MovementFile
from stannary.web.entities import queries as entities
from stannary.web.parties.models import Facility, Organisation, Role, Site
from stannary.web.parties.queries import Visitor, has_role, role_to_use, roles_of
from stannary.web.parties.rules import IS_THERE_FOR_YOU

LISTED = 200
"""Of sites and lots that a form lists, the newest."""
DONE = (FileStep.Kind.BOOKED,)
WAITING = (
    FileStep.Kind.ASKED,
    FileStep.Kind.READ,
    FileStep.Kind.CONFIRMED,
    FileStep.Kind.BOOKING,
)
"""After these steps the next comes by itself."""


def organisation(slug: str) -> Organisation:
    """Give an organisation; all are public.

    Raises:
        RefusalError: PARTY-001 if there is none of this name.
    """
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, organisation=slug[:80])
    return found


def to_see(*, actor: Visitor, slug: str) -> tuple[Organisation, bool]:
    """Give an organisation whose stock somebody may see, and whether with what offers reserve.

    Raises:
        RefusalError: PARTY-001 if there is none of this name, or it does not let its name be shown
            and the actor may not see its accounts.
    """
    those = organisation(slug)
    inside = may_see_accounts(actor, those)
    if not inside and those.name in entities.names_not_shown():
        refuse(IS_THERE_FOR_YOU, organisation=slug[:80])
    return those, inside


def to_book_for(*, actor: Visitor, slug: str) -> Organisation:
    """Give an organisation to its clerks.

    Raises:
        RefusalError: PARTY-001 if there is none, or the actor is no clerk of it.
    """
    return role_to_use(actor, Role.Kind.CLERK, organisation(slug)).organisation


def books_for(actor: Visitor, those: Organisation) -> bool:
    """Tell whether somebody books for an organisation."""
    return has_role(actor, Role.Kind.CLERK, those)


def own(actor: Visitor) -> tuple[Organisation, ...]:
    """Give the organisations for which somebody books."""
    return tuple(one.organisation for one in roles_of(actor) if one.kind == Role.Kind.CLERK)


def holders() -> QuerySet[Organisation]:
    """Give the organisations that have recorded or hold anything and let it be shown, by name."""
    held = Lot.objects.exclude(holder="").values("holder")
    made = Lot.objects.values("made_by")
    found = Organisation.objects.filter(Q(name__in=held) | Q(name__in=made))
    return found.exclude(name__in=entities.names_not_shown()).order_by("name")


def files(*, actor: Visitor, slug: str) -> QuerySet[MovementFile]:
    """Give the files of an organisation to its clerks, newest first, without what they hold.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of it.
    """
    those = to_book_for(actor=actor, slug=slug)
    found = MovementFile.objects.filter(organisation=those).order_by("-pk")
    return found.defer("content").select_related("organisation", "handed_in_by")


def file(*, actor: Visitor, slug: str, file_id: uuid.UUID) -> MovementFile:
    """Give one file to clerks of its organisation.

    Raises:
        RefusalError: PARTY-001 if there is none of this id, or it is not theirs.
    """
    found = files(actor=actor, slug=slug).filter(file_id=file_id).first()
    if found is None:
        refuse(IS_THERE_FOR_YOU, file=str(file_id))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a file has come.

    Attributes:
        steps: Everything that was done with it, in order.
        last: The newest step.
        checked: The newest check; None before the first.
    """

    steps: tuple[FileStep, ...]
    last: FileStep
    checked: FileStep | None

    @property
    def waits(self) -> bool:
        """Whether the next step comes by itself."""
        return self.last.kind in WAITING

    @property
    def booked(self) -> bool:
        """Whether its movements are in the book."""
        return self.last.kind in DONE


def progress(row: MovementFile, now: Standing) -> FileProgress | None:
    """Tell how many rows of a file the job that is at it has done; None: nothing is told since its last step."""
    if not now.waits:
        return None
    return FileProgress.objects.filter(file=row, at__gte=now.last.at).first()


def booked_since(report: Mapping[str, Any]) -> int:
    """Tell how many movements were booked since a check; 0 where it does not say what it looked at."""
    looked_at: int | None = report.get("book")
    if looked_at is None:
        return 0
    now: int = Book.objects.values_list("movements", flat=True).first() or 0
    return max(0, now - looked_at)


def may_be_booked(now: Standing, report: Mapping[str, Any]) -> bool:
    """Tell whether a file may be confirmed: its newest step is a check that found nothing."""
    return now.last.kind == FileStep.Kind.CHECKED and not report.get("wrong")


def standing(row: MovementFile) -> Standing:
    """Tell how far a file has come; every file has a first step."""
    steps = tuple(row.steps.select_related("by").order_by("pk"))
    reports = [one for one in steps if one.kind in (FileStep.Kind.CHECKED, FileStep.Kind.REFUSED)]
    return Standing(steps, steps[-1], reports[-1] if reports else None)


def standings(rows: Iterable[MovementFile]) -> dict[int, str]:
    """Give the newest step of files by their keys, with one query."""
    steps = FileStep.objects.filter(file__in=[row.pk for row in rows]).order_by("pk")
    return dict(steps.values_list("file_id", "kind"))


def stock(name: str) -> QuerySet[Lot]:
    """Give the lots that an organisation holds, by material, model and id."""
    return Lot.objects.filter(holder=name).order_by("material", "model", "lot_id")


def movements(name: str) -> tuple[Row, ...]:
    """Give what an organisation has recorded, in file order."""
    found = Movement.objects.filter(entity=name).order_by("pk").values_list(*records.FIELDS)
    return tuple(records.row_from(values) for values in found.iterator(chunk_size=2000))


def lots(name: str) -> QuerySet[Lot]:
    """Give the lots that an organisation made or holds, by id."""
    return Lot.objects.filter(Q(holder=name) | Q(made_by=name)).order_by("lot_id")


def under_way() -> QuerySet[Lot]:
    """Give the lots that were shipped and not received yet, newest first."""
    return Lot.objects.filter(in_transit=True).order_by("-made_at", "lot_id")


def sites(name: str) -> tuple[str, ...]:
    """Give the sites and facilities at which an organisation has recorded anything, or has."""
    seen = Movement.objects.filter(entity=name).order_by("site").values_list("site", flat=True)
    runs = Site.objects.filter(operator=name, illustrative=True).values_list("slug", flat=True)
    has = Facility.objects.filter(organisation__name=name).values_list("slug", flat=True)
    return tuple(sorted({*seen.distinct()[:LISTED], *runs[:LISTED], *has[:LISTED]}))
