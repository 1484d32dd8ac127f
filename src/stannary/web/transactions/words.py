"""The words of transactions, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from stannary.core.transactions import State, StepKind

STATES = {
    State.OFFERED: _("open"),
    State.ACCEPTED: _("accepted"),
    State.PARTLY_ACCEPTED: _("accepted in part"),
    State.REFUSED: _("refused"),
    State.WITHDRAWN: _("withdrawn"),
    State.EXPIRED: _("expired"),
}
STEPS = {
    StepKind.OFFER: (_("Offer"), _("It is offered."), ""),
    StepKind.ACCEPT: (
        _("Accept all of it"),
        _("It is yours."),
        _("It passes to you at once and is booked as shipped and received."),
    ),
    StepKind.ACCEPT_PART: (
        _("Accept a part"),
        _("The part is yours."),
        _("The part is split off and passes to you; the rest is free again."),
    ),
    StepKind.REFUSE: (
        _("Refuse"),
        _("It is refused."),
        _("Nothing is delivered, and nothing stays reserved."),
    ),
    StepKind.WITHDRAW: (
        _("Withdraw the offer"),
        _("It is withdrawn."),
        _("Nothing is delivered, and nothing stays reserved."),
    ),
    StepKind.EXPIRE: (
        _("Record that it has expired"),
        _("It is recorded."),
        _("It was reserved until its end and no longer."),
    ),
}
"""Step to what its button says, what is said when it is done, and what it means."""

DONE = {
    StepKind.OFFER: _("offered"),
    StepKind.ACCEPT: _("accepted"),
    StepKind.ACCEPT_PART: _("accepted in part"),
    StepKind.REFUSE: _("refused"),
    StepKind.WITHDRAW: _("withdrawn"),
    StepKind.EXPIRE: _("expired"),
}
