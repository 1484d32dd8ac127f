"""What an entry of stakeholder input must be to be kept and published, in the order checked.

Rules: STAKEHOLDER-001 to STAKEHOLDER-008.
"""

from stannary.core.kernel import Rule, gettext_noop

_HEARD = "Rulebook 4.1: people may comment in writing, ask for an interview, and stay confidential"
_NOBODY = "Stannary design, what stakeholders said is published without saying who"

GROUP_AND_CHANNEL_ARE_KNOWN = Rule(
    code="STAKEHOLDER-001",
    demand=gettext_noop("An entry names the group that spoke and how it was heard."),
    source=_HEARD,
    remedy=gettext_noop("Choose both from the lists."),
)
TOPIC_IS_WRITTEN = Rule(
    code="STAKEHOLDER-002",
    demand=gettext_noop("An entry says what was said, in at most 2,000 signs."),
    source=_HEARD,
    remedy=gettext_noop("Write it in a few sentences."),
)
REQUIREMENTS_ARE_OF_THE_EDITION = Rule(
    code="STAKEHOLDER-003",
    demand=gettext_noop("An entry names requirements of the edition, or none."),
    source="Stannary design, requirements are named by their ids",
    remedy=gettext_noop("Correct the numbers."),
)
PERIOD_IS_A_PERIOD = Rule(
    code="STAKEHOLDER-004",
    demand=gettext_noop(
        "What was said was said in a period that has begun, and ends after it began."
    ),
    source="Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Correct the dates; a month is enough."),
)
PEOPLE_ARE_COUNTED_FROM_ONE = Rule(
    code="STAKEHOLDER-005",
    demand=gettext_noop("The number of people is 1 or more, or left out where nobody counted."),
    source=_NOBODY,
    remedy=gettext_noop("Write how many, or leave it out."),
)
DISPOSITION_HAS_A_REASON = Rule(
    code="STAKEHOLDER-006",
    demand=gettext_noop("Who decides what becomes of an entry says why."),
    source=_HEARD,
    remedy=gettext_noop("Write what was looked at, and what it showed."),
)
NO_CONTACTS_ARE_PUBLISHED = Rule(
    code="STAKEHOLDER-007",
    demand=gettext_noop(
        "Texts that are published hold no e-mail address, no telephone number and no address of a person's page."
    ),
    source=_NOBODY,
    remedy=gettext_noop(
        "Leave it out, and write long figures with commas; keep contacts outside of this system."
    ),
)
SMALL_GROUPS_SHOW_NO_NUMBER = Rule(
    code="STAKEHOLDER-008",
    demand=gettext_noop("A group of few people is published without their number."),
    source=_NOBODY,
    remedy=gettext_noop("Leave the number out."),
)
