"""Rules about when a result may be published, beside those of core.

Rules: PUBLICATION-020 to PUBLICATION-022.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, decision 4: records are facts"

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
