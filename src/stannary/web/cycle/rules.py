"""Rules about engagements that concern accounts, writers and the words they send.

Rules: ENGAGEMENT-020 to ENGAGEMENT-027. What an act needs is said by core: ENGAGEMENT-001 to 015.
"""

from stannary.core.kernel import Rule, gettext_noop

_RIGHTS = "Stannary design, decision on rights"

NEWEST_ACT_WAS_SEEN = Rule(
    code="ENGAGEMENT-020",
    demand=gettext_noop("Who acts in an engagement has seen every act before theirs."),
    source="Stannary design: nobody overwrites what they have not seen",
    remedy=gettext_noop("Look at what happened meanwhile, and decide again."),
)
PEOPLE_ARE_ON_ONE_SIDE = Rule(
    code="ENGAGEMENT-021",
    demand=gettext_noop(
        "In one engagement a person is on one side: the site's, the auditors', or the secretariat's."
    ),
    source="Rulebook 5: auditors are independent of whom they audit",
    remedy=gettext_noop("Name somebody else."),
)
PEOPLE_COME_FROM_THEIR_SIDE = Rule(
    code="ENGAGEMENT-022",
    demand=gettext_noop(
        "Site users and respondents act for the operator, auditors and reviewers for the firm; each side names its own."
    ),
    source=_RIGHTS,
    remedy=gettext_noop(
        "Give the person a role in the organisation first, or ask the secretariat."
    ),
)
OPERATOR_OPENS = Rule(
    code="ENGAGEMENT-023",
    demand=gettext_noop(
        "A site's engagement has its operator, an edition that gives levels, and nothing made up beside what is real."
    ),
    source="Rulebook 4.1, row 1; Stannary design, decision 6",
    remedy=gettext_noop("Choose a site of the operator, and an edition with requirements."),
)
TEXTS_ARE_BOUNDED = Rule(
    code="ENGAGEMENT-024",
    demand=gettext_noop(
        "A name has 1 to 200 characters, a reason or note at most 10 000, and a scope at most 200 units of different names."
    ),
    source="Stannary design: what is stored is bounded",
    remedy=gettext_noop("Shorten the text, or write what is missing."),
)
CHAPTER_IS_OF_THE_STANDARD = Rule(
    code="ENGAGEMENT-025",
    demand=gettext_noop(
        "What is proposed, judged or objected to is a chapter or requirement of the engagement's edition."
    ),
    source="Rulebook 3: relevance is proposed chapter by chapter",
    remedy=gettext_noop("Choose one from the list."),
)
RELEVANCE_IS_JUDGED_ONCE = Rule(
    code="ENGAGEMENT-026",
    demand=gettext_noop("A proposal of a chapter is judged once, with a reason."),
    source="Rulebook 3: the firm judges the proposal in stage 1",
    remedy=gettext_noop("Write the reason; what was judged stays as it is."),
)
LAST_PEOPLE_STAY = Rule(
    code="ENGAGEMENT-027",
    demand=gettext_noop("An engagement that goes on keeps at least one site user."),
    source=_RIGHTS,
    remedy=gettext_noop("Add another site user first."),
)
