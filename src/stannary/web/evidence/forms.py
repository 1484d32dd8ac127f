"""What a person sends as evidence, read; and what the form shows."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from stannary.core.evidence import EVIDENCE_TYPES, MAX_BYTES, Visibility
from stannary.web.evidence import words
from stannary.web.evidence.models import EvidenceVersion
from stannary.web.evidence.operations import Given

FIELDS = ("title", "covers_from", "covers_until", "requirements", "visibility", "link")
REQUIREMENTS_MAX = 2_000
_BETWEEN = re.compile(r"[\s,;]+")


def given(request: HttpRequest) -> Given:
    """Read what was sent."""
    file = request.FILES.get("file")
    return Given(
        title=request.POST.get("title", "")[:1_000],
        covers_from=request.POST.get("covers_from", "")[:40],
        covers_until=request.POST.get("covers_until", "")[:40],
        requirements=ids(request.POST.get("requirements", "")),
        visibility=request.POST.get("visibility", "")[:40],
        content=content(file) if file is not None else None,
        name=file.name or "" if file is not None else "",
        link=request.POST.get("link", "").strip()[:10_000],
    )


def content(file: "UploadedFile[bytes]") -> bytes:
    """Read a file, and no more of it than tells that it is too large."""
    return bytes(file.read(MAX_BYTES + 1))


def ids(text: str) -> tuple[str, ...]:
    """Give the ids in a text, separated by blanks, commas or line breaks."""
    found = [one for one in _BETWEEN.split(text.replace("\x00", "")) if one]
    return tuple(found[:REQUIREMENTS_MAX])


def blank(requirements: str) -> dict[str, str]:
    """Give the form as it is at first, for requirements that somebody came from."""
    return {**dict.fromkeys(FIELDS, ""), "requirements": " ".join(ids(requirements))[:1_000]}


def of_version(row: EvidenceVersion) -> dict[str, str]:
    """Give the form filled in from a version that is to be revised, or redacted."""
    return {
        "title": row.title,
        "covers_from": row.covers_from,
        "covers_until": row.covers_until,
        "requirements": " ".join(row.requirements),
        "visibility": row.visibility,
        "link": row.link,
    }


def typed(request: HttpRequest) -> dict[str, str]:
    """Give the form as it was sent."""
    return {name: request.POST.get(name, "")[:10_000] for name in FIELDS}


def choices(values: Mapping[str, str]) -> dict[str, Any]:
    """Give what the form shows beside the values."""
    chosen = values["visibility"] or Visibility.CONFIDENTIAL
    return {
        "values": values,
        "visibilities": [(str(one), words.EXPLAINED[one], one == chosen) for one in Visibility],
        "types": ", ".join(f".{one}" for one in EVIDENCE_TYPES),
        "at_most": words.size(MAX_BYTES),
    }
