"""Corrections: findings of an audit, what is done about them, and whether it lasted."""

from stannary.core.corrections.findings import (
    Correction,
    Grade,
    NonConformity,
    Note,
    NoteKind,
    State,
    add_note,
    found,
    grade_on,
    replay_notes,
    state_on,
)

__all__ = [
    "Correction",
    "Grade",
    "NonConformity",
    "Note",
    "NoteKind",
    "State",
    "add_note",
    "found",
    "grade_on",
    "replay_notes",
    "state_on",
]
