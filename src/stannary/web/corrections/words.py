"""What findings say of themselves in words, in the reader's language."""

from django.utils.translation import gettext_lazy

from stannary.core.corrections import Grade, NoteKind, State

GRADES = {
    Grade.MAJOR: gettext_lazy("major"),
    Grade.MINOR: gettext_lazy("minor"),
    Grade.OBSERVATION: gettext_lazy("observation"),
}

STATES = {
    State.OPEN: gettext_lazy("waits for a plan"),
    State.PLANNED: gettext_lazy("is being corrected"),
    State.HANDED_IN: gettext_lazy("correction handed in"),
    State.PROPOSED: gettext_lazy("closure proposed"),
    State.CLOSED: gettext_lazy("closed"),
    State.EFFECTIVE: gettext_lazy("closed, and lasted"),
}

STEPS = {
    NoteKind.PLAN: (gettext_lazy("State cause and plan"), gettext_lazy("Cause and plan stated")),
    NoteKind.EXTEND: (gettext_lazy("Give more time"), gettext_lazy("More time given")),
    NoteKind.HAND_IN: (
        gettext_lazy("Hand the correction in"),
        gettext_lazy("Correction handed in"),
    ),
    NoteKind.REFUSE: (gettext_lazy("Refuse the correction"), gettext_lazy("Correction refused")),
    NoteKind.PROPOSE: (gettext_lazy("Propose to close it"), gettext_lazy("Closure proposed")),
    NoteKind.CLOSE: (gettext_lazy("Close it"), gettext_lazy("Closed")),
    NoteKind.ESCALATE: (gettext_lazy("Escalate it"), gettext_lazy("Escalated")),
    NoteKind.CONFIRM: (gettext_lazy("It lasted"), gettext_lazy("Tested again: it lasted")),
    NoteKind.REOPEN: (
        gettext_lazy("It came back"),
        gettext_lazy("Tested again: it came back"),
    ),
}
"""Of each step what the button says, and what happened."""

EXPLAINED = {
    NoteKind.PLAN: gettext_lazy(
        "Cause and plan become public with the result: write functions, not names."
    ),
    NoteKind.EXTEND: gettext_lazy("Say why, and until when."),
    NoteKind.HAND_IN: gettext_lazy("With the evidence that shows it, from this engagement."),
    NoteKind.REFUSE: gettext_lazy(
        "Say what is missing; the site corrects it and hands it in again."
    ),
    NoteKind.PROPOSE: gettext_lazy("Say what you saw. Somebody else of the audit team closes it."),
    NoteKind.CLOSE: gettext_lazy("Say what you saw. The next audit tests whether it lasted."),
    NoteKind.ESCALATE: gettext_lazy("Its last day has passed. Say what is to follow."),
    NoteKind.CONFIRM: gettext_lazy("Say what you saw in this audit."),
    NoteKind.REOPEN: gettext_lazy("Say what you saw in this audit; its time counts anew."),
}
"""What a form says above its fields."""
