from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.security import django_auth

from stannary.web.custody.desk import blanks, operations, queries, report, takeaway, tasks
from stannary.web.custody.desk.views import blank_file
from stannary.web.custody.models import FileProgress, MovementFile
from stannary.web.project.idempotency import NO_NULL, Made, actor_of, once
from stannary.web.project.writes import write

router = Router(tags=["stock"])
Slug = Annotated[str, Field(description="Short name of the organisation.")]


class FoundOut(Schema):
    """One thing that is wrong with a file."""

    code: str = Field(description="Of the rule.", examples=["CUSTODY-006"])
    cell: str = Field(description="As a spreadsheet names it; empty: none.", examples=["I7"])
    line: int | None = Field(description="Line, row or event, from 1.", examples=[7])
    column: str | None = Field(description="Name of the column or key.", examples=["mass_kg"])
    facts: dict[str, str] = Field(description="What is so here.", examples=[{"lot": "L-7"}])
    demand: str = Field(description="What must hold.", examples=["All uses of a lot …"])
    remedy: str = Field(description="What can be done.", examples=["Use at most what is left."])


class ProgressOut(Schema):
    """How far the job is that is at a file; told a few times a second at most."""

    stage: str = Field(description="reading, trying or writing", examples=["trying"])
    done: int = Field(description="Lines or movements so far.", examples=[40_000])
    whole: int = Field(description="Of so many; 0: not known.", examples=[100_000])


class FileOut(Schema):
    """A file of movements that was handed in, and how far it has come."""

    id: str = Field(
        description="UUID of the file.", examples=["3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d01"]
    )
    name: str = Field(description="What its sender called it.", examples=["march.xlsx"])
    sha256: str = Field(
        description="Of the file; whoever confirms it names it.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    state: str = Field(
        description="asked, read, checked, confirmed, booking, booked or refused",
        examples=["checked"],
    )
    waits: bool = Field(
        description="True: the next step comes by itself; ask again later.", examples=[False]
    )
    progress: ProgressOut | None = Field(
        None, description="Of the step that is being done; null: nothing is told."
    )
    may_be_booked: bool = Field(description="True: checked, and nothing is wrong.", examples=[True])
    form: str | None = Field(description="csv, xlsx, parquet or epcis.", examples=["xlsx"])
    rows: int | None = Field(description="Lines; null: not read yet.", examples=[120])
    events: int | None = Field(description="Events; null: not read yet.", examples=[40])
    wrong: int | None = Field(description="How many problems; null: not checked yet.")
    findings: list[FoundOut] = Field(description="The problems, up to 1 000.")
    made: list[dict[str, str]] = Field(
        description="Lots that it makes, up to 200, with what is left of each.",
        examples=[[{"lot": "C-501", "mass_mg": "84960000", "left_mg": "84960000"}]],
    )
    used: list[dict[str, str]] = Field(
        description="Lots that it uses, up to 200.",
        examples=[[{"lot": "C-501", "mass_mg": "84960000", "left_mg": "0"}]],
    )
    moved: list[dict[str, str]] = Field(
        description="Lots that it moves, up to 200.",
        examples=[[{"lot": "C-501", "mass_mg": "84960000", "left_mg": "0"}]],
    )


class BookIn(Schema):
    """Which file was looked at."""

    sha256: str = Field(
        max_length=64,
        pattern=NO_NULL,
        description="Of the file that was checked.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )


class UploadIn(Schema):
    """What a file is called."""

    name: str = Field(
        "", max_length=200, description="Empty: as the file is called.", examples=[""]
    )


class FormQuery(Schema):
    """In which form."""

    form: Literal["json", "csv", "xlsx", "parquet"] = Field(
        "json", description="json (movements: EPCIS 2.0), csv, xlsx or parquet"
    )


class TaskQuery(Schema):
    """Which form to fill in."""

    task: Literal[
        "production",
        "shipment",
        "receipt",
        "split",
        "blend",
        "processing",
        "loss",
        "movements",
    ] = Field("movements", description="What is to be booked.")
    form: Literal["xlsx", "csv"] = Field("xlsx", description="xlsx or csv")


class TasksOut(Schema):
    """A form that can be filled in."""

    task: str = Field(description="Code of the task.", examples=["shipment"])
    title: str = Field(description="In words.", examples=["Shipment"])
    help: str = Field(description="What to write.", examples=["One line for each lot …"])


@router.get("/{organisation}/movements", summary="What an organisation has recorded")
def movements(request: HttpRequest, organisation: Slug, asked: Query[FormQuery]) -> HttpResponse:
    """Give the movements of an organisation as a file that this register reads back."""
    those, _inside = queries.to_see(actor=request.user, slug=organisation)
    return takeaway.movements(those, asked.form)


@router.get("/{organisation}/lots", summary="Lots that an organisation made or holds")
def lots(request: HttpRequest, organisation: Slug, asked: Query[FormQuery]) -> HttpResponse:
    """Give the lots of an organisation as a file."""
    those, _inside = queries.to_see(actor=request.user, slug=organisation)
    return takeaway.lots(those, asked.form)


@router.get(
    "/{organisation}/forms",
    response=list[TasksOut],
    auth=django_auth,
    summary="Forms to fill in",
)
def forms(request: HttpRequest, organisation: Slug) -> list[dict[str, str]]:
    """List the forms that a clerk can fill in."""
    queries.to_book_for(actor=request.user, slug=organisation)
    return [
        {"task": one.code, "title": str(one.title), "help": str(one.help)} for one in blanks.TASKS
    ]


@router.get("/{organisation}/form", auth=django_auth, summary="A form to fill in")
def form(request: HttpRequest, organisation: Slug, asked: Query[TaskQuery]) -> HttpResponse:
    """Give a form to fill in, with the organisation's own sites and lots."""
    those = queries.to_book_for(actor=request.user, slug=organisation)
    return blank_file(those.name, asked.task, asked.form)


@router.post(
    "/{organisation}/files",
    response={201: FileOut},
    auth=django_auth,
    summary="Hand in a file of movements, to be checked",
)
def hand_in(
    request: HttpRequest,
    organisation: Slug,
    body: Form[UploadIn],
    file: File[UploadedFile],
) -> HttpResponse:
    """Check a file; nothing is booked. The same file handed in again is the same file here.

    A small file is checked in the answer; a larger one waits in the queue (`waits` is true).
    """
    actor = actor_of(request)
    content = bytes(file.read(report.LIMITS.max_bytes + 1))
    name = body.name or file.name or ""

    def act() -> Made:
        row, is_new = operations.hand_in(
            actor=actor, slug=organisation, name=name, content=content, at=timezone.now()
        )
        if is_new:
            tasks.start_check(row)
        return _made(row, 201)

    sent = b"\0".join([name.encode("utf-8", "surrogatepass"), content])
    return once(request, FileOut, act, sent=sent)


@router.get(
    "/{organisation}/files/{uuid:file_id}",
    response=FileOut,
    auth=django_auth,
    summary="How far a file has come",
    url_name="movement_file",
)
def one_file(request: HttpRequest, organisation: Slug, file_id: UUID) -> dict[str, Any]:
    """Give a file with what it would come to, or what was wrong with it."""
    return _shape(queries.file(actor=request.user, slug=organisation, file_id=file_id))


@write(
    router,
    "/{organisation}/files/{uuid:file_id}/booking",
    answer=FileOut,
    summary="Book a file as it was checked, all of it or nothing",
    status=200,
)
def book(request: HttpRequest, organisation: Slug, file_id: UUID, body: BookIn) -> Made:
    """Book a file whose check found nothing wrong. A small one is booked in the answer."""
    row = operations.confirm(
        actor=actor_of(request),
        slug=organisation,
        file_id=file_id,
        sha256=body.sha256,
        at=timezone.now(),
    )
    tasks.start_booking(row)
    return _made(row, 200)


@write(
    router,
    "/{organisation}/files/{uuid:file_id}/check",
    answer=FileOut,
    summary="Check a file again",
    status=200,
)
def check(request: HttpRequest, organisation: Slug, file_id: UUID) -> Made:
    """Check a file again that is not booked: the book may have changed since."""
    row = operations.check_again(
        actor=actor_of(request), slug=organisation, file_id=file_id, at=timezone.now()
    )
    tasks.start_check(row)
    return _made(row, 200)


def _made(row: MovementFile, status: int) -> Made:
    address = reverse("api:movement_file", args=[row.organisation.slug, row.file_id])
    return Made(_shape(row), address if status == 201 else "", status=status)


def _shape(row: MovementFile) -> dict[str, Any]:
    now = queries.standing(row)
    found = report.kept(now.checked.report) if now.checked else {}
    return {
        "id": str(row.file_id),
        "name": row.name,
        "sha256": row.sha256,
        "state": str(now.last.kind),
        "waits": now.waits,
        "progress": _progress(queries.progress(row, now)),
        "may_be_booked": queries.may_be_booked(now, found),
        **{name: found.get(name) for name in ("form", "rows", "events", "wrong")},
        "findings": [_finding(one) for one in report.shapes(found)],
        **{name: found.get(name, []) for name in ("made", "used", "moved")},
    }


def _progress(told: FileProgress | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {"stage": str(told.stage), "done": told.done, "whole": told.whole}


def _finding(one: dict[str, Any]) -> dict[str, Any]:
    at = one["at"] or {}
    kept = {name: one[name] for name in ("code", "cell", "facts", "demand", "remedy")}
    return {**kept, "line": at.get("line"), "column": at.get("column")}
