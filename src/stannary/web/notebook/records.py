"""Rows, editions and records as the notebook carries them: plain JSON."""

import datetime
from typing import Any

from django.utils import timezone

from stannary.core.standards import Edition, Requirement
from stannary.web.assessments.records import Newest, name_of
from stannary.web.notebook.models import Note


def instant(given: datetime.datetime) -> datetime.datetime:
    """Read a time that came without an offset as UTC."""
    return timezone.make_aware(given, datetime.UTC) if timezone.is_naive(given) else given


def note_shape(note: Note) -> dict[str, Any]:
    """Give a note as JSON."""
    return {
        "id": str(note.pk),
        "requirement": note.requirement_id,
        "text": note.text,
        "place": note.place,
        "evidence": str(note.evidence) if note.evidence else None,
        "noted_at": note.noted_at.isoformat(),
        "clock_ahead_s": note.clock_ahead_s,
        "at": note.at.isoformat(),
        "author": name_of(note.author),
    }


def newest_shape(held: Newest) -> dict[str, Any]:
    """Give the record of a requirement that counts as JSON, as the API of ratings gives it."""
    return {
        "id": held.id,
        "rating": str(held.rating),
        "rationale": held.rationale,
        "evidence": list(held.evidence),
        "assessor": held.assessor,
        "at": held.at.isoformat(),
    }


def checklist_shape(edition: Edition) -> dict[str, Any]:
    """Give what is asked, chapter by chapter; public words of a public standard."""
    return {
        "edition": edition.id,
        "title": edition.title,
        "chapters": [{"id": one.id, "title": one.title} for one in edition.chapters],
        "requirements": [_requirement(one) for one in edition.requirements],
    }


def _requirement(one: Requirement) -> dict[str, Any]:
    return {
        "id": one.id,
        "chapter": one.chapter,
        "title": one.title,
        "critical": one.critical,
        "demand": one.demand,
        "applies": one.applies,
        "why": one.why,
        "evidence": one.evidence,
        "interview": one.interview,
    }
