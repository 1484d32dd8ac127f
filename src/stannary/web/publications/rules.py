"""Rules about when a result may be published, beside those of core.

Rules: PUBLICATION-020 to PUBLICATION-024.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, decision 4: records are facts"

TEMPLATE_CAN_BE_SET = Rule(
    code="PUBLICATION-040",
    demand=gettext_noop("A template of the report can be set, and holds nothing else."),
    source="Stannary, the report's template: docs/reference/report-template.md",
    remedy=gettext_noop("Correct the place named, or take the file out of the template's folder."),
)
NOT_IN_THE_FUTURE = Rule(
    code="PUBLICATION-020",
    demand=gettext_noop("A result is published today or on a day that has passed."),
    source=_DESIGN,
    remedy=gettext_noop("Publish it on the day of release."),
)
AFTER_THE_LAST_RATING = Rule(
    code="PUBLICATION-021",
    demand=gettext_noop("A result is published on or after the day of its newest rating."),
    source=_DESIGN,
    remedy=gettext_noop("Choose the day of the newest rating or a later one."),
)
PUBLISHED_WITH_INTENT = Rule(
    code="PUBLICATION-022",
    demand=gettext_noop(
        "Whoever publishes says that the preview was read and that nothing can be taken back."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Read the preview, tick the box, then publish."),
)
SETTLES_SOMETHING = Rule(
    code="PUBLICATION-023",
    demand=gettext_noop("What was left pending is published again once some of it is rated."),
    source="Rulebook 4.2: later ratings are of pending items only",
    remedy=gettext_noop("Let the auditors rate what was left pending first."),
)
CORRECTED_ONCE = Rule(
    code="PUBLICATION-024",
    demand=gettext_noop("A result is corrected once; what is wrong in a correction, by another."),
    source=_DESIGN,
    remedy=gettext_noop("Correct the newest version."),
)
