"""Rules about respondents: who is asked, when they may answer, and when they are done.

Rules: RATING-030 to RATING-035.
"""

from stannary.core.kernel import Rule, gettext_noop

_ASKED = "Rulebook 4.1, row 1: the site assesses itself; Stannary design: by those who know"

ASKED_OF_SOMEBODY = Rule(
    code="RATING-030",
    demand=gettext_noop(
        "Requirements of the standard are given to a respondent of the engagement, or somebody named in at most 200 characters."
    ),
    source=_ASKED,
    remedy=gettext_noop("Choose what is to be answered, and by whom."),
)
ASKED_ONCE = Rule(
    code="RATING-031",
    demand=gettext_noop("Nobody has the same requirement to answer twice at a time."),
    source=_ASKED,
    remedy=gettext_noop(
        "Make a new link for what the person has, or withdraw it before it is given again."
    ),
)
TURN_IS_OPEN = Rule(
    code="RATING-032",
    demand=gettext_noop(
        "A respondent answers until they hand in, the link ends or is withdrawn, or the audit has begun."
    ),
    source=_ASKED,
    remedy=gettext_noop("Ask the site for a new link, or to return the answers for a change."),
)
ALL_IS_ANSWERED = Rule(
    code="RATING-033",
    demand=gettext_noop(
        "Who hands in has answered everything that was given to them, or said why they cannot."
    ),
    source=_ASKED,
    remedy=gettext_noop("Answer what is left; where you cannot, choose so and write the reason."),
)
RETURNED_FOR_A_CHANGE = Rule(
    code="RATING-034",
    demand=gettext_noop(
        "Answers are returned after they were handed in, with what is to be changed in at most 10 000 characters."
    ),
    source=_ASKED,
    remedy=gettext_noop("Write what is to be changed, at an answer or for all of them."),
)
RESPONDENT_SAYS_A_NAME = Rule(
    code="RATING-035",
    demand=gettext_noop(
        "Who answers without an account says their name, in at most 200 characters."
    ),
    source="Stannary design, decision 4: every rating has an author",
    remedy=gettext_noop("Write your name as the site knows it."),
)
