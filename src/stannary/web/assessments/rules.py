"""Rules about rating together, and about what an open assessment is.

Rules: RATING-020 to RATING-028.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, decision 4: records are facts"

NEWEST_WAS_SEEN = Rule(
    code="RATING-020",
    demand=gettext_noop("Whoever changes a rating has seen the newest one."),
    source=_DESIGN,
    remedy=gettext_noop("Look at the rating that was saved meanwhile, then keep it or rate again."),
)
ASSESSMENT_IS_OPEN = Rule(
    code="RATING-021",
    demand=gettext_noop(
        "A rating is given while its assessment is open, not after its results are published."
    ),
    source=_DESIGN,
    remedy=gettext_noop("What was published stays as it is; open another assessment to say more."),
)
FIRM_ASSESSES = Rule(
    code="RATING-022",
    demand=gettext_noop("An assessment is opened by an auditor of the audit firm that makes it."),
    source="Stannary design, section 1",
    remedy=gettext_noop("Ask the firm to give you the role of auditor."),
)
MADE_UP_STAYS_MADE_UP = Rule(
    code="RATING-023",
    demand=gettext_noop(
        "An assessment that an illustrative firm makes, or of an illustrative site, is illustrative: both are, or neither."
    ),
    source="Stannary design, decision 6",
    remedy=gettext_noop("Choose a site and a firm that are both illustrative, or both real."),
)
ONE_AT_A_TIME = Rule(
    code="RATING-024",
    demand=gettext_noop("A firm has one open assessment of a site under an edition at a time."),
    source=_DESIGN,
    remedy=gettext_noop("Go on with the open one, or publish it first."),
)
CARRIED_ALONG_A_TRANSITION = Rule(
    code="RATING-025",
    demand=gettext_noop(
        "Answers are carried over along a transition that leads from the edition of their assessment."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Choose an edition that takes the place of this one, or open a new one."),
)

SIDES_HAVE_THEIR_ASSESSMENT = Rule(
    code="RATING-026",
    demand=gettext_noop(
        "An engagement has one self-assessment, without a firm, and one audit by the firm it named."
    ),
    source="Rulebook 4.1: the site assesses itself, then an independent firm assesses it",
    remedy=gettext_noop("Go on with the assessment that is there."),
)
FINAL_HAS_A_REASON = Rule(
    code="RATING-027",
    demand=gettext_noop("A final verdict says why it takes the place of the auditor's."),
    source="Rulebook 4.2: findings are changed after the draft by a ruling or a correction",
    remedy=gettext_noop("Write the reason."),
)
ONLY_PENDING_IS_RATED_LATER = Rule(
    code="RATING-028",
    demand=gettext_noop("Once a result is public, only what it left pending is rated."),
    source="Rulebook 4.2: surveillance writes ratings only for pending items",
    remedy=gettext_noop(
        "Record a finding, ask the secretariat for a correction, or wait for the next full audit."
    ),
)
