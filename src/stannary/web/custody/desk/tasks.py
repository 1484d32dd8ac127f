"""Jobs of files of movements. Each can be done twice: what it did the first time it finds done."""

from django.utils import timezone
from django_tasks import task

from stannary.core.kernel import RefusalError
from stannary.web.custody.desk import operations, queries, report
from stannary.web.custody.desk.progress.operations import Progress
from stannary.web.custody.models import FileBooking, FileStep, MovementFile

SMALL = 60_000
"""Files of at most so many bytes are checked and booked while their sender waits."""


def start_check(row: MovementFile) -> None:
    """Check a file: now if it is small, else in the queue."""
    if row.size <= SMALL:
        check(str(row.file_id))
    else:
        check_file.enqueue(str(row.file_id))


def start_booking(row: MovementFile) -> None:
    """Book a file that was confirmed: now if it is small, else in the queue."""
    if row.size <= SMALL:
        book(str(row.file_id))
    else:
        book_file.enqueue(str(row.file_id))


def check(file_id: str) -> None:
    """Read a file and try to book it, and note what was found; a booked one is left alone."""
    row = MovementFile.objects.select_related("handed_in_by").filter(file_id=file_id).first()
    if row is None or FileBooking.objects.filter(file=row).exists():
        return
    by = queries.standing(row).last.by
    progress = Progress(row)
    examined = report.examine(bytes(row.content), row.name, progress.reading)
    heads = report.heads_of(examined)
    operations.note(row, FileStep.Kind.READ, by=by, at=timezone.now(), found=heads)
    found = report.report_of(examined, actor=by, watch=progress.trying)
    operations.note(row, FileStep.Kind.CHECKED, by=by, at=timezone.now(), found=found)


def book(file_id: str) -> None:
    """Book a file that was confirmed, or note why not."""
    row = MovementFile.objects.select_related("handed_in_by").filter(file_id=file_id).first()
    if row is None or FileBooking.objects.filter(file=row).exists():
        return
    by = queries.standing(row).last.by
    operations.note(row, FileStep.Kind.BOOKING, by=by, at=timezone.now())
    made = operations.ready(row, progress=Progress(row))
    try:
        operations.book_file(file_id=row.file_id, at=timezone.now(), made=made)
    except RefusalError as refusal:
        shape = report.heads_of(made.examined)
        shape |= report.findings_shape(refusal.findings, made.examined)
        operations.note(row, FileStep.Kind.REFUSED, by=by, at=timezone.now(), found=shape)


@task()
def check_file(file_id: str) -> None:
    """Check a file that is not small."""
    check(file_id)


@task()
def book_file(file_id: str) -> None:
    """Book a file that is not small."""
    book(file_id)


@task()
def forget_unbooked() -> None:
    """Forget files that nobody booked."""
    operations.forget_unbooked(now=timezone.now())
