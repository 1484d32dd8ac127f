"""What a report shows, as JSON values in one language: the data that a template is given.

The form is "stannary/report-data/1" (docs/reference/report-template.md). A template lays it out; it
computes nothing, and everything that somebody wrote is text to it.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import get_language

from stannary.core.assessments import Verdict, rating_sheet
from stannary.core.kernel import share_text
from stannary.core.publications import PublishedResult as Result
from stannary.core.publications.about import About, Kind
from stannary.core.scores import Tally, derivation, score
from stannary.web.assessments import words as score_words
from stannary.web.assessments.words import Bar
from stannary.web.project.templatetags.stannary import day as day_in_words
from stannary.web.project.templatetags.stannary import level_title, percent, quarters_of
from stannary.web.publications import pages, report_words
from stannary.web.publications.models import PublishedResult
from stannary.web.publications.pages import Line, Shown
from stannary.web.publications.report_comparison import comparison
from stannary.web.publications.report_marks import Marks
from stannary.web.publications.report_words import coded
from stannary.web.publications.table import WEAK
from stannary.web.standards import queries as standards

FORM = "stannary/report-data/1"
LONG = 1200
"""Characters from which on a row may break over pages; a shorter one stays together."""
_ENDLESS = re.compile(r"\S{41,}")
_PIECE = re.compile(r".{1,40}")
_NOTHING = About(Kind.AUDIT)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """What a report is made of.

    Attributes:
        row: The published result; it need not be stored.
        earlier: The result before it; None where there is none or it is not at hand.
        own: Words of an organisation's own, by name.
    """

    row: PublishedResult
    earlier: Result | None = None
    own: Mapping[str, str] = field(default_factory=dict)


def content(source: Source) -> Json:
    """Give everything that a report shows, in the language of now."""
    those = pages.shown(source.row)
    return _Report(source, those).data()


class _Report:
    """The parts of a report, each as JSON values."""

    def __init__(self, source: Source, those: Shown) -> None:
        self.source, self.those, self.result = source, those, those.result
        self.about = self.result.about or _NOTHING
        self.language = get_language() or "en"
        self.words = report_words.said(source.own)
        self.marks = Marks(standards.edition(self.result.standard), self.language)

    def data(self) -> Json:
        """Give all of it."""
        words, result, those = self.words, self.result, self.those
        facts = {
            "site": result.site_name,
            "standard": self.marks.title(),
            "firm": result.firm,
            "day": day(result.published_on),
        }
        return {
            "form": FORM,
            "language": self.language.partition("-")[0],
            "region": "CN" if self.language.startswith("zh") else "",
            "id": str(self.source.row.result_id),
            "title": words["title"] % facts,
            "lede": words["lede"] % facts,
            "author": result.firm,
            "keywords": [result.site_name, result.standard, *filter(None, [result.level])],
            "date": [result.published_on.year, result.published_on.month, result.published_on.day],
            "illustrative": result.illustrative,
            "form_1": result.about is None,
            "words": words,
            "facts": self._facts(),
            "level": self._level(),
            "counts": [
                {"rating": words[f"rating.{rating}"], "count": str(count), "code": str(rating)}
                for rating, count in those.counts
            ],
            "principles": [self._principle(bar) for bar in those.bars],
            "steps": self._steps(),
            "chapters": [
                {"id": one.id, "title": self.marks.chapter(one.id, one.title), **self._tally(tally)}
                for one, tally in those.chapters
            ],
            "assessed": self._assessed(),
            "groups": self._groups(),
            "input": self._input(),
            "actions": self._actions(),
            "earlier": self._earlier(),
            "notice": self._notice(),
            "proof": self._proof(),
            "command": those.command,
            "notes": [],
            "fallback": self.marks.note(words) if self.marks.used else "",
        }

    def _facts(self) -> list[list[str]]:
        words, result, due = self.words, self.result, self.those.cycle.reassessment_due
        facts = [
            [words["mine"], breakable(result.site_name)],
            [words["standard"], self.marks.title()],
            [words["firm"], breakable(result.firm)],
            [words["lead_auditor"], breakable(result.lead_auditor)],
            [words["published"], day(result.published_on)],
        ]
        if result.about is not None:
            facts.append([words["kind"], coded(words, "kind", self.about.kind)])
        if self.about.engagement:
            facts.append([words["engagement"], breakable(self.about.engagement)])
        text = f"{day(due)} ({words['computed']})" if due else words["unknown"]
        return [*facts, [words["next_audit"], text]]

    def _level(self) -> Json:
        words, outcome, level = self.words, self.those.outcome, self.those.level
        certain = outcome.code or outcome.floor or ""
        titles = {key: level_title(code or "") for key, code in
                  (("floor", outcome.floor), ("ceiling", outcome.ceiling))}  # fmt: skip
        if outcome.state == "determined" and outcome.code:
            title = level_title(outcome.code)
        elif outcome.state == "pending":
            title = words["level.between" if outcome.floor else "level.at_most"] % titles
        else:
            title = words["level.none"]
        return {
            "state": outcome.state,
            "code": outcome.code or "",
            "title": title,
            "quarters": quarters_of(certain),
            "summary": self.marks.level(level.code, level.summary) if level else "",
            "explained": words[f"level_{outcome.state}"],
        }

    def _principle(self, bar: Bar) -> Json:
        return {
            "id": bar.id,
            "title": self.marks.principle(bar.id, bar.title),
            "share": percent(bar.share) if bar.share is not None else "–",
            "width": int(bar.share * 100) if bar.share is not None else 0,
            "threshold": percent(bar.threshold, 0) if bar.threshold is not None else "–",
            "threshold_width": int(bar.threshold * 100) if bar.threshold is not None else None,
            "points": _points(bar),
        }

    def _tally(self, tally: Tally) -> Json:
        return {
            "share": percent(tally.share) if tally.share is not None else "–",
            "width": int(tally.share * 100) if tally.share is not None else 0,
            "points": _points(tally),
            "rated": str(tally.rated),
            "not_relevant": str(tally.not_relevant),
        }

    def _steps(self) -> list[Json]:
        """Give the derivation as published; in another language as computed anew, where it holds."""
        result, original = self.result, self.marks.original
        if not self.marks.foreign:
            steps = [(one.code, one.text) for one in result.derivation]
        elif self.those.holds:
            verdicts = [
                Verdict(x.requirement, x.rating, x.reason, x.evidence) for x in result.verdicts
            ]
            computed = score(rating_sheet(original, verdicts), as_of=result.as_of)
            found = derivation(computed, self.marks.edition(self.those.edition))
            steps = [(one.code, one.sentence) for one in map(score_words.said, found)]
        else:
            steps = [(one.code, self.marks.marked(one.text)) for one in result.derivation]
        return [{"code": code, "sentence": score_words.unbroken(text)} for code, text in steps]

    def _assessed(self) -> Json:
        words, about = self.words, self.about
        return {
            "units": [
                [breakable(unit.name), coded(words, "unit", unit.kind)]
                for unit in about.scope.units
            ],
            "materials": ", ".join(self.marks.material(one) for one in about.scope.materials),
            "left_out": [
                [one.chapter, self.marks.chapter(one.chapter, self._chapter_title(one.chapter, one.title)), _lines(one.reason)]
                for one in about.not_relevant_chapters
            ],
            "team": [
                [breakable(one.name), coded(words, "role", one.role)] for one in about.team
            ] or [[breakable(self.result.lead_auditor), words["role.lead_auditor"]]],
            "dates": [
                [coded(words, "step", one.step), day(one.began_on), day(one.ended_on)]
                for one in about.dates
            ],
        }  # fmt: skip

    def _chapter_title(self, chapter: str, title: str) -> str:
        found = self.those.edition.chapter_by_id.get(chapter)
        return found.title if found else title

    def _groups(self) -> list[Json]:
        return [
            {
                "id": chapter.id,
                "title": self.marks.chapter(chapter.id, chapter.title),
                "rows": [self._row(line) for line in found],
            }
            for chapter, _tally_of, found in pages.by_chapter(self.those, pages.lines(self.those))
        ]

    def _row(self, line: Line) -> Json:
        verdict, words = line.verdict, self.words
        site, ruling = verdict.site, verdict.ruling
        site_rating = words[f"rating.{site.rating}"] if site else ""
        return {
            "id": verdict.requirement,
            "title": self.marks.requirement(verdict.requirement, line.title),
            "critical": verdict.critical,
            "reason": _lines(verdict.reason),
            "evidence": [[link, breakable(link)] for link in verdict.evidence],
            "rating": words[f"rating.{verdict.rating}"],
            "code": str(verdict.rating),
            "weak": verdict.rating in WEAK,
            "site": words["site_rated"] % {"rating": site_rating} if site else "",
            "site_reason": _lines(site.reason) if site else [],
            "ruled": words["ruled"] % {"role": coded(words, "role", ruling.by)} if ruling else "",
            "ruling": _lines(ruling.reason) if ruling else [],
            "long": _weight(line) > LONG,
        }

    def _input(self) -> list[Json]:
        words = self.words
        return [
            {
                "id": breakable(one.id),
                "group": coded(words, "group", one.group),
                "channel": coded(words, "channel", one.channel),
                "people": "" if one.people is None else str(one.people),
                "topic": _lines(one.topic),
                "requirements": _about(words, one.requirements),
                "disposition": _lines(_disposition(words, one.disposition)),
                "long": len(one.topic) + len(one.disposition) > LONG,
            }
            for one in self.about.stakeholder_input
        ]

    def _actions(self) -> list[Json]:
        words = self.words
        found = []
        for one in self.about.corrective_actions:
            closed = ""
            if one.closed_on is not None:
                role = coded(words, "role", one.verified_by)
                facts = {"day": day(one.closed_on), "role": role}
                closed = words["closed_on"] % facts
            found.append(
                {
                    "id": breakable(one.id),
                    "requirement": one.requirement,
                    "grade": coded(words, "grade", one.grade),
                    "finding": _lines(one.finding),
                    "cause": _lines(words["cause"] % {"cause": one.cause}) if one.cause else [],
                    "plan": _lines(words["plan"] % {"plan": one.plan}) if one.plan else [],
                    "due": day(one.due) if one.due else "",
                    "state": coded(words, "state", one.state),
                    "closed": closed,
                    "long": len(one.finding) + len(one.cause) + len(one.plan) > LONG,
                }
            )
        return found

    def _earlier(self) -> Json | None:
        named = self.about.earlier
        if named is None:
            return None
        shape: Json = {"id": breakable(named.id), "sha256": named.sha256, "compared": None}
        if self.source.earlier is not None:
            before = self.source.earlier
            facts = {"day": day(before.published_on)}
            shape["text"] = self.words["comparison_text"] % facts
            shape["compared"] = comparison(before, self.those, self.words, self.marks)
        else:
            shape["text"] = self.words["comparison_absent"]
        return shape

    def _notice(self) -> Json | None:
        notice = self.about.notice
        if notice is None:
            return None
        changed = self.words["corrected"] % {
            "changed": ", ".join(self.words.get(f"key.{one}", one) for one in notice.changed)
        }
        return {"reason": _lines(notice.reason), "changed": breakable(changed)}

    def _proof(self) -> list[list[str]]:
        words, row = self.words, self.source.row
        of_pages = self.language if self.language in dict(settings.LANGUAGES) else "en"
        with translation.override(of_pages):
            address = settings.ORIGIN + reverse("results:page", args=[row.result_id])
        proof = [
            [words["address"], breakable(address)],
            [words["result_id"], breakable(self.result.id)],
            [words["sha256"], row.sha256],
        ]
        if row.log_index is not None:
            proof.append([words["log_entry"], str(row.log_index)])
        return [*proof, [words["pack_sha256"], self.result.pack_sha256]]


def _disposition(words: Mapping[str, str], text: str) -> str:
    """Say what became of input: a code in words, and the reason behind it as it was written."""
    code, colon, reason = text.partition(": ")
    return f"{words.get(f'disposition.{code}', code)}{colon}{reason}"


def _about(words: Mapping[str, str], requirements: tuple[str, ...]) -> str:
    if not requirements:
        return ""
    return words["about_requirements"] % {"requirements": ", ".join(requirements)}


def day(value: datetime.date) -> str:
    """Write a day as the language does."""
    language = get_language() or "en"
    if language.partition("-")[0] in ("en", "fr"):
        return day_in_words(value).replace("\N{NO-BREAK SPACE}", " ")
    return formats.date_format(value, "DATE_FORMAT")


def _points(those: Bar | Tally) -> str:
    return score_words.number(f"{share_text(those.points)} / {share_text(those.possible)}")


def _lines(text: str) -> list[str]:
    return breakable(text).split("\n") if text else []


def _weight(line: Line) -> int:
    """Give roughly how many characters' room a row takes; a line counts as 60 at least."""
    verdict = line.verdict
    more = [
        verdict.site.reason if verdict.site else "",
        verdict.ruling.reason if verdict.ruling else "",
    ]
    texts = [*verdict.reason.split("\n"), *more, *verdict.evidence]
    return sum(max(60, len(text)) for text in texts)


def breakable(text: str) -> str:
    """Let a word without end break over lines, at places that nobody sees.

    Example:
        >>> breakable("a" * 41).count("\N{ZERO WIDTH SPACE}"), breakable("short words")
        (1, 'short words')
    """
    return _ENDLESS.sub(lambda word: "\N{ZERO WIDTH SPACE}".join(_PIECE.findall(word[0])), text)
