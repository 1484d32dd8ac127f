"""What evidence says of itself in words, in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy, ngettext

from stannary.core.evidence import EVIDENCE_TYPES, Visibility

VISIBILITIES = {
    Visibility.PUBLIC: gettext_lazy("public"),
    Visibility.CONFIDENTIAL: gettext_lazy("confidential"),
    Visibility.AUDITOR_ONLY: gettext_lazy("auditors only"),
}

EXPLAINED = {
    Visibility.PUBLIC: gettext_lazy("public: everybody, once the report is published"),
    Visibility.CONFIDENTIAL: gettext_lazy("confidential: the site and the audit team"),
    Visibility.AUDITOR_ONLY: gettext_lazy("auditors only: the audit team, and you"),
}

REMOVED = {
    "camera and time": gettext_lazy("camera and time"),
    "place": gettext_lazy("place"),
    "comments": gettext_lazy("comments"),
    "author and properties": gettext_lazy("author and properties"),
    "scripts and files inside it": gettext_lazy("scripts and files inside it"),
    "secrets of pictures inside it": gettext_lazy("camera, time and place of pictures inside it"),
}
"""What is cleaned out of files, by the words of `formats.evidence_files`."""

_ENDINGS = {media: ending for ending, media in EVIDENCE_TYPES.items()}


def removed(those: Iterable[str]) -> str:
    """Say what was cleaned out of a file; empty: nothing was found."""
    return ", ".join(str(REMOVED.get(one, one)) for one in those)


def ending(media_type: str) -> str:
    """Give the ending of a file of a type."""
    return _ENDINGS.get(media_type, "bin")


def type_name(media_type: str) -> str:
    """Give a type as people call it."""
    return gettext("text") if media_type == "text/plain" else ending(media_type).upper()


def size(count: int) -> str:
    """Give a size in bytes as people read it, rounded up to whole kilobytes."""
    if count < 1_000:
        return ngettext("%(n)s byte", "%(n)s bytes", count) % {"n": count}
    if count < 1_000_000:
        return f"{-(-count // 1_000)}\N{NO-BREAK SPACE}kB"
    return f"{-(-count // 100_000) / 10:.1f}\N{NO-BREAK SPACE}MB"


def period(covers_from: str, covers_until: str) -> str:
    """Say which period is covered."""
    if covers_from == covers_until:
        return covers_from
    return gettext("%(from)s to %(until)s") % {"from": covers_from, "until": covers_until}
