"""Attestations: the level that a site has achieved, and its status on a day."""

from stannary.core.attestations.achievements import (
    Achievement,
    Status,
    StatusChange,
    achievement_from_result,
)

__all__ = ["Achievement", "Status", "StatusChange", "achievement_from_result"]
