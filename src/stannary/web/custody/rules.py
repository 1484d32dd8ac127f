"""Rules of the register's book, beside those of the core.

Rules: CUSTODY-040 to CUSTODY-049, CUSTODY-062.
"""

from stannary.core.kernel import Rule, gettext_noop

EVENT_IS_BOOKED_ONCE = Rule(
    code="CUSTODY-040",
    demand=gettext_noop(
        "An event is booked once, with all its rows; what is booked is never added to."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Give the new movements an event of their own."),
)
PRODUCED_BY_THE_SAME_KIND = Rule(
    code="CUSTODY-041",
    demand=gettext_noop(
        "Material is booked as produced at a site only by an organisation of the same kind of record: "
        "a made-up organisation books at made-up sites."
    ),
    source="Stannary design, decision 6: nothing is made up about a real site",
    remedy=gettext_noop(
        "Book it at a site of the same kind, or in the name of the organisation that produced it."
    ),
)
TEXT_IS_NO_FORMULA = Rule(
    code="CUSTODY-042",
    demand=gettext_noop(
        "A text that is booked does not begin like a formula: with =, +, -, @ or a tab."
    ),
    source="Stannary design, decision 4: records are facts; a spreadsheet would compute such a text",
    remedy=gettext_noop("Let the text begin with another sign, a letter say."),
)
FILE_IS_TAKEN_IN = Rule(
    code="CUSTODY-043",
    demand=gettext_noop(
        "A file that is handed in has at most 50 MB, 400 MB unpacked, and 100 000 movements."
    ),
    source="Stannary's own choice: what is checked and booked in one act within a minute",
    remedy=gettext_noop("Hand the movements in as several files, the earliest first."),
)
BOOKED_IS_WHAT_WAS_SEEN = Rule(
    code="CUSTODY-044",
    demand=gettext_noop(
        "What is booked is the file that was checked, to the byte, and its check found nothing wrong."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Look at the newest check of the file, and confirm that one."),
)
FILE_IS_BOOKED_ONCE = Rule(
    code="CUSTODY-045",
    demand=gettext_noop("The same movements are booked once, in whichever form they come."),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Nothing is left to do: they are in the book already."),
)
ENTITY_IS_YOURS = Rule(
    code="CUSTODY-046",
    demand=gettext_noop("A file names only organisations for which you book."),
    source="Stannary design, decision 4: each organisation records its own part",
    remedy=gettext_noop(
        "Write the name as it stands on your page; the other organisation books its own part."
    ),
)
CREDITS_AND_LOTS_HAVE_OWN_IDS = Rule(
    code="CUSTODY-047",
    demand=gettext_noop("A credit has an id that no lot has, and a lot one that no credit has."),
    source="Stannary design, decision 4: what was made is found by its id",
    remedy=gettext_noop("Give what is new an id of its own."),
)
BOOKING_RESTS_ON_THE_NEWEST_STATE = Rule(
    code="CUSTODY-048",
    demand=gettext_noop(
        "What is booked rests on the newest state of the book: of two bookings at the same moment "
        "the second is looked at again."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Book it again; if it still holds, it is booked."),
)
EVENT_HAS_HAPPENED = Rule(
    code="CUSTODY-049",
    demand=gettext_noop(
        "An event is booked on its own day, where it happens, or later: never ahead of time."
    ),
    source="Stannary design, decision 4: records are facts; a day to come would end balance periods and credits of everybody",
    remedy=gettext_noop("Correct the year, the month or the day; what is planned is an offer."),
)
LOT_HAS_AN_ADDRESS = Rule(
    code="CUSTODY-062",
    demand=gettext_noop(
        "A lot or a credit that is made has an id that a browser can reach: no part of it between slashes is . or .."
    ),
    source="RFC 3986, section 5.2.4: browsers take such parts out of an address",
    remedy=gettext_noop("Give it an id with a letter or a digit."),
)
