from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from stannary.web.project.page_query import PageQuery
from stannary.web.transparency_log import queries
from stannary.web.transparency_log.models import LogEntry

router = Router(tags=["log"])


class EntryOut(Schema):
    """One entry of the log."""

    index: int = Field(description="Place in the log, from 0.")
    entry: str = Field(
        description="The record as entered: canonical JSON with the hash of what it stands for."
    )
    leaf_hash: str = Field(description="RFC 6962 leaf hash, 64 hexadecimal digits.")
    at: str = Field(description="When it was entered, RFC 3339.")


class EntryPage(Schema):
    """One page of entries, oldest first."""

    items: list[EntryOut] = Field(description="One page of entries.")
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class CheckpointOut(Schema):
    """The state of the log that was signed last."""

    origin: str = Field(description="Name of the log.")
    size: int = Field(description="Number of entries.")
    vkey: str = Field(description="Verifier key of the log (C2SP signed-note).")
    checkpoint: str | None = Field(description="Newest signed checkpoint; null while empty.")


def _shape(row: LogEntry) -> dict[str, Any]:
    return {
        "index": row.index,
        "entry": bytes(row.entry).decode("utf-8", "replace"),
        "leaf_hash": bytes(row.leaf_hash).hex(),
        "at": row.at.isoformat(),
    }


@router.get("", response=CheckpointOut, summary="The newest checkpoint of the public log")
def newest(request: HttpRequest) -> dict[str, Any]:
    """Give name, size, key and newest checkpoint."""
    found = queries.newest_checkpoint()
    return {
        "origin": queries.origin(),
        "size": queries.size(),
        "vkey": queries.vkey(),
        "checkpoint": found.note if found else None,
    }


@router.get("/entries", response=EntryPage, summary="Entries of the public log, oldest first")
def entries(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """Give one page of entries."""
    return asked.of(LogEntry.objects.all(), _shape)
