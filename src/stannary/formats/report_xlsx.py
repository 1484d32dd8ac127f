"""A published result as a workbook: seven sheets with everything that is public.

Heads of columns and keys are the names of the JSON form, the same for every reader.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from stannary.core.kernel import percent_text
from stannary.core.publications import PublishedResult
from stannary.core.publications.about import About, Kind
from stannary.core.standards import Edition
from stannary.formats.canonical import sha256_hex
from stannary.formats.results import result_bytes
from stannary.formats.workbooks import Cell, Sheet, workbook

SHEETS = (
    "result",
    "ratings",
    "scores",
    "derivation",
    "corrective actions",
    "stakeholder input",
    "versions",
)
_NOTHING = About(Kind.AUDIT)

Rows = Iterator[tuple[Cell, ...]]


def result_xlsx(result: PublishedResult, edition: Edition) -> bytes:
    """Write a result as a workbook; the same result gives the same bytes.

    Args:
        result: As it was published.
        edition: The edition that it names, in its own language; it gives titles of principles and
            chapters.
    """
    about = result.about or _NOTHING
    return workbook(
        [
            Sheet("result", ("what", "value"), (28, 90), tuple(_facts(result, about, edition))),
            Sheet("ratings", *_RATINGS, tuple(_ratings(result, edition))),
            Sheet("scores", *_SCORES, tuple(_scores(result.score, edition))),
            Sheet(
                "derivation",
                ("step", "rule", "text"),
                (8, 14, 110),
                [(n, one.code, one.text) for n, one in enumerate(result.derivation, start=1)],
            ),
            Sheet("corrective actions", *_ACTIONS, tuple(_actions(about))),
            Sheet("stakeholder input", *_INPUT, tuple(_input(about))),
            Sheet("versions", *_VERSIONS, tuple(_versions(result, about))),
        ]
    )


_RATINGS = (
    (
        "requirement", "title", "chapter", "critical", "rating", "reason", "evidence",
        "site_rating", "site_reason", "ruled_by", "ruling_reason",
    ),
    (13, 44, 30, 9, 15, 70, 44, 15, 44, 12, 44),
)  # fmt: skip
_SCORES = (
    ("of", "id", "title", "points", "possible", "share", "percent", "rated", "not_relevant", "pending"),
    (11, 8, 44, 10, 10, 16, 10, 8, 13, 9),
)  # fmt: skip
_ACTIONS = (
    (
        "id", "requirement", "grade", "finding", "cause", "plan", "due", "state", "closed_on",
        "verified_by",
    ),
    (10, 13, 13, 60, 44, 60, 12, 12, 12, 14),
)  # fmt: skip
_INPUT = (
    ("id", "group", "channel", "people", "topic", "requirements", "disposition"),
    (10, 16, 14, 9, 60, 24, 60),
)
_VERSIONS = (("version", "id", "sha256", "published_on", "kind", "reason", "changed"),
             (10, 48, 68, 13, 13, 60, 40))  # fmt: skip


def _facts(result: PublishedResult, about: About, edition: Edition) -> Rows:
    yield "type", result.type
    yield "id", result.id
    yield "sha256", sha256_hex(result_bytes(result))
    yield "site.id", result.site_id
    yield "site.name", result.site_name
    yield "site.illustrative", _flag(flag=result.illustrative)
    yield "standard", result.standard
    yield "standard, title", edition.title
    yield "pack_sha256", result.pack_sha256
    yield "level, state", result.level_state
    yield "level", result.level
    yield "level, certain", result.floor
    yield "as_of", result.as_of.isoformat()
    yield "published_on", result.published_on.isoformat()
    yield "firm", result.firm
    yield "lead_auditor", result.lead_auditor
    if result.about is None:
        return
    yield "kind", str(about.kind)
    yield "engagement", about.engagement
    for one in about.team:
        yield f"team, {one.role}", one.name
    for step in about.dates:
        yield f"dates, {step.step}", f"{step.began_on.isoformat()} – {step.ended_on.isoformat()}"
    for unit in about.scope.units:
        yield f"scope, {unit.kind}", unit.name
    for material in about.scope.materials:
        yield "scope, material", material
    for chapter in about.not_relevant_chapters:
        name = f"not_relevant_chapters, {chapter.chapter}"
        yield name, f"{chapter.title}: {chapter.reason}"


def _flag(*, flag: bool) -> str:
    return "yes" if flag else "no"


def _ratings(result: PublishedResult, edition: Edition) -> Rows:
    for one in result.verdicts:
        requirement = edition.requirement_by_id.get(one.requirement)
        chapter = edition.chapter_by_id.get(requirement.chapter) if requirement else None
        yield (
            one.requirement,
            one.title,
            f"{chapter.id} {chapter.title}" if chapter else "",
            _flag(flag=one.critical),
            str(one.rating),
            one.reason,
            "\n".join(one.evidence),
            str(one.site.rating) if one.site else "",
            one.site.reason if one.site else "",
            one.ruling.by if one.ruling else "",
            one.ruling.reason if one.ruling else "",
        )


def _scores(score: Mapping[str, Any], edition: Edition) -> Rows:
    titles = {"principle": {one.id: one.title for one in edition.principles}}
    titles["chapter"] = {one.id: one.title for one in edition.chapters}
    for kind, those in titles.items():
        for one in score.get(f"{kind}s") or []:
            yield (
                kind,
                one["id"],
                those.get(one["id"], ""),
                one["points"],
                one["possible"],
                one["share"],
                _percent(one["share"]),
                one["rated"],
                one["not_relevant"],
                one["pending"],
            )


def _percent(share: str | None) -> Cell:
    return None if share is None else f"{percent_text(Fraction(share), places=2)} %"


def _actions(about: About) -> Rows:
    for one in about.corrective_actions:
        yield (
            one.id,
            one.requirement,
            one.grade,
            one.finding,
            one.cause,
            one.plan,
            one.due.isoformat() if one.due else "",
            one.state,
            one.closed_on.isoformat() if one.closed_on else "",
            one.verified_by,
        )


def _input(about: About) -> Rows:
    for one in about.stakeholder_input:
        requirements = ", ".join(one.requirements)
        yield (
            one.id,
            one.group,
            one.channel,
            one.people,
            one.topic,
            requirements,
            one.disposition,
        )


def _versions(result: PublishedResult, about: About) -> Rows:
    notice = about.notice
    yield (
        "this",
        result.id,
        sha256_hex(result_bytes(result)),
        result.published_on.isoformat(),
        str(about.kind) if result.about else "",
        notice.reason if notice else "",
        ", ".join(notice.changed) if notice else "",
    )
    if about.earlier is not None:
        yield ("earlier", about.earlier.id, about.earlier.sha256, "", "", "", "")
