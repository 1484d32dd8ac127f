"""Rules about what is recorded of firms and their people; what blocks a team stands in core.

Rules: INDEPENDENCE-020 to INDEPENDENCE-031.
"""

from stannary.core.kernel import Rule, gettext_noop

_OWN = "Stannary, own choice"

SCOPE_IS_NAMED = Rule(
    code="INDEPENDENCE-020",
    demand=gettext_noop(
        "A firm applies for standards, countries and materials that are known here, and says why it is able."
    ),
    source=_OWN,
    remedy=gettext_noop("Correct the word that is named, or choose any."),
)
DECIDED_ONCE = Rule(
    code="INDEPENDENCE-021",
    demand=gettext_noop(
        "A firm has one application waiting at a time, and an application is decided once."
    ),
    source=_OWN,
    remedy=gettext_noop("Wait for the decision, or apply again after it."),
)
NO_FURTHER_THAN_ASKED = Rule(
    code="INDEPENDENCE-022",
    demand=gettext_noop("An approval goes no further than what the firm has asked for."),
    source=_OWN,
    remedy=gettext_noop("Grant less, or ask the firm to apply for more."),
)
DAYS_ARE_IN_ORDER = Rule(
    code="INDEPENDENCE-023",
    demand=gettext_noop(
        "What ends, ends on the day it begins or later, and a suspension at least a day later."
    ),
    source=_OWN,
    remedy=gettext_noop("Correct one of the two days."),
)
REASONS_ARE_GIVEN = Rule(
    code="INDEPENDENCE-024",
    demand=gettext_noop(
        "Who refuses, suspends, ends, takes back or clears something says why, in words."
    ),
    source=_OWN,
    remedy=gettext_noop("Write the reason. Those for approvals and suspensions are public."),
)
ENDED_ONCE = Rule(
    code="INDEPENDENCE-025",
    demand=gettext_noop("Only what is going on is suspended, ended, taken back or cleared, once."),
    source=_OWN,
    remedy=gettext_noop("Look at what is recorded; record something new if that is what is meant."),
)
COMPETENCES_HAVE_SOURCES = Rule(
    code="INDEPENDENCE-026",
    demand=gettext_noop(
        "A competence is named as in a standard, with small letters, digits and underscores, and has a source."
    ),
    source=_OWN,
    remedy=gettext_noop("Name the certificate, or who confirms the competence."),
)
INTERESTS_ARE_PLAIN = Rule(
    code="INDEPENDENCE-027",
    demand=gettext_noop(
        "An interest is employment, advice, shares, family or other, and other is explained."
    ),
    source=_OWN,
    remedy=gettext_noop("Choose one of the kinds, and say in a few words what it is or was."),
)
FIGURES_ADD_UP = Rule(
    code="INDEPENDENCE-028",
    demand=gettext_noop(
        "Figures are of a year that has ended, in one currency; income is above zero, and no part of it is larger than the whole."
    ),
    source=_OWN,
    remedy=gettext_noop("Correct the figures, in whole units of the currency."),
)
LEADS_ARE_RECORDED_ONCE = Rule(
    code="INDEPENDENCE-029",
    demand=gettext_noop(
        "A full audit of a site that has ended has one lead auditor, and is recorded once."
    ),
    source=_OWN,
    remedy=gettext_noop("Look at the audits of the site that are recorded."),
)
NOBODY_JUDGES_THEMSELVES = Rule(
    code="INDEPENDENCE-030",
    demand=gettext_noop(
        "Nobody of the secretariat judges a firm for which they act, or what they have declared themselves."
    ),
    source="ISO/IEC 17011:2017, 4.4: accreditation bodies act impartially",
    remedy=gettext_noop("Ask another person of the secretariat."),
)
OPERATOR_IS_KNOWN = Rule(
    code="INDEPENDENCE-031",
    demand=gettext_noop(
        "A site whose team is checked has an operator that is recorded here, and made-up firms audit made-up sites only."
    ),
    source=_OWN,
    remedy=gettext_noop(
        "Record the operator as an organisation of the same name, or choose another site or firm."
    ),
)
