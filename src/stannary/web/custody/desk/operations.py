"""Writes of the desk: a file is handed in, every step with it is noted, and it is booked once.

Rules: CUSTODY-043 to CUSTODY-045, PARTY-001, and those of booking.
"""

import datetime
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from stannary.core.kernel import Finding, RefusalError, refuse
from stannary.formats.canonical import sha256_hex
from stannary.formats.movements import Examined
from stannary.web.custody import operations as custody
from stannary.web.custody.desk import queries, report
from stannary.web.custody.desk.progress.operations import Progress
from stannary.web.custody.keeping import Prepared
from stannary.web.custody.models import Book, FileBooking, FileProgress, FileStep, MovementFile
from stannary.web.custody.rules import (
    BOOKED_IS_WHAT_WAS_SEEN,
    FILE_IS_BOOKED_ONCE,
    FILE_IS_TAKEN_IN,
)
from stannary.web.parties.models import Person

KEPT = datetime.timedelta(days=30)
"""How long a file that nobody books is kept."""


@transaction.atomic
def hand_in(
    *, actor: Person, slug: str, name: str, content: bytes, at: datetime.datetime
) -> tuple[MovementFile, bool]:
    """Take a file in, to be checked. This will book nothing.

    Args:
        actor: A clerk of the organisation.
        slug: The organisation.
        name: What its sender calls it.
        content: The file.
        at: When.

    Returns:
        The file, and whether it is new: the same file of the same organisation is kept once.

    Raises:
        RefusalError: PARTY-001 if the actor is no clerk of it; CUSTODY-043 if it is too large.
    """
    those = queries.to_book_for(actor=actor, slug=slug)
    if len(content) > report.LIMITS.max_bytes:
        refuse(FILE_IS_TAKEN_IN, size=f"more than {report.LIMITS.max_bytes} bytes")
    row, is_new = MovementFile.objects.get_or_create(
        organisation=those,
        sha256=sha256_hex(content),
        defaults={
            "handed_in_by": actor,
            "handed_in_at": at,
            "name": name[:200] or "-",
            "size": len(content),
            "content": content,
        },
    )
    if is_new:
        FileStep.objects.create(file=row, kind=FileStep.Kind.ASKED, by=actor, at=at)
    return row, is_new


def check_again(
    *, actor: Person, slug: str, file_id: uuid.UUID, at: datetime.datetime
) -> MovementFile:
    """Ask for a new check of a file that is not booked: the book may have changed since.

    Raises:
        RefusalError: PARTY-001 if it is not the actor's; CUSTODY-045 if it is booked.
    """
    row = queries.file(actor=actor, slug=slug, file_id=file_id)
    _not_booked(row)
    FileStep.objects.create(file=row, kind=FileStep.Kind.ASKED, by=actor, at=at)
    return row


def note(
    row: MovementFile,
    kind: FileStep.Kind,
    *,
    by: Person,
    at: datetime.datetime,
    found: Mapping[str, Any] | None = None,
) -> None:
    """Note that something was done with a file, for whoever looks at its page."""
    text = "" if found is None else json.dumps(found, ensure_ascii=False)
    FileStep.objects.create(file=row, kind=kind, by=by, at=at, report=text)


@transaction.atomic
def confirm(
    *, actor: Person, slug: str, file_id: uuid.UUID, sha256: str, at: datetime.datetime
) -> MovementFile:
    """Ask for a file to be booked, as it was checked.

    Args:
        actor: A clerk of its organisation, in whose name it is booked.
        slug: The organisation.
        file_id: The file.
        sha256: Of the file that the actor looked at.
        at: When.

    Raises:
        RefusalError: PARTY-001 if it is not the actor's; CUSTODY-045 if it is booked;
            CUSTODY-044 if it is another file, or its newest check is missing or found anything.
    """
    row = queries.file(actor=actor, slug=slug, file_id=file_id)
    row = MovementFile.objects.defer("content").select_for_update().get(pk=row.pk)
    _not_booked(row)
    now = queries.standing(row)
    if now.last.kind in (FileStep.Kind.CONFIRMED, FileStep.Kind.BOOKING):
        return row
    if sha256 != row.sha256:
        refuse(BOOKED_IS_WHAT_WAS_SEEN, file=row.sha256, confirmed=ascii(sha256[:64]))
    if now.last.kind != FileStep.Kind.CHECKED or report.kept(now.last.report).get("wrong"):
        wrong = report.kept(now.last.report).get("wrong", 0)
        refuse(BOOKED_IS_WHAT_WAS_SEEN, state=now.last.kind, wrong=str(wrong))
    FileStep.objects.create(file=row, kind=FileStep.Kind.CONFIRMED, by=actor, at=at)
    return row


def _not_booked(row: MovementFile) -> None:
    done = FileBooking.objects.filter(file=row).first()
    if done is not None:
        refuse(FILE_IS_BOOKED_ONCE, file=row.name[:80], booked=done.at.date().isoformat())


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it was read, with what booking it would come to, before anybody has to wait for it.

    Attributes:
        examined: The file.
        digest: Of its rows.
        kept: What they would come to; None if it is not known beforehand.
    """

    examined: Examined
    digest: str
    kept: Prepared | None


def ready(row: MovementFile, *, progress: Progress | None = None) -> Ready:
    """Read a file and work out what booking it would come to. This locks nothing, and stores nothing."""
    told = progress or Progress(None)
    examined = report.examine(bytes(row.content), row.name, told.reading)
    if examined.findings:
        return Ready(examined, "", None)
    digest = report.rows_digest(examined.rows)
    if FileBooking.objects.filter(rows_sha256=digest).exists():
        return Ready(examined, digest, None)
    kept = custody.prepare(rows=examined.rows, watch=told.trying)
    told.writing(len(examined.rows))
    return Ready(examined, digest, kept)


@transaction.atomic
def book_file(*, file_id: uuid.UUID, at: datetime.datetime, made: Ready | None = None) -> bool:
    """Book a file that somebody confirmed: all of it, or nothing.

    Done twice, it books once: whoever comes second waits for the first, and finds it booked.

    Args:
        file_id: The file.
        at: When.
        made: What `ready` made of it; None: that is done here, while others wait.

    Returns:
        Whether it was booked now.

    Raises:
        RefusalError: With everything that stands against it; then nothing is stored.
    """
    row = MovementFile.objects.defer("content").select_for_update().get(file_id=file_id)
    steps = queries.standing(row).steps
    confirmed = [one for one in steps if one.kind == FileStep.Kind.CONFIRMED]
    if not confirmed or FileBooking.objects.filter(file=row).exists():
        return False
    actor = confirmed[-1].by
    Book.objects.get_or_create(pk=1)
    Book.objects.select_for_update().get(pk=1)  # two files with the same rows: one after the other
    made = made or ready(row)
    examined = made.examined
    if examined.findings:
        raise RefusalError(*examined.findings)
    before = FileBooking.objects.filter(rows_sha256=made.digest).first()
    if before is not None:
        facts = {"file": before.file.name[:80], "booked": before.at.date().isoformat()}
        raise RefusalError(Finding(FILE_IS_BOOKED_ONCE, facts))
    whole = custody.book(actor=actor, rows=examined.rows, prepared=made.kept)
    FileBooking.objects.create(
        file=row,
        rows_sha256=made.digest,
        rows=len(examined.rows),
        movements=whole,
        by=actor,
        at=at,
    )
    FileStep.objects.create(file=row, kind=FileStep.Kind.BOOKED, by=actor, at=at)
    FileProgress.objects.filter(file=row).delete()
    return True


def forget_unbooked(*, now: datetime.datetime) -> int:
    """Forget files that nobody booked for a month; say how many."""
    old = MovementFile.objects.filter(booking__isnull=True, handed_in_at__lt=now - KEPT)
    return old.delete()[1].get("custody.MovementFile", 0)
