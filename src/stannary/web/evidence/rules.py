"""Rules about files that are kept here. What evidence is, is said by core: EVIDENCE-001 to 011.

Rules: EVIDENCE-020.
"""

from stannary.core.kernel import Rule, gettext_noop

KEPT_FILE_IS_WHOLE = Rule(
    code="EVIDENCE-020",
    demand=gettext_noop("A file that is given out has the digest that it was kept under."),
    source="Stannary design, evidence",
    remedy=gettext_noop("Tell whoever runs this server: the file has to come from a backup."),
)
