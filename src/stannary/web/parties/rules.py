"""Rules about who may do what.

Rules: PARTY-001, PARTY-002.
"""

from stannary.core.kernel import Rule, gettext_noop

IS_THERE_FOR_YOU = Rule(
    code="PARTY-001",
    demand=gettext_noop("What is asked for exists and is open to the person who asks."),
    source="Stannary design, decision on rights: not yours and not there look alike",
    remedy=gettext_noop("Check the address, or sign in with an account that has the role."),
)
FACTS_HAVE_SOURCES = Rule(
    code="PARTY-002",
    demand=gettext_noop("A fact about a real site carries its source and a mark of how sure we are."),
    source="Stannary design, decision 6",
    remedy=gettext_noop("Add the source to the fact, or leave the fact out."),
)
