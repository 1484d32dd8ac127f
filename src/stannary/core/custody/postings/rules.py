"""What a posting must hold before it changes a balance.

Rules: CUSTODY-050 to CUSTODY-061; CUSTODY-050 to CUSTODY-069 are kept for postings. A stored
verdict is the number of the rule that refused, or 0.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, the posting engine"
_FACTS = "Stannary design, decision 4: records are facts"
_RESERVE = "Stannary design, the posting engine: what is offered is reserved until it is settled or released"

AMOUNT_IN_RANGE = Rule(
    code="CUSTODY-050",
    demand=gettext_noop(
        "An amount is a whole number from 1 to 9·10^18; a release names none, because all of it is released."
    ),
    source="Stannary contracts, section 2",
    remedy=gettext_noop("Correct the amount, or post it in parts."),
)
ACCOUNT_IS_OPEN = Rule(
    code="CUSTODY-051",
    demand=gettext_noop("Both accounts of a posting are open."),
    source=_DESIGN,
    remedy=gettext_noop("Correct the account, or open it first."),
)
ACCOUNTS_DIFFER = Rule(
    code="CUSTODY-052",
    demand=gettext_noop("A posting moves an amount between two different accounts."),
    source=_DESIGN,
    remedy=gettext_noop("Correct one of the two accounts."),
)
AVAILABLE_COVERS = Rule(
    code="CUSTODY-053",
    demand=gettext_noop(
        "What is posted or reserved is at most what the account has and has not reserved."
    ),
    source="Stannary design, decision 4; rulebook 8.3: an account is never overdrawn",
    remedy=gettext_noop("Take at most what is available, or release a reservation first."),
)
BALANCE_IN_RANGE = Rule(
    code="CUSTODY-054",
    demand=gettext_noop("No balance goes beyond 9·10^18, nor that of a source below its negative."),
    source="Stannary contracts, section 2: what 64 bits hold",
    remedy=gettext_noop("Post to another account, or close this one and open its successor."),
)
ID_IS_ONE_POSTING = Rule(
    code="CUSTODY-055",
    demand=gettext_noop("An id stands for one posting; asked again, it must say the same."),
    source=_FACTS,
    remedy=gettext_noop("Give the new posting an id of its own."),
)
RESERVATION_IS_KNOWN = Rule(
    code="CUSTODY-056",
    demand=gettext_noop(
        "What is settled or released was reserved before, between the same two accounts."
    ),
    source=_RESERVE,
    remedy=gettext_noop("Name the accepted reservation and its accounts."),
)
RESERVATION_ENDS_ONCE = Rule(
    code="CUSTODY-057",
    demand=gettext_noop("A reservation is settled or released once; what is not settled is free."),
    source=_RESERVE,
    remedy=gettext_noop("Reserve the rest anew if it is still wanted."),
)
RESERVATION_IS_IN_FORCE = Rule(
    code="CUSTODY-058",
    demand=gettext_noop(
        "A reservation is made and settled before the instant at which it expires; afterwards it can only be released."
    ),
    source=_RESERVE,
    remedy=gettext_noop("Release it, and reserve anew with a later end."),
)
SETTLED_WITHIN_RESERVATION = Rule(
    code="CUSTODY-059",
    demand=gettext_noop("What is settled is at most what was reserved."),
    source=_RESERVE,
    remedy=gettext_noop("Settle at most the reserved amount, and post the rest by itself."),
)
POSTING_IS_WELL_FORMED = Rule(
    code="CUSTODY-060",
    demand=gettext_noop(
        "A posting has a 128-bit id and a known kind; only what ends a reservation names one, and only a reservation expires."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Correct the field; leave empty what the kind does not have."),
)
ACCOUNT_OPENS_ONCE = Rule(
    code="CUSTODY-061",
    demand=gettext_noop("An account is opened once, as a source or not."),
    source=_FACTS,
    remedy=gettext_noop("Use the account that is there, or open another one."),
)
