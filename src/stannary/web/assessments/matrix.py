"""The rating matrix as HTML, built in Python: hundreds of rows in a few milliseconds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from stannary.core.kernel import RefusalError
from stannary.core.standards import Rating, Requirement
from stannary.web.assessments import records, words
from stannary.web.assessments.beside import Beside, carried_over
from stannary.web.assessments.operations import Change
from stannary.web.assessments.records import Newest
from stannary.web.assessments.rules import NEWEST_WAS_SEEN
from stannary.web.assessments.shown_evidence import add_link

PREVIEW = 160
PART_BYTES = 60_000
"""How much HTML the rows of one page may be, so that the page stays below 100 kB with the rest."""
RATINGS = (
    Rating.FULLY,
    Rating.SUBSTANTIALLY,
    Rating.PARTIALLY,
    Rating.NOT_MET,
    Rating.NOT_RELEVANT,
    Rating.PENDING,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a row was not saved.

    Attributes:
        texts: Findings in the reader's language.
        saved: What somebody else saved meanwhile; None if that is not the trouble.
    """

    texts: tuple[str, ...] = ()
    saved: Newest | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person has sent and what was wrong with it, by requirement; empty on a fresh page."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    troubles: Mapping[str, Trouble] = field(default_factory=dict)


class Labels:
    """The words of the rows and what is said beside them, looked up once for a page."""

    def __init__(self, beside: Beside | None = None) -> None:
        self.beside = beside or Beside()
        self.interview = escape(gettext("To ask the people concerned"))
        self.ratings = [(str(rating), escape(words.rating_word(rating))) for rating in RATINGS]
        self.critical = escape(gettext("critical"))
        self.rating = escape(gettext("Rating"))
        self.applies = escape(gettext("Applies to"))
        self.evidence_hint = escape(gettext("Typical evidence"))
        self.why = escape(gettext("Why"))
        self.reason = escape(gettext("Reason"))
        self.evidence = escape(gettext("Evidence, one link on each line"))
        self.add = escape(gettext("Reason and evidence"))


@dataclass(frozen=True, slots=True)
class Part:
    """Requirements of one page and their rows.

    Attributes:
        requirements: At least one, in the edition's order.
        rows: Their HTML.
    """

    requirements: tuple[Requirement, ...]
    rows: SafeString

    @property
    def first(self) -> str:
        """Id of the first requirement, by which the part is asked for."""
        return self.requirements[0].id

    @property
    def last(self) -> str:
        """Id of the last requirement."""
        return self.requirements[-1].id


def parts(
    requirements: Iterable[Requirement],
    newest: Mapping[str, Newest],
    beside: Beside | None = None,
) -> tuple[Part, ...]:
    """Build the rows of a chapter, cut where a page would grow too heavy; one row is never cut."""
    labels = Labels(beside)
    found: list[Part] = []
    those: list[Requirement] = []
    built: list[str] = []
    weight = 0
    for one in requirements:
        row = _row(labels, one, newest.get(one.id), Typed())
        size = len(row.encode())
        if those and weight + size > PART_BYTES:
            found.append(_part(those, built))
            those, built, weight = [], [], 0
        those.append(one)
        built.append(row)
        weight += size
    return (*found, _part(those, built)) if those else tuple(found)


def part_sent(
    requirements: Iterable[Requirement],
    newest: Mapping[str, Newest],
    typed: Typed,
    beside: Beside | None = None,
) -> Part:
    """Build the rows that somebody sent, whatever they weigh: what was typed is not lost."""
    labels = Labels(beside)
    those = tuple(requirements)
    return _part(those, [_row(labels, one, newest.get(one.id), typed) for one in those])


def _part(requirements: Sequence[Requirement], built: Iterable[str]) -> Part:
    html = mark_safe("".join(built))  # noqa: S308 - every part is escaped in `_row`
    return Part(tuple(requirements), html)


def _row(labels: Labels, one: Requirement, there: Newest | None, typed: Typed) -> str:
    name = escape(one.id)
    change = typed.changes.get(one.id)
    rating, rationale, evidence = _values(there, change)
    seen = str(there.id) if there else ""
    title = escape(one.title)
    critical = f'<span class="critical">{labels.critical}</span>' if one.critical else ""
    trouble = _trouble(typed.troubles.get(one.id))
    return (
        f'<article class="req{" unsaved" if trouble else ""}" id="r-{name}" data-requirement="{name}">'
        f'<div class="req-id"><a href="#r-{name}">{name}</a>{critical}</div>'
        f'<div class="req-body">{_demand(labels, one, title)}{_before(labels, one, there)}'
        f'<fieldset><legend class="visually-hidden">{labels.rating} {name} {title}</legend>'
        f"{_radios(labels, name, rating)}</fieldset>"
        f"{_said(labels, name, rationale, evidence, is_open=bool(trouble))}"
        f'<input type="hidden" name="seen-{name}" value="{seen}">'
        f'<div class="req-state">{trouble}</div></div></article>'
    )


def _values(there: Newest | None, change: Change | None) -> tuple[str, str, str]:
    if change is not None:
        return change.rating, change.rationale, change.evidence
    if there is not None:
        return str(there.rating), there.rationale, records.lines(there.evidence)
    return str(Rating.PENDING), "", ""


def _before(labels: Labels, one: Requirement, there: Newest | None) -> str:
    """Say where an answer came from, or fold old answers, and what other sides say."""
    voices = labels.beside.voices.get(one.id, "") + labels.beside.evidence.get(one.id, "")
    voices += add_link(labels.beside.to_add, one.id)
    if there is not None and there.carried_from is not None:
        return carried_over(labels.beside.older, there) + voices
    return labels.beside.answers.get(one.id, "") + voices


def _demand(labels: Labels, one: Requirement, title: str) -> str:
    more = "".join(
        f'<p class="small"><b>{label}:</b> {escape(text)}</p>'
        for label, text in (
            (labels.applies, one.applies),
            (labels.why, one.why),
            (labels.evidence_hint, one.evidence),
            (labels.interview, one.interview),
        )
        if text
    )
    foreign = one.id in labels.beside.foreign
    lang = f' lang="{escape(labels.beside.language)}"' if foreign else ""
    return (
        f'<details class="demand"><summary{lang}>{title}</summary><p{lang}>{escape(one.demand)}</p>'
        f"{labels.beside.doubts.get(one.id, '')}{more}</details>"
    )


def _radios(labels: Labels, name: str, rating: str) -> str:
    return "".join(
        f'<label><input type="radio" name="rating-{name}" value="{value}"'
        f"{' checked' if value == rating else ''}>{word}</label>"
        for value, word in labels.ratings
    )


def _said(labels: Labels, name: str, rationale: str, evidence: str, *, is_open: bool) -> str:
    return (
        f'<details class="said"{" open" if is_open else ""}><summary>'
        f"{said_summary(labels, rationale, evidence)}</summary>"
        f'<label>{labels.reason}<textarea name="rationale-{name}" rows="3" maxlength="10000">\n'
        f"{escape(rationale)}</textarea></label>"
        f'<label>{labels.evidence}<textarea name="evidence-{name}" rows="2" class="links">\n'
        f"{escape(evidence)}</textarea></label></details>"
    )


def said_summary(labels: Labels, rationale: str, evidence: str) -> str:
    """Say in one line what reason and evidence there is."""
    parts = []
    if rationale.strip():
        text = " ".join(rationale.split())
        parts.append(escape(text if len(text) <= PREVIEW else text[: PREVIEW - 1] + "…"))
    count = len(records.links(evidence))
    if count:
        text = ngettext("%(count)s link", "%(count)s links", count) % {"count": count}
        parts.append(f'<span class="tag">{escape(text)}</span>')
    return " ".join(parts) or labels.add


def _trouble(trouble: Trouble | None) -> str:
    if trouble is None:
        return ""
    parts = [f'<p class="error">{escape(text)}</p>' for text in trouble.texts]
    if trouble.saved is not None:
        parts.append(f'<p class="note warn">{escape(saved_meanwhile(trouble.saved))}</p>')
    return "".join(parts)


def saved_meanwhile(saved: Newest) -> str:
    """Say what somebody else saved while this person was looking at an older rating."""
    facts = {
        "who": saved.assessor,
        "rating": words.rating_word(saved.rating),
        "reason": saved.rationale or gettext("no reason given"),
    }
    return (
        gettext(
            "%(who)s saved “%(rating)s” meanwhile (%(reason)s). Your own rating stands above and "
            "is not saved yet: save again to put it in place of theirs, or choose theirs."
        )
        % facts
    )


def typed_after(
    refusal: RefusalError, changes: Mapping[str, Change], newest: Mapping[str, Newest]
) -> Typed:
    """Keep what was typed after a refusal, with what was wrong beside each row.

    A row that somebody else rated meanwhile now counts as seen: the page shows both.
    """
    texts: dict[str, list[str]] = {}
    clashed = set()
    for finding in refusal.findings:
        name = finding.facts.get("requirement", "")
        if finding.rule is NEWEST_WAS_SEEN:
            clashed.add(name)
            texts.setdefault(name, [])
        else:
            texts.setdefault(name, []).append(
                f"{gettext(finding.rule.demand)} {gettext(finding.rule.remedy)}"
            )
    troubles = {
        name: Trouble(tuple(those), newest.get(name) if name in clashed else None)
        for name, those in texts.items()
    }
    return Typed(changes=changes, troubles=troubles)
