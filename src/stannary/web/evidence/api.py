"""Evidence for programs: what is open to you, handing in, and the files themselves.

What is public with a published report needs no account; a write needs a session, the CSRF token,
and may carry an Idempotency-Key.
"""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.security import django_auth

from stannary.core.evidence import Visibility
from stannary.web.evidence import forms, operations, queries
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import Given, Offer
from stannary.web.evidence.queries import Item
from stannary.web.evidence.views import file_response
from stannary.web.project.idempotency import NO_NULL, Made, actor_of, once
from stannary.web.project.page_query import PageQuery
from stannary.web.project.paging import decode, encode

router = Router(tags=["evidence"])

AT = "/{uuid:engagement_id}/evidence"
"""Where it stands below engagements."""

ID = "3f0c6c0e-5d0f-4a63-9a2b-6a4f3b1c2d01"
DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class VersionOut(Schema):
    """One version of a piece of evidence; it never changes."""

    id: str = Field(description="UUID of the version.", examples=[ID])
    kind: str = Field(description="file or link.", examples=["file"])
    title: str = Field(description="What it is.", examples=["Water report 2025"])
    link: str = Field(description="Address; empty for a file.", examples=[""])
    file: str | None = Field(description="Address of the file; null for a link.", examples=[None])
    sha256: str = Field(description="Of the file as it is given out.", examples=[DIGEST])
    sha256_as_given: str = Field(
        description="Of the file before it was cleaned.", examples=[DIGEST]
    )
    size: int = Field(description="Bytes; 0 for a link.", examples=[18204])
    media_type: str = Field(description="Empty for a link.", examples=["application/pdf"])
    covers_from: str = Field(description="First day, month or year.", examples=["2025-01"])
    covers_until: str = Field(description="Last one, itself included.", examples=["2025-12"])
    requirements: list[str] = Field(description="Ids that it serves.", examples=[["1.1.1.1"]])
    visibility: str = Field(
        description="public, confidential or auditor_only.", examples=["confidential"]
    )
    previous: str | None = Field(description="Version before it; null: first.", examples=[None])
    at: str = Field(
        description="When it was handed in, RFC 3339.", examples=["2026-03-01T09:00:00+00:00"]
    )
    side: str = Field(description="site or team.", examples=["site"])
    removed: list[str] = Field(description="What was cleaned out of it.", examples=[["place"]])
    scanned_by: str = Field(description="Scanner; empty: not scanned.", examples=[""])


class ItemOut(Schema):
    """A piece of evidence as far as it is open to you."""

    id: str = Field(description="UUID of the item.", examples=[ID])
    newest: VersionOut = Field(description="The newest version that is open to you.")
    versions: list[VersionOut] = Field(description="All that are open to you, oldest first.")
    twin_of: str | None = Field(
        description="Item of which it is the redacted twin; null: none, or not open to you.",
        examples=[None],
    )
    is_twin: bool = Field(description="Whether it is a redacted twin.", examples=[False])
    twins: list[str] = Field(description="Its redacted twins.", examples=[[]])


class ItemPage(Schema):
    """A page of evidence."""

    items: list[ItemOut] = Field(description="Oldest first.")
    next: str | None = Field(description="Cursor of the next page; null at the end.")


class ItemQuery(PageQuery):
    """Which evidence, and which page."""

    requirement: str = Field("", max_length=80, description="Only what serves this requirement")
    visibility: str = Field("", max_length=20, description="Only what has this visibility")


class EvidenceIn(Schema):
    """What is handed in beside the file, as fields of a form."""

    title: str = Field(max_length=1000, description="What it is.", examples=["Water report"])
    covers_from: str = Field(
        max_length=40, description="First day, month or year.", examples=["2025-01"]
    )
    covers_until: str = Field(
        "", max_length=40, description="Last one; empty: the same.", examples=["2025-12"]
    )
    requirements: str = Field(
        max_length=100_000,
        description="Ids that it serves, with blanks or commas between them.",
        examples=["1.1.1.1 1.1.1.2"],
    )
    visibility: Visibility = Field(description="Who may read it.", examples=["confidential"])
    link: str = Field(
        "",
        max_length=10_000,
        pattern=NO_NULL,
        description="Address, without a file.",
        examples=["https://example.org/permit"],
    )


class RevisionIn(EvidenceIn):
    """The whole of a new version, and which one it follows."""

    previous: UUID = Field(
        description="The version that you saw as the newest; else 409.", examples=[ID]
    )


@router.get(AT, response=ItemPage, summary="Evidence that is open to you")
def list_evidence(request: HttpRequest, engagement_id: UUID, asked: Query[ItemQuery]) -> Any:
    """List evidence of an engagement; without an account what was public with its report."""
    found = queries.evidence(actor=request.user, engagement_id=engagement_id)
    fitting = [
        one
        for one in sorted(found.items, key=lambda one: (one.versions[0].at, one.id))
        if asked.requirement in ("", *one.newest.requirements)
        and asked.visibility in ("", one.newest.visibility)
    ]
    start = decode(asked.cursor) if asked.cursor else 0
    after = start + asked.limit
    return {
        "items": [_item(one) for one in fitting[start:after]],
        "next": encode(after) if after < len(fitting) else None,
    }


@router.post(AT, response={201: ItemOut}, auth=django_auth, summary="Hand in evidence")
def hand_in(
    request: HttpRequest,
    engagement_id: UUID,
    body: Form[EvidenceIn],
    file: File[UploadedFile] = None,  # type: ignore[assignment]  # None: a link
) -> HttpResponse:
    """Hand in a file or a link. A file is scanned and cleaned before it is kept."""
    given = _given(body, file)
    offer = _offer(request, engagement_id, given)

    def act() -> Made:
        row = operations.hand_in(actor=actor_of(request), engagement_id=engagement_id, given=offer)
        return _made(request, row)

    return once(request, ItemOut, act, sent=_sent(given))


@router.get(
    AT + "/{uuid:item_id}",
    response=ItemOut,
    summary="One piece of evidence",
    url_name="evidence_item",
)
def one_item(request: HttpRequest, engagement_id: UUID, item_id: UUID) -> Any:
    """Give a piece of evidence with the versions that are open to you."""
    found = queries.evidence(actor=request.user, engagement_id=engagement_id)
    return _item(found.item(item_id))


@router.post(
    AT + "/{uuid:item_id}/versions",
    response={201: ItemOut},
    auth=django_auth,
    summary="Hand in a new version",
)
def revise(
    request: HttpRequest,
    engagement_id: UUID,
    item_id: UUID,
    body: Form[RevisionIn],
    file: File[UploadedFile] = None,  # type: ignore[assignment]  # None: a link
) -> HttpResponse:
    """Hand in a new version; 409 with who was faster if there is a newer one than you saw."""
    given = _given(body, file)
    offer = _offer(request, engagement_id, given)

    def act() -> Made:
        row = operations.revise(
            actor=actor_of(request),
            engagement_id=engagement_id,
            item_id=item_id,
            previous=body.previous,
            given=offer,
        )
        return _made(request, row)

    return once(request, ItemOut, act, sent=_sent(given, body.previous))


@router.post(
    AT + "/{uuid:item_id}/twin",
    response={201: ItemOut},
    auth=django_auth,
    summary="Hand in a redacted twin",
)
def hand_in_twin(
    request: HttpRequest,
    engagement_id: UUID,
    item_id: UUID,
    body: Form[EvidenceIn],
    file: File[UploadedFile] = None,  # type: ignore[assignment]  # None: a link
) -> HttpResponse:
    """Hand in the redacted twin of evidence that is not public."""
    given = _given(body, file)
    offer = _offer(request, engagement_id, given)

    def act() -> Made:
        row = operations.hand_in_twin(
            actor=actor_of(request),
            engagement_id=engagement_id,
            original_id=item_id,
            given=offer,
        )
        return _made(request, row)

    return once(request, ItemOut, act, sent=_sent(given))


@router.get(
    AT + "/{uuid:item_id}/versions/{uuid:version_id}/file",
    summary="The file of a version",
    url_name="evidence_file",
)
def file_of_version(
    request: HttpRequest, engagement_id: UUID, item_id: UUID, version_id: UUID
) -> HttpResponseBase:
    """Give the file as it is kept, with its digest in Repr-Digest (RFC 9530)."""
    row = queries.version(
        actor=request.user, engagement_id=engagement_id, item_id=item_id, version_id=version_id
    )
    return file_response(row)


def _given(body: EvidenceIn, file: UploadedFile | None) -> Given:
    return Given(
        title=body.title,
        covers_from=body.covers_from,
        covers_until=body.covers_until,
        requirements=forms.ids(body.requirements),
        visibility=str(body.visibility),
        content=forms.content(file) if file is not None else None,
        name=file.name or "" if file is not None else "",
        link=body.link.strip(),
    )


def _offer(request: HttpRequest, engagement_id: UUID, given: Given) -> Offer:
    """Scan and clean before a transaction begins."""
    actor = actor_of(request)
    return operations.offer(actor=actor, engagement_id=engagement_id, given=given)


def _sent(given: Given, *more: object) -> bytes:
    """Give what stands for a form with a file, whatever lines are drawn between its parts."""
    content = hashlib.sha256(given.content or b"").hexdigest()
    parts = (given.title, given.covers_from, given.covers_until, given.requirements)
    return repr((*parts, given.visibility, given.link, given.name, content, *more)).encode()


def _made(request: HttpRequest, row: EvidenceVersion) -> Made:
    found = queries.evidence(actor=request.user, engagement_id=row.engagement_id)
    address = reverse("api:evidence_item", args=[row.engagement_id, row.item])
    return Made(_item(found.item(row.item)), address)


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "newest": _version(item.newest),
        "versions": [_version(one) for one in item.versions],
        "twin_of": str(item.original) if item.original else None,
        "is_twin": item.newest.twin_of is not None,
        "twins": [str(one) for one in item.twins],
    }


def _version(row: EvidenceVersion) -> dict[str, Any]:
    address = reverse("api:evidence_file", args=[row.engagement_id, row.item, row.pk])
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "title": row.title,
        "link": row.link,
        "file": address if row.kind == "file" else None,
        "sha256": row.sha256,
        "sha256_as_given": row.sha256_as_given,
        "size": row.size,
        "media_type": row.media_type,
        "covers_from": row.covers_from,
        "covers_until": row.covers_until,
        "requirements": row.requirements,
        "visibility": row.visibility,
        "previous": str(row.previous_id) if row.previous_id else None,
        "at": row.at.isoformat(),
        "side": row.side,
        "removed": row.removed,
        "scanned_by": row.scanned_by,
    }
