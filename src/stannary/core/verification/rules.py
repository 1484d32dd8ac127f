"""What the public check asks of a file, one rule a step.

Rules: VERIFY-001 to VERIFY-008.
"""

from stannary.core.kernel import Rule, gettext_noop

_CONTRACT = "Stannary contracts, section 4"
_ASK = gettext_noop("Ask whoever gave you the file for an unchanged copy, and check that.")

EVERYTHING_IS_READABLE = Rule(
    code="VERIFY-001",
    demand=gettext_noop("Everything in the file can be read."),
    source=_CONTRACT,
    remedy=_ASK,
)
IT_IS_SIGNED = Rule(
    code="VERIFY-002",
    demand=gettext_noop("Its issuer signed it, and nothing in it was changed since."),
    source=_CONTRACT,
    remedy=gettext_noop("Do not rely on it; ask the issuer for a signed copy."),
)
ISSUER_IS_TRUSTED = Rule(
    code="VERIFY-003",
    demand=gettext_noop("The issuer is one of those that the reader trusts."),
    source=_CONTRACT,
    remedy=gettext_noop("Compare the name of the issuer with the one that you expect."),
)
IT_IS_NOT_REVOKED = Rule(
    code="VERIFY-004",
    demand=gettext_noop("The issuer has not withdrawn it."),
    source=_CONTRACT,
    remedy=gettext_noop("Ask the issuer for the present state."),
)
IT_IS_IN_FORCE = Rule(
    code="VERIFY-005",
    demand=gettext_noop("It is valid on the day of the check."),
    source=_CONTRACT,
    remedy=gettext_noop("Ask for a newer one, or check it for a day on which it was valid."),
)
IT_IS_LOGGED = Rule(
    code="VERIFY-006",
    demand=gettext_noop("It is entered in the public log, where nobody can take it back unseen."),
    source=_CONTRACT,
    remedy=gettext_noop("Do not rely on it; what is honest is in the log."),
)
IT_CAN_BE_RECOMPUTED = Rule(
    code="VERIFY-007",
    demand=gettext_noop("Its shares and levels follow from what is enclosed."),
    source=_CONTRACT,
    remedy=gettext_noop("Do not rely on it; ask the issuer how the figure came about."),
)
IT_AGREES_WITH_WHAT_IT_CITES = Rule(
    code="VERIFY-008",
    demand=gettext_noop("Everything enclosed is what was signed, and every statement follows."),
    source=_CONTRACT,
    remedy=_ASK,
)
