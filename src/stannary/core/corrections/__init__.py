"""Corrections: findings of an audit, what is done about them, and whether it lasted."""

from stannary.core.corrections.findings import (
    WAITING,
    Correction,
    Grade,
    NonConformity,
    Note,
    NoteKind,
    State,
    add_note,
    found,
    grade_on,
    may_close,
    next_steps,
    replay_notes,
    state_on,
)
from stannary.core.corrections.published import check_no_names, without_names

__all__ = [
    "WAITING",
    "Correction",
    "Grade",
    "NonConformity",
    "Note",
    "NoteKind",
    "State",
    "add_note",
    "check_no_names",
    "found",
    "grade_on",
    "may_close",
    "next_steps",
    "replay_notes",
    "state_on",
    "without_names",
]
