"""Evidence: what shows that a demand is met, for which period, and who may see it."""

from stannary.core.evidence.items import (
    EVIDENCE_TYPES,
    LINK_MAX,
    MAX_BYTES,
    TITLE_MAX,
    EvidenceItem,
    EvidenceKind,
    Reader,
    Visibility,
    check_evidence,
    check_link,
    current,
    may_read,
)

__all__ = [
    "EVIDENCE_TYPES",
    "LINK_MAX",
    "MAX_BYTES",
    "TITLE_MAX",
    "EvidenceItem",
    "EvidenceKind",
    "Reader",
    "Visibility",
    "check_evidence",
    "check_link",
    "current",
    "may_read",
]
