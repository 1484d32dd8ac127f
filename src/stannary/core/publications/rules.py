"""What a published result must hold, in the order checked.

Rules: PUBLICATION-001 to PUBLICATION-017.
"""

from stannary.core.kernel import Rule, gettext_noop

_REPORT = "Rulebook 4.5: a rating and the reason for each requirement, and scores"
_DESIGN = "Stannary design, decision 4: records are facts"

RATINGS_HAVE_REASONS = Rule(
    code="PUBLICATION-001",
    demand=gettext_noop("Every rated requirement that is not fully met carries a reason."),
    source=_REPORT,
    remedy=gettext_noop("Write why the requirement is rated so."),
)
WHO_ASSESSED_IS_NAMED = Rule(
    code="PUBLICATION-002",
    demand=gettext_noop("A published result names the audit firm and the lead auditor."),
    source="Rulebook 5; Rulebook 4.5",
    remedy=gettext_noop("Name the firm and the lead auditor."),
)
RESULTS_ARE_NEVER_CHANGED = Rule(
    code="PUBLICATION-003",
    demand=gettext_noop("A published result is never changed: its id stands for one content."),
    source=_DESIGN,
    remedy=gettext_noop("Publish the correction as another result, under its own id."),
)
SOMETHING_IS_RATED = Rule(
    code="PUBLICATION-004",
    demand=gettext_noop("A published result rates at least one requirement."),
    source="Rulebook 2.2: assessed, and results made public",
    remedy=gettext_noop("Rate the requirements before publishing."),
)
SCORE_FOLLOWS_FROM_RATINGS = Rule(
    code="PUBLICATION-005",
    demand=gettext_noop(
        "A published score and its derivation are what the published ratings give."
    ),
    source="Stannary design, decision 4: every result can be recomputed",
    remedy=gettext_noop("Do not rely on this result; ask who published it for the original."),
)
RESULT_HAS_ITS_FORM = Rule(
    code="PUBLICATION-006",
    demand=gettext_noop(
        "A published result has one of the two published forms: every key of it, each of its kind, and no other."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Use the file as it was published."),
)
PUBLISHED_AFTER_ASSESSED = Rule(
    code="PUBLICATION-007",
    demand=gettext_noop("A result is published on or after the day as of which it was scored."),
    source=_DESIGN,
    remedy=gettext_noop("Score as of the day of publication or an earlier one."),
)
NAMES_ARE_PLAIN = Rule(
    code="PUBLICATION-008",
    demand=gettext_noop(
        "The ids and names of a published result have 1 to 200 characters on one line."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Write the name on one line, without control characters."),
)
EVERY_REQUIREMENT_IS_SHOWN = Rule(
    code="PUBLICATION-009",
    demand=gettext_noop(
        "A published result lists every requirement of its edition once, in order, as the edition words it."
    ),
    source=_REPORT,
    remedy=gettext_noop("Use the file as it was published, with the edition that it names."),
)
EDITION_IS_THE_ONE_NAMED = Rule(
    code="PUBLICATION-010",
    demand=gettext_noop(
        "A result is checked with the edition that it names, whose pack has the content hash that it states."
    ),
    source="Stannary design, decision 1",
    remedy=gettext_noop("Check it with the pack that it was scored with."),
)
CORRECTIONS_SAY_WHY = Rule(
    code="PUBLICATION-011",
    demand=gettext_noop(
        "A correction says why it was published and what changed; no other result does."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Write the reason, and publish only where something changes."),
)
FOLLOWS_AN_EARLIER_RESULT = Rule(
    code="PUBLICATION-012",
    demand=gettext_noop(
        "A correction, a settlement and a surveillance name the result before them, by id and content hash."
    ),
    source="Rulebook 4.2; Stannary design, decision 4: records are facts",
    remedy=gettext_noop("Publish the result of the audit first."),
)
TEAM_BEGINS_WITH_ITS_LEAD = Rule(
    code="PUBLICATION-013",
    demand=gettext_noop(
        "The team of a published result begins with the lead auditor whom the result names."
    ),
    source="Rulebook 5; Rulebook 4.5",
    remedy=gettext_noop("Name the lead auditor first."),
)
STEPS_ARE_IN_ORDER = Rule(
    code="PUBLICATION-014",
    demand=gettext_noop(
        "A step of an engagement ends on or after the day on which it began, and on or before publication."
    ),
    source="Rulebook 4.1",
    remedy=gettext_noop("Correct the days."),
)
SPEAKS_OF_ITS_EDITION = Rule(
    code="PUBLICATION-015",
    demand=gettext_noop(
        "What a published result says of chapters and requirements names those of its edition; a chapter left out has a reason."
    ),
    source=_REPORT,
    remedy=gettext_noop("Name the chapter or requirement as the edition does, and say why."),
)
WHAT_DECIDED_HAS_A_REASON = Rule(
    code="PUBLICATION-016",
    demand=gettext_noop("A ruling that changed a verdict is published with who ruled and why."),
    source=_REPORT,
    remedy=gettext_noop("Write why it was ruled so."),
)
TEXTS_ARE_PLAIN = Rule(
    code="PUBLICATION-017",
    demand=gettext_noop(
        "A text of a published result has at most 10 000 characters and no control characters."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Shorten the text, or remove what cannot be read."),
)
