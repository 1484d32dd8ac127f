"""What the posting engine demands of those who run it and of those who ask it.

Rules: ENGINE-020 to ENGINE-025.
"""

from stannary.core.kernel import Rule, gettext_noop

_SOURCE = "Stannary design, the posting engine"

ONE_SEQUENCER_LEADS = Rule(
    code="ENGINE-020",
    demand=gettext_noop("One sequencer leads a ledger at a time."),
    source=_SOURCE,
    remedy=gettext_noop(
        "Send postings to the one that leads, or start this one again when that has ended."
    ),
)
LEAD_IS_STILL_HELD = Rule(
    code="ENGINE-021",
    demand=gettext_noop("A batch is written by the sequencer that leads, with its own token."),
    source=_SOURCE,
    remedy=gettext_noop("Send what was not acknowledged, with the same ids, to the new leader."),
)
REQUEST_IS_WITHIN_LIMITS = Rule(
    code="ENGINE-022",
    demand=gettext_noop(
        "A request has 1 to 8192 postings, each with ids of 16 bytes and numbers of 64 bits."
    ),
    source=_SOURCE,
    remedy=gettext_noop("Divide the request, or correct the posting."),
)
POSTINGS_ARE_STORED = Rule(
    code="ENGINE-023",
    demand=gettext_noop("A posting is acknowledged when the database has stored it, not before."),
    source=_SOURCE,
    remedy=gettext_noop("Ask again with the same ids; nothing is booked twice."),
)
BOOKS_AGREE = Rule(
    code="ENGINE-024",
    demand=gettext_noop(
        "Balances, reservations, verdicts and the chain of batches are what the stored postings say."
    ),
    source=_SOURCE,
    remedy=gettext_noop(
        "Stop posting, keep a copy of the database, and compare it with the last backup."
    ),
)
SIMPLE_PATH_IS_FREE = Rule(
    code="ENGINE-025",
    demand=gettext_noop("While a sequencer leads a ledger, every posting goes through it."),
    source=_SOURCE,
    remedy=gettext_noop(
        "Send the posting to the sequencer; if it was stopped by force, start it again and let it end in order."
    ),
)
