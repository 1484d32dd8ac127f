"""What form 2 says beside the verdicts, checked: first by itself, then against the edition.

Rules: PUBLICATION-008, PUBLICATION-011 to PUBLICATION-015, PUBLICATION-017.
"""

import datetime
import re
from collections.abc import Iterable, Iterator

from stannary.core.assessments import is_plain
from stannary.core.kernel import Finding
from stannary.core.publications import rules
from stannary.core.publications.about import About, Kind
from stannary.core.standards import Edition

NAME_MAX = 200
TEXT_MAX = 10_000

_HASH = re.compile(r"[0-9a-f]{64}")


def is_name(text: str) -> bool:
    """Tell whether a text may stand as a name: 1 to 200 characters on one line."""
    return len(text.strip()) > 0 and len(text) <= NAME_MAX and is_plain(text) and text.isprintable()


def is_text(text: str) -> bool:
    """Tell whether a text may be published: at most 10 000 characters, all plain."""
    return len(text) <= TEXT_MAX and is_plain(text)


def check_about(
    about: About, *, lead_auditor: str, published_on: datetime.date
) -> Iterator[Finding]:
    """Check what form 2 says by itself, without the edition.

    Args:
        about: What it says.
        lead_auditor: Whom the result names.
        published_on: The day of release.
    """
    yield from _check_follows(about)
    if about.team and (about.team[0].role, about.team[0].name) != ("lead_auditor", lead_auditor):
        first = f"{about.team[0].role} {about.team[0].name}"
        facts = {"first": first[:NAME_MAX], "lead_auditor": lead_auditor[:NAME_MAX]}
        yield Finding(rules.TEAM_BEGINS_WITH_ITS_LEAD, facts)
    for one in about.dates:
        if not one.began_on <= one.ended_on <= published_on:
            days = {"from": one.began_on.isoformat(), "to": one.ended_on.isoformat()}
            facts = {"step": one.step[:NAME_MAX], **days, "published_on": published_on.isoformat()}
            yield Finding(rules.STEPS_ARE_IN_ORDER, facts)
    for name, text in _names(about):
        if not is_name(text):
            yield Finding(rules.NAMES_ARE_PLAIN, {"name": name})
    for name, text in _texts(about):
        if not is_text(text):
            yield Finding(rules.TEXTS_ARE_PLAIN, {"text": name})


def check_references(about: About, edition: Edition) -> Iterator[Finding]:
    """Check that the chapters and requirements that form 2 speaks of are in the edition."""
    for one in about.not_relevant_chapters:
        chapter = edition.chapter_by_id.get(one.chapter)
        if chapter is None:
            wrong = "chapter"
        elif chapter.title != one.title:
            wrong = "title"
        elif not one.reason.strip():
            wrong = "reason"
        else:
            continue
        facts = {"chapter": one.chapter[:40] or "(empty)", "wrong": wrong}
        yield Finding(rules.SPEAKS_OF_ITS_EDITION, facts)
    named = [
        ("stakeholder_input", one.id, each)
        for one in about.stakeholder_input
        for each in one.requirements
    ]
    named += [("corrective_actions", one.id, one.requirement) for one in about.corrective_actions]
    for where, name, requirement in named:
        if requirement not in edition.requirement_by_id:
            facts = {"in": where, "id": name[:40], "requirement": requirement[:40] or "(empty)"}
            yield Finding(rules.SPEAKS_OF_ITS_EDITION, facts)


def _check_follows(about: About) -> Iterator[Finding]:
    notice = about.notice
    if about.kind is Kind.CORRECTION:
        missing = ""
        if notice is None:
            missing = "notice"
        elif not notice.reason.strip():
            missing = "reason"
        elif not notice.changed:
            missing = "changed"
        if missing:
            yield Finding(rules.CORRECTIONS_SAY_WHY, {"kind": str(about.kind), "missing": missing})
    elif notice is not None:
        yield Finding(rules.CORRECTIONS_SAY_WHY, {"kind": str(about.kind), "unexpected": "notice"})
    if about.earlier is None:
        if about.kind is not Kind.AUDIT:
            facts = {"kind": str(about.kind), "missing": "earlier"}
            yield Finding(rules.FOLLOWS_AN_EARLIER_RESULT, facts)
    elif not _HASH.fullmatch(about.earlier.sha256):
        facts = {"key": "earlier.sha256", "problem": "not 64 hexadecimal digits"}
        yield Finding(rules.RESULT_HAS_ITS_FORM, facts)


def _names(about: About) -> Iterator[tuple[str, str]]:
    """Give every name with where it stands, empty ones too, but for those that may be absent."""
    if about.engagement:
        yield "engagement", about.engagement
    rows: tuple[tuple[str, Iterable[object], tuple[str, ...]], ...] = (
        ("scope.units", about.scope.units, ("name", "kind")),
        ("team", about.team, ("role", "name")),
        ("dates", about.dates, ("step",)),
        ("stakeholder_input", about.stakeholder_input, ("id", "group", "channel")),
        ("corrective_actions", about.corrective_actions, ("id", "grade", "state")),
    )
    for where, those, keys in rows:
        for n, one in enumerate(those):
            for key in keys:
                yield f"{where}[{n}].{key}", getattr(one, key)
    for n, material in enumerate(about.scope.materials):
        yield f"scope.materials[{n}]", material
    for n, action in enumerate(about.corrective_actions):
        if action.verified_by:
            yield f"corrective_actions[{n}].verified_by", action.verified_by
    if about.earlier is not None:
        yield "earlier.id", about.earlier.id
    for n, changed in enumerate(about.notice.changed if about.notice else ()):
        yield f"notice.changed[{n}]", changed


def _texts(about: About) -> Iterator[tuple[str, str]]:
    for n, chapter in enumerate(about.not_relevant_chapters):
        yield f"not_relevant_chapters[{n}].reason", chapter.reason
    for n, said in enumerate(about.stakeholder_input):
        yield f"stakeholder_input[{n}].topic", said.topic
        yield f"stakeholder_input[{n}].disposition", said.disposition
    for n, action in enumerate(about.corrective_actions):
        texts = (("finding", action.finding), ("cause", action.cause), ("plan", action.plan))
        for key, text in texts:
            yield f"corrective_actions[{n}].{key}", text
    if about.notice is not None:
        yield "notice.reason", about.notice.reason
