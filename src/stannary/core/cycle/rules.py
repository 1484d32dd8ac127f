"""What an act in an engagement needs, in the order checked.

Rules: ENGAGEMENT-001 to ENGAGEMENT-015.
"""

from stannary.core.kernel import Rule, gettext_noop

_CYCLE = "Rulebook 4.1: steps and clocks"

ACT_FITS_THE_STATE = Rule(
    code="ENGAGEMENT-001",
    demand=gettext_noop("An act is possible in the state in which the engagement is."),
    source=_CYCLE,
    remedy=gettext_noop("See on the engagement's page what comes next."),
)
ACT_FITS_THE_ROLE = Rule(
    code="ENGAGEMENT-002",
    demand=gettext_noop("An act is done by somebody whose role in the engagement may do it."),
    source="Stannary design, decision on rights",
    remedy=gettext_noop("Ask somebody who has the role, or the secretariat for the role."),
)
ACTS_ARE_IN_ORDER = Rule(
    code="ENGAGEMENT-003",
    demand=gettext_noop("An act is dated on or after the one before it."),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Correct the date."),
)
REASON_IS_GIVEN = Rule(
    code="ENGAGEMENT-004",
    demand=gettext_noop(
        "Who refuses, returns, objects, rules, extends, suspends or withdraws says why."
    ),
    source="Rulebook 4.3: an extension has who, until, reason",
    remedy=gettext_noop("Write the reason."),
)
SELF_ASSESSMENT_IS_WHOLE = Rule(
    code="ENGAGEMENT-005",
    demand=gettext_noop("A site applies after it has answered every requirement itself."),
    source=_CYCLE + ", row 1: self-assessment is mandatory before an audit",
    remedy=gettext_noop("Answer the requirements that are left, or say why they are not relevant."),
)
SCOPE_IS_NAMED = Rule(
    code="ENGAGEMENT-006",
    demand=gettext_noop(
        "An application names the units in scope, and says why for each chapter left out."
    ),
    source="Rulebook 3: scope text names units; reasons for chapters proposed as not relevant",
    remedy=gettext_noop("Add a unit to the scope, or the reason to the chapter."),
)
TEAM_IS_PROPOSED_AHEAD = Rule(
    code="ENGAGEMENT-007",
    demand=gettext_noop(
        "The team was proposed, and the assessment announced, as many days before stage 1 as the standard says."
    ),
    source=_CYCLE + ", rows 5 and 6",
    remedy=gettext_noop("Begin on the day named, or later."),
)
VISIT_IS_ANNOUNCED_AHEAD = Rule(
    code="ENGAGEMENT-008",
    demand=gettext_noop(
        "A site visit is announced as many days ahead as the standard says, and does not begin earlier."
    ),
    source=_CYCLE + ", row 8; rulebook 15, invariant 5",
    remedy=gettext_noop("Choose a later day for the visit."),
)
RELEVANCE_IS_JUDGED = Rule(
    code="ENGAGEMENT-009",
    demand=gettext_noop("Stage 1 ends when every chapter proposed as not relevant was judged."),
    source="Rulebook 3: the firm judges the proposal in stage 1",
    remedy=gettext_noop("Judge the chapters named."),
)
OBJECTIONS_ARE_RULED_ON = Rule(
    code="ENGAGEMENT-010",
    demand=gettext_noop("A review is closed when every objection was ruled on."),
    source=_CYCLE + ", row 10",
    remedy=gettext_noop("Rule on the objections named."),
)
RATINGS_HAVE_AUTHORS = Rule(
    code="ENGAGEMENT-011",
    demand=gettext_noop(
        "A draft rates or leaves pending every relevant requirement, each rating by somebody of the team."
    ),
    source="Rulebook 4.5: a rating and the reason for each requirement",
    remedy=gettext_noop(
        "Rate the requirements named, or have somebody of the team confirm the rating."
    ),
)
REPORT_IS_PUBLIC = Rule(
    code="ENGAGEMENT-012",
    demand=gettext_noop("Nothing counts as published without a public report."),
    source="Rulebook 15, invariant 3: no level without a public report",
    remedy=gettext_noop("Publish the report first."),
)
ONE_ENGAGEMENT_AT_A_TIME = Rule(
    code="ENGAGEMENT-013",
    demand=gettext_noop(
        "A site has one engagement under a standard on its way to publication at a time."
    ),
    source="Stannary design: engagements do not overlap",
    remedy=gettext_noop("Go on with the engagement that is open, or withdraw it."),
)
CLOCK_IS_PUT_OFF = Rule(
    code="ENGAGEMENT-014",
    demand=gettext_noop(
        "An extension names a running clock and a day after its end; expiry needs a clock that has ended."
    ),
    source="Rulebook 15, invariant 4: extendable with a recorded decision",
    remedy=gettext_noop("Choose a clock that runs, and a later day."),
)
TEAM_IS_KNOWN = Rule(
    code="ENGAGEMENT-015",
    demand=gettext_noop(
        "A firm is named, a team accepted and a report published only when it is known who audits."
    ),
    source="Rulebook 5: operators contract approved firms only",
    remedy=gettext_noop("Record the firm's approval and the people of its team first."),
)
