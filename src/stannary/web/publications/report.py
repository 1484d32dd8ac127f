"""The report of a published result as PDF: tagged, PDF/UA-1 and PDF/A-2a, the same bytes each time.

The layout is report.typ; everything that it shows goes in as JSON, so text stays text.
"""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import fontpkg_noto_sans
import typst
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from stannary.core.kernel import share_text
from stannary.core.scores import Tally
from stannary.web.assessments import words
from stannary.web.assessments.words import Bar
from stannary.web.project.templatetags.stannary import day, percent, quarters_of
from stannary.web.publications import glyphs, pages
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.pages import Line, Shown
from stannary.web.publications.report_cache import kept
from stannary.web.publications.table import WEAK

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(fontpkg_noto_sans.ROOT)
FONT = FONTS / "files" / "NotoSans[wdth,wght].ttf"
STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
LONG = 1200
"""Characters from which on a row may break over pages; a shorter one stays together."""
_ENDLESS = re.compile(r"\S{41,}")
_PIECE = re.compile(r".{1,40}")


def pdf(row: PublishedResult) -> bytes:
    """Give the report of a result in the language of the page."""
    data = json.dumps(content(row), ensure_ascii=False)
    return kept(("pdf", version(), data), lambda: _pdf(data))


def _pdf(data: str) -> bytes:
    """Set the report; where the font lacks characters, set it again with boxes in their place."""
    try:
        return _set(data)
    except typst.TypstError:
        whole = json.loads(data)
        shown = glyphs.showable(whole, glyphs.covered(FONT))
        if shown == whole:
            raise
        return _set(json.dumps({**shown, "boxes": True}, ensure_ascii=False))


def _set(data: str) -> bytes:
    return bytes(
        typst.compile(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=[*STANDARDS],
        )
    )


@cache
def version() -> str:
    """Give a short name of the layout, so that a cached report is not kept beyond it."""
    return hashlib.sha256(TEMPLATE.read_bytes()).hexdigest()[:12]


def content(row: PublishedResult) -> dict[str, Any]:
    """Give everything that the report shows, as JSON values."""
    those = pages.shown(row)
    result = those.result
    day_of = result.published_on
    facts = {"standard": those.edition.title, "firm": result.firm, "day": _plain(day(day_of))}
    return {
        "language": get_language() or "en",
        "id": str(row.result_id),
        "title": gettext("Result of %(site)s") % {"site": result.site_name},
        "lede": gettext("Assessed against the %(standard)s by %(firm)s. Published on %(day)s.")
        % facts,
        "firm": result.firm,
        "keywords": [result.site_name, result.standard, *([result.level] if result.level else [])],
        "date": [day_of.year, day_of.month, day_of.day],
        "illustrative": result.illustrative,
        "boxes": False,
        "words": _words(),
        "facts": _facts(those),
        "level": words.outcome_text(those.outcome),
        "quarters": quarters_of(those.outcome.code or those.outcome.floor or ""),
        "level_summary": those.level.summary if those.level else "",
        "principles": [_principle(bar) for bar in those.bars],
        "steps": [{"sentence": step.sentence, "code": step.code} for step in those.steps],
        "chapters": [
            {"id": chapter.id, "title": chapter.title, **_tally(tally)}
            for chapter, tally in those.chapters
        ],
        "groups": _groups(those),
        "proof": _proof(row, those),
        "command": those.command,
    }


def _words() -> dict[str, str]:
    return {
        "illustrative": gettext("illustrative"),
        "illustrative_title": gettext("Illustrative"),
        "made_up": gettext(
            "This mine, this firm and this result are made up, to show how a result looks."
        ),
        "boxes": gettext(
            "Some characters cannot be printed here; each stands as an empty box. The page and the files have them all."
        ),
        "fact": gettext("What"),
        "value": gettext("Value"),
        "level": gettext("Achievement level"),
        "principle": gettext("Principle"),
        "share": gettext("Share"),
        "needed": gettext("Threshold"),
        "points": gettext("Points"),
        "why": gettext("How the level came about"),
        "chapters": gettext("Chapters"),
        "chapter": gettext("Chapter"),
        "rated": gettext("Rated"),
        "not_relevant": gettext("Not relevant"),
        "requirements": gettext("Every requirement"),
        "requirement": gettext("Requirement"),
        "reason": gettext("Reason and evidence"),
        "rating": gettext("Rating"),
        "critical": gettext("critical"),
        "check": gettext("Check it yourself"),
        "check_text": gettext(
            "You need not trust this site, nor the audit firm's word about the sum: the result is "
            "signed, stands in a public log, and its level can be computed again from the ratings."
        ),
    }


def _facts(those: Shown) -> list[list[str]]:
    result, due = those.result, those.cycle.reassessment_due
    computed = gettext("computed")
    return [
        [gettext("Mine"), breakable(result.site_name)],
        [gettext("Standard"), those.edition.title],
        [gettext("Audit firm"), breakable(result.firm)],
        [gettext("Lead auditor"), breakable(result.lead_auditor)],
        [gettext("Published"), _plain(day(result.published_on))],
        [
            gettext("Next full audit due"),
            f"{_plain(day(due))} ({computed})" if due else gettext("unknown"),
        ],
    ]


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _principle(bar: Bar) -> dict[str, Any]:
    return {
        "id": bar.id,
        "title": bar.title,
        "share": percent(bar.share) if bar.share is not None else "–",
        "width": int(bar.share * 100) if bar.share is not None else 0,
        "threshold": percent(bar.threshold, 0) if bar.threshold is not None else "–",
        "threshold_width": int(bar.threshold * 100) if bar.threshold is not None else None,
        "points": _points(bar),
    }


def _points(those: Bar | Tally) -> str:
    return words.number(f"{share_text(those.points)} / {share_text(those.possible)}")


def _tally(tally: Tally) -> dict[str, str]:
    return {
        "share": percent(tally.share) if tally.share is not None else "–",
        "points": _points(tally),
        "rated": str(tally.rated),
        "not_relevant": str(tally.not_relevant),
    }


def _groups(those: Shown) -> list[dict[str, Any]]:
    said = {rating: words.rating_word(rating) for rating in pages.RATINGS}
    return [
        {
            "id": chapter.id,
            "title": chapter.title,
            "rows": [
                {
                    "id": line.verdict.requirement,
                    "title": line.title,
                    "critical": line.verdict.critical,
                    "reason": breakable(line.verdict.reason).split("\n")
                    if line.verdict.reason
                    else [],
                    "evidence": [[link, breakable(link)] for link in line.verdict.evidence],
                    "rating": said[line.verdict.rating],
                    "weak": line.verdict.rating in WEAK,
                    "long": _weight(line) > LONG,
                }
                for line in found
            ],
        }
        for chapter, _tally_of, found in pages.by_chapter(those, pages.lines(those))
    ]


def _weight(line: Line) -> int:
    """Give roughly how many characters' room a row takes; a line counts as 60 at least."""
    texts = [*line.verdict.reason.split("\n"), *line.verdict.evidence]
    return sum(max(60, len(text)) for text in texts)


def breakable(text: str) -> str:
    """Let a word without end break over lines, at places that nobody sees.

    Example:
        >>> breakable("a" * 41).count("\N{ZERO WIDTH SPACE}"), breakable("short words")
        (1, 'short words')
    """
    return _ENDLESS.sub(lambda word: "\N{ZERO WIDTH SPACE}".join(_PIECE.findall(word[0])), text)


def _proof(row: PublishedResult, those: Shown) -> list[list[str]]:
    address = settings.ORIGIN + reverse("results:page", args=[row.result_id])
    return [
        [gettext("Address"), breakable(address)],
        [gettext("Content hash (SHA-256)"), row.sha256],
        [gettext("Entry in the public log"), str(row.log_index)],
        [gettext("Standard as it was then (SHA-256)"), those.result.pack_sha256],
    ]
