"""Evidence: what shows that a demand is met, for which period, and who may see it."""

from stannary.core.evidence.items import (
    EVIDENCE_TYPES,
    MAX_BYTES,
    EvidenceItem,
    EvidenceKind,
    Reader,
    Visibility,
    check_evidence,
    current,
    may_read,
)

__all__ = [
    "EVIDENCE_TYPES",
    "MAX_BYTES",
    "EvidenceItem",
    "EvidenceKind",
    "Reader",
    "Visibility",
    "check_evidence",
    "current",
    "may_read",
]
