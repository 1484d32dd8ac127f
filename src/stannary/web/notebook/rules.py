"""Rules about notes that are taken in the field.

Rules: NOTEBOOK-001 to NOTEBOOK-004.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, decision 4: records are facts"

NOTE_SAYS_SOMETHING = Rule(
    code="NOTEBOOK-001",
    demand=gettext_noop(
        "A note says something in at most 20 000 characters, or belongs to a photo."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Write what you saw, or make two notes of it."),
)
REQUIREMENT_IS_KNOWN = Rule(
    code="NOTEBOOK-002",
    demand=gettext_noop("A note is about a requirement of the edition, or about the whole."),
    source=_DESIGN,
    remedy=gettext_noop("Name a requirement of the edition, or none."),
)
ID_IS_OF_ONE_NOTE = Rule(
    code="NOTEBOOK-003",
    demand=gettext_noop("The id of a note stands for one note, which is never changed."),
    source=_DESIGN,
    remedy=gettext_noop("Give what you want to add an id of its own."),
)
PHOTO_IS_EVIDENCE = Rule(
    code="NOTEBOOK-004",
    demand=gettext_noop("A photo that a note names is evidence of the same engagement."),
    source=_DESIGN,
    remedy=gettext_noop("Hand in the photo first, then name it."),
)
