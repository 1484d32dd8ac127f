"""Crosswalks as canonical JSON, and back. Nothing is lost but where in which file a thing stood."""

import json

from stannary.core.crosswalks import Crosswalk, crosswalk_as_dict, crosswalk_from_dict
from stannary.formats.canonical import canonical_bytes


def content_of(crosswalk: Crosswalk) -> str:
    """Write a crosswalk as canonical JSON (RFC 8785): equal crosswalks give equal texts."""
    return canonical_bytes(crosswalk_as_dict(crosswalk)).decode("utf-8")


def crosswalk_from(content: str) -> Crosswalk:
    """Read a crosswalk that `content_of` wrote."""
    return crosswalk_from_dict(json.loads(content))
