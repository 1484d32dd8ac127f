"""What a piece of evidence must be to be kept, in the order checked.

Rules: EVIDENCE-001 to EVIDENCE-011.
"""

from stannary.core.kernel import Rule, gettext_noop

_DESIGN = "Stannary design, evidence"

FILE_IS_OF_A_KNOWN_TYPE = Rule(
    code="EVIDENCE-001",
    demand=gettext_noop(
        "A file is a PDF, a JPEG or PNG picture, a DOCX, XLSX, ODT or ODS document, or plain text in UTF-8."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Save it in one of these types, for example as PDF."),
)
FILE_IS_WHAT_IT_SAYS = Rule(
    code="EVIDENCE-002",
    demand=gettext_noop("A file's content is what its name says, and can be opened."),
    source="OWASP: file upload, check by content",
    remedy=gettext_noop("Open it on your own machine, save it again, and hand in the new file."),
)
FILE_IS_WITHIN_SIZE = Rule(
    code="EVIDENCE-003",
    demand=gettext_noop("A file is not empty and within the size that can be kept, also unpacked."),
    source=_DESIGN,
    remedy=gettext_noop("Split it, or lower the resolution of its pictures."),
)
FILE_IS_FREE_OF_MALWARE = Rule(
    code="EVIDENCE-004",
    demand=gettext_noop("A file carries no malware, macros or locked parts."),
    source="OWASP: file upload, scan what is uploaded",
    remedy=gettext_noop(
        "Clean the machine that it came from, or save it without macros and passwords."
    ),
)
PERIOD_IS_NAMED = Rule(
    code="EVIDENCE-005",
    demand=gettext_noop(
        "Evidence names the period that it covers, which ends on or after its first day and not in the future."
    ),
    source="intuitem/ciso-assistant-community#4797: the day of upload is not the period covered",
    remedy=gettext_noop("Name the first and last day, month or year that the evidence speaks of."),
)
TITLE_IS_WRITTEN = Rule(
    code="EVIDENCE-006",
    demand=gettext_noop("Evidence has a title of at most 200 characters."),
    source=_DESIGN,
    remedy=gettext_noop("Write what it is, in a few words."),
)
REQUIREMENTS_ARE_KNOWN = Rule(
    code="EVIDENCE-007",
    demand=gettext_noop("Evidence serves one or more requirements of the edition."),
    source=_DESIGN,
    remedy=gettext_noop("Name the requirements that it shows."),
)
TWIN_HAS_ITS_ORIGINAL = Rule(
    code="EVIDENCE-008",
    demand=gettext_noop(
        "A redacted twin belongs to an original of the same period that is not public and not a twin itself."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Hand in the original first, and name it."),
)
REVISION_FOLLOWS = Rule(
    code="EVIDENCE-009",
    demand=gettext_noop("A revision follows the newest version of its item, and differs from it."),
    source=_DESIGN,
    remedy=gettext_noop("Look at the newest version, then hand in yours."),
)
IS_A_FILE_OR_A_LINK = Rule(
    code="EVIDENCE-010",
    demand=gettext_noop(
        "Evidence is one file or one link; a link is an http or https address of at most 2 000 characters without a password."
    ),
    source=_DESIGN,
    remedy=gettext_noop("Choose a file, or write the whole address, beginning with https://."),
)
VISIBILITY_IS_KNOWN = Rule(
    code="EVIDENCE-011",
    demand=gettext_noop("Evidence says who may read it: public, confidential, or auditors only."),
    source=_DESIGN,
    remedy=gettext_noop("Choose one of the three."),
)
